/* A batch decides as its rows would alone, bit for bit, and is learned from alike. */
#include "twin.h"

static const net_case cases[] = {
    {.coding = "raw",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {20},
     .substeps = 4,
     .n_actions = 3},
    {.coding = "raw",
     .neuron = "ising",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {5},
     .n_actions = 2},
    {.coding = "gauss",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 2,
     .hidden = {20, 17},
     .substeps = 5,
     .taps = 2,
     .n_actions = 2},
    {.coding = "raw",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {9},
     .substeps = 3,
     .readout = HD_READ_COUNT,
     .n_actions = 2,
     .action_neurons = 8},
    {.coding = "raw",
     .neuron = "lif-escape",
     .rule = "pgcn",
     .n_hidden = 2,
     .hidden = {6, 4},
     .substeps = 6,
     .self_taps = 2,
     .n_actions = 2},
    {.coding = "poisson",
     .neuron = "bernoulli",
     .rule = "reparam-st",
     .n_hidden = 2,
     .hidden = {6, 18},
     .substeps = 5,
     .taps = 3,
     .n_basis = 2,
     .n_actions = 3},
    {.coding = "raw",
     .neuron = "ising",
     .rule = "reparam-soft",
     .n_hidden = 1,
     .hidden = {6},
     .substeps = 3,
     .n_actions = 2,
     .readout = HD_READ_MEMBRANE_LAST},
    {.coding = "raw",
     .neuron = "bernoulli",
     .rule = "reparam-mean",
     .n_hidden = 1,
     .hidden = {33},
     .substeps = 4,
     .n_actions = 2,
     .readout = HD_READ_MEMBRANE_MAX},
    {.coding = "raw",
     .neuron = "lif",
     .rule = "reparam-mean",
     .n_hidden = 1,
     .hidden = {8},
     .substeps = 5,
     .n_actions = 4,
     .readout = HD_READ_MEMBRANE_MEAN},
    {.coding = "tiles",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {7},
     .substeps = 3,
     .n_actions = 2},
    {.coding = "tiles",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {7},
     .substeps = 3,
     .self_taps = 1,
     .n_actions = 2},
    {.coding = "tiles", .neuron = "ising", .rule = "pgcn", .no_bias = true, .n_actions = 3},
    {.coding = "raw",
     .neuron = "ising",
     .rule = "pgcn-agree",
     .n_hidden = 1,
     .hidden = {6},
     .substeps = 2,
     .nets = 3,
     .is_modular = true,
     .readout = HD_READ_VOTE,
     .n_actions = 2},
    {.coding = "raw",
     .neuron = "bernoulli",
     .rule = "pgcn-agree-asym",
     .n_hidden = 2,
     .hidden = {6, 5},
     .substeps = 4,
     .taps = 2,
     .nets = 2,
     .readout = HD_READ_FIRST,
     .n_actions = 3},
    {.coding = "raw",
     .neuron = "ising",
     .rule = "pgcn",
     .n_hidden = 2,
     .hidden = {18, 5},
     .n_actions = 3,
     .settle = HD_SETTLE_GIBBS,
     .settle_rounds = 3},
    {.coding = "tiles",
     .neuron = "bernoulli",
     .rule = "pgcn",
     .n_hidden = 1,
     .hidden = {6},
     .readout = HD_READ_COUNT,
     .n_actions = 2,
     .action_neurons = 3,
     .settle = HD_SETTLE_MEAN_FIELD,
     .settle_rounds = 3},
};

enum { N_CASES = sizeof cases / sizeof cases[0], ROUNDS = 20 };

static bool are_same(const float *x, const float *y, size_t n) {
  return memcmp(x, y, sizeof(float) * n) == 0;
}

/* Row `row` of a part of the batch, and the same part of the lone decision. */
static bool part_is_same(const hd__net *net, int k, const hd__part *batch, int row,
                         const hd__part *alone) {
  const bool is_layer = k < net->n_layers;
  const hd__wiring *w = is_layer ? &net->layer[k].in : &net->linear;
  const size_t slices = (size_t)w->n_kept, rows = CASE_BATCH;
  const size_t copies =
      !is_layer && net->def.readout == HD_READ_MEMBRANE_MAX ? (size_t)net->def.n_actions : 1;
  const size_t n_x = copies * (size_t)(w->n_block * w->x_stride);
  const size_t n_g = (size_t)(is_layer ? net->layer[k].n_pad : HD_PAD(net->def.n_actions));
  bool is_same = true;
  for (size_t s = 0; s < slices; s++) {
    const size_t at = s * rows + (size_t)row;
    is_same &= batch->x == NULL || are_same(batch->x + at * n_x, alone->x + s * n_x, n_x);
    is_same &= are_same(batch->g + at * n_g, alone->g + s * n_g, n_g);
  }
  const size_t n_lines = (size_t)(net->def.code.n_active + net->def.has_bias);
  return is_same && (batch->line == NULL || memcmp(batch->line + row * (net->def.code.n_active + 1),
                                                   alone->line, sizeof(int32_t) * n_lines) == 0);
}

