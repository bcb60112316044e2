/* The loop round every neuron model: gather a lane's state, step, write. Included by
 * kernel_impl.c only. */
#include <string.h>

#include "lanes.h"
#include "neuron_models.h"
#include "score.h"

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

/* Words first, then their halves in memory order, low half first: two loops that vectorise. */
static void noise_fill(int n, hd__key key, uint32_t first, float *restrict out) {
  _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "halves are read in memory order");
  enum { CHUNK = 256 };
  uint32_t word[CHUNK / 2];
  uint16_t half[CHUNK];
  for (int at = 0; at < n; at += CHUNK) {
    const int m = n - at < CHUNK ? n - at : CHUNK;
    const uint32_t index = (first + (uint32_t)at) >> 1;
    for (int i = 0; i < m / 2; i++) {
      word[i] = hd__word(key, index + (uint32_t)i);
    }
    memcpy(half, word, sizeof(uint16_t) * (size_t)m);
    for (int i = 0; i < m; i++) {
      out[at + i] = ((float)(int32_t)half[i] + 0.5f) * (1.0f / 65536.0f);
    }
  }
}

static void draw(int n, const float *restrict noise, const float *restrict p, float *restrict b) {
  for (int i = 0; i < n; i++) {
    b[i] = noise[i] < p[i] ? 1.0f : 0.0f;
  }
}

static void spike_values(int n, float silence, const float *restrict live, const float *restrict b,
                         float *restrict y) {
  const float span = 1.0f - silence;
  for (int i = 0; i < n; i++) {
    y[i] = live[i] * (silence + span * b[i]);
  }
}

static void masked(int n, float a, const float *restrict live, const float *restrict x,
                   float *restrict y) {
  for (int i = 0; i < n; i++) {
    y[i] = (a * live[i]) * x[i];
  }
}

static void score(int n, float a, const float *restrict live, const float *restrict gate,
                  const float *restrict b, const float *restrict p, const float *restrict gain,
                  float *restrict g) {
  for (int i = 0; i < n; i++) {
    g[i] = (a * live[i]) * hd__score(gate[i], b[i], p[i], gain[i]);
  }
}

static void sigmoid(int n, float *restrict x) {
  for (int i = 0; i < n; i++) {
    x[i] = hd__sigmoidf(x[i]);
  }
}
