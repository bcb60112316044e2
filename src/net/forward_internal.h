/* What the files of a forward pass share. */
#ifndef HD_FORWARD_INTERNAL_H
#define HD_FORWARD_INTERNAL_H

#include "net.h"

/* A busy input is looked at again after so many batches. */
enum { HD_BUSY_FOR = 15 };

/* Where the spikes of a layer, or the values of the input, lie: [T][rows][pad]. */
typedef struct hd__sources {
  const float *y;
  int pad;
  int stride; /* from one block's sources to the next; 0 if all blocks see the same */
} hd__sources;

hd__sources hd__net_below(const hd__net *net, int l);

/* Features of layer l at every substep that has its own, and the drives they make. */
void hd__net_find_drives(hd__net *net, int l, hd__part *part);

/* Whether noise moves the drives. It explores, so a greedy decision does without. */
static inline bool hd__net_is_moved(const hd__net *net, const hd__policy *policy) {
  return hd__is_perturbed(net) && !policy->is_greedy;
}

/* Whether the drives of a layer are the same at every substep. */
static inline bool hd__layer_is_driven_once(const hd__layer *layer) {
  return layer->in.is_sparse || layer->in.is_constant;
}

/* Drives of layer l of membranes and all its substeps, in one run of a kernel each. */
void hd__net_run_cells(hd__net *net, int l, const hd__policy *policy, hd__decision *decision);

#endif
