/* Observation -> input -> spikes of every layer at every substep. */
#include <string.h>

#include "net.h"
#include "relaxed.h"

/* Sources of block k at one tap go through the taps' window into the block's features. */
static void window_free(const hd__net *net, const hd__wiring *w, const float *source, int pad,
                        int stride, int t, float *x) {
  for (int k = 0; k < w->n_block; k++) {
    float *to = x + (size_t)k * (size_t)w->x_stride;
    for (int m = 0; m < net->def.taps; m++) {
      const float *from = source + (size_t)(t - m) * (size_t)pad + (size_t)(k * stride);
      memcpy(to + m * w->n_source, from, sizeof(float) * (size_t)w->n_source);
    }
  }
}

static void window_basis(const hd__net *net, const hd__wiring *w, const float *source, int pad,
                         int stride, int t, float *x) {
  const int K = net->def.taps;
  for (int k = 0; k < w->n_block; k++) {
    float *to = x + (size_t)k * (size_t)w->x_stride;
    for (int f = 0; f < net->def.n_basis; f++) {
      for (int i = 0; i < w->n_source; i++) {
        float sum = 0.0f;
        for (int m = 0; m < K; m++) {
          sum += net->basis[f * K + m] *
                 source[(size_t)(t - m) * (size_t)pad + (size_t)(k * stride + i)];
        }
        to[f * w->n_source + i] = sum;
      }
    }
  }
}

void hd__net_feature_slice(const hd__net *net, const hd__wiring *w, const float *source, int pad,
                           int stride, int t, float *x) {
  (net->def.n_basis > 0 ? window_basis : window_free)(net, w, source, pad, stride, t, x);
  if (net->def.has_bias) {
    for (int k = 0; k < w->n_block; k++) {
      x[(size_t)k * (size_t)w->x_stride + (size_t)w->n_x - 1] = 1.0f;
    }
  }
}

/* Drive of every target at `count` substeps, from their slices of features. */
static void drive_from(const hd__net *net, const hd__layer *layer, int count, const float *x,
                       const int32_t *line, float *drive) {
  const hd__wiring *w = &layer->in;
  const float *W = net->weights + w->at;
  const hd__kernel *kernel = net->kernel;
  const size_t x_size = (size_t)(w->n_block * w->x_stride);
  if (w->is_sparse) {
    kernel->rows_lines(net->def.code.n_active + net->def.has_bias, layer->n_pad, line, W, drive);
    return;
  }
  if (w->is_rows) {
    kernel->rows_drive(count, w->n_x, layer->n_pad, W, x, w->x_stride, drive);
    return;
  }
  for (int s = 0; s < count; s++) {
    for (int k = 0; k < w->n_block; k++) {
      const size_t at = (size_t)k * (size_t)w->x_stride;
      kernel->cols_drive(w->n_post, w->x_stride, W + at * (size_t)w->n_post,
                         x + (size_t)s * x_size + at,
                         drive + (size_t)s * (size_t)layer->n_pad + k * layer->block_stride);
    }
  }
}

/* The published defect: all features but the last source's are lost to the drive. */
static void keep_last(const hd__net *net, const hd__wiring *w, const float *x, float *kept) {
  const size_t n = (size_t)(w->n_block * w->x_stride);
  memset(kept, 0, sizeof(float) * n);
  for (int k = 0; k < w->n_block; k++) {
    const size_t at = (size_t)k * (size_t)w->x_stride;
    for (int i = w->n_source - 1; i < w->n_x - net->def.has_bias; i += w->n_source) {
      kept[at + (size_t)i] = x[at + (size_t)i];
    }
    if (net->def.has_bias) {
      kept[at + (size_t)w->n_x - 1] = 1.0f;
    }
  }
}

