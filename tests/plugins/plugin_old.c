/* Compiled for another version of the interface; its function must not be called. */
#include <hedon/hedon.h>

static hd_status plugin_old_load(hd_ctx *ctx) {
  (void)ctx;
  __builtin_trap();
}

const hd_plugin hedon_plugin = {HD_PLUGIN_ABI - 1, "0.0.9", plugin_old_load};
