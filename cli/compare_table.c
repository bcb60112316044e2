/* The table of a comparison, for a terminal and for a page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_gauge.h"
#include "compare.h"
#include "say.h"
#include "shell.h"
#include "terminal.h"
#include "unicode.h"

enum { N_COLUMNS = 6, TEXT_SIZE = 96 };

static const char *const heading[N_COLUMNS] = {"",       "method",         "solved",
                                               "return", "steps to solve", "CPU"};

/* The figures of a row; its name stands in the cell, since it may be of any length. */
typedef char row_text[N_COLUMNS][TEXT_SIZE];

static void compare_table_solved_of(const cell *c, char text[TEXT_SIZE]) {
  const hd_summary *s = &c->summary;
  if (isfinite(c->threshold)) {
    snprintf(text, TEXT_SIZE, "%d/%d (%.0f%% to %.0f%%)", s->n_solved, s->n, 100 * s->solved_low,
             100 * s->solved_high);
  } else {
    snprintf(text, TEXT_SIZE, "-");
  }
}

/* Median and quartiles, over the seeds that solved it. */
static void compare_table_steps_of(const cell *c, char text[TEXT_SIZE]) {
  char a[SAY_SIZE], b[SAY_SIZE], d[SAY_SIZE];
  double *steps = malloc(sizeof *steps * (size_t)(c->summary.n > 0 ? c->summary.n : 1));
  int n = 0;
  for (int i = 0; steps != NULL && i < c->summary.n; i++) {
    if (c->result[i].solved) {
      steps[n++] = (double)c->result[i].steps_to_threshold;
    }
  }
  snprintf(text, TEXT_SIZE, "-");
  if (n > 0) {
    const spread s = spread_of(steps, n);
    snprintf(text, TEXT_SIZE, "%s (%s to %s)", say_count(a, (int64_t)(s.median + 0.5)),
             say_count(b, (int64_t)(s.low + 0.5)), say_count(d, (int64_t)(s.high + 0.5)));
  }
  free(steps);
}

static void compare_table_row_of(const cell *c, row_text text) {
  char a[SAY_SIZE], b[SAY_SIZE], d[SAY_SIZE];
  const hd_summary *s = &c->summary;
  snprintf(text[0], TEXT_SIZE, c->place > 0 ? "%d" : "-", c->place);
  text[1][0] = '\0';
  compare_table_solved_of(c, text[2]);
  snprintf(text[3], TEXT_SIZE, "%s (%s to %s)", say_figure(a, s->return_iqm),
           say_figure(b, s->iqm_low), say_figure(d, s->iqm_high));
  compare_table_steps_of(c, text[4]);
  snprintf(text[5], TEXT_SIZE, "%s", say_seconds(a, s->cpu_median));
}

static const char *compare_table_reason(const cell *c) {
  return c->message[0] != '\0' ? c->message : cell_state_name(c->state);
}

static const char *compare_table_solved_at(const cell *c, char text[TEXT_SIZE]) {
  if (isfinite(c->threshold)) {
    snprintf(text, TEXT_SIZE, "solved at %g", c->threshold);
  } else {
    snprintf(text, TEXT_SIZE, "no return counts as solved");
  }
  return text;
}

/* Methods that do not learn from the rewards which the others learn from. */
static void compare_table_rewards(FILE *file, const comparison *self, int t, const char *quote) {
  for (int i = 0; i < self->n_labels; i++) {
    const cell *c = compare_task(self, t)[i];
    if (c->state == CELL_DONE && strcmp(hd_config_get(c->config, "reward"), "env") != 0) {
      fprintf(file,
              "%s%s%s learns from other rewards (reward = %s): -1 at a termination, 0 at all other "
              "steps.\n",
              quote, cell_label(self, c), quote, hd_config_get(c->config, "reward"));
    }
  }
}

