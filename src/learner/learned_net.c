#include "learned_net.h"

#include <math.h>
#include <string.h>

#include "hash.h"
#include "schedule.h"
#include "settings_use.h"
#include "shown_net.h"

/* ---- definition ---- */

/* Floats that evaluations side by side may keep busy: they fit the second-level cache. */
enum { EVAL_FLOATS = 65536 };

/* Searches do not ask what neurons most probably did. */
static int learned_net_settle(const hd__settings *s) {
  return strcmp(s->search, "none") == 0 ? s->settle : hd__settle_none;
}

static hd_status learned_net_check(const hd__learner *learner, const hd__neuron_desc *neuron) {
  const hd__settings *s = learner->settings;
  if (learned_net_settle(s) != hd__settle_none && (s->epsilon > 0 || s->epsilon_end > 0)) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "settle = %s asks what the spikes were that chose the action, and epsilon = %g "
                    "lets chance choose; use epsilon = 0, or settle = none",
                    s->settle == hd__settle_gibbs ? "gibbs" : "mean-field", s->epsilon);
  }
  if (!neuron->spiking) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "neuron = %s never fires and cannot make a layer; use a "
                    "membrane readout instead",
                    neuron->name);
  }
  return HD_OK;
}

static hd__net_def learned_net_def(const hd__learner *learner) {
  const hd__settings *s = learner->settings;
  return (hd__net_def){.dt_ms = (float)s->dt,
                       .substeps = (int)s->substeps,
                       .taps = (int)s->taps,
                       .self_taps = (int)s->self_taps,
                       .n_basis = s->basis == hd__basis_cosine ? (int)s->basis_functions : 0,
                       .releases = s->release,
                       .is_recurrent = s->recurrent,
                       .is_carried = s->carry,
                       .delay = (int)s->delay,
                       .short_term = {.use = (float)s->stp_use,
                                      .recovery_ms = (float)s->stp_recovery,
                                      .facilitation_ms = (float)s->stp_facilitation},
                       .facilitation = (float)s->facilitation,
                       .facilitation_tau = (float)s->facilitation_tau,
                       .nets = (int)s->nets,
                       .is_modular = s->blocks == hd__blocks_action,
                       .has_bias = s->bias,
                       .drive_last = s->drive == hd__drive_last,
                       .readout = (hd__readout)s->readout,
                       .n_actions = hd__settings_choices(s, learner->env) * learner->env->n_act,
                       .n_choices = learner->env->n_act,
                       .action_neurons = (int)s->action_neurons,
                       .membrane_tau = (float)s->membrane_tau,
                       .temperature = (float)s->temperature,
                       .perturbation = (float)s->perturbation,
                       .settle = (hd__settle_mode)learned_net_settle(s),
                       .settle_rounds = (int)s->settle_rounds,
                       .settle_votes = s->settle_votes,
                       .feedback = (hd__feedback)s->settle_feedback,
                       .neuron = hd__neuron_find(learner->ctx, s->neuron)};
}

hd_status hd__learned_net_compile(hd__learner *learner, const hd_rule_desc *rule, bool is_boolean,
                                  hd__learned_net *self) {
  hd_ctx *ctx = learner->ctx;
  const hd__settings *s = learner->settings;
  hd__net_def def = learned_net_def(learner);
  HD_TRY(learned_net_check(learner, def.neuron));
  hd__config_params(learner->config, HD_MODEL_NEURON, s->neuron, def.neuron_param);
  def.rule = rule;
  if (rule->n_params > 0) {
    hd__config_params(learner->config, HD_MODEL_RULE, s->rule, def.rule_param);
  }
  def.is_boolean = is_boolean;
  if (s->init == hd__init_orthogonal) {
    return hd__fail(ctx, HD_CONFLICT,
                    "init = orthogonal is for methods that learn by gradients; rules and searches "
                    "draw every weight alone: use init = normal or uniform");
  }
  HD_TRY(hd__settings_widths(ctx, "hidden", &s->hidden, def.hidden, &def.n_hidden));
  HD_TRY(hd__settings_check_frozen(ctx, s, def.n_hidden));
  HD_TRY(hd__settings_code(ctx, learner->config, learner->seed, &def.code));
  HD_TRY(hd__net_compile(ctx, &def, &self->net));
  const size_t rows = EVAL_FLOATS / hd__net_row_size(&self->net);
  const int eval_rows = (int)(rows < 1 ? 1 : rows > HD_EVAL_ROWS ? HD_EVAL_ROWS : rows);
  learner->eval_rows = eval_rows;
  self->net.def.batch = learner->training->B > eval_rows ? learner->training->B : eval_rows;
  return HD_OK;
}

/* ---- memory ---- */

void hd__learned_net_lay_out(const hd__learner *learner, hd__learned_net *self, hd__arena *arena) {
  hd__net_lay_out(&self->net, arena);
  hd__net_actor_lay_out(&self->actor, &self->net, learner->eval_rows, arena);
  self->average = learner->settings->average > 0 ? hd__arena_field(arena, "actor.average", "F32", 1,
                                                                   (int64_t)self->net.n_weights)
                                                 : NULL;
  hd__lazy_average_lay_out(&self->lazy, arena);
  hd__list_substeps(arena, self->net.counted);
  for (int l = 0; l < self->net.n_layers; l++) {
    hd__list_spikes(arena, self->net.layer[l].spikes, self->net.layer[l].n_pad);
  }
}

static float learned_net_readout_scale(const hd__settings *s, const hd__net *net) {
  const double fallback = net->has_linear ? 0.0 : s->init_scale;
  return (float)(isnan(s->init_readout) ? fallback : s->init_readout);
}

