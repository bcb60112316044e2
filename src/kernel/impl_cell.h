/* Runs of membranes forwards. Included by kernel_impl.c only.
 *
 * HD_LANES cells go through all rows and substeps before the next ones, so that their state and
 * what they have of their own stay in registers. The kinds of a cell are constants of an inlined
 * body, which has no branches but for the surrogate; what is rare (a resting potential, a
 * refractory period) takes a body that branches. */
#include "impl_membrane.h"

/* A quarter of a word of bits. */
typedef uint16_t cell_bits __attribute__((may_alias));
_Static_assert(HD_LANES == 16, "lanes fill whole words of bits");

HD_INLINE cell_state cell_begin(cell_kind kind, const cell_lanes *own, const hd__cell_run *io,
                                size_t at) {
  const bool is_fresh = io->is_fresh;
  const hd__lanes zero = hd__zero();
  return (cell_state){.v = is_fresh ? own->v_start : hd__load(io->v + at),
                      .c = kind.has_current && !is_fresh ? hd__load(io->c + at) : zero,
                      .a = kind.has_adaptation && !is_fresh ? hd__load(io->a + at) : zero,
                      .r = kind.is_refractory && !is_fresh ? hd__load(io->r + at) : zero};
}

HD_INLINE void cell_end(cell_kind kind, const cell_state *state, const hd__cell_run *io,
                        size_t at) {
  hd__store(io->v + at, state->v);
  if (kind.has_current) {
    hd__store(io->c + at, state->c);
  }
  if (kind.has_adaptation) {
    hd__store(io->a + at, state->a);
  }
  if (kind.is_refractory) {
    hd__store(io->r + at, state->r);
  }
}

/* State before a substep, of what backward cannot tell from potentials. */
HD_INLINE void cell_keep(cell_kind kind, const cell_state *state, const hd__cell_run *io,
                         size_t kept) {
  if (kind.has_adaptation && io->a_kept != NULL) {
    hd__store(io->a_kept + kept, state->a);
  }
  if (kind.is_refractory && io->r_kept != NULL) {
    hd__store(io->r_kept + kept, state->r);
  }
}

/* What a run writes beside the state, where it is a sum of these; CELL_ANY looks at every pointer.
 * A layer whose spikes go to the next one has bits, one that is read has a mean, and one that
 * learns keeps potentials as well. */
enum { CELL_ANY = 0, CELL_BITS = 1, CELL_MEAN = 2, CELL_POTENTIALS = 4 };

HD_INLINE int cell_use_of(const hd__cell_run *io) {
  const int shown = (io->bits != NULL ? CELL_BITS : 0) | (io->mean != NULL ? CELL_MEAN : 0);
  const bool keeps = io->c_kept != NULL || io->a_kept != NULL || io->r_kept != NULL;
  if (io->s != NULL || io->gain != NULL || shown == 0 || (io->u == NULL && keeps)) {
    return CELL_ANY;
  }
  return shown | (io->u != NULL ? CELL_POTENTIALS : 0);
}

