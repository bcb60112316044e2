/* Deep Q-networks: values of actions from a network, learned from transitions drawn out of the past
 * towards what the target network, which is updated more slowly, says of their ends.
 *
 * One algorithm with settings: double, dueling, over n steps, by priority; the target network is
 * copied now and then or updated slowly. With constant input, integrate-and-fire neurons and the
 * membrane of a unit that never fires as value it is the deep Q spiking network.
 *
 * Layers that are agents (stack.h) have values each, and errors of their own: each learns towards
 * what its own copy in the target network says, of the action that is best by its own values. The
 * mean of their values acts. What layers did in the decision before is a part of what is kept in
 * the replay buffer, as it was then.
 *
 * Sources: Mnih et al. 2015; van Hasselt, Guez & Silver 2016; Wang et al. 2016; Schaul et al. 2016;
 * Hessel et al. 2018 (together); Chen et al. 2022 (spiking, membrane as value); Guan et al. 2024
 * (layers with errors of their own, activity from above; theirs do not spike). */
#include "gradient_rl.h"
#include "gradient_job.h"
#include "mathf.h"
#include "replay.h"
#include "schedule.h"
#include "td.h"

enum { ONLINE, TARGET };

typedef struct dqn {
  hd__td td;
  hd__replay replay;
  hd__replay_batch batch;
  int64_t *episodes; /* [1] ended so far */
  float *choice;     /* [B] number of the action just taken */
  float *seen_next;  /* [B][n_seen] what the network would see next */
  float *x, *next;   /* [batch][in] */
  float *target;     /* [heads][batch] */
  float *error;      /* [heads][batch] */
} dqn;

_Static_assert(sizeof(dqn) <= HD_GRADIENT_RL_STATE, "an algorithm's own fits");

static dqn *dqn_state_of(hd__gradient_rl *rl) { return (dqn *)rl->state; }

static hd_status dqn_check(const hd__gradient_rl *rl) {
  const hd__settings *s = rl->settings;
  if (s->replay < s->envs * s->n_step) {
    return hd__fail(
        rl->ctx, HD_CONFLICT,
        "replay.size = %lld transitions are fewer than %lld environments write in replay.n_step = "
        "%lld steps",
        (long long)s->replay, (long long)s->envs, (long long)s->n_step);
  }
  if (s->carry) {
    return hd__fail(rl->ctx, HD_CONFLICT,
                    "algorithm = dqn learns from single transitions, and carry = true asks what "
                    "came before; use carry = false");
  }
  return HD_OK;
}

static hd_status dqn_compile(hd__gradient_rl *rl) {
  const hd__settings *s = rl->settings;
  dqn *q = dqn_state_of(rl);
  hd__stack_def def;
  HD_TRY(dqn_check(rl));
  HD_TRY(hd__model_actor_def(rl->ctx, rl->config, &def));
  HD_TRY(hd__model_agents_def(rl->ctx, s, &def));
  def.n_in = rl->code.n;
  def.n_out = hd__td_width(rl->n_actions, s->dueling);
  const hd__model *online = hd__gradient_rl_add_model(rl, "actor", &def);
  hd__gradient_rl_add_model(rl, "target", &def);
  *q = (dqn){.td = {.n_actions = rl->n_actions,
                    .stride = online->stack.out_pad,
                    .is_dueling = s->dueling,
                    .huber = (float)s->huber},
             .replay.def = {.capacity = s->replay,
                            .B = rl->B,
                            .n_obs = hd__gradient_rl_n_seen(rl),
                            .n_act = 1,
                            .n_step = (int)s->n_step,
                            .gamma = (float)s->gamma,
                            .priority = (float)s->priority}};
  return hd__gradient_rl_check_room(rl);
}

static int dqn_heads(const hd__gradient_rl *rl) { return rl->model[ONLINE].stack.n_heads; }

/* Where head h's outputs are in a row. */
static int dqn_head_at(const hd__gradient_rl *rl, int h) {
  return h * rl->model[ONLINE].stack.head_pad;
}

static int dqn_most(int a, int b) { return a > b ? a : b; }

