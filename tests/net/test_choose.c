/* From spikes to actions, from actions to gates; and neurons have no numbers. */
#include "twin.h"

static const float obs[CASE_OBS] = {0.8f, -0.6f};
static const hd__policy plain = {.tau = 1}, greedy = {.tau = 1, .is_greedy = true};

/* ---- a fixture whose output spikes are written by hand ---- */

static void open_outputs(subject *s, hd_ctx *ctx, const net_case *c) {
  subject_open(s, ctx, c, 1, 0.0f); /* every p is 1/2 */
  subject_force(s);
  for (int i = 0; i < FORCE_MAX; i++) {
    force[i] = 0.9f;
  }
}

static void fire(const subject *s, int layer_index, int block, int k, int t) {
  const hd__layer *layer = &s->net.layer[layer_index];
  force[layer->noise_at + (uint32_t)(t * layer->n_pad + block * layer->block_stride + k)] = 0.1f;
}

/* How often each action is chosen over many draws of ties. */
static void choices(subject *s, const hd__policy *policy, int share[CASE_ACTIONS_MAX]) {
  memset(share, 0, sizeof(int) * CASE_ACTIONS_MAX);
  for (uint64_t step = 0; step < 3000; step++) {
    hd__net_decide(&s->net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, step)}, policy,
                   &s->decision);
    share[s->decision.action[0]]++;
  }
}

static void most_spikes_win(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  int share[CASE_ACTIONS_MAX];
  open_outputs(&s, ctx,
               &(net_case){.coding = "raw",
                           .neuron = "bernoulli",
                           .rule = "pgcn",
                           .substeps = 3,
                           .readout = HD_READ_COUNT,
                           .n_actions = 3,
                           .action_neurons = 2});
  fire(&s, 0, 0, 2, 0); /* one spike for the second action, two for the third */
  fire(&s, 0, 0, 4, 1);
  fire(&s, 0, 0, 5, 2);
  choices(&s, &plain, share);
  CHECK(share[2] == 3000);
  fire(&s, 0, 0, 3, 2); /* a tie: one half each, within 4 standard errors */
  choices(&s, &plain, share);
  CHECK(share[0] == 0);
  CHECK_NEAR(share[1], 1500, 4 * sqrt(3000 * 0.25));
  choices(&s, &greedy, share);
  CHECK_NEAR(share[1], 1500, 4 * sqrt(3000 * 0.25));
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void networks_have_one_vote_each(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  int share[CASE_ACTIONS_MAX];
  open_outputs(&s, ctx,
               &(net_case){.coding = "raw",
                           .neuron = "bernoulli",
                           .rule = "pgcn",
                           .substeps = 4,
                           .nets = 4,
                           .readout = HD_READ_VOTE,
                           .n_actions = 2});
  for (int t = 0; t < 4; t++) {
    fire(&s, 0, 0, 0, t); /* one network is loud for the first action, */
  }
  fire(&s, 0, 1, 1, 0); /* two whisper for the second, the last is silent */
  fire(&s, 0, 2, 1, 3);
  choices(&s, &plain, share);
  CHECK(share[1] == 3000);
  CHECK(s.net.votes[0] == 1 && s.net.votes[1] == 2);
  fire(&s, 0, 2, 0, 3); /* one of them cannot decide: half a vote each */
  choices(&s, &plain, share);
  CHECK(s.net.votes[0] == 1.5f && s.net.votes[1] == 1.5f);
  CHECK_NEAR(share[1], 1500, 4 * sqrt(3000 * 0.25));
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void the_first_spike_wins(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  int share[CASE_ACTIONS_MAX];
  open_outputs(&s, ctx,
               &(net_case){.coding = "raw",
                           .neuron = "bernoulli",
                           .rule = "pgcn",
                           .substeps = 5,
                           .readout = HD_READ_FIRST,
                           .n_actions = 3});
  fire(&s, 0, 0, 0, 2);
  fire(&s, 0, 0, 0, 3);
  fire(&s, 0, 0, 1, 1);
  choices(&s, &plain, share);
  CHECK(share[1] == 3000);
  fire(&s, 0, 0, 2, 0);
  choices(&s, &plain, share);
  CHECK(share[2] == 3000);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void private_blocks_vote_for_their_action(void) {
  hd_ctx *ctx = case_ctx();
  subject s;
  int share[CASE_ACTIONS_MAX];
  open_outputs(&s, ctx,
               &(net_case){.coding = "raw",
                           .neuron = "bernoulli",
                           .rule = "pgcn",
                           .nets = 2,
                           .is_modular = true,
                           .readout = HD_READ_COUNT,
                           .n_actions = 3});
  fire(&s, 0, 1, 0, 0); /* network 0, action 1 */
  fire(&s, 0, 3, 0, 0); /* network 1, action 0 */
  fire(&s, 0, 4, 0, 0); /* network 1, action 1 */
  choices(&s, &plain, share);
  CHECK(share[1] == 3000);
  CHECK(s.net.logit[0] == 1 && s.net.logit[1] == 2 && s.net.logit[2] == 0);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* ---- softmax ---- */

static void actions_are_drawn_as_the_softmax_says(void) {
  enum { DRAWS = 20000 };
  for (int k = 0; k < 3; k++) {
    const float temperature[] = {1, 0.3f, 5};
    hd_ctx *ctx = case_ctx();
    subject s;
    subject_open(&s, ctx,
                 &(net_case){.coding = "raw",
                             .neuron = "bernoulli",
                             .rule = "pgcn",
                             .n_actions = 4,
                             .temperature = temperature[k]},
                 3, 1.0f);
    int share[4] = {0}, explored[4] = {0}, best = 0;
    for (uint64_t step = 0; step < DRAWS; step++) {
      hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, step)}, &plain,
                     &s.decision);
      share[s.decision.action[0]]++;
      hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, step)},
                     &(hd__policy){.tau = 1, .epsilon = 0.4f}, &s.decision);
      explored[s.decision.action[0]]++;
    }
    double sum = 0;
    for (int a = 0; a < 4; a++) {
      sum += exp((double)s.net.logit[a] / (double)temperature[k]);
      best = s.net.logit[a] > s.net.logit[best] ? a : best;
    }
    for (int a = 0; a < 4; a++) {
      const double p = exp((double)s.net.logit[a] / (double)temperature[k]) / sum;
      const double mixed = 0.6 * p + 0.1;
      CHECK_NEAR((double)s.net.pi[a], p, 1e-6);
      CHECK_NEAR(share[a] / (double)DRAWS, p, 4 * sqrt(p * (1 - p) / DRAWS));
      CHECK_NEAR(explored[a] / (double)DRAWS, mixed, 4 * sqrt(mixed * (1 - mixed) / DRAWS));
    }
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &greedy,
                   &s.decision);
    CHECK(s.decision.action[0] == best);
    subject_close(&s);
    hd_ctx_destroy(ctx);
  }
}

