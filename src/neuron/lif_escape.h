/* lif-escape: leaky integrate-and-fire with escape noise. The membrane is that of lif; it fires
 * at random, at a rate that grows with the potential,
 *   p = 1 - exp(-h),  h = rho0 exp((v - theta)/delta) dt.
 * Since logit p = ln(e^h - 1),
 *   gain = d logit p / d drive = (scale/delta) h/(1 - e^-h),
 * which tends to scale/delta where spikes are rare. While refractory p and gain are 0.
 * (v - theta)/delta is held within -60 and 20, far beyond where p is 0 or 1 in single precision.
 * Source: Gerstner et al. 2014, sec. 9.1; Pfister et al. 2006. */
#define lif_escape_PARAMS(P)                                                          \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms", "membrane time constant")                          \
  P(theta, 1.0f, -200.0f, 200.0f, "mV", "potential at which the rate is rho0")        \
  P(rho0, 1.0f, 1e-6f, 1e3f, "1/ms", "firing rate at theta")                          \
  P(delta, 0.3f, 1e-3f, 100.0f, "mV", "potential that multiplies the rate by e")      \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "potential after a spike")                  \
  P(v_rest, 0.0f, -200.0f, 200.0f, "mV", "resting potential")                         \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV", "membrane resistance: potential per unit of drive") \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms", "refractory period")                               \
  P(reset, 0.0f, 0.0f, 1.0f, "", "0: set to v_reset (hard); 1: lower by theta - v_reset (soft)")
#define lif_escape_DERIVED(D)       \
  D(decay, "exp(-dt/tau_m)")        \
  D(scale, "r_m (1 - decay)")       \
  D(theta, "theta")                 \
  D(h0, "rho0 dt")                  \
  D(steepness, "1/delta")           \
  D(v_reset, "v_reset")             \
  D(v_rest, "v_rest")               \
  D(drop, "theta - v_reset")        \
  D(ref_steps, "t_ref/dt, rounded") \
  D(soft, "reset")
#define lif_escape_STATE(S)        \
  S(v, "mV", "membrane potential") \
  S(refrac, "substep", "left of the refractory period")
HD_NEURON_TYPES(lif_escape)

HD_FN void lif_escape_derive(struct lif_escape_derived *d, const struct lif_escape_params *p,
                             float dt_ms) {
  const float leak = -hd__expm1f(-dt_ms / p->tau_m);
  *d = (struct lif_escape_derived){.decay = 1.0f - leak,
                                   .scale = p->r_m * leak,
                                   .theta = p->theta,
                                   .h0 = p->rho0 * dt_ms,
                                   .steepness = 1.0f / p->delta,
                                   .v_reset = p->v_reset,
                                   .v_rest = p->v_rest,
                                   .drop = p->theta - p->v_reset,
                                   .ref_steps = hd__steps(p->t_ref, dt_ms),
                                   .soft = p->reset};
}

HD_FN void lif_escape_reset(const struct lif_escape_derived *d, struct lif_escape_lane *s) {
  s->v = d->v_rest;
  s->refrac = 0.0f;
}

HD_FN hd__fire lif_escape_step(const struct lif_escape_derived *d, struct lif_escape_lane *s,
                               float drive, float noise) {
  const float open = s->refrac > 0.0f ? 0.0f : 1.0f;
  const float integrated = d->v_rest + d->decay * (s->v - d->v_rest) + d->scale * drive;
  const float v = open > 0.5f ? integrated : s->v;
  const float h = d->h0 * hd__expf(hd__clampf((v - d->theta) * d->steepness, -60.0f, 20.0f));
  const float p = -hd__expm1f(-h);
  const float b = noise < p ? open : 0.0f;
  s->v = hd__after_spike(v, b, d->v_reset, d->drop, d->soft);
  s->refrac = hd__after_refractory(s->refrac, b, d->ref_steps);
  return (hd__fire){.b = b, .p = open * p, .gain = open * (d->scale * d->steepness * (h / p))};
}

HD_FN hd__memory lif_escape_memory(const struct lif_escape_derived *d) {
  return hd__membrane_memory(d->decay, d->soft, d->ref_steps);
}
