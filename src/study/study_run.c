/* Running a study: turns of its learners, until all are done or somebody stops it. */
#include <inttypes.h>

#include "clock.h"
#include "session_internal.h"
#include "study_internal.h"

/* A unit of learning may take so long to end once a study is stopped. */
enum { GRACE_MS = 600 };

hd_status hd__study_forward(hd_study *study, const hd__slot *slot, const hd__study_learner *learner,
                            hd_status status) {
  return hd__fail(study->ctx, status, "the learner of seed %" PRIu64 ": %s", learner->seed,
                  slot->ctx.error);
}

static bool study_is_failing(hd_study *study) {
  pthread_mutex_lock(&study->mutex);
  const bool failing = study->is_failing;
  pthread_mutex_unlock(&study->mutex);
  return failing;
}

/* Save the learners that did not fail; then report the first failure, lowest seed first. */
static hd_status study_end_run(hd_study *study) {
  const hd__slot *failed = NULL;
  for (int i = 0; i < study->n_slots; i++) {
    hd__slot *slot = study->slot[i];
    if (slot->learner == NULL) {
      continue;
    }
    slot->started = -1;
    hd__slot_publish(study, slot);
    if (slot->status == HD_OK) {
      slot->status = hd__slot_save(study, slot);
    }
    if (slot->status != HD_OK && slot->status != HD_STOPPED &&
        (failed == NULL || slot->learner->seed < failed->learner->seed)) {
      failed = slot;
    }
  }
  return failed == NULL ? HD_OK : hd__study_forward(study, failed, failed->learner, failed->status);
}

static int64_t study_steps_so_far(const hd_study *study) {
  int64_t steps = 0;
  for (int i = 0; i < study->n_learners; i++) {
    steps += hd_study_result(study, i).env_steps;
  }
  return steps;
}

/* A turn is short, but when a learner's steps become slow within one, as at a first update of large
 * networks: what has been under way since the last look ends after the unit at hand, so that it is
 * seen and saved. */
static void study_yield(hd_study *study) {
  for (int i = 0; i < study->n_slots; i++) {
    hd__slot *slot = study->slot[i];
    const unsigned n_turns = atomic_load(&slot->n_turns);
    if (n_turns == slot->n_turns_seen) {
      atomic_store(&slot->yield, true);
    }
    slot->n_turns_seen = n_turns;
  }
}

/* Let the workers take turns until all is done, or somebody wants to stop. */
static void study_watch(hd_study *study, hd__turns *turns, hd_study_fn progress, void *user) {
  bool is_done;
  do {
    is_done = hd__turns_wait(turns, study->progress_ms);
    study_yield(study);
    const bool goes_on = progress == NULL || progress(user, study);
    if (!goes_on || study_is_failing(study)) {
      return;
    }
  } while (!is_done);
}

/* Turns are short, but for units of learning that take long: those are given up, and the learner's
 * last checkpoint stands, from which it repeats them to the bit. */
static void study_end_turns(hd_study *study, hd__turns *turns) {
  atomic_store(&study->pause, true);
  hd__turns_stop(turns);
  if (!hd__turns_wait(turns, GRACE_MS)) {
    atomic_store(&study->stop, true);
  }
  hd__turns_finish(turns);
}

/* Threads that no learner needs help those that can use them. */
static hd_status study_create_parallel_searches(hd_study *study) {
  for (int i = 0; i < study->n_slots; i++) {
    hd__slot *slot = study->slot[i];
    const hd_status status =
        hd__session_use_threads(slot->session, study->n_threads / study->n_slots);
    if (status != HD_OK) {
      return hd__fail(study->ctx, status, "%s", slot->ctx.error);
    }
  }
  return HD_OK;
}

static bool study_is_done(const hd_study *study) {
  bool is_done = true;
  for (int i = 0; i < study->n_learners; i++) {
    is_done &= study->learner[i].record.done != 0;
  }
  return is_done;
}

/* A study that is done, or gave up what it was at, goes no further itself: whoever wants to go on
 * takes its folder. */
static void study_release_folder(hd_study *study) {
  if (study->has_run && (atomic_load(&study->stop) || study_is_done(study))) {
    hd__run_close(&study->run);
    study->has_run = false;
  }
}

hd_status hd_study_run(hd_study *study, hd_study_fn progress, void *user) {
  if (atomic_load(&study->stop)) {
    return hd__fail(study->ctx, HD_USAGE,
                    "this study gave up what it was at when it was stopped; go on with its folder");
  }
  atomic_store(&study->pause, false);
  for (int i = 0; i < study->n_slots; i++) {
    study->slot[i]->session->pause = &study->pause;
    study->slot[i]->session->yield = &study->slot[i]->yield;
    hd__registries_share(&study->slot[i]->ctx, study->ctx);
  }
  if (study->n_slots == 0) { /* a run that was finished already */
    return HD_OK;
  }
  HD_TRY(study_create_parallel_searches(study));
  const double begin = hd__clock_wall();
  study->run_steps = study->run_s > 0 ? study->run_steps : study_steps_so_far(study);
  const int n_threads = study->n_threads < study->n_slots ? study->n_threads : study->n_slots;
  hd__turns *turns;
  HD_TRY(hd__turns_start(study->ctx, n_threads, study->n_slots, hd__slot_advance, study, &turns));
  study_watch(study, turns, progress, user);
  study_end_turns(study, turns);
  for (int i = 0; i < study->n_slots; i++) {
    hd__session_join_threads(study->slot[i]->session);
  }
  const hd_status status = study_end_run(study);
  study_release_folder(study);
  study->run_s += hd__clock_wall() - begin;
  return status;
}

hd_status hd_study_save(hd_study *study, const char *path) {
  if (study->n_learners != 1 || study->n_slots != 1) {
    return hd__fail(study->ctx, HD_USAGE, "a study of one learner is saved, while it is under way");
  }
  const hd__slot *slot = study->slot[0];
  const hd_status status = hd_session_save(slot->session, path);
  return status == HD_OK ? HD_OK : hd__study_forward(study, slot, &study->learner[0], status);
}
