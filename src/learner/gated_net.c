#include "gated_net.h"

#include <string.h>

#include "mathf.h"
#include "normal.h"

void hd__gated_compile(hd__gated_net *net, const hd__gated_def *def, const hd__kernel *kernel) {
  *net = (hd__gated_net){.def = *def, .kernel = kernel};
  net->n_hidden = def->n_regular + def->n_memory;
  net->x_pad = HD_PAD(def->n_in + 1);
  net->h_pad = HD_PAD(net->n_hidden + 1);
  const size_t row = (size_t)net->h_pad;
  net->at_memory = (size_t)(def->n_in + 1) * row;
  net->at_out = net->at_memory + (def->n_memory > 0 ? 2 * (size_t)def->n_in * row : 0);
  net->n_weights = net->at_out + (size_t)def->n_actions * row;
}

hd__gated_step hd__gated_lay_out_step(const hd__gated_net *net, hd__arena *arena) {
  return (hd__gated_step){.x = HD_TAKE(arena, float, net->x_pad),
                          .p = HD_TAKE(arena, float, net->h_pad),
                          .y = HD_TAKE(arena, float, net->h_pad),
                          .q = HD_TAKE(arena, float, net->def.n_actions),
                          .pi = HD_TAKE(arena, float, net->def.n_actions)};
}

/* ---- weights ---- */

/* Rows of one kind of synapse onto the units from `first` on, n of them. */
static void gated_start_rows(hd__gated_net *net, size_t at, int n_rows, int first, int n,
                             hd__key key, bool is_uniform, float scale) {
  for (int i = 0; i < n_rows; i++) {
    float *w = net->w + at + (size_t)i * (size_t)net->h_pad + first;
    for (int j = 0; j < n; j++) {
      const uint32_t index = (uint32_t)(i * n + j);
      w[j] = scale * (is_uniform ? hd__uniform24(key, index) : hd__normalf(key, index)) + 0.0f;
    }
  }
}

void hd__gated_start(hd__gated_net *net, uint64_t seed, bool is_uniform, float scale,
                     float out_scale) {
  const hd__gated_def *d = &net->def;
  gated_start_rows(net, 0, d->n_in + 1, 0, d->n_regular, hd__key_make(seed, HD_STREAM_INIT, 0, 0),
                   is_uniform, scale);
  gated_start_rows(net, net->at_memory, d->n_memory > 0 ? 2 * d->n_in : 0, d->n_regular,
                   d->n_memory, hd__key_make(seed, HD_STREAM_INIT, 0, 1), is_uniform, scale);
  gated_start_rows(net, net->at_out, d->n_actions, 0, net->n_hidden + 1,
                   hd__key_make(seed, HD_STREAM_INIT, 0, 2), is_uniform, out_scale);
}

/* ---- a decision ---- */

void hd__gated_begin(const hd__gated_net *net, const hd__gated_row *row) {
  const size_t n_in = (size_t)net->def.n_in;
  memset(row->u, 0, sizeof(float) * (size_t)net->def.n_memory);
  memset(row->before, 0, sizeof(float) * n_in);
  memset(row->sum, 0, sizeof(float) * 2 * n_in);
  if (row->tag != NULL) {
    memset(row->tag, 0, sizeof(float) * net->n_weights);
  }
}

/* What came and what went since the step before drives memory units. */
static void gated_remember(const hd__gated_net *net, const float *w, const hd__gated_row *row,
                           const float *x, float *drive) {
  const int n_in = net->def.n_in;
  for (int i = 0; i < n_in; i++) {
    const float change = x[i] - row->before[i];
    const int line = change > 0.0f ? i : n_in + i;
    const float d = change > 0.0f ? change : -change;
    if (d != 0.0f) {
      row->sum[line] += d;
      net->kernel->axpy(net->h_pad, d, w + net->at_memory + (size_t)line * (size_t)net->h_pad,
                        drive);
    }
    row->before[i] = x[i];
  }
}

