/* Methods, as `hedon explain` shows them. */
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "json.h"
#include "say.h"
#include "settings.h"

/* ---- rows ----
 *
 * A method that extends another may have several rows for the same tasks, which apply in order.
 * Here settings move up to the first of those rows, wherever that means the same. */

static bool explain_row_is_same(const hd_method *method, int i, int j) {
  return strcmp(hd_method_row(method, i)->tasks, hd_method_row(method, j)->tasks) == 0;
}

static int explain_row_first(const hd_method *method, int i) {
  int first = 0;
  while (!explain_row_is_same(method, first, i)) {
    first++;
  }
  return first;
}

/* Is a word, which ends at a comma or a blank, in a list of such? */
static bool explain_is_listed(const char *list, const char *word) {
  const size_t n = strcspn(word, ", ");
  while (*list != '\0' && !(strcspn(list, ", ") == n && strncmp(list, word, n) == 0)) {
    list += strcspn(list, ", ");
    list += strspn(list, ", ");
  }
  return *list != '\0';
}

/* May two rows serve one task? A class of tasks, which has no version, may hold any task, but no
 * set of samples is finite: samples are real numbers. */
static bool explain_row_meets(const hd_method *method, int i, int j) {
  const char *a = hd_method_row(method, i)->tasks, *b = hd_method_row(method, j)->tasks;
  const bool a_is_class = strstr(a, "-v") == NULL, b_is_class = strstr(b, "-v") == NULL;
  if (a_is_class != b_is_class) {
    return true;
  }
  for (; *a != '\0'; a += strspn(a, ", ")) {
    if (explain_is_listed(b, a)) {
      return true;
    }
    a += strcspn(a, ", ");
  }
  return false;
}

/* Does a row set the key of "key=value"? */
static bool explain_row_sets(const hd_method *method, int i, const char *pair) {
  const size_t key = strcspn(pair, "=") + 1;
  const char *at = hd_method_row(method, i)->settings;
  while (*at != '\0' && strncmp(at, pair, key) != 0) {
    at += strcspn(at, " ");
    at += strspn(at, " ");
  }
  return *at != '\0';
}

/* Does a later row for the same tasks set it anew? */
static bool explain_row_is_lost(const hd_method *method, int i, const char *pair) {
  bool is_lost = false;
  for (int j = i + 1; hd_method_row(method, j) != NULL; j++) {
    is_lost |= explain_row_is_same(method, i, j) && explain_row_sets(method, j, pair);
  }
  return is_lost;
}

/* The row under which a setting of row i is shown: the first for these tasks, unless an earlier
 * setting of the same key, shown behind that row, may concern one of them. */
static int explain_row_of(const hd_method *method, int i, const char *pair) {
  const int first = explain_row_first(method, i);
  for (int j = 0; j < i; j++) {
    if (!explain_row_is_same(method, i, j) && explain_row_meets(method, i, j) &&
        explain_row_sets(method, j, pair) && explain_row_of(method, j, pair) > first) {
      return i;
    }
  }
  return first;
}

static void explain_row_add(const hd_method *method, int i, int row, char *text) {
  const char *at = hd_method_row(method, i)->settings;
  while (*at != '\0') {
    const size_t length = strcspn(at, " ");
    if (!explain_row_is_lost(method, i, at) && explain_row_of(method, i, at) == row) {
      strcat(text, *text != '\0' ? " " : "");
      strncat(text, at, length);
    }
    at += length;
    at += strspn(at, " ");
  }
}

/* What is shown under a row, "" if nothing is; the caller frees it. NULL: out of memory. */
static char *explain_row(const hd_method *method, int row) {
  size_t size = 1;
  for (int i = row; hd_method_row(method, i) != NULL; i++) {
    size += strlen(hd_method_row(method, i)->settings) + 1;
  }
  char *text = calloc(size, 1);
  for (int i = row; text != NULL && hd_method_row(method, i) != NULL; i++) {
    if (explain_row_is_same(method, i, row)) {
      explain_row_add(method, i, row, text);
    }
  }
  return text;
}

/* ---- two forms ---- */

void explain_method_text(const hd_config *config, const hd_method *method) {
  printf("%s\n  ", method->name);
  say_wrapped(stdout, 2, 2, method->doc);
  if (method->source[0] != '\0') {
    fputs("  Source: ", stdout);
    say_wrapped(stdout, 10, 10, method->source);
  }
  printf("\n  on every task\n");
  settings_row(config, method->settings);
  for (int i = 0; hd_method_row(method, i) != NULL; i++) {
    char *text = explain_row(method, i);
    if (text != NULL && *text != '\0') {
      const char *again = explain_row_first(method, i) < i ? "then, " : "";
      printf("\n  %son %s\n", again, hd_method_row(method, i)->tasks);
      settings_row(config, text);
    }
    free(text);
  }
}

void explain_method_json(const hd_config *config, const hd_method *method) {
  (void)config;
  printf("{\"kind\":\"method\",\"name\":");
  json_string(stdout, method->name);
  printf(",\"doc\":");
  json_string(stdout, method->doc);
  printf(",\"source\":");
  json_string(stdout, method->source);
  printf(",\"settings\":");
  settings_row_json(method->settings);
  printf(",\"tasks\":[");
  const char *between = "";
  for (int i = 0; hd_method_row(method, i) != NULL; i++) {
    char *text = explain_row(method, i);
    if (text != NULL && *text != '\0') {
      printf("%s{\"on\":", between);
      json_string(stdout, hd_method_row(method, i)->tasks);
      printf(",\"settings\":");
      settings_row_json(text);
      printf("}");
      between = ",";
    }
    free(text);
  }
  printf("]}\n");
}
