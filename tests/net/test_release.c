/* Synapses that release: what they draw, what they see of past spikes, and that the score of their
 * decisions, times the return, is the derivative of the mean return. */
#include "isa.h"
#include "twin.h"

static const float obs[CASE_OBS] = {1.0f, 0.5f};

typedef struct release_case {
  const char *coding;
  int substeps, n_hidden, hidden, action_neurons;
  bool is_recurrent;
  float facilitation, facilitation_tau;
  hd__readout readout;
} release_case;

static void open_releasing(subject *s, hd_ctx *ctx, const release_case *c, uint64_t seed) {
  memset(s, 0, sizeof *s);
  s->ctx = ctx;
  const net_case plain = {.coding = c->coding,
                          .neuron = "lif",
                          .rule = "pgcn",
                          .substeps = c->substeps,
                          .n_hidden = c->n_hidden,
                          .hidden = {c->hidden},
                          .readout = c->readout,
                          .n_actions = 2,
                          .action_neurons = c->action_neurons,
                          .is_finite = strcmp(c->coding, "onehot") == 0};
  hd__net_def def = case_def(ctx, &plain);
  def.releases = true;
  def.is_recurrent = c->is_recurrent;
  def.facilitation = c->facilitation;
  def.facilitation_tau = c->facilitation_tau;
  if (hd__net_compile(ctx, &def, &s->net) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    exit(2);
  }
  subject_lay_out(s);
  if (hd__arena_commit(ctx, &s->arena) != HD_OK) {
    exit(2);
  }
  subject_lay_out(s);
  hd__net_start(&s->net, &(hd__net_init){.scale = 1.0f, .readout_scale = 1.0f}, seed);
}

/* ---- forced releases ---- */

/* The decisions at hand are the bits of `outcome`, in the order in which they are asked for; what
 * each was and its logit are noted. */
enum { ASKED_MAX = 16 };
static struct {
  unsigned outcome;
  int n;
  const float *q[ASKED_MAX];
  double c[ASKED_MAX];
} asked;

static void forced_release(int n, hd__key key, uint32_t first, float c, const float *q,
                           const float *strength, const float *live, float *drive, float *e) {
  (void)key;
  (void)first;
  for (int j = 0; j < n; j++) {
    if (live[j] == 0.0f) {
      continue;
    }
    if (asked.n == ASKED_MAX) {
      exit(2);
    }
    const float r = (float)(asked.outcome >> asked.n & 1);
    asked.q[asked.n] = q + j;
    asked.c[asked.n++] = (double)c;
    drive[j] += strength[j] * r;
    e[j] += r - 1.0f / (1.0f + expf(-(q[j] + c)));
  }
}

static double chance_of(double logit, bool has_released) {
  return 1.0 / (1.0 + exp(has_released ? -logit : logit));
}

/* Mean return over every sequence of decisions, with `change` added to one logit; if found is not
 * NULL, the mean of return times eligibility goes there. */
static double mean_return(subject *s, const float *changed, double change, double *found,
                          double *total) {
  static const hd__policy policy = {.tau = 1};
  double mean = 0, sum = 0;
  for (unsigned outcome = 0; outcome < 1u << ASKED_MAX;) {
    asked.outcome = outcome;
    asked.n = 0;
    hd__net_decide(&s->net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &policy,
                   &s->decision);
    double p = 1;
    for (int k = 0; k < asked.n; k++) {
      const double logit =
          (double)*asked.q[k] + asked.c[k] + (asked.q[k] == changed ? change : 0.0);
      p *= chance_of(logit, outcome >> k & 1);
    }
    /* Any function of what happened will do as a return; spikes and ties are part of it. */
    const float G = (float)(hd__mix64(outcome + 77) >> 40) / (float)(1 << 23) - 1.0f;
    mean += p * (double)G;
    sum += p;
    if (found != NULL) {
      subject_eligibility(s, &policy);
      for (size_t i = 0; i < s->net.n_weights; i++) {
        found[i] += p * (double)G * (double)s->E[i];
      }
    }
    /* The next sequence: decisions never asked for are not told apart. Sequences are walked as a
     * tree whose first decision is the lowest bit. */
    int last = asked.n - 1;
    while (last >= 0 && (outcome >> last & 1)) {
      last--;
    }
    if (last < 0) {
      break;
    }
    outcome = (outcome & ((1u << last) - 1)) | 1u << last;
  }
  *total = sum;
  return mean;
}

