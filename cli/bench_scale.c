/* How the cost of learning grows along one dimension at a time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_parallel.h"
#include "bench_fit.h"
#include "command.h"
#include "say.h"

enum { POINTS = 8, CROWD_MAX = 64 };

/* What is varied, and what of a point is its size. */
typedef enum size_kind { SIZE_VALUE, SIZE_SYNAPSES, SIZE_RATE } size_kind;

typedef struct axis {
  const char *name;
  const char *settings; /* '@' stands for the value */
  const char *value[POINTS + 1];
  size_kind size;
  bool is_batch; /* the cost is that of a step of all environments */
} axis;

static const axis axes[] = {
    {"neurons", "hidden=@", {"16", "32", "64", "128", "256", "512"}, SIZE_VALUE, false},
    {"synapses", "hidden=@,@", {"16", "32", "64", "128", "256"}, SIZE_SYNAPSES, false},
    {"substeps", "substeps=@", {"1", "2", "4", "8", "16", "32"}, SIZE_VALUE, false},
    {"environments", "envs=@", {"1", "4", "16", "64", "256"}, SIZE_VALUE, true},
    {"spike rate",
     "hidden=128,128 substeps=8 neuron=lif rule=reparam-st alpha=0 lif.v_th=@",
     {"0.25", "1", "2", "3", "4", "5"},
     SIZE_RATE,
     false},
};

/* The settings with every '@' replaced. */
static void bench_scale_fill_in(const char *settings, const char *value, char out[BENCH_SETTINGS]) {
  size_t used = 0;
  for (; *settings != '\0' && used + 1 < BENCH_SETTINGS; settings++) {
    if (*settings == '@') {
      used += (size_t)snprintf(out + used, BENCH_SETTINGS - used, "%s", value);
    } else {
      out[used++] = *settings;
    }
  }
  out[used < BENCH_SETTINGS ? used : BENCH_SETTINGS - 1] = '\0';
}

/* ---- points and their fit ---- */

static section points = {.group = "scale",
                         .key = "points",
                         .title = "nanoseconds of CPU per environment step, learning included",
                         .note = "Of environments and learners: per step of all of them together.",
                         .value = {"ns", FIGURE_PLAIN},
                         .more = {{"size", FIGURE_PLAIN}, {"steps", FIGURE_SHORT}},
                         .n_more = 2};

static section fits = {
    .group = "scale",
    .key = "fits",
    .title = "cost = const size^exponent, and cost = a + b size, in nanoseconds",
    .note =
        "Least squares over the points above: of logarithms for the exponent, of relative "
        "errors for a and b.",
    .value = {"exponent", FIGURE_PLAIN},
    .is_exact = true,
    .more = {{"R2", FIGURE_PLAIN},
             {"a", FIGURE_PLAIN},
             {"b", FIGURE_PLAIN},
             {"R2 a+b", FIGURE_PLAIN}},
    .n_more = 4};

/* n points of rates; a step counts for `worth` environment steps. */
static void bench_scale_add_points(const char *name, int n, const double *size, const double *units,
                                   const spread *rate) {
  double cost[POINTS];
  for (int i = 0; i < n; i++) {
    const double scale = 1e9 * units[i];
    cost[i] = scale / rate[i].median;
    row *r = section_add(&points, size[i] < 1 ? "%s %.3f" : "%s %.0f", name, size[i]);
    r->value = (spread){.median = cost[i],
                        .low = scale / rate[i].high,
                        .high = scale / rate[i].low,
                        .best = scale / rate[i].best};
    r->more[0] = size[i];
    r->more[1] = rate[i].median;
  }
  const fit f = fit_points(n, size, cost);
  row *r = section_add(&fits, "%s", name);
  r->value.median = f.exponent;
  r->more[0] = f.exponent_r2;
  r->more[1] = f.a;
  r->more[2] = f.b;
  r->more[3] = f.r2;
}

/* ---- axes of one learner's settings ---- */

static double bench_scale_size_of(const axis *self, const char *value, const learner *l) {
  return self->size == SIZE_SYNAPSES ? learner_synapses(l)
         : self->size == SIZE_RATE   ? l->rate
                                     : strtod(value, NULL);
}

static void bench_scale_axis_points(const axis *self, int n, learner *l, const gauge *g) {
  double size[POINTS], units[POINTS];
  spread rate[POINTS];
  int m = 0;
  for (int i = 0; i < n; i++) {
    size[m] = bench_scale_size_of(self, self->value[i], &l[i]);
    units[m] = self->is_batch ? size[m] : 1;
    rate[m] = g[i].rate;
    m += size[m] > 0;
  }
  if (m > 1) {
    bench_scale_add_points(self->name, m, size, units, rate);
  }
}

