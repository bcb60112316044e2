/* Running mean and variance of what the environments show: inputs are brought to one scale by them.
 * Sources: Welford 1962, Chan et al. 1979 (merging a batch); Engstrom et al. 2020. */
#ifndef HD_NORMALISER_H
#define HD_NORMALISER_H

#include "arena.h"

typedef struct hd__normaliser {
  bool is_on;
  int n;
  double *count;           /* [1] */
  double *mean, *variance; /* [n] */
  float *middle, *scale;   /* [n] mean and 1 / deviation, of mean and variance as they are */
} hd__normaliser;

void hd__normaliser_lay_out(hd__normaliser *norm, hd__arena *arena, const char *name, int n);
void hd__normaliser_start(hd__normaliser *norm);
/* Mean and variance were loaded. */
void hd__normaliser_prepare(hd__normaliser *norm);
/* Take in B rows of n. */
void hd__normaliser_update(hd__normaliser *norm, int B, const float *x);
/* y = (x - mean) / deviation, clipped to +-10; a copy of x if it is off. */
void hd__normaliser_apply(const hd__normaliser *norm, int rows, const float *x, float *y);

#endif
