/* Many learners side by side, on one thread and on all of them. */
#include <stdlib.h>

#include "bench_parallel.h"
#include "bench_learn.h"
#include "command.h"
#include "say.h"

enum { SIDE = 32, SPLITS = 3 };

/* One learner, 32 on one thread, 32 on all threads. */
typedef struct split {
  int learners, threads;
  double *cpu, *wall, *gain; /* [repeats]: steps per CPU second, per wall second, and the latter
                                in units of the same learners on one thread */
} split;

static hd_status bench_side_run_splits(const bench *b, learner *l, split c[SPLITS], int n) {
  const double seconds = 4 * b->seconds;
  for (int r = -1; r < b->repeats; r++) {
    double alone = 0;
    for (int i = 0; i < n; i++) {
      parallel_result done;
      HD_TRY(parallel_run(l, c[i].learners, c[i].threads, seconds, &done));
      const double wall = done.steps / done.wall_s;
      alone = c[i].threads == 1 ? wall : alone;
      if (r >= 0) {
        c[i].cpu[r] = done.steps / done.cpu_s;
        c[i].wall[r] = wall;
        c[i].gain[r] = wall / alone;
      }
    }
  }
  return HD_OK;
}

static int bench_side_side(const bench *b, const char *method, section *s) {
  static learner l[SIDE];
  char error[BENCH_ERROR] = "";
  split c[SPLITS] = {{.learners = 1, .threads = 1},
                     {.learners = SIDE, .threads = 1},
                     {.learners = SIDE, .threads = b->threads}};
  const int n = b->threads > 1 ? SPLITS : SPLITS - 1;
  double *figures = calloc((size_t)(3 * SPLITS * b->repeats), sizeof *figures);
  if (figures == NULL) {
    return say_failure("out of memory");
  }
  for (int i = 0; i < SPLITS; i++) {
    c[i].cpu = figures + 3 * i * b->repeats;
    c[i].wall = c[i].cpu + b->repeats;
    c[i].gain = c[i].wall + b->repeats;
  }
  hd_status status = learners_open(b, method, l, SIDE, error);
  if (status == HD_OK) {
    status = bench_side_run_splits(b, l, c, n);
    learners_close(l, SIDE);
  }
  for (int i = 0; i < n && status == HD_OK; i++) {
    row *r = section_add(s, "%s, %d on %d thread%s", method, c[i].learners, c[i].threads,
                         c[i].threads == 1 ? "" : "s");
    r->value = spread_of(c[i].cpu, b->repeats);
    r->more[0] = spread_of(c[i].wall, b->repeats).median;
    r->more[1] = spread_of(c[i].gain, b->repeats).median;
  }
  free(figures);
  return status == HD_OK ? EXIT_OK : learner_say(status, error);
}

int bench_side(const bench *b) {
  static section s = {.group = "learn",
                      .key = "side by side",
                      .title = "environment steps per second of many learners, advanced in turn",
                      .note =
                          "steps: per second of CPU. wall: per second of the wall clock, which "
                          "other programs disturb. times: the same as against one thread.",
                      .value = {"steps", FIGURE_SHORT},
                      .more = {{"wall", FIGURE_SHORT}, {"times", FIGURE_PLAIN}},
                      .n_more = 2};
  const char *const many[] = {b->method, b->is_own ? NULL : "neuron-agent-online"};
  int code = EXIT_OK;
  for (int i = 0; i < 2 && many[i] != NULL && code == EXIT_OK; i++) {
    code = bench_side_side(b, many[i], &s);
  }
  if (code == EXIT_OK) {
    report_section(b->report, &s);
  }
  return code;
}
