/* From a command line to cells. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "open.h"
#include "report.h"
#include "say.h"

enum { SEEDS = 10, MAX_NAMES = 64 };

/* Cut a list at its commas. Returns how many parts there are, or -1 if there are too many. */
static int compare_plan_cut(char *list, const char *part[MAX_NAMES]) {
  int n = 0;
  for (char *word = strtok(list, ","); word != NULL; word = strtok(NULL, ",")) {
    if (n == MAX_NAMES) {
      return -1;
    }
    part[n++] = word;
  }
  return n;
}

static int compare_plan_split(const char *what, const char *list, char **words, const char ***out,
                              int *n) {
  const char *part[MAX_NAMES];
  *words = strdup(list);
  *out = calloc(MAX_NAMES, sizeof **out);
  if (*words == NULL || *out == NULL) {
    return say_failure("out of memory");
  }
  *n = compare_plan_cut(*words, part);
  if (*n <= 0) {
    return *n < 0 ? say_usage("at most %d %ss can be compared", MAX_NAMES, what)
                  : say_usage("the list of %ss is empty", what);
  }
  memcpy(*out, part, (size_t)*n * sizeof *part);
  return EXIT_OK;
}

static int compare_plan_each_once(const char *what, const char *const *name, int n) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) {
      if (strcmp(name[i], name[j]) == 0) {
        return say_usage("%s %s is named twice", what, name[i]);
      }
    }
  }
  return EXIT_OK;
}

/* The tasks of an experiment, as --tasks would name them. */
static void compare_plan_tasks_of(const experiment *named, char *list, size_t size) {
  size_t used = 0;
  for (const experiment_task *task = named->tasks; task->name != NULL && used < size; task++) {
    used += (size_t)snprintf(list + used, size - used, "%s%s", used > 0 ? "," : "", task->name);
  }
}

/* What an experiment sets for one of its tasks, NULL if it is none of them; without an experiment,
 * nothing is set. */
static const char *compare_plan_settings_for(const experiment *named, const char *task) {
  if (named == NULL) {
    return "";
  }
  const experiment_task *row = named->tasks;
  for (; row->name != NULL && strcmp(row->name, task) != 0; row++) {
  }
  return row->settings;
}

/* The configuration of a method whose name, or path, has so many characters. */
static hd_status compare_plan_create(hd_ctx *ctx, const char *task, const char *label,
                                     size_t length, hd_config **out) {
  char *method = strndup(label, length);
  const hd_status status = method != NULL ? hd_config_create(ctx, task, method, out) : HD_NOMEM;
  free(method);
  return status;
}

static bool compare_plan_is_read(const hd_config *config, const char *pair, size_t length) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strlen(option.key) == length && strncmp(option.key, pair, length) == 0) {
      return option.is_read;
    }
  }
  return true; /* to be refused by its name */
}

/* What an experiment sets; "?key=value" is left out where the method does not read the key. */
static hd_status compare_plan_set_all(hd_config *config, const char *settings) {
  for (settings += strspn(settings, " "); *settings != '\0'; settings += strspn(settings, " ")) {
    const bool is_optional = *settings == '?';
    settings += is_optional;
    const size_t length = strcspn(settings, " ");
    if (!is_optional || compare_plan_is_read(config, settings, strcspn(settings, "="))) {
      HD_TRY(open_set_pair(config, settings, length));
    }
    settings += length;
  }
  return HD_OK;
}

/* "method:key=value:key=value" */
static hd_status compare_plan_open_cell(hd_ctx *ctx, const comparison *plan, const char *task,
                                        const char *label, cell *out) {
  const size_t length = strcspn(label, ":");
  HD_TRY(compare_plan_create(ctx, task, label, length, &out->config));
  HD_TRY(compare_plan_set_all(out->config, compare_plan_settings_for(plan->named, task)));
  HD_TRY(open_flags(out->config, plan->args));
  HD_TRY(open_row(out->config, label + length));
  out->label = label;
  out->threshold = report_threshold(ctx, out->config);
  const hd_status status = hd_config_check(out->config);
  if (status == HD_CONFLICT) {
    out->state = CELL_CONFLICT;
    snprintf(out->message, sizeof out->message, "%s", hd_ctx_error(ctx));
    return HD_OK;
  }
  return status;
}

