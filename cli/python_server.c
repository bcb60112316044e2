#include "python_server.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "say.h"

extern char **environ;

struct python_server {
  int fd;
  size_t n_obs, n_act;
  int32_t n_batches;     /* opened so far */
  pthread_mutex_t mutex; /* learners take turns: Python does one thing at a time */
};

typedef enum server_task { SERVER_OPEN, SERVER_CLOSE, SERVER_RESET, SERVER_STEP } server_task;

typedef struct server_request {
  int32_t task, batch, B, n;
} server_request;

/* ---- bytes ---- */

/* Sending to a process that has ended fails, and no signal ends the tool: by a flag of send, or
 * where there is none, by an option of the socket. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static bool server_silence(int fd) {
#ifdef SO_NOSIGPIPE
  const int on = 1;
  return setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) == 0;
#else
  return fd >= 0;
#endif
}

static bool server_send(python_server *server, const void *data, size_t size) {
  const char *at = data;
  while (size > 0) {
    const ssize_t sent = send(server->fd, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      return false;
    }
    at += sent > 0 ? sent : 0;
    size -= sent > 0 ? (size_t)sent : 0;
  }
  return true;
}

static bool server_receive(python_server *server, void *data, size_t size) {
  char *at = data;
  while (size > 0) {
    const ssize_t got = recv(server->fd, at, size, 0);
    if (got == 0 || (got < 0 && errno != EINTR)) {
      return false;
    }
    at += got > 0 ? got : 0;
    size -= got > 0 ? (size_t)got : 0;
  }
  return true;
}

/* Did the server do what it was asked? If not, `why` says why not. */
static bool server_has_done(python_server *server, char why[HD_WHY_SIZE]) {
  int32_t is_done = 0;
  if (!server_receive(server, &is_done, sizeof is_done)) {
    snprintf(why, HD_WHY_SIZE, "its Python process has ended");
    return false;
  }
  if (!is_done && server_receive(server, why, HD_WHY_SIZE)) {
    why[HD_WHY_SIZE - 1] = '\0';
  }
  return is_done != 0;
}

/* ---- requests ---- */

static bool server_send_arrays(python_server *server, const hd_foreign_batch *batch) {
  const size_t B = (size_t)batch->B;
  return server_send(server, batch->seed, sizeof *batch->seed * B) &&
         server_send(server, batch->row, sizeof *batch->row * B) &&
         server_send(server, batch->action, sizeof *batch->action * B * server->n_act);
}

static bool server_receive_arrays(python_server *server, hd_foreign_batch *batch) {
  const size_t B = (size_t)batch->B;
  return server_receive(server, batch->reward, sizeof *batch->reward * B) &&
         server_receive(server, batch->obs, sizeof *batch->obs * B * server->n_obs) &&
         server_receive(server, batch->terminated, B) &&
         server_receive(server, batch->truncated, B);
}

static bool server_ask(python_server *server, server_task task, hd_foreign_batch *batch,
                       char why[HD_WHY_SIZE]) {
  const int32_t *number = batch->own;
  const bool has_arrays = task == SERVER_RESET || task == SERVER_STEP;
  const server_request request = {(int32_t)task, *number, batch->B, batch->n};
  pthread_mutex_lock(&server->mutex);
  const bool is_done = server_send(server, &request, sizeof request) &&
                       (!has_arrays || server_send_arrays(server, batch)) &&
                       server_has_done(server, why) &&
                       (!has_arrays || server_receive_arrays(server, batch));
  pthread_mutex_unlock(&server->mutex);
  return is_done;
}

/* ---- functions for the library ---- */

static hd_status server_open(void *user, hd_foreign_batch *batch, char why[HD_WHY_SIZE]) {
  python_server *server = user;
  int32_t *number = malloc(sizeof *number);
  if (number == NULL) {
    return HD_NOMEM;
  }
  pthread_mutex_lock(&server->mutex);
  *number = server->n_batches++;
  pthread_mutex_unlock(&server->mutex);
  batch->own = number;
  if (!server_ask(server, SERVER_OPEN, batch, why)) {
    free(number);
    return HD_CONFLICT;
  }
  return HD_OK;
}

static void server_close(void *user, hd_foreign_batch *batch) {
  char why[HD_WHY_SIZE];
  server_ask(user, SERVER_CLOSE, batch, why);
  free(batch->own);
}

static bool server_do(python_server *server, server_task task, hd_foreign_batch *batch) {
  char why[HD_WHY_SIZE] = "";
  const bool is_done = server_ask(server, task, batch, why);
  if (!is_done) {
    say_failure("the environment in Python failed: %s", why);
  }
  return is_done;
}

static bool server_reset(void *user, hd_foreign_batch *batch) {
  return server_do(user, SERVER_RESET, batch);
}

static bool server_step(void *user, hd_foreign_batch *batch) {
  return server_do(user, SERVER_STEP, batch);
}

static void server_refused(void *user, const char *why) {
  (void)user;
  say_failure("%s", why);
}

hd_foreign python_server_functions(python_server *server) {
  return (hd_foreign){.size = sizeof(hd_foreign),
                      .user = server,
                      .open = server_open,
                      .close = server_close,
                      .reset = server_reset,
                      .step = server_step,
                      .refused = server_refused};
}

/* ---- starting ---- */

/* Run Python with `theirs` as standard input; what it prints goes to standard error. Returns an
 * error number. */
static int server_spawn(const char *python, const char *name, int theirs) {
  const char *const words[] = {python, "-m", "hedon._serve", name, NULL};
  posix_spawn_file_actions_t actions;
  pid_t pid;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  const int error = posix_spawnp(&pid, python, &actions, NULL, (char *const *)words, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

static const char *server_python(void) {
  const char *python = getenv("HEDON_PYTHON");
  return python != NULL ? python : "python3";
}

/* The environment's description, which comes first. */
static bool server_describe(python_server *server, served_env *env, served_dim *dims) {
  char why[HD_WHY_SIZE];
  if (!server_has_done(server, why) || !server_receive(server, env, sizeof *env) ||
      env->n_obs < 1 || env->n_obs > HD_MAX_OBS || env->n_act < 1 || env->n_act > HD_MAX_ACT) {
    return false;
  }
  server->n_obs = (size_t)env->n_obs;
  server->n_act = (size_t)env->n_act;
  return server_receive(server, dims, sizeof *dims * (server->n_obs + server->n_act));
}

/* Both ends close when a program is run in their place. */
static bool server_connect(int fd[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0 && fcntl(fd[0], F_SETFD, FD_CLOEXEC) == 0 &&
         fcntl(fd[1], F_SETFD, FD_CLOEXEC) == 0 && server_silence(fd[0]);
}

static python_server *server_fail(python_server *server, const char *name, const char *why) {
  say_usage(
      "%s%s needs %s with the Python packages hedon and gymnasium: %s; the environment "
      "variable HEDON_PYTHON names another Python",
      "gymnasium:", name, server_python(), why);
  free(server);
  return NULL;
}

python_server *python_server_start(const char *name, served_env *env, served_dim *dims) {
  int fd[2];
  python_server *server = malloc(sizeof *server);
  if (server == NULL || !server_connect(fd)) {
    return server_fail(server, name, strerror(errno));
  }
  *server = (python_server){.fd = fd[0]};
  pthread_mutex_init(&server->mutex, NULL);
  const int error = server_spawn(server_python(), name, fd[1]);
  close(fd[1]);
  if (error == 0 && server_describe(server, env, dims)) {
    return server;
  }
  close(fd[0]);
  return server_fail(server, name, error != 0 ? strerror(error) : "it said why above");
}
