#include "protocol.h"
#include "test.h"

enum { CHECKPOINTS = 12 };

/* A learner evaluated every 100 steps, ten episodes in between, with the given means. */
static const struct {
  const char *what;
  hd__protocol protocol;
  double mean[CHECKPOINTS];
  int n_evaluations; /* until it is done */
  bool is_solved, is_relapsed;
  int64_t steps_to_threshold, episodes_to_threshold, steps;
  double best;
} cases[] = {
    {"three in a row", {10000, 0, 100, 10, 1}, {1, 10, 11, 10}, 4, true, false, 200, 20, 400, 11},
    {"the first three", {10000, 0, 100, 10, 1}, {10, 10, 10}, 3, true, false, 100, 10, 300, 10},
    {"two, a miss, three",
     {10000, 0, 100, 10, 1},
     {10, 10, 9, 10, 12, 10},
     6,
     true,
     false,
     400,
     40,
     600,
     12},
    {"never", {500, 0, 100, 10, 1}, {1, 2, 9.99, 2, 1}, 5, false, false, -1, -1, 500, 9.99},
    {"two at the end are not enough",
     {500, 0, 100, 10, 1},
     {1, 2, 3, 10, 10},
     5,
     false,
     false,
     -1,
     -1,
     500,
     10},
    {"no threshold", {300, 0, 100, NAN, 1}, {1, 2, 3}, 3, false, false, -1, -1, 300, 3},
    {"all of the budget",
     {600, 0, 100, 10, 0},
     {10, 10, 10, 10, 10, 10},
     6,
     true,
     false,
     100,
     10,
     600,
     10},
    {"three times the steps",
     {10000, 0, 100, 10, 3},
     {1, 10, 10, 10, 10, 10},
     6,
     true,
     false,
     200,
     20,
     600,
     10},
    {"a relapse", {10000, 0, 100, 10, 3}, {1, 10, 10, 10, 9, 10}, 6, true, true, 200, 20, 600, 10},
    {"an end between evaluations",
     {10000, 0, 100, 10, 3.5},
     {10, 10, 10, 10},
     4,
     true,
     false,
     100,
     10,
     350,
     10},
    {"a budget between evaluations",
     {250, 0, 100, 10, 0},
     {1, 1, 1},
     3,
     false,
     false,
     -1,
     -1,
     250,
     1},
    {"the budget bounds overtraining",
     {400, 0, 100, 10, 3},
     {1, 10, 10, 10},
     4,
     true,
     false,
     200,
     20,
     400,
     10},
    {"episodes", {10000, 30, 100, 10, 1}, {1, 1, 1}, 3, false, false, -1, -1, 300, 1},
    {"solved at once when confirmed late",
     {10000, 0, 100, 10, 2},
     {10, 10, 10},
     3,
     true,
     false,
     100,
     10,
     300,
     10},
};

static void loaded_checkpoints_are_checked(void) {
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    const hd__protocol *protocol = &cases[c].protocol;
    hd__record record = hd__record_start();
    const int failures = test_failures;
    int64_t steps = 0;
    for (int i = 0; i < CHECKPOINTS && !record.done; i++) {
      const int64_t target = hd__protocol_target(protocol, &record);
      CHECK(target > steps || protocol->overtrain > 0);
      CHECK(!hd__protocol_is_due(protocol, &record, target - 1, 0));
      CHECK(hd__protocol_is_due(protocol, &record, target, 0));
      steps = target > steps ? target : steps;
      hd__protocol_add_evaluation(protocol, &record, steps, steps / 10, cases[c].mean[i]);
    }
    CHECK(record.done);
    CHECK(record.evaluations == cases[c].n_evaluations);
    CHECK(record.evaluated_at == cases[c].steps && steps == cases[c].steps);
    CHECK((record.solved != 0) == cases[c].is_solved);
    CHECK((record.relapsed != 0) == cases[c].is_relapsed);
    CHECK(!record.solved || record.first_steps == cases[c].steps_to_threshold);
    CHECK(!record.solved || record.first_episodes == cases[c].episodes_to_threshold);
    CHECK_NEAR(record.best_return, cases[c].best, 0);
    CHECK_NEAR(record.final_return, cases[c].mean[cases[c].n_evaluations - 1], 0);
    if (test_failures != failures) {
      printf("  in the case: %s\n", cases[c].what);
    }
  }
}

/* Whole rollouts overshoot; the next evaluation is still on the grid. */
static void the_grid_does_not_drift(void) {
  const hd__protocol protocol = {.steps = 1000, .eval_every = 100, .threshold = NAN};
  hd__record record = hd__record_start();
  hd__protocol_add_evaluation(&protocol, &record, 130, 0, 0);
  CHECK(hd__protocol_target(&protocol, &record) == 200);
  hd__protocol_add_evaluation(&protocol, &record, 230, 0, 0);
  CHECK(hd__protocol_target(&protocol, &record) == 300);
  hd__protocol_add_evaluation(&protocol, &record, 990, 0, 0);
  CHECK(hd__protocol_target(&protocol, &record) == 1000);
}

static void episodes_end_it_at_once(void) {
  const hd__protocol protocol = {.steps = 1000, .episodes = 5, .eval_every = 100, .threshold = NAN};
  const hd__record record = hd__record_start();
  CHECK(!hd__protocol_is_due(&protocol, &record, 37, 4));
  CHECK(hd__protocol_is_due(&protocol, &record, 37, 5));
}

int main(void) {
  RUN(loaded_checkpoints_are_checked);
  RUN(the_grid_does_not_drift);
  RUN(episodes_end_it_at_once);
  return test_end();
}
