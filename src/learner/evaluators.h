/* Episodes of an evaluation shared out among the worker threads of a learner. Each worker has
 * environments and an actor of its own and takes the next episode that nobody has begun; the first
 * worker, which is the calling thread, uses those of the session. What an episode returns depends
 * on its number, the seed and the weights alone, so results are those of one thread. */
#ifndef HD_EVALUATORS_H
#define HD_EVALUATORS_H

#include "learner.h"

typedef struct hd__evaluators hd__evaluators;

/* One less than the learner has workers: each is a thread's. The learner has been started.
 * Errors  NOMEM, and those of opening environments. */
hd_status hd__evaluators_create(hd__learner *learner, hd__evaluators **out);
/* The learner has been started anew. */
void hd__evaluators_start(hd__evaluators *evaluators);
void hd__evaluators_destroy(hd__evaluators *evaluators);

/* As hd__evaluation_play of the learner's evaluation by the learner's actor; false if one failed:
 * then nothing was reported. */
bool hd__evaluators_play(hd__evaluators *evaluators, const hd__actor *actor, int n, uint64_t first,
                         double *returns);

#endif
