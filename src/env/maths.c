#include "maths.h"

#include <math.h>

#include "env_random.h"
#include "mathd.h"

static void our_sincos(double x, double *sine, double *cosine) { hd__sincos(x, sine, cosine); }

static double our_square(double x) { return x * x; }

static float our_squaref(float x) { return x * x; }

static void platform_sincos(double x, double *sine, double *cosine) {
  *sine = sin(x);
  *cosine = cos(x);
}

/* numpy squares a scalar by pow, which is not always rounded like x * x; a constant exponent would
 * make the compiler do the latter. */
static double platform_square(double x) {
  const volatile double exponent = 2;
  return pow(x, exponent);
}

static float platform_squaref(float x) {
  const volatile float exponent = 2;
  return powf(x, exponent);
}

const hd__maths *hd__maths_of(const hd_random *random) {
  static const hd__maths ours = {our_sincos, our_square, our_squaref};
  static const hd__maths platforms = {platform_sincos, platform_square, platform_squaref};
  return random->kind == HD_RNG_GYMNASIUM ? &platforms : &ours;
}
