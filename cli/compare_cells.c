/* From tasks and methods to cells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "open.h"
#include "say.h"

/* ---- tasks and labels ---- */

/* Room for one more: lists grow by doubling. NULL: out of memory, and the list is as it was. */
static void *compare_cells_grow(void *list, int n, size_t size) {
  const bool is_full = n == 0 || (n >= 8 && (n & (n - 1)) == 0);
  return is_full ? realloc(list, size * (size_t)(n == 0 ? 8 : 2 * n)) : list;
}

int compare_add_task(comparison *self, const char *name, size_t length, const char *settings) {
  plan_task *grown = compare_cells_grow(self->task, self->n_tasks, sizeof *grown);
  if (grown != NULL) {
    self->task = grown;
    self->task[self->n_tasks++] = (plan_task){strndup(name, length), strdup(settings)};
  }
  return grown != NULL ? EXIT_OK : say_failure("out of memory");
}

static int compare_cells_add(comparison *self, const char *text, size_t length) {
  plan_label *grown = compare_cells_grow(self->label, self->n_labels, sizeof *grown);
  if (grown != NULL) {
    self->label = grown;
    self->label[self->n_labels++] = (plan_label){.text = strndup(text, length)};
  }
  return grown != NULL ? EXIT_OK : say_failure("out of memory");
}

/* "all": every method that is built in. Colons that no setting follows are left out. */
int compare_add_label(comparison *self, const char *text, size_t length) {
  int code = EXIT_OK;
  for (; length > 0 && text[length - 1] == ':'; length--) {
  }
  if (length != 3 || strncmp(text, "all", 3) != 0) {
    return compare_cells_add(self, text, length);
  }
  for (int i = 0; i < hd_method_count() && code == EXIT_OK; i++) {
    const char *name = hd_method_at(i)->name;
    code = compare_cells_add(self, name, strlen(name));
  }
  return code;
}

void compare_free(comparison *self) {
  for (int i = 0; self->cell != NULL && i < self->n_tasks * self->n_labels; i++) {
    cell *c = &self->cell[i];
    hd_config_destroy(c->config);
    for (int k = 0; c->failure != NULL && k < self->n_seeds; k++) {
      free(c->failure[k]);
    }
    free(c->result);
    free(c->failure);
  }
  for (int t = 0; t < self->n_tasks; t++) {
    free(self->task[t].name);
    free(self->task[t].settings);
  }
  for (int m = 0; m < self->n_labels; m++) {
    free(self->label[m].text);
    free(self->label[m].name);
  }
  free(self->cell);
  free(self->ranked);
  free(self->task);
  free(self->label);
  free(self->set);
  free(self->title);
  free(self->doc);
  free(self->source);
}

/* ---- configurations ---- */

static bool compare_cells_is_read(const hd_config *config, const char *pair, size_t length) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strlen(option.key) == length && strncmp(option.key, pair, length) == 0) {
      return option.is_read;
    }
  }
  return true; /* to be refused by its name */
}

/* "key=value ?key=value": the second is left out where the method does not read the key. */
static hd_status compare_cells_set(hd_config *config, const char *settings) {
  for (settings += strspn(settings, " "); *settings != '\0'; settings += strspn(settings, " ")) {
    const bool is_optional = *settings == '?';
    settings += is_optional;
    const size_t length = strcspn(settings, " ");
    if (!is_optional || compare_cells_is_read(config, settings, strcspn(settings, "="))) {
      HD_TRY(open_set_pair(config, settings, length));
    }
    settings += length;
  }
  return HD_OK;
}

static hd_status compare_cells_settings(hd_config *config, const comparison *self, int task,
                                        const char *own) {
  HD_TRY(compare_cells_set(config, self->set != NULL ? self->set : ""));
  HD_TRY(compare_cells_set(config, self->task[task].settings));
  HD_TRY(open_flags(config, self->args));
  return open_row(config, own);
}

/* A round before the last one has a share of `keep` of the steps of the next. */
static hd_status compare_cells_shorten(hd_config *config, const comparison *self, int label) {
  const int left = self->n_rounds - 1 - self->label[label].round;
  char steps[32];
  if (left <= 0) {
    return HD_OK;
  }
  snprintf(steps, sizeof steps, "%.0f",
           fmax(1, floor(strtod(hd_config_get(config, "steps"), NULL) * pow(self->keep, left))));
  return hd_config_set(config, "steps", steps);
}

/* A label is "method:key=value:key=value". */
hd_status compare_configure(hd_ctx *ctx, const comparison *self, int task, int label,
                            hd_config **out) {
  const char *text = self->label[label].text;
  const size_t length = strcspn(text, ":");
  char *method = strndup(text, length);
  hd_status status =
      method != NULL ? hd_config_create(ctx, self->task[task].name, method, out) : HD_NOMEM;
  free(method);
  HD_TRY(status);
  status = compare_cells_settings(*out, self, task, text + length);
  status = status == HD_OK ? compare_cells_shorten(*out, self, label) : status;
  status = status == HD_OK ? hd_config_check(*out) : status;
  if (status != HD_OK && status != HD_CONFLICT) {
    hd_config_destroy(*out);
    *out = NULL;
  }
  return status;
}

