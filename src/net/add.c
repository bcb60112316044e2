/* E += scale * x (x) g: the one place where what a neuron saw meets what it did. */
#include "net.h"

static void add_rows(const hd__net *net, const hd__wiring *w, const hd__part *part, int n_pad,
                     float scale, float *E) {
  if (!w->is_sparse) {
    net->kernel->rows_outer(w->n_slices, w->n_x, n_pad, scale, part->x, w->x_stride, part->g, E);
    return;
  }
  for (int slice = 0; slice < w->n_slices; slice++) {
    const float *g = part->g + (size_t)slice * (size_t)n_pad;
    for (int k = 0; k < net->def.code.n_active + net->def.has_bias; k++) {
      net->kernel->axpy(n_pad, scale, g, E + (size_t)part->line[k] * (size_t)n_pad);
    }
  }
}

static void add_columns(const hd__net *net, const hd__wiring *w, const hd__part *part, int slice,
                        int n_pad, int block_stride, float scale, float *E) {
  const size_t x_size = (size_t)(w->n_block * w->x_stride);
  const float *g = part->g + (size_t)slice * (size_t)n_pad;
  for (int k = 0; k < w->n_block; k++) {
    const float *x = part->x + (size_t)slice * x_size + (size_t)k * (size_t)w->x_stride;
    for (int o = 0; o < w->n_post; o++) {
      net->kernel->axpy(w->x_stride, scale * g[k * block_stride + o], x,
                        E + (size_t)(k * w->n_post + o) * (size_t)w->x_stride);
    }
  }
}

static void add_self(const hd__net *net, const hd__layer *layer, const hd__part *part, float scale,
                     float *E) {
  const size_t n = (size_t)layer->n_pad;
  for (int t = layer->onset; t < net->def.substeps; t++) {
    const float *g = part->g + (size_t)(t - layer->onset) * n;
    for (int m = 0; m < net->def.self_taps && t - 1 - m >= layer->onset; m++) {
      const float *y = part->y + (size_t)(t - 1 - m) * n;
      float *row = E + layer->self_at + (size_t)m * n;
      for (size_t j = 0; j < n; j++) {
        row[j] += (scale * g[j]) * y[j];
      }
    }
  }
}

static void add_linear(const hd__net *net, const hd__part *part, float scale, float *E) {
  const hd__wiring *w = &net->linear;
  if (w->is_sparse) {
    add_rows(net, w, part, w->n_post, scale, E + w->at);
    return;
  }
  const bool is_max = net->def.readout == HD_READ_MEMBRANE_MAX;
  for (int a = 0; a < net->def.n_actions; a++) {
    net->kernel->axpy(w->x_stride, scale * part->g[a],
                      part->x + (is_max ? (size_t)a * (size_t)w->x_stride : 0),
                      E + w->at + (size_t)a * (size_t)w->x_stride);
  }
}

static void add_layer(const hd__net *net, const hd__layer *layer, const hd__part *part, float scale,
                      float *E) {
  const hd__wiring *w = &layer->in;
  if (w->is_rows) {
    add_rows(net, w, part, layer->n_pad, scale, E + w->at);
    return;
  }
  for (int slice = 0; slice < w->n_slices; slice++) {
    add_columns(net, w, part, slice, layer->n_pad, layer->block_stride, scale, E + w->at);
  }
}

static void add(const hd__net *net, const hd__decision *decision, float hidden, float readout,
                bool is_whole, float *E) {
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    const float scale = l < net->def.n_hidden ? hidden : readout;
    if (scale == 0.0f) {
      continue;
    }
    if (is_whole || !layer->in.is_sparse) {
      add_layer(net, layer, &decision->part[l], scale, E);
    }
    if (net->def.self_taps > 0) {
      add_self(net, layer, &decision->part[l], scale, E);
    }
  }
  if (net->has_linear && (is_whole || !net->linear.is_sparse)) {
    add_linear(net, &decision->part[net->n_layers], readout, E);
  }
}

void hd__net_add(const hd__net *net, const hd__decision *decision, float hidden, float readout,
                 float *E) {
  add(net, decision, hidden, readout, true, E);
}

void hd__net_add_dense(const hd__net *net, const hd__decision *decision, float hidden,
                       float readout, float *E) {
  add(net, decision, hidden, readout, false, E);
}

const hd__wiring *hd__net_sparse(const hd__net *net) {
  const hd__wiring *first = net->n_layers > 0 ? &net->layer[0].in : &net->linear;
  return first->is_sparse ? first : NULL;
}
