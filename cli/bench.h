/* What the groups of `hedon bench` share: what to measure, how long, and where to report. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "bench_report.h"
#include "command.h"
#include "notes.h"

enum { BENCH_SETTINGS = 512, BENCH_ERROR = 512 };

typedef struct bench {
  hd_ctx *ctx;
  notes *log;
  const char *task, *method; /* the user's, or the defaults */
  const char *const *set;    /* "key=value", the user's */
  int n_set;
  const arguments *args; /* of the command line, for its plug-ins */
  bool has_task;
  bool is_own;    /* the user named a method or a setting: measure that configuration */
  double seconds; /* per figure and repeat */
  int repeats, seeds, threads;
  report *report;
} bench;

/* A group measures and reports its sections. Returns an exit code, and has spoken if it is not
 * EXIT_OK. */
int bench_machine(const bench *b);
int bench_envs(const bench *b);
int bench_forward(const bench *b);
int bench_learn(const bench *b);
int bench_train(const bench *b);
int bench_scale(const bench *b);
int bench_size(const bench *b);

/* A gauge of the processor's multiply-adds (fused), the yardstick of shares; work is the context.
 */
hd_status bench_peak_turn(void *ctx, double *multiply_adds);

#endif
