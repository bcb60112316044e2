/* The last substeps of chosen neurons: sampled, shown as views, freed. */
#include <string.h>

#include "network_internal.h"

void hd__network_free_recorders(hd_network *network) {
  for (int i = 0; i < network->n_recorders; i++) {
    hd__arena_free(network->ctx, &network->recorder[i].arena);
  }
  hd__free(network->ctx, network->recorder,
           (size_t)network->recorder_capacity * sizeof *network->recorder);
}

/* ---- samples ---- */

static void network_recorder_record_sample(hd__recorder *recorder) {
  const float *from = recorder->source.data;
  const int64_t slot = recorder->count++ % recorder->substeps;
  float *to = recorder->ring + slot * recorder->n;
  for (int64_t i = 0; i < recorder->n; i++) {
    to[i] = from[recorder->at[i]];
  }
  memcpy(to + recorder->substeps * recorder->n, to, sizeof(float) * (size_t)recorder->n);
}

void hd__network_sample(hd_network *network) {
  for (int i = 0; i < network->n_recorders; i++) {
    network_recorder_record_sample(&network->recorder[i]);
  }
}

void hd__network_forget_samples(hd_network *network) {
  for (int i = 0; i < network->n_recorders; i++) {
    network->recorder[i].count = 0;
  }
}

hd_view hd__network_recording(const hd_network *network, int index) {
  const hd__recorder *recorder = &network->recorder[index];
  const int64_t count = recorder->count, substeps = recorder->substeps;
  const int64_t first = count > substeps ? count % substeps : 0;
  return (hd_view){.name = recorder->name,
                   .dtype = "F32",
                   .n_dims = 2,
                   .shape = {count < substeps ? count : substeps, recorder->n, 1, 1},
                   .stride = {recorder->n, 1, 1, 1},
                   .data = recorder->ring + first * recorder->n,
                   .unit = recorder->source.unit,
                   .doc = recorder->source.doc};
}
