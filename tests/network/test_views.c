/* The views that hedon/network.h documents exist, with the shape and the right to write that it
 * says; and every view that exists is documented. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "neuron.h"
#include "test.h"

#define HEADER HD_TEST_DATA "/../../include/hedon/network.h"

enum { DOCUMENTED = 32, TEXT = 1 << 16, N_IN = 3, N_CELLS = 4 };

/* A rule that keeps something of everything, and does nothing. */
static const hd_field kept_pre = {"x", "", "of a source."}, kept_post = {"y", "", "of a target."};
static const hd_field kept_synapse = {"tag", "", "of a synapse."};
static void nothing(const hd_rule_desc *self, const hd_synapses *synapses) {
  (void)self;
  (void)synapses;
}
static const hd_rule_desc rule = {.size = sizeof(hd_rule_desc),
                                  .name = "all lists",
                                  .doc = "keeps and does nothing",
                                  .source = "this test",
                                  .pre = &kept_pre,
                                  .n_pre = 1,
                                  .post = &kept_post,
                                  .n_post = 1,
                                  .synapse = &kept_synapse,
                                  .n_synapse = 1,
                                  .after = nothing};

/* One entry of the header's table: "P.spike [rows][n] ...". */
typedef struct documented {
  char name[32], shape[32];
  bool is_writable, is_met;
} documented;

static documented table[DOCUMENTED];
static int n_documented;

static char *read_header(void) {
  static char text[TEXT];
  FILE *file = fopen(HEADER, "r");
  if (file == NULL || fread(text, 1, TEXT - 1, file) == 0) {
    exit(2);
  }
  fclose(file);
  return text;
}

/* Entries begin " *   P.name  [shape]"; what follows until the next one belongs to them. */
static void read_table(void) {
  documented *last = NULL;
  for (char *line = strtok(read_header(), "\n"); line != NULL; line = strtok(NULL, "\n")) {
    documented entry = {0};
    const bool is_entry = sscanf(line, " *   %31s %31s", entry.name, entry.shape) == 2 &&
                          (strncmp(entry.name, "P.", 2) == 0 || strncmp(entry.name, "J.", 2) == 0);
    if (is_entry) {
      table[n_documented] = entry;
      last = &table[n_documented++];
    } else if (strncmp(line, " *     ", 7) != 0) {
      last = NULL;
    }
    if (last != NULL && strstr(line, "writable") != NULL) {
      last->is_writable = true;
    }
  }
}

static documented *find(const char *name) {
  for (int i = 0; i < n_documented; i++) {
    if (strcmp(table[i].name, name) == 0) {
      return &table[i];
    }
  }
  return NULL;
}

/* Is it a state variable of the model that population p has? Those are documented as P.STATE. */
static bool is_state(const hd__neuron_desc *neuron, const char *suffix) {
  for (int i = 0; i < neuron->n_state; i++) {
    if (strcmp(neuron->state[i].name, suffix) == 0) {
      return true;
    }
  }
  return false;
}

/* Does short-term plasticity keep it of the sources? */
static bool is_short_term(const char *suffix) {
  return strcmp(suffix, "u") == 0 || strcmp(suffix, "x") == 0;
}

/* Is it an array that the rule of the projection keeps: "synapse.tag"? */
static bool is_kept(const char *suffix) { return strchr(suffix, '.') != NULL; }

/* The shape as the header writes it. */
static const char *shape_of(const hd_view *view, char kind, const char *suffix) {
  if (view->n_dims == 1) {
    return kind == 'J' ? "[n_synapses]" : "[n]";
  }
  if (view->n_dims == 3) {
    return "[rows][n_pre][n_post]";
  }
  return kind == 'P'              ? "[rows][n]"
         : is_short_term(suffix)  ? "[rows][n_pre]"
         : !is_kept(suffix)       ? "[n_pre][n_post]"
         : view->shape[1] == N_IN ? "[rows][n_pre]"
                                  : "[rows][n_post]";
}

/* What the header calls the view. */
static void documented_name(const hd__neuron_desc *neuron, char kind, const char *suffix,
                            char name[64]) {
  const char *dot = strchr(suffix, '.');
  if (dot != NULL) {
    snprintf(name, 64, "J.%.*s.NAME", (int)(dot - suffix), suffix);
  } else {
    const bool is_variable = kind == 'P' && is_state(neuron, suffix);
    snprintf(name, 64, "%c.%s", kind, is_variable ? "STATE" : suffix);
  }
}

static void check_view(const hd__neuron_desc *neuron, const hd_view *view) {
  const char kind = strstr(view->name, "->") != NULL ? 'J' : 'P';
  const char *suffix = strchr(view->name, '.') + 1;
  char name[64];
  documented_name(neuron, kind, suffix, name);
  documented *entry = find(name);
  if (entry == NULL) {
    printf("  view '%s' is not documented\n", view->name);
    CHECK(entry != NULL);
    return;
  }
  entry->is_met = true;
  CHECK(entry->is_writable == view->writable);
  if (strcmp(name, "J.weight") != 0 || view->n_dims == 2) {
    CHECK_TEXT(shape_of(view, kind, suffix), entry->shape);
  }
  const bool is_index = strcmp(name, "J.pre") == 0 || strcmp(name, "J.post") == 0;
  CHECK(view->doc[0] != '\0' && view->unit != NULL && view->data != NULL);
  CHECK_TEXT(view->dtype, is_index ? "I32" : "F32");
}

static void check_model(hd_ctx *ctx, const hd__neuron_desc *neuron) {
  const hd_population_def population[] = {{.name = "in", .neuron = "input", .n = N_IN},
                                          {.name = "cells", .neuron = neuron->name, .n = N_CELLS}};
  const hd_projection_def projection[] = {
      {.source = "in", .target = "cells", .rule = "all lists"},
      {"cells", "cells", .connect = HD_CONNECT_ONE_TO_ONE, .delay = 1},
      {"in", "cells", .name = "in->cells again", .stp_use = 0.5f}};
  hd_network_def def = hd_network_def_default();
  def.rows = 2;
  def.population = population;
  def.n_populations = 2;
  def.projection = projection;
  def.n_projections = 3;
  hd_network *network;
  CHECK(hd_network_create(ctx, &def, &network) == HD_OK);
  int n_state = 0;
  for (int i = 0; i < hd_network_view_count(network); i++) {
    const hd_view view = hd_network_view_at(network, i);
    check_view(neuron, &view);
    n_state += strncmp(view.name, "cells.", 6) == 0 && is_state(neuron, view.name + 6);
  }
  CHECK(n_state == neuron->n_state);
  hd_network_destroy(network);
}

static void documented_views_exist_and_others_do_not(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    exit(2);
  }
  CHECK(hd_rule_register(ctx, &rule) == HD_OK);
  read_table();
  CHECK(n_documented >= 11);
  for (int i = 0; i < hd__neuron_count(NULL); i++) {
    check_model(ctx, hd__neuron_at(NULL, i));
  }
  for (int i = 0; i < n_documented; i++) {
    if (!table[i].is_met) {
      printf("  the header documents %s, and no network has it\n", table[i].name);
    }
    CHECK(table[i].is_met);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(documented_views_exist_and_others_do_not);
  return test_end();
}
