/* The score of a Bernoulli decision, gated: what a policy-gradient coagent adds to its eligibility.
 * Source: Williams 1992; Thomas 2011. */
#ifndef HD_SCORE_H
#define HD_SCORE_H

static inline float hd__score(float gate, float b, float p, float gain) {
  return gate * (b - p) * gain;
}

#endif
