#include "threshold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *model, *base, *adapt; /* settings; NULL: it does not adapt */
} rows[] = {{"if", "if.v_th", NULL},
            {"lif", "lif.v_th", NULL},
            {"cuba", "cuba.v_th", NULL},
            {"alif", "alif.v_th", "alif.adapt"},
            {"lif-escape", "lif-escape.theta", NULL}};

static const char *threshold_text(const hd_config *config, const char *key) {
  const char *text = hd_config_get(config, key);
  return text != NULL ? text : "";
}

static float threshold_number(const hd_config *config, const char *key) {
  return strtof(threshold_text(config, key), NULL);
}

/* exp(-dt / tau_a), by which the adaptation of alif fades in a substep. */
static float threshold_fading(const hd_config *config) {
  return expf(-threshold_number(config, "dt") / threshold_number(config, "alif.tau_a"));
}

threshold threshold_of(const hd_config *config) {
  const bool is_own = strcmp(threshold_text(config, "learn_threshold"), "true") == 0;
  for (size_t i = 0; !is_own && i < sizeof rows / sizeof *rows; i++) {
    if (strcmp(threshold_text(config, "neuron"), rows[i].model) == 0) {
      const bool adapts = rows[i].adapt != NULL;
      return (threshold){.is_known = true,
                         .adapts = adapts,
                         .base = threshold_number(config, rows[i].base),
                         .adapt = adapts ? threshold_number(config, rows[i].adapt) : 0.0f,
                         .rho = adapts ? threshold_fading(config) : 1.0f};
    }
  }
  return (threshold){.rho = 1.0f};
}
