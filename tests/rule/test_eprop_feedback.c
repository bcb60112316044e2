/* Broadcast feedback of e-prop: every neuron hears each action's score by a weight of its own, which
 * is normal, and the same in every decision. */
#include "isa.h"
#include "kernel.h"
#include "mathf.h"
#include "rule_rows.h"
#include "test.h"

enum { N_POST = 64, N_ACTIONS = 3, N_B = N_POST * N_ACTIONS };

/* What the neurons hear of these scores: the eligibility of synapses whose spikes depend on their
 * weight by 1. */
static void hear(float scale, uint64_t seed, const float *score, float *heard) {
  float c[1] = {0};
  _Alignas(64) float refrac[N_POST] = {0}, fired[N_POST] = {0}, xbar[N_POST] = {0};
  _Alignas(64) float eps[N_POST] = {0}, sum[N_POST], lane[N_POST];
  float *pre[] = {c}, *post[] = {refrac, fired}, *synapse[] = {xbar, eps, sum};
  const float param[] = {1, scale};
  for (int j = 0; j < N_POST; j++) {
    sum[j] = 1;
  }
  const hd_synapses s = {.n_pre = 1,
                         .n_post = N_POST,
                         .stride = N_POST,
                         .dt_ms = 1,
                         .param = param,
                         .score = score,
                         .n_actions = N_ACTIONS,
                         .seed = seed,
                         .pre = pre,
                         .post = post,
                         .synapse = synapse,
                         .e = heard,
                         .lane = lane,
                         .loops = hd__kernel_for(HD_ISA_SCALAR)->synapses};
  hd__rule_eprop.on_decision(&hd__rule_eprop, &s);
  for (int j = 0; j < N_POST; j++) {
    CHECK(sum[j] == 0); /* of this decision */
  }
}

/* B [action][neuron], one action after the other. */
static void feedback(float scale, uint64_t seed, float *B) {
  for (int a = 0; a < N_ACTIONS; a++) {
    float score[N_ACTIONS] = {0};
    score[a] = 1;
    hear(scale, seed, score, B + a * N_POST);
  }
}

static void weights_are_normal_and_each_its_own(void) {
  _Alignas(64) float B[N_B];
  double mean = 0, square = 0;
  feedback(0.5f, 7, B);
  for (int k = 0; k < N_B; k++) {
    mean += (double)B[k] / N_B;
    square += (double)(B[k] * B[k]) / N_B;
    for (int i = 0; i < k; i++) {
      CHECK(B[i] != B[k]);
    }
  }
  CHECK_NEAR(mean, 0, 5 * 0.5 / sqrt(N_B)); /* five standard errors */
  CHECK_NEAR(square, 0.25, 5 * 0.25 * sqrt(2.0 / N_B));
}

static void scores_are_added(void) {
  static const float score[N_ACTIONS] = {0.5f, -0.75f, 0.25f};
  _Alignas(64) float B[N_B], heard[N_POST];
  feedback(2, 7, B);
  hear(2, 7, score, heard);
  for (int j = 0; j < N_POST; j++) {
    double want = 0;
    for (int a = 0; a < N_ACTIONS; a++) {
      want += (double)(score[a] * B[a * N_POST + j]);
    }
    CHECK_NEAR((double)heard[j], want, 1e-6);
  }
}

static void they_stay_and_depend_on_the_seed(void) {
  _Alignas(64) float one[N_B], again[N_B], other[N_B];
  feedback(1, 7, one);
  feedback(1, 7, again);
  feedback(1, 8, other);
  CHECK(memcmp(one, again, sizeof one) == 0);
  for (int k = 0; k < N_B; k++) {
    CHECK(one[k] != other[k]);
  }
}

int main(void) {
  RUN(weights_are_normal_and_each_its_own);
  RUN(scores_are_added);
  RUN(they_stay_and_depend_on_the_seed);
  return test_end();
}
