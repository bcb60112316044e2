/* alif: adaptive leaky integrate-and-fire. Every spike raises the threshold, which then sinks back:
 *   u = beta v + gamma I;  u >= v_th + adapt a is a spike;
 *   v = u - b (v_th - v_reset) (soft), or v_reset after a spike (hard);  a = rho a + b,
 *   beta = exp(-dt/tau_m), gamma = r_m (1 - beta), rho = exp(-dt/tau_a).
 * A neuron that remembers for tau_a what it did, much longer than its membrane does.
 * gain: surrogate d b / d u times d u / d drive.
 * Source: Bellec et al. 2018; Bellec et al. 2020, eqs. 8 and 9. */
#define alif_PARAMS(P)                                                                          \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms", "membrane time constant")                                    \
  P(tau_a, 100.0f, 0.1f, 1e6f, "ms", "time constant of the adaptation")                         \
  P(adapt, 0.2f, 0.0f, 200.0f, "mV", "by how much a spike raises the threshold")                \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV", "spike threshold at rest")                               \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "potential after a spike")                            \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV", "membrane resistance: potential per unit of drive")           \
  P(reset, 1.0f, 0.0f, 1.0f, "", "0: set to v_reset (hard); 1: lower by v_th - v_reset (soft)") \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV", "slope of the sigmoid surrogate at the threshold")
#define alif_DERIVED(D)      \
  D(beta, "exp(-dt/tau_m)")  \
  D(gamma, "r_m (1 - beta)") \
  D(rho, "exp(-dt/tau_a)")   \
  D(adapt, "adapt")          \
  D(v_th, "v_th")            \
  D(v_reset, "v_reset")      \
  D(drop, "v_th - v_reset")  \
  D(soft, "reset")           \
  D(slope, "slope")
#define alif_STATE(S)              \
  S(v, "mV", "membrane potential") \
  S(a, "", "adaptation: past spikes, fading")
HD_NEURON_TYPES(alif)

HD_FN void alif_derive(struct alif_derived *d, const struct alif_params *p, float dt_ms) {
  const float leak = -hd__expm1f(-dt_ms / p->tau_m);
  *d = (struct alif_derived){.beta = 1.0f - leak,
                             .gamma = p->r_m * leak,
                             .rho = 1.0f + hd__expm1f(-dt_ms / p->tau_a),
                             .adapt = p->adapt,
                             .v_th = p->v_th,
                             .v_reset = p->v_reset,
                             .drop = p->v_th - p->v_reset,
                             .soft = p->reset,
                             .slope = p->slope};
}

HD_FN void alif_reset(const struct alif_derived *d, struct alif_lane *s) {
  (void)d;
  s->v = 0.0f;
  s->a = 0.0f;
}

HD_FN hd__fire alif_step(const struct alif_derived *d, struct alif_lane *s, float drive,
                         float noise) {
  (void)noise;
  const float u = d->beta * s->v + d->gamma * drive;
  const float threshold = d->v_th + d->adapt * s->a;
  const float b = u >= threshold ? 1.0f : 0.0f;
  s->v = hd__after_spike(u, b, d->v_reset, d->drop, d->soft);
  s->a = d->rho * s->a + b;
  return (hd__fire){.b = b, .p = b, .gain = hd__surrogate(d->slope, u - threshold) * d->gamma};
}

HD_FN hd__memory alif_memory(const struct alif_derived *d) {
  hd__memory memory = hd__membrane_memory(d->beta, d->soft, 0.0f);
  memory.tire = d->adapt / d->gamma;
  memory.fade = d->rho;
  return memory;
}
