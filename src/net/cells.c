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

/* What the next layer, the readout and a rule want to know. */
static void cells_show(hd__net *net, int l, const hd__policy *policy, hd__decision *decision,
                       hd__cell_run *io) {
  hd__layer *layer = &net->layer[l];
  const size_t at = hd__at(net, layer, layer->onset);
  const bool has_bits = cells_see_bits(net, l + 1, policy), is_read = cells_are_read(net, l);
  if (has_bits) {
    io->bits = layer->bits;
    io->bits_row = layer->words;
    io->bits_step = net->rows * layer->words;
    io->n_live = layer->n;
  }
  if (is_read) {
    io->mean = decision->part[net->n_layers].x;
    io->mean_row = net->linear.x_stride;
    net->is_read = true;
  }
  if (!policy->is_bare || !(has_bits || is_read)) {
    io->s = layer->b + at;
  }
  if (!policy->is_bare) {
    io->gain = layer->gain + at;
  }
}

/* State variables follow each other in the order of cell.h. */
static void cells_place_state(const hd__net *net, const hd__layer *layer, hd__cell_run *io) {
  const size_t n = hd__at(net, layer, 1);
  const hd__cell *cell = io->cell;
  float *at = layer->state;
  io->v = at;
  io->c = cell->has_current ? at += n : NULL;
  io->a = cell->has_adaptation ? at += n : NULL;
  io->r = hd__cell_refracts(cell) ? at += n : NULL;
}

void hd__net_run_cells(hd__net *net, int l, const hd__policy *policy, hd__decision *decision) {
  hd__layer *layer = &net->layer[l];
  const int n = layer->n_pad, across = net->rows * n;
  const bool from_bits = cells_see_bits(net, l, policy);
  hd__cell_run io = {.cell = &hd__net_membrane(net)->cell,
                     .lanes = {layer->alpha, layer->beta, layer->gamma, layer->theta, layer->rho},
                     .rows = net->rows,
                     .steps = net->def.substeps - layer->onset,
                     .n = n,
                     .z = layer->drive,
                     .z_row = n,
                     .z_step = hd__layer_is_driven_once(layer) ? 0 : across,
                     .is_fresh = true,
                     .kept_row = n,
                     .kept_step = across,
                     .total = layer->spikes,
                     .weight = net->share + layer->onset};
  if (from_bits) {
    const hd__wiring *w = &layer->in;
    cells_drive_from_bits(net, l);
    io.bias = net->def.has_bias ? net->weights + w->at + (size_t)w->n_source * (size_t)n : NULL;
  } else {
    hd__net_find_drives(net, l, &decision->part[l]);
  }
  cells_place_state(net, layer, &io);
  cells_show(net, l, policy, decision, &io);
  net->kernel->cell_forward(&io);
}
