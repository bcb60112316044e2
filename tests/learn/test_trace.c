/* A sparse trace is a dense one, but for what has faded. */
#include "random.h"
#include "test.h"
#include "trace.h"

enum { ROWS = 50, WIDTH = 3, STEPS = 1200 };

static float E[ROWS * WIDTH], strength[ROWS];
static int32_t active[ROWS];
static int64_t n_active;

static hd__trace open_trace(void) {
  memset(E, 0, sizeof E);
  memset(strength, 0, sizeof strength);
  n_active = 0;
  return (hd__trace){.n_rows = ROWS,
                     .width = WIDTH,
                     .E = E,
                     .strength = strength,
                     .active = active,
                     .n_active = &n_active};
}

static uint32_t draw(int step, uint32_t i) {
  return hd__word(hd__key_make(1, HD_STREAM_INIT, 0, (uint64_t)step), i);
}

/* What a row forgets when it falls asleep is at most the cutoff times what it held when last
 * touched, which is below 1 / (1 - decay) times the largest value added. */
static void sparse_is_dense_within_the_cutoff(void) {
  static const float decays[] = {0.3f, 0.9f, 0.98f};
  for (int k = 0; k < 3; k++) {
    const float decay = decays[k];
    const double bound = (double)HD_TRACE_CUTOFF / (1 - (double)decay) + 1e-6;
    double dense[ROWS * WIDTH] = {0};
    int n_sleeps = 0;
    hd__trace trace = open_trace();
    for (int t = 0; t < STEPS; t++) {
      const int64_t before = n_active;
      hd__trace_decay(&trace, decay);
      n_sleeps += n_active < before;
      for (int i = 0; i < ROWS * WIDTH; i++) {
        dense[i] *= (double)decay;
      }
      for (uint32_t touch = 0; t < STEPS / 2 && touch < 2; touch++) {
        const int row = (int)(draw(t, touch) % (t % 100 < 50 ? ROWS : 5));
        float *at = hd__trace_touch(&trace, row);
        for (int j = 0; j < WIDTH; j++) {
          const float add = (float)(draw(t, 9 + (uint32_t)j) % 1000) / 1000 - 0.5f;
          at[j] += add;
          dense[row * WIDTH + j] += (double)add;
        }
      }
      for (int i = 0; i < ROWS * WIDTH; i++) {
        CHECK_NEAR((double)E[i], dense[i], bound);
      }
    }
    CHECK(n_sleeps > 0);
  }
}

/* The list names every row that is not asleep, once. */
static void the_list_is_whole(void) {
  hd__trace trace = open_trace();
  for (int t = 0; t < STEPS; t++) {
    hd__trace_decay(&trace, 0.7f);
    const int touched = (int)(draw(t, 0) % ROWS);
    *hd__trace_touch(&trace, touched) += 1;
    CHECK(strength[touched] == 1);
    int listed[ROWS] = {0};
    for (int64_t k = 0; k < n_active; k++) {
      listed[active[k]]++;
    }
    for (int row = 0; row < ROWS; row++) {
      CHECK(listed[row] == (strength[row] > 0));
      CHECK(strength[row] > 0 || E[row * WIDTH] == 0);
    }
  }
}

static void nothing_is_left_after_clearing(void) {
  hd__trace trace = open_trace();
  for (int row = 0; row < ROWS; row += 3) {
    *hd__trace_touch(&trace, row) = 2;
  }
  hd__trace_clear(&trace);
  CHECK(n_active == 0);
  for (int i = 0; i < ROWS * WIDTH; i++) {
    CHECK(E[i] == 0 && strength[i / WIDTH] == 0);
  }
  hd__trace_decay(&trace, 0); /* a decay of nothing puts all to sleep */
  *hd__trace_touch(&trace, 4) = 1;
  hd__trace_decay(&trace, 0);
  CHECK(n_active == 0 && E[4 * WIDTH] == 0);
}

int main(void) {
  RUN(sparse_is_dense_within_the_cutoff);
  RUN(the_list_is_whole);
  RUN(nothing_is_left_after_clearing);
  return test_end();
}
