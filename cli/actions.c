#include "actions.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "say.h"

/* One component; says what is wrong with it. */
static int actions_check(const actions *self, const char *path, int64_t line, int d, double value) {
  const hd_dim *dim = &self->env->act[d];
  if (!isfinite((float)value) ||
      (dim->count > 0 && (value != floor(value) || value < 0 || value >= dim->count))) {
    return dim->count > 0
               ? say_usage("%s, line %lld: action %g, allowed 0 to %d", path, (long long)line,
                           value, dim->count - 1)
               : say_usage("%s, line %lld: action %g, allowed finite numbers up to %g",
                           path, (long long)line, value, (double)FLT_MAX);
  }
  return EXIT_OK;
}

static int actions_parse(const actions *self, const char *path, int64_t line, const char *text,
                         float *out) {
  const int n = self->env->n_act;
  for (int d = 0; d < n; d++) {
    char *end;
    const double value = strtod(text, &end);
    if (end == text) {
      return say_usage("%s, line %lld: expected %d number%s for an action of %s", path,
                       (long long)line, n, n == 1 ? "" : "s", self->env->name);
    }
    const int code = actions_check(self, path, line, d, value);
    if (code != EXIT_OK) {
      return code;
    }
    out[d] = (float)value;
    text = end;
  }
  text += strspn(text, " \t\r\n");
  if (*text != '\0') {
    return say_usage("%s, line %lld: \"%.*s\" after the action's %d number%s", path,
                     (long long)line, (int)strcspn(text, "\r\n"), text, n, n == 1 ? "" : "s");
  }
  return EXIT_OK;
}

static int actions_append(actions *self, int64_t *capacity) {
  if (self->n < *capacity) {
    return EXIT_OK;
  }
  const int64_t wanted = *capacity > 0 ? 2 * *capacity : 1024;
  float *value = realloc(self->value, (size_t)(wanted * self->env->n_act) * sizeof *value);
  if (value == NULL) {
    return say_failure("out of memory");
  }
  self->value = value;
  *capacity = wanted;
  return EXIT_OK;
}

int actions_read(actions *self, const hd_env_desc *env, const char *path) {
  *self = (actions){.env = env};
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return say_failure("%s cannot be read: %s", path, strerror(errno));
  }
  char *text = NULL;
  size_t size = 0;
  int64_t capacity = 0;
  int code = EXIT_OK;
  for (int64_t line = 1; code == EXIT_OK && getline(&text, &size, file) >= 0; line++) {
    code = actions_append(self, &capacity);
    if (code == EXIT_OK) {
      code = actions_parse(self, path, line, text, &self->value[self->n * env->n_act]);
      self->n++;
    }
  }
  if (code == EXIT_OK && ferror(file)) {
    code = say_failure("%s cannot be read: %s", path, strerror(errno));
  }
  if (code == EXIT_OK && self->n == 0) {
    code = say_usage("%s holds no action", path);
  }
  free(text);
  fclose(file);
  return code;
}

void actions_random(actions *self, const hd_env_desc *env, uint64_t seed) {
  *self = (actions){.env = env, .random = seed};
}

/* SplitMix64 (Steele, Lea & Flood 2014), its upper 53 bits as a number in [0, 1). */
static double actions_uniform(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

void actions_next(actions *self, int64_t i, float *action) {
  for (int d = 0; d < self->env->n_act; d++) {
    const hd_dim *dim = &self->env->act[d];
    if (self->value != NULL) {
      action[d] = self->value[i * self->env->n_act + d];
    } else if (dim->count > 0) {
      action[d] = (float)(int)(actions_uniform(&self->random) * dim->count);
    } else {
      action[d] = (float)(dim->low + actions_uniform(&self->random) * (dim->high - dim->low));
    }
  }
}

void actions_close(actions *self) {
  free(self->value);
  self->value = NULL;
}
