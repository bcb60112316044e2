/* Losses of actor and critic, and their steps from a rollout. */
#include "categorical.h"
#include "gae.h"
#include "gradient_job.h"
#include "policy_gradient.h"

static int policy_update_minibatch(const hd__gradient_rl *rl) {
  const int all = rl->B * (int)rl->settings->rollout;
  const int64_t some = hd__policy_is_ppo(rl) ? rl->settings->minibatch : all;
  return some < all ? (int)some : all;
}

int hd__policy_units(const hd__gradient_rl *rl) {
  const int n = policy_update_minibatch(rl) / ((const hd__policy_gradient *)rl->state)->unit;
  return n > 0 ? n : 1;
}

int hd__policy_room(const hd__gradient_rl *rl) {
  const int C = hd__policy_choices(rl);
  return C == 1 ? HD_CATEGORICAL_ROOM / rl->n_actions
                : HD_CATEGORICAL_ROOM / (C * HD_PAD(rl->n_actions));
}

const float *hd__policy_logits(const hd__gradient_rl *rl, int rows, const float *out, float *sum,
                               int *stride) {
  const hd__stack *actor = &rl->model[HD_POLICY_ACTOR].stack;
  const int n = actor->def.n_out;
  *stride = actor->n_heads > 1 ? n : actor->out_pad;
  if (actor->n_heads == 1) {
    return out;
  }
  for (int r = 0; r < rows; r++, out += actor->out_pad) {
    for (int a = 0; a < n; a++) {
      float all = out[a];
      for (int h = 1; h < actor->n_heads; h++) {
        all += out[h * actor->head_pad + a];
      }
      sum[r * n + a] = all;
    }
  }
  return sum;
}

int hd__policy_log_softmax(const hd__gradient_rl *rl, int rows, const float *out, float *log_p,
                           float *p) {
  const int A = rl->n_actions, size = HD_PAD(rows * A);
  float sum[HD_CATEGORICAL_ROOM];
  int stride;
  const float *logit = hd__policy_logits(rl, rows, out, sum, &stride);
  for (int k = 0; k < hd__policy_choices(rl); k++) {
    rl->kernel->log_softmax(rows, A, stride, logit + k * A, log_p + k * size, p + k * size);
  }
  return size;
}

/* What the losses of one update read. */
typedef struct update {
  const hd__gradient_rl *rl;
  const hd__policy_gradient *pg;
  float mean[HD_STACK_LAYERS], scale[HD_STACK_LAYERS]; /* of the advantages of a head */
  float share; /* of one decision in the mean */
  float clip, entropy;
} update;

/* Advantages and values are [heads][n][B]. */
static int policy_update_place(const update *u, int head, int index) {
  const int n = u->pg->n, B = u->rl->B;
  return head * n * B + (u->pg->is_step_major ? index : index % n * B + index / n);
}

/* By what the likelihood of a decision weighs for a head: its advantage, and under PPO the ratio of
 * its probabilities. */
static float policy_update_weight_of(const update *u, int head, int index, float log_p) {
  const float advantage =
      (u->pg->told[policy_update_place(u, head, index)] - u->mean[head]) * u->scale[head];
  if (!hd__policy_is_ppo(u->rl)) {
    return advantage;
  }
  const float ratio = hd__expf(log_p - u->pg->log_p[index]);
  const bool is_clipped = advantage > 0.0f ? ratio > 1.0f + u->clip : ratio < 1.0f - u->clip;
  return is_clipped ? 0.0f : advantage * ratio;
}

/* The gradient of a head's loss of a decision by the head's logits, all components of the action
 * weighing the same. */
