#include "twin_critic.h"

#include <string.h>

void hd__twin_compile(hd__twin *twin, hd__model *critic, hd__model *target, int n_obs, int n_act) {
  *twin = (hd__twin){.critic = critic,
                     .target = target,
                     .n_obs = n_obs,
                     .n_act = n_act,
                     .in_pad = critic->stack.in_pad,
                     .out_pad = critic->stack.out_pad};
}

void hd__twin_lay_out(hd__twin *twin, hd__arena *arena, const hd__batch_def *batch) {
  const int rows = batch->units;
  hd__batch_def answers = *batch;
  answers.use = HD_BATCH_ANSWERS;
  twin->rows = rows;
  for (int k = 0; k < 2; k++) {
    hd__model_lay_out(&twin->critic[k], arena, HD_MODEL_LEARNS_AND_SLOPES, 0, batch);
    hd__model_lay_out(&twin->target[k], arena, HD_MODEL_INFERS, 0, &answers);
  }
  twin->x = HD_TAKE(arena, float, rows * twin->in_pad);
  twin->y = HD_TAKE(arena, float, rows);
  twin->q = HD_TAKE(arena, float, 2 * rows);
  twin->g_x = HD_TAKE(arena, float, 2 * rows * twin->in_pad);
}

void hd__twin_start(hd__twin *twin, uint64_t seed, int first) {
  for (int k = 0; k < 2; k++) {
    hd__model_start(&twin->critic[k], seed, first + k * (HD_STACK_LAYERS + 1));
    hd__model_copy(&twin->target[k], &twin->critic[k]);
  }
}

void hd__twin_set_input(hd__twin *twin, int at, int n, const float *obs, const float *action) {
  for (int r = 0; r < n; r++) {
    float *x = twin->x + (at + r) * twin->in_pad;
    memcpy(x, obs + r * twin->n_obs, sizeof(float) * (size_t)twin->n_obs);
    memcpy(x + twin->n_obs, action + r * twin->n_act, sizeof(float) * (size_t)twin->n_act);
  }
}

void hd__twin_target(hd__twin *twin, int worker, int at, int n, float *q) {
  for (int k = 0; k < 2; k++) {
    const float *out =
        hd__model_answer_block(&twin->target[k], worker, n, twin->x + at * twin->in_pad);
    for (int r = 0; r < n; r++) {
      q[r] = k == 0 ? out[r * twin->out_pad] : hd__minf(q[r], out[r * twin->out_pad]);
    }
  }
}

void hd__twin_action_gradient(hd__twin *twin, int worker, int at, int n, bool takes_least,
                              float *slope) {
  float *g_x[2];
  for (int k = 0; k < (takes_least ? 2 : 1); k++) {
    g_x[k] = twin->g_x + (k * twin->rows + at) * twin->in_pad;
    const float *out =
        hd__model_slope_block(&twin->critic[k], worker, n, twin->x + at * twin->in_pad, g_x[k]);
    for (int r = 0; r < n; r++) {
      twin->q[k * twin->rows + at + r] = out[r * twin->out_pad];
    }
  }
  for (int r = 0; r < n; r++) {
    const int k = takes_least && twin->q[twin->rows + at + r] < twin->q[at + r];
    memcpy(slope + r * twin->n_act, g_x[k] + r * twin->in_pad + twin->n_obs,
           sizeof(float) * (size_t)twin->n_act);
  }
}

/* ---- learning ---- */

/* A critic learns. */
typedef struct twin_loss {
  const hd__twin *twin;
  float *q; /* [rows] that it says */
} twin_loss;

/* Gradient of the mean square distance by a critic's output. */
static void twin_critic_distance(void *user, int worker, int n, const int32_t *index, int out_pad,
                                 const float *out, float *g) {
  const twin_loss *loss = user;
  const float share = 2.0f / (float)loss->twin->rows;
  (void)worker;
  for (int r = 0; r < n; r++) {
    loss->q[index[r]] = out[r * out_pad];
    g[r * out_pad] = share * (out[r * out_pad] - loss->twin->y[index[r]]);
  }
}

static hd_status twin_critic_check_distance(hd_ctx *ctx, const hd__twin *twin, int k) {
  float total = 0.0f;
  for (int r = 0; r < twin->rows; r++) {
    const float distance = twin->q[k * twin->rows + r] - twin->y[r];
    total += distance * distance;
  }
  if (!(total - total == 0.0f)) {
    return hd__fail(ctx, HD_NUMERIC, "%s: its distance to the target is not finite",
                    twin->critic[k].name);
  }
  return HD_OK;
}

hd_status hd__twin_learn(hd_ctx *ctx, hd__workers *workers, hd__twin *twin, const hd__settings *s,
                         float alpha) {
  twin_loss loss[2];
  hd__gradient_job job[2];
  for (int k = 0; k < 2; k++) {
    loss[k] = (twin_loss){twin, twin->q + k * twin->rows};
    job[k] = (hd__gradient_job){.model = &twin->critic[k],
                                .source.x = twin->x,
                                .n = twin->rows,
                                .loss = twin_critic_distance,
                                .user = &loss[k],
                                .ctx = ctx};
  }
  hd__gradient_jobs_run(workers, 2, job);
  HD_TRY(hd__check_stopped(ctx));
  for (int k = 0; k < 2; k++) {
    HD_TRY(twin_critic_check_distance(ctx, twin, k));
  }
  hd__model *const both[] = {&twin->critic[0], &twin->critic[1]};
  return hd__models_step(ctx, workers, 2, both, s, (float[]){alpha, alpha});
}
