/* Where every synapse is. */
#ifndef HD_SYNAPSE_SITES_H
#define HD_SYNAPSE_SITES_H

#include "search.h"

enum { HD_COORDINATES = 3 };

/* Numbers of places and of policies that this definition distinguishes. */
int hd__sites_places(const hd__search *search);
int hd__sites_policies(const hd__search *search);

/* place [n], policy [n]; coordinate [n][HD_COORDINATES] in [-1,1] of layer, source and target, or
 * NULL. */
void hd__sites_fill(const hd__search *search, int32_t *place, int32_t *policy, float *coordinate);

#endif
