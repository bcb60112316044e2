/* if, lif, leaky: closed forms, and Brian2's recorded runs. */
#include "activity.h"
#include "membrane.h"
#include "neuron_fixture.h"

/* Substep of the first spike under a constant drive, counted from 1, and of the next ones. */
static int interval(probe *n, float drive) {
  for (int t = 1; t < 100000; t++) {
    if (probe_step(n, drive, 0).b > 0) {
      return t;
    }
  }
  return -1;
}

static void lif_membrane_relaxes_exponentially(void) {
  probe n = probe_of("lif");
  probe_set(&n, "tau_m", 20);
  probe_set(&n, "r_m", 3);
  probe_set(&n, "v_rest", -0.4f);
  probe_start(&n, 0.5f);
  for (int t = 1; t <= 400; t++) {
    CHECK(probe_step(&n, 0.4f, 0).b == 0);
    /* Forty roundings live on in a membrane that forgets in forty substeps. */
    CHECK_NEAR(probe_v(&n), -0.4 + 1.2 * (1 - exp(-0.5 * t / 20)), 40 * 6e-8);
  }
}

static void lif_interval_is_tau_log(void) {
  const float refractory[] = {0, 2.5f};
  const float drives[] = {0.35f, 0.5f, 1.0f, 3.0f};
  const double dt = 0.01;
  for (int r = 0; r < 2; r++) {
    for (int k = 0; k < 4; k++) {
      probe n = probe_of("lif");
      probe_set(&n, "reset", 0);
      probe_set(&n, "v_reset", -0.2f);
      probe_set(&n, "t_ref", refractory[r]);
      probe_start(&n, (float)dt);
      const double reached = 5 * (double)drives[k];
      const double want = (double)refractory[r] + 5 * log((reached + 0.2) / (reached - 1));
      interval(&n, drives[k]); /* the first one starts from rest */
      for (int spike = 0; spike < 5; spike++) {
        /* A spike falls on the end of a substep; one more where rounding misses the threshold. */
        const double got = interval(&n, drives[k]) * dt;
        CHECK(got > want - 0.5 * dt && got < want + 2 * dt);
      }
    }
  }
}

static void lif_below_threshold_is_silent(void) {
  probe n = probe_of("lif");
  probe_start(&n, 1);
  CHECK(interval(&n, 0.19f) == -1); /* r_m I = 0.95 */
}

static void if_rate_is_the_drive(void) {
  const float drives[] = {0.03f, 0.25f, 0.7f, 1.0f};
  for (int k = 0; k < 4; k++) {
    for (int d = 0; d < 2; d++) {
      const float dt = d == 0 ? 1.0f : 0.5f;
      probe n = probe_of("if");
      probe_start(&n, dt);
      int spikes = 0;
      for (int t = 0; t < 4000; t++) {
        spikes += probe_step(&n, drives[k], 0).b > 0;
      }
      CHECK_NEAR(spikes, 4000 * (double)(drives[k] * dt), 1);
    }
  }
}

static void if_hard_reset_forgets_the_overshoot(void) {
  probe n = probe_of("if");
  probe_set(&n, "reset", 0);
  probe_start(&n, 1);
  for (int spike = 0; spike < 5; spike++) {
    CHECK(interval(&n, 0.7f) == 2); /* two drives of 0.7; soft reset would average 1/0.7 */
    CHECK(probe_v(&n) == 0);
  }
}

static void soft_reset_keeps_the_overshoot(void) {
  probe n = probe_of("lif");
  probe_set(&n, "tau_m", 1e4f);
  probe_set(&n, "r_m", 1e4f);
  probe_start(&n, 1);
  int spikes = 0;
  for (int t = 0; t < 1000; t++) {
    spikes += probe_step(&n, 0.37f, 0).b > 0;
  }
  /* The leak takes at most v/tau_m per substep: 1000 x 1/1e4 = 0.1 spikes. */
  CHECK_NEAR(spikes, 370, 1.1);
}

