/* Passes over the synapses of a projection (src/rule/synapse_loops.h). Included by kernel_impl.c
 * only. */
#include <string.h>

#include "is_finite.h"
#include "lanes.h"
#include "synapse_loops.h"

/* ---- HD_LANES synapses of one source at a time ---- */

enum { SYNAPSE_STATES = 3, SYNAPSE_ENDS = 3 };

/* HD_LANES targets are stepped side by side as far as registers hold them: lines of memory that lie
 * together come at a pace that does not depend on where arrays lie. */
enum { SYNAPSE_BLOCK = HD_VN <= 2 ? 4 : 1 };

/* The arrays of a pass, and numbers that its step asks for. */
typedef struct synapse_pass {
  int n_source, n_target, n_state;   /* arrays of each kind */
  const float *source[SYNAPSE_ENDS]; /* [n_pre] */
  const float *target[SYNAPSE_ENDS]; /* [stride] */
  float *state[SYNAPSE_STATES];      /* of synapses, read and written */
  float keep, by;
  hd__rise rise;
  hd__weight_range range;
  bool has_fired, is_soft, is_scaled;
} synapse_pass;

/* Entries of these arrays. */
typedef struct synapse_lanes {
  float source[SYNAPSE_ENDS];
  hd__lanes target[SYNAPSE_ENDS], state[SYNAPSE_STATES];
} synapse_lanes;

typedef void (*synapse_step)(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at);

HD_INLINE void synapses_source(const synapse_pass *pass, int i, synapse_lanes *to) {
  for (int a = 0; a < pass->n_source; a++) {
    to->source[a] = pass->source[a][i];
  }
}

/* The synapses of source i onto HD_LANES targets from `at` on. */
HD_INLINE void synapses_step(const hd_synapses *s, const synapse_pass *pass, synapse_step step,
                             int i, int at, synapse_lanes *lanes) {
  const size_t k = (size_t)i * (size_t)s->stride + (size_t)at;
  synapses_source(pass, i, lanes);
  for (int a = 0; a < pass->n_state; a++) {
    lanes->state[a] = hd__load(pass->state[a] + k);
  }
  step(s, pass, lanes);
  for (int a = 0; a < pass->n_state; a++) {
    hd__store(pass->state[a] + k, lanes->state[a]);
  }
}

/* All pairs are joined: synapses onto n times HD_LANES targets from `at` on, source by source. */
HD_INLINE void synapses_block(const hd_synapses *s, const synapse_pass *pass, synapse_step step,
                              int at, int n, int from, int to) {
  synapse_lanes lanes[SYNAPSE_BLOCK];
  for (int b = 0; b < n; b++) {
    for (int a = 0; a < pass->n_target; a++) {
      lanes[b].target[a] = hd__load(pass->target[a] + at + b * HD_LANES);
    }
  }
  for (int i = from; i < to; i++) {
    for (int b = 0; b < n; b++) {
      synapses_step(s, pass, step, i, at + b * HD_LANES, &lanes[b]);
    }
  }
}

HD_INLINE void synapses_blocks(const hd_synapses *s, const synapse_pass *pass, synapse_step step,
                               int from, int to) {
  int at = 0;
  for (; at + SYNAPSE_BLOCK * HD_LANES <= s->stride; at += SYNAPSE_BLOCK * HD_LANES) {
    synapses_block(s, pass, step, at, SYNAPSE_BLOCK, from, to);
  }
  for (; at < s->stride; at += HD_LANES) {
    synapses_block(s, pass, step, at, 1, from, to);
  }
}

/* n <= HD_LANES synapses of a list, from k on. */
HD_INLINE void synapses_some(const hd_synapses *s, const synapse_pass *pass, synapse_step step,
                             int32_t k, int n, synapse_lanes *lanes) {
  _Alignas(64) float some[HD_LANES] = {0};
  for (int a = 0; a < pass->n_target; a++) {
    for (int l = 0; l < n; l++) {
      some[l] = pass->target[a][s->target[k + l]];
    }
    lanes->target[a] = hd__load(some);
  }
  for (int a = 0; a < pass->n_state; a++) {
    memcpy(some, pass->state[a] + k, sizeof(float) * (size_t)n);
    lanes->state[a] = hd__load(some);
  }
  step(s, pass, lanes);
  for (int a = 0; a < pass->n_state; a++) {
    hd__store(some, lanes->state[a]);
    memcpy(pass->state[a] + k, some, sizeof(float) * (size_t)n);
  }
}