static void dqn_lay_out(hd__gradient_rl *rl, hd__arena *arena) {
  dqn *q = dqn_state_of(rl);
  const int n = (int)rl->settings->batch, in = hd__gradient_rl_n_in(rl);
  const hd__batch_def learns = hd__gradient_rl_batch(rl, HD_BATCH_LEARNS, n);
  const hd__batch_def answers = hd__gradient_rl_batch(rl, HD_BATCH_ANSWERS, n);
  hd__model_lay_out(&rl->model[ONLINE], arena, HD_MODEL_LEARNS, dqn_most(rl->B, rl->eval_rows),
                    &learns);
  hd__model_lay_out(&rl->model[TARGET], arena, HD_MODEL_INFERS, 0, &answers);
  hd__replay_lay_out(&q->replay, arena);
  hd__replay_batch_lay_out(&q->replay, arena, n, &q->batch);
  q->episodes = hd__arena_field(arena, "episodes", "I64", 1, 1);
  q->choice = HD_TAKE(arena, float, rl->B);
  q->seen_next = HD_TAKE(arena, float, rl->B *hd__gradient_rl_n_seen(rl));
  q->x = HD_TAKE(arena, float, n *in);
  q->next = HD_TAKE(arena, float, n *in);
  q->target = HD_TAKE(arena, float, n *dqn_heads(rl));
  q->error = HD_TAKE(arena, float, n *dqn_heads(rl));
}

static void dqn_start(hd__gradient_rl *rl) {
  hd__model_start(&rl->model[ONLINE], rl->seed, 0);
  hd__model_start(&rl->model[TARGET], rl->seed, 0);
  hd__replay_start(&dqn_state_of(rl)->replay);
}

/* What acts for action a: the sum of all heads' outputs, or those of the last alone. */
static float dqn_preference(const hd__gradient_rl *rl, const float *out, int a) {
  const int n = dqn_heads(rl);
  int h = rl->settings->layer_acts == hd__layer_acts_top ? n - 1 : 0;
  float sum = out[dqn_head_at(rl, h) + a];
  for (h++; h < n; h++) {
    sum += out[dqn_head_at(rl, h) + a];
  }
  return sum;
}

/* The first of the best actions. */
static int dqn_best(const hd__gradient_rl *rl, const float *out) {
  int best = 0;
  float most = dqn_preference(rl, out, 0);
  for (int a = 1; a < rl->n_actions; a++) {
    const float preference = dqn_preference(rl, out, a);
    best = preference > most ? a : best;
    most = hd__maxf(preference, most);
  }
  return best;
}

/* The best action, or with probability epsilon any. */
static int dqn_explored(const hd__gradient_rl *rl, const float *out, float epsilon, hd__key key) {
  const uint64_t any = (uint64_t)hd__word(key, 1) * (uint64_t)rl->n_actions >> 32;
  return hd__uniform24(key, 0) < epsilon ? (int)any : dqn_best(rl, out);
}

static void dqn_act(hd__gradient_rl *rl, const float *obs, float *action) {
  const dqn *q = dqn_state_of(rl);
  const float *out = hd__gradient_rl_forward(rl, obs);
  const float epsilon = hd__gradient_rl_epsilon(rl);
  for (int b = 0; b < rl->B; b++) {
    const int choice = dqn_explored(rl, out + (size_t)b * (size_t)q->td.stride, epsilon,
                                    hd__gradient_rl_key(rl, b, 0));
    q->choice[b] = (float)choice;
    action[b] = hd__gradient_rl_action(rl, 0, choice);
  }
}

static void dqn_explore(const hd__gradient_rl *rl, const float *out, hd__key key, float *action) {
  const int choice = dqn_explored(rl, out, hd__gradient_rl_epsilon(rl), key);
  *action = hd__gradient_rl_action(rl, 0, choice);
}

static void dqn_choose(const hd__gradient_rl *rl, const float *out, float *action) {
  *action = hd__gradient_rl_action(rl, 0, dqn_best(rl, out));
}

