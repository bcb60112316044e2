/* relu: rectified linear unit, p = max(0, u). It does not spike: the ordinary network beside which
 * spiking ones are shown.  gain: d p / d drive, 0 at the corner.
 * Source: Nair & Hinton 2010. */
#define relu_PARAMS(P)
#define relu_DERIVED(D)
#define relu_STATE(S)
HD_NEURON_TYPES(relu)

HD_FN void relu_derive(struct relu_derived *d, const struct relu_params *p, float dt_ms) {
  (void)d;
  (void)p;
  (void)dt_ms;
}

HD_FN void relu_reset(const struct relu_derived *d, struct relu_lane *s) {
  (void)d;
  (void)s;
}

HD_FN hd__fire relu_step(const struct relu_derived *d, struct relu_lane *s, float drive,
                         float noise) {
  (void)d;
  (void)s;
  (void)noise;
  return (hd__fire){.b = 0.0f, .p = hd__maxf(drive, 0.0f), .gain = drive > 0.0f ? 1.0f : 0.0f};
}

HD_FN hd__memory relu_memory(const struct relu_derived *d) {
  (void)d;
  return (hd__memory){0};
}
