/* relu: rectified linear unit, p = max(0, u). It does not spike: the ordinary network beside which
 * spiking ones are shown.  gain: d p / d drive, 0 at the corner.
 * Source: Nair & Hinton 2010. */
#define relu_PARAMS(P)
#define relu_DERIVED(D)
#define relu_STATE(S)
HD_UNIT_TYPES(relu)

/* The value y of a drive, and the slope d y / d drive, told by y. */
HD_FN float relu_value(float drive) { return hd__maxf(drive, 0.0f); }

HD_FN float relu_slope(float y) { return y > 0.0f ? 1.0f : 0.0f; }
