/* Version, linkage and the few types every header shares. */
#ifndef HEDON_BASE_H
#define HEDON_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of these headers, in numbers and as text; hd_version says that of the library. */
#define HD_VERSION_MAJOR 0
/* Raised with every change of the interface before 1.0. */
#define HD_VERSION_MINOR 1
/* Raised with mends alone. */
#define HD_VERSION_PATCH 0
/* The three numbers with dots between. */
#define HD_VERSION_STRING "0.1.0"

/* HD_API before a declaration: the library exports it. */
#if defined(__GNUC__)
#define HD_API __attribute__((visibility("default")))
/* Lets a compiler check a format, the fmt-th argument, against those from the args-th on. */
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
  const char *name; /* such as "pole angle" */
  const char *unit; /* "" if it has none */
  int count;        /* number of integers it takes; 0: a real number */
  float low, high;  /* bounds of a real number, in its unit */
} hd_dim;

/* The unit of a parameter that takes whole numbers only: a switch, a choice, a count. */
#define HD_WHOLE "whole"

/* A parameter of a neuron model or of a learning rule: an option of its own, "model.name". */
typedef struct hd_param {
  const char *name;          /* without the model's, such as "tau_m" */
  float fallback, low, high; /* default, least and greatest value */
  const char *unit, *help;   /* unit, "" if none, or HD_WHOLE; one sentence that stands alone */
} hd_param;

/* A number that a model or a rule keeps per neuron or per synapse. */
typedef struct hd_field {
  const char *name, *unit, *help; /* as of hd_param */
} hd_field;

#endif
