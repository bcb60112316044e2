/* The gradient of the smoothed network in double: central differences, and the analytic gradient
 * by the same lines that test_plain_stack holds the library to. Smoothed means that a spike is the
 * function whose derivative the surrogate is, so that the gradient is exact and not a surrogate. */
#include "grads.h"

/* In double and smoothed: spikes are the function whose derivative the surrogate is. */
static inline double smooth_spike(const hd__cell *cell, double x) {
  const double y = (double)cell->slope * x;
  switch (cell->surrogate) {
    case HD_SURROGATE_SIGMOID:
      return 1.0 / (1.0 + exp(-y));
    case HD_SURROGATE_ATAN:
      return 0.5 + atan(1.57079632679489662 * y) / 3.14159265358979324;
    case HD_SURROGATE_FAST_SIGMOID:
      return x / (1.0 + fabs(y));
    case HD_SURROGATE_TRIANGLE:
      return fabs(y) >= 1.0 ? y > 0.0 : 0.5 + y - 0.5 * y * fabs(y);
    default:
      return fabs(y) >= 0.5 ? y > 0.0 : 0.5 + y;
  }
}

static inline double smooth_slope(const hd__cell *cell, double x) {
  const double k = (double)cell->slope, y = k * x;
  switch (cell->surrogate) {
    case HD_SURROGATE_SIGMOID:
      return k / (2.0 + exp(y) + exp(-y));
    case HD_SURROGATE_ATAN:
      return 0.5 * k / (1.0 + 2.46740110027233966 * y * y);
    case HD_SURROGATE_FAST_SIGMOID:
      return 1.0 / ((1.0 + fabs(y)) * (1.0 + fabs(y)));
    case HD_SURROGATE_TRIANGLE:
      return k * fmax(0.0, 1.0 - fabs(y));
    default:
      return fabs(y) < 0.5 ? k : 0.0;
  }
}

#define REAL double
#define PLAIN(name) smooth_##name
#define PLAIN_SPIKE(cell, x) smooth_spike(cell, x)
#define PLAIN_FIRED(cell, x) ((x) >= 0.0)
#define PLAIN_SLOPE(cell, x) smooth_slope(cell, x)
#define PLAIN_SIGMOID(x) (1.0 / (1.0 + exp(-(x))))
#define PLAIN_TANH(x) tanh(x)
#define PLAIN_SQRT(x) sqrt(x)
#include "plain_stack.h"

/* Networks of every kind, and how many may be drawn for one that is clear of kinks. */
enum { ROUNDS = 3, TRIES = 20 };

/* Losses of some 5 are rounded at 1e-15, so that their differences over two steps are good to 1e-9;
 * the tolerance is relative to the largest gradient of an array, or to 1e-3 where that is less. */
static const double step = 1e-6, tolerance = 1e-6, least_scale = 1e-3;
/* From where a slope or the choice of a peak may jump: a hundred steps of one weight. */
static const double clear = 1e-4;

static smooth_net net;

/* A network in double, and where its numbers lie. */
typedef struct problem {
  rig g;
  smooth_pass pass;
  double *weights, *statistics, *x, *g_out;
  double *start, *g_after; /* the state before the pass, the gradient by that after it */
  double *G, *g_x;
  int head; /* by whose outputs the loss goes; -1: by all, and by the state */
} problem;

static double *widen(const float *from, size_t n) {
  double *to = calloc(n + 1, sizeof *to);
  for (size_t i = 0; i < n; i++) {
    to[i] = (double)from[i];
  }
  return to;
}

static size_t state_size(const problem *p) { return (size_t)(p->pass.rows * p->g.stack.n_state); }

