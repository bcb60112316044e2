/* td-ltp by hand on a dozen substeps of two sources and two targets. */
#include "mathf.h"
#include "rule_rows.h"
#include "test.h"

enum { N_PRE = 2, N_POST = 2, STEPS = 12, N = N_PRE * N_POST };

static const float arrives[STEPS][N_PRE] = {{1, 0}, {0, 1}, {1, 1}, {0, 0}, {0, 0}, {1, 0},
                                            {0, 1}, {0, 0}, {1, 1}, {0, 0}, {0, 1}, {0, 0}};
static const float fires[STEPS][N_POST] = {{0, 0}, {1, 0}, {0, 0}, {1, 1}, {0, 1}, {0, 0},
                                           {0, 1}, {1, 0}, {0, 0}, {0, 0}, {1, 1}, {0, 0}};

/* What arrived from i since target j's last spike and before or at substep t, with half of it left
 * a substep later. */
static double psp(int i, int j, int t) {
  double sum = 0;
  for (int u = t; u >= 0; u--) {
    if (u < t && fires[u][j] > 0) {
      break;
    }
    sum += (double)arrives[u][i] * pow(.5, t - u);
  }
  return sum;
}

static double eligibility(int i, int j, int t, double tau) {
  double sum = 0;
  for (int u = 0; u <= t; u++) {
    sum += (double)fires[u][j] * psp(i, j, u) / tau * exp(-(t - u) / tau);
  }
  return sum;
}

static void potentials_start_again_at_a_spike_of_the_target(void) {
  static const float tau[] = {5};
  float c[N_PRE] = {0}, refrac[N_POST] = {0}, fired[N_POST] = {0}, xbar[N] = {0}, e[N] = {0};
  float *pre[] = {c}, *post[] = {refrac, fired}, *synapse[] = {xbar};
  hd_synapses s = {.n_pre = N_PRE,
                   .n_post = N_POST,
                   .stride = N_POST,
                   .dt_ms = 1,
                   .param = tau,
                   .keep = .5f,
                   .pre = pre,
                   .post = post,
                   .synapse = synapse,
                   .e = e};
  float largest = 0;
  for (int t = 0; t < STEPS; t++) {
    s.x = arrives[t];
    s.b = fires[t];
    hd__rule_td_ltp.after(&hd__rule_td_ltp, &s);
    for (int k = 0; k < N; k++) {
      CHECK_NEAR((double)e[k], eligibility(k / N_POST, k % N_POST, t, 5), 1e-6);
      largest = hd__maxf(largest, e[k]);
    }
  }
  CHECK(largest > .1f);
}

int main(void) {
  RUN(potentials_start_again_at_a_spike_of_the_target);
  return test_end();
}
