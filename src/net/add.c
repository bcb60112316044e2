/* E += scale * x (x) g: the one place where what a neuron saw meets what it did. Synapses that
 * decide for themselves bring their eligibility along. */
#include "net.h"

/* Rows of one part that add up: features and factors of a decision at one substep. Scales and lines
 * come round again where a decision has several substeps. */
typedef struct span {
  const float *x, *g;
  const uint64_t *bits; /* of rows that lie together and hold few spikes, or NULL */
  const int32_t *line;
  int n;                  /* rows */
  int x_stride, g_stride; /* floats from one row to the next */
  int n_decisions;        /* row s belongs to decision s % n_decisions */
  const float *scale;     /* [n_decisions] */
  float by;
} span;

/* Rows whose scales are gathered at once. */
enum { CHUNK = 64 };

static void add_lines(const hd__net *net, int n_post, const span *r, float *E) {
  for (int s = 0; s < r->n; s++) {
    const int decision = s % r->n_decisions;
    const int32_t *line = r->line + decision * (net->def.code.n_active + 1);
    for (int k = 0; k < net->def.code.n_active + net->def.has_bias; k++) {
      net->kernel->axpy(n_post, r->scale[decision] * r->by, r->g + s * r->g_stride,
                        E + (size_t)line[k] * (size_t)n_post);
    }
  }
}

/* Weights by rows, every target sees the same features. */
static void add_outer(const hd__net *net, const hd__wiring *w, const span *r, int at, int n,
                      const float *scale, float *E) {
  const float *g = r->g + (size_t)at * (size_t)r->g_stride;
  if (r->bits != NULL) {
    net->kernel->outer_events(n, w->n_x, w->n_post, scale, r->bits + (size_t)at * (size_t)w->words,
                              w->words, g, r->g_stride, E);
  } else {
    net->kernel->outer_batch(n, w->n_x, w->n_post, scale, r->x + (size_t)at * (size_t)r->x_stride,
                             r->x_stride, g, r->g_stride, E);
  }
}

/* Weights by columns: those of one target += sum over rows of scale g x. */
static void add_target(const hd__net *net, const hd__wiring *w, const span *r, int at, int n,
                       const float *scale, int x_at, int target, float *E) {
  float coefficient[CHUNK];
  for (int s = 0; s < n; s++) {
    coefficient[s] = scale[s] * r->g[(size_t)(at + s) * (size_t)r->g_stride + (size_t)target];
  }
  net->kernel->sum_scaled(n, w->x_stride, coefficient,
                          r->x + (size_t)at * (size_t)r->x_stride + x_at, r->x_stride, E);
}

/* Block k sees features of its own, and its targets' factors begin at k g_step. */
static void add_targets(const hd__net *net, const hd__wiring *w, const span *r, int at, int n,
                        const float *scale, int n_block, int n_post, int g_step, float *E) {
  for (int k = 0; k < n_block; k++) {
    for (int o = 0; o < n_post; o++, E += w->x_stride) {
      add_target(net, w, r, at, n, scale, k * w->x_stride, k * g_step + o, E);
    }
  }
}

static void add_span(const hd__net *net, int k, const span *r, float *E) {
  const bool is_layer = k < net->n_layers;
  const hd__wiring *w = is_layer ? &net->layer[k].in : &net->linear;
  const bool is_max = !is_layer && net->def.readout == HD_READ_MEMBRANE_MAX;
  E += w->at;
  if (w->is_sparse) {
    add_lines(net, w->n_post, r, E);
    return;
  }
  for (int at = 0; at < r->n; at += CHUNK) {
    const int n = r->n - at < CHUNK ? r->n - at : CHUNK;
    float scale[CHUNK];
    for (int s = 0; s < n; s++) {
      scale[s] = r->scale[(at + s) % r->n_decisions] * r->by;
    }
    if (w->is_rows) {
      add_outer(net, w, r, at, n, scale, E);
    } else if (is_max) {
      add_targets(net, w, r, at, n, scale, net->def.n_actions, 1, 1, E);
    } else {
      add_targets(net, w, r, at, n, scale, w->n_block, w->n_post,
                  is_layer ? net->layer[k].block_stride : 0, E);
    }
  }
}

