/* In place of watch_server.c where the build found no libmicrohttpd. */
#include "say.h"
#include "watch_server.h"

watch_server *watch_server_open(const watch_guard *guard, watch_asked_fn asked, void *user) {
  (void)guard;
  (void)asked;
  (void)user;
  say_failure(
      "this hedon was built without libmicrohttpd, which serves the page (Debian: "
      "libmicrohttpd-dev)");
  return NULL;
}

void watch_server_close(watch_server *self) { (void)self; }

void watch_server_tell(watch_server *self, watch_event event, char *text) {
  (void)self;
  (void)event;
  (void)text;
}

void watch_server_wait(watch_server *self, int milliseconds) {
  (void)self;
  (void)milliseconds;
}

int watch_server_listeners(const watch_server *self) {
  (void)self;
  return 0;
}
