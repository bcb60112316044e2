#include "player_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *player_setting(const player *self, const char *key) {
  const char *text = hd_config_get(hd_session_config(self->session), key);
  return text != NULL ? text : "";
}

/* ---- the network ---- */

const char *const player_quantities[PLAYER_QUANTITIES] = {"value", "spike", "v", "a", "p", "gain"};

bool player_find(const player *self, const char *population, const char *quantity, const char *end,
                 hd_view *out) {
  char name[PLAYER_NAME];
  snprintf(name, sizeof name, "%s.%s%s", population, quantity, end);
  for (int i = 0; i < hd_network_view_count(self->network); i++) {
    *out = hd_network_view_at(self->network, i);
    if (strcmp(out->name, name) == 0) {
      return true;
    }
  }
  return false;
}

/* Keep a quantity of the first neurons for the substeps of a decision. */
static hd_status player_record(player *self, const player_population *population,
                               const char *quantity) {
  hd_view view;
  if (!player_find(self, population->name, quantity, "", &view)) {
    return HD_OK;
  }
  int neuron[PLAYER_NEURONS];
  for (int j = 0; j < population->n; j++) {
    neuron[j] = j;
  }
  hd_record_def def = hd_record_def_default();
  def.view = view.name;
  def.neuron = neuron;
  def.n_neurons = population->n;
  def.substeps = self->substeps;
  return hd_network_record(self->network, &def);
}

/* Populations are found by what each of them has: an input its value, others their spikes. */
static void player_add_population(player *self, const hd_view *view) {
  const char *dot = strrchr(view->name, '.');
  const bool is_one = view->n_dims == 2 && dot != NULL && strstr(view->name, "->") == NULL &&
                      (strcmp(dot, ".value") == 0 || strcmp(dot, ".spike") == 0);
  if (!is_one || self->n_populations == PLAYER_POPULATIONS) {
    return;
  }
  player_population *population = &self->population[self->n_populations++];
  snprintf(population->name, sizeof population->name, "%.*s", (int)(dot - view->name), view->name);
  population->of = (int)view->shape[1];
  population->n = population->of < PLAYER_NEURONS ? population->of : PLAYER_NEURONS;
}

static hd_status player_look(player *self) {
  self->shown_env = HD_DECISIONS;
  if (hd_session_network(self->session, HD_DECISIONS, &self->network) != HD_OK) {
    snprintf(self->why, sizeof self->why, "%s", hd_ctx_error(self->ctx));
    self->network = NULL;
    return HD_OK;
  }
  const int n = hd_network_view_count(self->network); /* recordings are added behind */
  for (int i = 0; i < n; i++) {
    const hd_view view = hd_network_view_at(self->network, i);
    player_add_population(self, &view);
  }
  for (int k = 0; k < self->n_populations; k++) {
    for (int q = 0; q < PLAYER_QUANTITIES; q++) {
      HD_TRY(player_record(self, &self->population[k], player_quantities[q]));
    }
  }
  return HD_OK;
}

/* ---- life ---- */

static hd_status player_open(player *self, uint64_t seed) {
  const char *task = hd_config_task(hd_session_config(self->session));
  HD_TRY(hd_env_find(self->ctx, task, &self->env));
  if (self->env->eval_env != NULL) {
    self->env = self->env->eval_env;
  }
  self->substeps = atoi(player_setting(self, "substeps"));
  HD_TRY(hd_envs_create(self->ctx, self->env, 1, seed, HD_RNG_NATIVE, &self->envs));
  hd_envs_reset(self->envs, self->obs);
  self->td_error = NAN;
  player_see(self);
  return player_look(self);
}

hd_status player_create(hd_ctx *ctx, hd_session *session, uint64_t seed, player **out) {
  player *self = calloc(1, sizeof *self);
  if (self == NULL) {
    return HD_NOMEM;
  }
  self->ctx = ctx;
  self->session = session;
  const hd_status status = player_open(self, seed);
  if (status != HD_OK) {
    player_destroy(self);
    return status;
  }
  *out = self;
  return HD_OK;
}

void player_destroy(player *self) {
  if (self != NULL) {
    hd_envs_destroy(self->envs);
    free(self);
  }
}

/* ---- playing ---- */

void player_see(player *self) {
  self->n_state = player_state(self, hd_envs_state(self->envs, 0), self->state);
  self->value = player_value_of(self, self->obs);
}

static void player_begin(player *self) {
  hd_envs_reset_done(self->envs, self->obs);
  self->step = 0;
  self->sum = self->reward = 0.0;
  self->td_error = NAN;
  self->has_ended = false;
  player_see(self);
}

hd_status player_step(player *self) {
  bool terminated, truncated;
  self->is_moved = false;
  if (self->has_ended) {
    player_begin(self);
    return HD_OK;
  }
  const double before = self->value;
  HD_TRY(hd_session_decide(self->session, 1, self->obs, (uint64_t)self->step, self->action));
  hd_envs_step(self->envs, self->action, self->obs, &self->reward, &terminated, &truncated);
  player_see(self);
  self->td_error = player_td_error(self, before, self->reward, terminated);
  self->sum += self->reward;
  self->step++;
  self->has_ended = terminated || truncated;
  return HD_OK;
}

bool player_has_ended(const player *self) { return self->has_ended; }

bool player_move(player *self, int index, double value) {
  if (index < 0 || index >= player_movable(self) || !isfinite(value) || self->has_ended) {
    return false;
  }
  double *state = hd_envs_state(self->envs, 0);
  state[index] = value;
  self->is_moved = true;
  self->td_error = NAN;
  self->env->observe(self->env, state, self->obs);
  player_see(self);
  return true;
}
