/* Two critics of an observation and an action, and the two slow copies that targets come from. The
 * smaller of two estimates is believed, since the larger is more often wrong.
 * Source: Fujimoto, van Hoof & Meger 2018, arXiv 1802.09477. */
#ifndef HD_TWIN_CRITIC_H
#define HD_TWIN_CRITIC_H

#include "gradient_job.h"

typedef struct hd__twin {
  hd__model *critic, *target; /* [2] */
  int n_obs, n_act, rows, in_pad, out_pad;
  float *x;   /* [rows][in_pad] observation, then action */
  float *y;   /* [rows] what the critics are to say, */
  float *q;   /* [2][rows] and what they said */
  float *g_x; /* [2][rows][in_pad] */
} hd__twin;

/* critic, target: [2] models with n_obs + n_act inputs and one output, which are laid out here for
 * batches of `rows`. */
void hd__twin_compile(hd__twin *twin, hd__model *critic, hd__model *target, int n_obs, int n_act);
void hd__twin_lay_out(hd__twin *twin, hd__arena *arena, const hd__batch_def *batch);
/* Initial weights from layer `first` of the stream on. */
void hd__twin_start(hd__twin *twin, uint64_t seed, int first);

/* ---- of rows at to at + n - 1, no more than a block of a batch, by one of the workers that share
 * it out; arrays begin with row `at` ---- */

/* Put observations [n][n_obs] and actions [n][n_act] before the critics. */
void hd__twin_set_input(hd__twin *twin, int at, int n, const float *obs, const float *action);

/* What the slow copies think of what is shown: the smaller q of each row. */
void hd__twin_target(hd__twin *twin, int worker, int at, int n, float *q);

/* Slope by the action, [n][n_act], of the q of what is shown: of the first critic's, or of the
 * one's of the two that thinks less of the row. */
void hd__twin_action_gradient(hd__twin *twin, int worker, int at, int n, bool takes_least,
                              float *slope);

/* ---- of the whole batch ---- */

/* Move both critics down the slope of the mean square distance between what they say of all rows
 * shown and twin->y.  Errors  NUMERIC: a distance or a gradient is not finite; neither has moved.
 */
hd_status hd__twin_learn(hd_ctx *ctx, hd__workers *workers, hd__twin *twin, const hd__settings *s,
                         float alpha);

#endif