static hd_status bench_scale_run_axis(const bench *b, const axis *self, char *error) {
  learner l[POINTS];
  gauge g[POINTS];
  hd_status status = HD_OK;
  int n = 0;
  for (; self->value[n] != NULL && status == HD_OK; n += status == HD_OK) {
    char settings[BENCH_SETTINGS];
    bench_scale_fill_in(self->settings, self->value[n], settings);
    status = learner_open(b, NULL, settings, 0, &l[n], error);
    g[n] = (gauge){.turn = learner_turn, .work = &l[n]};
  }
  if (status == HD_OK) {
    status = gauge_run(g, n, b->seconds, b->repeats);
  }
  if (status == HD_OK) {
    bench_scale_axis_points(self, n, l, g);
  }
  for (int i = 0; i < n; i++) {
    learner_close(&l[i]);
  }
  return status;
}

/* ---- axes of many learners ---- */

typedef struct learner_block {
  learner *first;
  int n, next;
} learner_block;

static hd_status bench_scale_learners_turn(void *work, double *steps) {
  learner_block *self = work;
  self->next = (self->next + 1) % self->n;
  return learner_turn(&self->first[self->next], steps);
}

static hd_status bench_scale_run_learners(const bench *b, learner *l) {
  static const int count[] = {1, 4, 16, CROWD_MAX};
  enum { COUNTS = sizeof count / sizeof count[0] };
  learner_block c[COUNTS];
  gauge g[COUNTS];
  for (int i = 0; i < COUNTS; i++) {
    c[i] = (learner_block){.first = l, .n = count[i]};
    g[i] = (gauge){.turn = bench_scale_learners_turn, .work = &c[i]};
  }
  HD_TRY(gauge_run(g, COUNTS, b->seconds, b->repeats));
  double size[COUNTS];
  spread rate[COUNTS];
  for (int i = 0; i < COUNTS; i++) {
    size[i] = count[i];
    rate[i] = g[i].rate;
  }
  bench_scale_add_points("learners", COUNTS, size, size, rate);
  return HD_OK;
}

/* CPU time per step: threads that hinder each other make it grow. */
static hd_status bench_scale_run_threads(const bench *b, learner *l) {
  double size[POINTS], units[POINTS];
  spread rate[POINTS];
  int n = 0;
  double *cpu = calloc((size_t)(POINTS * b->repeats), sizeof *cpu);
  hd_status status = cpu != NULL ? HD_OK : HD_NOMEM;
  for (int threads = 1; threads <= b->threads && n < POINTS; threads *= 2) {
    size[n] = threads;
    units[n++] = 1;
  }
  for (int r = 0; r < b->repeats && status == HD_OK; r++) {
    for (int i = 0; i < n && status == HD_OK; i++) {
      parallel_result done;
      status = parallel_run(l, CROWD_MAX, (int)size[i], 2 * b->seconds, &done);
      cpu[i * b->repeats + r] = done.steps / done.cpu_s;
    }
  }
  if (status == HD_OK) {
    for (int i = 0; i < n; i++) {
      rate[i] = spread_of(&cpu[i * b->repeats], b->repeats);
    }
    bench_scale_add_points("threads", n, size, units, rate);
  }
  free(cpu);
  return status;
}

static hd_status bench_scale_run_many_learners(const bench *b, char *error) {
  static learner l[CROWD_MAX];
  HD_TRY(learners_open(b, NULL, l, CROWD_MAX, error));
  hd_status status = bench_scale_run_learners(b, l);
  if (status == HD_OK) {
    status = bench_scale_run_threads(b, l);
  }
  learners_close(l, CROWD_MAX);
  return status;
}

/* A user's own configuration may exclude an axis, which is then noted and left out, or not tell its
 * size, which leaves it out as well. */
int bench_scale(const bench *b) {
  char error[BENCH_ERROR] = "";
  hd_status status = HD_OK;
  for (size_t i = 0; i < sizeof axes / sizeof axes[0] && status == HD_OK; i++) {
    status = bench_scale_run_axis(b, &axes[i], error);
    if (b->is_own && (status == HD_CONFLICT || status == HD_RANGE)) {
      char note[BENCH_ERROR + 64];
      snprintf(note, sizeof note, "scale leaves out %s: %s", axes[i].name, error);
      notes_add(b->log, note);
      status = HD_OK;
    }
  }
  if (status == HD_OK) {
    status = bench_scale_run_many_learners(b, error);
  }
  if (status != HD_OK) {
    return learner_say(status, error);
  }
  report_section(b->report, &points);
  report_section(b->report, &fits);
  return EXIT_OK;
}
