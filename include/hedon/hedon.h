/* Hedon: spiking neural networks that learn by reinforcement. This header is the whole library. */
#ifndef HEDON_H
#define HEDON_H

#ifdef __cplusplus
extern "C" {
#endif

#include "base.h"
#include "status.h"
#include "names.h"
#include "context.h"
#include "view.h"
#include "env.h"
#include "foreign.h"
#include "neuron.h"
#include "rule.h"
#include "coding.h"
#include "plugin.h"
#include "toml.h"
#include "config.h"
#include "settings.h"
#include "network.h"
#include "spiking_value.h"
#include "session.h"
#include "study.h"
#include "scores.h"
#include "limit.h"
#include "layout.h"

/* Version of the library at run time, e.g. "0.1.0". The text lives as long as the program; any
 * thread may ask. */
HD_API const char *hd_version(void);

#ifdef __cplusplus
}
#endif

#endif
