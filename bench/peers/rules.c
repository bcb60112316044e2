/* Decisions of a network that learns by a rule with state, through the public interface: what
 * BindsNET's racer does by MSTDPET (peer_bindsnet.py).
 *
 *   peers_rules RULE HIDDEN SUBSTEPS SECONDS
 *     decide and be rewarded for so many CPU seconds; prints one JSON line
 *
 * Eight inputs fire at random, HIDDEN neurons and two output neurons are BindsNET's LIFNodes: rest
 * -65 mV, threshold -52, reset -65, refractory for 5 ms, tau 100 ms, a spike in a synapse raises
 * the potential by the weight a millisecond later. They draw their spikes for a rule that needs it.
 * The reward comes at every substep; the output neuron that fires more has it. */
#include <hedon/hedon.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stopwatch.h"

enum { INPUTS = 8, OUTPUTS = 2, SETS = 64 };

/* A rule as its parameters are unless said otherwise; those of mstdpet are BindsNET's. */
static const char *params_of(const char *rule) {
  return strcmp(rule, "mstdpet") == 0
             ? "tau_plus=20 tau_minus=20 a_plus=1 a_minus=-1 tau_z=25"
             : NULL;
}

static hd_status build(hd_ctx *ctx, const char *rule, const char *neuron, int hidden,
                       hd_network **network) {
  char params[128];
  snprintf(params, sizeof params, "tau_m=100 r_m=%.8g v_reset=0 t_ref=5 %s", 1 / -expm1(-0.01),
           strcmp(neuron, "lif") == 0 ? "v_th=13 reset=0" : "theta=13");
  const hd_population_def population[] = {
      {.name = "x", .neuron = "input", .n = INPUTS},
      {.name = "h", .neuron = neuron, .n = hidden, .params = params},
      {.name = "y", .neuron = neuron, .n = OUTPUTS, .params = params}};
  const hd_projection_def projection[] = {
      {"x", "h", .name = "first", .delay = 1, .initial = HD_INITIAL_UNIFORM, .a = 0, .b = 8,
       .rule = rule, .rule_params = params_of(rule), .rate = 1e-3f},
      {"h", "y", .name = "second", .delay = 1, .initial = HD_INITIAL_UNIFORM, .a = 0, .b = 4,
       .rule = rule, .rule_params = params_of(rule), .rate = 1e-3f}};
  hd_network_def def = hd_network_def_default();
  def.population = population, def.n_populations = 3;
  def.projection = projection, def.n_projections = 2;
  return hd_network_create(ctx, &def, network);
}

static uint32_t next(uint32_t *x) { return *x = *x * 1664525u + 1013904223u; }

/* One decision: SUBSTEPS with a reward after each; which output fired more. */
static hd_status decide(hd_network *network, int substeps, const float *p, uint32_t *x,
                        float reward, float *input, const float *spike, int *action) {
  int count[OUTPUTS] = {0};
  for (int t = 0; t < substeps; t++) {
    for (int i = 0; i < INPUTS; i++) {
      input[i] = (float)(next(x) >> 8) * 0x1p-24f < p[i] ? 1.0f : 0.0f;
    }
    HD_TRY(hd_network_step(network, 1));
    HD_TRY(hd_network_signal(network, &reward));
    for (int a = 0; a < OUTPUTS; a++) {
      count[a] += spike[a] > 0;
    }
  }
  *action = count[1] > count[0];
  hd_network_reset(network);
  return HD_OK;
}

static hd_status decide_for(hd_network *network, int substeps, double seconds) {
  float p[SETS][INPUTS];
  hd_view input, spike;
  uint32_t x = 1;
  double work = 0;
  int actions = 0;
  HD_TRY(hd_network_view(network, "x.value", &input));
  HD_TRY(hd_network_view(network, "y.spike", &spike));
  for (int k = 0; k < SETS * INPUTS; k++) {
    const float normal = sqrtf(3.0f) * ((float)(next(&x) >> 8) * 0x1p-23f - 1.0f);
    p[k / INPUTS][k % INPUTS] = normal < 0 ? 0 : normal > 1 ? 1 : normal;
  }
  const stopwatch start = stopwatch_read();
  while (stopwatch_since(start).cpu_s < seconds) {
    for (int k = 0; k < SETS; k++, work++) {
      int action;
      HD_TRY(decide(network, substeps, p[k], &x, k % 2 ? 1.0f : -1.0f, input.data, spike.data,
                    &action));
      actions += action;
    }
  }
  stopwatch_print(stopwatch_since(start), work);
  printf(",\"actions\":%d}\n", actions);
  return HD_OK;
}

int main(int argc, char **argv) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_network *network = NULL;
  if (argc != 5 || hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  hd_status status = build(ctx, argv[1], "lif", atoi(argv[2]), &network);
  if (status == HD_CONFLICT) {
    status = build(ctx, argv[1], "lif-escape", atoi(argv[2]), &network);
  }
  status = status == HD_OK ? decide_for(network, atoi(argv[3]), atof(argv[4])) : status;
  if (status != HD_OK) {
    fprintf(stderr, "%s\n", hd_ctx_error(ctx));
  }
  hd_network_destroy(network);
  hd_ctx_destroy(ctx);
  return status != HD_OK;
}
