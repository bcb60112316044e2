/* hedon plot: learning curves or profiles of runs, the weights or the graph of one, or a trace in a
 * file. */
#include <math.h>
#include <string.h>

#include "network_graph.h"
#include "open.h"
#include "plot_curve.h"
#include "say.h"
#include "terminal.h"
#include "traces.h"
#include "weights_picture.h"
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

/* ---- learning curves and profiles ---- */

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
  return say_usage("--over is %s, allowed steps, episodes, cpu or syn_ops", word);
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

static int plot_check_list(const run_list *list, int most) {
  return list->n == 0 ? say_failure("there is no run to draw")
         : list->n > most && most == 1
             ? say_usage("there are %d runs, and this picture is of one; name it, such as %s",
                         list->n, list->run[0].path)
         : list->n > most ? say_usage(
                                "%d runs are more than one picture holds, allowed 1 to %d; hedon "
                                "report shows them all",
                                list->n, most)
                          : EXIT_OK;
}

static int plot_curves_of(hd_ctx *ctx, const arguments *args, const run_list *list, run_over over) {
  static plot_curves curves;
  const hd_status status = plot_curves_make(ctx, list->run, list->n, over, &curves);
  for (int i = 0; status == HD_OK && i < curves.n; i++) {
    if (curves.curve[i].n > 0 && isnan(curves.curve[i].x[0])) {
      return say_failure("%s does not tell the %s of its network", curves.run[i]->path,
                         plot_over_name(over));
    }
  }
  return status == HD_OK ? plot_write(args->out, &curves) : say_status(ctx, status);
}

static int plot_profiles_of(hd_ctx *ctx, const arguments *args, const run_list *list,
                            run_over over) {
  static plot_curves curves;
  (void)over;
  const hd_status status = plot_profiles_make(ctx, list->run, list->n, &curves);
  return status == HD_OK ? plot_write(args->out, &curves) : say_status(ctx, status);
}

/* ---- the network of a run ---- */

typedef struct plot_network {
  const trace *before, *after;
  const network_graph *graph;
} plot_network;

static void plot_graph_picture(FILE *file, const void *what) {
  network_graph_picture(file, ((const plot_network *)what)->graph);
}
static void plot_graph_text(FILE *file, const void *what) {
  network_graph_text(file, ((const plot_network *)what)->graph, terminal_of(file).has_unicode);
}

static const char *const plot_times[] = {"at the start", "in the checkpoint"};

static void plot_weights_picture(FILE *file, const void *what) {
  const plot_network *self = what;
  weights_picture(file, (const trace *const[]){self->before, self->after}, plot_times, 2);
}
static void plot_weights_text(FILE *file, const void *what) {
  const plot_network *self = what;
  weights_text(file, (const trace *const[]){self->before, self->after}, plot_times, 2,
               terminal_width(file));
}

typedef void (*plot_draw_fn)(FILE *file, const void *what);

static int plot_draw(const char *path, const plot_network *self, plot_draw_fn picture,
                     plot_draw_fn text) {
  if (path == NULL) {
    text(stdout, self);
    return EXIT_OK;
  }
  return write_whole(path, plot_ends(path, ".svg") ? picture : text, self);
}

static int plot_network_of(hd_ctx *ctx, const arguments *args, const run_list *list,
                           plot_draw_fn picture, plot_draw_fn text) {
  trace before, after;
  network_graph graph;
  if (!network_weights(ctx, &list->run[0], &before, &after)) {
    return say_failure("%s: %s", list->run[0].path, hd_ctx_error(ctx));
  }
  int code = network_graph_make(&before, &after, &graph)
                 ? EXIT_OK
                 : say_failure("%s has no weights that can be drawn", list->run[0].path);
  if (code == EXIT_OK) {
    code = plot_draw(args->out, &(plot_network){&before, &after, &graph}, picture, text);
    network_graph_free(&graph);
  }
  trace_free(&before);
  trace_free(&after);
  return code;
}

static int plot_weights(hd_ctx *ctx, const arguments *args, const run_list *list, run_over over) {
  (void)over;
  return plot_network_of(ctx, args, list, plot_weights_picture, plot_weights_text);
}

static int plot_graph(hd_ctx *ctx, const arguments *args, const run_list *list, run_over over) {
  (void)over;
  return plot_network_of(ctx, args, list, plot_graph_picture, plot_graph_text);
}

/* ---- the command ---- */

typedef struct plot_kind {
  const char *word; /* before the folders */
  int most;         /* runs */
  int (*draw)(hd_ctx *ctx, const arguments *args, const run_list *list, run_over over);
} plot_kind;

static const plot_kind kinds[] = {{"profile", PLOT_RUNS, plot_profiles_of},
                                  {"weights", 1, plot_weights},
                                  {"network", 1, plot_graph},
                                  {"", PLOT_RUNS, plot_curves_of}};

static const plot_kind *plot_kind_of(const char *word) {
  const plot_kind *kind = kinds;
  while (kind->word[0] != '\0' && strcmp(kind->word, word) != 0) {
    kind++;
  }
  return kind;
}

static int plot_found(hd_ctx *ctx, const arguments *args, const plot_kind *kind, run_over over) {
  const int first = kind->word[0] != '\0';
  run_list list;
  int code = run_find(ctx, args->operand + first, args->n_operands - first, &list);
  code = code == EXIT_OK ? plot_check_list(&list, kind->most) : code;
  code = code == EXIT_OK ? kind->draw(ctx, args, &list, over) : code;
  run_list_free(&list);
  return code;
}

static int plot_runs(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  run_over over = RUN_OVER_STEPS;
  const plot_kind *kind = plot_kind_of(args->operand[0]);
  if (kind->word[0] != '\0' && args->n_operands < 2) {
    return say_usage("plot %s takes the folder of a run", kind->word);
  }
  int code = plot_over(args->over, &over);
  code = code == EXIT_OK ? plot_check_out(args->out) : code;
  code = code == EXIT_OK ? open_context(args, &log, &ctx) : code;
  if (code != EXIT_OK) {
    return code;
  }
  code = plot_found(ctx, args, kind, over);
  hd_ctx_destroy(ctx);
  return code;
}

static int plot(const arguments *args) {
  return strcmp(args->operand[0], "trace") == 0 ? plot_trace(args) : plot_runs(args);
}

static const flag flags[] = {
    {"--out", "FILE", FLAG_WORD, offsetof(arguments, out),
     "write a picture, FILE.svg, or text, FILE.txt (default: text on standard output); -o for "
     "short"},
    {"--over", "WHAT", FLAG_WORD, offsetof(arguments, over),
     "draw learning curves over steps, episodes, cpu (seconds of learning) or syn_ops (synaptic "
     "operations; default: steps)"},
};

const command command_plot = {
    .name = "plot",
    .summary = "draw learning curves, profiles, weights, a network, or a trace",
    .usage = ("RUN_OR_DIR ... [--over WHAT] [--out FILE]\n"
              "       hedon plot profile RUN_OR_DIR ... [--out FILE]\n"
              "       hedon plot weights|network RUN [--out FILE]\n"
              "       hedon plot trace FILE.csv [--out FILE]"),
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = MAX_OPERANDS,
    .operand_help =
        "the folder of a run, or one of the words profile, weights, network, trace and what to "
        "draw",
    .run = plot,
};
