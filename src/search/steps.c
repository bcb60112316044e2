#include "steps.h"

#include <string.h>

enum { DRAW_LOTS = 3 }; /* apart from the purposes that the methods draw for */

hd__steps hd__steps_lay_out(const hd__search *search, hd__arena *arena) {
  const int n = search->n_pad;
  return (hd__steps){
      .step = HD_TAKE(arena, float, n),
      .noise = HD_TAKE(arena, float, n),
      .move = hd__arena_field(arena, "search.move", "F32", 1, n),
      .lot = search->def.movers < 1.0f ? hd__arena_field(arena, "search.lot", "F32", 1, n) : NULL,
      .reference = hd__arena_field(arena, "search.reference", "F64", 1, 1)};
}

static void steps_fill(const hd__search *search, float *step) {
  const hd__search_def *def = &search->def;
  for (int l = 0; l < def->n_layers; l++) {
    const hd__search_layer *layer = &def->layer[l];
    for (int i = 0; i < layer->n_pre; i++) {
      const bool is_bias = layer->has_bias && i == layer->n_pre - 1;
      for (int j = 0; j < layer->n_post; j++) {
        *step++ = def->step * (is_bias ? def->bias_steps : 1.0f);
      }
    }
  }
}

void hd__steps_start(hd__search *search, const hd__steps *steps) {
  steps_fill(search, steps->step);
  memset(steps->move, 0, sizeof(float) * (size_t)search->n_pad);
  if (steps->lot != NULL) {
    memset(steps->lot, 0, sizeof(float) * (size_t)search->n_pad);
  }
  *steps->reference = 0.0;
}

/* to = clip(w + move step) */
static void steps_add(const hd__search *search, const hd__steps *steps, float *to) {
  const float w_max = search->def.w_max, *w = search->w;
  const float *restrict move = steps->move, *restrict step = steps->step;
  for (int k = 0; k < search->n_pad; k++) {
    to[k] = hd__clampf(w[k] + move[k] * step[k], -w_max, w_max);
  }
}

/* Nothing is clipped before the first move. */
void hd__steps_ask(const hd__search *search, int candidate, float *w) {
  if (search->def.undoes && search->counters->generation > 0) {
    steps_add(search, search->state, w);
  } else {
    hd__search_ask_here(search, candidate, w);
  }
}

double hd__steps_change(hd__search *search, const hd__steps *steps) {
  const bool is_first = search->counters->generation == 0;
  const double change = is_first ? 0.0 : search->returns[0] - *steps->reference;
  if (search->def.undoes && change < 0.0) {
    return change;
  }
  if (search->def.undoes && !is_first) {
    steps_add(search, steps, search->w);
  }
  *steps->reference = search->returns[0];
  return change;
}

void hd__steps_draw(const hd__search *search, const hd__steps *steps) {
  if (steps->lot != NULL) {
    search->kernel->noise(search->n_pad, hd__search_key(search, DRAW_LOTS), 0, steps->lot);
  }
}

void hd__steps_move(hd__search *search, const hd__steps *steps) {
  for (int k = 0; k < search->n_pad && steps->lot != NULL; k++) {
    steps->move[k] = hd__steps_has(search, steps, k) ? steps->move[k] : 0.0f;
  }
  if (!search->def.undoes) {
    steps_add(search, steps, search->w);
  }
}
