/* alif: adaptive leaky integrate-and-fire. Every spike raises the threshold, which then sinks back:
 *   u = beta v + gamma I;  u >= v_th + adapt a is a spike;
 *   v = u - b (v_th - v_reset) (soft), or v_reset after a spike (hard);  a = rho a + b,
 *   beta = exp(-dt/tau_m), gamma = r_m (1 - beta), rho = exp(-dt/tau_a).
 * A neuron that remembers for tau_a what it did, much longer than its membrane does.
 * gain: surrogate d b / d u times d u / d drive.
 * Source: Bellec et al. 2018; Bellec et al. 2020, eqs. 8 and 9. */
#define alif_PARAMS(P)                                                                           \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms",                                                               \
    "The membrane time constant: without input the potential decays by a factor of e in this "   \
    "time.")                                                                                     \
  P(tau_a, 100.0f, 0.1f, 1e6f, "ms",                                                             \
    "What spikes have added to the threshold decays by a factor of e in this time.")             \
  P(adapt, 0.2f, 0.0f, 200.0f, "mV", "A spike raises the threshold by this much.")               \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV", "The threshold of a neuron that has not fired lately.")   \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "The membrane potential after a spike.")               \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV",                                                                \
    "The membrane resistance: a constant drive of 1 raises the potential by this much in the "   \
    "end.")                                                                                      \
  P(reset, 1.0f, 0.0f, 1.0f, HD_WHOLE,                                                           \
    "A spike sets the potential to v_reset (0, hard) or lowers the potential by v_th - v_reset " \
    "(1, soft).")                                                                                \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV",                                                            \
    "The slope, at the threshold, of the sigmoid whose derivative stands for that of a spike.")
#define alif_STATE(S)              \
  S(v, "mV", "membrane potential") \
  S(a, "", "adaptation: past spikes, fading")
HD_MEMBRANE_TYPES(alif)

HD_FN hd__membrane alif_membrane(const struct alif_params *p) {
  return (hd__membrane){.tau_m = p->tau_m,
                        .r_m = p->r_m,
                        .tau_a = p->tau_a,
                        .adapt = p->adapt,
                        .v_th = p->v_th,
                        .v_reset = p->v_reset,
                        .is_soft = p->reset > 0.5f,
                        .slope = p->slope};
}
