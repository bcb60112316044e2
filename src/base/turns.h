/* Jobs that take turns on worker threads: each is done in slices, and goes to the end of the line
 * after a slice. The caller stays free to watch. */
#ifndef HD_TURNS_H
#define HD_TURNS_H

#include "workers.h"

typedef struct hd__turns hd__turns;

/* One slice of job number `job`; true if there is more of it. Slices of one job never overlap. */
typedef bool (*hd__slice_fn)(void *user, int job);

/* Threads are started now and joined by hd__turns_finish.  Errors  NOMEM. */
hd_status hd__turns_start(hd_ctx *ctx, int n_threads, int n_jobs, hd__slice_fn fn, void *user,
                          hd__turns **out);

/* Wait until all jobs are done or the time is over; true if all are done. */
bool hd__turns_wait(hd__turns *turns, int milliseconds);

/* Begin no further slices. */
void hd__turns_stop(hd__turns *turns);

/* Stop, join the threads and free; slices under way are finished first. */
void hd__turns_finish(hd__turns *turns);

#endif
