/* Node perturbation against integrals: over all noise that may move the drives, the mean of return
 * times eligibility is the slope of the mean return. */
#include "twin.h"

static const float obs[CASE_OBS] = {0.8f, -0.6f};
static const double v_th = 1.0, sigma = 0.5;

static void open(subject *s, hd_ctx *ctx, int substeps) {
  const net_case c = {.coding = "raw",
                      .neuron = "lif",
                      .rule = "node-perturbation",
                      .substeps = substeps,
                      .readout = HD_READ_COUNT,
                      .n_actions = 1};
  subject_open(s, ctx, &c, 5, 1.2f);
  const hd__wiring *w = &s->net.layer[0].in;
  const float near_threshold[] = {0.9f, -0.5f, -0.1f};
  for (size_t i = 0; i < 3; i++) {
    s->net.weights[w->at + i * (w->is_rows ? (size_t)w->n_post : 1)] = near_threshold[i];
  }
  subject_force(s);
  s->forced.normals = forced_noise;
  s->net.def.perturbation = (float)sigma;
}

static double density(double x) { return exp(-0.5 * x * x) / sqrt(2 * 3.14159265358979323846); }
static double below(double x) { return 0.5 * erfc(-x / sqrt(2)); }

/* What the lone neuron is driven by, and what it makes of a drive. */
static double mean_drive(const subject *s) {
  const hd__wiring *w = &s->net.layer[0].in;
  const double x[] = {(double)obs[0], (double)obs[1], 1};
  double u = 0;
  for (int i = 0; i < 3; i++) {
    u += x[i] * (double)s->net.weights[w->at + (size_t)i * (w->is_rows ? (size_t)w->n_post : 1)];
  }
  return u;
}

/* Probability of a spike of a membrane that holds `kept` and is then driven by u and noise. */
static double p_spike(const subject *s, double kept, double u) {
  const double tau = param_of(&s->net, "tau_m"),
               scale = param_of(&s->net, "r_m") * -expm1(-1 / tau);
  return below((kept + scale * u - v_th) / (scale * sigma));
}

/* The same at the second substep, over all noise of the first; a spike there lowers the membrane
 * by the threshold. */
static double p_second(const subject *s, double u) {
  const double tau = param_of(&s->net, "tau_m"),
               scale = param_of(&s->net, "r_m") * -expm1(-1 / tau);
  const double step = 1e-4;
  double sum = 0;
  for (double x = -6 + step / 2; x < 6; x += step) {
    const double v = scale * (u + sigma * x);
    sum += step * density(x) * p_spike(s, exp(-1 / tau) * (v - (v >= v_th ? v_th : 0)), u);
  }
  return sum;
}

/* Mean of eligibility over the noise of substeps 0 and 1, where the neuron fires in the last. */
static void found(subject *s, int substeps, int points, double *E) {
  static const hd__policy policy = {.tau = 1};
  const double step = 12.0 / points;
  for (int i = 0; i < points; i++) {
    for (int j = 0; j < (substeps > 1 ? points : 1); j++) {
      const double a = -6 + (i + 0.5) * step, b = -6 + (j + 0.5) * step;
      const hd__layer *layer = &s->net.layer[0];
      force[0] = (float)a;
      force[layer->n_pad] = (float)b;
      hd__net_decide(&s->net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &policy,
                     &s->decision);
      if (layer->b[(substeps - 1) * layer->n_pad] > 0) {
        const double weight = step * density(a) * (substeps > 1 ? step * density(b) : 1);
        subject_eligibility(s, &policy);
        for (size_t k = 0; k < s->net.n_weights; k++) {
          E[k] += weight * (double)s->E[k];
        }
      }
    }
  }
}

/* The slope by a weight is that by the drive times the weight's input. */
static void compare(const subject *s, const double *E, double slope, double tolerance) {
  const hd__wiring *w = &s->net.layer[0].in;
  const double x[] = {(double)obs[0], (double)obs[1], 1};
  CHECK(fabs(slope) > 0.05);
  for (int i = 0; i < 3; i++) {
    const size_t at = w->at + (size_t)i * (w->is_rows ? (size_t)w->n_post : 1);
    CHECK_NEAR(E[at], slope * x[i], tolerance);
  }
}

/* The threshold falls between two points of the grid: an error of at most a step of the density
 * times noise over sigma. */
static void a_spike_of_one_substep(void) {
  enum { POINTS = 6000 };
  hd_ctx *ctx = case_ctx();
  subject s;
  open(&s, ctx, 1);
  double *E = calloc(s.net.n_weights, sizeof *E);
  found(&s, 1, POINTS, E);
  const double u = mean_drive(&s), h = 1e-4;
  compare(&s, E, (p_spike(&s, 0, u + h) - p_spike(&s, 0, u - h)) / (2 * h), 2e-3);
  free(E);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* Noise of the first substep is still in the membrane at the second, resets and all: the factors
 * are those of the drives and need no filter. */
static void a_membrane_remembers(void) {
  enum { POINTS = 500 };
  hd_ctx *ctx = case_ctx();
  subject s;
  open(&s, ctx, 2);
  double *E = calloc(s.net.n_weights, sizeof *E);
  found(&s, 2, POINTS, E);
  const double u = mean_drive(&s), h = 1e-3;
  compare(&s, E, (p_second(&s, u + h) - p_second(&s, u - h)) / (2 * h), 5e-3);
  free(E);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void greedy_decisions_are_free_of_noise(void) {
  static const hd__policy greedy = {.tau = 1, .is_greedy = true}, drawing = {.tau = 1};
  hd_ctx *ctx = case_ctx();
  subject s;
  open(&s, ctx, 1);
  int fired[2] = {0, 0};
  for (int i = 0; i < 2; i++) {
    force[0] = i == 0 ? 100.0f : -100.0f;
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &drawing,
                   &s.decision);
    CHECK((s.net.layer[0].b[0] > 0) == (i == 0));
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &greedy,
                   &s.decision);
    fired[i] = s.net.layer[0].b[0] > 0;
  }
  CHECK(fired[0] == fired[1]);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void neurons_that_draw_are_refused(void) {
  hd_ctx *ctx = case_ctx();
  const net_case c = {.coding = "raw",
                      .neuron = "bernoulli",
                      .rule = "node-perturbation",
                      .readout = HD_READ_COUNT,
                      .n_actions = 1};
  const hd__net_def def = case_def(ctx, &c);
  hd__net net;
  CHECK(hd__net_compile(ctx, &def, &net) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "bernoulli draws its spikes") != NULL);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(a_spike_of_one_substep);
  RUN(a_membrane_remembers);
  RUN(greedy_decisions_are_free_of_noise);
  RUN(neurons_that_draw_are_refused);
  return test_end();
}
