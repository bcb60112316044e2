/* Settings that a study sweeps: every combination of lists, times draws between bounds. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "study_file.h"

enum { LABEL = 2048 };

/* ---- reading ---- */

static sweep_axis *study_sweep_axis(study_file *self, const char *key) {
  for (int a = 0; a < self->n_axes; a++) {
    if (strcmp(self->axis[a].key, key) == 0) {
      return &self->axis[a];
    }
  }
  if (self->n_axes == SWEEP_AXES) {
    return NULL;
  }
  sweep_axis *made = &self->axis[self->n_axes++];
  *made = (sweep_axis){.key = strdup(key), .low = (double)NAN, .high = (double)NAN};
  return made;
}

static hd_status study_sweep_bound(study_file *self, sweep_axis *axis, bool is_low,
                                   const char *text) {
  char *end;
  const double value = text != NULL ? strtod(text, &end) : (double)NAN;
  if (text == NULL || *end != '\0' || !(value > 0 && value < INFINITY)) {
    return study_file_refuse(self, "a bound of %s is %s, allowed are numbers above 0", axis->key,
                             text != NULL ? text : "an empty list");
  }
  *(is_low ? &axis->low : &axis->high) = value;
  return HD_OK;
}

/* A value of a list, or more of one that is a list itself. */
static hd_status study_sweep_value(study_file *self, sweep_axis *axis, const hd_toml_value *value) {
  const bool goes_on = value->item[1] > 0;
  if (axis->n == SWEEP_VALUES && !goes_on) {
    return study_file_refuse(self, "%s has more than %d values", axis->key, SWEEP_VALUES);
  }
  char **grown = realloc(axis->value, sizeof *grown * (size_t)(axis->n + 1));
  if (grown == NULL) {
    return HD_NOMEM;
  }
  axis->value = grown;
  char **to = &axis->value[goes_on ? axis->n - 1 : axis->n];
  const size_t old = goes_on ? strlen(*to) : 0;
  char *text = realloc(goes_on ? *to : NULL, old + strlen(value->text) + 2);
  if (text == NULL) {
    return HD_NOMEM;
  }
  snprintf(text + old, strlen(value->text) + 2, "%s%s", goes_on ? "," : "", value->text);
  *to = text;
  axis->n += !goes_on;
  return HD_OK;
}

hd_status study_sweep_take(study_file *self, const char *key, const char *bound,
                           const hd_toml_value *value) {
  sweep_axis *axis = study_sweep_axis(self, key);
  if (axis == NULL) {
    return study_file_refuse(self, "more than %d settings are swept", SWEEP_AXES);
  }
  if (bound != NULL) {
    HD_TRY(study_check_bound(self, key, value));
    return study_sweep_bound(self, axis, strcmp(bound, "low") == 0, value->text);
  }
  if (value->text == NULL) {
    return study_file_refuse(self, "the sweep of %s is empty", key);
  }
  if (value->item[0] < 0 || strpbrk(value->text, " :\t\n") != NULL) {
    return study_file_refuse(self,
                             "%s is swept over a list of values without blanks and colons, or "
                             "between bounds {low = , high = }",
                             key);
  }
  HD_TRY(study_check_setting(self, key, 1, value));
  return study_sweep_value(self, axis, value);
}

/* ---- points ---- */

