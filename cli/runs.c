/* hedon runs: the runs in folders, a line each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json.h"
#include "open.h"
#include "runs_index.h"
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
  for (int c = 0; c < RUNS_WIDTH; c++) {
    printf("%s%s", c > 0 ? "," : "", runs_columns[c].name);
  }
  for (int i = 0; i < self->n; i++) {
    for (int c = 0; c < RUNS_WIDTH; c++) {
      fputs(c > 0 ? "," : "\n", stdout);
      runs_csv_text(self->row[i].value[c]);
    }
  }
  putchar('\n');
}

static void runs_json(const runs_table *self) {
  for (int i = 0; i < self->n; i++) {
    for (int c = 0; c < RUNS_WIDTH; c++) {
      const char *value = self->row[i].value[c];
      printf("%s\"%s\":", c > 0 ? "," : "{", runs_columns[c].name);
      if (runs_columns[c].is_text) {
        json_string(stdout, value);
      } else {
        fputs(*value != '\0' ? value : "null", stdout);
      }
    }
    puts("}");
  }
}

/* ---- for people ---- */

enum { COLUMNS = 6, CELL = 2 * RUN_PATH };

static double runs_number_of(const runs_row *row, int column) {
  return row->value[column][0] != '\0' ? strtod(row->value[column], NULL) : (double)NAN;
}

static void runs_cell_solved(const runs_row *r, char cell[CELL]) {
  const int done = (int)runs_number_of(r, RUNS_done), seeds = (int)runs_number_of(r, RUNS_seeds);
  const bool is_open = r->value[RUNS_solved_at][0] == '\0'; /* no return counts as solved */
  snprintf(cell, CELL, done < seeds ? "%s/%d, %d done" : "%s/%d",
           is_open ? "-" : r->value[RUNS_solved], seeds, done);
}

static void runs_cell_return(const runs_row *r, char cell[CELL]) {
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  const double value = runs_number_of(r, RUNS_return);
  snprintf(cell, CELL, isfinite(value) ? "%s (%s to %s)" : "-", say_figure(a, value),
           say_figure(b, runs_number_of(r, RUNS_return_low)),
           say_figure(c, runs_number_of(r, RUNS_return_high)));
}

static void runs_cell(const runs_row *r, int column, char cell[CELL]) {
  char a[SAY_SIZE];
  const double steps = runs_number_of(r, RUNS_steps_to_solve);
  switch (column) {
    case 0:
      snprintf(cell, CELL, "%s", r->value[RUNS_run]);
      break;
    case 1:
      snprintf(cell, CELL, "%s with %s%s%s", r->value[RUNS_task], r->value[RUNS_method],
               r->value[RUNS_changes][0] != '\0' ? " " : "", r->value[RUNS_changes]);
      break;
    case 2:
      runs_cell_solved(r, cell);
      break;
    case 3:
      runs_cell_return(r, cell);
      break;
    case 4:
      snprintf(cell, CELL, "%s", isfinite(steps) ? say_count(a, (int64_t)(steps + 0.5)) : "-");
      break;
    default:
      snprintf(cell, CELL, "%s", say_seconds(a, runs_number_of(r, RUNS_cpu)));
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

static int runs_print(const arguments *args, runs_table *table) {
  int code = args->where != NULL ? runs_where(table, args->where) : EXIT_OK;
  code = code == EXIT_OK && args->sort != NULL ? runs_sort(table, args->sort) : code;
  if (code == EXIT_OK && !runs_table_load(table)) {
    return say_failure("the index cannot be read");
  }
  if (code == EXIT_OK) {
    (args->json ? runs_json : args->csv ? runs_csv : runs_text)(table);
  }
  return code;
}

/* Rows of runs that were read, which outlive them. */
static int runs_fill(hd_ctx *ctx, const run_list *list, runs_table *out) {
  static runs_values values;
  for (int i = 0; i < list->n; i++) {
    const hd_status status = runs_values_of(ctx, &list->run[i], &values);
    runs_row *row = status == HD_OK ? runs_table_add(out, values.value) : NULL;
    if (row == NULL) {
      return status != HD_OK ? say_status(ctx, status) : say_failure("out of memory");
    }
    row->config = list->run[i].config;
  }
  return EXIT_OK;
}

static int runs_from_folders(hd_ctx *ctx, const arguments *args, const char *const *path, int n) {
  run_list list;
  runs_table table = {.n = 0};
  int code = run_find(ctx, path, n, &list);
  code = code == EXIT_OK ? runs_fill(ctx, &list, &table) : code;
  code = code == EXIT_OK ? runs_print(args, &table) : code;
  runs_table_free(&table);
  run_list_free(&list);
  return code;
}

static int runs_from_index(hd_ctx *ctx, const arguments *args, const char *folder) {
  runs_table table = {.n = 0};
  int n_read = 0, code = runs_index_open(ctx, folder, false, &table, &n_read);
  code = code == EXIT_OK ? runs_print(args, &table) : code;
  runs_table_free(&table);
  return code;
}

static int runs_reindex(hd_ctx *ctx, const char *folder) {
  runs_table table = {.n = 0};
  struct stat file;
  int n_read = 0;
  if (stat(folder, &file) != 0 || !S_ISDIR(file.st_mode)) {
    return say_failure("%s is no folder", folder);
  }
  const int code = runs_index_open(ctx, folder, true, &table, &n_read);
  if (code == EXIT_OK) {
    printf("%d runs in %s/runs.sqlite, %d of them read anew\n", table.n, folder, n_read);
  }
  runs_table_free(&table);
  return code;
}

static int runs_in(hd_ctx *ctx, const arguments *args) {
  static const char *const here[] = {"."};
  const bool is_reindex = args->n_operands > 0 && strcmp(args->operand[0], "reindex") == 0;
  const int n = args->n_operands - is_reindex;
  const char *const *path = n > 0 ? args->operand + is_reindex : here;
  if (is_reindex) {
    return n <= 1 ? runs_reindex(ctx, path[0]) : say_usage("runs reindex takes one folder");
  }
  return n <= 1 && runs_index_is_there(path[0]) ? runs_from_index(ctx, args, path[0])
                                                : runs_from_folders(ctx, args, path, n > 0 ? n : 1);
}

static int runs(const arguments *args) {
  notes log = {.n = NOTES_MAX}; /* full: what the runs said then is not said again */
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  code = runs_in(ctx, args);
  hd_ctx_destroy(ctx);
  return code;
}

static void runs_more_help(const arguments *args) {
  (void)args;
  fputs("\nNames in --where and --sort are those of settings (hedon train --help) and\n", stdout);
  for (int c = 0; c < RUNS_WIDTH; c++) {
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
    .usage =
        "[DIR ...] [--where EXPR] [--sort NAME] [--json | --csv]\n"
        "       hedon runs reindex [DIR]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = MAX_OPERANDS,
    .run = runs,
    .more_help = runs_more_help,
};
