/* A control: agents are told a signal of the recent past, drawn at random, in place of the one that
 * follows from what they did. It has the same distribution and no relation to what they did, so
 * whoever still learns does not learn from the signal.
 *
 * The last HD_SIGNALS signals are kept; one of them is told and the new one takes its place. */
#ifndef HD_SIGNAL_SHUFFLE_H
#define HD_SIGNAL_SHUFFLE_H

#include "arena.h"

enum { HD_SIGNALS = 1024 };

typedef struct hd__signal_shuffle {
  bool is_on; /* off: signals are told as they are */
  uint64_t seed;
  double *recent; /* [HD_SIGNALS] */
  int64_t *count; /* [1] signals so far */
} hd__signal_shuffle;

/* is_on and seed are given. */
void hd__signal_shuffle_lay_out(hd__signal_shuffle *shuffle, hd__arena *arena);
/* What is told in place of a signal. */
double hd__signal_shuffle_next(hd__signal_shuffle *shuffle, double signal);
/* The same of n signals, one after the other: written to told, or signal itself where it is off. */
const float *hd__signal_shuffle_all(hd__signal_shuffle *shuffle, int n, const float *signal,
                                    float *told);

#endif
