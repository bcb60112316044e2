/* Exclusive or by rewarded STDP, after Florian 2007, sections 4.2 and 4.3: inputs, hidden neurons
 * and one output neuron, which should fire at a higher rate where just one of two bits is set. Each
 * of its spikes is rewarded with 1 where it should fire and with -1 where it should not.
 *
 * rate: a bit is 30 inputs, half of them inhibitory, that fire at 40 Hz if it is set. time: a bit
 * is one input, which fires one of two fixed trains of 50 spikes. */
#include <math.h>
#include <string.h>

#include "paper.h"
#include "paper_draw.h"

enum { WINDOW = 500, TRAIN = 50, HIDDEN_MOST = 60, INPUTS_MOST = 60 };

typedef enum kind { LEARNS, FROZEN, SHUFFLED } kind;

/* What the paper gives: sizes, bounds in mV, learning rates in mV; and the controls. */
typedef struct variant {
  const char *rule;
  kind kind;
  int inputs, hidden;
  float bound, rate;
} variant;

static const variant variants[] = {
    {"mstdpet", LEARNS, 60, 60, 5, 0.625f}, {"mstdp", LEARNS, 60, 60, 5, 0.1f},
    {"mstdpet", FROZEN, 60, 60, 5, 0.625f}, {"mstdpet", SHUFFLED, 60, 60, 5, 0.625f},
    {"mstdpet", LEARNS, 2, 20, 10, 0.25f},  {"mstdp", LEARNS, 2, 20, 10, 0.01f},
    {"mstdpet", FROZEN, 2, 20, 10, 0.25f},  {"mstdpet", SHUFFLED, 2, 20, 10, 0.25f}};

static const paper_condition conditions[] = {{"rate-mstdpet", "98.2% of 1000"},
                                             {"rate-mstdp", "99.1% of 1000"},
                                             {"rate-frozen", "-"},
                                             {"rate-shuffled-rewards", "-"},
                                             {"time-mstdpet", "99.5% of 1000"},
                                             {"time-mstdp", "89.7% of 1000"},
                                             {"time-frozen", "-"},
                                             {"time-shuffled-rewards", "-"}};

typedef struct trial {
  const variant *what;
  uint64_t random; /* state of the generator */
  hd_network *network;
  float *input;        /* [inputs] */
  const float *output; /* [1] */
  bool train[2][WINDOW];
} trial;

/* ---- the network ---- */

/* A potential that counts from rest, in mV, and rises by the weight at an arriving spike. The rule
 * sees spikes as they arrive, a substep after they were sent, and takes them for causes of a spike
 * in the same substep. */
static hd_status paper_xor_build(hd_ctx *ctx, trial *t) {
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
    projection[k].rate = t->what->kind == FROZEN ? 0 : t->what->rate;
  }
  hd_network_def def = hd_network_def_default();
  def.population = population, def.n_populations = 3;
  def.projection = projection, def.n_projections = 2;
  return hd_network_create(ctx, &def, &t->network);
}

/* Is this one of the inputs whose synapses inhibit? */
static bool paper_xor_inhibits(const trial *t, int input) {
  return input % 30 >= 15 && t->what->inputs > 2;
}

static hd_status paper_xor_start(trial *t) {
  float first[INPUTS_MOST * HIDDEN_MOST], second[HIDDEN_MOST];
  const int n = t->what->inputs * t->what->hidden;
  for (int k = 0; k < n; k++) {
    const double low = t->what->inputs == 2                         ? -1
                       : paper_xor_inhibits(t, k / t->what->hidden) ? -1
                                                                    : 0;
    const double high = paper_xor_inhibits(t, k / t->what->hidden) ? 0 : 1;
    first[k] = t->what->bound * (float)(low + (high - low) * paper_draw(&t->random));
  }
  for (int j = 0; j < t->what->hidden; j++) {
    second[j] = t->what->bound * (float)paper_draw(&t->random);
  }
  HD_TRY(hd_network_write(t->network, "first.weight", first, n));
  HD_TRY(hd_network_write(t->network, "second.weight", second, t->what->hidden));
  hd_view input, output;
  HD_TRY(hd_network_view(t->network, "in.value", &input));
  HD_TRY(hd_network_view(t->network, "out.spike", &output));
  t->input = input.data, t->output = output.data;
  for (int symbol = 0; symbol < 2; symbol++) {
    for (int left = TRAIN; left > 0;) {
      bool *at = &t->train[symbol][(int)(WINDOW * paper_draw(&t->random))];
      left -= !*at;
      *at = true;
    }
  }
  return HD_OK;
}

