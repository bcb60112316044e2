/* Node perturbation: noise moves the drive of every neuron, d = u + sigma xi, and a neuron climbs
 * the log-probability of the drive it got, g = xi / sigma = d log N(d; u, sigma^2) / du. Drives are
 * drawn one by one, given all that came before, so a membrane that remembers changes nothing: the
 * return times the sum of g x over substeps is on average the slope of the mean return of the
 * network with noise. Source: Fiete & Seung 2006, eq. 4; Williams 1992, sec. 6. */
#include "rule_rows.h"

static void node_perturbation_factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->noise[i] / io->perturbation;
  }
}

const hd_rule_desc hd__rule_node_perturbation = {
    .size = sizeof(hd_rule_desc),
    .name = "node-perturbation",
    .doc = "noise sigma xi moves the drives of neurons that do not draw: g = xi/sigma",
    .source = "Fiete & Seung 2006; Williams 1992",
    .needs = HD_RULE_PERTURBED,
    .factor = node_perturbation_factor,
};