static void refractory_neurons_hold(void) {
  const char *const names[] = {"if", "lif", "lif-escape"};
  for (int m = 0; m < 3; m++) {
    probe n = probe_of(names[m]);
    probe_set(&n, "t_ref", 3);
    probe_set(&n, "reset", 0);
    probe_start(&n, 1);
    CHECK(probe_step(&n, 50, 0.5f).b == 1);
    for (int t = 0; t < 3; t++) {
      const hd__fire fire = probe_step(&n, 50, 1e-6f);
      CHECK(fire.b == 0 && fire.gain == 0 && probe_v(&n) == 0);
    }
    CHECK(probe_step(&n, 50, 0.5f).b == 1);
  }
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static void surrogate_gain_is_the_sigmoids_slope(void) {
  for (int i = -20; i <= 20; i++) {
    const float drive = 0.15f * (float)i;
    probe lif = probe_of("lif"), perfect = probe_of("if");
    probe_set(&lif, "slope", 3);
    probe_set(&perfect, "slope", 3);
    probe_start(&lif, 1);
    probe_start(&perfect, 1);
    const double scale = 5 * (1 - exp(-0.2)), e = 1e-4;
    const double lif_want = (sigmoid(3 * (scale * ((double)drive + e) - 1)) -
                             sigmoid(3 * (scale * ((double)drive - e) - 1))) /
                            (2 * e);
    const double if_want =
        (sigmoid(3 * ((double)drive + e - 1)) - sigmoid(3 * ((double)drive - e - 1))) / (2 * e);
    CHECK_NEAR(probe_step(&lif, drive, 0).gain, lif_want, 1e-6);
    CHECK_NEAR(probe_step(&perfect, drive, 0).gain, if_want, 1e-6);
  }
}

static void leaky_is_a_moving_average(void) {
  probe n = probe_of("leaky");
  probe_set(&n, "tau", 4);
  probe_start(&n, 1);
  double v = 0;
  for (int t = 0; t < 50; t++) {
    const float drive = (float)(t % 7) - 2;
    v = 0.75 * v + 0.25 * (double)drive;
    const hd__fire fire = probe_step(&n, drive, 0);
    CHECK(fire.b == 0 && fire.gain == 0.25f);
    CHECK_NEAR(fire.p, v, 1e-6);
  }
  CHECK(!n.desc->spiking);
}

static void standardised_drives_make_every_model_fire(void) {
  for (int m = 0; m < hd__neuron_count(NULL); m++) {
    probe n = probe_of(hd__neuron_at(NULL, m)->name);
    if (!n.desc->spiking) {
      continue;
    }
    int spikes = 0, substeps = 0;
    for (int decision = 0; decision < 500; decision++) {
      const hd__key key = hd__key_make(1, HD_STREAM_SPIKE, 0, (uint64_t)decision);
      const float drive = 3.4641f * (hd__uniform24(key, 100) - 0.5f); /* mean 0, variance 1 */
      probe_start(&n, 1);
      for (uint32_t t = 0; t < 8; t++, substeps++) {
        spikes += probe_step(&n, drive, hd__uniform24(key, t)).b > 0;
      }
    }
    const double rate = (double)spikes / substeps;
    printf("  %-10s %.3f spikes per substep\n", n.desc->name, rate);
    CHECK(rate > 0.05 && rate < 0.6);
  }
}

static void lif_agrees_with_brian(void) {
  FILE *file = fopen(HD_TEST_DATA "/lif_brian.txt", "r");
  CHECK(file != NULL);
  if (file == NULL) {
    return;
  }
  char row[128];
  int runs = 0, spikes = 0;
  probe n = probe_of("lif");
  while (fgets(row, sizeof row, file) != NULL) {
    float tau, v_th, v_reset, v_rest, r_m, t_ref, dt, drive, v;
    int fired;
    if (sscanf(row, "run %f %f %f %f %f %f %f", &tau, &v_th, &v_reset, &v_rest, &r_m, &t_ref,
               &dt) == 7) {
      n = probe_of("lif");
      probe_set(&n, "tau_m", tau);
      probe_set(&n, "v_th", v_th);
      probe_set(&n, "v_reset", v_reset);
      probe_set(&n, "v_rest", v_rest);
      probe_set(&n, "r_m", r_m);
      probe_set(&n, "t_ref", t_ref);
      probe_set(&n, "reset", 0);
      probe_start(&n, dt);
      runs++;
    } else if (sscanf(row, "%f %d %f", &drive, &fired, &v) == 3) {
      CHECK((int)probe_step(&n, drive, 0).b == fired);
      CHECK_NEAR(probe_v(&n), v, 1e-5);
      spikes += fired;
    }
  }
  fclose(file);
  CHECK(runs == 4 && spikes > 100);
}

/* ---- over all that the options allow, against double precision ---- */

static void constants_are_exact_to_rounding(void) {
  const double ulp = 0x1p-24;
  for (double dt = 1e-3; dt <= 1e3; dt *= 1.7) {
    for (double tau = 0.1; tau <= 1e4; tau *= 1.3) {
      const float dt_f = (float)dt, tau_f = (float)tau;
      const hd__membrane m = {
          .tau_m = tau_f, .tau_syn = tau_f, .tau_a = tau_f, .r_m = 3, .t_ref = 0};
      const hd__membrane_derived d = hd__membrane_derive(&m, ~0u, dt_f);
      const double x = (double)dt_f / (double)tau_f, keep = exp(-x), leak = -expm1(-x);
      CHECK(fabs((double)d.beta - keep) <= (2 + x) * ulp * keep + 1e-34); /* x is rounded, too */
      CHECK(d.alpha == d.beta && d.rho == d.beta);
      CHECK(fabs((double)d.gamma / 3 - leak) <= 8 * ulp * leak);
      /* What is forgotten: a thousandth, up to the longest time constants that a run may have. */
      CHECK(x < 0x1p-15 || fabs((1 - (double)d.beta) - leak) <= 1.01e-3 * leak + 2 * ulp * keep);
    }
  }
}

/* A membrane of the longest time constant follows its drive as in double precision. */
static void slow_membranes_follow_their_drive(void) {
  probe n = probe_of("lif");
  const double tau = 1e4, dt = 0.3125; /* 32,000 substeps */
  probe_set(&n, "tau_m", (float)tau);
  probe_set(&n, "r_m", 1);
  probe_start(&n, (float)dt);
  for (int t = 1; t <= 64000; t++) {
    CHECK(probe_step(&n, 0.8f, 0).b == 0);
    if (t % 8000 == 0) {
      const double want = 0.8 * (1 - exp(-t * dt / tau));
      CHECK(fabs((double)probe_v(&n) - want) < 2e-3 * want);
    }
  }
}

/* ---- counts ---- */

static void halved_counts_keep_what_never_and_what_always_fired(void) {
  double substeps = HD_COUNT_MOST - 3;
  float count[4] = {0, 1, (float)(substeps / 2), (float)substeps};
  for (int k = 0; k < 30; k++) {
    hd__counts_halve(count, 4);
    substeps = hd__substeps_halve(substeps);
    CHECK(count[0] == 0 && count[1] == 1 && (double)count[3] == substeps);
    CHECK(substeps < 1000 || fabs((double)count[2] / substeps - 0.5) < 1e-3);
  }
  CHECK(HD_COUNT_MOST < 0x1p24);
}

int main(void) {
  RUN(lif_membrane_relaxes_exponentially);
  RUN(lif_interval_is_tau_log);
  RUN(lif_below_threshold_is_silent);
  RUN(if_rate_is_the_drive);
  RUN(if_hard_reset_forgets_the_overshoot);
  RUN(soft_reset_keeps_the_overshoot);
  RUN(refractory_neurons_hold);
  RUN(surrogate_gain_is_the_sigmoids_slope);
  RUN(leaky_is_a_moving_average);
  RUN(standardised_drives_make_every_model_fire);
  RUN(lif_agrees_with_brian);
  RUN(constants_are_exact_to_rounding);
  RUN(slow_membranes_follow_their_drive);
  RUN(halved_counts_keep_what_never_and_what_always_fired);
  return test_end();
}
