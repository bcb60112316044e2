/* Rules with state in a session: the reward of step t meets the eligibility of step t, weights stay
 * within their limits, and an episode leaves nothing to the next. */
#include "insides.h"
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

/* The weights of a session; those of `n_targets` behind the inputs come first, that from input i to
 * target j at i input + j target. */
typedef struct weights {
  hd_session *session;
  const float *now;
  float before[1024];
  size_t n, n_targets, input, target;
} weights;

static weights weights_of(hd_session *session) {
  const hd__net *net = &rule_of(session)->learned.net;
  const hd__layer *first = &net->layer[0];
  const size_t lanes = (size_t)first->n_pad, stride = (size_t)first->in.x_stride;
  weights w = {.session = session, .now = net->weights, .n = net->n_weights};
  if (first->in.is_rows) {
    w.n_targets = lanes, w.input = lanes, w.target = 1;
  } else {
    w.n_targets = (size_t)(first->in.n_block * first->in.n_post), w.input = 1, w.target = stride;
  }
  CHECK(first->in.n_x == LENGTH && w.n <= 1024);
  memcpy(w.before, w.now, sizeof(float) * w.n);
  return w;
}

/* What training for so many steps changes: the inputs whose weights move, as bits, and whether any
 * other weight does. */
typedef struct change {
  unsigned inputs;
  bool elsewhere;
} change;

static change train(weights *w, int64_t steps) {
  change seen = {0};
  CHECK(hd_session_train(w->session, steps) == HD_OK);
  for (size_t k = 0; k < LENGTH * w->n_targets; k++) {
    const size_t i = k % LENGTH, at = i * w->input + k / LENGTH * w->target;
    seen.inputs |= w->now[at] != w->before[at] ? 1u << i : 0u;
    w->before[at] = w->now[at];
  }
  for (size_t k = 0; k < w->n; k++) {
    seen.elsewhere |= w->now[k] != w->before[k];
    w->before[k] = w->now[k];
  }
  return seen;
}

/* Settings under which each rule learns the weights behind the inputs; of some rules several. */
#define DRAWS "neuron=lif-escape init_scale=2 "
#define READ "hidden=4 readout=softmax init_readout=1 "
static const char *const learns[] = {
    "neuron=bernoulli rule=pgcn",
    DRAWS "rule=pgcn carry=true",
    "neuron=ising " READ "rule=pgcn",
    "neuron=bernoulli hidden=4 nets=2 blocks=action rule=pgcn-agree",
    "neuron=bernoulli hidden=4 nets=2 blocks=action rule=pgcn-agree-asym",
    "neuron=bernoulli " READ "rule=reparam-soft",
    "neuron=bernoulli " READ "rule=reparam-st",
    "neuron=bernoulli " READ "rule=reparam-mean",
    "neuron=lif rule=node-perturbation",
    DRAWS "rule=mstdp lif-escape.tau_m=20",
    DRAWS "rule=mstdp mstdp.bounds=1 mstdp.w_max=5",
    DRAWS "rule=mstdpet",
    DRAWS "rule=mstdpet mstdpet.bounds=1 mstdpet.w_max=5",
    DRAWS "rule=dopamine-stdp dopamine-stdp.tonic=0",
    DRAWS "rule=r-max",
    DRAWS "rule=olpomdp",
    DRAWS "rule=td-ltp",
    DRAWS "rule=td-ltp td-ltp.bounds=2 td-ltp.w_max=5 td-ltp.tau_rise=5",
    DRAWS READ "rule=population-feedback",
    "neuron=alif init_scale=2 " READ "rule=e-prop",
    "neuron=lif init_scale=2 " READ "rule=e-prop e-prop.feedback=1",
};
enum { LEARNS = sizeof learns / sizeof learns[0] };

static bool is_of(const char *settings, const char *rule) {
  const char *at = strstr(settings, "rule=") + 5;
  return strncmp(at, rule, strlen(rule)) == 0 && strchr(" ", at[strlen(rule)]) != NULL;
}

