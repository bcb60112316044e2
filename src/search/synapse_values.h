/* Values of the three moves of a synapse, by what it sees. */
#ifndef HD_SYNAPSE_VALUES_H
#define HD_SYNAPSE_VALUES_H

#include "agent.h"
#include "random.h"

enum { HD_MOVES = 3, HD_VALUES_HIDDEN = 64 };

/* What a synapse observes: a state number for a table, features for the other kinds of values. */
typedef struct hd__synapse_obs {
  int32_t state;
  const float *phi; /* [n_phi] */
} hd__synapse_obs;

typedef struct hd__values {
  hd__values_kind kind;
  int n_states, n_phi, hidden;
} hd__values;

/* Parameters of one policy. */
int64_t hd__values_size(const hd__values *values);
void hd__values_start(const hd__values *values, hd__key key, float *theta);
void hd__values_q(const hd__values *values, const float *theta, hd__synapse_obs obs,
                  float q[HD_MOVES]);
/* Move the value of `move` by about alpha * error. */
void hd__values_learn(const hd__values *values, hd__synapse_obs obs, int move, float alpha,
                      float error, float *theta);

#endif
