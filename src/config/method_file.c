#include "method_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "key.h"
#include "method_list.h"
#include "toml.h"

static const char ending[] = ".toml";

/* A file that is being read, and the one that extends it. */
typedef struct chain {
  const char *path;
  dev_t device;
  ino_t number;
  const struct chain *from;
} chain;

bool hd__method_is_file(const char *name) {
  const size_t n = strlen(name), m = strlen(ending);
  return n > m && strcmp(name + n - m, ending) == 0;
}

/* Put file and line before the sentence that a callee left. */
static hd_status method_file_locate(hd_ctx *ctx, hd_status status, const char *path, int line) {
  char sentence[HD_ERROR_SIZE];
  memcpy(sentence, ctx->error, sizeof sentence);
  return hd__fail(ctx, status, "%s, line %d: %s", path, line, sentence);
}

/* ---- what a line sets ---- */

/* Names and classes of tasks with commas between. */
static hd_status method_file_check_tasks(hd_ctx *ctx, const char *tasks) {
  while (*tasks != '\0') {
    char name[HD_TOML_KEY];
    const hd_env_desc *env;
    const size_t n = strcspn(tasks, ", ");
    snprintf(name, sizeof name, "%.*s", (int)n, tasks);
    if (strcmp(name, "finite") != 0 && strcmp(name, "samples") != 0) {
      HD_TRY(hd_env_find(ctx, name, &env));
    }
    tasks += n;
    tasks += strspn(tasks, ", ");
  }
  return HD_OK;
}

static hd_status method_file_check_line(hd_ctx *ctx, const hd__toml *toml) {
  char table[HD_TOML_KEY];
  const char *key = hd__method_line(toml, table);
  if (key == NULL) {
    return HD_OK;
  }
  if (strcmp(table, "settings") != 0) {
    HD_TRY(method_file_check_tasks(ctx, table + strlen("task.")));
  }
  HD_TRY(hd__key_check(ctx, key, toml->value));
  return hd__key_check_kind(ctx, key, toml->kind);
}

/* Every line sets what exists to what is allowed. */
static hd_status method_file_check_lines(hd_ctx *ctx, const hd__method_source *source) {
  hd_status status = HD_OK;
  hd__toml toml;
  hd__toml_begin(&toml, &source->doc);
  while (status == HD_OK && hd__toml_next(&toml)) {
    status = method_file_check_line(ctx, &toml);
  }
  return status == HD_OK ? HD_OK : method_file_locate(ctx, status, source->path, toml.line);
}

/* ---- files ---- */

static hd_status method_file_read_file(hd_ctx *ctx, const char *path, const chain *from,
                                       const hd__method **out);

/* A path in a file is seen from the file's folder. */
static hd_status method_file_path_beside(hd_ctx *ctx, const char *path, const char *name,
                                         char out[HD_PATH_SIZE]) {
  const char *slash = strrchr(path, '/');
  const int n = slash != NULL && name[0] != '/' ? (int)(slash + 1 - path) : 0;
  return snprintf(out, HD_PATH_SIZE, "%.*s%s", n, path, name) < HD_PATH_SIZE
             ? HD_OK
             : hd__fail(ctx, HD_IO, "%s has a path that is too long", path);
}

static hd_status method_file_find_parent(hd_ctx *ctx, const char *extends, const chain *here,
                                         const hd__method **out) {
  char path[HD_PATH_SIZE];
  *out = NULL;
  if (extends[0] == '\0') {
    return HD_OK;
  }
  if (hd__method_is_file(extends)) {
    HD_TRY(method_file_path_beside(ctx, here->path, extends, path));
    return method_file_read_file(ctx, path, here, out);
  }
  HD_TRY(hd__method_named(ctx, extends, out));
  return *out != NULL ? HD_OK
                      : hd__fail(ctx, HD_UNKNOWN, "%s extends '%s', and no method is called so",
                                 here->path, extends);
}

