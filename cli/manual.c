#include "manual.h"

#include <stdio.h>
#include <string.h>

#include "open.h"
#include "say.h"
#include "settings.h"

/* Text in which nothing is read as a request or a hyphen. */
static void manual_text(const char *text) {
  if (*text == '.' || *text == '\'') {
    fputs("\\&", stdout);
  }
  for (; *text != '\0'; text++) {
    switch (*text) {
      case '-':
        fputs("\\-", stdout);
        break;
      case '\\':
        fputs("\\e", stdout);
        break;
      default:
        putchar(*text);
    }
  }
}

static void manual_paragraph(const char *text) {
  manual_text(text);
  putchar('\n');
}

static void manual_section(const char *macro, const char *title) {
  printf("%s \"", macro);
  manual_text(title);
  puts("\"");
}

/* A head in bold, and below it what it means. */
static void manual_item(const char *head, const char *argument, const char *text) {
  fputs(".TP\n\\fB", stdout);
  manual_text(head);
  fputs("\\fR", stdout);
  if (argument != NULL) {
    fputs(" \\fI", stdout);
    manual_text(argument);
    fputs("\\fR", stdout);
  }
  putchar('\n');
  manual_paragraph(text);
}

static void manual_head(void) {
  printf(".TH HEDON 1 \"\" \"hedon %s\" \"User Commands\"\n", hd_version());
  manual_section(".SH", "NAME");
  manual_paragraph("hedon - train spiking neural networks by reinforcement learning");
  manual_section(".SH", "SYNOPSIS");
  puts(".B hedon\n[\\fB\\-\\-plugin\\fR \\fIFILE\\fR ...] \\fICOMMAND\\fR ...");
  manual_section(".SH", "DESCRIPTION");
  manual_paragraph(
      "Networks of spiking neurons in which the reinforcement-learning agent is every synapse, "
      "every "
      "neuron, a population that votes, or the whole network. The environments are built in; "
      "plug-ins "
      "bring others.");
}

/* A usage, whose line breaks are those of a terminal. */
static void manual_usage(const char *name, const char *usage) {
  char text[HD_CLI_LINE];
  size_t n = 0;
  for (const char *c = usage; *c != '\0' && n + 1 < sizeof text; c++) {
    const bool is_space = *c == ' ' || *c == '\n';
    if (!is_space || (n > 0 && text[n - 1] != ' ')) {
      text[n++] = is_space ? ' ' : *c;
    }
  }
  text[n] = '\0';
  printf(".B hedon %s\n", name);
  manual_paragraph(text);
  puts(".PP");
}

static void manual_command(const command *self) {
  manual_section(".SS", self->name);
  manual_paragraph(self->summary);
  puts(".PP");
  manual_usage(self->name, self->usage);
  const flag *f;
  for (int i = 0; (f = command_flag_at(self, i)) != NULL; i++) {
    manual_item(f->name, f->argument, f->help);
  }
}

static void manual_setting(const hd_option *option) {
  char text[2 * HD_CLI_LINE];
  snprintf(text, sizeof text, "%s (%s%s%s%s; default %s; read by %s)", option->help,
           option->allowed, *option->unit ? " [" : "", option->unit, *option->unit ? "]" : "",
           option->fallback, option->readers);
  manual_item(option->key, NULL, text);
}

static void manual_settings(const hd_config *config) {
  char group[HD_CLI_LINE] = "";
  manual_section(".SH", "SETTINGS");
  manual_paragraph("For --set KEY=VALUE and for files of --config.");
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(group, option.group) != 0) {
      snprintf(group, sizeof group, "%s", option.group);
      manual_section(".SS", group);
    }
    manual_setting(&option);
  }
}

static void manual_tail(void) {
  static const struct {
    const char *head, *text;
  } codes[] = {{"0", "done"},
               {"1", "the run failed"},
               {"2", "the command line or a setting is wrong"},
               {"130, 143", "stopped by a signal; what was asked to be kept is saved"}},
    files[] = {{"RUN/config.toml", "the settings, seeds and version of a run"},
               {"RUN/metrics.jsonl", "a line of JSON for every evaluation and outcome"},
               {"RUN/checkpoint-SEED.hd",
                "what a seed goes on from and is evaluated from, in the layout of safetensors"}},
    variables[] = {{"NO_COLOR", "if set, no colours"},
                   {"HEDON_ISA",
                    "instruction set of the loops: v4, v3, v2 or scalar; the results are the same"},
                   {"HEDON_MUJOCO_MODELS", "where the models of the MuJoCo robots lie"}};
  manual_section(".SH", "EXIT STATUS");
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    manual_item(codes[i].head, NULL, codes[i].text);
  }
  manual_section(".SH", "FILES");
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    manual_item(files[i].head, NULL, files[i].text);
  }
  manual_section(".SH", "ENVIRONMENT");
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    manual_item(variables[i].head, NULL, variables[i].text);
  }
}

int manual_print(const command *const *commands, int n) {
  const arguments none = {.method = NULL};
  notes log = {.n = 0};
  hd_ctx *ctx;
  hd_config *config = NULL;
  if (open_context(&none, &log, &ctx) != EXIT_OK) {
    return EXIT_RUN;
  }
  const hd_status status = hd_config_create(ctx, "CartPole-v1", NULL, &config);
  const int code = status == HD_OK ? EXIT_OK : say_status(ctx, status);
  if (code == EXIT_OK) {
    manual_head();
    manual_section(".SH", "COMMANDS");
    for (int i = 0; i < n; i++) {
      manual_command(commands[i]);
    }
    manual_settings(config);
    manual_tail();
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return code;
}
