/* Delayed cue: cues appear on the left and on the right, one every other step; after a delay the
 * agent says on which side there were more. Its actions before that change nothing.
 * Source: the task of Morcos & Harvey 2016 as in Bellec et al. 2020: seven cues, each on the
 * trial's side with probability 0.7. Here a cue and the pause behind it take a step each, and there
 * is no background noise. */
#include <stdio.h>

#include "env_table.h"

typedef struct trial {
  int cues, delay; /* steps */
} trial;

typedef struct delayed_cue {
  int32_t now;     /* steps since the first cue */
  int32_t side;    /* on which cues are more likely */
  int32_t shown;   /* side of the present cue */
  int32_t n_right; /* cues on the right so far, the present one included */
} delayed_cue;

/* The step of the question. */
static int delayed_cue_end(const trial *t) { return 2 * t->cues + t->delay; }

static bool delayed_cue_is_cue(const trial *t, const delayed_cue *s) {
  return s->now < 2 * t->cues && s->now % 2 == 0;
}

static void delayed_cue_draw(delayed_cue *s, hd_random *random) {
  const bool is_astray = hd_random_uniform(random) >= 0.7;
  s->shown = is_astray ? 1 - s->side : s->side;
  s->n_right += s->shown;
}

static void delayed_cue_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  delayed_cue *s = state;
  *s = (delayed_cue){.side = (int32_t)hd_random_below(random, 2)};
  delayed_cue_draw(s, random);
}

static bool delayed_cue_step(const hd_env_desc *self, void *state, const float *action,
                             hd_random *random, double *reward) {
  const trial *t = self->data;
  delayed_cue *s = state;
  const bool is_answer = s->now == delayed_cue_end(t);
  const int32_t majority = 2 * s->n_right > t->cues;
  *reward = is_answer && (int32_t)action[0] == majority;
  s->now++;
  if (delayed_cue_is_cue(t, s)) {
    delayed_cue_draw(s, random);
  }
  return is_answer;
}

static void delayed_cue_observe(const hd_env_desc *self, const void *state, float *obs) {
  const trial *t = self->data;
  const delayed_cue *s = state;
  const bool is_cue = delayed_cue_is_cue(t, s);
  obs[0] = is_cue && s->shown == 0;
  obs[1] = is_cue && s->shown == 1;
  obs[2] = s->now == delayed_cue_end(t);
}

static bool delayed_cue_configure(const hd_env_desc *self, hd_env_desc *out,
                                  const hd_env_value *value, void *memory, char why[HD_WHY_SIZE]) {
  (void)self;
  trial *t = memory;
  *t = (trial){.cues = (int)value[0].number, .delay = (int)value[1].number};
  if (t->cues % 2 == 0) {
    snprintf(why, HD_WHY_SIZE, "cues=%d is even, and a majority needs an odd number of cues",
             t->cues);
    return false;
  }
  out->data = t;
  return true;
}

static const trial seven = {.cues = 7, .delay = 10};

static const hd_env_option options[] = {
    {"cues", HD_ENV_WHOLE, "7", 1, 99, "So many cues appear, an odd number."},
    {"delay", HD_ENV_WHOLE, "10", 0, 1000,
     "So many steps lie between the last cue, with its pause, and the question."}};

static const hd_dim obs[] = {
    {"cue on the left", "", 0, 0, 1}, {"cue on the right", "", 0, 0, 1}, {"question", "", 0, 0, 1}};
static const hd_dim act[] = {{"left, right", "", 2, 0, 1}};

const hd_env_desc hd__env_delayed_cue = {
    .size = sizeof(hd_env_desc),
    .name = "DelayedCue-v0",
    .alias = "delayed-cue",
    .doc = "say after a delay on which side more cues appeared",
    .source = "Morcos & Harvey 2016; Bellec et al. 2020",
    .obs = obs,
    .n_obs = 3,
    .act = act,
    .n_act = 1,
    .solved = .9,
    .low_score = .5,
    .high_score = 1,
    .state_size = sizeof(delayed_cue),
    .data = &seven,
    .reset = delayed_cue_reset,
    .step = delayed_cue_step,
    .observe = delayed_cue_observe,
    .option = options,
    .n_options = 2,
    .configure = delayed_cue_configure,
};
