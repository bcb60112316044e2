#include "readers.h"

#include <stdio.h>
#include <string.h>

#include "option.h"
#include "settings_use.h"

enum { SHOWN_SIZE = 192 };

typedef struct reader_row {
  const char *words, *keys;
} reader_row;

#define READER_ROW(name, words, keys, condition) {words, keys},
static const reader_row readers[] = {HD_READERS(READER_ROW)};
#undef READER_ROW

/* ---- facts ---- */

static bool readers_param(const hd__neuron_desc *neuron, const char *name) {
  for (int k = 0; k < neuron->n_params; k++) {
    if (strcmp(neuron->param[k].name, name) == 0) {
      return true;
    }
  }
  return false;
}

static void readers_add_rule(hd__facts *f) {
  const hd_ctx *ctx = hd__config_ctx(f->config);
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    const hd_rule_desc *rule = hd_rule_at(ctx, i);
    if (strcmp(rule->name, f->s->rule) == 0) {
      f->rule = rule->needs;
      f->keeps = rule->n_pre + rule->n_post + rule->n_synapse > 0;
    }
  }
}

static unsigned readers_code(const hd__code_desc *code) { return code != NULL ? code->reads : 0; }

static bool readers_has_real(const hd_dim *dim, int n) {
  for (int d = 0; d < n; d++) {
    if (dim[d].count == 0) {
      return true;
    }
  }
  return false;
}

#define READERS_BY(W, name, by) [hd__algorithm_##name] = (by),
static const unsigned readers_by[] = {HD_ALGORITHMS(READERS_BY, )};
#undef READERS_BY

static void readers_add_learner(hd__facts *f) {
  const hd__settings *s = f->s;
  const hd__search_desc *search = hd__search_find(s->search);
  f->is_gated = hd__settings_is_gated(s);
  f->is_team = hd__settings_is_team(s);
  f->is_gradient = s->algorithm != hd__algorithm_none && !f->is_gated && !f->is_team;
  f->is_search = s->algorithm == hd__algorithm_none && search != NULL;
  f->is_rule = s->algorithm == hd__algorithm_none && search == NULL;
  f->search = f->is_search ? search->reads : 0;
  f->observes = f->is_search && strcmp(s->syn_dynamics, "none") != 0;
  const unsigned by = f->is_gradient ? readers_by[s->algorithm] : 0;
  f->is_continuous = by & HD_BY_REAL;
  f->has_replay = by & HD_BY_REPLAY;
  f->is_policy_gradient = f->is_gradient && !f->has_replay;
  f->has_critic_network = by & HD_BY_CRITIC;
}

static void readers_add_network(hd__facts *f) {
  const hd__settings *s = f->s;
  const hd_ctx *ctx = hd__config_ctx(f->config);
  f->has_hidden = s->hidden.n > 0 && s->hidden.item[0] > 0;
  f->neuron = hd__neuron_find(ctx, s->neuron);
  f->critic_neuron = hd__neuron_find(ctx, s->critic_neuron);
  f->spikes = f->is_gradient &&
              (f->neuron->spiking || (f->has_critic_network && f->critic_neuron->spiking));
  f->is_membrane = s->readout == hd__readout_membrane_last ||
                   s->readout == hd__readout_membrane_mean ||
                   s->readout == hd__readout_membrane_max;
  f->is_linear = f->is_membrane || s->readout == hd__readout_softmax;
  f->has_neurons = f->has_hidden || !f->is_linear;
  const hd__code_desc *code = hd__code_find(ctx, s->coding);
  f->code = readers_code(code);
  f->sees_lines = code != NULL && code->kind == HD_CODE_SPARSE;
  f->critic = f->is_rule ? readers_code(hd__code_find(ctx, hd__settings_critic_code(s))) : 0;
}

hd__facts hd__facts_of(const hd_config *config) {
  const hd_env_desc *env = hd__config_env(config);
  hd__facts f = {.config = config,
                 .s = hd__config_settings(config),
                 .has_real_obs = readers_has_real(env->obs, env->n_obs),
                 .has_real_actions = readers_has_real(env->act, env->n_act)};
  readers_add_learner(&f);
  readers_add_network(&f);
  readers_add_rule(&f);
  return f;
}

bool hd__facts_have(const hd__facts *f, hd__reader reader) {
  switch (reader) {
#define READER_CASE(name, words, keys, condition) \
  case HD_READER_##name:                          \
    return condition;
    HD_READERS(READER_CASE)
#undef READER_CASE
    case HD_READER_COUNT:
      break;
  }
  return false;
}

