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
  self->row[self->n] = (runs_row){.at = self->n};
  self->n_made = self->n + 1;
  return &self->row[self->n++];
}

runs_row *runs_table_add(runs_table *self, const char *const value[RUNS_WIDTH]) {
  runs_row *row = runs_table_grow(self);
  bool is_whole = row != NULL;
  for (int c = 0; c < RUNS_WIDTH && is_whole; c++) {
    row->value[c] = text_store_keep(&self->texts, value[c], strlen(value[c]));
    is_whole = row->value[c] != NULL;
  }
  return is_whole ? row : NULL;
}

bool runs_table_load(runs_table *self) {
  return self->index == NULL || self->n == 0 || runs_index_rows(self);
}

void runs_table_free(runs_table *self) {
  for (int i = 0; i < self->n_settings; i++) {
    free(self->setting[i]);
    free(self->chosen[i]);
  }
  for (int c = 0; c < RUNS_WIDTH; c++) {
    free(self->number[c]);
  }
  free(self->row);
  text_store_free(&self->texts);
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

bool runs_item_of(const runs_table *self, const runs_row *row, runs_place place, runs_item *out) {
  if (place.setting >= 0) {
    const char *text = self->chosen[place.setting][row->at];
    *out = text != NULL ? runs_item_from(text) : (runs_item){.text = NULL};
    return text != NULL;
  }
  const double *number = self->number[place.column];
  *out = number == NULL           ? runs_item_from(row->value[place.column])
         : isnan(number[row->at]) ? (runs_item){.text = ""}
                                  : (runs_item){.is_number = true, .number = number[row->at]};
  return true;
}

/* Fill a setting of every row; is there one that has it? */
static bool runs_fill_setting(runs_table *self, int setting) {
  const char *name = self->setting[setting];
  self->chosen[setting] = calloc((size_t)self->n_made + 1, sizeof(char *));
  if (self->chosen[setting] == NULL || self->index != NULL) {
    return self->chosen[setting] != NULL && runs_index_setting(self, setting);
  }
  bool is_known = false;
  for (int i = 0; i < self->n; i++) {
    const char *value = hd_config_get(self->row[i].config, name);
    if (value != NULL) {
      self->chosen[setting][self->row[i].at] = text_store_keep(&self->texts, value, strlen(value));
      is_known = true;
    }
  }
  return is_known;
}

static int runs_ask_column(runs_table *self, int column) {
  const bool is_there = self->n == 0 || self->index == NULL || self->row[0].value[column] != NULL ||
                        self->number[column] != NULL;
  return is_there || runs_index_column(self, column)
             ? EXIT_OK
             : say_failure("the index has no %s of some run", runs_columns[column].name);
}

static int runs_ask_setting(runs_table *self, const char *from, const char *name) {
  if (self->n_settings == RUNS_SETTINGS ||
      (self->setting[self->n_settings] = strdup(name)) == NULL) {
    return say_usage("%s asks for too many settings", from);
  }
  if (runs_fill_setting(self, self->n_settings++) || self->n == 0) {
    return EXIT_OK;
  }
  const char *near = hd_nearest_name(name, runs_column_name, runs_columns, RUNS_WIDTH);
  return near != NULL ? say_usage("%s knows no '%s'; did you mean '%s'?", from, name, near)
                      : say_usage(
                            "%s knows no '%s'; it takes the columns of hedon runs --csv and "
                            "the settings of hedon train --help",
                            from, name);
}

int runs_ask(runs_table *self, const char *from, const char *name, runs_place *out) {
  *out = (runs_place){runs_find_column(name), -1};
  if (out->column >= 0) {
    return runs_ask_column(self, out->column);
  }
  const int code = runs_find_setting(self, name) < 0 ? runs_ask_setting(self, from, name) : EXIT_OK;
  out->setting = runs_find_setting(self, name);
  return code;
}