static void learned_net_init(const hd__learner *learner, hd__net *net) {
  const hd__settings *s = learner->settings;
  const hd__net_init init = {.is_uniform = s->init == hd__init_uniform,
                             .scale = (float)s->init_scale,
                             .readout_scale = learned_net_readout_scale(s, net)};
  hd__net_start(net, &init, learner->seed);
}

void hd__learned_net_start(const hd__learner *learner, hd__learned_net *self) {
  learned_net_init(learner, &self->net);
  hd__net_actor_start(&self->actor, learner->env, &self->net);
  self->lazy.w = self->net.weights;
  self->lazy.a = self->average;
  self->lazy.has_begun = false;
  if (self->average != NULL) {
    memcpy(self->average, self->net.weights, sizeof(float) * self->net.n_weights);
  }
}

/* ---- acting ---- */

void hd__learned_net_policy(const hd__learner *learner, const hd__learned_net *self, bool is_greedy,
                            hd__policy *policy) {
  const hd__settings *s = learner->settings;
  const int64_t step = hd__training_steps(learner->training);
  *policy = (hd__policy){
      .tau = hd__linear(s->tau, s->tau_end, s->tau_steps, step),
      .is_greedy = is_greedy,
      .is_relaxed = !is_greedy && (self->net.def.rule->needs & HD_RULE_RELAXED)};
}

float *hd__learned_net_eval_weights(const hd__learned_net *self) {
  return self->average != NULL ? self->average : self->net.weights;
}

hd__actor hd__learned_net_actor_beside(const hd__learned_net *self, hd__net_actor *actor) {
  static const hd__policy greedy = {.is_greedy = true, .is_bare = true};
  actor->range = self->range;
  actor->net.def.code.table = self->net.def.code.table;
  return hd__net_actor_with(actor, hd__learned_net_eval_weights(self), greedy);
}

hd__actor hd__learned_net_actor(hd__learned_net *self) {
  return hd__learned_net_actor_beside(self, &self->actor);
}

hd__actor hd__learned_net_explorer(const hd__learner *learner, hd__learned_net *self,
                                   float epsilon) {
  hd__policy policy;
  hd__learned_net_policy(learner, self, false, &policy);
  policy.epsilon = epsilon;
  policy.is_bare = true;
  self->actor.range = self->range;
  self->actor.net.def.code.table = self->net.def.code.table;
  return hd__net_actor_with(&self->actor, self->net.weights, policy);
}

void hd__learned_net_lay_out_actor(const hd__learner *learner, const hd__learned_net *self,
                                   hd__net_actor *actor, hd__arena *arena) {
  actor->net = self->net; /* the same network, with memory of its own */
  actor->net.def.batch = learner->eval_rows;
  hd__net_lay_out(&actor->net, arena);
  hd__net_actor_lay_out(actor, &actor->net, learner->eval_rows, arena);
}

void hd__learned_net_start_actor(const hd__learner *learner, hd__net_actor *actor) {
  actor->env = learner->env;
  learned_net_init(learner, &actor->net);
}

void hd__learned_net_average_rows(const hd__learner *learner, hd__learned_net *self) {
  const hd__wiring *rows = hd__net_sparse(&self->net);
  const double keep = learner->settings->average;
  if (rows != NULL && keep > 0) {
    self->lazy = (hd__lazy_average){.is_on = true,
                                    .kernel = self->net.kernel,
                                    .n_rows = rows->n_x,
                                    .width = (int)(rows->n_weights / (size_t)rows->n_x),
                                    .keep = keep};
  }
}

void hd__learned_net_update_average(const hd__learner *learner, hd__learned_net *self) {
  const int64_t updates = ++learner->training->counters->updates;
  if (self->average == NULL) {
    return;
  }
  const float rate = hd__average_rate(learner->settings->average, updates);
  const size_t from = self->lazy.is_on ? HD_PAD(hd__net_sparse(&self->net)->n_weights) : 0;
  self->lazy.n = updates;
  self->net.kernel->approach((int)(self->net.n_weights - from), rate, self->net.weights + from,
                             self->average + from);
}

/* ---- what it shows ---- */

hd_status hd__learned_net_show(const hd__learner *learner, const hd__learned_net *self, bool has_e,
                               hd_network **out) {
  return hd__shown_net_create(learner->ctx, &self->net, has_e, out);
}

void hd__learned_net_repeat_decided(hd__learner *learner, const hd__learned_net *self) {
  const hd__net_actor *actor = &self->actor;
  const bool is_fresh = actor->carried == NULL || !actor->draw[0].is_continued;
  hd__shown_net_repeat(learner->shown, &actor->net, &actor->policy, &actor->decision, 0, is_fresh);
}

_Static_assert((int)HD_MAX_HIDDEN == (int)HD_HIDDEN_MAX,
               "option hidden says how many there may be");
_Static_assert((int)HD_MAX_PARTS <= (int)HD_MAX_LAYERS,
               "raise HD_MAX_LAYERS: hd_stats has room for every layer of a network");

void hd__learned_net_activity(const hd__learned_net *self, hd_stats *out) {
  const double substeps = *self->net.counted;
  for (int l = 0; l < self->net.n_layers; l++) {
    const hd__layer *layer = &self->net.layer[l];
    hd__describe_layer(out, layer->name, layer->n, layer->n_pad, layer->live, layer->spikes,
                       substeps);
  }
}

void hd__learned_net_reset_activity(hd__learned_net *self) { hd__net_count_reset(&self->net); }

uint64_t hd__learned_net_hash(const hd__learned_net *self) {
  const size_t n = self->net.n_weights, size = sizeof(float) * n;
  return hd__hash(hd__hash(n, self->net.weights, size), hd__learned_net_eval_weights(self), size);
}
