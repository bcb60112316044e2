/* izhikevich: two variables that give the firing patterns of cortical neurons.
 *   dv/dt = 0.04 v^2 + 5 v + 140 - u + scale I;   du/dt = a (b v - u)
 *   v >= 30 mV at a substep's end is a spike, after which v = c and u = u + d.
 * As in the published programs v takes two half steps at a fixed u, then u a whole one (Euler).
 * v starts at c and u at b c. a = 0.02, b = 0.2, c = -65, d = 8 fire regularly (excitatory), a =
 * 0.1 and d = 2 fast (inhibitory). Near a spike the equation is stiff: with dt = 1 ms the pattern
 * is right and spikes are late by up to a substep. gain: 0, since the threshold lies within the
 * dynamics; rules that differentiate spikes refuse it. Source: Izhikevich 2003, IEEE Transactions
 * on Neural Networks 14:1569. */
#define izhikevich_PARAMS(P)                                                                     \
  P(a, 0.02f, 1e-4f, 10.0f, "1/ms", "The recovery variable follows the potential at this rate.") \
  P(b, 0.2f, -10.0f, 10.0f, "1/ms",                                                              \
    "The recovery variable settles at this many times the potential.")                           \
  P(c, -65.0f, -200.0f, 29.0f, "mV", "The membrane potential after a spike.")                    \
  P(d, 8.0f, -200.0f, 200.0f, "mV/ms", "A spike raises the recovery variable by this much.")     \
  P(scale, 40.0f, 1e-3f, 1e4f, "mV/ms", "A drive of 1 raises the potential by this much per ms.")
#define izhikevich_DERIVED(D) \
  D(a, "a dt")                \
  D(b, "b")                   \
  D(c, "c")                   \
  D(d, "d")                   \
  D(scale, "scale")           \
  D(half, "dt/2")
#define izhikevich_STATE(S)        \
  S(v, "mV", "membrane potential") \
  S(u, "mV/ms", "recovery variable")
HD_NEURON_TYPES(izhikevich)

HD_FN void izhikevich_derive(struct izhikevich_derived *d, const struct izhikevich_params *p,
                             float dt_ms) {
  *d = (struct izhikevich_derived){
      .a = p->a * dt_ms, .b = p->b, .c = p->c, .d = p->d, .scale = p->scale, .half = 0.5f * dt_ms};
}

HD_FN void izhikevich_reset(const struct izhikevich_derived *d, struct izhikevich_lane *s) {
  s->v = d->c;
  s->u = d->b * d->c;
}

/* Half a step of the potential, held where its square is a number. */
HD_FN float izhikevich_half(const struct izhikevich_derived *d, float v, float input) {
  return hd__clampf(v + d->half * ((0.04f * v + 5.0f) * v + 140.0f + input), -1e6f, 1e6f);
}

HD_FN hd__fire izhikevich_step(const struct izhikevich_derived *d, struct izhikevich_lane *s,
                               float drive, float noise) {
  (void)noise;
  const float input = d->scale * drive - s->u;
  const float v = izhikevich_half(d, izhikevich_half(d, s->v, input), input);
  const float u = s->u + d->a * (d->b * v - s->u);
  const float b = v >= 30.0f ? 1.0f : 0.0f;
  s->v = b > 0.0f ? d->c : v;
  s->u = u + b * d->d;
  return (hd__fire){.b = b, .p = b, .gain = 0.0f};
}

HD_FN hd__memory izhikevich_memory(const struct izhikevich_derived *d) {
  (void)d;
  return (hd__memory){0};
}
