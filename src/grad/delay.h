/* Axonal delays between layers: the next layer sees the spikes s of neuron j d_j substeps late,
 *   y(t) = (1 - f) s(t - k) + f s(t - k - 1),   d = k + f,   0 <= f <= 1,
 *   dL/dd = sum over t of dL/dy(t) (s(t - k - 1) - s(t - k)).
 * d stays between 0 and a largest delay M, of which a neuron's weight says the share as a logit.
 * Where state is carried, spikes travel from decision to decision, else they end with theirs.
 * Sources: Shrestha & Orchard 2018 (delays of axons learned by gradient); Hammouamri et al. 2024
 * (interpolation between substeps). */
#ifndef HD_DELAY_H
#define HD_DELAY_H

#include "stack_internal.h"

/* Initial shares lie evenly between the two ends, but not next to them, where they would stay. */
void hd__delay_start(const hd__stack *stack, int l, hd__key key, float *weights);

void hd__delay_lay_out(const hd__stack *stack, int l, hd__arena *arena,
                       hd__prepared_layer *prepared);
void hd__delay_prepare(const hd__stack *stack, int l, const float *weights,
                       hd__prepared_layer *prepared);

/* tape->late from tape->y, and tape->past from before the pass. */
void hd__delay_forward(const hd__run *run, int l);

/* What row r carries on after the pass: its last M substeps of spikes, [M][n_pad]. */
void hd__delay_carry(const hd__run *run, int l, int r, float *past);

/* g [slices][n_pad] by tape->late becomes one by tape->y; G is added to, unless NULL. Of
 * pass->g_state the part by spikes on their way is read and written. */
void hd__delay_backward(const hd__run *run, int l, float *g, float *G);

/* From gradients by delays to gradients by their weights. */
void hd__delay_finish(const hd__stack *stack, int l, const hd__prepared_layer *prepared, float *G);

#endif
