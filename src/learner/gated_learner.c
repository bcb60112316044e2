/* Learning gated by attention: the action that was chosen says which synapses may change, and one
 * global signal by how much.
 *
 *   agrel     the action is drawn from softmax(q / temperature); once the reward r of 0 or 1 has
 *             come, delta = r - P(action), the signal is delta / (1 - delta) if delta >= 0, else -1
 *   augment   the best action, or with probability epsilon one drawn from softmax(q / temperature);
 *             the signal is r + gamma q(next action) - q(action), next is 0 after a termination
 *
 * Sources: Roelfsema & van Ooyen 2005; Rombouts, Bohte & Roelfsema 2015. */
#include <math.h>
#include <string.h>

#include "choice_step.h"
#include "gated_learner.h"
#include "settings_use.h"

static hd__gated_learner *gated_learner_state_of(const hd__learner *learner) {
  return learner->state;
}

/* ---- definition ---- */

static bool gated_learner_is_chosen(const hd__settings *s) { return hd__settings_is_gated(s); }

static hd_status gated_learner_check(const hd__learner *learner) {
  const hd__settings *s = learner->settings;
  const char *name = hd__gated_is_agrel(learner) ? "agrel" : "augment";
  HD_TRY(hd__choices_check(learner, name));
  if (strcmp(s->neuron, "bernoulli") != 0) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "algorithm = %s has logistic units, and neuron = %s is another model; use "
                    "neuron = bernoulli",
                    name, s->neuron);
  }
  if (s->recurrent || s->carry) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "algorithm = %s remembers by units of its own (gated.memory); use recurrent = "
                    "false and carry = false",
                    name);
  }
  return HD_OK;
}

static hd_status gated_learner_check_code(const hd__learner *learner, const hd__code *code) {
  return code->desc->kind != HD_CODE_SPIKES
             ? HD_OK
             : hd__fail(learner->ctx, HD_CONFLICT,
                        "attention-gated networks read inputs that stay during a decision, and "
                        "those of coding = %s are spikes; use coding = current, raw, bins, "
                        "population, onehot or tiles",
                        code->desc->name);
}

static hd_status gated_learner_check_init(const hd__learner *learner, int n_hidden) {
  if (learner->settings->init == hd__init_orthogonal) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "init = orthogonal is for methods that learn by gradients; use init = normal "
                    "or uniform");
  }
  if (n_hidden > 1) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "attention-gated networks have one hidden layer, and hidden lists %d",
                    n_hidden);
  }
  return hd__settings_check_frozen(learner->ctx, learner->settings, n_hidden);
}

static hd_status gated_learner_compile(hd__learner *learner) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const hd__settings *s = learner->settings;
  int width[HD_HIDDEN_MAX], n_hidden;
  HD_TRY(gated_learner_check(learner));
  HD_TRY(hd__settings_widths(learner->ctx, "hidden", &s->hidden, width, &n_hidden));
  HD_TRY(gated_learner_check_init(learner, n_hidden));
  HD_TRY(hd__settings_code(learner->ctx, learner->config, learner->seed, &self->code));
  HD_TRY(gated_learner_check_code(learner, &self->code));
  const hd__gated_def def = {.n_in = self->code.n,
                             .n_regular = n_hidden > 0 ? width[0] : 0,
                             .n_memory = hd__gated_is_agrel(learner) ? 0 : (int)s->gated_memory,
                             .n_actions = hd__settings_choices(s, learner->env),
                             .substeps = s->gated_rates ? 0 : (int)s->substeps};
  hd__gated_compile(&self->net, &def, learner->kernel);
  self->shuffle = (hd__signal_shuffle){.is_on = s->shuffle_signal, .seed = learner->seed};
  learner->eval_rows = HD_EVAL_ROWS;
  return HD_OK;
}

/* ---- memory ---- */

static void gated_learner_lay_out(hd__learner *learner, hd__arena *arena) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const int B = learner->training->B;
  const int64_t n = (int64_t)self->net.n_weights;
  self->net.w = hd__arena_field(arena, "actor.weights", "F32", 1, n);
  self->average =
      learner->settings->average > 0 ? hd__arena_field(arena, "actor.average", "F32", 1, n) : NULL;
  hd__gated_lay_out_sides(learner, arena);
  hd__code_lay_out(&self->code, arena);
  self->code.table = HD_TAKE(arena, float, self->code.n_table);
  hd__signal_shuffle_lay_out(&self->shuffle, arena);
  self->next = HD_TAKE(arena, float, B);
  self->later = HD_TAKE(arena, int32_t, B);
  self->told = HD_TAKE(arena, double, B);
  self->draw = HD_TAKE(arena, hd__random_base, B);
  self->spikes = HD_TAKE(arena, float, self->net.h_pad);
  hd__list_spikes(arena, self->spikes, self->net.h_pad);
  hd__list_substeps(arena, &self->counted);
}

/* ---- learning ---- */

/* Choice a of environment b is taken: the synapses that made it are tagged. */
static void gated_learner_take(hd__learner *learner, int b, int a, float worth) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const hd__settings *s = learner->settings;
  const hd__gated_row row = hd__gated_row_of(self, &self->side, b);
  const float keep = hd__gated_is_agrel(learner) ? 0.0f : (float)(s->gamma * s->lambda);
  hd__gated_tag(&self->net, &row, &self->side.step[b], a, keep);
  self->chosen[b] = (float)a;
  self->worth[b] = worth;
}