/* The mean of the heads' values of their best actions, as if the decision began an episode. */
static float dqn_value(hd__gradient_rl *rl, const float *obs) {
  dqn *q = dqn_state_of(rl);
  const bool is_fresh = true;
  const int heads = dqn_heads(rl);
  float sum = 0.0f;
  hd__gradient_rl_see(rl, 1, obs, &is_fresh, rl->above, q->seen_next);
  hd__gradient_rl_encode(rl, 0, 1, q->seen_next, q->next);
  const float *out = hd__model_answer_block(&rl->model[ONLINE], 0, 1, q->next);
  for (int h = 0; h < heads; h++) {
    const float *head = out + dqn_head_at(rl, h);
    sum += hd__td_value(&q->td, head, hd__td_best(&q->td, head));
  }
  return sum / (float)heads;
}

static bool dqn_is_consistent(const hd__gradient_rl *rl) {
  const dqn *q = (const dqn *)rl->state;
  bool is_consistent = hd__replay_is_consistent(&q->replay) && *q->episodes >= 0;
  for (int64_t i = 0; is_consistent && i < hd__replay_count(&q->replay); i++) {
    const float action = q->replay.action[i];
    is_consistent = action >= 0.0f && action < (float)rl->n_actions;
  }
  return is_consistent;
}

/* What the values of a block's actions are to become. */
static void dqn_block_targets(void *user, int worker, int block) {
  hd__gradient_rl *rl = user;
  if (hd__is_stopped(rl->ctx)) {
    return;
  }
  dqn *q = dqn_state_of(rl);
  hd__replay_batch *batch = &q->batch;
  const int at = block * HD_BATCH_BLOCK, left = batch->n - at, n_seen = hd__gradient_rl_n_seen(rl);
  const int n = left < HD_BATCH_BLOCK ? left : HD_BATCH_BLOCK, in = hd__gradient_rl_n_in(rl);
  float *next = q->next + at * in;
  hd__replay_copy(&q->replay, batch, at, n);
  for (int i = at; i < at + n; i++) {
    batch->reward[i] = hd__return_scale_apply(&rl->return_scale, (double)batch->reward[i]);
  }
  hd__gradient_rl_encode(rl, 1 + worker, n, batch->obs + at * n_seen, q->x + at * in);
  hd__gradient_rl_encode(rl, 1 + worker, n, batch->next + at * n_seen, next);
  const float *value = hd__model_answer_block(&rl->model[TARGET], worker, n, next);
  const float *online_out =
      rl->settings->double_q ? hd__model_answer_block(&rl->model[ONLINE], worker, n, next) : value;
  for (int h = 0; h < dqn_heads(rl); h++) {
    const int head = dqn_head_at(rl, h);
    hd__td_targets(&q->td, n, online_out + head, value + head, batch->reward + at,
                   batch->discount + at, q->target + h * batch->n + at);
  }
}

/* What draws of an update are for. */
enum { DQN_DRAW_BATCH, DQN_DRAW_SHUFFLE };

static hd__key dqn_update_key(const hd__gradient_rl *rl, uint64_t use) {
  return hd__key_make(rl->seed, HD_STREAM_REPLAY, use, (uint64_t)rl->clock[1]);
}

/* Draw transitions and say what the values of their actions are to become. */
static void dqn_targets(hd__gradient_rl *rl) {
  const hd__settings *s = rl->settings;
  dqn *q = dqn_state_of(rl);
  const float beta = hd__linear(s->priority_beta, 1.0, s->steps, *q->replay.written);
  hd__replay_choose(&q->replay, dqn_update_key(rl, DQN_DRAW_BATCH), beta, &q->batch);
  hd__workers_run(rl->workers, (q->batch.n + HD_BATCH_BLOCK - 1) / HD_BATCH_BLOCK,
                  dqn_block_targets, rl);
  for (int h = 0; s->shuffle_signal && h < dqn_heads(rl); h++) {
    hd__td_shuffle_targets(q->batch.n, q->target + h * q->batch.n,
                           dqn_update_key(rl, DQN_DRAW_SHUFFLE));
  }
}

static void dqn_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                     const float *out, float *g) {
  hd__gradient_rl *rl = user;
  dqn *q = dqn_state_of(rl);
  const hd__replay_batch *batch = &q->batch;
  const int at = index[0]; /* rows follow each other */
  (void)worker;
  (void)out_pad;
  for (int h = 0; h < dqn_heads(rl); h++) {
    const int head = dqn_head_at(rl, h), first = h * batch->n + at;
    hd__td_errors(&q->td, n, batch->n, out + head, batch->action + at, q->target + first,
                  batch->weight + at, q->error + first, g + head);
  }
}

