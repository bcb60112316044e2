/* hedon show RUN, hedon diff RUN RUN: what a run is and did; in what two differ. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "json.h"
#include "open.h"
#include "report.h"
#include "run_data.h"
#include "say.h"

/* ---- show ---- */

static void show_learner(const run_learner *learner, double threshold) {
  const hd_result *r = &learner->result;
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  printf("%8" PRIu64 "  %-10s %10s %10s %9s", r->seed, report_solved(r, threshold),
         r->solved ? say_count(a, r->steps_to_threshold) : "-", say_count(b, r->env_steps),
         say_figure(c, r->final_return));
  printf(r->done ? "  %016" PRIx64 "\n" : "  -\n", r->hash);
}

static void show_layers(const run_data *run) {
  const run_learner *first = &run->learner[0];
  const run_evaluation *last = first->n > 0 ? &first->evaluation[first->n - 1] : NULL;
  for (int l = 0; last != NULL && l < last->n_layers; l++) {
    printf("layer %s of seed %" PRIu64
           ": %.3f spikes per neuron and substep, %.0f%% of its neurons silent\n",
           last->layer[l].name, first->result.seed, last->layer[l].rate,
           100 * last->layer[l].silent);
  }
}

static void show_text(const run_data *run, const run_summary *s) {
  char title[RUN_PATH], a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  printf("%s: %s\n\n%8s  %-10s %10s %10s %9s  %s\n", run->path, run_title(run, title, sizeof title),
         "seed", "solved", "after", "trained", "return", "hash");
  for (int i = 0; i < run->n; i++) {
    show_learner(&run->learner[i], run->threshold);
  }
  printf("\n%d of %d done", s->n_done, run->n);
  if (isfinite(run->threshold)) {
    printf(", %d solved (%.0f%% to %.0f%%) at a return of %g", s->n_solved, 100 * s->solved.low,
           100 * s->solved.high, run->threshold);
  } else {
    printf("; no return counts as solved");
  }
  if (isfinite(s->iqm.value)) {
    printf("\nreturn %s interquartile mean (%s to %s)", say_figure(a, s->iqm.value),
           say_figure(b, s->iqm.low), say_figure(c, s->iqm.high));
  }
  putchar('\n');
  show_layers(run);
}

static void show_json(const run_data *run, const run_summary *s) {
  printf("{\"run\":");
  json_string(stdout, run->path);
  printf(",\"env\":");
  json_string(stdout, hd_config_task(run->config));
  printf(",\"method\":");
  json_string(stdout, hd_config_method(run->config));
  printf(",\"return_iqm\":");
  json_number(stdout, s->iqm.value);
  printf(",\"iqm_low\":");
  json_number(stdout, s->iqm.low);
  printf(",\"iqm_high\":");
  json_number(stdout, s->iqm.high);
  printf(",\"settings\":");
  const char *between = "{";
  for (int i = 0; i < hd_config_count(run->config); i++) {
    const hd_option option = hd_config_at(run->config, i);
    if (option.is_read) {
      printf("%s", between);
      json_string(stdout, option.key);
      putchar(':');
      json_string(stdout, option.value);
      between = ",";
    }
  }
  printf("%s},\"seeds\":[", *between == '{' ? "{" : "");
  for (int i = 0; i < run->n; i++) {
    fputs(i > 0 ? "," : "", stdout);
    report_result_json(stdout, &run->learner[i].result);
  }
  puts("]}");
}

/* ---- diff ---- */

static int diff_settings(const run_data *a, const run_data *b) {
  char first[1024];
  int n = 0;
  for (int i = 0; i < hd_config_count(a->config); i++) {
    const hd_option option = hd_config_at(a->config, i);
    const char *key = option.key, *other = hd_config_get(b->config, key);
    snprintf(first, sizeof first, "%s", option.value);
    if (other != NULL && strcmp(first, other) != 0) {
      printf("  %-22s %s  |  %s\n", key, first, other);
      n++;
    }
  }
  return n;
}

static void diff_figure(const char *name, const char *a, const char *b) {
  printf("  %-22s %s  |  %s\n", name, a, b);
}

static void diff_outcome(const run_data *run[2], const run_summary s[2]) {
  char a[2][3 * SAY_SIZE], x[SAY_SIZE], y[SAY_SIZE], z[SAY_SIZE];
  for (int i = 0; i < 2; i++) {
    snprintf(a[i], sizeof a[i], isnan(run[i]->threshold) ? "-" : "%d of %d", s[i].n_solved,
             run[i]->n);
  }
  diff_figure("solved", a[0], a[1]);
  for (int i = 0; i < 2; i++) {
    snprintf(a[i], sizeof a[i], "%s (%s to %s)", say_figure(x, s[i].iqm.value),
             say_figure(y, s[i].iqm.low), say_figure(z, s[i].iqm.high));
  }
  diff_figure("return", a[0], a[1]);
  for (int i = 0; i < 2; i++) {
    snprintf(a[i], sizeof a[i], "%s",
             isfinite(s[i].steps_median) ? say_count(x, (int64_t)(s[i].steps_median + 0.5)) : "-");
  }
  diff_figure("steps to solve", a[0], a[1]);
}

