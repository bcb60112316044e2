/* Tasks that are a set of labelled samples: what is in the sets, and what a sweep shows of them. */
#include "env_fixture.h"

enum { PIXELS = 64, CLASSES_MAX = 10, SWEEP_MAX = 1437 };

static const char *const tasks[] = {"Blobs-v0", "XorRate-v0", "XorTime-v0", "Digits-v0",
                                    "DigitsTest-v0"};
enum { N_TASKS = sizeof tasks / sizeof tasks[0] };

/* What an episode shows, and which action was right. */
typedef struct sweep {
  int n;
  float obs[SWEEP_MAX][PIXELS];
  int label[SWEEP_MAX];
} sweep;

/* The action that pays in the present state, found by trying them all on copies of it. */
static int right_action(const hd_env_desc *desc, const void *state, int *n_right) {
  int right = -1;
  *n_right = 0;
  for (int a = 0; a < desc->act[0].count; a++) {
    unsigned char copy[64];
    CHECK(desc->state_size <= sizeof copy);
    memcpy(copy, state, desc->state_size);
    const float action = (float)a;
    double reward = 0;
    desc->step(desc, copy, &action, NULL, &reward);
    *n_right += reward > 0;
    right = reward > 0 ? a : right;
  }
  return right;
}

/* Read the next episode, answering rightly; its return. */
static double read_sweep(hd_envs *envs, const hd_env_desc *desc, sweep *out) {
  float obs[HD_MAX_OBS];
  double reward = 0, sum = 0;
  bool terminated = false, truncated = false;
  memset(out, 0, sizeof *out);
  hd_envs_reset(envs, obs);
  while (!terminated && out->n < SWEEP_MAX) {
    int n_right;
    memcpy(out->obs[out->n], obs, sizeof(float) * (size_t)desc->n_obs);
    out->label[out->n] = right_action(desc, hd_envs_state(envs, 0), &n_right);
    CHECK(n_right == 1);
    const float action = (float)out->label[out->n++];
    hd_envs_step(envs, &action, obs, &reward, &terminated, &truncated);
    CHECK(!truncated);
    sum += reward;
  }
  CHECK(terminated);
  return sum;
}

static bool same_sample(const sweep *a, int i, const sweep *b, int j) {
  return a->label[i] == b->label[j] && memcmp(a->obs[i], b->obs[j], sizeof a->obs[0]) == 0;
}

static int count_of(const sweep *in, const sweep *of, int j) {
  int n = 0;
  for (int i = 0; i < in->n; i++) {
    n += same_sample(in, i, of, j);
  }
  return n;
}

static sweep first, second;

/* Right answers are worth 1 together, and each class is right somewhere; since exactly one answer
 * is right at a time, a random policy's mean return is 1 / classes to the digit. */
static void returns_are_accuracies(void) {
  for (int k = 0; k < N_TASKS; k++) {
    const hd_env_desc *desc = find(tasks[k]);
    hd_envs *envs = create(desc, 1, 3, HD_RNG_NATIVE);
    CHECK_NEAR(read_sweep(envs, desc, &first), 1, 1e-12);
    bool is_seen[CLASSES_MAX] = {false};
    for (int i = 0; i < first.n; i++) {
      is_seen[first.label[i]] = true;
    }
    for (int c = 0; c < desc->act[0].count; c++) {
      CHECK(is_seen[c]);
    }
    CHECK_NEAR(desc->low_score, 1.0 / desc->act[0].count, 1e-12);
    hd_envs_destroy(envs);
  }
}

/* No sample comes twice in an episode; the next episode of a full sweep shows the same ones in
 * another order. */
static void sweeps_show_each_sample_once(void) {
  static const int length[N_TASKS] = {150, 4, 4, 100, 360};
  for (int k = 0; k < N_TASKS; k++) {
    const hd_env_desc *desc = find(tasks[k]);
    hd_envs *envs = create(desc, 1, 5, HD_RNG_NATIVE);
    read_sweep(envs, desc, &first);
    CHECK(first.n == length[k]);
    int differ = 0, missing = 0, twice = 0;
    for (int episode = 0; episode < 4; episode++) {
      read_sweep(envs, desc, &second);
      CHECK(second.n == length[k]);
      for (int i = 0; i < first.n; i++) {
        differ += !same_sample(&first, i, &second, i);
        missing += count_of(&second, &first, i) == 0;
        twice += count_of(&second, &second, i) > 1;
      }
    }
    CHECK(differ > 0 && twice == 0);
    CHECK((missing > 0) == (k == 3)); /* a hundred of 1437 are others the next time */
    hd_envs_destroy(envs);
  }
}

/* Against the set drawn by tools/record_blobs.py. Both draw the same uniform numbers; the rest is
 * float here: 1e-5 is a hundred roundings of the largest coordinate. */
static void blobs_are_as_described(void) {
  const hd_env_desc *desc = find("blobs");
  hd_envs *envs = create(desc, 1, 1, HD_RNG_NATIVE);
  read_sweep(envs, desc, &first);
  FILE *file = fopen(HD_TEST_DATA "/blobs.txt", "r");
  CHECK(file != NULL);
  int label, lines = 0, found = 0;
  float x[4];
  while (file != NULL && fscanf(file, "%d %f %f %f %f", &label, x, x + 1, x + 2, x + 3) == 5) {
    lines++;
    for (int i = 0; i < first.n; i++) {
      bool is_same = first.label[i] == label;
      for (int d = 0; d < 4; d++) {
        is_same = is_same && fabsf(first.obs[i][d] - x[d]) < 1e-5f;
      }
      found += is_same;
    }
  }
  CHECK(lines == 150 && found == 150);
  if (file != NULL) {
    fclose(file);
  }
  hd_envs_destroy(envs);
}

