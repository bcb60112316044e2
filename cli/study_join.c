/* The run folders of a cell's runs, put together as the folder of one run with all their seeds.
 *
 * It is made under another name and renamed, and what is moved is moved once: whoever is killed in
 * the middle leaves what the next process goes on with. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remove_tree.h"
#include "run_export.h"
#include "say.h"
#include "study_store.h"

enum { NAME = COMPARE_PATH + 64 };

typedef struct joined {
  const comparison *plan;
  char whole[COMPARE_PATH], part[COMPARE_PATH], seeds[COMPARE_PATH];
} joined;

static bool join_has(const char *path) { return access(path, F_OK) == 0; }

static uint64_t join_seed(const joined *self, int k) { return self->plan->seed + (uint64_t)k; }

bool store_run_folder(const store *self, const comparison *plan, int run, char path[COMPARE_PATH]) {
  char config[COMPARE_PATH + 16];
  const int number = run / plan->n_seeds + 1;
  snprintf(path, COMPARE_PATH, "%s/cells/%d.seeds/%" PRIu64, self->dir, number,
           plan->seed + (uint64_t)(run % plan->n_seeds));
  snprintf(config, sizeof config, "%s/config.toml", path);
  return join_has(config);
}

bool store_has_begun(const store *self, const cell *c) {
  char path[COMPARE_PATH];
  snprintf(path, sizeof path, "%s/cells/%d.seeds", self->dir != NULL ? self->dir : "", c->number);
  return self->dir != NULL && join_has(path);
}

/* ---- files ---- */

static bool join_copy(FILE *to, const char *path) {
  char block[1 << 14];
  size_t n;
  FILE *from = fopen(path, "rb");
  while (from != NULL && (n = fread(block, 1, sizeof block, from)) > 0) {
    fwrite(block, 1, n, to);
  }
  if (from != NULL) {
    fclose(from);
  }
  return !ferror(to);
}

/* The lines of all runs, in the order of their seeds. */
static bool join_metrics(const joined *self) {
  char path[NAME];
  snprintf(path, sizeof path, "%s/metrics.jsonl", self->part);
  FILE *to = fopen(path, "wb");
  bool is_whole = to != NULL;
  for (int k = 0; is_whole && k < self->plan->n_seeds; k++) {
    snprintf(path, sizeof path, "%s/%" PRIu64 "/metrics.jsonl", self->seeds, join_seed(self, k));
    is_whole = join_copy(to, path);
  }
  return to != NULL && fclose(to) == 0 && is_whole;
}

static bool join_move_checkpoints(const joined *self) {
  bool is_done = true;
  for (int k = 0; is_done && k < self->plan->n_seeds; k++) {
    char from[NAME], to[NAME];
    const uint64_t seed = join_seed(self, k);
    snprintf(from, sizeof from, "%s/%" PRIu64 "/checkpoint-%" PRIu64 ".hd", self->seeds, seed,
             seed);
    snprintf(to, sizeof to, "%s/checkpoint-%" PRIu64 ".hd", self->part, seed);
    is_done = rename(from, to) == 0 || errno == ENOENT;
  }
  return is_done;
}

/* A run's settings up to its table [run]; the caller frees it. NULL: none of the runs has any. */
static char *join_settings(const joined *self) {
  char *text = NULL;
  for (int k = 0; text == NULL && k < self->plan->n_seeds; k++) {
    char path[NAME];
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%" PRIu64 "/config.toml", self->seeds, join_seed(self, k));
    FILE *memory = join_has(path) ? open_memstream(&text, &size) : NULL;
    if (memory != NULL) {
      join_copy(memory, path);
      fclose(memory);
    }
  }
  char *table = text != NULL ? strstr(text, "\n[run]\n") : NULL;
  if (table != NULL) {
    *table = '\0';
  }
  return text;
}

static bool join_config(const joined *self, const char *settings) {
  char path[NAME];
  snprintf(path, sizeof path, "%s/config.toml", self->part);
  FILE *to = fopen(path, "wb");
  if (to == NULL) {
    return false;
  }
  const char *quote = self->plan->seed > INT64_MAX ? "\"" : ""; /* TOML's numbers have 63 bits */
  fprintf(to,
          "%s\n[run]\nseed = %s%" PRIu64
          "%s  # of the first learner\nseeds = %d  # learners, their "
          "seeds follow by one\n",
          settings, quote, self->plan->seed, quote, self->plan->n_seeds);
  const bool is_whole = !ferror(to);
  return fclose(to) == 0 && is_whole;
}

/* ---- joining ---- */

static bool join_export(const joined *self) {
  run_export export;
  run_export_begin(&export, self->plan->args, self->part);
  return run_export_follow(&export);
}

static bool join_make(const joined *self) {
  char *settings = join_settings(self);
  bool is_done = settings == NULL; /* all failed before they had a folder: there is nothing */
  if (settings != NULL) {
    is_done = (mkdir(self->part, 0777) == 0 || errno == EEXIST) && join_metrics(self) &&
              join_move_checkpoints(self) && join_export(self) && join_config(self, settings) &&
              rename(self->part, self->whole) == 0;
  }
  free(settings);
  return is_done;
}

/* With the cell claimed. */
static int join_cell(const joined *self) {
  if (!join_has(self->whole) && join_has(self->seeds) && !join_make(self)) {
    return say_failure("%s cannot be written: %s", self->whole, strerror(errno));
  }
  if (join_has(self->whole)) {
    remove_tree(self->seeds);
  }
  return EXIT_OK;
}

int store_join(const store *self, const comparison *plan, const cell *c) {
  joined names = {.plan = plan};
  snprintf(names.whole, COMPARE_PATH, "%s/cells/%d", self->dir, c->number);
  snprintf(names.part, COMPARE_PATH, "%s/cells/%d.part", self->dir, c->number);
  snprintf(names.seeds, COMPARE_PATH, "%s/cells/%d.seeds", self->dir, c->number);
  if (!join_has(names.seeds) || !store_claim_cell(self, c->number)) {
    return EXIT_OK;
  }
  const int code = join_cell(&names);
  store_release_cell(self, c->number);
  return code;
}
