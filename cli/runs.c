/* hedon runs: the runs in folders, a line each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "open.h"
#include "runs_table.h"
#include "say.h"

/* ---- forms ---- */

static void runs_csv_text(const char *text) {
  const bool is_plain = text[strcspn(text, ",\"\n\r")] == '\0';
  if (is_plain) {
    fputs(text, stdout);
    return;
  }
  putchar('"');
  for (; *text != '\0'; text++) {
    fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, stdout);
  }
  putchar('"');
}

static void runs_csv(const runs_table *self) {
  char text[RUNS_VALUE];
  for (int c = 0; c < runs_column_count; c++) {
    printf("%s%s", c > 0 ? "," : "", runs_columns[c].name);
  }
  for (int i = 0; i < self->n; i++) {
    for (int c = 0; c < runs_column_count; c++) {
      fputs(c > 0 ? "," : "\n", stdout);
      runs_value(&self->row[i], runs_columns[c].name, text);
      runs_csv_text(text);
    }
  }
  putchar('\n');
}

static void runs_json(const runs_table *self) {
  char text[RUNS_VALUE];
  for (int i = 0; i < self->n; i++) {
    for (int c = 0; c < runs_column_count; c++) {
      printf("%s\"%s\":", c > 0 ? "," : "{", runs_columns[c].name);
      if (runs_columns[c].is_text) {
        runs_value(&self->row[i], runs_columns[c].name, text);
        json_string(stdout, text);
      } else {
        json_number(stdout, runs_columns[c].number(&self->row[i]));
      }
    }
    puts("}");
  }
}

/* ---- for people ---- */

enum { COLUMNS = 6, CELL = RUNS_VALUE * 2 };

static void runs_cell(const runs_row *r, int column, char cell[CELL]) {
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  const run_summary *s = &r->summary;
  switch (column) {
    case 0:
      snprintf(cell, CELL, "%.*s", RUNS_VALUE, r->run->path);
      break;
    case 1:
      run_title(r->run, cell, CELL);
      break;
    case 2:
      snprintf(cell, CELL, s->n_done < r->run->n ? "%d/%d, %d done" : "%d/%d", s->n_solved,
               r->run->n, s->n_done);
      break;
    case 3:
      snprintf(cell, CELL, isfinite(s->iqm.value) ? "%s (%s to %s)" : "-",
               say_figure(a, s->iqm.value), say_figure(b, s->iqm.low), say_figure(c, s->iqm.high));
      break;
    case 4:
      snprintf(cell, CELL, "%s",
               isfinite(s->steps_median) ? say_count(a, (int64_t)(s->steps_median + 0.5)) : "-");
      break;
    default:
      snprintf(cell, CELL, "%s", say_seconds(a, s->cpu_median));
  }
}

static void runs_text(const runs_table *self) {
  static const char *const heading[COLUMNS] = {"run", "what", "solved", "return", "steps", "CPU"};
  int width[COLUMNS];
  char cell[CELL];
  for (int c = 0; c < COLUMNS; c++) {
    width[c] = (int)strlen(heading[c]);
    for (int i = 0; i < self->n; i++) {
      runs_cell(&self->row[i], c, cell);
      width[c] = (int)strlen(cell) > width[c] ? (int)strlen(cell) : width[c];
    }
  }
  for (int i = -1; i < self->n; i++) {
    for (int c = 0; c < COLUMNS; c++) {
      if (i >= 0) {
        runs_cell(&self->row[i], c, cell);
      } else {
        snprintf(cell, sizeof cell, "%s", heading[c]);
      }
      printf(c < 2 ? "%-*s  " : c < COLUMNS - 1 ? "%*s  " : "%*s\n", width[c], cell);
    }
  }
  printf("%d run%s\n", self->n, self->n == 1 ? "" : "s");
}

/* ---- the command ---- */

static int runs_show(hd_ctx *ctx, const arguments *args, const run_list *list) {
  runs_table table;
  const hd_status status = runs_table_make(ctx, list, &table);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  int code = args->where != NULL ? runs_where(&table, args->where) : EXIT_OK;
  code = code == EXIT_OK && args->sort != NULL ? runs_sort(&table, args->sort) : code;
  if (code == EXIT_OK) {
    (args->json ? runs_json : args->csv ? runs_csv : runs_text)(&table);
  }
  runs_table_free(&table);
  return code;
}

static int runs(const arguments *args) {
  static const char *const here[] = {"."};
  notes log = {.n = NOTES_MAX}; /* full: what the runs said then is not said again */
  hd_ctx *ctx;
  run_list list;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  code = args->n_operands > 0 ? run_find(ctx, args->operand, args->n_operands, &list)
                              : run_find(ctx, here, 1, &list);
  code = code == EXIT_OK ? runs_show(ctx, args, &list) : code;
  run_list_free(&list);
  hd_ctx_destroy(ctx);
  return code;
}

static void runs_more_help(const arguments *args) {
  (void)args;
  fputs("\nNames in --where and --sort are those of settings (hedon train --help) and\n", stdout);
  for (int c = 0; c < runs_column_count; c++) {
    say_item(stdout, 2, 20, runs_columns[c].name, runs_columns[c].doc);
  }
}

static const flag flags[] = {
    {"--where", "EXPR", FLAG_WORD, offsetof(arguments, where),
     "only runs of which it holds, such as \"task~CartPole and return>=475 or hidden=8\"; OP is "
     "one "
     "of = != < <= > >= and ~ (holds the text)"},
    {"--sort", "NAME", FLAG_WORD, offsetof(arguments, sort),
     "the least first; -NAME: the greatest first (default: by folder)"},
    FLAG_JSON("print one object a line"),
    {"--csv", NULL, FLAG_SWITCH, offsetof(arguments, csv), "print comma-separated values"},
};

const command command_runs = {
    .name = "runs",
    .summary = "list the runs in folders, chosen and sorted by what they did",
    .usage = "[DIR ...] [--where EXPR] [--sort NAME] [--json | --csv]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = MAX_OPERANDS,
    .run = runs,
    .more_help = runs_more_help,
};
