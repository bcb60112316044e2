#include "maze_ring.h"

#include <math.h>
#include <string.h>

#include "paper_draw.h"

/* Times in ms. Neurons, kernels, place cells in units of their distance, and the ring's form are
 * those that public programs after the paper have; speed, sizes of populations, weights, bounds,
 * reward and step sizes are ours, tuned on seeds 0 to 3; those of the map and of fading, on seeds 0
 * to 4. */
enum { STEP = 100, UPDATE = 10, AFTER = 500 /* on the platform, place cells silent */ };

static const double place_rate = 0.4; /* per ms in the middle of a field */
static const double tau_m = 20, tau_s = 5, psp_area = 20 /* mV ms */;
static const double tau_action = 50, tau_action_rise = 20;
static const float first_weight = 2; /* of place cells onto the ring */
static const double tau_recent = 3 /* s */, forget = 0.1 /* per unit of TD error */;
static const double shown = 2 /* mV per ms */, shown_narrow = 3;
static const double reward = 60, tau_reward_fades = 200, tau_reward_rises = 20;
static const double pi = 3.14159265358979323846;

/* ---- the network ---- */

#define NEURON "tau_m=20 r_m=20.504166 theta=16 delta=2 rho0=0.06 v_reset=-5"
#define TD_LTP "tau_z=200 tau_rise=50 bounds=1 w_min=0 w_max="

static hd_status maze_ring_build(hd_ctx *ctx, maze_ring *self, uint64_t seed) {
  static const hd_population_def population[] = {
      {.name = "place", .neuron = "input", .n = MAZE_CELLS},
      {.name = "critic", .neuron = "lif-escape", .n = MAZE_CRITICS, .params = NEURON},
      {.name = "actor", .neuron = "lif-escape", .n = MAZE_ACTORS, .params = NEURON}};
  const float learns = self->kind.is_frozen ? 0.0f : 1.0f;
  const hd_projection_def projection[] = {{"place", "critic", .a = 0.5f, .rule = "td-ltp",
                                           .rule_params = TD_LTP "0.8", .rate = 0.1f * learns},
                                          {"place", "actor", .a = first_weight, .rule = "td-ltp",
                                           .rule_params = TD_LTP "3", .rate = 0.2f * learns},
                                          {"actor", "actor", .name = "ring", .delay = 1}};
  hd_network_def def = hd_network_def_default();
  def.seed = seed;
  def.population = population, def.n_populations = 3;
  def.projection = projection, def.n_projections = 3;
  return hd_network_create(ctx, &def, &self->network);
}

/* Excitation of neighbours and inhibition of all, mV per spike. */
static hd_status maze_ring_join(hd_network *network) {
  static const double excite = 30, inhibit = -60, narrow = 20;
  float weight[MAZE_ACTORS][MAZE_ACTORS];
  double near[MAZE_ACTORS], sum = 0;
  for (int d = 0; d < MAZE_ACTORS; d++) {
    near[d] = d > 0 ? exp(narrow * (cos(2 * pi * d / MAZE_ACTORS) - 1)) : 0;
    sum += near[d];
  }
  for (int i = 0; i < MAZE_ACTORS; i++) {
    for (int j = 0; j < MAZE_ACTORS; j++) {
      const int d = (i - j + MAZE_ACTORS) % MAZE_ACTORS;
      weight[i][j] = (float)(inhibit / MAZE_ACTORS + excite * near[d] / sum);
    }
  }
  return hd_network_write(network, "ring.weight", weight[0], MAZE_ACTORS * MAZE_ACTORS);
}

static hd_status maze_ring_look(maze_ring *self) {
  hd_view view;
  HD_TRY(hd_network_view(self->network, "place.value", &view));
  self->place = view.data;
  HD_TRY(hd_network_view(self->network, "critic.spike", &view));
  self->critic = view.data;
  HD_TRY(hd_network_view(self->network, "actor.spike", &view));
  self->actor = view.data;
  if (self->kind.has_map) {
    HD_TRY(hd_network_view(self->network, "actor.current", &view));
    self->shown = view.data;
  }
  return HD_OK;
}

hd_status maze_ring_create(hd_ctx *ctx, const char *task, maze_ring_kind kind, uint64_t seed,
                           maze_ring *out) {
  const hd_env_desc *env;
  *out = (maze_ring){.kind = kind, .random = seed};
  HD_TRY(hd_env_find(ctx, task, &env));
  HD_TRY(hd_envs_create(ctx, env, 1, seed, HD_RNG_NATIVE, &out->envs));
  HD_TRY(maze_ring_build(ctx, out, seed));
  HD_TRY(maze_ring_join(out->network));
  hd_spiking_value_def def = hd_spiking_value_def_default();
  def.tau_reward_ms = -STEP / log(env->discount);
  HD_TRY(hd_spiking_value_begin(ctx, &def, &out->value));
  return maze_ring_look(out);
}

void maze_ring_destroy(maze_ring *self) {
  hd_network_destroy(self->network);
  hd_envs_destroy(self->envs);
}

/* ---- a millisecond ---- */

/* Spikes of the place cells at a place, NULL: of none, turn into currents. */
static void maze_ring_see(maze_ring *self, const float *at) {
  const double keep = exp(-1 / tau_s), by = psp_area / (tau_m * tau_s);
  for (int i = 0; i < MAZE_CELLS; i++) {
    double p = 0;
    if (at != NULL) {
      p = place_rate * maze_map_field(at, i);
    }
    const bool fires = p > 1e-4 && paper_draw(&self->random) < p;
    self->place[i] = (float)(keep * (double)self->place[i] + (fires ? by : 0));
  }
}

