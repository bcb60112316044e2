/* leaky: a readout that integrates and never fires.
 *   v <- (1 - 1/tau) v + (1/tau) I,  b = 0,  p = v.
 * It is a LIF membrane without threshold in the first-order form of the surrogate-gradient
 * literature; tau counts substeps.  gain: d v / d drive.
 * Source: Fang et al. 2021 (SpikingJelly's LIF node), threshold taken away. */
#define leaky_PARAMS(P)               \
  P(tau, 2.0f, 1.0f, 1e4f, "substep", \
    "The time constant of the membrane; with 1 nothing is remembered from substep to substep.")
#define leaky_DERIVED(D) \
  D(keep, "1 - 1/tau")   \
  D(scale, "1/tau")
#define leaky_STATE(S) S(v, "", "potential, the readout's value")
HD_NEURON_TYPES(leaky)

HD_FN void leaky_derive(struct leaky_derived *d, const struct leaky_params *p, float dt_ms) {
  (void)dt_ms;
  d->scale = 1.0f / p->tau;
  d->keep = 1.0f - d->scale;
}

HD_FN void leaky_reset(const struct leaky_derived *d, struct leaky_lane *s) {
  (void)d;
  s->v = 0.0f;
}

HD_FN hd__fire leaky_step(const struct leaky_derived *d, struct leaky_lane *s, float drive,
                          float noise) {
  (void)noise;
  s->v = d->keep * s->v + d->scale * drive;
  return (hd__fire){.b = 0.0f, .p = s->v, .gain = d->scale};
}

HD_FN hd__memory leaky_memory(const struct leaky_derived *d) {
  return (hd__memory){.keep = d->keep};
}
