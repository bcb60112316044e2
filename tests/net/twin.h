/* A network's twin in double precision, for tests: it reads the network's weights, replays what the
 * network did (its spikes, its draws, its action), and gives the logarithm of a probability as a
 * function of the weights. Central differences of that are what the network's factors must be.
 *
 * The twin is written from the models' equations, without the network's tricks: no padding, no
 * kept sums, no backward pass. */
#ifndef HD_TWIN_H
#define HD_TWIN_H

#include <stdlib.h>

#include "arena.h"
#include "context_internal.h"
#include "cosine_basis.h"
#include "net.h"
#include "test.h"

/* ---- a network to test ---- */

enum { CASE_OBS = 2, CASE_ACTIONS_MAX = 4, CASE_BATCH = 3 };

typedef struct net_case {
  const char *coding, *neuron, *rule;
  const char *set[3]; /* names of the neuron's parameters, and their values */
  float value[3];
  int substeps, taps, self_taps, n_basis;
  int n_hidden, hidden[HD_MAX_HIDDEN];
  int nets;
  bool is_modular, no_bias, is_boolean;
  hd__readout readout;
  int n_actions, action_neurons;
  float temperature, membrane_tau;
  bool is_finite; /* an observation of numbered states instead of real numbers */
  bool is_recurrent, is_carried;
  int delay;
  float rule_param[2];
  hd__settle_mode settle;
  int settle_rounds;
  bool settle_votes;
  hd__feedback feedback;
  int n_choices; /* 0: one */
} net_case;

static const hd_dim case_real[CASE_OBS] = {{.name = "a", .unit = "", .low = -1, .high = 1},
                                           {.name = "b", .unit = "", .low = -1, .high = 1}};
static const hd_dim case_finite[1] = {{.name = "state", .unit = "", .count = 5}};
static const hd_dim case_action[1] = {{.name = "action", .unit = "", .count = 2}};
static const hd_env_desc case_env = {
    .name = "case", .obs = case_real, .n_obs = CASE_OBS, .act = case_action, .n_act = 1};
static const hd_env_desc case_finite_env = {
    .name = "case", .obs = case_finite, .n_obs = 1, .act = case_action, .n_act = 1};

typedef struct subject {
  hd_ctx *ctx;
  hd__arena arena;
  hd__net net;
  hd__decision decision;
  float *E;
  hd__kernel forced; /* the network's kernels, draws taken from force[] */
} subject;

/* Draws in the order of hd__layer.noise_at, read by the forced kernel. */
enum { FORCE_MAX = 4096 };
static float force[FORCE_MAX];

static void forced_noise(int n, hd__key key, uint32_t first, float *out) {
  (void)key;
  for (int i = 0; i < n; i++) {
    out[i] = force[first + (uint32_t)i];
  }
}

static void forced_spikes(int B, int n, int T, const hd__key *key, uint32_t first, const float *p,
                          float *b, float *mean) {
  (void)key;
  for (int i = 0; i < B * n; i++) {
    float count = 0;
    for (int t = 0; t < T; t++) {
      const float fired = force[first + (uint32_t)(t * n + i % n)] < p[i];
      count += fired;
      if (b != NULL) {
        b[t * B * n + i] = fired;
      }
    }
    if (mean != NULL) {
      mean[i] = count / (float)T;
    }
  }
}

static inline int or_one(int n) { return n > 0 ? n : 1; }

