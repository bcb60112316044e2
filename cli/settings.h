/* Settings as they are listed: by group, with range, default, value and where it came from. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>

#include "command.h"
#include "hedon/hedon.h"

enum { HD_CLI_LINE = 512, HD_CLI_OPTIONS = 1024 };

/* Every setting there is, under its heading, those that plug-ins bring included. */
void settings_help(const arguments *args);

/* One setting: what it is, its range, unit and default, and what reads it. */
void settings_item(const hd_option *option);

/* The settings that the method, its row for the task, or the user set. */
void settings_changed(const hd_config *config);

/* "key=value key=value" from a method's row, a setting a line. Unknown keys are passed over. */
void settings_row(const hd_config *config, const char *row);

/* An array of objects, of every setting or of those that somebody set; a row as an object of texts.
 */
void settings_json(const hd_config *config, bool is_all);
void settings_option_json(const hd_option *option);
/* An object: task, method, what is set, and the memory that a learner will take. */
void settings_run_json(const hd_config *config);
void settings_row_json(const char *row);

#endif
