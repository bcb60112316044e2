/* Runs of differentiable cells, forwards and backwards. Included by kernel_impl.c only.
 *
 * The kinds of a cell are constants of an inlined body, so that the loop over lanes has no
 * branches. */
#include <string.h>

#include "cell.h"
#include "lanes.h"

/* One substep of n cells. */
HD_INLINE void cell_forward_step(bool has_current, bool has_adaptation, bool is_soft,
                                 const hd__cell_run *io, const float *restrict z, float *restrict v,
                                 float *restrict c, float *restrict a, float *restrict s,
                                 float *restrict u) {
  const float kappa = io->cell->kappa, v_reset = io->cell->v_reset;
  const float *restrict alpha = io->lanes.alpha, *restrict beta = io->lanes.beta;
  const float *restrict gamma = io->lanes.gamma, *restrict theta = io->lanes.theta;
  const float *restrict rho = io->lanes.rho, *restrict bias = io->bias;
  HD_APART
  for (int i = 0; i < io->n; i++) {
    float ci = has_current ? c[i] : 0.0f, ai = has_adaptation ? a[i] : 0.0f, vi = v[i], ui;
    s[i] = hd__cell_step(has_current ? alpha[i] : 0.0f, beta[i], gamma[i], theta[i],
                         has_adaptation ? rho[i] : 0.0f, kappa, v_reset, has_current,
                         has_adaptation, is_soft, z[i] + bias[i], &ci, &vi, &ai, &ui);
    u[i] = ui;
    v[i] = vi;
    if (has_current) {
      c[i] = ci;
    }
    if (has_adaptation) {
      a[i] = ai;
    }
  }
}

enum { CELL_WIDTH = 1024 }; /* lanes worked on together */

static void cell_forward_part(const hd__cell_run *whole, int from, int n) {
  hd__cell_run io = *whole;
  const hd__cell *cell = io.cell;
  float s_own[CELL_WIDTH] __attribute__((aligned(64)));
  float u_own[CELL_WIDTH] __attribute__((aligned(64)));
  io.n = n;
  io.bias += from;
  io.lanes = (hd__cell_lanes){io.lanes.alpha + from, io.lanes.beta + from, io.lanes.gamma + from,
                              io.lanes.theta + from, io.lanes.rho + from};
  const size_t size = sizeof(float) * (size_t)n;
  for (int r = 0; r < io.rows; r++) {
    const size_t state = (size_t)r * (size_t)whole->n + (size_t)from;
    float *v = io.v + state, *c = io.c != NULL ? io.c + state : NULL;
    float *a = io.a != NULL ? io.a + state : NULL;
    float *mean = io.mean != NULL ? io.mean + (size_t)r * (size_t)io.mean_row + from : NULL;
    if (mean != NULL && io.first == 0) {
      memset(mean, 0, size);
    }
    for (int t = io.first; t < io.first + io.steps; t++) {
      const size_t at =
          (size_t)r * (size_t)io.kept_row + (size_t)t * (size_t)whole->n + (size_t)from;
      const float *z =
          io.z + (size_t)r * (size_t)io.z_row + (size_t)t * (size_t)io.z_step + (size_t)from;
      float *s = io.s != NULL ? io.s + at : s_own, *u = io.u != NULL ? io.u + at : u_own;
      if (io.a_kept != NULL) {
        memcpy(io.a_kept + at, a, size);
      }
      switch (4 * cell->has_current + 2 * cell->has_adaptation + cell->is_soft) {
        case 0:
          cell_forward_step(false, false, false, &io, z, v, c, a, s, u);
          break;
        case 1:
          cell_forward_step(false, false, true, &io, z, v, c, a, s, u);
          break;
        case 2:
          cell_forward_step(false, true, false, &io, z, v, c, a, s, u);
          break;
        case 3:
          cell_forward_step(false, true, true, &io, z, v, c, a, s, u);
          break;
        case 4:
          cell_forward_step(true, false, false, &io, z, v, c, a, s, u);
          break;
        case 5:
          cell_forward_step(true, false, true, &io, z, v, c, a, s, u);
          break;
        case 6:
          cell_forward_step(true, true, false, &io, z, v, c, a, s, u);
          break;
        default:
          cell_forward_step(true, true, true, &io, z, v, c, a, s, u);
          break;
      }
      if (io.c_kept != NULL) {
        memcpy(io.c_kept + at, c, size);
      }
      if (mean != NULL) {
        const float k = io.weight[t];
        for (int i = 0; i < n; i++) {
          mean[i] += k * s[i];
        }
      }
    }
  }
}

static void cell_forward(const hd__cell_run *io) {
  for (int from = 0; from < io->n; from += CELL_WIDTH) {
    cell_forward_part(io, from, io->n - from < CELL_WIDTH ? io->n - from : CELL_WIDTH);
  }
}

/* A substep of a row backwards: what it reads and writes, n cells each. */
typedef struct cell_at {
  int n;
  float kappa, v_reset;
  hd__cell_lanes lanes;
  const float *u, *v_before, *c_before, *a_before; /* the last three may be NULL if not asked for */
  const float *h, *gs;                             /* slope of the spike, gradient by it */
  float *gv, *gc, *ga, *gz;
  float *g_alpha, *g_beta, *g_theta, *g_rho;
} cell_at;

