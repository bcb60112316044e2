/* cuba, alif, relu, tanh: closed forms. */
#include "cell.h"
#include "neuron_fixture.h"
#include "neuron_models.h"

enum { PULSE = 60 };

/* An impulse decays twice: v_t = gamma sum_k beta^(t-k) alpha^k, which is a difference of
 * exponentials, or t + 1 of one where both time constants are the same. */
static void an_impulse_decays_twice(void) {
  static const float tau_syn[] = {0.5f, 2, 5, 30};
  for (int k = 0; k < 4; k++) {
    probe n = probe_of("cuba");
    probe_set(&n, "tau_syn", tau_syn[k]);
    probe_set(&n, "v_th", 200);
    probe_start(&n, 1);
    const double alpha = exp(-1 / (double)tau_syn[k]), beta = exp(-0.2), gamma = 5 * (1 - beta);
    for (int t = 0; t < PULSE; t++) {
      CHECK(probe_step(&n, t == 0 ? 3.0f : 0.0f, 0).b == 0);
      const double shape = tau_syn[k] == 5
                               ? (t + 1) * pow(beta, t)
                               : (pow(alpha, t + 1) - pow(beta, t + 1)) / (alpha - beta);
      /* alpha and beta are rounded to 6e-8 each, and raised to powers that peak near 1/e. */
      CHECK_NEAR(probe_v(&n), 3 * gamma * shape, 3 * gamma * 30 * 6e-8 * 10);
    }
  }
}

/* Under a constant drive I the current settles at I/(1 - alpha), the potential at r_m times that.
 */
static void a_constant_drive_settles(void) {
  probe n = probe_of("cuba");
  probe_set(&n, "v_th", 200);
  probe_start(&n, 0.5f);
  for (int t = 0; t < 400; t++) {
    probe_step(&n, 0.7f, 0);
  }
  const double current = 0.7 / (1 - exp(-0.25));
  CHECK_NEAR(n.state[HD_LANES], current, 1e-5);
  CHECK_NEAR(probe_v(&n), 5 * current, 5e-5);
}

static void a_spike_leaves_the_current(void) {
  for (int soft = 0; soft < 2; soft++) {
    probe n = probe_of("cuba");
    probe_set(&n, "reset", (float)soft);
    probe_set(&n, "v_reset", -0.3f);
    probe_start(&n, 1);
    const double u = 3 * 5 * (1 - exp(-0.2));
    CHECK(probe_step(&n, 3, 0).b == 1);
    CHECK(n.state[HD_LANES] == 3);
    CHECK_NEAR(probe_v(&n), soft ? u - 1.3 : -0.3, 1e-6);
  }
}

/* A current that is gone by the next substep, or a threshold that does not move, leaves a lif. */
static void both_contain_the_lif(void) {
  for (int soft = 0; soft < 2; soft++) {
    probe lif = probe_of("lif"), cuba = probe_of("cuba"), alif = probe_of("alif");
    probe *all[] = {&lif, &cuba, &alif};
    probe_set(&cuba, "tau_syn", 0.01f);
    probe_set(&alif, "adapt", 0);
    for (int m = 0; m < 3; m++) {
      probe_set(all[m], "reset", (float)soft);
      probe_start(all[m], 1);
    }
    int spikes = 0;
    for (uint64_t t = 0; t < 500; t++) {
      const float drive = 3 * hd__uniform24(hd__key_make(4, HD_STREAM_SPIKE, 0, t), 0) - 1;
      const hd__fire want = probe_step(&lif, drive, 0);
      for (int m = 1; m < 3; m++) {
        const hd__fire got = probe_step(all[m], drive, 0);
        CHECK(got.b == want.b && got.gain == want.gain && probe_v(all[m]) == probe_v(&lif));
      }
      spikes += want.b > 0;
    }
    CHECK(spikes > 50 && spikes < 450);
  }
}

