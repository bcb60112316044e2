#include <stdio.h>

#include "drive.h"
#include "open.h"
#include "plugins.h"

static int resume(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  const char *dir = args->operand[0];
  hd_study *study = NULL;
  const hd_status status = hd_study_resume(ctx, dir, open_threads(args), &study);
  if (status == HD_OK && hd_study_summary(study).finished) {
    fprintf(stderr, "hedon: %s was finished already; this is what came of it\n", dir);
  }
  code = status == HD_OK ? drive(ctx, &log, study, dir, args) : plugins_say(ctx, status, args);
  hd_study_destroy(study);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    FLAG_THREADS,
    FLAG_EXPORTS,
    FLAG_JSON("print the outcome as one JSON object, last line of standard output"),
    FLAG_QUIET,
};

const command command_resume = {
    .name = "resume",
    .summary = "go on with a run that was stopped",
    .usage = "DIR [--threads N] [--csv] [--tensorboard] [--json] [--quiet]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "the folder of a run",
    .run = resume,
};
