/* A network as a graph: which neurons have the greatest weights, what joins them, and how much
 * credit each was given. */
#ifndef CLI_NETWORK_GRAPH_H
#define CLI_NETWORK_GRAPH_H

#include "run_data.h"
#include "traces.h"

enum { GRAPH_POPULATIONS = 8, GRAPH_SHOWN = 24, GRAPH_EDGES = 160 };

typedef struct graph_population {
  char name[TRACE_NAME];
  int n;            /* neurons */
  bool is_agent;    /* weights lead to it, so it is given credit */
  double *strength; /* [n] sum of the sizes of all weights from and to a neuron */
  double *credit;   /* [n] how far its incoming weights have moved, the root mean square */
  int n_in;         /* incoming weights of a neuron */
  int n_shown;
  int shown[GRAPH_SHOWN]; /* neurons, those of the greatest strength, in their order */
} graph_population;

typedef struct graph_edge {
  float weight;
  int from, to;     /* populations */
  int source, goal; /* neurons */
} graph_edge;

typedef struct network_graph {
  int n;
  graph_population population[GRAPH_POPULATIONS];
  graph_edge
      *edge; /* [n_edges] between shown neurons of different populations, the strongest first */
  int n_edges;
} network_graph;

/* Weights of a run's first learner at the start and in its checkpoint; false: they cannot be shown,
 * and the context, or a sentence on standard error, says why. The caller frees both. */
bool network_weights(hd_ctx *ctx, const run_data *run, trace *before, trace *after);

/* Of weights before and after learning. False: out of memory, or no weights. The caller frees it.
 */
bool network_graph_make(const trace *before, const trace *after, network_graph *out);
void network_graph_free(network_graph *self);

/* As SVG; as text. */
void network_graph_picture(FILE *file, const network_graph *self);
void network_graph_text(FILE *file, const network_graph *self, bool has_unicode);

#endif
