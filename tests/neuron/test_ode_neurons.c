/* Neurons of several variables against recordings of Brian2 (tools/record_brian_neurons.py): the
 * published regimes, spike by spike, and potentials in between. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "neuron_fixture.h"

enum { STEPS_MOST = 30000, SPIKES_MOST = 512, SAMPLES_MOST = 128 };

typedef struct recording {
  char model[32], name[32];
  float dt, drive[STEPS_MOST];
  int steps, n_spikes, spike[SPIKES_MOST], n_samples, at[SAMPLES_MOST];
  float v[SAMPLES_MOST];
  probe probe;
} recording;

/* How far a spike may be from Brian's, in ms and as a share of the time, and a potential in mV
 * where no spike is near. The schemes of adex and coba are Brian's; Euler's steps of izhikevich are
 * not. */
static const struct {
  const char *model;
  double late_ms, late_share, potential;
} tolerances[] = {
    {"izhikevich", 0.3, 0.01, 1.0}, {"adex", 0.1, 0.0005, 0.5}, {"coba", 0.1, 0, 0.01}};

static void recording_begin(recording *r, const char *row) {
  float drive;
  int used;
  memset(r, 0, sizeof *r);
  CHECK(sscanf(row, "run %31s %31s %f %d %f%n", r->model, r->name, &r->dt, &r->steps, &drive,
               &used) == 5);
  CHECK(r->steps <= STEPS_MOST);
  for (int t = 0; t < r->steps; t++) {
    r->drive[t] = drive;
  }
  r->probe = probe_of(r->model);
  probe_set(&r->probe, "scale", 1);
  char key[32];
  float value;
  for (row += used; sscanf(row, " %31[^= ]=%f%n", key, &value, &used) == 2; row += used) {
    probe_set(&r->probe, key, value);
  }
}

static void recording_take(recording *r, const char *row) {
  int step;
  float value;
  if (sscanf(row, "spike %d", &step) == 1) {
    r->spike[r->n_spikes++ % SPIKES_MOST] = step;
  } else if (sscanf(row, "v %d %f", &step, &value) == 2) {
    r->at[r->n_samples % SAMPLES_MOST] = step;
    r->v[r->n_samples++ % SAMPLES_MOST] = value;
  } else if (sscanf(row, "drive %d %f", &step, &value) == 2) {
    r->drive[step] = value;
  }
}

static bool is_near_spike(const recording *r, int step, double steps) {
  for (int k = 0; k < r->n_spikes; k++) {
    if (fabs((double)(r->spike[k] - step)) <= steps) {
      return true;
    }
  }
  return false;
}

static void recording_compare(recording *r) {
  int m = 0, spikes = 0, sample = 0, compared = 0;
  double latest = 0, farthest = 0;
  while (strcmp(tolerances[m].model, r->model) != 0) {
    m++;
  }
  probe_start(&r->probe, r->dt);
  for (int t = 0; t < r->steps; t++) {
    const double late = tolerances[m].late_ms + tolerances[m].late_share * t * (double)r->dt;
    if (probe_step(&r->probe, r->drive[t], 0).b > 0 && spikes++ < r->n_spikes) {
      const double by = fabs((double)(t - r->spike[spikes - 1]) * (double)r->dt);
      latest = fmax(latest, by);
      CHECK(by <= late + 1e-6);
    }
    if (sample < r->n_samples && r->at[sample] == t) {
      const double by = fabs((double)(probe_v(&r->probe) - r->v[sample++]));
      if (!is_near_spike(r, t, (late + 3) / (double)r->dt)) {
        farthest = fmax(farthest, by);
        compared++;
      }
    }
  }
  printf(
      "  %-10s %-22s %3d spikes, Brian2's %3d, late by %.2f ms; v off by %.3f mV (%d compared)\n",
      r->model, r->name, spikes, r->n_spikes, latest, farthest, compared);
  const double late = tolerances[m].late_ms + tolerances[m].late_share * r->steps * (double)r->dt;
  int in_time = 0; /* spikes that cannot have slipped behind the end */
  while (in_time < r->n_spikes && (r->steps - r->spike[in_time]) * (double)r->dt > late) {
    in_time++;
  }
  CHECK(spikes >= in_time && spikes <= r->n_spikes && in_time + 2 > r->n_spikes);
  CHECK(farthest <= tolerances[m].potential);
}

