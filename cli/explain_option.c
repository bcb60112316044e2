/* What stands below a setting: settings of the same stem, methods that set it, and a command that
 * changes it. */
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "settings.h"
#include "say.h"

enum { MOST = 6, KEY_SIZE = 64 };

/* A setting's strings outlive the next call on its configuration here. */
typedef struct option_copy {
  char key[KEY_SIZE], type[16], allowed[HD_CLI_LINE], fallback[KEY_SIZE];
} option_copy;

static void option_keep(option_copy *self, const hd_option *option) {
  snprintf(self->key, sizeof self->key, "%s", option->key);
  snprintf(self->type, sizeof self->type, "%s", option->type);
  snprintf(self->allowed, sizeof self->allowed, "%s", option->allowed);
  snprintf(self->fallback, sizeof self->fallback, "%s", option->fallback);
}

static void option_line(const char *text) {
  printf("%24s", "");
  say_wrapped(stdout, 24, 24, text);
}

/* Add one of a list, of which at most MOST are shown; n counts all. */
static void option_add(char text[HD_CLI_LINE], int n, const char *one) {
  const size_t at = strlen(text);
  if (n < MOST) {
    snprintf(text + at, HD_CLI_LINE - at, "%s%s", n > 0 ? ", " : "", one);
  } else if (n == MOST) {
    snprintf(text + at, HD_CLI_LINE - at, ", ...");
  }
}

/* ---- settings of the same stem: what stands before the first '.' or '_' ---- */

static void option_print_like(const hd_config *config, const option_copy *self) {
  char text[HD_CLI_LINE] = "see also ";
  const size_t stem = strcspn(self->key, "._");
  int n = 0;
  for (int i = 0; i < hd_config_count(config); i++) {
    const char *key = hd_config_at(config, i).key;
    if (strncmp(key, self->key, stem) == 0 && strcspn(key, "._") == stem &&
        strcmp(key, self->key) != 0) {
      option_add(text, n++, key);
    }
  }
  if (n > 0) {
    option_line(text);
  }
}

/* ---- methods that set it ---- */

/* The value in "key=value key=value ...", or false. */
static bool option_value_in(const char *settings, const char *key, char value[KEY_SIZE]) {
  const size_t n = strlen(key);
  for (const char *at = settings; (at = strstr(at, key)) != NULL; at += n) {
    if ((at == settings || at[-1] == ' ') && at[n] == '=') {
      snprintf(value, KEY_SIZE, "%.*s", (int)strcspn(at + n + 1, " "), at + n + 1);
      return true;
    }
  }
  return false;
}

static void option_print_methods(const option_copy *self) {
  char text[HD_CLI_LINE] = "set by ", value[KEY_SIZE], one[2 * KEY_SIZE];
  int n = 0;
  for (int i = 0; i < hd_method_count(); i++) {
    const hd_method *method = hd_method_at(i);
    if (option_value_in(method->settings, self->key, value)) {
      snprintf(one, sizeof one, "%.60s (%s)", method->name, value);
      option_add(text, n++, one);
    }
  }
  if (n > 0) {
    option_line(text);
  }
}

/* ---- an example ---- */

/* A value that is not the default, by the setting's type: the other flag, another name, half of a
 * number, twice a whole one. */
static void option_typed_value(const option_copy *self, char value[KEY_SIZE]) {
  const double number = strtod(self->fallback, NULL);
  snprintf(value, KEY_SIZE, "%s", self->fallback);
  if (strcmp(self->type, "flag") == 0) {
    snprintf(value, KEY_SIZE, "%s", strcmp(self->fallback, "true") == 0 ? "false" : "true");
  } else if (strcmp(self->type, "number") == 0 || strcmp(self->type, "integer") == 0) {
    snprintf(value, KEY_SIZE, "%g", *self->type == 'n' ? number / 2 : number * 2);
  } else if (strcmp(self->type, "name") == 0 && strchr(self->allowed, ',') != NULL) {
    const size_t n = strcspn(self->allowed, ",");
    const bool is_first =
        strncmp(self->allowed, self->fallback, n) == 0 && self->fallback[n] == '\0';
    const char *at = is_first ? self->allowed + n + 2 : self->allowed;
    snprintf(value, KEY_SIZE, "%.*s", (int)strcspn(at, ","), at);
  }
}

