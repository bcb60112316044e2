/* Two episodes in a row are two single ones: what an episode leaves of neurons, rules and traces is
 * either gone when the next begins, or nobody looks at it. */
#include "learners.h"

static hd_ctx *ctx;

/* Settings beside a method's own, with memory and with traces. */
static const char *const settings[] = {"?recurrent=true ?carry=true ?memory_limit=1",
                                       "?carry=true ?lambda_actor=0.8 ?lambda=0.8"};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* One environment, and replay that is soon learned from. */
#define EARLY "?envs=1 ?replay.learning_starts=40 ?replay.batch=8 "

/* Without the settings where they are refused; NULL where `more` is. */
static hd_session *open_with(const char *task, const char *method, int k, const char *more) {
  const char *acts = sets(method, "algorithm=dqn") ? "epsilon=0.1 epsilon.end=0.1" : "";
  char all[512], least[512];
  hd_session *session = NULL;
  snprintf(all, sizeof all, "%s " EARLY "%s %s %s", quick(method), acts, settings[k], more);
  snprintf(least, sizeof least, "%s " EARLY "%s %s", quick(method), acts, more);
  if (try_session(ctx, task, method, all, 6, &session) != HD_OK) {
    try_session(ctx, task, method, least, 6, &session);
  }
  return session;
}

/* ---- evaluations ---- */

/* Lights go on and off at random, and the return of an episode says what was done at each of its
 * steps. Units that answer to a change do so again and again. */
enum { LIGHTS = 4, DECISIONS = 10 };

typedef struct lights_state {
  int32_t t;
  float on[LIGHTS];
} lights_state;

static void lights_draw(lights_state *s, hd_random *random) {
  for (int i = 0; i < LIGHTS; i++) {
    s->on[i] = (float)hd_random_below(random, 2);
  }
}

static void lights_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  ((lights_state *)state)->t = 0;
  lights_draw(state, random);
}

static bool lights_step(const hd_env_desc *self, void *state, const float *action,
                        hd_random *random, double *reward) {
  (void)self;
  lights_state *s = state;
  *reward = action[0] > 0 ? (double)(1 << s->t) : 0.0;
  lights_draw(s, random);
  return ++s->t == DECISIONS;
}

static void lights_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  memcpy(obs, ((const lights_state *)state)->on, sizeof(float) * LIGHTS);
}

static const hd_dim lights_shown[LIGHTS] = {
    {"a", "", 0, 0, 1}, {"b", "", 0, 0, 1}, {"c", "", 0, 0, 1}, {"d", "", 0, 0, 1}};
static const hd_dim lights_choice = {.name = "either", .unit = "", .count = 2};
static const hd_env_desc lights = {.size = sizeof(hd_env_desc),
                                   .name = "Lights-v0",
                                   .doc = "lights go on and off",
                                   .source = "test_two_episodes.c",
                                   .obs = lights_shown,
                                   .n_obs = LIGHTS,
                                   .act = &lights_choice,
                                   .n_act = 1,
                                   .solved = 1,
                                   .low_score = 0,
                                   .high_score = 1,
                                   .state_size = sizeof(lights_state),
                                   .reset = lights_reset,
                                   .step = lights_step,
                                   .observe = lights_observe};

/* More episodes than are played side by side, so that some come after others. */
enum { EPISODES = 22 };
static int n_evaluated;

/* An action that is another once shows in a return. */
static void evaluated_on(const char *task, const char *method) {
  hd_session *session = open_with(task, method, 0, "?init_scale=3 ?init_readout=1");
  double in_a_row[EPISODES], alone;
  if (session == NULL) {
    return;
  }
  CHECK(hd_session_evaluate(session, EPISODES, 3, in_a_row, NULL) == HD_OK);
  for (int i = EPISODES - 2; i < EPISODES; i++) {
    CHECK(hd_session_evaluate_from(session, i, 1, 3, &alone) == HD_OK);
    CHECK(alone == in_a_row[i]);
  }
  n_evaluated++;
  hd_session_destroy(session);
}

static void evaluated(const char *method) {
  evaluated_on(acts_by_numbers(method) ? "Pendulum-v1" : "DriftingBandit-v0", method);
  if (!acts_by_numbers(method)) {
    evaluated_on("Lights-v0", method);
  }
}

static void episodes_of_an_evaluation_do_not_meet(void) {
  for (int i = 0; i < hd_method_count(); i++) {
    const int before = test_failures;
    evaluated(hd_method_at(i)->name);
    if (test_failures > before) {
      printf("  with %s\n", hd_method_at(i)->name);
    }
  }
  CHECK(n_evaluated > hd_method_count());
}

/* The same weights with and without memory: within an episode neurons do remember. */
static void memory_lasts_through_an_episode(void) {
  static const char *const methods[] = {"e-prop", "a2c", "ppo", "nes"};
  for (int m = 0; m < 4; m++) {
    double returns[2][EPISODES];
    for (int carries = 0; carries < 2; carries++) {
      char all[64];
      snprintf(all, sizeof all, "neuron=alif ?init_readout=1 carry=%s", carries ? "true" : "false");
      hd_session *session = open_session(ctx, "DriftingBandit-v0", methods[m], all, 6);
      CHECK(hd_session_evaluate(session, EPISODES, 3, returns[carries], NULL) == HD_OK);
      hd_session_destroy(session);
    }
    CHECK(memcmp(returns[0], returns[1], sizeof returns[0]) != 0);
  }
}

