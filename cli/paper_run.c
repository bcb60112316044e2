/* A paper's experiment from the command line of compare to its files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "folder_holds.h"
#include "make_folders.h"
#include "paper.h"
#include "say.h"
#include "write_whole.h"

enum { PATH_SIZE = 4096 };

/* ---- what is asked for ---- */

/* Flags for methods on tasks mean nothing here. */
static int paper_run_check(const arguments *args, const paper *what) {
  const struct {
    const char *name;
    bool is_given;
  } foreign[] = {{"--tasks", args->tasks != NULL},
                 {"--episodes", args->episodes.value != NULL},
                 {"--set", args->n_set > 0},
                 {"--cpu", args->seconds != NULL},
                 {"--csv", args->csv},
                 {"--tensorboard", args->tensorboard}};
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
    if (foreign[i].is_given) {
      return say_usage(
          "%s is a paper's own experiment, which %s says nothing to; it takes "
          "--methods, --seed, --seeds, --steps, --threads, --out, --picture and --json",
          what->name, foreign[i].name);
    }
  }
  return EXIT_OK;
}

static int paper_run_length(const arguments *args, const paper *what, int64_t *length) {
  *length = what->length;
  if (args->steps.value == NULL) {
    return EXIT_OK;
  }
  char *end;
  const long long given = strtoll(args->steps.value, &end, 10);
  if (end == args->steps.value || *end != '\0' || given < 1 || given > 1000000000) {
    return say_usage("--steps is %s, allowed 1 to 1000000000 %s", args->steps.value, what->unit);
  }
  *length = given;
  return EXIT_OK;
}

static const char *paper_run_condition_name(const void *list, int i) {
  return ((const paper *)list)->condition[i].name;
}

static int paper_run_choose_one(paper_result *self, const char *word, size_t length) {
  const paper *what = self->what;
  for (int i = 0; i < what->n_conditions; i++) {
    const char *name = what->condition[i].name;
    if (strlen(name) == length && strncmp(name, word, length) == 0) {
      self->is_chosen[i] = true;
      return EXIT_OK;
    }
  }
  char given[SAY_SIZE];
  snprintf(given, sizeof given, "%.*s", (int)length, word);
  const char *near = hd_nearest_name(given, paper_run_condition_name, what, what->n_conditions);
  return say_usage("%s has no condition '%s'; did you mean '%s'?", what->name, given,
                   near != NULL ? near : what->condition[0].name);
}

/* All conditions, or those that --methods lists. */
static int paper_run_choose(paper_result *self) {
  const char *list = self->args->methods;
  int code = EXIT_OK;
  for (int i = 0; list == NULL && i < self->what->n_conditions; i++) {
    self->is_chosen[i] = true;
  }
  while (list != NULL && *(list += strspn(list, ",")) != '\0' && code == EXIT_OK) {
    const size_t length = strcspn(list, ",");
    code = paper_run_choose_one(self, list, length);
    list += length;
  }
  return code;
}

/* ---- what is done ---- */

static int paper_run_figures(hd_ctx *ctx, paper_result *self) {
  hd_status status = HD_OK;
  for (int i = 0; i < self->what->n_conditions && status == HD_OK; i++) {
    status = self->is_chosen[i] ? paper_take_figure(ctx, self, i) : HD_OK;
  }
  return status == HD_OK ? EXIT_OK : say_status(ctx, status);
}

static bool paper_run_has_all(const paper_result *self) {
  for (int i = 0; i < self->what->n_conditions; i++) {
    if (self->is_chosen[i] && self->n_done[i] < self->n_seeds) {
      return false;
    }
  }
  return true;
}

static int paper_run_keep(const paper_result *self) {
  static const struct {
    const char *end;
    write_fn form;
  } kept[] = {{"json", paper_json}, {"md", paper_markdown}, {"svg", paper_picture}};
  int code =
      self->args->picture != NULL ? write_whole(self->args->picture, paper_picture, self) : EXIT_OK;
  for (size_t i = 0; self->args->out != NULL && code == EXIT_OK && i < sizeof kept / sizeof *kept;
       i++) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/compare.%s", self->args->out, kept[i].end);
    code = write_whole(path, kept[i].form, self);
  }
  return code;
}

/* A new folder, or an empty one: what lies in another stays as it is. */
static int paper_run_make_folder(const char *dir) {
  if (dir == NULL) {
    return EXIT_OK;
  }
  if (!make_folders(dir)) {
    return say_failure("%s cannot be made: %s", dir, strerror(errno));
  }
  return folder_holds_only(dir, 0, NULL)
             ? EXIT_OK
             : say_failure(
                   "%s is no empty folder, and nothing in it is overwritten; choose another folder",
                   dir);
}

int paper_carry_out(hd_ctx *ctx, notes *log, const arguments *args, const paper *what) {
  paper_result self = {.what = what, .args = args, .seed = args->seed};
  self.n_seeds = args->seeds > 0 ? (int)args->seeds : what->seeds;
  int code = paper_run_check(args, what);
  code = code == EXIT_OK ? paper_run_length(args, what, &self.length) : code;
  code = code == EXIT_OK ? paper_run_choose(&self) : code;
  code = code == EXIT_OK ? paper_run_make_folder(args->out) : code;
  code = code == EXIT_OK ? paper_run_seeds(log, &self) : code;
  code = code == EXIT_OK ? paper_run_figures(ctx, &self) : code;
  code = code == EXIT_OK ? paper_run_keep(&self) : code;
  if (code == EXIT_OK) {
    (args->json ? paper_json : paper_text)(stdout, &self);
    if (self.stopped_by != 0 && !paper_run_has_all(&self)) {
      fprintf(stderr, "hedon: stopped; seeds that had ended by then count\n");
      code = 128 + self.stopped_by;
    }
  }
  for (int i = 0; i < PAPER_CONDITIONS; i++) {
    free(self.outcome[i]);
  }
  return code;
}