/* All can be right: the mean of each cloud, taken from the samples, names every one of them. Clouds
 * are known from the order in which the set is described. */
static void nearest_clouds_name_every_blob(void) {
  double mean[6][4] = {{0}};
  struct {
    int label;
    double x[4];
  } sample[150];
  FILE *file = fopen(HD_TEST_DATA "/blobs.txt", "r");
  CHECK(file != NULL);
  for (int s = 0; file != NULL && s < 150; s++) {
    double *x = sample[s].x;
    CHECK(fscanf(file, "%d %lf %lf %lf %lf", &sample[s].label, x, x + 1, x + 2, x + 3) == 5);
    for (int d = 0; d < 4; d++) {
      mean[2 * sample[s].label + s / 3 % 2][d] += x[d] / 25;
    }
  }
  int right = 0;
  for (int s = 0; file != NULL && s < 150; s++) {
    int nearest = 0;
    double least = INFINITY;
    for (int c = 0; c < 6; c++) {
      double distance = 0;
      for (int d = 0; d < 4; d++) {
        distance += (sample[s].x[d] - mean[c][d]) * (sample[s].x[d] - mean[c][d]);
      }
      nearest = distance < least ? c : nearest;
      least = fmin(least, distance);
    }
    right += nearest / 2 == sample[s].label;
  }
  CHECK(right == 150);
  if (file != NULL) {
    fclose(file);
  }
}

static void exclusive_or(void) {
  static const char *const name[] = {"xor-rate", "xor-time"};
  for (int k = 0; k < 2; k++) {
    const hd_env_desc *desc = find(name[k]);
    hd_envs *envs = create(desc, 1, 2, HD_RNG_NATIVE);
    read_sweep(envs, desc, &first);
    for (int i = 0; i < first.n; i++) {
      CHECK(first.label[i] == (first.obs[i][0] != first.obs[i][1]));
      CHECK(k == 0 || first.obs[i][2] == 1);
    }
    hd_envs_destroy(envs);
  }
}

/* The whole training part, collected from as many episodes as it takes. */
static sweep whole;

static void collect_training_digits(void) {
  const hd_env_desc *desc = find("digits");
  hd_envs *envs = create(desc, 1, 7, HD_RNG_NATIVE);
  memset(&whole, 0, sizeof whole);
  for (int episode = 0; episode < 1000 && whole.n < SWEEP_MAX; episode++) {
    read_sweep(envs, desc, &second);
    for (int i = 0; i < second.n && whole.n < SWEEP_MAX; i++) {
      if (count_of(&whole, &second, i) == 0) {
        memcpy(whole.obs[whole.n], second.obs[i], sizeof whole.obs[0]);
        whole.label[whole.n++] = second.label[i];
      }
    }
  }
  hd_envs_destroy(envs);
}

static int nearest_label(const float *obs) {
  int label = -1;
  float least = INFINITY;
  for (int i = 0; i < whole.n; i++) {
    float distance = 0;
    for (int d = 0; d < PIXELS; d++) {
      distance += (whole.obs[i][d] - obs[d]) * (whole.obs[i][d] - obs[d]);
    }
    label = distance < least ? whole.label[i] : label;
    least = fminf(least, distance);
  }
  return label;
}

static void check_classes(const sweep *part, FILE *file) {
  for (int c = 0; c < CLASSES_MAX; c++) {
    int name, pictures, sum, n = 0;
    double grey = 0;
    CHECK(fscanf(file, "%d %d %d", &name, &pictures, &sum) == 3 && name == c);
    for (int i = 0; i < part->n; i++) {
      n += part->label[i] == c;
      for (int d = 0; d < PIXELS && part->label[i] == c; d++) {
        grey += 16 * (double)part->obs[i][d];
      }
    }
    CHECK(n == pictures && grey == sum);
  }
}

/* Against figures that tools/record_digits.py takes from the original: classes, pixel sums, and how
 * many pictures of the test part the nearest one of the training part names rightly. */
static void digits_are_the_recorded_ones(void) {
  collect_training_digits();
  CHECK(whole.n == SWEEP_MAX);
  const hd_env_desc *desc = find("digits-test");
  hd_envs *envs = create(desc, 1, 1, HD_RNG_NATIVE);
  read_sweep(envs, desc, &first);
  int right = 0, shared = 0, want;
  for (int i = 0; i < first.n; i++) {
    right += nearest_label(first.obs[i]) == first.label[i];
    shared += count_of(&whole, &first, i);
  }
  CHECK(shared == 0);
  FILE *file = fopen(HD_TEST_DATA "/digits.txt", "r");
  CHECK(file != NULL);
  if (file != NULL) {
    CHECK(fscanf(file, "%d", &want) == 1 && right == want);
    check_classes(&whole, file);
    check_classes(&first, file);
    fclose(file);
  }
  hd_envs_destroy(envs);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(returns_are_accuracies);
  RUN(sweeps_show_each_sample_once);
  RUN(blobs_are_as_described);
  RUN(nearest_clouds_name_every_blob);
  RUN(exclusive_or);
  RUN(digits_are_the_recorded_ones);
  hd_ctx_destroy(ctx);
  return test_end();
}
