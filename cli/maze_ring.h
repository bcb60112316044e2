/* A swimmer of spiking neurons in continuous time, after Frémaux, Sprekeler & Gerstner 2013: place
 * cells drive a critic population, whose filtered spikes are the value, and a ring of action
 * neurons that stand for directions and excite their neighbours. Both follow TD-LTP by the TD error
 * of every millisecond. A swimmer with a map learns coordinates as well, which show the ring where
 * the platform was, and forgets its directions while TD errors are negative for seconds on end. */
#ifndef CLI_MAZE_RING_H
#define CLI_MAZE_RING_H

#include "hedon/hedon.h"
#include "maze_map.h"

enum { MAZE_CRITICS = 24, MAZE_ACTORS = 24 };

/* What becomes of synapses, and whether there is a map. */
typedef struct maze_ring_kind {
  bool is_frozen;   /* synapses keep their first weights */
  bool is_shuffled; /* they are told TD errors of a random sign */
  bool has_map;
} maze_ring_kind;

typedef struct maze_ring {
  maze_ring_kind kind;
  hd_envs *envs;
  hd_network *network;
  float *place;                /* [MAZE_CELLS] synaptic currents of the place cells, mV per ms */
  const float *critic, *actor; /* spikes [MAZE_CRITICS], [MAZE_ACTORS] */
  hd_spiking_value value;
  float slow[MAZE_ACTORS], fast[MAZE_ACTORS]; /* traces of actor spikes */
  double signal;                              /* TD error since the last update */
  double recent;                              /* running mean of TD errors, per second */
  maze_map map;
  float *shown; /* what the map shows the ring: currents [MAZE_ACTORS], or NULL without a map */
  uint64_t random;
} maze_ring;

/* `task` is a water maze. To be destroyed, whether this fails or not. */
hd_status maze_ring_create(hd_ctx *ctx, const char *task, maze_ring_kind kind, uint64_t seed,
                           maze_ring *out);
void maze_ring_destroy(maze_ring *self);

/* Swim the next trial; *latency is its number of steps. */
hd_status maze_ring_trial(maze_ring *self, double *latency);

#endif