HD_INLINE void synapses_list(const hd_synapses *s, const synapse_pass *pass, synapse_step step,
                             int i) {
  synapse_lanes lanes;
  synapses_source(pass, i, &lanes);
  for (int32_t k = s->start[i]; k < s->start[i + 1]; k += HD_LANES) {
    const int32_t left = s->start[i + 1] - k;
    synapses_some(s, pass, step, k, left < HD_LANES ? left : HD_LANES, &lanes);
  }
}

/* Synapses of the sources from, ..., to - 1. */
HD_INLINE void synapses_each(const hd_synapses *s, const synapse_pass *pass, synapse_step step,
                             int from, int to) {
  const hd_synapses own_s = *s; /* copies that nothing else points to */
  const synapse_pass own_pass = *pass;
  if (own_s.start == NULL) {
    synapses_blocks(&own_s, &own_pass, step, from, to);
  }
  for (int i = from; own_s.start != NULL && i < to; i++) {
    synapses_list(&own_s, &own_pass, step, i);
  }
}

HD_INLINE void synapses_all(const hd_synapses *s, const synapse_pass *pass, synapse_step step) {
  synapses_each(s, pass, step, 0, s->n_pre);
}

/* ---- pairs of spikes ---- */

static bool synapses_trace(int n, float keep, float a, bool is_nearest, const float *restrict x,
                           float *restrict trace) {
  uint32_t has_spikes = 0;
  for (int k = 0; k < n; k++) {
    const float left = keep * trace[k];
    trace[k] = x[k] != 0.0f ? (is_nearest ? 0.0f : left) + a * x[k] : left;
    has_spikes |= x[k] != 0.0f;
  }
  return has_spikes != 0;
}

/* A source that sent nothing meets nothing while no target fires. */
HD_INLINE void pairs_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  (void)s;
  const float before = at->source[0], x = at->source[1];
  const hd__lanes b = at->target[0], behind = at->target[1];
  at->state[0] = hd__scale(pass->keep, at->state[0]);
  if (pass->has_fired || x != 0.0f) {
    const hd__lanes zeta = hd__add_scaled(hd__scale(before, b), x, behind);
    at->state[0] = hd__add_scaled(at->state[0], pass->by, zeta);
  }
}

static void synapses_pairs(const hd_synapses *s, const hd__pairs *pairs, bool has_fired, float keep,
                           float by) {
  const synapse_pass pass = {.n_source = 2,
                             .n_target = 2,
                             .n_state = 1,
                             .source = {pairs->before, s->x},
                             .target = {s->b, pairs->behind},
                             .state = {s->e},
                             .keep = keep,
                             .by = by,
                             .has_fired = has_fired};
  synapses_all(s, &pass, pairs_step);
}

/* ---- what arrived at a membrane ---- */

/* A pass over xbar and n_state - 1 arrays more, which the caller fills in. */
HD_INLINE synapse_pass filter_pass(const hd_synapses *s, const hd__filter *f, int n_state,
                                   const float *lane) {
  for (int i = 0; i < s->n_pre; i++) {
    f->c[i] = s->current * f->c[i] + s->x[i];
  }
  return (synapse_pass){.n_source = 1,
                        .n_target = 3,
                        .n_state = n_state,
                        .source = {f->c},
                        .target = {f->refrac, f->fired, lane},
                        .state = {f->xbar}};
}

/* This substep's spikes are those of the substep before. */
static void filter_end(const hd_synapses *s, const hd__filter *f) {
  const float *restrict b = s->b, ref_steps = (float)s->ref_steps;
  float *restrict refrac = f->refrac, *restrict fired = f->fired;
  for (int j = 0; j < s->stride; j++) {
    const float less = hd__maxf(refrac[j] - 1.0f, 0.0f);
    refrac[j] = b[j] > 0.0f ? ref_steps : less;
    fired[j] = b[j];
  }
}

/* The new xbar. */
HD_INLINE hd__lanes filter_arrive(const hd_synapses *s, const synapse_lanes *at) {
  const hd__lanes zero = hd__zero(), refrac = at->target[0], fired = at->target[1];
  const hd__mask open = hd__both(hd__at_least(refrac, zero), hd__at_least(zero, refrac));
  const hd__lanes left = hd__where(open, hd__all(s->keep), hd__all(1.0f));
  const hd__lanes keep = s->is_reset ? hd__where(hd__at_least(zero, fired), left, zero) : left;
  const hd__lanes c = hd__where(open, hd__all(at->source[0]), zero);
  return hd__add_product(c, keep, at->state[0]);
}

