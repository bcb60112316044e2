/* The configuration itself, for the files that keep and describe it. */
#ifndef HD_CONFIG_INTERNAL_H
#define HD_CONFIG_INTERNAL_H

#include "method.h"
#include "option.h"

enum { N_PARAMS_MAX = HD_NEURON_COUNT * HD_NEURON_PARAMS_MAX, TEXT_SIZE = 96 };

struct hd_config {
  hd_ctx *ctx;
  const hd_env_desc *env;
  const hd__method_row *method;
  hd__settings settings;
  float param[HD_NEURON_COUNT][HD_NEURON_PARAMS_MAX];
  unsigned char origin[HD_OPTION_KEYS + N_PARAMS_MAX]; /* by the index of hd_config_at */
  /* What hd_config_at hands out. */
  char value[TEXT_SIZE], fallback[TEXT_SIZE], allowed[4 * TEXT_SIZE], key[TEXT_SIZE];
  char readers[4 * TEXT_SIZE];
};

/* Model and parameter of a neuron's parameter by its number, 0 the first after all options; the
 * parameter as a row of options. */
const hd__neuron_desc *hd__param_at(int index, int *param);
hd__option_row hd__param_row(const hd_param *param);

#endif
