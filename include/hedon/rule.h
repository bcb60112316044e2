/* Local learning rules: what one neuron, or one synapse, adds to its eligibility.
 *
 * The learner multiplies the eligibility e of a synapse by the global signal (TD error or
 * advantage): w += alpha signal e, a rule of three factors (Frémaux & Gerstner 2016; with
 * e = d log pi / dw it is REINFORCE, Williams 1992). A rule makes eligibilities in one of two ways.
 *
 * Without state: `factor` writes the postsynaptic factor g of every neuron of a layer; the
 * eligibility of a synapse is the sum over substeps of its trace of (presynaptic value x g).
 *
 * With state: the rule lists what it keeps per presynaptic neuron (PRE), per postsynaptic neuron
 * (POST) and per synapse (SYNAPSE), and its hooks see every substep of a projection (hd_synapses).
 * State begins at 0 with an episode if the network carries its state, else with every decision.
 *
 * Every built-in rule is described by the same hd_rule_desc. */
#ifndef HEDON_RULE_H
#define HEDON_RULE_H

#include "context.h"

/* What the neurons of one layer saw and did in one substep. All arrays have n entries. A rule is
 * asked once a substep and must not count on an order. */
typedef struct hd_rule_io {
  int n;              /* neurons of the layer */
  bool stochastic;    /* the neurons draw their spikes; else gain is a surrogate derivative */
  float span;         /* distance between silence and a spike: 1 for {0,1}, 2 for {-1,+1} */
  float tau;          /* temperature of relaxed spikes, by its schedule */
  const float *b;     /* 1 where the neuron fired, else 0 */
  const float *p;     /* probability with which it fired (stochastic neurons) */
  const float *noise; /* the uniform draw in (0,1): b = noise < p (stochastic neurons); if the rule
                         asks for it, the standard normal one by which the drive was moved */
  float perturbation; /* how far: the drive was u + perturbation noise */
  const float *gain;  /* d logit p / d drive (stochastic), or surrogate d spike / d drive */
  const float *back;  /* d log pi(action) / d spike value, if the rule asks for it, else NULL */
  const float *gate;  /* +1 or -1: did the neuron's private output agree with the action taken;
                         1 everywhere unless the rule asks for it */
  float *g;           /* written: the postsynaptic factor, of the potential at this substep; what
                         a membrane keeps of earlier drives is the network's to add */
} hd_rule_io;

/* What a rule asks for, for hd_rule_desc.needs. */
enum {
  HD_RULE_STOCHASTIC = 1, /* makes sense for neurons that draw their spikes only */
  HD_RULE_BACK = 2,       /* needs d log pi / d spike: a softmax readout behind the layers */
  HD_RULE_GATE = 4,       /* needs the gate +1/-1: private output neurons that vote */
  HD_RULE_GATE_TAKEN = 8, /* with GATE: the block of the action taken always gets +1 */
  HD_RULE_AFFINE = 32,    /* g is affine in b and does not look at noise, so that the factor of the
                             mean of several spikes is the mean of their factors */
  HD_RULE_RELAXED = 16,   /* while learning, spikes travel as their relaxed values in (0,1) */
  HD_RULE_TAU = 128,      /* looks at tau, the temperature of relaxed spikes */
  HD_RULE_PERTURBED = 64, /* while learning, noise moves the drives of neurons that do not draw; g
                             is then the factor of the drive of this substep alone */
  HD_RULE_SPARSE = 256    /* finds synapses by hd_synapses_fan and hd_synapses_find alone, so that a
                             source need not lead to every target */
};

/* What a rule with state sees of the synapses of one projection. Where every source leads to every
 * target, synapse (i, j), from source i to target j, lies at i stride + j; lanes n_post <= j <
 * stride are padding. Else only the synapses that there are have a place, those of a source one
 * behind the other; hd_synapses_fan and hd_synapses_find say where in either case. There is one
 * such view for every copy of the network (every environment); weights are shared, all state is
 * the copy's own. */
