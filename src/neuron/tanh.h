/* tanh: the smooth unit of ordinary networks, p = tanh u. It does not spike: a control, like relu.
 * gain: d p / d drive = 1 - p^2.
 * Source: LeCun et al. 1998, sec. 4.4. */
#define tanh_PARAMS(P)
#define tanh_DERIVED(D)
#define tanh_STATE(S)
HD_UNIT_TYPES(tanh)

/* The value y of a drive, and the slope d y / d drive, told by y. */
HD_FN float tanh_value(float drive) { return hd__tanhf(drive); }

HD_FN float tanh_slope(float y) { return 1.0f - y * y; }
