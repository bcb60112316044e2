/* What happened in a batch of decisions -> postsynaptic factors of every part, by the rule. */
#include <string.h>

#include "is_finite.h"
#include "net.h"
#include "rule_rows.h"
#include "settle.h"

/* ---- back from the readout ---- */

/* Score of the softmax: d log pi(action) / d logit, pi the product of what each choice had. */
static void factors_linear_factors(const hd__net *net, const int *action, float *g) {
  const int A = net->def.n_actions, stride = HD_PAD(A), n = net->n_alternatives;
  memset(g, 0, sizeof(float) * (size_t)(net->rows * stride));
  for (int row = 0; row < net->rows; row++, g += stride) {
    const float *pi = net->pi + row * stride;
    for (int at = 0; at < A; at += n, action++) {
      for (int a = 0; a < n; a++) {
        g[at + a] = ((a == *action ? 1.0f : 0.0f) - pi[at + a]) / net->def.temperature;
      }
    }
  }
}

/* d log pi / d y of the layer under a readout that weighs substeps alike for all actions. */
static void factors_back_from_linear(const hd__net *net, const float *g, hd__layer *layer) {
  const hd__wiring *w = &net->linear;
  const int stride = w->x_stride, A = net->def.n_actions;
  const int end = layer->is_once ? layer->onset + 1 : net->def.substeps;
  net->kernel->rows_drive(net->rows, A, stride, net->weights + w->at, g, HD_PAD(A), net->back);
  for (int t = layer->onset; t < end; t++) {
    float *back = layer->back + hd__at(net, layer, t);
    for (int row = 0; row < net->rows; row++) {
      for (int i = 0; i < w->n_source; i++) {
        back[row * layer->n_pad + i] = net->share[t] * net->back[row * stride + i];
      }
    }
  }
}

/* The same where every action has substeps of its own. */
static void factors_back_from_max(const hd__net *net, const float *g, hd__layer *layer) {
  const hd__wiring *w = &net->linear;
  const int T = net->def.substeps, A = net->def.n_actions;
  for (int t = layer->onset; t < T; t++) {
    float *back = layer->back + hd__at(net, layer, t);
    memset(back, 0, sizeof(float) * hd__at(net, layer, 1));
    for (int row = 0; row < net->rows; row++, back += layer->n_pad) {
      for (int a = 0; a < A; a++) {
        const float *weight = net->weights + w->at + (size_t)a * (size_t)w->x_stride;
        const float scale = g[row * HD_PAD(A) + a] * net->share_max[(row * A + a) * T + t];
        for (int i = 0; i < w->n_source; i++) {
          back[i] += scale * weight[i];
        }
      }
    }
  }
}

/* ---- back through a layer ---- */

/* Features of one slice lead back to the sources and substeps they came from. */
static void factors_scatter_back(const hd__net *net, const hd__wiring *w, const float *x_back,
                                 int row, int t, hd__layer *below) {
  const int K = net->def.taps, windows = net->def.n_basis > 0 ? net->def.n_basis : K;
  for (int k = 0; k < w->n_block; k++) {
    const float *from = x_back + (size_t)k * (size_t)w->x_stride;
    for (int m = 0; m < K; m++) {
      float *back = below->back + hd__at(net, below, t - m) +
                    (size_t)(row * below->n_pad + k * below->block_stride);
      for (int f = 0; f < windows; f++) {
        const float share = net->def.n_basis > 0 ? net->basis[f * K + m] : (f == m ? 1.0f : 0.0f);
        if (share != 0.0f) {
          for (int i = 0; i < w->n_source; i++) {
            back[i] += share * from[f * w->n_source + i];
          }
        }
      }
    }
  }
}

