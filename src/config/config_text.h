/* Settings as text: the lines of a configuration file, also kept inside every checkpoint. */
#ifndef HD_CONFIG_TEXT_H
#define HD_CONFIG_TEXT_H

#include "config.h"
#include "file.h"

enum { HD_CONFIG_TEXT_MAX = 1 << 20 };

/* Write the options that the run reads, and those that the user set, with their resolved values. */
void hd__config_write_text(hd__sink *sink, const hd_config *config);

/* Create what hd__config_write_text wrote. `name` is the file's, for sentences about it; table is
 * filled if it is not NULL. */
hd_status hd__config_parse(hd_ctx *ctx, const char *name, const char *text, size_t size,
                           hd__run_table *table, hd_config **out);

/* Are they of the same task and the same method? */
bool hd__config_is_same_method(const hd_config *a, const hd_config *b);

/* The first option, `from` or a later one, that one of two runs of the same method reads and whose
 * values differ, as an index of hd_config_at; hd_config_count if there is none. */
int hd__config_difference(const hd_config *a, const hd_config *b, int from);

/* Do two configurations have the same values for all options that one of their runs reads? */
bool hd__config_is_same(const hd_config *a, const hd_config *b);

#endif
