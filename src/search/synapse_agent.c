#include "synapse_agent.h"

#include <string.h>

#include "steps.h"
#include "synapse_payment.h"
#include "synapse_sites.h"
#include "synapse_values.h"

/* Every synapse is an agent that moves its weight a step down, not at all, or a step up, and learns
 * by Q-learning what that is worth:
 *   Q(s, a) += alpha (R + gamma max_b Q(s', b) - Q(s, a))
 * Agents come one after the other, so a shared table has learned from the first when the second
 * looks. Synapses that are not drawn to move neither choose nor learn. After Zheng et al. 2026, strategy A, and Bhargava et al. 2022; which features each of the
 * paper's five designs has is reconstructed. */
enum { TABLE_MAX = 1 << 28, HISTORY_MAX = 8 };
enum { DRAW_MOVE, DRAW_TIE, DRAW_START };

typedef struct synapse_agent_state {
  hd__steps steps;
  hd__values values;
  int n_policies;
  int64_t n_theta;                /* of one policy */
  int n_action_histories, n_reward_histories; /* 3^actions, 3^rewards */
  int n_places;
  float *theta;            /* [n_policies][n_theta] */
  int32_t *actions;        /* [n_pad] past moves, the last one the lowest digit of base 3 */
  int64_t *rewards;        /* [1] past payments' signs, the same way */
  int32_t *state;          /* [n_pad] what was seen before it, */
  float *phi;              /* [n][n_phi] or as features */
  hd__return_statistics *returns;        /* [1] */
  float *before;           /* [n_pad] weights before the last move, if asked for */
  int32_t *place, *policy; /* [n] */
  float *coordinate;       /* [n][HD_COORDINATES], or NULL */
  float *phi_now;             /* [n_phi] */
} synapse_agent_state;

static int synapse_agent_power3(int n) {
  int p = 1;
  for (int i = 0; i < n; i++) {
    p *= 3;
  }
  return p;
}

static int synapse_agent_count_dynamics(const hd__agent_def *agent) {
  return __builtin_popcount(agent->dynamics);
}

/* ---- definition ---- */

static bool synapse_agent_is_table(const hd__agent_def *agent) { return agent->values == HD_VALUES_TABLE; }

static bool synapse_agent_is_counterfactual(const hd__search *search) {
  return search->def.agent.payment == HD_PAYMENT_COUNTERFACTUAL;
}

static bool synapse_agent_has_coordinates(const hd__agent_def *agent) {
  return !synapse_agent_is_table(agent) && agent->position != HD_POSITION_NONE;
}

/* Past moves, past payments, their products; the weight and its square; where it is; dynamics. */
static int synapse_agent_count_phi(const hd__agent_def *agent) {
  const int products = agent->actions < agent->rewards ? agent->actions : agent->rewards;
  return 1 + agent->actions + agent->rewards + products + (agent->weight_bins > 0 ? 2 : 0) +
         (synapse_agent_has_coordinates(agent) ? HD_COORDINATES : 0) + synapse_agent_count_dynamics(agent);
}

static int64_t synapse_agent_count_states(const hd__search *search) {
  const hd__agent_def *agent = &search->def.agent;
  return (int64_t)synapse_agent_power3(agent->actions + agent->rewards) *
         (agent->weight_bins > 0 ? agent->weight_bins : 1) * synapse_agent_power3(synapse_agent_count_dynamics(agent)) *
         hd__sites_places(search);
}

static void synapse_agent_derive(const hd__search *search, synapse_agent_state *self) {
  const hd__agent_def *agent = &search->def.agent;
  self->values = (hd__values){.kind = agent->values, .hidden = agent->hidden};
  if (synapse_agent_is_table(agent)) {
    self->values.n_states = (int)synapse_agent_count_states(search);
  } else {
    self->values.n_phi = synapse_agent_count_phi(agent);
  }
  self->n_policies = hd__sites_policies(search);
  self->n_theta = hd__values_size(&self->values);
  self->n_action_histories = synapse_agent_power3(agent->actions);
  self->n_reward_histories = synapse_agent_power3(agent->rewards);
  self->n_places = hd__sites_places(search);
}