/* Own spikes of some rows of a batch. */
static void add_self(const hd__net *net, const hd__layer *layer, const hd__part *part, int rows,
                     int row, float scale, float *E) {
  const size_t n = (size_t)layer->n_pad;
  for (int t = layer->onset; t < net->def.substeps; t++) {
    const float *g = part->g + (size_t)((t - layer->onset) * rows + row) * n;
    for (int m = 0; m < net->def.self_taps && t - 1 - m >= layer->onset; m++) {
      const float *y = part->y + (size_t)((t - 1 - m) * rows + row) * n;
      float *weight = E + layer->self_at + (size_t)m * n;
      for (size_t j = 0; j < n; j++) {
        weight[j] += (scale * g[j]) * y[j];
      }
    }
  }
}

/* The rows of one decision's part: all of them, or one. */
static span add_span_of(const hd__net *net, int k, const hd__decision *decision) {
  const bool is_layer = k < net->n_layers;
  const hd__wiring *w = is_layer ? &net->layer[k].in : &net->linear;
  const bool is_max = !is_layer && net->def.readout == HD_READ_MEMBRANE_MAX;
  const hd__part *part = &decision->part[k];
  return (span){.x = part->x,
                .g = part->g,
                .line = part->line,
                .n = w->n_kept * decision->rows,
                .x_stride = (is_max ? net->def.n_actions : w->n_block) * w->x_stride,
                .g_stride = is_layer ? net->layer[k].n_pad : HD_PAD(net->def.n_actions),
                .n_decisions = decision->rows};
}

static float add_weighing_of(const hd__net *net, int k, hd__weighing by) {
  if (k >= net->def.n_hidden) {
    return by.readout;
  }
  return k + 1 == by.frozen ? 0.0f : by.hidden;
}

static const hd__wiring *add_wiring_of(const hd__net *net, int k) {
  return k < net->n_layers ? &net->layer[k].in : &net->linear;
}

/* One row of a part that brings its eligibility. */
static void add_brought(const hd__net *net, int k, const hd__decision *decision, int row,
                        float scale, float *E) {
  const hd__wiring *w = add_wiring_of(net, k);
  net->kernel->axpy((int)w->n_weights, scale, decision->part[k].e + (size_t)row * w->n_weights,
                    E + w->at);
}

static void add_all_brought(const hd__net *net, int k, const hd__decision *decision, int n,
                            const float *scale, float by, float *E) {
  for (int i = 0; i < n; i++) {
    for (int row = 0; row < decision[i].rows; row++) {
      add_brought(net, k, &decision[i], row, scale[i * decision[i].rows + row] * by, E);
    }
  }
}

/* A row a decision: successive batches lie together and are one span. */
static bool add_is_together(const span *r) { return r->n == r->n_decisions; }

/* The bits of n successive batches, if their spikes are few. */
static const uint64_t *add_few_spikes(int k, const hd__decision *decision, int n) {
  for (int i = 0; i < n; i++) {
    if (!decision[i].part[k].has_few) {
      return NULL;
    }
  }
  return decision->part[k].bits;
}

static void add_batch(const hd__net *net, int k, const hd__decision *decision, const span *r,
                      float *E) {
  add_span(net, k, r, E);
  for (int row = 0; decision->part[k].y != NULL && row < decision->rows; row++) {
    add_self(net, &net->layer[k], &decision->part[k], decision->rows, row, r->scale[row] * r->by,
             E);
  }
}

/* One part of n batches, weighed by `by`. */
static void add_part(const hd__net *net, int k, const hd__decision *decision, int n,
                     const float *scale, float by, float *E) {
  span r = add_span_of(net, k, decision);
  r.by = by;
  r.scale = scale;
  if (add_wiring_of(net, k)->brings_e) {
    add_all_brought(net, k, decision, n, scale, by, E);
    return;
  }
  if (add_is_together(&r)) {
    r.n = r.n_decisions = n * decision->rows;
    r.bits = add_few_spikes(k, decision, n);
    add_batch(net, k, decision, &r, E);
    return;
  }
  for (int i = 0; i < n; i++) {
    r.x = decision[i].part[k].x;
    r.g = decision[i].part[k].g;
    r.line = decision[i].part[k].line;
    r.bits = add_few_spikes(k, &decision[i], 1);
    r.scale = scale + i * decision->rows;
    add_batch(net, k, &decision[i], &r, E);
  }
}

