#include "watch_runs.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clocks.h"
#include "command.h"
#include "hold.h"
#include "json.h"

/* ---- reading ---- */

static void watch_runs_let_go(watch_run *run) {
  if (run->is_asked) {
    hold_end(run->path);
  }
  run->is_asked = false;
}

static void watch_runs_forget(watch_run *run) {
  if (run->is_read) {
    run_free(&run->data);
  }
  run->is_read = false;
}

/* A folder that cannot be read, since it is just being made, is looked at again the next time. */
static bool watch_runs_read(hd_ctx *ctx, watch_run *run) {
  char why[RUN_WHY];
  watch_runs_forget(run);
  if (!run_read(ctx, run->path, &run->data, why)) {
    run->size = -1;
    return false;
  }
  run->is_read = true;
  if (run_curve_of(ctx, &run->data, RUN_OVER_STEPS, &run->curve) != HD_OK ||
      run_summarise(ctx, &run->data, &run->summary) != HD_OK) {
    watch_runs_forget(run);
  }
  return run->is_read;
}

/* Has metrics.jsonl changed since it was read? */
static bool watch_runs_has_changed(watch_run *run, const struct stat *metrics) {
  if (metrics == NULL) {
    return false;
  }
  const int64_t changed = clock_modified(metrics);
  const bool is_new = run->size != (int64_t)metrics->st_size || run->changed_ns != changed;
  run->size = (int64_t)metrics->st_size;
  run->changed_ns = changed;
  return is_new;
}

static watch_run *watch_runs_find(const watch_runs *self, const char *path) {
  for (int i = 0; i < self->n; i++) {
    if (strcmp(self->run[i]->path, path) == 0) {
      return self->run[i];
    }
  }
  return NULL;
}

/* Room for one more: of too many, the one that has not changed for longest goes. */
static watch_run **watch_runs_place(watch_runs *self) {
  if (self->n < WATCH_RUNS_MOST) {
    return &self->run[self->n++];
  }
  int oldest = 0;
  for (int i = 1; i < self->n; i++) {
    oldest = self->run[i]->changed_ns < self->run[oldest]->changed_ns ? i : oldest;
  }
  watch_runs_let_go(self->run[oldest]);
  watch_runs_forget(self->run[oldest]);
  free(self->run[oldest]);
  return &self->run[oldest];
}

typedef struct watch_look {
  watch_runs *runs;
  bool has_news;
} watch_look;

/* A run_walk_fn. */
static int watch_runs_look(void *user, const char *path, const struct stat *metrics) {
  watch_look *look = user;
  watch_run *run = watch_runs_find(look->runs, path);
  if (run == NULL) {
    run = calloc(1, sizeof *run);
    if (run == NULL) {
      return EXIT_OK;
    }
    snprintf(run->path, sizeof run->path, "%s", path);
    *watch_runs_place(look->runs) = run;
  }
  run->is_there = true;
  if (watch_runs_has_changed(run, metrics)) {
    look->has_news |= watch_runs_read(look->runs->ctx, run);
  }
  const bool waits = hold_is_marked(path);
  look->has_news |= waits != run->waits;
  run->waits = waits;
  return EXIT_OK;
}

/* Folders that are gone, as those of a study's runs once they are joined, are shown no longer;
 * their places are the first to be taken. */
static bool watch_runs_drop_gone(watch_runs *self) {
  bool has_news = false;
  for (int i = 0; i < self->n; i++) {
    watch_run *run = self->run[i];
    if (!run->is_there) {
      has_news |= run->is_read;
      watch_runs_let_go(run);
      watch_runs_forget(run);
      run->changed_ns = run->size = -1;
    }
  }
  return has_news;
}

bool watch_runs_refresh(watch_runs *self) {
  watch_look look = {.runs = self};
  struct stat file;
  for (int i = 0; i < self->n; i++) {
    self->run[i]->is_there = false;
  }
  if (stat(self->folder, &file) == 0) {
    run_walk_folder(self->folder, watch_runs_look, NULL, &look);
  }
  return watch_runs_drop_gone(self) || look.has_news;
}

void watch_runs_free(watch_runs *self) {
  for (int i = 0; i < self->n; i++) {
    watch_runs_let_go(self->run[i]);
    watch_runs_forget(self->run[i]);
    free(self->run[i]);
  }
  self->n = 0;
}

