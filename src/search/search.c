#include "search_internal.h"

#include <string.h>

#include "hedon/config.h"

static const hd__search_desc *const table[] = {
#define HD_SEARCH(name) &hd__search_##name,
#include "search_table.h"
#undef HD_SEARCH
};

enum { SEARCH_COUNT = sizeof table / sizeof table[0] };

int hd__search_count(void) { return SEARCH_COUNT; }

const hd__search_desc *hd__search_at(int index) { return table[index]; }

const hd__search_desc *hd__search_find(const char *name) {
  for (int i = 0; i < SEARCH_COUNT; i++) {
    if (strcmp(table[i]->name, name) == 0) {
      return table[i];
    }
  }
  return NULL;
}

int hd_search_count(void) { return SEARCH_COUNT; }

hd_listing hd_search_at(int index) {
  return (hd_listing){
      .name = table[index]->name, .doc = table[index]->doc, .source = table[index]->source};
}

/* ---- life ---- */

hd_status hd__search_compile(hd_ctx *ctx, const hd__search_desc *desc, const hd__search_def *def,
                             hd__search *search) {
  int64_t n = 0;
  for (int l = 0; l < def->n_layers; l++) {
    n += (int64_t)def->layer[l].n_pre * def->layer[l].n_post;
  }
  if (n < 1 || n > HD_SEARCH_MAX) {
    return hd__fail(ctx, HD_RANGE, "%s searches over %lld weights, allowed 1 to %d", desc->name,
                    (long long)n, (int)HD_SEARCH_MAX);
  }
  *search = (hd__search){.def = *def,
                         .desc = desc,
                         .kernel = hd__kernel_for(ctx->isa),
                         .n = (int)n,
                         .n_pad = HD_PAD((int)n)};
  return desc->measure(ctx, search);
}

void hd__search_lay_out(hd__search *search, hd__arena *arena) {
  search->counters =
      hd__arena_field(arena, "search.counters", "I64", 1, sizeof(hd__search_counters) / 8);
  search->returns = hd__arena_field(arena, "search.returns", "F64", 1, search->n_candidates);
  search->w = hd__arena_field(arena, "search.w", "F32", 1, search->n_pad);
  search->desc->lay_out(search, arena);
}

void hd__search_start(hd__search *search, const float *w0) {
  *search->counters = (hd__search_counters){0};
  memset(search->w, 0, sizeof(float) * (size_t)search->n_pad);
  memcpy(search->w, w0, sizeof(float) * (size_t)search->n);
  search->desc->start(search);
}

void hd__search_ask(const hd__search *search, int candidate, float *w) {
  HD_ASSERT(candidate >= 0 && candidate < search->n_candidates);
  search->desc->ask(search, candidate, w);
}

void hd__search_tell(hd__search *search, int count, const double *returns) {
  hd__search_counters *counters = search->counters;
  HD_ASSERT(counters->reported + count <= search->n_candidates);
  memcpy(search->returns + counters->reported, returns, sizeof(double) * (size_t)count);
  counters->reported += count;
  if (counters->reported == search->n_candidates) {
    search->desc->tell(search);
    counters->generation++;
    counters->reported = 0;
  }
}

bool hd__search_is_consistent(const hd__search *search) {
  const hd__search_counters *counters = search->counters;
  return counters->generation >= 0 && counters->reported >= 0 &&
         counters->reported < search->n_candidates &&
         (search->desc->is_consistent == NULL || search->desc->is_consistent(search));
}

/* ---- shared ---- */

hd_status hd__search_measure_one(hd_ctx *ctx, hd__search *search) {
  (void)ctx;
  search->n_candidates = 1;
  return HD_OK;
}

void hd__search_ask_here(const hd__search *search, int candidate, float *w) {
  (void)candidate;
  memcpy(w, search->w, sizeof(float) * (size_t)search->n_pad);
}

hd_status hd__search_measure_pairs(hd_ctx *ctx, hd__search *search) {
  const int population = search->def.population;
  if (population < 2 || population % 2 != 0) {
    return hd__fail(ctx, HD_RANGE, "%s perturbs in pairs: population = %d, allowed 2, 4, 6, ...",
                    search->desc->name, population);
  }
  search->n_candidates = population;
  return HD_OK;
}

void hd__search_ranks(int n, const double *returns, float *rank) {
  for (int i = 0; i < n; i++) {
    int below = 0, same = 0;
    for (int j = 0; j < n; j++) {
      below += returns[j] < returns[i];
      same += returns[j] == returns[i];
    }
    const float place = (float)below + 0.5f * (float)(same - 1);
    rank[i] = n > 1 ? place / (float)(n - 1) - 0.5f : 0.0f;
  }
}
