/* Views found by name; who may change them; their entries checked, copied out, copied in. */
#include <stdio.h>
#include <string.h>

#include "is_finite.h"
#include "network_internal.h"
#include "text.h"

/* ---- who may change it ---- */

hd_status hd__network_check_own(const hd_network *network) {
  if (network->is_shown) {
    return hd__fail(network->ctx, HD_USAGE,
                    "this network shows what a session's own network does, and only the session "
                    "advances it");
  }
  return HD_OK;
}

/* ---- asking for one ---- */

int hd_network_view_count(const hd_network *network) {
  return network->n_views + network->n_recorders;
}

hd_view hd_network_view_at(hd_network *network, int index) {
  if (index >= network->n_views) {
    return hd__network_recording(network, index - network->n_views);
  }
  network->view[index].is_given = true;
  return network->view[index].view;
}

const char *hd__network_view_name(const hd_network *network, int index) {
  return index < network->n_views ? network->view[index].view.name
                                  : network->recorder[index - network->n_views].name;
}

static const char *network_access_name(const void *network, int index) {
  return hd__network_view_name(network, index);
}

hd_status hd__network_find_view(const hd_network *network, const char *name, int *out) {
  const int n = hd_network_view_count(network);
  for (int i = 0; name != NULL && i < n; i++) {
    if (strcmp(hd__network_view_name(network, i), name) == 0) {
      *out = i;
      return HD_OK;
    }
  }
  char hint[HD_HINT_SIZE];
  const char *asked = name != NULL ? name : "";
  return hd__fail(network->ctx, HD_UNKNOWN, "this network has no view '%.80s'%s", asked,
                  hd__hint(asked, network_access_name, network, n, hint));
}

hd_status hd_network_view(hd_network *network, const char *name, hd_view *out) {
  int index;
  HD_TRY(hd__network_find_view(network, name, &index));
  *out = hd_network_view_at(network, index);
  return HD_OK;
}

/* ---- entries ----
 *
 * A view is a number of runs: all its dimensions but the last one count them. */

static int64_t network_access_runs(const hd_view *view) {
  int64_t n = 1;
  for (int d = 0; d + 1 < view->n_dims; d++) {
    n *= view->shape[d];
  }
  return n;
}

static int64_t network_access_length(const hd_view *view) { return view->shape[view->n_dims - 1]; }

/* Where run i of a view begins. */
static float *network_access_run(const hd_view *view, int64_t i) {
  float *at = view->data;
  for (int d = view->n_dims - 2; d >= 0; d--) {
    at += i % view->shape[d] * view->stride[d];
    i /= view->shape[d];
  }
  return at;
}

/* ---- finite or not ---- */

/* "[3][7]": the indices of entry j of run i. */
static void network_access_print(const hd_view *view, int64_t i, int64_t j, char *text,
                                 size_t size) {
  int64_t index[4], n = 0;
  for (int d = view->n_dims - 1; d >= 0; d--) {
    index[d] = d == view->n_dims - 1 ? j : i % view->shape[d];
    i /= d == view->n_dims - 1 ? 1 : view->shape[d];
  }
  for (int d = 0; d < view->n_dims; d++) {
    n += snprintf(text + n, size - (size_t)n, "[%lld]", (long long)index[d]);
  }
}

static hd_status network_access_fail(hd_ctx *ctx, const hd_view *view, int64_t i,
                                     const float *run) {
  int64_t j = 0;
  char entry[96];
  while (!hd__is_infinite_or_nan(run[j])) {
    j++;
  }
  network_access_print(view, i, j, entry, sizeof entry);
  return hd__fail(ctx, HD_NUMERIC,
                  "entry %s of view '%s' is %g; only finite numbers may be written", entry,
                  view->name, (double)run[j]);
}

/* Runs of a writable view have no gaps. values: in the order of its shape; NULL: its own. */
static hd_status network_access_check(hd_ctx *ctx, const hd_view *view, const float *values) {
  const int64_t length = network_access_length(view), runs = network_access_runs(view);
  HD_ASSERT(view->stride[view->n_dims - 1] == 1);
  for (int64_t i = 0; i < runs; i++) {
    const float *run = values != NULL ? values + i * length : network_access_run(view, i);
    if (!hd__is_finite(run, (size_t)length)) {
      return network_access_fail(ctx, view, i, run);
    }
  }
  return HD_OK;
}

/* Whether a view is finite, at a glance: of a matrix, whole rows with their padding. What this says no
 * to may be finite. */
static bool network_access_is_finite(const hd_network *network, const hd_view *view) {
  const bool is_matrix = view->n_dims == 2 && view->stride[0] == HD_PAD(view->shape[1]);
  return is_matrix &&
         network->graph.kernel->finite((size_t)(view->shape[0] * view->stride[0]), view->data);
}

hd_status hd__network_check_views(hd_network *network) {
  for (int k = 0; k < network->n_views; k++) {
    const hd__network_view *view = &network->view[k];
    if (view->is_given && view->view.writable && !network_access_is_finite(network, &view->view)) {
      HD_TRY(network_access_check(network->ctx, &view->view, NULL));
    }
  }
  return HD_OK;
}

/* ---- copies ---- */

/* A view of F32 with `n` entries. */
static hd_status network_access_find(hd_network *network, const char *name, int64_t n,
                                     hd_view *view) {
  int index;
  HD_TRY(hd__network_find_view(network, name, &index));
  *view = index < network->n_views ? network->view[index].view
                                   : hd__network_recording(network, index - network->n_views);
  if (strcmp(view->dtype, "F32") != 0) {
    return hd__fail(network->ctx, HD_CONFLICT, "view '%s' is of %s; only views of F32 are copied",
                    name, view->dtype);
  }
  if (n != network_access_runs(view) * network_access_length(view)) {
    return hd__fail(network->ctx, HD_CONFLICT, "view '%s' has %lld entries, not %lld", name,
                    (long long)(network_access_runs(view) * network_access_length(view)),
                    (long long)n);
  }
  return HD_OK;
}

hd_status hd_network_read(hd_network *network, const char *name, float *values, int64_t n) {
  hd_view view;
  HD_TRY(network_access_find(network, name, n, &view));
  const int64_t length = network_access_length(&view), stride = view.stride[view.n_dims - 1];
  for (int64_t i = 0; i < n; i++) {
    values[i] = network_access_run(&view, i / length)[i % length * stride];
  }
  return HD_OK;
}

hd_status hd_network_write(hd_network *network, const char *name, const float *values, int64_t n) {
  hd_view view;
  HD_TRY(network_access_find(network, name, n, &view));
  if (!view.writable) {
    return hd__fail(network->ctx, HD_USAGE,
                    "view '%s' shows what the network did; it is not writable", name);
  }
  HD_TRY(network_access_check(network->ctx, &view, values));
  const int64_t length = network_access_length(&view);
  for (int64_t i = 0; i < n; i++) {
    network_access_run(&view, i / length)[i % length] = values[i];
  }
  return HD_OK;
}
