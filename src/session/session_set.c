/* Settings that change while a session learns. */
#include "change.h"
#include "session_internal.h"

hd_status hd_session_set(hd_session *session, const char *key, const char *value) {
  hd_config *changed;
  HD_TRY(hd__config_check_change(session->config, key));
  HD_TRY(hd__config_copy(session->ctx, session->config, &changed));
  hd_status status = hd_config_set(changed, key, value);
  status = status == HD_OK ? hd_config_check(changed) : status;
  if (status == HD_OK) {
    hd__config_assign(session->config, changed);
  }
  hd_config_destroy(changed);
  return status;
}