/* ---- parameters of models ---- */

/* The slope of a surrogate matters where something is handed back through spikes. */
static bool readers_reads_slope(const hd__facts *f) {
  return f->is_gradient || ((f->is_rule || f->observes) && !f->neuron->stochastic &&
                            (f->observes || f->keeps || f->rule & HD_RULE_BACK));
}

static bool readers_reads_neuron(const hd__facts *f, const hd__model_param *param) {
  const bool is_here = strcmp(f->s->neuron, param->model) == 0 ||
                       (f->has_critic_network && strcmp(f->s->critic_neuron, param->model) == 0);
  return is_here && (strcmp(param->param->name, "slope") != 0 || readers_reads_slope(f));
}

static bool readers_reads_param(const hd__facts *f, const hd__model_param *param) {
  switch (param->kind) {
    case HD_MODEL_NEURON:
      return readers_reads_neuron(f, param);
    case HD_MODEL_CODING:
      return strcmp(f->s->coding, param->model) == 0;
    default:
      return hd__facts_have(f, HD_READER_rule) && strcmp(f->s->rule, param->model) == 0;
  }
}

static void readers_param_words(const hd__model_param *param, char *words, size_t size) {
  const char *option = hd__model_option(param->kind), *name = param->model;
  if (param->kind != HD_MODEL_NEURON) {
    snprintf(words, size, "%s = %s", option, name);
    return;
  }
  snprintf(words, size, "neuron = %s, and critic.neuron = %s of critic networks%s", name, name,
           strcmp(param->param->name, "slope") == 0 ? ", where a gradient goes back through spikes"
                                                    : "");
}

/* ---- options ---- */

bool hd__facts_read(const hd__facts *facts, int index) {
  const hd__option_row *row = hd__config_row(index);
  if (row != NULL) {
    return hd__facts_have(facts, (hd__reader)row->reader);
  }
  const hd__model_param param = hd__config_model_param(facts->config, index);
  return readers_reads_param(facts, &param);
}

void hd__reader_words(const hd_config *config, int index, char *words, size_t size) {
  const hd__option_row *row = hd__config_row(index);
  if (row != NULL) {
    snprintf(words, size, "%s", readers[row->reader].words);
  } else {
    const hd__model_param param = hd__config_model_param(config, index);
    readers_param_words(&param, words, size);
  }
}

static size_t readers_show(const hd_config *config, const char *key, char *text, size_t size) {
  return (size_t)snprintf(text, size, ", %s = %s", key, hd_config_get(config, key));
}

/* How the run learns, and the values of the other keys that decide. */
static void readers_show_run(const hd__facts *f, const char *keys, char *text, size_t size) {
  const char *learner = f->is_gradient ? "algorithm" : f->is_search ? "search" : "rule";
  size_t used = readers_show(f->config, learner, text, size);
  while (*keys != '\0' && used < size) {
    char key[HD_WORD_SIZE];
    const size_t n = strcspn(keys, ",");
    snprintf(key, sizeof key, "%.*s", (int)n, keys);
    if (hd__facts_read(f, hd__config_find(f->config, key)) && strcmp(key, learner) != 0) {
      used += readers_show(f->config, key, text + used, size - used);
    }
    keys += n;
    keys += strspn(keys, ", ");
  }
}

static hd_status readers_refuse(const hd__facts *f, int index) {
  char key[HD_WORD_SIZE], words[2 * SHOWN_SIZE], run[SHOWN_SIZE];
  const hd__option_row *row = hd__config_row(index);
  snprintf(key, sizeof key, "%s", hd__config_line(f->config, index).key);
  hd__reader_words(f->config, index, words, sizeof words);
  readers_show_run(f,
                   row != NULL ? readers[row->reader].keys
                               : hd__model_option(hd__config_model_param(f->config, index).kind),
                   run, sizeof run);
  return hd__fail(hd__config_ctx(f->config), HD_CONFLICT, "%s is read by %s; this run uses %s", key,
                  words, run + strlen(", "));
}

hd_status hd__config_check_readers(const hd_config *config) {
  hd__facts facts = {0};
  const int n = hd_config_count(config);
  for (int i = 0; i < n; i++) {
    if (!hd__config_is_users(config, i)) {
      continue;
    }
    facts = facts.config == NULL ? hd__facts_of(config) : facts;
    if (!hd__facts_read(&facts, i)) {
      return readers_refuse(&facts, i);
    }
  }
  return HD_OK;
}
