/* if: perfect integrate-and-fire, a membrane that does not leak.
 *   dv/dt = I;  a substep that ends with v >= v_th is a spike.
 * A drive of 1 raises v by 1 per ms; with soft reset the long-run rate is the drive, in spikes per
 * v_th - v_reset and ms. The identifier is if_, since C keeps the name.
 * gain: surrogate d b / d v times d v / d drive; 0 while refractory.
 * Source: Lapicque 1907; soft reset: Rueckauer et al. 2017. */
#define if__PARAMS(P)                                                                           \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV", "spike threshold")                                       \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "potential after a spike, and at the start")          \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms", "refractory period")                                         \
  P(reset, 1.0f, 0.0f, 1.0f, "", "0: set to v_reset (hard); 1: lower by v_th - v_reset (soft)") \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV", "slope of the sigmoid surrogate at the threshold")
#define if__DERIVED(D)              \
  D(dt, "dt")                       \
  D(v_th, "v_th")                   \
  D(v_reset, "v_reset")             \
  D(drop, "v_th - v_reset")         \
  D(ref_steps, "t_ref/dt, rounded") \
  D(soft, "reset")                  \
  D(slope, "slope")
#define if__STATE(S)               \
  S(v, "mV", "membrane potential") \
  S(refrac, "substep", "left of the refractory period")
HD_NEURON_TYPES(if_)

HD_FN void if__derive(struct if__derived *d, const struct if__params *p, float dt_ms) {
  *d = (struct if__derived){.dt = dt_ms,
                            .v_th = p->v_th,
                            .v_reset = p->v_reset,
                            .drop = p->v_th - p->v_reset,
                            .ref_steps = hd__steps(p->t_ref, dt_ms),
                            .soft = p->reset,
                            .slope = p->slope};
}

HD_FN void if__reset(const struct if__derived *d, struct if__lane *s) {
  s->v = d->v_reset;
  s->refrac = 0.0f;
}

HD_FN hd__fire if__step(const struct if__derived *d, struct if__lane *s, float drive, float noise) {
  (void)noise;
  const float open = s->refrac > 0.0f ? 0.0f : 1.0f;
  const float v = s->v + open * (d->dt * drive);
  const float b = v >= d->v_th ? open : 0.0f;
  s->v = hd__after_spike(v, b, d->v_reset, d->drop, d->soft);
  s->refrac = hd__after_refractory(s->refrac, b, d->ref_steps);
  return (hd__fire){.b = b, .p = b, .gain = open * (hd__surrogate(d->slope, v - d->v_th) * d->dt)};
}

HD_FN hd__memory if__memory(const struct if__derived *d) {
  return hd__membrane_memory(1.0f, d->soft, d->ref_steps);
}