/* ---- gates ---- */

/* The score times the gate: +1 where the output neuron fired for the action taken or was silent
 * about another, else -1; of a hidden neuron, its block's first output, or in a shared block the
 * first output of the action taken. asym: +1 for every output of the action taken. */
static void gates_multiply_the_score(void) {
  static const char *const rules[] = {"pgcn", "pgcn-agree", "pgcn-agree-asym"};
  for (int is_modular = 0; is_modular < 2; is_modular++) {
    for (int rule = 1; rule < 3; rule++) {
      hd_ctx *ctx = case_ctx();
      net_case c = {.coding = "raw",
                    .neuron = "ising",
                    .rule = rules[0],
                    .n_hidden = 1,
                    .hidden = {4},
                    .nets = 2,
                    .is_modular = is_modular,
                    .substeps = 2,
                    .readout = HD_READ_COUNT,
                    .n_actions = 3,
                    .action_neurons = 2};
      subject free_one, gated;
      subject_open(&free_one, ctx, &c, 4, 0.7f);
      c.rule = rules[rule];
      subject_open(&gated, ctx, &c, 4, 0.7f);
      int n_minus = 0;
      for (uint64_t step = 0; step < 20; step++) {
        const hd__random_base draw = hd__random_base_make(0, 0, step);
        hd__net_decide(&free_one.net, 1, obs, &draw, &plain, &free_one.decision);
        hd__net_decide(&gated.net, 1, obs, &draw, &plain, &gated.decision);
        const int action = free_one.decision.action[0];
        CHECK(gated.decision.action[0] == action);
        hd__net_factors(&free_one.net, &plain, &free_one.decision);
        hd__net_factors(&gated.net, &plain, &gated.decision);
        const hd__layer *out = &free_one.net.layer[1], *hidden = &free_one.net.layer[0];
        for (int block = 0; block < out->n_block; block++) {
          for (int k = out->per_block - 1; k >= 0; k--) {
            const int lane = block * out->block_stride + k, a = is_modular ? block % 3 : k / 2;
            bool fired = false;
            for (int t = 0; t < 2; t++) {
              fired |= out->b[t * out->n_pad + lane] > 0;
            }
            const bool is_taken = a == action;
            const float gate = (rule == 2 && is_taken) || fired == is_taken ? 1.0f : -1.0f;
            n_minus += gate < 0;
            for (int t = 0; t < 2; t++) {
              CHECK(gated.decision.part[1].g[t * out->n_pad + lane] ==
                    gate * free_one.decision.part[1].g[t * out->n_pad + lane]);
            }
            if (is_modular ? k == 0 : k == action * 2) {
              for (int i = 0; i < 4; i++) {
                const int at = block * hidden->block_stride + i;
                CHECK(gated.decision.part[0].g[at] == gate * free_one.decision.part[0].g[at]);
              }
            }
          }
        }
      }
      CHECK(n_minus > 10);
      subject_close(&free_one);
      subject_close(&gated);
      hd_ctx_destroy(ctx);
    }
  }
}

