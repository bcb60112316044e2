/* bernoulli: memoryless stochastic neuron with spikes in {0,1}.
 *   P(b = 1) = sigma(beta u);  d log P / du = beta (b - p).
 * Source: Barto & Anandan 1985; Williams 1992 (Bernoulli-logistic unit). */
#define bernoulli_PARAMS(P)        \
  P(beta, 1.0f, 0.01f, 100.0f, "", \
    "The inverse temperature: at drive u the neuron fires with probability sigma(beta u).")
#define bernoulli_DERIVED(D) D(beta, "beta")
#define bernoulli_STATE(S)
HD_NEURON_TYPES(bernoulli)

HD_FN void bernoulli_derive(struct bernoulli_derived *d, const struct bernoulli_params *p,
                            float dt_ms) {
  (void)dt_ms;
  d->beta = p->beta;
}

HD_FN void bernoulli_reset(const struct bernoulli_derived *d, struct bernoulli_lane *s) {
  (void)d;
  (void)s;
}

HD_FN hd__fire bernoulli_step(const struct bernoulli_derived *d, struct bernoulli_lane *s,
                              float drive, float noise) {
  (void)s;
  const float p = hd__sigmoidf(d->beta * drive);
  return (hd__fire){.b = noise < p ? 1.0f : 0.0f, .p = p, .gain = d->beta};
}

HD_FN hd__memory bernoulli_memory(const struct bernoulli_derived *d) {
  (void)d;
  return (hd__memory){0};
}
