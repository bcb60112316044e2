#include "models.h"

#include <string.h>

#include "coding.h"
#include "hedon/rule.h"
#include "neuron.h"

/* A model as far as parameters go. */
typedef struct models_row {
  const char *name;
  const hd_param *param;
  int n;
} models_row;

static models_row models_neuron(const hd_ctx *ctx, int i) {
  const hd__neuron_desc *neuron = hd__neuron_at(ctx, i);
  return (models_row){neuron->name, neuron->param, neuron->n_params};
}

static models_row models_coding(const hd_ctx *ctx, int i) {
  const hd__code_desc *code = hd__code_at(ctx, i);
  return (models_row){code->name, code->param, code->n_params};
}

static models_row models_rule(const hd_ctx *ctx, int i) {
  const hd_rule_desc *rule = hd_rule_at(ctx, i);
  return (models_row){rule->name, rule->param, rule->n_params};
}

static const struct models_kind {
  const char *option, *group;
  int (*count)(const hd_ctx *ctx);
  models_row (*at)(const hd_ctx *ctx, int i);
} kinds[HD_MODEL_KINDS] = {
    [HD_MODEL_NEURON] = {"neuron", "Neurons", hd__neuron_count, models_neuron},
    [HD_MODEL_CODING] = {"coding", "Codings", hd__code_count, models_coding},
    [HD_MODEL_RULE] = {"rule", "Rules", hd_rule_count, models_rule},
};

hd__models hd__models_of(const hd_ctx *ctx) {
  hd__models models = {.n_params = 0};
  for (int kind = 0; kind < HD_MODEL_KINDS; kind++) {
    models.n[kind] = kinds[kind].count(ctx);
    for (int i = 0; i < models.n[kind]; i++) {
      models.n_params += kinds[kind].at(ctx, i).n;
    }
  }
  return models;
}

/* A place in the walk over all models, which begins with {.i = -1}. */
typedef struct models_place {
  int kind, i;
  int first; /* index of the model's first parameter */
  models_row row;
} models_place;

/* Go on to the next model; false past the last. */
static bool models_next(const hd_ctx *ctx, const hd__models *models, models_place *at) {
  at->first += at->row.n;
  at->i++;
  while (at->kind < HD_MODEL_KINDS && at->i == models->n[at->kind]) {
    at->kind++;
    at->i = 0;
  }
  if (at->kind == HD_MODEL_KINDS) {
    return false;
  }
  at->row = kinds[at->kind].at(ctx, at->i);
  return true;
}

hd__model_param hd__model_param_at(const hd_ctx *ctx, const hd__models *models, int index) {
  models_place at = {.i = -1};
  while (models_next(ctx, models, &at) && index >= at.first + at.row.n) {
  }
  return (hd__model_param){.kind = (hd__model_kind)at.kind,
                           .model = at.row.name,
                           .param = &at.row.param[index - at.first]};
}

void hd__model_defaults(const hd_ctx *ctx, const hd__models *models, float *value) {
  models_place at = {.i = -1};
  while (models_next(ctx, models, &at)) {
    for (int k = 0; k < at.row.n; k++) {
      value[at.first + k] = at.row.param[k].fallback;
    }
  }
}

/* What follows "model." in a key, or NULL. */
static const char *models_after(const char *key, const char *model) {
  const size_t n = strlen(model);
  return strncmp(key, model, n) == 0 && key[n] == '.' ? key + n + 1 : NULL;
}

int hd__model_param_find(const hd_ctx *ctx, const hd__models *models, const char *key) {
  models_place at = {.i = -1};
  while (models_next(ctx, models, &at)) {
    const char *name = models_after(key, at.row.name);
    for (int k = 0; name != NULL && k < at.row.n; k++) {
      if (strcmp(at.row.param[k].name, name) == 0) {
        return at.first + k;
      }
    }
  }
  return -1;
}

int hd__model_params(const hd_ctx *ctx, const hd__models *models, hd__model_kind kind,
                     const char *model, int *n) {
  models_place at = {.i = -1};
  *n = 0;
  while (models_next(ctx, models, &at)) {
    if (at.kind == (int)kind && strcmp(at.row.name, model) == 0) {
      *n = at.row.n;
      return at.first;
    }
  }
  return 0;
}

const char *hd__model_option(hd__model_kind kind) { return kinds[kind].option; }

const char *hd__model_group(hd__model_kind kind) { return kinds[kind].group; }
