#include "observe.h"

#include <string.h>

static bool sees(const hd__observer *observer, hd__dynamic d) {
  return (observer->mask >> d & 1) != 0;
}

static bool sees_rates(const hd__observer *observer) {
  return sees(observer, HD_DYNAMIC_RATE_PRE) || sees(observer, HD_DYNAMIC_RATE_POST);
}

static bool sees_factors(const hd__observer *observer) {
  return sees(observer, HD_DYNAMIC_SIGNAL) || sees(observer, HD_DYNAMIC_ELIGIBILITY);
}

/* Sources of the first part, and targets of part k - 1. */
static size_t rate_size(const hd__net *net, int k) {
  if (k == 0) {
    const hd__wiring *first = net->n_layers > 0 ? &net->layer[0].in : &net->linear;
    return (size_t)HD_PAD(first->n_x);
  }
  return (size_t)(k <= net->n_layers ? net->layer[k - 1].n_pad : HD_PAD(net->def.n_actions));
}

void hd__observer_lay_out(hd__observer *observer, const hd__net *net, int rows, hd__arena *arena) {
  if (observer->mask == 0) {
    return;
  }
  const size_t n = net->n_weights;
  observer->reward_mean = hd__arena_field(arena, "search.reward", "F64", 1, 1);
  if (sees_factors(observer)) {
    observer->E = HD_TAKE(arena, float, (size_t)rows *n);
    observer->signal = HD_TAKE(arena, float, n);
    observer->eligibility = HD_TAKE(arena, float, n);
  }
  for (int k = 0; sees_rates(observer) && k <= net->n_parts; k++) {
    observer->rate[k] = HD_TAKE(arena, float, rate_size(net, k));
  }
}

void hd__observer_start(hd__observer *observer) {
  if (observer->mask != 0) {
    *observer->reward_mean = 0.0;
  }
}

void hd__observer_clear(hd__observer *observer, const hd__net *net) {
  const size_t n = sizeof(float) * net->n_weights;
  observer->decisions = observer->reward_sum = 0.0;
  if (sees_factors(observer)) {
    memset(observer->signal, 0, n);
    memset(observer->eligibility, 0, n);
  }
  for (int k = 0; sees_rates(observer) && k <= net->n_parts; k++) {
    memset(observer->rate[k], 0, sizeof(float) * rate_size(net, k));
  }
}

void hd__observer_forget(hd__observer *observer, const hd__net *net, int row) {
  if (sees_factors(observer)) {
    memset(observer->E + (size_t)row * net->n_weights, 0, sizeof(float) * net->n_weights);
  }
}

/* ---- eligibility ---- */

static void note_factors(hd__observer *observer, const hd__net *net, const hd__decision *decision,
                         int row, float reward) {
  const int n = (int)net->n_weights;
  float *E = observer->E + (size_t)row * net->n_weights;
  net->kernel->scale(n, observer->decay, E);
  hd__net_add_row(net, decision, row, true, (hd__weighing){1.0f, 1.0f}, E);
  net->kernel->axpy(n, reward - (float)*observer->reward_mean, E, observer->signal);
  net->kernel->axpy(n, 1.0f, E, observer->eligibility);
}

/* ---- rates ---- */

/* Share of substeps in which the neurons of a layer fired. */
static void note_layer(const hd__net *net, const hd__layer *layer, int row, float *rate) {
  const int n = layer->n_pad;
  if (layer->is_fused && layer->is_steady) {
    net->kernel->axpy(n, 1.0f, layer->mean + row * n, rate);
    return;
  }
  for (int t = layer->onset; t < net->def.substeps; t++) {
    net->kernel->axpy(n, 1.0f / (float)(net->def.substeps - layer->onset),
                      layer->b + hd__at(net, layer, t) + row * n, rate);
  }
}