/* ---- learning ---- */

static bool paper_xor_fires(trial *t, int input, int pattern, int ms) {
  if (t->what->inputs == 2) {
    return t->train[pattern >> input & 1][ms];
  }
  return (pattern >> input / 30 & 1) && paper_draw(&t->random) < 0.04;
}

/* Show two bits; the output's spikes. */
static hd_status paper_xor_present(trial *t, int pattern, int *spikes) {
  const bool is_wanted = pattern == 1 || pattern == 2;
  const bool is_heads = paper_draw(&t->random) < 0.5;
  const float reward = (t->what->kind == SHUFFLED ? is_heads : is_wanted) ? 1.0f : -1.0f;
  *spikes = 0;
  for (int ms = 0; ms < WINDOW; ms++) {
    for (int i = 0; i < t->what->inputs; i++) {
      t->input[i] = paper_xor_fires(t, i, pattern, ms) ? 1.0f : 0.0f;
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
static hd_status paper_xor_epoch(trial *t, int spikes[4]) {
  int order[4] = {0, 1, 2, 3};
  for (int k = 3; k > 0; k--) {
    const int other = (int)((k + 1) * paper_draw(&t->random)), kept = order[k];
    order[k] = order[other], order[other] = kept;
  }
  for (int k = 0; k < 4; k++) {
    HD_TRY(paper_xor_present(t, order[k], &spikes[order[k]]));
  }
  return HD_OK;
}

/* By how many spikes the output tells the two that should be told, and whether it tells both. */
static double paper_xor_margin(const int spikes[4], bool *has_learned) {
  *has_learned = spikes[3] < spikes[1] && spikes[3] < spikes[2];
  return 0.5 * (spikes[1] + spikes[2]) - spikes[3];
}

static hd_status paper_xor_run(hd_ctx *ctx, int condition, uint64_t seed, int64_t epochs,
                               paper_outcome *out) {
  trial t = {.what = &variants[condition], .random = seed};
  hd_status status = paper_xor_build(ctx, &t);
  status = status == HD_OK ? paper_xor_start(&t) : status;
  for (int64_t k = 0; k < epochs && status == HD_OK; k++) {
    int spikes[4] = {0};
    status = paper_xor_epoch(&t, spikes);
    out->figure = paper_xor_margin(spikes, &out->has_succeeded);
    status = status == HD_OK ? paper_take(out, k, epochs, out->figure) : status;
  }
  hd_network_destroy(t.network);
  return status;
}

const paper paper_xor = {
    .name = "florian-xor",
    .doc = "Exclusive or by rewarded STDP, its bits told by rates or by the times of spikes",
    .source = "after Florian 2007, sections 4.2 and 4.3",
    .differs = "spikes are correlated when they arrive, a substep after they were sent",
    .success = "in the last epoch the output fires less for (1, 1) than for (0, 1) and for (1, 0)",
    .figure = "margin",
    .unit = "epochs",
    .curve = "spikes of the output for (0, 1) and (1, 0) on average, less those for (1, 1)",
    .length = 200,
    .seeds = 20,
    .n_conditions = sizeof conditions / sizeof *conditions,
    .condition = conditions,
    .run = paper_xor_run};
