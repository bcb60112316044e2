/* Where the randomness of a decision comes from. */
#ifndef HD_DRAW_H
#define HD_DRAW_H

#include <stdbool.h>

#include "random.h"

/* Bases of keys, and the number of the decision. */
typedef struct hd__random_base {
  uint64_t spike, action, code, step;
  float *carried;    /* state of the row, aligned as arrays are, if that is carried on; NULL: every
                        decision begins anew */
  bool is_continued; /* the decision before this one left its state there; else an episode begins */
} hd__random_base;

/* Bases for a row alone: field by field, since a compiler may build a whole struct in memory and
 * wait for it there. */
static inline void hd__random_base_set(hd__random_base *base, uint64_t seed, uint64_t env) {
  base->spike = hd__key_base(seed, HD_STREAM_SPIKE, env);
  base->action = hd__key_base(seed, HD_STREAM_ACTION, env);
  base->code = hd__key_base(seed, HD_STREAM_CODE, env);
}

static inline hd__random_base hd__random_base_make(uint64_t seed, uint64_t env, uint64_t step) {
  hd__random_base base = {.step = step};
  hd__random_base_set(&base, seed, env);
  return base;
}

#endif
