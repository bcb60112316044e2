#include "things.h"

#include <string.h>

#include "experiments.h"
#include "json.h"
#include "paper.h"

static thing thing_env_at(const hd_ctx *ctx, int i) {
  const hd_env_desc *env = hd_env_at(ctx, i);
  return (thing){env->name, env->alias, env->doc, env->source};
}

static void thing_dims_json(const char *key, const hd_dim *dim, int n) {
  printf(",\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    printf("%s{\"name\":", i > 0 ? "," : "");
    json_string(stdout, dim[i].name);
    printf(",\"unit\":");
    json_string(stdout, dim[i].unit != NULL ? dim[i].unit : "");
    if (dim[i].count > 0) {
      printf(",\"count\":%d}", dim[i].count);
    } else {
      printf(",\"low\":");
      json_number(stdout, (double)dim[i].low);
      printf(",\"high\":");
      json_number(stdout, (double)dim[i].high);
      printf("}");
    }
  }
  printf("]");
}

static void thing_env_options_json(const hd_env_desc *env) {
  printf(",\"options\":[");
  for (int i = 0; i < env->n_options; i++) {
    printf("%s{\"name\":", i > 0 ? "," : "");
    json_string(stdout, env->option[i].name);
    printf(",\"default\":");
    json_string(stdout, env->option[i].fallback);
    printf(",\"help\":");
    json_string(stdout, env->option[i].help);
    printf("}");
  }
  printf("]");
}

void things_env_json(const hd_env_desc *env) {
  thing_dims_json("obs", env->obs, env->n_obs);
  thing_dims_json("act", env->act, env->n_act);
  printf(",\"max_steps\":%d,\"solved\":", env->max_steps);
  json_number(stdout, env->solved);
  printf(",\"low_score\":");
  json_number(stdout, env->low_score);
  printf(",\"high_score\":");
  json_number(stdout, env->high_score);
  thing_env_options_json(env);
}

static void thing_env_json(const hd_ctx *ctx, int i) { things_env_json(hd_env_at(ctx, i)); }

static int thing_method_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_method_count();
}

static thing thing_method_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_method *method = hd_method_at(i);
  return (thing){method->name, NULL, method->doc, method->source};
}

static thing thing_neuron_at(const hd_ctx *ctx, int i) {
  const hd_listing listing = hd_neuron_at(ctx, i);
  return (thing){listing.name, NULL, listing.doc, listing.source};
}

static thing thing_coding_at(const hd_ctx *ctx, int i) {
  const hd_listing listing = hd_coding_at(ctx, i);
  return (thing){listing.name, NULL, listing.doc, listing.source};
}

static int thing_search_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_search_count();
}

static thing thing_search_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_listing listing = hd_search_at(i);
  return (thing){listing.name, NULL, listing.doc, listing.source};
}

static int thing_dynamic_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_dynamic_count();
}

static thing thing_dynamic_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_listing listing = hd_dynamic_at(i);
  return (thing){listing.name, NULL, listing.doc, listing.source};
}

static thing thing_rule_at(const hd_ctx *ctx, int i) {
  const hd_rule_desc *rule = hd_rule_at(ctx, i);
  return (thing){rule->name, NULL, rule->doc, rule->source};
}

static int thing_experiment_count(const hd_ctx *ctx) {
  (void)ctx;
  return experiment_count() + paper_count();
}

static thing thing_experiment_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  if (i < experiment_count()) {
    const experiment *e = experiment_at(i);
    return (thing){e->name, NULL, e->doc, e->source};
  }
  const paper *p = paper_at(i - experiment_count());
  return (thing){p->name, NULL, p->doc, p->source};
}

bool things_is_experiment(const char *name) {
  return experiment_find(name) != NULL || paper_find(name) != NULL;
}

static const thing_kind kinds[] = {
    {"envs", "an environment", "env", NULL, NULL, hd_env_count, thing_env_at, thing_env_json},
    {"methods", "a method", "method", NULL, NULL, thing_method_count, thing_method_at, NULL},
    {"neurons", "a neuron model", "neuron", "neuron", "bernoulli", hd_neuron_count, thing_neuron_at,
     NULL},
    {"codings", "a coding", "coding", "coding", "raw", hd_coding_count, thing_coding_at, NULL},
    {"rules", "a learning rule", "rule", "rule", "pgcn", hd_rule_count, thing_rule_at, NULL},
    {"searches", "a search over weights", "search", "search", "none", thing_search_count,
     thing_search_at, NULL},
    {"dynamics", "what a synapse may see of the network's dynamics", "syn.dynamics", "syn.dynamics",
     "none", thing_dynamic_count, thing_dynamic_at, NULL},
    {"experiments", "an experiment", "experiment", NULL, NULL, thing_experiment_count,
     thing_experiment_at, NULL},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

int thing_kind_count(void) { return N_KINDS; }

const thing_kind *thing_kind_at(int i) { return &kinds[i]; }
