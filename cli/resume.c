#include <stdio.h>

#include "drive.h"
#include "open.h"
#include "plugins.h"
#include "run_data.h"
#include "shell.h"

static bool resume_is_longer(const arguments *args) {
  return args->n_set > 0 || args->seeds > 0 || args->steps.value != NULL ||
         args->episodes.value != NULL;
}

/* The run's settings with the larger budget that the flags ask for. */
static hd_status resume_budget(hd_ctx *ctx, const arguments *args, hd_config **out) {
  char path[4096];
  snprintf(path, sizeof path, "%s/config.toml", args->operand[0]);
  HD_TRY(hd_config_read(ctx, path, out));
  return open_flags(*out, args);
}

static hd_status resume_extend(hd_ctx *ctx, const arguments *args) {
  hd_config *budget = NULL;
  hd_status status = resume_budget(ctx, args, &budget);
  status = status == HD_OK ? hd_study_extend(ctx, args->operand[0], budget, args->seeds) : status;
  hd_config_destroy(budget);
  return status;
}

/* Learners that solved their task may have ended before the budget did. */
static void resume_say_finished(const hd_study *study, const arguments *args) {
  const char *dir = args->operand[0];
  fprintf(stderr, "hedon: %s was finished already; this is what came of it\n", dir);
  const hd_result first = hd_study_result(study, 0);
  if (resume_is_longer(args) && first.solved) {
    fprintf(stderr,
            "hedon: its learners ended because they had solved the task (overtrain = %s); go on "
            "with: ",
            hd_config_get(hd_study_config(study), "overtrain"));
    shell_command(stderr, args, (const char *const[]){"resume", dir, "--set", "overtrain=0", NULL});
    fputc('\n', stderr);
  }
}

static int resume_study(hd_ctx *ctx, notes *log, const arguments *args) {
  const char *dir = args->operand[0];
  char first[RUN_PATH];
  if (!run_is_there(dir) && run_first_below(dir, first)) {
    return run_say_none(dir, "run");
  }
  hd_study *study = NULL;
  hd_status status = resume_is_longer(args) && run_is_there(dir) ? resume_extend(ctx, args) : HD_OK;
  status = status == HD_OK ? hd_study_resume(ctx, dir, open_threads(args), &study) : status;
  if (status == HD_OK && hd_study_summary(study).finished) {
    resume_say_finished(study, args);
  }
  const int code =
      status == HD_OK ? drive(ctx, log, study, dir, args) : plugins_say(ctx, status, args);
  hd_study_destroy(study);
  return code;
}

static int resume(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_check_flags(args);
  code = code == EXIT_OK ? open_context(args, &log, &ctx) : code;
  if (code != EXIT_OK) {
    return code;
  }
  code = resume_study(ctx, &log, args);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--steps", "N", FLAG_BRIEF, offsetof(arguments, steps),
     "let the run become longer: N environment steps in all; short for --set steps=N"},
    {"--episodes", "N", FLAG_BRIEF, offsetof(arguments, episodes),
     "let the run become longer: N episodes in all; short for --set episodes=N"},
    {"--seeds", "N", FLAG_SEEDS, offsetof(arguments, seeds),
     "add learners to the run: N in all, of the seeds that follow"},
    {"--set", "KEY=VALUE ...", FLAG_PAIRS, 0,
     "raise steps, episodes or overtrain (0: learners go on once they have solved the task)"},
    FLAG_THREADS,
    FLAG_EXPORTS,
    FLAG_JSON("print the outcome as one JSON object, last line of standard output"),
    FLAG_QUIET,
};

const command command_resume = {
    .name = "resume",
    .summary = "go on with a run that was stopped, or let it become longer",
    .usage =
        "DIR [--steps N | --episodes N] [--seeds N] [--set KEY=VALUE ...]\n"
        "                     [--threads N] [--csv] [--tensorboard] [--json] [--quiet]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "the folder of a run",
    .run = resume,
};
