/* Plug-ins that the command line names, and those that a run would need. */
#ifndef CLI_PLUGINS_H
#define CLI_PLUGINS_H

#include "command.h"
#include "hedon/hedon.h"

/* Load every file that --plugin names. Returns an exit code, and has spoken if it is not EXIT_OK.
 */
int plugins_load(hd_ctx *ctx, const arguments *args);

/* As say_status; where a plug-in is missing, the sentence ends with the command line that names it.
 */
int plugins_say(const hd_ctx *ctx, hd_status status, const arguments *args);

#endif
