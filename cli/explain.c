#include <string.h>

#include "json.h"
#include "open.h"
#include "say.h"
#include "settings.h"

/* The method itself: what it is, what it sets everywhere, what it sets for which tasks. */
static void explain_method_text(const hd_config *config, const hd_method *method) {
  printf("%s\n  ", method->name);
  say_wrapped(stdout, 2, 2, method->doc);
  if (method->source[0] != '\0') {
    fputs("  Source: ", stdout);
    say_wrapped(stdout, 10, 10, method->source);
  }
  printf("\n  on every task\n");
  settings_row(config, method->settings);
  const hd_task_row *row;
  for (int i = 0; (row = hd_method_row(method, i)) != NULL; i++) {
    printf("\n  on %s\n", row->tasks);
    settings_row(config, row->settings);
  }
}

static void explain_method_json(const hd_config *config, const hd_method *method) {
  (void)config;
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
  for (int i = 0; (row = hd_method_row(method, i)) != NULL; i++) {
    printf("%s{\"on\":", i > 0 ? "," : "");
    json_string(stdout, row->tasks);
    printf(",\"settings\":");
    settings_row_json(row->settings);
    printf("}");
  }
  printf("]}\n");
}

static void explain_settings_of_run_json(const hd_config *config) {
  printf("{\"task\":");
  json_string(stdout, hd_config_task(config));
  printf(",\"method\":");
  json_string(stdout, hd_config_method(config));
  printf(",\"settings\":");
  settings_json(config, false);
  printf("}\n");
}

static void explain_show(const arguments *args, const hd_config *config, const hd_method *method) {
  if (args->source && method->text != NULL) {
    fputs(method->text, stdout);
  } else if (args->options) {
    settings_json(config, true);
    printf("\n");
  } else if (args->n_operands > 1) {
    (args->json ? explain_settings_of_run_json : settings_changed)(config);
  } else {
    (args->json ? explain_method_json : explain_method_text)(config, method);
  }
}

static int explain(const arguments *args) {
  if (args->options && !args->json) {
    settings_help(args);
    return EXIT_OK;
  }
  if (args->n_operands == 0 && !args->options) {
    return say_usage("explain needs the name of a method, or its file; see hedon list methods");
  }
  const char *word = args->n_operands > 0 ? args->operand[0] : default_method;
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  const char *task = args->n_operands > 1 ? args->operand[1] : "CartPole-v1";
  hd_config *config = NULL;
  const hd_method *method;
  hd_status status = hd_method_find(ctx, word, &method);
  status = status == HD_OK ? hd_config_create(ctx, task, word, &config) : status;
  if (status != HD_OK) {
    code = say_status(ctx, status);
  } else {
    explain_show(args, config, method);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--options", NULL, FLAG_SWITCH, offsetof(arguments, options),
     "list every setting with its range and default instead"},
    {"--file", NULL, FLAG_SWITCH, offsetof(arguments, source),
     "show the file of a built-in method as it is, to begin one of your own with"},
    FLAG_JSON("one object; of settings, an array"),
};

const command command_explain = {
    .name = "explain",
    .summary = "show what a method is and what it sets, for all tasks or for one",
    .usage = "METHOD [TASK] [--file] | METHOD.toml [TASK] | --options [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = 2,
    .run = explain,
};
