#include "env_option.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "context_internal.h"
#include "number.h"

static bool env_option_is_number(const hd_env_option *option) {
  return option->type == HD_ENV_WHOLE || option->type == HD_ENV_NUMBER;
}

static bool env_option_read_flag(const char *text, double *out) {
  *out = strcmp(text, "true") == 0;
  return *out == 1 || strcmp(text, "false") == 0;
}

bool hd__env_option_read(const hd_env_option *option, const char *text, double *out) {
  *out = 0;
  if (option->type == HD_ENV_TEXT) {
    return text[0] != '\0' && strcspn(text, " ,:=\"\t\n") == strlen(text);
  }
  if (option->type == HD_ENV_FLAG) {
    return env_option_read_flag(text, out);
  }
  return hd__number_read(text, out) && *out >= option->low && *out <= option->high &&
         (option->type == HD_ENV_NUMBER || *out == rint(*out));
}

void hd__env_option_write(const hd_env_option *option, double number, const char *text,
                          char out[HD_ENV_NAME_MAX]) {
  if (env_option_is_number(option)) {
    snprintf(out, HD_ENV_NAME_MAX, "%.15g", number);
    hd__number_point(out);
  } else {
    snprintf(out, HD_ENV_NAME_MAX, "%s", text);
  }
}

hd_status hd__env_option_refuse(hd_ctx *ctx, const hd_env_desc *env, const hd_env_option *option,
                                const char *text) {
  static const char *const allowed[] = {
      [HD_ENV_FLAG] = "true or false",
      [HD_ENV_WHOLE] = "a whole number",
      [HD_ENV_NUMBER] = "a number",
      [HD_ENV_TEXT] = "a text without blanks, quotes, commas and colons"};
  const char *what = allowed[option->type];
  return env_option_is_number(option)
             ? hd__fail(ctx, HD_RANGE, "environment %s: %s=%s, allowed %s from %g to %g", env->name,
                        option->name, text, what, option->low, option->high)
             : hd__fail(ctx, HD_RANGE, "environment %s: %s=%s, allowed %s", env->name, option->name,
                        text, what);
}
