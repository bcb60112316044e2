/* The server of `hedon watch`: its pages, a stream of events, and what a page asks for.
 *
 * Everything happens in watch_server_wait, on the thread that calls it. */
#ifndef CLI_WATCH_SERVER_H
#define CLI_WATCH_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "watch_guard.h"

typedef struct watch_server watch_server;

/* Kinds of events, in the order in which a new page gets them: each says how something stands now,
 * so that a page that was away, or that reads slowly, misses nothing but states in between. */
typedef enum watch_event {
  WATCH_HELLO,   /* the token that whoever asks for something has to know */
  WATCH_RUNS,    /* runs and their learning curves */
  WATCH_RATE,    /* decisions a second, once a page has asked for some: {"rate":50} */
  WATCH_FACTS,   /* what plays (player_facts) */
  WATCH_WEIGHTS, /* player_weights */
  WATCH_PLAY,    /* decisions since the last event of this kind */
  WATCH_EVENTS
} watch_event;

/* What a page asked for, as it stands in the body of its request; called within watch_server_wait.
 */
typedef void (*watch_asked_fn)(void *user, const char *body, size_t size);

/* Listen.  Returns NULL after one sentence on standard error. */
watch_server *watch_server_open(const watch_guard *guard, watch_asked_fn asked, void *user);
void watch_server_close(watch_server *self);

/* Tell the pages: takes `text`, which malloc gave, one line of JSON. */
void watch_server_tell(watch_server *self, watch_event event, char *text);

/* Serve for so many milliseconds, or until something happened. */
void watch_server_wait(watch_server *self, int milliseconds);

/* Pages that listen to events now. */
int watch_server_listeners(const watch_server *self);

/* A file of the pages, embedded by cmake/watch.cmake; data ends with a 0 that `size` does not
 * count. */
typedef struct watch_page {
  const char *path, *type, *data;
  size_t size;
} watch_page;

extern const watch_page watch_pages[];
extern const int watch_n_pages;

#endif
