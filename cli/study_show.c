/* One line for all runs of a comparison. */
#include <math.h>
#include <string.h>

#include "clocks.h"
#include "progress.h"
#include "say.h"
#include "spark.h"
#include "study_engine.h"

enum { TEXT = 160, BAR = 16, PARTS = 6 };

/* The share of all runs' work that is done; of those under way as far as they came. */
static double show_fraction(const engine *self, int *n_elsewhere) {
  double sum = self->n_over;
  *n_elsewhere = 0;
  for (int r = 0; r < self->n; r++) {
    sum += self->state[r] == RUN_GOING ? (double)self->fraction[r] : 0;
    *n_elsewhere += self->state[r] == RUN_ELSEWHERE;
  }
  return self->n > 0 ? sum / self->n : 1;
}

/* The mean return of a cell's runs so far; -INFINITY: none yet. */
static double show_mean(const comparison *plan, const cell *c) {
  double sum = 0;
  int n = 0;
  for (int k = 0; k < plan->n_seeds; k++) {
    if (isfinite(c->result[k].final_return)) {
      sum += c->result[k].final_return;
      n++;
    }
  }
  return n > 0 ? sum / n : -(double)INFINITY;
}

/* The best method so far on the task of the last run that was over. */
static void show_best(const engine *self, char text[TEXT]) {
  const comparison *plan = self->plan;
  char number[SAY_SIZE];
  if (self->last < 0) {
    return;
  }
  const cell *row = &plan->cell[self->last / plan->n_seeds / plan->n_labels * plan->n_labels];
  const cell *best = NULL;
  for (int m = 0; m < plan->n_labels; m++) {
    if (best == NULL || show_mean(plan, &row[m]) > show_mean(plan, best)) {
      best = &row[m];
    }
  }
  const double mean = show_mean(plan, best);
  if (isfinite(mean)) {
    snprintf(text, TEXT, "%s: best %.60s %s", plan->task[best->task].name, cell_label(plan, best),
             say_figure(number, mean));
  }
}

static void show_left(const engine *self, const progress *watch, double fraction, char text[TEXT]) {
  char number[SAY_SIZE];
  const double before = self->n > 0 ? (double)self->n_before / self->n : 0;
  const double spent = clock_wall() - watch->began, done = fraction - before;
  if (fraction < 1 && done > 0 && spent > 0.2) {
    snprintf(text, TEXT, "%s left", say_clock(number, ceil(spent * (1 - fraction) / done)));
  }
}

static void show_parts(const engine *self, const progress *watch, char part[PARTS][TEXT]) {
  char drawing[4 * BAR + 1];
  int n_elsewhere;
  const double fraction = show_fraction(self, &n_elsewhere);
  memset(part, 0, (size_t)PARTS * TEXT);
  snprintf(part[0], TEXT, "%d/%d runs", self->n_over, self->n);
  if (watch->term.is_live) {
    snprintf(part[1], TEXT, "%s", bar_text(fraction, BAR, watch->term.has_unicode, drawing));
  }
  if (self->n_failed > 0) {
    snprintf(part[2], TEXT, "%d failed", self->n_failed);
  }
  if (n_elsewhere > 0) {
    snprintf(part[3], TEXT, "%d elsewhere", n_elsewhere);
  }
  show_best(self, part[4]);
  show_left(self, watch, fraction, part[5]);
}

/* What is too long for the terminal is left out, the best and the bar first. */
void engine_show(engine *self, progress *watch) {
  static const int give_way[] = {4, 1, 3, 5, 2};
  char part[PARTS][TEXT], line[PARTS * TEXT];
  show_parts(self, watch, part);
  const size_t width =
      watch->term.is_live ? (size_t)terminal_width(watch->term.file) - 1 : sizeof line;
  for (size_t left = 0; left <= sizeof give_way / sizeof *give_way; left++) {
    size_t n = 0, columns = 0;
    for (int i = 0; i < PARTS; i++) {
      n += part[i][0] != '\0'
               ? (size_t)snprintf(line + n, sizeof line - n, "%s%s", n > 0 ? "  " : "", part[i])
               : 0;
    }
    for (const char *c = line; *c != '\0'; c++) {
      columns += ((unsigned char)*c & 0xC0) != 0x80;
    }
    if (columns <= width || left == sizeof give_way / sizeof *give_way) {
      break;
    }
    part[give_way[left]][0] = '\0';
  }
  progress_line(watch, line);
}