static void compare(hd_ctx *ctx, const net_case *c, uint64_t round) {
  subject many, one;
  subject_open(&many, ctx, c, round, 2.0f);
  subject_open(&one, ctx, c, round, 2.0f);
  const hd__policy policy = {
      .tau = 0.7f, .epsilon = 0.2f, .is_relaxed = strcmp(c->rule, "reparam-soft") == 0};
  float obs[CASE_BATCH * CASE_OBS];
  hd__random_base draw[CASE_BATCH];
  for (uint32_t row = 0; row < CASE_BATCH; row++) {
    draw[row] = hd__random_base_make(round, row, 3 * round + row);
    for (uint32_t d = 0; d < CASE_OBS; d++) {
      const hd__key key = hd__key_make(round, HD_STREAM_ENV, row, d);
      obs[row * CASE_OBS + d] = 2 * hd__uniform24(key, 0) - 1;
    }
  }
  hd__net_decide(&many.net, CASE_BATCH, obs, draw, &policy, &many.decision);
  hd__net_factors(&many.net, &policy, &many.decision);
  const size_t n = one.net.n_weights;
  double *sum = calloc(n, sizeof *sum);
  float *row_alone = aligned_alloc(64, sizeof(float) * HD_PAD(n));
  static const float scale[CASE_BATCH] = {0.5f, -2.0f, 1.25f};
  for (int row = 0; row < CASE_BATCH; row++) {
    hd__net_decide(&one.net, 1, obs + row * CASE_OBS, &draw[row], &policy, &one.decision);
    hd__net_factors(&one.net, &policy, &one.decision);
    CHECK(one.decision.action[0] == many.decision.action[row]);
    for (int k = 0; k < one.net.n_parts; k++) {
      CHECK(part_is_same(&one.net, k, &many.decision.part[k], row, &one.decision.part[k]));
    }
    memset(one.E, 0, sizeof(float) * n);
    memset(row_alone, 0, sizeof(float) * HD_PAD(n));
    hd__net_add(&one.net, &one.decision, 1, (float[]){1},
                (hd__weighing){.hidden = 1, .readout = 0.5f}, one.E);
    hd__net_add_row(&many.net, &many.decision, row, true,
                    (hd__weighing){.hidden = 1, .readout = 0.5f}, row_alone);
    CHECK(are_same(one.E, row_alone, n));
    for (size_t i = 0; i < n; i++) {
      sum[i] += (double)scale[row] * (double)one.E[i];
    }
  }
  memset(many.E, 0, sizeof(float) * n);
  hd__net_add(&many.net, &many.decision, 1, scale, (hd__weighing){.hidden = 1, .readout = 0.5f},
              many.E);
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    CHECK_NEAR((double)many.E[i], sum[i], 1e-5 * (1 + fabs(sum[i])));
    largest = fabs(sum[i]) > largest ? fabs(sum[i]) : largest;
  }
  CHECK(largest > 0);
  free(sum);
  free(row_alone);
  subject_close(&many);
  subject_close(&one);
}

static void rows_never_meet(void) {
  hd_ctx *ctx = case_ctx();
  for (int c = 0; c < N_CASES; c++) {
    for (uint64_t round = 1; round <= ROUNDS; round++) {
      const int before = test_failures;
      compare(ctx, &cases[c], round);
      if (test_failures > before) {
        printf("  in case %d\n", c);
        break;
      }
    }
  }
  hd_ctx_destroy(ctx);
}

