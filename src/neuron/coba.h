/* coba: leaky integrate-and-fire with synaptic conductances.
 *   tau_m dv/dt = e_l - v + g_e (e_e - v) + g_i (e_i - v),   g in units of the leak's
 *   g_e <- g_e exp(-dt/tau_e) and g_i likewise, after the substep
 * A positive drive opens excitatory conductance, g_e += scale I, a negative one inhibitory,
 * g_i -= scale I: what excites and what inhibits in the same substep is summed first. v follows
 * the equation exactly for the conductances at the substep's beginning (exponential Euler). A
 * substep that ends with v >= v_th is a spike, after which v = v_reset for t_ref.
 * gain: 0, since a drive acts through the distance to its reversal potential; rules that
 * differentiate spikes refuse it.
 * Source: Vogels & Abbott 2005; Brette et al. 2007, benchmark 1. */
#define coba_PARAMS(P)                                                                             \
  P(tau_m, 20.0f, 0.1f, 1e4f, "ms", "The membrane time constant at rest.")                         \
  P(e_l, -60.0f, -200.0f, 0.0f, "mV", "The potential that a membrane without input decays to.")    \
  P(v_th, -50.0f, -200.0f, 0.0f, "mV",                                                             \
    "The neuron fires when its membrane potential reaches this threshold.")                        \
  P(v_reset, -60.0f, -200.0f, 0.0f, "mV", "The membrane potential after a spike.")                 \
  P(e_e, 0.0f, -200.0f, 200.0f, "mV", "The reversal potential of excitation.")                     \
  P(e_i, -80.0f, -200.0f, 200.0f, "mV", "The reversal potential of inhibition.")                   \
  P(tau_e, 5.0f, 0.1f, 1e4f, "ms", "Excitatory conductance decays by a factor of e in this time.") \
  P(tau_i, 10.0f, 0.1f, 1e4f, "ms",                                                                \
    "Inhibitory conductance decays by a factor of e in this time.")                                \
  P(t_ref, 0.0f, 0.0f, 1e3f, "ms",                                                                 \
    "After a spike the neuron stays silent for this long, its refractory period.")                 \
  P(scale, 1.0f, 1e-3f, 1e3f, "",                                                                  \
    "A drive of 1 opens this conductance, in units of the leak conductance.")
#define coba_DERIVED(D)       \
  D(by, "dt/tau_m")           \
  D(e_l, "e_l")               \
  D(v_th, "v_th")             \
  D(v_reset, "v_reset")       \
  D(e_e, "e_e")               \
  D(e_i, "e_i")               \
  D(keep_e, "exp(-dt/tau_e)") \
  D(keep_i, "exp(-dt/tau_i)") \
  D(ref_steps, "t_ref/dt")    \
  D(scale, "scale")
#define coba_STATE(S)                             \
  S(v, "mV", "membrane potential")                \
  S(g_e, "of the leak", "excitatory conductance") \
  S(g_i, "of the leak", "inhibitory conductance") \
  S(refrac, "substep", "left of the refractory period")
HD_NEURON_TYPES(coba)

HD_FN void coba_derive(struct coba_derived *d, const struct coba_params *p, float dt_ms) {
  *d = (struct coba_derived){.by = dt_ms / p->tau_m,
                             .e_l = p->e_l,
                             .v_th = p->v_th,
                             .v_reset = p->v_reset,
                             .e_e = p->e_e,
                             .e_i = p->e_i,
                             .keep_e = hd__expf(-dt_ms / p->tau_e),
                             .keep_i = hd__expf(-dt_ms / p->tau_i),
                             .ref_steps = hd__roundf(p->t_ref / dt_ms),
                             .scale = p->scale};
}

HD_FN void coba_reset(const struct coba_derived *d, struct coba_lane *s) {
  *s = (struct coba_lane){.v = d->e_l};
}

HD_FN hd__fire coba_step(const struct coba_derived *d, struct coba_lane *s, float drive,
                         float noise) {
  (void)noise;
  const float input = hd__clampf(d->scale * drive, -1e6f, 1e6f);
  const float g_e = s->g_e + hd__maxf(input, 0.0f), g_i = s->g_i + hd__maxf(-input, 0.0f);
  const float g = 1.0f + g_e + g_i;
  const float end = (d->e_l + g_e * d->e_e + g_i * d->e_i) / g;
  const float free = end + (s->v - end) * hd__expf(hd__maxf(-d->by * g, -80.0f));
  const float v = s->refrac > 0.0f ? s->v : free;
  const float b = s->refrac <= 0.0f && v >= d->v_th ? 1.0f : 0.0f;
  s->v = b > 0.0f ? d->v_reset : v;
  s->g_e = d->keep_e * g_e;
  s->g_i = d->keep_i * g_i;
  s->refrac = b > 0.0f ? d->ref_steps : hd__maxf(s->refrac - 1.0f, 0.0f);
  return (hd__fire){.b = b, .p = b, .gain = 0.0f};
}

HD_FN hd__memory coba_memory(const struct coba_derived *d) {
  (void)d;
  return (hd__memory){0};
}
