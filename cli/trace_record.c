/* Recording a trace. A learner advances by whole units of its own, such as rollouts, so it runs
 * twice: first to count the substeps of the units, then with recordings that hold what was asked
 * for. */
#include "trace_record.h"

#include <stdlib.h>
#include <string.h>

#include "plugins.h"
#include "run_data.h"
#include "say.h"

enum { VALUES_MAX = 1 << 26 }; /* numbers of a trace: 256 MB */

/* ---- parts ---- */

bool trace_record_fits(trace_recorder *self, int64_t n) {
  if (self->out->n_parts == TRACE_PARTS) {
    self->code = say_usage(
        "a trace holds %d quantities of populations and projections; choose fewer by --what",
        TRACE_PARTS);
    return false;
  }
  double values = (double)self->out->rows * (double)n;
  for (int i = 0; i < self->out->n_parts; i++) {
    values += (double)self->out->rows * self->out->part[i].n;
  }
  if (values > VALUES_MAX) {
    self->code = say_usage(
        "a trace of %.0f numbers is too large, allowed %d; choose fewer neurons "
        "or decisions",
        values, VALUES_MAX);
  }
  return values <= VALUES_MAX;
}

static trace_part *trace_record_add(trace_recorder *self, const char *name, const int *neuron,
                                    int n) {
  trace_part *part = trace_record_fits(self, n) ? trace_add(self->out, name, n) : NULL;
  if (part == NULL && self->code == EXIT_OK) {
    self->code = say_failure("out of memory for a trace");
  }
  for (int i = 0; part != NULL && i < n; i++) {
    snprintf(part->label[i], TRACE_LABEL, "%d", neuron[i]);
  }
  return part;
}

trace_part *trace_record_neurons(trace_recorder *self, const char *name, const char *population,
                                 int n) {
  int n_chosen = 0, *chosen = malloc(sizeof *chosen * (size_t)n);
  trace_part *part = NULL;
  if (chosen == NULL) {
    self->code = say_failure("out of memory");
  } else if (!trace_neurons(self->choice, population, n, chosen, &n_chosen)) {
    self->code = EXIT_USAGE;
  } else if (n_chosen > 0) {
    part = trace_record_add(self, name, chosen, n_chosen);
  }
  free(chosen);
  return part;
}

/* Which entry of a view's rows a column is: of synapses "I][J", source by source. */
static int trace_record_entry(const hd_view *view, const char *label) {
  const char *target = strstr(label, "][");
  return target != NULL ? atoi(label) * (int)view->shape[2] + atoi(target + 2) : atoi(label);
}

hd_status trace_record_ask(trace_recorder *self, const trace_part *part, const hd_view *view,
                           const char *name) {
  if (self->total == 0) { /* the first time: nothing to record yet */
    return HD_OK;
  }
  hd_record_def def = hd_record_def_default();
  int *neuron = malloc(sizeof *neuron * (size_t)part->n);
  if (neuron == NULL) {
    return HD_NOMEM;
  }
  for (int i = 0; i < part->n; i++) {
    neuron[i] = trace_record_entry(view, part->label[i]);
  }
  def.view = view->name;
  def.name = name;
  def.neuron = neuron;
  def.n_neurons = part->n;
  def.substeps = self->total - self->begin;
  const hd_status status = hd_network_record(self->network, &def);
  free(neuron);
  return status;
}

float trace_record_at(const trace_recorder *self, const hd_view *record, int64_t s, int i) {
  const int64_t row = record->shape[0] - (self->total - s);
  return ((const float *)record->data)[row * record->stride[0] + i];
}

/* ---- which views ---- */

/* "hidden" and "v" of "hidden.v"; false of what belongs to a projection. */
static bool trace_record_split(const hd_view *view, char population[TRACE_NAME],
                               const char **quantity) {
  *quantity = trace_quantity(view->name);
  if (view->n_dims != 2 || strstr(view->name, "->") != NULL || **quantity == '\0') {
    return false;
  }
  snprintf(population, TRACE_NAME, "%.*s", (int)(*quantity - 1 - view->name), view->name);
  return true;
}

static bool trace_record_has_potential(hd_network *network, const char *population) {
  char name[TRACE_NAME];
  snprintf(name, sizeof name, "%.100s.v", population);
  for (int i = 0; i < hd_network_view_count(network); i++) {
    if (strcmp(hd_network_view_at(network, i).name, name) == 0) {
      return true;
    }
  }
  return false;
}

/* By default the probability of a spike stands for a potential where there is none. */
static bool trace_record_is_wanted(const trace_recorder *self, const char *population,
                                   const char *quantity) {
  const bool is_default_p = self->choice->what == NULL && strcmp(quantity, "p") == 0;
  return trace_wants(self->choice, quantity) &&
         !(is_default_p && trace_record_has_potential(self->network, population));
}

/* Ask for what is wanted of one view. */
static hd_status trace_record_view(trace_recorder *self, const hd_view *view) {
  char population[TRACE_NAME], name[TRACE_NAME + 8];
  const char *quantity;
  if (!trace_record_split(view, population, &quantity)) {
    return trace_projection_ask(self, view);
  }
  const int n = (int)view->shape[1];
  if (trace_record_is_wanted(self, population, quantity)) {
    const trace_part *part = trace_record_neurons(self, view->name, population, n);
    snprintf(name, sizeof name, "%.150s.record", view->name);
    HD_TRY(part != NULL ? trace_record_ask(self, part, view, name) : HD_OK);
  }
  return strcmp(quantity, "v") == 0 && trace_wants(self->choice, "threshold") &&
                 self->code == EXIT_OK
             ? trace_threshold_ask(self, population, n)
             : HD_OK;
}