/* The number of decisions depends on earlier ones: a hidden neuron asks only when it fires. */
static void enumerate(const release_case *c, uint64_t seed) {
  hd_ctx *ctx = case_ctx();
  subject s;
  open_releasing(&s, ctx, c, seed);
  s.forced = *s.net.kernel;
  s.forced.release = forced_release;
  s.net.kernel = &s.forced;
  const size_t n = s.net.n_weights;
  bool *real = real_weights(&s.net);
  for (size_t i = 0; i < n; i++) {
    s.net.weights[i] = real[i] ? hd__uniform24(hd__key_make(seed, 1, 0, 0), (uint32_t)i) : 0.0f;
  }
  double *found = calloc(n, sizeof *found), total, largest = 0;
  mean_return(&s, NULL, 0, found, &total);
  CHECK_NEAR(total, 1, 1e-12);
  for (size_t i = 0; i < n; i++) {
    if (!real[i]) {
      CHECK(found[i] == 0);
      continue;
    }
    const double h = 1e-4;
    const double up = mean_return(&s, s.net.weights + i, h, NULL, &total);
    const double down = mean_return(&s, s.net.weights + i, -h, NULL, &total);
    const double truth = (up - down) / (2 * h); /* its error is h^2, 1e-8 */
    CHECK_NEAR(found[i], truth, 1e-6);
    largest = fabs(truth) > largest ? fabs(truth) : largest;
  }
  CHECK(largest > 1e-2);
  free(found);
  free(real);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void score_is_the_derivative(void) {
  enumerate(&(release_case){.coding = "rate",
                            .substeps = 2,
                            .action_neurons = 1,
                            .readout = HD_READ_COUNT,
                            .facilitation = 0.7f,
                            .facilitation_tau = 3},
            1);
}

static void score_through_hidden_neurons(void) {
  for (uint64_t seed = 1; seed < 4; seed++) {
    enumerate(&(release_case){.coding = "onehot",
                              .substeps = 2,
                              .n_hidden = 1,
                              .hidden = 1,
                              .action_neurons = 1,
                              .is_recurrent = true,
                              .readout = HD_READ_COUNT,
                              .facilitation = 0.7f,
                              .facilitation_tau = 3},
              seed);
  }
}

/* ---- what is drawn ---- */

/* One source that fires at every substep: share of releases, of many decisions, substep by
 * substep. The deviation of a share of N draws is at most 1/(2 sqrt N). */
enum { DRAWN = 20000, DRAWN_T = 4 };

static void releases_match_their_probability(const hd__kernel *kernel) {
  static const float q[HD_LANES] = {-3, -1, 0, 0.5f, 1, 2, 4, -8, 8};
  static float one[HD_LANES], drive[HD_LANES], e[HD_LANES];
  double sum[HD_LANES] = {0}, both = 0;
  for (int j = 0; j < HD_LANES; j++) {
    one[j] = 1.0f;
  }
  for (uint64_t k = 0; k < DRAWN; k++) {
    memset(drive, 0, sizeof drive);
    memset(e, 0, sizeof e);
    kernel->release(HD_LANES, hd__key_make(1, HD_STREAM_SPIKE, 0, k), 640, 0.25f, q, one, one,
                    drive, e);
    for (int j = 0; j < HD_LANES; j++) {
      const double p = chance_of((double)q[j] + 0.25, true);
      sum[j] += (double)drive[j];
      CHECK(drive[j] == 0.0f || drive[j] == 1.0f);
      CHECK_NEAR((double)e[j], (double)drive[j] - p, 1e-6);
    }
    both += (double)(drive[2] * drive[9]);
  }
  for (int j = 0; j < HD_LANES; j++) {
    CHECK_NEAR(sum[j] / DRAWN, chance_of((double)q[j] + 0.25, true), 4 * 0.5 / sqrt(DRAWN));
  }
  const double half = chance_of(0.25, true);
  CHECK_NEAR(both / DRAWN, half * half, 4 * 0.5 / sqrt(DRAWN)); /* each draws for itself */
}

static void each_releases_with_its_probability(void) {
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    if (hd__isa_choose(hd__isa_name(isa)) == isa) {
      releases_match_their_probability(hd__kernel_for(isa));
    }
  }
}

static void all_instruction_sets_release_alike(void) {
  enum { N = 3 * HD_LANES };
  static float q[N], strength[N], live[N], drive[2][N], e[2][N];
  for (int j = 0; j < N; j++) {
    q[j] = 6 * hd__uniform24((hd__key){1, 2}, (uint32_t)j) - 3;
    strength[j] = hd__uniform24((hd__key){3, 4}, (uint32_t)j) - 0.5f;
    live[j] = j < N - 5;
  }
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    if (hd__isa_choose(hd__isa_name(isa)) != isa) {
      continue;
    }
    for (uint32_t first = 0; first < 1000; first += N + 1) {
      memset(drive, 0, sizeof drive);
      memset(e, 0, sizeof e);
      const hd__key key = {9, 11};
      hd__kernel_for(0)->release(N, key, first, 0.1f, q, strength, live, drive[0], e[0]);
      hd__kernel_for(isa)->release(N, key, first, 0.1f, q, strength, live, drive[1], e[1]);
      CHECK(memcmp(drive[0], drive[1], sizeof drive[0]) == 0);
      CHECK(memcmp(e[0], e[1], sizeof e[0]) == 0);
      for (int j = N - 5; j < N; j++) {
        CHECK(e[1][j] == 0.0f);
      }
    }
  }
}

