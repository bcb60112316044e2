/* Runs of differentiable cells, forwards and backwards. Included by kernel_impl.c only.
 *
 * HD_LANES cells go through all rows and substeps before the next ones, so that their state and
 * what they have of their own stay in registers. The kinds of a cell are constants of an inlined
 * body, which has no branches but for the surrogate. */
#include "cell.h"
#include "lanes.h"

typedef struct cell_lanes {
  hd__lanes alpha, beta, gamma, theta, rho;
  hd__lanes v_reset, fall; /* fall = theta - v_reset */
  float kappa;
} cell_lanes;

HD_INLINE cell_lanes cell_load(const hd__cell *cell, const hd__cell_lanes *from, int at) {
  const hd__lanes theta = hd__load(from->theta + at), v_reset = hd__all(cell->v_reset);
  return (cell_lanes){.alpha = hd__load(from->alpha + at),
                      .beta = hd__load(from->beta + at),
                      .gamma = hd__load(from->gamma + at),
                      .theta = theta,
                      .rho = hd__load(from->rho + at),
                      .v_reset = v_reset,
                      .fall = hd__subtract(theta, v_reset),
                      .kappa = cell->kappa};
}

HD_INLINE hd__lanes cell_threshold(bool has_adaptation, const cell_lanes *own, hd__lanes a) {
  return has_adaptation ? hd__add(own->theta, hd__scale(own->kappa, a)) : own->theta;
}

/* v after a substep. */
HD_INLINE hd__lanes cell_reset(bool is_soft, const cell_lanes *own, hd__mask fired, hd__lanes u) {
  return hd__where(fired, is_soft ? hd__subtract(u, own->fall) : own->v_reset, u);
}

HD_INLINE hd__lanes cell_begin(bool is_fresh, const float *state) {
  return is_fresh ? hd__zero() : hd__load(state);
}

/* ---- forwards ---- */

/* A quarter of a word of bits. */
typedef uint16_t cell_bits __attribute__((may_alias));
_Static_assert(HD_LANES == 16, "lanes fill whole words of bits");

