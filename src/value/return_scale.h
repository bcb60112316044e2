/* Rewards on one scale: divided by the running root mean square of discounted returns, so that step
 * sizes do not depend on the unit of rewards. Rewards times a power of two give the same bits.
 *
 * Returns that are 0, of steps before the first reward of an episode, do not count: a reward that
 * is seldom has the same size as one that is paid at every step. Source: after Engstrom et al.
 * 2020, who take the deviation over all steps. */
#ifndef HD_RETURN_SCALE_H
#define HD_RETURN_SCALE_H

#include "arena.h"

typedef struct hd__return_scale {
  bool is_on;         /* off: rewards stay as they are */
  double gamma;       /* discount per step of the returns */
  double factor;      /* what rewards that are brought to scale are multiplied by */
  double *discounted; /* [B] returns under way, of rewards from past to present */
  double *count;      /* [1] returns that have counted */
  double *size;       /* [1] their root mean square */
} hd__return_scale;

/* is_on, gamma and factor are given. */
void hd__return_scale_lay_out(hd__return_scale *scale, hd__arena *arena, int B);
/* The rewards of a step of B environments, finite, and whether it ended their episodes. */
void hd__return_scale_update(hd__return_scale *scale, int B, const double *reward,
                             const bool *ended);
/* The reward on the scale of the returns until now, limited to +-10 times the factor. */
float hd__return_scale_apply(const hd__return_scale *scale, double reward);

#endif
