/* Local learning rules: what one neuron adds to its eligibility when it fires or stays silent.
 *
 * A rule writes the postsynaptic factor g of every neuron of a layer; the eligibility of a synapse
 * is then its trace of (presynaptic value x g), and the learner multiplies it by the global
 * signal (TD error or advantage). Every built-in rule is described by the same hd_rule_desc. */
#ifndef HEDON_RULE_H
#define HEDON_RULE_H

#include "context.h"

/* What the neurons of one layer saw and did in one substep. All arrays have n entries. A rule is
 * asked once a substep and must not count on an order. */
typedef struct hd_rule_io {
  int n;
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

enum {
  HD_RULE_STOCHASTIC = 1, /* makes sense for neurons that draw their spikes only */
  HD_RULE_BACK = 2,       /* needs d log pi / d spike: a softmax readout behind the layers */
  HD_RULE_GATE = 4,       /* needs the gate +1/-1: private output neurons that vote */
  HD_RULE_GATE_TAKEN = 8, /* with GATE: the block of the action taken always gets +1 */
  HD_RULE_AFFINE = 32,    /* g is affine in b and does not look at noise, so that the factor of the
                             mean of several spikes is the mean of their factors */
  HD_RULE_RELAXED = 16,   /* while learning, spikes travel as their relaxed values in (0,1) */
  HD_RULE_PERTURBED = 64  /* while learning, noise moves the drives of neurons that do not draw; g is
                             then the factor of the drive of this substep alone */
};

typedef struct hd_rule_desc hd_rule_desc;
struct hd_rule_desc {
  size_t size;        /* sizeof(hd_rule_desc) */
  const char *name;   /* unique, e.g. "pgcn" */
  const char *doc;    /* one line with the formula */
  const char *source; /* author and year */
  unsigned needs;     /* HD_RULE_* */
  const void *data;   /* passed along untouched */
  void (*factor)(const hd_rule_desc *self, const hd_rule_io *io);
};

/* Make a user's rule known to a context under its name. The descriptor is copied; what it points
 * to must outlive the context.  Errors  USAGE (missing function, wrong size, name taken), NOMEM. */
HD_API hd_status hd_rule_register(hd_ctx *ctx, const hd_rule_desc *desc);

HD_API int hd_rule_count(const hd_ctx *ctx);
HD_API const hd_rule_desc *hd_rule_at(const hd_ctx *ctx, int index);

/* Find by name.  Errors  UNKNOWN (offers the nearest name). */
HD_API hd_status hd_rule_find(hd_ctx *ctx, const char *name, const hd_rule_desc **out);

#endif
