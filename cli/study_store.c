#include "study_store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder_holds.h"
#include "json_scan.h"
#include "make_folders.h"
#include "report.h"
#include "run_data.h"
#include "say.h"
#include "write_whole.h"

/* ---- locks ---- */

/* Lock a byte of a file, or unlock it. */
static bool store_lock(int file, off_t byte, short kind, bool waits) {
  struct flock lock = {.l_type = kind, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  int done;
  do {
    done = fcntl(file, waits ? F_SETLKW : F_SETLK, &lock);
  } while (done != 0 && errno == EINTR && waits);
  return done == 0;
}

/* Bytes of `claims`: the runs, the cells, the files of the whole, the beginning. */
static off_t store_byte_of_files(const store *self) { return self->n_runs + self->n_cells + 1; }

bool store_claim_run(const store *self, int run) {
  return self->dir == NULL || store_lock(self->claims, run, F_WRLCK, false);
}

void store_release_run(const store *self, int run) {
  if (self->dir != NULL) {
    store_lock(self->claims, run, F_UNLCK, false);
  }
}

bool store_is_claimed(const store *self, int first, int n) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = first, .l_len = n};
  return self->dir != NULL && fcntl(self->claims, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool store_claim_cell(const store *self, int number) {
  return store_lock(self->claims, self->n_runs + number, F_WRLCK, false);
}

void store_release_cell(const store *self, int number) {
  store_lock(self->claims, self->n_runs + number, F_UNLCK, false);
}

void store_claim_files(const store *self) {
  if (self->dir != NULL) {
    store_lock(self->claims, store_byte_of_files(self), F_WRLCK, true);
  }
}

void store_release_files(const store *self) {
  if (self->dir != NULL) {
    store_lock(self->claims, store_byte_of_files(self), F_UNLCK, false);
  }
}

/* ---- results ---- */

static void store_read_line(json_span line, store_fn fn, void *user) {
  json_span run, result, why;
  char failure[MESSAGE_SIZE];
  if (!json_member(line, "run", &run)) {
    return;
  }
  if (json_member(line, "failed", &why)) {
    fn(user, (int)json_to_number(run), NULL, json_to_text(why, failure, sizeof failure));
  } else if (json_member(line, "result", &result)) {
    hd_result read = {.seed = 0};
    json_span done, seed;
    run_read_result(result, &read);
    read.done = json_member(result, "done", &done) && json_is_true(done);
    read.seed = json_member(result, "seed", &seed) ? strtoull(seed.at, NULL, 10) : 0;
    fn(user, (int)json_to_number(run), &read, NULL);
  }
}

/* The lines of a text; what follows the last line feed is left for the next time. */
static size_t store_read_lines(const char *text, size_t size, store_fn fn, void *user) {
  const char *at = text, *end;
  while ((end = memchr(at, '\n', size - (size_t)(at - text))) != NULL) {
    store_read_line((json_span){at, end}, fn, user);
    at = end + 1;
  }
  return (size_t)(at - text);
}

bool store_read(store *self, store_fn fn, void *user) {
  struct stat file;
  if (self->dir == NULL || fstat(self->results, &file) != 0 || file.st_size <= self->read_to) {
    return self->dir == NULL || self->results >= 0;
  }
  const size_t size = (size_t)(file.st_size - self->read_to);
  char *text = malloc(size + 1);
  const ssize_t n = text != NULL ? pread(self->results, text, size, self->read_to) : -1;
  if (n > 0) {
    text[n] = '\0';
    self->read_to += (off_t)store_read_lines(text, (size_t)n, fn, user);
  }
  free(text);
  return n >= 0;
}

/* A sentence as a JSON string without escapes, which readers of lines need not know. */
static void store_write_sentence(FILE *file, const char *text) {
  fputc('"', file);
  for (; *text != '\0'; text++) {
    const unsigned char c = (unsigned char)*text;
    fputc(c == '"' || c == '\\' ? '\'' : c < 0x20 ? ' ' : c, file);
  }
  fputc('"', file);
}

static char *store_line(int run, const hd_result *result, const char *failure, size_t *size) {
  char *line = NULL;
  FILE *memory = open_memstream(&line, size);
  if (memory == NULL) {
    return NULL;
  }
  fprintf(memory, "{\"run\":%d,", run);
  if (failure != NULL) {
    fputs("\"failed\":", memory);
    store_write_sentence(memory, failure);
  } else {
    fputs("\"result\":", memory);
    report_result_json(memory, result);
  }
  fputs("}\n", memory);
  fclose(memory);
  return line;
}

/* Written at the end, whole or not at all; a line that a killed process tore is ended first. */
static bool store_write(int results, const char *line, size_t size) {
  struct stat file;
  char last = '\n';
  if (fstat(results, &file) != 0 ||
      (file.st_size > 0 && pread(results, &last, 1, file.st_size - 1) != 1)) {
    return false;
  }
  off_t at = file.st_size;
  if (last != '\n' && pwrite(results, "\n", 1, at++) != 1) {
    return false;
  }
  if (pwrite(results, line, size, at) == (ssize_t)size) {
    return true;
  }
  const int error = errno;
  const bool is_cut = ftruncate(results, file.st_size) == 0;
  errno = is_cut ? error : errno;
  return false;
}

bool store_append(store *self, int run, const hd_result *result, const char *failure) {
  size_t size = 0;
  char *line = self->dir != NULL ? store_line(run, result, failure, &size) : NULL;
  bool is_written = self->dir == NULL;
  if (line != NULL && store_lock(self->results, 0, F_WRLCK, true)) {
    is_written = store_write(self->results, line, size);
    store_lock(self->results, 0, F_UNLCK, false);
  }
  free(line);
  return is_written;
}

/* ---- the plan ---- */

static void store_cell_plan(FILE *file, const comparison *plan, const cell *c) {
  fprintf(file, "\n%s by %s\n", plan->task[c->task].name, cell_label(plan, c));
  for (int i = 0; i < hd_config_count(c->config); i++) {
    const hd_option option = hd_config_at(c->config, i);
    if (option.key != NULL) {
      fprintf(file, "%s = %s\n", option.key, option.value);
    }
  }
}

static void store_plan(FILE *file, const comparison *plan) {
  fprintf(file, "seeds %" PRIu64 " and %d more\n", plan->seed, plan->n_seeds - 1);
  if (plan->cpu_s > 0) {
    fprintf(file, "at most %g CPU seconds a run\n", plan->cpu_s);
  }
  if (plan->n_rounds > 1) {
    fprintf(file, "%d rounds, of each of which %g go on\n", plan->n_rounds, plan->keep);
  }
  for (int i = 0; i < plan->n_tasks * plan->n_labels; i++) {
    store_cell_plan(file, plan, &plan->cell[i]);
  }
}

/* The plan as text that the caller frees; NULL: out of memory. */
static char *store_plan_text(const comparison *plan) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) {
    return NULL;
  }
  store_plan(file, plan);
  if (fclose(file) != 0) {
    free(text);
    return NULL;
  }
  return text;
}

