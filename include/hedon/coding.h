/* Codings of one's own: how an observation becomes the input of a network. */
#ifndef HEDON_CODING_H
#define HEDON_CODING_H

#include "env.h"

/* A coding: its parameters and functions. `self` of each function is this descriptor. */
typedef struct hd_coding_desc hd_coding_desc;
struct hd_coding_desc {
  size_t size;        /* sizeof(hd_coding_desc) */
  const char *name;   /* unique, e.g. "gauss" */
  const char *doc;    /* one line */
  const char *source; /* author and year, or where it is defined */
  const void *data;   /* passed along untouched */

  /* What can be set: every parameter is an option "name.parameter". `param` of the functions below
   * holds their values in this order. At most HD_CODING_PARAMS; n_params 0: none. */
  const hd_param *param;
  int n_params; /* entries of param */

  /* The number of input lines for the observations of this environment, 1 to HD_CODING_LINES;
   * 0: the coding is not meant for them, and the run is refused. */
  int (*lines)(const hd_coding_desc *self, const hd_env_desc *env, const float *param);

  /* Write the value of each line for one observation: obs [n_obs] read, x [lines] written. Without
   * `spikes` the values are the network's input during the whole decision. Called by several
   * threads at once, so it writes nothing but x. */
  void (*encode)(const hd_coding_desc *self, const hd_env_desc *env, const float *param,
                 const float *obs, float *x);

  /* Optional: turn the values into spikes, at every substep of a decision.
   *
   *   n        lines
   *   x        [n]  read; what encode wrote
   *   t        the substep, 0 to substeps - 1
   *   uniform  [n]  read; numbers in [0, 1) drawn anew for every substep
   *   state    [n]  read and written; the coding's own, zero at the start of a decision
   *   s        [n]  written; 1 where the line spikes, else 0 */
  void (*spikes)(const hd_coding_desc *self, const float *param, int n, const float *x, int t,
                 const float *uniform, float *state, float *s);
};

enum { HD_CODING_LINES = 65536, HD_CODING_PARAMS = 8 };

/* Make a user's coding known to a context under its name, for the option `coding`. The descriptor
 * is copied; what it points to must outlive the context.
 *
 * Errors  USAGE (missing function, wrong size, name taken, parameters), NOMEM. */
HD_API hd_status hd_coding_register(hd_ctx *ctx, const hd_coding_desc *desc);

#endif
