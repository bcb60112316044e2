#include "synapse_features.h"

#include <string.h>

static bool synapse_features_sees(const hd__synapse_features *features, hd__dynamic d) {
  return (features->mask >> d & 1) != 0;
}

static bool synapse_features_needs_rates(const hd__synapse_features *features) {
  return synapse_features_sees(features, HD_DYNAMIC_RATE_PRE) ||
         synapse_features_sees(features, HD_DYNAMIC_RATE_POST);
}

static bool synapse_features_needs_factors(const hd__synapse_features *features) {
  return synapse_features_sees(features, HD_DYNAMIC_SIGNAL) ||
         synapse_features_sees(features, HD_DYNAMIC_ELIGIBILITY);
}

static size_t synapse_features_lanes(const hd__net *net, int l) {
  return (size_t)net->layer[l].n_pad;
}

/* Sources of the first part, and targets of part k - 1. */
static size_t synapse_features_rate_size(const hd__net *net, int k) {
  if (k == 0) {
    const hd__wiring *first = net->n_layers > 0 ? &net->layer[0].in : &net->linear;
    return (size_t)HD_PAD(first->n_x);
  }
  return (size_t)(k <= net->n_layers ? net->layer[k - 1].n_pad : HD_PAD(net->def.n_actions));
}

void hd__synapse_features_lay_out(hd__synapse_features *features, const hd__net *net, int rows,
                                  hd__arena *arena) {
  if (features->mask == 0) {
    return;
  }
  const size_t n = net->n_weights;
  features->reward_mean = hd__arena_field(arena, "search.reward", "F64", 1, 1);
  if (synapse_features_needs_factors(features)) {
    features->E = HD_TAKE(arena, float, (size_t)rows *n);
    features->signal = HD_TAKE(arena, float, n);
    features->eligibility = HD_TAKE(arena, float, n);
  }
  for (int k = 0; synapse_features_needs_rates(features) && k <= net->n_parts; k++) {
    features->rate[k] = HD_TAKE(arena, float, synapse_features_rate_size(net, k));
  }
  for (int l = 0; l < net->n_layers; l++) {
    if (synapse_features_sees(features, HD_DYNAMIC_MEMBRANE)) {
      features->membrane[l] = HD_TAKE(arena, float, synapse_features_lanes(net, l));
    }
    if (synapse_features_sees(features, HD_DYNAMIC_SURROGATE)) {
      features->surrogate[l] = HD_TAKE(arena, float, synapse_features_lanes(net, l));
    }
  }
  if (synapse_features_sees(features, HD_DYNAMIC_AGREEMENT)) {
    features->agreement = HD_TAKE(arena, float, n);
  }
}

void hd__synapse_features_start(hd__synapse_features *features) {
  if (features->mask != 0) {
    *features->reward_mean = 0.0;
  }
}

void hd__synapse_features_clear(hd__synapse_features *features, const hd__net *net) {
  const size_t n = sizeof(float) * net->n_weights;
  features->decisions = features->reward_sum = 0.0;
  if (synapse_features_needs_factors(features)) {
    memset(features->signal, 0, n);
    memset(features->eligibility, 0, n);
  }
  for (int k = 0; synapse_features_needs_rates(features) && k <= net->n_parts; k++) {
    memset(features->rate[k], 0, sizeof(float) * synapse_features_rate_size(net, k));
  }
  for (int l = 0; l < net->n_layers; l++) {
    if (synapse_features_sees(features, HD_DYNAMIC_MEMBRANE)) {
      memset(features->membrane[l], 0, sizeof(float) * synapse_features_lanes(net, l));
    }
    if (synapse_features_sees(features, HD_DYNAMIC_SURROGATE)) {
      memset(features->surrogate[l], 0, sizeof(float) * synapse_features_lanes(net, l));
    }
  }
  if (synapse_features_sees(features, HD_DYNAMIC_AGREEMENT)) {
    memset(features->agreement, 0, n);
  }
}

void hd__synapse_features_reset_row(hd__synapse_features *features, const hd__net *net, int row) {
  if (synapse_features_needs_factors(features)) {
    memset(features->E + (size_t)row * net->n_weights, 0, sizeof(float) * net->n_weights);
  }
}

/* ---- eligibility ---- */

