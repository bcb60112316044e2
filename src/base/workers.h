/* Worker threads that share out jobs. A job is numbered tasks; whoever is free takes the next one.
 *
 * A job may be as short as 20 microseconds: a worker that finds no task spins for some 200 before
 * it sleeps, and a worker that is late misses a job and delays nobody. Where other programs keep a
 * worker from the processor in the midst of a task, the calling thread does the next jobs alone,
 * the more the oftener that happens. Who executes which task differs from run to run, so tasks must
 * not depend on it. */
#ifndef HD_WORKERS_H
#define HD_WORKERS_H

#include "context_internal.h"

typedef struct hd__workers hd__workers;

/* worker: 0 is the calling thread, 1 to hd__workers_count - 1 are the pool's. */
typedef void (*hd__task_fn)(void *user, int worker, int task);

/* A pool of n_threads threads besides the calling one. The threads start with the first job.
 * Errors  NOMEM. */
hd_status hd__workers_create(hd_ctx *ctx, int n_threads, hd__workers **out);
/* Join the threads; the next job starts new ones. So a fork in between copies no thread. */
void hd__workers_join(hd__workers *workers);
void hd__workers_destroy(hd__workers *workers);

/* Threads that may execute tasks, the calling one included; 1 for NULL. */
int hd__workers_count(const hd__workers *workers);
/* Processor seconds that the pool's threads have spent so far, up to their last job; 0 for NULL. */
double hd__workers_cpu_s(const hd__workers *workers);

/* Do tasks 0 to n_tasks - 1; the calling thread takes part. Returns when all are done. With
 * `workers` NULL, or where no thread could be started, the calling thread does all of them. */
void hd__workers_run(hd__workers *workers, int n_tasks, hd__task_fn fn, void *user);

/* Offer work to whoever is free while the calling thread runs jobs, one piece at a time. It runs no
 * jobs itself. hd__workers_finish_offer: it is done, by the calling thread if nobody took it;
 * nothing happens if there was no offer. */
void hd__workers_offer(hd__workers *workers, void (*fn)(void *user), void *user);
void hd__workers_finish_offer(hd__workers *workers);

/* Begin a job that the calling thread takes no part in.  Errors  NOMEM: no thread could be started.
 * hd__workers_wait: until the job is done or the time is over; true if it is done. */
hd_status hd__workers_begin(hd__workers *workers, int n_tasks, hd__task_fn fn, void *user);
bool hd__workers_wait(hd__workers *workers, int milliseconds);

#endif
