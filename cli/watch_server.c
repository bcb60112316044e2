#include "watch_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "watch_server_http.h"

enum { CONNECTIONS = 300, IDLE_S = 30, BODY = 512, TOKEN = 33 };

/* A page that listens: an event that is under way, and which it has seen. */
typedef struct listener {
  watch_server *server;
  struct MHD_Connection *connection;
  bool is_suspended;
  unsigned seen[WATCH_EVENTS]; /* numbers of the events */
  char *text;                  /* of the event under way, or NULL */
  size_t size, sent;
  struct listener *next;
} listener;

/* The body of a request, as it comes in. */
typedef struct request {
  char body[BODY];
  size_t size;
} request;

struct watch_server {
  struct MHD_Daemon *daemon;
  watch_guard guard;
  watch_asked_fn asked;
  void *user;
  char token[TOKEN];
  char *text[WATCH_EVENTS]; /* the last event of each kind, or NULL */
  unsigned number[WATCH_EVENTS];
  listener *listeners;
};

static const char *const event_names[WATCH_EVENTS] = {"hello", "runs",    "rate",
                                                      "facts", "weights", "play"};

/* ---- answers ---- */

static void server_add_headers(struct MHD_Response *response, const char *type) {
  static const char *const header[][2] = {
      {"Content-Security-Policy",
       "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
       "frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"},
      {"Cache-Control", "no-store"}};
  for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
    MHD_add_response_header(response, header[i][0], header[i][1]);
  }
  MHD_add_response_header(response, "Content-Type", type);
}

