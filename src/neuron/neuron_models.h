/* All model headers, for the table and for the kernels that loop over them. */
#ifndef HD_NEURON_MODELS_H
#define HD_NEURON_MODELS_H

#include "membrane.h"
#include "neuron.h"

#include "adex.h"
#include "alif.h"
#include "bernoulli.h"
#include "coba.h"
#include "cuba.h"
#include "glm.h"
#include "integrate.h"
#include "ising.h"
#include "izhikevich.h"
#include "leaky.h"
#include "lif.h"
#include "lif_escape.h"
#include "relu.h"
#include "tanh.h"

#endif
