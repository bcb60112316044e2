/* What acting and learning of policy_gradient.c share. */
#ifndef HD_POLICY_GRADIENT_H
#define HD_POLICY_GRADIENT_H

#include "gradient_rl.h"
#include "rollout_tape.h"
#include "signal_shuffle.h"

/* Models. */
enum { HD_POLICY_ACTOR, HD_POLICY_CRITIC };

typedef struct hd__policy_gradient {
  int n;              /* steps of a rollout; of reinforce, which ends it with an episode, at most */
  int unit;           /* decisions that learn together in order: 1, or n if state is carried */
  bool is_step_major; /* experience lies as it was made, [n][B], and else as [B][n] */
  bool has_tape;      /* what acting leaves is learned from */
  int heads;          /* of actor and critic: one, or one for each layer that is an agent */
  int64_t *slot;      /* steps taken of this rollout */
  float *x;           /* [n][B][in] or [B][n][in], */
  bool *fresh;        /* and so */
  int32_t *choice;    /* are these: one of each component of the action, */
  float *log_p;       /* of all of them, when they were made */
  float *value, *next_value; /* [heads][n][B] */
  float *reward;             /* [n][B] */
  bool *ended;               /* [n][B] */
  float *state;              /* [B][n_state] when the rollout began */
  float *advantage;          /* [heads][n][B] */
  hd__signal_shuffle shuffle;
  float *told_room;  /* [heads][n][B] in place of the advantages, if signals are shuffled */
  const float *told; /* [heads][n][B] what the actor is told: advantages, as a rule */
  float *next_x;     /* [B][in] */
  int32_t *order;    /* [B n] units as they come */
  int32_t *alone;    /* [B n] decisions of a batch of units */
  hd__rollout_tape actor_tape, critic_tape;
} hd__policy_gradient;

static inline hd__policy_gradient *hd__policy_gradient_of(hd__gradient_rl *rl) {
  return (hd__policy_gradient *)rl->state;
}

static inline bool hd__policy_is_ppo(const hd__gradient_rl *rl) {
  return rl->settings->algorithm == hd__algorithm_ppo;
}

/* Whether a rollout is one whole episode. */
static inline bool hd__policy_is_episodic(const hd__gradient_rl *rl) {
  return rl->settings->algorithm == hd__algorithm_reinforce;
}

/* Choices of a decision: one for each component of the action. */
static inline int hd__policy_choices(const hd__gradient_rl *rl) { return rl->env->n_act; }

/* Probabilities of the choices of so many rows together fit HD_CATEGORICAL_ROOM. */
int hd__policy_room(const hd__gradient_rl *rl);
/* The logits that act, of up to hd__policy_room rows of the actor's outputs [rows][out_pad]: as
 * they are, or summed over layers that are agents, in `sum` [HD_CATEGORICAL_ROOM]. stride: floats
 * of a row, written; the choices of a row follow each other. */
const float *hd__policy_logits(const hd__gradient_rl *rl, int rows, const float *out, float *sum,
                               int *stride);
/* Log probabilities and probabilities of every choice, by such outputs.
 *
 *   out       [rows][out_pad]
 *   log_p, p  [HD_CATEGORICAL_ROOM] written: [choices][rows][n_actions]
 *
 * Returns  floats from one choice to the next. */
int hd__policy_log_softmax(const hd__gradient_rl *rl, int rows, const float *out, float *log_p,
                           float *p);

/* Units of an update. */
int hd__policy_units(const hd__gradient_rl *rl);

/* Learn from a rollout of so many steps.  Errors  NUMERIC: a gradient is not finite. */
hd_status hd__policy_learn(hd__gradient_rl *rl, int steps);

#endif
