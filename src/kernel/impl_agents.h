/* Memoryless agents in one pass: drive, probability, draws, mean spike, score. Included by
 * kernel_impl.c only. */
#include "impl_spikes.h"
#include "neuron_models.h"
#include "score.h"

typedef hd__fire (*hd__agent_fn)(const void *derived, float drive);

/* Lanes that go together, so that the waits of some are filled by others. */
enum { HD_AGENTS = 2 * HD_HALVES };

/* Of T substeps, those with a spike. */
HD_INLINE float agent_spikes(float T, float p, uint16_t counted) {
  const float drawn = (float)counted;
  return p > HD_ALWAYS ? T : drawn;
}

/* Lanes at .. at + m of row r, m = HD_AGENTS, HD_HALVES or HD_LANES. */
HD_INLINE void agents_block(hd__agent_fn step, const void *derived, const hd__agents *io, int r,
                            int at, int m) {
  enum { GROUPS = HD_AGENTS / HD_HALVES };
  const size_t row = (size_t)r * (size_t)io->n + (size_t)at;
  const float T = (float)io->T, share = 1.0f / T;
  const float silence = io->silence, span = 1.0f - silence;
  const float *drive = io->drive + row, *live = io->live + at;
  float *p = io->p + row, *y = io->y + row, *g = io->g != NULL ? io->g + row : NULL,
        *total = io->total + at;
  uint16_t out[HD_AGENTS] __attribute__((aligned(64)));
  HD_APART
  for (int i = 0; i < m; i++) {
    p[i] = step(derived, drive[i]).p * live[i];
  }
  const int groups = m < HD_HALVES ? 1 : m / HD_HALVES;
  const hd__key key = io->key[r];
  hd__halves below[GROUPS], count[GROUPS];
  hd__words words[GROUPS];
  for (int k = 0; k < groups; k++) {
    below[k] = bounds_of(m < HD_HALVES ? m : HD_HALVES, p + k * HD_HALVES);
    count[k] = halves_zero();
    words[k] = words_from(key, (io->first + (uint32_t)(at + k * HD_HALVES)) >> 1);
  }
  for (int t = 0; t < io->T; t++) {
    for (int k = 0; k < groups; k++) {
      count[k] = halves_count(count[k], words[k], key, below[k]);
      words[k] = words_later(words[k], (uint32_t)io->n / 2);
    }
  }
  for (int k = 0; k < groups; k++) {
    halves_store(out + k * HD_HALVES, count[k]);
  }
  HD_APART
  for (int i = 0; i < m; i++) {
    const float mean = share * agent_spikes(T, p[i], out[i]);
    y[i] = live[i] * (silence + span * mean);
    total[i] += T * mean;
  }
  if (io->g == NULL) {
    return;
  }
  HD_APART
  for (int i = 0; i < m; i++) {
    const float mean = share * agent_spikes(T, p[i], out[i]);
    g[i] = (T * live[i]) * hd__score(1.0f, mean, p[i], step(derived, drive[i]).gain);
  }
}

/* Of models of form STEP, those that draw and have no memory; the others are never asked. */
#define AGENTS_STEP(model, stochastic_)                                               \
  HD_INLINE hd__fire agent_##model(const void *derived, float drive) {                \
    struct model##_lane lane = {0};                                                   \
    return model##_step((const struct model##_derived *)derived, &lane, drive, 0.5f); \
  }                                                                                   \
  static void agents_##model(const void *derived, const hd__agents *io) {             \
    const struct model##_derived d = *(const struct model##_derived *)derived;        \
    if (!stochastic_ || sizeof(struct model##_lane) > sizeof(float)) {                \
      return;                                                                         \
    }                                                                                 \
    for (int r = 0; r < io->B; r++) {                                                 \
      int at = 0;                                                                     \
      for (; at + HD_AGENTS <= io->n; at += HD_AGENTS) {                              \
        agents_block(agent_##model, &d, io, r, at, HD_AGENTS);                        \
      }                                                                               \
      if (at + HD_HALVES <= io->n) {                                                  \
        agents_block(agent_##model, &d, io, r, at, HD_HALVES);                        \
        at += HD_HALVES;                                                              \
      }                                                                               \
      if (at < io->n) {                                                               \
        agents_block(agent_##model, &d, io, r, at, HD_LANES);                         \
      }                                                                               \
    }                                                                                 \
  }
#define AGENTS_ODE(model, stochastic_)
#define AGENTS_MEMBRANE(model, stochastic_)
#define AGENTS_DRAWING(model, stochastic_)
#define AGENTS_UNIT(model, stochastic_)
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) \
  AGENTS_##form_(model, stochastic_)
#include "neuron_table.h"
#undef HD_NEURON

#define AGENT_STEP(model) [HD_NEURON_##model] = agents_##model,
#define AGENT_ODE(model)
#define AGENT_MEMBRANE(model)
#define AGENT_DRAWING(model)
#define AGENT_UNIT(model)
static const hd__agents_fn neuron_agents[HD_NEURON_COUNT] = {
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) \
  AGENT_##form_(model)
#include "neuron_table.h"
#undef HD_NEURON
};
