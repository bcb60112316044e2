/* Actor-critic by the policy's gradient: REINFORCE with a baseline, A2C, PPO.
 *
 * Rollouts of n steps in B environments; advantages by GAE; then the actor ascends on
 *   A log pi            (reinforce, lambda = 1; a2c), or
 *   min(r A, clip(r) A) (ppo, r = pi / pi_old),
 * plus the policy's entropy, and the critic descends on (V - G)^2 / 2.
 * Sources: Williams 1992; Mnih et al. 2016; Schulman et al. 2016, 2017. */
#include <string.h>

#include "categorical.h"
#include "policy_gradient.h"

_Static_assert(sizeof(hd__policy_gradient) <= HD_DEEP_OWN, "an algorithm's own fits");

/* Bytes for what gradients need. */
static size_t room(const hd__deep *deep) { return (size_t)deep->settings->memory_limit << 20; }

static hd_status compile(hd__deep *deep) {
  const hd__settings *s = deep->settings;
  hd__stack_def actor, critic;
  HD_TRY(hd__model_actor_def(deep->ctx, deep->config, &actor));
  HD_TRY(hd__model_critic_def(deep->ctx, deep->config, &critic));
  if (s->rollout < 1) {
    return hd__fail(deep->ctx, HD_CONFLICT,
                    "algorithm = %s learns from rollouts; use rollout = 1 or more",
                    deep->desc->name);
  }
  if (deep->n_actions > HD_CATEGORICAL_MAX) {
    return hd__fail(deep->ctx, HD_RANGE, "%s has %d actions, allowed up to %d", deep->env->name,
                    deep->n_actions, HD_CATEGORICAL_MAX);
  }
  actor.n_in = critic.n_in = deep->code.n;
  actor.n_out = deep->n_actions;
  critic.n_out = 1;
  critic.init_readout = 1.0f;
  hd__deep_add_model(deep, "actor", &actor);
  hd__deep_add_model(deep, "critic", &critic);
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  pg->n = (int)s->rollout;
  pg->unit = actor.is_carried ? pg->n : 1;
  pg->is_timely = !hd__policy_is_ppo(deep) && pg->unit == 1;
  HD_TRY(hd__batch_check(deep->ctx, &deep->model[HD_POLICY_ACTOR].stack, pg->unit, room(deep)));
  return hd__batch_check(deep->ctx, &deep->model[HD_POLICY_CRITIC].stack, 1, room(deep));
}

/* What acting leaves is learned from where it stays in the cache. */
static void lay_out_trails(hd__deep *deep, hd__arena *arena) {
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  const hd__stack *actor = &deep->model[HD_POLICY_ACTOR].stack;
  const hd__stack *critic = &deep->model[HD_POLICY_CRITIC].stack;
  const int all = deep->B * pg->n;
  pg->has_trail = pg->is_timely && hd__trail_pays(actor, all, room(deep)) &&
                  hd__trail_pays(critic, all, room(deep));
  if (pg->has_trail) {
    hd__trail_lay_out(&pg->actor_trail, arena, actor, all, pg->x);
    hd__trail_lay_out(&pg->critic_trail, arena, critic, all, pg->x);
  }
}

