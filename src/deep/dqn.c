/* Deep Q-networks: values of actions from a network, learned from transitions drawn out of the past
 * towards what another network, which lags behind, says of their ends.
 *
 * One algorithm with settings: double, dueling, over n steps, by priority; the lagging network is
 * copied now and then or follows slowly. With constant input, integrate-and-fire neurons and the
 * membrane of a unit that never fires as value it is the deep Q spiking network.
 * Sources: Mnih et al. 2015; van Hasselt, Guez & Silver 2016; Wang et al. 2016; Schaul et al. 2016;
 * Hessel et al. 2018 (together); Chen et al. 2022 (spiking, membrane as value). */
#include "deep.h"
#include "lesson.h"
#include "replay.h"
#include "schedule.h"
#include "td.h"

enum { ONLINE, LAGGING };

typedef struct dqn {
  hd__td td;
  hd__replay replay;
  hd__replay_batch batch;
  int64_t *episodes; /* [1] ended so far */
  float *choice;     /* [B] number of the action just taken */
  float *x, *next;   /* [batch][in] */
  float *target;     /* [batch] */
  float *error;      /* [batch] */
} dqn;

_Static_assert(sizeof(dqn) <= HD_DEEP_OWN, "an algorithm's own fits");

static dqn *own(hd__deep *deep) { return (dqn *)deep->own; }

static hd_status check(const hd__deep *deep) {
  const hd__settings *s = deep->settings;
  if (s->replay < s->envs * s->n_step) {
    return hd__fail(deep->ctx, HD_CONFLICT,
                    "replay = %lld transitions are fewer than %lld environments write in n_step = "
                    "%lld steps",
                    (long long)s->replay, (long long)s->envs, (long long)s->n_step);
  }
  if (s->carry) {
    return hd__fail(deep->ctx, HD_CONFLICT,
                    "algorithm = dqn learns from single transitions, and carry = true asks what "
                    "came before; use carry = false");
  }
  return HD_OK;
}

static hd_status compile(hd__deep *deep) {
  const hd__settings *s = deep->settings;
  dqn *q = own(deep);
  hd__stack_def def;
  HD_TRY(check(deep));
  HD_TRY(hd__model_actor_def(deep->ctx, deep->config, &def));
  def.n_in = deep->code.n;
  def.n_out = hd__td_width(deep->n_actions, s->dueling);
  const hd__model *online = hd__deep_add_model(deep, "actor", &def);
  hd__deep_add_model(deep, "target", &def);
  *q = (dqn){.td = {.n_actions = deep->n_actions,
                    .stride = online->stack.out_pad,
                    .is_dueling = s->dueling,
                    .huber = (float)s->huber},
             .replay.def = {.capacity = s->replay,
                            .B = deep->B,
                            .n_obs = deep->env->n_obs,
                            .n_act = 1,
                            .n_step = (int)s->n_step,
                            .gamma = (float)s->gamma,
                            .priority = (float)s->priority}};
  return hd__deep_check_room(deep);
}

static int most(int a, int b) { return a > b ? a : b; }

static void lay_out(hd__deep *deep, hd__arena *arena) {
  dqn *q = own(deep);
  const int n = (int)deep->settings->batch, in = hd__deep_in(deep);
  const hd__batch_def learns = hd__deep_batch(deep, HD_BATCH_LEARNS, n);
  const hd__batch_def answers = hd__deep_batch(deep, HD_BATCH_ANSWERS, n);
  hd__model_lay_out(&deep->model[ONLINE], arena, HD_MODEL_LEARNS, most(deep->B, deep->eval_rows),
                    &learns);
  hd__model_lay_out(&deep->model[LAGGING], arena, HD_MODEL_ANSWERS, 0, &answers);
  hd__replay_lay_out(&q->replay, arena);
  hd__replay_batch_lay_out(&q->replay, arena, n, &q->batch);
  q->episodes = hd__arena_field(arena, "episodes", "I64", 1, 1);
  q->choice = HD_TAKE(arena, float, deep->B);
  q->x = HD_TAKE(arena, float, n *in);
  q->next = HD_TAKE(arena, float, n *in);
  q->target = HD_TAKE(arena, float, n);
  q->error = HD_TAKE(arena, float, n);
}

static void start(hd__deep *deep) {
  hd__model_start(&deep->model[ONLINE], deep->seed, 0);
  hd__model_start(&deep->model[LAGGING], deep->seed, 0);
  hd__replay_start(&own(deep)->replay);
}

static void act(hd__deep *deep, const float *obs, float *action) {
  const dqn *q = own(deep);
  const float *out = hd__deep_answer(deep, obs);
  const float epsilon = hd__deep_epsilon(deep);
  for (int b = 0; b < deep->B; b++) {
    const hd__key key = hd__deep_key(deep, b, 0);
    const uint64_t any = (uint64_t)hd__word(key, 1) * (uint64_t)deep->n_actions >> 32;
    const int best = hd__td_best(&q->td, out + (size_t)b * (size_t)q->td.stride);
    const int choice = hd__uniform24(key, 0) < epsilon ? (int)any : best;
    q->choice[b] = (float)choice;
    action[b] = hd__deep_action(deep, choice);
  }
}

static void choose(const hd__deep *deep, const float *out, float *action) {
  const hd__td td = {.n_actions = deep->n_actions};
  *action = hd__deep_action(deep, hd__td_best(&td, out));
}

