/* One learner on every instruction set that this processor has. */
#include <stdlib.h>
#include <string.h>

#include "bench_learn.h"
#include "bench_learner.h"
#include "command.h"

static const char *const sets[] = {"v4", "v3", "v2", "scalar"};
enum { N_SETS = sizeof sets / sizeof sets[0] };

/* A learner on another instruction set. A context reads HEDON_ISA when it is made. */
static hd_status bench_sets_open_on(const bench *b, const char *set, learner *l, char *error) {
  const char *before = getenv("HEDON_ISA");
  char *kept = before != NULL ? strdup(before) : NULL;
  setenv("HEDON_ISA", set, 1);
  const hd_status status = learner_open(b, NULL, "", 0, l, error);
  if (kept != NULL) {
    setenv("HEDON_ISA", kept, 1);
  } else {
    unsetenv("HEDON_ISA");
  }
  free(kept);
  return status;
}

/* Sets that this processor lacks are left out. */
int bench_sets(const bench *b) {
  static section s = {.group = "learn",
                      .key = "sets",
                      .title = "environment steps per second of one core, by instruction set",
                      .note = "The same learner, to the bit; of best: its share of the fastest.",
                      .value = {"steps", FIGURE_SHORT},
                      .more = {{"of best", FIGURE_SHARE}},
                      .n_more = 1};
  static learner l[N_SETS];
  gauge g[N_SETS];
  const char *name[N_SETS];
  char error[BENCH_ERROR] = "";
  hd_status status = HD_OK;
  int n = 0;
  for (int i = 0; i < N_SETS && status == HD_OK; i++) {
    status = bench_sets_open_on(b, sets[i], &l[n], error);
    if (status == HD_OK) {
      name[n] = sets[i];
      g[n] = (gauge){.turn = learner_turn, .work = &l[n]};
      n++;
    }
    status = status == HD_USAGE ? HD_OK : status;
  }
  if (status == HD_OK) {
    status = gauge_run(g, n, b->seconds, b->repeats);
  }
  double best = 0;
  for (int i = 0; i < n; i++) {
    best = g[i].rate.median > best ? g[i].rate.median : best;
  }
  for (int i = 0; i < n; i++) {
    row *r = section_add(&s, "%s, %s", b->method, name[i]);
    r->value = g[i].rate;
    r->more[0] = g[i].rate.median / best;
  }
  learners_close(l, n);
  if (status != HD_OK) {
    return learner_say(status, error);
  }
  report_section(b->report, &s);
  return EXIT_OK;
}