/* ---- facilitation ---- */

static double seen[ASKED_MAX];
static int n_seen;

static void noting_release(int n, hd__key key, uint32_t first, float c, const float *q,
                           const float *strength, const float *live, float *drive, float *e) {
  (void)n, (void)key, (void)first, (void)q, (void)strength, (void)live, (void)drive, (void)e;
  seen[n_seen++ % ASKED_MAX] = (double)c;
}

/* A source fires at substeps 1, 2 and 5 of 6: c is 0, then what is left of the spikes before. */
static void a_spike_facilitates_and_the_trace_decays(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  open_releasing(&s, ctx,
                 &(release_case){.coding = "rate",
                                 .substeps = 6,
                                 .action_neurons = 1,
                                 .readout = HD_READ_COUNT,
                                 .facilitation = 0.7f,
                                 .facilitation_tau = 3},
                 1);
  s.forced = *s.net.kernel;
  s.forced.release = noting_release;
  s.net.kernel = &s.forced;
  s.net.rows = 1;
  s.net.layer[0].in.n_x = 1;
  s.net.def.has_bias = false;
  static const float spike[6] = {0, 1, 1, 0, 0, 1};
  float below[HD_LANES] = {0};
  for (int t = 0; t < 6; t++) {
    below[0] = spike[t];
    hd__net_release(&s.net, &s.net.layer[0], below, HD_LANES, t, &s.decision.part[0]);
  }
  CHECK(n_seen == 3);
  const double keep = exp(-1.0 / 3.0);
  CHECK_NEAR(seen[0], 0, 0);
  CHECK_NEAR(seen[1], 0.7, 1e-6);
  CHECK_NEAR(seen[2], 0.7 * (keep * keep + keep * keep * keep), 1e-6);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* Rows asked for: the bias at every substep; own neurons where they fired the substep before. */
static int n_own_asked;
static const float *own_q;

static void counting_release(int n, hd__key key, uint32_t first, float c, const float *q,
                             const float *strength, const float *live, float *drive, float *e) {
  (void)key, (void)first, (void)c, (void)strength, (void)live, (void)e;
  n_own_asked += own_q != NULL && q >= own_q && q < own_q + n;
  drive[0] += 100.0f;
}

static void own_spikes_come_a_substep_later(void) {
  hd_ctx *ctx = case_ctx();
  for (int is_recurrent = 0; is_recurrent < 2; is_recurrent++) {
    subject s;
    open_releasing(&s, ctx,
                   &(release_case){.coding = "onehot",
                                   .substeps = 4,
                                   .n_hidden = 1,
                                   .hidden = 1,
                                   .action_neurons = 1,
                                   .is_recurrent = is_recurrent,
                                   .readout = HD_READ_COUNT,
                                   .facilitation_tau = 3},
                   1);
    s.forced = *s.net.kernel;
    s.forced.release = counting_release;
    s.net.kernel = &s.forced;
    const hd__layer *hidden = &s.net.layer[0];
    n_own_asked = 0;
    own_q = is_recurrent
                ? s.net.weights + hidden->in.at + (size_t)(hidden->in.n_source * hidden->n_pad)
                : NULL;
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)},
                   &(hd__policy){.tau = 1}, &s.decision);
    CHECK(hidden->spikes[0] == 4.0f);
    CHECK(n_own_asked == (is_recurrent ? 3 : 0));
    subject_close(&s);
  }
  hd_ctx_destroy(ctx);
}

/* ---- batches ---- */

