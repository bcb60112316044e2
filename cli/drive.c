#include "drive.h"

#include "progress.h"
#include "report.h"
#include "say.h"

int drive(hd_ctx *ctx, notes *log, hd_study *study, const char *dir, const arguments *args) {
  progress watch;
  progress_begin(&watch, log, args->quiet);
  progress_watch(&watch, study, "");
  const hd_status status = hd_study_run(study, progress_tick, &watch);
  progress_leave(&watch, study);
  progress_end(&watch);
  if (status != HD_OK) {
    say_status(ctx, status);
    return EXIT_RUN;
  }
  if (args->json) {
    report_json(study);
  } else {
    report_text(ctx, study);
  }
  if (watch.interrupted != 0) {
    fflush(stdout);
    if (dir != NULL) {
      fprintf(stderr, "hedon: stopped and saved; go on with: hedon resume %s\n", dir);
    } else if (args->save_policy == NULL) {
      fprintf(stderr, "hedon: stopped; nothing was kept, as --out DIR would have\n");
    }
    return 128 + watch.interrupted;
  }
  if (dir != NULL && !args->json) {
    printf("kept in %s; look again with: hedon eval %s\n", dir, dir);
  }
  return EXIT_OK;
}
