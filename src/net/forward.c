/* Observations -> input -> spikes of every layer at every substep. */
#include <string.h>

#include "net.h"
#include "relaxed.h"

/* ---- features: what the targets of a part see at one substep ---- */

/* Where the spikes of a layer, or the values of the input, lie: [T][rows][pad]. */
typedef struct sources {
  const float *y;
  int pad;
  int stride; /* from one block's sources to the next; 0 if all blocks see the same */
} sources;

static sources below(const hd__net *net, int l) {
  if (l == 0) {
    return (sources){net->input, HD_PAD(net->def.code.n), 0};
  }
  const hd__layer *layer = &net->layer[l - 1];
  return (sources){layer->y, layer->n_pad, layer->block_stride};
}

/* Sources of block k at one tap go through the taps' window into the block's features. */
static void window_free(const hd__net *net, const hd__wiring *w, sources from, int row, int k,
                        int t, float *to) {
  for (int m = 0; m < net->def.taps; m++) {
    const size_t at = (size_t)((t - m) * net->rows + row) * (size_t)from.pad;
    memcpy(to + m * w->n_source, from.y + at + k * from.stride,
           sizeof(float) * (size_t)w->n_source);
  }
}

static void window_basis(const hd__net *net, const hd__wiring *w, sources from, int row, int k,
                         int t, float *to) {
  const int K = net->def.taps;
  for (int f = 0; f < net->def.n_basis; f++) {
    for (int i = 0; i < w->n_source; i++) {
      float sum = 0.0f;
      for (int m = 0; m < K; m++) {
        const size_t at = (size_t)((t - m) * net->rows + row) * (size_t)from.pad;
        sum += net->basis[f * K + m] * from.y[at + (size_t)(k * from.stride + i)];
      }
      to[f * w->n_source + i] = sum;
    }
  }
}

static void window(const hd__net *net, const hd__wiring *w, sources from, int t, float *x) {
  for (int row = 0; row < net->rows; row++) {
    for (int k = 0; k < w->n_block; k++, x += w->x_stride) {
      (net->def.n_basis > 0 ? window_basis : window_free)(net, w, from, row, k, t, x);
      if (net->def.has_bias) {
        x[w->n_x - 1] = 1.0f;
      }
    }
  }
}

/* ---- drives ---- */

/* Drive of every target from `count` rows of features. */
static void drive_from(const hd__net *net, const hd__layer *layer, int count, const float *x,
                       float *drive) {
  const hd__wiring *w = &layer->in;
  const float *W = net->weights + w->at;
  if (w->is_rows) {
    net->kernel->rows_drive(count, w->n_x, layer->n_pad, W, x, w->x_stride, drive);
    return;
  }
  for (int k = 0; k < w->n_block; k++) {
    const float *rows = W + (size_t)(k * w->n_post) * (size_t)w->x_stride;
    float *to = drive + k * layer->block_stride;
    if (count == 1) {
      net->kernel->cols_drive(w->n_post, w->x_stride, rows, x + k * w->x_stride, to);
    } else {
      net->kernel->heads(count, w->n_post, w->x_stride, rows, x + k * w->x_stride,
                         w->n_block * w->x_stride, to, layer->n_pad);
    }
  }
}

/* Spikes over weights as bits are counted; a few of them into few targets add rows as ever. False
 * if something else than spikes came. */
static bool drive_from_bits(const hd__net *net, const hd__layer *layer, int count, hd__part *part,
                            float *drive) {
  const hd__wiring *w = &layer->in;
  const hd__kernel *kernel = net->kernel;
  const int set = kernel->pack(count, w->n_x, part->x, w->x_stride, part->bits, w->words);
  part->has_few = false;
  if (set >= 0 && hd__is_counted(set, count * w->n_x, layer->n_pad)) {
    kernel->bits_drive(count, layer->n_pad, &layer->packed, part->bits, w->words, drive);
  } else if (set >= 0) {
    kernel->rows_events(count, w->n_x, layer->n_pad, net->weights + w->at, part->bits, w->words,
                        drive);
  }
  return set >= 0;
}

/* A busy input is looked at again after so many batches. */
enum { BUSY_FOR = 15 };

/* Few spikes add rows of weights, many are multiplied; the drives are the same. */
static void drive_from_spikes(const hd__net *net, hd__layer *layer, int count, hd__part *part,
                              float *drive) {
  const hd__wiring *w = &layer->in;
  const hd__kernel *kernel = net->kernel;
  if (layer->is_packed && drive_from_bits(net, layer, count, part, drive)) {
    return;
  }
  part->has_few = false;
  if (layer->busy_for-- <= 0) {
    const int set = kernel->pack(count, w->n_x, part->x, w->x_stride, part->bits, w->words);
    part->has_few = set >= 0 && hd__is_sparse(set, count * w->n_x, layer->n_pad);
    layer->busy_for = part->has_few ? 0 : BUSY_FOR;
  }
  if (part->has_few) {
    kernel->rows_events(count, w->n_x, layer->n_pad, net->weights + w->at, part->bits, w->words,
                        drive);
  } else {
    drive_from(net, layer, count, part->x, drive);
  }
}

