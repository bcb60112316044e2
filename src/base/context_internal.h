/* The context as the library sees it: memory, failures, registries. */
#ifndef HD_CONTEXT_INTERNAL_H
#define HD_CONTEXT_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "check.h"
#include "hedon/context.h"

typedef struct hd__registry {
  void **item; /* [n], each a copy of what was registered */
  int n, capacity;
  size_t size; /* bytes of an item */
} hd__registry;

enum { HD_ERROR_SIZE = 2048 };

struct hd_ctx {
  hd_alloc_fn alloc;
  void *alloc_user;
  hd_log_fn log;
  void *log_user;
  int isa;       /* index into the kernel table */
  int n_threads; /* that a session made in this context may use, the calling one included; 0: one */
  const atomic_bool *stop; /* set: give up the work at hand, which nobody will use; or NULL */
  hd__registry envs;
  hd__registry configured; /* environments that were made by choices */
  hd__registry rules;
  hd__registry methods; /* read from files */
  hd__registry codings;
  hd__registry neurons; /* each a model and what the library makes of it (src/neuron) */
  hd__registry plugins;
  char error[HD_ERROR_SIZE];
};

/* Memory from the context's allocator; NULL when short. Sizes are given back when freeing. */
void *hd__alloc(hd_ctx *ctx, size_t size);
void *hd__realloc(hd_ctx *ctx, void *ptr, size_t old_size, size_t new_size);
void hd__free(hd_ctx *ctx, void *ptr, size_t size);

/* Remember one sentence about a failure and return its status. */
__attribute__((cold)) hd_status hd__fail(hd_ctx *ctx, hd_status status, const char *format, ...)
    HD_PRINTF(3, 4);

/* Is the work at hand to be given up? Long work asks between its parts, skips the rest, and returns
 * HD_STOPPED; what it leaves half made is not used again. */
static inline bool hd__is_stopped(const hd_ctx *ctx) {
  return ctx->stop != NULL && atomic_load_explicit(ctx->stop, memory_order_relaxed);
}
/* Fail with HD_STOPPED if so. */
hd_status hd__check_stopped(hd_ctx *ctx);

/* Hand one line to the context's log hook. */
void hd__log(hd_ctx *ctx, const char *format, ...) HD_PRINTF(2, 3);

/* Append a copy of an item of `size` bytes to a registry, all of whose items have this size. */
hd_status hd__registry_add(hd_ctx *ctx, hd__registry *registry, const void *item, size_t size);
/* Remove all items but the first n. */
void hd__registry_cut(hd_ctx *ctx, hd__registry *registry, int n);

/* Let `to`, a copy of `from`, know what has been registered with `from` since it was copied. */
void hd__registries_share(hd_ctx *to, const hd_ctx *from);

#endif
