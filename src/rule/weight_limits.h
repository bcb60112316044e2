/* What keeps the weights of a plastic projection in bounds. A rule that lists HD_LIMITS_PARAMS and
 * HD_LIMITS_POST has them (src/network/plastic.c): w_ij += by_j e_ij, and then or instead
 *
 *   bounds 1  additive (hard): what leaves [w_min, w_max] is cut off
 *   bounds 2  multiplicative (soft): a rise shrinks with the share of the range that is left above
 *             the weight, (w_max - w)/(w_max - w_min), a fall with the share left below
 *   dale 1    Dale's law: all weights of a source keep one sign, that of their sum; what would
 *             cross 0 stops there. A source whose weights are all 0 is excitatory
 *   homeostasis h > 0  the firing rate of every target is held near target_rate by scaling:
 *             w += h (1 - rate_j/target_rate) |w|, at every signal; the rate is a running mean
 *             that begins at target_rate, so that what has not yet been seen scales nothing,
 *             rate <- rate + (1 - exp(-dt/tau_rate)) (1000 s_j/dt - rate)
 * Sources: Florian 2007 and Izhikevich 2007 (hard bounds); van Rossum, Bi & Turrigiano 2000 (soft
 * bounds and scaling). */
#ifndef HD_WEIGHT_LIMITS_H
#define HD_WEIGHT_LIMITS_H

#include <float.h>

#include "hedon/rule.h"

/* Rows for a rule's list of parameters. */
#define HD_LIMITS_PARAMS(P, bounds_, w_min_, w_max_)                                              \
  P(bounds, bounds_, 0.0f, 2.0f, HD_WHOLE,                                                        \
    "Weights have no bounds (0), are cut off at w_min and w_max (1), or change the less the "     \
    "nearer they are to the bound (2).")                                                          \
  P(w_min, w_min_, -1e6f, 0.0f, "", "Bounded weights are at least this.")                         \
  P(w_max, w_max_, 1e-6f, 1e6f, "", "Bounded weights are at most this.")                          \
  P(dale, 0.0f, 0.0f, 1.0f, HD_WHOLE,                                                             \
    "Weights may change their sign (0), or all weights of a source keep the sign of their sum "   \
    "(1, Dale's law).")                                                                           \
  P(homeostasis, 0.0f, 0.0f, 1.0f, "",                                                            \
    "At every signal the weights of a target are scaled by up to this share towards its target "  \
    "rate; 0 leaves rates alone.")                                                                \
  P(target_rate, 10.0f, 1e-3f, 1e3f, "Hz", "Homeostasis holds the firing rate of a target here.") \
  P(tau_rate, 1000.0f, 1.0f, 1e6f, "ms",                                                          \
    "The firing rate that homeostasis sees is a running mean with this time constant.")
#define HD_LIMITS_POST(V) \
  V(excess, "Hz", "running mean of the target's firing rate, less target_rate")

typedef enum hd__bounds { HD_BOUNDS_NONE, HD_BOUNDS_HARD, HD_BOUNDS_SOFT } hd__bounds;

typedef struct hd__limits {
  bool is_on; /* is anything of what follows asked for? */
  hd__bounds bounds;
  float w_min, w_max;
  bool is_dale;
  float homeostasis, target_rate, tau_rate;
  int excess_at; /* in the rule's list POST */
  float *excess; /* [stride] */
  float *scale;  /* [stride] scratch */
} hd__limits;

/* Where the weights of one source may lie. */
typedef struct hd__weight_range {
  float low, high;
} hd__weight_range;

/* The same of the source whose n weights these are. */
static inline hd__weight_range hd__limits_range(const hd__limits *limits, int n, const float *w) {
  hd__weight_range range = {-FLT_MAX, FLT_MAX};
  if (limits->bounds != HD_BOUNDS_NONE) {
    range = (hd__weight_range){limits->w_min, limits->w_max};
  }
  if (limits->is_dale) {
    float sum = 0.0f;
    for (int k = 0; k < n; k++) {
      sum += w[k];
    }
    return sum < 0.0f ? (hd__weight_range){range.low, 0.0f} : (hd__weight_range){0.0f, range.high};
  }
  return range;
}

/* The limits that a rule with these values of its parameters asks for, without arrays; none if it
 * does not list them.  Errors  CONFLICT: a value that none of those reads. */
hd_status hd__limits_read(hd_ctx *ctx, const hd_rule_desc *rule, const float *param,
                          hd__limits *limits);

/* One substep: follow the targets' firing rates. */
void hd__limits_step(const hd_synapses *s, const hd__limits *limits);

/* w <- w + lane_j e, within s->limits if there are any. */
void hd__limits_add(const hd_synapses *s);
/* The same, by the same factor for every target. */
void hd__limits_add_all(const hd_synapses *s, float by);

#endif