/* Runs that failed, and why, in cells that have figures all the same. */
static void compare_table_failures(FILE *file, const comparison *self, int t, const char *quote) {
  for (int i = 0; i < self->n_labels; i++) {
    const cell *c = compare_task(self, t)[i];
    for (int k = 0; k < self->n_seeds; k++) {
      if (c->failure[k] != NULL && c->state != CELL_FAILED) {
        fprintf(file, "%s%s%s, seed %llu, failed: %s\n", quote, cell_label(self, c), quote,
                (unsigned long long)(self->seed + (uint64_t)k), c->failure[k]);
      }
    }
  }
}

/* ---- terminal ---- */

/* How wide the names of methods are, which may be longer than any figure. */
static int compare_table_label_width(const comparison *self, int t) {
  int width = (int)strlen(heading[1]);
  for (int i = 0; i < self->n_labels; i++) {
    const int length = unicode_count(cell_label(self, compare_task(self, t)[i]));
    width = length > width ? length : width;
  }
  return width;
}

static void compare_table_widths(const comparison *self, int t, int width[N_COLUMNS]) {
  for (int k = 0; k < N_COLUMNS; k++) {
    width[k] = (int)strlen(heading[k]);
  }
  for (int i = 0; i < self->n_labels; i++) {
    const cell *c = compare_task(self, t)[i];
    row_text text;
    compare_table_row_of(c, text);
    for (int k = 0; k < N_COLUMNS; k++) {
      const int length = (int)strlen(text[k]);
      const bool is_shown = k != 1 && (c->state == CELL_DONE || k == 0);
      width[k] = is_shown && length > width[k] ? length : width[k];
    }
  }
  width[1] = compare_table_label_width(self, t);
}

/* Figures to the right, words to the left. */
static void compare_table_line(FILE *file, const char *const text[N_COLUMNS],
                               const int width[N_COLUMNS]) {
  for (int k = 0; k < N_COLUMNS; k++) {
    const bool is_figure = k == 0 || k >= 4;
    fprintf(file, "  %*s", is_figure ? width[k] : k < N_COLUMNS - 1 ? -width[k] : 0, text[k]);
  }
  fputc('\n', file);
}

/* The reason beside the name, or under it where the name leaves no room. */
static void compare_table_no_numbers(FILE *file, const comparison *self, const cell *c,
                                     const int width[N_COLUMNS]) {
  enum { ROOM = 36 };
  int column = fprintf(file, "  %*s  %-*s  ", width[0], "-", width[1], cell_label(self, c));
  if (column > ROOM) {
    column = width[0] + 8;
    fprintf(file, "\n%*s", column, "");
  }
  say_wrapped(file, column, column, compare_table_reason(c));
}

static void compare_table_task_text(FILE *file, const terminal *term, const comparison *self,
                                    int t) {
  cell *const *c = compare_task(self, t);
  char text[TEXT_SIZE], seeds[SAY_SIZE];
  int width[N_COLUMNS];
  compare_table_widths(self, t, width);
  fprintf(file, "%s%s%s, %s from %llu, %s\n\n", terminal_ink(term, INK_STRONG), self->task[t].name,
          terminal_ink(term, INK_PLAIN), say_seeds(seeds, self->n_seeds),
          (unsigned long long)self->seed, compare_table_solved_at(c[0], text));
  compare_table_line(file, heading, width);
  for (int i = 0; i < self->n_labels; i++) {
    row_text row;
    compare_table_row_of(c[i], row);
    if (c[i]->state == CELL_DONE) {
      const char *const column[N_COLUMNS] = {row[0], cell_label(self, c[i]), row[2], row[3], row[4],
                                             row[5]};
      compare_table_line(file, column, width);
    } else {
      compare_table_no_numbers(file, self, c[i], width);
    }
  }
  compare_table_rewards(file, self, t, "");
  compare_table_failures(file, self, t, "");
  fputc('\n', file);
}

