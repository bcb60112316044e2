/* Fails without a sentence of its own. */
#include <hedon/hedon.h>

HD_PLUGIN(ctx) {
  (void)ctx;
  return HD_NUMERIC;
}