static bool diff_is_same(const run_evaluation *a, const run_evaluation *b) {
  return a->env_steps == b->env_steps && a->episodes == b->episodes && a->updates == b->updates &&
         (a->eval_return == b->eval_return || (isnan(a->eval_return) && isnan(b->eval_return))) &&
         (a->train_return == b->train_return || (isnan(a->train_return) && isnan(b->train_return)));
}

/* Where two learners of one seed part. */
static void diff_learner(const run_learner *a, const run_learner *b) {
  char from[SAY_SIZE], x[SAY_SIZE], y[SAY_SIZE];
  int k = 0;
  while (k < a->n && k < b->n && diff_is_same(&a->evaluation[k], &b->evaluation[k])) {
    k++;
  }
  const bool is_over = k == a->n || k == b->n;
  printf("  seed %-17" PRIu64 " ", a->result.seed);
  if (is_over && a->n == b->n && a->result.hash == b->result.hash) {
    puts("the same in every evaluation and in its hash");
  } else if (is_over) {
    printf("the same for %d evaluation%s, then %s\n", k, k == 1 ? "" : "s",
           a->n == b->n ? "another hash" : "one goes on");
  } else {
    printf("parts after %s steps: return %s  |  %s\n",
           say_count(from, k > 0 ? a->evaluation[k - 1].env_steps : 0),
           say_figure(x, a->evaluation[k].eval_return),
           say_figure(y, b->evaluation[k].eval_return));
  }
}

static void diff_learners(const run_data *a, const run_data *b) {
  for (int i = 0; i < a->n; i++) {
    const uint64_t at = a->learner[i].result.seed - b->learner[0].result.seed;
    if (at < (uint64_t)b->n) {
      diff_learner(&a->learner[i], &b->learner[at]);
    }
  }
}

static void diff_text(const run_data *run[2], const run_summary s[2]) {
  char a[RUN_PATH], b[RUN_PATH];
  printf("%s: %s\n%s: %s\n\nsettings\n", run[0]->path, run_title(run[0], a, sizeof a), run[1]->path,
         run_title(run[1], b, sizeof b));
  if (diff_settings(run[0], run[1]) == 0) {
    puts("  none differs");
  }
  puts("\noutcome");
  diff_outcome(run, s);
  if (strcmp(hd_config_task(run[0]->config), hd_config_task(run[1]->config)) == 0) {
    puts("\nlearners of the same seed");
    diff_learners(run[0], run[1]);
  }
}

/* ---- the commands ---- */

/* Read the runs that the operands name; has spoken if one cannot be read. */
static int show_read(hd_ctx *ctx, const arguments *args, run_data run[2], run_summary summary[2]) {
  char why[RUN_WHY];
  for (int i = 0; i < args->n_operands; i++) {
    if (!run_is_there(args->operand[i])) {
      return run_say_none(args->operand[i], "run");
    }
    if (!run_read(ctx, args->operand[i], &run[i], why)) {
      return say_failure("%s holds no run that can be read: %s", args->operand[i], why);
    }
    run_say_torn(&run[i]);
    const hd_status status = run_summarise(ctx, &run[i], &summary[i]);
    if (status != HD_OK) {
      return say_status(ctx, status);
    }
  }
  return EXIT_OK;
}

static int show(const arguments *args) {
  notes log = {.n = NOTES_MAX}; /* full: what the runs said then is not said again */
  run_data run[2] = {{.n = 0}, {.n = 0}};
  run_summary summary[2];
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  code = show_read(ctx, args, run, summary);
  if (code == EXIT_OK && args->n_operands == 2) {
    const run_data *both[] = {&run[0], &run[1]};
    diff_text(both, summary);
  } else if (code == EXIT_OK) {
    (args->json ? show_json : show_text)(&run[0], &summary[0]);
  }
  run_free(&run[0]);
  run_free(&run[1]);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag show_flags[] = {FLAG_JSON("print one object: settings and every learner")};

const command command_show = {
    .name = "show",
    .summary = "show what a run is, and how far its learners are",
    .usage = "RUN [--json]",
    .flags = show_flags,
    .n_flags = 1,
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "the folder of a run",
    .run = show,
};

const command command_diff = {
    .name = "diff",
    .summary = "show in what two runs differ: settings, outcome, and where learners part",
    .usage = "RUN RUN",
    .min_operands = 2,
    .max_operands = 2,
    .operand_help = "the folders of two runs",
    .run = show,
};
