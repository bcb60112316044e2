/* Exclusive or by rewarded STDP, after Florian 2007, sections 4.2 and 4.3: inputs, hidden neurons
 * and one output neuron, which should fire at a higher rate where just one of two bits is set. Each
 * of its spikes is rewarded with 1 where it should fire and with -1 where it should not.
 *
 *   florian_xor [rate|time] [mstdp|mstdpet] [FIRST SEEDS] [EPOCHS] [frozen|shuffled]
 *
 * rate: a bit is 30 inputs, half of them inhibitory, that fire at 40 Hz if it is set. time: a bit
 * is one input, which fires one of two fixed trains of 50 spikes. A seed has learned if, in the
 * last epoch, the output's rate for (1, 1) is below those for (0, 1) and (1, 0), as in the paper.
 * Controls: `frozen` learns nothing, `shuffled` draws the sign of the reward at each presentation.
 */
#include <hedon/hedon.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 500, TRAIN = 50, HIDDEN_MOST = 60, INPUTS_MOST = 60 };

/* What the paper gives: sizes, bounds in mV, learning rates in mV, and what it reports. */
typedef struct experiment {
  const char *code, *rule;
  int inputs, hidden;
  float bound, rate;
  double reported; /* share of 1000 networks that learned */
} experiment;

static const experiment experiments[] = {{"rate", "mstdp", 60, 60, 5, 0.1f, 99.1},
                                         {"rate", "mstdpet", 60, 60, 5, 0.625f, 98.2},
                                         {"time", "mstdp", 2, 20, 10, 0.01f, 89.7},
                                         {"time", "mstdpet", 2, 20, 10, 0.25f, 99.5}};

typedef enum condition { LEARNS, FROZEN, SHUFFLED } condition;

typedef struct trial {
  const experiment *what;
  condition kind;
  uint64_t random; /* state of the generator */
  hd_network *network;
  float *input;        /* [inputs] */
  const float *output; /* [1] */
  bool train[2][WINDOW];
} trial;

