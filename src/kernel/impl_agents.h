/* Memoryless agents in one pass: drive, probability, draws, mean spike, score. Included by
 * kernel_impl.c only. */
#include "impl_spikes.h"
#include "neuron_models.h"
#include "score.h"

typedef hd__fire (*hd__agent_fn)(const void *derived, float drive);

/* Lanes at .. at + m of row r, m = HD_HALVES or HD_LANES. */
HD_INLINE void agents_block(hd__agent_fn step, const void *derived, const hd__agents *io, int r,
                            int at, int m) {
  const size_t row = (size_t)r * (size_t)io->n + (size_t)at;
  const float T = (float)io->T, share = 1.0f / T;
  const float silence = io->silence, span = 1.0f - silence;
  const float *drive = io->drive + row, *live = io->live + at;
  float *p = io->p + row, *y = io->y + row, *g = io->g != NULL ? io->g + row : NULL,
        *total = io->total + at;
  uint16_t out[HD_HALVES] __attribute__((aligned(64)));
  HD_APART
  for (int i = 0; i < m; i++) {
    p[i] = step(derived, drive[i]).p * live[i];
  }
  const hd__bounds bounds = bounds_of(m, p);
  hd__halves count = halves_zero();
  for (int t = 0; t < io->T; t++) {
    halves_fired(io->key[r], (io->first + (uint32_t)(t * io->n + at)) >> 1, bounds.below, &count);
  }
  halves_counted(count, bounds.always, io->T, out);
  HD_APART
  for (int i = 0; i < m; i++) {
    const float mean = share * (float)out[i];
    y[i] = live[i] * (silence + span * mean);
    total[i] += T * mean;
  }
  if (io->g == NULL) {
    return;
  }
  HD_APART
  for (int i = 0; i < m; i++) {
    const float mean = share * (float)out[i];
    g[i] = (T * live[i]) * hd__score(1.0f, mean, p[i], step(derived, drive[i]).gain);
  }
}

#define HD_NEURON(model, name_, spiking_, stochastic_, silence_, doc_, source_)       \
  HD_INLINE hd__fire agent_##model(const void *derived, float drive) {                \
    struct model##_lane lane = {0};                                                   \
    return model##_step((const struct model##_derived *)derived, &lane, drive, 0.5f); \
  }                                                                                   \
  static void agents_##model(const void *derived, const hd__agents *io) {             \
    const struct model##_derived d = *(const struct model##_derived *)derived;        \
    if (!stochastic_ || sizeof(struct model##_lane) > sizeof(float)) {                \
      return; /* has a memory, and is never asked */                                  \
    }                                                                                 \
    for (int r = 0; r < io->B; r++) {                                                 \
      int at = 0;                                                                     \
      for (; at + HD_HALVES <= io->n; at += HD_HALVES) {                              \
        agents_block(agent_##model, &d, io, r, at, HD_HALVES);                        \
      }                                                                               \
      if (at < io->n) {                                                               \
        agents_block(agent_##model, &d, io, r, at, HD_LANES);                         \
      }                                                                               \
    }                                                                                 \
  }
#include "neuron_table.h"
#undef HD_NEURON

static const hd__agents_fn neuron_agents[] = {
#define HD_NEURON(model, name_, spiking_, stochastic_, silence_, doc_, source_) agents_##model,
#include "neuron_table.h"
#undef HD_NEURON
};