typedef struct hd_synapses {
  int n_pre, n_post, stride; /* sources, targets, and targets with padding */
  bool stochastic;    /* targets draw their spikes: gain is d logit p / d drive, as in hd_rule_io */
  float span;         /* of a target: distance between silence and a spike */
  float dt_ms;        /* length of a substep */
  const float *param; /* of the rule, in the order of its PARAMS */

  const float *x; /* [n_pre] what arrived from the sources in this substep, delays included: 0 or 1
                     of sources that spike, any number of graded inputs */
  const float *b, *p, *gain; /* [stride] what the targets did in this substep, as in hd_rule_io;
                                padding never fires */

  /* In on_decision only. */
  const float *back;  /* [stride] d log pi(action) / d y, y the mean value of the target's spikes as
                         the readout weighs them; NULL where no softmax reads the target */
  const float *score; /* [n_actions] d log pi(action) / d logit; NULL without a softmax readout */
  int n_actions;      /* entries of score; 0 without it */

  float share; /* weight of this substep's spikes in the logits; 0 where no readout sees it */

  /* What the targets' potential keeps of what arrived. */
  float keep;    /* share of the potential left a substep later */
  float current; /* share of a synaptic current left a substep later; 0: there is none */
  float tire;    /* drive that makes up for what a spike adds to the threshold */
  float fade;    /* share of that left a substep later */
  bool is_reset; /* does a spike wipe the potential out? */
  int ref_steps; /* substeps of the refractory period */

  uint64_t seed; /* of the network and its target: fixed random numbers are drawn from it */

  /* The rule's own state, an array for each name in its lists. */
  float *const *pre;     /* [pre][n_pre] */
  float *const *post;    /* [post][stride] */
  float *const *synapse; /* [synapse][hd_synapses_count] */
  float *w; /* [hd_synapses_count] weights, which on_signal may write; NULL in all other hooks */
  float *e; /* [hd_synapses_count] written: the eligibility, kept from substep to substep */

  /* Where not every source leads to every target, else NULL: source i has the synapses start[i] to
   * start[i + 1] - 1, and synapse k leads to target[k], which rises along them. */
  const int32_t *start;  /* [n_pre + 1] */
  const int32_t *target; /* [start[n_pre]] */
  float *lane;           /* [stride] scratch of a hook: a number for each target */

  const struct hd__synapse_loops *loops; /* built-in rules' own */
  const struct hd__limits *limits; /* in on_signal: those of built-in rules; NULL: none is on */
} hd_synapses;

/* The synapses of one source, one behind the other. */
typedef struct hd_fan {
  size_t at;             /* where the first lies in w, e and SYNAPSE */
  int n;                 /* how many */
  const int32_t *target; /* [n] where each leads; NULL: the k-th leads to target k */
} hd_fan;

/* The synapses of source i. */
static inline hd_fan hd_synapses_fan(const hd_synapses *synapses, int i) {
  hd_fan fan = {(size_t)i * (size_t)synapses->stride, synapses->n_post, NULL};
  if (synapses->start != NULL) {
    fan.at = (size_t)synapses->start[i];
    fan.n = synapses->start[i + 1] - synapses->start[i];
    fan.target = synapses->target + fan.at;
  }
  return fan;
}

/* Where the k-th synapse of a fan leads to. */
static inline int hd_fan_target(hd_fan fan, int k) {
  return fan.target != NULL ? fan.target[k] : k;
}

/* Where the synapse from source i to target j lies; -1: there is none. */
static inline int64_t hd_synapses_find(const hd_synapses *synapses, int i, int j) {
  if (synapses->start == NULL) {
    return (int64_t)i * synapses->stride + j;
  }
  int32_t low = synapses->start[i], high = synapses->start[i + 1];
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (synapses->target[middle] < j) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < synapses->start[i + 1] && synapses->target[low] == j ? low : -1;
}

/* Entries of w, of e and of what is kept per synapse. */
static inline size_t hd_synapses_count(const hd_synapses *synapses) {
  return synapses->start != NULL ? (size_t)synapses->start[synapses->n_pre]
                                 : (size_t)synapses->n_pre * (size_t)synapses->stride;
}

/* A learning rule: what it asks for, what it keeps, and its functions. `self` of each function is
 * this descriptor. Functions write nothing but what is said, since several threads may call them.
 */
typedef struct hd_rule_desc hd_rule_desc;
struct hd_rule_desc {
  size_t size;        /* sizeof(hd_rule_desc) */
  const char *name;   /* unique, e.g. "pgcn" */
  const char *doc;    /* one line with the formula */
  const char *source; /* author and year */
  unsigned needs;     /* HD_RULE_* */
  const void *data;   /* passed along untouched */

  /* A rule without state: write io->g. NULL: the rule has the hooks below. */
  void (*factor)(const hd_rule_desc *self, const hd_rule_io *io);

  /* A rule with state: its lists, which HD_RULE_LISTS fills in. */
  const hd_param *param;                  /* [n_params] options "rule.parameter" */
  const hd_field *pre, *post, *synapse;   /* arrays per source, per target, per synapse */
  int n_params, n_pre, n_post, n_synapse; /* entries of these lists */