static hd_status synapse_agent_measure(hd_ctx *ctx, hd__search *search) {
  const hd__agent_def *agent = &search->def.agent;
  if (agent->actions < 0 || agent->actions > HISTORY_MAX || agent->rewards < 0 ||
      agent->rewards > HISTORY_MAX) {
    return hd__fail(ctx, HD_RANGE, "agents remember %d moves and %d payments, allowed 0 to %d",
                    agent->actions, agent->rewards, HISTORY_MAX);
  }
  if (agent->hidden < 1 || agent->hidden > HD_VALUES_HIDDEN) {
    return hd__fail(ctx, HD_RANGE, "agents' networks have %d neurons, allowed 1 to %d",
                    agent->hidden, HD_VALUES_HIDDEN);
  }
  if (synapse_agent_is_table(agent) && agent->position == HD_POSITION_CONTINUOUS) {
    return hd__fail(ctx, HD_CONFLICT,
                    "a table has no place for coordinates: use position layer, coarse or full, or "
                    "other values than a table");
  }
  if (!synapse_agent_is_table(agent) && agent->position == HD_POSITION_FULL) {
    return hd__fail(ctx, HD_CONFLICT,
                    "a line per synapse asks for a table: use values = table, or position "
                    "continuous");
  }
  if (synapse_agent_is_table(agent) &&
      synapse_agent_count_states(search) * hd__sites_policies(search) > (int64_t)TABLE_MAX / HD_MOVES) {
    return hd__fail(ctx, HD_RANGE, "the agents' table has %lld states, allowed up to %d",
                    (long long)(synapse_agent_count_states(search) * hd__sites_policies(search)),
                    TABLE_MAX / HD_MOVES);
  }
  search->n_candidates = synapse_agent_is_counterfactual(search) ? 1 + search->n : 1;
  return HD_OK;
}

/* ---- memory ---- */

static void synapse_agent_lay_out(hd__search *search, hd__arena *arena) {
  const hd__agent_def *agent = &search->def.agent;
  const int n = search->n, n_pad = search->n_pad;
  synapse_agent_state one;
  synapse_agent_derive(search, &one);
  one.theta = hd__arena_field(arena, "policy", "F32", one.n_policies, one.n_theta);
  one.actions = hd__arena_field(arena, "search.actions", "I32", 1, n_pad);
  one.rewards = hd__arena_field(arena, "search.rewards", "I64", 1, 1);
  one.state = hd__arena_field(arena, "search.state", "I32", 1, n_pad);
  one.phi =
      synapse_agent_is_table(agent) ? NULL : hd__arena_field(arena, "search.phi", "F32", n, one.values.n_phi);
  one.returns = hd__arena_field(arena, "search.payment", "F64", 1, sizeof(hd__return_statistics) / 8);
  one.before =
      synapse_agent_is_counterfactual(search) ? hd__arena_field(arena, "search.before", "F32", 1, n_pad) : NULL;
  one.steps = hd__steps_lay_out(search, arena);
  one.place = HD_TAKE(arena, int32_t, n);
  one.policy = HD_TAKE(arena, int32_t, n);
  one.coordinate = synapse_agent_has_coordinates(agent) ? HD_TAKE(arena, float, n *HD_COORDINATES) : NULL;
  one.phi_now = HD_TAKE(arena, float, synapse_agent_count_phi(agent));
  synapse_agent_state *self = search->state = HD_TAKE(arena, synapse_agent_state, 1);
  for (int d = 0; d < HD_DYNAMICS; d++) {
    const bool is_seen = (agent->dynamics >> d & 1) != 0;
    search->dynamics[d] =
        is_seen ? hd__arena_field(arena, "search.dynamics", "F32", 1, n_pad) : NULL;
  }
  if (self != NULL) {
    *self = one;
  }
}

float *hd__synapse_policy(const hd__search *search, int64_t *n) {
  const synapse_agent_state *self = search->state;
  *n = self->n_policies * self->n_theta;
  return self->theta;
}

/* Weights begin within their bounds. Before the first move nothing has moved and nothing was paid:
 * digits of 1. */
static void synapse_agent_start(hd__search *search) {
  const synapse_agent_state *self = search->state;
  for (int p = 0; p < self->n_policies; p++) {
    const hd__key key = hd__key_make(search->def.seed, HD_STREAM_SEARCH, DRAW_START, (uint64_t)p);
    hd__values_start(&self->values, key, self->theta + p * self->n_theta);
  }
  for (int k = 0; k < search->n_pad; k++) {
    self->actions[k] = (self->n_action_histories - 1) / 2;
  }
  for (int k = 0; k < search->n; k++) {
    search->w[k] = hd__clampf(search->w[k], -search->def.w_max, search->def.w_max);
  }
  *self->rewards = (self->n_reward_histories - 1) / 2;
  *self->returns = (hd__return_statistics){0};
  hd__steps_start(search, &self->steps);
  hd__sites_fill(search, self->place, self->policy, self->coordinate);
}

/* Member 1 + k undoes the last move of synapse k. */
static void synapse_agent_ask(const hd__search *search, int candidate, float *w) {
  const synapse_agent_state *self = search->state;
  hd__steps_ask(search, candidate, w);
  if (candidate > 0 && search->counters->generation > 0) {
    w[candidate - 1] = self->before[candidate - 1];
  }
}

