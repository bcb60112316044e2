#include "settings.h"

#include <string.h>

#include "open.h"
#include "say.h"

static void settings_readers_item(const hd_option *option) {
  char text[HD_CLI_LINE];
  snprintf(text, sizeof text, "read by %s", option->readers);
  printf("%24s", "");
  say_wrapped(stdout, 24, 24, text);
}

static const char *settings_allowed_text(const hd_option *option, char *text) {
  snprintf(text, HD_CLI_LINE, "%s%s%s%s, default %s", option->allowed, *option->unit ? " [" : "",
           option->unit, *option->unit ? "]" : "", option->fallback);
  return text;
}

void settings_item(const hd_option *option) {
  char text[HD_CLI_LINE];
  say_item(stdout, 2, 24, option->key, option->help);
  printf("%24s", "");
  say_wrapped(stdout, 24, 24, settings_allowed_text(option, text));
  settings_readers_item(option);
}

void settings_help(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  hd_config *config = NULL;
  if (open_context(args, &log, &ctx) != EXIT_OK) {
    return;
  }
  if (hd_config_create(ctx, "CartPole-v1", default_method, &config) == HD_OK) {
    char group[HD_CLI_LINE] = "";
    printf("\nsettings, for --set KEY=VALUE and --config FILE:\n");
    for (int i = 0; i < hd_config_count(config); i++) {
      const hd_option option = hd_config_at(config, i);
      if (strcmp(group, option.group) != 0) {
        snprintf(group, sizeof group, "%s", option.group);
        printf("\n%s\n", group);
      }
      settings_item(&option);
    }
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

static void settings_print_change(const hd_option *option) {
  char head[HD_CLI_LINE], text[HD_CLI_LINE];
  snprintf(head, sizeof head, "%s = %s", option->key, option->value);
  snprintf(text, sizeof text, "%s%s%s%s (from: %s; default %s)", option->help,
           *option->unit ? " [" : "", option->unit, *option->unit ? "]" : "", option->origin,
           option->fallback);
  say_item(stdout, 2, 28, head, text);
}

void settings_changed(const hd_config *config) {
  printf("%s with %s: what is set, and by whom\n\n", hd_config_task(config),
         hd_config_method(config));
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (option.is_read && strcmp(option.origin, "default") != 0) {
      settings_print_change(&option);
    }
  }
}

static void settings_row_item(const hd_config *config, const char *item, int length) {
  const int key_length = (int)strcspn(item, "=");
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if ((int)strlen(option.key) == key_length && strncmp(option.key, item, key_length) == 0) {
      char head[HD_CLI_LINE], text[HD_CLI_LINE];
      snprintf(head, sizeof head, "%s = %.*s", option.key, length - key_length - 1,
               item + key_length + 1);
      snprintf(text, sizeof text, "%s (default %s)", option.help, option.fallback);
      say_item(stdout, 4, 30, head, text);
      return;
    }
  }
}

void settings_row(const hd_config *config, const char *row) {
  while (*row != '\0') {
    const int length = (int)strcspn(row, " ");
    settings_row_item(config, row, length);
    row += length;
    row += strspn(row, " ");
  }
}
