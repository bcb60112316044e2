/* The learner inside a session, by its kind, and one unit of learning at a time. */
#ifndef HD_INSIDES_H
#define HD_INSIDES_H

#include "gradient_learner.h"
#include "rule_learner.h"
#include "search_learner.h"
#include "session_internal.h"

static inline hd__rule_learner *rule_of(const hd_session *s) { return s->learner.state; }
static inline hd__search_learner *search_of(const hd_session *s) { return s->learner.state; }
static inline hd__gradient_rl *gradient_rl_of(const hd_session *s) {
  return &((hd__gradient_learner *)s->learner.state)->rl;
}

static inline hd_status advance_unit(hd_session *s) {
  return s->learner.desc->advance(&s->learner);
}

#endif
