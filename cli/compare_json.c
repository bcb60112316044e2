#include "compare.h"
#include "json.h"
#include "report.h"

static void compare_json_list(FILE *file, const char *key, const char *const *word, int n) {
  fprintf(file, ",\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    fputs(i > 0 ? "," : "", file);
    json_string(file, word[i]);
  }
  fputc(']', file);
}

static void compare_json_cell_json(FILE *file, const cell *c) {
  fputs("{\"env\":", file);
  json_string(file, hd_config_task(c->config));
  fputs(",\"method\":", file);
  json_string(file, c->label);
  fputs(",\"state\":", file);
  json_string(file, cell_state_name(c->state));
  fputs(",\"threshold\":", file);
  json_number(file, c->threshold);
  fputs(",\"reward\":", file);
  json_string(file, hd_config_get(c->config, "reward"));
  if (c->state == CELL_DONE) {
    fputs(",\"place\":", file);
    json_count(file, c->place > 0 ? c->place : -1);
    fprintf(file, ",\"n_solved\":%d", c->summary.n_solved);
    report_summary_json(file, &c->summary);
    fputs(",\"seeds\":[", file);
    for (int i = 0; i < c->summary.n; i++) {
      fputs(i > 0 ? "," : "", file);
      report_result_json(file, &c->result[i]);
    }
    fputc(']', file);
  } else if (c->message[0] != '\0') {
    fputs(",\"message\":", file);
    json_string(file, c->message);
  }
  fputc('}', file);
}

void compare_json(FILE *file, const comparison *self) {
  const arguments *args = self->args;
  fputs("{\"experiment\":", file);
  if (self->named != NULL) {
    json_string(file, self->named->name);
  } else {
    fputs("null", file);
  }
  compare_json_list(file, "tasks", self->task, self->n_tasks);
  compare_json_list(file, "methods", self->label, self->n_methods);
  compare_json_list(file, "set", args->set, args->n_set);
  fprintf(file, ",\"seed\":%llu,\"n_seeds\":%d,\"cells\":[", (unsigned long long)args->seed,
          self->n_seeds);
  for (int i = 0; i < self->n_tasks * self->n_methods; i++) {
    fputs(i > 0 ? "," : "", file);
    compare_json_cell_json(file, &self->cell[i]);
  }
  fputs("]}\n", file);
}
