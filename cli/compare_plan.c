/* From the command line of compare to a plan. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "open.h"
#include "paper.h"
#include "say.h"

enum { SEEDS = 10 };

/* ---- lists ---- */

typedef int (*compare_plan_fn)(comparison *self, const experiment *named, const char *word,
                               size_t length);

/* Call `fn` with every part of a list between commas. */
static int compare_plan_split(comparison *self, const experiment *named, const char *what,
                              const char *list, compare_plan_fn fn) {
  int n = 0, code = EXIT_OK;
  for (list += strspn(list, ","); *list != '\0' && code == EXIT_OK; list += strspn(list, ",")) {
    const size_t length = strcspn(list, ",");
    code = fn(self, named, list, length);
    list += length;
    n++;
  }
  return n == 0 ? say_usage("the list of %ss is empty", what) : code;
}

static int compare_plan_add_label(comparison *self, const experiment *named, const char *word,
                                  size_t length) {
  (void)named;
  return compare_add_label(self, word, length);
}

static int compare_plan_add_task(comparison *self, const experiment *named, const char *word,
                                 size_t length) {
  (void)named;
  return compare_add_task(self, word, length, "");
}

/* ---- experiments ---- */

/* What an experiment sets for the tasks that were chosen of its own. */
static int compare_plan_of_experiment(hd_ctx *ctx, comparison *self, const experiment *named) {
  for (int t = 0; t < self->n_tasks; t++) {
    const hd_env_desc *env;
    const hd_status status = hd_env_find(ctx, self->task[t].name, &env);
    if (status != HD_OK) {
      return say_status(ctx, status);
    }
    const experiment_task *row = named->tasks;
    for (; row->name != NULL && strcmp(row->name, env->name) != 0; row++) {
    }
    if (row->name == NULL) {
      return say_usage("%s has no task %s; see hedon compare --help", named->name, env->name);
    }
    free(self->task[t].settings);
    self->task[t].settings = strdup(row->settings);
  }
  return EXIT_OK;
}

static int compare_plan_all_tasks(comparison *self, const experiment *named) {
  int code = EXIT_OK;
  for (const experiment_task *row = named->tasks; row->name != NULL && code == EXIT_OK; row++) {
    code = compare_add_task(self, row->name, strlen(row->name), row->settings);
  }
  return code;
}

static const char *compare_plan_experiment_name(const void *list, int i) {
  (void)list;
  return i < experiment_count() ? experiment_at(i)->name : paper_at(i - experiment_count())->name;
}

/* A word that is no task may be an experiment's name, written wrongly. */
static int compare_plan_unknown_experiment(hd_ctx *ctx, const char *word) {
  const hd_env_desc *env;
  if (strchr(word, ',') != NULL || hd_env_find(ctx, word, &env) == HD_OK) {
    return EXIT_OK;
  }
  const char *near =
      hd_nearest_name(word, compare_plan_experiment_name, NULL, experiment_count() + paper_count());
  return near == NULL
             ? say_usage(
                   "no experiment or task is called '%s'; see hedon compare --help and hedon "
                   "list envs",
                   word)
             : say_usage("no experiment or task is called '%s'; did you mean '%s'?", word, near);
}

/* ---- the plan ---- */

static int compare_plan_tasks(hd_ctx *ctx, comparison *self, const experiment *named) {
  const arguments *args = self->args;
  if (named != NULL && args->tasks == NULL) {
    return compare_plan_all_tasks(self, named);
  }
  const int code =
      compare_plan_split(self, named, "task", args->tasks != NULL ? args->tasks : args->operand[0],
                         compare_plan_add_task);
  return code == EXIT_OK && named != NULL ? compare_plan_of_experiment(ctx, self, named) : code;
}

/* An experiment's name may be a task's short name as well. */
static void compare_plan_note_task(hd_ctx *ctx, const comparison *self, const experiment *named) {
  const hd_env_desc *env;
  if (named != NULL && self->args->tasks == NULL && !self->args->quiet &&
      hd_env_find(ctx, named->name, &env) == HD_OK) {
    fprintf(stderr, "hedon: %s is an experiment on %d tasks; of the task alone: hedon compare %s\n",
            named->name, self->n_tasks, env->name);
  }
}

static int compare_plan_check(hd_ctx *ctx, const arguments *args, const experiment *named) {
  const int code = named == NULL ? compare_plan_unknown_experiment(ctx, args->operand[0]) : EXIT_OK;
  if (code != EXIT_OK) {
    return code;
  }
  if (named == NULL && args->methods == NULL) {
    return say_usage(
        "--methods is missing, such as --methods nes,neuron-agent; see hedon list methods");
  }
  if (named == NULL && args->tasks != NULL) {
    return say_usage("--tasks chooses among those of an experiment; name the tasks once");
  }
  return open_check_flags(args);
}

static void compare_plan_describe(comparison *self, const experiment *named) {
  if (named != NULL) {
    self->title = strdup(named->name);
    self->doc = strdup(named->doc);
    self->source = strdup(named->source);
  }
}

/* An equal share of --cpu for each run that can be. */
static int compare_plan_cpu(comparison *self) {
  const char *text = self->args->seconds;
  if (text == NULL) {
    return EXIT_OK;
  }
  char *end;
  const double seconds = strtod(text, &end);
  if (end == text || *end != '\0' || !(seconds >= 1e-3 && seconds <= 1e9)) {
    return say_usage("--cpu is %s, allowed 0.001 to 1e9 seconds", text);
  }
  compare_share_cpu(self, seconds);
  return EXIT_OK;
}

int compare_plan(hd_ctx *ctx, const arguments *args, comparison *out) {
  const experiment *named = experiment_find(args->operand[0]);
  *out = (comparison){
      .kind = "compare", .args = args, .out = args->out, .seed = args->seed, .n_rounds = 1};
  out->n_seeds = args->seeds > 0 ? (int)args->seeds : named != NULL ? named->seeds : SEEDS;
  compare_plan_describe(out, named);
  int code = compare_plan_check(ctx, args, named);
  code = code == EXIT_OK ? compare_plan_tasks(ctx, out, named) : code;
  if (code == EXIT_OK) {
    code = compare_plan_split(out, named, "method",
                              args->methods != NULL ? args->methods : named->methods,
                              compare_plan_add_label);
  }
  code = code == EXIT_OK ? compare_make_cells(ctx, out) : code;
  if (code == EXIT_OK) {
    compare_plan_note_task(ctx, out, named);
  }
  return code == EXIT_OK ? compare_plan_cpu(out) : code;
}
