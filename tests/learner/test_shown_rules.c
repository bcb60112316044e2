/* A network that shows a learner by a rule with state shows what the rule keeps: the rule follows
 * the repeated decision, from the state that the learner's own had, and ends with what the learner
 * has, to the bit. */
#include "../insides.h"
#include "../train/learners.h"
#include "network_internal.h"

static hd_ctx *ctx;

/* ---- one learner ---- */

enum { ENV = 1 /* of two, the one that is looked at */ };

typedef struct look {
  const hd_rule_desc *rule;
  const char *settings; /* beside those that all share */
  hd_session *session;
  hd_network *network;
  float signal; /* that came since what is shown was so */
  int n_differ;
  double sum; /* of sizes */
} look;

static void look_settings(const look *of, char *settings, size_t size) {
  snprintf(settings, size,
           "envs=2 hidden=7 substeps=4 neuron=lif-escape coding=poisson optimiser=sgd rule=%s "
           "?e-prop.feedback=1 %s",
           of->rule->name, of->settings);
}

static void look_open(look *of) {
  char settings[256];
  look_settings(of, settings, sizeof settings);
  of->session = open_session(ctx, "CartPole-v1", "neuron-agent-online", settings, 3);
  CHECK(hd_session_network(of->session, ENV, &of->network) == HD_OK);
}

static const hd__net *look_net(const look *of) { return &rule_of(of->session)->learned.net; }

/* The state that the learner's own network keeps for projection k. */
static const float *look_own(const look *of, int k) {
  const hd__general *general = &look_net(of)->general;
  const float *carried = rule_of(of->session)->carried;
  const float *row = carried != NULL ? carried + ENV * general->n_state : general->of_row[ENV];
  return row + general->plastic_at[k];
}

/* ---- against the learner's own ---- */

/* An array "PROJECTION.KIND.FIELD", [n][m] or [n] (m = 0); its own has rows of `stride`. */
static void compare(look *of, const char *projection, const char *kind, const hd_field *field,
                    const float *own, int64_t n, int64_t m, int64_t stride) {
  char name[128];
  hd_view view = {0};
  /* A signal raises the level of dopamine, and changes nothing else of what is kept. */
  const float more = strcmp(field->name, "dopamine") == 0 ? of->signal : 0.0f;
  snprintf(name, sizeof name, "%s.%s.%s", projection, kind, field->name);
  CHECK(hd_network_view(of->network, name, &view) == HD_OK);
  CHECK(!view.writable && view.n_dims == (m > 0 ? 3 : 2) && view.shape[0] == 1);
  CHECK(view.shape[1] == n && view.shape[2] == (m > 0 ? m : 1));
  CHECK_TEXT(view.doc, field->help);
  CHECK_TEXT(view.unit, field->unit);
  for (int64_t k = 0; k < view.shape[1] * view.shape[2]; k++) {
    const int64_t i = k / view.shape[2], j = k % view.shape[2];
    const float shown = ((const float *)view.data)[i * view.stride[1] + j * view.stride[2]];
    of->n_differ += shown + more != own[i * stride + j];
    of->sum += fabs((double)shown);
  }
}

/* Its eligibility, which the learner has added to what is shown as such. */
static void compare_e(look *of, int k, const float *own) {
  const hd__plastic *plastic = &of->network->plastic[k];
  const hd__projection *projection = &of->network->projection[plastic->projection];
  const float *shown = hd__network_rule_state(of->network, k, 0) + plastic->e_at;
  const int n = of->network->population[projection->target].n;
  for (int i = 0; i < projection->n_pre; i++) {
    for (int j = 0; j < n; j++) {
      of->n_differ += shown[i * projection->stride + j] != own[i * projection->stride + j];
    }
  }
}

/* Everything that the rule keeps for projection k. */
static void compare_projection(look *of, int k) {
  const hd__general *general = &look_net(of)->general;
  const hd__projection *own = &general->projection[k];
  const hd__population *source = &general->population[own->source];
  const hd__population *target = &general->population[own->target];
  const hd_rule_desc *rule = hd__plastic_rule(&general->plastic[k]);
  const float *at = look_own(of, k);
  char name[64];
  snprintf(name, sizeof name, "%s->%s", source->name, target->name);
  for (int i = 0; i < rule->n_pre; i++, at += HD_PAD(own->n_pre)) {
    compare(of, name, "pre", &rule->pre[i], at, source->n, 0, 1);
  }
  for (int i = 0; i < rule->n_post; i++, at += target->n_pad) {
    compare(of, name, "post", &rule->post[i], at, target->n, 0, 1);
  }
  for (int i = 0; i < rule->n_synapse; i++, at += own->n_weights) {
    compare(of, name, "synapse", &rule->synapse[i], at, source->n, target->n, own->stride);
  }
  compare_e(of, k, at);
}

static void compare_all(look *of, float signal) {
  of->signal = signal;
  of->n_differ = 0;
  for (int k = 0; k < look_net(of)->general.graph.n_projections; k++) {
    compare_projection(of, k);
  }
  CHECK(of->n_differ == 0);
}

/* Learn for so many steps, and compare after each. */
static void compare_steps(look *of, int n) {
  for (int step = 0; step < n; step++) {
    CHECK(hd_session_train(of->session, 1) == HD_OK);
    const float *signal = rule_of(of->session)->update.told_scale; /* NULL after a rollout */
    compare_all(of, signal != NULL ? signal[ENV] : 0.0f);
  }
}

/* ---- every rule that keeps something ---- */

static int64_t episodes_of(hd_session *session) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  return stats.episodes;
}

