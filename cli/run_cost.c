/* What a network's decisions cost in spikes and synaptic operations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_data.h"
#include "stand_in.h"

/* What the last layer's spikes reach: a line for each action, or for each real number. NAN: the
 * environment is not here to tell. */
static double run_cost_outputs(hd_ctx *ctx, const hd_config *config) {
  const hd_env_desc *env;
  const char *task = hd_config_task(config);
  if (stand_in_is(ctx, task) || hd_env_find(ctx, task, &env) != HD_OK) {
    return (double)NAN;
  }
  return env->n_act == 1 && env->act[0].count > 0 ? (int)env->act[0].count : env->n_act;
}

static bool run_cost_is_set(const hd_config *config, const char *key) {
  const char *value = hd_config_get(config, key);
  return value != NULL && strcmp(value, "true") == 0;
}

/* Neurons that a spike of a layer reaches. Neurons named action decide: they reach none. */
static double run_cost_fan_out(const run_evaluation *e, int l, double n_outputs,
                               bool is_recurrent) {
  const run_layer *layer = &e->layer[l];
  const double own = is_recurrent && strncmp(layer->name, "hidden", 6) == 0 ? layer->n : 0;
  if (strcmp(layer->name, "action") == 0) {
    return own;
  }
  return own + (l + 1 < e->n_layers ? e->layer[l + 1].n : n_outputs);
}

static void run_cost_of(run_evaluation *e, double substeps, double n_outputs, bool is_recurrent) {
  e->spikes = e->syn_ops = e->n_layers > 0 ? 0 : (double)NAN;
  for (int l = 0; l < e->n_layers; l++) {
    const run_layer *layer = &e->layer[l];
    const double spikes = layer->n > 0 ? layer->rate * layer->n * substeps : (double)NAN;
    e->spikes += spikes;
    e->syn_ops += spikes * run_cost_fan_out(e, l, n_outputs, is_recurrent);
  }
}

void run_costs(hd_ctx *ctx, run_data *self) {
  const char *text = hd_config_get(self->config, "substeps");
  const double substeps = text != NULL ? strtod(text, NULL) : 1;
  const bool is_recurrent = run_cost_is_set(self->config, "recurrent");
  const double n_outputs = run_cost_outputs(ctx, self->config);
  for (int i = 0; i < self->n; i++) {
    int64_t steps = 0;
    double so_far = 0;
    for (int k = 0; k < self->learner[i].n; k++) {
      run_evaluation *e = &self->learner[i].evaluation[k];
      run_cost_of(e, substeps, n_outputs, is_recurrent);
      so_far += e->syn_ops * (double)(e->env_steps - steps);
      steps = e->env_steps;
      e->syn_ops_so_far = so_far;
    }
  }
}
