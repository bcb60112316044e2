/* Observations zoomed to the working range that their environment declares, if that is too wide: a
 * component whose five running deviations reach less far than its range is stretched until they
 * fill the range, and its running mean goes to the middle. A range that is not too wide stays.
 *
 * Components with a number of values, and cosines and sines of an angle, stay as they are.
 *
 * Cells of a place code would move under their weights with every observation: for them the range
 * is held. It is taken at observation 256, and anew at 512, 1024 ... where a component's spread has
 * grown by a half or its mean has moved by a deviation, and zooms only what is four times too wide.
 */
#ifndef HD_LEARNED_RANGE_H
#define HD_LEARNED_RANGE_H

#include "arena.h"
#include "hedon/env.h"

typedef struct hd__learned_range {
  bool is_on;   /* off: observations stay as they are */
  bool is_held; /* for place codes: `mean` and `variance` stay between takes */
  const hd_env_desc *env;
  double *count;           /* [1] observations that have counted */
  double *mean, *variance; /* [n_obs] that observations are zoomed by */
  double *running_mean,
      *running_variance; /* [n_obs] the same arrays, or those that held ones follow */
} hd__learned_range;

/* On if it is wanted and the environment has a component that may be zoomed. */
hd__learned_range hd__learned_range_make(const hd_env_desc *env, bool is_wanted, bool is_held);
void hd__learned_range_lay_out(hd__learned_range *range, hd__arena *arena);
/* B observations, finite. */
void hd__learned_range_update(hd__learned_range *range, int B, const float *obs);
/* `rows` observations as a coding is to see them: obs itself where it is off, else written to seen.
 */
const float *hd__learned_range_apply(const hd__learned_range *range, int rows, const float *obs,
                                     float *seen);

#endif
