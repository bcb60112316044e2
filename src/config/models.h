/* Models whose parameters are options of their own, with keys "model.parameter": neuron models,
 * codings and learning rules, registered ones included. */
#ifndef HD_MODELS_H
#define HD_MODELS_H

#include "context_internal.h"

typedef enum hd__model_kind { HD_MODEL_NEURON, HD_MODEL_CODING, HD_MODEL_RULE, HD_MODEL_KINDS } hd__model_kind;

enum { HD_MODEL_PARAMS_MAX = 256 };

/* How many models of each kind there were when a configuration was made: what is registered later
 * is no part of it. */
typedef struct hd__models {
  int n[HD_MODEL_KINDS];
  int n_params; /* of all of them together */
} hd__models;

hd__models hd__models_of(const hd_ctx *ctx);

/* One parameter, by its index among those of all models. */
typedef struct hd__model_param {
  hd__model_kind kind;
  const char *model;
  const hd_param *param;
} hd__model_param;

hd__model_param hd__model_param_at(const hd_ctx *ctx, const hd__models *models, int index);

/* Write the defaults of all parameters. value: [n_params] */
void hd__model_defaults(const hd_ctx *ctx, const hd__models *models, float *value);

/* The index of a key's parameter; -1: there is none. */
int hd__model_param_find(const hd_ctx *ctx, const hd__models *models, const char *key);

/* The index of a model's first parameter, and in *n their number; n = 0: there is no such model. */
int hd__model_params(const hd_ctx *ctx, const hd__models *models, hd__model_kind kind,
                     const char *model, int *n);

/* The option that chooses a model of this kind, and the heading of their parameters. */
const char *hd__model_option(hd__model_kind kind);
const char *hd__model_group(hd__model_kind kind);

#endif