/* The file's name without folder and ending. */
static hd_status method_file_name_of(hd_ctx *ctx, const char *path, char name[HD_METHOD_NAME]) {
  const char *slash = strrchr(path, '/'), *from = slash != NULL ? slash + 1 : path;
  const size_t n = strlen(from) - strlen(ending);
  if (n < 1 || n >= HD_METHOD_NAME || strcspn(from, " \t\n=,:\"") < n) {
    return hd__fail(ctx, HD_FORMAT,
                    "%s: a method is called as its file is, by up to %d characters without "
                    "blanks, quotes and = , :",
                    path, HD_METHOD_NAME - 1);
  }
  memcpy(name, from, n);
  name[n] = '\0';
  return HD_OK;
}

/* A context keeps a method once. */
static hd_status method_file_keep(hd_ctx *ctx, const char *path, const hd__method *method,
                                  const hd__method **out) {
  const hd__method *known;
  HD_TRY(hd__method_named(ctx, method->about.name, &known));
  if (known != NULL && known->hash == method->hash) {
    *out = known;
    return HD_OK;
  }
  if (known != NULL) {
    return hd__fail(ctx, HD_CONFLICT, "%s: another method is called %s; rename the file", path,
                    method->about.name);
  }
  HD_TRY(hd__registry_add(ctx, &ctx->methods, method, sizeof *method));
  hd__method *kept = ctx->methods.item[ctx->methods.n - 1];
  hd__method_link(kept);
  *out = kept;
  return HD_OK;
}

static hd_status method_file_read_source(hd_ctx *ctx, const chain *here,
                                         const hd__method_source *source, hd__method *method) {
  char name[HD_METHOD_NAME];
  const hd__method *parent;
  HD_TRY(method_file_name_of(ctx, here->path, name));
  HD_TRY(method_file_find_parent(ctx, source->extends, here, &parent));
  HD_TRY(hd__method_fill(ctx, source, name, parent, method));
  return method_file_check_lines(ctx, source);
}

static hd_status method_file_read_text(hd_ctx *ctx, const chain *here, const char *text,
                                       size_t size, hd__method *method, const hd__method **out) {
  hd__method_source source;
  HD_TRY(hd__method_open(ctx, here->path, text, size, &source));
  const hd_status status = method_file_read_source(ctx, here, &source, method);
  hd__method_close(&source);
  return status == HD_OK ? method_file_keep(ctx, here->path, method, out) : status;
}

hd_status hd__method_read_text(hd_ctx *ctx, const char *path, const char *text, size_t size,
                               const hd__method **out) {
  const chain here = {.path = path};
  hd__method *method = hd__alloc(ctx, sizeof *method);
  if (method == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %s", path);
  }
  const hd_status status = method_file_read_text(ctx, &here, text, size, method, out);
  hd__free(ctx, method, sizeof *method);
  return status;
}

static hd_status method_file_check_circle(hd_ctx *ctx, const chain *here) {
  for (const chain *at = here->from; at != NULL; at = at->from) {
    const bool is_numbered = here->number != 0; /* by this file system; none of Windows does */
    if (at->device == here->device && at->number == here->number &&
        (is_numbered || strcmp(at->path, here->path) == 0)) {
      return hd__fail(ctx, HD_CONFLICT, "%s extends itself, by way of %s", here->path,
                      here->from->path);
    }
  }
  return HD_OK;
}

static hd_status method_file_read_file(hd_ctx *ctx, const char *path, const chain *from,
                                       const hd__method **out) {
  char *text;
  size_t size;
  struct stat info;
  HD_TRY(hd__file_read(ctx, path, HD_METHOD_MAX, &text, &size));
  hd__method *method = hd__alloc(ctx, sizeof *method);
  hd_status status = method != NULL ? HD_OK : hd__fail(ctx, HD_NOMEM, "out of memory for %s", path);
  chain here = {.path = path, .from = from};
  if (status == HD_OK && stat(path, &info) == 0) {
    here.device = info.st_dev;
    here.number = info.st_ino;
    status = method_file_check_circle(ctx, &here);
  }
  if (status == HD_OK) {
    status = method_file_read_text(ctx, &here, text, size, method, out);
  }
  hd__free(ctx, method, sizeof *method);
  hd__free(ctx, text, size + 1);
  return status;
}

hd_status hd__method_read(hd_ctx *ctx, const char *path, const hd__method **out) {
  return method_file_read_file(ctx, path, NULL, out);
}
