/* Settling: in the score (b - p) of a hidden neuron its spike b is replaced by the probability of a
 * spike given the input and what the network chose, the action or the spikes of action neurons. The
 * mean of that score is the same, the gradient of log P(chosen | input), and what the spikes of all
 * other neurons happened to be is no longer part of its noise.
 *
 * Action neurons learn from the spikes that they drew, or, if so told, are summed out: the action
 * that they voted for is what was chosen, and each learns from the probability of its spike given
 * that action.
 *
 * Gibbs: spikes are redrawn one after the other, each by its probability given all others, in
 * several rounds; that probability is what the score sees. The spikes that were drawn before the
 * choice are a draw from the same distribution already, so the mean is right after any number of
 * rounds. Mean field: probabilities q given the choice that agree with each other,
 *   q_i = sigma(u_i + sum_k F_ik e_k),   e_k = what target k did, less what q makes it expect,
 * where F is how much a spike of neuron i moves the logit of target k (symmetric feedback), or
 * other weights. Sources: Geman & Geman 1984 (Gibbs); Chung 2021 (MAP propagation: graded units
 * that settle before each learns by REINFORCE); Akrout et al. 2019 (feedback learned from a
 * neuron's own noise). */
#ifndef HD_SETTLE_H
#define HD_SETTLE_H

#include "net.h"

/* Can the network settle in the way it asks for?  Errors  CONFLICT. */
hd_status hd__settle_check(hd_ctx *ctx, const hd__net_def *def);

/* How much of a batch is kept to learn from. */
void hd__settle_compile(hd__net *net);

void hd__settle_lay_out(hd__net *net, hd__arena *arena);

/* Initial weights of feedback that are not the layer's own. */
void hd__settle_start(hd__net *net, uint64_t seed);

/* P(action | spikes below the action neurons) of every action of a row of the decisions at hand,
 * where action neurons are summed out.
 *
 *   chance  [n_actions] written */
void hd__settle_votes_chances(const hd__net *net, int row, float *chance);

/* Features and factors of the decisions just made, settled. */
void hd__settle_factors(hd__net *net, hd__decision *decision);

#endif
