/* glm: the point process of a generalised linear model, spikes in {0,1}.
 *   P(b = 1) = sigma(beta u);  d log P / du = beta (b - p).
 * One draw per substep, independent given u. What makes it a GLM rather than a memoryless unit is
 * its drive, u = theta + sum_i sum_m w_im s_i(t-m) + sum_m h_m s(t-m): the taps over past substeps
 * and over its own spikes belong to its projections.
 * Source: Pillow et al. 2008; Aenugu 2020, arXiv 2005.05941. */
#define glm_PARAMS(P)              \
  P(beta, 1.0f, 0.01f, 100.0f, "", \
    "The inverse temperature: at drive u the neuron fires with probability sigma(beta u).")
#define glm_DERIVED(D) D(beta, "beta")
#define glm_STATE(S)
HD_NEURON_TYPES(glm)

HD_FN void glm_derive(struct glm_derived *d, const struct glm_params *p, float dt_ms) {
  (void)dt_ms;
  d->beta = p->beta;
}

HD_FN void glm_reset(const struct glm_derived *d, struct glm_lane *s) {
  (void)d;
  (void)s;
}

HD_FN hd__fire glm_step(const struct glm_derived *d, struct glm_lane *s, float drive, float noise) {
  (void)s;
  const float p = hd__sigmoidf(d->beta * drive);
  return (hd__fire){.b = noise < p ? 1.0f : 0.0f, .p = p, .gain = d->beta};
}

HD_FN hd__memory glm_memory(const struct glm_derived *d) {
  (void)d;
  return (hd__memory){0};
}
