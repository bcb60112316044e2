/* The weights between real sources and real targets as one vector without gaps, which is what a
 * search moves. */
#ifndef HD_WEIGHT_MAP_H
#define HD_WEIGHT_MAP_H

#include "net.h"
#include "search.h"

/* The block of one projection: weight (i, j) of source i and target j lies in the flat weights at
 * at + i pre + (j / per_block) block + (j % per_block) post. */
typedef struct hd__span {
  size_t at, pre, post, block;
  int per_block;
  int part;     /* of the network, */
  bool is_self; /* or the weights of that part's neurons on their own spikes */
} hd__span;

typedef struct hd__weight_map {
  int n_spans;
  hd__span span[HD_SEARCH_LAYERS];
} hd__weight_map;

/* Find the spans of a network, and describe them to a search. */
void hd__weight_map_find(const hd__net *net, hd__weight_map *map, hd__search_def *def);

/* Copy from the flat weights into w [n], or from w into the flat weights. */
void hd__weight_map_read(const hd__weight_map *map, const hd__search_def *def, const float *weights,
                         float *w);
void hd__weight_map_write(const hd__weight_map *map, const hd__search_def *def, const float *w,
                          float *weights);

#endif
