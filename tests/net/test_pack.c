/* A network whose weights are read as bits decides as it does by multiplying, spike for spike. */
#include "isa.h"
#include "twin.h"

static const net_case cases[] = {
    {.coding = "poisson",
     .neuron = "lif",
     .rule = "reparam-mean",
     .n_hidden = 2,
     .hidden = {70, 300},
     .substeps = 8,
     .n_actions = 3},
    {.coding = "poisson",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {33},
     .substeps = 6,
     .taps = 3,
     .n_actions = 2},
    {.coding = "raw",
     .neuron = "lif-escape",
     .rule = "pgcn",
     .n_hidden = 3,
     .hidden = {40, 17, 130},
     .substeps = 7,
     .self_taps = 2,
     .no_bias = true,
     .n_actions = 2,
     .readout = HD_READ_MEMBRANE_LAST},
    {.coding = "poisson",
     .neuron = "lif-escape",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {64},
     .substeps = 12,
     .readout = HD_READ_COUNT,
     .n_actions = 2,
     .action_neurons = 16},
};

enum { STEPS = 6 };

/* Weights of a layer are 0 or +-size. */
static void make_boolean(hd__net *net, float size) {
  for (int l = 0; l < net->n_layers; l++) {
    float *W = net->weights + net->layer[l].in.at;
    for (size_t i = 0; i < net->layer[l].in.n_weights; i++) {
      W[i] = W[i] > 0.3f ? size : W[i] < -0.3f ? -size : 0.0f;
    }
  }
}

static void check_case(const net_case *c, const hd__kernel *kernel, uint64_t seed) {
  hd_ctx *ctx = case_ctx();
  subject dense, packed;
  net_case boolean = *c;
  boolean.is_boolean = true;
  subject_open(&dense, ctx, c, seed, 1.0f);
  subject_open(&packed, ctx, &boolean, seed, 1.0f);
  packed.net.kernel = kernel;
  const float size = seed % 2 ? 2.0f : 0.40625f;
  make_boolean(&dense.net, size);
  make_boolean(&packed.net, size);
  hd__net_pack(&packed.net);
  int n_packed = 0;
  for (int l = 0; l < packed.net.n_layers; l++) {
    CHECK(packed.net.layer[l].is_packed == packed.net.layer[l].in.is_binary);
    n_packed += packed.net.layer[l].is_packed;
  }
  CHECK(n_packed > 0);
  double fired = 0.0;
  for (uint32_t step = 0; step < STEPS; step++) {
    float obs[CASE_BATCH * CASE_OBS];
    hd__random_base draw[CASE_BATCH];
    for (int row = 0; row < CASE_BATCH; row++) {
      draw[row] = hd__random_base_make(seed, (uint64_t)row, step);
      for (int k = 0; k < CASE_OBS; k++) {
        const hd__key key = hd__key_make(seed, HD_STREAM_INIT, 7, step);
        obs[row * CASE_OBS + k] = 2.0f * hd__uniform24(key, (uint32_t)(row * CASE_OBS + k)) - 1.0f;
      }
    }
    const hd__policy policy = {.is_greedy = true, .tau = 1.0f};
    hd__net_decide(&dense.net, CASE_BATCH, obs, draw, &policy, &dense.decision);
    hd__net_decide(&packed.net, CASE_BATCH, obs, draw, &policy, &packed.decision);
    for (int l = 0; l < dense.net.n_layers; l++) {
      const hd__layer *a = &dense.net.layer[l], *b = &packed.net.layer[l];
      const size_t from = hd__at(&dense.net, a, a->onset);
      const size_t n = hd__at(&dense.net, a, dense.net.def.substeps) - from;
      CHECK(memcmp(a->y + from, b->y + from, sizeof(float) * n) == 0);
      for (size_t i = 0; i < n; i++) {
        fired += (double)a->y[from + i];
      }
    }
    CHECK(memcmp(dense.decision.action, packed.decision.action, sizeof(int) * CASE_BATCH) == 0);
  }
  CHECK(fired > 0.0);
  hd__net_unpack(&packed.net);
  CHECK(!packed.net.layer[0].is_packed);
  subject_close(&dense);
  subject_close(&packed);
  hd_ctx_destroy(ctx);
}

static void packed_is_dense(void) {
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
      if (hd__isa_choose(hd__isa_name(isa)) != isa) {
        continue;
      }
      for (uint64_t seed = 1; seed <= 4; seed++) {
        const int before = test_failures;
        check_case(&cases[k], hd__kernel_for(isa), seed);
        if (test_failures != before) {
          printf("  case %d, %s, seed %d\n", (int)k, hd__isa_name(isa), (int)seed);
        }
      }
    }
  }
}

/* Where one weight differs in size nothing is packed, and decisions go on. */
static void other_weights_stay_dense(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  net_case boolean = cases[0];
  boolean.is_boolean = true;
  subject_open(&s, ctx, &boolean, 1, 1.0f);
  hd__net_pack(&s.net);
  CHECK(!s.net.layer[0].is_packed && !s.net.layer[1].is_packed);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(packed_is_dense);
  RUN(other_weights_stay_dense);
  return test_end();
}
