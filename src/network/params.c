/* "name=value name=value ..." -> a model's parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_internal.h"
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

static const char *params_name(const void *neuron, int i) {
  return ((const hd__neuron_desc *)neuron)->param[i].name;
}

static int params_find(const hd__neuron_desc *neuron, const char *name) {
  for (int i = 0; i < neuron->n_params; i++) {
    if (strcmp(neuron->param[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

static hd_status params_fail_unknown(hd_ctx *ctx, const char *owner, const hd__neuron_desc *neuron,
                                     const char *name) {
  const char *near = hd__nearest(name, params_name, neuron, neuron->n_params);
  return hd__fail(ctx, HD_UNKNOWN, "%s: neuron %s has no parameter '%s'%s%s%s", owner, neuron->name,
                  name, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                  near != NULL ? "'?" : "");
}

static hd_status params_set(hd_ctx *ctx, const char *owner, const hd__neuron_desc *neuron,
                            const char *name, const char *text, float *value) {
  const int i = params_find(neuron, name);
  if (i < 0) {
    return params_fail_unknown(ctx, owner, neuron, name);
  }
  const hd_param *row = &neuron->param[i];
  char *end;
  const double number = strtod(text, &end);
  if (*end != '\0' || !(number >= (double)row->low && number <= (double)row->high)) {
    return hd__fail(ctx, HD_RANGE, "%s: %s.%s = %s%s%s, allowed %g to %g", owner, neuron->name,
                    name, text, row->unit[0] != '\0' ? " " : "", row->unit, (double)row->low,
                    (double)row->high);
  }
  value[i] = (float)number;
  return HD_OK;
}

hd_status hd__params_read(hd_ctx *ctx, const char *owner, const hd__neuron_desc *neuron,
                          const char *text, float *value) {
  for (int i = 0; i < neuron->n_params; i++) {
    value[i] = neuron->param[i].fallback;
  }
  for (const char *at = text != NULL ? text : ""; at += strspn(at, " "), *at != '\0';) {
    char name[WORD_SIZE], number[WORD_SIZE];
    if (!params_word(&at, " =", name) || *at++ != '=' || !params_word(&at, " ", number)) {
      return hd__fail(ctx, HD_USAGE,
                      "%s: parameters '%.60s' are not of the form \"name=value name=value ...\"",
                      owner, text);
    }
    HD_TRY(params_set(ctx, owner, neuron, name, number, value));
  }
  return HD_OK;
}