  /* Its hooks, each of which may be NULL. In a substep, after the targets have stepped: `before`;
   * on_pre for every source i with x[i] != 0, in rising order; on_post for every target j that
   * fired, in rising order; `after`. Then, once a decision, when the action is chosen: on_decision.
   * Without on_decision the eligibility is what the substeps left in e. */
  void (*before)(const hd_rule_desc *self, const hd_synapses *synapses);
  /* Source i sent something. */
  void (*on_pre)(const hd_rule_desc *self, const hd_synapses *synapses, int i);
  /* Target j fired. */
  void (*on_post)(const hd_rule_desc *self, const hd_synapses *synapses, int j);
  /* The substep is over. */
  void (*after)(const hd_rule_desc *self, const hd_synapses *synapses);
  /* The action is chosen; back and score are there. */
  void (*on_decision)(const hd_rule_desc *self, const hd_synapses *synapses);
  /* The global signal came: alpha is the learner's step size. A rule that has this hook moves w
   * itself; otherwise w += alpha signal e. */
  void (*on_signal)(const hd_rule_desc *self, const hd_synapses *synapses, float alpha,
                    float signal);
};

/* The lists of a rule, each a macro that may be empty:
 *
 *   model_PARAMS(P)   P(name, default, low, high, unit, help), unit HD_WHOLE: no fractions
 *   model_PRE(V), model_POST(V), model_SYNAPSE(V)   V(name, unit, help)
 *
 * HD_RULE_TYPES(model) makes a struct of each list and the tables of names; HD_RULE_LISTS(model)
 * gives the tables to a descriptor; HD_RULE_OF(model, pre, synapses) reads hd_synapses.pre as
 * struct model_pre, whose members are the arrays, and likewise param, post and synapse. */
#define HD_RULE_PARAM_MEMBER(name, fallback, low, high, unit, help) float name;
/* A row of the table of parameters. */
#define HD_RULE_PARAM_ROW(name, fallback, low, high, unit, help) \
  {#name, fallback, low, high, unit, help},
/* A member for an array of state. */
#define HD_RULE_FIELD_MEMBER(name, unit, help) float *name;
/* A row of the table of arrays. */
#define HD_RULE_FIELD_ROW(name, unit, help) {#name, unit, help},
/* Structs and tables of a rule's lists. */
#define HD_RULE_TYPES(model)                                                           \
  struct model##_param {                                                               \
    model##_PARAMS(HD_RULE_PARAM_MEMBER) float unused_;                                \
  };                                                                                   \
  struct model##_pre {                                                                 \
    model##_PRE(HD_RULE_FIELD_MEMBER) float *unused_;                                  \
  };                                                                                   \
  struct model##_post {                                                                \
    model##_POST(HD_RULE_FIELD_MEMBER) float *unused_;                                 \
  };                                                                                   \
  struct model##_synapse {                                                             \
    model##_SYNAPSE(HD_RULE_FIELD_MEMBER) float *unused_;                              \
  };                                                                                   \
  static const hd_param model##_param_rows[] = {model##_PARAMS(HD_RULE_PARAM_ROW){0}}; \
  static const hd_field model##_pre_rows[] = {model##_PRE(HD_RULE_FIELD_ROW){0}};      \
  static const hd_field model##_post_rows[] = {model##_POST(HD_RULE_FIELD_ROW){0}};    \
  static const hd_field model##_synapse_rows[] = {model##_SYNAPSE(HD_RULE_FIELD_ROW){0}};
/* Entries of a table, without the one that ends it. */
#define HD_RULE_ROWS_OF(rows) ((int)(sizeof(rows) / sizeof(rows)[0]) - 1)
/* Members of a descriptor that say a rule's lists. */
#define HD_RULE_LISTS(model)                                                                      \
  .param = model##_param_rows, .n_params = HD_RULE_ROWS_OF(model##_param_rows),                   \
  .pre = model##_pre_rows, .n_pre = HD_RULE_ROWS_OF(model##_pre_rows), .post = model##_post_rows, \
  .n_post = HD_RULE_ROWS_OF(model##_post_rows), .synapse = model##_synapse_rows,                  \
  .n_synapse = HD_RULE_ROWS_OF(model##_synapse_rows)
/* A rule's own arrays, as a struct of its names. */
#define HD_RULE_OF(model, list, synapses) \
  ((const struct model##_##list *)(const void *)(synapses)->list)

/* Most names in a rule's list of parameters, and in its three lists of state together. */
enum { HD_RULE_PARAMS_MAX = 16, HD_RULE_STATE_MAX = 16 };

/* Make a user's rule known to a context under its name. The descriptor is copied; what it points
 * to must outlive the context.  Errors  USAGE (missing function, wrong size, name taken), NOMEM. */
HD_API hd_status hd_rule_register(hd_ctx *ctx, const hd_rule_desc *desc);

/* The number of rules, built-in and registered ones. */
HD_API int hd_rule_count(const hd_ctx *ctx);
/* One of them, built-in ones first; index from 0 to hd_rule_count - 1. Lives as long as the
 * context. */
HD_API const hd_rule_desc *hd_rule_at(const hd_ctx *ctx, int index);

/* Find by name.  Errors  UNKNOWN (offers the nearest name). */
HD_API hd_status hd_rule_find(hd_ctx *ctx, const char *name, const hd_rule_desc **out);

#endif
