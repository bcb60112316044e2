/* What a player did, as JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "player_internal.h"
#include "threshold.h"

enum { WEIGHTS = 8192 }; /* of a projection that is told */

/* Four digits are enough to draw. */
static void player_number(FILE *file, double value) {
  if (isfinite(value)) {
    fprintf(file, "%.4g", value);
  } else {
    fputs("null", file);
  }
}

static void player_numbers(FILE *file, const char *key, const float *value, int n) {
  fprintf(file, "\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    fputs(i > 0 ? "," : "", file);
    player_number(file, (double)value[i]);
  }
  fputs("]", file);
}

static void player_text(FILE *file, const char *key, const char *text) {
  fprintf(file, "\"%s\":", key);
  json_string(file, text);
}

static void player_dims(FILE *file, const char *key, const hd_dim *dim, int n) {
  fprintf(file, ",\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    fputs(i > 0 ? ",{" : "{", file);
    player_text(file, "name", dim[i].name);
    fputs(",", file);
    player_text(file, "unit", dim[i].unit);
    fprintf(file, ",\"count\":%d,\"low\":", dim[i].count);
    player_number(file, (double)dim[i].low);
    fputs(",\"high\":", file);
    player_number(file, (double)dim[i].high);
    fputs("}", file);
  }
  fputs("]", file);
}

/* Inputs have none. */
static void player_threshold(FILE *file, const player *self, int population) {
  const threshold of = threshold_of(hd_session_config(self->session));
  if (population == 0 || !of.is_known) {
    fputs("null", file);
    return;
  }
  fprintf(file, "{\"base\":%.6g,\"adapt\":%.6g,\"rho\":%.6g}", (double)of.base, (double)of.adapt,
          (double)of.rho);
}

static void player_populations(FILE *file, const player *self) {
  fputs(",\"populations\":[", file);
  for (int k = 0; k < self->n_populations; k++) {
    fputs(k > 0 ? ",{" : "{", file);
    player_text(file, "name", self->population[k].name);
    fprintf(file, ",\"n\":%d,\"of\":%d,\"threshold\":", self->population[k].n,
            self->population[k].of);
    player_threshold(file, self, k);
    fputs("}", file);
  }
  fputs("]", file);
}

/* The number of a population whose name is so many characters long. */
static int player_population_of(const player *self, const char *name, int length) {
  int k = 0;
  while (k < self->n_populations &&
         ((int)strlen(self->population[k].name) != length ||
          strncmp(self->population[k].name, name, (size_t)length) != 0)) {
    k++;
  }
  return k;
}

/* Views of weights that can be drawn: the next one from *index on. */
static bool player_next_weights(const player *self, int *index, hd_view *out) {
  const int n = self->network != NULL ? hd_network_view_count(self->network) : 0;
  while (*index < n) {
    *out = hd_network_view_at(self->network, (*index)++);
    const char *dot = strrchr(out->name, '.');
    if (out->n_dims == 2 && dot != NULL && strcmp(dot, ".weight") == 0 &&
        out->shape[0] * out->shape[1] <= WEIGHTS) {
      return true;
    }
  }
  return false;
}

static void player_projection(FILE *file, const player *self, const hd_view *view) {
  char name[PLAYER_NAME];
  snprintf(name, sizeof name, "%.*s", (int)(strrchr(view->name, '.') - view->name), view->name);
  const char *arrow = strstr(name, "->");
  const int length = arrow != NULL ? (int)(arrow - name) : 0;
  const char *target = arrow != NULL ? arrow + 2 : name;
  player_text(file, "name", name);
  fprintf(file, ",\"source\":%d,\"target\":%d,\"pre\":%d,\"post\":%d",
          player_population_of(self, name, length),
          player_population_of(self, target, (int)strlen(target)), (int)view->shape[0],
          (int)view->shape[1]);
}

static void player_projections(FILE *file, const player *self) {
  hd_view view;
  const char *before = "";
  fputs(",\"projections\":[", file);
  for (int i = 0; player_next_weights(self, &i, &view); before = ",") {
    fprintf(file, "%s{", before);
    player_projection(file, self, &view);
    fputs("}", file);
  }
  fputs("]", file);
}

/* The rule by which its neurons are credited; "": none is. */
static const char *player_rule(const hd_config *config) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(option.key, "rule") == 0) {
      return option.is_read ? option.value : "";
    }
  }
  return "";
}

void player_facts(FILE *file, const player *self) {
  const hd_config *config = hd_session_config(self->session);
  fputs("{", file);
  player_text(file, "task", hd_config_task(config));
  fputs(",", file);
  player_text(file, "method", hd_config_method(config));
  fputs(",", file);
  player_text(file, "rule", player_rule(config));
  fprintf(file, ",\"substeps\":%d,\"dt\":", self->substeps);
  player_number(file, strtod(player_setting(self, "dt"), NULL));
  fputs(",\"solved\":", file);
  player_number(file, self->env->solved);
  fprintf(file, ",\"max_steps\":%d,\"movable\":%d,\"learnable\":%s,", self->env->max_steps,
          player_movable(self), player_can_learn(self) ? "true" : "false");
  player_text(file, "env", self->env->name);
  player_dims(file, "obs", self->env->obs, self->env->n_obs);
  player_dims(file, "act", self->env->act, self->env->n_act);
  fputs(",\"hidden\":", file);
  if (self->network != NULL) {
    fputs("null", file);
  } else {
    json_string(file, self->why);
  }
  player_populations(file, self);
  player_projections(file, self);
  fputs("}", file);
}

