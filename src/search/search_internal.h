/* What methods of search share. */
#ifndef HD_SEARCH_INTERNAL_H
#define HD_SEARCH_INTERNAL_H

#include "mathf.h"
#include "random.h"
#include "search.h"

#define HD_SEARCH(name) extern const hd__search_desc hd__search_##name;
#include "search_table.h"
#undef HD_SEARCH

/* Draws of this generation: one key per candidate, or per purpose. */
static inline hd__key hd__search_key(const hd__search *search, int purpose) {
  return hd__key_make(search->def.seed, HD_STREAM_SEARCH, (uint64_t)purpose,
                      (uint64_t)search->counters->generation);
}

/* One candidate per generation: the weights where the search stands. */
hd_status hd__search_measure_one(hd_ctx *ctx, hd__search *search);
void hd__search_ask_here(const hd__search *search, int candidate, float *w);

/* A population of pairs: w + sigma z, w - sigma z. */
hd_status hd__search_measure_pairs(hd_ctx *ctx, hd__search *search);

/* Ranks of the returns, spread evenly over [-1/2, 1/2]; equal returns share their mean rank. */
void hd__search_ranks(int n, const double *returns, float *rank);

#endif
