#include "run_data.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gymnasium.h"
#include "stand_in.h"

/* ---- lines ---- */

static double run_number(json_span line, const char *key) {
  json_span value;
  return json_member(line, key, &value) ? json_to_number(value) : (double)NAN;
}

static int64_t run_count(json_span line, const char *key) {
  const double value = run_number(line, key);
  return value >= -1 && value < 9e15 ? (int64_t)value : -1;
}

static bool run_flag(json_span line, const char *key) {
  json_span value;
  return json_member(line, key, &value) && json_is_true(value);
}

static uint64_t run_hash(json_span line) {
  char text[RUN_NAME];
  json_span value;
  return json_member(line, "hash", &value)
             ? strtoull(json_to_text(value, text, sizeof text), NULL, 16)
             : 0;
}

/* Seeds have 64 bits, more than a double keeps. */
static bool run_seed(json_span line, uint64_t *seed) {
  json_span value;
  if (!json_member(line, "seed", &value)) {
    return false;
  }
  *seed = strtoull(value.at, NULL, 10);
  return true;
}

static void run_read_layers(json_span line, run_evaluation *out) {
  json_span layers, layer, name;
  if (!json_member(line, "layers", &layers)) {
    return;
  }
  while (out->n_layers < HD_MAX_LAYERS && json_element(layers, out->n_layers, &layer)) {
    run_layer *to = &out->layer[out->n_layers++];
    if (json_member(layer, "name", &name)) {
      json_to_text(name, to->name, sizeof to->name);
    }
    to->n = run_count(layer, "n") > 0 ? (int)run_count(layer, "n") : 0;
    to->rate = run_number(layer, "rate");
    to->silent = run_number(layer, "silent");
    to->full = run_number(layer, "full");
  }
}

static bool run_is_event(json_span line, const char *event) {
  char text[RUN_NAME];
  json_span value;
  return json_member(line, "event", &value) &&
         strcmp(json_to_text(value, text, sizeof text), event) == 0;
}

bool run_read_evaluation(json_span line, uint64_t *seed, run_evaluation *out) {
  if (!run_is_event(line, "evaluation") || !run_seed(line, seed)) {
    return false;
  }
  *out = (run_evaluation){.env_steps = run_count(line, "env_steps"),
                          .episodes = run_count(line, "episodes"),
                          .updates = run_count(line, "updates"),
                          .eval_return = run_number(line, "eval_return"),
                          .train_return = run_number(line, "train_return"),
                          .cpu_s = run_number(line, "cpu_s")};
  run_read_layers(line, out);
  return true;
}

static bool run_add_evaluation(run_learner *learner, const run_evaluation *e) {
  if (learner->n == learner->capacity) {
    const int capacity = learner->capacity == 0 ? 16 : 2 * learner->capacity;
    run_evaluation *grown = realloc(learner->evaluation, sizeof *grown * (size_t)capacity);
    if (grown == NULL) {
      return false;
    }
    learner->evaluation = grown;
    learner->capacity = capacity;
  }
  learner->evaluation[learner->n++] = *e;
  hd_result *result = &learner->result;
  result->done = false; /* one before it is that of a run that became longer since */
  result->hash = 0;
  result->env_steps = e->env_steps;
  result->episodes = e->episodes;
  result->final_return = e->eval_return;
  result->train_return = e->train_return;
  result->cpu_s = e->cpu_s;
  return true;
}

void run_read_result(json_span line, hd_result *out) {
  json_span steps;
  *out =
      (hd_result){.seed = out->seed,
                  .done = true,
                  .solved = run_flag(line, "solved"),
                  .relapsed = run_flag(line, "relapsed"),
                  .steps_to_threshold = run_count(line, "steps_to_threshold"),
                  .episodes_to_threshold = run_count(line, "episodes_to_threshold"),
                  .env_steps = json_member(line, "env_steps", &steps) ? run_count(line, "env_steps")
                                                                      : out->env_steps,
                  .episodes = run_count(line, "episodes"),
                  .final_return = run_number(line, "final_return"),
                  .best_return = run_number(line, "best_return"),
                  .train_return = run_number(line, "train_return"),
                  .cpu_s = run_number(line, "cpu_s"),
                  .eval_cpu_s = run_number(line, "eval_cpu_s"),
                  .wall_s = run_number(line, "wall_s"),
                  .hash = run_hash(line)};
}