static void problem_open(problem *p, const hd__stack_def *def, uint32_t seed) {
  const int rows = any(seed, 30, 1, 3), decisions = any(seed, 31, 1, 3);
  rig *g = &p->g;
  p->head = -1;
  rig_open(g, def, hd__kernel_for(HD_ISA_SCALAR), rows, decisions);
  rig_fill(g, seed);
  const size_t n_state = (size_t)(rows * g->stack.n_state);
  p->weights = widen(g->weights, g->stack.n_weights);
  p->statistics = widen(g->statistics, g->stack.n_statistics);
  p->x = widen(g->x, rig_x_size(g));
  p->g_out = widen(g->g_out, rig_out_size(g));
  p->start = widen(g->state, n_state);
  p->g_after = widen(g->g_state, n_state);
  p->G = widen(g->G, g->stack.n_weights);
  p->g_x = widen(g->g_x, (size_t)(rows * decisions * g->stack.in_pad));
  p->pass = (smooth_pass){rows,
                          decisions,
                          p->x,
                          g->fresh,
                          widen(g->state, n_state),
                          widen(g->out, rig_out_size(g)),
                          widen(g->g_state, n_state)};
}

static void problem_close(problem *p) {
  double *const all[] = {p->weights, p->statistics, p->x,        p->g_out,   p->start,       p->G,
                         p->g_x,     p->pass.state, p->pass.out, p->g_after, p->pass.g_state};
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
    free(all[k]);
  }
  rig_close(&p->g);
}

/* Whether number i of the outputs counts. */
static bool is_counted(const problem *p, size_t i) {
  const int lane = (int)(i % (size_t)p->g.stack.out_pad);
  return p->head < 0 || lane / p->g.stack.head_pad == p->head;
}

static double loss_of(problem *p) {
  memcpy(p->pass.state, p->start, state_size(p) * sizeof(double));
  smooth_prepare(&net, &p->g.stack, p->weights, p->statistics);
  smooth_forward(&net, &p->pass);
  double loss = 0;
  for (size_t i = 0; i < rig_out_size(&p->g); i++) {
    loss += is_counted(p, i) ? p->g_out[i] * p->pass.out[i] : 0.0;
  }
  for (size_t i = 0; p->head < 0 && i < state_size(p); i++) {
    loss += p->g_after[i] * p->pass.state[i];
  }
  return loss;
}

static bool is_smooth_at(const hd__cell *cell, double x) {
  const double far = fabs((double)cell->slope * x);
  return far > clear && fabs(far - 0.5) > clear && fabs(far - 1.0) > clear;
}

/* Whether small changes change nothing but smoothly: no cell is near a kink of its surrogate, no
 * unit of a control near 0, and the highest membrane leads. */
static bool is_clear(const problem *p) {
  const hd__stack *stack = &p->g.stack;
  const hd__stack_def *def = &stack->def;
  const int many = p->pass.rows * p->pass.decisions;
  for (int s = 0; s < many * def->T; s++) {
    for (int l = 0; l < def->n_layers; l++) {
      for (int j = 0; j < stack->layer[l].n; j++) {
        const smooth_moment *m = &net.at[s][l][j];
        const double threshold = net.layer[l].theta[j] + (double)def->cell.kappa * m->before.a;
        if (smooth_spikes(&net) ? !is_smooth_at(&def->cell, m->u - threshold)
                                : fabs(m->after.y) < clear && m->after.y != 0.0) {
          return false;
        }
      }
    }
  }
  for (int k = 0; k < many && smooth_has_peak(&net); k++) {
    for (int a = 0; a < def->n_out; a++) {
      double v = 0;
      for (int t = 0; t < def->T; t++) {
        double y[PLAIN_WIDTH];
        for (int i = 0; i < smooth_n_read(&net, 0); i++) {
          y[i] = smooth_read_by(&net, &p->pass, k, t, 0, i);
        }
        const double *W = p->weights + stack->W + a * stack->top_pad;
        const double in =
            smooth_dot(smooth_n_read(&net, 0), W, y) + p->weights[stack->bias + (size_t)a];
        v = smooth_keep(&net) * v + (1.0 - smooth_keep(&net)) * in;
        if (t != net.peak[k][a] && v > p->pass.out[k * stack->out_pad + a] - clear) {
          return false;
        }
      }
    }
  }
  return true;
}

