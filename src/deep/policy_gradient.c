/* The policy's gradient: REINFORCE with a baseline, A2C, PPO.
 *
 * Rollouts of n steps in B environments, or of one whole episode (reinforce); advantages by GAE,
 * with lambda = 1 those of whole returns (reinforce); then the actor ascends on A log pi
 * (reinforce, a2c), or min(r A, clip(r) A) (ppo, r = pi / pi_old), plus the policy's entropy, and
 * the critic descends on (V - G)^2 / 2.
 *
 * Layers that are agents (stack.h) have logits each, whose sum acts, and so has the critic: layer l
 * of the actor is told the advantage by what layer l of the critic says. What layers of the actor
 * did in the decision before is a part of what both see, and of the rollout, as it was then.
 *
 * Sources: Williams 1992; Mnih et al. 2016; Schulman et al. 2016, 2017; Guan et al. 2024 (layers
 * with errors of their own, of values; theirs do not spike). */
#include <string.h>

#include "categorical.h"
#include "policy_gradient.h"

_Static_assert(sizeof(hd__policy_gradient) <= HD_GRADIENT_RL_STATE, "an algorithm's own fits");

/* Bytes for what gradients need. */
static size_t policy_gradient_room(const hd__gradient_rl *rl) {
  return (size_t)rl->settings->memory_limit << 20;
}

/* A rollout that holds any episode, of one environment. */
static hd_status policy_gradient_check_episodic(const hd__gradient_rl *rl, bool is_carried) {
  const hd__settings *s = rl->settings;
  if (rl->B != 1) {
    return hd__fail(
        rl->ctx, HD_CONFLICT,
        "algorithm = reinforce learns from one episode after the other; use envs = 1, or "
        "algorithm = a2c");
  }
  if (is_carried) {
    return hd__fail(
        rl->ctx, HD_CONFLICT,
        "algorithm = reinforce learns from episodes of any length, and gradients through "
        "a state that is carried on need a fixed one; use carry = false, or algorithm = "
        "a2c");
  }
  if (rl->env->max_steps > s->rollout) {
    return hd__fail(
        rl->ctx, HD_CONFLICT,
        "algorithm = reinforce learns from whole episodes, which last up to %d steps on "
        "%s; use rollout = %d or more, or algorithm = a2c",
        rl->env->max_steps, rl->env->name, rl->env->max_steps);
  }
  return HD_OK;
}

static hd_status policy_gradient_check_choices(const hd__gradient_rl *rl) {
  if (rl->n_actions > HD_CATEGORICAL_MAX) {
    return hd__fail(rl->ctx, HD_RANGE, "%s has %d actions, allowed up to %d", rl->env->name,
                    rl->n_actions, HD_CATEGORICAL_MAX);
  }
  if (hd__policy_room(rl) < 1) {
    const int most = HD_CATEGORICAL_ROOM / HD_PAD(rl->n_actions);
    return hd__fail(rl->ctx, HD_RANGE,
                    "%s has %d action components of %d choices each, allowed up to %d such "
                    "components; use fewer action_levels, or algorithm = sac",
                    rl->env->name, rl->env->n_act, rl->n_actions, most);
  }
  return HD_OK;
}

/* Every layer of the actor that is an agent has a layer of the critic. */
static hd_status policy_gradient_pair_layers(const hd__gradient_rl *rl, const hd__stack_def *actor,
                                             hd__stack_def *critic) {
  if (actor->has_agents && critic->n_layers != actor->n_layers) {
    return hd__fail(rl->ctx, HD_CONFLICT,
                    "layer.agents = true gives each of %d hidden layers a layer of the critic, and "
                    "critic.hidden has %d; use as many",
                    actor->n_layers, critic->n_layers);
  }
  if (actor->has_agents && actor->is_carried) {
    return hd__fail(rl->ctx, HD_CONFLICT,
                    "layer.agents = true learns from single decisions, and carry = true asks what "
                    "came before; use carry = false");
  }
  critic->has_agents = actor->has_agents;
  critic->is_local = actor->is_local;
  return HD_OK;
}

