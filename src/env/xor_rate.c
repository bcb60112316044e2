/* Exclusive or of two firing rates: two inputs, each silent or at its peak rate, and the question
 * is whether just one of them is active. With a coding that fires at a rate (poisson, rate), the
 * times of spikes say nothing.
 * Source: Seung 2003, Neuron 40:1063; Florian 2007, Neural Computation 19:1468. */
#include "env_table.h"
#include "samples.h"

static int xor_rate_label(int sample) { return (sample & 1) != (sample >> 1); }

static void xor_rate_input(int sample, float *obs) {
  obs[0] = (float)(sample & 1);
  obs[1] = (float)(sample >> 1);
}

static const hd__sample_set set = {
    .n = 4, .per_episode = 4, .label = xor_rate_label, .input = xor_rate_input};

static const hd_dim obs[] = {{"first rate", "of peak", 0, 0, 1},
                             {"second rate", "of peak", 0, 0, 1}};
static const hd_dim act[] = {{"same, different", "", 2, 0, 1}};

const hd_env_desc hd__env_xor_rate = {
    .size = sizeof(hd_env_desc),
    .name = "XorRate-v0",
    .alias = "xor-rate",
    .doc = "exclusive or of two firing rates; the return is the share of right answers",
    .source = "after Seung 2003; Florian 2007",
    .obs = obs,
    .n_obs = 2,
    .act = act,
    .n_act = 1,
    .solved = .95,
    .low_score = .5,
    .high_score = 1,
    .data = &set,
    HD_SAMPLES_FUNCTIONS,
};