static inline hd__net_def case_def(hd_ctx *ctx, const net_case *c) {
  hd__net_def def = {.neuron = hd__neuron_find(NULL, c->neuron),
                     .dt_ms = 1.0f,
                     .substeps = or_one(c->substeps),
                     .taps = or_one(c->taps),
                     .self_taps = c->self_taps,
                     .n_basis = c->n_basis,
                     .batch = CASE_BATCH,
                     .n_hidden = c->n_hidden,
                     .nets = or_one(c->nets),
                     .is_modular = c->is_modular,
                     .is_boolean = c->is_boolean,
                     .is_recurrent = c->is_recurrent,
                     .is_carried = c->is_carried,
                     .delay = c->delay,
                     .settle = c->settle,
                     .settle_rounds = or_one(c->settle_rounds),
                     .settle_votes = c->settle_votes,
                     .feedback = c->feedback,
                     .n_choices = c->n_choices,
                     .has_bias = !c->no_bias,
                     .readout = c->readout,
                     .n_actions = or_one(c->n_actions),
                     .action_neurons = or_one(c->action_neurons),
                     .membrane_tau = c->membrane_tau > 0 ? c->membrane_tau : 2.0f,
                     .temperature = c->temperature > 0 ? c->temperature : 1.0f};
  memcpy(def.hidden, c->hidden, sizeof def.hidden);
  if (hd_rule_find(ctx, c->rule, &def.rule) != HD_OK) {
    exit(2);
  }
  for (int i = 0; i < def.rule->n_params; i++) {
    def.rule_param[i] = i < 2 ? c->rule_param[i] : def.rule->param[i].fallback;
  }
  for (int i = 0; i < def.neuron->n_params; i++) {
    def.neuron_param[i] = def.neuron->param[i].fallback;
    for (int k = 0; k < 3; k++) {
      if (c->set[k] != NULL && strcmp(c->set[k], def.neuron->param[i].name) == 0) {
        def.neuron_param[i] = c->value[k];
      }
    }
  }
  const hd__code_def code = {.env = c->is_finite ? &case_finite_env : &case_env,
                             .substeps = def.substeps,
                             .dt_ms = 1.0f,
                             .bins = 3,
                             .order = 2,
                             .tilings = 2,
                             .tile_bins = {2},
                             .cells = 16,
                             .range = 1.0f,
                             .gain = 1.0f};
  def.code = hd__code_make(hd__code_find(ctx, c->coding), &code, NULL);
  if (def.code.desc->measure(ctx, &def.code) != HD_OK) {
    exit(2);
  }
  return def;
}

static inline void subject_lay_out(subject *s) {
  hd__net_lay_out(&s->net, &s->arena);
  hd__net_lay_out_decisions(&s->net, &s->arena, 1, CASE_BATCH, &s->decision);
  s->E = HD_TAKE(&s->arena, float, s->net.n_weights);
}

/* Which of the flat weights are real, not padding. */
static inline bool *real_weights(const hd__net *net) {
  bool *real = calloc(net->n_weights, sizeof *real);
  for (int k = 0; k < net->n_parts; k++) {
    const bool is_layer = k < net->n_layers;
    const hd__layer *layer = &net->layer[k];
    const hd__wiring *w = is_layer ? &layer->in : &net->linear;
    const int n =
        w->is_rows ? (is_layer ? layer->n_pad : net->def.n_actions) : w->n_block * w->n_post;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < w->n_x; i++) {
        const size_t at = w->is_rows ? (size_t)(i * w->n_post + j) : (size_t)(j * w->x_stride + i);
        real[w->at + at] = !(w->is_rows && is_layer) || layer->live[j] > 0;
      }
    }
    for (size_t i = 0; is_layer && i < layer->self_n; i++) {
      real[layer->self_at + i] = layer->live[i % (size_t)layer->n_pad] > 0;
    }
  }
  return real;
}

/* Build the network with weights drawn by the seed, of deviation `scale`. */
static inline void subject_open(subject *s, hd_ctx *ctx, const net_case *c, uint64_t seed,
                                float scale) {
  memset(s, 0, sizeof *s);
  s->ctx = ctx;
  const hd__net_def def = case_def(ctx, c);
  if (hd__net_compile(ctx, &def, &s->net) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    exit(2);
  }
  subject_lay_out(s);
  if (hd__arena_commit(ctx, &s->arena) != HD_OK) {
    exit(2);
  }
  subject_lay_out(s);
  hd__net_start(&s->net, &(hd__net_init){.scale = 0}, seed);
  bool *real = real_weights(&s->net);
  const hd__key key = hd__key_make(seed, HD_STREAM_INIT, 99, 0);
  for (size_t i = 0; i < s->net.n_weights; i++) {
    s->net.weights[i] = real[i] ? 2.0f * scale * (hd__uniform24(key, (uint32_t)i) - 0.5f) : 0.0f;
  }
  free(real);
}

static inline void subject_force(subject *s) {
  s->forced = *s->net.kernel;
  s->forced.noise = forced_noise;
  s->forced.spikes_batch = forced_spikes;
  s->net.kernel = &s->forced;
  for (int l = 0; l < s->net.n_layers; l++) {
    s->net.layer[l].is_agents = false; /* which draws by itself */
  }
}

