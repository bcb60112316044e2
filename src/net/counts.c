/* Spikes that are counted for statistics. */
#include <string.h>

#include "activity.h"
#include "net.h"

void hd__net_count_reset(hd__net *net) {
  for (int l = 0; l < net->n_layers; l++) {
    memset(net->layer[l].spikes, 0, sizeof(float) * (size_t)net->layer[l].n_pad);
  }
  *net->counted = 0;
}

void hd__net_limit_counts(hd__net *net) {
  if (*net->counted < HD_COUNT_MOST) {
    return;
  }
  for (int l = 0; l < net->n_layers; l++) {
    hd__counts_halve(net->layer[l].spikes, net->layer[l].n_pad);
  }
  *net->counted = hd__substeps_halve(*net->counted);
}