static hd_status policy_gradient_compile(hd__gradient_rl *rl) {
  const hd__settings *s = rl->settings;
  hd__stack_def actor, critic;
  HD_TRY(hd__model_actor_def(rl->ctx, rl->config, &actor));
  HD_TRY(hd__model_agents_def(rl->ctx, s, &actor));
  HD_TRY(hd__model_critic_def(rl->ctx, rl->config, &critic));
  HD_TRY(policy_gradient_pair_layers(rl, &actor, &critic));
  if (s->rollout < 1) {
    return hd__fail(rl->ctx, HD_CONFLICT,
                    "algorithm = %s learns from rollouts; use rollout = 1 or more", rl->desc->name);
  }
  HD_TRY(policy_gradient_check_choices(rl));
  if (hd__policy_is_episodic(rl)) {
    HD_TRY(policy_gradient_check_episodic(rl, actor.is_carried));
  }
  actor.n_in = rl->code.n;
  actor.n_out = rl->n_actions * hd__policy_choices(rl);
  critic.n_out = 1;
  critic.init_readout = 1.0f;
  const hd__stack *acting = &hd__gradient_rl_add_model(rl, "actor", &actor)->stack;
  critic.n_in = acting->n_above > 0 ? acting->in_pad : rl->code.n;
  hd__gradient_rl_add_model(rl, "critic", &critic);
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  pg->heads = acting->n_heads;
  pg->n = (int)s->rollout;
  pg->shuffle = (hd__signal_shuffle){.is_on = s->shuffle_signal, .seed = rl->seed};
  pg->unit = actor.is_carried ? pg->n : 1;
  pg->is_step_major = !hd__policy_is_ppo(rl) && pg->unit == 1;
  HD_TRY(hd__batch_check(rl->ctx, &rl->model[HD_POLICY_ACTOR].stack, pg->unit,
                         policy_gradient_room(rl)));
  return hd__batch_check(rl->ctx, &rl->model[HD_POLICY_CRITIC].stack, 1, policy_gradient_room(rl));
}

/* What acting leaves is learned from where it stays in the cache. */
static void policy_gradient_lay_out_trails(hd__gradient_rl *rl, hd__arena *arena) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const hd__stack *actor = &rl->model[HD_POLICY_ACTOR].stack;
  const hd__stack *critic = &rl->model[HD_POLICY_CRITIC].stack;
  const int all = rl->B * pg->n;
  pg->has_tape = pg->is_step_major && !hd__policy_is_episodic(rl) && actor->n_above == 0 &&
                 hd__rollout_tape_pays_off(actor, all, policy_gradient_room(rl)) &&
                 hd__rollout_tape_pays_off(critic, all, policy_gradient_room(rl));
  if (pg->has_tape) {
    hd__rollout_tape_lay_out(&pg->actor_tape, arena, actor, all, pg->x);
    hd__rollout_tape_lay_out(&pg->critic_tape, arena, critic, all, pg->x);
  }
}

