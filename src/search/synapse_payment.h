/* What the agents are paid for a generation. */
#ifndef HD_SYNAPSE_PAYMENT_H
#define HD_SYNAPSE_PAYMENT_H

#include "agent.h"

/* Saved as it is. */
typedef struct hd__return_statistics {
  double last;   /* return of the generation before */
  double mean;   /* running mean of returns */
  double square; /* running mean square of what is paid before scaling */
  double count;  /* generations so far */
} hd__return_statistics;

/* The payment for a return, the same for all agents; 0 for the first. */
float hd__payment_next(hd__payment kind, hd__return_statistics *statistics, double value);

static inline float hd__payment_sign(double change, float tie) {
  return change > 0.0 ? 1.0f : change < 0.0 ? -1.0f : tie;
}

#endif
