/* hedon report: runs on one page. */
#include <string.h>

#include "open.h"
#include "report_charts.h"
#include "report_page.h"
#include "say.h"
#include "write_whole.h"

static void report_write(FILE *file, const void *what) { report_page_write(file, what); }

static int report_list(hd_ctx *ctx, const arguments *args, const run_list *list) {
  const char *path = args->out != NULL ? args->out : "report.html";
  report_page page;
  if (list->n == 0) {
    return say_failure("there is no run to report");
  }
  const hd_status status = report_page_make(ctx, args, list, &page);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  if (report_charts_script[0] == '\0') {
    fprintf(stderr,
            "hedon: built without dygraphs (Debian: libjs-dygraphs), so the charts of %s are "
            "still pictures\n",
            path);
  }
  const int code = write_whole(path, report_write, &page);
  report_page_free(&page);
  if (code == EXIT_OK && !args->quiet) {
    printf("%d run%s on one page: %s\n", list->n, list->n == 1 ? "" : "s", path);
  }
  return code;
}

/* A page takes the place of no run's settings. */
static int report_check_out(const char *path) {
  const char *dot = path != NULL ? strrchr(path, '.') : ".html";
  return dot != NULL && strcmp(dot, ".html") == 0
             ? EXIT_OK
             : say_usage("--out is %s, and a page's name ends in .html", path);
}

static int report(const arguments *args) {
  static const char *const here[] = {"."};
  notes log = {.n = NOTES_MAX}; /* full: what the runs said then is not said again */
  hd_ctx *ctx;
  run_list list;
  int code = report_check_out(args->out);
  code = code == EXIT_OK ? open_context(args, &log, &ctx) : code;
  if (code != EXIT_OK) {
    return code;
  }
  code = args->n_operands > 0 ? run_find(ctx, args->operand, args->n_operands, &list)
                              : run_find(ctx, here, 1, &list);
  code = code == EXIT_OK ? report_list(ctx, args, &list) : code;
  run_list_free(&list);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--out", "FILE", FLAG_WORD, offsetof(arguments, out),
     "the page, .html (default: report.html); -o for short"},
    FLAG_QUIET,
};

const command command_report = {
    .name = "report",
    .summary = "put runs on one page: curves, tables, profiles, and what their networks do",
    .usage = "[RUN_OR_DIR ...] [-o FILE]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = MAX_OPERANDS,
    .run = report,
};