/* From a checkpoint in the middle of an episode, with what had been carried till then. */
static void compare_resumed(look *of) {
  static const char path[] = HD_TEST_TMP "/shown-rules.hd";
  look resumed = *of;
  while (!rule_of(of->session)->continued[ENV]) {
    compare_steps(of, 1);
  }
  CHECK(hd_session_save(of->session, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &resumed.session) == HD_OK);
  CHECK(hd_session_network(resumed.session, ENV, &resumed.network) == HD_OK);
  compare_all(&resumed, 0.0f);
  compare_steps(&resumed, 20);
  compare_steps(of, 20);
  CHECK(hd_session_hash(of->session) == hd_session_hash(resumed.session));
  hd_session_destroy(resumed.session);
}

static void check_rule(const hd_rule_desc *rule, const char *settings) {
  look of = {.rule = rule, .settings = settings};
  const int before = test_failures;
  look_open(&of);
  const int64_t episodes = episodes_of(of.session);
  compare_steps(&of, 60);
  CHECK(episodes_of(of.session) >= episodes + 3 && of.sum > 0.0);
  if (rule_of(of.session)->carried != NULL) {
    compare_resumed(&of);
  }
  hd_session_destroy(of.session);
  if (test_failures > before) {
    printf("  rule %s, %s\n", rule->name, settings);
  }
}

static void what_rules_keep_is_shown_to_the_bit(void) {
  static const char *const settings[] = {"", "carry=true", "carry=true recurrent=true hidden=7,5",
                                         "delay=1 hidden=7,5"};
  int n = 0;
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    const hd_rule_desc *rule = hd_rule_at(ctx, i);
    for (int k = 0; rule->factor == NULL && k < 4; k++) {
      check_rule(rule, settings[k]);
    }
    n += rule->factor == NULL;
  }
  CHECK(n >= 8);
}

/* A rollout that is learned from twice is decided on again, from a state of its own. */
static void passes_over_a_rollout_leave_it_alone(void) {
  const hd_rule_desc *rule = NULL;
  CHECK(hd_rule_find(ctx, "e-prop", &rule) == HD_OK);
  check_rule(rule, "carry=true neuron=alif rollout=5 rollout.epochs=2");
}

/* A rule without state leaves to the network what it must keep. */
static void so_is_what_the_network_keeps_for_a_rule_without_state(void) {
  const hd_rule_desc *rule = NULL;
  CHECK(hd_rule_find(ctx, "pgcn", &rule) == HD_OK);
  check_rule(rule, "carry=true recurrent=true");
}

/* ---- who looks ---- */

/* What the substeps of a decision left is recorded; the last of them is what is shown, since this
 * rule does nothing when the action is chosen. */
static void it_is_recorded_substep_by_substep(void) {
  look of = {.settings = "carry=true"};
  hd_record_def def = hd_record_def_default();
  hd_view record = {0}, view = {0};
  int n = 0;
  CHECK(hd_rule_find(ctx, "td-ltp", &of.rule) == HD_OK);
  look_open(&of);
  def.view = "input->hidden.synapse.xbar";
  CHECK(hd_network_record(of.network, &def) == HD_OK);
  compare_steps(&of, 10);
  CHECK(hd_network_view(of.network, "input->hidden.synapse.xbar.record", &record) == HD_OK);
  CHECK(hd_network_view(of.network, def.view, &view) == HD_OK);
  CHECK(record.shape[0] == hd_network_substeps(of.network) && record.shape[1] == 4 * 7);
  const float *last = (const float *)record.data + (record.shape[0] - 1) * record.stride[0];
  for (int64_t k = 0; k < 4 * 7; k++) {
    const float shown = ((const float *)view.data)[k / 7 * view.stride[1] + k % 7];
    CHECK(last[k] == shown);
    n += last[k] != last[k - record.stride[0]];
  }
  CHECK(n > 0);
  hd_session_destroy(of.session);
}

static void nothing_is_kept_of_decisions_at_play(void) {
  look of = {.settings = "carry=true"};
  hd_view view = {0};
  float obs[4] = {0.1f, 0.2f, 0.03f, 0.1f}, action = 0;
  CHECK(hd_rule_find(ctx, "mstdpet", &of.rule) == HD_OK);
  look_open(&of);
  compare_steps(&of, 10);
  CHECK(hd_session_network(of.session, HD_DECISIONS, &of.network) == HD_OK);
  for (uint64_t step = 0; step < 5; step++) {
    CHECK(hd_session_decide(of.session, 1, obs, step, &action) == HD_OK);
  }
  CHECK(hd_network_view(of.network, "input->hidden.pre.trace", &view) == HD_OK);
  for (int64_t i = 0; i < view.shape[1]; i++) {
    CHECK(((const float *)view.data)[i] == 0.0f);
  }
  hd_session_destroy(of.session);
}

static void who_looks_may_not_signal(void) {
  look of = {.settings = "carry=true"};
  CHECK(hd_rule_find(ctx, "mstdpet", &of.rule) == HD_OK);
  look_open(&of);
  CHECK(hd_network_signal(of.network, &(float){1.0f}) == HD_USAGE);
  CHECK_TEXT(hd_ctx_error(ctx),
             "this network shows what a session's own network does, and only the session advances "
             "it");
  hd_session_destroy(of.session);
}

int main(void) {
  ctx = open_ctx();
  RUN(what_rules_keep_is_shown_to_the_bit);
  RUN(passes_over_a_rollout_leave_it_alone);
  RUN(so_is_what_the_network_keeps_for_a_rule_without_state);
  RUN(it_is_recorded_substep_by_substep);
  RUN(nothing_is_kept_of_decisions_at_play);
  RUN(who_looks_may_not_signal);
  hd_ctx_destroy(ctx);
  return test_end();
}