static void synapse_features_record_factors(hd__synapse_features *features, const hd__net *net,
                                            const hd__decision *decision, int row, float reward) {
  const int n = (int)net->n_weights;
  float *E = features->E + (size_t)row * net->n_weights;
  hd__net_trace_row(net, decision, row, features->decay, (hd__weighing){.hidden = 1, .readout = 1},
                    E);
  net->kernel->axpy(n, reward - (float)*features->reward_mean, E, features->signal);
  net->kernel->axpy(n, 1.0f, E, features->eligibility);
}

/* ---- rates ---- */

/* sum += scale times the share of substeps in which the neurons of a steady layer fired. */
static void synapse_features_add_mean(const hd__net *net, const hd__layer *layer, int row,
                                      float scale, float *sum) {
  const int n = layer->n_pad;
  if (!layer->is_agents) {
    net->kernel->axpy(n, scale, layer->mean + row * n, sum);
    return;
  }
  const float silence = net->def.neuron->silence; /* agents keep the mean of what others see */
  const float *y = layer->y + hd__at(net, layer, layer->onset) + row * n;
  for (int j = 0; j < n; j++) {
    sum[j] += scale * layer->live[j] * (y[j] - silence) / (1.0f - silence);
  }
}

/* Share of substeps in which the neurons of a layer fired. */
static void synapse_features_record_layer(const hd__net *net, const hd__layer *layer, int row,
                                          float *rate) {
  const int n = layer->n_pad;
  if (layer->is_fused && layer->is_steady) {
    synapse_features_add_mean(net, layer, row, 1.0f, rate);
    return;
  }
  for (int t = layer->onset; t < net->def.substeps; t++) {
    net->kernel->axpy(n, 1.0f / (float)(net->def.substeps - layer->onset),
                      layer->b + hd__at(net, layer, t) + row * n, rate);
  }
}

/* Size of the first part's features, whatever their sign. */
static void synapse_features_record_input(const hd__net *net, const hd__decision *decision, int row,
                                          float *rate) {
  const hd__wiring *w = net->n_layers > 0 ? &net->layer[0].in : &net->linear;
  const hd__part *part = &decision->part[0];
  if (w->is_sparse) {
    const int32_t *line = part->line + row * (net->def.code.n_active + 1);
    for (int i = 0; i < net->def.code.n_active + net->def.has_bias; i++) {
      rate[line[i]] += 1.0f;
    }
    return;
  }
  const size_t stride = (size_t)(w->n_block * w->x_stride);
  for (int s = 0; s < w->n_slices; s++) {
    const float *x = part->x + (size_t)(s * decision->rows + row) * stride;
    for (int i = 0; i < w->n_x; i++) {
      rate[i] += (x[i] < 0.0f ? -x[i] : x[i]) / (float)w->n_slices;
    }
  }
}

static void synapse_features_record_rates(hd__synapse_features *features, const hd__net *net,
                                          const hd__decision *decision, int row) {
  synapse_features_record_input(net, decision, row, features->rate[0]);
  for (int l = 0; l < net->n_layers; l++) {
    synapse_features_record_layer(net, &net->layer[l], row, features->rate[1 + l]);
  }
  if (net->has_linear) {
    for (int k = 0; k < net->def.n_choices; k++) {
      features->rate[1 + net->n_layers][hd__net_chosen(net, decision, row, k)] += 1.0f;
    }
  }
}

/* ---- neurons ---- */

/* Potentials come first in a neuron's state; without memory there are none. */
static void synapse_features_record_membranes(hd__synapse_features *features, const hd__net *net,
                                              int row) {
  for (int l = 0; l < net->n_layers && net->def.neuron->n_state > 0; l++) {
    const hd__layer *layer = &net->layer[l];
    net->kernel->axpy(layer->n_pad, 1.0f, layer->state + row * layer->n_pad, features->membrane[l]);
  }
}

/* Neurons that draw have the slope of their mean spike. */
static void synapse_features_record_surrogates(hd__synapse_features *features, const hd__net *net,
                                               int row) {
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    float *sum = features->surrogate[l];
    for (int t = layer->onset; t < (layer->is_once ? layer->onset + 1 : net->def.substeps); t++) {
      const float *gain = hd__layer_gain(net, layer, t) + row * layer->n_pad;
      const float *p = hd__layer_p(net, layer, t) + row * layer->n_pad;
      for (int j = 0; j < layer->n_pad; j++) {
        sum[j] += net->def.neuron->stochastic ? p[j] * (1.0f - p[j]) : gain[j];
      }
    }
  }
}