/* Through the weights into the layer below, over all substeps. */
static void factors_back_through(const hd__net *net, const hd__layer *layer, const float *g,
                                 hd__layer *below) {
  const hd__wiring *w = &layer->in;
  const float *W = net->weights + w->at;
  const size_t x_size = (size_t)(w->n_block * w->x_stride);
  memset(below->back, 0, sizeof(float) * hd__at(net, below, net->def.substeps));
  for (int t = layer->onset; t < net->def.substeps; t++) {
    for (int row = 0; row < net->rows; row++, g += layer->n_pad) {
      float *x_back = net->features;
      memset(x_back, 0, sizeof(float) * x_size);
      if (w->is_rows) {
        net->kernel->rows_back(w->n_x, layer->n_pad, W, g, x_back);
      }
      for (int k = 0; !w->is_rows && k < w->n_block; k++) {
        net->kernel->cols_back(
            w->n_post, w->x_stride, W + (size_t)(k * w->n_post) * (size_t)w->x_stride,
            g + k * layer->block_stride, x_back + (size_t)k * (size_t)w->x_stride);
      }
      factors_scatter_back(net, w, x_back, row, t, below);
    }
  }
}

/* ---- gates ---- */

/* Did this output neuron fire in the decision of this row? */
static bool factors_fired(const hd__net *net, const hd__layer *out, int row, int lane) {
  for (int t = out->onset; t < net->def.substeps; t++) {
    if (out->b[hd__at(net, out, t) + (size_t)(row * out->n_pad + lane)] > 0.0f) {
      return true;
    }
  }
  return false;
}

/* A block's sign reaches its hidden layers: at once where their factors are made already, as gates
 * that the rule will ask for elsewhere. */
static void factors_pass_sign(hd__net *net, hd__decision *decision, int row, int block,
                              float sign) {
  for (int l = 0; l < net->n_layers - 1; l++) {
    hd__layer *layer = &net->layer[l];
    const size_t at = (size_t)(row * layer->n_pad + block * layer->block_stride);
    if (layer->is_agents) {
      if (sign < 0.0f) {
        net->kernel->scale(layer->block_stride, -1.0f, decision->part[l].g + at);
      }
      continue;
    }
    for (int i = 0; i < layer->per_block; i++) {
      layer->gate[at + (size_t)i] = sign;
    }
  }
}

/* +1 where an output neuron spoke for the action taken or kept silent about another, else -1. A
 * private block takes the sign of its first output neuron; in a shared one the hidden layers take
 * that of the taken action's. */
static void factors_set_gates(hd__net *net, hd__decision *decision, int row) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  const bool is_asym = net->def.rule->needs & HD_RULE_GATE_TAKEN;
  const int action = decision->action[row];
  for (int block = 0; block < out->n_block; block++) {
    float of_block = 1.0f;
    for (int k = 0; k < out->per_block; k++) {
      const int lane = block * out->block_stride + k;
      const int a = net->action_of[lane];
      const bool agrees =
          (is_asym && a == action) || factors_fired(net, out, row, lane) == (a == action);
      out->gate[row * out->n_pad + lane] = agrees ? 1.0f : -1.0f;
      if (net->def.is_modular ? k == 0 : k == action * net->def.action_neurons) {
        of_block = out->gate[row * out->n_pad + lane];
      }
    }
    factors_pass_sign(net, decision, row, block, of_block);
  }
}

/* ---- the rule ---- */

/* What a registered rule wrote into lanes that are not neurons means nothing; what it wrote into
 * the others must be finite. */
static void factors_check_own(hd__net *net, const hd__layer *layer, size_t n) {
  for (size_t i = 0; i < n; i++) {
    layer->drive[i] = layer->live[i] > 0.0f ? layer->drive[i] : 0.0f;
  }
  net->is_broken = net->is_broken || !hd__is_finite(layer->drive, n);
}

/* The rule's factors; those through relaxed spikes have a loop of their own among the kernels. */
static void factors_of_rule(const hd__net *net, const hd_rule_io *io) {
  const hd_rule_desc *rule = net->def.rule;
  if (rule->factor == hd__rule_reparam_st.factor && io->stochastic) {
    net->kernel->relaxed_factor(io->n, io->span, io->tau, io->back, io->p, io->noise, io->gain,
                                io->g);
  } else {
    rule->factor(rule, io);
  }
}

/* Ask the rule about one substep, or about the mean of all: g = scale * factor, 0 in padding lanes.
 * The score has a loop of its own, too. */
