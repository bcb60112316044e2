/* Observations -> input -> spikes of every layer at every substep. */
#include <string.h>

#include "forward_internal.h"
#include "neuron_step.h"

static void forward_add_self(const hd__net *net, const hd__layer *layer, int t, float *drive) {
  for (int m = 0; m < net->def.self_taps && t - 1 - m >= layer->onset; m++) {
    const float *weight = net->weights + layer->self_at + (size_t)(m * layer->n_pad);
    const float *y = layer->y + hd__at(net, layer, t - 1 - m);
    for (int row = 0; row < net->rows; row++, drive += layer->n_pad, y += layer->n_pad) {
      for (int j = 0; j < layer->n_pad; j++) {
        drive[j] += weight[j] * y[j];
      }
    }
    drive -= net->rows * layer->n_pad;
  }
}

/* The drive of substep t; a constant one is kept once. */
static float *forward_drive_at(const hd__net *net, hd__layer *layer, const hd__policy *policy,
                               int t) {
  const bool is_one = hd__layer_is_driven_once(layer);
  const bool is_moved = hd__net_is_moved(net, policy);
  float *drive = layer->drive + (is_one ? 0 : hd__at(net, layer, t - layer->onset));
  if (net->def.self_taps == 0 && !is_moved) {
    return drive;
  }
  const size_t n = hd__at(net, layer, 1);
  memcpy(layer->mean, drive, sizeof(float) * n);
  forward_add_self(net, layer, t, layer->mean);
  if (is_moved) {
    net->kernel->axpy((int)n, net->def.perturbation, layer->noise + hd__at(net, layer, t),
                      layer->mean);
  }
  return layer->mean;
}

/* ---- neurons ---- */

static void forward_rest(const hd__net *net, hd__layer *layer) {
  float one[HD_NEURON_STATE_MAX];
  if (net->def.neuron->n_state == 0) {
    return;
  }
  net->def.neuron->reset(net->derived, one);
  float *state = layer->state;
  for (int s = 0; s < net->def.neuron->n_state; s++) {
    for (size_t j = 0; j < hd__at(net, layer, 1); j++) {
      *state++ = one[s];
    }
  }
}

/* `count` substeps from t on in one call, which is one unless the neurons are free of their past.
 */
static void forward_step_neurons(const hd__net *net, hd__layer *layer, const hd__policy *policy,
                                 int t, int count) {
  const size_t at = hd__at(net, layer, t);
  hd__neuron_step_of(net->kernel, net->def.neuron)(
      net->derived, (int)hd__at(net, layer, count), forward_drive_at(net, layer, policy, t),
      layer->noise + at, layer->live, layer->state, layer->b + at, layer->p + at, layer->gain + at);
}

/* What the next layer sees of the spikes of `count` substeps from t on. */
static void forward_set_values(const hd__net *net, const hd__policy *policy, hd__layer *layer,
                               int t, int count) {
  const size_t at = hd__at(net, layer, t), n = hd__at(net, layer, count);
  const float silence = net->def.neuron->silence;
  if (layer->y == layer->b) {
    return;
  }
  if (!policy->is_relaxed) {
    net->kernel->spike_values((int)n, silence, layer->live, layer->b + at, layer->y + at);
    return;
  }
  net->kernel->relaxed_values((int)n, silence, policy->tau, layer->live, hd__layer_p(net, layer, t),
                              layer->noise + at, layer->y + at);
}

/* Count `count` rows of spikes, each worth `scale`. */
static void forward_count_spikes(const hd__net *net, hd__layer *layer, size_t count, float scale,
                                 const float *b) {
  for (size_t row = 0; row < count; row++) {
    net->kernel->axpy(layer->n_pad, scale, b + row * (size_t)layer->n_pad, layer->spikes);
  }
}