/* What targets did takes the place of their factors, which nobody asks for any more. */
static void synapse_features_set_activity(const hd__net *net, const hd__decision *decision,
                                          int row) {
  const size_t rows = (size_t)decision->rows;
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    const size_t n = synapse_features_lanes(net, l), T = (size_t)(net->def.substeps - layer->onset);
    float *g = decision->part[l].g + (size_t)row * n;
    const bool is_sum = layer->in.n_slices == 1;
    memset(g, 0, sizeof(float) * n);
    if (layer->is_once) {
      synapse_features_add_mean(net, layer, row, (float)T, g);
      continue;
    }
    for (size_t t = 0; t < T; t++) {
      float *to = g + (is_sum ? 0 : t * rows * n);
      const float *b = layer->b + hd__at(net, layer, layer->onset + (int)t) + (size_t)row * n;
      if (!is_sum) {
        memset(to, 0, sizeof(float) * n);
      }
      net->kernel->axpy((int)n, 1.0f, b, to);
    }
  }
  if (net->has_linear) {
    const int A = HD_PAD(net->def.n_actions);
    float *g = decision->part[net->n_layers].g + row * A;
    memset(g, 0, sizeof(float) * (size_t)A);
    for (int k = 0; k < net->def.n_choices; k++) {
      g[hd__net_chosen(net, decision, row, k)] = 1.0f;
    }
  }
}

static void synapse_features_record_agreement(hd__synapse_features *features, const hd__net *net,
                                              const hd__decision *decision, int row) {
  synapse_features_set_activity(net, decision, row);
  hd__net_add_row(net, decision, row, true, (hd__weighing){.hidden = 1, .readout = 1},
                  features->agreement);
}

void hd__synapse_features_record(hd__synapse_features *features, const hd__net *net,
                                 const hd__decision *decision, const float *reward,
                                 const bool *counts) {
  for (int row = 0; row < decision->rows; row++) {
    if (!counts[row]) {
      continue;
    }
    features->decisions += 1.0;
    features->reward_sum += (double)reward[row];
    if (synapse_features_needs_factors(features)) {
      synapse_features_record_factors(features, net, decision, row, reward[row]);
    }
    if (synapse_features_needs_rates(features)) {
      synapse_features_record_rates(features, net, decision, row);
    }
    if (synapse_features_sees(features, HD_DYNAMIC_MEMBRANE)) {
      synapse_features_record_membranes(features, net, row);
    }
    if (synapse_features_sees(features, HD_DYNAMIC_SURROGATE)) {
      synapse_features_record_surrogates(features, net, row);
    }
    if (synapse_features_sees(features, HD_DYNAMIC_AGREEMENT)) {
      synapse_features_record_agreement(features, net, decision, row);
    }
  }
}

/* ---- results ---- */

/* In units of twice their root mean square, so that few lie outside [-1,1]. */
static void synapse_features_scale(const hd__search *search, float *x) {
  double square = 0.0;
  for (int k = 0; k < search->n; k++) {
    square += (double)x[k] * (double)x[k];
  }
  const float size = 2.0f * hd__sqrtf((float)(square / search->n));
  for (int k = 0; k < search->n; k++) {
    x[k] = size > 0.0f ? hd__clampf(x[k] / size, -1.0f, 1.0f) : 0.0f;
  }
}

static void synapse_features_write_sum(const hd__weight_map *map, const hd__search *search,
                                       const float *sum, float *out) {
  hd__weight_map_read(map, &search->def, sum, out);
  synapse_features_scale(search, out);
}

/* Above or below the mean of the projection, in the same units. */
static void synapse_features_write_above_mean(const hd__search *search, float *x) {
  float *first = x;
  for (int s = 0; s < search->def.n_layers; s++) {
    const int n = search->def.layer[s].n_pre * search->def.layer[s].n_post;
    double mean = 0.0;
    for (int k = 0; k < n; k++) {
      mean += (double)first[k] / n;
    }
    for (int k = 0; k < n; k++) {
      first[k] -= (float)mean;
    }
    first += n;
  }
  synapse_features_scale(search, x);
}

/* A share of 0 to 1 as a number from -1 to 1. */
static float synapse_features_centred(double share) {
  return hd__clampf((float)(2.0 * share - 1.0), -1.0f, 1.0f);
}