/* The first line in which two texts differ, as the first of them has it. */
static const char *store_difference(const char *a, const char *b) {
  const char *line = a;
  for (; *a != '\0' && *a == *b; a++, b++) {
    line = *a == '\n' ? a + 1 : line;
  }
  return line;
}

static int store_check_plan(const char *dir, const char *path, const char *plan) {
  FILE *file = fopen(path, "r");
  const size_t room = strlen(plan) + 2;
  char *found = calloc(1, room);
  int code = EXIT_OK;
  if (file == NULL || found == NULL) {
    code = say_failure("%s cannot be read", path);
  } else {
    const size_t n = fread(found, 1, room - 1, file);
    found[n] = '\0';
    if (strcmp(found, plan) != 0) {
      const char *line = store_difference(found, plan);
      code = say_failure("%s holds another comparison (\"%.*s\" there); choose another folder", dir,
                         (int)strcspn(line, "\n"), line);
    }
  }
  free(found);
  if (file != NULL) {
    fclose(file);
  }
  return code;
}

/* ---- the folder ---- */

/* Nothing but what a process leaves that ended while it began. */
static bool store_is_empty(const char *dir) {
  static const char *const ours[] = {"claims", "results.jsonl", "cells", "plan.txt.part"};
  return folder_holds_only(dir, sizeof ours / sizeof *ours, ours);
}

