/* What every method of search owes: asking changes nothing, the same seed gives the same bits, a
 * search may be put away in the middle of a generation, and memory may run out anywhere. */
#include "search/search_fixture.h"

static float zeros[64];

static trial open(hd_ctx *ctx, int method, uint64_t seed) {
  const hd__search_def def = small_def(seed);
  trial t;
  CHECK(open_trial(&t, ctx, hd__search_at(method)->name, &def, zeros) == HD_OK);
  return t;
}

static bool same_state(const trial *a, const trial *b) {
  if (a->arena.n_views != b->arena.n_views) {
    return false;
  }
  for (int i = 0; i < a->arena.n_views; i++) {
    const hd_view *x = &a->arena.view[i], *y = &b->arena.view[i];
    const size_t item = strcmp(x->dtype, "F64") == 0 || strcmp(x->dtype, "I64") == 0 ? 8 : 4;
    if (memcmp(x->data, y->data, item * (size_t)(x->shape[0] * x->shape[1])) != 0) {
      return false;
    }
  }
  return true;
}

static hd_ctx *ctx;

static void asking_changes_nothing(void) {
  _Alignas(64) float first[64], again[64], other[64];
  for (int method = 0; method < hd__search_count(); method++) {
    trial a = open(ctx, method, 1), b = open(ctx, method, 1);
    run_generations(&a.search, 3, quadratic);
    run_generations(&b.search, 3, quadratic);
    const int last = a.search.n_candidates - 1;
    hd__search_ask(&a.search, last, first);
    hd__search_ask(&a.search, 0, other);
    hd__search_ask(&a.search, last, again);
    CHECK(memcmp(first, again, sizeof(float) * (size_t)a.search.n) == 0);
    CHECK(same_state(&a, &b));
    CHECK(hd__search_is_consistent(&b.search));
    close_trial(&a);
    close_trial(&b);
  }
}

static void the_seed_decides(void) {
  for (int method = 0; method < hd__search_count(); method++) {
    trial a = open(ctx, method, 1), b = open(ctx, method, 1), c = open(ctx, method, 2);
    run_generations(&a.search, 20, quadratic);
    run_generations(&b.search, 20, quadratic);
    run_generations(&c.search, 20, quadratic);
    CHECK(same_state(&a, &b));
    CHECK(!same_state(&a, &c));
    close_trial(&a);
    close_trial(&b);
    close_trial(&c);
  }
}

static void put_away_within_a_generation(void) {
  for (int method = 0; method < hd__search_count(); method++) {
    trial a = open(ctx, method, 1), b = open(ctx, method, 1);
    run_generations(&a.search, 5, quadratic);
    for (int m = 0; m < a.search.n_candidates / 2; m++) {
      tell_next(&a.search, quadratic);
    }
    copy_state(&a, &b);
    while (a.search.counters->generation < 12) {
      tell_next(&a.search, quadratic);
      tell_next(&b.search, quadratic);
    }
    CHECK(same_state(&a, &b));
    CHECK(hd__search_is_consistent(&b.search));
    close_trial(&a);
    close_trial(&b);
  }
}

static void returns_are_reported_singly_or_together(void) {
  double returns[64];
  _Alignas(64) float w[64];
  for (int method = 0; method < hd__search_count(); method++) {
    trial a = open(ctx, method, 1), b = open(ctx, method, 1);
    run_generations(&a.search, 4, quadratic);
    for (int g = 0; g < 4; g++) {
      for (int m = b.search.n_candidates - 1; m >= 0; m--) { /* in any order */
        hd__search_ask(&b.search, m, w);
        returns[m] = quadratic(b.search.n, w);
      }
      hd__search_tell(&b.search, b.search.n_candidates, returns);
    }
    CHECK(same_state(&a, &b));
    CHECK(hd__search_is_consistent(&b.search));
    close_trial(&a);
    close_trial(&b);
  }
}

/* Equal returns say nothing. Whatever accepts them wanders, 200 times a deviation of 0.1: six
 * deviations of that walk are 8.5; nothing else may go farther. */
static double flat(int n, const float *w) {
  (void)n;
  (void)w;
  return 0.5;
}

static void nothing_to_learn_stays_finite(void) {
  for (int method = 0; method < hd__search_count(); method++) {
    trial a = open(ctx, method, 1);
    run_generations(&a.search, 200, flat);
    for (int k = 0; k < a.search.n; k++) {
      CHECK(fabs((double)a.search.w[k]) <= 8.5);
    }
    close_trial(&a);
  }
}

static hd_status starve(hd_ctx *poor) {
  const hd__search_def def = small_def(1);
  for (int method = 0; method < hd__search_count(); method++) {
    trial t;
    const hd_status status = open_trial(&t, poor, hd__search_at(method)->name, &def, zeros);
    if (status != HD_OK) {
      return status;
    }
    close_trial(&t);
  }
  return HD_OK;
}

static void out_of_memory(void) { CHECK(fault_sweep(starve) > 0); }

static void refusals(void) {
  trial t;
  hd__search_def def = small_def(1);
  def.population = 7;
  CHECK(open_trial(&t, ctx, "nes", &def, zeros) == HD_RANGE);
  CHECK(open_trial(&t, ctx, "spsa", &def, zeros) == HD_RANGE);
  CHECK(open_trial(&t, ctx, "ec-trust", &def, zeros) == HD_RANGE);
  def.population = 1;
  CHECK(open_trial(&t, ctx, "evolving-connectivity", &def, zeros) == HD_RANGE);
  def = small_def(1);
  def.n_layers = 0;
  CHECK(open_trial(&t, ctx, "alopex", &def, zeros) == HD_RANGE);
  def = small_def(1);
  def.agent.position = HD_POSITION_CONTINUOUS;
  CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_CONFLICT);
  def.agent.position = HD_POSITION_FULL;
  def.agent.values = HD_VALUES_LINEAR;
  CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_CONFLICT);
  def.agent.actions = 9;
  CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_RANGE);
}

static void names(void) {
  for (int i = 0; i < hd__search_count(); i++) {
    const hd__search_desc *desc = hd__search_at(i);
    CHECK(hd__search_find(desc->name) == desc);
    CHECK(desc->doc[0] != '\0');
  }
  CHECK(hd__search_find("gradient") == NULL);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(names);
  RUN(asking_changes_nothing);
  RUN(the_seed_decides);
  RUN(put_away_within_a_generation);
  RUN(returns_are_reported_singly_or_together);
  RUN(nothing_to_learn_stays_finite);
  RUN(out_of_memory);
  RUN(refusals);
  hd_ctx_destroy(ctx);
  return test_end();
}