HD_INLINE void cell_forward_lanes(cell_kind kind, int use, const hd__cell_run *io, int at) {
  const cell_lanes own = cell_load(io->cell, &io->lanes, at);
  const hd__lanes zero = hd__zero(), one = hd__all(1.0f);
  const hd__lanes bias = io->bias != NULL ? hd__load(io->bias + at) : zero;
  const int left = io->n_live - at;
  const uint32_t live = left >= HD_LANES ? 0xFFFFu : left > 0 ? (1u << left) - 1 : 0;
  const size_t n = (size_t)io->n;
  const bool is_any = use == CELL_ANY;
  const bool keeps_u = use & CELL_POTENTIALS, has_bits = use & CELL_BITS;
  const bool has_mean = use & CELL_MEAN;
  const bool is_steady = io->z_step == 0 && !kind.has_current;
  hd__counts total = hd__count_none();
  for (int r = 0; r < io->rows; r++) {
    const size_t row = (size_t)r * (size_t)io->kept_row + (size_t)at;
    const float *z = io->z + (size_t)r * (size_t)io->z_row + at;
    const bool is_read = has_mean || (is_any && io->mean != NULL);
    float *to_mean = is_read ? io->mean + (size_t)r * (size_t)io->mean_row + at : NULL;
    hd__lanes mean = is_read && io->first > 0 ? hd__load(to_mean) : zero;
    cell_state state = cell_begin(kind, &own, io, (size_t)r * n + (size_t)at);
    hd__lanes input = is_steady ? cell_input(kind, &own, hd__add(hd__load(z), bias), &state) : zero;
    for (int t = io->first; t < io->first + io->steps; t++) {
      const size_t kept = row + (size_t)t * (size_t)io->kept_step;
      if (keeps_u || is_any) {
        cell_keep(kind, &state, io, kept);
      }
      if (!is_steady) {
        input = cell_input(kind, &own, hd__add(hd__load(z + t * io->z_step), bias), &state);
      }
      const hd__lanes threshold = cell_threshold(kind, &own, state.a);
      const hd__lanes u = cell_integrate(kind, &own, input, &state);
      const hd__mask fired = cell_fires(kind, u, threshold, state.r);
      if ((keeps_u || is_any) && kind.has_current && io->c_kept != NULL) {
        hd__store(io->c_kept + kept, state.c);
      }
      if (keeps_u || (is_any && io->u != NULL)) {
        hd__store(io->u + kept, u);
      }
      if (is_any && io->s != NULL) {
        hd__store(io->s + kept, hd__where(fired, one, zero));
      }
      if (is_any && io->gain != NULL) {
        hd__store(io->gain + kept, cell_gain(kind, io->cell, &own, u, threshold, state.r));
      }
      cell_settle(kind, &own, fired, u, &state);
      if (has_bits || (is_any && io->bits != NULL)) {
        uint64_t *word = io->bits + (size_t)r * (size_t)io->bits_row + t * io->bits_step;
        ((cell_bits *)word)[at / HD_LANES] = (cell_bits)(hd__mask_bits(fired) & live);
      }
      total = hd__count(total, fired);
      if (is_read) {
        mean = hd__where(fired, hd__add(mean, hd__all(io->weight[t])), mean);
      }
    }
    cell_end(kind, &state, io, (size_t)r * n + (size_t)at);
    if (is_read) {
      hd__store(to_mean, mean);
    }
  }
  if (io->total != NULL) {
    hd__store(io->total + at, hd__add(hd__load(io->total + at), hd__count_lanes(total)));
  }
}

HD_INLINE void cell_forward_kind(cell_kind kind, const hd__cell_run *whole) {
  const hd__cell_run copy = *whole, *io = &copy; /* nothing that is written overlaps it */
#define USE(which)                                 \
  case which:                                      \
    for (int at = 0; at < io->n; at += HD_LANES) { \
      cell_forward_lanes(kind, which, io, at);     \
    }                                              \
    break;
  switch (cell_use_of(io)) {
    USE(CELL_BITS)
    USE(CELL_MEAN)
    USE(CELL_BITS | CELL_MEAN)
    USE(CELL_POTENTIALS | CELL_BITS)
    USE(CELL_POTENTIALS | CELL_MEAN)
    USE(CELL_POTENTIALS | CELL_BITS | CELL_MEAN)
    USE(CELL_ANY)
  }
#undef USE
}

/* Kinds that have no loops of their own. */
static void cell_forward_any(const hd__cell_run *whole) {
  const hd__cell_run copy = *whole, *io = &copy;
  for (int at = 0; at < io->n; at += HD_LANES) {
    cell_forward_lanes(cell_kind_of(io->cell), CELL_ANY, io, at);
  }
}

#if defined(HD_KERNEL_SCALAR)
static void cell_forward(const hd__cell_run *io) { cell_forward_any(io); }
#else
#define FORWARD(c, a, s) cell_forward_##c##a##s
#define DEFINE_FORWARD(has_c, has_a, soft)                                \
  static void FORWARD(has_c, has_a, soft)(const hd__cell_run *io) {       \
    cell_forward_kind((cell_kind){has_c, has_a, soft, false, false}, io); \
  }
#define FORWARD_ROW(c, a, s) [c][a][s] = FORWARD(c, a, s),
EACH_CELL(DEFINE_FORWARD)

static void cell_forward(const hd__cell_run *io) {
  static void (*const forwards[2][2][2])(const hd__cell_run *io) = {EACH_CELL(FORWARD_ROW)};
  const hd__cell *cell = io->cell;
  if (cell_is_plain(cell)) {
    forwards[cell->has_current][cell->has_adaptation][cell->is_soft](io);
  } else {
    cell_forward_any(io);
  }
}
#undef DEFINE_FORWARD
#undef FORWARD_ROW
#undef FORWARD
#endif
