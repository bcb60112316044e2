/* Words of the generator in src/base/random.h, as raw bytes without end, for a statistical battery.
 *
 *   words ORDER [SEED]
 *
 * Each order is one in which a run meets the words: */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

enum { CHUNK = 128, SPIKE_WORDS = 128 }; /* 64 neurons, 4 substeps, two draws to a word */

/* Spikes of a learner: many steps, few words under each. */
static uint32_t steps(uint64_t seed, uint64_t i) {
  const hd__key key = hd__key_make(seed, HD_STREAM_SPIKE, 0, i / SPIKE_WORDS);
  return hd__word(key, (uint32_t)(i % SPIKE_WORDS));
}

/* A single draw a step, as for actions. */
static uint32_t draws(uint64_t seed, uint64_t i) {
  return hd__word(hd__key_make(seed, HD_STREAM_ACTION, 0, i), 0);
}

/* Initial weights: one key, many words. */
static uint32_t key(uint64_t seed, uint64_t i) {
  return hd__word(hd__key_make(seed, HD_STREAM_INIT, 0, 0), (uint32_t)i);
}

/* Learners side by side: the first spikes of consecutive seeds. */
static uint32_t seeds(uint64_t seed, uint64_t i) {
  const hd__key first = hd__key_make(seed + i / 16, HD_STREAM_SPIKE, 0, 0);
  return hd__word(first, (uint32_t)(i % 16));
}

/* Environments side by side: the same word of 4096 of them, step by step. */
static uint32_t envs(uint64_t seed, uint64_t i) {
  return hd__word(hd__key_make(seed, HD_STREAM_SPIKE, i % 4096, i / 4096), 5);
}

static const struct {
  const char *name;
  uint32_t (*word)(uint64_t seed, uint64_t i);
} orders[] = {{"steps", steps}, {"draws", draws}, {"key", key}, {"seeds", seeds}, {"envs", envs}};

int main(int argc, char **argv) {
  const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
  for (size_t k = 0; argc > 1 && k < sizeof orders / sizeof *orders; k++) {
    if (strcmp(argv[1], orders[k].name) != 0) {
      continue;
    }
    uint32_t chunk[CHUNK];
    for (uint64_t at = 0;; at += CHUNK) {
      for (uint64_t i = 0; i < CHUNK; i++) {
        chunk[i] = orders[k].word(seed, at + i);
      }
      if (fwrite(chunk, sizeof chunk, 1, stdout) != 1) {
        return 0;
      }
    }
  }
  fprintf(stderr, "usage: words steps|draws|key|seeds|envs [SEED]\n");
  return 2;
}
