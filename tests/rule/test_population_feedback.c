/* population-feedback by hand on a dozen substeps of two sources and three voters, and by
 * enumeration: with the right decision as the reward every neuron climbs its own chance to vote
 * rightly. */
#include "isa.h"
#include "kernel.h"
#include "mathf.h"
#include "rule_rows.h"
#include "test.h"

enum { N_PRE = 2, N_POST = 3, STRIDE = HD_LANES, N = N_PRE * STRIDE };
enum { STEPS = 12, SIGNAL_AT = 5 };

static const float arrives[STEPS][N_PRE] = {{1, 0}, {0, 1}, {1, 1}, {0, 0}, {0, 0}, {1, 0},
                                            {0, 1}, {0, 0}, {1, 1}, {0, 0}, {0, 1}, {0, 0}};
/* Voters: yes, no, no until the signal; yes, yes, no after it. */
static const float fires[STEPS][N_POST] = {{0, 0, 0}, {1, 0, 0}, {0, 0, 0}, {0, 0, 0},
                                           {1, 0, 0}, {0, 0, 0}, {0, 1, 0}, {0, 0, 0},
                                           {1, 0, 0}, {0, 1, 0}, {0, 0, 0}, {0, 0, 0}};
static const float chance[N_POST] = {.2f, .4f, .1f}, gain[N_POST] = {2, .5f, 1};

typedef struct bench {
  _Alignas(64) float refrac[STRIDE], fired[STRIDE], spikes[STRIDE], agrees[STRIDE];
  _Alignas(64) float xbar[N], sum[N], e[N], w[N], b[STRIDE], lane[STRIDE];
  float c[N_PRE];
  float *pre[1], *post[4], *synapse[2], param[2];
  hd_synapses s;
} bench;

static void bench_open(bench *b, float feedback, float attenuate, float keep) {
  *b = (bench){.param = {feedback, attenuate}};
  b->pre[0] = b->c;
  b->post[0] = b->refrac, b->post[1] = b->fired, b->post[2] = b->spikes, b->post[3] = b->agrees;
  b->synapse[0] = b->xbar, b->synapse[1] = b->sum;
  b->s = (hd_synapses){.n_pre = N_PRE,
                       .n_post = N_POST,
                       .stride = STRIDE,
                       .dt_ms = 1,
                       .param = b->param,
                       .keep = keep,
                       .p = chance,
                       .gain = gain,
                       .pre = b->pre,
                       .post = b->post,
                       .synapse = b->synapse,
                       .w = b->w,
                       .e = b->e,
                       .lane = b->lane,
                       .loops = hd__kernel_for(HD_ISA_SCALAR)->synapses};
}

static void bench_step(bench *b, const float *x, const float *fired) {
  memcpy(b->b, fired, sizeof(float) * N_POST);
  b->s.x = x, b->s.b = b->b;
  hd__rule_population_feedback.after(&hd__rule_population_feedback, &b->s);
}

static void bench_signal(bench *b, float alpha, float signal) {
  hd__rule_population_feedback.on_decision(&hd__rule_population_feedback, &b->s);
  hd__rule_population_feedback.on_signal(&hd__rule_population_feedback, &b->s, alpha, signal);
}

/* Half of what arrived is left a substep later, and there is no reset. */
static double score(int i, int j, int from, int to) {
  double sum = 0;
  for (int t = from; t <= to; t++) {
    double xbar = 0;
    for (int u = 0; u <= t; u++) {
      xbar += (double)arrives[u][i] * pow(.5, t - u);
    }
    sum += (double)gain[j] * ((double)fires[t][j] - (double)chance[j]) * xbar;
  }
  return sum;
}

static void check_moves(float feedback, float attenuate, const double first[N_POST],
                        const double second[N_POST]) {
  bench b;
  bench_open(&b, feedback, attenuate, .5f);
  for (int t = 0; t < STEPS; t++) {
    bench_step(&b, arrives[t], fires[t]);
    if (t == SIGNAL_AT) {
      bench_signal(&b, .1f, 2);
    }
  }
  bench_signal(&b, .1f, -1);
  for (int i = 0; i < N_PRE; i++) {
    for (int j = 0; j < N_POST; j++) {
      const double want = .2 * first[j] * score(i, j, 0, SIGNAL_AT) -
                          .1 * second[j] * score(i, j, SIGNAL_AT + 1, STEPS - 1);
      CHECK_NEAR((double)b.w[i * STRIDE + j], want, 1e-6);
    }
  }
}

/* First decision: P = -1, D = -1; second: P = 1, D = 1. */
static void synapses_move_by_reward_vote_and_decision(void) {
  const double a = exp(-1.0 / 3);
  check_moves(1, 1, (double[]){-a, a, a}, (double[]){1, 1, -1});
  check_moves(1, 0, (double[]){-1, 1, 1}, (double[]){1, 1, -1});
  check_moves(0, 1, (double[]){1, 1, 1}, (double[]){1, 1, 1});
}

