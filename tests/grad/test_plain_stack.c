/* The stack against its plain form, to the bit: every kind of cell, shapes that fill no vector,
 * every instruction set. */
#include "grads.h"

/* In float: the numbers that the library must find, to the bit. */
#define REAL float
#define PLAIN(name) plain_##name
#define PLAIN_SPIKE(cell, x) ((x) >= 0.0f ? 1.0f : 0.0f)
#define PLAIN_FIRED(cell, x) ((x) >= 0.0f)
#define PLAIN_SLOPE(cell, x) hd__surrogate_of((cell)->surrogate, (cell)->slope, x)
#define PLAIN_SIGMOID(x) hd__sigmoidf(x)
#define PLAIN_TANH(x) hd__tanhf(x)
#define PLAIN_SQRT(x) hd__sqrtf(x)
#include "plain_stack.h"

enum { ROUNDS = 6 };

static plain_net net;
static int64_t fired, could; /* what the plain networks did */

static bool is_same(const char *what, const float *got, const float *want, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (got[i] != want[i]) {
      printf("  %s[%zu] = %.9g, plain %.9g\n", what, i, (double)got[i], (double)want[i]);
      return false;
    }
  }
  return true;
}

static float *copy_of(const float *x, size_t n) {
  float *copy = calloc(n + 1, sizeof *copy);
  memcpy(copy, x, n * sizeof *copy);
  return copy;
}

/* Zeros and ones in place of the input, three of ten, six of ten, or three of ten and at the end a
 * number that is neither. */
static void turn_into_bits(rig *g, uint32_t seed) {
  const int n_in = g->stack.def.n_in, stride = g->stack.in_pad;
  const size_t size = rig_x_size(g);
  for (size_t i = 0; i < size; i++) {
    if ((int)(i % (size_t)stride) < n_in) {
      g->x[i] = g->x[i] > (seed % 3 == 0 ? -0.2f : 0.4f) ? 1.0f : 0.0f;
    }
  }
  if (seed % 3 == 1) {
    g->x[size - (size_t)(stride - n_in) - 1] = 0.5f;
  }
}

/* G is added to: begin with something in it. */
static void start_gradient(const rig *g, float *G) {
  for (int l = 0; l < g->stack.def.n_layers; l++) {
    const hd__stack_layer *at = &g->stack.layer[l];
    spread(G + at->W, at->n_pre, at->n, at->n_pad, -1, 1, 9);
  }
  spread(G + g->stack.bias, 1, g->stack.def.n_out, g->stack.def.n_out, -1, 1, 10);
}

/* What a pass is given and asked for; pointers are to the first row. */
typedef struct ask {
  const bool *fresh;
  float *state, *g_state;
  bool has_back;
  float *G, *g_x;
} ask;

/* Rows [from, from + rows) through the library. */
static void go(rig *g, int from, int rows, const ask *to) {
  const hd__stack *stack = &g->stack;
  const int D = g->decisions, x_row = (int)rig_x_size(g) / g->rows;
  const hd__pass pass = {
      .rows = rows,
      .decisions = D,
      .x = g->x + from * x_row,
      .x_stride = stack->in_pad,
      .fresh = to->fresh != NULL ? to->fresh + from * D : NULL,
      .state = to->state != NULL ? to->state + from * stack->n_state : NULL,
      .is_kept = to->has_back,
      .g_state = to->g_state != NULL ? to->g_state + from * stack->n_state : NULL,
      .out = g->out + from * D * stack->out_pad};
  hd__stack_forward(stack, &g->prepared, &g->tape, &pass);
  if (to->has_back) {
    hd__stack_backward(stack, &g->prepared, &g->tape, &pass, g->g_out + from * D * stack->out_pad,
                       to->G, to->g_x != NULL ? to->g_x + from * D * stack->in_pad : NULL);
  }
}

static void count_spikes(const hd__stack *stack, int slices) {
  for (int s = 0; s < slices; s++) {
    for (int l = 0; l < stack->def.n_layers; l++) {
      for (int j = 0; j < stack->layer[l].n; j++) {
        fired += net.at[s][l][j].after.y > 0.0f;
        could++;
      }
    }
  }
}

/* Whether library and plain form agree: rows cut into two tapes; an output alone; a gradient by the
 * weights or by the input alone. */
