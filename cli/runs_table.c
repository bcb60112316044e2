#include "runs_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "say.h"

/* ---- columns ---- */

static void runs_path(const runs_row *r, char text[RUNS_VALUE]) {
  snprintf(text, RUNS_VALUE, "%.*s", RUNS_VALUE - 1, r->run->path);
}
static void runs_task(const runs_row *r, char text[RUNS_VALUE]) {
  snprintf(text, RUNS_VALUE, "%s", hd_config_task(r->run->config));
}
static void runs_method(const runs_row *r, char text[RUNS_VALUE]) {
  snprintf(text, RUNS_VALUE, "%s", hd_config_method(r->run->config));
}
static void runs_changes(const runs_row *r, char text[RUNS_VALUE]) {
  snprintf(text, RUNS_VALUE, "%s", r->run->changes);
}
static double runs_seed(const runs_row *r) { return (double)r->run->learner[0].result.seed; }
static double runs_seeds(const runs_row *r) { return r->run->n; }
static double runs_done(const runs_row *r) { return r->summary.n_done; }
static double runs_solved(const runs_row *r) { return r->summary.n_solved; }
static double runs_relapsed(const runs_row *r) { return r->summary.n_relapsed; }
static double runs_return(const runs_row *r) { return r->summary.iqm.value; }
static double runs_low(const runs_row *r) { return r->summary.iqm.low; }
static double runs_high(const runs_row *r) { return r->summary.iqm.high; }
static double runs_mean(const runs_row *r) { return r->summary.mean; }
static double runs_to_solve(const runs_row *r) { return r->summary.steps_median; }
static double runs_trained(const runs_row *r) { return (double)r->summary.env_steps; }
static double runs_cpu(const runs_row *r) { return r->summary.cpu_median; }
static double runs_threshold(const runs_row *r) { return r->run->threshold; }

const runs_column runs_columns[] = {
    {"run", true, NULL, runs_path, "the folder"},
    {"task", true, NULL, runs_task, "the task"},
    {"method", true, NULL, runs_method, "the method"},
    {"changes", true, NULL, runs_changes, "settings that differ from the method's own"},
    {"seed", false, runs_seed, NULL, "of the first learner"},
    {"seeds", false, runs_seeds, NULL, "learners"},
    {"done", false, runs_done, NULL, "learners that are done"},
    {"solved", false, runs_solved, NULL, "learners that solved the task"},
    {"relapsed", false, runs_relapsed, NULL, "solved it and lost it again"},
    {"return", false, runs_return, NULL, "interquartile mean of the last returns"},
    {"return_low", false, runs_low, NULL, "lower end of its 95% interval"},
    {"return_high", false, runs_high, NULL, "upper end"},
    {"return_mean", false, runs_mean, NULL, "mean of the last returns"},
    {"steps_to_solve", false, runs_to_solve, NULL, "median over the learners that solved it"},
    {"trained", false, runs_trained, NULL, "environment steps of all learners"},
    {"cpu", false, runs_cpu, NULL, "seconds of learning, the median over learners"},
    {"solved_at", false, runs_threshold, NULL, "the return that counts as solved"},
};
const int runs_column_count = sizeof runs_columns / sizeof *runs_columns;

static const char *runs_column_name(const void *list, int i) {
  return ((const runs_column *)list)[i].name;
}

/* ---- values ---- */

static void runs_column_value(const runs_column *column, const runs_row *row,
                              char text[RUNS_VALUE]) {
  if (column->is_text) {
    column->text(row, text);
  } else {
    const double value = column->number(row);
    text[0] = '\0';
    if (isfinite(value)) {
      snprintf(text, RUNS_VALUE, "%.17g", value);
    }
  }
}

bool runs_value(const runs_row *row, const char *name, char text[RUNS_VALUE]) {
  for (int i = 0; i < runs_column_count; i++) {
    if (strcmp(runs_columns[i].name, name) == 0) {
      runs_column_value(&runs_columns[i], row, text);
      return true;
    }
  }
  const char *setting = hd_config_get(row->run->config, name);
  snprintf(text, RUNS_VALUE, "%s", setting != NULL ? setting : "");
  return setting != NULL;
}

int runs_check_name(const runs_table *self, const char *from, const char *name) {
  char text[RUNS_VALUE];
  for (int i = 0; i < self->n; i++) {
    if (runs_value(&self->row[i], name, text)) {
      return EXIT_OK;
    }
  }
  if (self->n == 0) {
    return EXIT_OK;
  }
  const char *near = hd_nearest_name(name, runs_column_name, runs_columns, runs_column_count);
  return near != NULL ? say_usage("%s knows no '%s'; did you mean '%s'?", from, name, near)
                      : say_usage(
                            "%s knows no '%s'; it takes the columns of hedon runs --csv and the "
                            "settings of hedon train --help",
                            from, name);
}

static bool runs_number(const char *text, double *value) {
  char *end;
  *value = strtod(text, &end);
  return end != text && *end == '\0' && !isnan(*value);
}

int runs_compare(const char *a, const char *b) {
  double x, y;
  if (*a == '\0' || *b == '\0') {
    return (*a == '\0') - (*b == '\0');
  }
  if (runs_number(a, &x) && runs_number(b, &y)) {
    return (x > y) - (x < y);
  }
  return strcmp(a, b);
}

/* ---- the table ---- */

hd_status runs_table_make(hd_ctx *ctx, const run_list *list, runs_table *out) {
  *out = (runs_table){.row = calloc((size_t)list->n + 1, sizeof *out->row)};
  hd_status status = out->row != NULL ? HD_OK : HD_NOMEM;
  for (int i = 0; i < list->n && status == HD_OK; i++) {
    out->row[i].run = &list->run[i];
    status = run_summarise(ctx, &list->run[i], &out->row[i].summary);
    out->n++;
  }
  if (status != HD_OK) {
    runs_table_free(out);
  }
  return status;
}

void runs_table_free(runs_table *self) {
  free(self->row);
  *self = (runs_table){.n = 0};
}

/* By insertion: runs of equal value stay in the order of their folders. */
int runs_sort(runs_table *self, const char *key) {
  const bool is_down = *key == '-';
  const char *name = key + is_down;
  const int code = runs_check_name(self, "--sort", name);
  for (int i = 1; i < self->n && code == EXIT_OK; i++) {
    const runs_row row = self->row[i];
    char value[RUNS_VALUE], other[RUNS_VALUE];
    runs_value(&row, name, value);
    int k = i;
    for (; k > 0; k--) {
      runs_value(&self->row[k - 1], name, other);
      const int order = runs_compare(value, other);
      const bool is_missing = *value == '\0' || *other == '\0'; /* last in either order */
      if ((is_down && !is_missing ? -order : order) >= 0) {
        break;
      }
      self->row[k] = self->row[k - 1];
    }
    self->row[k] = row;
  }
  return code;
}