/* Tasks by their full names, each once and, of an experiment, one of its own. */
static int compare_plan_name_tasks(hd_ctx *ctx, comparison *plan) {
  for (int t = 0; t < plan->n_tasks; t++) {
    const hd_env_desc *env;
    const hd_status status = hd_env_find(ctx, plan->task[t], &env);
    if (status != HD_OK) {
      return say_status(ctx, status);
    }
    plan->task[t] = env->name;
    if (compare_plan_settings_for(plan->named, env->name) == NULL) {
      return say_usage("%s has no task %s; see hedon compare --help", plan->named->name, env->name);
    }
  }
  return compare_plan_each_once("task", plan->task, plan->n_tasks);
}

static int compare_plan_open_cells(hd_ctx *ctx, comparison *plan) {
  plan->cell = calloc((size_t)plan->n_tasks * plan->n_methods, sizeof *plan->cell);
  if (plan->cell == NULL) {
    return say_failure("out of memory");
  }
  for (int t = 0; t < plan->n_tasks; t++) {
    for (int m = 0; m < plan->n_methods; m++) {
      cell *c = &plan->cell[(size_t)t * plan->n_methods + m];
      c->number = t * plan->n_methods + m + 1;
      const hd_status status = compare_plan_open_cell(ctx, plan, plan->task[t], plan->label[m], c);
      if (status != HD_OK) {
        return say_status(ctx, status);
      }
    }
  }
  return EXIT_OK;
}

static const char *compare_plan_experiment_name(const void *list, int i) {
  (void)list;
  return experiment_at(i)->name;
}

/* A word that is no task may be an experiment's name, written wrongly. */
static int compare_plan_unknown_experiment(hd_ctx *ctx, const char *word) {
  const hd_env_desc *env;
  if (strchr(word, ',') != NULL || hd_env_find(ctx, word, &env) == HD_OK) {
    return EXIT_OK;
  }
  const char *near = hd_nearest_name(word, compare_plan_experiment_name, NULL, experiment_count());
  return near == NULL
             ? say_usage(
                   "no experiment or task is called '%s'; see hedon compare --help and hedon "
                   "list envs",
                   word)
             : say_usage("no experiment or task is called '%s'; did you mean '%s'?", word, near);
}

int compare_plan(hd_ctx *ctx, const arguments *args, comparison *out) {
  char named[MESSAGE_SIZE];
  const char *word = args->operand[0], *tasks = args->tasks != NULL ? args->tasks : word;
  *out = (comparison){.args = args, .folder = -1, .named = experiment_find(word)};
  if (out->named != NULL && args->tasks == NULL) {
    compare_plan_tasks_of(out->named, named, sizeof named);
    tasks = named;
  }
  const char *methods = args->methods != NULL ? args->methods
                        : out->named != NULL  ? out->named->methods
                                              : NULL;
  int code = out->named == NULL ? compare_plan_unknown_experiment(ctx, word) : EXIT_OK;
  if (code == EXIT_OK && methods == NULL) {
    code = say_usage(
        "--methods is missing, such as --methods nes,neuron-agent; "
        "see hedon list methods");
  }
  if (code == EXIT_OK && out->named == NULL && args->tasks != NULL) {
    code = say_usage("--tasks chooses among those of an experiment; name the tasks once");
  }
  if (code == EXIT_OK) {
    code = open_check_flags(args);
  }
  if (code == EXIT_OK) {
    code = compare_plan_split("task", tasks, &out->task_words, &out->task, &out->n_tasks);
  }
  if (code == EXIT_OK) {
    code = compare_plan_split("method", methods, &out->method_words, &out->label, &out->n_methods);
  }
  if (code == EXIT_OK) {
    code = compare_plan_name_tasks(ctx, out);
  }
  if (code == EXIT_OK) {
    code = compare_plan_each_once("method", out->label, out->n_methods);
  }
  out->n_seeds = args->seeds > 0      ? (int)args->seeds
                 : out->named != NULL ? out->named->seeds
                                      : SEEDS;
  return code == EXIT_OK ? compare_plan_open_cells(ctx, out) : code;
}

void compare_free(comparison *self) {
  for (int i = 0; self->cell != NULL && i < self->n_tasks * self->n_methods; i++) {
    hd_config_destroy(self->cell[i].config);
    free(self->cell[i].result);
  }
  free(self->cell);
  free(self->task);
  free(self->label);
  free(self->task_words);
  free(self->method_words);
}