static void factors_ask_rule(hd__net *net, const hd__layer *layer, const hd__policy *policy, int t,
                             const float *b, float scale, float *g) {
  const hd_rule_desc *rule = net->def.rule;
  const size_t at = hd__at(net, layer, t);
  const int n = (int)hd__at(net, layer, 1);
  const float *p = hd__layer_p(net, layer, t), *gain = hd__layer_gain(net, layer, t);
  if (rule->factor == hd__rule_pgcn.factor) {
    net->kernel->score(n, scale, layer->live, layer->gate, b, p, gain, g);
    return;
  }
  const hd_rule_io io = {.n = n,
                         .stochastic = net->def.neuron->stochastic,
                         .span = 1.0f - net->def.neuron->silence,
                         .tau = policy->tau,
                         .b = b,
                         .p = p,
                         .noise = layer->noise + at,
                         .perturbation = net->def.perturbation,
                         .gain = gain,
                         .back = rule->needs & HD_RULE_BACK ? layer->back + at : NULL,
                         .gate = layer->gate,
                         .g = layer->drive};
  factors_of_rule(net, &io);
  if (net->is_own_rule) {
    factors_check_own(net, layer, (size_t)n);
  }
  net->kernel->masked(n, scale, layer->live, layer->drive, g);
}

/* Is the neuron in this lane of the batch free of a refractory period at substep t? */
static bool factors_is_open(const hd__net *net, const hd__layer *layer, size_t lane, int t) {
  for (int k = 1; k <= net->memory.ref_steps && t - k >= layer->onset; k++) {
    if (layer->b[hd__at(net, layer, t - k) + lane] > 0.0f) {
      return false;
    }
  }
  return true;
}

/* From what the potential at substep t is worth to what the drive is: it acts at t, and later
 * through what the membrane keeps of it,
 *   later(t) = g(t) + keep later(t+1), without the second term if a spike at t wiped it out.
 * Summed over substeps this is the factor times the membrane-filtered input (Pfister et al. 2006;
 * Bellec et al. 2020), with resets and refractory periods exactly as they happened. */
static void factors_through_membrane(const hd__net *net, hd__layer *layer, int t, float *g) {
  const hd__memory memory = net->memory;
  const float *b = layer->b + hd__at(net, layer, t);
  for (size_t j = 0; j < hd__at(net, layer, 1); j++) {
    const float keep = factors_is_open(net, layer, j, t + 1) ? memory.keep : 1.0f;
    const bool is_wiped = memory.is_reset && b[j] > 0.0f;
    layer->later[j] = g[j] + (is_wiped ? 0.0f : keep * layer->later[j]);
    g[j] = factors_is_open(net, layer, j, t) ? layer->later[j] : 0.0f;
  }
}

/* From what the synaptic current at substep t is worth to the potential to what the drive is, which
 * feeds that current and what is left of it later. */
static void factors_through_current(const hd__net *net, hd__layer *layer, float *g) {
  for (size_t j = 0; j < hd__at(net, layer, 1); j++) {
    layer->later_current[j] = g[j] + net->memory.current * layer->later_current[j];
    g[j] = layer->later_current[j];
  }
}

/* Through the threshold into the spikes that raised it: with g the factor of the potential itself,
 *   tired(t-1) = fade tired(t) - tire g(t)
 * is what the spike at t-1 is worth by the adaptation it leaves.
 * Source: Bellec et al. 2020. */
static void factors_back_through_adaptation(const hd__net *net, hd__layer *layer, int t,
                                            const float *g) {
  float *back = layer->back + hd__at(net, layer, t - 1);
  for (size_t j = 0; j < hd__at(net, layer, 1); j++) {
    layer->later_tired[j] = net->memory.fade * layer->later_tired[j] - net->memory.tire * g[j];
    back[j] += layer->later_tired[j];
  }
}

/* Through the weights on own spikes into earlier substeps of the same layer. */
static void factors_back_through_self(const hd__net *net, hd__layer *layer, int t, const float *g) {
  for (int m = 0; m < net->def.self_taps && t - 1 - m >= layer->onset; m++) {
    const float *weight = net->weights + layer->self_at + (size_t)(m * layer->n_pad);
    float *back = layer->back + hd__at(net, layer, t - 1 - m);
    for (int row = 0; row < net->rows; row++) {
      for (int j = 0; j < layer->n_pad; j++) {
        back[row * layer->n_pad + j] += weight[j] * g[row * layer->n_pad + j];
      }
    }
  }
}

