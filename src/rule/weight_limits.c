#include "weight_limits.h"

#include <string.h>

#include "context_internal.h"
#include "mathf.h"
#include "synapse_loops.h"

/* ---- definition ---- */

#define LIMITS_NAME(name, fallback, low, high, unit, help) #name,
static const char *const names[] = {HD_LIMITS_PARAMS(LIMITS_NAME, 0, 0, 0)};
enum { BOUNDS, W_MIN, W_MAX, DALE, HOMEOSTASIS, TARGET_RATE, TAU_RATE, N_LIMITS };
_Static_assert(sizeof names / sizeof *names == N_LIMITS, "a name for each of HD_LIMITS_PARAMS");

/* Which setting reads another. */
static const struct {
  int value, reader;
  const char *use;
} read_by[] = {{W_MIN, BOUNDS, "1 (cut off) or 2 (soft)"},
               {W_MAX, BOUNDS, "1 (cut off) or 2 (soft)"},
               {TARGET_RATE, HOMEOSTASIS, "a share above 0"},
               {TAU_RATE, HOMEOSTASIS, "a share above 0"}};

/* Where the rows of limits begin in a rule's parameters; -1: nowhere. */
static int limits_find_params(const hd_rule_desc *rule) {
  for (int at = 0; at + N_LIMITS <= rule->n_params; at++) {
    int n = 0;
    while (n < N_LIMITS && strcmp(rule->param[at + n].name, names[n]) == 0) {
      n++;
    }
    if (n == N_LIMITS) {
      return at;
    }
  }
  return -1;
}

static int limits_find_excess(const hd_rule_desc *rule) {
  for (int k = 0; k < rule->n_post; k++) {
    if (strcmp(rule->post[k].name, "excess") == 0) {
      return k;
    }
  }
  return -1;
}

static hd_status limits_check(hd_ctx *ctx, const hd_rule_desc *rule, int at, const float *value) {
  for (size_t k = 0; k < sizeof read_by / sizeof *read_by; k++) {
    const int i = read_by[k].value, reader = read_by[k].reader;
    if (value[reader] == 0.0f && value[i] != (float)rule->param[at + i].fallback) {
      return hd__fail(ctx, HD_CONFLICT,
                      "%s.%s = %g is of no use with %s.%s = 0; use %s.%s = %s, or leave %s.%s",
                      rule->name, names[i], (double)value[i], rule->name, names[reader], rule->name,
                      names[reader], read_by[k].use, rule->name, names[i]);
    }
  }
  return HD_OK;
}

hd_status hd__limits_read(hd_ctx *ctx, const hd_rule_desc *rule, const float *param,
                          hd__limits *limits) {
  const int at = limits_find_params(rule), excess_at = limits_find_excess(rule);
  *limits = (hd__limits){.bounds = HD_BOUNDS_NONE};
  if (at < 0 || excess_at < 0) {
    return HD_OK;
  }
  const float *value = param + at;
  HD_TRY(limits_check(ctx, rule, at, value));
  *limits = (hd__limits){.bounds = (hd__bounds)(value[BOUNDS] + 0.5f),
                         .w_min = value[W_MIN],
                         .w_max = value[W_MAX],
                         .is_dale = value[DALE] > 0.5f,
                         .homeostasis = value[HOMEOSTASIS],
                         .target_rate = value[TARGET_RATE],
                         .tau_rate = value[TAU_RATE],
                         .excess_at = excess_at};
  limits->is_on =
      limits->bounds != HD_BOUNDS_NONE || limits->is_dale || limits->homeostasis != 0.0f;
  return HD_OK;
}

/* ---- at work ---- */

void hd__limits_step(const hd_synapses *s, const hd__limits *limits) {
  const float by = -hd__expm1f(-s->dt_ms / limits->tau_rate), per_s = 1000.0f / s->dt_ms;
  for (int j = 0; j < s->stride; j++) {
    limits->excess[j] += by * (per_s * s->b[j] - limits->target_rate - limits->excess[j]);
  }
}

void hd__limits_add(const hd_synapses *s) {
  if (s->limits != NULL) {
    s->loops->limit(s);
  } else {
    s->loops->add(s);
  }
}

void hd__limits_add_all(const hd_synapses *s, float by) {
  for (int j = 0; j < s->stride; j++) {
    s->lane[j] = j < s->n_post ? by : 0.0f;
  }
  hd__limits_add(s);
}