/* What was compared, by kind of number. */
enum {
  BY_W,
  BY_BIAS,
  BY_V,
  BY_SIDE,
  BY_NORM,
  BY_ALPHA,
  BY_BETA,
  BY_THETA,
  BY_RHO,
  BY_DELAY,
  BY_READOUT,
  BY_X,
  BY_STATE,
  KINDS
};
static const char *const kind_name[KINDS] = {"W",       "bias", "V",     "side", "normalisation",
                                             "alpha",   "beta", "theta", "rho",  "delay",
                                             "readout", "x",    "state"};
static int compared[KINDS];
static double worst[KINDS];

/* By which the loss changes if `copies` numbers, `apart` from each other, move together. */
static double difference(problem *p, double *x, int copies, int apart) {
  double loss[2];
  for (int side = 0; side < 2; side++) {
    const double by = side == 0 ? step : -step;
    for (int k = 0; k < copies; k++) {
      x[k * apart] += by;
    }
    loss[side] = loss_of(p);
    for (int k = 0; k < copies; k++) {
      x[k * apart] -= by;
    }
  }
  return (loss[0] - loss[1]) / (2 * step);
}

static void compare_one(int kind, int i, double got, double want, double scale) {
  const double off = fabs(got - want) / (fabs(want) + scale);
  compared[kind]++;
  worst[kind] = fmax(worst[kind], off);
  if (!(off <= tolerance)) {
    printf("  %s %d: %.12g, difference %.12g\n", kind_name[kind], i, got, want);
    test_failures++;
  }
}

static double largest(const double *g, int rows, int n, int n_pad) {
  double scale = least_scale;
  for (int i = 0; i < rows * n; i++) {
    scale = fmax(scale, fabs(g[i / n * n_pad + i % n]));
  }
  return scale;
}

/* rows x n weights and their gradients. */
static void compare(problem *p, int kind, size_t at, int rows, int n, int n_pad) {
  double *x = p->weights + at;
  const double *g = p->G + at, scale = largest(g, rows, n, n_pad);
  for (int i = 0; i < rows * n; i++) {
    const int k = i / n * n_pad + i % n;
    compare_one(kind, i, g[k], difference(p, &x[k], 1, 0), scale);
  }
}

/* g_x sums over the substeps of a decision, so all its inputs move together. */
static void compare_input(problem *p) {
  const hd__stack_def *def = &p->g.stack.def;
  const int pad = p->g.stack.in_pad, copies = def->has_timed_input ? def->T : 1;
  const int many = p->pass.rows * p->pass.decisions;
  const double scale = largest(p->g_x, many, def->n_in, pad);
  for (int k = 0; k < many; k++) {
    for (int i = 0; i < def->n_in; i++) {
      const double want = difference(p, &p->x[k * copies * pad + i], copies, pad);
      compare_one(BY_X, k * def->n_in + i, p->g_x[k * pad + i], want, scale);
    }
  }
}

/* Whether a number of the state is a count of substeps left of a refractory period, which is no
 * smooth one. */
static bool is_count(const problem *p, int i) {
  const hd__stack *stack = &p->g.stack;
  const hd__cell *cell = &stack->def.cell;
  const int at = i % stack->n_state;
  int l = stack->def.n_layers - 1;
  while (l > 0 && at < stack->layer[l].state) {
    l--;
  }
  const int field = (at - stack->layer[l].state) / stack->layer[l].n_pad;
  return cell->ref_steps > 0.0f && field == 1 + cell->has_current + cell->has_adaptation;
}

/* Where a lane is padding nothing changes the loss, and the gradient must say so. */
static void compare_state(problem *p) {
  const int n = (int)state_size(p);
  const double scale = largest(p->pass.g_state, 1, n, n);
  for (int i = 0; i < n; i++) {
    if (is_count(p, i)) {
      CHECK(p->pass.g_state[i] == 0.0);
      continue;
    }
    compare_one(BY_STATE, i, p->pass.g_state[i], difference(p, &p->start[i], 1, 0), scale);
  }
}

