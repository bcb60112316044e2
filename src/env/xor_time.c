/* Exclusive or of two spike times: two inputs, each with one spike at the beginning of the window
 * or at its end, and a third that always fires at the beginning. Observed is how early each spike
 * is, which coding 'latency' turns into spikes: every input then fires exactly once whatever the
 * answer is, and only the times tell.
 * Source: Bohte, Kok & La Poutre 2002, Neurocomputing 48:17, sec. 4.1. */
#include "env_table.h"
#include "samples.h"

static int xor_time_label(int sample) { return (sample & 1) != (sample >> 1); }

static void xor_time_input(int sample, float *obs) {
  obs[0] = (float)(sample & 1);
  obs[1] = (float)(sample >> 1);
  obs[2] = 1.0f;
}

static const hd__sample_set set = {
    .n = 4, .per_episode = 4, .label = xor_time_label, .input = xor_time_input};

static const hd_dim obs[] = {{"first is early", "of window", 0, 0, 1},
                             {"second is early", "of window", 0, 0, 1},
                             {"reference is early", "of window", 0, 0, 1}};
static const hd_dim act[] = {{"same, different", "", 2, 0, 1}};

const hd_env_desc hd__env_xor_time = {
    .size = sizeof(hd_env_desc),
    .name = "XorTime-v0",
    .alias = "xor-time",
    .doc = "exclusive or of two spike times; the return is the share of right answers",
    .source = "after Bohte, Kok & La Poutre 2002",
    .obs = obs,
    .n_obs = 3,
    .act = act,
    .n_act = 1,
    .solved = .95,
    .low_score = .5,
    .high_score = 1,
    .data = &set,
    HD_SAMPLES_FUNCTIONS,
};