static inline void subject_close(subject *s) { hd__arena_free(s->ctx, &s->arena); }

static inline hd_ctx *case_ctx(void) {
  hd_ctx *ctx;
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    exit(2);
  }
  return ctx;
}

/* E = the decision's eligibility as the network finds it. */
static inline void subject_eligibility(subject *s, const hd__policy *policy) {
  hd__net_factors(&s->net, policy, &s->decision);
  memset(s->E, 0, sizeof(float) * s->net.n_weights);
  hd__net_add(&s->net, &s->decision, 1, (float[]){1}, (hd__weighing){.hidden = 1, .readout = 1},
              s->E);
}

/* ---- the twin ---- */

/* How a spike's value depends on the weights while they are varied.
 *   SPIKE    not at all: it is what it was (decisions of agents)
 *   RELAXED  as the relaxed spike under the draw that was made
 *   MEAN, RELAXED_SLOPE, SURROGATE  what it was, plus the change of its mean, of its relaxed value
 *            or of the surrogate sigma(slope (v - v_th)): what straight-through estimators do */
typedef enum twin_mode { SPIKE, RELAXED, MEAN, RELAXED_SLOPE, SURROGATE } twin_mode;

enum { TWIN_T = 16, TWIN_N = 128, TWIN_X = 256 };

typedef struct twin {
  const hd__net *net;
  const hd__decision *decision;
  twin_mode mode;
  double tau;
  double *w;
  double smooth[HD_MAX_PARTS][TWIN_T][TWIN_N]; /* at the weights as they were */
  bool has_smooth;
  double p_gap; /* largest difference between the network's p and the twin's */
} twin;

static inline double param_of(const hd__net *net, const char *name) {
  for (int i = 0; i < net->def.neuron->n_params; i++) {
    if (strcmp(net->def.neuron->param[i].name, name) == 0) {
      return (double)net->def.neuron_param[i];
    }
  }
  return 0.0;
}

static inline bool is_neuron(const hd__net *net, const char *name) {
  return strcmp(net->def.neuron->name, name) == 0;
}

/* Synaptic current, potential, adaptation; a model without one of them has no time constant of that
 * name, and exp(-dt/0) = 0. */
typedef struct cell {
  double c, v, a;
  int closed;
} cell;

typedef struct chance {
  double logit, p; /* of a spike; a deterministic neuron has none */
  double surrogate;
} chance;

static inline double keep_of(const hd__net *net, const char *tau) {
  return exp(-1 / param_of(net, tau));
}

/* One substep of one neuron that then does b. */
static inline chance cell_step(const hd__net *net, cell *c, double u, bool b) {
  if (param_of(net, "beta") > 0) {
    const double logit = param_of(net, "beta") * u;
    return (chance){.logit = logit, .p = 1 / (1 + exp(-logit))};
  }
  const bool is_escape = is_neuron(net, "lif-escape"), is_perfect = is_neuron(net, "if");
  const double rest = param_of(net, "v_rest"), v_reset = param_of(net, "v_reset");
  const double decay = is_perfect ? 1 : keep_of(net, "tau_m");
  const double scale = is_perfect ? 1 : param_of(net, "r_m") * (1 - decay);
  const double v_th = param_of(net, is_escape ? "theta" : "v_th");
  const double threshold = v_th + param_of(net, "adapt") * c->a;
  const bool is_open = c->closed == 0;
  c->c = keep_of(net, "tau_syn") * c->c + u;
  if (is_open) {
    c->v = rest + decay * (c->v - rest) + scale * c->c;
  } else {
    c->closed--;
  }
  chance out = {0};
  if (is_escape && is_open) {
    const double h = param_of(net, "rho0") * exp((c->v - threshold) / param_of(net, "delta"));
    out.p = -expm1(-h);
    out.logit = log(expm1(h));
  } else if (!is_escape && is_open) {
    out.surrogate = 1 / (1 + exp(-param_of(net, "slope") * (c->v - threshold)));
  }
  if (b) {
    c->v = param_of(net, "reset") > 0.5 ? c->v - (v_th - v_reset) : v_reset;
    c->closed = (int)lround(param_of(net, "t_ref"));
  }
  c->a = keep_of(net, "tau_a") * c->a + (b ? 1 : 0);
  return out;
}

