/* hedon watch: a page on this machine that follows runs and lets their learners play. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clocks.h"
#include "open.h"
#include "say.h"
#include "traces.h"
#include "watch_play.h"
#include "watch_runs.h"
#include "watch_server.h"

enum { PORT = 8650, TICK_MS = 20 };
static const double refresh_s = 0.5, reload_s = 1.0, renew_s = 2.0, most_tick_s = 0.25;
static const double weights_s = 0.25; /* between two tellings while it learns */

typedef struct watch {
  watch_runs runs;
  watch_play play;
  watch_server *server;
  const char *fixed; /* the checkpoint of --play, or NULL */
  int chosen;        /* the run whose newest checkpoint plays; -1: that of all */
  double refreshed_at, reloaded_at, renewed_at, weighed_at, ticked_at;
} watch;

static volatile sig_atomic_t watch_signal;

static void watch_stop(int number) { watch_signal = number; }

/* ---- what is told ---- */

static void watch_tell_runs(watch *self) {
  char *text = NULL;
  size_t size;
  FILE *file = open_memstream(&text, &size);
  if (file != NULL) {
    watch_runs_tell(file, &self->runs);
    fclose(file);
    watch_server_tell(self->server, WATCH_RUNS, text);
  }
}

static void watch_tell_facts(watch *self) {
  watch_server_tell(self->server, WATCH_FACTS, watch_play_facts(&self->play));
}

/* Weights change with every step of learning: they are told now and then. */
static void watch_tell_play(watch *self, double now) {
  if (self->play.is_changed && now - self->weighed_at >= weights_s) {
    self->weighed_at = now;
    watch_server_tell(self->server, WATCH_WEIGHTS, watch_play_weights(&self->play));
  }
  char *news = watch_play_news(&self->play);
  if (news != NULL) {
    watch_server_tell(self->server, WATCH_PLAY, news);
  }
}

/* ---- what a page asks ---- */

typedef void (*watch_ask_fn)(watch *self, const char *words);

/* What plays is to be loaded again, whatever was done to it here. */
static void watch_load_anew(watch *self) {
  self->play.changed_ns = -1;
  self->reloaded_at = 0.0;
  if (self->play.learns && watch_play_learn(&self->play, false)) {
    watch_tell_facts(self);
  }
}

/* Pages share what plays: each is told when another holds it, and by the mark which of its own
 * words this answers. */
static void watch_tell_rate(watch *self, long mark) {
  enum { SIZE = 64 };
  char *text = malloc(SIZE);
  if (text != NULL) {
    snprintf(text, SIZE, "{\"rate\":%.6g,\"mark\":%ld}", self->play.rate, mark);
    watch_server_tell(self->server, WATCH_RATE, text);
  }
}

/* "rate 50 MARK": decisions a second; 0 holds the world. MARK is any integer, 0 if left out. */
static void watch_ask_rate(watch *self, const char *words) {
  char *end;
  const double rate = strtod(words, &end);
  if (end != words && rate >= 0.0 && rate <= 1000.0) {
    self->play.rate = rate;
    watch_tell_rate(self, strtol(end, NULL, 10));
  }
}

static void watch_ask_move(watch *self, const char *words) { watch_play_move(&self->play, words); }

/* "run 3": that of the list; "run -1": whichever has the newest checkpoint. */
static void watch_ask_run(watch *self, const char *words) {
  char *end;
  const long run = strtol(words, &end, 10);
  if (end != words && run >= -1 && run < self->runs.n) {
    self->chosen = (int)run;
    watch_load_anew(self);
  }
}

/* "step": one decision, or one unit of learning. */
static void watch_ask_step(watch *self, const char *words) {
  (void)words;
  watch_play_step(&self->play);
  self->weighed_at = 0.0;
}

/* "learn 1": what plays learns on here; "learn 0": the checkpoint plays again. */
static void watch_ask_learn(watch *self, const char *words) {
  if (atoi(words) == 0) {
    watch_load_anew(self);
  } else if (watch_play_learn(&self->play, true)) {
    watch_tell_facts(self);
  }
}

/* "hold 3 1": that run of the list is to wait; "hold 3 0": it may go on. */
static void watch_ask_hold(watch *self, const char *words) {
  char *end;
  const long run = strtol(words, &end, 10);
  if (end != words && run >= 0 && run < self->runs.n) {
    watch_runs_hold(&self->runs, (int)run, atoi(end) != 0);
    watch_tell_runs(self);
  }
}

static void watch_asked(void *user, const char *body, size_t size) {
  static const struct {
    const char *word;
    watch_ask_fn ask;
  } rows[] = {{"rate ", watch_ask_rate}, {"move ", watch_ask_move},   {"run ", watch_ask_run},
              {"step", watch_ask_step},  {"learn ", watch_ask_learn}, {"hold ", watch_ask_hold}};
  char text[513];
  snprintf(text, sizeof text, "%.*s", (int)size, body);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const size_t n = strlen(rows[i].word);
    if (strncmp(text, rows[i].word, n) == 0) {
      rows[i].ask(user, text + n);
    }
  }
}

/* ---- looking ---- */

static void watch_load(watch *self, const char *path, int64_t changed_ns) {
  if (!watch_play_load(&self->play, path, changed_ns)) {
    fprintf(stderr, "hedon: %s is not played: %s\n", path, hd_ctx_error(self->runs.ctx));
    return;
  }
  watch_tell_facts(self);
  self->weighed_at = 0.0;
}

