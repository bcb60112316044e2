/* Which option a key names, and what it allows. */
#ifndef HD_KEY_H
#define HD_KEY_H

#include "option.h"
#include "toml.h"

/* A model's parameter as a row of options, and its value from text.  Errors  RANGE. */
hd__option_row hd__param_row(const hd_param *param);
hd_status hd__param_parse(hd_ctx *ctx, const hd_param *param, const char *key, const char *value,
                          float *out);

/* The index of an option, headings left out, by its key, or by its old name; -1: there is none. */
int hd__key_find(const char *key);
int hd__key_find_old(const char *key);
/* Its row, by either name, or NULL. */
const hd__option_row *hd__key_option(const char *key);
/* Say that there is no such key, and which is nearest. */
hd_status hd__key_unknown(hd_ctx *ctx, const char *key);
/* Is there an option of this key, and is it allowed this value?  Errors  UNKNOWN, RANGE. */
hd_status hd__key_check(hd_ctx *ctx, const char *key, const char *value);
/* Does a file write this option's value as it has to: a number or a flag bare, a name in quotes, a
 * list in brackets?  Errors  FORMAT. */
hd_status hd__key_check_kind(hd_ctx *ctx, const char *key, hd__toml_kind kind);

#endif
