/* A recording is asked for: checks, and memory. */
#include <stdio.h>
#include <string.h>

#include "network_internal.h"

hd_record_def hd_record_def_default(void) {
  return (hd_record_def){.size = sizeof(hd_record_def), .substeps = 1000};
}

/* ---- entries of a row: of neurons, or of synapses source by source ---- */

static int64_t network_record_targets(const hd_view *view) {
  return view->n_dims == 3 ? view->shape[2] : 1;
}

static int64_t network_record_entries(const hd_view *view) {
  return view->shape[1] * network_record_targets(view);
}

/* Where entry i of a row lies. */
static int64_t network_record_at(const hd_view *view, int row, int64_t i) {
  const int64_t n = network_record_targets(view);
  return row * view->stride[0] + i / n * view->stride[1] +
         (view->n_dims == 3 ? i % n * view->stride[2] : 0);
}

/* ---- checks ---- */

static hd_status network_record_check_chosen(hd_ctx *ctx, const hd_record_def *def,
                                             const hd__network_view *view) {
  const char *name = view->view.name;
  const int64_t n = network_record_entries(&view->view);
  if (def->neuron != NULL && def->n_neurons < 1) {
    return hd__fail(ctx, HD_RANGE, "a recording of '%s' chooses %d %ss, at least 1 is allowed",
                    name, def->n_neurons, view->of);
  }
  for (int i = 0; def->neuron != NULL && i < def->n_neurons; i++) {
    if (def->neuron[i] < 0 || def->neuron[i] >= n) {
      return hd__fail(ctx, HD_RANGE, "a recording of '%s' chooses %s %d, allowed 0 to %lld", name,
                      view->of, def->neuron[i], (long long)n - 1);
    }
  }
  return HD_OK;
}

static hd_status network_record_check(hd_network *network, const hd_record_def *def, int *view) {
  hd_ctx *ctx = network->ctx;
  if (def == NULL || def->size != sizeof(hd_record_def)) {
    return hd__fail(ctx, HD_USAGE,
                    "hd_network_record takes a definition from "
                    "hd_record_def_default");
  }
  HD_TRY(hd__network_find_view(network, def->view, view));
  if (*view >= network->n_views || network->view[*view].of == NULL) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "view '%s' is neither what neurons do in a substep nor what a rule keeps of it, "
        "so its substeps cannot be recorded",
        def->view);
  }
  if (def->row < 0 || def->row >= network->rows) {
    return hd__fail(ctx, HD_RANGE, "a recording of '%s' has row = %d, allowed 0 to %d", def->view,
                    def->row, network->rows - 1);
  }
  if (def->substeps < 1 || def->substeps > INT32_MAX) {
    return hd__fail(ctx, HD_RANGE, "a recording of '%s' keeps %lld substeps, allowed 1 to %d",
                    def->view, (long long)def->substeps, INT32_MAX);
  }
  return network_record_check_chosen(ctx, def, &network->view[*view]);
}

static hd_status network_record_check_name(hd_network *network, const char *name) {
  if (strlen(name) >= HD_NETWORK_LONG_NAME) {
    return hd__fail(network->ctx, HD_RANGE, "the name '%.40s...' is longer than %d bytes", name,
                    HD_NETWORK_LONG_NAME - 1);
  }
  for (int i = 0; i < hd_network_view_count(network); i++) {
    if (strcmp(hd__network_view_name(network, i), name) == 0) {
      return hd__fail(network->ctx, HD_CONFLICT,
                      "there is a view '%s' already; give the recording "
                      "another name",
                      name);
    }
  }
  return HD_OK;
}

/* ---- memory ---- */

static void network_record_lay_out(hd__recorder *recorder, const char *name) {
  const size_t n = (size_t)recorder->n;
  char *copy = HD_TAKE(&recorder->arena, char, strlen(name) + 1);
  recorder->at = HD_TAKE(&recorder->arena, int64_t, n);
  recorder->ring = HD_TAKE(&recorder->arena, float, 2 * (size_t)recorder->substeps * n);
  if (copy != NULL) {
    memcpy(copy, name, strlen(name) + 1);
    recorder->name = copy;
  }
}

static hd_status network_record_make(hd_network *network, const hd_record_def *def,
                                     const hd_view *source, const char *name,
                                     hd__recorder *recorder) {
  *recorder = (hd__recorder){.source = *source, .substeps = def->substeps};
  recorder->n = def->neuron != NULL ? def->n_neurons : network_record_entries(source);
  network_record_lay_out(recorder, name);
  HD_TRY(hd__arena_commit(network->ctx, &recorder->arena));
  network_record_lay_out(recorder, name);
  for (int64_t i = 0; i < recorder->n; i++) {
    recorder->at[i] = network_record_at(source, def->row, def->neuron != NULL ? def->neuron[i] : i);
  }
  return HD_OK;
}

/* Room for one more. */
static hd_status network_record_grow(hd_network *network) {
  if (network->n_recorders < network->recorder_capacity) {
    return HD_OK;
  }
  const int capacity = network->recorder_capacity == 0 ? 8 : 2 * network->recorder_capacity;
  hd__recorder *grown = hd__realloc(network->ctx, network->recorder,
                                    (size_t)network->recorder_capacity * sizeof *grown,
                                    (size_t)capacity * sizeof *grown);
  if (grown == NULL) {
    return hd__fail(network->ctx, HD_NOMEM, "out of memory: %zu bytes were asked for",
                    (size_t)capacity * sizeof *grown);
  }
  network->recorder = grown;
  network->recorder_capacity = capacity;
  return HD_OK;
}

hd_status hd_network_record(hd_network *network, const hd_record_def *def) {
  int view;
  HD_TRY(network_record_check(network, def, &view));
  const hd_view *source = &network->view[view].view;
  char made[2 * HD_NETWORK_LONG_NAME];
  snprintf(made, sizeof made, "%s.record", source->name);
  const char *name = def->name != NULL ? def->name : made;
  HD_TRY(network_record_check_name(network, name));
  HD_TRY(network_record_grow(network));
  HD_TRY(network_record_make(network, def, source, name, &network->recorder[network->n_recorders]));
  network->n_recorders++;
  return HD_OK;
}
