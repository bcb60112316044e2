#include "explain.h"

#include <string.h>

#include "open.h"
#include "say.h"
#include "settings.h"
#include "words.h"

static bool explain_is_file(const char *name) {
  const char *end = strrchr(name, '.');
  return end != NULL && strcmp(end, ".toml") == 0;
}

static bool explain_is_method(const char *name) {
  for (int i = 0; i < hd_method_count(); i++) {
    if (strcmp(hd_method_at(i)->name, name) == 0) {
      return true;
    }
  }
  return explain_is_file(name);
}

/* A method on a task, which is refused as training would refuse it. */
static int explain_run(hd_ctx *ctx, const hd_config *config, const arguments *args) {
  const hd_status status = hd_config_check(config);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  (args->json ? settings_run_json : settings_changed)(config);
  return EXIT_OK;
}

static int explain_method(hd_ctx *ctx, const arguments *args, const char *task) {
  hd_config *config = NULL;
  const hd_method *method;
  int code = EXIT_OK;
  hd_status status = hd_method_find(ctx, args->operand[0], &method);
  status = status == HD_OK ? hd_config_create(ctx, task, args->operand[0], &config) : status;
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  if (args->source && method->text != NULL) {
    fputs(method->text, stdout);
  } else if (args->n_operands > 1) {
    code = explain_run(ctx, config, args);
  } else {
    (args->json ? explain_method_json : explain_method_text)(config, method);
  }
  hd_config_destroy(config);
  return code;
}

/* Everything of that name: a method first, then what else there is. */
static int explain_named(hd_ctx *ctx, const arguments *args, hd_config *config, const char *task) {
  const bool is_method = explain_is_method(args->operand[0]);
  if (is_method) {
    const int code = explain_method(ctx, args, task);
    if (code != EXIT_OK || args->source || args->n_operands > 1 ||
        explain_is_file(args->operand[0])) {
      return code;
    }
  }
  const int n = explain_things(ctx, config, args);
  return n > 0 || is_method ? EXIT_OK : explain_unknown(ctx, config, args->operand[0]);
}

static int explain_in(hd_ctx *ctx, const arguments *args) {
  const char *task = args->n_operands > 1 ? args->operand[1] : "CartPole-v1";
  hd_config *config = NULL;
  const hd_status status =
      hd_config_create(ctx, task, args->n_operands > 1 ? NULL : default_method, &config);
  int code = status == HD_OK ? EXIT_OK : say_status(ctx, status);
  if (code == EXIT_OK && args->options) {
    settings_json(config, true);
    printf("\n");
  } else if (code == EXIT_OK) {
    code = explain_named(ctx, args, config, task);
  }
  hd_config_destroy(config);
  return code;
}

static int explain(const arguments *args) {
  if (args->options && !args->json) {
    settings_help(args);
    return EXIT_OK;
  }
  if (args->n_operands == 0 && !args->options) {
    return say_usage(
        "explain needs a name: of a method, a task, a neuron, a setting, ...; see "
        "hedon explain --help");
  }
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code == EXIT_OK) {
    code = explain_in(ctx, args);
    hd_ctx_destroy(ctx);
  }
  return code;
}

static void explain_help(const arguments *args) {
  (void)args;
  char text[HD_CLI_LINE] =
      "NAME is a method or its file, a task, a neuron, a coding, a rule, a search, a feature of "
      "the dynamics, an experiment, a setting such as gamma or lif.tau_m, or a word of the live "
      "line, of results or of help texts: ";
  for (int i = 0; i < word_count(); i++) {
    const size_t n = strlen(text);
    snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? ", " : "", word_at(i)->name);
  }
  putchar('\n');
  say_wrapped(stdout, 0, 0, text);
  printf("With TASK: what a method sets there, and by whom, or what a setting is there.\n");
}

static const flag flags[] = {
    {"--options", NULL, FLAG_SWITCH, offsetof(arguments, options),
     "list every setting with its range and default instead"},
    {"--file", NULL, FLAG_SWITCH, offsetof(arguments, source),
     "show the file of a built-in method as it is, to begin one of your own with"},
    FLAG_JSON("one object a line for each thing of that name; with --options, an array"),
};

const command command_explain = {
    .name = "explain",
    .summary = "show what a method, task, neuron, coding, rule, setting or word is",
    .usage = "NAME [TASK] [--file] [--json] | --options [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = 2,
    .run = explain,
    .more_help = explain_help,
};