static void policy_update_head_gradient(const update *u, int head, int index, int size,
                                        const float *log_p, const float *p, float *g) {
  const int A = u->rl->n_actions, C = hd__policy_choices(u->rl);
  const int32_t *choice = u->pg->choice + (size_t)index * (size_t)C;
  float all = 0.0f;
  for (int k = 0; k < C; k++) {
    all += log_p[k * size + choice[k]];
  }
  const float weight = policy_update_weight_of(u, head, index, all) * u->share;
  for (int k = 0; k < C; k++) {
    hd__categorical_gradient(A, log_p + k * size, p + k * size, choice[k], weight,
                             u->entropy * u->share, g + k * A);
  }
}

static void policy_update_actor_loss(void *user, int worker, int n, const int32_t *index,
                                     int out_pad, const float *out, float *g) {
  const update *u = user;
  const int most = hd__policy_room(u->rl), pad = u->rl->model[HD_POLICY_ACTOR].stack.head_pad;
  _Alignas(64) float log_p[HD_CATEGORICAL_ROOM], p[HD_CATEGORICAL_ROOM];
  (void)worker;
  for (int at = 0; at < n; at += most) {
    const int rows = n - at < most ? n - at : most;
    const int size =
        hd__policy_log_softmax(u->rl, rows, out + (size_t)at * (size_t)out_pad, log_p, p);
    for (int r = 0; r < rows; r++) {
      const int first = r * u->rl->n_actions;
      for (int h = 0; h < u->pg->heads; h++) {
        policy_update_head_gradient(u, h, index[at + r], size, log_p + first, p + first,
                                    g + (size_t)(at + r) * (size_t)out_pad + h * pad);
      }
    }
  }
}

static void policy_update_critic_loss(void *user, int worker, int n, const int32_t *index,
                                      int out_pad, const float *out, float *g) {
  const update *u = user;
  const int pad = u->rl->model[HD_POLICY_CRITIC].stack.head_pad;
  (void)worker;
  for (int k = 0; k < n; k++, out += out_pad, g += out_pad) {
    for (int h = 0; h < u->pg->heads; h++) {
      const int at = policy_update_place(u, h, index[k]);
      g[h * pad] = (out[h * pad] - (u->pg->advantage[at] + u->pg->value[at])) * u->share;
    }
  }
}

/* The decisions of n units, unit by unit. */
static void policy_update_list(hd__policy_gradient *pg, int n, const int32_t *unit) {
  int32_t *decision = pg->alone;
  for (int k = 0; k < n; k++) {
    for (int d = 0; d < pg->unit; d++) {
      *decision++ = unit[k] * pg->unit + d;
    }
  }
}

/* Mean of a head's advantages of the n decisions listed, and what to multiply them by. */
static void policy_update_normalise(update *u, int head, int n) {
  const hd__settings *s = u->rl->settings;
  u->mean[head] = 0.0f;
  u->scale[head] = 1.0f;
  if (!s->normalise) {
    return;
  }
  double sum = 0.0, squares = 0.0;
  for (int k = 0; k < n; k++) {
    const double a = (double)u->pg->told[policy_update_place(u, head, u->pg->alone[k])];
    sum += a;
    squares += a * a;
  }
  const double mean = sum / n, variance = squares / n - mean * mean;
  const double deviation = hd__sqrt_of_sum(variance > 0.0 ? variance : 0.0);
  u->mean[head] = (float)mean;
  u->scale[head] = (float)(1.0 / (deviation > s->normalise_floor ? deviation : s->normalise_floor));
}

/* The gradients of n units. The critic carries nothing: it takes decisions one by one. */
static void policy_update_differentiate(hd__gradient_rl *rl, update *u, int n,
                                        const int32_t *unit) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  HD_ASSERT(!pg->has_tape || pg->actor_tape.made == pg->actor_tape.rows);
  const hd__gradient_job job[] = {
      {.model = &rl->model[HD_POLICY_ACTOR],
       .source = {pg->x, rl->carried != NULL ? pg->fresh : NULL, pg->state},
       .rollout = pg->has_tape ? &pg->actor_tape : NULL,
       .n = n,
       .list = unit,
       .loss = policy_update_actor_loss,
       .user = u,
       .ctx = rl->ctx},
      {.model = &rl->model[HD_POLICY_CRITIC],
       .source = {.x = pg->x},
       .rollout = pg->has_tape ? &pg->critic_tape : NULL,
       .n = n * pg->unit,
       .list = pg->alone,
       .loss = policy_update_critic_loss,
       .user = u,
       .ctx = rl->ctx},
  };
  hd__gradient_jobs_run(rl->workers, 2, job);
  pg->actor_tape.made = pg->critic_tape.made = 0;
}