static void maze_ring_trace(maze_ring *self) {
  const float keep = (float)exp(-1 / tau_action), keep_fast = (float)exp(-1 / tau_action_rise);
  for (int j = 0; j < MAZE_ACTORS; j++) {
    self->slow[j] = keep * self->slow[j] + self->actor[j];
    self->fast[j] = keep_fast * self->fast[j] + self->actor[j];
  }
}

/* What the ring has learned fades towards its first weights, the faster the more things are worse
 * than expected. */
static hd_status maze_ring_forget(maze_ring *self, double seconds) {
  float weight[MAZE_CELLS * MAZE_ACTORS];
  const float share = (float)fmin(1, -self->recent * forget * seconds);
  HD_TRY(hd_network_read(self->network, "place->actor.weight", weight, MAZE_CELLS * MAZE_ACTORS));
  for (int k = 0; k < MAZE_CELLS * MAZE_ACTORS; k++) {
    weight[k] += share * (first_weight - weight[k]);
  }
  return hd_network_write(self->network, "place->actor.weight", weight, MAZE_CELLS * MAZE_ACTORS);
}

/* Critic and actor learn from the TD error of the last UPDATE ms. */
static hd_status maze_ring_learn(maze_ring *self) {
  const bool flips = self->kind.is_shuffled && paper_draw(&self->random) < 0.5;
  const float signal = (float)(flips ? -self->signal : self->signal);
  self->signal = 0;
  HD_TRY(hd_network_signal(self->network, &signal));
  if (!self->kind.has_map || self->kind.is_frozen) {
    return HD_OK;
  }
  const double seconds = UPDATE / 1000.0;
  self->recent += ((double)signal - self->recent * seconds) / tau_recent;
  return self->recent < 0 ? maze_ring_forget(self, seconds) : HD_OK;
}

/* `reward_now`: per second. */
static hd_status maze_ring_ms(maze_ring *self, const float *at, int64_t ms, double reward_now) {
  maze_ring_see(self, at);
  HD_TRY(hd_network_step(self->network, 1));
  hd_spiking_value_step(&self->value, self->critic, MAZE_CRITICS, reward_now);
  maze_ring_trace(self);
  self->signal += self->value.error / 1000;
  return ms % UPDATE == UPDATE - 1 ? maze_ring_learn(self) : HD_OK;
}

/* ---- a trial ---- */

/* The eighth of a turn next to where the ring points; of a silent ring a random one. */
static float maze_ring_direction(maze_ring *self) {
  double x = 0, y = 0;
  for (int j = 0; j < MAZE_ACTORS; j++) {
    const double rate = (double)(self->slow[j] - self->fast[j]), angle = 2 * pi * j / MAZE_ACTORS;
    x += rate * cos(angle), y += rate * sin(angle);
  }
  if (x == 0 && y == 0) {
    return (float)(int)(8 * paper_draw(&self->random));
  }
  return (float)(((int)lround(atan2(y, x) / (pi / 4)) + 8) % 8);
}

/* The map shows the ring the direction of the platform, as far as it is trusted. */
static void maze_ring_show(maze_ring *self, const float *at) {
  const double angle = maze_map_angle(&self->map, at);
  for (int j = 0; j < MAZE_ACTORS; j++) {
    const double away = cos(2 * pi * j / MAZE_ACTORS - angle) - 1;
    self->shown[j] = (float)(self->map.trust * shown * exp(shown_narrow * away));
  }
}

static void maze_ring_learn_map(maze_ring *self, const float *from, const float *to,
                                bool is_found) {
  maze_map_move(&self->map, from, to);
  if (is_found) {
    maze_map_find(&self->map, to);
  }
}

/* One step, with what the map learns of it. */
static hd_status maze_ring_step(maze_ring *self, float *at, bool *is_over, bool *is_cut) {
  const float from[2] = {at[0], at[1]};
  double found;
  if (self->kind.has_map) {
    maze_ring_show(self, at);
  }
  for (int64_t ms = 0; ms < STEP; ms++) {
    HD_TRY(maze_ring_ms(self, at, ms, 0));
  }
  const float action = maze_ring_direction(self);
  hd_envs_step(self->envs, &action, at, &found, is_over, is_cut);
  if (self->kind.has_map) {
    maze_ring_learn_map(self, from, at, *is_over);
  }
  return HD_OK;
}

static void maze_ring_begin(maze_ring *self) {
  hd_network_reset_row(self->network, 0);
  maze_map_begin(&self->map);
  memset(self->place, 0, sizeof(float) * MAZE_CELLS);
  memset(self->slow, 0, sizeof self->slow);
  memset(self->fast, 0, sizeof self->fast);
  self->value.slow = self->value.fast = self->value.value = self->signal = 0;
}

/* The reward comes by and by, while the place cells are silent and the value falls to 0. */
static hd_status maze_ring_reward(maze_ring *self) {
  if (self->kind.has_map) {
    memset(self->shown, 0, sizeof(float) * MAZE_ACTORS);
  }
  for (int64_t ms = 0; ms < AFTER; ms++) {
    const double now = (exp(-(double)ms / tau_reward_fades) - exp(-(double)ms / tau_reward_rises)) /
                       (tau_reward_fades - tau_reward_rises);
    HD_TRY(maze_ring_ms(self, NULL, ms, 1000 * reward * now));
  }
  return HD_OK;
}

hd_status maze_ring_trial(maze_ring *self, double *latency) {
  float at[2];
  bool is_over = false, is_cut = false;
  hd_envs_reset(self->envs, at);
  maze_ring_begin(self);
  for (*latency = 0; !is_over && !is_cut; ++*latency) {
    HD_TRY(maze_ring_step(self, at, &is_over, &is_cut));
  }
  return is_over ? maze_ring_reward(self) : HD_OK;
}
