/* A synapse that decides its own weight: what it sees, what it is paid, what it learns with. */
#ifndef HD_AGENT_H
#define HD_AGENT_H

#include "context_internal.h"

/* Where in the network the synapse is. */
typedef enum hd__position {
  HD_POSITION_NONE,
  HD_POSITION_LAYER,
  HD_POSITION_COARSE,    /* layer, and a grid of 4 x 4 blocks of sources and targets */
  HD_POSITION_FULL,      /* its identity */
  HD_POSITION_CONTINUOUS /* coordinates in [-1,1] */
} hd__position;

/* Whose experience forms a policy. */
typedef enum hd__sharing { HD_SHARING_ONE, HD_SHARING_LAYER, HD_SHARING_UNIT } hd__sharing;

typedef enum hd__payment {
  HD_PAYMENT_SIGN,          /* of the change in the return; no change pays -1 */
  HD_PAYMENT_SIGN_ZERO,     /* the same; no change pays 0 */
  HD_PAYMENT_DELTA,         /* the change over its root mean square, within +-3 */
  HD_PAYMENT_RETURN,        /* the return over a running mean, the same way */
  HD_PAYMENT_COUNTERFACTUAL /* sign of what undoing this synapse's move alone would cost */
} hd__payment;

typedef enum hd__values_kind {
  HD_VALUES_TABLE,
  HD_VALUES_LINEAR,
  HD_VALUES_NETWORK, /* one hidden layer of tanh */
  HD_VALUES_SPIKING  /* one hidden layer of integrate-and-fire neurons */
} hd__values_kind;

/* What a synapse may see of the network's dynamics while it was evaluated. */
#define HD_DYNAMICS_LIST(X)                                                                   \
  X(SIGNAL, "signal", 0.0f, "sum of signal times eligibility: the local three-factor term")   \
  X(ELIGIBILITY, "eligibility", 0.0f, "sum of eligibilities alone")                           \
  X(RATE_PRE, "rate-pre", 0.3f, "the source's rate, from -1 for none to 1 for every substep") \
  X(RATE_POST, "rate-post", 0.3f, "the target's rate, the same way")                          \
  X(MEMBRANE, "membrane", 0.15f, "the target's potential at the end of decisions")            \
  X(SURROGATE, "surrogate", 0.15f, "slope of the target's spikes by its drive")               \
  X(AGREEMENT, "agreement", 0.15f, "how often source and target are active together")

#define HD_DYNAMICS_ENUM(id, name, cut, doc) HD_DYNAMIC_##id,
typedef enum hd__dynamic { HD_DYNAMICS_LIST(HD_DYNAMICS_ENUM) HD_DYNAMICS } hd__dynamic;
#undef HD_DYNAMICS_ENUM
_Static_assert((int)HD_DYNAMICS <= 32, "masks of dynamics have 32 bits");

/* The mask of names joined by '+', or of "none".  Errors  UNKNOWN. */
hd_status hd__dynamics_parse(hd_ctx *ctx, const char *text, uint32_t *out);

typedef struct hd__agent_def {
  int actions, rewards; /* how many of the past it remembers */
  int weight_bins;      /* of its weight; 0: it does not see it */
  hd__position position;
  uint32_t dynamics; /* bit 1 << hd__dynamic */
  hd__sharing sharing;
  hd__payment payment;
  hd__values_kind values;
  int hidden; /* neurons of a network */
  float gamma;
  bool is_frozen; /* the policy acts and does not learn */
} hd__agent_def;

#endif