/* Everything in one pass, factors included. */
static void forward_run_agents(hd__net *net, hd__layer *layer, const hd__policy *policy,
                               hd__part *part) {
  const size_t at = hd__at(net, layer, layer->onset);
  const hd__agents io = {.B = net->rows,
                         .n = layer->n_pad,
                         .T = net->def.substeps - layer->onset,
                         .key = net->key,
                         .first = layer->noise_at + (uint32_t)(layer->onset * layer->n_pad),
                         .silence = net->def.neuron->silence,
                         .drive = layer->drive,
                         .live = layer->live,
                         .p = layer->p + at,
                         .y = layer->y + at,
                         .g = policy->is_bare ? NULL : part->g,
                         .total = layer->spikes};
  net->kernel->agents[net->def.neuron->id](net->derived, &io);
}

/* One p for all substeps: their spikes come in one go, or only their mean. */
static void forward_run_steady(hd__net *net, hd__layer *layer, const hd__policy *policy) {
  const int onset = layer->onset, T = net->def.substeps - onset, n = layer->n_pad;
  const size_t at = hd__at(net, layer, onset);
  forward_step_neurons(net, layer, policy, onset, 1);
  net->kernel->spikes_batch(net->rows, n, T, net->key, layer->noise_at + (uint32_t)(onset * n),
                            hd__layer_p(net, layer, onset), layer->is_mean ? NULL : layer->b + at,
                            layer->mean);
  forward_count_spikes(net, layer, (size_t)net->rows, (float)T, layer->mean);
  if (layer->is_mean) {
    memcpy(layer->b + at, layer->mean, sizeof(float) * hd__at(net, layer, 1));
  }
  forward_set_values(net, policy, layer, onset, layer->is_mean ? 1 : T);
}

/* All p in one go, then all spikes. */
static void forward_run_fused(hd__net *net, hd__layer *layer, const hd__policy *policy) {
  const int onset = layer->onset, T = net->def.substeps, n = layer->n_pad;
  forward_step_neurons(net, layer, policy, onset, T - onset);
  for (int t = onset; t < T; t++) {
    const size_t at = hd__at(net, layer, t);
    net->kernel->spikes_batch(net->rows, n, 1, net->key, layer->noise_at + (uint32_t)(t * n),
                              layer->p + at, layer->b + at, NULL);
  }
  forward_count_spikes(net, layer, (size_t)((T - onset) * net->rows), 1.0f,
                       layer->b + hd__at(net, layer, onset));
  forward_set_values(net, policy, layer, onset, T - onset);
}

/* What neurons draw, or what moves their drives, in a substep. */
static void forward_draw_noise(const hd__net *net, hd__layer *layer, const hd__policy *policy,
                               int t) {
  const int n = layer->n_pad;
  const uint32_t first = layer->noise_at + (uint32_t)(t * n);
  float *noise = layer->noise + hd__at(net, layer, t);
  for (int row = 0; net->def.neuron->stochastic && row < net->rows; row++, noise += n) {
    net->kernel->noise(n, net->key[row], first, noise);
  }
  for (int row = 0; hd__net_is_moved(net, policy) && row < net->rows; row++, noise += n) {
    net->kernel->normals(n, net->key[row], first, noise);
  }
}

/* Substep after substep. */
static void forward_run_steps(hd__net *net, int l, const hd__policy *policy, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const hd__sources from = hd__net_below(net, l);
  forward_rest(net, layer);
  for (int t = layer->onset; t < net->def.substeps; t++) {
    const size_t at = hd__at(net, layer, t);
    if (layer->in.is_releasing) {
      hd__net_release(net, layer, from.y + t * net->rows * from.pad, from.pad, t, part);
    }
    forward_draw_noise(net, layer, policy, t);
    if (t > layer->onset && layer->is_steady) {
      net->kernel->draw((int)hd__at(net, layer, 1), layer->noise + at, hd__layer_p(net, layer, t),
                        layer->b + at);
    } else {
      forward_step_neurons(net, layer, policy, t, 1);
    }
    forward_set_values(net, policy, layer, t, 1);
    forward_count_spikes(net, layer, (size_t)net->rows, 1.0f, layer->b + at);
  }
}

