/* Worker threads that share out numbered tasks. The caller stays free to look on. */
#ifndef HD_POOL_H
#define HD_POOL_H

#include "context_internal.h"

typedef struct hd__pool hd__pool;

/* A task does a slice of work of its own numbered job and returns true if there is more of it;
 * slices of one job never overlap. */
typedef bool (*hd__task_fn)(void *user, int task);

/* Threads are started for the run and joined at its end, so a fork in between finds none. */
hd_status hd__pool_start(hd_ctx *ctx, int n_threads, int n_tasks, hd__task_fn fn, void *user,
                         hd__pool **out);

/* Wait until all is done or the time is over; true if all is done. */
bool hd__pool_wait(hd__pool *pool, int milliseconds);

/* Take no further slices. */
void hd__pool_stop(hd__pool *pool);

/* Join the threads and free the pool; slices under way are finished first. */
void hd__pool_finish(hd__pool *pool);

#endif