static bool is_sound(const hd__deep *deep) {
  const dqn *q = (const dqn *)deep->own;
  bool is_sound = hd__replay_is_sound(&q->replay) && *q->episodes >= 0;
  for (int64_t i = 0; is_sound && i < hd__replay_count(&q->replay); i++) {
    const float action = q->replay.action[i];
    is_sound = action >= 0.0f && action < (float)deep->n_actions;
  }
  return is_sound;
}

/* What the values of a block's actions are to become. */
static void dqn_block_targets(void *user, int worker, int block) {
  hd__deep *deep = user;
  dqn *q = own(deep);
  hd__replay_batch *batch = &q->batch;
  const int at = block * HD_BATCH_BLOCK, left = batch->n - at, n_obs = deep->env->n_obs;
  const int n = left < HD_BATCH_BLOCK ? left : HD_BATCH_BLOCK, in = hd__deep_in(deep);
  float *next = q->next + at * in;
  for (int i = at; i < at + n; i++) {
    batch->reward[i] = hd__normaliser_reward(&deep->reward_norm, (double)batch->reward[i]);
  }
  hd__deep_encode(deep, worker, n, batch->obs + at * n_obs, q->x + at * in);
  hd__deep_encode(deep, worker, n, batch->next + at * n_obs, next);
  const float *value = hd__model_answer_block(&deep->model[LAGGING], worker, n, next);
  const float *chooser = deep->settings->double_q
                             ? hd__model_answer_block(&deep->model[ONLINE], worker, n, next)
                             : value;
  hd__td_targets(&q->td, n, chooser, value, batch->reward + at, batch->discount + at,
                 q->target + at);
}

/* Draw transitions and say what the values of their actions are to become. */
static void dqn_targets(hd__deep *deep) {
  const hd__settings *s = deep->settings;
  dqn *q = own(deep);
  const uint64_t update = (uint64_t)deep->clock[1];
  const float beta = hd__linear(s->priority_beta, 1.0, s->steps, *q->replay.written);
  hd__replay_draw(&q->replay, hd__key_make(deep->seed, HD_STREAM_REPLAY, 0, update), beta,
                  &q->batch);
  hd__workers_run(deep->workers, (q->batch.n + HD_BATCH_BLOCK - 1) / HD_BATCH_BLOCK,
                  dqn_block_targets, deep);
}

static void dqn_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                     const float *out, float *g) {
  dqn *q = own(user);
  const hd__replay_batch *batch = &q->batch;
  const int at = index[0]; /* rows follow each other */
  (void)worker;
  (void)out_pad;
  hd__td_errors(&q->td, n, batch->n, out, batch->action + at, q->target + at, batch->weight + at,
                q->error + at, g);
}

static hd_status update(hd__deep *deep) {
  dqn *q = own(deep);
  hd__model *online = &deep->model[ONLINE];
  const float alpha = (float)deep->settings->alpha * deep->factor;
  const hd__lesson lesson = {
      .model = online, .source.x = q->x, .n = q->batch.n, .loss = dqn_loss, .user = deep};
  dqn_targets(deep);
  hd__lessons_gradient(deep->workers, 1, &lesson);
  HD_TRY(hd__models_step(deep->ctx, deep->workers, 1, &online, deep->settings, &alpha));
  deep->clock[1]++;
  if (q->replay.def.priority > 0.0f) {
    hd__replay_judge(&q->replay, &q->batch, q->error);
  }
  return HD_OK;
}

/* The target network moves if the count of what it goes by has passed another `target_every`. */
static void lag(hd__deep *deep, int unit, int64_t before, int64_t now) {
  const hd__settings *s = deep->settings;
  if (s->target_unit != unit || before / s->target_every == now / s->target_every) {
    return;
  }
  if (s->target_rate < 1.0) {
    hd__model_follow(&deep->model[LAGGING], &deep->model[ONLINE], (float)s->target_rate);
  } else {
    hd__model_copy(&deep->model[LAGGING], &deep->model[ONLINE]);
  }
}

static hd_status learn(hd__deep *deep, int64_t before, int64_t now) {
  const hd__settings *s = deep->settings;
  const int64_t due =
      now >= s->learning_starts ? now / s->train_every - before / s->train_every : 0;
  for (int64_t k = 0; k < due * s->gradient_steps; k++) {
    HD_TRY(update(deep));
    lag(deep, hd__target_unit_update, deep->clock[1] - 1, deep->clock[1]);
  }
  return HD_OK;
}

static hd_status tell(hd__deep *deep, const hd__moment *m) {
  dqn *q = own(deep);
  const int64_t before = *q->replay.written, now = before + deep->B, ended = *q->episodes;
  hd__replay_add(&q->replay, m->obs, q->choice, m->reward, m->next, m->terminated, m->truncated);
  for (int b = 0; b < deep->B; b++) {
    *q->episodes += m->terminated[b] || m->truncated[b];
  }
  HD_TRY(learn(deep, before, now));
  lag(deep, hd__target_unit_step, before, now);
  lag(deep, hd__target_unit_episode, ended, *q->episodes);
  return HD_OK;
}

const hd__deep_desc hd__deep_dqn = {
    .name = "dqn",
    .doc = "values of actions, learned from a replay of the past",
    .source = "Mnih et al. 2015; van Hasselt et al. 2016; Wang et al. 2016; Schaul et al. 2016",
    .takes_discrete = true,
    .compile = compile,
    .lay_out = lay_out,
    .start = start,
    .act = act,
    .tell = tell,
    .choose = choose,
    .is_sound = is_sound,
};
