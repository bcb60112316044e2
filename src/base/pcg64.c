#include "pcg64.h"

__extension__ typedef unsigned __int128 uint128;

enum { POOL = 4 };

/* The running constant of one pass of O'Neill's seed_seq hash. */
typedef struct hasher {
  uint32_t constant, factor;
} hasher;

static uint32_t pcg64_hash_word(hasher *hash, uint32_t word) {
  word ^= hash->constant;
  hash->constant *= hash->factor;
  word *= hash->constant;
  return word ^ (word >> 16);
}

static uint32_t pcg64_mix(uint32_t x, uint32_t y) {
  const uint32_t word = x * 0xCA01F9DDu - y * 0x4973F715u;
  return word ^ (word >> 16);
}

/* Spread the seed's two words over a pool, and then the number of a child, if it is one; then draw
 * eight words from the pool. */
static void pcg64_seed_words(uint64_t seed, uint64_t child, uint32_t out[2 * POOL]) {
  const uint32_t entropy[POOL] = {(uint32_t)seed, (uint32_t)(seed >> 32), 0, 0};
  uint32_t pool[POOL];
  hasher in = {0x43B0D7E5u, 0x931E8875u};
  for (int i = 0; i < POOL; i++) {
    pool[i] = pcg64_hash_word(&in, entropy[i]);
  }
  for (int from = 0; from < POOL; from++) {
    for (int to = 0; to < POOL; to++) {
      if (from != to) {
        pool[to] = pcg64_mix(pool[to], pcg64_hash_word(&in, pool[from]));
      }
    }
  }
  for (int to = 0; child > 0 && to < POOL; to++) {
    pool[to] = pcg64_mix(pool[to], pcg64_hash_word(&in, (uint32_t)child));
  }
  hasher draw = {0x8B51F9DDu, 0x58F38DEDu};
  for (int i = 0; i < 2 * POOL; i++) {
    out[i] = pcg64_hash_word(&draw, pool[i % POOL]);
  }
}

static uint128 pcg64_join(uint64_t high, uint64_t low) { return (uint128)high << 64 | low; }

static void pcg64_set_state(hd_random *random, uint128 state) {
  random->state_high = (uint64_t)(state >> 64);
  random->state_low = (uint64_t)state;
}

static uint128 pcg64_advance(const hd_random *random, uint128 state) {
  const uint128 multiplier = pcg64_join(0x2360ED051FC65DA4ull, 0x4385DF649FCCF645ull);
  return state * multiplier + pcg64_join(random->inc_high, random->inc_low);
}

void hd__pcg64_start(hd_random *random, uint64_t seed, uint64_t child) {
  uint32_t word[2 * POOL];
  pcg64_seed_words(seed, child, word);
  uint64_t pair[POOL];
  for (int i = 0; i < POOL; i++) {
    pair[i] = (uint64_t)word[2 * i + 1] << 32 | word[2 * i];
  }
  const uint128 inc = pcg64_join(pair[2], pair[3]) << 1 | 1;
  random->inc_high = (uint64_t)(inc >> 64);
  random->inc_low = (uint64_t)inc;
  pcg64_set_state(random, pcg64_advance(random, inc + pcg64_join(pair[0], pair[1])));
}

uint64_t hd__pcg64_next64(hd_random *random) {
  const uint128 state = pcg64_advance(random, pcg64_join(random->state_high, random->state_low));
  pcg64_set_state(random, state);
  const uint64_t folded = random->state_high ^ random->state_low;
  const unsigned turn = (unsigned)(random->state_high >> 58);
  return folded >> turn | folded << (-turn & 63);
}

uint32_t hd__pcg64_next32(hd_random *random) {
  if (random->has_spare) {
    random->has_spare = 0;
    return (uint32_t)random->spare;
  }
  const uint64_t word = hd__pcg64_next64(random);
  random->has_spare = 1;
  random->spare = word >> 32;
  return (uint32_t)word;
}