static const char explained[] =
    "ranked by the share solved, then by steps, then by return. return: interquartile mean over "
    "the "
    "seeds of the last evaluation's mean; intervals are 95%: Wilson's for the share solved, "
    "bootstrap "
    "for the return; steps: median and quartiles of those that solved; CPU: median of learning.";

void compare_text(FILE *file, const comparison *self) {
  const terminal term = terminal_of(file);
  for (int t = 0; t < self->n_tasks; t++) {
    compare_table_task_text(file, &term, self, t);
  }
  say_wrapped(file, 0, 0, explained);
}

/* ---- page ---- */

/* A text within a table, whose columns a bar ends. */
static void compare_table_put(FILE *file, const char *text) {
  for (; *text != '\0'; text++) {
    fputs(*text == '|' ? "\\|" : (char[]){*text, '\0'}, file);
  }
}

static void compare_table_row_markdown(FILE *file, const comparison *self, const cell *c) {
  row_text row;
  compare_table_row_of(c, row);
  fprintf(file, "| %s | `", c->state == CELL_DONE ? row[0] : "-");
  compare_table_put(file, cell_label(self, c));
  if (c->state == CELL_DONE) {
    fprintf(file, "` | %s | %s | %s | %s |\n", row[2], row[3], row[4], row[5]);
  } else {
    fputs("` | ", file);
    compare_table_put(file, compare_table_reason(c));
    fputs(" | | | |\n", file);
  }
}

static void compare_table_task_markdown(FILE *file, const comparison *self, int t) {
  cell *const *c = compare_task(self, t);
  char text[TEXT_SIZE], seeds[SAY_SIZE];
  fprintf(file, "\n## %s\n\n%s from %llu, %s.\n\n", self->task[t].name,
          say_seeds(seeds, self->n_seeds), (unsigned long long)self->seed,
          compare_table_solved_at(c[0], text));
  fputs("| | method | solved | return | steps to solve | CPU |\n|---|---|---|---|---|---|\n", file);
  for (int i = 0; i < self->n_labels; i++) {
    compare_table_row_markdown(file, self, c[i]);
  }
  fputc('\n', file);
  compare_table_rewards(file, self, t, "`");
  compare_table_failures(file, self, t, "`");
}

/* The command that makes it again. */
static void compare_table_command_markdown(FILE *file, const comparison *self) {
  const arguments *args = self->args;
  fputs("    ", file);
  shell_command(file, args, (const char *const[]){self->kind, args->operand[0], NULL});
  const struct {
    const char *flag, *value;
  } word[] = {{"--methods", args->methods},
              {"--tasks", args->tasks},
              {"--steps", args->steps.value},
              {"--episodes", args->episodes.value}};
  for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
    if (word[i].value != NULL) {
      fprintf(file, " %s ", word[i].flag);
      shell_quote(file, word[i].value);
    }
  }
  if (strcmp(self->kind, "compare") == 0) {
    fprintf(file, " --seed %llu --seeds %d", (unsigned long long)self->seed, self->n_seeds);
  }
  for (int i = 0; i < args->n_set; i++) {
    fputs(i == 0 ? " --set " : " ", file);
    shell_quote(file, args->set[i]);
  }
  fputs("\n", file);
}

void compare_markdown(FILE *file, const comparison *self) {
  fprintf(file, "# %s%s%s\n\n", self->title != NULL ? self->title : "A comparison",
          self->doc != NULL ? ": " : "", self->doc != NULL ? self->doc : "");
  if (self->source != NULL) {
    fprintf(file, "Source: %s.\n\n", self->source);
  }
  compare_table_command_markdown(file, self);
  fprintf(file, "\nhedon %s. %c%s\n\n![the same as a picture](%s.svg)\n", hd_version(),
          explained[0] - 'a' + 'A', explained + 1, self->kind);
  for (int t = 0; t < self->n_tasks; t++) {
    compare_table_task_markdown(file, self, t);
  }
}