/* ---- what a synapse sees ---- */

/* A digit of base 3: below, within or above +-cut. */
static int synapse_agent_ternary_digit(float x, float cut) { return x > cut ? 2 : x < -cut ? 0 : 1; }

#define HD_DYNAMICS_CUT(id, name, cut, doc) cut,
static const float dynamics_cut[] = {HD_DYNAMICS_LIST(HD_DYNAMICS_CUT)};
#undef HD_DYNAMICS_CUT

static int synapse_agent_weight_bin(const hd__search *search, int k) {
  const int bins = search->def.agent.weight_bins;
  const float share = (search->w[k] / search->def.w_max + 1.0f) * 0.5f;
  const int bin = (int)(share * (float)bins);
  return bin < bins ? bin : bins - 1;
}

static int32_t synapse_agent_number(const hd__search *search, const synapse_agent_state *self, int k) {
  int state = self->actions[k] * self->n_reward_histories + (int)*self->rewards;
  for (int d = 0; d < HD_DYNAMICS; d++) {
    if (search->dynamics[d] != NULL) {
      state = state * 3 + synapse_agent_ternary_digit(search->dynamics[d][k], dynamics_cut[d]);
    }
  }
  if (search->def.agent.weight_bins > 0) {
    state = state * search->def.agent.weight_bins + synapse_agent_weight_bin(search, k);
  }
  return state * self->n_places + self->place[k];
}

static void synapse_agent_features(const hd__search *search, const synapse_agent_state *self, int k, float *phi) {
  const hd__agent_def *agent = &search->def.agent;
  float *action = phi + 1, *reward = action + agent->actions;
  *phi = 1.0f;
  for (int i = 0, history = self->actions[k]; i < agent->actions; i++, history /= 3) {
    action[i] = (float)(history % 3 - 1);
  }
  for (int i = 0, history = (int)*self->rewards; i < agent->rewards; i++, history /= 3) {
    reward[i] = (float)(history % 3 - 1);
  }
  phi = reward + agent->rewards;
  for (int i = 0; i < agent->actions && i < agent->rewards; i++) {
    *phi++ = action[i] * reward[i];
  }
  if (agent->weight_bins > 0) {
    const float share = search->w[k] / search->def.w_max;
    *phi++ = share;
    *phi++ = share * share;
  }
  for (int i = 0; i < HD_COORDINATES && self->coordinate != NULL; i++) {
    *phi++ = self->coordinate[k * HD_COORDINATES + i];
  }
  for (int d = 0; d < HD_DYNAMICS; d++) {
    if (search->dynamics[d] != NULL) {
      *phi++ = hd__clampf(search->dynamics[d][k], -1.0f, 1.0f);
    }
  }
}

/* What synapse k saw before its last move; what it sees now. */
static hd__synapse_obs synapse_agent_obs_before(const synapse_agent_state *self, int k) {
  return (hd__synapse_obs){
      .state = self->state[k],
      .phi = self->phi != NULL ? self->phi + (size_t)k * (size_t)self->values.n_phi : NULL};
}

static hd__synapse_obs synapse_agent_obs_now(const hd__search *search, const synapse_agent_state *self, int k) {
  if (self->phi == NULL) {
    return (hd__synapse_obs){.state = synapse_agent_number(search, self, k)};
  }
  synapse_agent_features(search, self, k, self->phi_now);
  return (hd__synapse_obs){.phi = self->phi_now};
}

static void synapse_agent_keep_obs(const synapse_agent_state *self, int k, hd__synapse_obs obs) {
  self->state[k] = obs.state;
  if (self->phi != NULL) {
    memcpy(self->phi + (size_t)k * (size_t)self->values.n_phi, obs.phi,
           sizeof(float) * (size_t)self->values.n_phi);
  }
}

/* ---- learning and moving ---- */

static float *synapse_agent_theta_of(const synapse_agent_state *self, int k) {
  return self->theta + self->policy[k] * self->n_theta;
}

static float synapse_agent_paid(const hd__search *search, int k, float payment) {
  return synapse_agent_is_counterfactual(search)
             ? hd__payment_sign(search->returns[0] - search->returns[1 + k], 0.0f)
             : payment;
}

