#include "bodies.h"

#include "context_internal.h"

static void bodies_close_all(hd_ctx *ctx, const hd__bodies *bodies, int n_open) {
  for (int i = 0; i < n_open; i++) {
    bodies->desc->close(bodies->desc, bodies->body[i]);
  }
  hd__free(ctx, bodies->body, sizeof(void *) * (size_t)bodies->n);
}

hd_status hd__bodies_open(hd_ctx *ctx, const hd_env_desc *desc, int n, int sets,
                          hd__bodies *bodies) {
  if (desc->foreign != NULL) {
    return hd__foreign_open(ctx, desc, n, &bodies->foreign);
  }
  if (desc->open == NULL) {
    return HD_OK;
  }
  const hd__bodies all = {desc, hd__alloc(ctx, sizeof(void *) * (size_t)n), NULL, n};
  if (all.body == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for the bodies of %d environments", n);
  }
  const int each = (n + sets - 1) / sets;
  for (int i = 0; i < n; i++) {
    char why[HD_WHY_SIZE] = "its body could not be opened";
    all.body[i] = i % each > 0 ? all.body[i - 1] : NULL;
    const hd_status status = desc->open(desc, &all.body[i], why);
    if (status != HD_OK) {
      bodies_close_all(ctx, &all, i);
      return hd__fail(ctx, status, "%s: %s", desc->name, why);
    }
  }
  *bodies = all;
  return HD_OK;
}

void hd__bodies_close(hd_ctx *ctx, hd__bodies *bodies) {
  hd__foreign_close(ctx, bodies->foreign);
  bodies->foreign = NULL;
  if (bodies->body != NULL) {
    bodies_close_all(ctx, bodies, bodies->n);
    *bodies = (hd__bodies){0};
  }
}