/* Lines of other learners and of unknown events are passed over. */
static bool run_read_line(run_data *self, json_span line) {
  run_evaluation e;
  uint64_t seed;
  if (!run_seed(line, &seed) || seed - self->learner[0].result.seed >= (uint64_t)self->n) {
    return true;
  }
  run_learner *learner = &self->learner[seed - self->learner[0].result.seed];
  if (run_is_event(line, "result")) {
    run_read_result(line, &learner->result);
  }
  return !run_read_evaluation(line, &seed, &e) || run_add_evaluation(learner, &e);
}

/* ---- files ---- */

static bool run_fail(char why[RUN_WHY], const char *text) {
  snprintf(why, RUN_WHY, "%s", text);
  return false;
}

static bool run_is_object(const char *line, ssize_t n) {
  return n >= 3 && line[0] == '{' && line[n - 2] == '}';
}

/* The last line may have been torn by the end of its process: without its line feed it is left out.
 * Others are whole unless somebody edited the file. */
static bool run_read_lines(run_data *self, FILE *file, char why[RUN_WHY]) {
  char *line = NULL;
  size_t size = 0;
  ssize_t n;
  bool is_ok = true;
  for (int64_t number = 1; is_ok && (n = getline(&line, &size, file)) > 0 && line[n - 1] == '\n';
       number++) {
    if (run_is_object(line, n)) {
      is_ok = run_read_line(self, (json_span){line, line + n});
    } else {
      self->torn = self->n_torn++ == 0 ? number : self->torn;
    }
  }
  free(line);
  return is_ok || run_fail(why, "out of memory");
}

static bool run_read_metrics(run_data *self, char why[RUN_WHY]) {
  char path[RUN_PATH + 16];
  snprintf(path, sizeof path, "%s/metrics.jsonl", self->path);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    snprintf(why, RUN_WHY, "metrics.jsonl cannot be read: %s", strerror(errno));
    return false;
  }
  const bool is_ok = run_read_lines(self, file, why);
  fclose(file);
  return is_ok;
}

static bool run_begin(run_data *self, uint64_t seed, int64_t n, char why[RUN_WHY]) {
  self->learner = n >= 1 && n <= HD_STUDY_SEEDS ? calloc((size_t)n, sizeof *self->learner) : NULL;
  if (self->learner == NULL) {
    return run_fail(why, "its config.toml names no learners that there can be");
  }
  self->n = (int)n;
  for (int i = 0; i < self->n; i++) {
    self->learner[i].result = (hd_result){.seed = seed + (uint64_t)i,
                                          .steps_to_threshold = -1,
                                          .episodes_to_threshold = -1,
                                          .final_return = (double)NAN,
                                          .best_return = (double)NAN,
                                          .train_return = (double)NAN};
  }
  return true;
}

/* A list of numbers may hold blanks, which would end a setting here. */
static void run_add_change(char changes[RUN_CHANGES], const hd_option *option) {
  size_t n = strlen(changes);
  n += (size_t)snprintf(changes + n, RUN_CHANGES - n, "%s%s=", n > 0 ? " " : "", option->key);
  for (const char *c = option->value; *c != '\0' && n + 1 < RUN_CHANGES; c++) {
    if (*c != ' ') {
      changes[n++] = *c;
      changes[n] = '\0';
    }
  }
}

/* How long a run goes on and how often it is evaluated is no part of how it learns. */
static bool run_is_protocol(const char *key) {
  static const char *const keys[] = {"steps", "episodes", "eval_every", "eval_episodes",
                                     "overtrain"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    if (strcmp(key, keys[i]) == 0) {
      return true;
    }
  }
  return false;
}

