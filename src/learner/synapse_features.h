/* What agents that own a weight each see of the network while it is evaluated.
 *
 * Signal: the local three-factor term sum_t (r(t) - r) E(t), E <- gamma lambda E + g, where g is
 * what the rule gives the synapse for the decision and r a running mean of rewards. Source:
 * Bartlett & Baxter 2000 (OLPOMDP), with a baseline.
 *
 * Membrane, surrogate and agreement are told as how far a synapse lies above or below the mean of
 * its projection; where the target is a readout without spikes the first two are 0. Agreement is
 * the Hebbian term, the sum of x y over substeps. */
#ifndef HD_SYNAPSE_FEATURES_H
#define HD_SYNAPSE_FEATURES_H

#include "agent.h"
#include "weight_map.h"

typedef struct hd__synapse_features {
  uint32_t mask;                  /* of hd__dynamic; 0: nobody looks, and nothing below is there */
  float decay;                    /* gamma lambda */
  float *E;                       /* [rows][n_weights] eligibilities of the episodes under way */
  float *signal, *eligibility;    /* [n_weights] sums over the evaluation */
  float *rate[HD_MAX_PARTS + 1];  /* sums of activity: of the input, then of every part's targets */
  float *membrane[HD_MAX_PARTS];  /* [n_pad] sums of potentials, */
  float *surrogate[HD_MAX_PARTS]; /* and of slopes, of every layer's neurons */
  float *agreement;               /* [n_weights] sums of source times target */
  double decisions;               /* so far */
  double reward_sum;
  double *reward_mean; /* [1] over earlier evaluations */
} hd__synapse_features;

void hd__synapse_features_lay_out(hd__synapse_features *features, const hd__net *net, int rows,
                                  hd__arena *arena);
void hd__synapse_features_start(hd__synapse_features *features);

/* An evaluation begins; an episode begins in a row. */
void hd__synapse_features_clear(hd__synapse_features *features, const hd__net *net);
void hd__synapse_features_reset_row(hd__synapse_features *features, const hd__net *net, int row);

/* After a step of the batch: `decision` with its factors, and what each row was paid; rows with
 * counts[row] false are idle. */
void hd__synapse_features_record(hd__synapse_features *features, const hd__net *net,
                                 const hd__decision *decision, const float *reward,
                                 const bool *counts);

/* The evaluation is over: fill the search's features of the dynamics. dense [n] is scratch. */
void hd__synapse_features_write(hd__synapse_features *features, const hd__net *net,
                                const hd__weight_map *map, hd__search *search);

#endif
