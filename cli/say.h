/* Sentences for people: failures in one line, wrapped text, numbers as they are read. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdio.h>

#include "hedon/hedon.h"

/* Print "hedon: ..." on standard error; returns the exit code to end with. */
int say_usage(const char *format, ...) HD_PRINTF(1, 2);
int say_failure(const char *format, ...) HD_PRINTF(1, 2);

/* The context's own sentence about a failure. Wrong names and values are usage, the rest is run. */
int say_status(const hd_ctx *ctx, hd_status status);

/* Text wrapped to the terminal, with every line after the first indented; `column` is where the
 * first line begins. Ends the line. */
void say_wrapped(FILE *file, int column, int indent, const char *text);

/* A head and, from column `indent` on, its explanation, on the next line if the head is long. */
void say_item(FILE *file, int margin, int indent, const char *head, const char *text);

enum { SAY_SIZE = 40 };
const char *say_count(char buffer[SAY_SIZE], int64_t count);    /* 41,216 */
const char *say_seeds(char buffer[SAY_SIZE], int n);            /* 1 seed, 12 seeds */
const char *say_short(char buffer[SAY_SIZE], double value);     /* 412k, 1.3M */
const char *say_figure(char buffer[SAY_SIZE], double value);    /* 487.2, or "-" if there is none */
const char *say_seconds(char buffer[SAY_SIZE], double seconds); /* 52 ms, 3.41 s, 2:05 min */
const char *say_clock(char buffer[SAY_SIZE], double seconds);   /* 0:07, 1:02:03 */

#endif