/* ---- learning ---- */

/* Arrays that belong to an episode, and those that say whether the next decision begins one. */
static const char *const kept[] = {
    "actor.carried", "state",       "above",        "gated.memory",   "gated.before",
    "gated.changes", "gated.tags",  "gated.value",  "team.traces",    "team.values",
    "team.rewards",  "actor.trace", "critic.trace", "trace.strength", "trace.values"};
static const struct {
  const char *name;
  unsigned char begins;
} flags[] = {{"actor.continued", 0}, {"fresh", 1}, {"gated.begun", 0}, {"team.begun", 0}};

static int64_t entries(const hd_view *view) {
  int64_t n = 1;
  for (int d = 0; d < view->n_dims; d++) {
    n *= view->shape[d];
  }
  return n;
}

static bool find(hd_session *session, const char *name, hd_view *view) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    *view = hd_session_view_at(session, i);
    if (strcmp(view->name, name) == 0) {
      return true;
    }
  }
  return false;
}

static int64_t episodes_of(hd_session *session) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  return stats.episodes;
}

/* Learn until an episode has just ended. */
static bool reach_an_end(hd_session *session) {
  for (int k = 0; k < 1000; k++) {
    const int64_t episodes = episodes_of(session), steps = steps_of(session);
    hd_view view;
    CHECK(hd_session_train(session, 1) == HD_OK);
    bool begins = episodes_of(session) > episodes && steps_of(session) == steps + 1;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
      if (find(session, flags[i].name, &view)) {
        begins = *(const unsigned char *)view.data == flags[i].begins;
      }
    }
    if (begins) {
      return true;
    }
  }
  return false;
}

/* Write over what the episode left, but for traces that are 0 again. Returns how many arrays belong
 * to an episode. */
static int spoil(hd_session *session) {
  int n = 0;
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    hd_view view;
    if (find(session, kept[i], &view)) {
      float *values = view.data;
      bool is_clear = strstr(kept[i], "trace") != NULL;
      for (int64_t k = 0; k < entries(&view); k++) {
        is_clear &= values[k] == 0.0f;
      }
      for (int64_t k = 0; !is_clear && k < entries(&view); k++) {
        values[k] = 0.75f;
      }
      n++;
    }
  }
  return n;
}

/* Returns how many arrays belong to an episode. */
static int check_learning(const char *task, const char *method, int k, const char *more) {
  hd_session *spoiled = open_with(task, method, k, more);
  hd_session *plain = open_with(task, method, k, more);
  int n = 0;
  if (spoiled != NULL && reach_an_end(spoiled) && reach_an_end(plain) && (n = spoil(spoiled)) > 0) {
    const int64_t steps = steps_of(plain) + 100;
    CHECK(steps_of(spoiled) == steps_of(plain));
    advance(spoiled, steps, 100);
    advance(plain, steps, 100);
    CHECK(hd_session_hash(spoiled) == hd_session_hash(plain));
    const hd_view a = view_of(spoiled, "obs"), b = view_of(plain, "obs");
    CHECK(memcmp(a.data, b.data, sizeof(float) * (size_t)entries(&a)) == 0);
  }
  hd_session_destroy(spoiled);
  hd_session_destroy(plain);
  return n;
}

static int n_arrays;

static void learned(const char *task, const char *method) {
  for (int k = 0; k < SETTINGS; k++) {
    const int before = test_failures;
    n_arrays += check_learning(task, method, k, "");
    if (test_failures > before) {
      printf("  %s\n", settings[k]);
    }
  }
}

static void no_method_looks_back_beyond_an_episode(void) {
  for_methods(learned);
  CHECK(n_arrays > 100);
}

static void no_rule_looks_back_beyond_an_episode(void) {
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    const hd_rule_desc *rule = hd_rule_at(ctx, i);
    char more[256];
    int n = 0;
    const int before = test_failures;
    snprintf(more, sizeof more,
             "neuron=lif-escape carry=true optimiser=sgd rule=%s ?e-prop.feedback=1", rule->name);
    for (int k = 0; k < SETTINGS; k++) {
      n += check_learning("CartPole-v1", "neuron-agent-online", k, more);
    }
    CHECK(n > 0 || rule->factor != NULL);
    if (test_failures > before) {
      printf("  rule %s\n", rule->name);
    }
  }
}

int main(void) {
  ctx = open_ctx();
  if (hd_env_register(ctx, &lights) != HD_OK) {
    return 2;
  }
  RUN(episodes_of_an_evaluation_do_not_meet);
  RUN(memory_lasts_through_an_episode);
  RUN(no_method_looks_back_beyond_an_episode);
  RUN(no_rule_looks_back_beyond_an_episode);
  hd_ctx_destroy(ctx);
  return test_end();
}
