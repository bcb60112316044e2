/* Vectorised environments as a session sees them: placed in memory that the session owns, and laid
 * open for checkpoints. */
#ifndef HD_ENVS_H
#define HD_ENVS_H

#include "bodies.h"
#include "env_random.h"
#include "hedon/env.h"
#include "kernel.h"
#include "workers.h"

/* Everything that changes while environments are stepped, as plain bytes. Copying all parts of one
 * hd_envs into another of the same environment and B makes the other go on exactly alike. */
typedef struct hd__envs_part {
  const char *name;
  void *data;
  size_t rows, row; /* their number: B or a little more; bytes of each */
} hd__envs_part;

enum { HD_ENVS_PARTS = 4 };

void hd__envs_parts(hd_envs *envs, hd__envs_part part[HD_ENVS_PARTS]);

/* Bytes that hd__envs_place needs, a multiple of 64. */
size_t hd__envs_size(const hd_env_desc *desc, int B);

/* As hd_envs_create, in 64-byte aligned memory of the caller's; nothing to destroy. Start a new
 * seed by placing again. The kernels step environments that they have a loop for. */
hd_envs *hd__envs_place(void *memory, const hd_env_desc *desc, int B, uint64_t seed,
                        hd_rng_kind rng, const hd__kernel *kernel);

/* Environments that need bodies have these [B] from now on; they remain the caller's. */
void hd__envs_set_bodies(hd_envs *envs, const hd__bodies *bodies);
/* Let workers share steps of environments that have bodies, whose steps take long; those that have
 * one body together are stepped by one worker. NULL: no workers. */
void hd__envs_share(hd_envs *envs, hd__workers *workers);

/* Environment b becomes a new one on the stream of another seed, and starts an episode. */
void hd__envs_start(hd_envs *envs, int b, uint64_t seed, float *obs);

/* Leave environment b out of steps until it starts an episode: its observation, its reward and
 * whether it ended stay as the caller has them. False where all are stepped together anyhow. */
bool hd__envs_set_idle(hd_envs *envs, int b);

#endif
