/* Actor-critic by the policy's gradient: REINFORCE with a baseline, A2C, PPO.
 *
 * Rollouts of n steps in B environments; advantages by GAE; then the actor ascends on
 *   A log pi            (reinforce, lambda = 1; a2c), or
 *   min(r A, clip(r) A) (ppo, r = pi / pi_old),
 * plus the policy's entropy, and the critic descends on (V - G)^2 / 2.
 * Sources: Williams 1992; Mnih et al. 2016; Schulman et al. 2016, 2017. */
#include <string.h>

#include "batch.h"
#include "categorical.h"
#include "deep.h"
#include "gae.h"
#include "trail.h"

enum { ACTOR, CRITIC };

typedef struct policy_gradient {
  int n;           /* steps of a rollout */
  int unit;        /* decisions that learn together in order: 1, or n if state is carried */
  bool is_timely;  /* experience lies as it was made, [n][B], and else as [B][n] */
  bool has_trail;  /* what acting leaves is learned from */
  int64_t *slot;   /* steps taken of this rollout */
  float *x;        /* [n][B][in] or [B][n][in], */
  bool *fresh;     /* and so */
  int32_t *choice; /* are these: */
  float *log_p;    /* of it, when it was made */
  float *value, *next_value, *reward; /* [n][B] */
  bool *ended;                        /* [n][B] */
  float *state;                       /* [B][n_state] when the rollout began */
  float *advantage;                   /* [n][B] */
  float *next_x;                      /* [B][in] */
  int32_t *order;                     /* [B n] units as they come */
  int32_t *alone;                     /* [unit] decisions of a unit */
  hd__batch actor, critic;
  hd__trail actor_trail, critic_trail;
} policy_gradient;

_Static_assert(sizeof(policy_gradient) <= HD_DEEP_OWN, "an algorithm's own fits");

static policy_gradient *own(hd__deep *deep) { return (policy_gradient *)deep->own; }

static bool is_ppo(const hd__deep *deep) { return deep->settings->algorithm == hd__algorithm_ppo; }

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
  policy_gradient *pg = own(deep);
  pg->n = (int)s->rollout;
  pg->unit = actor.is_carried ? pg->n : 1;
  pg->is_timely = !is_ppo(deep) && pg->unit == 1;
  HD_TRY(hd__batch_check(deep->ctx, &deep->model[ACTOR].stack, pg->unit, room(deep)));
  return hd__batch_check(deep->ctx, &deep->model[CRITIC].stack, 1, room(deep));
}

static int minibatch(const hd__deep *deep) {
  const int all = deep->B * (int)deep->settings->rollout;
  const int64_t some = is_ppo(deep) ? deep->settings->minibatch : all;
  return some < all ? (int)some : all;
}

/* Units of an update. */
static int units(hd__deep *deep) {
  const int n = minibatch(deep) / own(deep)->unit;
  return n > 0 ? n : 1;
}

static void lay_out_gradients(hd__deep *deep, hd__arena *arena) {
  policy_gradient *pg = own(deep);
  const hd__stack *actor = &deep->model[ACTOR].stack, *critic = &deep->model[CRITIC].stack;
  const int all = deep->B * pg->n;
  pg->has_trail = pg->is_timely && hd__trail_pays(actor, all, room(deep)) &&
                  hd__trail_pays(critic, all, room(deep));
  if (pg->has_trail) {
    hd__trail_lay_out(&pg->actor_trail, arena, actor, all, pg->x);
    hd__trail_lay_out(&pg->critic_trail, arena, critic, all, pg->x);
  } else {
    hd__batch_lay_out(&pg->actor, arena, actor, units(deep), pg->unit, room(deep));
    hd__batch_lay_out(&pg->critic, arena, critic, minibatch(deep), 1, room(deep));
  }
}

