/* Policies of synapse agents, for who saves and loads them. */
#ifndef HD_SYNAPSE_AGENT_H
#define HD_SYNAPSE_AGENT_H

#include "search.h"

/* The policies' parameters, n of them. */
float *hd__synapse_policy(const hd__search *search, int64_t *n);

#endif
