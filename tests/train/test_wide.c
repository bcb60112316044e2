/* Observations of hundreds of components: every kind of learner trains on them, those with 100 are
 * learned from, and learners on thousands are saved and go on with the same bits. */
#include "learners.h"

/* One decision an episode: which of two components, far from each other, is the larger? */
enum { LEFT = 3, RIGHT = 97, WIDEST = HD_MAX_OBS };

typedef struct wide {
  float value[2];
} wide;

static void wide_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  wide *s = state;
  const bool is_right = hd_random_below(random, 2) == 1;
  s->value[is_right] = (float)(0.5 + 0.5 * hd_random_uniform(random));
  s->value[!is_right] = (float)(-0.5 - 0.5 * hd_random_uniform(random));
}

static bool wide_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  (void)random;
  const wide *s = state;
  *reward = (action[0] > 0.5f) == (s->value[1] > s->value[0]);
  return true;
}

static void wide_observe(const hd_env_desc *self, const void *state, float *obs) {
  const wide *s = state;
  memset(obs, 0, sizeof *obs * (size_t)self->n_obs);
  obs[LEFT] = s->value[0];
  obs[RIGHT] = s->value[1];
}

static hd_dim dims[WIDEST];
static const hd_dim side = {.name = "right", .unit = "", .count = 2};

static hd_env_desc wide_env(int n) {
  for (int d = 0; d < WIDEST; d++) {
    dims[d] = (hd_dim){.name = "x", .unit = "", .low = -1, .high = 1};
  }
  return (hd_env_desc){.size = sizeof(hd_env_desc),
                       .name = "Wide-v0",
                       .doc = "say which of two components is the larger",
                       .source = "this test",
                       .obs = dims,
                       .n_obs = n,
                       .act = &side,
                       .n_act = 1,
                       .max_steps = 1,
                       .solved = NAN,
                       .low_score = NAN,
                       .high_score = NAN,
                       .state_size = sizeof(wide),
                       .reset = wide_reset,
                       .step = wide_step,
                       .observe = wide_observe};
}

static const struct learner_row {
  const char *method, *settings;
  int64_t steps;
} rows[] = {
    {"neuron-agent-online", "hidden=16", 2000},
    {"neuron-agent-settle", "hidden=16", 2000},
    {"dqn", "hidden=16 replay.learning_starts=100", 1200},
    {"layer-agent", "hidden=16,16 replay.learning_starts=100", 1200},
    {"ppo", "hidden=16 critic.hidden=16", 4096},
};

static void a_hundred_components_are_learned_from(void) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    hd_ctx *ctx = open_ctx();
    const hd_env_desc env = wide_env(100);
    CHECK(hd_env_register(ctx, &env) == HD_OK);
    hd_session *session = open_session(ctx, env.name, rows[i].method, rows[i].settings, 3);
    double mean = 0;
    advance(session, rows[i].steps, rows[i].steps);
    CHECK(hd_session_evaluate(session, 100, 0, NULL, &mean) == HD_OK);
    printf("  %-20s %.2f of 1, by chance .5\n", rows[i].method, mean);
    CHECK(mean >= 0.9);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

static void thousands_of_components_are_saved(void) {
  hd_ctx *ctx = open_ctx();
  const hd_env_desc env = wide_env(WIDEST);
  CHECK(hd_env_register(ctx, &env) == HD_OK);
  for (size_t i = 0; i < 3; i++) {
    const char *settings = "hidden=8 steps=1000";
    hd_session *session =
        open_session(ctx, env.name, rows[i].method, i < 2 ? settings : "hidden=8 replay.size=200 "
                                                                      "replay.batch=8 "
                                                                      "replay.learning_starts=20",
                     3);
    hd_session *loaded = NULL;
    advance(session, 40, 40);
    CHECK(hd_session_save(session, HD_TEST_TMP "/wide.hd") == HD_OK);
    CHECK(hd_session_load(ctx, HD_TEST_TMP "/wide.hd", &loaded) == HD_OK);
    advance(session, 40, 40);
    advance(loaded, 40, 7);
    CHECK(hd_session_hash(session) == hd_session_hash(loaded));
    hd_session_destroy(loaded);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(a_hundred_components_are_learned_from);
  RUN(thousands_of_components_are_saved);
  return test_end();
}
