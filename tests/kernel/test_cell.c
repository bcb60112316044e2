/* Runs of differentiable cells against loops that take one cell and one substep after another, to
 * the bit: every kind of cell, surrogate and reset, arrays given or left out, every instruction
 * set. */
#include "../neuron/plain_membrane.h"
#include "kernels.h"

enum { ROWS = 3, STEPS = 6, WIDEST = 1104, ROOM = ROWS * STEPS * WIDEST, LANES = 5 };
enum { KINDS = 2 * 2 * 2 * 2 * 2 * 2 * HD_SURROGATES };

/* All that a run reads and writes, twice: for the kernel and for the plain loops. */
typedef struct arrays {
  float z[ROOM], bias[WIDEST], own[LANES][WIDEST]; /* own: alpha, beta, gamma, theta, rho */
  float v[ROOM], c[ROOM], a[ROOM], r[ROOM];
  float s[ROOM], u[ROOM], c_kept[ROOM], a_kept[ROOM], r_kept[ROOM], gain[ROOM], mean[ROOM];
  float v0[ROOM], c0[ROOM], gs[ROOM], q[ROOM], gv[ROOM], gc[ROOM], ga[ROOM], gz[ROOM];
  float g_own[4][WIDEST]; /* by alpha, beta, theta, rho */
} arrays;
static _Alignas(64) arrays fast, plain;
static float weight[STEPS];

/* ---- plain loops ---- */

static void plain_put(float *to, int at, float value) {
  if (to != NULL) {
    to[at] = value;
  }
}

static void plain_forward(const hd__cell_run *io) {
  const hd__cell *cell = io->cell;
  const hd__cell_lanes *all = &io->lanes;
  for (int k = 0; k < io->rows * io->n; k++) {
    const int r = k / io->n, i = k % io->n;
    const plain_own own = {all->alpha[i], all->beta[i], all->gamma[i], all->theta[i], all->rho[i]};
    plain_membrane x = {.v = cell->v_start};
    if (!io->is_fresh) {
      x = (plain_membrane){io->v[k], cell->has_current ? io->c[k] : 0.0f,
                           cell->has_adaptation ? io->a[k] : 0.0f,
                           cell->ref_steps > 0.0f ? io->r[k] : 0.0f};
    }
    for (int t = io->first; t < io->first + io->steps; t++) {
      const int at = r * io->kept_row + t * io->kept_step + i;
      const float z = io->z[r * io->z_row + t * io->z_step + i];
      float u;
      plain_put(io->a_kept, at, x.a);
      plain_put(io->r_kept, at, x.r);
      const hd__fire fire =
          plain_membrane_step(cell, &own, io->bias != NULL ? z + io->bias[i] : z, &x, &u);
      plain_put(io->c_kept, at, x.c);
      plain_put(io->s, at, fire.b);
      plain_put(io->u, at, u);
      plain_put(io->gain, at, fire.gain);
      if (io->mean != NULL) {
        float *mean = io->mean + r * io->mean_row + i;
        *mean = (t == 0 ? 0.0f : *mean) + io->weight[t] * fire.b;
      }
    }
    io->v[k] = x.v;
    plain_put(io->c, k, x.c);
    plain_put(io->a, k, x.a);
    plain_put(io->r, k, x.r);
  }
}

