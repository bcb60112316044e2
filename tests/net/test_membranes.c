/* Layers of membranes run all their substeps at once. They do what the same neurons do one substep
 * after another, to the bit, and decide alike whether anybody will learn from it or not. */
#include "isa.h"
#include "twin.h"

static const net_case cases[] = {
    {.coding = "raw",
     .neuron = "lif",
     .rule = "reparam-mean",
     .n_hidden = 1,
     .hidden = {64},
     .substeps = 4,
     .n_actions = 2},
    {.coding = "poisson",
     .neuron = "lif",
     .rule = "reparam-mean",
     .n_hidden = 3,
     .hidden = {70, 300, 33},
     .substeps = 8,
     .n_actions = 3,
     .readout = HD_READ_MEMBRANE_MEAN,
     .set = {"t_ref", "v_rest"},
     .value = {2.0f, -0.2f}},
    {.coding = "raw",
     .neuron = "if",
     .rule = "reparam-mean",
     .n_hidden = 2,
     .hidden = {16, 20},
     .substeps = 7,
     .no_bias = true,
     .n_actions = 2,
     .readout = HD_READ_MEMBRANE_LAST,
     .set = {"reset", "v_reset"},
     .value = {0.0f, -0.3f}},
    {.coding = "onehot",
     .is_finite = true,
     .neuron = "cuba",
     .rule = "reparam-mean",
     .n_hidden = 2,
     .hidden = {65, 10},
     .substeps = 5,
     .n_actions = 2,
     .readout = HD_READ_MEMBRANE_MAX},
    {.coding = "poisson",
     .neuron = "alif",
     .rule = "reparam-mean",
     .n_hidden = 2,
     .hidden = {30, 40},
     .substeps = 9,
     .taps = 2,
     .n_actions = 2},
    {.coding = "raw",
     .neuron = "lif",
     .rule = "node-perturbation",
     .n_hidden = 2,
     .hidden = {24, 24},
     .substeps = 6,
     .n_actions = 3,
     .action_neurons = 5,
     .nets = 2,
     .readout = HD_READ_COUNT},
};

enum { STEPS = 40, WAYS = 3 };

/* Ways of a decision: nobody learns from it; somebody will; the same, substep by substep. */
static void decide(subject s[WAYS], uint64_t seed, uint32_t step) {
  float obs[CASE_BATCH * CASE_OBS];
  hd__random_base draw[CASE_BATCH];
  for (int row = 0; row < CASE_BATCH; row++) {
    draw[row] = hd__random_base_make(seed, (uint64_t)row, step);
    for (int k = 0; k < CASE_OBS; k++) {
      const hd__key key = hd__key_make(seed, HD_STREAM_INIT, 7, step);
      const float u = hd__uniform24(key, (uint32_t)(row * CASE_OBS + k));
      obs[row * CASE_OBS + k] =
          s[0].net.def.code.def.env == &case_finite_env ? (float)(int)(u * 2.0f) : 2.0f * u - 1.0f;
    }
  }
  const int rows = 1 + (int)(step % CASE_BATCH); /* batches of any size */
  for (int way = 0; way < WAYS; way++) {
    const hd__policy policy = {.is_greedy = true, .is_bare = way == 0, .tau = 1.0f};
    hd__net_decide(&s[way].net, rows, obs, draw, &policy, &s[way].decision);
  }
}

static bool is_same(const hd__net *a, const hd__net *b, const float *x, const float *y, int l) {
  const hd__layer *layer = &a->layer[l];
  const size_t from = hd__at(a, layer, layer->onset), end = hd__at(a, layer, a->def.substeps);
  HD_ASSERT(a->rows == b->rows);
  for (size_t i = from; i < end; i++) {
    if (layer->live[i % (size_t)layer->n_pad] > 0.0f && x[i] != y[i]) {
      return false;
    }
  }
  return true;
}

static void compare(const subject s[WAYS]) {
  const hd__net *bare = &s[0].net, *run = &s[1].net, *steps = &s[2].net;
  for (int l = 0; l < run->n_layers; l++) {
    const hd__layer *a = &run->layer[l], *b = &steps->layer[l];
    CHECK(is_same(run, steps, a->b, b->b, l) && is_same(run, steps, a->gain, b->gain, l));
    const size_t size = sizeof(float) * (size_t)a->n_pad;
    CHECK(memcmp(a->spikes, b->spikes, size) == 0);
    CHECK(memcmp(bare->layer[l].spikes, b->spikes, size) == 0);
  }
  for (int row = 0; row < run->rows; row++) {
    CHECK(s[0].decision.action[row] == s[2].decision.action[row]);
    CHECK(s[1].decision.action[row] == s[2].decision.action[row]);
    for (int a = 0; a < run->def.n_actions && run->has_linear; a++) {
      const int at = row * HD_PAD(run->def.n_actions) + a;
      CHECK(bare->logit[at] == steps->logit[at] && run->logit[at] == steps->logit[at]);
    }
  }
}

static void check_case(const net_case *c, const hd__kernel *kernel, uint64_t seed) {
  hd_ctx *ctx = case_ctx();
  subject s[WAYS];
  for (int way = 0; way < WAYS; way++) {
    subject_open(&s[way], ctx, c, seed, seed % 2 ? 0.5f : 2.0f);
    s[way].net.kernel = kernel;
    for (int l = 0; l < s[way].net.n_layers; l++) {
      CHECK(s[way].net.layer[l].is_cells);
      s[way].net.layer[l].is_cells = way < 2;
    }
  }
  for (uint32_t step = 0; step < STEPS; step++) {
    decide(s, seed, step);
    compare(s);
  }
  float fired = 0.0f;
  for (int j = 0; j < s[0].net.layer[0].n_pad; j++) {
    fired += s[0].net.layer[0].spikes[j];
  }
  CHECK(fired > 0.0f);
  for (int way = 0; way < WAYS; way++) {
    subject_close(&s[way]);
  }
  hd_ctx_destroy(ctx);
}

static void runs_are_substeps(void) {
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
      for (uint64_t seed = 1; seed <= 4 && hd__isa_choose(hd__isa_name(isa)) == isa; seed++) {
        const int before = test_failures;
        check_case(&cases[k], hd__kernel_for(isa), seed);
        if (test_failures != before) {
          printf("  case %d, %s, seed %d\n", (int)k, hd__isa_name(isa), (int)seed);
        }
      }
    }
  }
}

/* A neuron that sees its own spikes goes substep by substep, and so do synapses that release. */
static void others_take_their_steps(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  net_case own = cases[0];
  own.self_taps = 1;
  subject_open(&s, ctx, &own, 1, 1.0f);
  CHECK(!s.net.layer[0].is_cells);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(runs_are_substeps);
  RUN(others_take_their_steps);
  return test_end();
}
