/* One option of an environment: its value as text and as a number. */
#ifndef HD_ENV_OPTION_H
#define HD_ENV_OPTION_H

#include "hedon/env.h"

/* Read a value; false: the option does not take it. The number of a text is 0. */
bool hd__env_option_read(const hd_env_option *option, const char *text, double *out);

/* Write a value in the one way in which names have it. */
void hd__env_option_write(const hd_env_option *option, double number, const char *text,
                          char out[HD_ENV_NAME_MAX]);

/* Fail since the option does not take this value, and say what it takes. */
hd_status hd__env_option_refuse(hd_ctx *ctx, const hd_env_desc *env, const hd_env_option *option,
                                const char *text);

#endif
