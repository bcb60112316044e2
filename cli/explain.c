#include <string.h>

#include "json.h"
#include "open.h"
#include "say.h"
#include "settings.h"

static const char *method_name(const void *list, int i) {
  (void)list;
  return hd_method_at(i)->name;
}

static int find_method(const char *word) {
  for (int i = 0; i < hd_method_count(); i++) {
    if (strcmp(hd_method_at(i)->name, word) == 0) {
      return i;
    }
  }
  return -1;
}

/* The method itself: what it is, what it sets everywhere, what it sets for which tasks. */
static void method_text(const hd_config *config, int index) {
  const hd_method *method = hd_method_at(index);
  printf("%s\n  ", method->name);
  say_wrapped(stdout, 2, 2, method->doc);
  fputs("  Source: ", stdout);
  say_wrapped(stdout, 10, 10, method->source);
  printf("\n  on every task\n");
  settings_row(config, method->settings);
  const hd_task_row *row;
  for (int i = 0; (row = hd_method_task_at(index, i)) != NULL; i++) {
    printf("\n  on %s\n", row->tasks);
    settings_row(config, row->settings);
  }
}

static void method_json(const hd_config *config, int index) {
  (void)config;
  const hd_method *method = hd_method_at(index);
  printf("{\"name\":");
  json_string(stdout, method->name);
  printf(",\"doc\":");
  json_string(stdout, method->doc);
  printf(",\"source\":");
  json_string(stdout, method->source);
  printf(",\"settings\":");
  settings_row_json(method->settings);
  printf(",\"tasks\":[");
  const hd_task_row *row;
  for (int i = 0; (row = hd_method_task_at(index, i)) != NULL; i++) {
    printf("%s{\"on\":", i > 0 ? "," : "");
    json_string(stdout, row->tasks);
    printf(",\"settings\":");
    settings_row_json(row->settings);
    printf("}");
  }
  printf("]}\n");
}

static void settings_of_run_json(const hd_config *config) {
  printf("{\"task\":");
  json_string(stdout, hd_config_task(config));
  printf(",\"method\":");
  json_string(stdout, hd_config_method(config));
  printf(",\"settings\":");
  settings_json(config, false);
  printf("}\n");
}

static void show(const arguments *args, const hd_config *config, int index) {
  if (args->options) {
    settings_json(config, true);
    printf("\n");
  } else if (args->n_operands > 1) {
    (args->json ? settings_of_run_json : settings_changed)(config);
  } else {
    (args->json ? method_json : method_text)(config, index);
  }
}

static int explain(const arguments *args) {
  if (args->options && !args->json) {
    settings_help(args);
    return EXIT_OK;
  }
  if (args->n_operands == 0 && !args->options) {
    return say_usage("explain needs the name of a method; see hedon list methods");
  }
  const char *word = args->n_operands > 0 ? args->operand[0] : default_method;
  const int index = find_method(word);
  if (index < 0) {
    const char *near = hd_nearest_name(word, method_name, NULL, hd_method_count());
    return near != NULL ? say_usage("no method is called '%s'; did you mean '%s'?", word, near)
                        : say_usage("no method is called '%s'; see hedon list methods", word);
  }
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  const char *task = args->n_operands > 1 ? args->operand[1] : "CartPole-v1";
  hd_config *config = NULL;
  const hd_status status = hd_config_create(ctx, task, word, &config);
  if (status != HD_OK) {
    code = say_status(ctx, status);
  } else {
    show(args, config, index);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--options", NULL, FLAG_SWITCH, offsetof(arguments, options),
     "list every setting with its range and default instead"},
    FLAG_JSON("one object; of settings, an array"),
};

const command command_explain = {
    .name = "explain",
    .summary = "show what a method is and what it sets, for all tasks or for one",
    .usage = "METHOD [TASK] | --options [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = 2,
    .run = explain,
};