/* Lane of target j of part k. */
static int synapse_features_lane_of(const hd__net *net, int k, int j) {
  if (k >= net->n_layers) {
    return j;
  }
  const hd__layer *layer = &net->layer[k];
  return j / layer->per_block * layer->block_stride + j % layer->per_block;
}

/* Rate of feature i of part k, as target j sees it: a source at some tap, or the bias. */
static double synapse_features_rate_before(const hd__synapse_features *features, const hd__net *net,
                                           int k, int i, int j) {
  const hd__wiring *w = k < net->n_layers ? &net->layer[k].in : &net->linear;
  if (k == 0) {
    return (double)features->rate[0][i];
  }
  if (net->def.has_bias && i == w->n_x - 1) {
    return features->decisions;
  }
  const hd__layer *below = &net->layer[k - 1];
  const int block = below->n_block > 1 ? j / net->layer[k].per_block : 0;
  return (double)features->rate[k][block * below->block_stride + i % w->n_source];
}

static void synapse_features_write_rates(const hd__synapse_features *features, const hd__net *net,
                                         const hd__weight_map *map, hd__search *search) {
  float *pre = search->dynamics[HD_DYNAMIC_RATE_PRE],
        *post = search->dynamics[HD_DYNAMIC_RATE_POST];
  const double n = features->decisions > 0.0 ? features->decisions : 1.0;
  int w = 0;
  for (int s = 0; s < map->n_spans; s++) {
    const int k = map->span[s].part;
    for (int i = 0; i < search->def.layer[s].n_pre; i++) {
      for (int j = 0; j < search->def.layer[s].n_post; j++, w++) {
        const double after = (double)features->rate[k + 1][synapse_features_lane_of(net, k, j)];
        const double before =
            map->span[s].is_self ? after : synapse_features_rate_before(features, net, k, i, j);
        if (pre != NULL) {
          pre[w] = synapse_features_centred(before / n);
        }
        if (post != NULL) {
          post[w] = synapse_features_centred(after / n);
        }
      }
    }
  }
}

/* What a target's neuron did, for each of its synapses. */
static void synapse_features_write_neurons(const hd__net *net, const hd__weight_map *map,
                                           const hd__search *search, float *const sum[HD_MAX_PARTS],
                                           float *out) {
  float *to = out;
  for (int s = 0; s < map->n_spans; s++) {
    const int k = map->span[s].part;
    for (int i = 0; i < search->def.layer[s].n_pre; i++) {
      for (int j = 0; j < search->def.layer[s].n_post; j++) {
        *to++ = k < net->n_layers ? sum[k][synapse_features_lane_of(net, k, j)] : 0.0f;
      }
    }
  }
  synapse_features_write_above_mean(search, out);
}

void hd__synapse_features_write(hd__synapse_features *features, const hd__net *net,
                                const hd__weight_map *map, hd__search *search) {
  if (synapse_features_sees(features, HD_DYNAMIC_SIGNAL)) {
    synapse_features_write_sum(map, search, features->signal, search->dynamics[HD_DYNAMIC_SIGNAL]);
  }
  if (synapse_features_sees(features, HD_DYNAMIC_ELIGIBILITY)) {
    synapse_features_write_sum(map, search, features->eligibility,
                               search->dynamics[HD_DYNAMIC_ELIGIBILITY]);
  }
  if (synapse_features_needs_rates(features)) {
    synapse_features_write_rates(features, net, map, search);
  }
  if (synapse_features_sees(features, HD_DYNAMIC_MEMBRANE)) {
    synapse_features_write_neurons(net, map, search, features->membrane,
                                   search->dynamics[HD_DYNAMIC_MEMBRANE]);
  }
  if (synapse_features_sees(features, HD_DYNAMIC_SURROGATE)) {
    synapse_features_write_neurons(net, map, search, features->surrogate,
                                   search->dynamics[HD_DYNAMIC_SURROGATE]);
  }
  if (synapse_features_sees(features, HD_DYNAMIC_AGREEMENT)) {
    float *out = search->dynamics[HD_DYNAMIC_AGREEMENT];
    hd__weight_map_read(map, &search->def, features->agreement, out);
    synapse_features_write_above_mean(search, out);
  }
  const double reward =
      features->decisions > 0.0 ? features->reward_sum / features->decisions : 0.0;
  *features->reward_mean += 0.1 * (reward - *features->reward_mean);
}
