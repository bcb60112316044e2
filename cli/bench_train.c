/* Whole trainings by the protocol, as `hedon train` runs them: how long until solved, and what it
 * costs to keep a run. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_learner.h"
#include "command.h"
#include "progress.h"
#include "say.h"

static hd_study_def bench_train_def_of(const hd_config *config, int seeds, int threads,
                                       const char *dir) {
  hd_study_def def = hd_study_def_default();
  def.config = config;
  def.n_seeds = seeds;
  def.n_threads = threads;
  def.dir = dir;
  return def;
}

static bool bench_train_go_on(void *user, hd_study *study) {
  (void)user;
  (void)study;
  return true;
}

static void bench_train_solve_row(section *s, hd_study *study, int threads, double wall) {
  double *cpu = calloc(3 * (size_t)hd_study_count(study), sizeof *cpu);
  if (cpu == NULL) {
    return;
  }
  const int n = hd_study_count(study);
  double *steps = cpu + n, *eval_ms = steps + n;
  int solved = 0;
  for (int i = 0; i < n; i++) {
    const hd_result result = hd_study_result(study, i);
    cpu[i] = 1000 * result.cpu_s;
    eval_ms[i] = 1000 * result.eval_cpu_s;
    steps[solved] = (double)result.steps_to_threshold;
    solved += result.solved;
  }
  row *r = section_add(s, "%d seeds on %d thread%s", n, threads, threads == 1 ? "" : "s");
  r->value = spread_of(cpu, n);
  r->more[0] = (double)solved / n;
  if (solved > 0) {
    r->more[1] = spread_of(steps, solved).median;
  }
  r->more[2] = spread_of(eval_ms, n).median;
  r->more[3] = n / wall;
  free(cpu);
}

static hd_status bench_train_solve(const bench *b, const hd_config *config) {
  static section s = {.group = "train",
                      .key = "solve",
                      .title = "CPU milliseconds of learning per seed, evaluation left out",
                      .note =
                          "Quartiles are over seeds. solved: the share of seeds; steps: median "
                          "until solved; evaluation: CPU milliseconds of evaluation; seeds/s: of "
                          "the wall clock, everything included.",
                      .value = {"ms", FIGURE_PLAIN},
                      .more = {{"solved", FIGURE_SHARE},
                               {"steps", FIGURE_SHORT},
                               {"evaluation ms", FIGURE_PLAIN},
                               {"seeds/s", FIGURE_PLAIN}},
                      .n_more = 4};
  const int threads[] = {1, b->threads};
  for (int i = 0; i < (b->threads > 1 ? 2 : 1); i++) {
    hd_study *study = NULL;
    const hd_study_def def = bench_train_def_of(config, b->seeds, threads[i], NULL);
    const double began = clock_wall();
    hd_status status = hd_study_create(b->ctx, &def, &study);
    if (status == HD_OK) {
      status = hd_study_run(study, bench_train_go_on, NULL);
    }
    if (status == HD_OK) {
      bench_train_solve_row(&s, study, threads[i], clock_wall() - began);
    }
    hd_study_destroy(study);
    HD_TRY(status);
  }
  report_section(b->report, &s);
  return HD_OK;
}

/* ---- what keeping a run costs ---- */

/* A run folder holds files only. */
static void bench_train_remove_folder(const char *dir) {
  DIR *open = opendir(dir);
  for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
    char path[1024];
    if (entry->d_name[0] != '.') {
      snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
      unlink(path);
    }
  }
  if (open != NULL) {
    closedir(open);
  }
  rmdir(dir);
}

typedef struct cost {
  double cpu, wall;
} cost;

enum { INTERRUPTED = 128 }; /* more than any exit code: 128 + the signal's number */

/* Train a few seeds on one thread, with a folder and a live line drawn into `nowhere`, or with
 * neither. Returns an exit code. */
static int bench_train_watched(const bench *b, const hd_config *config, const char *dir,
                               FILE *nowhere, cost *out) {
  enum { SEEDS = 2 };
  const hd_study_def def = bench_train_def_of(config, SEEDS, 1, dir);
  hd_study *study = NULL;
  progress watch = {.interrupted = 0};
  const double cpu = clock_process(), wall = clock_wall();
  hd_status status = hd_study_create(b->ctx, &def, &study);
  if (status == HD_OK) {
    progress_begin(&watch, b->log, dir == NULL);
    progress_watch(&watch, study, "");
    watch.term = (terminal){.file = nowhere, .is_live = true};
    status = hd_study_run(study, progress_tick, &watch);
    progress_leave(&watch, study);
    progress_end(&watch);
  }
  hd_study_destroy(study);
  *out = (cost){clock_process() - cpu, clock_wall() - wall};
  if (status != HD_OK) {
    return say_status(b->ctx, status);
  }
  return watch.interrupted != 0 ? INTERRUPTED + watch.interrupted : EXIT_OK;
}

