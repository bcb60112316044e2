/* Volleys of excitation, the inhibition that ends them, and an echo: prints who fired when. */
#include <hedon/hedon.h>
#include <stdio.h>

enum { SUBSTEPS = 76, N = 12, N_POPULATIONS = 3, N_PROJECTIONS = 4 };

static const hd_population_def populations[N_POPULATIONS] = {
    {.name = "excite", .neuron = "lif", .n = N, .params = "tau_m=20 r_m=20 t_ref=2 reset=0"},
    {.name = "inhibit", .neuron = "lif", .n = 4, .params = "tau_m=10 r_m=10 reset=0"},
    {.name = "echo", .neuron = "alif", .n = N, .params = "adapt=0.5 tau_a=30"}};

static const hd_projection_def projections[N_PROJECTIONS] = {
    {"excite", "excite", .connect = HD_CONNECT_RANDOM, .probability = 0.5, .delay = 2, .a = 0.25f},
    {"excite", "inhibit", .delay = 3, .initial = HD_INITIAL_UNIFORM, .a = 0.1f, .b = 0.2f},
    {"inhibit", "excite", .delay = 1, .initial = HD_INITIAL_UNIFORM, .a = -0.6f, .b = -0.2f},
    {"excite", "echo", .connect = HD_CONNECT_ONE_TO_ONE, .delay = 10, .a = 1.5f}};

static hd_status run(hd_network *network) {
  static const char *const view[N_POPULATIONS] = {"excite.spike", "inhibit.spike", "echo.spike"};
  hd_record_def record = hd_record_def_default();
  for (int k = 0; k < N_POPULATIONS; k++) {
    record.view = view[k], record.name = populations[k].name;
    HD_TRY(hd_network_record(network, &record));
  }
  float current[N];
  for (int i = 0; i < N; i++) {
    current[i] = 0.05f + 0.005f * (float)i; /* the lower in the picture, the sooner */
  }
  HD_TRY(hd_network_write(network, "excite.current", current, N));
  HD_TRY(hd_network_step(network, SUBSTEPS));
  for (int k = 0; k < N_POPULATIONS; k++) {
    hd_view spikes;
    HD_TRY(hd_network_view(network, populations[k].name, &spikes));
    for (int i = 0; i < populations[k].n; i++) {
      printf("%-9s", i == 0 ? populations[k].name : "");
      for (int t = 0; t < SUBSTEPS; t++) {
        putchar(((float *)spikes.data)[t * spikes.stride[0] + i] > 0 ? '|' : '.');
      }
      putchar('\n');
    }
  }
  return HD_OK;
}

int main(void) {
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_network_def def = hd_network_def_default();
  def.population = populations, def.n_populations = N_POPULATIONS;
  def.projection = projections, def.n_projections = N_PROJECTIONS;
  hd_ctx *ctx;
  hd_network *network = NULL;
  HD_TRY(hd_ctx_create(&ctx_def, &ctx));
  const bool is_done = hd_network_create(ctx, &def, &network) == HD_OK && run(network) == HD_OK;
  fputs(hd_ctx_error(ctx), stderr);
  hd_network_destroy(network);
  hd_ctx_destroy(ctx);
  return !is_done;
}
