/* cuba: current-based leaky integrate-and-fire. What comes in feeds a synaptic current with a time
 * constant of its own, and the current the membrane:
 *   c = alpha c + I,  u = beta v + gamma c;  u >= v_th is a spike;
 *   v = u - b (v_th - v_reset) (soft), or v_reset after a spike (hard),
 *   alpha = exp(-dt/tau_syn), beta = exp(-dt/tau_m), gamma = r_m (1 - beta).
 * A spike leaves the current as it is. A drive of 1 for one substep raises the potential by
 * r_m (1 - beta) at once and by more for some substeps, as long as alpha c outweighs the leak.
 * gain: surrogate d b / d u times d u / d drive.
 * Source: Rotter & Diesmann 1999; Zenke & Ganguli 2018. */
#define cuba_PARAMS(P)                                                                           \
  P(tau_syn, 2.0f, 0.01f, 1e4f, "ms",                                                            \
    "The synaptic current decays by a factor of e in this time.")                                \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms",                                                               \
    "The membrane time constant: without input the potential decays by a factor of e in this "   \
    "time.")                                                                                     \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV",                                                           \
    "The neuron fires when its membrane potential reaches this threshold.")                      \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "The membrane potential after a spike.")               \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV",                                                                \
    "The membrane resistance: a constant current of 1 raises the potential by this much in the " \
    "end.")                                                                                      \
  P(reset, 1.0f, 0.0f, 1.0f, HD_WHOLE,                                                           \
    "A spike sets the potential to v_reset (0, hard) or lowers the potential by v_th - v_reset " \
    "(1, soft).")                                                                                \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV",                                                            \
    "The slope, at the threshold, of the sigmoid whose derivative stands for that of a spike.")
#define cuba_STATE(S)              \
  S(v, "mV", "membrane potential") \
  S(c, "", "synaptic current")
HD_MEMBRANE_TYPES(cuba)

HD_FN hd__membrane cuba_membrane(const struct cuba_params *p) {
  return (hd__membrane){.tau_m = p->tau_m,
                        .r_m = p->r_m,
                        .tau_syn = p->tau_syn,
                        .v_th = p->v_th,
                        .v_reset = p->v_reset,
                        .is_soft = p->reset > 0.5f,
                        .slope = p->slope};
}