/* ---- cells ---- */

static hd_status compare_cells_open(hd_ctx *ctx, const comparison *self, cell *c) {
  hd_status status = compare_configure(ctx, self, c->task, c->label, &c->config);
  if (status == HD_CONFLICT && c->config != NULL) {
    c->state = CELL_CONFLICT;
    snprintf(c->message, sizeof c->message, "%s", hd_ctx_error(ctx));
    status = HD_OK;
  }
  if (status == HD_OK) {
    c->threshold = hd_config_threshold(c->config);
    c->result = calloc((size_t)self->n_seeds, sizeof *c->result);
    c->failure = calloc((size_t)self->n_seeds, sizeof *c->failure);
    status = c->result != NULL && c->failure != NULL ? HD_OK : HD_NOMEM;
  }
  for (int k = 0; status == HD_OK && k < self->n_seeds; k++) {
    c->result[k] = (hd_result){.seed = self->seed + (uint64_t)k,
                               .steps_to_threshold = -1,
                               .episodes_to_threshold = -1,
                               .final_return = (double)NAN,
                               .best_return = (double)NAN,
                               .train_return = (double)NAN};
  }
  return status;
}

static int compare_cells_open_all(hd_ctx *ctx, comparison *self) {
  const int n = self->n_tasks * self->n_labels;
  self->cell = calloc((size_t)n, sizeof *self->cell);
  self->ranked = calloc((size_t)n, sizeof *self->ranked);
  if (self->cell == NULL || self->ranked == NULL) {
    return say_failure("out of memory");
  }
  for (int i = 0; i < n; i++) {
    cell *c = self->ranked[i] = &self->cell[i];
    c->number = i + 1;
    c->task = i / self->n_labels;
    c->label = i % self->n_labels;
    c->is_open = self->label[c->label].round == 0;
    const hd_status status = compare_cells_open(ctx, self, c);
    if (status != HD_OK) {
      return say_status(ctx, status);
    }
  }
  return EXIT_OK;
}

/* Tasks by their full names. */
static int compare_cells_name_tasks(hd_ctx *ctx, comparison *self) {
  for (int t = 0; t < self->n_tasks; t++) {
    const hd_env_desc *env;
    const hd_status status = hd_env_find(ctx, self->task[t].name, &env);
    if (status != HD_OK) {
      return say_status(ctx, status);
    }
    char *name = strdup(env->name);
    if (name == NULL) {
      return say_failure("out of memory");
    }
    free(self->task[t].name);
    self->task[t].name = name;
  }
  return EXIT_OK;
}

static int compare_cells_once(const comparison *self) {
  for (int i = 0; i < self->n_tasks; i++) {
    for (int j = 0; j < i; j++) {
      if (strcmp(self->task[i].name, self->task[j].name) == 0) {
        return say_usage("task %s is named twice", self->task[i].name);
      }
    }
  }
  for (int i = 0; i < self->n_labels; i++) {
    for (int j = 0; j < i; j++) {
      if (self->label[i].round == self->label[j].round &&
          strcmp(self->label[i].text, self->label[j].text) == 0) {
        return say_usage("method %s is named twice", self->label[i].text);
      }
    }
  }
  return EXIT_OK;
}

static int compare_cells_count(const comparison *self) {
  const double n_cells = (double)self->n_tasks * self->n_labels;
  if (n_cells > COMPARE_CELLS || n_cells * self->n_seeds > COMPARE_RUNS) {
    return say_usage(
        "%.0f pairs of task and method with %d seeds each are %.0f runs; allowed are "
        "%d pairs and %d runs",
        n_cells, self->n_seeds, n_cells * self->n_seeds, COMPARE_CELLS, COMPARE_RUNS);
  }
  return self->seed > UINT64_MAX - (uint64_t)(self->n_seeds - 1)
             ? say_usage("%d seeds from %llu go beyond 2^64 - 1", self->n_seeds,
                         (unsigned long long)self->seed)
             : EXIT_OK;
}

int compare_make_cells(hd_ctx *ctx, comparison *self) {
  int code = compare_cells_count(self);
  code = code == EXIT_OK ? compare_cells_name_tasks(ctx, self) : code;
  code = code == EXIT_OK ? compare_cells_once(self) : code;
  return code == EXIT_OK ? compare_cells_open_all(ctx, self) : code;
}

void compare_share_cpu(comparison *self, double seconds) {
  int n = 0;
  for (int i = 0; i < self->n_tasks * self->n_labels; i++) {
    n += self->cell[i].state == CELL_WAITING ? self->n_seeds : 0;
  }
  self->cpu_s = n > 0 ? seconds / n : 0;
}