static enum MHD_Result server_answer(struct MHD_Connection *connection, unsigned status,
                                     const char *type, const char *data, size_t size) {
  struct MHD_Response *response =
      MHD_create_response_from_buffer(size, (void *)data, MHD_RESPMEM_PERSISTENT);
  if (response == NULL) {
    return MHD_NO;
  }
  server_add_headers(response, type);
  const enum MHD_Result result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result server_refuse(struct MHD_Connection *connection, unsigned status,
                                     const char *sentence) {
  return server_answer(connection, status, "text/plain; charset=utf-8", sentence, strlen(sentence));
}

static enum MHD_Result server_page(struct MHD_Connection *connection, const char *path) {
  for (int i = 0; i < watch_n_pages; i++) {
    if (strcmp(path, watch_pages[i].path) == 0) {
      return server_answer(connection, MHD_HTTP_OK, watch_pages[i].type, watch_pages[i].data,
                           watch_pages[i].size);
    }
  }
  return server_refuse(connection, MHD_HTTP_NOT_FOUND, "There is no such page.\n");
}

/* ---- events ---- */

/* The next event that a listener has not seen; false: there is none. */
static bool listener_next(listener *self) {
  watch_server *server = self->server;
  for (int k = 0; k < WATCH_EVENTS; k++) {
    if (self->seen[k] != server->number[k]) {
      const size_t room = strlen(server->text[k]) + 32;
      self->text = malloc(room);
      if (self->text == NULL) {
        return false;
      }
      self->seen[k] = server->number[k];
      self->size = (size_t)snprintf(self->text, room, "event: %s\ndata: %s\n\n", event_names[k],
                                    server->text[k]);
      self->sent = 0;
      return true;
    }
  }
  return false;
}

/* Asked for as fast as the page reads; where there is nothing new, the connection rests. */
static ssize_t listener_read(void *user, uint64_t at, char *buffer, size_t most) {
  listener *self = user;
  (void)at;
  if (self->text == NULL && !listener_next(self)) {
    self->is_suspended = true;
    MHD_suspend_connection(self->connection);
    return 0;
  }
  const size_t left = self->size - self->sent, n = left < most ? left : most;
  memcpy(buffer, self->text + self->sent, n);
  self->sent += n;
  if (self->sent == self->size) {
    free(self->text);
    self->text = NULL;
  }
  return (ssize_t)n;
}

static void listener_free(void *user) {
  listener *self = user;
  listener **place = &self->server->listeners;
  while (*place != self) {
    place = &(*place)->next;
  }
  *place = self->next;
  free(self->text);
  free(self);
}

static enum MHD_Result server_listen(watch_server *self, struct MHD_Connection *connection) {
  listener *added = calloc(1, sizeof *added);
  if (added == NULL) {
    return MHD_NO;
  }
  *added = (listener){.server = self, .connection = connection, .next = self->listeners};
  self->listeners = added;
  struct MHD_Response *response = MHD_create_response_from_callback(
      MHD_SIZE_UNKNOWN, 1 << 14, listener_read, added, listener_free);
  if (response == NULL) {
    listener_free(added);
    return MHD_NO;
  }
  server_add_headers(response, "text/event-stream");
  const enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
  MHD_destroy_response(response);
  return result;
}

static void server_wake(watch_server *self) {
  for (listener *l = self->listeners; l != NULL; l = l->next) {
    if (l->is_suspended) {
      l->is_suspended = false;
      MHD_resume_connection(l->connection);
    }
  }
}

void watch_server_tell(watch_server *self, watch_event event, char *text) {
  if (text != NULL) {
    free(self->text[event]);
    self->text[event] = text;
    self->number[event]++;
    server_wake(self);
  }
}

int watch_server_listeners(const watch_server *self) {
  int n = 0;
  for (const listener *l = self->listeners; l != NULL; l = l->next) {
    n++;
  }
  return n;
}

/* ---- requests ---- */

static const char *server_header(struct MHD_Connection *connection, const char *name) {
  return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool server_knows_token(const watch_server *self, struct MHD_Connection *connection) {
  const char *token = server_header(connection, "X-Hedon-Token");
  return token != NULL && strcmp(token, self->token) == 0;
}

/* What a page asks for: nobody else knows the token. */
static enum MHD_Result server_ask(watch_server *self, struct MHD_Connection *connection,
                                  const request *asked) {
  if (!server_knows_token(self, connection)) {
    return server_refuse(connection, MHD_HTTP_FORBIDDEN, "This token is not the server's.\n");
  }
  if (asked->size > BODY) {
    return server_refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE, "That is too much to ask.\n");
  }
  self->asked(self->user, asked->body, asked->size);
  return server_refuse(connection, MHD_HTTP_OK, "");
}

static void server_take_body(request *asked, const char *data, size_t size) {
  if (asked->size + size <= BODY) {
    memcpy(asked->body + asked->size, data, size);
    asked->size += size;
  } else {
    asked->size = BODY + 1;
  }
}

static enum MHD_Result server_answer_to(watch_server *self, struct MHD_Connection *connection,
                                        const char *path, const char *method,
                                        const request *asked) {
  const bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
  if (!watch_guard_host(&self->guard, server_header(connection, "Host")) ||
      !watch_guard_origin(&self->guard, server_header(connection, "Origin"))) {
    return server_refuse(connection, MHD_HTTP_FORBIDDEN,
                         "This page is shown to this machine's own address only.\n");
  }
  if (strcmp(method, "POST") == 0 && strcmp(path, "/ask") == 0) {
    return server_ask(self, connection, asked);
  }
  if (!reads) {
    return server_refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Pages are only read.\n");
  }
  return strcmp(path, "/events") == 0 ? server_listen(self, connection)
                                      : server_page(connection, path);
}

/* Called when a request begins, for each part of its body, and when it is complete. */
static enum MHD_Result server_handle(void *user, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *data, size_t *size, void **state) {
  (void)version;
  if (*state == NULL) {
    *state = calloc(1, sizeof(request));
    return *state != NULL ? MHD_YES : MHD_NO;
  }
  if (*size > 0) {
    server_take_body(*state, data, *size);
    *size = 0;
    return MHD_YES;
  }
  return server_answer_to(user, connection, path, method, *state);
}

static void server_end(void *user, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why) {
  (void)user;
  (void)connection;
  (void)why;
  free(*state);
}

/* ---- life ---- */

static bool server_draw_token(char token[TOKEN]) {
  unsigned char byte[(TOKEN - 1) / 2];
  FILE *file = fopen("/dev/urandom", "rb");
  const bool is_ok = file != NULL && fread(byte, 1, sizeof byte, file) == sizeof byte;
  if (file != NULL) {
    fclose(file);
  }
  for (size_t i = 0; i < sizeof byte; i++) {
    snprintf(token + 2 * i, 3, "%02x", byte[i]);
  }
  return is_ok;
}

static bool server_hello(watch_server *self) {
  char *text = malloc(TOKEN + 16);
  if (!server_draw_token(self->token) || text == NULL) {
    say_failure("no token can be drawn: /dev/urandom cannot be read");
    free(text);
    return false;
  }
  snprintf(text, TOKEN + 16, "{\"token\":\"%s\"}", self->token);
  watch_server_tell(self, WATCH_HELLO, text);
  return true;
}

static bool server_start(watch_server *self) {
  if (!watch_http_open()) {
    return false;
  }
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)self->guard.port)};
  if (inet_pton(AF_INET, self->guard.address, &address.sin_addr) != 1 ||
      address.sin_addr.s_addr == INADDR_ANY) {
    say_usage("--host is %s; give the address of one network of this machine, such as 127.0.0.1",
              self->guard.address);
    return false;
  }
  errno = 0;
  self->daemon = MHD_start_daemon(
      MHD_ALLOW_SUSPEND_RESUME, (uint16_t)self->guard.port, NULL, NULL, server_handle, self,
      MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT,
      (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
      MHD_OPTION_NOTIFY_COMPLETED, server_end, NULL, MHD_OPTION_END);
  if (self->daemon == NULL && errno == EADDRINUSE) {
    say_failure("port %d of %s is in use; end the program that has it, or choose another by --port",
                self->guard.port, self->guard.address);
  } else if (self->daemon == NULL) {
    say_failure("no page can be served at %s, port %d: %s", self->guard.address, self->guard.port,
                strerror(errno));
  }
  return self->daemon != NULL;
}

watch_server *watch_server_open(const watch_guard *guard, watch_asked_fn asked, void *user) {
  watch_server *self = calloc(1, sizeof *self);
  if (self == NULL) {
    say_failure("out of memory");
    return NULL;
  }
  *self = (watch_server){.guard = *guard, .asked = asked, .user = user};
  if (!server_hello(self) || !server_start(self)) {
    watch_server_close(self);
    return NULL;
  }
  return self;
}

void watch_server_close(watch_server *self) {
  if (self->daemon != NULL) {
    server_wake(self);
    MHD_stop_daemon(self->daemon);
  }
  for (int k = 0; k < WATCH_EVENTS; k++) {
    free(self->text[k]);
  }
  free(self);
}

void watch_server_wait(watch_server *self, int milliseconds) {
  MHD_run_wait(self->daemon, milliseconds);
}
