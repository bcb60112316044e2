/* Targets, errors and the gradient of the loss on made-up batches, against the sums written out. */
#include "td.h"
#include "test.h"

enum { ROWS = 3, STRIDE = 16 };

static void fill(float out[ROWS][STRIDE], const float rows[ROWS][4]) {
  memset(out, 0, sizeof(float) * ROWS * STRIDE);
  for (int i = 0; i < ROWS; i++) {
    memcpy(out[i], rows[i], sizeof rows[i]);
  }
}

static const float online[ROWS][4] = {{1, 3, 2, 5}, {4, 0, 4, -1}, {-3, -2, -1, 2}};
static const float target_q[ROWS][4] = {{7, 2, 9, 1}, {5, 6, 8, 0}, {1, 2, 3, -4}};
static const float reward[ROWS] = {1, -2, 0.5f}, discount[ROWS] = {0.5f, 0.0f, 0.25f};

static void targets_of_a_batch(void) {
  const hd__td td = {.n_actions = 3, .stride = STRIDE};
  float a[ROWS][STRIDE], b[ROWS][STRIDE], target[ROWS];
  fill(a, online);
  fill(b, target_q);
  hd__td_targets(&td, ROWS, b[0], b[0], reward, discount, target); /* best of the target network */
  CHECK(target[0] == 1 + 0.5f * 9 && target[1] == -2 && target[2] == 0.5f + 0.25f * 3);
  hd__td_targets(&td, ROWS, a[0], b[0], reward, discount, target); /* the online one's choice: 1 */
  CHECK(target[0] == 1 + 0.5f * 2 && target[1] == -2 && target[2] == 0.5f + 0.25f * 3);
}

static void dueling_targets(void) {
  const hd__td td = {.n_actions = 3, .stride = STRIDE, .is_dueling = true};
  float a[ROWS][STRIDE], b[ROWS][STRIDE], target[ROWS];
  fill(a, online);
  fill(b, target_q);
  CHECK(hd__td_width(3, true) == 4 && hd__td_width(3, false) == 3);
  CHECK(hd__td_value(&td, b[0], 1) == 1 + (2 - 6));
  hd__td_targets(&td, ROWS, a[0], b[0], reward, discount, target);
  CHECK(target[0] == 1 + 0.5f * (1 + (2 - 6)));
  CHECK(target[1] == -2);
  CHECK(target[2] == 0.5f + 0.25f * (-4 + (3 - 2)));
}

/* Every row has the target of another, each target is told once, and by which rows they are moved
 * differs from update to update. */
static void shuffled_targets_are_those_of_other_rows(void) {
  enum { MOST = 7, UPDATES = 200 };
  for (int n = 2; n <= MOST; n++) {
    bool was_moved_by[MOST] = {false};
    for (uint64_t update = 0; update < UPDATES; update++) {
      float target[MOST];
      for (int i = 0; i < n; i++) {
        target[i] = (float)i;
      }
      hd__td_shuffle_targets(n, target, hd__key_make(1, HD_STREAM_REPLAY, 0, update));
      const int by = (int)target[0];
      CHECK(by > 0 && by < n);
      for (int i = 0; i < n; i++) {
        CHECK((int)target[i] == (i + by) % n);
      }
      was_moved_by[by] = true;
    }
    for (int by = 1; by < n; by++) {
      CHECK(was_moved_by[by]);
    }
  }
}

static void equal_values_choose_the_first(void) {
  const hd__td td = {.n_actions = 3, .stride = STRIDE};
  const float out[] = {1, 2, 2};
  CHECK(hd__td_best(&td, out) == 1);
}

static double loss(const hd__td *td, const double out[ROWS][4], const float *action,
                   const float *target, const float *weight) {
  double sum = 0.0;
  for (int i = 0; i < ROWS; i++) {
    double q = out[i][(int)action[i]];
    if (td->is_dueling) {
      q += out[i][3] - (out[i][0] + out[i][1] + out[i][2]) / 3;
    }
    const double e = fabs(q - (double)target[i]), h = (double)td->huber;
    sum += (double)weight[i] * (h > 0 && e > h ? h * (e - h / 2) : e * e / 2);
  }
  return sum / ROWS;
}

/* The loss is piecewise quadratic, so that differences of doubles are its slope but for rounding.
 */
static void the_gradient_is_the_slope_of_the_loss(void) {
  const float action[ROWS] = {2, 0, 1}, target[ROWS] = {1.7f, 9.0f, -2.3f};
  const float weight[ROWS] = {1, 0.5f, 0.25f};
  for (int kind = 0; kind < 4; kind++) {
    const hd__td td = {.n_actions = 3,
                       .stride = STRIDE,
                       .is_dueling = kind % 2 == 1,
                       .huber = kind < 2 ? 0.0f : 1.0f};
    float out[ROWS][STRIDE], error[ROWS], g_out[ROWS][STRIDE] = {{0}};
    double exact[ROWS][4];
    fill(out, online);
    hd__td_errors(&td, ROWS, ROWS, out[0], action, target, weight, error, g_out[0]);
    for (int i = 0; i < ROWS; i++) {
      const double q = (double)hd__td_value(&td, out[i], (int)action[i]);
      CHECK_NEAR((double)error[i], q - (double)target[i],
                 5e-7); /* half a unit of floats up to 16 */
      for (int k = 0; k < 4; k++) {
        exact[i][k] = (double)online[i][k];
      }
    }
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < STRIDE; k++) {
        double slope = 0.0;
        if (k < 4) {
          const double step = 1e-4;
          exact[i][k] += step;
          slope = loss(&td, exact, action, target, weight);
          exact[i][k] -= 2 * step;
          slope = (slope - loss(&td, exact, action, target, weight)) / (2 * step);
          exact[i][k] += step;
        }
        CHECK_NEAR((double)g_out[i][k], slope, 5e-7); /* a third of such an error, rounded */
      }
    }
  }
}

int main(void) {
  RUN(targets_of_a_batch);
  RUN(dueling_targets);
  RUN(shuffled_targets_are_those_of_other_rows);
  RUN(equal_values_choose_the_first);
  RUN(the_gradient_is_the_slope_of_the_loss);
  return test_end();
}
