/* Views found by name; their entries checked, copied out, copied in. A view of one dimension counts
 * as one row. */
#include <string.h>

#include "network_internal.h"
#include "text.h"

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

static const char *access_name(const void *network, int index) {
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
  const char *near = name != NULL ? hd__nearest(name, access_name, network, n) : NULL;
  return hd__fail(network->ctx, HD_UNKNOWN, "this network has no view '%.80s'%s%s%s",
                  name != NULL ? name : "", near != NULL ? "; did you mean '" : "",
                  near != NULL ? near : "", near != NULL ? "'?" : "");
}

hd_status hd_network_view(hd_network *network, const char *name, hd_view *out) {
  int index;
  HD_TRY(hd__network_find_view(network, name, &index));
  *out = hd_network_view_at(network, index);
  return HD_OK;
}

/* ---- entries ---- */

static int64_t access_rows(const hd_view *view) { return view->n_dims > 1 ? view->shape[0] : 1; }

static int64_t access_columns(const hd_view *view) { return view->shape[view->n_dims - 1]; }

/* A copy of a view's place, or of a caller's values in the order of its shape. */
typedef struct access_place {
  float *first;
  int64_t row, column; /* entries from one to the next */
} access_place;

static access_place access_of(const hd_view *view) {
  return (access_place){view->data, view->n_dims > 1 ? view->stride[0] : 0,
                        view->stride[view->n_dims - 1]};
}

static access_place access_dense(const hd_view *view, float *values) {
  return (access_place){values, access_columns(view), 1};
}

static void access_copy(const hd_view *view, access_place to, access_place from) {
  for (int64_t i = 0; i < access_rows(view); i++) {
    for (int64_t j = 0; j < access_columns(view); j++) {
      to.first[i * to.row + j * to.column] = from.first[i * from.row + j * from.column];
    }
  }
}

/* ---- finite or not ---- */

/* Is the number infinite or none at all? By its bits, so that loops over it become vector code. */
static uint32_t access_is_bad(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bits & 0x7F800000u) == 0x7F800000u;
}

static bool access_has_bad(const float *x, int64_t n) {
  uint32_t bad = 0;
  for (int64_t j = 0; j < n; j++) {
    bad |= access_is_bad(x[j]);
  }
  return bad != 0;
}

static hd_status access_fail(hd_ctx *ctx, const hd_view *view, int64_t i, const float *row) {
  int64_t j = 0;
  while (!access_is_bad(row[j])) {
    j++;
  }
  if (view->n_dims > 1) {
    return hd__fail(ctx, HD_NUMERIC,
                    "entry [%lld][%lld] of view '%s' is %g; only finite numbers may be written",
                    (long long)i, (long long)j, view->name, (double)row[j]);
  }
  return hd__fail(ctx, HD_NUMERIC,
                  "entry [%lld] of view '%s' is %g; only finite numbers may be written",
                  (long long)j, view->name, (double)row[j]);
}

/* Writable views lie row by row without gaps. */
static hd_status access_check(hd_ctx *ctx, const hd_view *view, access_place at) {
  HD_ASSERT(at.column == 1);
  for (int64_t i = 0; i < access_rows(view); i++) {
    if (access_has_bad(at.first + i * at.row, access_columns(view))) {
      return access_fail(ctx, view, i, at.first + i * at.row);
    }
  }
  return HD_OK;
}

hd_status hd__network_check_views(hd_network *network) {
  for (int k = 0; k < network->n_views; k++) {
    const hd__network_view *view = &network->view[k];
    if (view->is_given && view->view.writable) {
      HD_TRY(access_check(network->ctx, &view->view, access_of(&view->view)));
    }
  }
  return HD_OK;
}

/* ---- copies ---- */

/* A view of F32 with `n` entries. */
static hd_status access_find(hd_network *network, const char *name, int64_t n, hd_view *view) {
  int index;
  HD_TRY(hd__network_find_view(network, name, &index));
  *view = index < network->n_views ? network->view[index].view
                                   : hd__network_recording(network, index - network->n_views);
  if (strcmp(view->dtype, "F32") != 0) {
    return hd__fail(network->ctx, HD_CONFLICT, "view '%s' is of %s; only views of F32 are copied",
                    name, view->dtype);
  }
  if (n != access_rows(view) * access_columns(view)) {
    return hd__fail(network->ctx, HD_CONFLICT, "view '%s' has %lld entries, not %lld", name,
                    (long long)(access_rows(view) * access_columns(view)), (long long)n);
  }
  return HD_OK;
}

hd_status hd_network_read(hd_network *network, const char *name, float *values, int64_t n) {
  hd_view view;
  HD_TRY(access_find(network, name, n, &view));
  access_copy(&view, access_dense(&view, values), access_of(&view));
  return HD_OK;
}

hd_status hd_network_write(hd_network *network, const char *name, const float *values, int64_t n) {
  hd_view view;
  HD_TRY(access_find(network, name, n, &view));
  if (!view.writable) {
    return hd__fail(network->ctx, HD_USAGE,
                    "view '%s' shows what the network did; it is not writable", name);
  }
  const access_place from = access_dense(&view, (float *)values);
  HD_TRY(access_check(network->ctx, &view, from));
  access_copy(&view, access_of(&view), from);
  return HD_OK;
}
