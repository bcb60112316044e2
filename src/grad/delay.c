#include "delay.h"

#include <string.h>

/* A delay is two weights out of M + 1, on the spikes of so many substeps ago:
 *   tent[k] = 1 - f, tent[k + 1] = f, all others 0;   rise[k] = -1, rise[k + 1] = 1
 * is their derivative. So lanes with different delays go through the same loop. */

void hd__delay_start(const hd__stack *stack, int l, hd__key key, float *weights) {
  const hd__stack_layer *layer = &stack->layer[l];
  for (int j = 0; j < layer->n; j++) {
    const float share = 0.0625f + 0.875f * hd__uniform24(key, (uint32_t)j);
    weights[layer->delay + (size_t)j] = hd__logf(share / (1.0f - share));
  }
}

void hd__delay_lay_out(const hd__stack *stack, int l, hd__arena *arena,
                       hd__prepared_layer *prepared) {
  const hd__stack_layer *layer = &stack->layer[l];
  const size_t n = (size_t)layer->n_pad, taps = (size_t)layer->max_delay + 1;
  prepared->share = HD_TAKE(arena, float, n);
  prepared->tent = HD_TAKE(arena, float, taps *n);
  prepared->rise = HD_TAKE(arena, float, taps *n);
}

void hd__delay_prepare(const hd__stack *stack, int l, const float *weights,
                       hd__prepared_layer *prepared) {
  const hd__stack_layer *layer = &stack->layer[l];
  const int n = layer->n_pad, M = layer->max_delay;
  const size_t size = sizeof(float) * (size_t)((M + 1) * n);
  memset(prepared->tent, 0, size);
  memset(prepared->rise, 0, size);
  for (int j = 0; j < n; j++) {
    const float share = hd__sigmoidf(weights[layer->delay + (size_t)j]);
    const float d = (float)M * share;
    const int k = (int)d < M ? (int)d : M - 1;
    const float f = d - (float)k;
    prepared->share[j] = share;
    prepared->tent[k * n + j] = 1.0f - f;
    prepared->tent[(k + 1) * n + j] = f;
    prepared->rise[k * n + j] = -1.0f;
    prepared->rise[(k + 1) * n + j] = 1.0f;
  }
}

/* out = sum over k of weight[k] x[k], lane by lane, of HD_LANES lanes from j on. */
static void delay_blend(int taps, int n, int j, const float *weight, const float *const *x,
                        float *out) {
  float sum[HD_LANES] = {0};
  for (int k = 0; k < taps; k++) {
    for (int i = 0; i < HD_LANES; i++) {
      sum[i] += weight[k * n + j + i] * x[k][j + i];
    }
  }
  memcpy(out, sum, sizeof sum);
}

/* The substeps of one row from first to last - 1, to which spikes stay confined; before them, if
 * state was carried to the pass, lie those of `past`. */
typedef struct stretch {
  const float *y, *past, *none;
  int n, M, first, last;
} stretch;

/* The stretch of row r that begins with decision d. */
static stretch delay_stretch_from(const hd__run *run, int l, int r, int d) {
  const hd__stack_layer *layer = &run->stack->layer[l];
  const hd__tape_layer *tape = &run->tape->layer[l];
  const int n = layer->n_pad, M = layer->max_delay, T = run->stack->def.T;
  const int decisions = run->pass->decisions;
  int end = d + 1;
  while (end < decisions && !hd__run_is_fresh(run, r, end)) {
    end++;
  }
  return (stretch){
      .y = tape->y + (size_t)r * (size_t)(decisions * T) * (size_t)n,
      .past = hd__run_is_fresh(run, r, d) ? NULL : tape->past + (size_t)r * (size_t)(M * n),
      .none = run->tape->none,
      .n = n,
      .M = M,
      .first = d * T,
      .last = end * T};
}

/* Spikes of a substep that may lie before the first. */
static const float *delay_spikes_at(const stretch *s, int t) {
  if (t >= s->first) {
    return s->y + (size_t)t * (size_t)s->n;
  }
  const int back = s->first - t;
  return s->past != NULL && back <= s->M ? s->past + (size_t)(s->M - back) * (size_t)s->n : s->none;
}

static void delay_spikes_before(const stretch *s, int t, const float **x) {
  for (int k = 0; k <= s->M; k++) {
    x[k] = delay_spikes_at(s, t - k);
  }
}

void hd__delay_forward(const hd__run *run, int l) {
  const int n = run->stack->layer[l].n_pad, decisions = run->pass->decisions;
  const float *x[HD_STACK_DELAY + 1];
  float *late = run->tape->layer[l].late;
  for (int r = 0; r < run->pass->rows; r++) {
    for (int d = 0; d < decisions;) {
      const stretch s = delay_stretch_from(run, l, r, d);
      for (int t = s.first; t < s.last; t++, late += n) {
        delay_spikes_before(&s, t, x);
        for (int j = 0; j < n; j += HD_LANES) {
          delay_blend(s.M + 1, n, j, run->prepared->layer[l].tent, x, late + j);
        }
      }
      d = s.last / run->stack->def.T;
    }
  }
}

