#include "progress.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "say.h"

enum { BAR_COLUMNS = 16, TEXT_SIZE = 256 };

static const double redraw_s = 0.1, plain_s = 2.0;

static volatile sig_atomic_t stop_signal;

/* The first signal asks to stop and save, which takes about a second and what the files take. Later
 * ones change nothing: a person's second Ctrl-C is no wish to lose the run. */
static void progress_on_signal(int number) {
  if (stop_signal == 0) {
    stop_signal = number;
  }
}

static void progress_catch_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = progress_on_signal;
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  stop_signal = 0;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static void progress_release_signals(void) {
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
}

/* All learners of a study as one. */
typedef struct outlook {
  int n, n_done, n_solved, n_evaluating;
  int64_t steps;
  double fraction, recent; /* means over the learners */
  hd_stats layers;         /* rates are means over the learners that have begun */
} outlook;

static double progress_fraction_of(const progress *self, const hd_result *result,
                                   const hd_stats *stats) {
  double fraction = result->done ? 1 : 0;
  if (self->budget_steps > 0) {
    fraction = fmax(fraction, (double)stats->env_steps / (double)self->budget_steps);
  }
  if (self->budget_episodes > 0) {
    fraction = fmax(fraction, (double)stats->episodes / (double)self->budget_episodes);
  }
  return fmin(fraction, 1);
}

static void progress_add_rates(hd_stats *sum, const hd_stats *stats) {
  sum->n_layers = stats->n_layers;
  for (int l = 0; l < stats->n_layers; l++) {
    sum->layer[l].name = stats->layer[l].name;
    sum->layer[l].rate += stats->layer[l].rate;
    sum->layer[l].silent += stats->layer[l].silent;
  }
}

static outlook progress_read_outlook(hd_study *study, const progress *self) {
  outlook all = {.n = hd_study_count(study)};
  int n_recent = 0, n_begun = 0;
  for (int i = 0; i < all.n; i++) {
    const hd_result result = hd_study_result(study, i);
    const hd_stats stats = hd_study_stats(study, i);
    all.n_done += result.done;
    all.n_solved += result.solved;
    all.n_evaluating += result.evaluating;
    all.steps += stats.env_steps;
    all.fraction += progress_fraction_of(self, &result, &stats) / all.n;
    if (isfinite(stats.recent)) {
      all.recent += stats.recent;
      n_recent++;
    }
    if (stats.env_steps > 0) {
      progress_add_rates(&all.layers, &stats);
      n_begun++;
    }
  }
  all.recent = n_recent > 0 ? all.recent / n_recent : NAN;
  for (int l = 0; l < all.layers.n_layers; l++) {
    all.layers.layer[l].rate /= n_begun;
    all.layers.layer[l].silent /= n_begun;
  }
  return all;
}

/* ---- the line ---- */

/* Parts of the line in the order in which they are shown. */
enum {
  PART_TITLE,
  PART_BAR,
  PART_PERCENT,
  PART_SOLVED,
  PART_SPARK,
  PART_RETURN,
  PART_SPEED,
  PART_LAYERS,
  PART_LEFT,
  N_PARTS
};
/* Parts that go first when the line is too long for the terminal. */
static const int give_way[] = {PART_LAYERS, PART_SPEED,  PART_SPARK,  PART_BAR,
                               PART_LEFT,   PART_RETURN, PART_SOLVED, PART_TITLE};

/* Columns a text takes: every character we draw is one wide. */
static int progress_columns_of(const char *text) {
  int n = 0;
  for (; *text != '\0'; text++) {
    n += ((unsigned char)*text & 0xC0) != 0x80;
  }
  return n;
}

static void progress_layer_text(const hd_stats *stats, char *text, size_t size) {
  size_t used = 0;
  for (int l = 0; l < stats->n_layers && used < size; l++) {
    const double silent = stats->layer[l].silent;
    used += (size_t)snprintf(text + used, size - used, "%s%s %.0f%%", l > 0 ? "  " : "",
                             stats->layer[l].name, 100 * stats->layer[l].rate);
    if (silent >= 0.005 && used < size) {
      used += (size_t)snprintf(text + used, size - used, " (%.0f%% silent)", 100 * silent);
    }
  }
}

/* The time that is left, by the steps; it tells nothing while all that go on are being evaluated. */
static void progress_left_text(const progress *self, const outlook *all, double spent, char *text) {
  char number[SAY_SIZE];
  if (all->n_done == all->n) {
    return;
  }
  if (all->n_evaluating == all->n - all->n_done && all->steps == self->steps_drawn) {
    snprintf(text, TEXT_SIZE, "evaluating");
  } else if (all->fraction > 0 && spent > 0.2) {
    snprintf(text, TEXT_SIZE, "%s left",
             say_clock(number, ceil(spent * (1 - all->fraction) / all->fraction)));
  }
}

