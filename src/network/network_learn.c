/* Projections that learn: rules from a definition, their substeps, and the global signal. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "network_internal.h"

/* ---- definition ---- */

static hd_status network_learn_compile(hd_network *network, const hd_network_def *def, int k,
                                       hd__plastic *plastic) {
  hd_ctx *ctx = network->ctx;
  const hd_projection_def *from = &def->projection[k];
  const char *name = network->projection[k].name;
  const hd_rule_desc *rule;
  float param[HD_RULE_PARAMS_MAX];
  char owner[HD_NETWORK_LONG_NAME + 16];
  snprintf(owner, sizeof owner, "projection '%s'", name);
  HD_TRY(hd_rule_find(ctx, from->rule, &rule));
  if (rule->needs & HD_RULE_BACK) {
    return hd__fail(ctx, HD_CONFLICT,
                    "projection '%s': rule %s learns from d log pi / d spike, which only a "
                    "session's readout gives",
                    name, rule->name);
  }
  if (!isfinite(from->rate)) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has rate = %g, which is not finite", name,
                    (double)from->rate);
  }
  const hd__param_list list = {"rule", rule->name, rule->param, rule->n_params, def->dt_ms};
  HD_TRY(hd__params_read(ctx, owner, &list, from->rule_params, param));
  return hd__plastic_compile(ctx, &network->graph, k, rule, param, def->seed + (uint64_t)k,
                             plastic);
}

static void network_learn_lay_out_parts(hd_network *network) {
  const int n = network->n_plastic;
  network->plastic = HD_TAKE(&network->rules, hd__plastic, n);
  network->rate = HD_TAKE(&network->rules, float, n);
  network->read = HD_TAKE(&network->rules, hd__read_view, n);
  network->plastic_at = HD_TAKE(&network->rules, size_t, n);
}

static hd_status network_learn_take_parts(hd_network *network, int n) {
  network->n_plastic = n;
  network_learn_lay_out_parts(network);
  HD_TRY(hd__arena_commit(network->ctx, &network->rules));
  network_learn_lay_out_parts(network);
  return HD_OK;
}

/* Where the state of each rule begins in that of a row. */
static void network_learn_place(hd_network *network) {
  for (int k = 0; k < network->n_plastic; k++) {
    network->plastic_at[k] = network->n_trace;
    network->n_trace += HD_PAD(network->plastic[k].n_state);
  }
}

hd_status hd__network_compile_rules(hd_network *network, const hd_network_def *def) {
  int n = 0;
  for (int k = 0; k < def->n_projections; k++) {
    n += def->projection[k].rule != NULL;
  }
  HD_TRY(network_learn_take_parts(network, n));
  for (int k = 0, i = 0; k < def->n_projections; k++) {
    if (def->projection[k].rule != NULL) {
      HD_TRY(network_learn_compile(network, def, k, &network->plastic[i]));
      network->rate[i++] = def->projection[k].rate;
    }
  }
  network_learn_place(network);
  return HD_OK;
}

hd_status hd__network_copy_rules(hd_network *network, int n, const hd__plastic *plastic) {
  HD_TRY(network_learn_take_parts(network, n));
  for (int k = 0; k < n; k++) {
    network->plastic[k] = plastic[k];
  }
  network_learn_place(network);
  return HD_OK;
}

void hd__network_lay_out_rules(hd_network *network, hd__arena *arena) {
  for (int k = 0; k < network->n_plastic; k++) {
    hd__plastic_lay_out(&network->graph, &network->plastic[k], arena);
  }
  network->trace = HD_TAKE(arena, float, (size_t)network->rows * network->n_trace);
}

/* ---- at work ---- */

float *hd__network_rule_state(const hd_network *network, int k, int row) {
  return network->trace + (size_t)row * network->n_trace + network->plastic_at[k];
}

void hd__network_step_rules(hd_network *network) {
  for (int k = 0; k < network->n_plastic; k++) {
    for (int row = 0; row < network->rows; row++) {
      hd__plastic_step(&network->plastic[k], &network->graph, row, &network->read[k],
                       hd__network_rule_state(network, k, row));
    }
  }
}

void hd__network_reset_rules(hd_network *network, int row) {
  if (network->n_trace > 0) {
    memset(network->trace + (size_t)row * network->n_trace, 0, sizeof(float) * network->n_trace);
  }
}

/* Eligibilities of all rows, before any weight moves. */
static hd_status network_learn_decide(hd_network *network, int k) {
  const hd__plastic *plastic = &network->plastic[k];
  for (int row = 0; row < network->rows; row++) {
    float *state = hd__network_rule_state(network, k, row);
    hd__plastic_decide(plastic, &network->graph, row, &network->read[k], state);
    if (!hd__plastic_check_e(plastic, &network->graph, state)) {
      return hd__fail(network->ctx, HD_NUMERIC,
                      "projection '%s': rule %s wrote an eligibility that is not finite",
                      network->projection[plastic->projection].name,
                      hd__plastic_rule(plastic)->name);
    }
  }
  return HD_OK;
}

static void network_learn_signal(hd_network *network, int k, const float *signal) {
  const hd__plastic *plastic = &network->plastic[k];
  float *W = network->weights + network->projection[plastic->projection].at;
  for (int row = 0; row < network->rows; row++) {
    hd__plastic_signal(plastic, &network->graph, row, network->rate[k], signal[row],
                       hd__network_rule_state(network, k, row), NULL, W);
  }
}

hd_status hd_network_signal(hd_network *network, const float *signal) {
  HD_TRY(hd__network_check_own(network));
  for (int row = 0; row < network->rows; row++) {
    if (!isfinite(signal[row])) {
      return hd__fail(network->ctx, HD_NUMERIC, "the signal of row %d is %g, which is not finite",
                      row, (double)signal[row]);
    }
  }
  for (int k = 0; k < network->n_plastic; k++) {
    HD_TRY(network_learn_decide(network, k));
  }
  for (int k = 0; k < network->n_plastic; k++) {
    network_learn_signal(network, k, signal);
  }
  return HD_OK;
}
