#include "statistics.h"

#include <math.h>
#include <string.h>

#include "random.h"

hd__interval hd__wilson(int k, int n) {
  if (n == 0) {
    return (hd__interval){0, 1};
  }
  const double z = 1.959963984540054, p = (double)k / n, zz = z * z / n;
  const double centre = (p + zz / 2) / (1 + zz);
  const double half = z * sqrt(p * (1 - p) / n + zz / (4.0 * n)) / (1 + zz);
  return (hd__interval){k == 0 ? 0 : centre - half, k == n ? 1 : centre + half};
}

/* Shell sort with gaps after Ciura 2001: the C library's may ask for memory. */
void hd__sort(double *x, int n) {
  static const int gaps[] = {1750, 701, 301, 132, 57, 23, 10, 4, 1};
  for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
    const int gap = gaps[g];
    for (int i = gap; i < n; i++) {
      const double moved = x[i];
      int j = i;
      for (; j >= gap && x[j - gap] > moved; j -= gap) {
        x[j] = x[j - gap];
      }
      x[j] = moved;
    }
  }
}

double hd__median(const double *x, int n) {
  return n == 0 ? (double)NAN : (x[(n - 1) / 2] + x[n / 2]) / 2;
}

double hd__iqm(const double *x, int n) {
  if (n == 0) {
    return (double)NAN;
  }
  const int cut = n / 4;
  double sum = 0;
  for (int i = cut; i < n - cut; i++) {
    sum += x[i];
  }
  return sum / (n - 2 * cut);
}

double hd__quantile(const double *x, int n, double q) {
  const double at = q * (n - 1);
  const int i = (int)at;
  return i + 1 < n ? x[i] + (at - i) * (x[i + 1] - x[i]) : x[i];
}

/* hd__iqm of a sample that holds x[i] count[i] times, added in the same order. */
static double statistics_iqm_counted(const double *x, const uint32_t *count, int n) {
  const int64_t cut = n / 4, end = n - cut;
  double sum = 0;
  int64_t at = 0;
  for (int i = 0; i < n && at < end; i++) {
    for (uint32_t k = 0; k < count[i]; k++, at++) {
      sum += at >= cut && at < end ? x[i] : 0;
    }
  }
  return sum / (double)(end - cut);
}

hd__interval hd__iqm_interval(const double *x, int n, uint64_t seed, double *scratch) {
  if (n == 0) {
    return (hd__interval){(double)NAN, (double)NAN};
  }
  double *iqm = scratch;
  uint32_t *count = (uint32_t *)(scratch + HD_RESAMPLES);
  for (uint64_t k = 0; k < HD_RESAMPLES; k++) {
    const hd__key key = hd__key_make(seed, HD_STREAM_STUDY, 0, k);
    memset(count, 0, sizeof *count * (size_t)n);
    for (int i = 0; i < n; i++) {
      count[(uint64_t)hd__word(key, (uint32_t)i) * (uint64_t)n >> 32]++;
    }
    iqm[k] = statistics_iqm_counted(x, count, n);
  }
  hd__sort(iqm, HD_RESAMPLES);
  return (hd__interval){hd__quantile(iqm, HD_RESAMPLES, 0.025),
                        hd__quantile(iqm, HD_RESAMPLES, 0.975)};
}
