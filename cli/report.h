/* The outcome of a study, for people and for programs. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "hedon/hedon.h"

/* Solved or not, how soon, how well, how long; a table if there are several learners. */
void report_text(hd_ctx *ctx, hd_study *study);

/* One object on one line. */
void report_json(hd_study *study);

#endif
