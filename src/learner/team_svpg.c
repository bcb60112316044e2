/* Spiking variational policy gradient: winner-take-all groups of units that settle together.
 *   E(v) = -(v'Wv + s'Ws v + b'v)     energy of one-hot groups v under inputs s; W is symmetric and
 *                                     0 within a group; the last group has a unit per action
 *   q_g  = softmax_g(2 W q + Ws s + b)   mean field: at most 50 rounds, until q moves by .005
 *   v_g ~ q_g, and the action from q of the last group
 *   d W_ij = q_i (v_j - q_j) + q_j (v_i - q_i),  d Ws_ij = s_i (v_j - q_j),  d b_j = v_j - q_j
 * each times the signal. By spikes, in so many substeps: inputs are drawn, every group fires one
 * spike from softmax(2 W r + Ws s + b), where r and s are rates over the last `window` substeps;
 * the last spikes are v, the action's among them, and their probabilities q.
 * All weights begin at 0. After Yang et al. 2022, of which a summary was at hand: plain steps in
 * place of RMSprop, traces and the TD error of a value that is linear in the inputs in place of
 * returns, and q as the last probabilities of spikes, are Hedon's own. */
#include <math.h>
#include <string.h>

#include "team.h"

enum { SVPG_ROUNDS = 50 };
static const float svpg_still = 0.005f;

static int svpg_units(const hd__team_def *d) {
  return (d->n_hidden > 0 ? d->hidden[0] : 0) + d->n_actions;
}

/* Where the group of unit j begins, and how many units it has. */
static int svpg_group(const hd__team_def *d, int j, int *n) {
  const int n_hidden = svpg_units(d) - d->n_actions;
  *n = j < n_hidden ? d->group : d->n_actions;
  return j < n_hidden ? j - j % d->group : n_hidden;
}

/* W [n][n], Ws and b [n][n_in + 1], the critic's [n_in + 1]. */
static void svpg_measure(hd__team *team) {
  const int n = svpg_units(&team->def), n_x = team->def.n_in + 1;
  const int window = team->def.steps > 0 ? team->def.window : 0;
  team->n_agents = 1;
  team->n_weights = (size_t)(n * n + n * n_x + n_x);
  team->n_kept = 4 * n + n_x + window * (n + n_x);
}

static void svpg_start(const hd__team *team, uint64_t seed, float scale, float out_scale) {
  (void)seed, (void)scale, (void)out_scale;
  memset(team->w, 0, sizeof(float) * team->n_weights);
}

/* ---- a decision ---- */

typedef struct svpg_state {
  int n, n_x;
  const float *W, *Ws, *C;
  float *q, *v, *r, *drive; /* [n] probabilities, who won, rates, sums */
  float *s;                 /* [n_x] inputs, or their rates */
  float *spikes;            /* [window][n + n_x] */
} svpg_state;

static svpg_state svpg_of(const hd__team *team, const float *w, const hd__team_step *step) {
  svpg_state state = {.n = svpg_units(&team->def), .n_x = team->def.n_in + 1, .W = w};
  state.Ws = w + state.n * state.n;
  state.C = state.Ws + state.n * state.n_x;
  state.q = step->kept;
  state.v = state.q + state.n;
  state.r = state.v + state.n;
  state.drive = state.r + state.n;
  state.s = state.drive + state.n;
  state.spikes = state.s + state.n_x;
  return state;
}

static float svpg_dot(int n, const float *a, const float *b) {
  float sum = 0.0f;
  for (int k = 0; k < n; k++) {
    sum += a[k] * b[k];
  }
  return sum;
}

/* q from rates r and inputs s; returns the mean distance of q from what it was. */
static float svpg_settle(const hd__team_def *d, const svpg_state *state) {
  float moved = 0.0f;
  int n;
  for (int j = 0; j < state->n; j++) {
    state->drive[j] = svpg_dot(state->n_x, state->Ws + j * state->n_x, state->s) +
                      2.0f * svpg_dot(state->n, state->W + j * state->n, state->r);
  }
  for (int j = 0; j < state->n; j += n) {
    svpg_group(d, j, &n);
    hd__team_softmax(n, state->drive + j);
  }
  for (int j = 0; j < state->n; j++) {
    moved += fabsf(state->drive[j] - state->q[j]) / (float)state->n;
    state->q[j] = state->drive[j];
  }
  return moved;
}

/* One winner in every group, by draws of this key from `first` on. */
static void svpg_win(const hd__team_def *d, const svpg_state *state, hd__key key, uint32_t first) {
  int n;
  memset(state->v, 0, sizeof(float) * (size_t)state->n);
  for (int j = 0; j < state->n; j += n) {
    svpg_group(d, j, &n);
    const float uniform = hd__uniform24(key, first + (uint32_t)j);
    state->v[j + hd__team_draw(n, state->q + j, uniform)] = 1.0f;
  }
}