static void progress_parts_of(const progress *self, const outlook *all, double now,
                              char part[N_PARTS][TEXT_SIZE]) {
  char number[SAY_SIZE], drawing[SPARK_SIZE + 4 * BAR_COLUMNS];
  const double spent = now - self->began;
  const bool wide = self->term.has_unicode;
  memset(part, 0, (size_t)N_PARTS * TEXT_SIZE);
  snprintf(part[PART_TITLE], TEXT_SIZE, "%s", self->title);
  if (self->term.is_live) {
    snprintf(part[PART_BAR], TEXT_SIZE, "%s", bar_text(all->fraction, BAR_COLUMNS, wide, drawing));
    snprintf(part[PART_SPARK], TEXT_SIZE, "%s", spark_text(&self->returns, wide, drawing));
  }
  snprintf(part[PART_PERCENT], TEXT_SIZE, "%3.0f%%", 100 * all->fraction);
  if (all->n > 1) {
    snprintf(part[PART_SOLVED], TEXT_SIZE, "%d/%d %s", self->is_open ? all->n_done : all->n_solved,
             all->n, self->is_open ? "done" : "solved");
  }
  snprintf(part[PART_RETURN], TEXT_SIZE, "return %s", say_figure(number, all->recent));
  if (spent > 0) {
    const double speed = (double)(all->steps - self->steps_before) / spent;
    snprintf(part[PART_SPEED], TEXT_SIZE, "%s steps/s", say_short(number, speed));
  }
  progress_layer_text(&all->layers, part[PART_LAYERS], TEXT_SIZE);
  progress_left_text(self, all, spent, part[PART_LEFT]);
}

/* Join the parts, dropping some until they fit. */
static void progress_join(char part[N_PARTS][TEXT_SIZE], int width, char *line, size_t size) {
  int columns = -2;
  for (int i = 0; i < N_PARTS; i++) {
    columns += part[i][0] != '\0' ? progress_columns_of(part[i]) + 2 : 0;
  }
  for (size_t i = 0; i < sizeof give_way / sizeof give_way[0] && columns > width; i++) {
    char *dropped = part[give_way[i]];
    columns -= dropped[0] != '\0' ? progress_columns_of(dropped) + 2 : 0;
    dropped[0] = '\0';
  }
  size_t used = 0;
  line[0] = '\0';
  for (int i = 0; i < N_PARTS && used < size; i++) {
    if (part[i][0] != '\0') {
      used += (size_t)snprintf(line + used, size - used, "%s%s", used > 0 ? "  " : "", part[i]);
    }
  }
}

void progress_line(progress *self, const char *line) {
  if (self->term.is_live) {
    fprintf(self->term.file, "\r%s\x1b[K", line);
    self->log->over_line = true;
  } else {
    fprintf(self->term.file, "%s\n", line);
  }
  fflush(self->term.file);
  self->drawn = clock_wall();
}

static void progress_draw(progress *self, hd_study *study, double now) {
  char part[N_PARTS][TEXT_SIZE], line[N_PARTS * TEXT_SIZE];
  const outlook all = progress_read_outlook(study, self);
  progress_parts_of(self, &all, now, part);
  progress_join(part,
                self->term.is_live ? terminal_width(self->term.file) - 1 : N_PARTS * TEXT_SIZE,
                line, sizeof line);
  self->steps_drawn = all.steps;
  progress_line(self, line);
}

void progress_line_end(progress *self) {
  if (self->term.is_live && !self->is_quiet) {
    fputc('\n', self->term.file);
    self->log->over_line = false;
  }
}

bool progress_is_due(const progress *self) {
  return !self->is_quiet && clock_wall() - self->drawn >= (self->term.is_live ? redraw_s : plain_s);
}

int progress_signal(void) { return stop_signal; }

static double progress_mean_recent(hd_study *study) {
  double sum = 0;
  int n = 0;
  for (int i = 0; i < hd_study_count(study); i++) {
    const double value = hd_study_result(study, i).train_return;
    if (isfinite(value)) {
      sum += value;
      n++;
    }
  }
  return n > 0 ? sum / n : NAN;
}

static int64_t progress_steps_so_far(hd_study *study) {
  int64_t steps = 0;
  for (int i = 0; i < hd_study_count(study); i++) {
    steps += hd_study_result(study, i).env_steps;
  }
  return steps;
}

void progress_begin(progress *self, notes *log, bool is_quiet) {
  memset(self, 0, sizeof *self);
  self->term = terminal_of(stderr);
  self->log = log;
  self->is_quiet = is_quiet;
  progress_catch_signals();
}

void progress_watch(progress *self, hd_study *study, const char *title) {
  const hd_config *config = hd_study_config(study);
  self->title = title;
  self->returns = (spark){.n = 0};
  self->budget_steps = atoll(hd_config_get(config, "steps"));
  self->budget_episodes = atoll(hd_config_get(config, "episodes"));
  self->is_open = isnan(hd_config_threshold(config));
  self->steps_before = self->steps_drawn = progress_steps_so_far(study);
  self->began = self->drawn = clock_wall();
}

bool progress_tick(void *user, hd_study *study) {
  progress *self = user;
  if (!self->is_quiet) {
    spark_add(&self->returns, progress_mean_recent(study));
    if (progress_is_due(self)) {
      progress_draw(self, study, clock_wall());
    }
  }
  return stop_signal == 0;
}

void progress_leave(progress *self, hd_study *study) {
  self->interrupted = stop_signal;
  if (self->term.is_live && !self->is_quiet) {
    progress_draw(self, study, clock_wall());
    progress_line_end(self);
  }
}

void progress_end(progress *self) {
  self->interrupted = stop_signal;
  progress_release_signals();
}