/* A value that some other method sets; or one by the type. */
static void option_other_value(const option_copy *self, const char *method, char value[KEY_SIZE]) {
  for (int i = 0; i < hd_method_count(); i++) {
    const bool is_wanted = method == NULL || strcmp(hd_method_at(i)->name, method) != 0;
    if (is_wanted && option_value_in(hd_method_at(i)->settings, self->key, value) &&
        strcmp(value, self->fallback) != 0) {
      return;
    }
  }
  option_typed_value(self, value);
}

static bool option_is_read(const hd_config *config, const char *key) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(option.key, key) == 0) {
      return option.is_read;
    }
  }
  return false;
}

/* A command: a method, or the task's own if NULL; and the choice of the model that the setting
 * belongs to, or NULL. */
typedef struct option_command {
  const char *task, *method, *choice;
  char value[KEY_SIZE];
} option_command;

static bool option_set_model(hd_config *config, const option_command *c, const char *key) {
  char model[KEY_SIZE];
  snprintf(model, sizeof model, "%.*s", (int)strcspn(key, "."), key);
  return c->choice == NULL || hd_config_set(config, c->choice, model) == HD_OK;
}

/* Does a run by this command read the setting at this value, and nothing contradict it? */
static bool option_is_example(hd_ctx *ctx, const option_copy *self, const option_command *c) {
  hd_config *config;
  if (hd_config_create(ctx, c->task, c->method, &config) != HD_OK) {
    return false;
  }
  const bool is = option_set_model(config, c, self->key) && option_is_read(config, self->key) &&
                  hd_config_set(config, self->key, c->value) == HD_OK &&
                  option_is_read(config, self->key) && hd_config_check(config) == HD_OK;
  hd_config_destroy(config);
  return is;
}

static void option_print_command(const option_copy *self, const option_command *c) {
  char text[HD_CLI_LINE];
  const bool has_choice = c->choice != NULL;
  snprintf(text, sizeof text, "example: hedon train %s%s%s --set %s%s%.*s%s%s=%s", c->task,
           c->method != NULL ? " --method " : "", c->method != NULL ? c->method : "",
           has_choice ? c->choice : "", has_choice ? "=" : "",
           has_choice ? (int)strcspn(self->key, ".") : 0, self->key, has_choice ? " " : "",
           self->key, c->value);
  option_line(text);
}

/* The first built-in method, the task's own before all, that takes another value than the default;
 * or the default. */
static bool option_print_example(hd_ctx *ctx, const option_copy *self, const char *choice,
                                 bool is_default) {
  static const char *const tasks[] = {"CartPole-v1", "Pendulum-v1", "Gridworld-v0"};
  option_command c = {.choice = choice};
  for (size_t t = 0; t < sizeof tasks / sizeof *tasks; t++) {
    c.task = tasks[t];
    for (int i = -1; i < hd_method_count(); i++) {
      c.method = i >= 0 ? hd_method_at(i)->name : NULL;
      snprintf(c.value, sizeof c.value, "%s", self->fallback);
      if (!is_default) {
        option_other_value(self, c.method, c.value);
      }
      if (strcmp(c.value, "nan") == 0) { /* which leaves the setting as it is */
        snprintf(c.value, sizeof c.value, "10");
      }
      if (option_is_example(ctx, self, &c)) {
        option_print_command(self, &c);
        return true;
      }
    }
  }
  return false;
}

/* A setting of a model may need the model to be chosen. */
static void option_print_some_example(hd_ctx *ctx, const option_copy *self) {
  static const char *const choices[] = {NULL, "neuron", "rule", "coding"};
  const size_t n = strchr(self->key, '.') != NULL ? sizeof choices / sizeof *choices : 1;
  for (int is_default = 0; is_default < 2; is_default++) {
    for (size_t k = 0; k < n; k++) {
      if (option_print_example(ctx, self, choices[k], is_default != 0)) {
        return;
      }
    }
  }
}

void explain_option_more(hd_ctx *ctx, const hd_config *config, const hd_option *option) {
  option_copy self;
  option_keep(&self, option);
  option_print_methods(&self);
  option_print_like(config, &self);
  option_print_some_example(ctx, &self);
}
