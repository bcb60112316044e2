/* All model headers, for the table and for the kernels that loop over them. */
#ifndef HD_NEURON_MODELS_H
#define HD_NEURON_MODELS_H

#include "neuron.h"

#include "bernoulli.h"
#include "ising.h"

#endif
