/* A plug-in: a neuron model that the tool was built without.
 *
 *   cc -shared -fPIC $(pkg-config --cflags hedon) quadratic.c -o quadratic.so
 *   hedon --plugin ./quadratic.so train cartpole --method neuron-agent-online \
 *     --set neuron=quadratic rule=e-prop */
#include <hedon/hedon.h>

/* Quadratic integrate-and-fire, the normal form of neurons that begin to fire at any low rate, by
 * Euler's method:
 *
 *   tau dv/dt = v^2 + I;  at v >= peak: spike, v = reset;  v stays at reset or above
 *
 * gain: a fast sigmoid's derivative, of this slope, stands for that of the spike by v.
 * Source: Ermentrout & Kopell 1986; Latham et al. 2000. */
enum { TAU, PEAK, RESET, SLOPE, PARAMS };

static const hd_param quadratic_param[PARAMS] = {
    {"tau", 10.0f, 1.0f, 1e3f, "ms", "The potential moves on this time scale."},
    {"peak", 1.0f, 0.1f, 100.0f, "", "The neuron fires when its potential gets here."},
    {"reset", -1.0f, -100.0f, 0.0f, "", "The potential after a spike, and the lowest there is."},
    {"slope", 2.0f, 0.01f, 100.0f, "", "The fast sigmoid in place of a spike has this slope."}};
static const hd_field quadratic_state[] = {{"v", "", "membrane potential"}};

static void quadratic_reset(const hd_neuron_desc *self, const float *param, float dt_ms,
                            float *state) {
  (void)self;
  (void)dt_ms;
  state[0] = param[RESET];
}

static float quadratic_surrogate(float slope, float x) {
  const float y = 1.0f + slope * (x < 0.0f ? -x : x);
  return slope / (y * y);
}

static void quadratic_step(const hd_neuron_desc *self, const hd_neuron_io *io) {
  const float *param = io->param, share = io->dt_ms / param[TAU];
  float *v = io->state;
  (void)self;
  for (int i = 0; i < io->n; i++) {
    const float moved = v[i] + share * (v[i] * v[i] + io->drive[i]);
    const int fired = moved >= param[PEAK];
    io->b[i] = io->p[i] = fired ? 1.0f : 0.0f;
    io->gain[i] = share * quadratic_surrogate(param[SLOPE], moved - param[PEAK]);
    v[i] = fired || moved < param[RESET] ? param[RESET] : moved;
  }
}

static const hd_neuron_desc quadratic = {.size = sizeof(hd_neuron_desc),
                                         .name = "quadratic",
                                         .doc = "quadratic integrate-and-fire",
                                         .source = "Ermentrout & Kopell 1986; examples/quadratic.c",
                                         .has_gain = true,
                                         .param = quadratic_param,
                                         .n_params = PARAMS,
                                         .state = quadratic_state,
                                         .n_state = 1,
                                         .reset = quadratic_reset,
                                         .step = quadratic_step};

HD_PLUGIN(ctx) { return hd_neuron_register(ctx, &quadratic); }