static int store_open_file(const char *dir, const char *name, int *file) {
  char path[COMPARE_PATH];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  *file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  return *file >= 0 ? EXIT_OK : say_failure("%s cannot be written: %s", path, strerror(errno));
}

static void store_copy(FILE *file, const void *path) {
  char block[1 << 14];
  size_t n;
  FILE *from = fopen(path, "rb");
  while (from != NULL && (n = fread(block, 1, sizeof block, from)) > 0) {
    fwrite(block, 1, n, file);
  }
  if (from != NULL) {
    fclose(from);
  }
}

/* The file of a study lies beside its outcome, so that the folder tells all. */
static int store_keep_file(const comparison *plan) {
  char path[COMPARE_PATH];
  snprintf(path, sizeof path, "%s/study.toml", plan->out);
  return plan->file == NULL || access(path, F_OK) == 0 ? EXIT_OK
                                                       : write_whole(path, store_copy, plan->file);
}

/* With the beginning claimed: one process makes the plan, the others find it. */
static int store_begin(const comparison *plan, const char *text) {
  char path[COMPARE_PATH], cells[COMPARE_PATH];
  snprintf(path, sizeof path, "%s/plan.txt", plan->out);
  snprintf(cells, sizeof cells, "%s/cells", plan->out);
  if (!make_folders(cells)) {
    return say_failure("%s cannot be made: %s", cells, strerror(errno));
  }
  const int code = access(path, F_OK) == 0 ? store_check_plan(plan->out, path, text)
                                           : compare_write_form(path, store_plan, plan);
  return code == EXIT_OK ? store_keep_file(plan) : code;
}

static int store_check_folder(const char *dir, const char *plan) {
  char path[COMPARE_PATH];
  struct stat file;
  if (snprintf(path, sizeof path, "%s/plan.txt", dir) >= (int)sizeof path - 100) {
    return say_failure("the name of %s is too long", dir);
  }
  if (!make_folders(dir)) {
    return say_failure("%s cannot be made: %s", dir, strerror(errno));
  }
  if (stat(dir, &file) != 0 || !S_ISDIR(file.st_mode)) {
    return say_failure("%s is no folder", dir);
  }
  if (access(path, F_OK) == 0) {
    return store_check_plan(dir, path, plan);
  }
  return store_is_empty(dir) ? EXIT_OK
                             : say_failure(
                                   "%s holds files that are no comparison to go on with; "
                                   "choose another folder",
                                   dir);
}

static int store_claim(store *self, const comparison *plan, const char *text) {
  int code = store_check_folder(plan->out, text);
  code = code == EXIT_OK ? store_open_file(plan->out, "claims", &self->claims) : code;
  code = code == EXIT_OK ? store_open_file(plan->out, "results.jsonl", &self->results) : code;
  if (code == EXIT_OK && !store_lock(self->claims, store_byte_of_files(self) + 1, F_WRLCK, true)) {
    return say_failure("%s cannot be locked: %s", plan->out, strerror(errno));
  }
  code = code == EXIT_OK ? store_begin(plan, text) : code;
  if (self->claims >= 0) {
    store_lock(self->claims, store_byte_of_files(self) + 1, F_UNLCK, false);
  }
  return code;
}

int compare_claim(comparison *plan, store *self) {
  const int n_cells = plan->n_tasks * plan->n_labels;
  *self = (store){.dir = plan->out,
                  .claims = -1,
                  .results = -1,
                  .n_cells = n_cells,
                  .n_runs = n_cells * plan->n_seeds};
  if (plan->out == NULL) {
    return EXIT_OK;
  }
  char *text = store_plan_text(plan);
  const int code = text != NULL ? store_claim(self, plan, text) : say_failure("out of memory");
  free(text);
  return code;
}

void store_close(store *self) {
  if (self->claims >= 0) {
    close(self->claims);
  }
  if (self->results >= 0) {
    close(self->results);
  }
}
