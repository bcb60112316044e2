/* Environments alone, through the public interface.
 *
 *   peers_envs TASK BATCH SECONDS
 *     step BATCH environments with actions drawn beforehand, and restart those whose episode
 *     ended, for so many CPU seconds; prints one JSON line */
#include <hedon/hedon.h>
#include <stdlib.h>

#include "stopwatch.h"

enum { SETS = 64 };

typedef struct buffers {
  float *action, *obs;
  double *reward;
  bool *terminated, *truncated;
} buffers;

static void draw(const hd_env_desc *env, float *action, int n) {
  uint32_t x = 1;
  for (int i = 0; i < n * env->n_act; i++) {
    const hd_dim *dim = &env->act[i % env->n_act];
    x = x * 1664525u + 1013904223u;
    action[i] = dim->count > 0 ? (float)((x >> 16) % (uint32_t)dim->count)
                               : dim->low + (dim->high - dim->low) * (float)(x >> 16) / 65536.0f;
  }
}

static bool take(const hd_env_desc *env, size_t B, buffers *b) {
  *b = (buffers){.action = malloc(sizeof(float) * SETS * B * (size_t)env->n_act),
                 .obs = malloc(sizeof(float) * B * (size_t)env->n_obs),
                 .reward = malloc(sizeof(double) * B),
                 .terminated = malloc(B),
                 .truncated = malloc(B)};
  return b->action != NULL && b->obs != NULL && b->reward != NULL && b->terminated != NULL &&
         b->truncated != NULL;
}

static void release(buffers *b) {
  free(b->action);
  free(b->obs);
  free(b->reward);
  free(b->terminated);
  free(b->truncated);
}

static void step_for(hd_envs *envs, int B, int n_act, double seconds, const buffers *b) {
  double work = 0.0;
  hd_envs_reset(envs, b->obs);
  const stopwatch start = stopwatch_read();
  for (stopwatch took = {0}; took.cpu_s < seconds; took = stopwatch_since(start)) {
    for (int k = 0; k < SETS; k++) {
      hd_envs_step(envs, b->action + (size_t)k * (size_t)(B * n_act), b->obs, b->reward,
                   b->terminated, b->truncated);
      hd_envs_reset_done(envs, b->obs);
    }
    work += (double)SETS * B;
  }
  stopwatch_print(stopwatch_since(start), work);
  printf("}\n");
}

static hd_status run(hd_ctx *ctx, char **arg) {
  const int B = atoi(arg[1]);
  const hd_env_desc *env;
  hd_envs *envs;
  buffers b;
  HD_TRY(hd_env_find(ctx, arg[0], &env));
  HD_TRY(hd_envs_create(ctx, env, B, 1, HD_RNG_NATIVE, &envs));
  hd_status status = HD_NOMEM;
  if (take(env, (size_t)B, &b)) {
    draw(env, b.action, SETS * B);
    step_for(envs, B, env->n_act, atof(arg[2]), &b);
    status = HD_OK;
  }
  release(&b);
  hd_envs_destroy(envs);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s TASK BATCH SECONDS\n", argv[0]);
    return 2;
  }
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_status status = hd_ctx_create(&def, &ctx);
  if (status != HD_OK) {
    fprintf(stderr, "%s\n", hd_status_text(status));
    return 1;
  }
  status = run(ctx, argv + 1);
  if (status != HD_OK) {
    fprintf(stderr, "%s: %s\n", hd_status_text(status), hd_ctx_error(ctx));
  }
  hd_ctx_destroy(ctx);
  return status == HD_OK ? 0 : 1;
}
