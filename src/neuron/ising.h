/* ising: memoryless stochastic neuron with spikes in {-1,+1}.
 *   P(y = +1) = sigma(2 u);  d log P / du = 2 (b - p), b = (y + 1) / 2.
 * Source: Aenugu 2020, arXiv 2005.05941, and its published code. */
#define ising_PARAMS(P)            \
  P(beta, 2.0f, 0.01f, 100.0f, "", \
    "The inverse temperature: at drive u the neuron fires with probability sigma(beta u).")
#define ising_DERIVED(D) D(beta, "beta")
#define ising_STATE(S)
HD_NEURON_TYPES(ising)

HD_FN void ising_derive(struct ising_derived *d, const struct ising_params *p, float dt_ms) {
  (void)dt_ms;
  d->beta = p->beta;
}

HD_FN void ising_reset(const struct ising_derived *d, struct ising_lane *s) {
  (void)d;
  (void)s;
}

HD_FN hd__fire ising_step(const struct ising_derived *d, struct ising_lane *s, float drive,
                          float noise) {
  (void)s;
  const float p = hd__sigmoidf(d->beta * drive);
  return (hd__fire){.b = noise < p ? 1.0f : 0.0f, .p = p, .gain = d->beta};
}

HD_FN hd__memory ising_memory(const struct ising_derived *d) {
  (void)d;
  return (hd__memory){0};
}
