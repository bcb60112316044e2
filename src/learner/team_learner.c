/* Learning by a team: every agent's parameters follow the traces of what it did, times one TD error
 * for each agent, at every step.
 *   z     <- gamma lambda z + d (log P(what the agent did) + (alpha_critic / alpha) v) / d w
 *   delta <- r + local + gamma v(next) - v       v(next) = 0 after a termination
 *   w     <- w + alpha delta z
 * An episode begins with z = 0. Sources: those of the models (team_narla.c, team_svpg.c). */
#include <math.h>
#include <string.h>

#include "choice_step.h"
#include "settings_use.h"
#include "team_learner.h"

static hd__team_learner *team_learner_of(const hd__learner *learner) { return learner->state; }

/* ---- definition ---- */

static bool team_learner_is_chosen(const hd__settings *s) { return hd__settings_is_team(s); }

static bool team_learner_is_svpg(const hd__learner *learner) {
  return learner->settings->algorithm == hd__algorithm_svpg;
}

static hd_status team_learner_check(const hd__learner *learner, const char *name) {
  const hd__settings *s = learner->settings;
  HD_TRY(hd__choices_check(learner, name));
  if (strcmp(s->neuron, "bernoulli") != 0 || s->recurrent || s->carry) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "algorithm = %s has units of its own that draw and remember nothing; use "
                    "neuron = bernoulli, recurrent = false and carry = false",
                    name);
  }
  return s->init != hd__init_normal
             ? hd__fail(learner->ctx, HD_CONFLICT,
                        "algorithm = %s begins with normal weights or with 0; use init = normal",
                        name)
             : HD_OK;
}

static hd_status team_learner_check_groups(const hd__learner *learner, const hd__team_def *def) {
  if (!team_learner_is_svpg(learner)) {
    return HD_OK;
  }
  if (def->n_hidden > 1) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "algorithm = svpg has one set of groups that all see each other, and hidden "
                    "lists %d layers; use one",
                    def->n_hidden);
  }
  if (def->n_hidden > 0 && def->hidden[0] % def->group != 0) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "hidden = %d units do not divide into groups of svpg.group = %d",
                    def->hidden[0], def->group);
  }
  return HD_OK;
}

static hd_status team_learner_check_code(const hd__learner *learner, const hd__code *code) {
  return code->desc->kind != HD_CODE_SPIKES
             ? HD_OK
             : hd__fail(learner->ctx, HD_CONFLICT,
                        "teams read inputs that stay during a decision, and those of coding = %s "
                        "are spikes; use coding = current, split, raw, population, onehot or tiles",
                        code->desc->name);
}

static hd__team_def team_learner_def(const hd__learner *learner) {
  const hd__settings *s = learner->settings;
  return (hd__team_def){.n_in = team_learner_of(learner)->code.n,
                        .n_actions = hd__settings_choices(s, learner->env),
                        .units = (int)s->narla_units,
                        .sparsity = (float)s->narla_sparsity,
                        .target = (float)s->narla_target,
                        .group = (int)s->svpg_group,
                        .steps = s->svpg_spiking ? (int)s->substeps : 0,
                        .window = (int)s->svpg_window};
}

static hd_status team_learner_compile(hd__learner *learner) {
  hd__team_learner *self = team_learner_of(learner);
  const hd__settings *s = learner->settings;
  const bool is_svpg = team_learner_is_svpg(learner);
  HD_TRY(team_learner_check(learner, is_svpg ? "svpg" : "narla"));
  HD_TRY(hd__settings_code(learner->ctx, learner->config, learner->seed, &self->code));
  HD_TRY(team_learner_check_code(learner, &self->code));
  self->team = (hd__team){.desc = is_svpg ? &hd__team_svpg : &hd__team_narla,
                          .def = team_learner_def(learner)};
  hd__team_def *def = &self->team.def;
  HD_TRY(hd__settings_widths(learner->ctx, "hidden", &s->hidden, def->hidden, &def->n_hidden));
  HD_TRY(team_learner_check_groups(learner, def));
  HD_TRY(hd__settings_check_frozen(learner->ctx, s, def->n_hidden));
  self->team.desc->measure(&self->team);
  self->shuffle = (hd__signal_shuffle){.is_on = s->shuffle_signal, .seed = learner->seed};
  learner->eval_rows = HD_EVAL_ROWS;
  return HD_OK;
}

