#include "signal_shuffle.h"

#include "random.h"

void hd__signal_shuffle_lay_out(hd__signal_shuffle *shuffle, hd__arena *arena) {
  if (shuffle->is_on) {
    shuffle->recent = hd__arena_field(arena, "signal.recent", "F64", 1, HD_SIGNALS);
    shuffle->count = hd__arena_field(arena, "signal.count", "I64", 1, 1);
  }
}

double hd__signal_shuffle_next(hd__signal_shuffle *shuffle, double signal) {
  if (!shuffle->is_on) {
    return signal;
  }
  const int64_t count = shuffle->count[0]++;
  const hd__key key = hd__key_make(shuffle->seed, HD_STREAM_REPLAY, 0, (uint64_t)count);
  const double u = (double)hd__uniform24(key, 0);
  if (count >= 0 && count < HD_SIGNALS) {
    shuffle->recent[count] = signal;
    return shuffle->recent[(int64_t)(u * (double)(count + 1))];
  }
  double *drawn = &shuffle->recent[(int)(u * HD_SIGNALS)];
  const double told = *drawn;
  *drawn = signal;
  return told;
}

const float *hd__signal_shuffle_all(hd__signal_shuffle *shuffle, int n, const float *signal,
                                    float *told) {
  for (int k = 0; shuffle->is_on && k < n; k++) {
    told[k] = (float)hd__signal_shuffle_next(shuffle, (double)signal[k]);
  }
  return shuffle->is_on ? told : signal;
}