static void traces_are_those_of_brian(void) {
  static recording r;
  char row[256];
  int runs = 0, compared = 0;
  FILE *file = fopen(HD_TEST_DATA "/neurons_brian.txt", "r");
  CHECK(file != NULL);
  while (file != NULL && fgets(row, sizeof row, file) != NULL) {
    if (strncmp(row, "run", 3) != 0) {
      recording_take(&r, row);
      continue;
    }
    if (runs++ > 0) {
      recording_compare(&r);
    }
    recording_begin(&r, row);
  }
  if (file != NULL) {
    recording_compare(&r);
    fclose(file);
  }
  compared = runs;
  CHECK(compared == 13);
}

/* Intervals between spikes say which regime it is: they grow where a neuron adapts. */
static void regimes_are_told_by_their_intervals(void) {
  probe regular = probe_of("izhikevich"), fast = probe_of("izhikevich");
  probe_set(&fast, "a", 0.1f);
  probe_set(&fast, "d", 2);
  int n[2] = {0}, first[2] = {0}, last[2] = {0}, before[2] = {0};
  probe *const both[] = {&regular, &fast};
  for (int k = 0; k < 2; k++) {
    probe_set(both[k], "scale", 1);
    probe_start(both[k], 1);
    for (int t = 0; t < 500; t++) {
      if (probe_step(both[k], 10, 0).b > 0) {
        last[k] = t - before[k];
        first[k] = n[k]++ == 1 + k ? last[k] : first[k];
        before[k] = t;
      }
    }
  }
  CHECK(n[0] > 5 && last[0] > first[0] + first[0] / 2); /* adapts */
  CHECK(n[1] > 2 * n[0]);                               /* fires fast, */
  CHECK(abs(last[1] - first[1]) <= 2);                  /* and evenly */
}

/* Inputs that no neuron would get leave numbers. */
static void huge_drives_leave_numbers(void) {
  static const char *const names[] = {"izhikevich", "adex", "coba"};
  static const float drives[] = {1e30f, -1e30f, 1e3f, -1e3f};
  for (int m = 0; m < 3; m++) {
    for (int k = 0; k < 4; k++) {
      probe n = probe_of(names[m]);
      probe_start(&n, 1);
      for (int t = 0; t < 50; t++) {
        probe_step(&n, drives[(k + t) % 4], 0);
        for (int s = 0; s < n.desc->n_state; s++) {
          CHECK(isfinite(n.state[s * HD_LANES]));
        }
      }
    }
  }
}

/* What cannot be differentiated is refused with the reason. */
static void gradients_are_refused_with_the_reason(void) {
  static const char *const cases[][4] = {{"ppo", "neuron", "izhikevich", "takes one of if, lif"},
                                         {"reparam-mean", "neuron", "adex", "use neuron = lif"}};
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  for (int k = 0; k < 2; k++) {
    hd_config *config = NULL;
    hd_session *session = NULL;
    CHECK(hd_config_create(ctx, "CartPole-v1", cases[k][0], &config) == HD_OK);
    CHECK(hd_config_set(config, cases[k][1], cases[k][2]) == HD_OK);
    CHECK(hd_session_create(ctx, config, 1, &session) == HD_CONFLICT);
    CHECK(strstr(hd_ctx_error(ctx), cases[k][2]) != NULL);
    CHECK(strstr(hd_ctx_error(ctx), cases[k][3]) != NULL);
    printf("  %s\n", hd_ctx_error(ctx));
    hd_config_destroy(config);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(traces_are_those_of_brian);
  RUN(regimes_are_told_by_their_intervals);
  RUN(huge_drives_leave_numbers);
  RUN(gradients_are_refused_with_the_reason);
  return test_end();
}
