/* The generator behind hd_random: what an environment draws from. Plain data, part of a
 * checkpoint. */
#ifndef HD_ENV_RANDOM_H
#define HD_ENV_RANDOM_H

#include "hedon/env.h"
#include "random.h"

struct hd_random {
  uint64_t kind; /* hd_rng_kind */
  /* native: draw number `drawn` under key (seed, HD_STREAM_ENV, env, drawn / 2^20) */
  uint64_t seed, env, drawn;
  /* gymnasium: PCG64 XSL-RR 128/64 state and increment, and the spare 32-bit half */
  uint64_t state_high, state_low, inc_high, inc_low;
  uint64_t spare, has_spare;
};

/* Start a stream: environment `env` of `seed`. Under HD_RNG_GYMNASIUM environment 0 has the seed's
 * own stream, and a further one that of the seed's child of this number, so that no environment of
 * one seed has the stream of another seed. */
void hd__random_start(hd_random *random, hd_rng_kind kind, uint64_t seed, uint64_t env);

/* Draws that share a key: hd__uniform53 takes two words of the 2^32 under a key. */
enum { HD_RANDOM_KEY_BITS = 20 };

/* Key and index of the next n native draws, which must not outlast a key. */
static inline hd__key hd__random_take(hd_random *random, uint32_t n, uint32_t *index) {
  const uint64_t first = random->drawn;
  random->drawn += n;
  *index = (uint32_t)(first & ((1u << HD_RANDOM_KEY_BITS) - 1));
  return hd__key_make(random->seed, HD_STREAM_ENV, random->env, first >> HD_RANDOM_KEY_BITS);
}

#endif