/* ---- memory ---- */

static hd__team_step *team_learner_lay_out_steps(const hd__team *team, int rows, hd__arena *arena) {
  hd__team_step *steps = HD_TAKE(arena, hd__team_step, rows);
  for (int b = 0; b < rows; b++) {
    const hd__team_step step = hd__team_lay_out_step(team, arena);
    if (steps != NULL) {
      steps[b] = step;
    }
  }
  return steps;
}

static void team_learner_lay_out(hd__learner *learner, hd__arena *arena) {
  hd__team_learner *self = team_learner_of(learner);
  hd__team *team = &self->team;
  const int B = learner->training->B;
  const int64_t n = (int64_t)team->n_weights;
  team->w = hd__arena_field(arena, "actor.weights", "F32", 1, n);
  self->average =
      learner->settings->average > 0 ? hd__arena_field(arena, "actor.average", "F32", 1, n) : NULL;
  self->z = hd__arena_field(arena, "team.traces", "F32", B, n);
  self->begun = hd__arena_field(arena, "team.begun", "U8", 1, B);
  self->chosen = hd__arena_field(arena, "team.chosen", "F32", 1, B);
  self->value = hd__arena_field(arena, "team.values", "F32", B, team->n_agents);
  self->local = hd__arena_field(arena, "team.rewards", "F32", B, team->n_agents);
  self->step = team_learner_lay_out_steps(team, B, arena);
  self->next = team_learner_lay_out_steps(team, B, arena);
  self->eval = team_learner_lay_out_steps(team, learner->eval_rows, arena);
  self->line = HD_TAKE(arena, int32_t, self->code.n_active + 1);
  self->delta = HD_TAKE(arena, float, B * team->n_agents);
  self->draw = HD_TAKE(arena, hd__random_base, B);
  hd__code_lay_out(&self->code, arena);
  self->code.table = HD_TAKE(arena, float, self->code.n_table);
  hd__signal_shuffle_lay_out(&self->shuffle, arena);
}

/* ---- a decision ---- */

static void team_learner_see_env(hd__learner *learner, int b, uint64_t number,
                                 const hd__team_step *step) {
  const hd__team_learner *self = team_learner_of(learner);
  hd__team_see(self, self->team.w, learner->training->obs + b * learner->env->n_obs,
               hd__key_at(self->draw[b].spike, number), step);
}

/* The decision of self->step[b] is taken: its action is drawn, and what the agents did is traced.
 */
static void team_learner_take(hd__learner *learner, int b, uint64_t number) {
  hd__team_learner *self = team_learner_of(learner);
  const hd__settings *s = learner->settings;
  const hd__team *team = &self->team;
  const hd__team_step *step = &self->step[b];
  const size_t n = (size_t)team->n_agents;
  const float share = s->alpha > 0 ? (float)(s->alpha_critic / s->alpha) : 0.0f;
  const float uniform = hd__uniform24(hd__key_at(self->draw[b].action, number), 0);
  const int action = hd__team_draw(team->def.n_actions, step->pi, uniform);
  memcpy(self->value + (size_t)b * n, step->value, sizeof(float) * n);
  memcpy(self->local + (size_t)b * n, step->local, sizeof(float) * n);
  team->desc->trace(team, step, action, (float)(s->gamma * s->lambda), share,
                    self->z + (size_t)b * team->n_weights);
  self->chosen[b] = (float)action;
}

static void team_learner_begin(hd__learner *learner, int b, uint64_t number) {
  hd__team_learner *self = team_learner_of(learner);
  memset(self->z + (size_t)b * self->team.n_weights, 0, sizeof(float) * self->team.n_weights);
  team_learner_see_env(learner, b, number, &self->step[b]);
  team_learner_take(learner, b, number);
}

/* ---- learning ---- */

