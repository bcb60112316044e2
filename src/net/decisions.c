/* Memory of batches of decisions: what each part of the network needs to remember to learn from
 * them. */
#include "net.h"

static size_t decisions_features_of(const hd__wiring *w) {
  return (size_t)(w->n_block * w->x_stride);
}

/* Floats of one row of a part: features, factors, or what its synapses decided. */
static size_t decisions_part_x(const hd__net *net, const hd__wiring *w) {
  if (w->brings_e) {
    return 0;
  }
  const bool is_max = net->def.readout == HD_READ_MEMBRANE_MAX && w == &net->linear;
  return (size_t)(is_max ? net->def.n_actions : w->n_kept) * decisions_features_of(w);
}

static size_t decisions_part_g(const hd__net *net, int k) {
  if (k < net->n_layers && net->layer[k].in.brings_e) {
    return 0;
  }
  return k < net->n_layers ? (size_t)net->layer[k].in.n_kept * (size_t)net->layer[k].n_pad
                           : (size_t)net->linear.n_kept * (size_t)HD_PAD(net->def.n_actions);
}

static size_t decisions_part_e(const hd__wiring *w) { return w->brings_e ? w->n_weights : 0; }

static void decisions_lay_out_part(const hd__net *net, hd__arena *arena, int k, int n, int rows,
                                   hd__decision *decision) {
  const hd__wiring *w = k < net->n_layers ? &net->layer[k].in : &net->linear;
  const size_t n_x = (size_t)rows * decisions_part_x(net, w),
               n_g = (size_t)rows * decisions_part_g(net, k);
  const size_t n_bits = w->is_binary ? (size_t)(w->n_slices * rows * w->words) : 0;
  const size_t n_line = (size_t)(rows * (net->def.code.n_active + 1));
  const size_t n_y = k < net->n_layers && net->def.self_taps > 0
                         ? (size_t)(net->def.substeps * rows * net->layer[k].n_pad)
                         : 0;
  const size_t count = (size_t)n;
  const size_t n_e = (size_t)rows * decisions_part_e(w);
  float *x = w->is_sparse || n_x == 0 ? NULL : HD_TAKE(arena, float, count *n_x);
  uint64_t *bits = w->is_binary ? HD_TAKE(arena, uint64_t, count * n_bits) : NULL;
  int32_t *line = w->is_sparse ? HD_TAKE(arena, int32_t, count * n_line) : NULL;
  float *g = n_g > 0 ? HD_TAKE(arena, float, count *n_g) : NULL;
  float *e = n_e > 0 ? HD_TAKE(arena, float, count *n_e) : NULL;
  float *y = n_y > 0 ? HD_TAKE(arena, float, count *n_y) : NULL;
  for (size_t i = 0; arena->base != NULL && i < count; i++) {
    decision[i].part[k] = (hd__part){.x = x == NULL ? NULL : x + i * n_x,
                                     .bits = bits == NULL ? NULL : bits + i * n_bits,
                                     .line = line == NULL ? NULL : line + i * n_line,
                                     .g = g == NULL ? NULL : g + i * n_g,
                                     .y = y == NULL ? NULL : y + i * n_y,
                                     .e = e == NULL ? NULL : e + i * n_e};
  }
}

void hd__net_lay_out_decisions(const hd__net *net, hd__arena *arena, int n, int rows,
                               hd__decision *decision) {
  for (int k = 0; k < net->n_parts; k++) {
    decisions_lay_out_part(net, arena, k, n, rows, decision);
  }
  const int choices = rows * net->def.n_choices;
  int *action = HD_TAKE(arena, int, n *choices);
  for (int i = 0; arena->base != NULL && i < n; i++) {
    decision[i].rows = rows;
    decision[i].action = action + i * choices;
  }
}

size_t hd__net_row_size(const hd__net *net) {
  size_t n = 0;
  for (int k = 0; k < net->n_parts; k++) {
    const hd__wiring *w = k < net->n_layers ? &net->layer[k].in : &net->linear;
    n += decisions_part_x(net, w) + decisions_part_g(net, k) + decisions_part_e(w);
  }
  for (int l = 0; l < net->n_layers; l++) {
    n += 4 * (size_t)net->def.substeps * (size_t)net->layer[l].n_pad;
  }
  return n;
}