/* The threshold is v_th + adapt sum_k rho^(t-1-k) b_k, whatever the neuron was given. */
static void spikes_raise_the_threshold(void) {
  probe n = probe_of("alif");
  probe_set(&n, "tau_a", 20);
  probe_set(&n, "adapt", 0.3f);
  probe_start(&n, 1);
  const double beta = exp(-0.2), gamma = 5 * (1 - beta), rho = exp(-0.05);
  double a = 0;
  int spikes = 0, held = 0;
  for (uint64_t t = 0; t < 2000; t++) {
    const float drive = 2 * hd__uniform24(hd__key_make(5, HD_STREAM_SPIKE, 0, t), 0);
    const double u = beta * (double)probe_v(&n) + gamma * (double)drive;
    const double above = u - (1 + 0.3 * a);
    const hd__fire fire = probe_step(&n, drive, 0);
    if (fabs(above) > 1e-5) {
      CHECK((fire.b > 0) == (above > 0));
    }
    held += u > 1 && fire.b == 0;
    spikes += fire.b > 0;
    a = rho * a + (double)fire.b;
    CHECK_NEAR(n.state[HD_LANES], a, 1e-5);
  }
  CHECK(spikes > 100 && held > 100);
}

/* With a membrane that forgets at once, u = r_m I, and a hovers where it holds the threshold at u:
 * between rho L and L + 1, L = (u - v_th)/adapt. Summing a(t) = rho a(t-1) + b(t) over a long time,
 * the rate is (1 - rho) times the mean of a. */
static void the_adapted_rate_is_affine_in_the_drive(void) {
  static const float drives[] = {0.5f, 1, 2};
  enum { SETTLE = 2000, COUNT = 20000 };
  for (int k = 0; k < 3; k++) {
    probe n = probe_of("alif");
    probe_set(&n, "tau_m", 0.1f);
    probe_set(&n, "tau_a", 200);
    probe_set(&n, "adapt", 0.1f);
    probe_start(&n, 1);
    int spikes = 0;
    for (int t = 0; t < SETTLE + COUNT; t++) {
      const bool fired = probe_step(&n, drives[k], 0).b > 0;
      spikes += t >= SETTLE && fired;
    }
    const double rho = exp(-1 / 200.0), beta = exp(-10.0);
    const double L = (5 * (1 - beta) * (double)drives[k] - 1) / 0.1;
    const double rate = (double)spikes / COUNT, edge = 1.0 / COUNT;
    /* The soft reset leaves beta times an overshoot of at most u behind. */
    CHECK(rate > (1 - rho) * (rho * L - 10 * beta / 0.1) - edge);
    CHECK(rate < (1 - rho) * (L + 1 + 10 * beta / 0.1) + edge);
  }
}

/* Many substeps in one run, as networks make them, are substeps one by one, to the bit: spikes,
 * gains, and what is left of the state, with a resting potential and a refractory period where a
 * model has them. */
static void runs_are_substeps_one_by_one(void) {
  enum { STEPS = 200 };
  static _Alignas(64) float z[STEPS * HD_LANES], s[STEPS * HD_LANES], gain[STEPS * HD_LANES];
  static const char *const names[] = {"if", "lif", "cuba", "alif"};
  for (int m = 0; m < 4; m++) {
    for (int soft = 0; soft < 2; soft++) {
      probe n = probe_of(names[m]);
      probe_set(&n, "reset", (float)soft);
      if (m < 2) {
        probe_set(&n, "t_ref", 2);
      }
      if (m == 1) {
        probe_set(&n, "v_rest", -0.2f);
      }
      probe_start(&n, 0.7f);
      const hd__membrane_derived *d = (const void *)n.derived;
      _Alignas(64) float own[5][HD_LANES], state[HD_CELL_STATES][HD_LANES];
      for (int i = 0; i < HD_LANES; i++) {
        const float value[] = {d->alpha, d->beta, d->gamma, d->theta, d->rho};
        for (int k = 0; k < 5; k++) {
          own[k][i] = value[k];
        }
      }
      for (int k = 0; k < STEPS * HD_LANES; k++) {
        const hd__key key = hd__key_make(6, HD_STREAM_SPIKE, 0, (uint64_t)(k / HD_LANES));
        z[k] = 3 * hd__uniform24(key, 0) - 1.2f;
      }
      const hd__cell_run io = {.cell = &d->cell,
                               .lanes = {own[0], own[1], own[2], own[3], own[4]},
                               .rows = 1,
                               .steps = STEPS,
                               .n = HD_LANES,
                               .z = z,
                               .z_step = HD_LANES,
                               .is_fresh = true,
                               .v = state[HD_CELL_v],
                               .c = state[HD_CELL_c],
                               .a = state[HD_CELL_a],
                               .r = state[HD_CELL_refrac],
                               .s = s,
                               .gain = gain,
                               .kept_step = HD_LANES};
      hd__kernel_for(HD_ISA_SCALAR)->cell_forward(&io);
      int spikes = 0;
      for (int t = 0; t < STEPS; t++) {
        const hd__fire fire = probe_step(&n, z[t * HD_LANES], 0);
        CHECK(fire.b == s[t * HD_LANES] && fire.gain == gain[t * HD_LANES]);
        spikes += fire.b > 0;
      }
      CHECK(probe_v(&n) == state[HD_CELL_v][0]);
      CHECK(spikes > 8 && spikes < STEPS - 8);
    }
  }
}