static void lay_out(hd__deep *deep, hd__arena *arena) {
  policy_gradient *pg = own(deep);
  const size_t B = (size_t)deep->B, all = B * (size_t)pg->n, in = (size_t)hd__deep_in(deep);
  const int rows = deep->B > deep->eval_rows ? deep->B : deep->eval_rows;
  hd__model_lay_out(&deep->model[ACTOR], arena, HD_MODEL_LEARNS, rows, 1);
  hd__model_lay_out(&deep->model[CRITIC], arena, HD_MODEL_LEARNS, deep->B, 1);
  pg->slot = hd__arena_field(arena, "rollout.slot", "I64", 1, 1);
  pg->x = hd__arena_field(arena, "rollout.x", "F32", (int64_t)all, (int64_t)in);
  pg->fresh = hd__arena_field(arena, "rollout.fresh", "U8", 1, (int64_t)all);
  pg->choice = hd__arena_field(arena, "rollout.choice", "I32", 1, (int64_t)all);
  pg->log_p = hd__arena_field(arena, "rollout.log_p", "F32", 1, (int64_t)all);
  pg->value = hd__arena_field(arena, "rollout.value", "F32", pg->n, deep->B);
  pg->next_value = hd__arena_field(arena, "rollout.next", "F32", pg->n, deep->B);
  pg->reward = hd__arena_field(arena, "rollout.reward", "F32", pg->n, deep->B);
  pg->ended = hd__arena_field(arena, "rollout.ended", "U8", pg->n, deep->B);
  if (deep->model[ACTOR].stack.def.is_carried) {
    const int n_state = deep->model[ACTOR].stack.n_state;
    pg->state = hd__arena_field(arena, "rollout.state", "F32", deep->B, n_state);
  }
  lay_out_gradients(deep, arena);
  pg->advantage = HD_TAKE(arena, float, all);
  pg->alone = HD_TAKE(arena, int32_t, pg->unit);
  pg->next_x = HD_TAKE(arena, float, B *in);
  pg->order = HD_TAKE(arena, int32_t, all);
}

static void start(hd__deep *deep) {
  hd__model_start(&deep->model[ACTOR], deep->seed, 0);
  hd__model_start(&deep->model[CRITIC], deep->seed, HD_STACK_LAYERS + 1);
}

/* Where the decision of environment b at step `slot` of the rollout lies. */
static size_t place(const policy_gradient *pg, int B, int b, int slot) {
  return pg->is_timely ? (size_t)slot * (size_t)B + (size_t)b
                       : (size_t)b * (size_t)pg->n + (size_t)slot;
}

/* Outputs of both networks. */
static void answer(hd__deep *deep, const float *obs, const float **logit, const float **value) {
  policy_gradient *pg = own(deep);
  hd__model *actor = &deep->model[ACTOR], *critic = &deep->model[CRITIC];
  const int B = deep->B, at = (int)pg->slot[0] * B;
  if (!pg->has_trail) {
    *logit = hd__deep_answer(deep, obs);
    *value = hd__model_answer(critic, B, deep->x, false);
    return;
  }
  const size_t in = (size_t)hd__deep_in(deep);
  hd__deep_encode(deep, B, obs, pg->x + (size_t)at * in);
  *logit = hd__trail_answer(&pg->actor_trail, actor, at, B, true);
  *value = hd__trail_answer(&pg->critic_trail, critic, at, B, false);
}

