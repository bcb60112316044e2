/* What there is, by kind: environments, methods, neurons, codings, rules, searches, features,
 * experiments. */
#ifndef CLI_THINGS_H
#define CLI_THINGS_H

#include "hedon/hedon.h"

typedef struct thing {
  const char *name, *alias, *doc, *source; /* all but name may be NULL */
} thing;

typedef struct thing_kind {
  const char *list;            /* its word for `hedon list` */
  const char *one;             /* one of them, with its article */
  const char *key;             /* the same for programs */
  const char *option, *common; /* the setting that chooses one, and its usual value; or NULL */
  int (*count)(const hd_ctx *ctx);
  thing (*at)(const hd_ctx *ctx, int i);
  void (*more_json)(const hd_ctx *ctx, int i); /* further keys, or NULL */
} thing_kind;

/* Further keys of an environment, which need not stand in a list. */
void things_env_json(const hd_env_desc *env);

/* Is this a name that hedon compare takes in place of tasks? */
bool things_is_experiment(const char *name);

int thing_kind_count(void);
const thing_kind *thing_kind_at(int i);

#endif