static void add_self(const hd__net *net, const hd__layer *layer, int t, float *drive) {
  for (int m = 0; m < net->def.self_taps && t - 1 - m >= layer->onset; m++) {
    const float *weight = net->weights + layer->self_at + (size_t)(m * layer->n_pad);
    const float *y = layer->y + (size_t)(t - 1 - m) * (size_t)layer->n_pad;
    for (int j = 0; j < layer->n_pad; j++) {
      drive[j] += weight[j] * y[j];
    }
  }
}

static void rest(const hd__net *net, hd__layer *layer) {
  const hd__neuron_desc *neuron = net->def.neuron;
  if (neuron->n_state == 0) {
    return;
  }
  float one[HD_NEURON_STATE_MAX];
  neuron->reset(net->derived, one);
  for (int s = 0; s < neuron->n_state; s++) {
    for (int j = 0; j < layer->n_pad; j++) {
      layer->state[s * layer->n_pad + j] = one[s];
    }
  }
}

/* What the next layer sees of the spikes at substep t. */
static void set_values(const hd__net *net, const hd__policy *policy, hd__layer *layer, int t) {
  const size_t at = (size_t)t * (size_t)layer->n_pad;
  const float silence = net->def.neuron->silence;
  if (layer->y == layer->b) {
    return;
  }
  if (!policy->is_relaxed) {
    net->kernel->spike_values(layer->n_pad, silence, layer->live, layer->b + at, layer->y + at);
    return;
  }
  const float *p = hd__layer_p(layer, t), *noise = layer->noise + at;
  float *y = layer->y + at;
  for (int j = 0; j < layer->n_pad; j++) {
    const float relaxed = hd__relaxed(p[j], noise[j], policy->tau);
    y[j] = layer->live[j] * (silence + (1.0f - silence) * relaxed);
  }
}

/* Features of layer l at every substep that has its own, and the drives they make. */
static void find_drives(hd__net *net, int l, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const hd__wiring *w = &layer->in;
  const hd__layer *below = l > 0 ? &net->layer[l - 1] : NULL;
  const size_t x_size = (size_t)(w->n_block * w->x_stride);
  const int count = w->is_sparse || w->is_constant ? 1 : w->n_slices;
  for (int s = 0; s < count && !w->is_sparse; s++) {
    hd__net_feature_slice(net, w, below != NULL ? below->y : net->input,
                          below != NULL ? below->n_pad : HD_PAD(net->def.code.n),
                          below != NULL ? below->block_stride : 0, layer->onset + s,
                          part->x + (size_t)s * x_size);
  }
  if (!net->def.drive_last || w->is_sparse) {
    drive_from(net, layer, count, part->x, part->line, layer->drive);
    return;
  }
  for (int s = 0; s < count; s++) {
    keep_last(net, w, part->x + (size_t)s * x_size, net->features);
    drive_from(net, layer, 1, net->features, NULL, layer->drive + (size_t)s * (size_t)layer->n_pad);
  }
}

/* The drive of substep t; a constant one is kept once. */
static float *drive_at(const hd__net *net, hd__layer *layer, int t) {
  const hd__wiring *w = &layer->in;
  const bool is_one = w->is_sparse || w->is_constant;
  float *drive = layer->drive + (is_one ? 0 : (size_t)(t - layer->onset) * (size_t)layer->n_pad);
  if (net->def.self_taps == 0) {
    return drive;
  }
  memcpy(layer->mean, drive, sizeof(float) * (size_t)layer->n_pad);
  add_self(net, layer, t, layer->mean);
  return layer->mean;
}

static void step_neurons(hd__net *net, hd__layer *layer, int t) {
  const size_t at = (size_t)t * (size_t)layer->n_pad;
  net->kernel->neuron[net->def.neuron->id](net->derived, layer->n_pad, drive_at(net, layer, t),
                                           layer->noise + at, layer->live, layer->state,
                                           layer->b + at, layer->p + at, layer->gain + at);
}