/* What each agent of environment b is told of the step just made. */
static bool team_learner_signal(hd__learner *learner, int b) {
  hd__team_learner *self = team_learner_of(learner);
  const hd__settings *s = learner->settings;
  const hd__training *training = learner->training;
  const double r = hd__settings_reward(s, training->reward[b], training->terminated[b]);
  const double gamma = training->terminated[b] ? 0.0 : s->gamma;
  bool is_finite = true;
  for (int k = 0; k < self->team.n_agents; k++) {
    const size_t at = (size_t)b * (size_t)self->team.n_agents + (size_t)k;
    const double delta = r + (double)self->local[at] + gamma * (double)self->next[b].value[k] -
                         (double)self->value[at];
    is_finite = is_finite && isfinite((float)delta);
    self->delta[at] = (float)hd__signal_shuffle_next(&self->shuffle, delta);
  }
  return is_finite;
}

static void team_learner_learn(hd__learner *learner, int b) {
  hd__team_learner *self = team_learner_of(learner);
  const hd__settings *s = learner->settings;
  const float rate = (float)s->alpha * hd__learner_annealed(learner);
  const bool learns_hidden = s->learn_hidden && s->freeze_layer == 0;
  self->team.desc->learn(&self->team, rate, self->delta + b * self->team.n_agents,
                         self->z + (size_t)b * self->team.n_weights, learns_hidden);
}

/* What comes after the step: its values are those of the TD error, and what the agents drew there
 * is what they will have done. */
static void team_learner_look_ahead(hd__learner *learner, int b, uint64_t number) {
  team_learner_see_env(learner, b, number, &team_learner_of(learner)->next[b]);
}

static void team_learner_go_on(hd__learner *learner, int b, uint64_t number) {
  hd__team_learner *self = team_learner_of(learner);
  const hd__team_step step = self->step[b];
  self->step[b] = self->next[b];
  self->next[b] = step;
  team_learner_take(learner, b, number);
}

static hd__choices team_learner_choices(const hd__team_learner *self) {
  return (hd__choices){.n_actions = self->team.def.n_actions,
                       .begun = self->begun,
                       .chosen = self->chosen,
                       .n_weights = self->team.n_weights,
                       .w = self->team.w,
                       .average = self->average,
                       .draw = self->draw,
                       .begin = team_learner_begin,
                       .look_ahead = team_learner_look_ahead,
                       .signal = team_learner_signal,
                       .learn = team_learner_learn,
                       .go_on = team_learner_go_on};
}

static void team_learner_start(hd__learner *learner) {
  hd__team_learner *self = team_learner_of(learner);
  const hd__settings *s = learner->settings;
  const float out = (float)(isnan(s->init_readout) ? s->init_scale : s->init_readout);
  hd__code_start(&self->code);
  self->team.desc->start(&self->team, learner->seed, (float)s->init_scale, out);
  const hd__choices choices = team_learner_choices(self);
  hd__choices_start(learner, &choices);
}

static hd_status team_learner_advance(hd__learner *learner) {
  const hd__choices choices = team_learner_choices(team_learner_of(learner));
  return hd__choices_advance(learner, &choices);
}

/* ---- what it shows ---- */

/* No layer of it is listed: its units' decisions are no spikes of a neuron model. */
static void team_learner_activity(const hd__learner *learner, hd_stats *out) {
  (void)learner, (void)out;
}

static void team_learner_reset_activity(hd__learner *learner) { (void)learner; }

static uint64_t team_learner_hash(const hd__learner *learner) {
  const hd__choices choices = team_learner_choices(team_learner_of(learner));
  return hd__choices_hash(&choices);
}

static hd_status team_learner_check_loaded(hd__learner *learner) {
  const hd__choices choices = team_learner_choices(team_learner_of(learner));
  return hd__choices_check_loaded(learner, &choices);
}

const hd__learner_desc hd__learner_team = {
    .name = "team",
    .doc = "units that decide for themselves, each by traces and a TD error of its own",
    .state_size = sizeof(hd__team_learner),
    .is_chosen = team_learner_is_chosen,
    .compile = team_learner_compile,
    .lay_out = team_learner_lay_out,
    .start = team_learner_start,
    .advance = team_learner_advance,
    .actor = hd__team_actor,
    .explorer = hd__team_explorer,
    .activity = team_learner_activity,
    .reset_activity = team_learner_reset_activity,
    .hash = team_learner_hash,
    .check_loaded = team_learner_check_loaded,
};
