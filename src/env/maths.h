/* The elementary functions an environment steps with.
 *
 * Natively they are ours: the same numbers everywhere. Gymnasium's numbers are those of the
 * platform's libm, and one rounding of sin or cos becomes a different float observation within
 * some hundred steps; so its random stream comes with the platform's functions. */
#ifndef HD_MATHS_H
#define HD_MATHS_H

#include "hedon/env.h"

typedef struct hd__maths {
  void (*sincos)(double x, double *sine, double *cosine);
  double (*square)(double x);
  float (*squaref)(float x);
} hd__maths;

/* Those that go with a random stream. */
const hd__maths *hd__maths_of(const hd_random *random);

#endif
