/* Passes of rules over synapses, of all pairs and of lists, against plain loops over the synapses of
 * each source, to the bit. */
#include <math.h>

#include "kernels.h"
#include "mathf.h"

enum { ROUNDS = 60, STEPS = 8, PRE = 40, POST = 90, STRIDE = 96, MOST = PRE * STRIDE };

/* Everything that a pass may write. */
typedef struct kept {
  _Alignas(64) float w[MOST], e[MOST], xbar[MOST], second[MOST], third[MOST];
  _Alignas(64) float before[STRIDE], behind[STRIDE], c[STRIDE];
  _Alignas(64) float refrac[STRIDE], fired[STRIDE], lane[STRIDE];
} kept;

static kept plain, fast;
static _Alignas(64) float x[STRIDE], b[STRIDE], excess[STRIDE], scale[STRIDE];
static int32_t start[PRE + 1], target[MOST];

static hd_synapses see(const hd_synapses *s, kept *k) {
  hd_synapses seen = *s;
  seen.w = k->w, seen.e = k->e, seen.lane = k->lane;
  return seen;
}

static hd__filter filter_of(kept *k) { return (hd__filter){k->c, k->refrac, k->fired, k->xbar}; }

/* ---- what the passes must do ---- */

/* For every synapse k from source i to target j: BODY. */
#define EVERY_SYNAPSE(s, BODY)                \
  for (int i = 0; i < (s)->n_pre; i++) {      \
    const hd_fan fan = hd_synapses_fan(s, i); \
    for (int l = 0; l < fan.n; l++) {         \
      const int j = hd_fan_target(fan, l);    \
      const size_t k = fan.at + (size_t)l;    \
      BODY                                    \
    }                                         \
  }

static bool plain_trace(int n, float keep, float a, bool is_nearest, const float *sent,
                        float *trace) {
  bool has_spikes = false;
  for (int k = 0; k < n; k++) {
    trace[k] = keep * trace[k];
    if (sent[k] != 0.0f) {
      trace[k] = (is_nearest ? 0.0f : trace[k]) + a * sent[k];
      has_spikes = true;
    }
  }
  return has_spikes;
}

static void plain_pairs(const hd_synapses *s, kept *to, bool has_fired, float keep, float by) {
  EVERY_SYNAPSE(s, {
    to->e[k] *= keep;
    if (has_fired || x[i] != 0.0f) {
      to->e[k] += by * (to->before[i] * b[j] + to->behind[j] * x[i]);
    }
  })
}

static void plain_arrive(const hd_synapses *s, kept *to) {
  for (int i = 0; i < s->n_pre; i++) {
    to->c[i] = s->current * to->c[i] + x[i];
  }
  EVERY_SYNAPSE(s, {
    const bool is_open = to->refrac[j] == 0.0f;
    const float keep = s->is_reset && to->fired[j] > 0.0f ? 0.0f : is_open ? s->keep : 1.0f;
    to->xbar[k] = (is_open ? to->c[i] : 0.0f) + keep * to->xbar[k];
  })
}

static void plain_pass(const hd_synapses *s, kept *to) {
  for (int j = 0; j < s->stride; j++) {
    const float less = to->refrac[j] > 1.0f ? to->refrac[j] - 1.0f : 0.0f;
    to->refrac[j] = b[j] > 0.0f ? (float)s->ref_steps : less;
    to->fired[j] = b[j];
  }
}

static void plain_filter(const hd_synapses *s, kept *to, float keep) {
  plain_arrive(s, to);
  EVERY_SYNAPSE(s, { to->e[k] = keep * to->e[k] + to->lane[j] * to->xbar[k]; })
  plain_pass(s, to);
}

static void plain_tire(const hd_synapses *s, kept *to) {
  plain_arrive(s, to);
  EVERY_SYNAPSE(s, {
    const float d = to->lane[j] * (to->xbar[k] - s->tire * to->second[k]);
    to->second[k] = s->fade * to->second[k] + d;
    to->third[k] += s->share * d;
  })
  plain_pass(s, to);
}

