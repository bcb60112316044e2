/* The configuration itself, for the files that keep and describe it. */
#ifndef HD_CONFIG_INTERNAL_H
#define HD_CONFIG_INTERNAL_H

#include "key.h"
#include "method.h"

enum { TEXT_SIZE = 96 };

struct hd_config {
  hd_ctx *ctx;
  const hd_env_desc *env;
  char method[HD_METHOD_NAME]; /* its name */
  uint64_t method_hash;        /* of its file; 0: built in */
  hd__run_table run; /* of the file that was read last */
  hd__settings settings;
  hd__models models;
  float param[HD_MODEL_PARAMS_MAX];                           /* [models.n_params] */
  unsigned char origin[HD_OPTION_KEYS + HD_MODEL_PARAMS_MAX]; /* by the index of hd_config_at */
  /* What hd_config_at hands out. */
  char value[TEXT_SIZE], fallback[TEXT_SIZE], allowed[4 * TEXT_SIZE], key[TEXT_SIZE];
  char readers[4 * TEXT_SIZE];
};

#endif
