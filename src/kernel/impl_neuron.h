/* The loops round every neuron model, by its form (src/neuron/neuron.h). Included by kernel_impl.c
 * only. */
#include <string.h>

#include "impl_membrane.h"
#include "neuron_models.h"
#include "relaxed.h"
#include "score.h"

/* ---- STEP, ODE: gather a lane's state, step, write ---- */

#define NEURON_STEP(model, stochastic_)                                                       \
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

#define NEURON_ODE NEURON_STEP

/* ---- MEMBRANE, DRAWING: HD_LANES cells at a time ---- */

/* Where the state variables of n neurons lie; NULL: the model has none of that name. */
typedef struct membrane_fields {
  float *at[HD_CELL_STATES];
} membrane_fields;

#define MEMBRANE_FIELD(name, unit, help) \
  fields.at[HD_CELL_##name] = state;     \
  state += n;

HD_INLINE cell_lanes membrane_own(const hd__membrane_derived *d) {
  cell_lanes own = cell_share(&d->cell, hd__all(d->theta));
  own.alpha = hd__all(d->alpha);
  own.beta = hd__all(d->beta);
  own.gamma = hd__all(d->gamma);
  own.rho = hd__all(d->rho);
  return own;
}

HD_INLINE hd__lanes membrane_get(const float *field, int at) {
  return field != NULL ? hd__load(field + at) : hd__zero();
}

HD_INLINE cell_state membrane_load(const membrane_fields *from, int at) {
  return (cell_state){.v = membrane_get(from->at[HD_CELL_v], at),
                      .c = membrane_get(from->at[HD_CELL_c], at),
                      .a = membrane_get(from->at[HD_CELL_a], at),
                      .r = membrane_get(from->at[HD_CELL_refrac], at)};
}

HD_INLINE void membrane_store(const membrane_fields *to, int at, const cell_state *state) {
  const hd__lanes *const field[HD_CELL_STATES] = {[HD_CELL_v] = &state->v,
                                                  [HD_CELL_c] = &state->c,
                                                  [HD_CELL_a] = &state->a,
                                                  [HD_CELL_refrac] = &state->r};
  for (int k = 0; k < HD_CELL_STATES; k++) {
    if (to->at[k] != NULL) {
      hd__store(to->at[k] + at, *field[k]);
    }
  }
}

/* The kind of a model's cell; what it lacks is known where it is inlined. */
HD_INLINE cell_kind membrane_kind(const hd__membrane_derived *d, const membrane_fields *fields) {
  return (cell_kind){
      .has_current = fields->at[HD_CELL_c] != NULL,
      .has_adaptation = fields->at[HD_CELL_a] != NULL,
      .is_soft = d->cell.is_soft,
      .has_rest = d->cell.v_rest != 0.0f,
      .is_refractory = fields->at[HD_CELL_refrac] != NULL && d->cell.ref_steps > 0.0f};
}

HD_INLINE void step_membrane(const hd__membrane_derived *derived, int n, const float *drive,
                             const float *live, const membrane_fields *fields, float *b, float *p,
                             float *gain) {
  const hd__membrane_derived d = *derived;
  const cell_lanes own = membrane_own(&d);
  const cell_kind kind = membrane_kind(&d, fields);
  for (int at = 0; at < n; at += HD_LANES) {
    cell_state state = membrane_load(fields, at);
    const hd__lanes r = state.r, threshold = cell_threshold(kind, &own, state.a);
    const hd__lanes input = cell_input(kind, &own, hd__load(drive + at), &state);
    const hd__lanes u = cell_integrate(kind, &own, input, &state);
    const hd__mask fired = cell_fires(kind, u, threshold, r);
    const hd__lanes spike = hd__where(fired, hd__load(live + at), hd__zero());
    hd__store(b + at, spike);
    hd__store(p + at, spike);
    hd__store(gain + at, cell_gain(kind, &d.cell, &own, u, threshold, r));
    cell_settle(kind, &own, fired, u, &state);
    membrane_store(fields, at, &state);
  }
}

#define NEURON_MEMBRANE(model, stochastic_)                                                 \
  static void step_##model(const void *derived, int n, const float *restrict drive,         \
                           const float *restrict noise, const float *restrict live,         \
                           float *restrict state, float *restrict b, float *restrict p,     \
                           float *restrict gain) {                                          \
    (void)noise;                                                                            \
    membrane_fields fields = {{NULL}};                                                      \
    model##_STATE(MEMBRANE_FIELD)                                                           \
        step_membrane(&((const struct model##_derived *)derived)->membrane, n, drive, live, \
                      &fields, b, p, gain);                                                 \
  }

/* The draw between integrating and settling: one neuron after another. */
#define NEURON_DRAWING(model, stochastic_)                                                         \
  static void step_##model(const void *derived, int n, const float *restrict drive,                \
                           const float *restrict noise, const float *restrict live,                \
                           float *restrict state, float *restrict b, float *restrict p,            \
                           float *restrict gain) {                                                 \
    const struct model##_derived d = *(const struct model##_derived *)derived;                     \
    const cell_lanes own = membrane_own(&d.membrane);                                              \
    membrane_fields fields = {{NULL}};                                                             \
    model##_STATE(MEMBRANE_FIELD) const cell_kind kind = membrane_kind(&d.membrane, &fields);      \
    for (int at = 0; at < n; at += HD_LANES) {                                                     \
      float v[HD_LANES] __attribute__((aligned(64))), open[HD_LANES] __attribute__((aligned(64))); \
      cell_state cell = membrane_load(&fields, at);                                                \
      const hd__lanes input = cell_input(kind, &own, hd__load(drive + at), &cell);                 \
      const hd__lanes u = cell_integrate(kind, &own, input, &cell);                                \
      hd__store(v, u);                                                                             \
      hd__store(open, hd__where(cell_is_open(cell.r), hd__all(1.0f), hd__zero()));                 \
      for (int i = 0; i < HD_LANES; i++) {                                                         \
        const hd__fire fire = model##_fire(&d, v[i], noise[at + i]);                               \
        v[i] = open[i] * fire.b;                                                                   \
        b[at + i] = v[i] * live[at + i];                                                           \
        p[at + i] = open[i] * fire.p * live[at + i];                                               \
        gain[at + i] = open[i] * fire.gain;                                                        \
      }                                                                                            \
      cell_settle(kind, &own, hd__at_least(hd__load(v), hd__all(1.0f)), u, &cell);                 \
      membrane_store(&fields, at, &cell);                                                          \
    }                                                                                              \
  }

/* ---- UNIT: values, and gradients by them ---- */

#define NEURON_UNIT(model, stochastic_)                                                            \
  static void step_##model(const void *derived, int n, const float *restrict drive,                \
                           const float *restrict noise, const float *restrict live,                \
                           float *restrict state, float *restrict b, float *restrict p,            \
                           float *restrict gain) {                                                 \
    (void)derived, (void)noise, (void)state;                                                       \
    for (int i = 0; i < n; i++) {                                                                  \
      const float y = model##_value(drive[i]);                                                     \
      b[i] = 0.0f;                                                                                 \
      p[i] = y * live[i];                                                                          \
      gain[i] = model##_slope(y);                                                                  \
    }                                                                                              \
  }                                                                                                \
  static void values_##model(int rows, int n, const float *restrict bias, const float *restrict z, \
                             float *restrict y) {                                                  \
    for (int r = 0; r < rows; r++, z += n, y += n) {                                               \
      for (int i = 0; i < n; i++) {                                                                \
        y[i] = model##_value(z[i] + bias[i]);                                                      \
      }                                                                                            \
    }                                                                                              \
  }                                                                                                \
  static void slopes_##model(int rows, int n, const float *restrict y, float *restrict g) {        \
    const size_t all = (size_t)rows * (size_t)n;                                                   \
    for (size_t i = 0; i < all; i++) {                                                             \
      g[i] *= model##_slope(y[i]);                                                                 \
    }                                                                                              \
  }

