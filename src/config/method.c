#include "method.h"

#include <stdio.h>
#include <string.h>

#include "coding.h"
#include "method_file.h"
#include "method_list.h"
#include "samples.h"
#include "hedon/rule.h"
#include "neuron.h"
#include "text.h"

static const char *method_name_at(const void *ctx, int i) {
  const char *name = hd__method_name_at(ctx, i);
  return name[0] == '_' ? NULL : name;
}

static const char *method_rule_at(const void *ctx, int i) { return hd_rule_at(ctx, i)->name; }

static const char *method_neuron_at(const void *ctx, int i) { return hd__neuron_at(ctx, i)->name; }

/* Names of rules in papers. */
static const char *method_rule_called(const char *name) {
  static const char *const names[][2] = {
      {"r-stdp", "mstdpet"}, {"rstdp", "mstdpet"}, {"stdp", "mstdpet"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i][0], name) == 0) {
      return names[i][1];
    }
  }
  return NULL;
}

static bool method_is_rule(hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    if (strcmp(hd_rule_at(ctx, i)->name, name) == 0) {
      return true;
    }
  }
  return false;
}

/* What is no method may be a setting of one. */
static hd_status method_unknown(hd_ctx *ctx, const char *name) {
  if (method_is_rule(ctx, name)) {
    return hd__fail(ctx, HD_UNKNOWN,
                    "'%s' is a rule, which a method learns by where its setting rule is %s: --set "
                    "rule=%s, or METHOD:rule=%s in a list of methods",
                    name, name, name, name);
  }
  const char *called = method_rule_called(name);
  const char *rule =
      called != NULL ? called : hd__nearest(name, method_rule_at, ctx, hd_rule_count(ctx));
  const char *neuron = hd__nearest(name, method_neuron_at, ctx, hd__neuron_count(ctx));
  if (rule != NULL || neuron != NULL) {
    return hd__fail(ctx, HD_UNKNOWN, "no method is called '%s'; did you mean --set %s=%s?", name,
                    rule != NULL ? "rule" : "neuron", rule != NULL ? rule : neuron);
  }
  return hd__fail(ctx, HD_UNKNOWN, "no method is called '%s'; `hedon list methods` shows them",
                  name);
}

hd_status hd__method_find(hd_ctx *ctx, const char *name, const hd__method **out) {
  if (hd__method_is_file(name)) {
    return hd__method_read(ctx, name, out);
  }
  const hd__method *method;
  HD_TRY(hd__method_named(ctx, name, &method));
  if (method != NULL && name[0] != '_') {
    *out = method;
    return HD_OK;
  }
  const char *near = method_rule_called(name) != NULL
                         ? NULL
                         : hd__nearest(name, method_name_at, ctx, hd__method_count(ctx));
  return near != NULL
             ? hd__fail(ctx, HD_UNKNOWN, "no method is called '%s'; did you mean '%s'?", name, near)
             : method_unknown(ctx, name);
}

hd_status hd_method_find(hd_ctx *ctx, const char *name, const hd_method **out) {
  const hd__method *method;
  HD_TRY(hd__method_find(ctx, name, &method));
  *out = &method->about;
  return HD_OK;
}

/* ---- tasks ---- */

static bool method_is_named(const char *word, size_t n, const char *name) {
  return strlen(name) == n && strncmp(word, name, n) == 0;
}

static bool method_calls(const char *word, const hd_env_desc *env) {
  return hd__same_word(env->name, word) || (env->alias != NULL && hd__same_word(env->alias, word));
}

/* Is it a name of the environment, or of the one that it was made of by choices? */
static bool method_is_task(const char *word, size_t n, const hd_env_desc *env) {
  char name[HD_TOML_KEY];
  snprintf(name, sizeof name, "%.*s", (int)n, word);
  return method_calls(name, env) || (env->base != NULL && method_calls(name, env->base));
}

/* Is an environment among names and classes with commas between? */
static bool method_applies(const char *tasks, const hd_env_desc *env) {
  while (*tasks != '\0') {
    const size_t n = strcspn(tasks, ", ");
    if (method_is_task(tasks, n, env) ||
        (method_is_named(tasks, n, "finite") && env->n_obs == 1 && env->obs[0].count > 0) ||
        (method_is_named(tasks, n, "samples") && hd__is_samples(env))) {
      return true;
    }
    tasks += n;
    tasks += strspn(tasks, ", ");
  }
  return false;
}

const char *hd__method_task(const hd__method *method, const hd_env_desc *env, int i) {
  for (int k = 0; k < method->n_tasks; k++) {
    if (method_applies(method->task[k].tasks, env) && i-- == 0) {
      return method->task[k].settings;
    }
  }
  return NULL;
}
