/* Calls a function that no program has. */
#include <hedon/hedon.h>

hd_status hd_never_written(hd_ctx *ctx);

HD_PLUGIN(ctx) { return hd_never_written(ctx); }
