/* A Python process that steps environments of Gymnasium for the tool: python3 -m hedon._serve NAME.
 * Messages are plain C data over a socket; python/hedon/_serve.py is the other end. */
#ifndef CLI_PYTHON_SERVER_H
#define CLI_PYTHON_SERVER_H

#include "hedon/hedon.h"

typedef struct python_server python_server;

enum { SERVED_NAME = 32 };

/* A number of an observation or an action, as the server tells it. */
typedef struct served_dim {
  char name[SERVED_NAME];
  int32_t count;
  float low, high;
} served_dim;

/* What the server tells about the environment: n_obs dims, then n_act. */
typedef struct served_env {
  int32_t n_obs, n_act, max_steps;
  int32_t reserved;
  double solved;
} served_env;

/* Start a server; NULL if it cannot be, and then a sentence has been printed. It ends with this
 * process. dims has room for HD_MAX_OBS + HD_MAX_ACT. */
python_server *python_server_start(const char *name, served_env *env, served_dim *dims);

/* Functions of its environments; `user` is the server. */
hd_foreign python_server_functions(python_server *server);

#endif
