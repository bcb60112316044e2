/* hedon plot: learning curves of runs, or a trace in a file. */
#include <math.h>
#include <string.h>

#include "open.h"
#include "plot_curve.h"
#include "say.h"
#include "terminal.h"
#include "traces.h"
#include "write_whole.h"

static int plot_trace(const arguments *args) {
  trace read;
  int code = args->n_operands == 2
                 ? trace_check_out(args->out)
                 : say_usage("plot trace takes one file, as hedon trace RUN --out FILE.csv writes");
  code = code == EXIT_OK ? trace_read_csv(args->operand[1], &read) : code;
  if (code == EXIT_OK) {
    code = trace_write(args->out, &read);
    trace_free(&read);
  }
  return code;
}

/* ---- learning curves ---- */

static int plot_over(const char *word, run_over *over) {
  static const struct {
    const char *word;
    run_over over;
  } known[] = {{"steps", RUN_OVER_STEPS},
               {"episodes", RUN_OVER_EPISODES},
               {"cpu", RUN_OVER_CPU},
               {"syn_ops", RUN_OVER_SYN_OPS}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (word == NULL || strcmp(word, known[i].word) == 0) {
      *over = known[i].over;
      return EXIT_OK;
    }
  }
  return say_usage("--over is %s, allowed steps, episodes or cpu", word);
}

static bool plot_ends(const char *path, const char *end) {
  const char *dot = strrchr(path, '.');
  return dot != NULL && strcmp(dot, end) == 0;
}

static int plot_check_out(const char *path) {
  return path == NULL || plot_ends(path, ".svg") || plot_ends(path, ".txt")
             ? EXIT_OK
             : say_usage("--out is %s; its end says in which form: .svg or .txt", path);
}

static void plot_write_text(FILE *file, const void *what) {
  plot_curves_text(file, what, terminal_width(file), terminal_of(file).has_unicode);
}
static void plot_write_picture(FILE *file, const void *what) { plot_curves_picture(file, what); }

static int plot_write(const char *path, const plot_curves *curves) {
  if (path == NULL) {
    plot_write_text(stdout, curves);
    return EXIT_OK;
  }
  return write_whole(path, plot_ends(path, ".svg") ? plot_write_picture : plot_write_text, curves);
}

static int plot_list(hd_ctx *ctx, const arguments *args, const run_list *list, run_over over) {
  static plot_curves curves;
  if (list->n == 0) {
    return say_failure("there is no run to draw");
  }
  if (list->n > PLOT_RUNS) {
    return say_usage(
        "%d runs are more than one picture holds, allowed 1 to %d; hedon report shows "
        "them all",
        list->n, PLOT_RUNS);
  }
  const hd_status status = plot_curves_make(ctx, list->run, list->n, over, &curves);
  for (int i = 0; status == HD_OK && i < curves.n; i++) {
    if (curves.curve[i].n > 0 && isnan(curves.curve[i].x[0])) {
      return say_failure("%s does not tell the %s of its network", curves.run[i]->path,
                         plot_over_name(over));
    }
  }
  return status == HD_OK ? plot_write(args->out, &curves) : say_status(ctx, status);
}

static int plot_runs(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  run_over over = RUN_OVER_STEPS;
  run_list list;
  int code = plot_over(args->over, &over);
  code = code == EXIT_OK ? plot_check_out(args->out) : code;
  code = code == EXIT_OK ? open_context(args, &log, &ctx) : code;
  if (code != EXIT_OK) {
    return code;
  }
  code = run_find(ctx, args->operand, args->n_operands, &list);
  code = code == EXIT_OK ? plot_list(ctx, args, &list, over) : code;
  run_list_free(&list);
  hd_ctx_destroy(ctx);
  return code;
}

static int plot(const arguments *args) {
  return strcmp(args->operand[0], "trace") == 0 ? plot_trace(args) : plot_runs(args);
}

static const flag flags[] = {
    {"--out", "FILE", FLAG_WORD, offsetof(arguments, out),
     "write a picture, FILE.svg, or text, FILE.txt (default: text on standard output)"},
    {"--over", "WHAT", FLAG_WORD, offsetof(arguments, over),
     "draw learning curves over steps, episodes, cpu (seconds of learning) or syn_ops (synaptic "
     "operations; default: steps)"},
};

const command command_plot = {
    .name = "plot",
    .summary = "draw the learning curves of runs, or a trace",
    .usage =
        "RUN_OR_DIR ... [--over WHAT] [--out FILE]\n       hedon plot trace FILE.csv [--out FILE]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = MAX_OPERANDS,
    .operand_help = "the folder of a run, or the word trace and a file",
    .run = plot,
};
