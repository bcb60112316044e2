/* lif-escape: leaky integrate-and-fire with escape noise. The membrane is that of lif; it fires
 * at random, at a rate that grows with the potential,
 *   p = 1 - exp(-h),  h = rho0 exp((v - theta)/delta) dt.
 * Since logit p = ln(e^h - 1),
 *   gain = d logit p / d drive = (scale/delta) h/(1 - e^-h),
 * which tends to scale/delta where spikes are rare. While refractory p and gain are 0.
 * (v - theta)/delta is held within -60 and 20, far beyond where p is 0 or 1 in single precision.
 * Source: Gerstner et al. 2014, sec. 9.1; Pfister et al. 2006. */
#define lif_escape_PARAMS(P)                                                                       \
  P(tau_m, 5.0f, 0.1f, 1e4f, "ms",                                                                 \
    "The membrane time constant: without input the potential decays by a factor of e in this "     \
    "time.")                                                                                       \
  P(theta, 1.0f, -200.0f, 200.0f, "mV", "The potential at which the firing rate is rho0.")         \
  P(rho0, 1.0f, 1e-6f, 1e3f, "1/ms", "The firing rate at the potential theta.")                    \
  P(delta, 0.3f, 1e-3f, 100.0f, "mV",                                                              \
    "A rise of the potential by this much multiplies the firing rate by e.")                       \
  P(v_reset, 0.0f, -200.0f, 200.0f, "mV", "The membrane potential after a spike.")                 \
  P(v_rest, 0.0f, -200.0f, 200.0f, "mV", "The potential that a membrane without input decays to.") \
  P(r_m, 5.0f, 1e-3f, 1e4f, "mV",                                                                  \
    "The membrane resistance: a constant drive of 1 raises the potential by this much in the "     \
    "end.")                                                                                        \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms",                                                                 \
    "After a spike the neuron stays silent for this long, its refractory period.")                 \
  P(reset, 0.0f, 0.0f, 1.0f, HD_WHOLE,                                                             \
    "A spike sets the potential to v_reset (0, hard) or lowers the potential by theta - v_reset "  \
    "(1, soft).")
#define lif_escape_DERIVED(D) \
  D(theta, "theta")           \
  D(h0, "rho0 dt")            \
  D(steepness, "1/delta")
#define lif_escape_STATE(S)        \
  S(v, "mV", "membrane potential") \
  S(refrac, "substep", "left of the refractory period")
HD_DRAWING_MEMBRANE_TYPES(lif_escape)

HD_FN hd__membrane lif_escape_membrane(const struct lif_escape_params *p) {
  return (hd__membrane){.tau_m = p->tau_m,
                        .r_m = p->r_m,
                        .v_th = p->theta,
                        .v_reset = p->v_reset,
                        .v_rest = p->v_rest,
                        .v_start = p->v_rest,
                        .t_ref = p->t_ref,
                        .is_soft = p->reset > 0.5f};
}

HD_FN void lif_escape_derive(struct lif_escape_derived *d, const struct lif_escape_params *p,
                             float dt_ms) {
  const hd__membrane m = lif_escape_membrane(p);
  *d = (struct lif_escape_derived){
      .membrane = hd__membrane_derive(&m, HD_MEMBRANE_PARTS(lif_escape), dt_ms),
      .theta = p->theta,
      .h0 = p->rho0 * dt_ms,
      .steepness = 1.0f / p->delta};
}

/* What a potential v and a draw make of a neuron that is not refractory. */
HD_FN hd__fire lif_escape_fire(const struct lif_escape_derived *d, float v, float noise) {
  const float h = d->h0 * hd__expf(hd__clampf((v - d->theta) * d->steepness, -60.0f, 20.0f));
  const float p = -hd__expm1f(-h);
  return (hd__fire){
      .b = noise < p ? 1.0f : 0.0f, .p = p, .gain = d->membrane.gamma * d->steepness * (h / p)};
}