static void lay_out(hd__deep *deep, hd__arena *arena) {
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  const size_t B = (size_t)deep->B, all = B * (size_t)pg->n, in = (size_t)hd__deep_in(deep);
  const int rows = deep->B > deep->eval_rows ? deep->B : deep->eval_rows;
  hd__batch_def actor = hd__deep_batch(deep, HD_BATCH_LEARNS, hd__policy_units(deep));
  actor.decisions = pg->unit;
  const hd__batch_def critic =
      hd__deep_batch(deep, HD_BATCH_LEARNS, hd__policy_units(deep) * pg->unit);
  hd__model_lay_out(&deep->model[HD_POLICY_ACTOR], arena, HD_MODEL_LEARNS, rows, &actor);
  hd__model_lay_out(&deep->model[HD_POLICY_CRITIC], arena, HD_MODEL_LEARNS, deep->B, &critic);
  pg->slot = hd__arena_field(arena, "rollout.slot", "I64", 1, 1);
  pg->x = hd__arena_field(arena, "rollout.x", "F32", (int64_t)all, (int64_t)in);
  pg->fresh = hd__arena_field(arena, "rollout.fresh", "U8", 1, (int64_t)all);
  pg->choice = hd__arena_field(arena, "rollout.choice", "I32", 1, (int64_t)all);
  pg->log_p = hd__arena_field(arena, "rollout.log_p", "F32", 1, (int64_t)all);
  pg->value = hd__arena_field(arena, "rollout.value", "F32", pg->n, deep->B);
  pg->next_value = hd__arena_field(arena, "rollout.next", "F32", pg->n, deep->B);
  pg->reward = hd__arena_field(arena, "rollout.reward", "F32", pg->n, deep->B);
  pg->ended = hd__arena_field(arena, "rollout.ended", "U8", pg->n, deep->B);
  if (deep->model[HD_POLICY_ACTOR].stack.def.is_carried) {
    const int n_state = deep->model[HD_POLICY_ACTOR].stack.n_state;
    pg->state = hd__arena_field(arena, "rollout.state", "F32", deep->B, n_state);
  }
  lay_out_trails(deep, arena);
  pg->advantage = HD_TAKE(arena, float, all);
  pg->alone = HD_TAKE(arena, int32_t, all);
  pg->next_x = HD_TAKE(arena, float, B *in);
  pg->order = HD_TAKE(arena, int32_t, all);
}

static void start(hd__deep *deep) {
  hd__model_start(&deep->model[HD_POLICY_ACTOR], deep->seed, 0);
  hd__model_start(&deep->model[HD_POLICY_CRITIC], deep->seed, HD_STACK_LAYERS + 1);
}

/* Where the decision of environment b at step `slot` of the rollout lies. */
static size_t place(const hd__policy_gradient *pg, int B, int b, int slot) {
  return pg->is_timely ? (size_t)slot * (size_t)B + (size_t)b
                       : (size_t)b * (size_t)pg->n + (size_t)slot;
}

/* Outputs of both networks. */
static void answer(hd__deep *deep, const float *obs, const float **logit, const float **value) {
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  hd__model *actor = &deep->model[HD_POLICY_ACTOR], *critic = &deep->model[HD_POLICY_CRITIC];
  const int B = deep->B, at = (int)pg->slot[0] * B;
  if (!pg->has_trail) {
    *logit = hd__deep_answer(deep, obs);
    *value = hd__model_answer(critic, B, deep->x);
    return;
  }
  const size_t in = (size_t)hd__deep_in(deep);
  hd__deep_encode(deep, 0, B, obs, pg->x + (size_t)at * in);
  *logit = hd__trail_answer(&pg->actor_trail, actor, at, B, true);
  *value = hd__trail_answer(&pg->critic_trail, critic, at, B, false);
}

static void act(hd__deep *deep, const float *obs, float *action) {
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  const int slot = (int)pg->slot[0], n = deep->n_actions;
  const size_t in = (size_t)hd__deep_in(deep);
  hd__model *actor = &deep->model[HD_POLICY_ACTOR], *critic = &deep->model[HD_POLICY_CRITIC];
  if (slot == 0 && deep->state != NULL) {
    memcpy(pg->state, deep->state, sizeof(float) * (size_t)(deep->B * actor->stack.n_state));
  }
  const float *logit, *value;
  answer(deep, obs, &logit, &value);
  const int most = HD_CATEGORICAL_ROOM / n;
  _Alignas(64) float log_p[HD_CATEGORICAL_ROOM], p[HD_CATEGORICAL_ROOM];
  for (int b = 0; b < deep->B; b++) {
    const int r = b % most;
    if (r == 0) {
      const int rows = deep->B - b < most ? deep->B - b : most;
      deep->kernel->log_softmax(rows, n, actor->stack.out_pad,
                                logit + (size_t)b * (size_t)actor->stack.out_pad, log_p, p);
    }
    const size_t at = place(pg, deep->B, b, slot);
    const float u = hd__uniform24(hd__deep_key(deep, b, 0), 0);
    const int choice = hd__categorical_draw(n, p + r * n, u);
    if (!pg->has_trail) {
      memcpy(pg->x + at * in, deep->x + (size_t)b * in, sizeof(float) * in);
    }
    pg->fresh[at] = deep->fresh[b];
    pg->choice[at] = choice;
    pg->log_p[at] = log_p[r * n + choice];
    pg->value[slot * deep->B + b] = value[b * critic->stack.out_pad];
    action[b] = hd__deep_action(deep, choice);
    if (slot > 0 && !pg->ended[(slot - 1) * deep->B + b]) {
      pg->next_value[(slot - 1) * deep->B + b] = pg->value[slot * deep->B + b];
    }
  }
}