/* ---- all models ---- */

#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) \
  NEURON_##form_(model, stochastic_)
#include "neuron_table.h"
#undef HD_NEURON

static const hd__neuron_step_fn neuron_steps[HD_NEURON_COUNT] = {
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) step_##model,
#include "neuron_table.h"
#undef HD_NEURON
};

#define LOOPS_STEP(model)
#define LOOPS_ODE(model)
#define LOOPS_MEMBRANE(model)
#define LOOPS_DRAWING(model)
#define LOOPS_UNIT(model) [HD_UNIT_##model] = {values_##model, slopes_##model},
static const hd__unit_loops unit_loops[1 + HD_NEURON_COUNT] = {
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) \
  LOOPS_##form_(model)
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

static void neuron_draw(int n, const float *restrict noise, const float *restrict p,
                        float *restrict b) {
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

static void relaxed_values(int n, float silence, float tau, const float *restrict live,
                           const float *restrict p, const float *restrict noise,
                           float *restrict y) {
  for (int i = 0; i < n; i++) {
    y[i] = live[i] * (silence + (1.0f - silence) * hd__relaxed(p[i], noise[i], tau));
  }
}

static void relaxed_factor(int n, float span, float tau, const float *restrict back,
                           const float *restrict p, const float *restrict noise,
                           const float *restrict gain, float *restrict g) {
  for (int i = 0; i < n; i++) {
    g[i] = hd__relaxed_factor(back[i], span, tau, p[i], noise[i], gain[i]);
  }
}

static void neuron_masked(int n, float a, const float *restrict live, const float *restrict x,
                          float *restrict y) {
  for (int i = 0; i < n; i++) {
    y[i] = (a * live[i]) * x[i];
  }
}

static void neuron_score(int n, float a, const float *restrict live, const float *restrict gate,
                         const float *restrict b, const float *restrict p,
                         const float *restrict gain, float *restrict g) {
  for (int i = 0; i < n; i++) {
    g[i] = (a * live[i]) * hd__score(gate[i], b[i], p[i], gain[i]);
  }
}

static void neuron_sigmoid(int n, float *restrict x) {
  for (int i = 0; i < n; i++) {
    x[i] = hd__sigmoidf(x[i]);
  }
}
