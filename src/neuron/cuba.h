/* cuba: current-based leaky integrate-and-fire. What comes in feeds a synaptic current with a time
 * constant of its own, and the current the membrane:
 *   c = alpha c + I,  u = beta v + gamma c;  u >= v_th is a spike;
 *   v = u - b (v_th - v_reset) (soft), or v_reset after a spike (hard),
 *   alpha = exp(-dt/tau_syn), beta = exp(-dt/tau_m), gamma = r_m (1 - beta).
 * A spike leaves the current as it is. A drive of 1 for one substep raises the potential by
 * r_m (1 - beta) at once and by more for some substeps, as long as alpha c outweighs the leak.
 * gain: surrogate d b / d u times d u / d drive.
 * Source: Rotter & Diesmann 1999; Zenke & Ganguli 2018. */
#define cuba_PARAMS(P)                                                                          \
  P(tau_syn, 2.0f, 0.01f, 1e4f, "ms", "time constant of the synaptic current")                  \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms", "membrane time constant")                                    \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV", "spike threshold")                                       \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "potential after a spike")                            \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV", "membrane resistance: potential per unit of current")         \
  P(reset, 1.0f, 0.0f, 1.0f, "", "0: set to v_reset (hard); 1: lower by v_th - v_reset (soft)") \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV", "slope of the sigmoid surrogate at the threshold")
#define cuba_DERIVED(D)        \
  D(alpha, "exp(-dt/tau_syn)") \
  D(beta, "exp(-dt/tau_m)")    \
  D(gamma, "r_m (1 - beta)")   \
  D(v_th, "v_th")              \
  D(v_reset, "v_reset")        \
  D(drop, "v_th - v_reset")    \
  D(soft, "reset")             \
  D(slope, "slope")
#define cuba_STATE(S)              \
  S(v, "mV", "membrane potential") \
  S(c, "", "synaptic current")
HD_NEURON_TYPES(cuba)

HD_FN void cuba_derive(struct cuba_derived *d, const struct cuba_params *p, float dt_ms) {
  const float leak = -hd__expm1f(-dt_ms / p->tau_m);
  *d = (struct cuba_derived){.alpha = 1.0f + hd__expm1f(-dt_ms / p->tau_syn),
                             .beta = 1.0f - leak,
                             .gamma = p->r_m * leak,
                             .v_th = p->v_th,
                             .v_reset = p->v_reset,
                             .drop = p->v_th - p->v_reset,
                             .soft = p->reset,
                             .slope = p->slope};
}

HD_FN void cuba_reset(const struct cuba_derived *d, struct cuba_lane *s) {
  (void)d;
  s->v = 0.0f;
  s->c = 0.0f;
}

HD_FN hd__fire cuba_step(const struct cuba_derived *d, struct cuba_lane *s, float drive,
                         float noise) {
  (void)noise;
  s->c = d->alpha * s->c + drive;
  const float u = d->beta * s->v + d->gamma * s->c;
  const float b = u >= d->v_th ? 1.0f : 0.0f;
  s->v = hd__after_spike(u, b, d->v_reset, d->drop, d->soft);
  return (hd__fire){.b = b, .p = b, .gain = hd__surrogate(d->slope, u - d->v_th) * d->gamma};
}

HD_FN hd__memory cuba_memory(const struct cuba_derived *d) {
  hd__memory memory = hd__membrane_memory(d->beta, d->soft, 0.0f);
  memory.current = d->alpha;
  return memory;
}