/* One step of actor and critic from n units. */
static hd_status policy_update_learn(hd__gradient_rl *rl, update *u, int n, const int32_t *unit) {
  const hd__settings *s = rl->settings;
  hd__model *const both[] = {&rl->model[HD_POLICY_ACTOR], &rl->model[HD_POLICY_CRITIC]};
  const float alpha[] = {(float)s->alpha * rl->factor, (float)s->alpha_critic * rl->factor};
  const int decisions = n * u->pg->unit;
  u->share = 1.0f / (float)decisions;
  policy_update_list(hd__policy_gradient_of(rl), n, unit);
  for (int h = 0; h < u->pg->heads; h++) {
    policy_update_normalise(u, h, decisions);
  }
  policy_update_differentiate(rl, u, n, unit);
  return hd__models_step(rl->ctx, rl->workers, 2, both, s, alpha);
}

static void policy_update_shuffle(hd__gradient_rl *rl, int epoch, int n, int32_t *list) {
  const hd__key key = hd__gradient_rl_key(rl, epoch, 1);
  for (int k = n - 1; k > 0; k--) {
    const int other = (int)(hd__uniform53(key, (uint32_t)k) * (k + 1));
    const int32_t here = list[k];
    list[k] = list[other];
    list[other] = here;
  }
}

/* Advantages of a rollout of so many steps, for every head, and what the actor is told. */
static void policy_update_advantages(hd__gradient_rl *rl, int steps) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const hd__settings *s = rl->settings;
  const float lambda = hd__policy_is_episodic(rl) ? 1.0f : (float)s->lambda;
  pg->told = pg->shuffle.is_on ? pg->told_room : pg->advantage;
  for (int h = 0; h < pg->heads; h++) {
    const int at = h * pg->n * rl->B;
    hd__gae(steps, rl->B, (float)s->gamma, lambda, pg->reward, pg->value + at, pg->next_value + at,
            pg->ended, pg->advantage + at);
    if (pg->shuffle.is_on) {
      hd__signal_shuffle_all(&pg->shuffle, steps * rl->B, pg->advantage + at, pg->told_room + at);
    }
  }
}

hd_status hd__policy_learn(hd__gradient_rl *rl, int steps) {
  hd__policy_gradient *pg = hd__policy_gradient_of(rl);
  const hd__settings *s = rl->settings;
  const int n_units = rl->B * steps / pg->unit, most = hd__policy_units(rl);
  const int epochs = hd__policy_is_ppo(rl) ? (int)s->epochs : 1;
  update u = {.rl = rl,
              .pg = pg,
              .clip = (float)s->clip * (s->anneal_clip ? rl->factor : 1.0f),
              .entropy = (float)s->entropy};
  policy_update_advantages(rl, steps);
  for (int k = 0; k < n_units; k++) {
    pg->order[k] = k;
  }
  for (int epoch = 0; epoch < epochs; epoch++) {
    if (hd__policy_is_ppo(rl)) {
      policy_update_shuffle(rl, epoch, n_units, pg->order);
    }
    for (int at = 0; at < n_units; at += most) {
      const int n = n_units - at < most ? n_units - at : most;
      HD_TRY(policy_update_learn(rl, &u, n, pg->order + at));
    }
  }
  rl->clock[1]++;
  return HD_OK;
}
