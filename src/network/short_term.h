/* Short-term plasticity of the synapses of one projection: what a spike brings depends on the
 * spikes before it. All synapses of a source see the same spikes, so one pair of numbers serves a
 * source:
 *
 *   between spikes  u decays to 0 with facilitation_ms, x recovers to 1 with recovery_ms
 *   at a spike      u <- u + use (1 - u)      share of what is at hand that this spike uses
 *                   what arrives is u x
 *                   x <- x - u x              share of the synapse's resources at hand
 *
 * Both decays are exact over a substep. A time constant of 0 is over by the next substep: without
 * facilitation every spike uses the share `use`, the depression of Tsodyks & Markram 1997. At the
 * start u = 0 and x = 1, so that a first spike brings `use` times the weight.
 * Sources: Tsodyks & Markram 1997; Tsodyks, Pawelzik & Markram 1998. */
#ifndef HD_SHORT_TERM_H
#define HD_SHORT_TERM_H

#include "arena.h"
#include "context_internal.h"

typedef struct hd__short_term {
  float use;                          /* 0: none */
  float recovery_ms, facilitation_ms; /* time constants */
} hd__short_term;

/* [rows][n_pad of the source] each; NULL without short-term plasticity. */
typedef struct hd__short_term_state {
  float *u, *x;
  float *arrived; /* what the target sees in place of what was sent */
} hd__short_term_state;

static inline bool hd__short_term_is_on(const hd__short_term *what) { return what->use != 0.0f; }

/* `spikes`: do the sources send 0 or 1?  Errors  RANGE, CONFLICT. */
hd_status hd__short_term_check(hd_ctx *ctx, const char *projection, const hd__short_term *what,
                               bool spikes);
void hd__short_term_lay_out(const hd__short_term *what, int lanes, hd__arena *arena,
                            hd__short_term_state *state);
/* Lanes `from` to `from` + n as they are before any spike. */
void hd__short_term_reset(const hd__short_term_state *state, int from, int n);
/* One substep: sent [lanes] is what the sources sent for it. */
void hd__short_term_step(const hd__short_term *what, float dt_ms, int lanes, const float *sent,
                         const hd__short_term_state *state);

#endif
