/* td-ltp by hand on a dozen substeps of two sources and two targets. */
#include "isa.h"
#include "kernel.h"
#include "mathf.h"
#include "rule_rows.h"
#include "test.h"
#include "weight_limits.h"

enum { N_PRE = 2, N_POST = 2, STEPS = 12, STRIDE = HD_LANES, N = N_PRE * STRIDE };

static const float arrives[STEPS][N_PRE] = {{1, 0}, {0, 1}, {1, 1}, {0, 0}, {0, 0}, {1, 0},
                                            {0, 1}, {0, 0}, {1, 1}, {0, 0}, {0, 1}, {0, 0}};
static const _Alignas(64) float fires[STEPS][STRIDE] = {
    {0, 0}, {1, 0}, {0, 0}, {1, 1}, {0, 1}, {0, 0}, {0, 1}, {1, 0}, {0, 0}, {0, 0}, {1, 1}, {0, 0}};

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

/* What a spike leaves of it after t ms. */
static double kappa(double t, double tau, double rise) {
  return rise > 0 ? (exp(-t / tau) - exp(-t / rise)) / (tau - rise) : exp(-t / tau) / tau;
}

static double eligibility(int i, int j, int t, double tau, double rise) {
  double sum = 0;
  for (int u = 0; u <= t; u++) {
    sum += (double)fires[u][j] * psp(i, j, u) * kappa(t - u, tau, rise);
  }
  return sum;
}

/* Where the synapse from source k / N_POST to target k % N_POST lies. */
static int place(int k) { return k / N_POST * STRIDE + k % N_POST; }

/* Parameters in the order of the rule's list: tau_z, tau_rise, and limits, w_max the fifth. */
static void check_by_hand(float tau, float rise, float tolerance) {
  const float param[] = {tau, rise, 1, 0, .3f, 0, 0, 10, 1000};
  float c[N_PRE] = {0}, rate[STRIDE] = {0}, largest = 0;
  _Alignas(64) float refrac[STRIDE] = {0}, fired[STRIDE] = {0}, lane[STRIDE] = {0};
  _Alignas(64) float xbar[N] = {0}, fast[N] = {0}, e[N] = {0}, w[N] = {0};
  float *pre[] = {c}, *post[] = {refrac, fired, rate}, *synapse[] = {xbar, fast};
  hd_synapses s = {.n_pre = N_PRE,
                   .n_post = N_POST,
                   .stride = STRIDE,
                   .dt_ms = 1,
                   .param = param,
                   .keep = .5f,
                   .pre = pre,
                   .post = post,
                   .synapse = synapse,
                   .w = w,
                   .e = e,
                   .lane = lane,
                   .loops = hd__kernel_for(HD_ISA_SCALAR)->synapses};
  for (int k = 0; k < N_PRE * N_POST; k++) {
    w[place(k)] = .1f;
  }
  for (int t = 0; t < STEPS; t++) {
    s.x = arrives[t];
    s.b = fires[t];
    hd__rule_td_ltp.after(&hd__rule_td_ltp, &s);
    for (int k = 0; k < N_PRE * N_POST; k++) {
      CHECK_NEAR((double)e[place(k)],
                 eligibility(k / N_POST, k % N_POST, t, (double)tau, (double)rise),
                 (double)tolerance);
      largest = hd__maxf(largest, e[place(k)]);
    }
  }
  CHECK(largest > .05f);
  hd__limits limits;
  CHECK(hd__limits_read(NULL, &hd__rule_td_ltp, param, &limits) == HD_OK);
  limits.scale = refrac; /* of homeostasis, which is off */
  s.limits = &limits;
  hd__limits_add_all(&s, 1);
  for (int k = 0; k < N_PRE * N_POST; k++) {
    const double moved =
        .1 + eligibility(k / N_POST, k % N_POST, STEPS - 1, (double)tau, (double)rise);
    CHECK_NEAR((double)w[place(k)], moved < .3 ? moved : .3, (double)tolerance);
  }
}

static void potentials_start_again_at_a_spike_of_the_target(void) { check_by_hand(5, 0, 1e-6f); }

static void an_eligibility_rises(void) { check_by_hand(5, 2, 1e-6f); }

/* The kernel is then t exp(-t/tau)/tau^2, an alpha function. */
static void equal_time_constants_are_an_alpha_function(void) {
  CHECK_NEAR(kappa(3, 5, 5 * .9999), 3 * exp(-3. / 5) / 25, 1e-4);
  check_by_hand(5, 5 * .9995f, 1e-4f);
}

int main(void) {
  RUN(potentials_start_again_at_a_spike_of_the_target);
  RUN(an_eligibility_rises);
  RUN(equal_time_constants_are_an_alpha_function);
  return test_end();
}
