/* The learning rule of one projection at work: the rule's state of one row, and the calls of its
 * hooks. A rule without state (hd_rule_desc.factor) goes through rule_by_factor, which keeps what
 * such a rule leaves to the network: what arrived and is still in the target's potential.
 *
 * The state of a row is one stretch of floats that the caller keeps, since it may belong to an
 * environment and outlive a decision: PRE [n][n_pre rounded up], POST [n][n_pad of
 * the target], SYNAPSE [n][n_weights], e [n_weights]. All zeros is the start. */
#ifndef HD_PLASTIC_H
#define HD_PLASTIC_H

#include "graph.h"
#include "hedon/rule.h"
#include "weight_limits.h"

typedef struct hd__plastic {
  const hd_rule_desc *rule; /* with hooks */
  hd_rule_desc by_factor;   /* the hooks around a rule without state */
  int projection;
  float param[HD_RULE_PARAMS_MAX];
  hd__limits limits;  /* of its weights */
  bool moves_weights; /* by on_signal, or within limits, rather than by alpha signal e */
  uint64_t seed;
  size_t n_state; /* floats of a row's state */
  size_t e_at;    /* where e begins in it */
  float *x;       /* [n_pre rounded up] what arrived */
  float *lane;    /* [n_pad of the target] scratch of its hooks */
  float *scale;   /* [n_pad of the target] that of limits; NULL: none is on */
} hd__plastic;

/* The readout's view of one substep, or of the decision: as in hd_synapses. */
typedef struct hd__read_view {
  float share;
  const float *back, *score;
  int n_actions;
} hd__read_view;

/* Join a rule to a projection whose weights lie by source or by list. param: [n_params] values.
 * Errors  CONFLICT: the rule asks for something that the target or a network of this kind lacks. */
hd_status hd__plastic_compile(hd_ctx *ctx, const hd__graph *graph, int projection,
                              const hd_rule_desc *rule, const float *param, uint64_t seed,
                              hd__plastic *plastic);
void hd__plastic_lay_out(const hd__graph *graph, hd__plastic *plastic, hd__arena *arena);

/* After hd__graph_step: the hooks of one substep, for one row. */
void hd__plastic_step(const hd__plastic *plastic, const hd__graph *graph, int row,
                      const hd__read_view *view, float *state);
/* The action is chosen. */
void hd__plastic_decide(const hd__plastic *plastic, const hd__graph *graph, int row,
                        const hd__read_view *view, float *state);
/* Are all eligibilities finite? Those of padding, which mean nothing, become 0. */
bool hd__plastic_check_e(const hd__plastic *plastic, const hd__graph *graph, float *state);
/* The global signal came: W, the projection's own weights, moves by alpha signal e, within limits
 * if there are any, or as the rule says. e: an eligibility that stands for that of the state, where
 * the rule has no on_signal; NULL: none does. */
void hd__plastic_signal(const hd__plastic *plastic, const hd__graph *graph, int row, float alpha,
                        float signal, float *state, float *e, float *W);

/* The rule with hooks. */
const hd_rule_desc *hd__plastic_rule(const hd__plastic *plastic);

#endif
