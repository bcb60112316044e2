/* When a learner is evaluated, what counts as solved, and when it is done.
 *
 * A checkpoint is an evaluation. The threshold is reached at the first checkpoint that passes and
 * whose next two pass as well; it is confirmed at the last of the three. `steps` bounds training
 * whatever `overtrain` asks for. */
#ifndef HD_PROTOCOL_H
#define HD_PROTOCOL_H

#include "hedon/study.h"

enum { HD_PASSES = 3 }; /* checkpoints in a row */

typedef struct hd__protocol {
  int64_t steps;      /* budget of environment steps */
  int64_t episodes;   /* budget of episodes; 0: none */
  int64_t eval_every; /* steps between evaluations */
  double threshold;   /* NAN: none */
  double overtrain;   /* once solved, go on to so many times the steps it took; 0: all steps */
} hd__protocol;

/* What is remembered of a learner: name, type, value at the start, and the type's name in a
 * checkpoint. */
#define HD_RECORD_FIELDS(F)                                             \
  F(evaluations, int64_t, 0, "I64")  /* so far */                       \
  F(evaluated_at, int64_t, 0, "I64") /* steps at the last of them */    \
  F(passes, int64_t, 0, "I64")       /* in a row, up to the last */     \
  F(first_steps, int64_t, -1, "I64") /* where that row began */         \
  F(first_episodes, int64_t, -1, "I64")                                 \
  F(solved, int64_t, 0, "I64")                                          \
  F(relapsed, int64_t, 0, "I64") /* failed once solved */               \
  F(done, int64_t, 0, "I64")                                            \
  F(final_return, double, NAN, "F64") /* mean of the last evaluation */ \
  F(best_return, double, NAN, "F64")                                    \
  F(eval_cpu_s, double, 0, "F64")                                       \
  F(wall_s, double, 0, "F64")

typedef struct hd__record {
#define HD_RECORD_MEMBER(name, type, start, dtype) type name;
  HD_RECORD_FIELDS(HD_RECORD_MEMBER)
#undef HD_RECORD_MEMBER
} hd__record;

hd__record hd__record_start(void);

/* Environment steps at which the next evaluation is due. */
int64_t hd__protocol_target(const hd__protocol *protocol, const hd__record *record);

/* Is an evaluation due after so many steps and episodes? */
bool hd__protocol_is_due(const hd__protocol *protocol, const hd__record *record, int64_t steps,
                         int64_t episodes);

/* Is training over after so many steps and episodes? */
bool hd__protocol_is_over(const hd__protocol *protocol, const hd__record *record, int64_t steps,
                          int64_t episodes);

/* Take an evaluation into the record. */
void hd__protocol_add_evaluation(const hd__protocol *protocol, hd__record *record, int64_t steps,
                                 int64_t episodes, double mean);

#endif