/* The derivative of src/neuron/cell.h, term by term. */
static void plain_backward(const hd__cell_back *io) {
  const hd__cell *cell = io->cell;
  for (int k = 0; k < io->rows * io->n; k++) {
    const int r = k / io->n, i = k % io->n;
    const float beta = io->lanes.beta[i], theta = io->lanes.theta[i];
    for (int t = io->first + io->steps - 1; t >= io->first; t--) {
      const int at = r * io->kept_row + t * io->n + i, before = at - io->n;
      const float u = io->u[at], a = io->a_kept != NULL ? io->a_kept[at] : 0.0f;
      const bool open = io->r_kept == NULL || io->r_kept[at] <= 0.0f;
      const float threshold = cell->has_adaptation ? theta + cell->kappa * a : theta;
      const float s = open && u >= threshold ? 1.0f : 0.0f;
      float gs = io->gs != NULL ? io->gs[at] : 0.0f;
      gs = io->q != NULL ? gs + io->weight[t] * io->q[r * io->q_row + i] : gs;
      gs = cell->has_adaptation ? gs + io->ga[k] : gs;
      const float fall = cell->is_soft ? theta - cell->v_reset : u - cell->v_reset;
      gs = cell->is_detached ? gs : gs - io->gv[k] * fall;
      const float slope = hd__surrogate_of(cell->surrogate, cell->slope, u - threshold);
      const float through = open ? gs * slope : 0.0f;
      const float gu = through + (cell->is_soft ? io->gv[k] : io->gv[k] * (1.0f - s));
      const float g_in = open ? gu : 0.0f;
      const float by_current = io->lanes.gamma[i] * g_in;
      const float gz = cell->has_current ? by_current + io->gc[k] : by_current;
      float v = io->v0 != NULL ? io->v0[k] : cell->v_start;
      float c = io->c0 != NULL ? io->c0[k] : 0.0f;
      if (t > 0) {
        const float u1 = io->u[before];
        const float a1 = io->a_kept != NULL ? io->a_kept[before] : 0.0f;
        const float limit = cell->has_adaptation ? theta + cell->kappa * a1 : theta;
        const bool open1 = io->r_kept == NULL || io->r_kept[before] <= 0.0f;
        const float s1 = open1 && u1 >= limit ? 1.0f : 0.0f;
        const float set = s1 > 0.0f ? cell->v_reset : u1;
        v = cell->is_soft ? u1 - s1 * (theta - cell->v_reset) : set;
        c = io->c_kept != NULL ? io->c_kept[before] : c;
      }
      if (io->g_beta != NULL) {
        io->g_theta[i] -= cell->is_soft ? through + io->gv[k] * s : through;
        io->g_beta[i] += g_in * (cell->is_tied ? (v - u) / (1.0f - beta) : v - cell->v_rest);
        io->g_alpha[i] += cell->has_current ? gz * c : 0.0f;
        io->g_rho[i] += cell->has_adaptation ? io->ga[k] * a : 0.0f;
      }
      if (cell->has_adaptation) {
        io->ga[k] = io->lanes.rho[i] * io->ga[k] - cell->kappa * through;
      }
      if (cell->has_current) {
        io->gc[k] = io->lanes.alpha[i] * gz;
      }
      io->gv[k] = open ? beta * gu : gu;
      float *to = io->gz + r * io->gz_row + t * io->gz_step + i;
      const bool is_first = io->gz_step != 0 || t == io->first + io->steps - 1;
      *to = (is_first ? 0.0f : *to) + gz;
    }
  }
}

/* ---- cases ---- */

static hd__cell cell_of(int kind, uint32_t seed) {
  static const float slope[HD_SURROGATES] = {4.0f, 2.0f, 2.0f, 0.8f, 0.6f};
  const int rest = kind / HD_SURROGATES;
  return (hd__cell){.surrogate = (hd__surrogate_kind)(kind % HD_SURROGATES),
                    .slope = slope[kind % HD_SURROGATES],
                    .has_current = rest & 1,
                    .has_adaptation = rest & 2,
                    .is_soft = rest & 4,
                    .is_detached = rest & 8,
                    .is_tied = rest & 16,
                    .kappa = 0.25f,
                    .v_rest = rest & 32 && any(seed, 6, 0, 1) ? 0.1f : 0.0f,
                    .v_start = any(seed, 7, 0, 1) ? 0.2f : 0.0f,
                    .ref_steps = rest & 32 ? (float)any(seed, 8, 0, 3) : 0.0f,
                    .v_reset = any(seed, 1, 0, 1) ? -0.125f : 0.0f};
}

