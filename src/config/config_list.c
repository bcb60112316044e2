/* An option as it is listed: value, default, range, and who reads it. */
#include <string.h>

#include "config_internal.h"
#include "readers.h"

/* Write an option's default and range into the configuration's buffers. */
static void config_list_describe(hd_config *config, int index) {
  const hd__option_row *row = hd__config_row(index);
  if (row != NULL) {
    hd__settings fallback;
    memset(&fallback, 0, sizeof fallback);
    hd__option_parse(config->ctx, row, row->fallback, &fallback);
    hd__option_print(row, &fallback, config->fallback, sizeof config->fallback);
    hd__option_range(row, config->allowed, sizeof config->allowed);
    return;
  }
  const hd_param *param = hd__config_model_param(config, index).param;
  const hd__option_row param_row = hd__param_row(param);
  hd__print_float(config->fallback, sizeof config->fallback, param->fallback);
  hd__option_range(&param_row, config->allowed, sizeof config->allowed);
}

hd_option hd_config_at(const hd_config *config, int index) {
  hd_config *own = (hd_config *)config;
  const hd__facts facts = hd__facts_of(config);
  const bool is_read = hd__facts_read(&facts, index);
  hd__reader_words(config, index, own->readers, sizeof own->readers);
  config_list_describe(own, index);
  hd_option option = hd__config_line(config, index);
  option.fallback = config->fallback;
  option.allowed = config->allowed;
  option.readers = config->readers;
  option.is_read = is_read;
  return option;
}
