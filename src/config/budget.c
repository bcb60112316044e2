#include "budget.h"

#include <stdio.h>
#include <string.h>

#include "config_text.h"
#include "number.h"
#include "readers.h"

/* The settings of a budget; 0 sets no limit where it is allowed. */
static const char *const budget_keys[] = {"steps", "episodes", "overtrain"};
enum { BUDGET_KEYS = sizeof budget_keys / sizeof *budget_keys };

static bool budget_has(const char *key) {
  for (int i = 0; i < BUDGET_KEYS; i++) {
    if (strcmp(budget_keys[i], key) == 0) {
      return true;
    }
  }
  return false;
}

/* What of a run takes the whole budget of steps, or NULL: its course would have been another under
 * a larger one. */
static const char *budget_schedule(const hd_config *config) {
  const hd__settings *s = hd__config_settings(config);
  const hd__facts facts = hd__facts_of(config);
  if (hd__facts_read(&facts, hd__config_find(config, "anneal.steps")) && s->anneal_steps == 0) {
    return "the schedule of the step sizes (anneal, with anneal.steps = 0)";
  }
  if (hd__facts_read(&facts, hd__config_find(config, "dqn.priority_beta")) &&
      s->priority_beta < 1) {
    return "the exponent of prioritised replay (dqn.priority_beta)";
  }
  return NULL;
}

static hd_status budget_check_others(const hd_config *from, const hd_config *to) {
  hd_ctx *ctx = hd__config_ctx(to);
  if (!hd__config_is_same_method(from, to)) {
    return hd__fail(ctx, HD_CONFLICT, "task and method of a run that has begun cannot change");
  }
  const int n = hd_config_count(to);
  for (int i = 0; (i = hd__config_difference(from, to, i)) < n; i++) {
    const char *key = hd__config_line(to, i).key;
    if (!budget_has(key)) {
      return hd__fail(ctx, HD_CONFLICT,
                      "%s cannot change in a run that has begun; steps, episodes and overtrain "
                      "can, and the number of seeds",
                      key);
    }
  }
  return HD_OK;
}

static bool budget_is_smaller(const char *text_before, const char *text_now) {
  double before = 0, now = 0;
  hd__number_read(text_before, &before);
  hd__number_read(text_now, &now);
  return now != 0 && (before == 0 || now < before);
}

static hd_status budget_check_key(const hd_config *from, const hd_config *to, const char *key) {
  char before[HD_WORD_SIZE];
  snprintf(before, sizeof before, "%s", hd_config_get(from, key));
  const char *now = hd_config_get(to, key);
  return budget_is_smaller(before, now)
             ? hd__fail(hd__config_ctx(to), HD_RANGE,
                        "%s = %s is less than the %s that the run has; a run can become longer, "
                        "not shorter",
                        key, now, strcmp(before, "0") == 0 ? "unlimited number" : before)
             : HD_OK;
}

hd_status hd__budget_check(const hd_config *from, const hd_config *to) {
  HD_TRY(budget_check_others(from, to));
  for (int i = 0; i < BUDGET_KEYS; i++) {
    HD_TRY(budget_check_key(from, to, budget_keys[i]));
  }
  const bool is_longer = hd__config_settings(to)->steps > hd__config_settings(from)->steps;
  const char *schedule = is_longer ? budget_schedule(from) : NULL;
  return schedule == NULL
             ? HD_OK
             : hd__fail(hd__config_ctx(to), HD_CONFLICT,
                        "this run cannot go on with more steps: %s takes the whole budget, so more "
                        "steps would have changed it from the start; begin a new run",
                        schedule);
}

hd_status hd__budget_take(hd_config *to, const hd_config *from) {
  for (int i = 0; i < BUDGET_KEYS; i++) {
    char value[HD_WORD_SIZE];
    snprintf(value, sizeof value, "%s", hd_config_get(from, budget_keys[i]));
    HD_TRY(hd__config_set_recorded(to, budget_keys[i], value));
  }
  return HD_OK;
}
