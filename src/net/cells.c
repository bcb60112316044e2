/* Layers of membranes (src/neuron/cell.h): all substeps of a layer in one run of a kernel, since
 * its drives are known by then.
 *
 * Where nobody will learn from a decision, spikes go to the next layer as bits and to a linear
 * readout as their weighted sum, and are not written one by one. */
#include "forward_internal.h"

/* Whether spikes of the layer below come as bits: they are looked at one by one unless many were
 * set not long ago. */
static bool cells_see_bits(const hd__net *net, int l, const hd__policy *policy) {
  if (l == 0 || l >= net->n_layers || !policy->is_bare) {
    return false;
  }
  const hd__layer *layer = &net->layer[l];
  return layer->in.is_binary && net->def.taps == 1 && !net->def.drive_last && !layer->is_packed &&
         layer->busy_for <= 0;
}

/* Whether a linear readout takes the layer's spikes as a weighted sum. */
static bool cells_are_read(const hd__net *net, int l) {
  return l + 1 == net->n_layers && net->has_linear && net->def.readout != HD_READ_MEMBRANE_MAX;
}

static int cells_count(const uint64_t *bits, size_t n) {
  int count = 0;
  for (size_t k = 0; k < n; k++) {
    uint64_t x = bits[k] - (bits[k] >> 1 & 0x5555555555555555u);
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    count += (int)(x * 0x0101010101010101u >> 56);
  }
  return count;
}

/* Drives from the bits of the layer below, but for the bias. */
static void cells_drive_from_bits(hd__net *net, int l) {
  hd__layer *layer = &net->layer[l];
  const hd__layer *below = &net->layer[l - 1];
  const int slices = net->def.substeps * net->rows;
  const int set = cells_count(below->bits, (size_t)(slices * below->words));
  net->kernel->rows_events(slices, layer->in.n_source, layer->n_pad, net->weights + layer->in.at,
                           below->bits, below->words, layer->drive);
  if (!hd__is_sparse(set, slices * layer->in.n_source, layer->n_pad)) {
    layer->busy_for = HD_BUSY_FOR;
  }
}

/* What goes in, what the cells keep, and what the next layer, the readout and a rule want to know.
 * Every member is named: clearing the others would take longer than the drives of a small layer. */
static hd__cell_run cells_describe(const hd__net *net, int l, const hd__policy *policy,
                                   const hd__decision *decision, const float *bias) {
  const hd__layer *layer = &net->layer[l];
  const hd__cell *cell = &hd__net_membrane(net)->cell;
  const int n = layer->n_pad, across = net->rows * n;
  const size_t at = hd__at(net, layer, layer->onset);
  const bool has_bits = cells_see_bits(net, l + 1, policy), is_read = cells_are_read(net, l);
  float *c = layer->state + across; /* state variables follow each other in the order of cell.h */
  float *a = c + (cell->has_current ? across : 0), *r = a + (cell->has_adaptation ? across : 0);
  return (hd__cell_run){
      .cell = cell,
      .lanes = {layer->alpha, layer->beta, layer->gamma, layer->theta, layer->rho},
      .rows = net->rows,
      .first = 0,
      .steps = net->def.substeps - layer->onset,
      .n = n,
      .z = layer->drive,
      .bias = bias,
      .z_row = n,
      .z_step = hd__layer_is_driven_once(layer) ? 0 : across,
      .is_fresh = true,
      .v = layer->state,
      .c = cell->has_current ? c : NULL,
      .a = cell->has_adaptation ? a : NULL,
      .r = hd__cell_refracts(cell) ? r : NULL,
      .s = policy->is_bare && (has_bits || is_read) ? NULL : layer->b + at,
      .u = NULL,
      .c_kept = NULL,
      .a_kept = NULL,
      .r_kept = NULL,
      .gain = policy->is_bare ? NULL : layer->gain + at,
      .kept_row = n,
      .kept_step = across,
      .bits = has_bits ? layer->bits : NULL,
      .bits_row = layer->words,
      .bits_step = net->rows * layer->words,
      .n_live = layer->n,
      .total = layer->spikes,
      .weight = net->share + layer->onset,
      .mean = is_read ? decision->part[net->n_layers].x : NULL,
      .mean_row = net->linear.x_stride,
  };
}

void hd__net_run_cells(hd__net *net, int l, const hd__policy *policy, hd__decision *decision) {
  const hd__wiring *w = &net->layer[l].in;
  const float *bias = NULL;
  if (cells_see_bits(net, l, policy)) {
    const size_t last = (size_t)w->n_source * (size_t)net->layer[l].n_pad;
    cells_drive_from_bits(net, l);
    bias = net->def.has_bias ? net->weights + w->at + last : NULL;
  } else {
    hd__net_find_drives(net, l, &decision->part[l]);
  }
  const hd__cell_run io = cells_describe(net, l, policy, decision, bias);
  net->is_read = io.mean != NULL;
  net->kernel->cell_forward(&io);
}