HD_INLINE void filter_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  const hd__lanes lane = at->target[2], e = at->state[1];
  at->state[0] = filter_arrive(s, at);
  at->state[1] = hd__add_product(hd__scale(pass->keep, e), lane, at->state[0]);
}

HD_INLINE void tire_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  (void)pass;
  const hd__lanes lane = at->target[2], eps = at->state[1];
  at->state[0] = filter_arrive(s, at);
  const hd__lanes d = hd__multiply(lane, hd__subtract(at->state[0], hd__scale(s->tire, eps)));
  at->state[1] = hd__add(hd__scale(s->fade, eps), d);
  at->state[2] = hd__add_scaled(at->state[2], s->share, d);
}

HD_INLINE void rise_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  const hd__lanes zero = hd__zero(), e = at->state[1], fast = at->state[2];
  const hd__mask silent = hd__at_least(zero, at->target[2]);
  const hd__lanes x = filter_arrive(s, at), given = hd__scale(pass->rise.by, x);
  const hd__lanes faded = hd__scale(pass->rise.keep_fast, fast);
  const hd__lanes slow = hd__subtract(hd__scale(pass->rise.keep, hd__add(e, fast)), faded);
  const bool is_fast = pass->rise.keep_fast > 0.0f;
  at->state[0] = hd__where(silent, x, zero);
  at->state[1] = is_fast ? slow : hd__where(silent, slow, hd__add(slow, given));
  at->state[2] = is_fast ? hd__where(silent, faded, hd__add(faded, given)) : faded;
}

static void synapses_filter(const hd_synapses *s, const hd__filter *f, float keep, float *e) {
  synapse_pass pass = filter_pass(s, f, 2, s->lane);
  pass.state[1] = e;
  pass.keep = keep;
  synapses_all(s, &pass, filter_step);
  filter_end(s, f);
}

static void synapses_tire(const hd_synapses *s, const hd__filter *f, float *eps, float *sum) {
  synapse_pass pass = filter_pass(s, f, 3, s->lane);
  pass.state[1] = eps, pass.state[2] = sum;
  synapses_all(s, &pass, tire_step);
  filter_end(s, f);
}

static void synapses_rise(const hd_synapses *s, const hd__filter *f, const hd__rise *rise,
                          float *fast) {
  synapse_pass pass = filter_pass(s, f, 3, s->b);
  pass.state[1] = s->e, pass.state[2] = fast;
  pass.rise = *rise;
  synapses_all(s, &pass, rise_step);
  filter_end(s, f);
}

/* ---- sums of a decision ---- */

static void synapses_keep_sum(const hd_synapses *s, float keep, float *restrict sum) {
  const size_t n = hd_synapses_count(s);
  float *restrict e = s->e;
  for (size_t k = 0; k < n; k++) {
    e[k] = keep * e[k] + sum[k];
    sum[k] = 0.0f;
  }
}

HD_INLINE void share_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  (void)s;
  (void)pass;
  at->state[0] = hd__multiply(at->target[0], at->state[1]);
  at->state[1] = hd__zero();
}

static void synapses_share_sum(const hd_synapses *s, float *sum) {
  const synapse_pass pass = {
      .n_target = 1, .n_state = 2, .target = {s->lane}, .state = {s->e, sum}};
  synapses_all(s, &pass, share_step);
}

/* ---- weights ---- */

HD_INLINE void add_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  (void)s;
  (void)pass;
  at->state[0] = hd__add_product(at->state[0], at->target[0], at->state[1]);
}

static void synapses_add(const hd_synapses *s) {
  const synapse_pass pass = {
      .n_target = 1, .n_state = 2, .target = {s->lane}, .state = {s->w, s->e}};
  synapses_all(s, &pass, add_step);
}

/* hd__clampf */
HD_INLINE hd__lanes limit_clamp(hd__lanes x, hd__lanes low, hd__lanes high) {
  const hd__lanes above = hd__where(hd__at_least(x, low), x, low);
  const hd__lanes raised = hd__where(hd__at_least(low, x), low, above);
  return hd__where(hd__at_least(raised, high), high, raised);
}

/* What homeostasis adds to weights. */
HD_INLINE hd__lanes limit_scale(hd__lanes lane, hd__lanes w) {
  const hd__lanes zero = hd__zero();
  return hd__multiply(lane, hd__where(hd__at_least(zero, w), hd__subtract(zero, w), w));
}

