/* Expressions that choose runs: NAME OP VALUE, joined by `and` and `or`. */
#include <ctype.h>
#include <string.h>

#include "command.h"
#include "runs_table.h"
#include "say.h"

enum { WORD = 200, TERMS = 32 };

typedef enum runs_operator {
  RUNS_EQ,
  RUNS_NE,
  RUNS_LE,
  RUNS_GE,
  RUNS_LT,
  RUNS_GT,
  RUNS_HOLDS
} runs_operator;

/* The longer ones first. */
static const struct {
  const char *text;
  runs_operator op;
} operators[] = {{"==", RUNS_EQ}, {"!=", RUNS_NE}, {"<=", RUNS_LE}, {">=", RUNS_GE},
                 {"=", RUNS_EQ},  {"<", RUNS_LT},  {">", RUNS_GT},  {"~", RUNS_HOLDS}};

typedef struct runs_term {
  char name[WORD], value[WORD];
  runs_place place;
  runs_item item; /* the value */
  runs_operator op;
  bool ends; /* an `or` follows: the terms so far, joined by `and`, are one alternative */
} runs_term;

/* ---- reading ---- */

static const char *runs_blank(const char *at) { return at + strspn(at, " \t"); }

/* Up to an operator or a blank; or what stands in quotes. NULL: nothing, or too long. */
static const char *runs_word(const char *at, const char *stop, char word[WORD]) {
  const bool is_quoted = *at == '"' || *at == '\'';
  const char quote[] = {*at, '\0'};
  at += is_quoted;
  const size_t length = strcspn(at, is_quoted ? quote : stop);
  if ((length == 0 && !is_quoted) || length >= WORD || (is_quoted && at[length] == '\0')) {
    return NULL;
  }
  snprintf(word, WORD, "%.*s", (int)length, at);
  return at + length + is_quoted;
}

static const char *runs_read_operator(const char *at, runs_operator *op) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    const size_t length = strlen(operators[i].text);
    if (strncmp(at, operators[i].text, length) == 0) {
      *op = operators[i].op;
      return at + length;
    }
  }
  return NULL;
}

/* `and`, `or` or the end. */
static const char *runs_read_join(const char *at, runs_term *term) {
  term->ends = strncmp(at, "or ", 3) == 0 || *at == '\0';
  if (*at == '\0') {
    return at;
  }
  return strncmp(at, "or ", 3) == 0 ? at + 3 : strncmp(at, "and ", 4) == 0 ? at + 4 : NULL;
}

static const char *runs_read_term(const char *at, runs_term *term) {
  at = runs_word(runs_blank(at), " \t=!<>~", term->name);
  at = at != NULL ? runs_read_operator(runs_blank(at), &term->op) : NULL;
  at = at != NULL ? runs_word(runs_blank(at), " \t", term->value) : NULL;
  return at != NULL ? runs_read_join(runs_blank(at), term) : NULL;
}

/* How many terms; 0: it cannot be read. */
static int runs_read(const char *expression, runs_term term[TERMS]) {
  const char *at = expression;
  int n = 0;
  do {
    at = n < TERMS ? runs_read_term(at, &term[n++]) : NULL;
    if (at == NULL) {
      return 0;
    }
  } while (*at != '\0');
  const char *last = expression + strlen(expression);
  const bool is_open =
      last - expression >= 4 && (strcmp(last - 4, " or ") == 0 || strcmp(last - 4, "and ") == 0);
  return is_open ? 0 : n;
}

/* ---- choosing ---- */

/* Does a text of a column or a setting, or a number as it is written, hold the term's? */
static bool runs_holds_text(const runs_item *item, const char *part) {
  char number[RUN_NAME];
  if (item->text == NULL) {
    snprintf(number, sizeof number, "%.17g", item->number);
  }
  return strstr(item->text != NULL ? item->text : number, part) != NULL;
}

static bool runs_holds(const runs_table *self, const runs_row *row, const runs_term *term) {
  runs_item item;
  if (!runs_item_of(self, row, term->place, &item)) {
    return false;
  }
  if (term->op == RUNS_HOLDS) {
    return runs_holds_text(&item, term->value);
  }
  const int order = runs_compare(&item, &term->item);
  const bool is_known = !runs_is_none(&item);
  switch (term->op) {
    case RUNS_EQ:
      return order == 0;
    case RUNS_NE:
      return order != 0;
    case RUNS_LE:
      return is_known && order <= 0;
    case RUNS_GE:
      return is_known && order >= 0;
    case RUNS_LT:
      return is_known && order < 0;
    default:
      return is_known && order > 0;
  }
}

static bool runs_is_chosen(const runs_table *self, const runs_row *row, const runs_term *term,
                           int n) {
  bool holds = true;
  for (int i = 0; i < n; i++) {
    holds = holds && runs_holds(self, row, &term[i]);
    if (term[i].ends && holds) {
      return true;
    }
    holds = holds || term[i].ends;
  }
  return false;
}

static bool runs_is_order(runs_operator op) {
  return op == RUNS_LT || op == RUNS_LE || op == RUNS_GT || op == RUNS_GE;
}

/* Runs that have numbers, and numbers alone, are not less or more than a word. */
static int runs_check_value(const runs_table *self, const runs_term *term) {
  if (!runs_is_order(term->op) || term->item.is_number) {
    return EXIT_OK;
  }
  bool has_numbers = false;
  for (int i = 0; i < self->n; i++) {
    runs_item item;
    const bool is_known =
        runs_item_of(self, &self->row[i], term->place, &item) && !runs_is_none(&item);
    has_numbers = has_numbers || is_known;
    if (is_known && !item.is_number) {
      return EXIT_OK;
    }
  }
  return has_numbers
             ? say_usage("--where: %s holds numbers, and %s is none", term->name, term->value)
             : EXIT_OK;
}

int runs_where(runs_table *self, const char *expression) {
  runs_term term[TERMS];
  const int n = runs_read(expression, term);
  if (n == 0) {
    return say_usage(
        "--where is %s, expected NAME OP VALUE, joined by and, or; OP is one of = != < <= > >= ~",
        expression);
  }
  for (int i = 0; i < n; i++) {
    int code = runs_ask(self, "--where", term[i].name, &term[i].place);
    term[i].item = runs_item_from(term[i].value);
    code = code == EXIT_OK ? runs_check_value(self, &term[i]) : code;
    if (code != EXIT_OK) {
      return code;
    }
  }
  int kept = 0;
  for (int i = 0; i < self->n; i++) {
    if (runs_is_chosen(self, &self->row[i], term, n)) {
      self->row[kept++] = self->row[i];
    }
  }
  self->n = kept;
  return EXIT_OK;
}
