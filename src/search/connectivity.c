#include "connectivity.h"

#include <string.h>

#include "search_internal.h"

static const float rho_least = 1e-3f;

/* Purposes beyond the number of any candidate. */
enum { DRAW_SIGN = 1 << 30 };

void hd__connectivity_lay_out(hd__search *search, hd__arena *arena, hd__connectivity *self) {
  const int n = search->n_pad;
  *self = (hd__connectivity){.rho = hd__arena_field(arena, "search.rho", "F32", 1, n),
                             .weight = HD_TAKE(arena, float, n),
                             .theta = HD_TAKE(arena, float, n),
                             .G = HD_TAKE(arena, float, n),
                             .rank = HD_TAKE(arena, float, search->n_candidates)};
}

/* x to eight significant bits, so that sums of up to 2^16 such weights are exact in any order. */
static float connectivity_rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits = (bits + 0x8000u) & 0xFFFF0000u;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* Half of the connections inhibit. */
void hd__connectivity_start(hd__search *search, hd__connectivity *self) {
  const hd__search_def *def = &search->def;
  const hd__key key = hd__key_make(def->seed, HD_STREAM_SEARCH, DRAW_SIGN, 0);
  float *weight = self->weight;
  int k = 0;
  for (int l = 0; l < def->n_layers; l++) {
    const int n_pre = def->layer[l].n_pre, until = k + n_pre * def->layer[l].n_post;
    const float size = connectivity_rounded(def->gain / hd__sqrtf((float)n_pre));
    for (; k < until; k++) {
      weight[k] = hd__word(key, (uint32_t)k) >> 31 ? size : -size;
    }
  }
  for (; k < search->n_pad; k++) {
    weight[k] = 0.0f;
  }
  for (k = 0; k < search->n_pad; k++) {
    self->rho[k] = 0.5f;
  }
  hd__connectivity_set_mode(search, self);
}

void hd__connectivity_sample(const hd__search *search, const hd__connectivity *self, int candidate,
                             float *theta) {
  const float *rho = self->rho;
  search->kernel->noise(search->n_pad, hd__search_key(search, candidate), 0, theta);
  for (int k = 0; k < search->n_pad; k++) {
    theta[k] = theta[k] < rho[k] ? 1.0f : 0.0f;
  }
}

void hd__connectivity_ask(const hd__search *search, int candidate, float *w) {
  const hd__connectivity *self = search->state;
  hd__connectivity_sample(search, self, candidate, w);
  for (int k = 0; k < search->n_pad; k++) {
    w[k] *= self->weight[k];
  }
}

void hd__connectivity_add(int n, float f, const float *restrict theta, const float *restrict rho,
                          float *restrict G) {
  for (int k = 0; k < n; k++) {
    G[k] += f * (theta[k] - rho[k]);
  }
}

void hd__connectivity_gradient(const hd__search *search, const hd__connectivity *self, int first,
                               int stride, float *G) {
  memset(G, 0, sizeof(float) * (size_t)search->n_pad);
  for (int m = first; m < search->n_candidates; m += stride) {
    hd__connectivity_sample(search, self, m, self->theta);
    hd__connectivity_add(search->n_pad, self->rank[m], self->theta, self->rho, G);
  }
}

void hd__connectivity_set_mode(hd__search *search, const hd__connectivity *self) {
  float *rho = self->rho, *w = search->w;
  for (int k = 0; k < search->n_pad; k++) {
    rho[k] = hd__clampf(rho[k], rho_least, 1.0f - rho_least);
    w[k] = rho[k] > 0.5f ? self->weight[k] : 0.0f;
  }
}
