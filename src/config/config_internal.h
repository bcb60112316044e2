/* The configuration itself, for the files that keep and describe it. */
#ifndef HD_CONFIG_INTERNAL_H
#define HD_CONFIG_INTERNAL_H

#include "method.h"
#include "option.h"

enum { TEXT_SIZE = 96 };

struct hd_config {
  hd_ctx *ctx;
  const hd_env_desc *env;
  const hd__method_row *method;
  hd__settings settings;
  hd__models models;
  float param[HD_MODEL_PARAMS_MAX];                           /* [models.n_params] */
  unsigned char origin[HD_OPTION_KEYS + HD_MODEL_PARAMS_MAX]; /* by the index of hd_config_at */
  /* What hd_config_at hands out. */
  char value[TEXT_SIZE], fallback[TEXT_SIZE], allowed[4 * TEXT_SIZE], key[TEXT_SIZE];
  char readers[4 * TEXT_SIZE];
};

/* A model's parameter as a row of options. */
hd__option_row hd__param_row(const hd_param *param);

#endif