static void plain_rise(const hd_synapses *s, kept *to, const hd__rise *rise) {
  plain_arrive(s, to);
  EVERY_SYNAPSE(s, {
    const float faded = rise->keep_fast * to->second[k];
    to->e[k] = rise->keep * (to->e[k] + to->second[k]) - faded;
    to->second[k] = faded;
    if (b[j] > 0.0f) {
      *(rise->keep_fast > 0.0f ? &to->second[k] : &to->e[k]) += rise->by * to->xbar[k];
      to->xbar[k] = 0.0f;
    }
  })
  plain_pass(s, to);
}

static void plain_keep_sum(const hd_synapses *s, kept *to, float keep) {
  EVERY_SYNAPSE(s, {
    to->e[k] = keep * to->e[k] + to->third[k];
    to->third[k] = 0.0f * (float)j;
  })
}

static void plain_share_sum(const hd_synapses *s, kept *to) {
  EVERY_SYNAPSE(s, {
    to->e[k] = to->lane[j] * to->third[k];
    to->third[k] = 0.0f;
  })
}

static float plain_softened(const hd__limits *limits, float low, float high, float w,
                            float change) {
  if (limits->bounds != HD_BOUNDS_SOFT) {
    return change;
  }
  return high > low ? change * (change > 0.0f ? high - w : w - low) / (high - low) : 0.0f;
}

static void plain_limit(const hd_synapses *s, kept *to, const hd__limits *limits) {
  float low[PRE], high[PRE], sum[PRE] = {0};
  EVERY_SYNAPSE(s, { sum[i] += to->w[k] + 0.0f * (float)j; })
  for (int i = 0; i < s->n_pre; i++) {
    low[i] = limits->bounds == HD_BOUNDS_NONE ? -FLT_MAX : limits->w_min;
    high[i] = limits->bounds == HD_BOUNDS_NONE ? FLT_MAX : limits->w_max;
    if (limits->is_dale) {
      *(sum[i] < 0.0f ? &high[i] : &low[i]) = 0.0f;
    }
  }
  EVERY_SYNAPSE(s, {
    const float w = to->w[k];
    const float scaled = -limits->homeostasis * excess[j] / limits->target_rate * fabsf(w);
    const float change = to->lane[j] * to->e[k] + (limits->homeostasis > 0.0f ? scaled : 0.0f);
    const float moved = w + plain_softened(limits, low[i], high[i], w, change);
    to->w[k] = hd__clampf(moved, low[i], high[i]);
  })
}

static void plain_add(const hd_synapses *s, kept *to) {
  EVERY_SYNAPSE(s, { to->w[k] += to->lane[j] * to->e[k]; })
}

/* ---- beside what they do ---- */

static bool is_same(const hd_synapses *s, const float *mine, const float *other) {
  bool same = true;
  EVERY_SYNAPSE(s, {
    (void)j;
    same = same && memcmp(&mine[k], &other[k], sizeof(float)) == 0;
  })
  return same;
}

static void check_same(const hd_synapses *s, const char *pass) {
  const size_t ends = sizeof(float) * (size_t)s->n_pre;
  const size_t lanes = sizeof(float) * (size_t)s->n_post;
  const bool same = is_same(s, plain.w, fast.w) && is_same(s, plain.e, fast.e) &&
                    is_same(s, plain.xbar, fast.xbar) && is_same(s, plain.second, fast.second) &&
                    is_same(s, plain.third, fast.third) && memcmp(plain.c, fast.c, ends) == 0 &&
                    memcmp(plain.before, fast.before, ends) == 0 &&
                    memcmp(plain.behind, fast.behind, lanes) == 0 &&
                    memcmp(plain.refrac, fast.refrac, lanes) == 0 &&
                    memcmp(plain.fired, fast.fired, lanes) == 0;
  if (!same) {
    printf("  pass %s, %s\n", pass, s->start != NULL ? "list" : "all pairs");
  }
  CHECK(same);
}

