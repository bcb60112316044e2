#include "synapse_payment.h"

#include "mathf.h"

/* Running means remember some twenty generations; young ones are plain means. */
static double follow(double mean, double value, double count) {
  const double rate = count < 19.0 ? 1.0 / (count + 1.0) : 0.05;
  return mean + rate * (value - mean);
}

static float scaled(double value, double square) {
  const float deviation = hd__sqrtf((float)square);
  return deviation > 0.0f ? hd__clampf((float)value / deviation, -3.0f, 3.0f) : 0.0f;
}

float hd__payment_next(hd__payment kind, hd__purse *purse, double value) {
  const bool is_first = purse->count == 0.0;
  const double change = is_first ? 0.0 : value - purse->last;
  const double above = is_first ? 0.0 : value - purse->mean;
  const double raw = kind == HD_PAYMENT_RETURN ? above : change;
  if (!is_first) {
    purse->square = follow(purse->square, raw * raw, purse->count - 1.0);
  }
  purse->mean = follow(purse->mean, value, purse->count);
  purse->last = value;
  purse->count += 1.0;
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
  return scaled(raw, purse->square);
}
