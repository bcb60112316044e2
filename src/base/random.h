/* Counter-based random numbers: a pure function of (seed, stream, environment, step, index).
 *
 * A key is derived once per (seed, stream, environment, step) by strong 64-bit mixing; words under
 * it come from a keyed 32-bit hash of their index, three multiplications each, which every
 * compiler turns into vector code and every target computes alike. Nobody holds generator state,
 * so layout, threads and batch cannot matter.
 *
 * Sources: splitmix64 finaliser (Steele, Lea & Flood 2014); the word hash is Wellons' triple32
 * (2018) with the second half of the key injected between the rounds. docs/randomness.md has the
 * statistical battery's results. */
#ifndef HD_RANDOM_H
#define HD_RANDOM_H

#include <stdint.h>

/* Streams. Fixed numbers, never renumbered: a new consumer takes the next one. */
enum {
  HD_STREAM_ENV = 1,     /* environments' own draws */
  HD_STREAM_INIT = 2,    /* initial weights */
  HD_STREAM_SPIKE = 3,   /* spikes */
  HD_STREAM_CODE = 4,    /* stochastic codings */
  HD_STREAM_ACTION = 5,  /* exploration, softmax draws, ties */
  HD_STREAM_CRITIC = 6,  /* spikes of random features */
  HD_STREAM_FEATURE = 7, /* fixed random features */
  HD_STREAM_ROLLOUT = 8, /* random actions of `hedon rollout` */
  HD_STREAM_STUDY = 9,   /* bootstrap intervals */
  HD_STREAM_TASK = 10,   /* sets of samples that are a task */
  HD_STREAM_SEARCH = 11, /* perturbations and moves of a search */
  HD_STREAM_REPLAY = 12  /* which of the past is learned from again */
};

typedef struct hd__key {
  uint32_t a, b;
} hd__key;

static inline uint64_t hd__mix64(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

/* What the keys of one (seed, stream, environment) share. */
static inline uint64_t hd__key_base(uint64_t seed, uint32_t stream, uint64_t env) {
  const uint64_t z = hd__mix64(seed + 0x9E3779B97F4A7C15ull * (stream + 1));
  return hd__mix64(z + 0x9E3779B97F4A7C15ull * (env + 1));
}

static inline hd__key hd__key_at(uint64_t base, uint64_t step) {
  const uint64_t z = hd__mix64(base + 0x9E3779B97F4A7C15ull * (step + 1));
  return (hd__key){(uint32_t)z, (uint32_t)(z >> 32)};
}

static inline hd__key hd__key_make(uint64_t seed, uint32_t stream, uint64_t env, uint64_t step) {
  return hd__key_at(hd__key_base(seed, stream, env), step);
}

/* Index i's hash starts from i HD_HASH_STEP + key.a; x may be a word or a vector of words. */
#define HD_HASH_STEP 0x9E3779B1u
#define HD_HASH_FINISH(x, key) \
  do {                         \
    x ^= x >> 17;              \
    x *= 0xED5AD4BBu;          \
    x ^= x >> 11;              \
    x += key.b;                \
    x *= 0xAC4C1B51u;          \
    x ^= x >> 15;              \
    x *= 0x31848BABu;          \
    x ^= x >> 14;              \
  } while (0)

static inline uint32_t hd__word(hd__key key, uint32_t index) {
  uint32_t x = index * HD_HASH_STEP + key.a;
  HD_HASH_FINISH(x, key);
  return x;
}

/* In (0,1): 2^16 values, centred, so that neither 0 nor 1 can come out. Two share a word. */
static inline float hd__uniform16(hd__key key, uint32_t index) {
  const uint32_t half = hd__word(key, index >> 1) >> (16 * (index & 1));
  return ((float)(int32_t)(half & 0xFFFFu) + 0.5f) * (1.0f / 65536.0f);
}

/* In (0,1): the upper 24 bits of a word, centred, as near as a float comes; the largest would be
 * rounded to 1, which an index drawn as (int)(u * n) must not meet. */
static inline float hd__centred24(uint32_t word) {
  const float u = ((float)(int32_t)(word >> 8) + 0.5f) * (1.0f / 16777216.0f);
  const float below_one = 16777215.0f / 16777216.0f;
  return u < below_one ? u : below_one;
}

static inline float hd__uniform24(hd__key key, uint32_t index) {
  return hd__centred24(hd__word(key, index));
}

/* In [0,1) with 53 bits, from words 2 index and 2 index + 1. */
static inline double hd__joined53(uint64_t high, uint64_t low) {
  return (double)(int64_t)((high << 21) ^ (low >> 11)) * (1.0 / 9007199254740992.0);
}

static inline double hd__uniform53(hd__key key, uint32_t index) {
  return hd__joined53(hd__word(key, 2 * index), hd__word(key, 2 * index + 1));
}

#endif