static void forward_run_layer(hd__net *net, int l, const hd__policy *policy,
                              hd__decision *decision) {
  hd__layer *layer = &net->layer[l];
  hd__part *part = &decision->part[l];
  if (layer->is_cells && !hd__net_is_moved(net, policy)) {
    hd__net_run_cells(net, l, policy, decision);
    return;
  }
  if (!layer->in.is_releasing) {
    hd__net_find_drives(net, l, part);
  }
  if (layer->is_agents) {
    forward_run_agents(net, layer, policy, part);
    return;
  }
  if (layer->is_fused) {
    (layer->is_steady ? forward_run_steady : forward_run_fused)(net, layer, policy);
  } else {
    forward_run_steps(net, l, policy, part);
  }
  if (part->y != NULL) {
    memcpy(part->y, layer->y, sizeof(float) * hd__at(net, layer, net->def.substeps));
  }
}

/* ---- input ---- */

static void forward_run_lines(const hd__net *net, const float *obs, int32_t *line) {
  const hd__code *code = &net->def.code;
  for (int row = 0; row < net->rows; row++, line += code->n_active + 1) {
    code->desc->active(code, obs + row * code->def.env->n_obs, line);
    if (net->def.has_bias) {
      line[code->n_active] = code->n;
    }
  }
}

/* The same lines as spikes, at every substep. */
static void forward_run_lit(const hd__net *net, const float *obs) {
  const hd__code *code = &net->def.code;
  const size_t n = (size_t)(net->rows * HD_PAD(code->n));
  memset(net->input, 0, sizeof(float) * n);
  for (int row = 0; row < net->rows; row++) {
    code->desc->active(code, obs + row * code->def.env->n_obs, net->line);
    for (int k = 0; k < code->n_active; k++) {
      net->input[row * HD_PAD(code->n) + net->line[k]] = 1.0f;
    }
  }
  for (size_t t = 1; t < (size_t)net->def.substeps; t++) {
    memcpy(net->input + t * n, net->input, sizeof(float) * n);
  }
}

/* The same values at every substep. */
static void forward_run_graded(const hd__net *net, const float *obs) {
  const hd__code *code = &net->def.code;
  const size_t n = (size_t)(net->rows * HD_PAD(code->n));
  const bool is_one = net->n_layers > 0 && net->layer[0].in.is_constant;
  hd__code_encode_batch(code, net->rows, obs, net->input, HD_PAD(code->n));
  for (size_t t = 1; !is_one && t < (size_t)net->def.substeps; t++) {
    memcpy(net->input + t * n, net->input, sizeof(float) * n);
  }
}

static void forward_run_spikes(const hd__net *net, const float *obs, const hd__random_base *draw) {
  const hd__code *code = &net->def.code;
  const uint64_t T = (uint64_t)net->def.substeps;
  const int n = HD_PAD(code->n);
  for (int row = 0; row < net->rows; row++) {
    code->desc->encode(code, obs + row * code->def.env->n_obs, net->rates);
    memset(net->code_state, 0, sizeof(float) * (size_t)code->n_state);
    for (uint64_t t = 0; t < T; t++) {
      const hd__key key = hd__key_at(draw[row].code, draw[row].step * T + t);
      code->desc->spikes(code, net->rates, (int)t, key, net->code_state,
                         net->input + ((int)t * net->rows + row) * n);
    }
  }
}

void hd__net_forward(hd__net *net, const float *obs, const hd__random_base *draw,
                     const hd__policy *policy, hd__decision *decision) {
  for (int row = 0; row < net->rows; row++) {
    net->key[row] = hd__key_at(draw[row].spike, draw[row].step);
  }
  switch (net->def.code.desc->kind) {
    case HD_CODE_SPARSE:
      if (net->def.releases || net->is_general) {
        forward_run_lit(net, obs);
      } else {
        forward_run_lines(net, obs, decision->part[0].line);
      }
      break;
    case HD_CODE_GRADED:
      forward_run_graded(net, obs);
      break;
    default:
      forward_run_spikes(net, obs, draw);
  }
  net->is_read = false;
  if (net->is_general) {
    hd__general_run(net, draw, policy);
  }
  for (int l = 0; !net->is_general && l < net->n_layers; l++) {
    forward_run_layer(net, l, policy, decision);
  }
  *net->counted += net->def.substeps * net->rows;
  hd__net_limit_counts(net);
}
