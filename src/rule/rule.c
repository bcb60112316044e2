#include <string.h>

#include "context_internal.h"
#include "described.h"
#include "rule_rows.h"
#include "text.h"

static const hd_rule_desc *const table[] = {
#define HD_RULE_ROW(rule) &hd__rule_##rule,
    HD_RULES(HD_RULE_ROW)
#undef HD_RULE_ROW
};

enum { BUILT_IN = sizeof table / sizeof table[0] };

int hd_rule_count(const hd_ctx *ctx) { return BUILT_IN + ctx->rules.n; }

const hd_rule_desc *hd_rule_at(const hd_ctx *ctx, int index) {
  return index < BUILT_IN ? table[index] : ctx->rules.item[index - BUILT_IN];
}

bool hd__rule_is_own(const hd_rule_desc *rule) {
  for (int i = 0; i < BUILT_IN; i++) {
    if (rule == table[i]) {
      return false;
    }
  }
  return true;
}

static const char *rule_name_at(const void *ctx, int index) { return hd_rule_at(ctx, index)->name; }

static const hd_rule_desc *rule_find(const hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    if (strcmp(rule_name_at(ctx, i), name) == 0) {
      return hd_rule_at(ctx, i);
    }
  }
  return NULL;
}

hd_status hd_rule_find(hd_ctx *ctx, const char *name, const hd_rule_desc **out) {
  const hd_rule_desc *rule = rule_find(ctx, name);
  if (rule == NULL) {
    const char *near = hd__nearest(name, rule_name_at, ctx, hd_rule_count(ctx));
    return hd__fail(ctx, HD_UNKNOWN, near != NULL ? "no rule is called '%s'; did you mean '%s'?"
                                                  : "no rule is called '%s'; `hedon list rules` "
                                                    "shows them%s", name, near != NULL ? near : "");
  }
  *out = rule;
  return HD_OK;
}

static bool rule_has_hook(const hd_rule_desc *rule) {
  return rule->before != NULL || rule->on_pre != NULL || rule->on_post != NULL ||
         rule->after != NULL || rule->on_decision != NULL || rule->on_signal != NULL;
}

static hd_status rule_check(hd_ctx *ctx, const hd_rule_desc *desc) {
  if (desc == NULL || desc->size != sizeof(hd_rule_desc)) {
    return hd__fail(ctx, HD_USAGE, "a rule's descriptor must have size = sizeof(hd_rule_desc)");
  }
  if (desc->name == NULL || desc->name[0] == '\0') {
    return hd__fail(ctx, HD_USAGE, "a rule needs a name");
  }
  if ((desc->factor != NULL) == rule_has_hook(desc)) {
    return hd__fail(ctx, HD_USAGE,
                    "rule '%s' %s; a rule has either a factor function or hooks that keep state",
                    desc->name, desc->factor != NULL ? "has both" : "has neither");
  }
  if (desc->n_pre + desc->n_post + desc->n_synapse > HD_RULE_STATE_MAX) {
    return hd__fail(ctx, HD_USAGE, "rule '%s' lists %d kinds of state, allowed up to %d",
                    desc->name, desc->n_pre + desc->n_post + desc->n_synapse, HD_RULE_STATE_MAX);
  }
  return hd__params_check(ctx, "rule", desc->name, desc->param, desc->n_params, HD_RULE_PARAMS_MAX);
}

hd_status hd_rule_register(hd_ctx *ctx, const hd_rule_desc *desc) {
  HD_TRY(rule_check(ctx, desc));
  if (rule_find(ctx, desc->name) != NULL) {
    return hd__fail(ctx, HD_USAGE, "a rule called '%s' exists already", desc->name);
  }
  return hd__registry_add(ctx, &ctx->rules, desc, sizeof *desc);
}
