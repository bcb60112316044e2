/* Policy-gradient coagents: each neuron ascends the log-probability of what it itself did.
 *   g = gate (b - p) d logit p / du,   the score of a Bernoulli decision.
 * Source: Thomas 2011; Kostas et al. 2020; gates after Aenugu 2020 and its published code. */
#include "rule_rows.h"
#include "score.h"

static void pgcn_factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = hd__score(io->gate[i], io->b[i], io->p[i], io->gain[i]);
  }
}

const hd_rule_desc hd__rule_pgcn = {
    .size = sizeof(hd_rule_desc),
    .name = "pgcn",
    .doc = "policy-gradient coagents: g = (b - p) dlogit/du",
    .source = "Thomas 2011; Kostas et al. 2020; Aenugu 2020",
    .needs = HD_RULE_AFFINE | HD_RULE_STOCHASTIC,
    .factor = pgcn_factor,
};

const hd_rule_desc hd__rule_pgcn_agree = {
    .size = sizeof(hd_rule_desc),
    .name = "pgcn-agree",
    .doc = "pgcn times +1 where the private output agreed with the action taken, else -1",
    .source = "Aenugu 2020, published code",
    .needs = HD_RULE_AFFINE | HD_RULE_STOCHASTIC | HD_RULE_GATE,
    .factor = pgcn_factor,
};

const hd_rule_desc hd__rule_pgcn_agree_asym = {
    .size = sizeof(hd_rule_desc),
    .name = "pgcn-agree-asym",
    .doc = "as pgcn-agree, but always +1 in the block of the action taken",
    .source = "Aenugu 2020, published code",
    .needs = HD_RULE_AFFINE | HD_RULE_STOCHASTIC | HD_RULE_GATE | HD_RULE_GATE_TAKEN,
    .factor = pgcn_factor,
};
