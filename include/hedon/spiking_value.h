/* The value of a state, read in continuous time from the spikes of a population, and the TD error
 * that its course leaves:
 *
 *   V(t)     = offset + gain x mean over neurons of (1000 x sum over spikes of kappa(t - t_f))
 *   kappa(s) = (exp(-s/tau) - exp(-s/tau_rise)) / (tau - tau_rise), an area of 1
 *   delta(t) = dV/dt - V/tau_reward + r(t)
 *
 * so that V is in units of reward, and a population that fires at f Hz says offset + gain f. kappa
 * begins at 0: a spike moves V by and by. dV/dt is the change over a substep, so that errors add up
 * to what V gained and the rewards. With a network of populations whose rule is td-ltp, delta is
 * the signal that critic and actor learn from.
 *
 * Source: Frémaux, Sprekeler & Gerstner 2013; delta after Doya 2000. */
#ifndef HEDON_SPIKING_VALUE_H
#define HEDON_SPIKING_VALUE_H

#include "context.h"

/* How a value is read. */
typedef struct hd_spiking_value_def {
  size_t size;          /* sizeof(hd_spiking_value_def), filled by hd_spiking_value_def_default */
  double dt_ms;         /* length of a substep, above 0; default 1 ms */
  double tau_ms;        /* a spike's effect fades with this time constant; default 200 ms */
  double tau_rise_ms;   /* and rises with this one, above 0 and below tau_ms; default 50 ms */
  double tau_reward_ms; /* rewards are discounted by a factor of e in this time; default 4000 ms */
  double gain;          /* value per Hz of mean firing rate; default 1 */
  double offset;        /* value of a population that is silent; default 0 */
} hd_spiking_value_def;

/* The defaults above. */
HD_API hd_spiking_value_def hd_spiking_value_def_default(void);

/* A value and its course: plain data that may be copied. */
typedef struct hd_spiking_value {
  hd_spiking_value_def read; /* how it is read */
  double slow, fast; /* mean over neurons of their traces that fade with tau, with tau_rise */
  double value;      /* V at the end of the last substep, in units of reward */
  double error;      /* delta there, per second */
} hd_spiking_value;

/* Begin with no spikes behind.  out written; def is copied.
 * Errors  USAGE (def not from hd_spiking_value_def_default), RANGE (a time constant outside what is
 * allowed, a number that is not finite). */
HD_API hd_status hd_spiking_value_begin(hd_ctx *ctx, const hd_spiking_value_def *def,
                                        hd_spiking_value *out);

/* A substep is over in which the population fired so: value and error follow.
 *
 *   spike   [n]  read, 1 where a neuron fired, else 0; n at least 1
 *   reward  per second; what comes at once, R, is R 1000/dt_ms in one substep */
HD_API void hd_spiking_value_step(hd_spiking_value *self, const float *spike, int n, double reward);

#endif