/* u of both kinds, in p. */
static void gated_drive(const hd__gated_net *net, const float *w, const hd__gated_row *row,
                        const hd__gated_step *step) {
  const hd__gated_def *d = &net->def;
  float *u = step->p;
  memset(u, 0, sizeof(float) * (size_t)net->h_pad);
  if (d->n_memory > 0) {
    memcpy(u + d->n_regular, row->u, sizeof(float) * (size_t)d->n_memory);
    gated_remember(net, w, row, step->x, u);
    memcpy(row->u, u + d->n_regular, sizeof(float) * (size_t)d->n_memory);
  }
  for (int i = 0; i <= d->n_in; i++) {
    if (step->x[i] != 0.0f) {
      net->kernel->axpy(net->h_pad, step->x[i], w + (size_t)i * (size_t)net->h_pad, u);
    }
  }
}

/* The share of substeps with a spike. */
static float gated_share(const hd__gated_net *net, hd__key key, int j, float p) {
  const int T = net->def.substeps;
  int n = 0;
  for (int t = 0; t < T; t++) {
    n += hd__uniform24(key, (uint32_t)(t * net->n_hidden + j)) < p;
  }
  return T > 0 ? (float)n / (float)T : p;
}

void hd__gated_forward(const hd__gated_net *net, const float *w, const hd__gated_row *row,
                       hd__key key, const hd__gated_step *step) {
  step->x[net->def.n_in] = 1.0f;
  gated_drive(net, w, row, step);
  for (int j = 0; j < net->n_hidden; j++) {
    step->p[j] = hd__sigmoidf(step->p[j]);
    step->y[j] = gated_share(net, key, j, step->p[j]);
  }
  step->y[net->n_hidden] = 1.0f;
  for (int a = 0; a < net->def.n_actions; a++) {
    step->q[a] =
        net->kernel->dot(net->h_pad, w + net->at_out + (size_t)a * (size_t)net->h_pad, step->y);
  }
}

/* ---- learning ---- */

/* What the chosen action's feedback lets through: p (1 - p) W_s, in g [h_pad]. */
static void gated_gate(const hd__gated_net *net, const hd__gated_step *step, int s, float *g) {
  const float *w = net->w + net->at_out + (size_t)s * (size_t)net->h_pad;
  for (int j = 0; j < net->n_hidden; j++) {
    g[j] = step->p[j] * (1.0f - step->p[j]) * w[j];
  }
}

/* tag_ij += x_i g_j for the units from `first` on, n of them. */
static void gated_tag_rows(const hd__gated_net *net, float *tag, int n_rows, const float *x,
                           const float *g, int first, int n) {
  for (int i = 0; i < n_rows; i++, tag += net->h_pad) {
    for (int j = first; x[i] != 0.0f && j < first + n; j++) {
      tag[j] += x[i] * g[j];
    }
  }
}

void hd__gated_tag(const hd__gated_net *net, const hd__gated_row *row, const hd__gated_step *step,
                   int s, float keep) {
  const hd__gated_def *d = &net->def;
  net->kernel->scale((int)net->n_weights, keep, row->tag);
  net->kernel->axpy(net->h_pad, 1.0f, step->y,
                    row->tag + net->at_out + (size_t)s * (size_t)net->h_pad);
  float *g = step->p; /* the probabilities are not asked for again */
  gated_gate(net, step, s, g);
  gated_tag_rows(net, row->tag, d->n_in + 1, step->x, g, 0, d->n_regular);
  gated_tag_rows(net, row->tag + net->at_memory, d->n_memory > 0 ? 2 * d->n_in : 0, row->sum, g,
                 d->n_regular, d->n_memory);
}

void hd__gated_learn(hd__gated_net *net, const hd__gated_row *row, float a, bool learns_hidden) {
  const size_t from = learns_hidden ? 0 : net->at_out;
  net->kernel->axpy((int)(net->n_weights - from), a, row->tag + from, net->w + from);
}