/* Uniform in [0, 1), by splitmix64. */
static double draw(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* ---- the network ---- */

/* A potential that counts from rest, in mV, and rises by the weight at an arriving spike. The rule
 * sees spikes as they arrive, a substep after they were sent, and takes them for causes of a spike
 * in the same substep. */
static hd_status build(hd_ctx *ctx, trial *t) {
  char neuron[96], first[96], second[96];
  snprintf(neuron, sizeof neuron, "tau_m=20 r_m=%.7g v_th=16 reset=0", 1 / -expm1(-1 / 20.0));
  snprintf(first, sizeof first, "causal=1 bounds=1 w_min=%g w_max=%g dale=%d",
           (double)-t->what->bound, (double)t->what->bound, t->what->inputs > 2);
  snprintf(second, sizeof second, "causal=1 bounds=1 w_min=0 w_max=%g", (double)t->what->bound);
  const hd_population_def population[] = {
      {.name = "in", .neuron = "input", .n = t->what->inputs},
      {.name = "hidden", .neuron = "lif", .n = t->what->hidden, .params = neuron},
      {.name = "out", .neuron = "lif", .n = 1, .params = neuron}};
  hd_projection_def projection[] = {
      {"in", "hidden", .name = "first", .delay = 1, .rule_params = first},
      {"hidden", "out", .name = "second", .delay = 1, .rule_params = second}};
  for (int k = 0; k < 2; k++) {
    projection[k].rule = t->what->rule;
    projection[k].rate = t->kind == FROZEN ? 0 : t->what->rate;
  }
  hd_network_def def = hd_network_def_default();
  def.population = population, def.n_populations = 3;
  def.projection = projection, def.n_projections = 2;
  return hd_network_create(ctx, &def, &t->network);
}

/* Is this one of the inputs whose synapses inhibit? */
static bool inhibits(const trial *t, int input) { return input % 30 >= 15 && t->what->inputs > 2; }

static hd_status start(trial *t) {
  float first[INPUTS_MOST * HIDDEN_MOST], second[HIDDEN_MOST];
  const int n = t->what->inputs * t->what->hidden;
  for (int k = 0; k < n; k++) {
    const double low = t->what->inputs == 2 ? -1 : inhibits(t, k / t->what->hidden) ? -1 : 0;
    const double high = inhibits(t, k / t->what->hidden) ? 0 : 1;
    first[k] = t->what->bound * (float)(low + (high - low) * draw(&t->random));
  }
  for (int j = 0; j < t->what->hidden; j++) {
    second[j] = t->what->bound * (float)draw(&t->random);
  }
  HD_TRY(hd_network_write(t->network, "first.weight", first, n));
  HD_TRY(hd_network_write(t->network, "second.weight", second, t->what->hidden));
  hd_view input, output;
  HD_TRY(hd_network_view(t->network, "in.value", &input));
  HD_TRY(hd_network_view(t->network, "out.spike", &output));
  t->input = input.data, t->output = output.data;
  for (int symbol = 0; symbol < 2; symbol++) {
    for (int left = TRAIN; left > 0;) {
      bool *at = &t->train[symbol][(int)(WINDOW * draw(&t->random))];
      left -= !*at;
      *at = true;
    }
  }
  return HD_OK;
}

/* ---- learning ---- */

static bool fires(trial *t, int input, int pattern, int ms) {
  if (t->what->inputs == 2) {
    return t->train[pattern >> input & 1][ms];
  }
  return (pattern >> input / 30 & 1) && draw(&t->random) < 0.04;
}

/* Show two bits; the output's spikes. */
static hd_status present(trial *t, int pattern, int *spikes) {
  const bool is_wanted = pattern == 1 || pattern == 2;
  const bool is_heads = draw(&t->random) < 0.5;
  const float reward = (t->kind == SHUFFLED ? is_heads : is_wanted) ? 1.0f : -1.0f;
  *spikes = 0;
  for (int ms = 0; ms < WINDOW; ms++) {
    for (int i = 0; i < t->what->inputs; i++) {
      t->input[i] = fires(t, i, pattern, ms) ? 1.0f : 0.0f;
    }
    HD_TRY(hd_network_step(t->network, 1));
    if (t->output[0] > 0) {
      HD_TRY(hd_network_signal(t->network, &reward));
      ++*spikes;
    }
  }
  return HD_OK;
}

/* The patterns in random order. */
static hd_status epoch(trial *t, int spikes[4]) {
  int order[4] = {0, 1, 2, 3};
  for (int k = 3; k > 0; k--) {
    const int other = (int)((k + 1) * draw(&t->random)), kept = order[k];
    order[k] = order[other], order[other] = kept;
  }
  for (int k = 0; k < 4; k++) {
    HD_TRY(present(t, order[k], &spikes[order[k]]));
  }
  return HD_OK;
}

static hd_status run(hd_ctx *ctx, const experiment *what, condition kind, int seed, int epochs,
                     bool *has_learned) {
  trial t = {.what = what, .kind = kind, .random = (uint64_t)seed};
  int spikes[4] = {0};
  hd_status status = build(ctx, &t);
  status = status == HD_OK ? start(&t) : status;
  for (int k = 0; k < epochs && status == HD_OK; k++) {
    status = epoch(&t, spikes);
  }
  *has_learned = spikes[3] < spikes[1] && spikes[3] < spikes[2];
  hd_network_destroy(t.network);
  return status;
}

/* ---- the program ---- */

static const experiment *find(const char *code, const char *rule) {
  for (int k = 0; k < 4; k++) {
    if (strcmp(experiments[k].code, code) == 0 && strcmp(experiments[k].rule, rule) == 0) {
      return &experiments[k];
    }
  }
  return NULL;
}

int main(int argc, char **argv) {
  const experiment *what = find(argc > 1 ? argv[1] : "time", argc > 2 ? argv[2] : "mstdpet");
  const int first = argc > 3 ? atoi(argv[3]) : 0, seeds = argc > 4 ? atoi(argv[4]) : 1;
  const int epochs = argc > 5 ? atoi(argv[5]) : 20;
  const char *asked = argc > 6 ? argv[6] : "";
  const condition kind = strcmp(asked, "frozen") == 0     ? FROZEN
                         : strcmp(asked, "shuffled") == 0 ? SHUFFLED
                                                          : LEARNS;
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_ctx *ctx;
  int learned = 0;
  if (what == NULL || hd_ctx_create(&ctx_def, &ctx) != HD_OK) {
    fprintf(stderr,
            "usage: florian_xor [rate|time] [mstdp|mstdpet] [FIRST SEEDS] [EPOCHS] "
            "[frozen|shuffled]\n");
    return 2;
  }
  for (int k = 0; k < seeds; k++) {
    bool has_learned;
    if (run(ctx, what, kind, first + k, epochs, &has_learned) != HD_OK) {
      fprintf(stderr, "%s\n", hd_ctx_error(ctx));
      return 1;
    }
    learned += has_learned;
  }
  printf("%s %s %s: %d of %d learned after %d epochs\n", what->code, what->rule,
         kind == LEARNS ? "learning" : asked, learned, seeds, epochs);
  if (kind == LEARNS) {
    printf("  the paper reports %g%% of 1000 after 200 epochs\n", what->reported);
  }
  hd_ctx_destroy(ctx);
  return 0;
}
