/* Two critics of an observation and an action, and the two slow copies that targets come from. The
 * smaller of two estimates is believed, since the larger is more often wrong.
 * Source: Fujimoto, van Hoof & Meger 2018, arXiv 1802.09477. */
#ifndef HD_TWIN_CRITIC_H
#define HD_TWIN_CRITIC_H

#include "model.h"

typedef struct hd__twin {
  hd__model *critic, *target; /* [2] */
  int n_obs, n_act, rows, in_pad, out_pad;
  float *x;     /* [rows][in_pad] observation, then action */
  float *g_out; /* [rows][out_pad] */
  float *g_x;   /* [2][rows][in_pad] */
  float *q;     /* [2][rows] */
} hd__twin;

/* critic, target: [2] models with n_obs + n_act inputs and one output, which are laid out here. */
void hd__twin_compile(hd__twin *twin, hd__model *critic, hd__model *target, int n_obs, int n_act);
void hd__twin_lay_out(hd__twin *twin, hd__arena *arena, int rows);
/* Initial weights from layer `first` of the stream on. */
void hd__twin_start(hd__twin *twin, uint64_t seed, int first);

/* Put up to twin->rows observations [rows][n_obs] and actions [rows][n_act] before the critics. */
void hd__twin_show(hd__twin *twin, int rows, const float *obs, const float *action);

/* What the slow copies think of what is shown: the smaller worth of each row. */
void hd__twin_worth(hd__twin *twin, int rows, float *worth);

/* Move both critics down the slope of their mean square distance to y [rows].
 * Errors  NUMERIC: a distance or a gradient is not finite; neither has moved. */
hd_status hd__twin_learn(hd_ctx *ctx, hd__twin *twin, int rows, const float *y,
                         const hd__settings *s, float alpha);

/* Slope of the worth of what is shown by the action, [rows][n_act]: of the first critic's, or of
 * the one's of the two that thinks less of the row. */
void hd__twin_slope(hd__twin *twin, int rows, bool takes_least, float *slope);

/* The slow copies come nearer by this share of the distance. */
void hd__twin_follow(hd__twin *twin, float rate);

#endif
