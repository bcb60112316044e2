/* The settings that a run reads, in one pass. */
#ifndef HEDON_SETTINGS_H
#define HEDON_SETTINGS_H

#include "config.h"

/* One option, whose strings live until the function returns. */
typedef void (*hd_option_fn)(void *user, const hd_option *option);

/* Call fn with every option that the run reads, in the order of hd_config_at: as that tells it, but
 * that fallback, allowed and readers, whose words take nearly all of its time, are "". */
HD_API void hd_config_each(const hd_config *config, hd_option_fn fn, void *user);

#endif
