/* Reparameterised spikes: the gradient of log pi(action) through the draw itself.
 *   soft              spikes travel as relaxed values, g = back dy~/du
 *   straight-through  hard spikes travel, g = back dy~/du
 *   mean              hard spikes travel, g = back dE[y]/du
 * With span the distance between silence and spike, dy~/du = span b~(1-b~)/tau dlogit/du and
 * dE[y]/du = span p(1-p) dlogit/du. Neurons that do not draw use their surrogate derivative.
 * Source: Aenugu 2020; Bengio, Leonard, Courville 2013; Maddison et al. 2017. */
#include "relaxed.h"
#include "rule_rows.h"

static void reparam_surrogate(const hd_rule_io *io) {
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->back[i] * io->span * io->gain[i];
  }
}

static void reparam_through_relaxed(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  if (!io->stochastic) {
    reparam_surrogate(io);
    return;
  }
  for (int i = 0; i < io->n; i++) {
    io->g[i] =
        hd__relaxed_factor(io->back[i], io->span, io->tau, io->p[i], io->noise[i], io->gain[i]);
  }
}

static void reparam_through_mean(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  if (!io->stochastic) {
    reparam_surrogate(io);
    return;
  }
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->back[i] * io->span * (io->p[i] * (1.0f - io->p[i])) * io->gain[i];
  }
}

const hd_rule_desc hd__rule_reparam_soft = {
    .size = sizeof(hd_rule_desc),
    .name = "reparam-soft",
    .doc = "relaxed spikes travel and are differentiated (binary concrete)",
    .source = "Aenugu 2020; Maddison et al. 2017",
    .needs = HD_RULE_STOCHASTIC | HD_RULE_BACK | HD_RULE_RELAXED | HD_RULE_TAU,
    .factor = reparam_through_relaxed,
};

const hd_rule_desc hd__rule_reparam_st = {
    .size = sizeof(hd_rule_desc),
    .name = "reparam-st",
    .doc = "hard spikes travel, the relaxed ones are differentiated (straight-through)",
    .source = "Aenugu 2020; Jang et al. 2017",
    .needs = HD_RULE_BACK | HD_RULE_TAU,
    .factor = reparam_through_relaxed,
};

const hd_rule_desc hd__rule_reparam_mean = {
    .size = sizeof(hd_rule_desc),
    .name = "reparam-mean",
    .doc = "hard spikes travel, their mean is differentiated (mean straight-through)",
    .source = "Aenugu 2020; Bengio et al. 2013",
    .needs = HD_RULE_AFFINE | HD_RULE_BACK,
    .factor = reparam_through_mean,
};