/* The lines of a sparse input choose rows of weights. */
static void drive_from_lines(const hd__net *net, const hd__layer *layer, const int32_t *line,
                             float *drive) {
  const int n_lines = net->def.code.n_active + net->def.has_bias;
  for (int row = 0; row < net->rows; row++) {
    net->kernel->rows_lines(n_lines, layer->n_pad, line + row * (net->def.code.n_active + 1),
                            net->weights + layer->in.at, drive + row * layer->n_pad);
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

/* Features of layer l at every substep that has its own, and the drives they make. */
static void find_drives(hd__net *net, int l, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const hd__wiring *w = &layer->in;
  const size_t x_size = (size_t)(w->n_block * w->x_stride);
  const size_t n_rows = (size_t)net->rows * (size_t)w->n_slices;
  if (w->is_sparse) {
    drive_from_lines(net, layer, part->line, layer->drive);
    return;
  }
  for (int s = 0; s < w->n_slices; s++) {
    window(net, w, below(net, l), layer->onset + s,
           part->x + (size_t)s * (size_t)net->rows * x_size);
  }
  if (w->is_binary && !net->def.drive_last) {
    drive_from_spikes(net, layer, (int)n_rows, part, layer->drive);
    return;
  }
  if (!net->def.drive_last) {
    drive_from(net, layer, (int)n_rows, part->x, layer->drive);
    return;
  }
  for (size_t s = 0; s < n_rows; s++) {
    keep_last(net, w, part->x + s * x_size, net->features);
    drive_from(net, layer, 1, net->features, layer->drive + s * (size_t)layer->n_pad);
  }
}

/* Does noise move the drives? It explores, so a greedy decision does without. */
static bool is_moving(const hd__net *net, const hd__policy *policy) {
  return hd__is_perturbed(net) && !policy->is_greedy;
}

static void add_self(const hd__net *net, const hd__layer *layer, int t, float *drive) {
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
static float *drive_at(const hd__net *net, hd__layer *layer, const hd__policy *policy, int t) {
  const bool is_one = layer->in.is_sparse || layer->in.is_constant;
  const bool is_moved = is_moving(net, policy);
  float *drive = layer->drive + (is_one ? 0 : hd__at(net, layer, t - layer->onset));
  if (net->def.self_taps == 0 && !is_moved) {
    return drive;
  }
  const size_t n = hd__at(net, layer, 1);
  memcpy(layer->mean, drive, sizeof(float) * n);
  add_self(net, layer, t, layer->mean);
  if (is_moved) {
    net->kernel->axpy((int)n, net->def.perturbation, layer->noise + hd__at(net, layer, t),
                      layer->mean);
  }
  return layer->mean;
}

/* ---- neurons ---- */

static void rest(const hd__net *net, hd__layer *layer) {
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
static void step_neurons(const hd__net *net, hd__layer *layer, const hd__policy *policy, int t,
                         int count) {
  const size_t at = hd__at(net, layer, t);
  net->kernel->neuron[net->def.neuron->id](
      net->derived, (int)hd__at(net, layer, count), drive_at(net, layer, policy, t),
      layer->noise + at, layer->live, layer->state, layer->b + at, layer->p + at, layer->gain + at);
}

/* What the next layer sees of the spikes of `count` substeps from t on. */
static void set_values(const hd__net *net, const hd__policy *policy, hd__layer *layer, int t,
                       int count) {
  const size_t at = hd__at(net, layer, t), n = hd__at(net, layer, count);
  const float silence = net->def.neuron->silence;
  if (layer->y == layer->b) {
    return;
  }
  if (!policy->is_relaxed) {
    net->kernel->spike_values((int)n, silence, layer->live, layer->b + at, layer->y + at);
    return;
  }
  const float *p = hd__layer_p(net, layer, t), *noise = layer->noise + at;
  float *y = layer->y + at;
  for (size_t j = 0; j < n; j++) {
    const float relaxed = hd__relaxed(p[j], noise[j], policy->tau);
    y[j] = layer->live[j] * (silence + (1.0f - silence) * relaxed);
  }
}

/* Count `count` rows of spikes, each worth `scale`. */
static void count_spikes(const hd__net *net, hd__layer *layer, size_t count, float scale,
                         const float *b) {
  for (size_t row = 0; row < count; row++) {
    net->kernel->axpy(layer->n_pad, scale, b + row * (size_t)layer->n_pad, layer->spikes);
  }
}

/* Everything in one pass, factors included. */
static void run_agents(hd__net *net, hd__layer *layer, const hd__policy *policy, hd__part *part) {
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
static void run_steady(hd__net *net, hd__layer *layer, const hd__policy *policy) {
  const int onset = layer->onset, T = net->def.substeps - onset, n = layer->n_pad;
  const size_t at = hd__at(net, layer, onset);
  step_neurons(net, layer, policy, onset, 1);
  net->kernel->spikes_batch(net->rows, n, T, net->key, layer->noise_at + (uint32_t)(onset * n),
                            hd__layer_p(net, layer, onset), layer->is_mean ? NULL : layer->b + at,
                            layer->mean);
  count_spikes(net, layer, (size_t)net->rows, (float)T, layer->mean);
  if (layer->is_mean) {
    memcpy(layer->b + at, layer->mean, sizeof(float) * hd__at(net, layer, 1));
  }
  set_values(net, policy, layer, onset, layer->is_mean ? 1 : T);
}

/* All p in one go, then all spikes. */
static void run_fused(hd__net *net, hd__layer *layer, const hd__policy *policy) {
  const int onset = layer->onset, T = net->def.substeps, n = layer->n_pad;
  step_neurons(net, layer, policy, onset, T - onset);
  for (int t = onset; t < T; t++) {
    const size_t at = hd__at(net, layer, t);
    net->kernel->spikes_batch(net->rows, n, 1, net->key, layer->noise_at + (uint32_t)(t * n),
                              layer->p + at, layer->b + at, NULL);
  }
  count_spikes(net, layer, (size_t)((T - onset) * net->rows), 1.0f,
               layer->b + hd__at(net, layer, onset));
  set_values(net, policy, layer, onset, T - onset);
}

/* What neurons draw, or what moves their drives, in a substep. */
static void draw_noise(const hd__net *net, hd__layer *layer, const hd__policy *policy, int t) {
  const int n = layer->n_pad;
  const uint32_t first = layer->noise_at + (uint32_t)(t * n);
  float *noise = layer->noise + hd__at(net, layer, t);
  for (int row = 0; net->def.neuron->stochastic && row < net->rows; row++, noise += n) {
    net->kernel->noise(n, net->key[row], first, noise);
  }
  for (int row = 0; is_moving(net, policy) && row < net->rows; row++, noise += n) {
    net->kernel->normals(n, net->key[row], first, noise);
  }
}

/* Substep after substep. */
static void run_steps(hd__net *net, int l, const hd__policy *policy, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const sources from = below(net, l);
  rest(net, layer);
  for (int t = layer->onset; t < net->def.substeps; t++) {
    const size_t at = hd__at(net, layer, t);
    if (layer->in.is_releasing) {
      hd__net_release(net, layer, from.y + t * net->rows * from.pad, from.pad, t, part);
    }
    draw_noise(net, layer, policy, t);
    if (t > layer->onset && layer->is_steady) {
      net->kernel->draw((int)hd__at(net, layer, 1), layer->noise + at, hd__layer_p(net, layer, t),
                        layer->b + at);
    } else {
      step_neurons(net, layer, policy, t, 1);
    }
    set_values(net, policy, layer, t, 1);
    count_spikes(net, layer, (size_t)net->rows, 1.0f, layer->b + at);
  }
}

static void run_layer(hd__net *net, int l, const hd__policy *policy, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  if (!layer->in.is_releasing) {
    find_drives(net, l, part);
  }
  if (layer->is_agents) {
    run_agents(net, layer, policy, part);
    return;
  }
  if (layer->is_fused) {
    (layer->is_steady ? run_steady : run_fused)(net, layer, policy);
  } else {
    run_steps(net, l, policy, part);
  }
  if (part->y != NULL) {
    memcpy(part->y, layer->y, sizeof(float) * hd__at(net, layer, net->def.substeps));
  }
}

/* ---- input ---- */

static void run_lines(const hd__net *net, const float *obs, int32_t *line) {
  const hd__code *code = &net->def.code;
  for (int row = 0; row < net->rows; row++, line += code->n_active + 1) {
    code->desc->active(code, obs + row * code->def.env->n_obs, line);
    if (net->def.has_bias) {
      line[code->n_active] = code->n;
    }
  }
}

/* The same lines as spikes, at every substep. */
static void run_lit(const hd__net *net, const float *obs) {
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
static void run_graded(const hd__net *net, const float *obs) {
  const hd__code *code = &net->def.code;
  const size_t n = (size_t)(net->rows * HD_PAD(code->n));
  const bool is_one = net->n_layers > 0 && net->layer[0].in.is_constant;
  hd__code_encode_batch(code, net->rows, obs, net->input, HD_PAD(code->n));
  for (size_t t = 1; !is_one && t < (size_t)net->def.substeps; t++) {
    memcpy(net->input + t * n, net->input, sizeof(float) * n);
  }
}

static void run_spikes(const hd__net *net, const float *obs, const hd__random_base *draw) {
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
        run_lit(net, obs);
      } else {
        run_lines(net, obs, decision->part[0].line);
      }
      break;
    case HD_CODE_GRADED:
      run_graded(net, obs);
      break;
    default:
      run_spikes(net, obs, draw);
  }
  if (net->is_general) {
    hd__general_run(net, draw, policy);
  }
  for (int l = 0; !net->is_general && l < net->n_layers; l++) {
    run_layer(net, l, policy, &decision->part[l]);
  }
  net->counted += net->def.substeps * net->rows;
}
