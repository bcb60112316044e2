/* What came out of a paper's experiment: for a terminal, for a page and for programs. */
#include <math.h>
#include <string.h>

#include "json.h"
#include "paper.h"
#include "say.h"

static const char *paper_table_seeds(const paper_result *self, char text[2 * SAY_SIZE]) {
  char n[SAY_SIZE];
  snprintf(text, 2 * SAY_SIZE, "%s from %llu", say_seeds(n, self->n_seeds),
           (unsigned long long)self->seed);
  return text;
}

enum { CELL = 4 * SAY_SIZE };

/* How many seeds of a condition succeeded, as `between` joins the numbers, and Wilson's interval.
 */
static const char *paper_table_share(const paper_result *self, int i, const char *between,
                                     char text[CELL]) {
  const int k = paper_succeeded(self, i), n = self->n_done[i];
  const hd_estimate share = hd_share_estimate(k, n);
  snprintf(text, CELL, "%d%s%d (%.0f%% to %.0f%%)", k, between, n, 100 * share.low,
           100 * share.high);
  return text;
}

static const char *paper_table_figure(const paper_result *self, int i, char text[CELL]) {
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  const hd_estimate *e = &self->figure[i];
  snprintf(text, CELL, isfinite(e->value) ? "%s (%s to %s)" : "-", say_figure(a, e->value),
           say_figure(b, e->low), say_figure(c, e->high));
  return text;
}

/* Columns of the longest figure, or of its heading. */
static int paper_table_width(const paper_result *self) {
  size_t wide = strlen(self->what->figure);
  char text[CELL];
  for (int i = 0; i < self->what->n_conditions; i++) {
    const size_t n = self->is_chosen[i] ? strlen(paper_table_figure(self, i, text)) : 0;
    wide = n > wide ? n : wide;
  }
  return (int)wide;
}

/* What is said below a table. */
#define PAPER_INTERVALS \
  "intervals are 95%: Wilson's for the share that succeeded, bootstrap for the mean"

void paper_text(FILE *file, const void *result) {
  const paper_result *self = result;
  const paper *what = self->what;
  char seeds[2 * SAY_SIZE], length[SAY_SIZE], figure[CELL], count[CELL];
  fprintf(file, "%s, %s, %s %s\n\n", what->name, paper_table_seeds(self, seeds),
          say_count(length, self->length), what->unit);
  const int wide = paper_table_width(self);
  fprintf(file, "  %-24s %-21s %-*s %s\n", "condition", "succeeded", wide, what->figure,
          "the paper reports");
  for (int i = 0; i < what->n_conditions; i++) {
    if (self->is_chosen[i]) {
      fprintf(file, "  %-24s %-21s %-*s %s\n", what->condition[i].name,
              paper_table_share(self, i, "/", count), wide, paper_table_figure(self, i, figure),
              what->condition[i].reported);
    }
  }
  fprintf(file, "\nsucceeded: %s\n%s: the mean over seeds that have one\n%s\n%s: %s\n",
          what->success, what->figure, PAPER_INTERVALS, what->source, what->differs);
}

static void paper_table_command(FILE *file, const paper_result *self) {
  fprintf(file, "    hedon compare %s --seed %llu --seeds %d --steps %lld", self->what->name,
          (unsigned long long)self->seed, self->n_seeds, (long long)self->length);
  if (self->args->methods != NULL) {
    fprintf(file, " --methods %s", self->args->methods);
  }
  fputs("\n\n", file);
}

void paper_markdown(FILE *file, const void *result) {
  const paper_result *self = result;
  const paper *what = self->what;
  char figure[CELL], count[CELL];
  fprintf(file, "# %s\n\n%s. Source: %s; %s.\n\n", what->name, what->doc, what->source,
          what->differs);
  paper_table_command(file, self);
  fprintf(file, "| condition | succeeded | %s | the paper reports |\n|---|---|---|---|\n",
          what->figure);
  for (int i = 0; i < what->n_conditions; i++) {
    if (self->is_chosen[i]) {
      fprintf(file, "| `%s` | %s | %s | %s |\n", what->condition[i].name,
              paper_table_share(self, i, " of ", count), paper_table_figure(self, i, figure),
              what->condition[i].reported);
    }
  }
  fprintf(file, "\nSucceeded: %s. %s: the mean over seeds that have one; %s.\n\n", what->success,
          what->figure, PAPER_INTERVALS);
  fprintf(file, "![%s over %s](compare.svg)\n", what->curve, what->unit);
}

/* ---- JSON ---- */

static void paper_table_seed(FILE *file, const paper_result *self, int i, int k) {
  const paper_outcome *outcome = &self->outcome[i][k];
  fprintf(file, "%s{\"seed\":%llu,\"succeeded\":%s,\"figure\":", k > 0 ? "," : "",
          (unsigned long long)outcome->seed, outcome->has_succeeded ? "true" : "false");
  json_number(file, outcome->figure);
  fputs(",\"curve\":[", file);
  for (int at = 0; at < paper_points(self->length); at++) {
    fputs(at > 0 ? "," : "", file);
    json_number(file, outcome->in_part[at] > 0 ? outcome->curve[at] : (double)NAN);
  }
  fputs("]}", file);
}

static void paper_table_condition(FILE *file, const paper_result *self, int i) {
  fputs("{\"condition\":", file);
  json_string(file, self->what->condition[i].name);
  fputs(",\"reported\":", file);
  json_string(file, self->what->condition[i].reported);
  const hd_estimate share = hd_share_estimate(paper_succeeded(self, i), self->n_done[i]);
  const struct {
    const char *key;
    double value;
  } figure[] = {{"succeeded_low", share.low},
                {"succeeded_high", share.high},
                {"figure", self->figure[i].value},
                {"figure_low", self->figure[i].low},
                {"figure_high", self->figure[i].high}};
  fprintf(file, ",\"n_succeeded\":%d", paper_succeeded(self, i));
  for (size_t k = 0; k < sizeof figure / sizeof *figure; k++) {
    fprintf(file, ",\"%s\":", figure[k].key);
    json_number(file, figure[k].value);
  }
  fputs(",\"seeds\":[", file);
  for (int k = 0; k < self->n_done[i]; k++) {
    paper_table_seed(file, self, i, k);
  }
  fputs("]}", file);
}

static void paper_table_member(FILE *file, const char *key, const char *text) {
  fprintf(file, ",\"%s\":", key);
  json_string(file, text);
}

void paper_json(FILE *file, const void *result) {
  const paper_result *self = result;
  const paper *what = self->what;
  const char *comma = "";
  fputs("{\"experiment\":", file);
  json_string(file, what->name);
  paper_table_member(file, "source", what->source);
  paper_table_member(file, "differs", what->differs);
  paper_table_member(file, "success", what->success);
  paper_table_member(file, "figure", what->figure);
  paper_table_member(file, "curve", what->curve);
  paper_table_member(file, "unit", what->unit);
  fprintf(file, ",\"length\":%lld,\"seed\":%llu,\"n_seeds\":%d,\"conditions\":[",
          (long long)self->length, (unsigned long long)self->seed, self->n_seeds);
  for (int i = 0; i < what->n_conditions; i++) {
    if (self->is_chosen[i]) {
      fputs(comma, file);
      paper_table_condition(file, self, i);
      comma = ",";
    }
  }
  fputs("]}\n", file);
}
