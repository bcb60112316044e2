/* Traces as comma-separated values: decision, substep, then NAME[LABEL] for each column. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "traces.h"

/* ---- writing ---- */

void trace_write_csv(FILE *file, const trace *self) {
  fputs("decision,substep", file);
  for (int p = 0; p < self->n_parts; p++) {
    for (int i = 0; i < self->part[p].n; i++) {
      fprintf(file, ",%s[%s]", self->part[p].name, self->part[p].label[i]);
    }
  }
  for (int64_t k = 0; k < self->rows; k++) {
    fprintf(file, "\n%lld,%lld", (long long)(self->first + k / self->substeps),
            (long long)(k % self->substeps));
    for (int p = 0; p < self->n_parts; p++) {
      for (int i = 0; i < self->part[p].n; i++) {
        fprintf(file, ",%.9g", (double)self->part[p].value[k * self->part[p].n + i]);
      }
    }
  }
  fputc('\n', file);
}

/* ---- reading ---- */

/* "hidden.v" and "3" of a heading "hidden.v[3]". */
typedef struct trace_heading {
  int name, label; /* lengths */
} trace_heading;

static bool trace_csv_heading(const char *text, size_t length, trace_heading *out) {
  const char *open = memchr(text, '[', length);
  if (open == NULL || open == text || text[length - 1] != ']' ||
      memchr(text, '.', length) == NULL) {
    return false;
  }
  out->name = (int)(open - text);
  out->label = (int)(length - 2) - out->name;
  return out->name < TRACE_NAME && out->label > 0 && out->label < TRACE_LABEL;
}

/* Columns from `at` on that belong to the same part. */
static int trace_csv_run(const char *at) {
  trace_heading first, next;
  int n = 0;
  if (!trace_csv_heading(at, strcspn(at, ",\n"), &first)) {
    return 0;
  }
  for (const char *c = at; trace_csv_heading(c, strcspn(c, ",\n"), &next) &&
                           next.name == first.name && memcmp(c, at, (size_t)first.name) == 0;
       n++) {
    c += strcspn(c, ",\n");
    c += *c == ',';
  }
  return n;
}

static const char *trace_csv_part(trace *self, const char *at) {
  trace_heading heading = {0, 0};
  char name[TRACE_NAME];
  const int n = trace_csv_run(at);
  if (n == 0) {
    return NULL;
  }
  trace_csv_heading(at, strcspn(at, ",\n"), &heading);
  snprintf(name, sizeof name, "%.*s", heading.name, at);
  trace_part *part = trace_add(self, name, n);
  for (int i = 0; part != NULL && i < n; i++) {
    trace_csv_heading(at, strcspn(at, ",\n"), &heading);
    snprintf(part->label[i], TRACE_LABEL, "%.*s", heading.label, at + heading.name + 1);
    at += strcspn(at, ",\n");
    at += *at == ',';
  }
  return part != NULL ? at : NULL;
}

static bool trace_csv_head(trace *self, const char *text) {
  static const char begin[] = "decision,substep,";
  if (strncmp(text, begin, strlen(begin)) != 0) {
    return false;
  }
  const char *at = text + strlen(begin);
  while (at != NULL && *at != '\n' && *at != '\0') {
    at = trace_csv_part(self, at);
  }
  return at != NULL && self->n_parts > 0;
}

static bool trace_csv_number(const char **at, char after, double *value) {
  char *end;
  *value = strtod(*at, &end);
  const bool is_number = end != *at && *end == after;
  *at = end + (is_number ? 1 : 0);
  return is_number;
}

/* One line: does it stand where it must? */
static bool trace_csv_row(trace *self, int64_t k, const char **at) {
  double decision, substep, value;
  if (!trace_csv_number(at, ',', &decision) || !trace_csv_number(at, ',', &substep)) {
    return false;
  }
  self->first = k == 0 ? (int64_t)decision : self->first;
  self->substeps = decision == (double)self->first ? (int)k + 1 : self->substeps;
  for (int p = 0; p < self->n_parts; p++) {
    trace_part *part = &self->part[p];
    for (int i = 0; i < part->n; i++) {
      const bool is_last = p == self->n_parts - 1 && i == part->n - 1;
      if (!trace_csv_number(at, is_last ? '\n' : ',', &value)) {
        return false;
      }
      part->value[k * part->n + i] = (float)value;
    }
  }
  return (int64_t)substep == k % self->substeps &&
         (int64_t)decision == self->first + k / self->substeps;
}

static int trace_csv_rows(trace *self, const char *path, const char *text) {
  const char *at = strchr(text, '\n') + 1;
  for (int64_t k = 0; k < self->rows; k++) {
    if (!trace_csv_row(self, k, &at)) {
      return say_failure("%s, line %lld: not a line of a trace", path, (long long)k + 2);
    }
  }
  return self->rows % self->substeps == 0
             ? EXIT_OK
             : say_failure("%s ends in the middle of a decision", path);
}

static int64_t trace_csv_lines(const char *text) {
  int64_t n = -1; /* without the first */
  for (; *text != '\0'; text++) {
    n += *text == '\n';
  }
  return n;
}

static int trace_csv_parse(const char *path, const char *text, trace *out) {
  out->rows = trace_csv_lines(text);
  if (out->rows < 1 || !trace_csv_head(out, text)) {
    return say_failure("%s is no trace; hedon trace RUN --out FILE.csv writes one", path);
  }
  return trace_csv_rows(out, path, text);
}

/* The whole of a file, ended by a zero byte; the caller frees it. NULL: has spoken. */
static char *trace_csv_text(const char *path) {
  FILE *file = fopen(path, "r");
  long size = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
    size = ftell(file);
    rewind(file);
  }
  char *text = size >= 0 && size < 1L << 32 ? calloc(1, (size_t)size + 1) : NULL;
  if (text != NULL && fread(text, 1, (size_t)size, file) != (size_t)size) {
    free(text);
    text = NULL;
  }
  if (text == NULL) {
    say_failure("%s cannot be read: %s", path, strerror(errno));
  }
  if (file != NULL) {
    fclose(file);
  }
  return text;
}

int trace_read_csv(const char *path, trace *out) {
  *out = (trace){.rows = 0};
  char *text = trace_csv_text(path);
  const int code = text != NULL ? trace_csv_parse(path, text, out) : EXIT_RUN;
  free(text);
  if (code != EXIT_OK) {
    trace_free(out);
  }
  return code;
}