/* ---- permutation ---- */

enum { HIDDEN = 6 };
static const int order[HIDDEN] = {3, 0, 5, 1, 4, 2};

/* Move hidden neuron k to order[k]: its weights in and out. */
static void permute(const subject *from, const float *x, float *y) {
  const hd__wiring *in = &from->net.layer[0].in, *out = &from->net.linear;
  memcpy(y, x, sizeof(float) * from->net.n_weights);
  for (int k = 0; k < HIDDEN; k++) {
    for (int i = 0; i < in->n_x; i++) {
      y[in->at + (size_t)(in->is_rows ? i * in->n_post + order[k] : order[k] * in->x_stride + i)] =
          x[in->at + (size_t)(in->is_rows ? i * in->n_post + k : k * in->x_stride + i)];
    }
    for (int a = 0; a < from->net.def.n_actions; a++) {
      y[out->at + (size_t)(a * out->x_stride + order[k])] =
          x[out->at + (size_t)(a * out->x_stride + k)];
    }
  }
}

/* A network whose hidden neurons change places, draws and all, fires the same spikes in other
 * places, acts alike, and learns the same weights in other places. */
static void neurons_have_no_numbers(void) {
  static const char *const rules[] = {"pgcn", "reparam-st"};
  for (int rule = 0; rule < 2; rule++) {
    hd_ctx *ctx = case_ctx();
    const net_case c = {.coding = "raw",
                        .neuron = "ising",
                        .rule = rules[rule],
                        .n_hidden = 1,
                        .hidden = {HIDDEN},
                        .substeps = 3,
                        .n_actions = 3};
    subject one, two;
    subject_open(&one, ctx, &c, 6, 0.7f);
    subject_open(&two, ctx, &c, 6, 0.7f);
    subject_force(&one);
    subject_force(&two);
    permute(&one, one.net.weights, two.net.weights);
    float *want = malloc(sizeof(float) * one.net.n_weights);
    const int n_pad = one.net.layer[0].n_pad;
    for (uint64_t step = 0; step < 300; step++) {
      const hd__random_base draw = hd__random_base_make(0, 0, step);
      for (uint32_t i = 0; i < FORCE_MAX; i++) {
        force[i] = hd__uniform16(hd__key_make(8, HD_STREAM_SPIKE, 0, step), i);
      }
      hd__net_decide(&one.net, 1, obs, &draw, &plain, &one.decision);
      float moved[3 * HIDDEN];
      for (int t = 0; t < 3; t++) {
        for (int k = 0; k < HIDDEN; k++) {
          moved[t * HIDDEN + order[k]] = force[t * n_pad + k];
        }
      }
      for (int t = 0; t < 3; t++) {
        memcpy(force + t * n_pad, moved + t * HIDDEN, sizeof(float) * HIDDEN);
      }
      hd__net_decide(&two.net, 1, obs, &draw, &plain, &two.decision);
      CHECK(one.decision.action[0] == two.decision.action[0]);
      for (int k = 0; k < HIDDEN; k++) {
        CHECK(one.net.layer[0].spikes[k] == two.net.layer[0].spikes[order[k]]);
      }
      const float reward = one.decision.action[0] == (int)(step % 3) ? 0.05f : -0.02f;
      hd__net_factors(&one.net, &plain, &one.decision);
      hd__net_factors(&two.net, &plain, &two.decision);
      hd__net_add(&one.net, &one.decision, 1, (float[]){reward},
                  (hd__weighing){.hidden = 1, .readout = 1}, one.net.weights);
      hd__net_add(&two.net, &two.decision, 1, (float[]){reward},
                  (hd__weighing){.hidden = 1, .readout = 1}, two.net.weights);
    }
    permute(&one, one.net.weights, want);
    for (size_t i = 0; i < one.net.n_weights; i++) {
      /* Sums over hidden neurons run in another order: rounding, 300 updates long. */
      CHECK_NEAR((double)two.net.weights[i], (double)want[i], 2e-5);
    }
    free(want);
    subject_close(&one);
    subject_close(&two);
    hd_ctx_destroy(ctx);
  }
}

int main(void) {
  RUN(most_spikes_win);
  RUN(networks_have_one_vote_each);
  RUN(the_first_spike_wins);
  RUN(private_blocks_vote_for_their_action);
  RUN(actions_are_drawn_as_the_softmax_says);
  RUN(gates_multiply_the_score);
  RUN(neurons_have_no_numbers);
  return test_end();
}
