/* tanh: the smooth unit of ordinary networks, p = tanh u. It does not spike: a control, like relu.
 * gain: d p / d drive = 1 - p^2.
 * Source: LeCun et al. 1998, sec. 4.4. */
#define tanh_PARAMS(P)
#define tanh_DERIVED(D)
#define tanh_STATE(S)
HD_NEURON_TYPES(tanh)

HD_FN void tanh_derive(struct tanh_derived *d, const struct tanh_params *p, float dt_ms) {
  (void)d;
  (void)p;
  (void)dt_ms;
}

HD_FN void tanh_reset(const struct tanh_derived *d, struct tanh_lane *s) {
  (void)d;
  (void)s;
}

HD_FN hd__fire tanh_step(const struct tanh_derived *d, struct tanh_lane *s, float drive,
                         float noise) {
  (void)d;
  (void)s;
  (void)noise;
  const float p = hd__tanhf(drive);
  return (hd__fire){.b = 0.0f, .p = p, .gain = 1.0f - p * p};
}

HD_FN hd__memory tanh_memory(const struct tanh_derived *d) {
  (void)d;
  return (hd__memory){0};
}
