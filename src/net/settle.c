#include "settle_internal.h"

#include <string.h>

#include "normal.h"
#include "rule_rows.h"

/* ---- definition ---- */

hd_status hd__settle_check(hd_ctx *ctx, const hd__net_def *def) {
  const struct {
    bool holds;
    const char *needs;
  } row[] = {
      {def->rule->factor == hd__rule_pgcn.factor && !(def->rule->needs & HD_RULE_GATE),
       "replaces spikes in the score of rule = pgcn; use that rule"},
      {def->neuron->own == NULL && def->neuron->stochastic && def->neuron->n_state == 0,
       "needs neurons that draw their spikes and have no memory; use neuron = bernoulli or ising"},
      {def->substeps == 1 && def->self_taps == 0 && def->n_basis == 0,
       "looks at one spike of a neuron for each decision; use substeps = 1, self_taps = 0 and "
       "basis = free"},
      {!hd__net_is_general(def) && !def->releases,
       "looks at one decision at a time, of neurons; use recurrent = false, carry = false, "
       "delay = 0 and release = false"},
      {def->nets == 1 && !def->is_modular && !def->drive_last,
       "needs one network for all actions; use nets = 1, blocks = shared and drive = sum"},
      {def->n_hidden > 0, "replaces spikes of hidden neurons, and there are none; use hidden = 64"},
      {def->readout < HD_READ_MEMBRANE_LAST,
       "knows how a softmax and how spikes of action neurons choose, not membranes; use readout = "
       "softmax or count"},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    if (!row[i].holds) {
      return hd__fail(ctx, HD_CONFLICT, "settle = %s %s",
                      def->settle == HD_SETTLE_GIBBS ? "gibbs" : "mean-field", row[i].needs);
    }
  }
  return HD_OK;
}

static size_t settle_size(const hd__net *net, int k) {
  return (size_t)net->layer[k - 1].n * (size_t)hd__settle_lanes(net, k);
}

/* Each redrawing of a layer gives the part above it features and factors of its own. */
void hd__settle_compile(hd__net *net) {
  for (int k = 1; net->def.settle == HD_SETTLE_GIBBS && k < net->n_parts; k++) {
    (hd__settle_is_softmax(net, k) ? &net->linear : &net->layer[k].in)->n_kept =
        net->def.settle_rounds;
  }
}

/* ---- memory ---- */

static void settle_lay_out_feedback(hd__net *net, hd__arena *arena) {
  hd__settling *self = &net->settling;
  size_t n = 0;
  for (int k = 1; k < net->n_parts; k++) {
    n += settle_size(net, k);
  }
  const bool is_own = net->def.feedback != HD_FEEDBACK_SYMMETRIC;
  float *all = is_own ? hd__arena_field(arena, "actor.feedback", "F32", 1, (int64_t)n) : NULL;
  for (int k = 1; k < net->n_parts; k++) {
    self->feedback[k] = is_own ? all : self->effect[k];
    all = all == NULL ? NULL : all + settle_size(net, k);
  }
}

static void settle_lay_out_votes(hd__net *net, hd__arena *arena) {
  hd__settling *self = &net->settling;
  const int top = net->def.n_hidden, n = net->n_alternatives;
  if (!hd__settle_is_votes(net, top)) {
    return;
  }
  const int numbers = HD_PAD(net->def.action_neurons + 1);
  self->fires = HD_TAKE(arena, float, net->layer[top].n_pad);
  self->chance = HD_TAKE(arena, float, n *numbers);
  self->win = HD_TAKE(arena, float, numbers);
  self->below = HD_TAKE(arena, float, numbers);
  self->way = HD_TAKE(arena, float, n *numbers);
}

void hd__settle_lay_out(hd__net *net, hd__arena *arena) {
  hd__settling *self = &net->settling;
  int most = 0;
  for (int k = 0; k < net->n_parts; k++) {
    const int lanes = hd__settle_lanes(net, k);
    self->logit[k] = HD_TAKE(arena, float, lanes);
    self->base[k] = HD_TAKE(arena, float, lanes);
    self->effect[k] = k > 0 ? HD_TAKE(arena, float, settle_size(net, k)) : NULL;
    self->state[k] = HD_TAKE(arena, float, lanes);
    self->p[k] = HD_TAKE(arena, float, lanes);
    most = lanes > most ? lanes : most;
  }
  self->q = HD_TAKE(arena, float, most);
  self->other = HD_TAKE(arena, float, most);
  self->error = HD_TAKE(arena, float, most);
  settle_lay_out_votes(net, arena);
  settle_lay_out_feedback(net, arena);
}

void hd__settle_start(hd__net *net, uint64_t seed) {
  const hd__settling *self = &net->settling;
  for (int k = 1; net->def.feedback != HD_FEEDBACK_SYMMETRIC && k < net->n_parts; k++) {
    const int n = net->layer[k - 1].n, lanes = hd__settle_lanes(net, k);
    const hd__key key = hd__key_make(seed, HD_STREAM_INIT, (uint64_t)(net->n_parts + k), 0);
    const float scale = 1.0f / hd__sqrtf((float)n);
    for (int i = 0; i < n * lanes; i++) {
      self->feedback[k][i] =
          i % lanes < hd__settle_targets(net, k) ? scale * hd__normalf(key, (uint32_t)i) : 0.0f;
    }
  }
}

/* ---- one row ---- */

/* What the row's neurons and its softmax did, and the probabilities of the first layer's spikes,
 * which depend on the input alone. */
static void settle_load(hd__net *net, int row, const int *action) {
  const hd__settling *self = &net->settling;
  for (int l = 0; l < net->n_layers; l++) {
    const size_t n = (size_t)net->layer[l].n_pad, at = (size_t)row * n;
    memcpy(self->state[l], net->layer[l].b + at, sizeof(float) * n);
    memcpy(self->p[l], hd__layer_p(net, &net->layer[l], 0) + at, sizeof(float) * n);
  }
  if (net->has_linear) {
    float *chosen = self->state[net->n_layers];
    memset(chosen, 0, sizeof(float) * (size_t)HD_PAD(net->def.n_actions));
    for (int k = 0; k < net->def.n_choices; k++) {
      chosen[k * net->n_alternatives + action[k]] = 1.0f;
    }
  }
}

/* ---- all rows ---- */

void hd__settle_factors(hd__net *net, hd__decision *decision) {
  for (int k = 0; k < net->n_parts; k++) {
    const size_t n =
        (size_t)(hd__settle_wiring(net, k)->n_kept * net->rows * hd__settle_lanes(net, k));
    memset(decision->part[k].g, 0, sizeof(float) * n);
    decision->part[k].has_few = false; /* bits of what was drawn at first */
    if (k > 0) {
      hd__settle_read_weights(net, k);
    }
  }
  for (int row = 0; row < net->rows; row++) {
    settle_load(net, row, decision->action + row * net->def.n_choices);
    (net->def.settle == HD_SETTLE_GIBBS ? hd__settle_gibbs : hd__settle_mean_field)(net, row,
                                                                                    decision);
  }
}
