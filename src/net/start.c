/* Constants and initial weights. */
#include <math.h>
#include <string.h>

#include "cosine_basis.h"
#include "net.h"
#include "normal.h"
#include "settle.h"

/* A scale of 0 gives +0 everywhere: -0 would change its bits when nothing is added to it. */
static float start_initial(hd__key key, uint32_t index, bool is_uniform, float scale) {
  return scale * (is_uniform ? hd__uniform24(key, index) : hd__normalf(key, index)) + 0.0f;
}

/* Fill the weights between real features and real targets; padding stays 0. Where synapses release
 * these are their strengths, and half of all spikes pass at first: q = 0. */
static void start_part(hd__net *net, int k, hd__key key, bool is_uniform, float scale) {
  const bool is_layer = k < net->n_layers;
  const hd__wiring *w = is_layer ? &net->layer[k].in : &net->linear;
  const int n_targets =
      w->is_rows ? (is_layer ? net->layer[k].n_pad : net->def.n_actions) : w->n_block * w->n_post;
  float *weights = w->is_releasing ? net->layer[k].strength : net->weights + w->at;
  const size_t row = (size_t)(w->is_rows ? w->n_post : w->x_stride);
  for (int i = 0; i < w->n_x; i++) {
    for (int j = 0; j < n_targets; j++) {
      if (w->is_rows && is_layer && net->layer[k].live[j] == 0.0f) {
        continue;
      }
      const size_t at = w->is_rows ? (size_t)i * row + (size_t)j : (size_t)j * row + (size_t)i;
      weights[at] =
          start_initial(key, (uint32_t)i * (uint32_t)n_targets + (uint32_t)j, is_uniform, scale);
    }
  }
}

static void start_assign_actions(hd__net *net) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  for (int block = 0; block < out->n_block; block++) {
    for (int k = 0; k < out->per_block; k++) {
      const int lane = block * out->block_stride + k;
      const int a = net->def.is_modular ? block % net->def.n_actions : k / net->def.action_neurons;
      net->action_of[lane] = a;
      net->speaks[a * out->n_pad + lane] = 1.0f;
    }
  }
}

static void start_cells(const hd__net *net, hd__layer *layer) {
  const hd__membrane_derived *d = hd__net_membrane(net);
  for (int j = 0; j < layer->n_pad; j++) {
    layer->alpha[j] = d->alpha;
    layer->beta[j] = d->beta;
    layer->gamma[j] = d->gamma;
    layer->theta[j] = layer->live[j] > 0.0f ? d->theta : INFINITY;
    layer->rho[j] = d->rho;
  }
}

void hd__net_start(hd__net *net, const hd__net_init *init, uint64_t seed) {
  for (int l = 0; l < net->n_layers; l++) {
    hd__layer *layer = &net->layer[l];
    const int n = net->def.batch * layer->n_pad;
    for (int j = 0; j < n; j++) {
      layer->gate[j] = 1.0f;
    }
    for (int j = 0; j < net->def.substeps * n; j++) {
      const int lane = j % layer->n_pad;
      const bool is_live = lane / layer->block_stride < layer->n_block &&
                           lane % layer->block_stride < layer->per_block;
      layer->live[j] = is_live ? 1.0f : 0.0f;
    }
    if (layer->is_cells) {
      start_cells(net, layer);
    }
  }
  if (net->has_linear) {
    hd__net_start_readout(net);
  } else {
    start_assign_actions(net);
  }
  net->is_broken = false;
  hd__code_start(&net->def.code);
  if (net->def.n_basis > 0) {
    hd__cosine_basis(net->def.n_basis, net->def.taps, net->basis);
  }
  for (int k = 0; k < net->n_parts; k++) {
    const bool is_readout = k >= net->def.n_hidden;
    start_part(net, k, hd__key_make(seed, HD_STREAM_INIT, (uint64_t)k, 0), init->is_uniform,
               is_readout ? init->readout_scale : init->scale);
  }
  if (net->def.settle != HD_SETTLE_NONE) {
    hd__settle_start(net, seed);
  }
}
