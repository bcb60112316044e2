/* hedon plot: pictures of a trace in a file. */
#include "say.h"
#include "traces.h"

static int plot(const arguments *args) {
  trace read;
  int code = trace_check_out(args->out);
  code = code == EXIT_OK ? trace_read_csv(args->operand[1], &read) : code;
  if (code == EXIT_OK) {
    code = trace_write(args->out, &read);
    trace_free(&read);
  }
  return code;
}

static const flag flags[] = {
    {"--out", "FILE", FLAG_WORD, offsetof(arguments, out),
     "write a picture, FILE.svg, or text, FILE.txt (default: text on standard output)"},
};

const command command_plot = {
    .name = "plot",
    .summary = "draw a trace",
    .usage = "trace FILE.csv [--out FILE]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 2,
    .max_operands = 2,
    .operand_help = "the word trace and a file",
    .run = plot,
};
