/* Any bytes as a method's file: refused with the file's name, or read, laid over a task, and
 * written and read again as the same configuration. */
#include "fuzz.h"
#include "fuzz_config.h"
#include "method_file.h"

/* A scratch file's path does not end as a method's does, so the library is asked one step further
 * in. */
static struct seen read_whole(hd_ctx *ctx, const char *path, const uint8_t *data, size_t size) {
  const hd__method *method;
  struct seen seen = {
      .status = hd__method_read_text(ctx, "a/mine.toml", (const char *)data, size, &method)};
  (void)path;
  FUZZ_CHECK(seen.status == HD_OK || strstr(hd_ctx_error(ctx), ".toml") != NULL);
  for (int k = 0; seen.status == HD_OK && k < 2; k++) {
    hd_config *config;
    FUZZ_CHECK(hd_config_create(ctx, k == 0 ? "CartPole-v1" : "FrozenLake-v1", "mine", &config) ==
               HD_OK);
    seen.result = seen.result * 31 + (uint64_t)hd_config_check(config);
    fuzz_config_write_and_read(ctx, config);
    hd_config_destroy(config);
  }
  return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_twice(read_whole, data, size);
  return 0;
}
