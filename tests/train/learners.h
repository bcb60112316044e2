/* Learners for tests: made in one line, advanced to a number of steps, compared by their hash. */
#ifndef HD_LEARNERS_H
#define HD_LEARNERS_H

#include <stdlib.h>

#include "hedon/hedon.h"
#include "test.h"

static inline hd_ctx *open_ctx(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    exit(2);
  }
  return ctx;
}

/* Does anything in a run of this configuration read the option? */
static inline bool is_read(const hd_config *config, const char *key) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(option.key, key) == 0) {
      return option.is_read;
    }
  }
  return false;
}

/* The first failure of making a learner with "key=value ?key=value ..." on top of its method; what
 * follows a question mark is set if the method reads it. */
static inline hd_status try_session(hd_ctx *ctx, const char *task, const char *method,
                                    const char *settings, uint64_t seed, hd_session **out) {
  hd_config *config = NULL;
  hd_status status = hd_config_create(ctx, task, method, &config);
  char key[64], value[64];
  for (int used; status == HD_OK && settings != NULL &&
                 sscanf(settings, " %63[^= ]=%63[^ ]%n", key, value, &used) == 2;
       settings += used) {
    if (key[0] != '?' || is_read(config, key + 1)) {
      status = hd_config_set(config, key + (key[0] == '?'), value);
    }
  }
  if (status == HD_OK) {
    status = hd_session_create(ctx, config, seed, out);
  }
  hd_config_destroy(config);
  return status;
}

static inline hd_session *open_session(hd_ctx *ctx, const char *task, const char *method,
                                       const char *settings, uint64_t seed) {
  hd_session *session = NULL;
  if (try_session(ctx, task, method, settings, seed, &session) != HD_OK) {
    printf("  %s, %s: %s\n", task, method, hd_ctx_error(ctx));
    exit(2);
  }
  return session;
}

static inline int64_t steps_of(hd_session *session) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  return stats.env_steps;
}

/* Advance in slices until `steps` are done, or the rollout that contains the last of them. */
static inline void advance(hd_session *session, int64_t steps, int64_t slice) {
  for (int64_t left; (left = steps - steps_of(session)) > 0;) {
    if (hd_session_train(session, slice < left ? slice : left) != HD_OK) {
      CHECK(false);
      return;
    }
  }
}

/* An array of the session by name. */
static inline hd_view view_of(hd_session *session, const char *name) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    if (strcmp(view.name, name) == 0) {
      return view;
    }
  }
  printf("  no array is called %s\n", name);
  exit(2);
}

/* Does a method set this option? */
static inline bool sets(const char *method, const char *option) {
  for (int i = 0; i < hd_method_count(); i++) {
    if (strcmp(hd_method_at(i)->name, method) == 0) {
      return strstr(hd_method_at(i)->settings, option) != NULL;
    }
  }
  return false;
}

/* Are its actions real numbers? */
static inline bool acts_by_numbers(const char *method) {
  return sets(method, "algorithm=td3") || sets(method, "algorithm=sac");
}

/* Settings that make a method quick where it does not matter how well it learns. */
static inline const char *quick(const char *method) {
  return acts_by_numbers(method) ? "hidden=8,8 critic.hidden=8,8 replay.batch=16 replay.size=2000 "
                                   "replay.learning_starts=100"
         : strncmp(method, "dq", 2) == 0 ? "hidden=16 replay.batch=16 replay.learning_starts=100"
         : sets(method, " nets=")        ? "hidden=24 nets=3" /* for 200 in 10 */
                                         : "";
}

/* Does a method search over the weights? It then has no step size in common with the others, one
 * environment, and advances by whole episodes. */
static inline bool searches(const char *method) { return sets(method, " search="); }

/* Does it take one episode after the other? */
static inline bool has_one_environment(const char *method) {
  return sets(method, "algorithm=reinforce");
}

/* Does it learn by gradients of a loss? Then no average is evaluated, and its weights are those of
 * several models. */
static inline bool descends(const char *method) { return sets(method, "algorithm="); }

/* Two tasks for a method: one of real and one of numbered observations, or two of real-valued
 * actions. */
static inline const char *task_for(const char *method, int k) {
  static const char *const tasks[2][2] = {{"CartPole-v1", "FrozenLake-v1"},
                                          {"Pendulum-v1", "MountainCarContinuous-v0"}};
  return tasks[acts_by_numbers(method)][k];
}

/* Run `check` for every method on its two tasks. */
static inline void for_methods(void (*check)(const char *task, const char *method)) {
  for (int i = 0; i < hd_method_count(); i++) {
    const char *method = hd_method_at(i)->name;
    for (int k = 0; k < 2; k++) {
      const int before = test_failures;
      check(task_for(method, k), method);
      if (test_failures > before) {
        printf("  with %s on %s\n", method, task_for(method, k));
      }
    }
  }
}

#endif
