#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "open.h"
#include "paper.h"
#include "run_export.h"
#include "say.h"
#include "study_store.h"
#include "write_whole.h"

enum { PATH_SIZE = 4096 };

const char *cell_state_name(cell_state state) {
  static const char *const name[] = {
      [CELL_WAITING] = "not run", [CELL_DONE] = "done",         [CELL_STOPPED] = "stopped",
      [CELL_GOING] = "under way", [CELL_CONFLICT] = "conflict", [CELL_FAILED] = "failed",
      [CELL_DROPPED] = "dropped"};
  return name[state];
}

typedef struct compare_form {
  form_fn form;
  const comparison *self;
} compare_form;

static void compare_write(FILE *file, const void *what) {
  const compare_form *chosen = what;
  chosen->form(file, chosen->self);
}

int compare_write_form(const char *path, form_fn form, const comparison *self) {
  const compare_form chosen = {form, self};
  return write_whole(path, compare_write, &chosen);
}

int compare_keep(const comparison *self) {
  static const struct {
    const char *end;
    form_fn form;
  } kept[] = {{"json", compare_json}, {"md", compare_markdown}, {"svg", compare_picture}};
  int code = EXIT_OK;
  if (self->args->picture != NULL) {
    code = compare_write_form(self->args->picture, compare_picture, self);
  }
  for (size_t i = 0; self->out != NULL && code == EXIT_OK && i < sizeof kept / sizeof kept[0];
       i++) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s.%s", self->out, self->kind, kept[i].end);
    code = compare_write_form(path, kept[i].form, self);
  }
  return code;
}

/* Of several processes that a launcher started one speaks: that of rank 0. */
static bool compare_speaks(void) {
  static const char *const name[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK",
                                     "SLURM_PROCID"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    const char *rank = getenv(name[i]);
    if (rank != NULL && *rank != '\0') {
      return strcmp(rank, "0") == 0;
    }
  }
  return true;
}

int compare_carry_out(hd_ctx *ctx, notes *log, comparison *self) {
  store kept;
  const bool speaks = compare_speaks();
  int code = compare_claim(self, &kept);
  if (code == EXIT_OK) {
    code = compare_run(ctx, log, self, &kept, speaks && !self->args->quiet);
    if (speaks) {
      (self->args->json ? compare_json : compare_text)(stdout, self);
    }
  }
  store_close(&kept);
  return code;
}

static int compare(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  comparison self;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  const paper *what = paper_find(args->operand[0]);
  if (what != NULL) {
    code = paper_carry_out(ctx, &log, args, what);
    hd_ctx_destroy(ctx);
    return code;
  }
  self = (comparison){.args = args};
  code = run_export_check(args, args->out);
  code = code == EXIT_OK ? compare_plan(ctx, args, &self) : code;
  code = code == EXIT_OK ? compare_carry_out(ctx, &log, &self) : code;
  compare_free(&self);
  hd_ctx_destroy(ctx);
  return code;
}

static void compare_experiments_help(const arguments *args) {
  (void)args;
  printf("\nexperiments, in place of TASKS:\n\n");
  for (int i = 0; i < experiment_count(); i++) {
    say_item(stdout, 2, 24, experiment_at(i)->name, experiment_at(i)->doc);
  }
  printf(
      "\na paper's own experiments, whose conditions --methods chooses from and whose length is "
      "--steps:\n\n");
  for (int i = 0; i < paper_count(); i++) {
    say_item(stdout, 2, 24, paper_at(i)->name, paper_at(i)->doc);
  }
}

static const flag flags[] = {
    {"--methods", "M,M", FLAG_WORD, offsetof(arguments, methods),
     "what to compare; a method may bring settings, which win: "
     "nes:search.sigma=0.2:search.population=32"},
    {"--tasks", "T,T", FLAG_WORD, offsetof(arguments, tasks), "of an experiment, only these"},
    {"--seed", "S", FLAG_SEED, offsetof(arguments, seed), "of every first learner (default: 0)"},
    {"--seeds", "N", FLAG_SEEDS, offsetof(arguments, seeds),
     "learners per task and method, seeds S to S+N-1 (default: the experiment's, or 10)"},
    {"--steps", "N", FLAG_BRIEF, offsetof(arguments, steps),
     "budget of environment steps of each; short for --set steps=N"},
    {"--episodes", "N", FLAG_BRIEF, offsetof(arguments, episodes),
     "budget of episodes of each; short for --set episodes=N"},
    {"--set", "KEY=VALUE ...", FLAG_PAIRS, 0, "change settings of all, over the experiment's"},
    {"--cpu", "S", FLAG_WORD, offsetof(arguments, seconds),
     "CPU seconds that all runs together may take, in equal shares; what a run has by then counts"},
    FLAG_THREADS,
    {"--out", "DIR", FLAG_WORD, offsetof(arguments, out),
     "keep compare.json, compare.md, compare.svg and each cell's run there; the same command goes "
     "on with what was stopped, or helps where another process is at it; -o for short"},
    FLAG_EXPORTS,
    {"--picture", "FILE", FLAG_WORD, offsetof(arguments, picture), "draw the comparison (SVG)"},
    FLAG_JSON("print the comparison as one JSON object, last line of standard output"),
    FLAG_QUIET,
};

const command command_compare = {
    .name = "compare",
    .summary = "train several methods on several tasks, with statistics and a picture",
    .usage =
        "TASK,TASK|EXPERIMENT [--methods M,M] [--tasks T,T] [--seed S] [--seeds N]\n"
        "                     [--steps N | --episodes N] [--set KEY=VALUE ...] [--cpu S] "
        "[--threads N]\n"
        "                     [--out DIR] [--csv] [--tensorboard] [--picture FILE] [--json] "
        "[--quiet]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "tasks, such as blobs,cartpole, or the name of an experiment",
    .run = compare,
    .more_help = compare_experiments_help,
};