static bool agrees(const hd__stack_def *def, const hd__kernel *kernel, uint32_t seed) {
  const int rows = any(seed, 30, 1, 17), decisions = any(seed, 31, 1, 3);
  const int cut = any(seed, 32, 0, rows - 1);
  rig g;
  rig_open(&g, def, kernel, rows, decisions);
  rig_fill(&g, seed);
  if (def->n_in >= 64) {
    turn_into_bits(&g, seed);
  }
  start_gradient(&g, g.G);
  const hd__stack *stack = &g.stack;
  const size_t n_state = (size_t)(rows * stack->n_state), n_G = stack->n_weights;
  const size_t n_x = (size_t)(rows * decisions * stack->in_pad), n_out = rig_out_size(&g);
  float *state = copy_of(g.state, n_state), *start = copy_of(g.state, n_state);
  float *g_state = copy_of(g.g_state, n_state), *g_after = copy_of(g.g_state, n_state);
  float *G = copy_of(g.G, n_G), *out = copy_of(g.out, n_out), *g_x = copy_of(g.g_x, n_x);
  const bool *fresh = yes(seed, 33) ? g.fresh : NULL;
  const bool has_state = yes(seed, 34), has_g_state = has_state && yes(seed, 36);
  float *const to_state = has_state ? g.state : NULL;
  float *const to_g_state = has_g_state ? g.g_state : NULL;

  const plain_pass pass = {
      rows, decisions, g.x, fresh, has_state ? state : NULL, out, has_g_state ? g_state : NULL};
  plain_prepare(&net, stack, g.weights, g.statistics);
  plain_forward(&net, &pass);
  plain_backward(&net, &pass, g.g_out, G, g_x);
  plain_finish(&net, G);
  count_spikes(stack, rows * decisions * def->T);

  const bool wants_both = yes(seed, 35), asks_once = def->has_agents; /* they have no g_x */
  const ask all[] = {
      {fresh, to_state, to_g_state, false, NULL, NULL},
      {fresh, to_state, to_g_state, true, wants_both || asks_once ? g.G : NULL,
       asks_once ? NULL : g.g_x},
      {fresh, to_state, to_g_state, true, wants_both || asks_once ? NULL : g.G, NULL}};
  bool is_good = true;
  hd__stack_prepare(stack, g.weights, g.statistics, &g.prepared);
  for (int k = 0; k < 3; k++) {
    memcpy(g.state, start, n_state * sizeof *start);
    memcpy(g.g_state, g_after, n_state * sizeof *g_after);
    memset(g.out, 0, n_out * sizeof *out);
    if (cut > 0) {
      go(&g, 0, cut, &all[k]);
    }
    go(&g, cut, rows - cut, &all[k]);
    clear_padding(&g, g.state);
    is_good =
        is_good && is_same("out", g.out, out, n_out) && is_same("state", g.state, state, n_state);
  }
  hd__stack_finish(stack, &g.prepared, g.G);
  is_good = is_good && is_same("g_state", g.g_state, g_state, n_state);
  is_good = is_good && is_same("G", g.G, G, n_G) && is_same("g_x", g.g_x, g_x, n_x);
  free(state);
  free(start);
  free(g_state);
  free(g_after);
  free(G);
  free(out);
  free(g_x);
  rig_close(&g);
  return is_good;
}

static void every_cell(const hd__kernel *kernel) {
  for (int kind = 0; kind < CELL_KINDS; kind++) {
    for (uint32_t round = 0; round < ROUNDS; round++) {
      const uint32_t seed = ROUNDS * (uint32_t)kind + round;
      const hd__stack_def def = any_stack(kind, seed);
      if (!agrees(&def, kernel, seed)) {
        printf("  cell %d, seed %u\n", kind, seed);
        test_failures++;
      }
    }
  }
}

static void every_agent(const hd__kernel *kernel) {
  for (uint32_t seed = 2000; seed < 2000 + 2 * CELL_KINDS; seed++) {
    const bool is_control = seed % 5 == 0;
    const int kind = (int)(seed - 2000) / 2;
    const hd__stack_def of = is_control ? any_control(seed % 2 ? HD_UNIT_relu : HD_UNIT_tanh, seed)
                                        : any_stack(kind, seed);
    const hd__stack_def def = with_agents(of, seed);
    if (!agrees(&def, kernel, seed)) {
      printf("  agents, cell %d, seed %u\n", kind, seed);
      test_failures++;
    }
  }
}

static void every_control(const hd__kernel *kernel) {
  for (uint32_t seed = 1000; seed < 1020; seed++) {
    const hd__stack_def def = any_control(seed % 2 ? HD_UNIT_relu : HD_UNIT_tanh, seed);
    if (!agrees(&def, kernel, seed)) {
      printf("  control, seed %u\n", seed);
      test_failures++;
    }
  }
}

/* Wide inputs of zeros and ones go by their set bits. */
static void every_wide_input(const hd__kernel *kernel) {
  for (uint32_t seed = 3000; seed < 3120; seed++) {
    const int kind = (int)seed % CELL_KINDS;
    hd__stack_def def = seed % 5 == 0 ? any_control(HD_UNIT_relu, seed) : any_stack(kind, seed);
    def = seed % 2 == 0 ? with_agents(def, seed) : def;
    def.n_in = any(seed, 40, 64, PLAIN_WIDTH);
    if (!agrees(&def, kernel, seed)) {
      printf("  wide input, cell %d, seed %u\n", kind, seed);
      test_failures++;
    }
  }
}

static void stack_is_its_plain_form(void) {
  each_isa(every_cell);
  const double rate = (double)fired / (double)could;
  printf("  %.0f%% of substeps with a spike\n", 100 * rate);
  CHECK(rate > 0.1 && rate < 0.9); /* neither silence nor saturation was compared */
}

static void controls_are_their_plain_form(void) { each_isa(every_control); }

static void layers_that_are_agents_are_their_plain_form(void) { each_isa(every_agent); }

static void wide_inputs_are_their_plain_form(void) { each_isa(every_wide_input); }

int main(void) {
  RUN(stack_is_its_plain_form);
  RUN(controls_are_their_plain_form);
  RUN(layers_that_are_agents_are_their_plain_form);
  RUN(wide_inputs_are_their_plain_form);
  return test_end();
}
