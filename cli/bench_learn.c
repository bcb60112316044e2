/* Learning on the task, evaluation left out. */
#include "bench_learn.h"

#include "bench_learner.h"
#include "command.h"

enum { METHODS_MAX = 32 };

static int methods(const bench *b) {
  static section s = {.group = "learn",
                      .key = "methods",
                      .title = "environment steps per second of one core, learning included",
                      .value = {"steps", FIGURE_SHORT}};
  static learner l[METHODS_MAX];
  gauge g[METHODS_MAX];
  char error[BENCH_ERROR] = "";
  const int most = hd_method_count() < METHODS_MAX ? hd_method_count() : METHODS_MAX;
  const int n = b->is_own ? 1 : most;
  hd_status status = HD_OK;
  int opened = 0;
  for (; opened < n && status == HD_OK; opened += status == HD_OK) {
    const char *method = b->is_own ? b->method : hd_method_at(opened)->name;
    status = learner_open(b, method, "", 0, &l[opened], error);
    g[opened] = (gauge){.turn = learner_turn, .work = &l[opened]};
  }
  if (status == HD_OK) {
    status = gauge_run(g, n, b->seconds, b->repeats);
  }
  for (int i = 0; i < n && status == HD_OK; i++) {
    section_add(&s, "%s", b->is_own ? b->method : hd_method_at(i)->name)->value = g[i].rate;
  }
  learners_close(l, opened);
  if (status != HD_OK) {
    return learner_say(status, error);
  }
  report_section(b->report, &s);
  return EXIT_OK;
}

int bench_learn(const bench *b) {
  int code = methods(b);
  if (code == EXIT_OK) {
    code = bench_side(b);
  }
  return code == EXIT_OK ? bench_sets(b) : code;
}