static void act(hd__deep *deep, const float *obs, float *action) {
  policy_gradient *pg = own(deep);
  const int slot = (int)pg->slot[0], n = deep->n_actions;
  const size_t in = (size_t)hd__deep_in(deep);
  hd__model *actor = &deep->model[ACTOR], *critic = &deep->model[CRITIC];
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

/* ---- learning ---- */

/* What the losses of one update read. */
typedef struct update {
  const hd__deep *deep;
  const policy_gradient *pg;
  float mean, scale; /* of advantages */
  float share;       /* of one decision in the mean */
  float clip, entropy;
} update;

/* Advantages and values are [n][B]. */
static int timely(const update *u, int index) {
  return u->pg->is_timely ? index : index % u->pg->n * u->deep->B + index / u->pg->n;
}

/* By what the likelihood of a decision weighs: its advantage, and under PPO the ratio of its
 * probabilities. */
static float weight_of(const update *u, int index, float log_p) {
  const float advantage = (u->pg->advantage[timely(u, index)] - u->mean) * u->scale;
  if (!is_ppo(u->deep)) {
    return advantage;
  }
  const float ratio = hd__expf(log_p - u->pg->log_p[index]);
  const bool is_clipped = advantage > 0.0f ? ratio > 1.0f + u->clip : ratio < 1.0f - u->clip;
  return is_clipped ? 0.0f : advantage * ratio;
}

static void actor_loss(void *user, int n, const int32_t *index, int out_pad, const float *out,
                       float *g) {
  const update *u = user;
  const int A = u->deep->n_actions, most = HD_CATEGORICAL_ROOM / A;
  _Alignas(64) float log_p[HD_CATEGORICAL_ROOM], p[HD_CATEGORICAL_ROOM];
  for (int at = 0; at < n; at += most) {
    const int rows = n - at < most ? n - at : most;
    u->deep->kernel->log_softmax(rows, A, out_pad, out + (size_t)at * (size_t)out_pad, log_p, p);
    for (int r = 0; r < rows; r++) {
      const int choice = u->pg->choice[index[at + r]];
      const float weight = weight_of(u, index[at + r], log_p[r * A + choice]);
      hd__categorical_gradient(A, log_p + r * A, p + r * A, choice, weight * u->share,
                               u->entropy * u->share, g + (size_t)(at + r) * (size_t)out_pad);
    }
  }
}

static void critic_loss(void *user, int n, const int32_t *index, int out_pad, const float *out,
                        float *g) {
  const update *u = user;
  for (int k = 0; k < n; k++, out += out_pad, g += out_pad) {
    const int at = timely(u, index[k]);
    g[0] = (out[0] - (u->pg->advantage[at] + u->pg->value[at])) * u->share;
  }
}

/* Mean of the advantages of these units, and what to multiply them by. */
static void normalise(update *u, int n, const int32_t *unit) {
  const hd__settings *s = u->deep->settings;
  u->mean = 0.0f;
  u->scale = 1.0f;
  if (!s->normalise) {
    return;
  }
  double sum = 0.0, squares = 0.0;
  const int all = n * u->pg->unit;
  for (int k = 0; k < all; k++) {
    const int index = unit[k / u->pg->unit] * u->pg->unit + k % u->pg->unit;
    const double a = (double)u->pg->advantage[timely(u, index)];
    sum += a;
    squares += a * a;
  }
  const double mean = sum / all, variance = squares / all - mean * mean;
  const double deviation = (double)hd__sqrtf((float)(variance > 0.0 ? variance : 0.0));
  u->mean = (float)mean;
  u->scale = (float)(1.0 / (deviation > s->normalise_floor ? deviation : s->normalise_floor));
}

/* The gradients of n units. */
static void differentiate(hd__deep *deep, update *u, int n, const int32_t *unit) {
  policy_gradient *pg = own(deep);
  hd__model *actor = &deep->model[ACTOR], *critic = &deep->model[CRITIC];
  const hd__batch_source source = {pg->x, deep->state != NULL ? pg->fresh : NULL, pg->state};
  const hd__batch_source alone = {pg->x, NULL, NULL};
  if (pg->has_trail) {
    hd__trail_learn(&pg->actor_trail, actor, actor_loss, u);
    hd__trail_learn(&pg->critic_trail, critic, critic_loss, u);
    return;
  }
  hd__batch_learn(&pg->actor, actor, &source, n, unit, actor_loss, u);
  if (pg->unit == 1) {
    hd__batch_learn(&pg->critic, critic, &alone, n, unit, critic_loss, u);
  } else {
    for (int k = 0; k < n; k++) { /* the critic carries nothing: decisions one by one */
      for (int d = 0; d < pg->unit; d++) {
        pg->alone[d] = unit[k] * pg->unit + d;
      }
      hd__batch_learn(&pg->critic, critic, &alone, pg->unit, pg->alone, critic_loss, u);
    }
  }
}

/* One step of actor and critic from n units. */
static hd_status learn(hd__deep *deep, update *u, int n, const int32_t *unit) {
  const hd__settings *s = deep->settings;
  hd__model *actor = &deep->model[ACTOR], *critic = &deep->model[CRITIC];
  u->share = 1.0f / (float)(n * u->pg->unit);
  normalise(u, n, unit);
  hd__model_clear(actor);
  hd__model_clear(critic);
  differentiate(deep, u, n, unit);
  HD_TRY(hd__model_finish(deep->ctx, actor));
  HD_TRY(hd__model_finish(deep->ctx, critic));
  hd__model_step(actor, s, (float)s->alpha * deep->factor);
  hd__model_step(critic, s, (float)s->alpha_critic * deep->factor);
  return HD_OK;
}

static void shuffle(hd__deep *deep, int epoch, int n, int32_t *list) {
  const hd__key key = hd__deep_key(deep, epoch, 1);
  for (int k = n - 1; k > 0; k--) {
    const int other = (int)(hd__uniform53(key, (uint32_t)k) * (k + 1));
    const int32_t here = list[k];
    list[k] = list[other];
    list[other] = here;
  }
}

static hd_status learn_rollout(hd__deep *deep) {
  policy_gradient *pg = own(deep);
  const hd__settings *s = deep->settings;
  const int n_units = deep->B * pg->n / pg->unit, most = units(deep);
  const int epochs = is_ppo(deep) ? (int)s->epochs : 1;
  const bool is_plain = s->algorithm == hd__algorithm_reinforce;
  update u = {.deep = deep,
              .pg = pg,
              .clip = (float)s->clip * (s->anneal_clip ? deep->factor : 1.0f),
              .entropy = (float)s->entropy};
  hd__gae(pg->n, deep->B, (float)s->gamma, is_plain ? 1.0f : (float)s->lambda, pg->reward,
          pg->value, pg->next_value, pg->ended, pg->advantage);
  for (int k = 0; k < n_units; k++) {
    pg->order[k] = k;
  }
  for (int epoch = 0; epoch < epochs; epoch++) {
    if (is_ppo(deep)) {
      shuffle(deep, epoch, n_units, pg->order);
    }
    for (int at = 0; at < n_units; at += most) {
      const int n = n_units - at < most ? n_units - at : most;
      HD_TRY(learn(deep, &u, n, pg->order + at));
    }
  }
  deep->clock[1]++;
  return HD_OK;
}

/* ---- experience ---- */

/* Where an episode goes on, the value of what follows is that of the next decision's observation,
 * which `act` fills in; only what no decision of this rollout will see is valued here. */
static void value_next(hd__deep *deep, const hd__moment *moment) {
  policy_gradient *pg = own(deep);
  const int B = deep->B, slot = (int)pg->slot[0];
  bool is_cut = slot + 1 == pg->n;
  for (int b = 0; b < B; b++) {
    is_cut = is_cut || (moment->truncated[b] && !moment->terminated[b]);
    pg->next_value[slot * B + b] = 0.0f;
  }
  if (!is_cut) {
    return;
  }
  hd__model *critic = &deep->model[CRITIC];
  hd__deep_encode(deep, B, moment->next, pg->next_x);
  const float *next = hd__model_answer(critic, B, pg->next_x, false);
  for (int b = 0; b < B; b++) {
    if (!moment->terminated[b]) {
      pg->next_value[slot * B + b] = next[b * critic->stack.out_pad];
    }
  }
}

static hd_status tell(hd__deep *deep, const hd__moment *moment) {
  policy_gradient *pg = own(deep);
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
  return learn_rollout(deep);
}

static bool is_sound(const hd__deep *deep) {
  const policy_gradient *pg = (const policy_gradient *)deep->own;
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
