/* Random numbers of an experiment's own, beside those of its network. */
#ifndef CLI_PAPER_DRAW_H
#define CLI_PAPER_DRAW_H

#include <stdint.h>

/* Uniform in [0, 1), by splitmix64. */
static inline double paper_draw(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

#endif
