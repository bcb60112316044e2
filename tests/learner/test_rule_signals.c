/* Rules with state in a session: the reward of step t meets the eligibility of step t, weights stay
 * within their limits, and an episode leaves nothing to the next. */
#include "train/learners.h"

/* Step t of six shows input t alone; one step is paid for, whatever the action. */
enum { LENGTH = 6, PAID = 3, LANES = 16 };

typedef struct clock_state {
  int32_t t;
} clock_state;

static void clock_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  ((clock_state *)state)->t = 0;
}

static bool clock_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                       double *reward) {
  (void)self;
  (void)action;
  (void)random;
  clock_state *s = state;
  *reward = s->t == PAID ? 1.0 : 0.0;
  return ++s->t == LENGTH;
}

static void clock_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  for (int i = 0; i < LENGTH; i++) {
    obs[i] = ((const clock_state *)state)->t == i ? 1.0f : 0.0f;
  }
}

static const hd_dim shown[LENGTH] = {{"t0", "", 0, 0, 1}, {"t1", "", 0, 0, 1}, {"t2", "", 0, 0, 1},
                                     {"t3", "", 0, 0, 1}, {"t4", "", 0, 0, 1}, {"t5", "", 0, 0, 1}};
static const hd_dim choice = {.name = "either", .unit = "", .count = 2};
static const hd_env_desc clock_env = {.size = sizeof(hd_env_desc),
                                      .name = "Clock-v0",
                                      .doc = "six steps, of which one is paid for",
                                      .source = "test_rule_signals.c",
                                      .obs = shown,
                                      .n_obs = LENGTH,
                                      .act = &choice,
                                      .n_act = 1,
                                      .solved = 1,
                                      .low_score = 0,
                                      .high_score = 1,
                                      .state_size = sizeof(clock_state),
                                      .reset = clock_reset,
                                      .step = clock_step,
                                      .observe = clock_observe};

static hd_ctx *ctx;

/* Two action neurons straight behind the inputs; every signal is the reward. */
#define COMMON                                                            \
  "hidden=0 readout=count bias=false coding=raw critic=none substeps=12 " \
  "lambda_actor=0 normalise_reward=false average=0 init=uniform alpha=1 "

static hd_session *open_clock(const char *settings) {
  char all[1024];
  snprintf(all, sizeof all, COMMON "%s", settings);
  return open_session(ctx, "Clock-v0", "neuron-agent-online", all, 3);
}

static const float *array(const hd_session *session, const char *name, int64_t *n) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    if (strcmp(view.name, name) == 0) {
      *n = 1;
      for (int k = 0; k < view.n_dims; k++) {
        *n *= view.shape[k];
      }
      return view.data;
    }
  }
  CHECK(false);
  return NULL;
}

/* Which inputs' weights a step has changed, as bits. */
static unsigned changed(hd_session *session, float *before) {
  int64_t n;
  unsigned inputs = 0;
  CHECK(hd_session_train(session, 1) == HD_OK);
  const float *w = array(session, "actor", &n);
  CHECK(n == LENGTH * LANES);
  for (int i = 0; i < LENGTH * LANES; i++) {
    inputs |= w[i] != before[i] ? 1u << (i / LANES) : 0u;
  }
  memcpy(before, w, sizeof(float) * LENGTH * LANES);
  return inputs;
}

static void reward_t_meets_eligibility_t(void) {
  static const char *const cases[] = {
      "neuron=lif-escape init_scale=2 rule=mstdp lif-escape.tau_m=20",
      "neuron=lif-escape init_scale=2 rule=mstdpet",
      "neuron=lif-escape init_scale=2 rule=mstdpet mstdpet.bounds=1 mstdpet.w_max=5",
      "neuron=lif-escape init_scale=2 rule=dopamine-stdp dopamine-stdp.tonic=0",
      "neuron=lif-escape init_scale=2 rule=r-max",
      "neuron=lif-escape init_scale=2 rule=olpomdp",
      "neuron=lif-escape init_scale=2 rule=pgcn carry=true"};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    hd_session *session = open_clock(cases[k]);
    int64_t n;
    float before[LENGTH * LANES];
    memcpy(before, array(session, "actor", &n), sizeof before);
    int moved = 0;
    for (int t = 0; t < 5 * LENGTH; t++) {
      const unsigned inputs = changed(session, before);
      const bool is_paid = t % LENGTH == PAID;
      const bool is_carried = strstr(cases[k], "carry") != NULL;
      CHECK(is_paid || inputs == 0);
      CHECK((inputs & ~(1u << PAID)) == 0 || is_carried);
      CHECK((inputs >> (PAID + 1)) == 0); /* nothing of what was not yet shown */
      moved += inputs >> PAID & 1;
    }
    if (moved == 0) {
      printf("  no weight of the paid step moved: %s\n", cases[k]);
    }
    CHECK(moved > 0);
    hd_session_destroy(session);
  }
}

