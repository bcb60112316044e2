/* Between the files of `hedon explain`. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "command.h"
#include "hedon/hedon.h"

/* A method: what it is, what it sets everywhere, what it sets for which tasks. */
void explain_method_text(const hd_config *config, const hd_method *method);
void explain_method_json(const hd_config *config, const hd_method *method);

/* Everything else of that name: an environment, a model, a setting, a word of the live line.
 * Returns how many there are. `config` shows values and defaults, and is left as it was. */
int explain_things(hd_ctx *ctx, hd_config *config, const arguments *args);

/* What an experiment of this name compares, and how it is run. */
void explain_experiment(const char *name);

/* Lines below a setting: methods that set it, settings like it, and a command that changes it where
 * some built-in method reads it. */
void explain_option_more(hd_ctx *ctx, const hd_config *config, const hd_option *option);

/* Refuse a name that nothing has, with the nearest one. Returns an exit code. */
int explain_unknown(hd_ctx *ctx, hd_config *config, const char *name);

#endif
