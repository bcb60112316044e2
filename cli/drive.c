#include "drive.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

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
} drive_watch;

static bool drive_tick(void *user, hd_study *study) {
  drive_watch *self = user;
  run_export_tick(&self->export);
  return progress_tick(&self->progress, study);
}

static void drive_export(run_export *self) {
  if (!run_export_follow(self)) {
    say_failure("what other programs read of %s cannot be written", self->dir);
  }
}

int drive(hd_ctx *ctx, notes *log, hd_study *study, const char *dir, const arguments *args) {
  drive_watch watch;
  progress *line = &watch.progress;
  run_export_begin(&watch.export, args, dir);
  progress_begin(line, log, args->quiet);
  progress_watch(line, study, "");
  const hd_status status = hd_study_run(study, drive_tick, &watch);
  progress_leave(line, study);
  progress_end(line);
  drive_export(&watch.export);
  if (status != HD_OK) {
    say_status(ctx, status);
    return EXIT_RUN;
  }
  if (args->json) {
    report_json(study);
  } else {
    report_text(ctx, study, args);
  }
  if (line->interrupted != 0) {
    fflush(stdout);
    if (dir != NULL) {
      drive_say_stopped(study, dir, args);
    } else if (args->save_policy == NULL) {
      fprintf(stderr, "hedon: stopped; nothing was kept, as --out DIR would have\n");
    }
    return 128 + line->interrupted;
  }
  if (dir != NULL && !args->json) {
    printf("kept in %s; look again with: ", dir);
    shell_command(stdout, args, (const char *const[]){"eval", dir, NULL});
    putchar('\n');
  }
  return EXIT_OK;
}