static float dqn_size(float error) { return hd__maxf(error, -error); }

/* Transitions are drawn again by the mean size of their errors, which takes the first head's place.
 */
static void dqn_set_priorities(hd__gradient_rl *rl) {
  dqn *q = dqn_state_of(rl);
  const int n = q->batch.n, heads = dqn_heads(rl);
  for (int i = 0; i < n; i++) {
    float sum = dqn_size(q->error[i]);
    for (int h = 1; h < heads; h++) {
      sum += dqn_size(q->error[h * n + i]);
    }
    q->error[i] = sum / (float)heads;
  }
  hd__replay_set_priorities(&q->replay, &q->batch, q->error);
}

static hd_status dqn_update(hd__gradient_rl *rl) {
  dqn *q = dqn_state_of(rl);
  hd__model *online = &rl->model[ONLINE];
  const float alpha = (float)rl->settings->alpha * rl->factor;
  const hd__gradient_job job = {.model = online,
                                .source.x = q->x,
                                .n = q->batch.n,
                                .loss = dqn_loss,
                                .user = rl,
                                .ctx = rl->ctx};
  dqn_targets(rl);
  hd__gradient_jobs_run(rl->workers, 1, &job);
  HD_TRY(hd__models_step(rl->ctx, rl->workers, 1, &online, rl->settings, &alpha));
  rl->clock[1]++;
  if (q->replay.def.priority > 0.0f) {
    dqn_set_priorities(rl);
  }
  return HD_OK;
}

/* The target network moves if the count of what it goes by has passed another `target_every`. */
static void dqn_update_target_net(hd__gradient_rl *rl, int unit, int64_t before, int64_t now) {
  const hd__settings *s = rl->settings;
  if (s->target_unit != unit || before / s->target_every == now / s->target_every) {
    return;
  }
  if (s->target_rate < 1.0) {
    hd__model_polyak_update(&rl->model[TARGET], &rl->model[ONLINE], (float)s->target_rate);
  } else {
    hd__model_copy(&rl->model[TARGET], &rl->model[ONLINE]);
  }
}

static hd_status dqn_learn(hd__gradient_rl *rl, int64_t before, int64_t now) {
  const hd__settings *s = rl->settings;
  const int64_t due =
      now >= s->learning_starts ? now / s->train_every - before / s->train_every : 0;
  for (int64_t k = 0; k < due * s->gradient_steps; k++) {
    HD_TRY(dqn_update(rl));
    dqn_update_target_net(rl, hd__target_unit_update, rl->clock[1] - 1, rl->clock[1]);
  }
  return HD_OK;
}

static hd_status dqn_observe_transition(hd__gradient_rl *rl, const hd__transition *m) {
  dqn *q = dqn_state_of(rl);
  const int64_t before = *q->replay.written, now = before + rl->B, ended = *q->episodes;
  hd__gradient_rl_see(rl, rl->B, m->next, NULL, rl->above, q->seen_next);
  hd__replay_add(&q->replay, rl->seen, q->choice, m->reward, q->seen_next, m->terminated,
                 m->truncated);
  for (int b = 0; b < rl->B; b++) {
    *q->episodes += m->terminated[b] || m->truncated[b];
  }
  HD_TRY(dqn_learn(rl, before, now));
  dqn_update_target_net(rl, hd__target_unit_step, before, now);
  dqn_update_target_net(rl, hd__target_unit_episode, ended, *q->episodes);
  return HD_OK;
}

const hd__gradient_rl_desc hd__gradient_rl_dqn = {
    .name = "dqn",
    .doc = "values of actions, learned from a replay of the past",
    .source = "Mnih et al. 2015; van Hasselt et al. 2016; Wang et al. 2016; Schaul et al. 2016",
    .takes_discrete = true,
    .compile = dqn_compile,
    .lay_out = dqn_lay_out,
    .start = dqn_start,
    .act = dqn_act,
    .observe_transition = dqn_observe_transition,
    .choose = dqn_choose,
    .value = dqn_value,
    .explore = dqn_explore,
    .is_consistent = dqn_is_consistent,
};