/* ---- experience ---- */

/* Where an episode goes on, the value of what follows is that of the next decision's observation,
 * which `act` fills in; only what no decision of this rollout will see is valued here. */
static void value_next(hd__deep *deep, const hd__moment *moment) {
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  const int B = deep->B, slot = (int)pg->slot[0];
  bool is_cut = slot + 1 == pg->n;
  for (int b = 0; b < B; b++) {
    is_cut = is_cut || (moment->truncated[b] && !moment->terminated[b]);
    pg->next_value[slot * B + b] = 0.0f;
  }
  if (!is_cut) {
    return;
  }
  hd__model *critic = &deep->model[HD_POLICY_CRITIC];
  hd__deep_encode(deep, 0, B, moment->next, pg->next_x);
  const float *next = hd__model_answer(critic, B, pg->next_x);
  for (int b = 0; b < B; b++) {
    if (!moment->terminated[b]) {
      pg->next_value[slot * B + b] = next[b * critic->stack.out_pad];
    }
  }
}

static hd_status tell(hd__deep *deep, const hd__moment *moment) {
  hd__policy_gradient *pg = hd__policy_gradient_of(deep);
  const int B = deep->B, slot = (int)pg->slot[0];
  value_next(deep, moment);
  for (int b = 0; b < B; b++) {
    const int at = slot * B + b;
    pg->reward[at] = hd__normaliser_reward(&deep->reward_norm, moment->reward[b]);
    pg->ended[at] = moment->terminated[b] || moment->truncated[b];
  }
  pg->slot[0] = slot + 1;
  if (slot + 1 < pg->n) {
    return HD_OK;
  }
  pg->slot[0] = 0;
  return hd__policy_learn(deep);
}

static bool is_sound(const hd__deep *deep) {
  const hd__policy_gradient *pg = (const hd__policy_gradient *)deep->own;
  bool is_sound = pg->slot[0] >= 0 && pg->slot[0] < pg->n;
  for (int k = 0; is_sound && k < deep->B * pg->n; k++) {
    is_sound = pg->choice[k] >= 0 && pg->choice[k] < deep->n_actions;
  }
  return is_sound;
}

static void choose(const hd__deep *deep, const float *out, float *action) {
  action[0] = hd__deep_action(deep, hd__categorical_best(deep->n_actions, out));
}

#define POLICY_GRADIENT(name_, doc_, source_) \
  const hd__deep_desc hd__deep_##name_ = {    \
      .name = #name_,                         \
      .doc = doc_,                            \
      .source = source_,                      \
      .takes_discrete = true,                 \
      .compile = compile,                     \
      .lay_out = lay_out,                     \
      .start = start,                         \
      .act = act,                             \
      .tell = tell,                           \
      .choose = choose,                       \
      .is_sound = is_sound,                   \
  };
POLICY_GRADIENT(reinforce,
                "returns against a learned baseline; the critic ends what a rollout cuts",
                "Williams 1992")
POLICY_GRADIENT(a2c, "advantage actor-critic", "Mnih et al. 2016; Schulman et al. 2016")
POLICY_GRADIENT(ppo, "actor-critic with a clipped probability ratio", "Schulman et al. 2017")