static void cell_slopes(const hd__cell *cell, const cell_at *at, float *restrict h) {
  const float k = cell->slope, kappa = cell->has_adaptation ? at->kappa : 0.0f;
  const float *restrict u = at->u, *restrict theta = at->lanes.theta;
  const float *restrict a = cell->has_adaptation ? at->a_before : at->u;
#define SLOPES(kind)                                                      \
  case kind:                                                              \
    for (int i = 0; i < at->n; i++) {                                     \
      h[i] = hd__surrogate_of(kind, k, u[i] - (theta[i] + kappa * a[i])); \
    }                                                                     \
    break;
  switch (cell->surrogate) {
    SLOPES(HD_SURROGATE_SIGMOID)
    SLOPES(HD_SURROGATE_ATAN)
    SLOPES(HD_SURROGATE_FAST_SIGMOID)
    SLOPES(HD_SURROGATE_TRIANGLE)
    SLOPES(HD_SURROGATE_RECTANGLE)
    default:
      break;
  }
#undef SLOPES
}

HD_INLINE void cell_backward_step(bool has_current, bool has_adaptation, bool is_soft,
                                  bool is_detached, bool wants, bool is_tied, const cell_at *at) {
  const float kappa = at->kappa, v_reset = at->v_reset;
  const float *restrict alpha = at->lanes.alpha, *restrict beta = at->lanes.beta;
  const float *restrict gamma = at->lanes.gamma, *restrict theta = at->lanes.theta;
  const float *restrict rho = at->lanes.rho, *restrict h = at->h, *restrict in = at->gs;
  const float *restrict u = at->u, *restrict a = at->a_before;
  float *restrict gv = at->gv, *restrict gc = at->gc, *restrict ga = at->ga;
  float *restrict gz = at->gz;
  HD_APART
  for (int i = 0; i < at->n; i++) {
    const float threshold = has_adaptation ? theta[i] + kappa * a[i] : theta[i];
    const float s = u[i] >= threshold ? 1.0f : 0.0f;
    float gs = in[i];
    if (has_adaptation) {
      gs += ga[i];
    }
    if (!is_detached) {
      gs -= gv[i] * (is_soft ? theta[i] - v_reset : u[i] - v_reset);
    }
    const float through = gs * h[i];
    const float gu = through + (is_soft ? gv[i] : gv[i] * (1.0f - s));
    const float gamma_gu = gamma[i] * gu;
    const float whole = has_current ? gamma_gu + gc[i] : gamma_gu;
    if (wants) {
      const float v = at->v_before[i];
      at->g_theta[i] -= is_soft ? through + gv[i] * s : through;
      at->g_beta[i] += is_tied ? gu * ((v - u[i]) / (1.0f - beta[i])) : gu * v;
      if (has_current) {
        at->g_alpha[i] += whole * at->c_before[i];
      }
      if (has_adaptation) {
        at->g_rho[i] += ga[i] * a[i];
      }
    }
    if (has_adaptation) {
      ga[i] = rho[i] * ga[i] - kappa * through;
    }
    if (has_current) {
      gc[i] = alpha[i] * whole;
    }
    gv[i] = beta[i] * gu;
    gz[i] = whole;
  }
}

typedef void (*cell_backward_fn)(const cell_at *at);
#define BACKWARD(c, a, s, d, w, t) cell_back_##c##a##s##d##w##t
#define DEFINE_BACKWARD(c, a, s, d, w, t)                     \
  static void BACKWARD(c, a, s, d, w, t)(const cell_at *at) { \
    cell_backward_step(c, a, s, d, w, t, at);                 \
  }
#define EACH_GRADIENT(X, c, a, s, d) X(c, a, s, d, 0, 0) X(c, a, s, d, 1, 0) X(c, a, s, d, 1, 1)
#define EACH_RESET(X, c, a)    \
  EACH_GRADIENT(X, c, a, 0, 0) \
  EACH_GRADIENT(X, c, a, 0, 1) EACH_GRADIENT(X, c, a, 1, 0) EACH_GRADIENT(X, c, a, 1, 1)
#define EACH_CELL(X) EACH_RESET(X, 0, 0) EACH_RESET(X, 0, 1) EACH_RESET(X, 1, 0) EACH_RESET(X, 1, 1)
EACH_CELL(DEFINE_BACKWARD)
#define ROW(c, a, s, d, w, t) [c][a][s][d][w + t] = BACKWARD(c, a, s, d, w, t),
static const cell_backward_fn cell_backwards[2][2][2][2][3] = {EACH_CELL(ROW)};
#undef ROW
#undef EACH_CELL
#undef EACH_RESET
#undef EACH_GRADIENT
#undef DEFINE_BACKWARD
#undef BACKWARD

