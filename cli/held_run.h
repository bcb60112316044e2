/* A study in a folder that is saved and waits whenever somebody who looks at it asks it to
 * (hold.h): what hedon train, resume and the runs of hedon study share. */
#ifndef CLI_HELD_RUN_H
#define CLI_HELD_RUN_H

#include "hedon/hedon.h"

typedef struct held_run {
  const char *dir;              /* NULL: nobody can ask */
  int n_threads;                /* of the study when it is opened again */
  hd_study_fn tick;             /* called as hd_study_run does; false: it is to end */
  bool (*is_ended)(void *user); /* it is to end while it waits */
  void (*say)(void *user);      /* it begins to wait */
  void *user;                   /* of these three */
  hd_study *study;              /* that runs */
  hd_study *reopened; /* the same, where it took the place of the one handed in; or NULL */
  bool is_held;
} held_run;

/* Run the study to its end, or until tick or is_ended end it.  Errors  those of hd_study_run and
 * hd_study_resume. */
hd_status held_run_go(hd_ctx *ctx, held_run *self);

/* Destroy what was opened again; not the study that was handed in. */
void held_run_close(held_run *self);

#endif
