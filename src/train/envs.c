#include "envs.h"

#include <string.h>

#include "context_internal.h"
#include "env_check.h"
#include "env_table.h"

struct hd_envs {
  const hd_env_desc *desc;
  const hd__kernel *kernel;
  bool is_cartpole; /* the kernels step it */
  hd_rng_kind rng;
  hd_ctx *ctx; /* NULL if the memory is a session's */
  void *block; /* as allocated, to give it back */
  size_t block_size;
  int B;
  size_t stride;        /* bytes from one state to the next */
  unsigned char *state; /* [B][stride] */
  hd_random *random;    /* [B] */
  int64_t *elapsed;     /* [B] steps of the running episode */
  unsigned char *done;  /* [B] the last step ended an episode */
};

enum { ALIGN = 64, STATE_ALIGN = 16 };

static size_t rounded_up(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

/* Lay the arrays out from `base` and return the bytes used; envs may be NULL while counting. */
static size_t lay_out(hd_envs *envs, unsigned char *base, const hd_env_desc *desc, int B) {
  const size_t n = (size_t)B, stride = rounded_up(desc->state_size, STATE_ALIGN);
  const size_t state = rounded_up(sizeof(hd_envs), ALIGN);
  const size_t random = state + rounded_up(n * stride, ALIGN);
  const size_t elapsed = random + rounded_up(n * sizeof(hd_random), ALIGN);
  const size_t done = elapsed + rounded_up(n * sizeof(int64_t), ALIGN);
  if (envs != NULL) {
    envs->stride = stride;
    envs->state = base + state;
    envs->random = (hd_random *)(void *)(base + random);
    envs->elapsed = (int64_t *)(void *)(base + elapsed);
    envs->done = base + done;
  }
  return done + rounded_up(n, ALIGN);
}

size_t hd__envs_size(const hd_env_desc *desc, int B) { return lay_out(NULL, NULL, desc, B); }

hd_envs *hd__envs_place(void *memory, const hd_env_desc *desc, int B, uint64_t seed,
                        hd_rng_kind rng, const hd__kernel *kernel) {
  memset(memory, 0, hd__envs_size(desc, B));
  hd_envs *envs = memory;
  envs->desc = desc;
  envs->kernel = kernel;
  envs->B = B;
  envs->rng = rng;
  envs->is_cartpole = rng == HD_RNG_NATIVE && desc->step == hd__env_cartpole_v1.step;
  lay_out(envs, memory, desc, B);
  for (int b = 0; b < B; b++) {
    hd__random_start(&envs->random[b], rng, seed, (uint64_t)b);
  }
  return envs;
}

hd_status hd_envs_create(hd_ctx *ctx, const hd_env_desc *desc, int B, uint64_t seed,
                         hd_rng_kind rng, hd_envs **out) {
  HD_TRY(hd__env_check(ctx, desc));
  if (B < 1) {
    return hd__fail(ctx, HD_RANGE, "B = %d environments, allowed 1 or more", B);
  }
  if (rng != HD_RNG_NATIVE && rng != HD_RNG_GYMNASIUM) {
    return hd__fail(ctx, HD_RANGE, "random stream %d, allowed HD_RNG_NATIVE or HD_RNG_GYMNASIUM",
                    (int)rng);
  }
  const size_t size = hd__envs_size(desc, B) + ALIGN;
  unsigned char *block = hd__alloc(ctx, size);
  if (block == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", size);
  }
  unsigned char *aligned = block + (ALIGN - (uintptr_t)block % ALIGN);
  hd_envs *envs = hd__envs_place(aligned, desc, B, seed, rng, hd__kernel_for(ctx->isa));
  envs->ctx = ctx;
  envs->block = block;
  envs->block_size = size;
  *out = envs;
  return HD_OK;
}

void hd_envs_destroy(hd_envs *envs) {
  if (envs != NULL) {
    hd__free(envs->ctx, envs->block, envs->block_size);
  }
}

void *hd_envs_state(hd_envs *envs, int b) { return envs->state + (size_t)b * envs->stride; }

static void start_episode(hd_envs *envs, int b, float *obs) {
  const hd_env_desc *desc = envs->desc;
  void *state = hd_envs_state(envs, b);
  desc->reset(desc, state, &envs->random[b]);
  desc->observe(desc, state, obs + (size_t)b * (size_t)desc->n_obs);
  envs->elapsed[b] = 0;
  envs->done[b] = 0;
}

void hd__envs_start(hd_envs *envs, int b, uint64_t seed, float *obs) {
  memset(hd_envs_state(envs, b), 0, envs->desc->state_size);
  hd__random_start(&envs->random[b], envs->rng, seed, 0);
  start_episode(envs, b, obs - (size_t)b * (size_t)envs->desc->n_obs);
}

void hd_envs_reset(hd_envs *envs, float *obs) {
  for (int b = 0; b < envs->B; b++) {
    start_episode(envs, b, obs);
  }
}

void hd_envs_reset_done(hd_envs *envs, float *obs) {
  for (int b = 0; b < envs->B; b++) {
    if (envs->done[b]) {
      start_episode(envs, b, obs);
    }
  }
}

static void step_each(hd_envs *envs, const float *action, float *obs, double *reward,
                      bool *terminated) {
  const hd_env_desc *desc = envs->desc;
  unsigned char *state = envs->state;
  for (int b = 0; b < envs->B; b++) {
    terminated[b] = desc->step(desc, state, action, &envs->random[b], &reward[b]);
    desc->observe(desc, state, obs);
    state += envs->stride;
    action += desc->n_act;
    obs += desc->n_obs;
  }
}

static void step_cartpoles(hd_envs *envs, const float *action, float *obs, double *reward,
                           bool *terminated) {
  envs->kernel->cartpole(envs->B, (struct hd__cartpole *)(void *)envs->state, action, terminated,
                         obs);
  for (int b = 0; b < envs->B; b++) {
    reward[b] = 1.0;
  }
}

void hd_envs_step(hd_envs *envs, const float *action, float *obs, double *reward, bool *terminated,
                  bool *truncated) {
  (envs->is_cartpole ? step_cartpoles : step_each)(envs, action, obs, reward, terminated);
  const int64_t limit = envs->desc->max_steps > 0 ? envs->desc->max_steps : INT64_MAX;
  for (int b = 0; b < envs->B; b++) {
    envs->elapsed[b]++;
    truncated[b] = envs->elapsed[b] >= limit;
    envs->done[b] = terminated[b] | truncated[b];
  }
}

bool hd__envs_is_done(const hd_envs *envs, int b) { return envs->done[b]; }

void hd__envs_parts(hd_envs *envs, hd__envs_part part[HD_ENVS_PARTS]) {
  part[0] = (hd__envs_part){"env.state", envs->state, envs->stride};
  part[1] = (hd__envs_part){"env.random", envs->random, sizeof(hd_random)};
  part[2] = (hd__envs_part){"env.elapsed", envs->elapsed, sizeof(int64_t)};
  part[3] = (hd__envs_part){"env.done", envs->done, 1};
}
