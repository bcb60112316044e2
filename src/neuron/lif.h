/* lif: leaky integrate-and-fire, integrated exactly.
 *   tau_m dv/dt = -(v - v_rest) + r_m I;  a substep that ends with v >= v_th is a spike.
 * Potentials are in units of the threshold's distance from rest by default, or in mV with a
 * current in nA and a resistance in megohm; the model only asks that they agree. With r_m = tau_m,
 * as by default, a drive of 1 raises v by 1 per ms before it leaks.
 * gain: surrogate d b / d v times d v / d drive; 0 while refractory.
 * Source: Rotter & Diesmann 1999; Gerstner et al. 2014, sec. 1.3. */
#define lif_PARAMS(P)                                                                           \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms", "membrane time constant")                                    \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV", "spike threshold")                                       \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "potential after a spike")                            \
  P(v_rest, 0.0f, -200.0f, 200.0f, "mV", "resting potential")                                   \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV", "membrane resistance: potential per unit of drive")           \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms", "refractory period")                                         \
  P(reset, 1.0f, 0.0f, 1.0f, "", "0: set to v_reset (hard); 1: lower by v_th - v_reset (soft)") \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV", "slope of the sigmoid surrogate at the threshold")
#define lif_DERIVED(D)              \
  D(decay, "exp(-dt/tau_m)")        \
  D(scale, "r_m (1 - decay)")       \
  D(v_th, "v_th")                   \
  D(v_reset, "v_reset")             \
  D(v_rest, "v_rest")               \
  D(drop, "v_th - v_reset")         \
  D(ref_steps, "t_ref/dt, rounded") \
  D(soft, "reset")                  \
  D(slope, "slope")
#define lif_STATE(S)               \
  S(v, "mV", "membrane potential") \
  S(refrac, "substep", "left of the refractory period")
HD_NEURON_TYPES(lif)

HD_FN void lif_derive(struct lif_derived *d, const struct lif_params *p, float dt_ms) {
  const float leak = -hd__expm1f(-dt_ms / p->tau_m);
  *d = (struct lif_derived){.decay = 1.0f - leak,
                            .scale = p->r_m * leak,
                            .v_th = p->v_th,
                            .v_reset = p->v_reset,
                            .v_rest = p->v_rest,
                            .drop = p->v_th - p->v_reset,
                            .ref_steps = hd__steps(p->t_ref, dt_ms),
                            .soft = p->reset,
                            .slope = p->slope};
}

HD_FN void lif_reset(const struct lif_derived *d, struct lif_lane *s) {
  s->v = d->v_rest;
  s->refrac = 0.0f;
}

HD_FN hd__fire lif_step(const struct lif_derived *d, struct lif_lane *s, float drive, float noise) {
  (void)noise;
  const float open = s->refrac > 0.0f ? 0.0f : 1.0f;
  const float integrated = d->v_rest + d->decay * (s->v - d->v_rest) + d->scale * drive;
  const float v = open > 0.5f ? integrated : s->v;
  const float b = v >= d->v_th ? open : 0.0f;
  s->v = hd__after_spike(v, b, d->v_reset, d->drop, d->soft);
  s->refrac = hd__after_refractory(s->refrac, b, d->ref_steps);
  return (hd__fire){
      .b = b, .p = b, .gain = open * (hd__surrogate(d->slope, v - d->v_th) * d->scale)};
}

HD_FN hd__memory lif_memory(const struct lif_derived *d) {
  return hd__membrane_memory(d->decay, d->soft, d->ref_steps);
}
