/* Values of a TOML 1.0 file, for programs that read files of their own, as the tool reads studies.
 */
#ifndef HEDON_TOML_H
#define HEDON_TOML_H

#include "context.h"

/* Most names of a value: of tables and its own. */
enum { HD_TOML_DEPTH = 8 };

/* One value. Texts live as long as the call that hands it over. */
typedef struct hd_toml_value {
  const char
      *key[HD_TOML_DEPTH]; /* [n_keys] names of its tables from outside inwards, then its own */
  int n_keys;              /* entries of key, at least 1 */
  int item[2];      /* its place in its list, and in a list within that list, from 0; -1: none */
  const char *text; /* without quotes, as hd_config_set takes it; NULL: an empty list */
  const char *type; /* "text" (it stood in quotes), "integer", "number", "flag", "date" (or a time),
                       or "list" of an empty list */
  int line;         /* in the file, from 1 */
} hd_toml_value;

/* Returns HD_OK to go on; what else it returns ends the reading. */
typedef hd_status (*hd_toml_fn)(void *user, const hd_toml_value *value);

/* Call `fn` with every value of a file, in the order of the file, on the calling thread; `user` is
 * its first argument.
 * Errors  IO, FORMAT (no TOML, with line and reason; more than HD_TOML_DEPTH keys or two lists
 * deep), NOMEM, as fn. */
HD_API hd_status hd_toml_read(hd_ctx *ctx, const char *path, hd_toml_fn fn, void *user);

#endif
