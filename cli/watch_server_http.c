#include "watch_server_http.h"

struct watch_http watch_http;

static const char *const names[] = {WATCH_HTTP(LOADED_NAME)};
enum { N_NAMES = sizeof names / sizeof *names };
_Static_assert(sizeof watch_http == N_NAMES * sizeof(void *), "a pointer for each name");

bool watch_http_open(void) {
  static bool is_open;
  is_open = is_open || loaded_open(HEDON_MICROHTTPD, N_NAMES, names, &watch_http);
  return is_open;
}