static int n_again; /* rules that learned from a rollout twice */

static bool is_carried(const char *settings) { return strstr(settings, "carry=true") != NULL; }

/* Of the inputs whose weights moved with a reward, those are allowed that were shown when it was
 * earned, or before if state is carried on. Returns whether the first of these is among them. */
static bool are_credited(const char *settings, unsigned inputs) {
  const unsigned paid = 1u << PAID, earlier = is_carried(settings) ? paid - 1 : 0;
  CHECK((inputs & ~(paid | earlier)) == 0);
  return (inputs & paid) != 0;
}

/* A reward moves weights in the step that earned it, and in no other. */
static void check_step_by_step(const char *settings) {
  hd_session *session = open_clock(settings);
  weights w = weights_of(session);
  int moved = 0;
  for (int t = 0; t < 5 * LENGTH; t++) {
    const change seen = train(&w, 1);
    if (t % LENGTH == PAID) {
      moved += are_credited(settings, seen.inputs);
    } else {
      CHECK(seen.inputs == 0 && !seen.elsewhere);
    }
  }
  CHECK(moved > 0);
  hd_session_destroy(session);
}

/* The same of rollouts that hold an episode, learned from so many times: advantages are the rewards
 * themselves. */
static void check_rollouts(const char *settings, int times) {
  hd_session *session = NULL;
  char all[1024];
  snprintf(all, sizeof all,
           COMMON "%s rollout=6 rollout.epochs=%d envs=1 lambda=0 advantage.normalise=false "
                  "optimiser=sgd alpha=0.5",
           settings, times);
  if (try_session(ctx, "Clock-v0", "neuron-agent", all, 3, &session) != HD_OK) {
    CHECK(strstr(hd_ctx_error(ctx), "moves its weights") != NULL || times > 1);
    return;
  }
  weights w = weights_of(session);
  int moved = 0;
  for (int episode = 0; episode < 5; episode++) {
    moved += are_credited(settings, train(&w, LENGTH).inputs);
  }
  CHECK(moved > 0);
  n_again += times > 1;
  hd_session_destroy(session);
}

static void check_by_rollouts(const char *settings) {
  check_rollouts(settings, 1);
  check_rollouts(settings, 2);
}

static void for_rules(void (*check)(const char *settings)) {
  for (int k = 0; k < LEARNS; k++) {
    const int before = test_failures;
    check(learns[k]);
    if (test_failures > before) {
      printf("  with %s\n", learns[k]);
    }
  }
}

static void every_rule_is_here(void) {
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    bool has_one = false;
    for (int k = 0; k < LEARNS; k++) {
      has_one |= is_of(learns[k], hd_rule_at(ctx, i)->name);
    }
    CHECK(has_one);
  }
}

static void reward_t_meets_eligibility_t(void) { for_rules(check_step_by_step); }

static void in_a_rollout_reward_t_meets_eligibility_t(void) {
  for_rules(check_by_rollouts);
  CHECK(n_again > 0);
}

/* Bounds that are reached, and one sign of a source's weights. */
static void check_hold(const char *rule, const char *settings) {
  char all[512];
  snprintf(all, sizeof all,
           "%s rule=%s %s.bounds=1 %s.w_min=-0.5 %s.w_max=0.75 %s.dale=1 carry=true", settings,
           rule, rule, rule, rule, rule);
  hd_session *session = open_clock(all);
  int64_t n;
  CHECK(hd_session_train(session, 600) == HD_OK);
  const float *w = array(session, "actor", &n);
  bool is_at_bound = false;
  for (int i = 0; i < LENGTH; i++) {
    CHECK(w[i * LANES] * w[i * LANES + 1] >= 0);
    for (int j = 0; j < 2; j++) {
      CHECK(w[i * LANES + j] >= -0.5f && w[i * LANES + j] <= 0.75f);
      is_at_bound |= w[i * LANES + j] == 0.75f || w[i * LANES + j] == -0.5f;
    }
  }
  CHECK(is_at_bound);
  hd_session_destroy(session);
}

