/* lif: leaky integrate-and-fire, integrated exactly.
 *   tau_m dv/dt = -(v - v_rest) + r_m I;  a substep that ends with v >= v_th is a spike.
 * Potentials are in units of the threshold's distance from rest by default, or in mV with a
 * current in nA and a resistance in megohm; the model only asks that they agree. With r_m = tau_m,
 * as by default, a drive of 1 raises v by 1 per ms before it leaks.
 * gain: surrogate d b / d v times d v / d drive; 0 while refractory.
 * Source: Rotter & Diesmann 1999; Gerstner et al. 2014, sec. 1.3. */
#define lif_PARAMS(P)                                                                              \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms",                                                                 \
    "The membrane time constant: without input the potential decays by a factor of e in this "     \
    "time.")                                                                                       \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV",                                                             \
    "The neuron fires when its membrane potential reaches this threshold.")                        \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "The membrane potential after a spike.")                 \
  P(v_rest, 0.0f, -200.0f, 200.0f, "mV", "The potential that a membrane without input decays to.") \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV",                                                                  \
    "The membrane resistance: a constant drive of 1 raises the potential by this much in the "     \
    "end.")                                                                                        \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms",                                                                 \
    "After a spike the neuron stays silent for this long, its refractory period.")                 \
  P(reset, 1.0f, 0.0f, 1.0f, HD_WHOLE,                                                             \
    "A spike sets the potential to v_reset (0, hard) or lowers the potential by v_th - v_reset "   \
    "(1, soft).")                                                                                  \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV",                                                              \
    "The slope, at the threshold, of the sigmoid whose derivative stands for that of a spike.")
#define lif_STATE(S)               \
  S(v, "mV", "membrane potential") \
  S(refrac, "substep", "left of the refractory period")
HD_MEMBRANE_TYPES(lif)

HD_FN hd__membrane lif_membrane(const struct lif_params *p) {
  return (hd__membrane){.tau_m = p->tau_m,
                        .r_m = p->r_m,
                        .v_th = p->v_th,
                        .v_reset = p->v_reset,
                        .v_rest = p->v_rest,
                        .v_start = p->v_rest,
                        .t_ref = p->t_ref,
                        .is_soft = p->reset > 0.5f,
                        .slope = p->slope};
}
