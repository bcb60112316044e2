/* Neuron models of one's own: what a neuron does in one substep.
 *
 * A model is a list of parameters, a list of state variables and a function that advances many
 * neurons by one substep. A registered model serves networks of a program's own, learning rules and
 * searches; gradients of a loss go through built-in models alone, and are refused. */
#ifndef HEDON_NEURON_H
#define HEDON_NEURON_H

#include "context.h"

/* Most parameters and state variables of a model. */
enum { HD_NEURON_PARAMS_MAX = 12, HD_NEURON_STATE_MAX = 4 };

/* What n neurons of one model receive in a substep, and what they do. Some of the n may belong to no
 * population: they are stepped like the others, and what they do is not looked at. */
typedef struct hd_neuron_io {
  int n;              /* neurons */
  float dt_ms;        /* how long a substep lasts */
  const float *param; /* [n_params] read: values of the parameters, in their order */
  const float *drive; /* [n] read: sum of all input, bias included */
  const float *noise; /* [n] read: numbers drawn evenly from (0,1), by which neurons that draw fire
                         where noise < p; NULL of a model that does not draw */
  float *state;       /* [n_state][n] read and written: variable k of neuron i lies at k n + i */
  float *b;           /* [n] written: 1 where a neuron fires, else 0 */
  float *p;           /* [n] written: probability of firing; of a model that does not draw, b */
  float *gain;        /* [n] written: d logit p / d drive of a model that draws, else a surrogate
                         derivative of the spike by the drive; 0 without has_gain */
} hd_neuron_io;

/* A neuron model. `self` of each function is this descriptor. */
typedef struct hd_neuron_desc hd_neuron_desc;
struct hd_neuron_desc {
  size_t size;        /* sizeof(hd_neuron_desc) */
  const char *name;   /* unique among neuron models, e.g. "resonate" */
  const char *doc;    /* one line */
  const char *source; /* author and year, or where it is defined */
  const void *data;   /* passed along untouched */
  bool stochastic;    /* the neurons draw their spikes */
  bool has_gain;      /* gain is a derivative; rules that ask for one refuse other models */

  /* What can be set: every parameter is an option "name.parameter" of a session, and a parameter of
   * populations. At most HD_NEURON_PARAMS_MAX; n_params 0: none. */
  const hd_param *param;
  int n_params; /* entries of param */
  /* What a neuron keeps from substep to substep, each a view "P.name" of networks. At most
   * HD_NEURON_STATE_MAX; n_state 0: the neuron is without memory. */
  const hd_field *state;
  int n_state; /* entries of state */

  /* Optional: write the state of one neuron [n_state] at the start of a decision or an episode.
   * NULL: zeros. */
  void (*reset)(const hd_neuron_desc *self, const float *param, float dt_ms, float *state);
  /* Optional: the share of a drive that is left in the potential a substep later, 0 to 1, by which
   * rules credit earlier input. NULL, or a value outside: 0, only the drive of the same substep is
   * credited. */
  float (*keep)(const hd_neuron_desc *self, const float *param, float dt_ms);
  /* Advance n neurons by one substep. Called by several threads at once, so it writes nothing but
   * state, b, p and gain. */
  void (*step)(const hd_neuron_desc *self, const hd_neuron_io *io);
};

/* Make a user's neuron model known to a context under its name. The descriptor is copied; what it
 * points to must outlive the context.
 *
 * Errors  USAGE (missing function, wrong size, name taken, too many parameters or state variables),
 *         NOMEM. */
HD_API hd_status hd_neuron_register(hd_ctx *ctx, const hd_neuron_desc *desc);

#endif
