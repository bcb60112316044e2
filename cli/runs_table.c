#include "runs_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "runs_index.h"
#include "say.h"

const runs_column runs_columns[RUNS_WIDTH] = {
#define RUNS_COLUMN(name, is_text, doc) {#name, is_text, doc},
    RUNS_COLUMNS(RUNS_COLUMN)
#undef RUNS_COLUMN
};

static const char *runs_column_name(const void *list, int i) {
  return ((const runs_column *)list)[i].name;
}

/* ---- values of a run ---- */

static void runs_put_number(runs_values *out, int column, double value) {
  if (isfinite(value)) {
    snprintf(out->text[column], sizeof out->text[column], "%.17g", value);
  }
}

static void runs_put_text(runs_values *out, int column, const char *text) {
  snprintf(out->text[column], sizeof out->text[column], "%s", text);
}

hd_status runs_values_of(hd_ctx *ctx, const run_data *run, runs_values *out) {
  run_summary s;
  HD_TRY(run_summarise(ctx, run, &s));
  for (int c = 0; c < RUNS_WIDTH; c++) {
    out->text[c][0] = '\0';
    out->value[c] = out->text[c];
  }
  runs_put_text(out, RUNS_run, run->path);
  runs_put_text(out, RUNS_task, hd_config_task(run->config));
  runs_put_text(out, RUNS_method, hd_config_method(run->config));
  runs_put_text(out, RUNS_changes, run->changes);
  runs_put_number(out, RUNS_seed, (double)run->learner[0].result.seed);
  runs_put_number(out, RUNS_seeds, run->n);
  runs_put_number(out, RUNS_done, s.n_done);
  runs_put_number(out, RUNS_solved, s.n_solved);
  runs_put_number(out, RUNS_relapsed, s.n_relapsed);
  runs_put_number(out, RUNS_return, s.iqm.value);
  runs_put_number(out, RUNS_return_low, s.iqm.low);
  runs_put_number(out, RUNS_return_high, s.iqm.high);
  runs_put_number(out, RUNS_return_mean, s.mean);
  runs_put_number(out, RUNS_steps_to_solve, s.steps_median);
  runs_put_number(out, RUNS_trained, (double)s.env_steps);
  runs_put_number(out, RUNS_cpu, s.cpu_median);
  runs_put_number(out, RUNS_spikes, s.spikes);
  runs_put_number(out, RUNS_syn_ops, s.syn_ops);
  runs_put_number(out, RUNS_solved_at, run->threshold);
  return HD_OK;
}

/* ---- rows ---- */

void runs_row_free(runs_row *row) {
  for (int c = 0; c < RUNS_WIDTH; c++) {
    free(row->value[c]);
  }
  for (int i = 0; row->setting != NULL && i < RUNS_SETTINGS; i++) {
    free(row->setting[i]);
  }
  free(row->setting);
}

void runs_row_set(runs_row *row, int setting, const char *value) {
  row->setting = row->setting != NULL ? row->setting : calloc(RUNS_SETTINGS, sizeof *row->setting);
  if (row->setting != NULL) {
    row->setting[setting] = strdup(value);
  }
}

static bool runs_make_room(runs_table *self) {
  if (self->n < self->capacity) {
    return true;
  }
  const int capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
  runs_row *grown = realloc(self->row, sizeof *grown * (size_t)capacity);
  if (grown == NULL) {
    return false;
  }
  self->row = grown;
  self->capacity = capacity;
  return true;
}

runs_row *runs_table_grow(runs_table *self) {
  if (!runs_make_room(self)) {
    return NULL;
  }
  self->row[self->n] = (runs_row){.config = NULL};
  return &self->row[self->n++];
}

runs_row *runs_table_add(runs_table *self, const char *const value[RUNS_WIDTH]) {
  runs_row *row = runs_table_grow(self);
  bool is_whole = row != NULL;
  for (int c = 0; c < RUNS_WIDTH && is_whole; c++) {
    row->value[c] = strdup(value[c]);
    is_whole = row->value[c] != NULL;
  }
  return is_whole ? row : NULL;
}

bool runs_table_load(runs_table *self) {
  bool is_whole = true;
  for (int i = 0; i < self->n && self->index != NULL && is_whole; i++) {
    is_whole = runs_index_row(self, &self->row[i]);
  }
  return is_whole;
}