/* All substeps in one go. */
static void run_fused(hd__net *net, int l, hd__key key, const hd__policy *policy, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const int onset = layer->onset, T = net->def.substeps - onset, n = layer->n_pad;
  const size_t at = (size_t)onset * (size_t)n;
  find_drives(net, l, part);
  step_neurons(net, layer, onset);
  net->kernel->spikes(n, T, key, layer->noise_at + (uint32_t)at, hd__layer_p(layer, onset),
                      layer->is_mean ? NULL : layer->b + at, layer->mean);
  net->kernel->axpy(n, (float)T, layer->mean, layer->spikes);
  if (layer->is_mean) {
    memcpy(layer->b + at, layer->mean, sizeof(float) * (size_t)n);
  }
  for (int t = onset; t < (layer->is_mean ? onset + 1 : net->def.substeps); t++) {
    set_values(net, policy, layer, t);
  }
}

/* Substep after substep. */
static void run_steps(hd__net *net, int l, hd__key key, const hd__policy *policy, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const size_t n = (size_t)layer->n_pad;
  const int onset = layer->onset, T = net->def.substeps;
  if (net->def.neuron->stochastic) {
    net->kernel->noise((T - onset) * layer->n_pad, key,
                       layer->noise_at + (uint32_t)(onset * layer->n_pad),
                       layer->noise + (size_t)onset * n);
  }
  rest(net, layer);
  find_drives(net, l, part);
  for (int t = onset; t < T; t++) {
    const size_t at = (size_t)t * n;
    if (t > onset && layer->is_steady) {
      net->kernel->draw(layer->n_pad, layer->noise + at, hd__layer_p(layer, t), layer->b + at);
    } else {
      step_neurons(net, layer, t);
    }
    set_values(net, policy, layer, t);
    net->kernel->axpy(layer->n_pad, 1.0f, layer->b + at, layer->spikes);
  }
}

static void run_layer(hd__net *net, int l, hd__draw draw, const hd__policy *policy,
                      hd__part *part) {
  const hd__layer *layer = &net->layer[l];
  const hd__key key = hd__key_make(draw.seed, HD_STREAM_SPIKE, draw.env, draw.step);
  (layer->is_fused ? run_fused : run_steps)(net, l, key, policy, part);
  if (part->y != NULL) {
    memcpy(part->y, layer->y, sizeof(float) * (size_t)net->def.substeps * (size_t)layer->n_pad);
  }
}

static void run_input(hd__net *net, const float *obs, hd__draw draw, hd__decision *decision) {
  const hd__code *code = &net->def.code;
  if (code->desc->kind == HD_CODE_SPARSE) {
    int32_t *line = decision->part[0].line;
    code->desc->active(code, obs, line);
    if (net->def.has_bias) {
      line[code->n_active] = code->n;
    }
    return;
  }
  const size_t n = (size_t)HD_PAD(code->n);
  const uint64_t T = (uint64_t)net->def.substeps;
  code->desc->encode(code, obs, code->desc->kind == HD_CODE_GRADED ? net->input : net->rates);
  memset(net->code_state, 0, sizeof(float) * (size_t)code->n_state);
  for (int t = code->desc->kind == HD_CODE_GRADED; t < net->def.substeps; t++) {
    if (code->desc->kind == HD_CODE_GRADED) {
      memcpy(net->input + (size_t)t * n, net->input, sizeof(float) * n);
    } else {
      const hd__key key =
          hd__key_make(draw.seed, HD_STREAM_CODE, draw.env, draw.step * T + (uint64_t)t);
      code->desc->spikes(code, net->rates, t, key, net->code_state, net->input + (size_t)t * n);
    }
  }
}

void hd__net_forward(hd__net *net, const float *obs, hd__draw draw, const hd__policy *policy,
                     hd__decision *decision) {
  run_input(net, obs, draw, decision);
  for (int l = 0; l < net->n_layers; l++) {
    run_layer(net, l, draw, policy, &decision->part[l]);
  }
  net->counted += net->def.substeps;
}