static void fill_all(arrays *all, uint32_t seed) {
  for (uint32_t k = 0; k < sizeof *all / sizeof(float) / WIDEST; k++) {
    fill((float *)all + k * WIDEST, WIDEST, 1000 * seed + k);
  }
  for (int i = 0; i < WIDEST; i++) {
    for (int k = 0; k < LANES; k++) {
      all->own[k][i] = 0.5f + 0.4f * all->own[k][i]; /* 0.1 .. 0.9 */
    }
  }
  for (int i = 0; i < ROOM; i++) {
    all->z[i] *= 2.0f;
    all->a[i] = 0.5f + 0.5f * all->a[i];
    all->r[i] = all->r[i] > 0.3f ? 2.0f : 0.0f;
    all->r_kept[i] = all->r_kept[i] > 0.3f ? 1.0f : 0.0f;
  }
}

static hd__cell_lanes lanes_of(const arrays *x) {
  return (hd__cell_lanes){x->own[0], x->own[1], x->own[2], x->own[3], x->own[4]};
}

/* Whether an array that may be left out is given, in this round. */
static bool has(uint32_t seed, uint32_t i) { return any(seed, 10 + i, 0, 2) > 0; }

static hd__cell_run run_of(arrays *x, const hd__cell *cell, uint32_t seed, int n) {
  const int rows = any(seed, 2, 1, ROWS), first = any(seed, 3, 0, 2);
  const bool is_steady = any(seed, 4, 0, 2) == 0, is_kept = has(seed, 0);
  const bool is_turned = any(seed, 21, 0, 1) == 0; /* substeps outside, rows inside */
  return (hd__cell_run){.cell = cell,
                        .lanes = lanes_of(x),
                        .rows = rows,
                        .first = first,
                        .steps = any(seed, 5, 1, STEPS - first),
                        .n = n,
                        .z = x->z,
                        .bias = has(seed, 8) ? x->bias : NULL,
                        .z_row = is_steady ? n : STEPS * n,
                        .z_step = is_steady ? 0 : n,
                        .is_fresh = first == 0 && any(seed, 20, 0, 2) == 0,
                        .v = x->v,
                        .c = cell->has_current ? x->c : NULL,
                        .a = cell->has_adaptation ? x->a : NULL,
                        .r = cell->ref_steps > 0.0f ? x->r : NULL,
                        .s = has(seed, 1) ? x->s : NULL,
                        .u = is_kept ? x->u : NULL,
                        .c_kept = is_kept && cell->has_current ? x->c_kept : NULL,
                        .a_kept = is_kept && cell->has_adaptation ? x->a_kept : NULL,
                        .r_kept = is_kept && cell->ref_steps > 0.0f ? x->r_kept : NULL,
                        .gain = has(seed, 9) ? x->gain : NULL,
                        .kept_row = is_turned ? n : STEPS * n,
                        .kept_step = is_turned ? ROWS * n : n,
                        .weight = weight,
                        .mean = has(seed, 2) ? x->mean : NULL,
                        .mean_row = n + 16};
}