/* Value of source i of a layer's block at a substep. */
typedef struct field {
  double y[TWIN_T][TWIN_N];
} field;

static inline double weight_of(const twin *w, const hd__wiring *wiring, int block, int target,
                               int lane, int feature) {
  return w->w[wiring->at +
              (wiring->is_rows
                   ? (size_t)(feature * wiring->n_post + lane)
                   : (size_t)((block * wiring->n_post + target) * wiring->x_stride + feature))];
}

/* Drive of a neuron by the lines that are on, or by windows over the sources. */
static inline double drive_of(const twin *w, int l, const field *below, int block, int target,
                              int lane, int t) {
  const hd__net *net = w->net;
  const hd__wiring *in = &net->layer[l].in;
  double u = 0;
  if (in->is_sparse) {
    for (int k = 0; k < net->def.code.n_active; k++) {
      u += weight_of(w, in, block, target, lane, w->decision->part[l].line[k]);
    }
  } else {
    const int first =
        l == 0 || net->layer[l - 1].n_block == 1 ? 0 : block * net->layer[l - 1].block_stride;
    const int K = net->def.taps, functions = net->def.n_basis > 0 ? net->def.n_basis : K;
    float basis[TWIN_X];
    if (net->def.n_basis > 0) {
      hd__cosine_basis(net->def.n_basis, K, basis);
    }
    for (int f = 0; f < functions; f++) {
      for (int i = 0; i < in->n_source; i++) {
        double x = 0;
        for (int m = 0; m < K; m++) {
          const double share = net->def.n_basis > 0 ? (double)basis[f * K + m] : f == m;
          x += share == 0 ? 0 : share * below->y[t - m][first + i];
        }
        u += weight_of(w, in, block, target, lane, f * in->n_source + i) * x;
      }
    }
  }
  return u + (net->def.has_bias ? weight_of(w, in, block, target, lane, in->n_x - 1) : 0);
}

static inline double relaxed_of(double logit, double noise, double tau) {
  return 1 / (1 + exp(-(logit + log((1 - noise) / noise)) / tau));
}

/* Run a layer; returns the log-probability of what its neurons did. */
static inline double twin_layer(twin *w, int l, const field *below, field *out) {
  const hd__net *net = w->net;
  const hd__layer *layer = &net->layer[l];
  const double silence = (double)net->def.neuron->silence, span = 1 - silence;
  double log_p = 0;
  for (int lane = 0; lane < layer->n_pad; lane++) {
    const int block = lane / layer->block_stride, target = lane % layer->block_stride;
    if (layer->live[lane] == 0) {
      continue;
    }
    cell c = {.v = param_of(net, is_neuron(net, "if") ? "v_reset" : "v_rest")};
    for (int t = layer->onset; t < net->def.substeps; t++) {
      const size_t at = (size_t)(t * layer->n_pad + lane);
      const double b = layer->is_mean
                           ? ((double)layer->y[layer->onset * layer->n_pad + lane] - silence) / span
                           : (double)layer->b[at];
      double u = drive_of(w, l, below, block, target, lane, t);
      for (int m = 0; m < net->def.self_taps && t - 1 - m >= layer->onset; m++) {
        u += w->w[layer->self_at + (size_t)(m * layer->n_pad + lane)] * out->y[t - 1 - m][lane];
      }
      const chance o = cell_step(net, &c, u, b > 0);
      if (net->def.neuron->stochastic) {
        const double gap = fabs(o.p - (double)hd__layer_p(net, layer, t)[lane]);
        w->p_gap = !w->has_smooth && gap > w->p_gap ? gap : w->p_gap;
        log_p += (b > 0 ? b * log(o.p) : 0) + (b < 1 ? (1 - b) * log1p(-o.p) : 0);
      }
      const double smooth = w->mode == SURROGATE ? o.surrogate
                            : w->mode == MEAN    ? o.p
                            : o.p > 0 ? relaxed_of(o.logit, (double)layer->noise[at], w->tau)
                                      : 0;
      if (!w->has_smooth) {
        w->smooth[l][t][lane] = smooth;
      }
      const double change = w->mode == SPIKE ? 0 : smooth - w->smooth[l][t][lane];
      c.a += change;
      out->y[t][lane] =
          w->mode == RELAXED ? silence + span * smooth : silence + span * (b + change);
    }
  }
  return log_p;
}

