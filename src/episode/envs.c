#include "envs.h"

#include <inttypes.h>
#include <string.h>

#include "env_check.h"
#include "envs_internal.h"

enum { ALIGN = 64, STATE_ALIGN = 16, ENVS_AT_ONCE = 64 };

static size_t envs_rounded_up(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

static size_t envs_state_size(const hd_env_desc *desc) {
  return desc->foreign != NULL ? hd__foreign_state_size(desc) : desc->state_size;
}

/* Bytes of the tiles of an environment that has a loop. */
static size_t envs_tiles_size(const hd_env_desc *desc, int B) {
  return envs_rounded_up((size_t)B, HD_ENV_LANES) * desc->state_size;
}

/* Lay the arrays out from `base` and return the bytes used; envs may be NULL while counting. */
static size_t envs_lay_out(hd_envs *envs, unsigned char *base, const hd_env_desc *desc, int B) {
  const size_t n = (size_t)B, stride = envs_rounded_up(envs_state_size(desc), STATE_ALIGN);
  const bool has_tiles = hd__env_vector_of(desc) != HD_ENV_VECTORS;
  const size_t tile = envs_rounded_up(sizeof(hd_envs), ALIGN);
  const size_t row = tile + (has_tiles ? envs_rounded_up(envs_tiles_size(desc, B), ALIGN) : 0);
  const size_t is_lent = row + envs_rounded_up(n * stride, ALIGN);
  const size_t random = is_lent + envs_rounded_up(n, ALIGN);
  const size_t elapsed = random + envs_rounded_up(n * sizeof(hd_random), ALIGN);
  const size_t done = elapsed + envs_rounded_up(n * sizeof(int32_t), ALIGN);
  const size_t idle = done + envs_rounded_up(n, ALIGN);
  const size_t over = idle + envs_rounded_up(n, ALIGN);
  const size_t group = over + envs_rounded_up(n, ALIGN);
  if (envs != NULL) {
    envs->n_fields = (int)(desc->state_size / sizeof(double));
    envs->tile = (double *)(void *)(base + tile);
    envs->stride = stride;
    envs->row = base + row;
    envs->is_lent = base + is_lent;
    envs->random = (hd_random *)(void *)(base + random);
    envs->elapsed = (int32_t *)(void *)(base + elapsed);
    envs->done = base + done;
    envs->idle = base + idle;
    envs->over = base + over;
    envs->group = (int32_t *)(void *)(base + group);
  }
  return group + envs_rounded_up((n + 1) * sizeof(int32_t), ALIGN);
}

size_t hd__envs_size(const hd_env_desc *desc, int B) { return envs_lay_out(NULL, NULL, desc, B); }

hd_envs *hd__envs_place(void *memory, const hd_env_desc *desc, int B, uint64_t seed,
                        hd_rng_kind rng, const hd__kernel *kernel) {
  memset(memory, 0, hd__envs_size(desc, B));
  hd_envs *envs = memory;
  envs->desc = desc;
  envs->kernel = kernel;
  envs->B = B;
  envs->rng = rng;
  envs_lay_out(envs, memory, desc, B);
  const hd__env_vector vector = hd__env_vector_of(desc);
  if (rng == HD_RNG_NATIVE && vector != HD_ENV_VECTORS) {
    envs->loops = &kernel->env[vector];
  }
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
  if (rng == HD_RNG_GYMNASIUM && seed > UINT64_MAX - (uint64_t)(B - 1)) {
    return hd__fail(ctx, HD_RANGE,
                    "the seeds of %d environments from %" PRIu64 " go beyond 2^64 - 1", B, seed);
  }
  const size_t size = hd__envs_size(desc, B) + ALIGN;
  unsigned char *block = hd__alloc(ctx, size);
  if (block == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", size);
  }
  unsigned char *aligned = block + (ALIGN - (uintptr_t)block % ALIGN);
  hd_envs *envs = hd__envs_place(aligned, desc, B, seed, rng, hd__kernel_for(ctx->isa));
  for (int b = 0; rng == HD_RNG_GYMNASIUM && b < B; b++) {
    hd__random_start(&envs->random[b], rng, seed + (uint64_t)b, 0);
  }
  envs->ctx = ctx;
  envs->block = block;
  envs->block_size = size;
  const hd_status status = hd__bodies_open(ctx, desc, B, 1, &envs->own);
  if (status != HD_OK) {
    hd_envs_destroy(envs);
    return status;
  }
  hd__envs_set_bodies(envs, &envs->own);
  *out = envs;
  return HD_OK;
}

/* Environments that follow each other and have one body together are a group. */
void hd__envs_set_bodies(hd_envs *envs, const hd__bodies *bodies) {
  envs->body = bodies->body;
  envs->foreign = bodies->foreign;
  envs->n_groups = 0;
  for (int b = 0; b < envs->B; b++) {
    if (envs->body != NULL && (b == 0 || envs->body[b] != envs->body[b - 1])) {
      envs->group[envs->n_groups++] = b;
    }
  }
  envs->group[envs->n_groups] = envs->B;
}

void hd__envs_share(hd_envs *envs, hd__workers *workers) { envs->workers = workers; }

void hd_envs_destroy(hd_envs *envs) {
  if (envs != NULL) {
    hd__bodies_close(envs->ctx, &envs->own);
    hd__free(envs->ctx, envs->block, envs->block_size);
  }
}

static void *envs_row_of(const hd_envs *envs, int b) {
  return envs->row + (size_t)b * envs->stride;
}

/* The state of environment b for a function of its descriptor, which finds the body in it. */
static void *envs_state_of(const hd_envs *envs, int b) {
  void *row = envs_row_of(envs, b);
  if (envs->body != NULL) {
    *(void **)row = envs->body[b];
  }
  return row;
}

/* States that are at rest hold no pointers. */
static void envs_clear_body(const hd_envs *envs, int b) {
  if (envs->body != NULL) {
    *(void **)envs_row_of(envs, b) = NULL;
  }
}

/* The first field of environment b in its tile; the others follow HD_ENV_LANES doubles apart. */
static double *envs_lane_of(const hd_envs *envs, int b) {
  return envs->tile + b / HD_ENV_LANES * envs->n_fields * HD_ENV_LANES + b % HD_ENV_LANES;
}

static void envs_load(const hd_envs *envs, int b, double *state) {
  const double *lane = envs_lane_of(envs, b);
  for (int f = 0; f < envs->n_fields; f++) {
    state[f] = lane[f * HD_ENV_LANES];
  }
}

static void envs_store(hd_envs *envs, int b, const double *state) {
  double *lane = envs_lane_of(envs, b);
  for (int f = 0; f < envs->n_fields; f++) {
    lane[f * HD_ENV_LANES] = state[f];
  }
}

void *hd_envs_state(hd_envs *envs, int b) {
  void *row = envs_row_of(envs, b);
  if (envs->loops != NULL && !envs->is_lent[b]) {
    envs_load(envs, b, row);
    envs->is_lent[b] = 1;
    envs->has_lent = true;
  }
  return row;
}

static void envs_take_back(hd_envs *envs) {
  for (int b = 0; envs->has_lent && b < envs->B; b++) {
    if (envs->is_lent[b]) {
      envs_store(envs, b, envs_row_of(envs, b));
      envs->is_lent[b] = 0;
    }
  }
  envs->has_lent = false;
}

static hd__foreign_states envs_states(const hd_envs *envs) {
  return (hd__foreign_states){envs->row, envs->stride, envs->B};
}

/* Start episodes of the environments in list [n]. */
static void envs_start_episodes(hd_envs *envs, int n, const int32_t *list, float *obs) {
  const hd_env_desc *desc = envs->desc;
  if (envs->loops != NULL) {
    envs->loops->start(n, list, envs->tile, envs->random, obs);
  } else if (envs->foreign != NULL && n > 0) {
    hd__foreign_reset(envs->foreign, n, list, envs_states(envs), envs->random, obs);
  }
  for (int k = 0; k < n; k++) {
    const int b = list[k];
    if (envs->loops == NULL && envs->foreign == NULL) {
      void *state = envs_state_of(envs, b);
      desc->reset(desc, state, &envs->random[b]);
      desc->observe(desc, state, obs + (size_t)b * (size_t)desc->n_obs);
      envs_clear_body(envs, b);
    }
    envs->elapsed[b] = 0;
    envs->done[b] = envs->idle[b] = 0;
  }
}

void hd__envs_start(hd_envs *envs, int b, uint64_t seed, float *obs) {
  const int32_t list = b;
  memset(hd_envs_state(envs, b), 0, envs_state_size(envs->desc));
  envs_take_back(envs);
  hd__random_start(&envs->random[b], envs->rng, seed, 0);
  envs_start_episodes(envs, 1, &list, obs - (size_t)b * (size_t)envs->desc->n_obs);
}

void hd_envs_reset(hd_envs *envs, float *obs) {
  memset(envs->done, 1, (size_t)envs->B);
  hd_envs_reset_done(envs, obs);
}

/* Bit i is set where byte i of eight, each 0 or 1, is. */
static unsigned envs_bits_of(const unsigned char *flag) {
  uint64_t bytes;
  memcpy(&bytes, flag, sizeof bytes);
  return (unsigned)((bytes * 0x0102040810204080u) >> 56);
}

/* Environments whose flag is set among the ENVS_AT_ONCE from `at` on; their number. */
static int envs_flagged(const unsigned char *flag, int at, int32_t list[ENVS_AT_ONCE]) {
  uint64_t set = 0;
  for (int i = 0; i < ENVS_AT_ONCE; i += 8) {
    set |= (uint64_t)envs_bits_of(flag + at + i) << i;
  }
  int n = 0;
  for (; set != 0; set &= set - 1) {
    list[n++] = at + __builtin_ctzll(set);
  }
  return n;
}

void hd__envs_start_flagged(hd_envs *envs, const unsigned char *flag, float *obs) {
  envs_take_back(envs);
  for (int at = 0; at < envs->B; at += ENVS_AT_ONCE) {
    int32_t list[ENVS_AT_ONCE];
    const int n = envs_flagged(flag, at, list);
    envs_start_episodes(envs, n, list, obs);
  }
}

void hd_envs_reset_done(hd_envs *envs, float *obs) {
  hd__envs_start_flagged(envs, envs->done, obs);
}

/* A step of environments that are stepped one by one. */
typedef struct envs_step {
  hd_envs *envs;
  const float *action;
  float *obs;
  double *reward;
  bool *terminated;
} envs_step;

static void envs_step_one(const envs_step *io, int b) {
  hd_envs *envs = io->envs;
  const hd_env_desc *desc = envs->desc;
  if (envs->idle[b]) {
    return;
  }
  void *state = envs_state_of(envs, b);
  io->terminated[b] = desc->step(desc, state, io->action + (size_t)b * (size_t)desc->n_act,
                                 &envs->random[b], &io->reward[b]);
  desc->observe(desc, state, io->obs + (size_t)b * (size_t)desc->n_obs);
  envs_clear_body(envs, b);
}

static void envs_step_group(void *user, int worker, int group) {
  const envs_step *io = user;
  (void)worker;
  for (int b = io->envs->group[group]; b < io->envs->group[group + 1]; b++) {
    envs_step_one(io, b);
  }
}

static void envs_step_each(const envs_step *io) {
  hd_envs *envs = io->envs;
  if (envs->workers != NULL && envs->n_groups > 1) {
    hd__workers_run(envs->workers, envs->n_groups, envs_step_group, (void *)io);
    return;
  }
  for (int b = 0; b < envs->B; b++) {
    envs_step_one(io, b);
  }
}

/* Has the environment cut the episode by itself? */
static bool envs_has_truncated(const hd_envs *envs, int b) {
  if (envs->foreign != NULL) {
    return hd__foreign_truncated(envs->foreign, b);
  }
  const bool has = envs->desc->truncated(envs->desc, envs_state_of(envs, b));
  envs_clear_body(envs, b);
  return has;
}

static void envs_ask_truncated(hd_envs *envs, bool *truncated) {
  for (int b = 0; b < envs->B; b++) {
    if (!envs->idle[b] && envs_has_truncated(envs, b)) {
      truncated[b] = true;
      envs->done[b] = 1;
    }
  }
}

void hd_envs_step(hd_envs *envs, const float *action, float *obs, double *reward, bool *terminated,
                  bool *truncated) {
  if (envs->loops != NULL) {
    envs_take_back(envs);
    envs->loops->step(envs->B, envs->tile, action, obs, reward, terminated);
  } else if (envs->foreign != NULL) {
    hd__foreign_step(envs->foreign, envs->idle, envs_states(envs), action, obs, reward, terminated);
  } else {
    envs_step_each(&(envs_step){envs, action, obs, reward, terminated});
  }
  envs->kernel->env_count(envs->B, envs->desc->max_steps, envs->elapsed, terminated, truncated,
                          envs->done);
  if (envs->foreign != NULL || envs->desc->truncated != NULL) {
    envs_ask_truncated(envs, truncated);
  }
}

bool hd__envs_set_idle(hd_envs *envs, int b) {
  envs->idle[b] = envs->loops == NULL;
  return envs->idle[b];
}

void hd__envs_parts(hd_envs *envs, hd__envs_part part[HD_ENVS_PARTS]) {
  const size_t B = (size_t)envs->B;
  envs_take_back(envs);
  part[0] = envs->loops != NULL
                ? (hd__envs_part){"env.state", envs->tile, envs_rounded_up(B, HD_ENV_LANES),
                                  envs->desc->state_size}
                : (hd__envs_part){"env.state", envs->row, B, envs->stride};
  part[1] = (hd__envs_part){"env.random", envs->random, B, sizeof(hd_random)};
  part[2] = (hd__envs_part){"env.elapsed", envs->elapsed, B, sizeof(int32_t)};
  part[3] = (hd__envs_part){"env.done", envs->done, B, 1};
}
