/* Networks that show what a learner's own network did: populations and projections with the same
 * weights, which repeat a decision substep by substep, to the bit. One row; what a session hands
 * out so that a program may look inside (hd_session_network). */
#ifndef HD_SHOWN_NET_H
#define HD_SHOWN_NET_H

#include "hedon/network.h"
#include "net.h"
#include "stack.h"

/* A network that shows a network of layers; has_e: the learner has eligibilities, which lie as the
 * weights do, and puts them into out->e.  Errors  CONFLICT (what cannot be expressed as
 * populations and projections, and why), NOMEM. */
hd_status hd__shown_net_create(hd_ctx *ctx, const hd__net *net, bool has_e, hd_network **out);

/* Begin where a row is in its episode: `carried` as hd__net_carried; NULL: nothing is carried. */
void hd__shown_net_continue(hd_network *shown, const float *carried);

/* Before a decision that goes on from the one before: what the rule keeps of that row, which the
 * signal may have changed meanwhile. */
void hd__shown_net_take_rules(hd_network *shown, const float *carried);

/* Repeat the decision that was just made by a policy for one row, as hd__net_decide left it;
 * is_fresh: state begins anew. The rule follows its substeps unless the policy is bare; and, when
 * hd__net_factors has been called, what was decided. */
void hd__shown_net_repeat(hd_network *shown, const hd__net *net, const hd__policy *policy,
                          const hd__decision *decision, int row, bool is_fresh);
void hd__shown_net_repeat_factors(hd_network *shown, const hd__net *net,
                                  const hd__decision *decision, int row);

/* A network that shows a stack, which outlives it.  Errors  likewise. */
hd_status hd__shown_stack_create(hd_ctx *ctx, const hd__stack *stack, const hd__neuron_desc *neuron,
                                 float dt_ms, hd_network **out);

/* Begin where a row is in its episode: state as hd__pass; NULL: nothing is carried. */
void hd__shown_stack_continue(hd_network *shown, const hd__stack *stack, const float *state);

/* Repeat a decision by prepared weights, which stay until the next one, about the input x [n_in],
 * or [T][in_pad] if it is timed; is_fresh: state begins anew. */
void hd__shown_stack_repeat(hd_network *shown, const hd__stack *stack, const hd__prepared *prepared,
                            const float *x, bool is_fresh);

#endif