void runs_table_free(runs_table *self) {
  for (int i = 0; i < self->n; i++) {
    runs_row_free(&self->row[i]);
  }
  for (int i = 0; i < self->n_settings; i++) {
    free(self->setting[i]);
  }
  free(self->row);
  runs_index_close(self->index);
  *self = (runs_table){.n = 0};
}

/* ---- names ---- */

static int runs_find_column(const char *name) {
  for (int c = 0; c < RUNS_WIDTH; c++) {
    if (strcmp(runs_columns[c].name, name) == 0) {
      return c;
    }
  }
  return -1;
}

static int runs_find_setting(const runs_table *self, const char *name) {
  for (int i = 0; i < self->n_settings; i++) {
    if (strcmp(self->setting[i], name) == 0) {
      return i;
    }
  }
  return -1;
}

const char *runs_value(const runs_table *self, const runs_row *row, const char *name) {
  const int column = runs_find_column(name), setting = runs_find_setting(self, name);
  return column >= 0                            ? row->value[column]
         : setting >= 0 && row->setting != NULL ? row->setting[setting]
                                                : NULL;
}

/* Fill a setting of every row; is there one that has it? */
static bool runs_fill_setting(runs_table *self, int setting) {
  const char *name = self->setting[setting];
  bool is_known = self->index != NULL && runs_index_setting(self, setting);
  for (int i = 0; i < self->n; i++) {
    runs_row *row = &self->row[i];
    const char *value = row->config != NULL ? hd_config_get(row->config, name) : NULL;
    if (value != NULL) {
      runs_row_set(row, setting, value);
      is_known = true;
    }
  }
  return is_known;
}

static int runs_ask_column(runs_table *self, int column) {
  const bool is_there = self->n == 0 || self->index == NULL || self->row[0].value[column] != NULL;
  return is_there || runs_index_column(self, column)
             ? EXIT_OK
             : say_failure("the index has no %s of some run", runs_columns[column].name);
}

int runs_ask(runs_table *self, const char *from, const char *name) {
  if (runs_find_column(name) >= 0) {
    return runs_ask_column(self, runs_find_column(name));
  }
  if (runs_find_setting(self, name) >= 0 || self->n == 0) {
    return EXIT_OK;
  }
  if (self->n_settings == RUNS_SETTINGS ||
      (self->setting[self->n_settings] = strdup(name)) == NULL) {
    return say_usage("%s asks for too many settings", from);
  }
  if (runs_fill_setting(self, self->n_settings++)) {
    return EXIT_OK;
  }
  const char *near = hd_nearest_name(name, runs_column_name, runs_columns, RUNS_WIDTH);
  return near != NULL ? say_usage("%s knows no '%s'; did you mean '%s'?", from, name, near)
                      : say_usage(
                            "%s knows no '%s'; it takes the columns of hedon runs --csv and "
                            "the settings of hedon train --help",
                            from, name);
}

/* ---- order ---- */

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

/* What a row is sorted by: its own place breaks ties. */
typedef struct runs_place {
  const char *value;
  int at;
  bool is_down;
} runs_place;

static int runs_by_value(const void *a, const void *b) {
  const runs_place *x = a, *y = b;
  const int order = runs_compare(x->value, y->value);
  const bool is_missing = *x->value == '\0' || *y->value == '\0'; /* last in either order */
  return order == 0                  ? (x->at > y->at) - (x->at < y->at)
         : x->is_down && !is_missing ? -order
                                     : order;
}

static void runs_reorder(runs_table *self, const runs_place *place, runs_row *scratch) {
  memcpy(scratch, self->row, sizeof *scratch * (size_t)self->n);
  for (int i = 0; i < self->n; i++) {
    self->row[i] = scratch[place[i].at];
  }
}

int runs_sort(runs_table *self, const char *key) {
  const bool is_down = *key == '-';
  int code = runs_ask(self, "--sort", key + is_down);
  if (code != EXIT_OK) {
    return code;
  }
  runs_place *place = calloc((size_t)self->n + 1, sizeof *place);
  runs_row *scratch = calloc((size_t)self->n + 1, sizeof *scratch);
  if (place == NULL || scratch == NULL) {
    code = say_failure("out of memory");
  } else {
    for (int i = 0; i < self->n; i++) {
      const char *value = runs_value(self, &self->row[i], key + is_down);
      place[i] = (runs_place){value != NULL ? value : "", i, is_down};
    }
    qsort(place, (size_t)self->n, sizeof *place, runs_by_value);
    runs_reorder(self, place, scratch);
  }
  free(place);
  free(scratch);
  return code;
}