static void policy_gradient_lay_out(hd__gradient_rl *rl, hd__arena *arena) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const size_t B = (size_t)rl->B, all = B * (size_t)pg->n, in = (size_t)hd__gradient_rl_n_in(rl);
  const size_t of_heads = all * (size_t)pg->heads;
  const int rows = rl->B > rl->eval_rows ? rl->B : rl->eval_rows;
  hd__batch_def actor = hd__gradient_rl_batch(rl, HD_BATCH_LEARNS, hd__policy_units(rl));
  actor.decisions = pg->unit;
  const hd__batch_def critic =
      hd__gradient_rl_batch(rl, HD_BATCH_LEARNS, hd__policy_units(rl) * pg->unit);
  hd__model_lay_out(&rl->model[HD_POLICY_ACTOR], arena, HD_MODEL_LEARNS, rows, &actor);
  hd__model_lay_out(&rl->model[HD_POLICY_CRITIC], arena, HD_MODEL_LEARNS, rl->B, &critic);
  pg->slot = hd__arena_field(arena, "rollout.slot", "I64", 1, 1);
  pg->x = hd__arena_field(arena, "rollout.x", "F32", (int64_t)all, (int64_t)in);
  pg->fresh = hd__arena_field(arena, "rollout.fresh", "U8", 1, (int64_t)all);
  pg->choice =
      hd__arena_field(arena, "rollout.choice", "I32", 1, (int64_t)all * hd__policy_choices(rl));
  pg->log_p = hd__arena_field(arena, "rollout.log_p", "F32", 1, (int64_t)all);
  pg->value = hd__arena_field(arena, "rollout.value", "F32", pg->heads * pg->n, rl->B);
  pg->next_value = hd__arena_field(arena, "rollout.next", "F32", pg->heads * pg->n, rl->B);
  pg->reward = hd__arena_field(arena, "rollout.reward", "F32", pg->n, rl->B);
  pg->ended = hd__arena_field(arena, "rollout.ended", "U8", pg->n, rl->B);
  if (rl->model[HD_POLICY_ACTOR].stack.def.is_carried) {
    const int n_state = rl->model[HD_POLICY_ACTOR].stack.n_state;
    pg->state = hd__arena_field(arena, "rollout.state", "F32", rl->B, n_state);
  }
  policy_gradient_lay_out_trails(rl, arena);
  pg->advantage = HD_TAKE(arena, float, of_heads);
  hd__signal_shuffle_lay_out(&pg->shuffle, arena);
  pg->told_room = pg->shuffle.is_on ? HD_TAKE(arena, float, of_heads) : NULL;
  pg->alone = HD_TAKE(arena, int32_t, all);
  pg->next_x = HD_TAKE(arena, float, B *in);
  pg->order = HD_TAKE(arena, int32_t, all);
}

static void policy_gradient_start(hd__gradient_rl *rl) {
  hd__model_start(&rl->model[HD_POLICY_ACTOR], rl->seed, 0);
  hd__model_start(&rl->model[HD_POLICY_CRITIC], rl->seed,
                  HD_STACK_LAYERS + hd__policy_gradient_of(rl)->heads);
}

/* Where the decision of environment b at step `slot` of the rollout lies. */
static size_t policy_gradient_place(const hd__policy_gradient *pg, int B, int b, int slot) {
  return pg->is_step_major ? (size_t)slot * (size_t)B + (size_t)b
                           : (size_t)b * (size_t)pg->n + (size_t)slot;
}

/* Multiplications of the actor from which on it and the critic answer on two threads. */
enum { SHARED_ANSWER = 1 << 16 };

/* Outputs of both networks for the input that is there. */
typedef struct answer {
  hd__gradient_rl *rl;
  const float *logit, *value;
} answer;

static void policy_gradient_answer_one(void *user, int worker, int model) {
  answer *a = user;
  hd__gradient_rl *rl = a->rl;
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  hd__model *actor = &rl->model[HD_POLICY_ACTOR], *critic = &rl->model[HD_POLICY_CRITIC];
  const int B = rl->B, at = (int)pg->slot[0] * B;
  (void)worker;
  if (model == HD_POLICY_ACTOR) {
    a->logit = pg->has_tape ? hd__rollout_tape_forward(&pg->actor_tape, actor, at, B, true)
                            : hd__gradient_rl_answer(rl);
  } else {
    a->value = pg->has_tape ? hd__rollout_tape_forward(&pg->critic_tape, critic, at, B, false)
                            : hd__model_forward(critic, B, rl->x);
  }
}

static answer policy_gradient_answer(hd__gradient_rl *rl, const float *obs) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const size_t B = (size_t)rl->B, in = (size_t)hd__gradient_rl_n_in(rl);
  const hd__stack *actor = &rl->model[HD_POLICY_ACTOR].stack;
  const bool is_shared = B * actor->n_weights * (size_t)actor->def.T >= SHARED_ANSWER;
  answer both = {.rl = rl};
  if (pg->has_tape) {
    hd__gradient_rl_encode(rl, 0, rl->B, obs, pg->x + (size_t)pg->slot[0] * B * in);
  } else {
    hd__gradient_rl_look(rl, obs);
  }
  hd__workers_run(is_shared ? rl->workers : NULL, 2, policy_gradient_answer_one, &both);
  return both;
}

/* The choices of environment b, kept in place `at`; those of one component lie `size` floats after
 * those of the one before. */
