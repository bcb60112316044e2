/* if: perfect integrate-and-fire, a membrane that does not leak.
 *   dv/dt = I;  a substep that ends with v >= v_th is a spike.
 * A drive of 1 raises v by 1 per ms; with soft reset the long-run rate is the drive, in spikes per
 * v_th - v_reset and ms. The identifier is if_, since C keeps the name.
 * gain: surrogate d b / d v times d v / d drive; 0 while refractory.
 * Source: Lapicque 1907; soft reset: Rueckauer et al. 2017. */
#define if__PARAMS(P)                                                                            \
  P(v_th, 1.0f, -200.0f, 200.0f, "mV",                                                           \
    "The neuron fires when its membrane potential reaches this threshold.")                      \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV",                                                        \
    "The membrane potential after a spike, and at the start of a decision.")                     \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms",                                                               \
    "After a spike the neuron stays silent for this long, its refractory period.")               \
  P(reset, 1.0f, 0.0f, 1.0f, HD_WHOLE,                                                           \
    "A spike sets the potential to v_reset (0, hard) or lowers the potential by v_th - v_reset " \
    "(1, soft).")                                                                                \
  P(slope, 4.0f, 0.01f, 1e3f, "1/mV",                                                            \
    "The slope, at the threshold, of the sigmoid whose derivative stands for that of a spike.")
#define if__STATE(S)               \
  S(v, "mV", "membrane potential") \
  S(refrac, "substep", "left of the refractory period")
HD_MEMBRANE_TYPES(if_)

HD_FN hd__membrane if__membrane(const struct if__params *p) {
  return (hd__membrane){.v_th = p->v_th,
                        .v_reset = p->v_reset,
                        .v_start = p->v_reset,
                        .t_ref = p->t_ref,
                        .is_soft = p->reset > 0.5f,
                        .slope = p->slope};
}