static hd_status trace_record_views(trace_recorder *self) {
  const int n = hd_network_view_count(self->network); /* recordings are added behind */
  self->code = trace_check_words(self->choice, hd_session_config(self->session), self->network);
  for (int i = 0; i < n && self->code == EXIT_OK; i++) {
    const hd_view view = hd_network_view_at(self->network, i);
    HD_TRY(trace_record_view(self, &view));
  }
  if (self->code == EXIT_OK && self->out->n_parts == 0) {
    self->code =
        say_usage("nothing is chosen: no population has what --neurons and --what ask for");
  }
  return HD_OK;
}

/* ---- the learner ---- */

const char *trace_record_setting(const trace_recorder *self, const char *key,
                                 const char *fallback) {
  const char *text = hd_config_get(hd_session_config(self->session), key);
  return text != NULL ? text : fallback;
}

static hd_status trace_record_open(trace_recorder *self) {
  const trace_source *source = self->source;
  HD_TRY(source->checkpoint != NULL
             ? hd_session_load(self->ctx, source->checkpoint, &self->session)
             : hd_session_create(self->ctx, source->config, source->seed, &self->session));
  return hd_session_network(self->session, 0, &self->network);
}

static void trace_record_title(trace_recorder *self) {
  const hd_config *config = hd_session_config(self->session);
  hd_stats stats;
  char steps[SAY_SIZE];
  hd_session_stats(self->session, &stats);
  run_changes(self->ctx, config, self->out->note);
  snprintf(self->out->title, sizeof self->out->title, "%.40s with %.60s, seed %llu, after %s steps",
           hd_config_task(config), hd_config_method(config), (unsigned long long)stats.seed,
           say_count(steps, stats.env_steps));
}

/* The first time: how far does the unit of learning reach that makes the last decision? */
static hd_status trace_record_advance(trace_recorder *self) {
  while (hd_network_substeps(self->network) < self->end) {
    HD_TRY(hd_session_train(self->session, 1));
  }
  self->total = hd_network_substeps(self->network);
  return HD_OK;
}

static void trace_record_drop_parts(trace *out) {
  const trace kept = *out;
  trace_free(out);
  *out = kept;
  out->n_parts = 0;
}

/* What is asked for is checked before a long way is gone. */
static hd_status trace_record_measure(trace_recorder *self) {
  HD_TRY(trace_record_open(self));
  trace_record_title(self);
  self->out->first = self->choice->first;
  self->out->substeps = atoi(trace_record_setting(self, "substeps", "1"));
  self->begin = self->choice->first * self->out->substeps;
  self->end = (self->choice->last + 1) * self->out->substeps;
  self->out->rows = self->end - self->begin;
  HD_TRY(trace_record_views(self));
  trace_record_drop_parts(self->out);
  HD_TRY(self->code == EXIT_OK ? trace_record_advance(self) : HD_OK);
  hd_session_destroy(self->session);
  self->session = NULL;
  return HD_OK;
}

static void trace_record_copy(trace_recorder *self, trace_part *part) {
  char name[TRACE_NAME + 8];
  hd_view record;
  snprintf(name, sizeof name, "%.150s.record", part->name);
  if (hd_network_view(self->network, name, &record) != HD_OK) {
    return;
  }
  for (int64_t k = 0; k < self->out->rows; k++) {
    for (int i = 0; i < part->n; i++) {
      part->value[k * part->n + i] = trace_record_at(self, &record, self->begin + k, i);
    }
  }
}

static void trace_record_read(trace_recorder *self) {
  for (int i = 0; i < self->out->n_parts; i++) {
    trace_part *part = &self->out->part[i];
    if (trace_is(part, "threshold")) {
      trace_threshold_fill(self, part);
    } else {
      trace_record_copy(self, part);
    }
  }
}

/* The second time, unit by unit. */
static hd_status trace_record_run(trace_recorder *self) {
  HD_TRY(trace_record_open(self));
  HD_TRY(trace_record_views(self));
  int64_t before = 0;
  while (self->code == EXIT_OK && before < self->total) {
    HD_TRY(hd_session_train(self->session, 1));
    const int64_t now = hd_network_substeps(self->network);
    for (int i = 0; i < self->out->n_parts; i++) {
      trace_projection_fill(self, &self->out->part[i], before, now);
    }
    before = now;
  }
  if (self->code == EXIT_OK) {
    trace_record_read(self);
  }
  return HD_OK;
}

hd_status trace_try(hd_ctx *ctx, const trace_source *source, const trace_choice *choice, trace *out,
                    int *code) {
  trace_recorder self = {.ctx = ctx, .source = source, .choice = choice, .out = out};
  *out = (trace){.rows = 0};
  hd_status status = trace_record_measure(&self);
  if (status == HD_OK && self.code == EXIT_OK) {
    status = trace_record_run(&self);
  }
  hd_session_destroy(self.session);
  if (status != HD_OK || self.code != EXIT_OK) {
    trace_free(out);
  }
  *code = self.code;
  return status;
}

int trace_record(hd_ctx *ctx, const arguments *args, const trace_source *source,
                 const trace_choice *choice, trace *out) {
  int code;
  const hd_status status = trace_try(ctx, source, choice, out, &code);
  return status != HD_OK ? plugins_say(ctx, status, args) : code;
}