static void policy_gradient_draw(hd__gradient_rl *rl, int b, size_t at, int size,
                                 const float *log_p, const float *p, float *action) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const int C = hd__policy_choices(rl);
  const hd__key key = hd__gradient_rl_key(rl, b, 0);
  pg->log_p[at] = 0.0f;
  for (int k = 0; k < C; k++) {
    const float u = hd__uniform24(key, (uint32_t)k);
    const int choice = hd__categorical_sample(rl->n_actions, p + k * size, u);
    pg->choice[at * (size_t)C + (size_t)k] = choice;
    pg->log_p[at] += log_p[k * size + choice];
    action[b * C + k] = hd__gradient_rl_action(rl, k, choice);
  }
}

/* What all heads of the critic say of environment b, which is also what follows on the step before.
 */
static void policy_gradient_note_value(hd__gradient_rl *rl, int b, const float *out) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const hd__stack *critic = &rl->model[HD_POLICY_CRITIC].stack;
  const int B = rl->B, slot = (int)pg->slot[0];
  const bool goes_on = slot > 0 && !pg->ended[(slot - 1) * B + b];
  for (int h = 0; h < pg->heads; h++) {
    const int at = (h * pg->n + slot) * B + b;
    pg->value[at] = out[b * critic->out_pad + h * critic->head_pad];
    if (goes_on) {
      pg->next_value[at - B] = pg->value[at];
    }
  }
}

static void policy_gradient_act(hd__gradient_rl *rl, const float *obs, float *action) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const int slot = (int)pg->slot[0], n = rl->n_actions;
  const size_t in = (size_t)hd__gradient_rl_n_in(rl);
  hd__model *actor = &rl->model[HD_POLICY_ACTOR];
  if (slot == 0 && rl->carried != NULL) {
    memcpy(pg->state, rl->carried, sizeof(float) * (size_t)(rl->B * actor->stack.n_state));
  }
  const answer both = policy_gradient_answer(rl, obs);
  const int most = hd__policy_room(rl);
  int size = 0;
  _Alignas(64) float log_p[HD_CATEGORICAL_ROOM], p[HD_CATEGORICAL_ROOM];
  for (int b = 0; b < rl->B; b++) {
    const int r = b % most;
    if (r == 0) {
      const int rows = rl->B - b < most ? rl->B - b : most;
      size = hd__policy_log_softmax(
          rl, rows, both.logit + (size_t)b * (size_t)actor->stack.out_pad, log_p, p);
    }
    const size_t at = policy_gradient_place(pg, rl->B, b, slot);
    policy_gradient_draw(rl, b, at, size, log_p + r * n, p + r * n, action);
    if (!pg->has_tape) {
      memcpy(pg->x + at * in, rl->x + (size_t)b * in, sizeof(float) * in);
    }
    pg->fresh[at] = rl->fresh[b];
    policy_gradient_note_value(rl, b, both.value);
  }
}

/* ---- experience ---- */

/* Where an episode goes on, the value of what follows is that of the next decision's observation,
 * which `act` fills in; only what no decision of this rollout will see is valued here. */
static void policy_gradient_value_next(hd__gradient_rl *rl, const hd__transition *transition) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const int B = rl->B, slot = (int)pg->slot[0];
  bool is_cut = slot + 1 == pg->n;
  for (int b = 0; b < B; b++) {
    is_cut = is_cut || (transition->truncated[b] && !transition->terminated[b]);
  }
  for (int h = 0; h < pg->heads; h++) {
    memset(pg->next_value + (h * pg->n + slot) * B, 0, sizeof(float) * (size_t)B);
  }
  if (!is_cut) {
    return;
  }
  hd__model *critic = &rl->model[HD_POLICY_CRITIC];
  hd__gradient_rl_see(rl, B, transition->next, NULL, rl->above, rl->seen);
  hd__gradient_rl_encode(rl, 0, B, rl->seen, pg->next_x);
  const float *next = hd__model_forward(critic, B, pg->next_x);
  for (int b = 0; b < B; b++) {
    for (int h = 0; h < pg->heads && !transition->terminated[b]; h++) {
      pg->next_value[(h * pg->n + slot) * B + b] =
          next[b * critic->stack.out_pad + h * critic->stack.head_pad];
    }
  }
}

