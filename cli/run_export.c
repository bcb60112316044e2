#include "run_export.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clocks.h"
#include "remove_tree.h"
#include "run_data.h"
#include "say.h"
#include "tensorboard.h"

static const double look_s = 1;

int run_export_check(const arguments *args, const char *dir) {
  return dir == NULL && (args->csv || args->tensorboard)
             ? say_usage("%s writes into the folder of the run; name it with --out DIR",
                         args->csv ? "--csv" : "--tensorboard")
             : EXIT_OK;
}

void run_export_begin(run_export *self, const arguments *args, const char *dir) {
  char path[EXPORT_PATH + 32];
  *self = (run_export){.has_csv = dir != NULL && args->csv,
                       .has_tensorboard = dir != NULL && args->tensorboard};
  if (self->has_csv || self->has_tensorboard) {
    snprintf(self->dir, sizeof self->dir, "%s", dir);
    snprintf(path, sizeof path, "%s/metrics.csv", dir);
    remove(path);
    snprintf(path, sizeof path, "%s/tensorboard", dir);
    remove_tree(path);
  }
}

/* ---- comma-separated values ---- */

static void run_export_csv_head(FILE *file, const run_evaluation *e) {
  fputs("seed,env_steps,episodes,updates,eval_return,train_return,cpu_s", file);
  for (int l = 0; l < e->n_layers; l++) {
    fprintf(file, ",rate %s,silent %s,full %s", e->layer[l].name, e->layer[l].name,
            e->layer[l].name);
  }
  fputc('\n', file);
}

/* A number; nothing where there is none. */
static void run_export_number(FILE *file, double value) {
  fprintf(file, isfinite(value) ? ",%.17g" : ",", value);
}

static bool run_export_csv(run_export *self, uint64_t seed, const run_evaluation *e) {
  char path[EXPORT_PATH + 32];
  snprintf(path, sizeof path, "%s/metrics.csv", self->dir);
  FILE *file = fopen(path, "a");
  if (file == NULL) {
    return false;
  }
  if (!self->has_head) {
    run_export_csv_head(file, e);
    self->has_head = true;
  }
  fprintf(file, "%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64, seed, e->env_steps, e->episodes,
          e->updates);
  run_export_number(file, e->eval_return);
  run_export_number(file, e->train_return);
  run_export_number(file, e->cpu_s);
  for (int l = 0; l < e->n_layers; l++) {
    run_export_number(file, e->layer[l].rate);
    run_export_number(file, e->layer[l].silent);
    run_export_number(file, e->layer[l].full);
  }
  fputc('\n', file);
  return fclose(file) == 0;
}

/* ---- events ---- */

static void run_export_scalar(tensorboard_event *event, const char *group, const char *name,
                              double value) {
  if (isfinite(value)) {
    snprintf(event->tag[event->n], TENSORBOARD_TAG, "%s/%s", group, name);
    event->value[event->n++] = (float)value;
  }
}

static void run_export_event(const run_evaluation *e, tensorboard_event *event) {
  *event = (tensorboard_event){.seconds = e->cpu_s, .step = e->env_steps};
  run_export_scalar(event, "eval", "return", e->eval_return);
  run_export_scalar(event, "train", "return", e->train_return);
  for (int l = 0; l < e->n_layers; l++) {
    run_export_scalar(event, "rate", e->layer[l].name, e->layer[l].rate);
  }
}

static bool run_export_tensorboard(run_export *self, uint64_t seed, const run_evaluation *e) {
  char path[EXPORT_PATH + 96];
  tensorboard_event event;
  int n = snprintf(path, sizeof path, "%s/tensorboard", self->dir);
  mkdir(path, 0777);
  n += snprintf(path + n, sizeof path - (size_t)n, "/seed-%" PRIu64, seed);
  mkdir(path, 0777);
  snprintf(path + n, sizeof path - (size_t)n, "/events.out.tfevents.0.hedon");
  const bool is_new = access(path, F_OK) != 0;
  FILE *file = fopen(path, "ab");
  if (file == NULL) {
    return false;
  }
  if (is_new) {
    tensorboard_begin(file);
  }
  run_export_event(e, &event);
  tensorboard_write(file, &event);
  return fclose(file) == 0;
}

/* ---- lines ---- */

static bool run_export_line(run_export *self, json_span line) {
  run_evaluation e;
  uint64_t seed;
  if (!run_read_evaluation(line, &seed, &e)) {
    return true;
  }
  return (!self->has_csv || run_export_csv(self, seed, &e)) &&
         (!self->has_tensorboard || run_export_tensorboard(self, seed, &e));
}

bool run_export_follow(run_export *self) {
  char path[EXPORT_PATH + 32];
  char *line = NULL;
  size_t size = 0;
  ssize_t n;
  bool is_ok = true;
  if (!self->has_csv && !self->has_tensorboard) {
    return true;
  }
  snprintf(path, sizeof path, "%s/metrics.jsonl", self->dir);
  FILE *file = fopen(path, "r");
  is_ok = file != NULL && fseek(file, self->read_to, SEEK_SET) == 0;
  while (is_ok && (n = getline(&line, &size, file)) > 0 && line[n - 1] == '\n') {
    is_ok = run_export_line(self, (json_span){line, line + n});
    self->read_to += n;
  }
  free(line);
  if (file != NULL) {
    fclose(file);
  }
  return is_ok;
}

void run_export_tick(run_export *self) {
  const double now = clock_wall();
  if (now - self->looked >= look_s) {
    self->looked = now;
    run_export_follow(self);
  }
}
