/* The table of learners: the settings of every method ask for a kind, and every kind is asked for
 * by a recorded run and has all slots that a session calls without asking. */
#include <stdio.h>

#include "gradient_learner.h"
#include "learned_net.h"
#include "learner.h"
#include "readers.h"
#include "session_internal.h"
#include "train/learners.h"

static int chosen(const hd__settings *s) {
  for (int i = 0; i < hd__learner_desc_count(); i++) {
    if (hd__learner_desc_of(s) == hd__learner_desc_at(i)) {
      CHECK(hd__learner_desc_at(i)->is_chosen(s));
      return i;
    }
  }
  CHECK(false);
  return 0;
}

static void every_method_has_one_learner(void) {
  hd_ctx *ctx = open_ctx();
  for (int i = 0; i < hd_method_count(); i++) {
    const char *method = hd_method_at(i)->name;
    hd_config *config = NULL;
    CHECK(hd_config_create(ctx, task_for(method, 0), method, &config) == HD_OK);
    const char *name = hd__learner_desc_at(chosen(hd__config_settings(config)))->name;
    const hd__facts facts = hd__facts_of(config); /* who reads an option is told by these */
    CHECK(facts.is_gradient == (strcmp(name, "gradient") == 0));
    CHECK(facts.is_search == (strcmp(name, "search") == 0));
    CHECK(facts.is_rule == !(facts.is_gradient || facts.is_search || facts.is_gated || facts.is_team));
    hd_config_destroy(config);
  }
  hd_ctx_destroy(ctx);
}

/* The kind that a line of tests/golden/runs.txt asks for, or -1: it is no run. */
static int asked_for(hd_ctx *ctx, char *line) {
  char task[64], run[64], *setting;
  int at;
  if (line[0] == '#' || sscanf(line, "%63s %63[^+ \n]%n", task, run, &at) < 2) {
    return -1;
  }
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, task, run, &config) == HD_OK);
  setting = strtok(line + at + strcspn(line + at, " \n"), " \n");
  for (; setting != NULL; setting = strtok(NULL, " \n")) {
    char *value = strchr(setting, '=');
    *value = '\0';
    CHECK(hd_config_set(config, setting, value + 1) == HD_OK);
  }
  const int kind = chosen(hd__config_settings(config));
  hd_config_destroy(config);
  return kind;
}

static void every_learner_has_a_recorded_run(void) {
  int n[16] = {0};
  char line[1024];
  hd_ctx *ctx = open_ctx();
  FILE *runs = fopen(HD_TEST_DATA "/../golden/runs.txt", "r");
  CHECK(runs != NULL && hd__learner_desc_count() <= 16);
  while (fgets(line, sizeof line, runs) != NULL) {
    const int kind = asked_for(ctx, line);
    if (kind >= 0) {
      n[kind]++;
    }
  }
  for (int i = 0; i < hd__learner_desc_count(); i++) {
    CHECK(n[i] > 0);
  }
  fclose(runs);
  hd_ctx_destroy(ctx);
}

/* Rollouts and single steps differ by one option of one method. */
static void a_rollout_is_asked_for_by_its_length(void) {
  static const struct {
    const char *steps, *learner;
  } cases[] = {{"0", "online"}, {"1", "rollout"}, {"32", "rollout"}};
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config) == HD_OK);
  for (int k = 0; k < 3; k++) {
    CHECK(hd_config_set(config, "rollout", cases[k].steps) == HD_OK);
    const hd__settings *s = hd__config_settings(config);
    CHECK(strcmp(hd__learner_desc_of(s)->name, cases[k].learner) == 0);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

static void slots_are_filled(void) {
  for (int i = 0; i < hd__learner_desc_count(); i++) {
    const hd__learner_desc *desc = hd__learner_desc_at(i);
    CHECK(desc->name != NULL && desc->doc != NULL && desc->state_size > 0);
    CHECK(desc->compile != NULL && desc->lay_out != NULL && desc->start != NULL);
    CHECK(desc->advance != NULL && desc->actor != NULL && desc->hash != NULL);
    CHECK(desc->activity != NULL && desc->reset_activity != NULL);
    CHECK((desc->n_threads == NULL) == (desc->share == NULL));
    CHECK((desc->set_policy == NULL) == (desc->use_policy == NULL));
  }
}

/* A count near the end of what a float counts: rates and what never fired stay right. */
static void activity_is_counted_beyond_what_a_float_counts(void) {
  static const char *const methods[] = {"neuron-agent-online", "nes", "ppo"};
  for (int m = 0; m < 3; m++) {
    hd_ctx *ctx = NULL;
    hd_config *config = NULL;
    hd_session *session = NULL;
    const hd_ctx_def def = hd_ctx_def_default();
    CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
    CHECK(hd_config_create(ctx, "CartPole-v1", methods[m], &config) == HD_OK);
    CHECK(hd_config_set(config, "hidden", "8") == HD_OK);
    CHECK(hd_session_create(ctx, config, 1, &session) == HD_OK);
    hd__learner *learner = &session->learner;
    double *counted;
    float *spikes;
    if (m < 2) {
      hd__learned_net *net = learner->state; /* which both states begin with */
      counted = net->net.counted;
      spikes = net->net.layer[0].spikes;
    } else {
      hd__model *actor = &((hd__gradient_learner *)learner->state)->rl.model[0];
      counted = &actor->counted;
      spikes = actor->spikes[0];
    }
    *counted = 0x1p24;
    for (int i = 0; i < 8; i++) {
      spikes[i] = 0x1p24f;
    }
    CHECK(hd_session_train(session, 2000) == HD_OK);
    CHECK(*counted < 0x1p24);
    for (int i = 0; i < 8; i++) {
      CHECK(spikes[i] < 0x1p24f && (double)spikes[i] <= *counted);
    }
    hd_session_destroy(session);
    hd_config_destroy(config);
    hd_ctx_destroy(ctx);
  }
}

int main(void) {
  RUN(every_method_has_one_learner);
  RUN(every_learner_has_a_recorded_run);
  RUN(a_rollout_is_asked_for_by_its_length);
  RUN(slots_are_filled);
  RUN(activity_is_counted_beyond_what_a_float_counts);
  return test_end();
}
