/* Runs of membranes backwards, by the same kinds as forwards. Included by kernel_impl.c only. */
#include "impl_membrane.h"

/* Gradients by what each cell has of its own. */
typedef struct cell_grads {
  hd__lanes alpha, beta, theta, rho;
} cell_grads;

HD_INLINE hd__lanes cell_kept(const float *kept, size_t at) {
  return kept != NULL ? hd__load(kept + at) : hd__zero();
}

/* v and c before substep t of a row whose kept arrays begin at `row`. */
HD_INLINE void cell_before(cell_kind kind, const hd__cell_back *io, const cell_lanes *own,
                           size_t row, size_t state, int t, hd__lanes *v, hd__lanes *c) {
  const size_t before = row + (size_t)(t - 1) * (size_t)io->n;
  if (t > 0) {
    const hd__lanes u = hd__load(io->u + before);
    const hd__lanes a = kind.has_adaptation ? cell_kept(io->a_kept, before) : hd__zero();
    const hd__lanes r = kind.is_refractory ? cell_kept(io->r_kept, before) : hd__zero();
    *v = cell_reset(kind, own, cell_fires(kind, u, cell_threshold(kind, own, a), r), u);
  } else {
    *v = io->v0 != NULL ? hd__load(io->v0 + state) : own->v_start;
  }
  if (kind.has_current) {
    *c = t > 0 && io->c_kept != NULL ? hd__load(io->c_kept + before) : cell_kept(io->c0, state);
  }
}

HD_INLINE void cell_backward_lanes(cell_kind kind, bool wants, const hd__cell_back *whole, int at) {
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
    const bool is_fresh = io->is_fresh;
    hd__lanes gv = is_fresh ? zero : hd__load(io->gv + state), sum = zero;
    hd__lanes gc = kind.has_current && !is_fresh ? hd__load(io->gc + state) : zero;
    hd__lanes ga = kind.has_adaptation && !is_fresh ? hd__load(io->ga + state) : zero;
    const hd__lanes q = io->q != NULL ? hd__load(io->q + (size_t)r * (size_t)io->q_row + at) : zero;
    for (int t = io->first + io->steps - 1; t >= io->first; t--) {
      const size_t now = row + (size_t)t * n;
      const hd__lanes u = hd__load(io->u + now);
      const hd__lanes a = kind.has_adaptation ? cell_kept(io->a_kept, now) : zero;
      const hd__lanes left = kind.is_refractory ? cell_kept(io->r_kept, now) : zero;
      const hd__mask open = cell_is_open(left); /* of no use where nothing is refractory */
      const hd__lanes threshold = cell_threshold(kind, &own, a);
      const hd__lanes slope = cell_slope(surrogate, k, hd__subtract(u, threshold));
      const hd__mask fired = cell_fires(kind, u, threshold, left);
      hd__lanes gs = io->gs != NULL ? hd__load(io->gs + now) : zero;
      if (io->q != NULL) {
        gs = hd__add_scaled(gs, io->weight[t], q);
      }
      if (kind.has_adaptation) {
        gs = hd__add(gs, ga);
      }
      if (!is_detached) {
        const hd__lanes fall = kind.is_soft ? own.fall : hd__subtract(u, own.v_reset);
        gs = hd__subtract(gs, hd__multiply(gv, fall));
      }
      hd__lanes through = hd__multiply(gs, slope);
      if (kind.is_refractory) {
        through = hd__where(open, through, zero);
      }
      const hd__lanes gu = hd__add(through, kind.is_soft ? gv : hd__where(fired, zero, gv));
      hd__lanes g_in = gu; /* by what enters the potential: nothing does while refractory */
      if (kind.is_refractory) {
        g_in = hd__where(open, gu, zero);
      }
      hd__lanes gz = hd__multiply(own.gamma, g_in);
      if (kind.has_current) {
        gz = hd__add(gz, gc);
      }
      if (wants) {
        hd__lanes v, c = zero;
        cell_before(kind, io, &own, row, state, t, &v, &c);
        const hd__lanes by_theta =
            kind.is_soft ? hd__add(through, hd__where(fired, gv, zero)) : through;
        grads.theta = hd__subtract(grads.theta, by_theta);
        const hd__lanes away = kind.has_rest ? hd__subtract(v, own.v_rest) : v;
        const hd__lanes by_beta =
            is_tied ? hd__divide(hd__subtract(v, u), hd__subtract(hd__all(1.0f), own.beta)) : away;
        grads.beta = hd__add_product(grads.beta, g_in, by_beta);
        if (kind.has_current) {
          grads.alpha = hd__add_product(grads.alpha, gz, c);
        }
        if (kind.has_adaptation) {
          grads.rho = hd__add_product(grads.rho, ga, a);
        }
      }
      if (kind.has_adaptation) {
        ga = hd__subtract(hd__multiply(own.rho, ga), hd__scale(own.kappa, through));
      }
      if (kind.has_current) {
        gc = hd__multiply(own.alpha, gz);
      }
      gv = hd__multiply(own.beta, gu);
      if (kind.is_refractory) {
        gv = hd__where(open, gv, gu);
      }
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
    if (kind.has_current) {
      hd__store(io->gc + state, gc);
    }
    if (kind.has_adaptation) {
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

HD_INLINE void cell_backward_kind(cell_kind kind, const hd__cell_back *io) {
  for (int at = 0; at < io->n; at += HD_LANES) {
    if (io->g_beta != NULL) {
      cell_backward_lanes(kind, true, io, at);
    } else {
      cell_backward_lanes(kind, false, io, at);
    }
  }
}

static void cell_backward_any(const hd__cell_back *io) {
  cell_backward_kind(cell_kind_of(io->cell), io);
}

#if defined(HD_KERNEL_SCALAR)
static void cell_backward(const hd__cell_back *io) { cell_backward_any(io); }
#else
#define BACKWARD(c, a, s) cell_backward_##c##a##s
#define DEFINE_BACKWARD(has_c, has_a, soft)                                \
  static void BACKWARD(has_c, has_a, soft)(const hd__cell_back *io) {      \
    cell_backward_kind((cell_kind){has_c, has_a, soft, false, false}, io); \
  }
EACH_CELL(DEFINE_BACKWARD)

static void cell_backward(const hd__cell_back *io) {
#define ROW(c, a, s) [c][a][s] = BACKWARD(c, a, s),
  static void (*const backwards[2][2][2])(const hd__cell_back *io) = {EACH_CELL(ROW)};
#undef ROW
  const hd__cell *cell = io->cell;
  if (cell_is_plain(cell)) {
    backwards[cell->has_current][cell->has_adaptation][cell->is_soft](io);
  } else {
    cell_backward_any(io);
  }
}
#undef DEFINE_BACKWARD
#undef BACKWARD
#endif