static void rows_never_meet(void) {
  static const release_case cases[] = {
      {.coding = "poisson",
       .substeps = 5,
       .n_hidden = 1,
       .hidden = 20,
       .action_neurons = 3,
       .is_recurrent = true,
       .readout = HD_READ_COUNT,
       .facilitation = 0.5f,
       .facilitation_tau = 4},
      {.coding = "gauss",
       .substeps = 4,
       .n_hidden = 1,
       .hidden = 7,
       .readout = HD_READ_SOFTMAX,
       .facilitation_tau = 4},
      {.coding = "tiles",
       .substeps = 3,
       .action_neurons = 4,
       .readout = HD_READ_VOTE,
       .facilitation_tau = 4},
  };
  static const hd__policy policy = {.tau = 1};
  static const float scale[CASE_BATCH] = {0.5f, -2.0f, 1.25f};
  hd_ctx *ctx = case_ctx();
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    subject many, one;
    open_releasing(&many, ctx, &cases[k], k + 1);
    open_releasing(&one, ctx, &cases[k], k + 1);
    const size_t n = one.net.n_weights;
    for (uint64_t round = 0; round < 20; round++) {
      float seen_obs[CASE_BATCH * CASE_OBS];
      hd__random_base draw[CASE_BATCH];
      for (uint32_t row = 0; row < CASE_BATCH; row++) {
        draw[row] = hd__random_base_make(round, row, 3 * round + row);
        for (uint32_t d = 0; d < CASE_OBS; d++) {
          seen_obs[row * CASE_OBS + d] =
              hd__uniform24(hd__key_make(round, HD_STREAM_ENV, row, d), 0);
        }
      }
      double *sum = calloc(n, sizeof *sum), largest = 0;
      hd__net_decide(&many.net, CASE_BATCH, seen_obs, draw, &policy, &many.decision);
      hd__net_factors(&many.net, &policy, &many.decision);
      for (int row = 0; row < CASE_BATCH; row++) {
        hd__net_decide(&one.net, 1, seen_obs + row * CASE_OBS, &draw[row], &policy, &one.decision);
        subject_eligibility(&one, &policy);
        memset(many.E, 0, sizeof(float) * n);
        hd__net_add_row(&many.net, &many.decision, row, true,
                        (hd__weighing){.hidden = 1, .readout = 1}, many.E);
        CHECK(one.decision.action[0] == many.decision.action[row]);
        CHECK(memcmp(one.E, many.E, sizeof(float) * n) == 0);
        for (size_t i = 0; i < n; i++) {
          sum[i] += (double)(scale[row] * one.E[i]);
        }
      }
      memset(many.E, 0, sizeof(float) * n);
      hd__net_add(&many.net, &many.decision, 1, scale, (hd__weighing){.hidden = 1, .readout = 1},
                  many.E);
      for (size_t i = 0; i < n; i++) {
        CHECK_NEAR((double)many.E[i], sum[i], 1e-5 * (1 + fabs(sum[i])));
        largest = fabs(sum[i]) > largest ? fabs(sum[i]) : largest;
      }
      CHECK(largest > 0);
      free(sum);
    }
    subject_close(&many);
    subject_close(&one);
  }
  hd_ctx_destroy(ctx);
}

/* ---- what is refused ---- */

static void what_does_not_fit_is_refused(void) {
  static const struct {
    const char *coding, *neuron, *rule;
    int taps, self_taps, nets, n_hidden;
    hd__readout readout;
  } cases[] = {{"raw", "lif", "pgcn", 1, 0, 1, 1, HD_READ_COUNT},
               {"bins", "lif", "pgcn", 1, 0, 1, 1, HD_READ_COUNT},
               {"rate", "ising", "pgcn", 1, 0, 1, 1, HD_READ_COUNT},
               {"rate", "lif", "reparam-mean", 1, 0, 1, 1, HD_READ_SOFTMAX},
               {"rate", "lif", "pgcn-agree", 1, 0, 1, 1, HD_READ_COUNT},
               {"rate", "lif", "pgcn", 2, 0, 1, 1, HD_READ_COUNT},
               {"rate", "lif", "pgcn", 1, 1, 1, 1, HD_READ_COUNT},
               {"rate", "lif", "pgcn", 1, 0, 2, 1, HD_READ_COUNT},
               {"rate", "lif", "pgcn", 1, 0, 1, 0, HD_READ_SOFTMAX}};
  hd_ctx *ctx = case_ctx();
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const net_case plain = {.coding = cases[k].coding,
                            .neuron = cases[k].neuron,
                            .rule = cases[k].rule,
                            .substeps = 5,
                            .taps = cases[k].taps,
                            .self_taps = cases[k].self_taps,
                            .nets = cases[k].nets,
                            .n_hidden = cases[k].n_hidden,
                            .hidden = {4},
                            .readout = cases[k].readout,
                            .n_actions = 2};
    hd__net_def def = case_def(ctx, &plain);
    hd__net net;
    def.releases = true;
    def.facilitation_tau = 4;
    CHECK(hd__net_compile(ctx, &def, &net) == HD_CONFLICT);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(score_is_the_derivative);
  RUN(score_through_hidden_neurons);
  RUN(each_releases_with_its_probability);
  RUN(all_instruction_sets_release_alike);
  RUN(a_spike_facilitates_and_the_trace_decays);
  RUN(own_spikes_come_a_substep_later);
  RUN(rows_never_meet);
  RUN(what_does_not_fit_is_refused);
  return test_end();
}