static void limits_hold_in_a_session(void) {
  check_hold("mstdpet", "neuron=lif-escape init_scale=3 alpha=20");
  check_hold("e-prop", "neuron=alif readout=softmax hidden=2 init_scale=3 alpha=20");
  check_hold("e-prop",
             "neuron=alif readout=softmax hidden=2 init_scale=3 alpha=20 lambda_actor=0.9");
}

/* Without limits a rule leaves its weights to the learner, and with limits that are never met it
 * moves them by the same bits. */
static void check_far(const char *rule, const char *settings) {
  char plain[256], far[512];
  snprintf(plain, sizeof plain, "rule=%s %s init_scale=2 envs=3 carry=true", rule, settings);
  snprintf(far, sizeof far, "%s %s.bounds=1 %s.w_min=-1e6 %s.w_max=1e6", plain, rule, rule, rule);
  hd_session *a = open_clock(plain), *b = open_clock(far);
  const uint64_t start = hd_session_hash(a);
  CHECK(hd_session_train(a, 300) == HD_OK && hd_session_train(b, 300) == HD_OK);
  const bool is_same = hd_session_hash(a) == hd_session_hash(b) && hd_session_hash(a) != start;
  CHECK(is_same);
  if (!is_same) {
    printf("  %s\n", plain);
  }
  hd_session_destroy(a);
  hd_session_destroy(b);
}

static void limits_that_are_far_change_nothing(void) {
  check_far("mstdp", "neuron=lif-escape");
  check_far("mstdpet", "neuron=lif-escape");
  check_far("mstdpet", "neuron=lif-escape lambda_actor=0.5");
  check_far("r-max", "neuron=lif-escape r-max.tau_c=0 alpha=0.01");
  check_far("olpomdp", "neuron=lif-escape lambda_actor=0.5");
  check_far("td-ltp", "neuron=lif-escape");
  check_far("population-feedback", "neuron=lif-escape readout=softmax hidden=4");
  check_far("e-prop", "neuron=alif readout=softmax hidden=4 recurrent=true");
  check_far("e-prop", "neuron=alif readout=softmax hidden=4 recurrent=true lambda_actor=0.9");
}

static void limits_are_refused_where_something_else_moves_the_weights(void) {
  static const struct {
    const char *settings, *said;
  } cases[] = {
      {"rule=mstdpet mstdpet.dale=1 optimiser=adam",
       "rule mstdpet moves its weights within limits (bounds, dale, homeostasis) at every signal; "
       "use rollout = 0 and optimiser = sgd"},
      {"rule=r-max r-max.bounds=1 rollout=4",
       "rule r-max moves its weights within limits (bounds, dale, homeostasis) at every signal; "
       "use rollout = 0 and optimiser = sgd"},
      {"rule=dopamine-stdp dopamine-stdp.bounds=0 lambda_actor=0.5",
       "rule dopamine-stdp moves its weights itself at every signal; use rollout = 0, lambda_actor "
       "= 0 and optimiser = sgd"}};
  for (int k = 0; k < 3; k++) {
    hd_session *session = NULL;
    char all[1024];
    snprintf(all, sizeof all, COMMON "neuron=lif-escape %s", cases[k].settings);
    CHECK(try_session(ctx, "Clock-v0", "neuron-agent-online", all, 3, &session) == HD_CONFLICT);
    CHECK_TEXT(hd_ctx_error(ctx), cases[k].said);
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
  RUN(every_rule_is_here);
  RUN(reward_t_meets_eligibility_t);
  RUN(in_a_rollout_reward_t_meets_eligibility_t);
  RUN(limits_hold_in_a_session);
  RUN(limits_that_are_far_change_nothing);
  RUN(limits_are_refused_where_something_else_moves_the_weights);
  RUN(traces_of_learner_and_rule_go_together);
  RUN(an_episode_leaves_nothing_to_the_next);
  hd_ctx_destroy(ctx);
  return test_end();
}
