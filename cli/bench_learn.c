/* Learning on the task, evaluation left out. */
#include "bench_learn.h"

#include "bench_learner.h"
#include "command.h"
#include "say.h"

enum { METHODS_MAX = 64 };

static int bench_learn_methods(const bench *b) {
  static section s = {.group = "learn",
                      .key = "methods",
                      .title = "environment steps per second of one core, learning included",
                      .value = {"steps", FIGURE_SHORT}};
  static learner l[METHODS_MAX];
  gauge g[METHODS_MAX];
  const char *name[METHODS_MAX];
  char error[BENCH_ERROR] = "";
  const int most = b->is_own ? 1 : hd_method_count();
  hd_status status = HD_OK;
  int n = 0;
  if (most > METHODS_MAX) {
    return say_failure("bench has room for %d methods, and this library has %d", METHODS_MAX, most);
  }
  for (int i = 0; i < most && status == HD_OK; i++) {
    name[n] = b->is_own ? b->method : hd_method_at(i)->name;
    status = learner_open(b, name[n], "", 0, &l[n], error);
    if (status == HD_OK) {
      g[n] = (gauge){.turn = learner_turn, .work = &l[n]};
      n++;
    } else if (status == HD_CONFLICT && !b->is_own) {
      status = HD_OK; /* a method for tasks of another kind */
    }
  }
  if (status == HD_OK) {
    status = gauge_run(g, n, b->seconds, b->repeats);
  }
  for (int i = 0; i < n && status == HD_OK; i++) {
    section_add(&s, "%s", name[i])->value = g[i].rate;
  }
  learners_close(l, n);
  if (status != HD_OK) {
    return learner_say(status, error);
  }
  report_section(b->report, &s);
  return EXIT_OK;
}

int bench_learn(const bench *b) {
  int code = bench_learn_methods(b);
  if (code == EXIT_OK) {
    code = bench_side(b);
  }
  return code == EXIT_OK ? bench_sets(b) : code;
}
