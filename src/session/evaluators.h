/* Episodes of an evaluation shared out among a session's worker threads. Each has environments and
 * an actor of its own and takes the next episode that nobody has begun; the first worker, who is
 * the caller, uses those of the session. What an episode returns depends on its number, the seed
 * and the weights alone, so results are those of one thread. */
#ifndef HD_EVALUATORS_H
#define HD_EVALUATORS_H

#include "evaluation.h"
#include "hedon/session.h"

typedef struct hd__evaluators hd__evaluators;

/* One less than the session has workers: each a thread's.  Errors  NOMEM, and those of opening
 * environments. */
hd_status hd__evaluators_create(hd_session *session, hd__evaluators **out);
/* The session has been compiled and started anew. */
hd_status hd__evaluators_restart(hd__evaluators *evaluators);
void hd__evaluators_destroy(hd__evaluators *evaluators);

/* As hd__evaluation_play of the session's evaluation by `actor`, which is hd__session_actor's with
 * these weights; false if there are no evaluators (NULL), or if one failed: then the session plays
 * the episodes itself. */
bool hd__evaluators_play(hd__evaluators *evaluators, const hd__actor *actor, const float *weights,
                         int n, uint64_t first, double *returns);

#endif
