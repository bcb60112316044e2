/* adex: adaptive exponential integrate-and-fire.
 *   c dv/dt = -g_l (v - e_l) + g_l delta_t exp((v - v_t)/delta_t) - w + scale I
 *   tau_w dw/dt = a (v - e_l) - w
 *   v >= v_peak at a substep's end is a spike, after which v = v_reset and w = w + b.
 * Both variables take one Euler step from the state before. The exponent is held below 20. The
 * spike's upstroke is stiff: traces of the published regimes want dt = 0.1 ms or less.
 * gain: 0, since the threshold lies within the dynamics; rules that differentiate spikes refuse it.
 * Source: Brette & Gerstner 2005, Journal of Neurophysiology 94:3637; regimes of Naud et al. 2008.
 */
#define adex_PARAMS(P)                                                                           \
  P(c, 281.0f, 1.0f, 1e4f, "pF", "The membrane has this capacitance.")                                    \
  P(g_l, 30.0f, 1e-2f, 1e4f, "nS", "The leak has this conductance.")                                      \
  P(e_l, -70.6f, -200.0f, 0.0f, "mV", "The potential that a membrane without input decays to.")  \
  P(v_t, -50.4f, -200.0f, 0.0f, "mV",                                                            \
    "Near this potential the exponential current takes over from the leak.")                     \
  P(delta_t, 2.0f, 0.1f, 20.0f, "mV",                                                            \
    "A rise of the potential by this much multiplies the exponential current by e.")             \
  P(tau_w, 144.0f, 0.1f, 1e4f, "ms", "The time constant of the adaptation current.")             \
  P(a, 4.0f, -1e3f, 1e3f, "nS", "The adaptation current follows the potential with this slope.") \
  P(b, 80.5f, 0.0f, 1e4f, "pA", "A spike raises the adaptation current by this much.")           \
  P(v_reset, -70.6f, -200.0f, 0.0f, "mV", "The membrane potential after a spike.")               \
  P(v_peak, 20.0f, -50.0f, 100.0f, "mV",                                                         \
    "The neuron fires when its membrane potential reaches this value.")                          \
  P(scale, 4000.0f, 1e-3f, 1e6f, "pA", "A drive of 1 is a current of this size.")
#define adex_DERIVED(D)     \
  D(by, "dt/c")             \
  D(g_l, "g_l")             \
  D(e_l, "e_l")             \
  D(v_t, "v_t")             \
  D(delta_t, "delta_t")     \
  D(steepness, "1/delta_t") \
  D(by_w, "dt/tau_w")       \
  D(a, "a")                 \
  D(b, "b")                 \
  D(v_reset, "v_reset")     \
  D(v_peak, "v_peak")       \
  D(scale, "scale")
#define adex_STATE(S)              \
  S(v, "mV", "membrane potential") \
  S(w, "pA", "adaptation current")
HD_NEURON_TYPES(adex)

HD_FN void adex_derive(struct adex_derived *d, const struct adex_params *p, float dt_ms) {
  *d = (struct adex_derived){.by = dt_ms / p->c,
                             .g_l = p->g_l,
                             .e_l = p->e_l,
                             .v_t = p->v_t,
                             .delta_t = p->delta_t,
                             .steepness = 1.0f / p->delta_t,
                             .by_w = dt_ms / p->tau_w,
                             .a = p->a,
                             .b = p->b,
                             .v_reset = p->v_reset,
                             .v_peak = p->v_peak,
                             .scale = p->scale};
}

HD_FN void adex_reset(const struct adex_derived *d, struct adex_lane *s) {
  s->v = d->e_l;
  s->w = 0.0f;
}

HD_FN hd__fire adex_step(const struct adex_derived *d, struct adex_lane *s, float drive,
                         float noise) {
  (void)noise;
  const float over = s->v - d->e_l;
  const float upstroke = hd__expf(hd__clampf((s->v - d->v_t) * d->steepness, -60.0f, 20.0f));
  const float leak = d->g_l * (d->delta_t * upstroke - over);
  const float v = hd__clampf(s->v + d->by * (leak - s->w + d->scale * drive), -1e6f, 1e6f);
  const float w = s->w + d->by_w * (d->a * over - s->w);
  const float b = v >= d->v_peak ? 1.0f : 0.0f;
  s->v = b > 0.0f ? d->v_reset : v;
  s->w = w + b * d->b;
  return (hd__fire){.b = b, .p = b, .gain = 0.0f};
}

HD_FN hd__memory adex_memory(const struct adex_derived *d) {
  (void)d;
  return (hd__memory){0};
}
