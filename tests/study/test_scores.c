/* Statistics over runs and tasks, beside what the package rliable says of the same scores
 * (tools/record_rliable.py). */
#include "hedon/scores.h"

#include <stdlib.h>

#include "hedon/context.h"
#include "statistics.h"
#include "test.h"

enum { TASKS = 3, RUNS = 10 };

static double value[2][TASKS][RUNS];
static hd_scores x[TASKS], y[TASKS];
static hd_ctx *ctx;

static FILE *open_record(void) {
  FILE *file = fopen(HD_TEST_DATA "/rliable.txt", "r");
  CHECK(file != NULL);
  return file;
}

static void read_scores(FILE *file) {
  for (int k = 0; k < 2 * TASKS; k++) {
    char name[8];
    int task;
    CHECK(fscanf(file, "%7s %d", name, &task) == 2);
    for (int i = 0; i < RUNS; i++) {
      CHECK(fscanf(file, "%lf", &value[*name == 'y'][task][i]) == 1);
    }
    *(*name == 'y' ? &y[task] : &x[task]) = (hd_scores){value[*name == 'y'][task], RUNS};
  }
}

/* The figure itself to 1e-9; ends of the interval to the chance that 2000 samples leave, a
 * twentieth of its width (3 standard deviations), or to the next possible value of a share. */
static void check(const char *name, const hd_estimate *got, const hd_estimate *want, double step) {
  const double chance = fmax(0.05 * (want->high - want->low), step);
  CHECK_NEAR(got->value, want->value, 1e-9);
  CHECK_NEAR(got->low, want->low, chance + 1e-12);
  CHECK_NEAR(got->high, want->high, chance + 1e-12);
  if (fabs(got->value - want->value) > 1e-9) {
    printf("  of %s\n", name);
  }
}

static int aggregate_of(const char *name) {
  static const char *const names[HD_AGGREGATES] = {[HD_AGGREGATE_MEAN] = "mean",
                                                   [HD_AGGREGATE_MEDIAN] = "median",
                                                   [HD_AGGREGATE_IQM] = "iqm",
                                                   [HD_AGGREGATE_OPTIMALITY_GAP] = "gap"};
  int k = 0;
  while (k < HD_AGGREGATES && strcmp(name, names[k]) != 0) {
    k++;
  }
  return k;
}

static void figures_are_those_of_rliable(void) {
  FILE *file = open_record();
  char name[32];
  int n = 0;
  read_scores(file);
  while (fscanf(file, "%31s", name) == 1) {
    hd_estimate want, got = {0, 0, 0};
    double tau = 0, step = 0;
    const int kind = aggregate_of(name);
    if (strcmp(name, "profile") == 0) {
      CHECK(fscanf(file, "%lf", &tau) == 1);
      step = 1.0 / (TASKS * RUNS);
      CHECK(hd_scores_profile(ctx, x, TASKS, &tau, 1, 1, &got) == HD_OK);
    } else if (kind < HD_AGGREGATES) {
      CHECK(hd_scores_aggregate(ctx, (hd_aggregate)kind, 1, x, TASKS, 1, &got) == HD_OK);
    } else {
      CHECK(hd_scores_improvement(ctx, x, y, TASKS, 1, &got) == HD_OK);
    }
    CHECK(fscanf(file, "%lf %lf %lf", &want.value, &want.low, &want.high) == 3);
    check(name, &got, &want, step);
    n++;
  }
  CHECK(n == 12);
  fclose(file);
}

/* Tasks of different numbers of runs, in any order. */
static void scores_need_no_order(void) {
  const double up[] = {1, 2, 3, 4, 5, 6, 7, 100}, down[] = {100, 7, 6, 5, 4, 3, 2, 1},
               one[] = {4.5};
  const hd_scores a[] = {{up, 8}, {one, 1}}, b[] = {{one, 1}, {down, 8}};
  hd_estimate first, second;
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_IQM, 0, a, 2, 1, &first) == HD_OK);
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_IQM, 0, b, 2, 1, &second) == HD_OK);
  CHECK_NEAR(first.value, (3 + 4 + 4.5 + 5 + 6) / 5, 1e-12); /* 9 scores, two off either end */
  CHECK_NEAR(second.value, first.value, 0);
  CHECK(hd_scores_improvement(ctx, a, b, 2, 1, &first) == HD_OK);
  CHECK_NEAR(first.value, 0.5, 1e-12); /* 4 of 8 above 4.5 on either task */
}

/* With one task the interval is that of `hedon train`. */
static void one_task_is_a_study(void) {
  double sorted[RUNS], scratch[HD_IQM_SCRATCH(RUNS)];
  hd_estimate got;
  memcpy(sorted, x[0].value, sizeof sorted);
  hd__sort(sorted, RUNS);
  const hd__interval want = hd__iqm_interval(sorted, RUNS, 5, scratch);
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_IQM, 0, x, 1, 5, &got) == HD_OK);
  CHECK_NEAR(got.value, hd__iqm(sorted, RUNS), 1e-15);
  CHECK_NEAR(got.low, want.low, 1e-15);
  CHECK_NEAR(got.high, want.high, 1e-15);
}

static void what_is_no_score_is_refused(void) {
  const double bad[] = {1, (double)NAN};
  const hd_scores none[] = {{bad, 0}}, wrong[] = {{bad, 2}};
  hd_estimate out = {7, 7, 7};
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_MEAN, 0, none, 1, 1, &out) == HD_RANGE);
  CHECK_TEXT(hd_ctx_error(ctx), "task 0 has 0 scores, at least 1 is needed");
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_MEAN, 0, wrong, 1, 1, &out) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx), "score 1 of task 0 is not a finite number");
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_MEAN, 0, none, 0, 1, &out) == HD_RANGE);
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATES, 0, x, TASKS, 1, &out) == HD_USAGE);
  CHECK(hd_scores_aggregate(ctx, HD_AGGREGATE_OPTIMALITY_GAP, (double)NAN, x, TASKS, 1, &out) ==
        HD_NUMERIC);
  CHECK(hd_scores_improvement(ctx, x, wrong, 1, 1, &out) == HD_NUMERIC);
  CHECK(out.value == 7 && out.low == 7 && out.high == 7);
}

static void shares_have_wilsons_interval(void) {
  const hd_estimate share = hd_share_estimate(8, 10), none = hd_share_estimate(0, 0);
  CHECK_NEAR(share.value, 0.8, 0);
  CHECK_NEAR(share.low, 0.490162, 1e-6);
  CHECK_NEAR(share.high, 0.943318, 1e-6);
  CHECK(isnan(none.value) && none.low == 0 && none.high == 1);
  const hd_estimate over = hd_share_estimate(5, 3), below = hd_share_estimate(-1, 3);
  CHECK(isnan(over.value) && isnan(over.low) && isnan(over.high) && isnan(below.value));
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(figures_are_those_of_rliable);
  RUN(scores_need_no_order);
  RUN(one_task_is_a_study);
  RUN(what_is_no_score_is_refused);
  RUN(shares_have_wilsons_interval);
  hd_ctx_destroy(ctx);
  return test_end();
}
