/* Noise that explores: standard normal deviates per environment and component, of which each keeps
 * a share of the one before it.
 *
 *   x(t) = memory x(t-1) + sqrt(1 - memory^2) e
 *
 * Memory 0 is white noise. With memory a car is pushed long enough in one direction to climb.
 * Sources: Uhlenbeck & Ornstein 1930; Lillicrap et al. 2016; Eberhard et al. 2023 (correlated noise
 * for policies that are drawn from). */
#ifndef HD_NOISE_H
#define HD_NOISE_H

#include "arena.h"
#include "kernel.h"

typedef struct hd__noise {
  const hd__kernel *kernel;
  int n; /* components */
  float memory, fresh;
  float *x;     /* [B][n] */
  float *drawn; /* [n], padded */
} hd__noise;

void hd__noise_compile(hd__noise *noise, const hd__kernel *kernel, int n, float memory);
void hd__noise_lay_out(hd__noise *noise, hd__arena *arena, int B);
/* Draw the first deviates of environment b; go on to the next. Returns them, [n]. */
void hd__noise_start(hd__noise *noise, int b, hd__key key);
const float *hd__noise_next(hd__noise *noise, int b, hd__key key);

/* The uniform deviate in (-1, 1) at the same quantile as a normal one, to 4e-4: 2 Phi(x) - 1.
 * Source: Hendrycks & Gimpel 2016 (the approximation of Phi). */
static inline float hd__uniform_of_normal(float x) {
  return hd__tanhf(0.797884561f * (x + 0.044715f * x * x * x));
}

#endif