static void player_spikes(FILE *file, const hd_view *view) {
  fputs("\"spike\":\"", file);
  for (int64_t t = 0; t < view->shape[0]; t++) {
    for (int64_t j = 0; j < view->shape[1]; j++) {
      fputc(((const float *)view->data)[t * view->stride[0] + j] > 0.0f ? '1' : '0', file);
    }
  }
  fputs("\"", file);
}

static void player_values(FILE *file, const char *quantity, const hd_view *view) {
  fprintf(file, "\"%s\":[", quantity);
  for (int64_t t = 0; t < view->shape[0]; t++) {
    for (int64_t j = 0; j < view->shape[1]; j++) {
      fputs(t + j > 0 ? "," : "", file);
      player_number(file, (double)((const float *)view->data)[t * view->stride[0] + j]);
    }
  }
  fputs("]", file);
}

static void player_activity(FILE *file, const player *self, const player_population *population) {
  hd_view view;
  const char *before = "";
  for (int q = 0; q < PLAYER_QUANTITIES; q++) {
    if (player_find(self, population->name, player_quantities[q], ".record", &view)) {
      fputs(before, file);
      before = ",";
      if (strcmp(player_quantities[q], "spike") == 0) {
        player_spikes(file, &view);
      } else {
        player_values(file, player_quantities[q], &view);
      }
    }
  }
}

static void player_tell_state(FILE *file, const player *self) {
  fputs("\"state\":[", file);
  for (int i = 0; i < self->n_state; i++) {
    fputs(i > 0 ? "," : "", file);
    fprintf(file, "%.7g", self->state[i]); /* a robot's way is long */
  }
  fputs("]", file);
}

static void player_action(FILE *file, const player *self) {
  if (self->learns) {
    fputs("\"action\":null", file);
  } else {
    player_numbers(file, "action", self->action, self->env->n_act);
  }
}

static void player_member(FILE *file, const char *key, double value) {
  fprintf(file, ",\"%s\":", key);
  player_number(file, value);
}

void player_decision(FILE *file, const player *self) {
  fputs("{", file);
  player_numbers(file, "obs", self->obs, self->env->n_obs);
  fputs(",", file);
  player_tell_state(file, self);
  fputs(",", file);
  player_action(file, self);
  player_member(file, "reward", self->reward);
  player_member(file, "return", self->sum);
  player_member(file, "value", self->value);
  player_member(file, "td", self->td_error);
  fprintf(file, ",\"step\":%lld,\"ended\":%s,\"moved\":%s,\"learns\":%s,\"populations\":[",
          (long long)self->step, self->has_ended ? "true" : "false",
          self->is_moved ? "true" : "false", self->learns ? "true" : "false");
  for (int k = 0; k < self->n_populations; k++) {
    fputs(k > 0 ? ",{" : "{", file);
    player_activity(file, self, &self->population[k]);
    fputs("}", file);
  }
  fputs("]}", file);
}

/* The last two dimensions of a view, source by source. */
static void player_matrix(FILE *file, const char *key, const hd_view *view) {
  const int64_t *shape = view->shape + view->n_dims - 2;
  const int64_t *stride = view->stride + view->n_dims - 2;
  fprintf(file, ",\"%s\":[", key);
  for (int64_t k = 0; k < shape[0] * shape[1]; k++) {
    const int64_t row = k / shape[1], column = k % shape[1];
    fputs(k > 0 ? "," : "", file);
    player_number(file, (double)((const float *)view->data)[row * stride[0] + column * stride[1]]);
  }
  fputs("]", file);
}

/* The quantity of a view of this projection; NULL: it is of another. */
static const char *player_quantity_of(const hd_view *view, const char *projection) {
  const size_t length = strlen(projection);
  const bool is_own = strncmp(view->name, projection, length) == 0 && view->name[length] == '.';
  return is_own ? view->name + length + 1 : NULL;
}

static bool player_is_kept(const char *quantity) {
  return strncmp(quantity, "pre.", 4) == 0 || strncmp(quantity, "post.", 5) == 0 ||
         strncmp(quantity, "synapse.", 8) == 0;
}

static void player_eligibilities(FILE *file, const player *self, const char *projection) {
  hd_view view;
  if (player_find(self, projection, "e", "", &view)) {
    player_matrix(file, "e", &view);
  }
}

/* What a rule keeps of a projection, if it keeps anything. */
static void player_kept(FILE *file, const player *self, const char *projection) {
  int n = 0;
  for (int i = 0; i < hd_network_view_count(self->network); i++) {
    const hd_view view = hd_network_view_at(self->network, i);
    const char *quantity = player_quantity_of(&view, projection);
    if (quantity != NULL && player_is_kept(quantity)) {
      fputs(n++ == 0 ? ",\"kept\":[{" : ",{", file);
      player_text(file, "name", quantity);
      player_matrix(file, "values", &view);
      fputs("}", file);
    }
  }
  fputs(n > 0 ? "]" : "", file);
}

static void player_learning(FILE *file, const player *self, const hd_view *weights) {
  char projection[PLAYER_NAME];
  snprintf(projection, sizeof projection, "%.*s",
           (int)(strrchr(weights->name, '.') - weights->name), weights->name);
  player_eligibilities(file, self, projection);
  player_kept(file, self, projection);
}

void player_weights(FILE *file, const player *self) {
  hd_view view;
  const char *before = "";
  fputs("[", file);
  for (int i = 0; player_next_weights(self, &i, &view); before = ",") {
    fprintf(file, "%s{", before);
    player_text(file, "name", view.name);
    player_matrix(file, "w", &view);
    if (self->learns) { /* at play nothing is gathered */
      player_learning(file, self, &view);
    }
    fputs("}", file);
  }
  fputs("]", file);
}
