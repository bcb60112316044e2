/* The passes that built-in rules make over the synapses of a projection. Every kernel has them for
 * its instruction set (src/kernel/impl_synapses.h), with the same bits; a hook finds them in
 * hd_synapses.loops.
 *
 * Where every source leads to every target, stride is a multiple of 16 and padding lanes come
 * along: what lies there means nothing, but e and w stay 0 where lane does. */
#ifndef HD_SYNAPSE_LOOPS_H
#define HD_SYNAPSE_LOOPS_H

#include "membrane_filter.h"
#include "spike_pairs.h"
#include "weight_limits.h"

/* An eligibility that rises at a spike: a slow trace, e, less a fast one, which are given as much. */
typedef struct hd__rise {
  float keep, keep_fast; /* shares that a substep leaves; keep_fast 0: there is no fast one */
  float by;              /* what a spike adds per unit of what arrived */
} hd__rise;

typedef struct hd__synapse_loops {
  /* Traces of n neurons decay and take up what was sent: hd__pairs_trace. Was anything sent? */
  bool (*trace)(int n, float keep, float a, bool is_nearest, const float *x, float *trace);

  /* e <- keep e + by zeta of pairs; has_fired: some target has. */
  void (*pairs)(const hd_synapses *s, const hd__pairs *pairs, bool has_fired, float keep, float by);

  /* c and xbar take in what arrived (membrane_filter.h), and
   *   filter  e <- keep e + lane_j xbar
   *   tire    d = lane_j (xbar - tire eps),  eps <- fade eps + d,  sum <- sum + share d
   *   rise    the traces fade; where the target fired, by xbar goes to the fast one, or to e if
   *           there is none, and xbar is 0
   * Then this substep's spikes are those of the substep before. */
  void (*filter)(const hd_synapses *s, const hd__filter *f, float keep, float *e);
  void (*tire)(const hd_synapses *s, const hd__filter *f, float *eps, float *sum);
  void (*rise)(const hd_synapses *s, const hd__filter *f, const hd__rise *rise, float *fast);

  /* What a decision's substeps have added up:
   *   keep_sum   e <- keep e + sum,  sum <- 0
   *   share_sum  e <- lane_j sum,    sum <- 0 */
  void (*keep_sum)(const hd_synapses *s, float keep, float *sum);
  void (*share_sum)(const hd_synapses *s, float *sum);

  /* add    w <- w + lane_j e
   * limit  the same within s->limits (weight_limits.h) */
  void (*add)(const hd_synapses *s);
  void (*limit)(const hd_synapses *s);
} hd__synapse_loops;

#endif
