/* Sessions that search: every weight is reached once, candidates are evaluated alike, and a
 * generation may be interrupted. */
#include "learners.h"
#include "samples.h"
#include "schedule.h"
#include "insides.h"

static const char *const networks[] = {
    "hidden=5,3",
    "hidden=0 readout=softmax coding=tiles code.tilings=2 code.cells=64 bias=false",
    "hidden=4 coding=onehot",
    "hidden=3 nets=2 blocks=action readout=vote action_neurons=2 neuron=bernoulli",
    "hidden=6 taps=2 self_taps=2 substeps=6 neuron=glm",
};

/* Writing 1, 2, 3, ... and reading gives them back; they lie where the start put weights, so the
 * padding stays 0. */
static void every_weight_has_its_place(void) {
  hd_ctx *ctx = open_ctx();
  for (size_t k = 0; k < sizeof networks / sizeof *networks; k++) {
    char settings[256];
    snprintf(settings, sizeof settings, "%s ?init_scale=1 init_readout=1", networks[k]);
    hd_session *session =
        open_session(ctx, k == 2 ? "FrozenLake-v1" : "CartPole-v1", "nes", settings, 1);
    const hd__search *search = &search_of(session)->search;
    const hd__net *net = &search_of(session)->learned.net;
    int64_t n_started = 0, n_written = 0;
    for (size_t i = 0; i < net->n_weights; i++) {
      n_started += net->weights[i] != 0.0f;
    }
    /* weights on own spikes start at 0 */
    CHECK(n_started == search->n - (int64_t)(net->def.self_taps * net->layer[0].n));
    for (int i = 0; i < search->n; i++) {
      search_of(session)->candidate.w[i] = (float)(i + 1);
    }
    hd__weight_map_write(&search_of(session)->map, &search->def, search_of(session)->candidate.w,
                         search_of(session)->candidate.weights);
    memset(search_of(session)->candidate.w, 0, sizeof(float) * (size_t)search->n);
    hd__weight_map_read(&search_of(session)->map, &search->def,
                        search_of(session)->candidate.weights, search_of(session)->candidate.w);
    for (int i = 0; i < search->n; i++) {
      CHECK(search_of(session)->candidate.w[i] == (float)(i + 1));
    }
    for (size_t i = 0; i < net->n_weights; i++) {
      n_written += search_of(session)->candidate.weights[i] != 0.0f;
      CHECK(net->weights[i] == 0.0f || search_of(session)->candidate.weights[i] != 0.0f);
    }
    CHECK(n_written == search->n);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

/* With tiny perturbations all candidates act alike, and have equal returns. */
static void candidates_play_the_same_episodes(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "nes",
                                     "search.sigma=1e-6 search.episodes=5 search.population=6", 1);
  const hd__search *search = &search_of(session)->search;
  double first = 0;
  for (int generation = 0; generation < 2; generation++) {
    for (int m = 0; m < 5; m++) {
      CHECK(advance_unit(session) == HD_OK);
      CHECK(search->returns[m] == search->returns[0]);
    }
    CHECK(generation == 0 || search->returns[0] != first); /* new ones for the next */
    first = search->returns[0];
    CHECK(advance_unit(session) == HD_OK);
  }
  CHECK(session->training.counters->episodes == 60 && session->training.counters->updates == 2);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* Evaluated again, a candidate scores the same, and its synapses see the same: nothing is left of the
 * episodes before. */
static void what_a_candidate_leaves_is_gone_with_the_next(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *graded = open_session(ctx, "Blobs-v0", "nes", "search.score=likelihood", 1);
  hd_session *seeing = open_session(ctx, "CartPole-v1", "syn-plus", "syn.dynamics=eligibility", 1);
  double returns[2][HD_PLAYED_TOGETHER], score[2];
  static float seen[2][1024];
  const size_t n = search_of(seeing)->learned.net.n_weights;
  CHECK(n <= 1024);
  for (int k = 0; k < 2; k++) {
    CHECK(hd__candidate_evaluate(&search_of(graded)->candidate, 0, returns[k], &score[k]) == HD_OK);
  }
  CHECK(score[0] == score[1] && score[0] < 0);
  for (int k = 0; k < 2; k++) {
    CHECK(hd__candidate_evaluate(&search_of(seeing)->candidate, 0, returns[k], &score[k]) == HD_OK);
    memcpy(seen[k], search_of(seeing)->features.eligibility, sizeof(float) * n);
  }
  float size = 0;
  for (size_t i = 0; i < n; i++) {
    size += fabsf(seen[0][i]);
  }
  CHECK(size > 0 && memcmp(seen[0], seen[1], sizeof seen[0]) == 0);
  hd_session_destroy(graded);
  hd_session_destroy(seeing);
  hd_ctx_destroy(ctx);
}

static void a_generation_may_be_interrupted(void) {
  static const char path[] = HD_TEST_TMP "/evolve.ckpt";
  hd_ctx *ctx = open_ctx();
  hd_session *first = open_session(ctx, "CartPole-v1", "nes", NULL, 2), *second = NULL;
  while (search_of(first)->search.counters->generation < 3 ||
         search_of(first)->search.counters->reported < 7) {
    CHECK(advance_unit(first) == HD_OK);
  }
  CHECK(hd_session_save(first, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &second) == HD_OK);
  for (int m = 0; m < 40; m++) {
    CHECK(advance_unit(first) == HD_OK && advance_unit(second) == HD_OK);
  }
  CHECK(hd_session_hash(first) == hd_session_hash(second));
  CHECK(first->training.counters->steps == second->training.counters->steps);
  hd_session_destroy(first);
  hd_session_destroy(second);
  hd_ctx_destroy(ctx);
  remove(path);
}

/* ---- what agents see ---- */

/* Mean probability of the right answer over all samples: what is paid on average. */
static double expected_return(hd_session *session) {
  enum { SAMPLES = 150 };
  const hd__policy policy = {.is_greedy = true};
  double sum = 0;
  for (int s = 0; s < SAMPLES; s++) {
    const hd__sweep sweep = {.sample = s, .stride = 1, .left = 1};
    const hd__random_base draw = {0};
    float *obs = session->evaluation.obs;
    hd__samples_observe(session->env, &sweep, obs);
    hd__net_decide(&search_of(session)->learned.net, 1, obs, &draw, &policy,
                   &search_of(session)->learned.actor.decision);
    sum += (double)search_of(session)->learned.net.pi[hd__samples_right(session->env, &sweep)];
  }
  return sum / SAMPLES;
}

/* The signal's mean is the gradient of the expected return, weight by weight. */
static void the_signal_is_the_gradient(void) {
  enum { EVALUATIONS = 1000, N = 15 };
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "Blobs-v0", "syn-m5",
                                     "hidden=0 coding=raw rule=reparam-mean readout=softmax "
                                     "init_readout=0.3 search.move=0 syn.dynamics=signal",
                                     1);
  const hd__weight_map *map = &search_of(session)->map;
  const hd__search_def *def = &search_of(session)->search.def;
  float dense[HD_LANES], w[HD_LANES];
  double sum[N] = {0}, square[N] = {0};
  CHECK(search_of(session)->search.n == N);
  for (int e = 0; e < EVALUATIONS; e++) {
    CHECK(advance_unit(session) == HD_OK);
    hd__weight_map_read(map, def, search_of(session)->features.signal, dense);
    for (int k = 0; k < N; k++) {
      sum[k] += (double)dense[k];
      square[k] += (double)dense[k] * (double)dense[k];
    }
  }
  memcpy(w, search_of(session)->search.w, sizeof(float) * N);
  for (int k = 0; k < N; k++) {
    const float here = w[k], h = 0.01f;
    w[k] = here + h;
    hd__weight_map_write(map, def, w, search_of(session)->learned.net.weights);
    const double above = expected_return(session);
    w[k] = here - h;
    hd__weight_map_write(map, def, w, search_of(session)->learned.net.weights);
    const double below = expected_return(session);
    w[k] = here;
    const double mean = sum[k] / EVALUATIONS;
    const double error = sqrt((square[k] / EVALUATIONS - mean * mean) / EVALUATIONS);
    CHECK_NEAR(mean, (above - below) / (2 * (double)h), 4.5 * error);
    CHECK(error < 0.01);
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* Rates are shares: of the bias always 1, of an action how often it was chosen. */
static void rates_are_shares(void) {
  hd_ctx *ctx = open_ctx();
  for (size_t k = 0; k < sizeof networks / sizeof *networks; k++) {
    char settings[256];
    snprintf(settings, sizeof settings,
             "%s syn.dynamics=rate-pre+rate-post rule=reparam-mean ?init_scale=1 init_readout=1%s",
             networks[k], k == 3 ? " rule=pgcn" : "");
    hd_session *session =
        open_session(ctx, k == 2 ? "FrozenLake-v1" : "CartPole-v1", "syn-m3", settings, 1);
    const hd__search *search = &search_of(session)->search;
    CHECK(advance_unit(session) == HD_OK);
    const float *pre = search->dynamics[HD_DYNAMIC_RATE_PRE];
    const float *post = search->dynamics[HD_DYNAMIC_RATE_POST];
    int at = 0;
    double chosen = 0;
    for (int s = 0; s < search->def.n_layers; s++) {
      const hd__search_layer *layer = &search->def.layer[s];
      for (int i = 0; i < layer->n_pre; i++) {
        for (int j = 0; j < layer->n_post; j++, at++) {
          CHECK(pre[at] >= -1 && pre[at] <= 1 && post[at] >= -1 && post[at] <= 1);
          CHECK(!layer->has_bias || i < layer->n_pre - 1 || pre[at] > 1 - 1e-5f);
          chosen += s == search->def.n_layers - 1 && i == 0 ? ((double)post[at] + 1) / 2 : 0;
        }
      }
    }
    CHECK(k == 3 || fabs(chosen - 1) < 1e-5);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

static double mean_of(const float *x, int n) {
  double sum = 0;
  for (int k = 0; k < n; k++) {
    sum += (double)x[k] / n;
  }
  return sum;
}

/* One decision of a single neuron: what the features are made of is what it did. */
static void features_of_one_neuron(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session =
      open_session(ctx, "Blobs-v0", "syn-m3",
                   "hidden=1 coding=raw substeps=16 rule=reparam-mean readout=softmax init_scale=3 "
                   "init_readout=1 syn.dynamics=membrane+surrogate+agreement+rate-pre+rate-post",
                   1);
  CHECK(advance_unit(session) == HD_OK);
  const hd__net *net = &search_of(session)->learned.net;
  const hd__synapse_features *features = &search_of(session)->features;
  const hd__layer *layer = &net->layer[0];
  const double decisions = features->decisions;
  CHECK(decisions == 150);
  /* the bias of the neuron was there at all its spikes, that of the readout at all actions */
  float dense[HD_LANES];
  hd__weight_map_read(&search_of(session)->map, &search_of(session)->search.def,
                      features->agreement, dense);
  CHECK_NEAR(dense[4], 16 * features->rate[1][0], 1e-2);
  CHECK_NEAR(dense[5 + 3] + dense[5 + 4] + dense[5 + 5], decisions, 1e-3);
  /* slope 4 at the threshold and 5 (1 - e^-0.2) of a drive's way bound the surrogate */
  CHECK(features->surrogate[0][0] > 0 && (double)features->surrogate[0][0] < 16 * decisions * 4);
  CHECK(features->membrane[0][0] != 0 && (double)features->membrane[0][0] < 10 * decisions);
  CHECK(layer->n == 1);
  /* told as above or below the mean of each projection: one target's synapses are all alike */
  const float *membrane = search_of(session)->search.dynamics[HD_DYNAMIC_MEMBRANE];
  const float *agreement = search_of(session)->search.dynamics[HD_DYNAMIC_AGREEMENT];
  for (int k = 0; k < search_of(session)->search.n; k++) {
    CHECK_NEAR(membrane[k], 0, 1e-6);
  }
  CHECK(fabs(mean_of(agreement, 5)) < 0.2 && fabs((double)agreement[4]) > 0.01);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- policies ---- */

static bool same_policy(hd_session *a, hd_session *b) {
  const hd_view x = view_of(a, "policy"), y = view_of(b, "policy");
  const size_t n = (size_t)(x.shape[0] * x.shape[1]);
  return n == (size_t)(y.shape[0] * y.shape[1]) && memcmp(x.data, y.data, sizeof(float) * n) == 0;
}

/* A pupil begins with the teacher's policy, on whatever task and after a restart; frozen it keeps
 * it, else it moves on. */
static void policies_are_handed_on(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *teacher = open_session(ctx, "CartPole-v1", "syn-m4", NULL, 1);
  advance(teacher, 2000, 2000);
  for (int frozen = 0; frozen < 2; frozen++) {
    hd_session *pupil =
        open_session(ctx, "Acrobot-v1", "syn-m4", frozen ? "syn.frozen=true" : NULL, 2);
    CHECK(!same_policy(teacher, pupil));
    CHECK(hd_session_adopt(pupil, teacher) == HD_OK);
    CHECK(same_policy(teacher, pupil));
    advance(pupil, 5000, 5000);
    CHECK(same_policy(teacher, pupil) == frozen);
    CHECK(hd_session_adopt(pupil, teacher) == HD_USAGE);
    CHECK(hd__session_restart(pupil, 3) == HD_OK);
    CHECK(same_policy(teacher, pupil));
    hd_session_destroy(pupil);
  }
  hd_session *other = open_session(ctx, "CartPole-v1", "syn-m1", NULL, 1);
  hd_session *none = open_session(ctx, "CartPole-v1", "nes", NULL, 1);
  CHECK(hd_session_adopt(other, teacher) == HD_MISMATCH);
  CHECK(hd_session_adopt(none, teacher) == HD_CONFLICT);
  hd_session_destroy(teacher);
  hd_session_destroy(other);
  hd_session_destroy(none);
  hd_ctx_destroy(ctx);
}

static void what_does_not_fit_is_refused(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = NULL;
  CHECK(try_session(ctx, "CartPole-v1", "nes", "envs=2", 1, &session) == HD_CONFLICT);
  CHECK(try_session(ctx, "CartPole-v1", "nes", "search.population=3", 1, &session) == HD_RANGE);
  CHECK(try_session(ctx, "CartPole-v1", "nes", "search=gradient", 1, &session) == HD_UNKNOWN);
  CHECK(try_session(ctx, "CartPole-v1", "nes", "search.score=likelihood", 1, &session) ==
        HD_CONFLICT);
  CHECK(try_session(ctx, "CartPole-v1", "nes", "syn.dynamics=signal rule=reparam-mean", 1,
                    &session) == HD_CONFLICT);
  CHECK(try_session(ctx, "CartPole-v1", "syn-m5", "syn.dynamics=smell", 1, &session) == HD_UNKNOWN);
  CHECK(try_session(ctx, "CartPole-v1", "syn-m5", "syn.position=continuous", 1, &session) ==
        HD_CONFLICT);
  hd_ctx_destroy(ctx);
}

/* A running average is evaluated, and the search goes on as if there were none. */
static void the_average_is_evaluated(void) {
  enum { GENERATIONS = 40, POPULATION = 4 };
  hd_ctx *ctx = open_ctx();
  hd_session *plain = open_session(ctx, "CartPole-v1", "nes", "search.population=4", 5);
  hd_session *averaged =
      open_session(ctx, "CartPole-v1", "nes", "search.population=4 average=0.8", 5);
  const size_t n = search_of(plain)->learned.net.n_weights, size = n * sizeof(float);
  float *mean = malloc(size);
  memcpy(mean, search_of(plain)->learned.net.weights, size);
  for (int g = 1; g <= GENERATIONS; g++) {
    for (int m = 0; m < POPULATION; m++) {
      CHECK(advance_unit(plain) == HD_OK && advance_unit(averaged) == HD_OK);
    }
    for (size_t i = 0; i < n; i++) {
      mean[i] += hd__average_rate(0.8f, g) * (search_of(plain)->learned.net.weights[i] - mean[i]);
    }
  }
  CHECK(memcmp(search_of(plain)->learned.net.weights, search_of(averaged)->learned.net.weights,
               size) == 0);
  CHECK(memcmp(hd__learned_net_eval_weights(&search_of(averaged)->learned), mean, size) == 0);
  CHECK(hd__learned_net_eval_weights(&search_of(plain)->learned) ==
        search_of(plain)->learned.net.weights);
  free(mean);
  hd_session_destroy(plain);
  hd_session_destroy(averaged);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(every_weight_has_its_place);
  RUN(candidates_play_the_same_episodes);
  RUN(what_a_candidate_leaves_is_gone_with_the_next);
  RUN(a_generation_may_be_interrupted);
  RUN(the_average_is_evaluated);
  RUN(the_signal_is_the_gradient);
  RUN(rates_are_shares);
  RUN(features_of_one_neuron);
  RUN(policies_are_handed_on);
  RUN(what_does_not_fit_is_refused);
  return test_end();
}
