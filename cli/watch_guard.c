#include "watch_guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool watch_guard_is(const char *text, const char *name, int port) {
  char wanted[128];
  snprintf(wanted, sizeof wanted, "%s:%d", name, port);
  return strcasecmp(text, wanted) == 0;
}

bool watch_guard_host(const watch_guard *self, const char *host) {
  const bool is_loopback = strcmp(self->address, "127.0.0.1") == 0;
  return host != NULL && (watch_guard_is(host, self->address, self->port) ||
                          (is_loopback && watch_guard_is(host, "localhost", self->port)));
}

bool watch_guard_origin(const watch_guard *self, const char *origin) {
  static const char scheme[] = "http://";
  const size_t n = sizeof scheme - 1;
  return origin == NULL ||
         (strncasecmp(origin, scheme, n) == 0 && watch_guard_host(self, origin + n));
}
