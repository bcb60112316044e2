#include "bench_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "say.h"

static row *bench_report_next_row(section *self) {
  static row lost;
  if (self->n == self->room) {
    const int room = self->room > 0 ? 2 * self->room : 32;
    row *grown = realloc(self->row, (size_t)room * sizeof *grown);
    if (grown == NULL) {
      self->n_lost++;
      return &lost;
    }
    self->row = grown;
    self->room = room;
  }
  return &self->row[self->n++];
}

row *section_add(section *self, const char *format, ...) {
  row *added = bench_report_next_row(self);
  va_list list;
  va_start(list, format);
  vsnprintf(added->name, sizeof added->name, format, list);
  va_end(list);
  added->value = (spread){NAN, NAN, NAN, NAN};
  for (int i = 0; i < MORE_MAX; i++) {
    added->more[i] = NAN;
  }
  return added;
}

static void bench_report_bytes_text(char buffer[SAY_SIZE], double value) {
  static const char *const unit[] = {"B", "KiB", "MiB", "GiB"};
  int i = 0;
  for (; i < 3 && value >= 1024; i++) {
    value /= 1024;
  }
  snprintf(buffer, SAY_SIZE, i == 0 ? "%.0f %s" : "%.1f %s", value, unit[i]);
}

static const char *bench_report_text_of(char buffer[SAY_SIZE], figure form, double value) {
  if (!isfinite(value)) {
    return "-";
  }
  switch (form) {
    case FIGURE_SHORT:
      return say_short(buffer, value);
    case FIGURE_PLAIN:
      snprintf(buffer, SAY_SIZE, fabs(value) < 1000 ? "%.4g" : "%.0f", value);
      break;
    case FIGURE_SHARE:
      snprintf(buffer, SAY_SIZE, "%.1f%%", 100 * value);
      break;
    case FIGURE_BYTES:
      bench_report_bytes_text(buffer, value);
      break;
  }
  return buffer;
}

static int bench_report_name_width(const section *s) {
  size_t width = 8;
  for (int i = 0; i < s->n; i++) {
    const size_t length = strlen(s->row[i].name);
    width = length > width ? length : width;
  }
  return (int)width;
}

enum { CELL = 10, RANGE = 17 };

static void bench_report_heading(FILE *file, const section *s, int width) {
  fprintf(file, "\n%s %s: %s\n", s->group, s->key, s->title);
  if (s->note != NULL) {
    fprintf(file, "  ");
    say_wrapped(file, 2, 2, s->note);
  }
  fprintf(file, "  %-*s %*s", width, "", CELL, s->value.key);
  if (!s->is_exact) {
    fprintf(file, " %*s", RANGE, "quartiles");
  }
  for (int k = 0; k < s->n_more; k++) {
    fprintf(file, " %*s", CELL, s->more[k].key);
  }
  fputc('\n', file);
}

static void bench_report_line(FILE *file, const section *s, const row *r, int width) {
  char a[SAY_SIZE], b[SAY_SIZE], both[2 * SAY_SIZE];
  fprintf(file, "  %-*s %*s", width, r->name, CELL,
          bench_report_text_of(a, s->value.form, r->value.median));
  if (!s->is_exact) {
    const bool is_known = isfinite(r->value.low) && isfinite(r->value.high);
    snprintf(both, sizeof both, "%s to %s", bench_report_text_of(a, s->value.form, r->value.low),
             bench_report_text_of(b, s->value.form, r->value.high));
    fprintf(file, " %*s", RANGE, is_known ? both : "-");
  }
  for (int k = 0; k < s->n_more; k++) {
    fprintf(file, " %*s", CELL, bench_report_text_of(a, s->more[k].form, r->more[k]));
  }
  fputc('\n', file);
}

static void bench_report_pair(FILE *file, const char *key, double value) {
  fputc(',', file);
  json_string(file, key);
  fputc(':', file);
  json_number(file, value);
}

static void bench_report_words(FILE *file, const char *key, const char *text) {
  fputc(',', file);
  json_string(file, key);
  fputc(':', file);
  json_string(file, text);
}

static void bench_report_row_json(FILE *file, const section *s, const row *r) {
  fputs("{\"name\":", file);
  json_string(file, r->name);
  bench_report_pair(file, s->value.key, r->value.median);
  if (!s->is_exact) {
    bench_report_pair(file, "low", r->value.low);
    bench_report_pair(file, "high", r->value.high);
    bench_report_pair(file, "best", r->value.best);
  }
  for (int k = 0; k < s->n_more; k++) {
    bench_report_pair(file, s->more[k].key, r->more[k]);
  }
  fputc('}', file);
}

/* How each figure is meant, for programs that print it. */
static void bench_report_form_json(FILE *file, const column *c) {
  static const char *const form[] = {[FIGURE_SHORT] = "number",
                                     [FIGURE_PLAIN] = "number",
                                     [FIGURE_SHARE] = "share",
                                     [FIGURE_BYTES] = "bytes"};
  fputs("{\"key\":", file);
  json_string(file, c->key);
  bench_report_words(file, "form", form[c->form]);
  fputc('}', file);
}

static void bench_report_section_json(FILE *file, const section *s) {
  fputs("{\"group\":", file);
  json_string(file, s->group);
  bench_report_words(file, "key", s->key);
  bench_report_words(file, "title", s->title);
  if (s->note != NULL) {
    bench_report_words(file, "note", s->note);
  }
  fputs(",\"columns\":[", file);
  bench_report_form_json(file, &s->value);
  for (int k = 0; k < s->n_more; k++) {
    fputc(',', file);
    bench_report_form_json(file, &s->more[k]);
  }
  fputs("],\"rows\":[", file);
  for (int i = 0; i < s->n; i++) {
    fputs(i > 0 ? "," : "", file);
    bench_report_row_json(file, s, &s->row[i]);
  }
  fputs("]}", file);
}

void report_section(report *self, const section *s) {
  if (s->n_lost > 0) {
    say_failure("%s %s: no memory for %d of its rows", s->group, s->key, s->n_lost);
  }
  if (self->is_json) {
    fputs(self->n > 0 ? "," : "", self->file);
    bench_report_section_json(self->file, s);
  } else {
    const int width = bench_report_name_width(s);
    bench_report_heading(self->file, s, width);
    for (int i = 0; i < s->n; i++) {
      bench_report_line(self->file, s, &s->row[i], width);
    }
    fflush(self->file);
  }
  self->n++;
}
