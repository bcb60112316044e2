/* Learning to tell spike patterns by a population that votes, after Urbanczik & Senn 2009: each
 * pattern is to be answered by yes or no, by the majority of neurons that fire or stay silent, and
 * the reward is 1 or -1. Told the reward alone, a neuron knows less of its own part the more
 * neurons vote; told the population's decision as well, more neurons learn faster. */
#include <math.h>
#include <stdlib.h>

#include "paper.h"
#include "paper_draw.h"

enum {
  INPUTS = 50,
  WINDOW = 100 /* ms */,
  PATTERNS = 10,
  LAST = 100 /* decisions */,
  VOTERS_MOST = 31
};

/* Step sizes are the best of 0.003, 0.01 and 0.03 on seeds 0 to 2, each for its condition. */
typedef struct variant {
  int neurons;
  const char *rule;
  float rate;
} variant;

static const char fed[] = "feedback=1 attenuate=1", rewarded[] = "feedback=0 attenuate=0";

static const variant variants[] = {{1, fed, 0.003f},     {7, fed, 0.01f},
                                   {31, fed, 0.01f},     {1, rewarded, 0.03f},
                                   {7, rewarded, 0.01f}, {31, rewarded, 0.01f}};

static const paper_condition conditions[] = {
    {"feedback-1", "-"}, {"feedback-7", "faster"}, {"feedback-31", "faster still"},
    {"reward-1", "-"},   {"reward-7", "slower"},   {"reward-31", "slower still"}};

typedef struct trial {
  const variant *what;
  uint64_t random;
  hd_network *network;
  float *input;       /* [INPUTS] */
  const float *spike; /* [neurons] */
  bool pattern[PATTERNS][WINDOW][INPUTS];
  bool recent[LAST]; /* were the last decisions right? */
} trial;

static hd_status paper_population_build(hd_ctx *ctx, trial *t, uint64_t seed) {
  const hd_population_def population[] = {{.name = "in", .neuron = "input", .n = INPUTS},
                                          {.name = "voters",
                                           .neuron = "lif-escape",
                                           .n = t->what->neurons,
                                           .params = "tau_m=10 r_m=10 rho0=0.02 delta=0.2"}};
  const hd_projection_def projection[] = {
      {"in", "voters", .name = "synapses", .initial = HD_INITIAL_NORMAL, .a = 0.1f, .b = 0.1f,
       .rule = "population-feedback", .rule_params = t->what->rule, .rate = t->what->rate}};
  hd_network_def def = hd_network_def_default();
  def.seed = seed;
  def.population = population, def.n_populations = 2;
  def.projection = projection, def.n_projections = 1;
  return hd_network_create(ctx, &def, &t->network);
}

/* Every pattern has a spike train of 20 Hz for each input. */
static hd_status paper_population_start(trial *t) {
  for (int k = 0; k < PATTERNS * WINDOW * INPUTS; k++) {
    t->pattern[k / (WINDOW * INPUTS)][k / INPUTS % WINDOW][k % INPUTS] =
        paper_draw(&t->random) < 0.02;
  }
  hd_view input, spike;
  HD_TRY(hd_network_view(t->network, "in.value", &input));
  HD_TRY(hd_network_view(t->network, "voters.spike", &spike));
  t->input = input.data, t->spike = spike.data;
  return HD_OK;
}

/* Show a pattern; does the majority fire? */
static hd_status paper_population_decide(trial *t, int pattern, bool *is_yes) {
  bool has_fired[VOTERS_MOST] = {false};
  int votes = 0;
  hd_network_reset_row(t->network, 0);
  for (int ms = 0; ms < WINDOW; ms++) {
    for (int i = 0; i < INPUTS; i++) {
      t->input[i] = t->pattern[pattern][ms][i] ? 1.0f : 0.0f;
    }
    HD_TRY(hd_network_step(t->network, 1));
    for (int j = 0; j < t->what->neurons; j++) {
      has_fired[j] |= t->spike[j] > 0;
    }
  }
  for (int j = 0; j < t->what->neurons; j++) {
    votes += has_fired[j] ? 1 : -1;
  }
  *is_yes = votes >= 0;
  return HD_OK;
}

/* The first decision after which nine of ten of the last hundred were right. */
static void paper_population_note(trial *t, int64_t k, bool is_right, paper_outcome *out) {
  int right = 0;
  t->recent[k % LAST] = is_right;
  for (int i = 0; i < LAST; i++) {
    right += t->recent[i];
  }
  if (!out->has_succeeded && right >= 0.9 * LAST) {
    out->has_succeeded = true;
    out->figure = (double)(k + 1);
  }
}

static hd_status paper_population_learn(trial *t, int64_t length, paper_outcome *out) {
  for (int64_t k = 0; k < length; k++) {
    const int pattern = (int)(PATTERNS * paper_draw(&t->random));
    bool is_yes;
    HD_TRY(paper_population_decide(t, pattern, &is_yes));
    const bool is_right = is_yes == (pattern % 2 == 1);
    const float reward = is_right ? 1.0f : -1.0f;
    HD_TRY(hd_network_signal(t->network, &reward));
    HD_TRY(paper_take(out, k, length, is_right));
    paper_population_note(t, k, is_right, out);
  }
  return HD_OK;
}

static hd_status paper_population_run(hd_ctx *ctx, int condition, uint64_t seed, int64_t length,
                                      paper_outcome *out) {
  trial *t = malloc(sizeof *t);
  if (t == NULL) {
    return HD_NOMEM;
  }
  *t = (trial){.what = &variants[condition], .random = seed};
  out->figure = (double)NAN;
  hd_status status = paper_population_build(ctx, t, seed);
  status = status == HD_OK ? paper_population_start(t) : status;
  status = status == HD_OK ? paper_population_learn(t, length, out) : status;
  hd_network_destroy(t->network);
  free(t);
  return status;
}

const paper paper_population = {
    .name = "population-speed",
    .doc = "What more neurons that vote do for learning, told the reward alone or the decision too",
    .source = "after Urbanczik & Senn 2009",
    .differs =
        "smaller: ten patterns of 50 inputs for 100 ms; the text of the paper was not at hand",
    .success = "nine of ten of the last hundred decisions were right at some time",
    .figure = "decisions until then",
    .unit = "decisions",
    .curve = "share of right decisions",
    .length = 2000,
    .seeds = 20,
    .n_conditions = sizeof conditions / sizeof *conditions,
    .condition = conditions,
    .run = paper_population_run};