/* An hd_option_fn: a file of a run says where a setting departs from the method's. */
static void run_add_recorded(void *user, const hd_option *option) {
  char *changes = user;
  if (strcmp(option->origin, "recorded") == 0 && !run_is_protocol(option->key) &&
      strlen(changes) + 100 < RUN_CHANGES) {
    run_add_change(changes, option);
  }
}

static bool run_is_built_in(const char *name) {
  for (int i = 0; i < hd_method_count(); i++) {
    if (strcmp(hd_method_at(i)->name, name) == 0) {
      return true;
    }
  }
  return false;
}

/* As run_changes, of a configuration that a run's file told. */
static void run_recorded_changes(const hd_config *config, char changes[RUN_CHANGES]) {
  changes[0] = '\0';
  if (run_is_built_in(hd_config_method(config))) {
    hd_config_each(config, run_add_recorded, changes);
  }
}

void run_changes(hd_ctx *ctx, const hd_config *config, char changes[RUN_CHANGES]) {
  hd_config *own;
  changes[0] = '\0';
  if (hd_config_create(ctx, hd_config_task(config), hd_config_method(config), &own) != HD_OK) {
    return;
  }
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    const char *before =
        option.is_read && !run_is_protocol(option.key) ? hd_config_get(own, option.key) : NULL;
    if (before != NULL && strcmp(before, option.value) != 0 &&
        strlen(changes) + 100 < RUN_CHANGES) {
      run_add_change(changes, &option);
    }
  }
  hd_config_destroy(own);
}

/* The environment may be one of Python's, which is known when it is needed, or not be here. */
static hd_status run_read_config(hd_ctx *ctx, const char *path, hd_config **out) {
  const hd_status status = hd_config_read(ctx, path, out);
  return status == HD_UNKNOWN &&
                 (gymnasium_register_of(ctx, path) || stand_in_register_of(ctx, path))
             ? hd_config_read(ctx, path, out)
             : status;
}

bool run_read(hd_ctx *ctx, const char *dir, run_data *out, char why[RUN_WHY]) {
  char path[RUN_PATH + 16];
  uint64_t seed = 0;
  int64_t n = 0;
  *out = (run_data){.n = 0};
  snprintf(out->path, sizeof out->path, "%s", dir);
  snprintf(path, sizeof path, "%s/config.toml", dir);
  if (access(path, F_OK) != 0) {
    return run_fail(why, "config.toml is missing");
  }
  if (run_read_config(ctx, path, &out->config) != HD_OK) {
    return run_fail(why, hd_ctx_error(ctx));
  }
  if (!hd_config_run(out->config, &seed, &n)) {
    run_fail(why, "its config.toml is not that of a run");
  } else if (run_begin(out, seed, n, why) && run_read_metrics(out, why)) {
    run_recorded_changes(out->config, out->changes);
    run_costs(ctx, out);
    out->threshold = hd_config_threshold(out->config);
    return true;
  }
  run_free(out);
  return false;
}

void run_say_torn(const run_data *self) {
  if (self->n_torn > 0) {
    fprintf(stderr,
            "hedon: %s/metrics.jsonl: %" PRId64
            " of its lines %s no JSON object, first line %" PRId64 "; left out\n",
            self->path, self->n_torn, self->n_torn == 1 ? "is" : "are", self->torn);
  }
}

void run_free(run_data *self) {
  for (int i = 0; i < self->n; i++) {
    free(self->learner[i].evaluation);
  }
  free(self->learner);
  hd_config_destroy(self->config);
  *self = (run_data){.n = 0};
}

const char *run_title(const run_data *self, char *text, size_t size) {
  snprintf(text, size, "%s with %s%s%s", hd_config_task(self->config),
           hd_config_method(self->config), self->changes[0] != '\0' ? " " : "", self->changes);
  return text;
}