static void compare_layer(problem *p, int l) {
  const hd__stack_layer *at = &p->g.stack.layer[l];
  const hd__stack_def *def = &p->g.stack.def;
  const int n = at->n;
  compare(p, BY_W, at->W, at->n_pre, n, at->n_pad);
  if (def->is_recurrent) {
    compare(p, BY_V, at->V, n, n, at->n_pad);
  }
  for (int i = 0; i < at->n_sides; i++) {
    compare(p, BY_SIDE, at->side[i].W, at->side[i].n, n, at->n_pad);
  }
  if (def->is_normalised) {
    compare(p, BY_NORM, at->gain, 1, n, n);
    compare(p, BY_NORM, at->shift, 1, n, n);
  } else {
    compare(p, BY_BIAS, at->bias, 1, n, n);
  }
  if (!smooth_spikes(&net)) {
    return;
  }
  compare(p, BY_THETA, at->theta, 1, n, n);
  if (def->beta < 1.0f) {
    compare(p, BY_BETA, at->beta, 1, n, n);
  }
  if (def->cell.has_current) {
    compare(p, BY_ALPHA, at->alpha, 1, n, n);
  }
  if (def->cell.has_adaptation) {
    compare(p, BY_RHO, at->rho, 1, n, n);
  }
  if (at->max_delay > 0) {
    compare(p, BY_DELAY, at->delay, 1, n, n);
  }
}

static void compare_readout(problem *p) {
  const hd__stack *stack = &p->g.stack;
  const int n_out = stack->def.n_out;
  for (int h = 0; h < stack->n_heads; h++) {
    const hd__stack_head *head = &stack->head[h];
    for (int a = 0; a < n_out; a++) {
      int from = 0, to = smooth_n_read(&net, h);
      if (stack->def.is_grouped) {
        hd__stack_group(stack, a, &from, &to);
      }
      compare(p, BY_READOUT, head->W + (size_t)(a * head->n_pad + from), 1, to - from, to - from);
    }
    compare(p, BY_READOUT, stack->bias + (size_t)(h * stack->head_pad), 1, n_out, n_out);
  }
}

static void compare_all(problem *p) {
  smooth_backward(&net, &p->pass, p->g_out, p->G, p->g_x);
  smooth_finish(&net, p->G);
  for (int l = 0; l < p->g.stack.def.n_layers; l++) {
    compare_layer(p, l);
  }
  compare_readout(p);
  if (!p->g.stack.def.has_agents) { /* whose inputs ask for no gradient */
    compare_input(p);
  }
  compare_state(p);
}

/* Every output has a loss, and of all these a layer learns by its own: the gradient by its weights
 * is the difference that these make to the loss of its own outputs alone. */
static void compare_each_layer(problem *p) {
  smooth_pass pass = p->pass;
  pass.g_state = NULL;
  smooth_backward(&net, &pass, p->g_out, p->G, p->g_x);
  smooth_finish(&net, p->G);
  for (p->head = 0; p->head < p->g.stack.def.n_layers; p->head++) {
    compare_layer(p, p->head);
  }
}

/* Small enough for a loss per weight, and everything learned. */
static hd__stack_def small(hd__stack_def def) {
  def.n_in = 1 + def.n_in % 4;
  def.n_out = 1 + def.n_out % 3;
  def.T = 1 + def.T % 5;
  for (int l = 0; l < def.n_layers; l++) {
    def.width[l] = 1 + def.width[l] % 6;
  }
  if (def.is_grouped) {
    def.width[def.n_layers - 1] = 2 * def.n_out;
  }
  def.learns_tau = def.learns_threshold = true;
  return def;
}