static void svpg_even(const hd__team_def *d, const svpg_state *state) {
  int n;
  for (int j = 0; j < state->n; j++) {
    svpg_group(d, j, &n);
    state->q[j] = state->r[j] = 1.0f / (float)n;
  }
}

static void svpg_mean_field(const hd__team_def *d, const svpg_state *state, const float *x) {
  memcpy(state->s, x, sizeof(float) * (size_t)state->n_x);
  for (int k = 0; k < SVPG_ROUNDS && svpg_settle(d, state) >= svpg_still; k++) {
    memcpy(state->r, state->q, sizeof(float) * (size_t)state->n);
  }
}

/* Rates over the spikes kept, of which there are n_kept: of `n` lines from `first` on. */
static void svpg_rates(const svpg_state *state, int n_kept, int first, int n, float *rate) {
  const int width = state->n + state->n_x;
  for (int j = 0; j < n; j++) {
    rate[j] = 0.0f;
    for (int k = 0; k < n_kept; k++) {
      rate[j] += state->spikes[k * width + first + j] / (float)n_kept;
    }
  }
}

static void svpg_spike(const hd__team_def *d, const svpg_state *state, const float *x,
                       hd__key key) {
  const int width = state->n + state->n_x;
  for (int t = 0; t < d->steps; t++) {
    const uint32_t first = (uint32_t)(t * width);
    const int n_kept = t < d->window ? t + 1 : d->window;
    float *now = state->spikes + t % d->window * width;
    for (int i = 0; i < state->n_x; i++) {
      const float uniform = hd__uniform24(key, first + (uint32_t)(state->n + i));
      now[state->n + i] = uniform < x[i] ? 1.0f : 0.0f;
    }
    svpg_rates(state, n_kept, state->n, state->n_x, state->s);
    svpg_settle(d, state);
    svpg_win(d, state, key, first);
    memcpy(now, state->v, sizeof(float) * (size_t)state->n);
    svpg_rates(state, n_kept, 0, state->n, state->r);
  }
}

static void svpg_forward(const hd__team *team, const float *w, hd__key key,
                         const hd__team_step *step) {
  const hd__team_def *d = &team->def;
  const svpg_state state = svpg_of(team, w, step);
  svpg_even(d, &state);
  if (d->steps > 0) {
    svpg_spike(d, &state, step->x, key);
  } else {
    svpg_mean_field(d, &state, step->x);
    svpg_win(d, &state, key, 0);
  }
  memcpy(step->pi, state.q + state.n - d->n_actions, sizeof(float) * (size_t)d->n_actions);
  step->value[0] = svpg_dot(state.n_x, state.C, step->x);
  step->local[0] = 0.0f;
}

/* ---- learning ---- */

/* The action taken has won in the last group. */
static void svpg_act(const hd__team_def *d, const svpg_state *state, int action) {
  float *last = state->v + state->n - d->n_actions;
  for (int a = 0; a < d->n_actions; a++) {
    last[a] = a == action ? 1.0f : 0.0f;
  }
}

static void svpg_trace(const hd__team *team, const hd__team_step *step, int action, float keep,
                       float share, float *z) {
  const hd__team_def *d = &team->def;
  const svpg_state s = svpg_of(team, team->w, step);
  float *zs = z + s.n * s.n, *zc = zs + s.n * s.n_x;
  svpg_act(d, &s, action);
  for (size_t k = 0; k < team->n_weights; k++) {
    z[k] *= keep;
  }
  for (int j = 0; j < s.n; j++) {
    const float error = s.v[j] - s.q[j];
    int n;
    const int own = svpg_group(d, j, &n);
    for (int i = 0; i < s.n; i++) {
      const bool is_own = i >= own && i < own + n;
      z[j * s.n + i] += is_own ? 0.0f : s.q[i] * error + s.q[j] * (s.v[i] - s.q[i]);
    }
    for (int i = 0; i < s.n_x; i++) {
      zs[j * s.n_x + i] += s.s[i] * error;
    }
  }
  for (int i = 0; i < s.n_x; i++) {
    zc[i] += share * step->x[i];
  }
}

static void svpg_learn(const hd__team *team, float rate, const float *delta, const float *z,
                       bool learns_hidden) {
  const int n = svpg_units(&team->def), n_x = team->def.n_in + 1;
  const int first = learns_hidden ? 0 : n - team->def.n_actions;
  for (int j = 0; j < n; j++) {
    for (int i = 0; i < n; i++) {
      const bool learns = j >= first || i >= first;
      team->w[j * n + i] += learns ? rate * delta[0] * z[j * n + i] : 0.0f;
    }
  }
  for (size_t k = (size_t)(n * n + first * n_x); k < team->n_weights; k++) {
    team->w[k] += rate * delta[0] * z[k];
  }
}

const hd__team_desc hd__team_svpg = {svpg_measure, svpg_start, svpg_forward, svpg_trace,
                                     svpg_learn};
