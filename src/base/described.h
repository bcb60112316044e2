/* What a program lists of a model that it registers. */
#ifndef HD_DESCRIBED_H
#define HD_DESCRIBED_H

#include "hedon/base.h"
#include "hedon/context.h"

/* Does a parameter take whole numbers only; may it have this value? */
bool hd__param_is_whole(const hd_param *param);
bool hd__param_allows(const hd_param *param, double value);

/* Below 1 floats lie 2^-24 apart: exp(-dt/tau), rounded, is off by up to 2^-25, which is a thousandth
 * of dt/tau once that is 2^-15. So a time constant has at most so many substeps. */
enum { HD_TIME_SUBSTEPS = 32768 };

/* Is a parameter a time constant that is too long for substeps of dt_ms, at this value? */
bool hd__param_is_too_long(const hd_param *param, double value, double dt_ms);

/* At most `most` parameters, each with a name, a unit, a help text and a default within its bounds;
 * or HD_USAGE, of "KIND 'NAME'". */
hd_status hd__params_check(hd_ctx *ctx, const char *kind, const char *name, const hd_param *param,
                           int n, int most);

#endif
