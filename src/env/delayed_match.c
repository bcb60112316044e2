/* Delayed match to sample: one of two stimuli, a delay, and one of the two again with a question:
 * is it the same? Answers before the question change nothing. Source: after Miller, Erickson &
 * Desimone 1996; as an episode here. */
#include "env_table.h"

typedef struct trial {
  int delay; /* steps between sample and test */
} trial;

typedef struct delayed_match {
  int32_t now; /* steps since the sample */
  int32_t sample, test;
} delayed_match;

static void delayed_match_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  delayed_match *s = state;
  s->now = 0;
  s->sample = (int32_t)hd_random_below(random, 2);
  s->test = (int32_t)hd_random_below(random, 2);
}

static bool delayed_match_is_question(const hd_env_desc *self, const delayed_match *s) {
  return s->now == ((const trial *)self->data)->delay + 1;
}

static bool delayed_match_step(const hd_env_desc *self, void *state, const float *action,
                               hd_random *random, double *reward) {
  (void)random;
  delayed_match *s = state;
  const bool is_answer = delayed_match_is_question(self, s);
  *reward = is_answer && (int32_t)action[0] == (s->sample == s->test);
  s->now++;
  return is_answer;
}

static void delayed_match_observe(const hd_env_desc *self, const void *state, float *obs) {
  const delayed_match *s = state;
  const bool is_question = delayed_match_is_question(self, s);
  const int32_t shown = s->now == 0 ? s->sample : is_question ? s->test : -1;
  obs[0] = shown == 0;
  obs[1] = shown == 1;
  obs[2] = is_question;
}

static bool delayed_match_configure(const hd_env_desc *self, hd_env_desc *out,
                                    const hd_env_value *value, void *memory,
                                    char why[HD_WHY_SIZE]) {
  (void)self;
  (void)why;
  trial *t = memory;
  t->delay = (int)value[0].number;
  out->data = t;
  return true;
}

static const trial five = {.delay = 5};

static const hd_env_option options[] = {
    {"delay", HD_ENV_WHOLE, "5", 0, 1000, "So many steps lie between the sample and the test."}};

static const hd_dim obs[] = {
    {"stimulus A", "", 0, 0, 1}, {"stimulus B", "", 0, 0, 1}, {"question", "", 0, 0, 1}};
static const hd_dim act[] = {{"different, same", "", 2, 0, 1}};

const hd_env_desc hd__env_delayed_match = {
    .size = sizeof(hd_env_desc),
    .name = "DelayedMatch-v0",
    .alias = "delayed-match",
    .doc = "say whether a stimulus is the one that was shown before a delay",
    .source = "after Miller, Erickson & Desimone 1996",
    .obs = obs,
    .n_obs = 3,
    .act = act,
    .n_act = 1,
    .solved = .9,
    .low_score = .5,
    .high_score = 1,
    .state_size = sizeof(delayed_match),
    .data = &five,
    .reset = delayed_match_reset,
    .step = delayed_match_step,
    .observe = delayed_match_observe,
    .option = options,
    .n_options = 1,
    .configure = delayed_match_configure,
};
