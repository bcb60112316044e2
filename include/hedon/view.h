/* Views: how the library shows an array that it owns, without copying it. */
#ifndef HEDON_VIEW_H
#define HEDON_VIEW_H

#include "base.h"

/* An array, and what it means. Entry [i][j] of two dimensions is data[i stride[0] + j stride[1]],
 * strides being counted in entries of the dtype, not in bytes. Strings and data belong to whoever
 * gave the view; how long they live is said there. */
typedef struct hd_view {
  const char *name;  /* unique among the views of its owner */
  const char *dtype; /* "F32", "F64", "I32", "I64", "U64" or "U8" */
  int n_dims;        /* 0 to 4 */
  int64_t shape[4];  /* entries along each dimension; of the first n_dims */
  void *data;        /* entry [0][0]... */
  int64_t stride[4]; /* entries between neighbours along each dimension */
  const char *unit;  /* "" if it has none */
  const char *doc;   /* one sentence; "" if there is none yet */
  bool writable;     /* the caller may change entries; of other arrays, only look */
} hd_view;

#endif
