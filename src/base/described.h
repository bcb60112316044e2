/* What a program lists of a model that it registers. */
#ifndef HD_DESCRIBED_H
#define HD_DESCRIBED_H

#include "hedon/base.h"
#include "hedon/context.h"

/* Does a parameter take whole numbers only; may it have this value? */
bool hd__param_is_whole(const hd_param *param);
bool hd__param_allows(const hd_param *param, double value);

/* At most `most` parameters, each with a name, a unit, a help text and a default within its bounds;
 * or HD_USAGE, of "KIND 'NAME'". */
hd_status hd__params_check(hd_ctx *ctx, const char *kind, const char *name, const hd_param *param,
                           int n, int most);

#endif
