/* hedon explain EXPERIMENT: what hedon compare runs by this name. */
#include <string.h>

#include "experiments.h"
#include "explain.h"
#include "paper.h"
#include "say.h"

enum { TEXT_SIZE = 512 };

/* A list with commas between, an item on a line. */
static void explain_list(const char *head, const char *list) {
  char text[TEXT_SIZE];
  for (const char *at = list; *at != '\0'; at += *at == ',') {
    const size_t n = strcspn(at, ",");
    snprintf(text, sizeof text, "%.*s", (int)n, at);
    say_item(stdout, 2, 16, at == list ? head : "", text);
    at += n;
  }
}

static void explain_tasks(const experiment *what) {
  explain_list("methods", what->methods);
  for (const experiment_task *row = what->tasks; row->name != NULL; row++) {
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%s%s%s", row->name, row->settings[0] != '\0' ? " with " : "",
             row->settings);
    say_item(stdout, 2, 16, row == what->tasks ? "tasks" : "", text);
  }
}

static void explain_paper(const paper *what) {
  char text[TEXT_SIZE], count[SAY_SIZE];
  puts("  conditions, and what the paper reports");
  for (int i = 0; i < what->n_conditions; i++) {
    say_item(stdout, 4, 28, what->condition[i].name, what->condition[i].reported);
  }
  say_item(stdout, 2, 16, "succeeded", what->success);
  say_item(stdout, 2, 16, "differs", what->differs);
  snprintf(text, sizeof text, "%s %s", say_count(count, what->length), what->unit);
  say_item(stdout, 2, 16, "length", text);
}

void explain_experiment(const char *name) {
  const experiment *rows = experiment_find(name);
  const paper *own = paper_find(name);
  putchar('\n');
  if (own != NULL) {
    explain_paper(own);
  } else {
    explain_tasks(rows);
  }
  printf("  %-12s  %d\n\n  run by: hedon compare %s\n", "seeds",
         own != NULL ? own->seeds : rows->seeds, name);
}