/* is_learning: potentials and bits are kept, spikes as floats are not. */
HD_INLINE void cell_forward_lanes(bool has_current, bool has_adaptation, bool is_soft,
                                  bool is_learning, const hd__cell_run *whole, int at) {
  const hd__cell_run copy = *whole, *io = &copy; /* nothing that is written overlaps it */
  const cell_lanes own = cell_load(io->cell, &io->lanes, at);
  const hd__lanes bias = hd__load(io->bias + at), zero = hd__zero(), one = hd__all(1.0f);
  const int left = io->n_live - at;
  const uint32_t live = left >= HD_LANES ? 0xFFFFu : left > 0 ? (1u << left) - 1 : 0;
  const size_t n = (size_t)io->n, slices = (size_t)io->kept_row / n;
  hd__lanes total = zero;
  for (int r = 0; r < io->rows; r++) {
    const size_t state = (size_t)r * n + (size_t)at, row = (size_t)r * (size_t)io->kept_row;
    const float *z = io->z + (size_t)r * (size_t)io->z_row + at;
    float *to_mean = io->mean != NULL ? io->mean + (size_t)r * (size_t)io->mean_row + at : NULL;
    hd__lanes v = cell_begin(io->is_fresh, io->v + state), mean = zero;
    hd__lanes c = has_current ? cell_begin(io->is_fresh, io->c + state) : zero;
    hd__lanes a = has_adaptation ? cell_begin(io->is_fresh, io->a + state) : zero;
    if (to_mean != NULL && io->first > 0) {
      mean = hd__load(to_mean);
    }
    for (int t = io->first; t < io->first + io->steps; t++) {
      const size_t kept = row + (size_t)t * n + (size_t)at;
      const hd__lanes drive = hd__add(hd__load(z + t * io->z_step), bias);
      const hd__lanes threshold = cell_threshold(has_adaptation, &own, a);
      c = has_current ? hd__add(hd__multiply(own.alpha, c), drive) : drive;
      const hd__lanes u = hd__add(hd__multiply(own.beta, v), hd__multiply(own.gamma, c));
      const hd__mask fired = hd__at_least(u, threshold);
      v = cell_reset(is_soft, &own, fired, u);
      if (has_adaptation) {
        if (io->a_kept != NULL) {
          hd__store(io->a_kept + kept, a);
        }
        a = hd__multiply(own.rho, a);
        a = hd__where(fired, hd__add(a, one), a);
      }
      if (has_current && io->c_kept != NULL) {
        hd__store(io->c_kept + kept, c);
      }
      if (is_learning || io->u != NULL) {
        hd__store(io->u + kept, u);
      }
      if (!is_learning && io->s != NULL) {
        hd__store(io->s + kept, hd__where(fired, one, zero));
      }
      if (is_learning || io->bits != NULL) {
        uint64_t *word = io->bits + ((size_t)r * slices + (size_t)t) * (size_t)io->words;
        ((cell_bits *)word)[at / HD_LANES] = (cell_bits)(hd__mask_bits(fired) & live);
      }
      if (io->total != NULL) {
        total = hd__where(fired, hd__add(total, one), total);
      }
      if (to_mean != NULL) {
        mean = hd__where(fired, hd__add(mean, hd__all(io->weight[t])), mean);
      }
    }
    hd__store(io->v + state, v);
    if (has_current) {
      hd__store(io->c + state, c);
    }
    if (has_adaptation) {
      hd__store(io->a + state, a);
    }
    if (to_mean != NULL) {
      hd__store(to_mean, mean);
    }
  }
  if (io->total != NULL) {
    hd__store(io->total + at, hd__add(hd__load(io->total + at), total));
  }
}

#define EACH_CELL(X) \
  X(0, 0, 0) X(0, 0, 1) X(0, 1, 0) X(0, 1, 1) X(1, 0, 0) X(1, 0, 1) X(1, 1, 0) X(1, 1, 1)
#define FORWARD(c, a, s) cell_forward_##c##a##s
#define DEFINE_FORWARD(has_c, has_a, soft)                          \
  static void FORWARD(has_c, has_a, soft)(const hd__cell_run *io) { \
    const bool keeps = io->u != NULL && io->bits != NULL;           \
    for (int at = 0; at < io->n; at += HD_LANES) {                  \
      if (keeps && io->s == NULL) {                                 \
        cell_forward_lanes(has_c, has_a, soft, true, io, at);       \
      } else {                                                      \
        cell_forward_lanes(has_c, has_a, soft, false, io, at);      \
      }                                                             \
    }                                                               \
  }
EACH_CELL(DEFINE_FORWARD)

static void cell_forward(const hd__cell_run *io) {
#define ROW(c, a, s) [c][a][s] = FORWARD(c, a, s),
  static void (*const forwards[2][2][2])(const hd__cell_run *io) = {EACH_CELL(ROW)};
#undef ROW
  const hd__cell *cell = io->cell;
  forwards[cell->has_current][cell->has_adaptation][cell->is_soft](io);
}
#undef DEFINE_FORWARD
#undef FORWARD

/* ---- backwards ---- */

