/* Handwritten digits, 8 x 8 pixels. Two environments share the set: one to learn from, a hundred
 * pictures of the training part per episode, and one for evaluation, all of the test part.
 * Source: Alpaydin & Kaynak 1998, Cascading classifiers, Kybernetika 34:369; see digits_data.h. */
#include "digits_data.h"
#include "env_table.h"
#include "samples.h"

enum { PIXELS = 64, CLASSES = 10, PER_EPISODE = 100, WHITE = 16 };

static int digits_label(int sample) { return hd__digits[sample][0] - '0'; }

/* Grey values from 0 to 1. */
static void digits_input(int sample, float *obs) {
  const char *row = hd__digits[sample];
  for (int i = 0; i < PIXELS; i++) {
    const char figure = row[1 + i];
    const int grey = figure <= '9' ? figure - '0' : figure - 'A' + 10;
    obs[i] = (float)grey / WHITE;
  }
}

static const hd__sample_set train = {.n = HD_DIGITS_TRAIN,
                                     .per_episode = PER_EPISODE,
                                     .label = digits_label,
                                     .input = digits_input};
static const hd__sample_set test = {.first = HD_DIGITS_TRAIN,
                                    .n = HD_DIGITS_TEST,
                                    .per_episode = HD_DIGITS_TEST,
                                    .label = digits_label,
                                    .input = digits_input};

#define PIXEL(row, column) \
  { "pixel " #row "," #column, "", 0, 0, 1 }
#define ROW(row)                                                                            \
  PIXEL(row, 0), PIXEL(row, 1), PIXEL(row, 2), PIXEL(row, 3), PIXEL(row, 4), PIXEL(row, 5), \
      PIXEL(row, 6), PIXEL(row, 7)

static const hd_dim obs_dims[] = {ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7)};
static const hd_dim act_dims[] = {{"digit", "", CLASSES, 0, CLASSES - 1}};

#define DIGITS_SOURCE "Alpaydin & Kaynak 1998, doi 10.24432/C50P49; as in scikit-learn"

const hd_env_desc hd__env_digits = {
    .size = sizeof(hd_env_desc),
    .name = "Digits-v0",
    .alias = "digits",
    .doc = "handwritten digits, 100 of 1437 per episode; the return is the share of right answers",
    .source = DIGITS_SOURCE,
    .obs = obs_dims,
    .n_obs = PIXELS,
    .act = act_dims,
    .n_act = 1,
    .solved = .9,
    .low_score = .1,
    .high_score = .994,
    .eval_env = &hd__env_digits_test,
    .data = &train,
    HD_SAMPLES_FUNCTIONS,
};

/* The best known is a support vector machine with Gaussian kernel, trained on the other part. */
const hd_env_desc hd__env_digits_test = {
    .size = sizeof(hd_env_desc),
    .name = "DigitsTest-v0",
    .alias = "digits-test",
    .doc = "handwritten digits, the 360 of the test part; the return is the share of right answers",
    .source = DIGITS_SOURCE,
    .obs = obs_dims,
    .n_obs = PIXELS,
    .act = act_dims,
    .n_act = 1,
    .solved = .9,
    .low_score = .1,
    .high_score = .994,
    .data = &test,
    HD_SAMPLES_FUNCTIONS,
};
