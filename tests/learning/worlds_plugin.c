/* The changed worlds as a plug-in, for tools/robust.py. */
#include <hedon/hedon.h>

#include "worlds.h"

HD_PLUGIN(ctx) { return worlds_register(ctx); }