/* Agents in one pass do what the separate steps do. */
static void agents_are_the_steps_in_one(void) {
  hd_ctx *ctx = case_ctx();
  int n_agents = 0;
  for (int c = 0; c < N_CASES; c++) {
    for (uint64_t round = 1; round <= ROUNDS; round++) {
      subject fast, slow;
      subject_open(&fast, ctx, &cases[c], round, 3.0f);
      subject_open(&slow, ctx, &cases[c], round, 3.0f);
      hd__layer *layer = &fast.net.layer[0];
      if (fast.net.n_layers == 1 && layer->is_agents) {
        n_agents++;
        slow.net.layer[0].is_agents = false;
        float obs[CASE_BATCH * CASE_OBS];
        hd__random_base draw[CASE_BATCH];
        for (uint32_t i = 0; i < CASE_BATCH; i++) {
          draw[i] = hd__random_base_make(round, i, 0);
          obs[2 * i] = 1.0f - (float)i;
          obs[2 * i + 1] = 0.3f * (float)round - 3.0f;
        }
        const hd__policy policy = {.tau = 1};
        hd__net_decide(&fast.net, CASE_BATCH, obs, draw, &policy, &fast.decision);
        hd__net_factors(&fast.net, &policy, &fast.decision);
        hd__net_decide(&slow.net, CASE_BATCH, obs, draw, &policy, &slow.decision);
        hd__net_factors(&slow.net, &policy, &slow.decision);
        const size_t n = (size_t)(CASE_BATCH * layer->n_pad);
        CHECK(are_same(fast.decision.part[0].g, slow.decision.part[0].g, n));
        CHECK(are_same(layer->y, slow.net.layer[0].y, n));
        CHECK(are_same(layer->p, slow.net.layer[0].p, n));
        CHECK(are_same(layer->spikes, slow.net.layer[0].spikes, (size_t)layer->n_pad));
        CHECK(memcmp(fast.decision.action, slow.decision.action, sizeof(int) * CASE_BATCH) == 0);
      }
      subject_close(&fast);
      subject_close(&slow);
    }
  }
  CHECK(n_agents >= 2 * ROUNDS);
  hd_ctx_destroy(ctx);
}

/* Whether spikes are visited one by one or multiplied changes no bit. */
static void events_change_nothing(void) {
  static const net_case quiet = {.coding = "poisson",
                                 .neuron = "bernoulli",
                                 .rule = "pgcn",
                                 .n_hidden = 2,
                                 .hidden = {40, 70},
                                 .substeps = 3,
                                 .n_actions = 2};
  hd_ctx *ctx = case_ctx();
  const hd__policy policy = {.tau = 1};
  static const float scale[CASE_BATCH] = {0.5f, -2.0f, 1.25f};
  int n_few = 0;
  for (uint64_t round = 1; round <= ROUNDS; round++) {
    subject few, many;
    subject_open(&few, ctx, &quiet, round, 1.0f);
    subject_open(&many, ctx, &quiet, round, 1.0f);
    const size_t n = few.net.n_weights;
    float obs[CASE_BATCH * CASE_OBS];
    hd__random_base draw[CASE_BATCH];
    for (uint32_t i = 0; i < CASE_BATCH; i++) {
      draw[i] = hd__random_base_make(round, i, 0);
      obs[2 * i] = obs[2 * i + 1] = 0.1f * (float)i - 0.8f;
    }
    for (int l = 0; l < many.net.n_layers; l++) {
      many.net.layer[l].busy_for = 1000;
    }
    hd__net_decide(&few.net, CASE_BATCH, obs, draw, &policy, &few.decision);
    hd__net_decide(&many.net, CASE_BATCH, obs, draw, &policy, &many.decision);
    hd__net_factors(&few.net, &policy, &few.decision);
    hd__net_factors(&many.net, &policy, &many.decision);
    for (int l = 0; l < few.net.n_layers; l++) {
      CHECK(!many.decision.part[l].has_few);
      n_few += few.decision.part[l].has_few;
    }
    memset(few.E, 0, sizeof(float) * n);
    memset(many.E, 0, sizeof(float) * n);
    hd__net_add(&few.net, &few.decision, 1, scale, (hd__weighing){.hidden = 1, .readout = 1},
                few.E);
    hd__net_add(&many.net, &many.decision, 1, scale, (hd__weighing){.hidden = 1, .readout = 1},
                many.E);
    CHECK(are_same(few.E, many.E, n));
    subject_close(&few);
    subject_close(&many);
  }
  CHECK(n_few >= ROUNDS);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(rows_never_meet);
  RUN(events_change_nothing);
  RUN(agents_are_the_steps_in_one);
  return test_end();
}
