/* A learner is a function of its configuration and seed, and of nothing else. */
#define _GNU_SOURCE /* setenv */
#include "learners.h"
#include "session_internal.h"

enum { ROLLOUT = 128, STEPS = 5 / TEST_SLOWED * ROLLOUT }; /* whole rollouts of every method */

static uint64_t hash_of(const char *task, const char *method, uint64_t seed, int64_t steps) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, task, method, quick(method), seed);
  advance(session, steps, steps);
  const uint64_t hash = hd_session_hash(session);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  return hash;
}

static uint64_t fresh_hash(const char *task, const char *method) {
  return hash_of(task, method, 3, STEPS);
}

/* The same, computed once for all the tests here. */
static uint64_t plain_hash(const char *task, const char *method) {
  enum { MAX = 256 };
  static struct {
    const char *task, *method;
    uint64_t hash;
  } known[MAX];
  int i = 0;
  while (i < MAX - 1 && known[i].task != NULL &&
         (known[i].task != task || known[i].method != method)) {
    i++;
  }
  if (known[i].task != task || known[i].method != method) {
    known[i].task = task;
    known[i].method = method;
    known[i].hash = fresh_hash(task, method);
  }
  return known[i].hash;
}

static void slices(const char *task, const char *method) {
  hd_ctx *ctx = open_ctx();
  const uint64_t hash = plain_hash(task, method);
  static const int64_t slice[] = {1, 7, 100};
  for (int k = 0; k < 3; k++) {
    hd_session *session = open_session(ctx, task, method, quick(method), 3);
    advance(session, STEPS, slice[k]);
    CHECK(steps_of(session) == STEPS || searches(method));
    CHECK(hd_session_hash(session) == hash);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

static void slices_do_not_matter(void) { for_methods(slices); }

static void restarted(const char *task, const char *method) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, task, method, quick(method), 4);
  advance(session, STEPS, STEPS);
  double fresh[2], used[2];
  CHECK(hd__session_restart(session, 3) == HD_OK);
  advance(session, STEPS, STEPS);
  CHECK(hd_session_hash(session) == plain_hash(task, method));
  CHECK(hd_session_evaluate(session, 2, 0, used, NULL) == HD_OK);
  hd_session *other = open_session(ctx, task, method, quick(method), 3);
  advance(other, STEPS, STEPS);
  CHECK(hd_session_evaluate(other, 2, 0, fresh, NULL) == HD_OK);
  CHECK(memcmp(fresh, used, sizeof used) == 0);
  CHECK(hd_session_view_count(session) == hd_session_view_count(other));
  hd_session_destroy(other);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void restarted_for_another_seed_it_is_that_learner(void) { for_methods(restarted); }

static void another_seed(const char *task, const char *method) {
  /* more than a generation */
  const int64_t steps = searches(method) ? 10 * STEPS : STEPS;
  CHECK(hash_of(task, method, 4, steps) != hash_of(task, method, 3, steps));
}

static void the_seed_matters(void) { for_methods(another_seed); }

/* What two learners tell of their layers, counted since they were last asked. */
static bool same_layers(hd_session *one, hd_session *two) {
  hd_stats a, b;
  hd_session_stats(one, &a);
  hd_session_stats(two, &b);
  bool is_same = a.n_layers == b.n_layers;
  for (int l = 0; is_same && l < a.n_layers; l++) {
    is_same = a.layer[l].rate == b.layer[l].rate && a.layer[l].silent == b.layer[l].silent &&
              a.layer[l].full == b.layer[l].full;
  }
  return is_same;
}

static void saved(const char *task, const char *method) {
  static const char path[] = HD_TEST_TMP "/sameness.ckpt";
  hd_ctx *ctx = open_ctx();
  hd_session *first = open_session(ctx, task, method, quick(method), 3), *second = NULL;
  advance(first, STEPS / 2, 10);
  CHECK(hd_session_train(first, 1) == HD_OK); /* spikes that nobody has asked for */
  CHECK(hd_session_save(first, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &second) == HD_OK);
  if (second != NULL) {
    CHECK(hd_session_hash(first) == hd_session_hash(second));
    CHECK(same_layers(first, second));
    advance(first, STEPS, STEPS);
    advance(second, STEPS, STEPS);
    CHECK(hd_session_hash(first) == plain_hash(task, method));
    CHECK(hd_session_hash(second) == plain_hash(task, method));
    double one = 0, two = 0;
    CHECK(hd_session_evaluate(first, 3, 5, NULL, &one) == HD_OK);
    CHECK(hd_session_evaluate(second, 3, 5, NULL, &two) == HD_OK);
    CHECK(one == two);
  }
  hd_session_destroy(first);
  hd_session_destroy(second);
  hd_ctx_destroy(ctx);
  remove(path);
}

static void saved_and_loaded_goes_on_alike(void) { for_methods(saved); }

static void instruction_set(const char *task, const char *method) {
  static const char *const isa[] = {"scalar", "v2", "v3", "v4"};
  const uint64_t hash = plain_hash(task, method);
  for (int k = 0; k < 4; k++) {
    hd_ctx *ctx = NULL;
    const hd_ctx_def def = hd_ctx_def_default();
    setenv("HEDON_ISA", isa[k], 1);
    if (hd_ctx_create(&def, &ctx) == HD_OK) { /* else this processor lacks it */
      hd_ctx_destroy(ctx);
      CHECK(fresh_hash(task, method) == hash);
    }
    unsetenv("HEDON_ISA");
  }
}

static void instruction_sets_agree(void) { for_methods(instruction_set); }

static void looked_at(const char *task, const char *method) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, task, method, quick(method), 3);
  double first = 0, again = 0, other = 0, all[4];
  for (int64_t steps = 64; steps <= STEPS; steps += 64) {
    advance(session, steps, 64);
    CHECK(hd_session_evaluate(session, 2, (uint64_t)steps, NULL, &first) == HD_OK);
    CHECK(hd_session_evaluate(session, 2, (uint64_t)steps, NULL, &again) == HD_OK);
    CHECK(first == again);
  }
  CHECK(hd_session_hash(session) == plain_hash(task, method));
  CHECK(hd_session_evaluate(session, 4, 9, all, &other) == HD_OK);
  CHECK(other == (all[0] + all[1] + all[2] + all[3]) / 4);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void evaluation_does_not_disturb(void) { for_methods(looked_at); }

int main(void) {
  RUN(slices_do_not_matter);
  RUN(restarted_for_another_seed_it_is_that_learner);
  RUN(the_seed_matters);
  RUN(saved_and_loaded_goes_on_alike);
  RUN(instruction_sets_agree);
  RUN(evaluation_does_not_disturb);
  return test_end();
}