/* Changes as soft bounds shrink them. */
HD_INLINE hd__lanes limit_soften(hd__weight_range range, hd__lanes w, hd__lanes change) {
  const hd__lanes below = hd__subtract(w, hd__all(range.low));
  const hd__lanes above = hd__subtract(hd__all(range.high), w);
  const hd__lanes left = hd__where(hd__at_least(hd__zero(), change), below, above);
  return range.high > range.low
             ? hd__divide(hd__multiply(change, left), hd__all(range.high - range.low))
             : hd__zero();
}

HD_INLINE void limit_step(const hd_synapses *s, const synapse_pass *pass, synapse_lanes *at) {
  (void)s;
  const hd__lanes w = at->state[0], by = hd__multiply(at->target[0], at->state[1]);
  const hd__lanes scaled = pass->is_scaled ? limit_scale(at->target[1], w) : hd__zero();
  const hd__lanes change = hd__add(by, scaled);
  const hd__lanes moved = hd__add(w, pass->is_soft ? limit_soften(pass->range, w, change) : change);
  at->state[0] = limit_clamp(moved, hd__all(pass->range.low), hd__all(pass->range.high));
}

/* Dale's law looks at all weights of a source before any of them moves: source by source. */
static void limit_by_source(const hd_synapses *s, synapse_pass *pass) {
  for (int i = 0; i < s->n_pre; i++) {
    const hd_fan fan = hd_synapses_fan(s, i);
    pass->range = hd__limits_range(s->limits, fan.n, s->w + fan.at);
    synapses_each(s, pass, limit_step, i, i + 1);
  }
}

static void synapses_limit(const hd_synapses *s) {
  const hd__limits *limits = s->limits;
  for (int j = 0; limits->homeostasis != 0.0f && j < s->stride; j++) {
    limits->scale[j] = -limits->homeostasis * limits->excess[j] / limits->target_rate;
  }
  synapse_pass pass = {.n_target = limits->homeostasis != 0.0f ? 2 : 1,
                       .n_state = 2,
                       .target = {s->lane, limits->scale},
                       .state = {s->w, s->e},
                       .range = hd__limits_range(limits, 0, s->w),
                       .is_soft = limits->bounds == HD_BOUNDS_SOFT,
                       .is_scaled = limits->homeostasis != 0.0f};
  if (limits->is_dale) {
    limit_by_source(s, &pass);
  } else {
    synapses_all(s, &pass, limit_step);
  }
}

static const hd__synapse_loops synapse_loops = {.trace = synapses_trace,
                                                .pairs = synapses_pairs,
                                                .filter = synapses_filter,
                                                .tire = synapses_tire,
                                                .rise = synapses_rise,
                                                .keep_sum = synapses_keep_sum,
                                                .share_sum = synapses_share_sum,
                                                .add = synapses_add,
                                                .limit = synapses_limit};

/* ---- numbers that are not finite: 0 times those is not 0 ---- */

HD_INLINE bool finite_sum(hd__lanes sum) {
  const float total = hd__sum(sum);
  return total == total;
}

static bool synapses_finite(size_t n, const float *x) {
  hd__lanes sum[4] = {hd__zero(), hd__zero(), hd__zero(), hd__zero()};
  size_t at = 0;
  for (; at + 4 * HD_LANES <= n; at += 4 * HD_LANES) {
    for (int k = 0; k < 4 * HD_VN; k++) {
      sum[k / HD_VN].v[k % HD_VN] += 0.0f * *(const hd__v_any *)(x + at + k * HD_VW);
    }
  }
  return finite_sum(hd__add(hd__add(sum[0], sum[1]), hd__add(sum[2], sum[3]))) &&
         hd__is_finite(x + at, n - at);
}

static bool synapses_clean(int n_pre, int n, int stride, float *e) {
  hd__lanes sum = hd__zero();
  for (int at = 0; at < stride; at += HD_LANES) {
    _Alignas(64) float live[HD_LANES];
    for (int l = 0; l < HD_LANES; l++) {
      live[l] = at + l < n ? 1.0f : 0.0f;
    }
    const hd__mask is_live = hd__at_least(hd__load(live), hd__all(1.0f));
    for (int i = 0; i < n_pre; i++) {
      float *x = e + (size_t)i * (size_t)stride + at;
      const hd__lanes kept = hd__where(is_live, hd__load(x), hd__zero());
      sum = hd__add_scaled(sum, 0.0f, kept);
      hd__store(x, kept);
    }
  }
  return finite_sum(sum);
}