/* ---- waiting ---- */

void watch_runs_hold(watch_runs *self, int run, bool waits) {
  if (run < 0 || run >= self->n) {
    return;
  }
  watch_runs_let_go(self->run[run]);
  self->run[run]->is_asked = waits && hold_ask(self->run[run]->path);
}

void watch_runs_renew(const watch_runs *self) {
  for (int i = 0; i < self->n; i++) {
    if (self->run[i]->is_asked) {
      hold_ask(self->run[i]->path);
    }
  }
}

/* ---- checkpoints ---- */

static bool watch_runs_is_checkpoint(const char *name) {
  const char *end = strrchr(name, '.');
  return strncmp(name, "checkpoint-", 11) == 0 && end != NULL && strcmp(end, ".hd") == 0;
}

/* The newest checkpoint of a folder that is newer than *changed_ns. */
static bool watch_runs_newest(const char *folder, char path[RUN_PATH + 64], int64_t *changed_ns) {
  DIR *dir = opendir(folder);
  bool is_found = false;
  const struct dirent *entry;
  while (dir != NULL && (entry = readdir(dir)) != NULL) {
    char one[RUN_PATH + 64];
    struct stat file;
    const int n = snprintf(one, sizeof one, "%s/%s", folder, entry->d_name);
    if (watch_runs_is_checkpoint(entry->d_name) && n < (int)sizeof one && stat(one, &file) == 0 &&
        clock_modified(&file) > *changed_ns) {
      *changed_ns = clock_modified(&file);
      memcpy(path, one, (size_t)n + 1);
      is_found = true;
    }
  }
  if (dir != NULL) {
    closedir(dir);
  }
  return is_found;
}

bool watch_runs_checkpoint(const watch_runs *self, int run, char path[RUN_PATH + 64],
                           int64_t *changed_ns) {
  bool is_found = false;
  *changed_ns = -1;
  for (int i = 0; i < self->n; i++) {
    if (run < 0 || run == i) {
      is_found |= watch_runs_newest(self->run[i]->path, path, changed_ns);
    }
  }
  return is_found;
}

/* ---- telling ---- */

static void watch_runs_number(FILE *file, const char *key, double value) {
  fprintf(file, ",\"%s\":", key);
  json_number(file, value);
}

static void watch_runs_points(FILE *file, const run_curve *curve) {
  fputs(",\"points\":[", file);
  for (int i = 0; i < curve->n; i++) {
    fprintf(file, "%s[%.0f,%.6g,%.6g,%.6g]", i > 0 ? "," : "", curve->x[i], curve->y[i].value,
            curve->y[i].low, curve->y[i].high);
  }
  fputs("]", file);
}

static void watch_runs_tell_one(FILE *file, const watch_run *run, int id) {
  char title[RUN_PATH];
  fprintf(file, "{\"id\":%d,\"path\":", id);
  json_string(file, run->path);
  fputs(",\"title\":", file);
  json_string(file, run_title(&run->data, title, sizeof title));
  fputs(",\"task\":", file);
  json_string(file, hd_config_task(run->data.config));
  watch_runs_number(file, "learners", run->data.n);
  watch_runs_number(file, "done", run->summary.n_done);
  watch_runs_number(file, "solved", run->summary.n_solved);
  watch_runs_number(file, "return", run->summary.iqm.value);
  watch_runs_number(file, "goal", run->data.threshold);
  watch_runs_number(file, "steps", (double)run->summary.env_steps);
  fprintf(file, ",\"hold\":\"%s\"", run->waits ? "held" : run->is_asked ? "asked" : "none");
  watch_runs_points(file, &run->curve);
  fputs("}", file);
}

void watch_runs_tell(FILE *file, const watch_runs *self) {
  fputs("{\"folder\":", file);
  json_string(file, self->folder);
  fputs(",\"runs\":[", file);
  const char *before = "";
  for (int i = 0; i < self->n; i++) {
    if (self->run[i]->is_read) {
      fputs(before, file);
      watch_runs_tell_one(file, self->run[i], i);
      before = ",";
    }
  }
  fputs("]}", file);
}