/* Bare, kept, kept, bare: a machine that drifts slows both alike. The folder is gone afterwards. */
static int bench_train_pair(const bench *b, const hd_config *config, const char *scratch,
                            FILE *nowhere, cost *bare, cost *kept) {
  char dir[256];
  snprintf(dir, sizeof dir, "%s/run", scratch);
  *bare = *kept = (cost){0};
  int code = EXIT_OK;
  for (int i = 0; i < 4 && code == EXIT_OK; i++) {
    const bool is_kept = i == 1 || i == 2;
    cost *sum = is_kept ? kept : bare, one;
    code = bench_train_watched(b, config, is_kept ? dir : NULL, nowhere, &one);
    bench_train_remove_folder(dir);
    sum->cpu += one.cpu / 2;
    sum->wall += one.wall / 2;
  }
  return code;
}

/* What is compared, of every pair. */
typedef struct slowdown {
  double *bare, *kept, *more; /* [repeats]: milliseconds, and their ratio less one */
} slowdown;

static void bench_train_record_pair(slowdown *self, int r, double bare, double kept) {
  self->bare[r] = 1000 * bare;
  self->kept[r] = 1000 * kept;
  self->more[r] = kept / bare - 1;
}

static void bench_train_slowdown_row(section *s, const char *name, slowdown *self, int n) {
  row *r = section_add(s, "%s", name);
  r->value = spread_of(self->more, n);
  r->more[0] = spread_of(self->bare, n).median;
  r->more[1] = spread_of(self->kept, n).median;
}

/* As many pairs as repeats, after one that is not counted. */
static int bench_train_pairs(const bench *b, const hd_config *config, const char *scratch,
                             FILE *nowhere, double *figures, section *s) {
  const int n = b->repeats;
  slowdown cpu = {figures, figures + n, figures + 2 * n};
  slowdown wall = {figures + 3 * n, figures + 4 * n, figures + 5 * n};
  int code = EXIT_OK;
  for (int r = -1; r < n && code == EXIT_OK; r++) {
    cost bare, kept;
    code = bench_train_pair(b, config, scratch, nowhere, &bare, &kept);
    if (code == EXIT_OK && r >= 0) {
      bench_train_record_pair(&cpu, r, bare.cpu, kept.cpu);
      bench_train_record_pair(&wall, r, bare.wall, kept.wall);
    }
  }
  if (code == EXIT_OK) {
    bench_train_slowdown_row(s, "CPU", &cpu, n);
    bench_train_slowdown_row(s, "wall clock", &wall, n);
  }
  return code;
}

static int bench_train_keep(const bench *b, const hd_config *config) {
  static section s = {
      .group = "train",
      .key = "keep",
      .title = "slowdown by metrics, checkpoints and a live line, evaluation included",
      .note =
          "Two seeds with a run folder and a line drawn into the null device, against the same "
          "with neither, in neighbouring runs. The wall clock has the waits for the disk.",
      .value = {"more", FIGURE_SHARE},
      .more = {{"bare ms", FIGURE_PLAIN}, {"kept ms", FIGURE_PLAIN}},
      .n_more = 2};
  const char *root = getenv("TMPDIR");
  char scratch[128];
  snprintf(scratch, sizeof scratch, "%s/hedon-bench-XXXXXX",
           root != NULL && *root != '\0' ? root : "/tmp");
  FILE *nowhere = fopen("/dev/null", "w");
  double *figures = calloc(6 * (size_t)b->repeats, sizeof *figures);
  int code = EXIT_OK;
  if (nowhere == NULL || figures == NULL || mkdtemp(scratch) == NULL) {
    code = say_failure("no folder can be made in %s: %s", root != NULL ? root : "/tmp",
                       strerror(errno));
  } else {
    code = bench_train_pairs(b, config, scratch, nowhere, figures, &s);
    rmdir(scratch);
  }
  if (code == EXIT_OK) {
    report_section(b->report, &s);
  }
  if (nowhere != NULL) {
    fclose(nowhere);
  }
  free(figures);
  return code;
}

int bench_train(const bench *b) {
  hd_config *config = NULL;
  hd_status status = learner_config(b, b->ctx, NULL, "", &config);
  if (status == HD_OK) {
    status = bench_train_solve(b, config);
  }
  const int code = status == HD_OK ? bench_train_keep(b, config) : say_status(b->ctx, status);
  hd_config_destroy(config);
  return code;
}