void hd__delay_carry(const hd__run *run, int l, int r, float *past) {
  int d = run->pass->decisions - 1;
  while (d > 0 && !hd__run_is_fresh(run, r, d)) {
    d--;
  }
  const stretch s = delay_stretch_from(run, l, r, d);
  for (int m = 0; m < s.M; m++) {
    memcpy(past + (size_t)m * (size_t)s.n, delay_spikes_at(&s, s.last - s.M + m),
           sizeof(float) * (size_t)s.n);
  }
}

/* By the M substeps of spikes before a stretch, given `after`, by the last M that follow from it;
 * where it is shorter than M, some are the same spikes. */
static void delay_past_back(const stretch *s, const hd__prepared_layer *prepared, const float *g,
                            const float *after, float *before) {
  const int n = s->n, length = s->last - s->first;
  const float *later[HD_STACK_DELAY + 1];
  for (int m = 0; m < s->M; m++) {
    float *to = before + (size_t)m * (size_t)n;
    for (int k = 0; k <= s->M; k++) {
      const int t = s->first - s->M + m + k;
      later[k] = t >= s->first && t < s->last ? g + (size_t)t * (size_t)n : s->none;
    }
    for (int j = 0; j < n; j += HD_LANES) {
      delay_blend(s->M + 1, n, j, prepared->tent, later, to + j);
    }
    for (int j = 0; after != NULL && m >= length && j < n; j++) {
      to[j] += after[(size_t)(m - length) * (size_t)n + (size_t)j];
    }
  }
}

/* In place: what a substep hands back depends on itself and on later ones alone. after: by the last
 * M substeps of spikes, from what follows; or NULL. */
static void delay_stretch_back(const stretch *s, const hd__prepared_layer *prepared,
                               const float *after, float *g, float *G) {
  const int n = s->n;
  const float *x[HD_STACK_DELAY + 1], *later[HD_STACK_DELAY + 1];
  float change[HD_LANES];
  for (int t = s->first; t < s->last; t++) {
    float *now = g + (size_t)t * (size_t)n;
    delay_spikes_before(s, t, x);
    for (int k = 0; k <= s->M; k++) {
      later[k] = t + k < s->last ? now + (size_t)k * (size_t)n : s->none;
    }
    for (int j = 0; j < n; j += HD_LANES) {
      delay_blend(s->M + 1, n, j, prepared->rise, x, change);
      for (int i = 0; G != NULL && i < HD_LANES; i++) {
        G[j + i] += now[j + i] * change[i];
      }
      delay_blend(s->M + 1, n, j, prepared->tent, later, now + j);
    }
    const int m = t - (s->last - s->M);
    for (int j = 0; after != NULL && m >= 0 && j < n; j++) {
      now[j] += after[(size_t)m * (size_t)n + (size_t)j];
    }
  }
}

void hd__delay_backward(const hd__run *run, int l, float *g, float *G) {
  const hd__stack_layer *layer = &run->stack->layer[l];
  const size_t row = (size_t)(run->pass->decisions * run->stack->def.T * layer->n_pad);
  const hd__prepared_layer *prepared = &run->prepared->layer[l];
  const size_t past = sizeof(float) * (size_t)(layer->max_delay * layer->n_pad);
  const bool has_state = run->pass->g_state != NULL;
  for (int r = 0; r < run->pass->rows; r++, g += row) {
    float *outside = has_state ? run->pass->g_state + r * run->stack->n_state + layer->past : NULL;
    if (has_state) {
      memcpy(run->tape->g_past, outside, past);
      memset(outside, 0, past);
    }
    for (int d = 0; d < run->pass->decisions;) {
      const stretch s = delay_stretch_from(run, l, r, d);
      const int end = s.last / run->stack->def.T;
      const float *after = has_state && end == run->pass->decisions ? run->tape->g_past : NULL;
      if (has_state && d == 0 && s.past != NULL) {
        delay_past_back(&s, prepared, g, after, outside);
      }
      delay_stretch_back(&s, prepared, after, g, G != NULL ? G + layer->delay : NULL);
      d = end;
    }
  }
}

void hd__delay_finish(const hd__stack *stack, int l, const hd__prepared_layer *prepared, float *G) {
  const hd__stack_layer *layer = &stack->layer[l];
  for (int j = 0; j < layer->n_pad; j++) {
    const float share = prepared->share[j];
    G[layer->delay + (size_t)j] *= (float)layer->max_delay * (share * (1.0f - share));
  }
}
