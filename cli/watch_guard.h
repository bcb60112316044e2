/* Who may speak to `hedon watch`: what a request says of its host and its origin. A page of another
 * origin can neither read nor steer, also where its name is made to lead to this machine. */
#ifndef CLI_WATCH_GUARD_H
#define CLI_WATCH_GUARD_H

#include <stdbool.h>

typedef struct watch_guard {
  const char *address; /* where the server listens */
  int port;
} watch_guard;

/* Is `host`, the header Host, a name of this server: its address or, where that is the loopback,
 * localhost, with its port? NULL: the header is missing, and the answer is no. */
bool watch_guard_host(const watch_guard *self, const char *host);

/* Is `origin`, the header Origin, that of a page of this server? A request without one is no
 * request of another page. */
bool watch_guard_origin(const watch_guard *self, const char *origin);

#endif