/* A model has the state variables of the parts that its membrane has, in the order of cell.h. */
static void states_are_the_parts(void) {
  static const char *const fields[] = {"v", "c", "a", "refrac"};
  for (int m = 0; m < hd__neuron_count(NULL); m++) {
    const hd__neuron_desc *desc = hd__neuron_at(NULL, m);
    probe n = probe_of(desc->name);
    probe_start(&n, 1);
    const hd__cell *cell = &((const hd__membrane_derived *)(const void *)n.derived)->cell;
    int k = 0;
    for (int field = 0; field < HD_CELL_STATES && desc->back == HD_BACK_MEMBRANE; field++) {
      const bool has = k < desc->n_state && strcmp(desc->state[k].name, fields[field]) == 0;
      CHECK(has || field == HD_CELL_refrac || k > 0);
      CHECK(field != HD_CELL_c || has == cell->has_current);
      CHECK(field != HD_CELL_a || has == cell->has_adaptation);
      k += has;
    }
    CHECK(desc->back != HD_BACK_MEMBRANE || k == desc->n_state);
  }
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* Of the second substep, the first having left a potential, a current or a raised threshold. */
static void gains_are_slopes_of_the_surrogate(void) {
  const double beta = exp(-0.2), gamma = 5 * (1 - beta), alpha = exp(-0.5), e = 1e-4;
  for (int i = -20; i <= 20; i++) {
    const float drive = 0.15f * (float)i;
    probe cuba = probe_of("cuba"), alif = probe_of("alif");
    probe_start(&cuba, 1);
    probe_start(&alif, 1);
    CHECK(probe_step(&cuba, 0.5f, 0).b == 0 && probe_step(&alif, 1.5f, 0).b == 1);
    const double from_cuba = beta * 0.5 * gamma + gamma * alpha * 0.5 - 1;
    const double from_alif = beta * (1.5 * gamma - 1) - 1.2;
    const double at = gamma * (double)drive;
    const double want_cuba =
        (sigmoid(4 * (from_cuba + at + gamma * e)) - sigmoid(4 * (from_cuba + at - gamma * e))) /
        (2 * e);
    const double want_alif =
        (sigmoid(4 * (from_alif + at + gamma * e)) - sigmoid(4 * (from_alif + at - gamma * e))) /
        (2 * e);
    CHECK_NEAR(probe_step(&cuba, drive, 0).gain, want_cuba, 2e-6);
    CHECK_NEAR(probe_step(&alif, drive, 0).gain, want_alif, 2e-6);
  }
}

static void controls_have_values_and_no_spikes(void) {
  for (int i = -30; i <= 30; i++) {
    const float drive = 0.2f * (float)i;
    probe relu = probe_of("relu"), smooth = probe_of("tanh");
    probe_start(&relu, 1);
    probe_start(&smooth, 1);
    const hd__fire r = probe_step(&relu, drive, 0), s = probe_step(&smooth, drive, 0);
    CHECK(r.b == 0 && r.p == (i > 0 ? drive : 0) && r.gain == (i > 0 ? 1 : 0));
    const double y = tanh((double)drive);
    CHECK(s.b == 0);
    CHECK_NEAR(s.p, y, 2e-7);
    CHECK_NEAR(s.gain, 1 - y * y, 5e-7);
    CHECK(!relu.desc->spiking && !smooth.desc->spiking);
  }
}

int main(void) {
  RUN(an_impulse_decays_twice);
  RUN(a_constant_drive_settles);
  RUN(a_spike_leaves_the_current);
  RUN(both_contain_the_lif);
  RUN(spikes_raise_the_threshold);
  RUN(the_adapted_rate_is_affine_in_the_drive);
  RUN(runs_are_substeps_one_by_one);
  RUN(states_are_the_parts);
  RUN(gains_are_slopes_of_the_surrogate);
  RUN(controls_have_values_and_no_spikes);
  return test_end();
}
