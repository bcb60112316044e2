#include <string.h>

#include "json.h"
#include "settings.h"

static void settings_json_pair(const char *key, const char *text) {
  printf(",\"%s\":", key);
  json_string(stdout, text);
}

void settings_option_json(const hd_option *option) {
  printf("{\"key\":");
  json_string(stdout, option->key);
  settings_json_pair("value", option->value);
  settings_json_pair("default", option->fallback);
  settings_json_pair("from", option->origin);
  settings_json_pair("type", option->type);
  settings_json_pair("allowed", option->allowed);
  settings_json_pair("unit", option->unit);
  settings_json_pair("group", option->group);
  settings_json_pair("help", option->help);
  settings_json_pair("readers", option->readers);
  printf(",\"read\":%s}", option->is_read ? "true" : "false");
}

void settings_json(const hd_config *config, bool is_all) {
  const char *between = "[";
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (is_all || (option.is_read && strcmp(option.origin, "default") != 0)) {
      printf("%s", between);
      settings_option_json(&option);
      between = ",\n ";
    }
  }
  printf("]");
}

void settings_run_json(const hd_config *config) {
  size_t bytes;
  printf("{\"task\":");
  json_string(stdout, hd_config_task(config));
  settings_json_pair("method", hd_config_method(config));
  printf(",\"settings\":");
  settings_json(config, false);
  printf(",\"memory_bytes\":");
  json_count(stdout, hd_config_memory(config, &bytes) == HD_OK ? (int64_t)bytes : -1);
  printf("}\n");
}

void settings_row_json(const char *row) {
  char item[HD_CLI_LINE];
  const char *between = "{";
  while (*row != '\0') {
    const int length = (int)strcspn(row, " "), key = (int)strcspn(row, "=");
    printf("%s\"%.*s\":", between, key, row);
    snprintf(item, sizeof item, "%.*s", length - key - 1, row + key + 1);
    json_string(stdout, item);
    between = ",";
    row += length;
    row += strspn(row, " ");
  }
  printf("%s", *between == '{' ? "{}" : "}");
}
