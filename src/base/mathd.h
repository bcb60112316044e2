/* sin and cos in double of our own: the same bits on every machine and compiler, and free of
 * branches and calls.
 *
 * The argument is reduced by the nearest multiple of pi/2, held in three parts, to a head and a
 * tail; the polynomials on [-pi/4, pi/4] are fdlibm's (Sun Microsystems 1993, k_sin.c, k_cos.c).
 * Valid for |x| < 1e5; tests/base/test_mathd.c holds the error below 0.8 units in the last place.
 */
#ifndef HD_MATHD_H
#define HD_MATHD_H

#include <stdint.h>
#include <string.h>

#define HD_PI 3.14159265358979323846

static inline double hd__mind(double a, double b) { return a < b ? a : b; }
static inline double hd__maxd(double a, double b) { return a > b ? a : b; }
static inline double hd__clampd(double x, double low, double high) {
  return hd__mind(hd__maxd(x, low), high);
}

/* sin of head + tail, |head| <= pi/4. */
static inline double hd__sin_reduced(double head, double tail) {
  const double z = head * head, cube = z * head;
  double p = 1.58969099521155010221e-10;
  p = p * z - 2.50507602534068634195e-08;
  p = p * z + 2.75573137070700676789e-06;
  p = p * z - 1.98412698298579493134e-04;
  p = p * z + 8.33333333332248946124e-03;
  return head - ((z * (0.5 * tail - cube * p) - tail) + cube * 1.66666666666666324348e-01);
}

/* cos of head + tail, |head| <= pi/4. */
static inline double hd__cos_reduced(double head, double tail) {
  const double z = head * head;
  double p = -1.13596475577881948265e-11;
  p = p * z + 2.08757232129817482790e-09;
  p = p * z - 2.75573143513906633035e-07;
  p = p * z + 2.48015872894767294178e-05;
  p = p * z - 1.38888888888741095749e-03;
  p = p * z + 4.16666666666666019037e-02;
  const double half = 0.5 * z, w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z * (z * p) - head * tail));
}

static inline void hd__sincos(double x, double *sine, double *cosine) {
  /* Adding 1.5 * 2^52 leaves the nearest integer in the low bits of the sum. */
  const double magic = 6755399441055744.0, sum = x * 6.36619772367581382433e-01 + magic;
  const double n = sum - magic;
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);

  /* The first two parts of pi/2 have 33 bits, so that their products with n are exact. */
  const double a = x - n * 1.57079632673412561417e+00, b = n * 6.07710050630396597660e-11;
  const double r = a - b, b_seen = a - r, a_seen = r + b_seen;
  const double lost = (a - a_seen) - (b - b_seen);
  const double rest = n * 2.02226624879595063154e-21 - lost;
  const double head = r - rest, tail = (r - head) - rest;

  const double s = hd__sin_reduced(head, tail), c = hd__cos_reduced(head, tail);
  const double even = bits & 1 ? c : s, odd = bits & 1 ? s : c;
  *sine = bits & 2 ? -even : even;
  *cosine = (bits + 1) & 2 ? -odd : odd;
}

static inline double hd__sin(double x) {
  double sine, cosine;
  hd__sincos(x, &sine, &cosine);
  return sine;
}

static inline double hd__cos(double x) {
  double sine, cosine;
  hd__sincos(x, &sine, &cosine);
  return cosine;
}

#endif
