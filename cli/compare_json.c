#include <string.h>

#include "compare.h"
#include "json.h"
#include "report.h"

/* A list of `n` texts. */
typedef const char *(*compare_json_fn)(const comparison *self, int i);

static const char *compare_json_task(const comparison *self, int i) { return self->task[i].name; }

static const char *compare_json_label(const comparison *self, int i) {
  return self->label[i].name != NULL ? self->label[i].name : self->label[i].text;
}

static const char *compare_json_set(const comparison *self, int i) { return self->args->set[i]; }

static void compare_json_list(FILE *file, const comparison *self, const char *key,
                              compare_json_fn at, int n) {
  fprintf(file, ",\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    fputs(i > 0 ? "," : "", file);
    json_string(file, at(self, i));
  }
  fputc(']', file);
}

static void compare_json_failures(FILE *file, const comparison *self, const cell *c) {
  int n = 0;
  for (int k = 0; k < self->n_seeds; k++) {
    if (c->failure[k] != NULL) {
      fprintf(file, "%s{\"seed\":%llu,\"message\":", n++ > 0 ? "," : ",\"failures\":[",
              (unsigned long long)(self->seed + (uint64_t)k));
      json_string(file, c->failure[k]);
      fputc('}', file);
    }
  }
  fputs(n > 0 ? "]" : "", file);
}

static void compare_json_figures(FILE *file, const comparison *self, const cell *c) {
  fputs(",\"place\":", file);
  json_count(file, c->place > 0 ? c->place : -1);
  fprintf(file, ",\"n_solved\":%d", c->summary.n_solved);
  report_summary_json(file, &c->summary);
  fputs(",\"seeds\":[", file);
  for (int k = 0; k < self->n_seeds; k++) {
    fputs(k > 0 ? "," : "", file);
    report_result_json(file, &c->result[k]);
  }
  fputc(']', file);
}

static void compare_json_cell_json(FILE *file, const comparison *self, const cell *c) {
  fputs("{\"env\":", file);
  json_string(file, hd_config_task(c->config));
  fputs(",\"method\":", file);
  json_string(file, cell_label(self, c));
  fprintf(file, ",\"number\":%d,\"state\":", c->number);
  json_string(file, cell_state_name(c->state));
  fputs(",\"threshold\":", file);
  json_number(file, c->threshold);
  fputs(",\"reward\":", file);
  json_string(file, hd_config_get(c->config, "reward"));
  if (c->state == CELL_DONE) {
    compare_json_figures(file, self, c);
  } else if (c->message[0] != '\0') {
    fputs(",\"message\":", file);
    json_string(file, c->message);
  }
  compare_json_failures(file, self, c);
  fputc('}', file);
}

void compare_json(FILE *file, const comparison *self) {
  const char *key = strcmp(self->kind, "study") == 0 ? "study" : "experiment";
  fprintf(file, "{\"%s\":", key);
  if (self->title != NULL) {
    json_string(file, self->title);
  } else {
    fputs("null", file);
  }
  compare_json_list(file, self, "tasks", compare_json_task, self->n_tasks);
  compare_json_list(file, self, "methods", compare_json_label, self->n_labels);
  compare_json_list(file, self, "set", compare_json_set, self->args->n_set);
  fprintf(file, ",\"seed\":%llu,\"n_seeds\":%d,\"cells\":[", (unsigned long long)self->seed,
          self->n_seeds);
  for (int i = 0; i < self->n_tasks * self->n_labels; i++) {
    fputs(i > 0 ? "," : "", file);
    compare_json_cell_json(file, self, self->ranked[i]);
  }
  fputs("]}\n", file);
}
