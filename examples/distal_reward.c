/* The distal reward problem, after Izhikevich 2007, Fig. 1: spiking neurons fire by themselves, and
 * whenever neuron B fires within 20 ms of neuron A a reward comes, 1 to 3 s later and amid the
 * spikes of all the others. The synapse from A to B, whose weight begins at 0, should end as the
 * strongest.
 *
 *   distal_reward [FIRST SEEDS] [SECONDS] [unpaired]
 *
 * `unpaired`, the control, gives as many rewards, at times that have nothing to do with A and B:
 * for every coincidence of A and B a reward at a random moment of the minute after it.
 *
 * What differs from the paper: 100 neurons, not 1000, each of which is joined to all others (there,
 * to 100 of 1000), so that a neuron has as many synapses, and every weight of the network is
 * one of 8000, not 80,000, rivals. Neurons, noise, delays of 1 ms, windows, traces, dopamine and
 * bounds are those of the published program; time constants are 1 s and 200 ms as the paper says.
 */
#include <hedon/hedon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXCITE = 80, INHIBIT = 20, NOW_AND_THEN = 10 /* ms between updates */, REWARDS = 4096 };

typedef struct world {
  hd_network *network;
  float *noise[2];    /* currents of both populations */
  const float *spike; /* [EXCITE] */
  float *weight[2];   /* onto excitatory and inhibitory neurons */
  int64_t stride[2];
  uint64_t random;
  bool is_unpaired;
  int a, b;             /* the pair that brings a reward */
  int64_t last_a;       /* ms of A's last spike */
  int64_t due[REWARDS]; /* ms at which rewards come */
  int n_due, n_given;
} world;

/* Uniform in [0, 1), by splitmix64. */
static double draw(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static hd_status build(hd_ctx *ctx, world *w) {
  static const hd_population_def population[] = {
      {.name = "e", .neuron = "izhikevich", .n = EXCITE, .params = "scale=1"},
      {.name = "i", .neuron = "izhikevich", .n = INHIBIT, .params = "a=0.1 d=2 scale=1"}};
  static const hd_projection_def projection[] = {
      {"e", "e", .name = "ee", .delay = 1, .a = 1, .rule = "dopamine-stdp", .rate = 1},
      {"e", "i", .name = "ei", .delay = 1, .a = 1, .rule = "dopamine-stdp", .rate = 1},
      {"i", "e", .name = "ie", .delay = 1, .a = -1}};
  hd_network_def def = hd_network_def_default();
  def.population = population, def.n_populations = 2;
  def.projection = projection, def.n_projections = 3;
  return hd_network_create(ctx, &def, &w->network);
}

static hd_status look(world *w) {
  static const char *const names[] = {"e.current", "i.current", "ee.weight", "ei.weight"};
  hd_view view;
  for (int k = 0; k < 2; k++) {
    HD_TRY(hd_network_view(w->network, names[k], &view));
    w->noise[k] = view.data;
    HD_TRY(hd_network_view(w->network, names[2 + k], &view));
    w->weight[k] = view.data, w->stride[k] = view.stride[0];
  }
  HD_TRY(hd_network_view(w->network, "e.spike", &view));
  w->spike = view.data;
  w->a = (int)(EXCITE * draw(&w->random));
  w->b = (w->a + 1 + (int)((EXCITE - 1) * draw(&w->random))) % EXCITE;
  w->weight[0][w->a * w->stride[0] + w->b] = 0;
  return HD_OK;
}

/* Both fire at 1 ms; a reward is on its way if B follows A. */
static void watch(world *w, int64_t ms) {
  if (w->spike[w->b] > 0 && ms - w->last_a < 20 && w->n_due < REWARDS) {
    const double wait = w->is_unpaired ? 60000 : 2000;
    w->due[w->n_due++] = ms + (w->is_unpaired ? 0 : 1000) + 1 + (int64_t)(wait * draw(&w->random));
  }
  w->last_a = w->spike[w->a] > 0 ? ms : w->last_a;
}

/* Dopamine of the rewards that came since `ms` - NOW_AND_THEN. */
static float reward(world *w, int64_t ms) {
  float sum = 0;
  for (int k = 0; k < w->n_due; k++) {
    sum += w->due[k] > ms - NOW_AND_THEN && w->due[k] <= ms ? 0.5f : 0.0f;
  }
  w->n_given += sum > 0;
  return sum;
}

static hd_status live(world *w, int64_t seconds) {
  for (int64_t ms = 1; ms <= 1000 * seconds; ms++) {
    for (int j = 0; j < EXCITE + INHIBIT; j++) {
      const float noise = 13.0f * ((float)draw(&w->random) - 0.5f);
      w->noise[j >= EXCITE][j >= EXCITE ? j - EXCITE : j] = noise;
    }
    HD_TRY(hd_network_step(w->network, 1));
    watch(w, ms);
    if (ms % NOW_AND_THEN == 0) {
      const float dopamine = reward(w, ms);
      HD_TRY(hd_network_signal(w->network, &dopamine));
    }
  }
  return HD_OK;
}

/* Synapses that are at least as strong as that from A to B, itself left out, and the mean of all.
 */
static int rivals(const world *w, double *mean) {
  const float own = w->weight[0][w->a * w->stride[0] + w->b];
  int n = 0;
  *mean = 0;
  for (int i = 0; i < EXCITE; i++) {
    for (int j = 0; j < EXCITE + INHIBIT; j++) {
      const int k = j >= EXCITE;
      const float weight = w->weight[k][i * w->stride[k] + j - k * EXCITE];
      const bool is_own = i == w->a && j == w->b;
      n += !is_own && weight >= own;
      *mean += (double)weight / (EXCITE * (EXCITE + INHIBIT));
    }
  }
  return n;
}

static hd_status run(hd_ctx *ctx, int seed, int64_t seconds, bool is_unpaired, bool *is_highest) {
  static world w;
  w = (world){.random = (uint64_t)seed, .is_unpaired = is_unpaired, .last_a = -1000};
  hd_status status = build(ctx, &w);
  status = status == HD_OK ? look(&w) : status;
  status = status == HD_OK ? live(&w, seconds) : status;
  if (status == HD_OK) {
    double mean;
    const int stronger = rivals(&w, &mean);
    *is_highest = stronger == 0;
    printf(
        "seed %d: the rewarded synapse ends at %.2f, the mean at %.2f, %d others are as strong; "
        "%d rewards\n",
        seed, (double)w.weight[0][w.a * w.stride[0] + w.b], mean, stronger, w.n_given);
    fflush(stdout);
  }
  hd_network_destroy(w.network);
  return status;
}

int main(int argc, char **argv) {
  const int first = argc > 1 ? atoi(argv[1]) : 0, seeds = argc > 2 ? atoi(argv[2]) : 1;
  const int64_t seconds = argc > 3 ? atoi(argv[3]) : 60;
  const bool is_unpaired = argc > 4 && strcmp(argv[4], "unpaired") == 0;
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_ctx *ctx;
  int highest = 0;
  if (hd_ctx_create(&ctx_def, &ctx) != HD_OK) {
    return 1;
  }
  for (int k = 0; k < seeds; k++) {
    bool is_highest;
    if (run(ctx, first + k, seconds, is_unpaired, &is_highest) != HD_OK) {
      fprintf(stderr, "%s\n", hd_ctx_error(ctx));
      return 1;
    }
    highest += is_highest;
  }
  printf("the rewarded synapse is the strongest in %d of %d\n", highest, seeds);
  hd_ctx_destroy(ctx);
  return 0;
}