static inline double readout_of(const twin *w, int a, const field *below, int onset) {
  const hd__net *net = w->net;
  const hd__wiring *in = &net->linear;
  const int T = net->def.substeps;
  const double bias = net->def.has_bias ? weight_of(w, in, 0, a, a, in->n_x - 1) : 0;
  double v = 0, mean = 0, top = -INFINITY, plain = 0;
  if (in->is_sparse) {
    for (int k = 0; k < net->def.code.n_active; k++) {
      plain += weight_of(w, in, 0, a, a, w->decision->part[net->n_layers].line[k]);
    }
    return plain + bias;
  }
  for (int t = onset; t < T; t++) {
    double z = 0;
    for (int i = 0; i < in->n_source; i++) {
      z += weight_of(w, in, 0, a, a, i) * below->y[t][i];
    }
    v += (z - v) / (double)net->def.membrane_tau;
    plain += z / (T - onset);
    mean += v / (T - onset);
    top = v > top ? v : top;
  }
  switch (net->def.readout) {
    case HD_READ_MEMBRANE_LAST:
      return v + bias;
    case HD_READ_MEMBRANE_MEAN:
      return mean + bias;
    case HD_READ_MEMBRANE_MAX:
      return top + bias;
    default:
      return plain + bias;
  }
}

/* log P(what the layers did) + log pi(action) if agents decide (SPIKE), else log pi(action) with
 * spikes that depend on the weights. */
static inline double twin_value(twin *w) {
  static field at[HD_MAX_PARTS + 1];
  const hd__net *net = w->net;
  memset(&at[0], 0, sizeof at[0]);
  const bool is_one = net->n_layers > 0 && net->layer[0].in.is_constant;
  for (int t = 0; net->input != NULL && t < net->def.substeps; t++) {
    for (int i = 0; i < net->def.code.n; i++) {
      at[0].y[t][i] = (double)net->input[(is_one ? 0 : t) * HD_PAD(net->def.code.n) + i];
    }
  }
  double value = 0;
  for (int l = 0; l < net->n_layers; l++) {
    memset(&at[l + 1], 0, sizeof at[0]);
    const double log_p = twin_layer(w, l, &at[l], &at[l + 1]);
    value += w->mode == SPIKE ? log_p : 0;
  }
  if (net->has_linear) {
    const int n = net->n_layers, onset = n > 0 ? net->layer[n - 1].onset : 0;
    double logit[CASE_ACTIONS_MAX] = {0}, sum = 0;
    for (int a = 0; a < net->def.n_actions; a++) {
      logit[a] = readout_of(w, a, &at[n], onset) / (double)net->def.temperature;
    }
    for (int a = 0; a < net->def.n_actions; a++) {
      sum += exp(logit[a] - logit[0]);
    }
    value += logit[w->decision->action[0]] - logit[0] - log(sum);
  }
  return value;
}

/* A twin of the subject's last decision. */
static inline void twin_open(twin *w, const subject *s, twin_mode mode, double tau) {
  memset(w, 0, sizeof *w);
  w->net = &s->net;
  w->decision = &s->decision;
  w->mode = mode;
  w->tau = tau;
  w->w = malloc(sizeof(double) * s->net.n_weights);
  for (size_t i = 0; i < s->net.n_weights; i++) {
    w->w[i] = (double)s->net.weights[i];
  }
  twin_value(w);
  w->has_smooth = true;
}

static inline void twin_close(twin *w) { free(w->w); }

/* d f / d w[i] by central differences of fourth order: with h = 1e-3 and derivatives of order one
 * the error of the formula is h^4 / 30 ~ 1e-14, that of rounding 1e-16 / h ~ 1e-13. */
static inline double slope(twin *w, size_t i, double (*f)(twin *w)) {
  const double h = 1e-3, w0 = w->w[i];
  double value[4];
  static const int step[4] = {-2, -1, 1, 2};
  for (int k = 0; k < 4; k++) {
    w->w[i] = w0 + step[k] * h;
    value[k] = f(w);
  }
  w->w[i] = w0;
  return (8 * (value[2] - value[1]) - (value[3] - value[0])) / (12 * h);
}

#endif