void hd__net_add(const hd__net *net, const hd__decision *decision, int n, const float *scale,
                 hd__weighing by, float *E) {
  for (int k = 0; k < net->n_parts; k++) {
    const float weight = add_weighing_of(net, k, by);
    if (weight != 0.0f) {
      add_part(net, k, decision, n, scale, weight, E);
    }
  }
}

void hd__net_move(hd__net *net, const hd__decision *decision, const float *scale,
                  hd__weighing by) {
  for (int k = 0; k < net->n_parts; k++) {
    const float weight = add_weighing_of(net, k, by);
    if (weight != 0.0f && k < net->n_layers && net->general.moves_weights) {
      for (int row = 0; row < net->rows; row++) {
        hd__general_move(net, k, weight, row, scale[row], NULL);
      }
    } else if (weight != 0.0f) {
      add_part(net, k, decision, 1, scale, weight, net->weights);
    }
  }
}

void hd__net_move_by(hd__net *net, int row, float scale, hd__weighing by, float *E) {
  for (int k = 0; k < net->n_parts; k++) {
    const hd__wiring *w = add_wiring_of(net, k);
    const float weight = add_weighing_of(net, k, by);
    if (weight != 0.0f && k < net->n_layers) {
      hd__general_move(net, k, weight, row, scale, E);
    } else if (weight != 0.0f) {
      net->kernel->axpy((int)w->n_weights, weight * scale, E + w->at, net->weights + w->at);
    }
  }
}

/* The same of one row of one part. */
static void add_row_of_part(const hd__net *net, int k, const hd__decision *decision, int row,
                            bool is_whole, float by, float *E) {
  static const float one[1] = {1.0f};
  const hd__wiring *w = add_wiring_of(net, k);
  const int rows = decision->rows;
  if (w->brings_e) {
    add_brought(net, k, decision, row, by, E);
    return;
  }
  span r = add_span_of(net, k, decision);
  r.by = by;
  r.n /= rows;
  r.x = r.x == NULL ? NULL : r.x + row * r.x_stride;
  r.g += row * r.g_stride;
  r.line = r.line == NULL ? NULL : r.line + row * (net->def.code.n_active + 1);
  r.x_stride *= rows;
  r.g_stride *= rows;
  r.n_decisions = 1;
  r.scale = one;
  if (is_whole || !w->is_sparse) {
    add_span(net, k, &r, E);
  }
  if (decision->part[k].y != NULL) {
    add_self(net, &net->layer[k], &decision->part[k], rows, row, by, E);
  }
}

void hd__net_add_row(const hd__net *net, const hd__decision *decision, int row, bool is_whole,
                     hd__weighing by, float *E) {
  for (int k = 0; k < net->n_parts; k++) {
    const float weight = add_weighing_of(net, k, by);
    if (weight != 0.0f) {
      add_row_of_part(net, k, decision, row, is_whole, weight, E);
    }
  }
}

void hd__net_trace_row(const hd__net *net, const hd__decision *decision, int row, float decay,
                       hd__weighing by, float *E) {
  for (int k = 0; k < net->n_parts; k++) {
    const hd__wiring *w = add_wiring_of(net, k);
    const float weight = add_weighing_of(net, k, by);
    const size_t end = k + 1 < net->n_parts ? add_wiring_of(net, k + 1)->at : net->n_weights;
    if (w->brings_e && weight == 1.0f) { /* in one pass */
      net->kernel->trace((int)w->n_weights, decay, decision->part[k].e + (size_t)row * w->n_weights,
                         E + w->at);
      continue;
    }
    net->kernel->scale((int)(end - w->at), decay, E + w->at);
    if (weight != 0.0f) {
      add_row_of_part(net, k, decision, row, true, weight, E);
    }
  }
}

const hd__wiring *hd__net_sparse(const hd__net *net) {
  const hd__wiring *first = net->n_layers > 0 ? &net->layer[0].in : &net->linear;
  return first->is_sparse ? first : NULL;
}
