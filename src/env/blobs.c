/* Three classes in four dimensions, each of two clouds of points: 150 samples, always the same.
 *
 * Sample s has class s mod 3 and comes from cloud s / 3 mod 2 of that class. Under keys of
 * HD_STREAM_TASK with seed 0, environment DRAW, normal number 8 class + 4 cloud + i at step 0 times
 * 1.2 is coordinate i of the cloud's centre; number 4 s + i at step 1 times .35 is added to it.
 * tools/record_blobs.py draws the set again from this description. */
#include "env_table.h"
#include "normal.h"
#include "samples.h"

enum { SAMPLES = 150, CLASSES = 3, CLOUDS = 2, DIMS = 4 };

/* The first draw in which the nearest cloud's centre names every sample rightly, while the best
 * linear classifier (logistic regression) errs on more than one in ten: on 16 %. */
enum { DRAW = 15 };

static int blobs_label(int sample) { return sample % CLASSES; }

static void blobs_input(int sample, float *obs) {
  const hd__key centres = hd__key_make(0, HD_STREAM_TASK, DRAW, 0);
  const hd__key spread = hd__key_make(0, HD_STREAM_TASK, DRAW, 1);
  const int cloud = CLOUDS * blobs_label(sample) + sample / CLASSES % CLOUDS;
  for (int i = 0; i < DIMS; i++) {
    obs[i] = 1.2f * hd__normalf(centres, (uint32_t)(DIMS * cloud + i)) +
             0.35f * hd__normalf(spread, (uint32_t)(DIMS * sample + i));
  }
}

static const hd__sample_set set = {
    .n = SAMPLES, .per_episode = SAMPLES, .label = blobs_label, .input = blobs_input};

static const hd_dim obs[] = {{"x", "", 0, -3.2f, 3.2f},
                             {"y", "", 0, -3.2f, 3.2f},
                             {"z", "", 0, -3.2f, 3.2f},
                             {"w", "", 0, -3.2f, 3.2f}};
static const hd_dim act[] = {{"class", "", CLASSES, 0, CLASSES - 1}};

const hd_env_desc hd__env_blobs = {
    .size = sizeof(hd_env_desc),
    .name = "Blobs-v0",
    .alias = "blobs",
    .doc = "three classes of two clouds each; the return is the share of right answers",
    .source = "a set drawn for Hedon, see src/env/blobs.c",
    .obs = obs,
    .n_obs = DIMS,
    .act = act,
    .n_act = 1,
    .solved = .95,
    .low_score = 1.0 / CLASSES,
    .high_score = 1,
    .data = &set,
    HD_SAMPLES_FUNCTIONS,
};
