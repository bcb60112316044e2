#include "short_term.h"

#include <math.h>

#include "mathf.h"

static hd_status short_term_check_time(hd_ctx *ctx, const char *projection, const char *name,
                                       float ms) {
  if (!(ms >= 0.0f) || !isfinite(ms)) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has %s = %g ms, allowed 0 or more", projection,
                    name, (double)ms);
  }
  return HD_OK;
}

hd_status hd__short_term_check(hd_ctx *ctx, const char *projection, const hd__short_term *what,
                               bool spikes) {
  if (!(what->use >= 0.0f && what->use <= 1.0f)) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has stp_use = %g, allowed 0 to 1", projection,
                    (double)what->use);
  }
  HD_TRY(short_term_check_time(ctx, projection, "stp_recovery_ms", what->recovery_ms));
  HD_TRY(short_term_check_time(ctx, projection, "stp_facilitation_ms", what->facilitation_ms));
  if (hd__short_term_is_on(what) && !spikes) {
    return hd__fail(ctx, HD_CONFLICT,
                    "projection '%s' has short-term plasticity, which spikes of 0 or 1 drive, and "
                    "its sources send other values; use a neuron that spikes, but not ising, or "
                    "use = 0",
                    projection);
  }
  return HD_OK;
}

void hd__short_term_lay_out(const hd__short_term *what, int lanes, hd__arena *arena,
                            hd__short_term_state *state) {
  *state = (hd__short_term_state){.u = NULL};
  if (hd__short_term_is_on(what)) {
    state->u = HD_TAKE(arena, float, lanes);
    state->x = HD_TAKE(arena, float, lanes);
    state->arrived = HD_TAKE(arena, float, lanes);
  }
}

void hd__short_term_reset(const hd__short_term_state *state, int from, int n) {
  for (int i = from; state->u != NULL && i < from + n; i++) {
    state->u[i] = 0.0f;
    state->x[i] = 1.0f;
    state->arrived[i] = 0.0f;
  }
}

/* The share of a distance that is gone after a substep. */
static float short_term_gone(float dt_ms, float tau_ms) {
  return tau_ms > 0.0f ? -hd__expm1f(-dt_ms / tau_ms) : 1.0f;
}

void hd__short_term_step(const hd__short_term *what, float dt_ms, int lanes, const float *sent,
                         const hd__short_term_state *state) {
  const float falls = short_term_gone(dt_ms, what->facilitation_ms);
  const float recovers = short_term_gone(dt_ms, what->recovery_ms);
  float *restrict u = state->u, *restrict x = state->x, *restrict arrived = state->arrived;
  for (int i = 0; i < lanes; i++) {
    u[i] -= falls * u[i];
    x[i] += recovers * (1.0f - x[i]);
    const bool has_spike = sent[i] != 0.0f;
    u[i] += has_spike ? what->use * (1.0f - u[i]) : 0.0f;
    const float used = has_spike ? u[i] * x[i] : 0.0f;
    x[i] -= used;
    arrived[i] = used * sent[i];
  }
}
