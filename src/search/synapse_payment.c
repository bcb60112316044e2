#include "synapse_payment.h"

#include "mathf.h"

/* Running means remember some twenty generations; young ones are plain means. */
static double synapse_payment_running_mean(double mean, double value, double count) {
  const double rate = count < 19.0 ? 1.0 / (count + 1.0) : 0.05;
  return mean + rate * (value - mean);
}

static float synapse_payment_scaled(double value, double square) {
  const float deviation = hd__sqrtf((float)square);
  return deviation > 0.0f ? hd__clampf((float)value / deviation, -3.0f, 3.0f) : 0.0f;
}

float hd__payment_next(hd__payment kind, hd__return_statistics *statistics, double value) {
  const bool is_first = statistics->count == 0.0;
  const double change = is_first ? 0.0 : value - statistics->last;
  const double above = is_first ? 0.0 : value - statistics->mean;
  const double raw = kind == HD_PAYMENT_RETURN ? above : change;
  if (!is_first) {
    statistics->square =
        synapse_payment_running_mean(statistics->square, raw * raw, statistics->count - 1.0);
  }
  statistics->mean = synapse_payment_running_mean(statistics->mean, value, statistics->count);
  statistics->last = value;
  statistics->count += 1.0;
  switch (kind) {
    case HD_PAYMENT_SIGN:
      return hd__payment_sign(change, is_first ? 0.0f : -1.0f);
    case HD_PAYMENT_SIGN_ZERO:
    case HD_PAYMENT_COUNTERFACTUAL:
      return hd__payment_sign(change, 0.0f);
    case HD_PAYMENT_DELTA:
    case HD_PAYMENT_RETURN:
      break;
  }
  return synapse_payment_scaled(raw, statistics->square);
}
