/* An allocator that fails on demand and counts what lives.
 *
 *   struct fault fault = {.fail_at = 3};     the third allocation fails, and every later one
 *   hd_ctx *ctx = fault_ctx(&fault);
 *
 * Sizes given back are compared with those asked for. */
#ifndef HD_TEST_FAULT_H
#define HD_TEST_FAULT_H

#include <stdlib.h>
#include <string.h>

#include "hedon/context.h"

struct fault {
  int fail_at;  /* the allocation that fails, counted from 1; 0: none */
  size_t limit; /* live bytes allowed; 0: any */
  int n;        /* allocations so far */
  int n_live;
  size_t live; /* bytes */
  int n_wrong; /* sizes given back that were not those asked for */
};

/* A block is preceded by its size, in room that keeps its alignment. */
enum { FAULT_HEAD = 16 };

static inline void *fault_alloc(void *user, void *ptr, size_t old_size, size_t new_size) {
  struct fault *fault = user;
  unsigned char *block = ptr == NULL ? NULL : (unsigned char *)ptr - FAULT_HEAD;
  if (new_size > 0) {
    fault->n++;
    if ((fault->fail_at > 0 && fault->n >= fault->fail_at) ||
        (fault->limit > 0 && fault->live + new_size > fault->limit)) {
      return NULL;
    }
  }
  if (block != NULL) {
    size_t size;
    memcpy(&size, block, sizeof size);
    fault->n_wrong += size != old_size;
    fault->live -= size;
    fault->n_live--;
  }
  if (new_size == 0) {
    free(block);
    return NULL;
  }
  block = realloc(block, new_size + FAULT_HEAD);
  if (block == NULL) {
    abort();
  }
  memcpy(block, &new_size, sizeof new_size);
  fault->live += new_size;
  fault->n_live++;
  return block + FAULT_HEAD;
}

static inline hd_status fault_ctx(struct fault *fault, hd_ctx **out) {
  hd_ctx_def def = hd_ctx_def_default();
  def.alloc = fault_alloc;
  def.alloc_user = fault;
  return hd_ctx_create(&def, out);
}

/* Run `trial` with the first, second, third, ... allocation failing until it succeeds. It returns
 * its status and frees all it got; HD_NOMEM is the only failure allowed. Returns the number of
 * allocations tried, or -1 if something leaked or another status came. */
static inline int fault_sweep(hd_status (*trial)(hd_ctx *ctx)) {
  for (int fail_at = 1;; fail_at++) {
    struct fault fault = {.fail_at = fail_at};
    hd_ctx *ctx = NULL;
    hd_status status = fault_ctx(&fault, &ctx);
    if (status == HD_OK) {
      status = trial(ctx);
      if (status != HD_OK && hd_ctx_error(ctx)[0] == '\0') {
        return -1;
      }
      hd_ctx_destroy(ctx);
    }
    if (fault.n_live != 0 || fault.live != 0 || fault.n_wrong != 0) {
      return -1;
    }
    if (status == HD_OK) {
      return fault.n < fail_at ? fail_at - 1 : -1;
    }
    if (status != HD_NOMEM) {
      return -1;
    }
  }
}

#endif