static void gated_learner_begin(hd__learner *learner, int b, uint64_t number) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const hd__gated_row row = hd__gated_row_of(self, &self->side, b);
  float worth;
  hd__gated_begin(&self->net, &row);
  const int a = hd__gated_decide(learner, b, number, &worth);
  gated_learner_take(learner, b, a, worth);
}

/* The signal that the step just made gives to environment b. */
static double gated_learner_delta(const hd__learner *learner, int b) {
  const hd__gated_learner *self = gated_learner_state_of(learner);
  const hd__settings *s = learner->settings;
  const hd__training *training = learner->training;
  const double r = hd__settings_reward(s, training->reward[b], training->terminated[b]);
  if (!hd__gated_is_agrel(learner)) {
    return r + s->gamma * (double)self->next[b] - (double)self->worth[b];
  }
  const double delta = r - (double)self->worth[b];
  return delta >= 0 ? delta / (1 - delta) : -1;
}

static bool gated_learner_signal(hd__learner *learner, int b) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const double delta = gated_learner_delta(learner, b);
  self->told[b] = hd__signal_shuffle_next(&self->shuffle, delta);
  return isfinite((float)delta);
}

/* What comes after the step: the next action, but for episodes that terminated. */
static void gated_learner_look_ahead(hd__learner *learner, int b, uint64_t number) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  self->next[b] = 0.0f;
  if (!learner->training->terminated[b] && !hd__gated_is_agrel(learner)) {
    self->later[b] = hd__gated_decide(learner, b, number, &self->next[b]);
  }
}

static void gated_learner_learn(hd__learner *learner, int b) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const hd__settings *s = learner->settings;
  const double rate = s->alpha * (double)hd__learner_annealed(learner);
  const bool learns_hidden = s->learn_hidden && s->freeze_layer == 0;
  const hd__gated_row row = hd__gated_row_of(self, &self->side, b);
  hd__gated_learn(&self->net, &row, (float)(rate * self->told[b]), learns_hidden);
}

/* The action that was looked ahead to is taken; agrel decides anew. */
static void gated_learner_go_on(hd__learner *learner, int b, uint64_t number) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  if (hd__gated_is_agrel(learner)) {
    self->later[b] = hd__gated_decide(learner, b, number, &self->next[b]);
  }
  gated_learner_take(learner, b, self->later[b], self->next[b]);
}

static hd__choices gated_learner_choices(const hd__gated_learner *self) {
  return (hd__choices){.n_actions = self->net.def.n_actions,
                       .begun = self->begun,
                       .chosen = self->chosen,
                       .n_weights = self->net.n_weights,
                       .w = self->net.w,
                       .average = self->average,
                       .draw = self->draw,
                       .begin = gated_learner_begin,
                       .look_ahead = gated_learner_look_ahead,
                       .signal = gated_learner_signal,
                       .learn = gated_learner_learn,
                       .go_on = gated_learner_go_on};
}

static void gated_learner_start(hd__learner *learner) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  const hd__settings *s = learner->settings;
  const float out = (float)(isnan(s->init_readout) ? s->init_scale : s->init_readout);
  hd__code_start(&self->code);
  hd__gated_start(&self->net, learner->seed, s->init == hd__init_uniform, (float)s->init_scale,
                  out);
  const hd__choices choices = gated_learner_choices(self);
  hd__choices_start(learner, &choices);
}

static hd_status gated_learner_advance(hd__learner *learner) {
  const hd__choices choices = gated_learner_choices(gated_learner_state_of(learner));
  return hd__choices_advance(learner, &choices);
}

/* ---- what it shows ---- */

static void gated_learner_activity(const hd__learner *learner, hd_stats *out) {
  const hd__gated_learner *self = gated_learner_state_of(learner);
  if (self->net.def.substeps > 0 && self->net.n_hidden > 0) {
    hd__describe_layer(out, "hidden", self->net.n_hidden, self->net.n_hidden, NULL, self->spikes,
                       self->counted);
  }
}

static void gated_learner_reset_activity(hd__learner *learner) {
  hd__gated_learner *self = gated_learner_state_of(learner);
  memset(self->spikes, 0, sizeof(float) * (size_t)self->net.h_pad);
  self->counted = 0;
}

static uint64_t gated_learner_hash(const hd__learner *learner) {
  const hd__choices choices = gated_learner_choices(gated_learner_state_of(learner));
  return hd__choices_hash(&choices);
}

static hd_status gated_learner_check_loaded(hd__learner *learner) {
  const hd__choices choices = gated_learner_choices(gated_learner_state_of(learner));
  return hd__choices_check_loaded(learner, &choices);
}

const hd__learner_desc hd__learner_gated = {
    .name = "gated",
    .doc = "one hidden layer, whose synapses change as the chosen action's feedback allows",
    .state_size = sizeof(hd__gated_learner),
    .is_chosen = gated_learner_is_chosen,
    .compile = gated_learner_compile,
    .lay_out = gated_learner_lay_out,
    .start = gated_learner_start,
    .advance = gated_learner_advance,
    .actor = hd__gated_actor,
    .explorer = hd__gated_explorer,
    .activity = gated_learner_activity,
    .reset_activity = gated_learner_reset_activity,
    .hash = gated_learner_hash,
    .check_loaded = gated_learner_check_loaded,
};