/* v after substep t, as the forward run left it. */
static void cell_v_after(const hd__cell *cell, const cell_at *at, const float *restrict u,
                         const float *restrict a_before, float *restrict v) {
  const float *restrict theta = at->lanes.theta;
  for (int i = 0; i < at->n; i++) {
    const float threshold = cell->has_adaptation ? theta[i] + at->kappa * a_before[i] : theta[i];
    const float s = u[i] >= threshold ? 1.0f : 0.0f;
    const float lowered = u[i] - s * (theta[i] - at->v_reset);
    v[i] = cell->is_soft ? lowered : s > 0.5f ? at->v_reset : u[i];
  }
}

static void cell_backward_part(const hd__cell_back *io, int from, int n) {
  const hd__cell *cell = io->cell;
  const bool wants = io->g_beta != NULL;
  float h[CELL_WIDTH] __attribute__((aligned(64)));
  float gs[CELL_WIDTH] __attribute__((aligned(64)));
  float gz[CELL_WIDTH] __attribute__((aligned(64)));
  float v[CELL_WIDTH] __attribute__((aligned(64)));
  static const float zeros[CELL_WIDTH] __attribute__((aligned(64)));
  const cell_backward_fn step =
      cell_backwards[cell->has_current][cell->has_adaptation][cell->is_soft][cell->is_detached]
                    [wants ? 1 + cell->is_tied : 0];
  const size_t size = sizeof(float) * (size_t)n, stride = (size_t)io->n;
  cell_at at = {.n = n,
                .kappa = cell->kappa,
                .v_reset = cell->v_reset,
                .lanes = {io->lanes.alpha + from, io->lanes.beta + from, io->lanes.gamma + from,
                          io->lanes.theta + from, io->lanes.rho + from},
                .h = h,
                .v_before = v};
  if (wants) {
    at.g_alpha = io->g_alpha + from;
    at.g_beta = io->g_beta + from;
    at.g_theta = io->g_theta + from;
    at.g_rho = io->g_rho + from;
  }
  for (int r = 0; r < io->rows; r++) {
    const size_t state = (size_t)r * stride + (size_t)from;
    const size_t row = (size_t)r * (size_t)io->kept_row + (size_t)from;
    const float *q = io->q != NULL ? io->q + (size_t)r * (size_t)io->q_row + from : NULL;
    const bool is_summed = io->gz_step == 0;
    float *sum = io->gz + (size_t)r * (size_t)io->gz_row + from;
    at.gv = io->gv + state;
    at.gc = io->gc != NULL ? io->gc + state : NULL;
    at.ga = io->ga != NULL ? io->ga + state : NULL;
    if (is_summed) {
      memset(sum, 0, size);
    }
    for (int t = io->first + io->steps - 1; t >= io->first; t--) {
      const size_t now = row + (size_t)t * stride;
      at.u = io->u + now;
      at.a_before = io->a_kept != NULL ? io->a_kept + now : zeros;
      at.gs = io->gs != NULL ? io->gs + now : zeros;
      if (q != NULL) {
        const float k = io->weight[t];
        const float *from_above = at.gs;
        for (int i = 0; i < n; i++) {
          gs[i] = from_above[i] + k * q[i];
        }
        at.gs = gs;
      }
      if (wants && t > 0) {
        const size_t before = now - stride;
        cell_v_after(cell, &at, io->u + before, io->a_kept != NULL ? io->a_kept + before : zeros,
                     v);
      } else if (wants) {
        memcpy(v, io->v0 != NULL ? io->v0 + state : zeros, size);
      }
      at.c_before = io->c_kept != NULL && t > 0 ? io->c_kept + now - stride
                    : io->c0 != NULL            ? io->c0 + state
                                                : zeros;
      at.gz = is_summed ? gz
                        : io->gz + (size_t)r * (size_t)io->gz_row +
                              (size_t)t * (size_t)io->gz_step + (size_t)from;
      cell_slopes(cell, &at, h);
      step(&at);
      if (is_summed) {
        for (int i = 0; i < n; i++) {
          sum[i] += gz[i];
        }
      }
    }
  }
}

static void cell_backward(const hd__cell_back *io) {
  for (int from = 0; from < io->n; from += CELL_WIDTH) {
    cell_backward_part(io, from, io->n - from < CELL_WIDTH ? io->n - from : CELL_WIDTH);
  }
}

static void activate(hd__activation activation, int rows, int n, const float *restrict bias,
                     const float *restrict z, float *restrict y) {
  for (int r = 0; r < rows; r++, z += n, y += n) {
    if (activation == HD_ACTIVATION_RELU) {
      for (int i = 0; i < n; i++) {
        y[i] = hd__maxf(z[i] + bias[i], 0.0f);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[i] = hd__tanhf(z[i] + bias[i]);
      }
    }
  }
}

static void activate_back(hd__activation activation, int rows, int n, const float *restrict y,
                          float *restrict g) {
  const size_t all = (size_t)rows * (size_t)n;
  if (activation == HD_ACTIVATION_RELU) {
    for (size_t i = 0; i < all; i++) {
      g[i] = y[i] > 0.0f ? g[i] : 0.0f;
    }
  } else {
    for (size_t i = 0; i < all; i++) {
      g[i] *= 1.0f - y[i] * y[i];
    }
  }
}
