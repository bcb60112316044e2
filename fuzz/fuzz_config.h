/* What the fuzz targets of configurations and of method files share. */
#ifndef HD_FUZZ_CONFIG_H
#define HD_FUZZ_CONFIG_H

#include "config_text.h"
#include "fuzz.h"

/* A configuration that is written is read again as the same, without the file it came from. */
static inline void fuzz_config_write_and_read(hd_ctx *ctx, const hd_config *config) {
  const struct scratch_file file = scratch_file("", 0);
  hd__sink sink;
  hd__sink_init(&sink, fileno(file.file));
  hd__config_write_text(&sink, config);
  hd__sink_flush(&sink);
  hd_config *back;
  FUZZ_CHECK(hd_config_read(ctx, file.path, &back) == HD_OK);
  FUZZ_CHECK(hd__config_is_same(config, back));
  hd_config_destroy(back);
  fclose(file.file);
}

#endif
