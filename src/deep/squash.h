/* Actions as tanh of a normal deviate: a = tanh(u), u = mean + deviation e, e standard normal.
 *
 *   ln p(a) = -e^2/2 - ln deviation - ln(2 pi)/2 - ln(1 - a^2)    per component
 *
 * Gradients let e stay (the reparameterised ones).
 * Source: Haarnoja et al. 2018, arXiv 1812.05905, appendix C. */
#ifndef HD_SQUASH_H
#define HD_SQUASH_H

#include "mathf.h"

/* Bounds of ln deviation, beyond which it has no gradient. */
#define HD_LOG_DEVIATION_LOW -20.0f
#define HD_LOG_DEVIATION_HIGH 2.0f

typedef struct hd__squashed {
  float action, log_p;
  float spread; /* deviation e: du by ln deviation */
} hd__squashed;

/* ln(1 - tanh(u)^2) without the cancellation: 2 (ln 2 - |u| - ln(1 + e^(-2|u|))). */
static inline float hd__log_slope_of_tanh(float u) {
  const float far = u < 0.0f ? -u : u;
  return 2.0f * (0.693147181f - far - hd__logf(1.0f + hd__expf(-2.0f * far)));
}

static inline hd__squashed hd__squash(float mean, float log_deviation, float e) {
  const float s = hd__clampf(log_deviation, HD_LOG_DEVIATION_LOW, HD_LOG_DEVIATION_HIGH);
  const float spread = hd__expf(s) * e, u = mean + spread;
  return (hd__squashed){
      .action = hd__tanhf(u),
      .log_p = -0.5f * e * e - s - 0.918938533f - hd__log_slope_of_tanh(u),
      .spread = spread,
  };
}

/* From the gradients of a loss by action and by log probability those by mean and by ln
 * deviation. */
static inline void hd__squash_back(const hd__squashed *drawn, float log_deviation, float g_action,
                                   float g_log_p, float *g_mean, float *g_log_deviation) {
  const float a = drawn->action;
  const float g_u = g_action * (1.0f - a * a) + g_log_p * 2.0f * a;
  const int moves = log_deviation > HD_LOG_DEVIATION_LOW && log_deviation < HD_LOG_DEVIATION_HIGH;
  *g_mean = g_u;
  *g_log_deviation = moves ? g_u * drawn->spread - g_log_p : 0.0f;
}

#endif
