/* The order of runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "runs_table.h"
#include "say.h"

runs_item runs_item_from(const char *text) {
  char *end;
  const double number = strtod(text, &end);
  const bool is_number = end != text && *end == '\0' && !isnan(number);
  return (runs_item){.is_number = is_number, .number = number, .text = text};
}

bool runs_is_none(const runs_item *item) { return !item->is_number && *item->text == '\0'; }

/* A number that came without its text is compared with a word by its figures. */
static const char *runs_item_text(const runs_item *item, char text[RUN_NAME]) {
  if (item->text != NULL) {
    return item->text;
  }
  snprintf(text, RUN_NAME, "%.15g", item->number);
  return text;
}

int runs_compare(const runs_item *a, const runs_item *b) {
  char x[RUN_NAME], y[RUN_NAME];
  if (a->is_number && b->is_number) {
    return (a->number > b->number) - (a->number < b->number);
  }
  if (runs_is_none(a) || runs_is_none(b)) {
    return (int)runs_is_none(a) - (int)runs_is_none(b);
  }
  return strcmp(runs_item_text(a, x), runs_item_text(b, y));
}

/* What a row is sorted by: its own place breaks ties. */
typedef struct runs_key {
  runs_item item;
  int at;
  bool is_down;
} runs_key;

static int runs_by_key(const void *a, const void *b) {
  const runs_key *x = a, *y = b;
  const int order = runs_compare(&x->item, &y->item);
  const bool is_missing = runs_is_none(&x->item) || runs_is_none(&y->item); /* last either way */
  return order == 0                  ? (x->at > y->at) - (x->at < y->at)
         : x->is_down && !is_missing ? -order
                                     : order;
}

static void runs_sort_rows(runs_table *self, runs_place place, bool is_down, runs_key *key,
                           runs_row *scratch) {
  for (int i = 0; i < self->n; i++) {
    key[i] = (runs_key){.at = i, .is_down = is_down};
    if (!runs_item_of(self, &self->row[i], place, &key[i].item)) {
      key[i].item.text = "";
    }
  }
  qsort(key, (size_t)self->n, sizeof *key, runs_by_key);
  memcpy(scratch, self->row, sizeof *scratch * (size_t)self->n);
  for (int i = 0; i < self->n; i++) {
    self->row[i] = scratch[key[i].at];
  }
}

int runs_sort(runs_table *self, const char *name) {
  const bool is_down = *name == '-';
  runs_place place;
  int code = runs_ask(self, "--sort", name + is_down, &place);
  if (code != EXIT_OK || self->n == 0) {
    return code;
  }
  runs_key *key = calloc((size_t)self->n, sizeof *key);
  runs_row *scratch = calloc((size_t)self->n, sizeof *scratch);
  if (key == NULL || scratch == NULL) {
    code = say_failure("out of memory");
  } else {
    runs_sort_rows(self, place, is_down, key, scratch);
  }
  free(key);
  free(scratch);
  return code;
}