/* Spikes of this substep: now many, now few, now none. */
static void draw_spikes(int n, float *spike, int percent, uint32_t array) {
  fill(spike, n, array);
  for (int i = 0; i < n; i++) {
    spike[i] = spike[i] < 0.02f * (float)percent - 1.0f ? 1.0f : 0.0f;
  }
}

static void draw_lanes(const hd_synapses *s, uint32_t array) {
  memset(plain.lane, 0, sizeof plain.lane);
  fill(plain.lane, s->n_post, array);
  memcpy(fast.lane, plain.lane, sizeof fast.lane);
}

static void step_pairs(const hd__synapse_loops *loops, const hd_synapses *s, uint32_t round) {
  const hd_synapses own = see(s, &fast);
  const hd__pairs pairs = {.before = fast.before, .behind = fast.behind};
  const bool is_nearest = round % 2 == 0;
  const bool sent = loops->trace(s->n_pre, .9f, .7f, is_nearest, x, fast.before);
  CHECK(sent == plain_trace(s->n_pre, .9f, .7f, is_nearest, x, plain.before));
  const bool fired = loops->trace(s->stride, .8f, -.6f, is_nearest, b, fast.behind);
  CHECK(fired == plain_trace(s->stride, .8f, -.6f, is_nearest, b, plain.behind));
  loops->pairs(&own, &pairs, fired, .95f, .3f);
  plain_pairs(s, &plain, fired, .95f, .3f);
  check_same(s, "pairs");
}

static void step_filters(const hd__synapse_loops *loops, const hd_synapses *s, uint32_t round) {
  const hd_synapses own = see(s, &fast);
  const hd__filter f = filter_of(&fast);
  const hd__rise rise = {.7f, round % 3 == 0 ? 0.0f : .4f, .2f};
  loops->filter(&own, &f, .9f, fast.e);
  plain_filter(s, &plain, .9f);
  check_same(s, "filter");
  loops->tire(&own, &f, fast.second, fast.third);
  plain_tire(s, &plain);
  check_same(s, "tire");
  loops->rise(&own, &f, &rise, fast.second);
  plain_rise(s, &plain, &rise);
  check_same(s, "rise");
}

static void step_decision(const hd__synapse_loops *loops, const hd_synapses *s, uint32_t round) {
  hd_synapses own = see(s, &fast);
  const hd__limits limits = {.bounds = round % 3,
                             .w_min = -.8f,
                             .w_max = .9f,
                             .is_dale = round % 4 == 3,
                             .homeostasis = round % 5 == 0 ? .2f : 0.0f,
                             .target_rate = 10,
                             .excess = excess,
                             .scale = scale};
  loops->add(&own);
  plain_add(s, &plain);
  check_same(s, "add");
  own.limits = &limits;
  loops->limit(&own);
  plain_limit(s, &plain, &limits);
  check_same(s, "limit");
  if (round % 2 == 0) {
    loops->keep_sum(&own, .6f, fast.third);
    plain_keep_sum(s, &plain, .6f);
  } else {
    draw_lanes(s, 1000 + round);
    loops->share_sum(&own, fast.third);
    plain_share_sum(s, &plain);
  }
  check_same(s, "sum");
}

/* Padding of what is handed on is 0. */
static void check_padding(const hd_synapses *s) {
  for (int i = 0; s->start == NULL && i < s->n_pre; i++) {
    for (int j = s->n_post; j < s->stride; j++) {
      CHECK(fast.e[i * s->stride + j] == 0.0f && fast.w[i * s->stride + j] == 0.0f);
    }
  }
}

