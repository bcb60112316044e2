/* Values and TD errors from spikes, by hand on a dozen of them. */
#include "hedon/hedon.h"
#include "test.h"

enum { N = 3, STEPS = 40 };

/* A dozen spikes: substep and neuron. */
static const int spikes[12][2] = {{0, 0},  {2, 1},  {2, 2},  {5, 0},  {9, 1},  {10, 1},
                                  {17, 2}, {17, 0}, {17, 1}, {23, 0}, {30, 2}, {31, 2}};

static const hd_spiking_value_def *a_def(void) {
  static hd_spiking_value_def def;
  def = hd_spiking_value_def_default();
  def.dt_ms = 2, def.tau_ms = 30, def.tau_rise_ms = 8, def.tau_reward_ms = 500;
  def.gain = 0.5, def.offset = -3;
  return &def;
}

static double kappa(double s) { return s < 0 ? 0 : (exp(-s / 30) - exp(-s / 8)) / 22; }

/* V at the end of a substep. */
static double value_at(int t) {
  double all = 0;
  for (int k = 0; k < 12; k++) {
    all += kappa(2.0 * (t - spikes[k][0]));
  }
  return -3 + .5 * 1000 * all / N;
}

static void value_and_error_are_sums_over_spikes(void) {
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_spiking_value self;
  double largest = 0;
  CHECK(hd_ctx_create(&ctx_def, &ctx) == HD_OK);
  CHECK(hd_spiking_value_begin(ctx, a_def(), &self) == HD_OK);
  CHECK(self.value == -3);
  for (int t = 0; t < STEPS; t++) {
    float fired[N] = {0};
    for (int k = 0; k < 12; k++) {
      fired[spikes[k][1]] = spikes[k][0] == t ? 1 : fired[spikes[k][1]];
    }
    const double reward = t == 20 ? 7 : 0;
    hd_spiking_value_step(&self, fired, N, reward);
    const double value = value_at(t), change = value - value_at(t - 1);
    CHECK_NEAR(self.value, value, 1e-6);
    CHECK_NEAR(self.error / 1000, change / 2 - value / 500 + reward / 1000, 1e-6);
    largest = self.value > largest ? self.value : largest;
  }
  CHECK(largest > 10);
  hd_ctx_destroy(ctx);
}

/* Over a trial that ends in silence, the undiscounted TD error adds up to the reward alone. */
static void errors_of_a_whole_trial_add_up_to_the_reward(void) {
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_spiking_value self;
  hd_spiking_value_def def = hd_spiking_value_def_default();
  def.tau_reward_ms = 1e12;
  double all = 0;
  CHECK(hd_ctx_create(&ctx_def, &ctx) == HD_OK);
  CHECK(hd_spiking_value_begin(ctx, &def, &self) == HD_OK);
  for (int t = 0; t < 6000; t++) {
    const float fired = t < 1000 && t % 25 == 0;
    hd_spiking_value_step(&self, &fired, 1, t == 1000 ? 5000 : 0);
    all += self.error / 1000;
  }
  CHECK_NEAR(all, 5, 1e-6);
  hd_ctx_destroy(ctx);
}

static void what_cannot_be_is_refused(void) {
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_spiking_value self;
  CHECK(hd_ctx_create(&ctx_def, &ctx) == HD_OK);
  hd_spiking_value_def def = *a_def();
  def.size = 1;
  CHECK(hd_spiking_value_begin(ctx, &def, &self) == HD_USAGE);
  def = *a_def(), def.tau_rise_ms = 30;
  CHECK(hd_spiking_value_begin(ctx, &def, &self) == HD_RANGE);
  CHECK(strstr(hd_ctx_error(ctx), "tau_rise_ms = 30, allowed is less than tau_ms = 30") != NULL);
  def = *a_def(), def.tau_reward_ms = 0;
  CHECK(hd_spiking_value_begin(ctx, &def, &self) == HD_RANGE);
  def = *a_def(), def.gain = NAN;
  CHECK(hd_spiking_value_begin(ctx, &def, &self) == HD_RANGE);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(value_and_error_are_sums_over_spikes);
  RUN(errors_of_a_whole_trial_add_up_to_the_reward);
  RUN(what_cannot_be_is_refused);
  return test_end();
}
