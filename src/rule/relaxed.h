/* The relaxed value of a spike, and what it owes to the drive. */
#ifndef HD_RELAXED_H
#define HD_RELAXED_H

#include "mathf.h"

/* A relaxed spike in (0,1) for the draw that gave b = noise < p: the binary concrete variable
 * sigma((logit p + L) / tau), L = logit(1 - noise). It tends to b as tau tends to 0. A neuron that
 * cannot fire, p = 0, has no relaxed spike either.
 * Source: Maddison, Mnih, Teh 2017; Jang, Gu, Poole 2017. */
static inline float hd__relaxed(float p, float noise, float tau) {
  const float q = hd__clampf(p, 1e-6f, 1.0f - 1e-6f);
  const float logit = hd__logf(q / (1.0f - q)) + hd__logf((1.0f - noise) / noise);
  return p > 0.0f ? hd__sigmoidf(logit / tau) : 0.0f;
}

/* back dy~/du, the factor of rules that differentiate relaxed spikes. */
static inline float hd__relaxed_factor(float back, float span, float tau, float p, float noise,
                                       float gain) {
  const float y = hd__relaxed(p, noise, tau);
  return back * span * (y * (1.0f - y) / tau) * gain;
}

#endif