/* Size of the first part's features, whatever their sign. */
static void note_input(const hd__net *net, const hd__decision *decision, int row, float *rate) {
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

static void note_rates(hd__observer *observer, const hd__net *net, const hd__decision *decision,
                       int row) {
  note_input(net, decision, row, observer->rate[0]);
  for (int l = 0; l < net->n_layers; l++) {
    note_layer(net, &net->layer[l], row, observer->rate[1 + l]);
  }
  if (net->has_linear) {
    observer->rate[1 + net->n_layers][decision->action[row]] += 1.0f;
  }
}

void hd__observer_note(hd__observer *observer, const hd__net *net, const hd__decision *decision,
                       const float *reward, const bool *counts) {
  for (int row = 0; row < decision->rows; row++) {
    if (!counts[row]) {
      continue;
    }
    observer->decisions += 1.0;
    observer->reward_sum += (double)reward[row];
    if (sees_factors(observer)) {
      note_factors(observer, net, decision, row, reward[row]);
    }
    if (sees_rates(observer)) {
      note_rates(observer, net, decision, row);
    }
  }
}

/* ---- telling ---- */

/* In units of twice their root mean square, so that few lie outside [-1,1]. */
static void tell_sum(const hd__genome *genome, const hd__search *search, const float *sum,
                     float *out) {
  hd__genome_read(genome, &search->def, sum, out);
  double square = 0.0;
  for (int k = 0; k < search->n; k++) {
    square += (double)out[k] * (double)out[k];
  }
  const float size = 2.0f * hd__sqrtf((float)(square / search->n));
  for (int k = 0; k < search->n; k++) {
    out[k] = size > 0.0f ? hd__clampf(out[k] / size, -1.0f, 1.0f) : 0.0f;
  }
}

/* A share of 0 to 1 as a number from -1 to 1. */
static float centred(double share) { return hd__clampf((float)(2.0 * share - 1.0), -1.0f, 1.0f); }

/* Lane of target j of part k. */
static int lane_of(const hd__net *net, int k, int j) {
  if (k >= net->n_layers) {
    return j;
  }
  const hd__layer *layer = &net->layer[k];
  return j / layer->per_block * layer->block_stride + j % layer->per_block;
}

/* Rate of feature i of part k, as target j sees it: a source at some tap, or the bias. */
static double rate_before(const hd__observer *observer, const hd__net *net, int k, int i, int j) {
  const hd__wiring *w = k < net->n_layers ? &net->layer[k].in : &net->linear;
  if (k == 0) {
    return (double)observer->rate[0][i];
  }
  if (net->def.has_bias && i == w->n_x - 1) {
    return observer->decisions;
  }
  const hd__layer *below = &net->layer[k - 1];
  const int block = below->n_block > 1 ? j / net->layer[k].per_block : 0;
  return (double)observer->rate[k][block * below->block_stride + i % w->n_source];
}

static void tell_rates(const hd__observer *observer, const hd__net *net, const hd__genome *genome,
                       hd__search *search) {
  float *pre = search->dynamics[HD_DYNAMIC_RATE_PRE],
        *post = search->dynamics[HD_DYNAMIC_RATE_POST];
  const double n = observer->decisions > 0.0 ? observer->decisions : 1.0;
  int w = 0;
  for (int s = 0; s < genome->n_spans; s++) {
    const int k = genome->span[s].part;
    for (int i = 0; i < search->def.layer[s].n_pre; i++) {
      for (int j = 0; j < search->def.layer[s].n_post; j++, w++) {
        const double after = (double)observer->rate[k + 1][lane_of(net, k, j)];
        const double before = genome->span[s].is_self ? after : rate_before(observer, net, k, i, j);
        if (pre != NULL) {
          pre[w] = centred(before / n);
        }
        if (post != NULL) {
          post[w] = centred(after / n);
        }
      }
    }
  }
}

void hd__observer_tell(hd__observer *observer, const hd__net *net, const hd__genome *genome,
                       hd__search *search) {
  if (sees(observer, HD_DYNAMIC_SIGNAL)) {
    tell_sum(genome, search, observer->signal, search->dynamics[HD_DYNAMIC_SIGNAL]);
  }
  if (sees(observer, HD_DYNAMIC_ELIGIBILITY)) {
    tell_sum(genome, search, observer->eligibility, search->dynamics[HD_DYNAMIC_ELIGIBILITY]);
  }
  if (sees_rates(observer)) {
    tell_rates(observer, net, genome, search);
  }
  const double reward =
      observer->decisions > 0.0 ? observer->reward_sum / observer->decisions : 0.0;
  *observer->reward_mean += 0.1 * (reward - *observer->reward_mean);
}
