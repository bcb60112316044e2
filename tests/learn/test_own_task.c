/* The example of an own rule solves its task by that rule and by no wrong one. */
int own_task_main(void); /* the main function of the example */
#define main own_task_main
#include "../../examples/own_task.c"
#undef main
#include <math.h>

#include "test.h"

static void write_zero(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = 0;
  }
}

static void write_negated(const hd_rule_desc *self, const hd_rule_io *io) {
  factor(self, io);
  for (int i = 0; i < io->n; i++) {
    io->g[i] = -io->g[i];
  }
}

static void write_nan(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = NAN;
  }
}

static void the_rule_of_the_example_solves_its_task(void) { CHECK(own_task_main() == 0); }

static void wrong_rules_do_not_solve_it(void) {
  static const struct {
    const char *name;
    void (*factor)(const hd_rule_desc *self, const hd_rule_io *io);
  } wrong[] = {{"zero", write_zero}, {"negated", write_negated}, {"not-a-number", write_nan}};
  for (int k = 0; k < 3; k++) {
    hd_rule_desc rule = spikes_only;
    rule.name = wrong[k].name;
    rule.factor = wrong[k].factor;
    CHECK(!solves(&rule));
  }
}

int main(void) {
  RUN(the_rule_of_the_example_solves_its_task);
  RUN(wrong_rules_do_not_solve_it);
  return test_end();
}