/* All at once: who voted in the decision before is forgotten, a majority of three counts by its
 * square, and an even vote is a yes. */
static void votes_are_counted_anew(void) {
  static const float on[N_PRE] = {1, 0}, none[N_PRE] = {0, 0};
  static const float all[N_POST] = {1, 1, 1}, nobody[N_POST] = {0, 0, 0}, first[N_POST] = {1, 0, 0};
  bench b;
  bench_open(&b, 1, 1, 0);
  bench_step(&b, on, all);
  bench_signal(&b, 1, 1);
  for (int j = 0; j < N_POST; j++) {
    CHECK_NEAR((double)b.w[j], exp(-3) * (double)(gain[j] * (1 - chance[j])), 1e-6);
    b.w[j] = 0;
  }
  bench_step(&b, on, nobody);
  bench_signal(&b, 1, 1);
  for (int j = 0; j < N_POST; j++) {
    CHECK_NEAR((double)b.w[j], exp(-3) * (double)(gain[j] * -chance[j]), 1e-6);
    b.w[j] = 0;
  }
  b.s.n_post = 2; /* of which one votes yes */
  bench_step(&b, on, first);
  bench_step(&b, none, nobody);
  bench_signal(&b, 1, 1);
  CHECK_NEAR((double)b.w[0], (double)(gain[0] * (1 - chance[0])), 1e-6);
  CHECK_NEAR((double)b.w[1], (double)(gain[1] * chance[1]), 1e-6);
}

/* A readout says by the sign of `back` which votes speak for the action taken. */
static void a_readout_says_which_votes_speak_for_the_action(void) {
  static const float back[N_POST] = {.5f, -.1f, .3f};
  bench b;
  bench_open(&b, 1, 1, .5f);
  for (int t = 0; t <= SIGNAL_AT; t++) {
    bench_step(&b, arrives[t], fires[t]);
  }
  b.s.back = back;
  bench_signal(&b, 1, 3);
  static const double agrees[N_POST] = {1, 1, -1};
  for (int i = 0; i < N_PRE; i++) {
    for (int j = 0; j < N_POST; j++) {
      const double want = 3 * agrees[j] * exp(-1.0 / 3) * score(i, j, 0, SIGNAL_AT);
      CHECK_NEAR((double)b.w[i * STRIDE + j], want, 1e-6);
    }
  }
}

/* ---- enumeration: three voters without memory, two substeps, one source that always fires ---- */

enum { TURNS = 2, OUTCOMES = 1 << (N_POST * TURNS) };

static double vote_chance(double u) { return 1 / (1 + exp(-u)); }

/* Expected votes, those of the right side counted as 1: sum_j E[target c_j]. */
static double rightness(double u, double target) {
  return target * (1 - 2 * pow(1 - vote_chance(u), TURNS));
}

static void every_voter_climbs_its_own_chance_to_be_right(void) {
  static const double u[N_POST] = {-.7, .1, .4};
  static const float on[N_PRE] = {1, 0}, one[N_POST] = {1, 1, 1};
  float p[N_POST];
  for (int j = 0; j < N_POST; j++) {
    p[j] = (float)vote_chance(u[j]);
  }
  for (int target = -1; target <= 1; target += 2) {
    double mean[N_POST] = {0};
    for (int outcome = 0; outcome < OUTCOMES; outcome++) {
      double probability = 1;
      float fired[TURNS][N_POST], votes = 0;
      bench b;
      bench_open(&b, 1, 0, 0);
      b.s.p = p, b.s.gain = one;
      for (int k = 0; k < TURNS * N_POST; k++) {
        const int j = k % N_POST;
        fired[k / N_POST][j] = (float)(outcome >> k & 1);
        probability *= outcome >> k & 1 ? (double)p[j] : 1 - (double)p[j];
      }
      for (int t = 0; t < TURNS; t++) {
        bench_step(&b, on, fired[t]);
      }
      for (int j = 0; j < N_POST; j++) {
        votes += fired[0][j] + fired[1][j] > 0 ? 1.0f : -1.0f;
      }
      bench_signal(&b, 1, (votes >= 0) == (target > 0) ? 1.0f : -1.0f);
      for (int j = 0; j < N_POST; j++) {
        mean[j] += probability * (double)b.w[j];
      }
    }
    for (int j = 0; j < N_POST; j++) {
      const double slope = (rightness(u[j] + 1e-4, target) - rightness(u[j] - 1e-4, target)) / 2e-4;
      CHECK(fabs(slope) > .1);
      CHECK_NEAR(mean[j], slope, 1e-6);
    }
  }
}

int main(void) {
  RUN(synapses_move_by_reward_vote_and_decision);
  RUN(votes_are_counted_anew);
  RUN(a_readout_says_which_votes_speak_for_the_action);
  RUN(every_voter_climbs_its_own_chance_to_be_right);
  return test_end();
}
