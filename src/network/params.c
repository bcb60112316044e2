/* "name=value name=value ..." -> a model's parameters. */
#include <math.h>
#include <string.h>

#include "described.h"
#include "network_internal.h"
#include "number.h"
#include "text.h"

enum { WORD_SIZE = 64 };

/* The next word up to one of `ends`, or false if it is empty or too long. */
static bool params_word(const char **text, const char *ends, char word[WORD_SIZE]) {
  const size_t n = strcspn(*text, ends);
  if (n == 0 || n >= WORD_SIZE) {
    return false;
  }
  memcpy(word, *text, n);
  word[n] = '\0';
  *text += n;
  return true;
}

static const char *params_name(const void *list, int i) {
  return ((const hd__param_list *)list)->row[i].name;
}

static int params_find(const hd__param_list *list, const char *name) {
  for (int i = 0; i < list->n; i++) {
    if (strcmp(list->row[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

static hd_status params_fail_unknown(hd_ctx *ctx, const char *owner, const hd__param_list *list,
                                     const char *name) {
  char hint[HD_HINT_SIZE];
  return hd__fail(ctx, HD_UNKNOWN, "%s: %s %s has no parameter '%s'%s", owner, list->kind,
                  list->model, name, hd__hint(name, params_name, list, list->n, hint));
}

static hd_status params_fail_range(hd_ctx *ctx, const char *owner, const hd__param_list *list,
                                   const hd_param *row, const char *text) {
  const bool is_whole = hd__param_is_whole(row);
  const char *unit = is_whole ? "" : row->unit;
  return hd__fail(ctx, HD_RANGE, "%s: %s.%s = %s%s%s, allowed %s%g to %g", owner, list->model,
                  row->name, text, unit[0] != '\0' ? " " : "", unit, is_whole ? "whole, " : "",
                  (double)row->low, (double)row->high);
}

static hd_status params_set(hd_ctx *ctx, const char *owner, const hd__param_list *list,
                            const char *name, const char *text, float *value) {
  const int i = params_find(list, name);
  if (i < 0) {
    return params_fail_unknown(ctx, owner, list, name);
  }
  const hd_param *row = &list->row[i];
  double number;
  if (!hd__number_read(text, &number) || !hd__param_allows(row, number)) {
    return params_fail_range(ctx, owner, list, row, text);
  }
  value[i] = (float)number;
  return HD_OK;
}

static hd_status params_check_times(hd_ctx *ctx, const char *owner, const hd__param_list *list,
                                    const float *value) {
  const double dt = list->dt_ms;
  for (int i = 0; i < list->n; i++) {
    const double tau = (double)value[i];
    if (hd__param_is_too_long(&list->row[i], tau, dt)) {
      return hd__fail(
          ctx, HD_CONFLICT,
          "%s: %s.%s = %g ms is %.3g substeps of %g ms, and in single precision what is "
          "kept fades over at most %d",
          owner, list->model, list->row[i].name, tau, tau / dt, dt, HD_TIME_SUBSTEPS);
    }
  }
  return HD_OK;
}

hd_status hd__params_read(hd_ctx *ctx, const char *owner, const hd__param_list *list,
                          const char *text, float *value) {
  for (int i = 0; i < list->n; i++) {
    value[i] = list->row[i].fallback;
  }
  for (const char *at = text != NULL ? text : ""; at += strspn(at, " "), *at != '\0';) {
    char name[WORD_SIZE], number[WORD_SIZE];
    if (!params_word(&at, " =", name) || *at++ != '=' || !params_word(&at, " ", number)) {
      return hd__fail(ctx, HD_USAGE,
                      "%s: parameters '%.60s' are not of the form \"name=value name=value ...\"",
                      owner, text);
    }
    HD_TRY(params_set(ctx, owner, list, name, number, value));
  }
  return params_check_times(ctx, owner, list, value);
}