static void synapse_agent_learn(const hd__search *search, const synapse_agent_state *self, float payment) {
  const float gamma = search->def.agent.gamma, alpha = search->def.alpha;
  const bool learns = search->counters->generation > 0 && !search->def.agent.is_frozen;
  for (int k = 0; k < search->n; k++) {
    const hd__synapse_obs obs = synapse_agent_obs_now(search, self, k);
    if (learns && hd__steps_has(search, &self->steps, k)) {
      float ahead[HD_MOVES], q[HD_MOVES];
      hd__values_q(&self->values, synapse_agent_theta_of(self, k), obs, ahead);
      hd__values_q(&self->values, synapse_agent_theta_of(self, k), synapse_agent_obs_before(self, k), q);
      const float best = hd__maxf(ahead[0], hd__maxf(ahead[1], ahead[2]));
      const int move = (int)self->steps.move[k] + 1;
      const float error = synapse_agent_paid(search, k, payment) + gamma * best - q[move];
      hd__values_learn(&self->values, synapse_agent_obs_before(self, k), move, alpha, error, synapse_agent_theta_of(self, k));
    }
    synapse_agent_keep_obs(self, k, obs);
  }
}

/* The best of three, ties by lot. */
static int synapse_agent_best_move(const float q[HD_MOVES], uint32_t lot) {
  const float best = hd__maxf(q[0], hd__maxf(q[1], q[2]));
  int tied[HD_MOVES], n = 0;
  for (int a = 0; a < HD_MOVES; a++) {
    tied[n] = a;
    n += q[a] == best;
  }
  return tied[(uint64_t)lot * (uint64_t)n >> 32];
}

static void synapse_agent_choose(const hd__search *search, const synapse_agent_state *self) {
  const float epsilon = search->epsilon;
  const hd__key ties = hd__search_key(search, DRAW_TIE);
  search->kernel->noise(search->n_pad, hd__search_key(search, DRAW_MOVE), 0, self->steps.noise);
  for (int k = 0; k < search->n; k++) {
    if (!hd__steps_has(search, &self->steps, k)) {
      continue;
    }
    const float u = self->steps.noise[k] * 3.0f;
    int a = u < epsilon ? 0 : u < 2.0f * epsilon ? 1 : 2;
    if (u >= 3.0f * epsilon) {
      float q[HD_MOVES];
      hd__values_q(&self->values, synapse_agent_theta_of(self, k), synapse_agent_obs_before(self, k), q);
      a = synapse_agent_best_move(q, hd__word(ties, (uint32_t)k));
    }
    self->steps.move[k] = (float)(a - 1);
    self->actions[k] = (self->actions[k] * 3 + a) % self->n_action_histories;
  }
}

/* The payment for the last move, and the return that the next is compared with. */
static float synapse_agent_pay(hd__search *search, const synapse_agent_state *self) {
  const float payment =
      hd__payment_next(search->def.agent.payment, self->returns, search->returns[0]);
  hd__steps_change(search, &self->steps);
  self->returns->last = *self->steps.reference;
  return payment;
}

static void synapse_agent_tell(hd__search *search) {
  const synapse_agent_state *self = search->state;
  const float payment = synapse_agent_pay(search, self);
  *self->rewards = (*self->rewards * 3 + synapse_agent_ternary_digit(payment, 0.0f)) % self->n_reward_histories;
  synapse_agent_learn(search, self, payment);
  hd__steps_draw(search, &self->steps);
  synapse_agent_choose(search, self);
  if (self->before != NULL) {
    memcpy(self->before, search->w, sizeof(float) * (size_t)search->n_pad);
  }
  hd__steps_move(search, &self->steps);
}

/* Numbers that are looked up in tables. */
static bool synapse_agent_is_consistent(const hd__search *search) {
  const synapse_agent_state *self = search->state;
  bool is = *self->rewards >= 0 && *self->rewards < self->n_reward_histories;
  for (int k = 0; k < search->n; k++) {
    const float move = self->steps.move[k];
    is = is && self->actions[k] >= 0 && self->actions[k] < self->n_action_histories &&
         (move == -1.0f || move == 0.0f || move == 1.0f) && self->state[k] >= 0 &&
         (self->phi != NULL || self->state[k] < self->values.n_states) &&
         search->w[k] >= -search->def.w_max && search->w[k] <= search->def.w_max;
  }
  return is;
}

const hd__search_desc hd__search_synapse_agent = {
    .name = "synapse-agent",
    .doc = "every synapse moves its own weight and learns what its moves are worth",
    .source = "after Zheng et al. 2026; Bhargava et al. 2022",
    .is_sequential = true,
    .reads = HD_SEARCH_READS_MOVE | HD_SEARCH_READS_EPSILON | HD_SEARCH_READS_ALPHA | HD_SEARCH_READS_SYNAPSES,
    .measure = synapse_agent_measure,
    .lay_out = synapse_agent_lay_out,
    .start = synapse_agent_start,
    .ask = synapse_agent_ask,
    .tell = synapse_agent_tell,
    .is_consistent = synapse_agent_is_consistent,
};
