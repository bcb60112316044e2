/* Features of a layer's targets, and the drives that they make. */
#include <string.h>

#include "forward_internal.h"

/* ---- features: what the targets of a part see at one substep ---- */

hd__sources hd__net_below(const hd__net *net, int l) {
  if (l == 0) {
    return (hd__sources){net->input, HD_PAD(net->def.code.n), 0};
  }
  const hd__layer *layer = &net->layer[l - 1];
  return (hd__sources){layer->y, layer->n_pad, layer->block_stride};
}

/* Sources of block k at one tap go through the taps' window into the block's features. */
static void drives_window_free(const hd__net *net, const hd__wiring *w, hd__sources from, int row,
                               int k, int t, float *to) {
  for (int m = 0; m < net->def.taps; m++) {
    const size_t at = (size_t)((t - m) * net->rows + row) * (size_t)from.pad;
    memcpy(to + m * w->n_source, from.y + at + k * from.stride,
           sizeof(float) * (size_t)w->n_source);
  }
}

static void drives_window_basis(const hd__net *net, const hd__wiring *w, hd__sources from, int row,
                                int k, int t, float *to) {
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

static void drives_window(const hd__net *net, const hd__wiring *w, hd__sources from, int t,
                          float *x) {
  for (int row = 0; row < net->rows; row++) {
    for (int k = 0; k < w->n_block; k++, x += w->x_stride) {
      (net->def.n_basis > 0 ? drives_window_basis : drives_window_free)(net, w, from, row, k, t, x);
      if (net->def.has_bias) {
        x[w->n_x - 1] = 1.0f;
      }
    }
  }
}

/* ---- drives ---- */

/* Drive of every target from `count` rows of features. */
static void drives_drive_from(const hd__net *net, const hd__layer *layer, int count, const float *x,
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
static bool drives_drive_from_bits(const hd__net *net, const hd__layer *layer, int count,
                                   hd__part *part, float *drive) {
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

/* Few spikes add rows of weights, many are multiplied; the drives are the same. */
static void drives_drive_from_spikes(const hd__net *net, hd__layer *layer, int count,
                                     hd__part *part, float *drive) {
  const hd__wiring *w = &layer->in;
  const hd__kernel *kernel = net->kernel;
  if (layer->is_packed && drives_drive_from_bits(net, layer, count, part, drive)) {
    return;
  }
  part->has_few = false;
  if (layer->busy_for-- <= 0) {
    const int set = kernel->pack(count, w->n_x, part->x, w->x_stride, part->bits, w->words);
    part->has_few = set >= 0 && hd__is_sparse(set, count * w->n_x, layer->n_pad);
    layer->busy_for = part->has_few ? 0 : HD_BUSY_FOR;
  }
  if (part->has_few) {
    kernel->rows_events(count, w->n_x, layer->n_pad, net->weights + w->at, part->bits, w->words,
                        drive);
  } else {
    drives_drive_from(net, layer, count, part->x, drive);
  }
}

/* The lines of a sparse input choose rows of weights. */
static void drives_drive_from_lines(const hd__net *net, const hd__layer *layer, const int32_t *line,
                                    float *drive) {
  const int n_lines = net->def.code.n_active + net->def.has_bias;
  for (int row = 0; row < net->rows; row++) {
    net->kernel->rows_lines(n_lines, layer->n_pad, line + row * (net->def.code.n_active + 1),
                            net->weights + layer->in.at, drive + row * layer->n_pad);
  }
}

/* The published defect: all features but the last source's are lost to the drive. */
static void drives_keep_last(const hd__net *net, const hd__wiring *w, const float *x, float *kept) {
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
void hd__net_find_drives(hd__net *net, int l, hd__part *part) {
  hd__layer *layer = &net->layer[l];
  const hd__wiring *w = &layer->in;
  const size_t x_size = (size_t)(w->n_block * w->x_stride);
  const size_t n_rows = (size_t)net->rows * (size_t)w->n_slices;
  if (w->is_sparse) {
    drives_drive_from_lines(net, layer, part->line, layer->drive);
    return;
  }
  for (int s = 0; s < w->n_slices; s++) {
    drives_window(net, w, hd__net_below(net, l), layer->onset + s,
                  part->x + (size_t)s * (size_t)net->rows * x_size);
  }
  if (w->is_binary && !net->def.drive_last) {
    drives_drive_from_spikes(net, layer, (int)n_rows, part, layer->drive);
    return;
  }
  if (!net->def.drive_last) {
    drives_drive_from(net, layer, (int)n_rows, part->x, layer->drive);
    return;
  }
  for (size_t s = 0; s < n_rows; s++) {
    drives_keep_last(net, w, part->x + s * x_size, net->features);
    drives_drive_from(net, layer, 1, net->features, layer->drive + s * (size_t)layer->n_pad);
  }
}
