#include "hedon/settings.h"

#include "readers.h"

void hd_config_each(const hd_config *config, hd_option_fn fn, void *user) {
  const hd__facts facts = hd__facts_of(config);
  const int n = hd_config_count(config);
  for (int i = 0; i < n; i++) {
    if (hd__facts_read(&facts, i)) {
      hd_option option = hd__config_line(config, i);
      option.readers = "";
      option.is_read = true;
      fn(user, &option);
    }
  }
}