/* A number in [0, 1) of (seed, draw, axis), by SplitMix64.  Source  Steele, Lea & Flood 2014. */
static double study_sweep_uniform(uint64_t seed, int draw, int axis) {
  uint64_t z = seed + ((uint64_t)draw * SWEEP_AXES + (uint64_t)axis + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static bool study_sweep_is_drawn(const sweep_axis *axis) { return axis->n == 0; }

static int study_sweep_check(const study_file *self) {
  for (int a = 0; a < self->n_axes; a++) {
    const sweep_axis *axis = &self->axis[a];
    const bool has_bounds = !isnan(axis->low) && !isnan(axis->high);
    if (study_sweep_is_drawn(axis) ? !has_bounds || axis->low >= axis->high
                                   : !isnan(axis->low) || !isnan(axis->high)) {
      return say_usage("%s: the sweep of %s needs a list, or low and high with low below high",
                       self->path, axis->key);
    }
  }
  return EXIT_OK;
}

/* How many combinations of settings; as a real number, since it may be any. */
static double study_sweep_points(const study_file *self) {
  double n = 1;
  bool has_draws = false;
  for (int a = 0; a < self->n_axes; a++) {
    n *= study_sweep_is_drawn(&self->axis[a]) ? 1 : self->axis[a].n;
    has_draws |= study_sweep_is_drawn(&self->axis[a]);
  }
  return has_draws ? n * (double)self->draws : n;
}

/* ":key=value:key=value" of a combination: lists turn fastest, the last axis first. */
static void study_sweep_text(study_file *self, int point, char text[LABEL]) {
  const char *value[SWEEP_AXES];
  char drawn[SWEEP_AXES][32];
  for (int a = self->n_axes - 1; a >= 0; a--) {
    const sweep_axis *axis = &self->axis[a];
    value[a] = drawn[a];
    if (!study_sweep_is_drawn(axis)) {
      value[a] = axis->value[point % axis->n];
      point /= axis->n;
    }
  }
  size_t n = 0;
  text[0] = '\0';
  for (int a = 0; a < self->n_axes && n < LABEL; a++) {
    const sweep_axis *axis = &self->axis[a];
    if (study_sweep_is_drawn(axis)) {
      const double u = study_sweep_uniform(self->draw_seed, point, a);
      const double x = axis->low * pow(axis->high / axis->low, u);
      snprintf(drawn[a], sizeof drawn[a],
               strcmp(study_setting_type(self, axis->key), "integer") == 0 ? "%.0f" : "%.5g", x);
    }
    n += (size_t)snprintf(text + n, LABEL - n, ":%s=%s", axis->key, value[a]);
  }
}

/* Of several rounds each is shown beside the label. */
static int study_sweep_add(study_file *self, const char *method, int point, int round) {
  char settings[LABEL], label[2 * LABEL];
  comparison *out = self->out;
  const int first = out->n_labels;
  study_sweep_text(self, point, settings);
  snprintf(label, sizeof label, "%s%s", method, settings);
  const int code = compare_add_label(out, label, strlen(label));
  for (int i = first; i < out->n_labels && out->n_rounds > 1; i++) {
    snprintf(label, sizeof label, "%s, round %d", out->label[i].text, round + 1);
    out->label[i].name = strdup(label);
    out->label[i].round = round;
  }
  return code;
}

int study_sweep_labels(study_file *self) {
  int code = study_sweep_check(self);
  const double n = study_sweep_points(self), n_all = n * self->n_methods * self->out->n_rounds;
  if (code == EXIT_OK && n_all * self->out->n_tasks > COMPARE_CELLS) {
    code = say_usage(
        "%s: %d tasks x %d methods x %.0f settings x %d rounds are %.0f pairs of task "
        "and method, and %.0f runs; allowed are %d pairs",
        self->path, self->out->n_tasks, self->n_methods, n, self->out->n_rounds,
        n_all * self->out->n_tasks, n_all * self->out->n_tasks * (double)self->seeds,
        COMPARE_CELLS);
  }
  for (int round = 0; round < self->out->n_rounds; round++) {
    for (int m = 0; m < self->n_methods; m++) {
      for (int p = 0; p < (int)n && code == EXIT_OK; p++) {
        code = study_sweep_add(self, self->method[m], p, round);
      }
    }
  }
  return code;
}

void study_sweep_free(study_file *self) {
  for (int a = 0; a < self->n_axes; a++) {
    for (int i = 0; i < self->axis[a].n; i++) {
      free(self->axis[a].value[i]);
    }
    free(self->axis[a].value);
    free(self->axis[a].key);
  }
}