/* Slope of the spike at x = u - threshold. */
HD_INLINE hd__lanes cell_slope(hd__surrogate_kind surrogate, float k, hd__lanes x) {
  float from[HD_LANES] __attribute__((aligned(64))), to[HD_LANES] __attribute__((aligned(64)));
  hd__store(from, x);
#define SLOPES(kind)                              \
  case kind:                                      \
    for (int i = 0; i < HD_LANES; i++) {          \
      to[i] = hd__surrogate_of(kind, k, from[i]); \
    }                                             \
    break;
  switch (surrogate) {
    SLOPES(HD_SURROGATE_SIGMOID)
    case HD_SURROGATE_ATAN: { /* the usual one: in registers */
      const hd__lanes y = hd__scale(0.5f * HD_PI_F * k, x);
      return hd__divide(hd__all(0.5f * k), hd__add(hd__all(1.0f), hd__multiply(y, y)));
    }
      SLOPES(HD_SURROGATE_FAST_SIGMOID)
      SLOPES(HD_SURROGATE_TRIANGLE)
    default:
      for (int i = 0; i < HD_LANES; i++) {
        to[i] = hd__surrogate_of(HD_SURROGATE_RECTANGLE, k, from[i]);
      }
      break;
  }
#undef SLOPES
  return hd__load(to);
}

/* Gradients by what each cell has of its own. */
typedef struct cell_grads {
  hd__lanes alpha, beta, theta, rho;
} cell_grads;

/* v and c before substep t of a row whose kept arrays begin at `row`. */
HD_INLINE void cell_before(bool has_current, bool has_adaptation, bool is_soft,
                           const hd__cell_back *io, const cell_lanes *own, size_t row, size_t state,
                           int t, hd__lanes *v, hd__lanes *c) {
  const size_t before = row + (size_t)(t - 1) * (size_t)io->n;
  if (t > 0) {
    const hd__lanes u = hd__load(io->u + before);
    const hd__lanes a =
        has_adaptation && io->a_kept != NULL ? hd__load(io->a_kept + before) : hd__zero();
    *v = cell_reset(is_soft, own, hd__at_least(u, cell_threshold(has_adaptation, own, a)), u);
  } else {
    *v = cell_begin(io->v0 == NULL, io->v0 + state);
  }
  if (has_current) {
    *c = t > 0 && io->c_kept != NULL ? hd__load(io->c_kept + before)
                                     : cell_begin(io->c0 == NULL, io->c0 + state);
  }
}