static hd_status policy_gradient_observe_transition(hd__gradient_rl *rl,
                                                    const hd__transition *transition) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const int B = rl->B, slot = (int)pg->slot[0];
  policy_gradient_value_next(rl, transition);
  for (int b = 0; b < B; b++) {
    const int at = slot * B + b;
    pg->reward[at] = hd__return_scale_apply(&rl->return_scale, transition->reward[b]);
    pg->ended[at] = transition->terminated[b] || transition->truncated[b];
  }
  const bool is_over = hd__policy_is_episodic(rl) && pg->ended[slot];
  pg->slot[0] = slot + 1;
  if (slot + 1 < pg->n && !is_over) {
    return HD_OK;
  }
  pg->slot[0] = 0;
  return hd__policy_learn(rl, slot + 1);
}

static bool policy_gradient_is_consistent(const hd__gradient_rl *rl) {
  const hd__policy_gradient *pg = (const hd__policy_gradient *)rl->state;
  bool is_consistent = pg->slot[0] >= 0 && pg->slot[0] < pg->n;
  for (int k = 0; is_consistent && k < rl->B * pg->n * hd__policy_choices(rl); k++) {
    is_consistent = pg->choice[k] >= 0 && pg->choice[k] < rl->n_actions;
  }
  return is_consistent;
}

static void policy_gradient_choose(const hd__gradient_rl *rl, const float *out, float *action) {
  float sum[HD_CATEGORICAL_ROOM];
  int stride;
  const float *logit = hd__policy_logits(rl, 1, out, sum, &stride);
  for (int k = 0; k < hd__policy_choices(rl); k++) {
    const int choice = hd__categorical_best(rl->n_actions, logit + k * rl->n_actions);
    action[k] = hd__gradient_rl_action(rl, k, choice);
  }
}

/* The mean of what all heads of the critic say, as if the decision began an episode. */
static float policy_gradient_value(hd__gradient_rl *rl, const float *obs) {
  const hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  hd__model *critic = &rl->model[HD_POLICY_CRITIC];
  const bool is_fresh = true;
  hd__gradient_rl_see(rl, 1, obs, &is_fresh, rl->above, rl->seen);
  hd__gradient_rl_encode(rl, 0, 1, rl->seen, pg->next_x);
  const float *out = hd__model_forward(critic, 1, pg->next_x);
  float sum = out[0];
  for (int h = 1; h < pg->heads; h++) {
    sum += out[h * critic->stack.head_pad];
  }
  return sum / (float)pg->heads;
}

static void policy_gradient_explore(const hd__gradient_rl *rl, const float *out, hd__key key,
                                    float *action) {
  _Alignas(64) float log_p[HD_CATEGORICAL_ROOM], p[HD_CATEGORICAL_ROOM];
  const int size = hd__policy_log_softmax(rl, 1, out, log_p, p);
  for (int k = 0; k < hd__policy_choices(rl); k++) {
    const float u = hd__uniform24(key, (uint32_t)k);
    const int choice = hd__categorical_sample(rl->n_actions, p + k * size, u);
    action[k] = hd__gradient_rl_action(rl, k, choice);
  }
}

#define POLICY_GRADIENT(name_, doc_, source_)                   \
  const hd__gradient_rl_desc hd__gradient_rl_##name_ = {        \
      .name = #name_,                                           \
      .doc = doc_,                                              \
      .source = source_,                                        \
      .takes_discrete = true,                                   \
      .takes_several = true,                                    \
      .compile = policy_gradient_compile,                       \
      .lay_out = policy_gradient_lay_out,                       \
      .start = policy_gradient_start,                           \
      .act = policy_gradient_act,                               \
      .observe_transition = policy_gradient_observe_transition, \
      .choose = policy_gradient_choose,                         \
      .value = policy_gradient_value,                           \
      .explore = policy_gradient_explore,                       \
      .is_consistent = policy_gradient_is_consistent,           \
  };
POLICY_GRADIENT(reinforce,
                "returns of whole episodes against a learned baseline; the critic values only what "
                "a time limit cuts",
                "Williams 1992")
POLICY_GRADIENT(a2c, "advantage actor-critic", "Mnih et al. 2016; Schulman et al. 2016")
POLICY_GRADIENT(ppo, "actor-critic with a clipped probability ratio", "Schulman et al. 2017")
