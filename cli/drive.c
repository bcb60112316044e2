#include "drive.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "held_run.h"
#include "open.h"
#include "progress.h"
#include "report.h"
#include "run_export.h"
#include "say.h"
#include "shell.h"

/* Learners of a run folder that have no checkpoint yet. */
static int drive_count_unsaved(const hd_study *study, const char *dir) {
  int n = 0;
  for (int i = 0; i < hd_study_count(study); i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/checkpoint-%" PRIu64 ".hd", dir,
             hd_study_result(study, i).seed);
    n += access(path, F_OK) != 0;
  }
  return n;
}

static void drive_say_stopped(const hd_study *study, const char *dir, const arguments *args) {
  const int n = drive_count_unsaved(study, dir);
  if (n == 0) {
    fputs("hedon: stopped and saved", stderr);
  } else {
    fprintf(stderr, "hedon: stopped; %d of %d learners had no checkpoint yet and will begin anew",
            n, hd_study_count(study));
  }
  fputs("; go on with: ", stderr);
  shell_command(stderr, args, (const char *const[]){"resume", dir, NULL});
  fputc('\n', stderr);
}

/* A run that is watched, and told to other programs. */
typedef struct drive_watch {
  progress progress;
  run_export export;
  const char *dir; /* or NULL */
  held_run run;
} drive_watch;

static bool drive_tick(void *user, hd_study *study) {
  drive_watch *self = user;
  run_export_tick(&self->export);
  return progress_tick(&self->progress, study);
}

static bool drive_is_ended(void *user) {
  (void)user;
  return progress_signal() != 0;
}

static void drive_say_held(void *user) {
  drive_watch *self = user;
  if (!self->progress.is_quiet) {
    progress_line(&self->progress, "held and saved: somebody looks at it (hedon watch)");
    progress_line_end(&self->progress);
  }
}

static void drive_export(run_export *self) {
  if (!run_export_follow(self)) {
    say_failure("what other programs read of %s cannot be written", self->dir);
  }
}

static int drive_report(hd_ctx *ctx, const drive_watch *self, const arguments *args) {
  hd_study *study = self->run.study;
  const char *dir = self->dir;
  if (args->json) {
    report_json(study);
  } else {
    report_text(ctx, study, args);
  }
  if (self->progress.interrupted != 0) {
    fflush(stdout);
    if (dir != NULL) {
      drive_say_stopped(study, dir, args);
    } else if (args->save_policy == NULL) {
      fprintf(stderr, "hedon: stopped; nothing was kept, as --out DIR would have\n");
    }
    return 128 + self->progress.interrupted;
  }
  if (dir != NULL && !args->json) {
    printf("kept in %s; look again with: ", dir);
    shell_command(stdout, args, (const char *const[]){"eval", dir, NULL});
    putchar('\n');
  }
  return EXIT_OK;
}

int drive(hd_ctx *ctx, notes *log, hd_study *study, const char *dir, const arguments *args) {
  drive_watch watch = {.dir = dir};
  watch.run = (held_run){.dir = args->save_policy == NULL ? dir : NULL,
                         .n_threads = open_threads(args),
                         .tick = drive_tick,
                         .is_ended = drive_is_ended,
                         .say = drive_say_held,
                         .user = &watch,
                         .study = study};
  run_export_begin(&watch.export, args, dir);
  progress_begin(&watch.progress, log, args->quiet);
  progress_watch(&watch.progress, study, "");
  const hd_status status = held_run_go(ctx, &watch.run);
  progress_leave(&watch.progress, watch.run.study);
  progress_end(&watch.progress);
  drive_export(&watch.export);
  int code = EXIT_RUN;
  if (status == HD_OK) {
    code = drive_report(ctx, &watch, args);
  } else {
    say_status(ctx, status);
  }
  held_run_close(&watch.run);
  return code;
}