static void limits_hold_in_a_session(void) {
  hd_session *session = open_clock(
      "neuron=lif-escape init_scale=3 rule=mstdpet mstdpet.bounds=1 mstdpet.w_min=-0.5 "
      "mstdpet.w_max=0.75 mstdpet.dale=1 alpha=20 carry=true");
  int64_t n;
  CHECK(hd_session_train(session, 600) == HD_OK);
  const float *w = array(session, "actor", &n);
  bool is_at_bound = false;
  for (int i = 0; i < LENGTH; i++) {
    CHECK(w[i * LANES] * w[i * LANES + 1] >= 0); /* one sign a source */
    for (int j = 0; j < 2; j++) {
      CHECK(w[i * LANES + j] >= -0.5f && w[i * LANES + j] <= 0.75f);
      is_at_bound |= w[i * LANES + j] == 0.75f || w[i * LANES + j] == -0.5f;
    }
  }
  CHECK(is_at_bound);
  hd_session_destroy(session);
}

/* Without limits a rule leaves its weights to the learner, and with limits that are never met it
 * moves them by the same bits. */
static void limits_that_are_far_change_nothing(void) {
  const char *const plain = "neuron=lif-escape init_scale=2 rule=mstdpet envs=3 carry=true";
  char far[256];
  snprintf(far, sizeof far, "%s mstdpet.bounds=1 mstdpet.w_min=-1e6 mstdpet.w_max=1e6", plain);
  hd_session *a = open_clock(plain), *b = open_clock(far);
  CHECK(hd_session_train(a, 300) == HD_OK && hd_session_train(b, 300) == HD_OK);
  CHECK(hd_session_hash(a) == hd_session_hash(b));
  hd_session_destroy(a);
  hd_session_destroy(b);
}

static void limits_are_refused_where_something_else_moves_the_weights(void) {
  static const char *const cases[] = {"optimiser=adam", "lambda_actor=0.5", "rollout=4"};
  for (int k = 0; k < 3; k++) {
    hd_session *session = NULL;
    char all[1024];
    snprintf(all, sizeof all, COMMON "neuron=lif-escape rule=mstdpet mstdpet.dale=1 %s", cases[k]);
    CHECK(try_session(ctx, "Clock-v0", "neuron-agent-online", all, 3, &session) == HD_CONFLICT);
    CHECK_TEXT(hd_ctx_error(ctx),
               "rule mstdpet moves its weights itself at every signal, within their limits; use "
               "rollout = 0, lambda_actor = 0 and optimiser = sgd");
  }
}

/* Traces of the learner and traces of the rule go together. */
static void traces_of_learner_and_rule_go_together(void) {
  hd_session *session =
      open_clock("neuron=lif-escape init_scale=2 rule=mstdpet lambda_actor=0.5 carry=true");
  CHECK(hd_session_train(session, 60) == HD_OK);
  hd_session_destroy(session);
}

/* Membranes that do not draw, and weights that stay: all that a rule keeps is the same after one
 * episode and after two. */
static void an_episode_leaves_nothing_to_the_next(void) {
  static const char *const rules[] = {"mstdp", "mstdpet", "dopamine-stdp"};
  for (int k = 0; k < 3; k++) {
    char settings[256];
    snprintf(settings, sizeof settings, "neuron=lif init_scale=2 carry=true alpha=0 rule=%s",
             rules[k]);
    hd_session *session = open_clock(settings);
    int64_t n;
    float once[4096];
    CHECK(hd_session_train(session, LENGTH) == HD_OK);
    const float *carried = array(session, "actor.carried", &n);
    CHECK(n <= 4096);
    memcpy(once, carried, sizeof(float) * (size_t)n);
    float size = 0;
    for (int64_t i = 0; i < n; i++) {
      size += fabsf(once[i]);
    }
    CHECK(size > 0.1f);
    CHECK(hd_session_train(session, LENGTH) == HD_OK);
    CHECK(memcmp(once, array(session, "actor.carried", &n), sizeof(float) * (size_t)n) == 0);
    hd_session_destroy(session);
  }
}

int main(void) {
  ctx = open_ctx();
  if (hd_env_register(ctx, &clock_env) != HD_OK) {
    return 2;
  }
  RUN(reward_t_meets_eligibility_t);
  RUN(limits_hold_in_a_session);
  RUN(limits_that_are_far_change_nothing);
  RUN(limits_are_refused_where_something_else_moves_the_weights);
  RUN(traces_of_learner_and_rule_go_together);
  RUN(an_episode_leaves_nothing_to_the_next);
  hd_ctx_destroy(ctx);
  return test_end();
}