HD_INLINE void cell_backward_lanes(bool has_current, bool has_adaptation, bool is_soft, bool wants,
                                   const hd__cell_back *whole, int at) {
  const hd__cell_back copy = *whole, *io = &copy; /* nothing that is written overlaps it */
  const cell_lanes own = cell_load(io->cell, &io->lanes, at);
  const hd__lanes zero = hd__zero();
  const size_t n = (size_t)io->n;
  const bool is_summed = io->gz_step == 0;
  const bool is_detached = io->cell->is_detached, is_tied = io->cell->is_tied;
  const hd__surrogate_kind surrogate = io->cell->surrogate;
  const float k = io->cell->slope;
  cell_grads grads = {zero, zero, zero, zero};
  if (wants) {
    grads = (cell_grads){hd__load(io->g_alpha + at), hd__load(io->g_beta + at),
                         hd__load(io->g_theta + at), hd__load(io->g_rho + at)};
  }
  for (int r = 0; r < io->rows; r++) {
    const size_t state = (size_t)r * n + (size_t)at;
    const size_t row = (size_t)r * (size_t)io->kept_row + (size_t)at;
    float *to = io->gz + (size_t)r * (size_t)io->gz_row + at;
    hd__lanes gv = cell_begin(io->is_fresh, io->gv + state), sum = zero;
    hd__lanes gc = has_current ? cell_begin(io->is_fresh, io->gc + state) : zero;
    hd__lanes ga = has_adaptation ? cell_begin(io->is_fresh, io->ga + state) : zero;
    const hd__lanes q = io->q != NULL ? hd__load(io->q + (size_t)r * (size_t)io->q_row + at) : zero;
    for (int t = io->first + io->steps - 1; t >= io->first; t--) {
      const size_t now = row + (size_t)t * n;
      const hd__lanes u = hd__load(io->u + now);
      const hd__lanes a = has_adaptation && io->a_kept != NULL ? hd__load(io->a_kept + now) : zero;
      const hd__lanes threshold = cell_threshold(has_adaptation, &own, a);
      const hd__lanes slope = cell_slope(surrogate, k, hd__subtract(u, threshold));
      const hd__mask fired = hd__at_least(u, threshold);
      hd__lanes gs = io->gs != NULL ? hd__load(io->gs + now) : zero;
      if (io->q != NULL) {
        gs = hd__add_scaled(gs, io->weight[t], q);
      }
      if (has_adaptation) {
        gs = hd__add(gs, ga);
      }
      if (!is_detached) {
        const hd__lanes fall = is_soft ? own.fall : hd__subtract(u, own.v_reset);
        gs = hd__subtract(gs, hd__multiply(gv, fall));
      }
      const hd__lanes through = hd__multiply(gs, slope);
      const hd__lanes gu = hd__add(through, is_soft ? gv : hd__where(fired, zero, gv));
      hd__lanes gz = hd__multiply(own.gamma, gu);
      if (has_current) {
        gz = hd__add(gz, gc);
      }
      if (wants) {
        hd__lanes v, c = zero;
        cell_before(has_current, has_adaptation, is_soft, io, &own, row, state, t, &v, &c);
        const hd__lanes by_theta = is_soft ? hd__add(through, hd__where(fired, gv, zero)) : through;
        grads.theta = hd__subtract(grads.theta, by_theta);
        const hd__lanes by_beta =
            is_tied ? hd__divide(hd__subtract(v, u), hd__subtract(hd__all(1.0f), own.beta)) : v;
        grads.beta = hd__add_product(grads.beta, gu, by_beta);
        if (has_current) {
          grads.alpha = hd__add_product(grads.alpha, gz, c);
        }
        if (has_adaptation) {
          grads.rho = hd__add_product(grads.rho, ga, a);
        }
      }
      if (has_adaptation) {
        ga = hd__subtract(hd__multiply(own.rho, ga), hd__scale(own.kappa, through));
      }
      if (has_current) {
        gc = hd__multiply(own.alpha, gz);
      }
      gv = hd__multiply(own.beta, gu);
      if (is_summed) {
        sum = hd__add(sum, gz);
      } else {
        hd__store(to + t * io->gz_step, gz);
      }
    }
    if (is_summed) {
      hd__store(to, sum);
    }
    hd__store(io->gv + state, gv);
    if (has_current) {
      hd__store(io->gc + state, gc);
    }
    if (has_adaptation) {
      hd__store(io->ga + state, ga);
    }
  }
  if (wants) {
    hd__store(io->g_alpha + at, grads.alpha);
    hd__store(io->g_beta + at, grads.beta);
    hd__store(io->g_theta + at, grads.theta);
    hd__store(io->g_rho + at, grads.rho);
  }
}

#define BACKWARD(c, a, s) cell_backward_##c##a##s
#define DEFINE_BACKWARD(has_c, has_a, soft)                           \
  static void BACKWARD(has_c, has_a, soft)(const hd__cell_back *io) { \
    for (int at = 0; at < io->n; at += HD_LANES) {                    \
      if (io->g_beta != NULL) {                                       \
        cell_backward_lanes(has_c, has_a, soft, true, io, at);        \
      } else {                                                        \
        cell_backward_lanes(has_c, has_a, soft, false, io, at);       \
      }                                                               \
    }                                                                 \
  }
EACH_CELL(DEFINE_BACKWARD)

static void cell_backward(const hd__cell_back *io) {
#define ROW(c, a, s) [c][a][s] = BACKWARD(c, a, s),
  static void (*const backwards[2][2][2])(const hd__cell_back *io) = {EACH_CELL(ROW)};
#undef ROW
  const hd__cell *cell = io->cell;
  backwards[cell->has_current][cell->has_adaptation][cell->is_soft](io);
}
#undef EACH_CELL
#undef DEFINE_BACKWARD
#undef BACKWARD

/* ---- units that do not spike ---- */

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