static void run_round(const hd__kernel *kernel, const hd_synapses *s, uint32_t round) {
  for (uint32_t t = 0; t < STEPS; t++) {
    const uint32_t array = 100 * round + 10 * t;
    draw_spikes(s->n_pre, x, any(5, array, 0, 1) * 30, array);
    draw_spikes(s->n_post, b, any(6, array, 0, 1) * 20, array + 1);
    draw_lanes(s, array + 2);
    step_pairs(kernel->synapses, s, round);
    step_filters(kernel->synapses, s, round);
    step_decision(kernel->synapses, s, round);
  }
  check_padding(s);
}

static void open_round(hd_synapses *s, uint32_t round) {
  memset(&plain, 0, sizeof plain);
  memset(b, 0, sizeof b);
  fill(excess, STRIDE, round);
  EVERY_SYNAPSE(s, { plain.w[k] = (float)((k * 37 + (size_t)j) % 19) / 19.0f - .4f; })
  memcpy(&fast, &plain, sizeof fast);
}

/* A list that has some targets of every source, of one source none. */
static void open_list(hd_synapses *s, uint32_t round) {
  int32_t n = 0;
  for (int i = 0; i < s->n_pre; i++) {
    start[i] = n;
    for (int j = 0; j < s->n_post && i != 1; j++) {
      if (any(7, round * MOST + (uint32_t)(i * STRIDE + j), 0, 2) > 0) {
        target[n++] = j;
      }
    }
  }
  start[s->n_pre] = n;
  s->start = start, s->target = target;
}

static void check_rounds(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS && test_failures == 0; round++) {
    hd_synapses s = {.n_pre = any(1, round, 1, PRE),
                     .n_post = any(2, round, 1, POST),
                     .keep = .8f,
                     .current = round % 2 == 0 ? .5f : 0.0f,
                     .tire = .3f,
                     .fade = .9f,
                     .share = .25f,
                     .is_reset = round % 3 != 0,
                     .ref_steps = any(3, round, 0, 3),
                     .x = x,
                     .b = b};
    s.stride = HD_PAD(s.n_post);
    open_round(&s, round);
    run_round(kernel, &s, round);
    open_list(&s, round);
    open_round(&s, round);
    run_round(kernel, &s, round);
  }
}

static void passes_have_the_bits_of_plain_loops(void) { each_isa(check_rounds); }

/* ---- numbers that are not finite ---- */

static void check_finite(const hd__kernel *kernel) {
  static const float bad[] = {INFINITY, -INFINITY, NAN};
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n = any(1, round, 1, MOST), at = any(2, round, 0, n - 1);
    fill(fast.e, n, round);
    CHECK(kernel->finite((size_t)n, fast.e));
    CHECK(kernel->finite((size_t)(n - at), fast.e + at));
    fast.e[at] = bad[round % 3];
    CHECK(!kernel->finite((size_t)n, fast.e));
    CHECK(kernel->finite((size_t)at, fast.e));
  }
}

static void check_clean(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n_pre = any(1, round, 1, PRE), n = any(2, round, 1, POST), stride = HD_PAD(n);
    const int i = any(3, round, 0, n_pre - 1), j = any(4, round, 0, stride - 1);
    fill(plain.e, n_pre * stride, round);
    memcpy(fast.e, plain.e, sizeof fast.e);
    fast.e[i * stride + j] = round % 2 == 0 ? NAN : INFINITY;
    CHECK(kernel->clean(n_pre, n, stride, fast.e) == (j >= n));
    for (int k = 0; k < n_pre * stride; k++) {
      const float wanted = k % stride < n ? plain.e[k] : 0.0f;
      CHECK(fast.e[k] == wanted || (k == i * stride + j && j < n));
    }
  }
}

static void numbers_that_are_not_finite_are_seen(void) { each_isa(check_finite); }

static void padding_is_cleaned_and_not_asked_about(void) { each_isa(check_clean); }

int main(void) {
  RUN(passes_have_the_bits_of_plain_loops);
  RUN(numbers_that_are_not_finite_are_seen);
  RUN(padding_is_cleaned_and_not_asked_about);
  return test_end();
}
