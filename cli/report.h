/* The outcome of a study, for people and for programs. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include "command.h"
#include "hedon/hedon.h"

/* Solved or not, how soon, how well, how long; a table if there are several learners. */
void report_text(hd_ctx *ctx, hd_study *study, const arguments *args);

/* One object on one line. */
void report_json(hd_study *study);

/* Parts of it: a seed's object; a summary's keys, each with a comma before it. */
void report_result_json(FILE *file, const hd_result *result);
void report_summary_json(FILE *file, const hd_summary *summary);

/* Did a learner solve its task, in a word; "-" for one that is done where no return counts as
 * solved (threshold is NAN). */
const char *report_solved(const hd_result *result, double threshold);

#endif
