/* The few statistics a study reports. */
#ifndef HD_STATISTICS_H
#define HD_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

typedef struct hd__interval {
  double low, high;
} hd__interval;

enum { HD_RESAMPLES = 2000 };

/* Scratch that hd__iqm_interval needs for n values. */
#define HD_IQM_SCRATCH(n) ((size_t)(n) + HD_RESAMPLES)

/* 95 % interval of a fraction, k of n. n = 0 gives [0, 1].
 * Source  Wilson 1927, J. Am. Stat. Assoc. 22:209. */
hd__interval hd__wilson(int k, int n);

void hd__sort(double *x, int n);

/* Of sorted values; NAN for none. */
double hd__median(const double *x, int n);

/* Quantile q of sorted values, at least one, linear between neighbours. */
double hd__quantile(const double *x, int n, double q);

/* Mean of what is left of sorted values when a quarter, rounded down, is cut off either end; NAN
 * for none.  Source  Agarwal et al. 2021, sec. 4.3, and their package rliable. */
double hd__iqm(const double *x, int n);

/* 95 % interval of that mean, from the percentiles of HD_RESAMPLES bootstrap samples of sorted
 * values; a sample is kept as how often each is in it, so that none has to be sorted. With one task
 * there is one stratum.  Source  Agarwal et al. 2021, sec. 4.1. */
hd__interval hd__iqm_interval(const double *x, int n, uint64_t seed, double *scratch);

#endif
