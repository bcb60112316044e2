#include "weight_limits.h"

#include <string.h>

#include "mathf.h"

void hd__limits_step(const hd_synapses *s, const hd__limits *limits) {
  if (limits->homeostasis == 0.0f) {
    return;
  }
  const float by = -hd__expm1f(-s->dt_ms / limits->tau_rate), per_s = 1000.0f / s->dt_ms;
  for (int j = 0; j < s->stride; j++) {
    limits->excess[j] += by * (per_s * s->b[j] - limits->target_rate - limits->excess[j]);
  }
}

bool hd__rule_moves_weights(const hd_rule_desc *rule, const float *param) {
  static const char *const limits[] = {"bounds", "dale", "homeostasis"};
  int n_listed = 0;
  for (int k = 0; k < rule->n_params; k++) {
    for (int i = 0; i < 3; i++) {
      const bool is_it = strcmp(rule->param[k].name, limits[i]) == 0;
      n_listed += is_it;
      if (is_it && param[k] != 0.0f) {
        return rule->on_signal != NULL;
      }
    }
  }
  return rule->on_signal != NULL && n_listed < 3;
}