/* A newer checkpoint takes the place of the one that plays; what learns here is left alone. */
static void watch_reload(watch *self) {
  char path[RUN_PATH + 64];
  int64_t changed;
  if (self->play.learns) {
    return;
  }
  if (self->fixed != NULL && self->play.changed_ns != 0) {
    watch_load(self, self->fixed, 0);
  } else if (self->fixed == NULL &&
             watch_runs_checkpoint(&self->runs, self->chosen, path, &changed) &&
             changed != self->play.changed_ns) {
    watch_load(self, path, changed);
  }
}

static void watch_look(watch *self, double now) {
  if (now - self->refreshed_at >= refresh_s) {
    self->refreshed_at = now;
    if (self->runs.folder != NULL && watch_runs_refresh(&self->runs)) {
      watch_tell_runs(self);
    }
  }
  if (now - self->reloaded_at >= reload_s) {
    self->reloaded_at = now;
    watch_reload(self);
  }
}

static void watch_renew(watch *self, double now) {
  if (now - self->renewed_at >= renew_s) {
    self->renewed_at = now;
    watch_runs_renew(&self->runs);
  }
}

/* Where nobody looks, nothing is done but to wait, and to see to it that runs that wait still do.
 */
static void watch_tick(watch *self) {
  const double now = clock_wall();
  const double seconds = now - self->ticked_at;
  self->ticked_at = now;
  watch_renew(self, now);
  if (watch_server_listeners(self->server) > 0) {
    watch_look(self, now);
    watch_play_advance(&self->play, seconds < most_tick_s ? seconds : most_tick_s);
    watch_tell_play(self, now);
  }
  watch_server_wait(self->server, TICK_MS);
}

/* ---- life ---- */

static void watch_loop(watch *self) {
  struct sigaction action = {.sa_handler = watch_stop};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  self->ticked_at = clock_wall();
  while (watch_signal == 0) {
    watch_tick(self);
  }
}

static int watch_serve(watch *self, const arguments *args) {
  const watch_guard guard = {.address = args->host != NULL ? args->host : "127.0.0.1",
                             .port = args->port > 0 ? (int)args->port : PORT};
  self->server = watch_server_open(&guard, watch_asked, self);
  if (self->server == NULL) {
    return EXIT_RUN;
  }
  printf("watching %s at http://%s:%d/ (Ctrl-C ends)\n",
         self->fixed != NULL ? self->fixed : self->runs.folder, guard.address, guard.port);
  fflush(stdout);
  watch_reload(self);
  watch_loop(self);
  watch_server_close(self->server);
  return EXIT_OK;
}

/* The checkpoint of --play, or that of a run named there. */
static int watch_find_fixed(watch *self, const arguments *args, char path[TRACE_PATH]) {
  struct stat file;
  if (args->play == NULL) {
    return EXIT_OK;
  }
  snprintf(path, TRACE_PATH, "%s", args->play);
  self->fixed = path;
  self->runs.folder = NULL;
  if (stat(args->play, &file) != 0) {
    return say_usage("--play is %s, and there is no such file", args->play);
  }
  return S_ISDIR(file.st_mode) ? trace_find_checkpoint(args->play, false, 0, path) : EXIT_OK;
}

static int watch_check(const arguments *args) {
  struct stat file;
  const char *folder = args->n_operands > 0 ? args->operand[0] : ".";
  if (args->play != NULL && args->n_operands > 0) {
    return say_usage("--play names all that is looked at; leave out %s", folder);
  }
  return stat(folder, &file) == 0 && S_ISDIR(file.st_mode) ? EXIT_OK
                                                           : say_usage("%s is no folder", folder);
}

static int watch_run_command(const arguments *args) {
  notes log = {.n = NOTES_MAX}; /* full: what the runs said then is not said again */
  char path[TRACE_PATH];
  watch self = {.runs = {.folder = args->n_operands > 0 ? args->operand[0] : "."},
                .play = {.rate = 50.0, .changed_ns = -1},
                .chosen = -1};
  int code = watch_check(args);
  code = code == EXIT_OK ? watch_find_fixed(&self, args, path) : code;
  code = code == EXIT_OK ? open_context(args, &log, &self.runs.ctx) : code;
  if (code != EXIT_OK) {
    return code;
  }
  self.play.ctx = self.runs.ctx;
  code = watch_serve(&self, args);
  watch_play_free(&self.play);
  watch_runs_free(&self.runs);
  hd_ctx_destroy(self.runs.ctx);
  return code;
}

static const flag flags[] = {
    {"--play", "CHECKPOINT", FLAG_WORD, offsetof(arguments, play),
     "let the learner of a checkpoint play, or of the first one of a run"},
    {"--port", "N", FLAG_PORT, offsetof(arguments, port), "serve there (default: 8650)"},
    {"--host", "ADDRESS", FLAG_WORD, offsetof(arguments, host),
     "serve at this address of the machine, for whoever reaches it (default: 127.0.0.1, for this "
     "machine alone)"},
};

const command command_watch = {
    .name = "watch",
    .summary = "a page that follows runs while they go on, and shows their newest learner at play",
    .usage = "[RUN|DIR] [--play CHECKPOINT] [--port N] [--host ADDRESS]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = 1,
    .run = watch_run_command,
};
