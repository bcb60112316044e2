/* Any bytes as a configuration file: read whole, and applied to an existing configuration, which
 * stays as it was if that fails. What was read and is written is read again as the same. */
#include "config_text.h"
#include "fuzz.h"
#include "fuzz_config.h"

static uint32_t text_crc(const hd_config *config) {
  hd__sink sink;
  hd__sink_init(&sink, HD_SINK_NOWHERE);
  hd__config_write_text(&sink, config);
  return sink.crc;
}

static struct seen read_whole(hd_ctx *ctx, const char *path, const uint8_t *data, size_t size) {
  (void)data;
  (void)size;
  hd_config *config;
  struct seen seen = {.status = hd_config_read(ctx, path, &config)};
  if (seen.status == HD_OK) {
    seen.result = text_crc(config);
    fuzz_config_write_and_read(ctx, config);
    hd_config_destroy(config);
  }
  return seen;
}

static struct seen apply(hd_ctx *ctx, const char *path, const uint8_t *data, size_t size) {
  (void)data;
  (void)size;
  hd_config *config;
  FUZZ_CHECK(hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config) == HD_OK);
  const uint32_t before = text_crc(config);
  struct seen seen = {.status = hd_config_load(config, path)};
  seen.result = text_crc(config);
  FUZZ_CHECK(seen.status == HD_OK || seen.result == before);
  hd_config_destroy(config);
  return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_twice(read_whole, data, size);
  fuzz_twice(apply, data, size);
  return 0;
}
