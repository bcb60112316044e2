#include "choice_step.h"

#include <string.h>

#include "action_level.h"
#include "hash.h"
#include "schedule.h"

hd_status hd__choices_check(const hd__learner *learner, const char *name) {
  if (learner->env->n_act != 1) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "%s takes %d action components at once, and algorithm = %s chooses one action",
                    learner->env->name, learner->env->n_act, name);
  }
  return strcmp(learner->settings->search, "none") == 0
             ? HD_OK
             : hd__fail(learner->ctx, HD_CONFLICT,
                        "algorithm = %s does not search; use search = none", name);
}

void hd__choices_start(const hd__learner *learner, const hd__choices *choices) {
  if (choices->average != NULL) {
    memcpy(choices->average, choices->w, sizeof(float) * choices->n_weights);
  }
  for (int b = 0; b < learner->training->B; b++) {
    choices->draw[b] = hd__random_base_make(learner->seed, (uint64_t)b, 0);
  }
}

static void choice_step_act(hd__learner *learner, const hd__choices *choices, uint64_t number) {
  for (int b = 0; b < learner->training->B; b++) {
    if (!choices->begun[b]) {
      choices->begin(learner, b, number);
      choices->begun[b] = true;
    }
    learner->training->action[b] =
        hd__action_of(&learner->env->act[0], choices->n_actions, (int)choices->chosen[b]);
  }
}

static hd_status choice_step_learn(hd__learner *learner, const hd__choices *choices) {
  const int B = learner->training->B;
  for (int b = 0; b < B; b++) {
    if (!choices->signal(learner, b)) {
      return hd__fail(learner->ctx, HD_NUMERIC,
                      "the signal of method %s on %s is not finite after step %lld: the weights "
                      "have run away; try a smaller alpha",
                      hd_config_method(learner->config), learner->env->name,
                      (long long)hd__training_steps(learner->training));
    }
  }
  for (int b = 0; b < B; b++) {
    choices->learn(learner, b);
  }
  return HD_OK;
}

static void choice_step_update_average(hd__learner *learner, const hd__choices *choices) {
  const int64_t updates = ++learner->training->counters->updates;
  if (choices->average != NULL) {
    learner->kernel->approach((int)choices->n_weights,
                              hd__average_rate(learner->settings->average, updates), choices->w,
                              choices->average);
  }
}

hd_status hd__choices_advance(hd__learner *learner, const hd__choices *choices) {
  hd__training *training = learner->training;
  const uint64_t number = 2 * (uint64_t)training->counters->steps;
  if (number == 0) {
    HD_TRY(hd__training_check_obs(training));
  }
  choice_step_act(learner, choices, number);
  HD_TRY(hd__training_step(training));
  for (int b = 0; b < training->B; b++) {
    choices->look_ahead(learner, b, number + 1);
  }
  if (hd__training_count_episodes(training)) { /* before anything is learned: this may fail */
    HD_TRY(hd__training_reset_ended(training));
  }
  HD_TRY(choice_step_learn(learner, choices));
  choice_step_update_average(learner, choices);
  for (int b = 0; b < training->B; b++) {
    choices->begun[b] = !hd__training_has_ended(training, b);
    if (choices->begun[b]) {
      choices->go_on(learner, b, number + 1);
    }
  }
  return HD_OK;
}

uint64_t hd__choices_hash(const hd__choices *choices) {
  const size_t n = choices->n_weights, size = sizeof(float) * n;
  const float *shown = choices->average != NULL ? choices->average : choices->w;
  return hd__hash(hd__hash(n, choices->w, size), shown, size);
}

hd_status hd__choices_check_loaded(const hd__learner *learner, const hd__choices *choices) {
  for (int b = 0; b < learner->training->B; b++) {
    const float a = choices->chosen[b];
    if (!(a >= 0 && a < (float)choices->n_actions)) {
      return hd__fail(learner->ctx, HD_FORMAT,
                      "the checkpoint is inconsistent: environment %d chose action %g of %d", b,
                      (double)a, choices->n_actions);
    }
  }
  return HD_OK;
}
