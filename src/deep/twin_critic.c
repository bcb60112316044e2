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

void hd__twin_lay_out(hd__twin *twin, hd__arena *arena, int rows) {
  twin->rows = rows;
  for (int k = 0; k < 2; k++) {
    hd__model_lay_out(&twin->critic[k], arena, HD_MODEL_LEARNS, rows, 1);
    hd__model_lay_out(&twin->target[k], arena, HD_MODEL_ANSWERS, rows, 1);
  }
  twin->x = HD_TAKE(arena, float, rows * twin->in_pad);
  twin->g_out = HD_TAKE(arena, float, rows * twin->out_pad);
  twin->g_x = HD_TAKE(arena, float, 2 * rows * twin->in_pad);
  twin->q = HD_TAKE(arena, float, 2 * rows);
}

void hd__twin_start(hd__twin *twin, uint64_t seed, int first) {
  for (int k = 0; k < 2; k++) {
    hd__model_start(&twin->critic[k], seed, first + k * (HD_STACK_LAYERS + 1));
    hd__model_copy(&twin->target[k], &twin->critic[k]);
  }
}

void hd__twin_show(hd__twin *twin, int rows, const float *obs, const float *action) {
  for (int r = 0; r < rows; r++) {
    float *x = twin->x + r * twin->in_pad;
    memcpy(x, obs + r * twin->n_obs, sizeof(float) * (size_t)twin->n_obs);
    memcpy(x + twin->n_obs, action + r * twin->n_act, sizeof(float) * (size_t)twin->n_act);
  }
}

/* What one of the four thinks, [rows]. */
static void ask(hd__twin *twin, hd__model *model, int rows, bool is_kept, float *q) {
  const float *out = hd__model_answer(model, rows, twin->x, is_kept);
  for (int r = 0; r < rows; r++) {
    q[r] = out[r * twin->out_pad];
  }
}

void hd__twin_worth(hd__twin *twin, int rows, float *worth) {
  float *q[2] = {twin->q, twin->q + twin->rows};
  for (int k = 0; k < 2; k++) {
    ask(twin, &twin->target[k], rows, false, q[k]);
  }
  for (int r = 0; r < rows; r++) {
    worth[r] = hd__minf(q[0][r], q[1][r]);
  }
}

/* Gradient of the mean square distance by a critic's output. */
static float blame_distance(hd__twin *twin, int rows, const float *q, const float *y) {
  const float share = 2.0f / (float)rows;
  float total = 0.0f;
  for (int r = 0; r < rows; r++) {
    const float distance = q[r] - y[r];
    twin->g_out[r * twin->out_pad] = share * distance;
    total += distance * distance;
  }
  return total;
}

hd_status hd__twin_learn(hd_ctx *ctx, hd__twin *twin, int rows, const float *y,
                         const hd__settings *s, float alpha) {
  for (int k = 0; k < 2; k++) {
    hd__model *critic = &twin->critic[k];
    ask(twin, critic, rows, true, twin->q);
    const float total = blame_distance(twin, rows, twin->q, y);
    if (!(total - total == 0.0f)) {
      return hd__fail(ctx, HD_NUMERIC, "%s: its distance to the target is not finite",
                      critic->name);
    }
    hd__model_clear(critic);
    hd__model_blame(critic, rows, twin->x, twin->g_out, true, NULL);
    HD_TRY(hd__model_finish(ctx, critic));
  }
  for (int k = 0; k < 2; k++) {
    hd__model_step(&twin->critic[k], s, alpha);
  }
  return HD_OK;
}

void hd__twin_slope(hd__twin *twin, int rows, bool takes_least, float *slope) {
  const int n = takes_least ? 2 : 1;
  const size_t block = (size_t)twin->rows * (size_t)twin->in_pad;
  for (int r = 0; r < rows; r++) {
    twin->g_out[r * twin->out_pad] = 1.0f;
  }
  for (int k = 0; k < n; k++) {
    ask(twin, &twin->critic[k], rows, true, twin->q + k * twin->rows);
    hd__model_blame(&twin->critic[k], rows, twin->x, twin->g_out, false,
                    twin->g_x + (size_t)k * block);
  }
  for (int r = 0; r < rows; r++) {
    const int k = n == 2 && twin->q[twin->rows + r] < twin->q[r];
    memcpy(slope + r * twin->n_act, twin->g_x + (size_t)k * block + r * twin->in_pad + twin->n_obs,
           sizeof(float) * (size_t)twin->n_act);
  }
}

void hd__twin_follow(hd__twin *twin, float rate) {
  for (int k = 0; k < 2; k++) {
    hd__model_follow(&twin->target[k], &twin->critic[k], rate);
  }
}
