/* The bodies of environments that have one (hedon/env.h): opened once, kept while the environments
 * are placed and started again and again, closed at the end. */
#ifndef HD_BODIES_H
#define HD_BODIES_H

#include "foreign.h"

typedef struct hd__bodies {
  const hd_env_desc *desc;
  void **body;          /* [n], or NULL: the environment has none */
  hd__foreign *foreign; /* of an environment in another language, or NULL */
  int n;
} hd__bodies;

/* Open n bodies; none, where the environment has none. They come in `sets` that are opened one
 * without knowledge of the other: bodies of different sets may be used by different threads at the
 * same time. Foreign environments are one batch, whatever the sets. On failure nothing stays open.
 *
 * Errors  NOMEM, and those of the environment's open. */
hd_status hd__bodies_open(hd_ctx *ctx, const hd_env_desc *desc, int n, int sets,
                          hd__bodies *bodies);

/* Of bodies that were never opened, too, if they are all zero. */
void hd__bodies_close(hd_ctx *ctx, hd__bodies *bodies);

#endif
