#include "maths.h"

#include <math.h>

#include "env_random.h"
#include "mathd.h"

static void maths_our_sincos(double x, double *sine, double *cosine) {
  hd__sincos(x, sine, cosine);
}

static double maths_our_square(double x) { return x * x; }

static float maths_our_squaref(float x) { return x * x; }

static void maths_platform_sincos(double x, double *sine, double *cosine) {
  *sine = sin(x);
  *cosine = cos(x);
}

/* numpy squares a scalar by pow, which is not always rounded like x * x; a constant exponent would
 * make the compiler do the latter. */
static double maths_platform_square(double x) {
  const volatile double exponent = 2;
  return pow(x, exponent);
}

static float maths_platform_squaref(float x) {
  const volatile float exponent = 2;
  return powf(x, exponent);
}

const hd__maths *hd__maths_of(const hd_random *random) {
  static const hd__maths ours = {maths_our_sincos, maths_our_square, maths_our_squaref};
  static const hd__maths platforms = {maths_platform_sincos, maths_platform_square,
                                      maths_platform_squaref};
  return random->kind == HD_RNG_GYMNASIUM ? &platforms : &ours;
}