static void check(hd__stack_def (*make)(int, uint32_t), int kind, uint32_t first) {
  for (uint32_t seed = first; seed < first + TRIES; seed++) {
    const hd__stack_def def = make(kind, seed);
    const int before = test_failures;
    problem p;
    problem_open(&p, &def, seed);
    loss_of(&p);
    const bool counts = is_clear(&p);
    if (counts) {
      (def.is_local ? compare_each_layer : compare_all)(&p);
    }
    problem_close(&p);
    if (test_failures != before) {
      printf("  kind %d, seed %u\n", kind, seed);
    }
    if (counts) {
      return;
    }
  }
  CHECK(!"every network was near a kink");
}

static hd__stack_def small_stack(int kind, uint32_t seed) { return small(any_stack(kind, seed)); }

/* Whether a gradient goes from layer to layer is drawn. */
static hd__stack_def small_agents(int kind, uint32_t seed) {
  hd__stack_def def = small(with_agents(any_stack(kind, seed), seed));
  def.n_layers = def.n_layers == 1 ? 2 : def.n_layers;
  def.width[1] = 1 + def.width[1] % 6;
  return def;
}

static hd__stack_def small_control(int kind, uint32_t seed) {
  hd__stack_def def = small(any_control(kind, seed));
  def.T = 1;
  def.learns_tau = def.learns_threshold = false;
  return def;
}

static void every_undetached_cell_and_surrogate(void) {
  for (int kind = 0; kind < CELL_KINDS; kind++) {
    for (uint32_t round = 0; round < ROUNDS && !any_stack(kind, 0).cell.is_detached; round++) {
      check(small_stack, kind, TRIES * (ROUNDS * (uint32_t)kind + round));
    }
  }
}

static hd__stack_def small_control_agents(int kind, uint32_t seed) {
  hd__stack_def def = small(with_agents(any_control(kind, seed), seed));
  def.T = 1;
  def.learns_tau = def.learns_threshold = false;
  return def;
}

static void layers_that_are_agents(void) {
  for (int kind = 0; kind < CELL_KINDS; kind++) {
    if (!any_stack(kind, 0).cell.is_detached) {
      check(small_agents, kind, 20000 + TRIES * (uint32_t)kind);
    }
  }
  for (uint32_t round = 0; round < ROUNDS; round++) {
    check(small_control_agents, HD_UNIT_relu, 30000 + TRIES * round);
    check(small_control_agents, HD_UNIT_tanh, 30000 + TRIES * round);
  }
}

static void controls(void) {
  for (uint32_t round = 0; round < 2 * ROUNDS; round++) {
    check(small_control, HD_UNIT_relu, 9000 + TRIES * round);
    check(small_control, HD_UNIT_tanh, 9000 + TRIES * round);
  }
  for (int k = 0; k < KINDS; k++) {
    printf("  %-13s %5d numbers, worst %.1e\n", kind_name[k], compared[k], worst[k]);
    CHECK(compared[k] > 100);
  }
}

/* The kernels' surrogates are those of the test, and these the derivatives of its spikes. */
static void surrogates(void) {
  for (int kind = 0; kind < HD_SURROGATES; kind++) {
    for (int k = 1; k <= 25; k += 3) {
      const hd__cell cell = {.surrogate = (hd__surrogate_kind)kind, .slope = (float)k};
      for (int i = -2000; i <= 2000; i++) {
        const float x = (float)i * 1.234e-3f;
        const double want = smooth_slope(&cell, (double)x);
        if (!is_smooth_at(&cell, (double)x)) {
          continue;
        }
        CHECK_NEAR((double)hd__surrogate_of(kind, (float)k, x), want,
                   3e-7 * k); /* floats up to k */
        /* Doubles below 1 over two steps: 1e-10; slopes change by k^3 step^2 / 6 and less. */
        const double up = smooth_spike(&cell, (double)x + step);
        CHECK_NEAR((up - smooth_spike(&cell, (double)x - step)) / (2 * step), want, 1e-9 * k * k);
      }
    }
  }
}

int main(void) {
  RUN(surrogates);
  RUN(every_undetached_cell_and_surrogate);
  RUN(layers_that_are_agents);
  RUN(controls);
  return test_end();
}