static void factors_forget_later(const hd__net *net, hd__layer *layer) {
  const size_t size = sizeof(float) * hd__at(net, layer, 1);
  memset(layer->later, 0, size);
  if (layer->later_current != NULL) {
    memset(layer->later_current, 0, size);
  }
  if (layer->later_tired != NULL) {
    memset(layer->later_tired, 0, size);
  }
}

/* Factors of one layer at every substep, the last first; of constant features only their sum is
 * kept. */
static void factors_layer_factors(hd__net *net, hd__layer *layer, const hd__policy *policy,
                                  hd__part *part) {
  const size_t n = hd__at(net, layer, 1);
  const int onset = layer->onset, T = net->def.substeps;
  if (layer->is_agents || layer->in.is_releasing) {
    return; /* made with the decisions */
  }
  if (layer->is_once) {
    factors_ask_rule(net, layer, policy, onset, layer->mean, (float)(T - onset), part->g);
    return;
  }
  const bool is_constant = layer->in.is_constant;
  if (is_constant) {
    memset(part->g, 0, sizeof(float) * n);
  }
  const bool is_back = net->def.rule->needs & HD_RULE_BACK;
  factors_forget_later(net, layer);
  for (int t = T - 1; t >= onset; t--) {
    float *g = is_constant ? layer->mean : part->g + (size_t)(t - onset) * n;
    factors_ask_rule(net, layer, policy, t, layer->b + hd__at(net, layer, t), 1.0f, g);
    if (is_back && net->memory.tire > 0.0f && t > onset) {
      factors_back_through_adaptation(net, layer, t, g);
    }
    if (net->memory.keep > 0.0f && !hd__is_perturbed(net)) {
      factors_through_membrane(net, layer, t, g);
    }
    if (net->memory.current > 0.0f && !hd__is_perturbed(net)) {
      factors_through_current(net, layer, g);
    }
    if (is_back) {
      factors_back_through_self(net, layer, t, g);
    }
    if (is_constant) {
      net->kernel->axpy((int)n, 1.0f, g, part->g);
    }
  }
}

/* Did a registered neuron model write nothing but numbers in the decisions just made? */
static bool factors_neurons_are_finite(const hd__net *net) {
  bool is_finite = true;
  for (int l = 0; net->def.neuron->own != NULL && l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    const size_t at = hd__at(net, layer, layer->onset);
    const size_t n = hd__at(net, layer, net->def.substeps) - at;
    is_finite = is_finite && hd__is_finite(layer->p + at, n) && hd__is_finite(layer->gain + at, n);
  }
  return is_finite;
}

hd_status hd__net_check_decided(hd_ctx *ctx, const hd__net *net) {
  if (!factors_neurons_are_finite(net)) {
    return hd__fail(ctx, HD_NUMERIC, "neuron %s wrote a probability or a gain that is not finite",
                    net->def.neuron->name);
  }
  if (net->is_broken) {
    return hd__fail(ctx, HD_NUMERIC, "rule %s wrote a factor or an eligibility that is not finite",
                    net->def.rule->name);
  }
  return hd__code_check_written(ctx, &net->def.code);
}

void hd__net_factors(hd__net *net, const hd__policy *policy, hd__decision *decision) {
  const bool needs_back = net->def.rule->needs & HD_RULE_BACK;
  if (net->def.settle != HD_SETTLE_NONE) {
    hd__settle_factors(net, decision);
    return;
  }
  for (int row = 0; (net->def.rule->needs & HD_RULE_GATE) && row < net->rows; row++) {
    factors_set_gates(net, decision, row);
  }
  if (net->has_linear) {
    float *g = decision->part[net->n_layers].g;
    factors_linear_factors(net, decision->action, g);
    if (!net->is_general && needs_back && net->n_layers > 0) {
      (net->def.readout == HD_READ_MEMBRANE_MAX ? factors_back_from_max : factors_back_from_linear)(
          net, g, &net->layer[net->n_layers - 1]);
    }
  }
  if (net->is_general) {
    hd__general_factors(net, decision);
    return;
  }
  for (int l = net->n_layers - 1; l >= 0; l--) {
    factors_layer_factors(net, &net->layer[l], policy, &decision->part[l]);
    if (needs_back && l > 0) {
      factors_back_through(net, &net->layer[l], decision->part[l].g, &net->layer[l - 1]);
    }
  }
}