/* Potentials and adaptations as a forward run left them are any numbers, for a test. */
static hd__cell_back back_of(arrays *x, const hd__cell *cell, uint32_t seed, int n) {
  const hd__cell_run run = run_of(x, cell, seed, n);
  const bool wants = has(seed, 3), is_summed = run.z_step == 0;
  return (hd__cell_back){.cell = cell,
                         .lanes = run.lanes,
                         .rows = run.rows,
                         .first = run.first,
                         .steps = run.steps,
                         .n = n,
                         .u = x->u,
                         .c_kept = cell->has_current ? x->c_kept : NULL,
                         .a_kept = cell->has_adaptation ? x->a : NULL,
                         .r_kept = cell->ref_steps > 0.0f ? x->r_kept : NULL,
                         .v0 = has(seed, 4) ? x->v0 : NULL,
                         .c0 = cell->has_current && has(seed, 5) ? x->c0 : NULL,
                         .kept_row = STEPS * n,
                         .gs = has(seed, 6) ? x->gs : NULL,
                         .q = has(seed, 7) ? x->q : NULL,
                         .weight = weight,
                         .q_row = n + 16,
                         .gv = x->gv,
                         .gc = cell->has_current ? x->gc : NULL,
                         .ga = cell->has_adaptation ? x->ga : NULL,
                         .gz = x->gz,
                         .gz_row = is_summed ? n : STEPS * n,
                         .gz_step = is_summed ? 0 : n,
                         .g_alpha = wants ? x->g_own[0] : NULL,
                         .g_beta = wants ? x->g_own[1] : NULL,
                         .g_theta = wants ? x->g_own[2] : NULL,
                         .g_rho = wants ? x->g_own[3] : NULL};
}

/* Widths that are below a vector, several, and more than a kernel works on together. */
static int width_of(uint32_t seed) {
  return HD_PAD(any(seed, 6, 0, 9) == 0 ? any(seed, 7, 1020, WIDEST - 16) : any(seed, 7, 1, 70));
}

static bool is_same(const char *what) {
  const float *x = (const float *)&fast, *y = (const float *)&plain;
  for (size_t i = 0; i < sizeof fast / sizeof(float); i++) {
    if (!(x[i] == y[i])) {
      printf("  %s: number %zu is %.9g, plain %.9g\n", what, i, (double)x[i], (double)y[i]);
      return false;
    }
  }
  return true;
}

static void check(const hd__kernel *kernel) {
  for (int t = 0; t < STEPS; t++) {
    weight[t] = 0.5f / (float)(t + 2);
  }
  for (int kind = 0; kind < KINDS; kind++) {
    const uint32_t seed = (uint32_t)kind;
    const hd__cell cell = cell_of(kind, seed);
    const int n = width_of(seed);
    fill_all(&fast, seed % 5);
    plain = fast;
    const hd__cell_run run = run_of(&fast, &cell, seed, n), slow = run_of(&plain, &cell, seed, n);
    kernel->cell_forward(&run);
    plain_forward(&slow);
    CHECK(is_same("forward"));
    const hd__cell_back back = back_of(&fast, &cell, seed, n);
    const hd__cell_back slow_back = back_of(&plain, &cell, seed, n);
    kernel->cell_backward(&back);
    plain_backward(&slow_back);
    CHECK(is_same("backward"));
  }
}

static void check_controls(const hd__kernel *kernel) {
  for (uint32_t seed = 0; seed < 20; seed++) {
    const int kind = seed % 2 ? HD_UNIT_relu : HD_UNIT_tanh;
    const int rows = any(seed, 1, 1, ROWS), n = any(seed, 2, 1, 100);
    fill_all(&fast, seed % 5);
    plain = fast;
    kernel->unit[kind].forward(rows, n, fast.bias, fast.z, fast.s);
    kernel->unit[kind].backward(rows, n, fast.s, fast.gz);
    for (int k = 0; k < rows * n; k++) {
      const float z = plain.z[k] + plain.bias[k % n];
      const float y = kind == HD_UNIT_tanh ? hd__tanhf(z) : z > 0.0f ? z : 0.0f;
      plain.s[k] = y;
      plain.gz[k] *= kind == HD_UNIT_tanh ? 1.0f - y * y : y > 0.0f ? 1.0f : 0.0f;
    }
    CHECK(is_same("control"));
  }
}

static void cells_are_plain_loops(void) { each_isa(check); }
static void controls_are_plain_loops(void) { each_isa(check_controls); }

int main(void) {
  RUN(cells_are_plain_loops);
  RUN(controls_are_plain_loops);
  return test_end();
}
