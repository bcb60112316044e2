#include "held_run.h"

#include <time.h>

#include "hold.h"

/* A hd_study_fn. */
static bool held_run_tick(void *user, hd_study *study) {
  held_run *self = user;
  const bool goes_on = self->tick(self->user, study);
  self->is_held = goes_on && self->dir != NULL && hold_is_asked(self->dir);
  return goes_on && !self->is_held;
}

static void held_run_wait(const held_run *self) {
  static const struct timespec nap = {.tv_nsec = 50 * 1000000};
  self->say(self->user);
  hold_mark(self->dir, true);
  while (hold_is_asked(self->dir) && !self->is_ended(self->user)) {
    nanosleep(&nap, NULL);
  }
  hold_mark(self->dir, false);
}

/* A study that gave up a long unit of learning to stop in time goes on from its folder. */
static hd_status held_run_reopen(hd_ctx *ctx, held_run *self) {
  hd_study *next;
  HD_TRY(hd_study_resume(ctx, self->dir, self->n_threads, &next));
  held_run_close(self);
  self->study = self->reopened = next;
  return hd_study_run(next, held_run_tick, self);
}

hd_status held_run_go(hd_ctx *ctx, held_run *self) {
  hd_status status = hd_study_run(self->study, held_run_tick, self);
  while (status == HD_OK && self->is_held && !self->is_ended(self->user)) {
    held_run_wait(self);
    self->is_held = false;
    if (!self->is_ended(self->user)) {
      status = hd_study_run(self->study, held_run_tick, self);
    }
    if (status == HD_USAGE) {
      status = held_run_reopen(ctx, self);
    }
  }
  return status;
}

void held_run_close(held_run *self) {
  hd_study_destroy(self->reopened);
  self->reopened = NULL;
}
