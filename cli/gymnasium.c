#include "gymnasium.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "python_server.h"
#include "say.h"

static const char prefix[] = "gymnasium:";
enum { PREFIX = sizeof prefix - 1, NAME = 200, HEAD = 1 << 18 };

/* What a registered environment points to, until the process ends. */
typedef struct gymnasium_env {
  char name[NAME];
  served_dim served[HD_MAX_OBS + HD_MAX_ACT];
  hd_dim dim[HD_MAX_OBS + HD_MAX_ACT];
  hd_foreign foreign;
} gymnasium_env;

static hd_env_desc gymnasium_describe(gymnasium_env *self, const served_env *served) {
  for (int i = 0; i < served->n_obs + served->n_act; i++) {
    served_dim *dim = &self->served[i];
    dim->name[SERVED_NAME - 1] = '\0';
    self->dim[i] = (hd_dim){dim->name, "", dim->count, dim->low, dim->high};
  }
  return (hd_env_desc){.size = sizeof(hd_env_desc),
                       .name = self->name,
                       .doc = "an environment of Python's gymnasium",
                       .source = "the Python package that registered it",
                       .obs = self->dim,
                       .n_obs = served->n_obs,
                       .act = self->dim + served->n_obs,
                       .n_act = served->n_act,
                       .max_steps = served->max_steps,
                       .solved = served->solved,
                       .low_score = NAN,
                       .high_score = NAN,
                       .foreign = &self->foreign};
}

/* `name` with its prefix. */
static int gymnasium_register(hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd_env_count(ctx); i++) {
    if (strcmp(hd_env_at(ctx, i)->name, name) == 0) {
      return EXIT_OK;
    }
  }
  gymnasium_env *self = calloc(1, sizeof *self);
  if (self == NULL) {
    return say_failure("%s", hd_status_text(HD_NOMEM));
  }
  served_env served;
  snprintf(self->name, sizeof self->name, "%s", name);
  python_server *server = python_server_start(name + PREFIX, &served, self->served);
  if (server == NULL) {
    free(self);
    return EXIT_USAGE;
  }
  self->foreign = python_server_functions(server);
  const hd_env_desc desc = gymnasium_describe(self, &served);
  const hd_status status = hd_env_register(ctx, &desc);
  return status == HD_OK ? EXIT_OK : say_status(ctx, status);
}

/* ---- where names are ---- */

/* Register the names that stand in a text with the prefix. */
static int gymnasium_register_in(hd_ctx *ctx, const char *text) {
  static const char allowed[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:";
  int code = EXIT_OK;
  const char *at = text;
  while (code == EXIT_OK && (at = strstr(at, prefix)) != NULL) {
    char name[NAME];
    const int length = (int)strspn(at, allowed);
    snprintf(name, sizeof name, "%.*s", length, at);
    code = gymnasium_register(ctx, name);
    at += length;
  }
  return code;
}

/* The beginning of a file, where a configuration says its task, without its zeros; NULL: there is
 * no such file, or it is a pipe, which can be read only once. The caller frees it. */
static char *gymnasium_head_of(const char *path) {
  struct stat info;
  const bool is_file = stat(path, &info) == 0 && S_ISREG(info.st_mode);
  FILE *file = is_file ? fopen(path, "rb") : NULL;
  char *text = file != NULL ? malloc(HEAD + 1) : NULL;
  if (text != NULL) {
    const size_t n = fread(text, 1, HEAD, file);
    for (size_t i = 0; i < n; i++) {
      text[i] = text[i] != '\0' ? text[i] : ' ';
    }
    text[n] = '\0';
  }
  if (file != NULL) {
    fclose(file);
  }
  return text;
}

static int gymnasium_register_file(hd_ctx *ctx, const char *word, const char *within) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", word, within);
  char *text = gymnasium_head_of(path);
  const int code = text != NULL ? gymnasium_register_in(ctx, text) : EXIT_OK;
  free(text);
  return code;
}

/* Many runs may be of one environment that cannot be had: Python is not asked for it again. */
bool gymnasium_register_of(hd_ctx *ctx, const char *path) {
  static char refused[NAME];
  const int before = hd_env_count(ctx);
  char *text = gymnasium_head_of(path);
  const char *name = text != NULL ? strstr(text, prefix) : NULL;
  const size_t length = name != NULL ? strcspn(name, "\"'\n") : 0;
  const bool is_refused = name != NULL && strlen(refused) == length && length > 0 &&
                          strncmp(refused, name, length) == 0;
  if (name != NULL && !is_refused && gymnasium_register_in(ctx, name) != EXIT_OK) {
    snprintf(refused, sizeof refused, "%.*s", (int)length, name);
  }
  free(text);
  return hd_env_count(ctx) > before;
}

/* A word of the command line: a task or several, the folder of a run or a study, or a file. */
static int gymnasium_register_word(hd_ctx *ctx, const char *word) {
  if (word == NULL || strstr(word, prefix) != NULL) {
    return word != NULL ? gymnasium_register_in(ctx, word) : EXIT_OK;
  }
  struct stat info;
  if (stat(word, &info) != 0 || !S_ISDIR(info.st_mode)) {
    return gymnasium_register_file(ctx, word, "");
  }
  const int code = gymnasium_register_file(ctx, word, "/config.toml");
  return code == EXIT_OK ? gymnasium_register_file(ctx, word, "/study.toml") : code;
}

int gymnasium_register_named(hd_ctx *ctx, const arguments *args) {
  const char *const word[] = {args->task, args->tasks, args->config, args->policy};
  int code = EXIT_OK;
  for (int i = 0; code == EXIT_OK && i < args->n_operands; i++) {
    code = gymnasium_register_word(ctx, args->operand[i]);
  }
  for (size_t i = 0; code == EXIT_OK && i < sizeof word / sizeof word[0]; i++) {
    code = gymnasium_register_word(ctx, word[i]);
  }
  return code;
}
