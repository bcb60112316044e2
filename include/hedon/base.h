/* Version, linkage and the few types every header shares. */
#ifndef HEDON_BASE_H
#define HEDON_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HD_VERSION_MAJOR 0
#define HD_VERSION_MINOR 1
#define HD_VERSION_PATCH 0
#define HD_VERSION_STRING "0.1.0"

#if defined(__GNUC__)
#define HD_API __attribute__((visibility("default")))
#define HD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define HD_API
#define HD_PRINTF(fmt, args)
#endif

/* One component of an observation or of an action.
 *
 *   count  > 0: an integer in [0, count);  0: a real number
 *   low, high   for a real action the clipping bounds; for a real observation the working range
 *               that codings divide among their units. Values outside stay legal. */
typedef struct hd_dim {
  const char *name;
  const char *unit;
  int count;
  float low, high;
} hd_dim;

/* A parameter of a neuron model or of a learning rule: an option of its own, "model.name". */
typedef struct hd_param {
  const char *name;
  float fallback, low, high;
  const char *unit, *help;
} hd_param;

/* A number that a model or a rule keeps per neuron or per synapse. */
typedef struct hd_field {
  const char *name, *unit, *help;
} hd_field;

#endif
