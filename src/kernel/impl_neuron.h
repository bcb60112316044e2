/* The loop round every neuron model: gather a lane's state, step, write. Included by
 * kernel_impl.c only. */
#include "neuron_models.h"

#define HD_NEURON(model, name_, spiking_, stochastic_, silence_, doc_, source_)               \
  static void step_##model(const void *derived, int n, const float *restrict drive,           \
                           const float *restrict noise, const float *restrict live,           \
                           float *restrict state, float *restrict b, float *restrict p,       \
                           float *restrict gain) {                                            \
    const struct model##_derived d = *(const struct model##_derived *)derived;                \
    for (int i = 0; i < n; i++) {                                                             \
      struct model##_lane lane = {0};                                                         \
      float *field = (float *)&lane;                                                          \
      for (size_t k = 0; k + 1 < sizeof lane / sizeof(float); k++) {                          \
        field[k] = state[k * (size_t)n + (size_t)i];                                          \
      }                                                                                       \
      const hd__fire fire = model##_step(&d, &lane, drive[i], stochastic_ ? noise[i] : 0.0f); \
      for (size_t k = 0; k + 1 < sizeof lane / sizeof(float); k++) {                          \
        state[k * (size_t)n + (size_t)i] = field[k];                                          \
      }                                                                                       \
      b[i] = fire.b * live[i];                                                                \
      p[i] = fire.p * live[i];                                                                \
      gain[i] = fire.gain;                                                                    \
    }                                                                                         \
  }
#include "neuron_table.h"
#undef HD_NEURON

static const hd__neuron_step_fn neuron_steps[] = {
#define HD_NEURON(model, name_, spiking_, stochastic_, silence_, doc_, source_) step_##model,
#include "neuron_table.h"
#undef HD_NEURON
};

static void noise_fill(int n, hd__key key, uint32_t first, float *restrict out) {
  for (int i = 0; i < n; i += 2) {
    const uint32_t word = hd__word(key, (first >> 1) + (uint32_t)(i >> 1));
    out[i] = ((float)(int32_t)(word & 0xFFFFu) + 0.5f) * (1.0f / 65536.0f);
    out[i + 1] = ((float)(int32_t)(word >> 16) + 0.5f) * (1.0f / 65536.0f);
  }
}
