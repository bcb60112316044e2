/* What the spiking membranes share.
 *
 * A membrane that decays to v_rest with tau_m and gathers a current that is constant during the
 * substep is integrated exactly:
 *   v(t + dt) = v_rest + decay (v(t) - v_rest) + scale I,
 *   decay = exp(-dt/tau_m), scale = r_m (1 - decay).
 * Source: Rotter & Diesmann 1999, Biol. Cybern. 81:381.
 *
 * After a spike the potential is either set to v_reset (hard) or lowered by v_th - v_reset (soft);
 * then, for ref_steps substeps, it holds that value and nothing comes in. */
#ifndef HD_MEMBRANE_H
#define HD_MEMBRANE_H

#include "neuron.h"

/* Whole substeps in a time. */
HD_FN float hd__steps(float time_ms, float dt_ms) { return hd__roundf(time_ms / dt_ms); }

/* Potential after the spike, if there was one. */
HD_FN float hd__after_spike(float v, float fired, float v_reset, float drop, float soft) {
  const float reset = soft > 0.5f ? v - drop : v_reset;
  return fired > 0.5f ? reset : v;
}

/* Substeps of the refractory period still to come. */
HD_FN float hd__after_refractory(float refrac, float fired, float ref_steps) {
  const float less = hd__maxf(refrac - 1.0f, 0.0f);
  return fired > 0.5f ? ref_steps : less;
}

HD_FN hd__memory hd__membrane_memory(float keep, float soft, float ref_steps) {
  return (hd__memory){.keep = keep, .is_reset = !(soft > 0.5f), .ref_steps = (int)ref_steps};
}

/* Surrogate d b / d v: the derivative of sigma(slope (v - v_th)).
 * Source: Zenke & Ganguli 2018; Neftci, Mostafa & Zenke 2019. */
HD_FN float hd__surrogate(float slope, float distance) {
  const float s = hd__sigmoidf(slope * distance);
  return slope * s * (1.0f - s);
}

#endif
