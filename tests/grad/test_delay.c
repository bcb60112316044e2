/* Delays between layers: a spike arrives when it should, and learns when it should. That
 * the gradients are right is shown in test_differences and test_plain_stack. */
#include "grads.h"

enum { T = 8, M = 5 };

static const double rounded = 1e-6; /* of a delay up to 5: a logit and its sigmoid, in floats */

/* Two neurons that fire with their input, and one that hears both. */
static hd__stack_def pair_above_one(int substeps) {
  return (hd__stack_def){
      .n_in = 2,
      .has_timed_input = true,
      .n_layers = 2,
      .width = {2, 1},
      .n_out = 1,
      .T = substeps,
      .max_delay = M,
      .cell = {.surrogate = HD_SURROGATE_ATAN, .slope = 1.0f},
      .beta = 0.1f,
      .gain = 1.0f,
      .theta = 0.5f,
      .readout = HD_STACK_MEMBRANE_LAST,
      .membrane_tau = 3.0f,
  };
}

static void set_delay(rig *g, int j, float d) {
  g->weights[g->stack.layer[0].delay + (size_t)j] = logf(d / ((float)M - d));
}

/* Weights of 2 into the pair, of `w` from it. */
static void open_pair(rig *g, int substeps, int decisions, float w) {
  const hd__stack_def def = pair_above_one(substeps);
  rig_open(g, &def, hd__kernel_for(HD_ISA_SCALAR), 1, decisions);
  hd__stack_start(&g->stack, 1, 0, g->weights, g->statistics);
  for (int j = 0; j < 2; j++) {
    g->weights[g->stack.layer[0].W + (size_t)(j * HD_LANES + j)] = 2.0f;
    g->weights[g->stack.layer[1].W + (size_t)(j * HD_LANES)] = w;
  }
  g->weights[g->stack.W] = 1.0f;
}

static float pass_through(rig *g, bool has_state) {
  const hd__pass pass = {.rows = 1,
                         .decisions = g->decisions,
                         .x = g->x,
                         .x_stride = g->stack.in_pad,
                         .fresh = has_state ? g->fresh : NULL,
                         .state = has_state ? g->state : NULL,
                         .is_kept = true,
                         .out = g->out};
  hd__stack_prepare(&g->stack, g->weights, g->statistics, &g->prepared);
  hd__stack_forward(&g->stack, &g->prepared, &g->tape, &pass);
  memset(g->G, 0, sizeof(float) * g->stack.n_weights);
  g->g_out[0] = -1.0f; /* more output is less loss */
  hd__stack_backward(&g->stack, &g->prepared, &g->tape, &pass, g->g_out, g->G, NULL);
  hd__stack_finish(&g->stack, &g->prepared, g->G);
  return g->out[0];
}

/* What the upper neuron hears of neuron j. */
static double heard(const rig *g, int t, int j) {
  return (double)g->tape.layer[0].late[t * HD_LANES + j];
}

/* A spike at substep 1 is heard at 1 + k and 2 + k, in shares of 1 - f and f. */
static void a_spike_arrives_late(void) {
  rig g;
  open_pair(&g, T, 1, 0.1f);
  g.x[1 * g.stack.in_pad + 0] = 1.0f;
  for (float d = 0.1f; d < (float)M; d += 0.3f) {
    set_delay(&g, 0, d);
    pass_through(&g, false);
    double sum = 0, when = 0;
    for (int t = 0; t < T; t++) {
      sum += heard(&g, t, 0);
      when += t * heard(&g, t, 0);
      CHECK(heard(&g, t, 0) == 0 || fabs(t - 1 - (double)d) < 1);
      CHECK(heard(&g, t, 1) == 0);
    }
    CHECK_NEAR(sum, 1, rounded);
    CHECK_NEAR(when, 1 + (double)d, rounded);
  }
  rig_close(&g);
}

/* What is on its way when a decision ends arrives in the next, in this pass or the one after,
 * unless that begins anew. */
static void spikes_travel_between_decisions(void) {
  for (int way = 0; way < 3; way++) {
    rig g;
    open_pair(&g, T, way == 0 ? 1 : 2, 0.1f);
    set_delay(&g, 0, 3.25f);
    g.x[(T - 1) * g.stack.in_pad] = 1.0f;
    g.fresh[0] = true;
    if (way == 0) {
      pass_through(&g, true);
      memset(g.x, 0, sizeof(float) * rig_x_size(&g));
      g.fresh[0] = false;
      pass_through(&g, true);
    } else {
      g.fresh[1] = way == 2;
      pass_through(&g, true);
    }
    const int at = way == 0 ? 0 : T; /* where the second decision begins */
    CHECK_NEAR(heard(&g, at + 2, 0), way == 2 ? 0 : 0.75, rounded);
    CHECK_NEAR(heard(&g, at + 3, 0), way == 2 ? 0 : 0.25, rounded);
    rig_close(&g);
  }
}

/* A delay may outlast a decision: of two substeps each, the next two passes go through two. */
static void spikes_travel_for_several_decisions(void) {
  rig g;
  open_pair(&g, 2, 2, 0.1f);
  set_delay(&g, 0, 4.25f);
  g.x[g.stack.in_pad] = 1.0f;
  g.fresh[0] = true;
  pass_through(&g, true);
  memset(g.x, 0, sizeof(float) * rig_x_size(&g));
  g.fresh[0] = false;
  pass_through(&g, true);
  for (int t = 0; t < 4; t++) {
    CHECK_NEAR(heard(&g, t, 0), t == 1 ? 0.75 : t == 2 ? 0.25 : 0, rounded);
  }
  rig_close(&g);
}

/* The readout is a membrane that leaks, so a spike counts the more the later it comes,
 * but not after the last substep: wherever it sets out, it learns to arrive at 7. */
static void spikes_learn_to_be_in_time(void) {
  for (int start = 3; start <= 6; start++) {
    rig g;
    open_pair(&g, T, 1, 1.0f);
    g.x[start * g.stack.in_pad] = 1.0f;
    set_delay(&g, 0, 0.4f);
    float *weight = g.weights + g.stack.layer[0].delay;
    for (int step = 0; step < 1000; step++) { /* half as many are enough */
      pass_through(&g, false);
      *weight -= g.G[g.stack.layer[0].delay];
    }
    /* Half a spike is enough to be heard. */
    CHECK_NEAR((double)((float)M * g.prepared.layer[0].share[0]), 7 - start, 0.5);
    rig_close(&g);
  }
}

int main(void) {
  RUN(a_spike_arrives_late);
  RUN(spikes_travel_between_decisions);
  RUN(spikes_travel_for_several_decisions);
  RUN(spikes_learn_to_be_in_time);
  return test_end();
}
