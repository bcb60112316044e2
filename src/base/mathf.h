/* Elementary functions of our own: the same bits on every machine and compiler, and free of
 * branches and calls, so that loops over them become vector code.
 *
 * Errors were measured over the whole float range against libm in double (tests/base). */
#ifndef HD_MATHF_H
#define HD_MATHF_H

#include <stdint.h>
#include <string.h>

#define HD_PI_F 3.14159265358979f

static inline float hd__from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline uint32_t hd__to_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline float hd__minf(float a, float b) { return a < b ? a : b; }
static inline float hd__maxf(float a, float b) { return a > b ? a : b; }
static inline float hd__clampf(float x, float low, float high) {
  return hd__minf(hd__maxf(x, low), high);
}

/* Nearest integer, halves to even; |x| < 2^22. */
#define HD_ROUNDER 12582912.0f /* 1.5 2^23: the sum with x has the integer in its last bits */
static inline float hd__roundf(float x) { return (x + HD_ROUNDER) - HD_ROUNDER; }

/* p 2^n, n the integer in the last bits of `rounded`; p and the result are normal, or far enough
 * below 1 not to matter. */
static inline float hd__scale_power(float p, float rounded) {
  return hd__from_bits(hd__to_bits(p) + (hd__to_bits(rounded) << 23));
}

/* e^r - 1 for |r| <= 0.35. Cephes' polynomial. */
static inline float hd__expm1_nearf(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return (p * r) * r + r;
}

/* e^x. Arguments are clamped to [-87, 88]. */
static inline float hd__expf(float x) {
  x = hd__clampf(x, -87.0f, 88.0f);
  const float rounded = x * 1.44269504f + HD_ROUNDER, n = rounded - HD_ROUNDER;
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  return hd__scale_power(hd__expm1_nearf(r) + 1.0f, rounded);
}

/* e^x - 1, accurate near 0 as well. */
static inline float hd__expm1f(float x) {
  const float far = hd__expf(x) - 1.0f, near = hd__expm1_nearf(x);
  return x > -0.35f && x < 0.35f ? near : far;
}

/* ln x for normal x > 0. Cephes' polynomial. */
static inline float hd__logf(float x) {
  const uint32_t bits = hd__to_bits(x);
  int32_t e = (int32_t)(bits >> 23) - 126;
  float m = hd__from_bits((bits & 0x007FFFFFu) | 0x3F000000u);
  const int small = m < 0.707106781f;
  e -= small;
  m = small ? m + m : m;
  const float r = m - 1.0f, z = r * r, fe = (float)e;
  float p = 7.0376836292e-2f;
  p = p * r - 1.1514610310e-1f;
  p = p * r + 1.1676998740e-1f;
  p = p * r - 1.2420140846e-1f;
  p = p * r + 1.4249322787e-1f;
  p = p * r - 1.6668057665e-1f;
  p = p * r + 2.0000714765e-1f;
  p = p * r - 2.4999993993e-1f;
  p = p * r + 3.3333331174e-1f;
  p = p * r * z;
  p = p + fe * -2.12194440e-4f;
  p = p - 0.5f * z;
  return (r + p) + fe * 0.693359375f;
}

/* x clamped to [-126, 126]: floats of one sign are in the order of their bits, those below 0
 * backwards, and the smaller of two integers is one operation on a vector. */
static inline float hd__clamp_power(float x) {
  const int32_t high = 0x42FC0000;
  const uint32_t low = 0xC2FC0000u;
  const int32_t bits = (int32_t)hd__to_bits(x), below = bits < high ? bits : high;
  return hd__from_bits((uint32_t)below < low ? (uint32_t)below : low);
}

/* 1 / (1 + e^-x). The exponential is 2^t, its fraction by the polynomial of
 * degree 5 with the least relative error on [-1/2, 1/2] (9e-8, fitted by tools/fit_exp2.py), and
 * the one rounding of x log2(e) costs up to |x| ulps far below 0: plenty for a probability that is
 * compared with draws of 16 bits. */
static inline float hd__sigmoidf(float x) {
  const float t = hd__clamp_power(x * -1.44269504f);
  const float rounded = t + HD_ROUNDER, f = t - (rounded - HD_ROUNDER);
  float p = 1.32647272e-3f;
  p = p * f + 9.67151281e-3f;
  p = p * f + 5.55073374e-2f;
  p = p * f + 2.40222421e-1f;
  p = p * f + 6.93146978e-1f;
  p = p * f + 1.0f;
  return 1.0f / (1.0f + hd__scale_power(p, rounded));
}

static inline float hd__tanhf(float x) {
  const float far = 2.0f / (1.0f + hd__expf(-2.0f * x)) - 1.0f;
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * x + x;
  return z < 0.390625f ? near : far;
}

/* sqrt, correctly rounded everywhere. */
static inline float hd__sqrtf(float x) { return __builtin_sqrtf(x); }

/* sqrt of a sum in double precision: as single precision gives it, and also where that overflows. */
static inline double hd__sqrt_of_sum(double x) {
  return x <= 3e38 ? (double)hd__sqrtf((float)x) : __builtin_sqrt(x);
}

/* sin and cos of 2 pi x, for |x| < 2^20: exact reduction to an eighth of a turn, then Taylor. */
static inline void hd__sincos_turnf(float x, float *sine, float *cosine) {
  const float q = hd__roundf(4.0f * x);
  const float r = (x - 0.25f * q) * 6.28318531f, z = r * r;
  const float s =
      r + r * z * (-1.6666667e-1f + z * (8.3333338e-3f + z * (-1.9841270e-4f + z * 2.7557319e-6f)));
  const float c =
      1.0f + z * (-0.5f + z * (4.1666668e-2f + z * (-1.3888889e-3f + z * 2.4801587e-5f)));
  const int quarter = (int)q & 3;
  const float a = quarter & 1 ? c : s, b = quarter & 1 ? s : c;
  *sine = quarter & 2 ? -a : a;
  *cosine = (quarter + 1) & 2 ? -b : b;
}

/* Angle of the point (x, y) in [-pi, pi]; 0 at the origin. Cephes' polynomial for the arctangent
 * of |t| <= tan(pi/8). */
static inline float hd__atan2f(float y, float x) {
  const float ax = x < 0.0f ? -x : x, ay = y < 0.0f ? -y : y;
  const float small = hd__minf(ax, ay), large = hd__maxf(ax, ay);
  const int is_steep = small > 0.414213562f * large;
  const float numerator = is_steep ? small - large : small;
  const float denominator = is_steep ? small + large : large;
  const float t = numerator / (denominator > 0.0f ? denominator : 1.0f), z = t * t;
  float p = 8.05374449538e-2f;
  p = p * z - 1.38776856032e-1f;
  p = p * z + 1.99777106478e-1f;
  p = p * z - 3.33329491539e-1f;
  float angle = p * z * t + t;
  angle = is_steep ? angle + 0.785398163f : angle;
  angle = ay > ax ? 1.57079633f - angle : angle;
  angle = x < 0.0f ? HD_PI_F - angle : angle;
  return y < 0.0f ? -angle : angle;
}

#endif
