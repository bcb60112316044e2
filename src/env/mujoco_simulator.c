#include "mujoco_simulator.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mujoco_library.h"

struct hd__simulator {
  mjModel *model;
  mjData *data;
  int users; /* environments whose body it is */
};

/* ---- errors ---- */

typedef struct guard {
  jmp_buf way_out;
  char why[HD_WHY_SIZE];
} guard;

/* A handler is told nothing but the message: the way out of the call that this thread makes. */
static _Thread_local guard *guard_of_call;

static void mujoco_simulator_leave(const char *message) {
  snprintf(guard_of_call->why, HD_WHY_SIZE, "MuJoCo: %s", message);
  longjmp(guard_of_call->way_out, 1);
}

/* Warnings tell of states that are not finite, after which MuJoCo starts anew by itself. */
static void mujoco_simulator_ignore(const char *message) { (void)message; }

/* Do the work; false if MuJoCo raised an error, whose sentence is then in why (if not NULL). */
static bool mujoco_simulator_guarded(void (*work)(void *with), void *with, char *why) {
  guard here;
  const hd__mujoco_handler on_error = _mjPRIVATE__get_tls_error_fn();
  const hd__mujoco_handler on_warning = _mjPRIVATE__get_tls_warning_fn();
  volatile bool is_done = false;
  guard_of_call = &here;
  _mjPRIVATE__set_tls_error_fn(mujoco_simulator_leave);
  _mjPRIVATE__set_tls_warning_fn(mujoco_simulator_ignore);
  if (setjmp(here.way_out) == 0) {
    work(with);
    is_done = true;
  } else if (why != NULL) {
    memcpy(why, here.why, HD_WHY_SIZE);
  }
  _mjPRIVATE__set_tls_error_fn(on_error);
  _mjPRIVATE__set_tls_warning_fn(on_warning);
  guard_of_call = NULL;
  return is_done;
}

/* ---- models ---- */

typedef struct loading {
  const hd__robot *robot;
  char path[1024];
  mjModel *model;
  mjData *data;
  char error[160];
} loading;

static void mujoco_simulator_load_model(void *with) {
  loading *l = with;
  l->model = mj_loadXML(l->path, NULL, l->error, sizeof l->error);
  l->error[strcspn(l->error, "\n")] = '\0';
}

static void mujoco_simulator_make_data(void *with) {
  loading *l = with;
  l->data = mj_makeData(l->model);
  if (l->data != NULL) {
    mj_forward(l->model, l->data);
  }
}

static bool mujoco_simulator_is_readable(const char *path) {
  FILE *file = fopen(path, "r");
  if (file != NULL) {
    fclose(file);
  }
  return file != NULL;
}

/* Write the path of the model. Its folder is what the user says, or what was found at configure
 * time. */
static hd_status mujoco_simulator_find_model(loading *l, char why[HD_WHY_SIZE]) {
  const char *folder = getenv("HEDON_MUJOCO_MODELS");
  folder = folder != NULL && folder[0] != '\0' ? folder : HD_MUJOCO_MODELS;
  const char *const advice =
      "Gymnasium brings it (pip install gymnasium); name its folder in HEDON_MUJOCO_MODELS";
  if (folder[0] == '\0') {
    snprintf(why, HD_WHY_SIZE, "the model %s was not found when this program was built: %s",
             l->robot->file, advice);
    return HD_IO;
  }
  const int length = snprintf(l->path, sizeof l->path, "%s/%s", folder, l->robot->file);
  if (length < 0 || (size_t)length >= sizeof l->path || !mujoco_simulator_is_readable(l->path)) {
    snprintf(why, HD_WHY_SIZE, "cannot read %.120s: %s", l->path, advice);
    return HD_IO;
  }
  return HD_OK;
}

static bool mujoco_simulator_is_of(const hd__robot *robot, const mjModel *m) {
  return m->nq == robot->nq && m->nv == robot->nv && m->nu == robot->nu && m->na == 0;
}

static hd_status mujoco_simulator_load(loading *l, char why[HD_WHY_SIZE]) {
  const hd__robot *robot = l->robot;
  HD_TRY(hd__mujoco_open(why));
  if (mj_version() != mjVERSION_HEADER) {
    snprintf(why, HD_WHY_SIZE, "built for MuJoCo %d, but MuJoCo %d is installed", mjVERSION_HEADER,
             mj_version());
    return HD_MISMATCH;
  }
  HD_TRY(mujoco_simulator_find_model(l, why));
  if (!mujoco_simulator_guarded(mujoco_simulator_load_model, l, why)) {
    return HD_FORMAT;
  }
  if (l->model == NULL) {
    snprintf(why, HD_WHY_SIZE, "%s: %s", robot->file, l->error);
    return HD_FORMAT;
  }
  if (!mujoco_simulator_is_of(robot, l->model)) {
    snprintf(why, HD_WHY_SIZE,
             "%s has %d positions, %d velocities and %d motors, expected %d, %d and %d",
             robot->file, l->model->nq, l->model->nv, l->model->nu, robot->nq, robot->nv,
             robot->nu);
    return HD_FORMAT;
  }
  if (!mujoco_simulator_guarded(mujoco_simulator_make_data, l, why)) {
    return HD_FORMAT;
  }
  return l->data != NULL ? HD_OK : HD_NOMEM;
}

/* ---- life ---- */

static void mujoco_simulator_release(mjModel *model, mjData *data) {
  if (data != NULL) {
    mj_deleteData(data);
  }
  if (model != NULL) {
    mj_deleteModel(model);
  }
}

hd_status hd__simulator_open(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]) {
  hd__simulator *first = *body;
  if (first != NULL) {
    first->users++;
    return HD_OK;
  }
  loading l = {.robot = self->data};
  hd_status status = mujoco_simulator_load(&l, why);
  hd__simulator *made = NULL;
  if (status == HD_OK) {
    made = malloc(sizeof *made);
    status = made != NULL ? HD_OK : HD_NOMEM;
  }
  if (status != HD_OK) {
    mujoco_simulator_release(l.model, l.data);
    return status;
  }
  *made = (hd__simulator){l.model, l.data, 1};
  *body = made;
  return HD_OK;
}

void hd__simulator_close(const hd_env_desc *self, void *body) {
  (void)self;
  hd__simulator *simulator = body;
  if (--simulator->users == 0) {
    mujoco_simulator_release(simulator->model, simulator->data);
    free(simulator);
  }
}

/* ---- motion ---- */

static void mujoco_simulator_copy(double *to, const double *from, int n) {
  memcpy(to, from, sizeof(double) * (size_t)n);
}

static void mujoco_simulator_load_state(const mjModel *m, mjData *d, const hd__robot_state *s) {
  d->time = s->time;
  mujoco_simulator_copy(d->qpos, s->qpos, m->nq);
  mujoco_simulator_copy(d->qvel, s->qvel, m->nv);
  mujoco_simulator_copy(d->qacc_warmstart, s->warmstart, m->nv);
}

static void mujoco_simulator_store_state(const hd__robot *robot, const mjData *d,
                                         hd__robot_state *s) {
  s->time = d->time;
  mujoco_simulator_copy(s->qpos, d->qpos, robot->nq);
  mujoco_simulator_copy(s->qvel, d->qvel, robot->nv);
  mujoco_simulator_copy(s->warmstart, d->qacc_warmstart, robot->nv);
  if (robot->read_sensors != NULL) {
    robot->read_sensors(d, s->sensor);
  }
}

typedef struct motion {
  const hd__robot *robot;
  const mjModel *model;
  mjData *data;
  const float *action;
} motion;

static void mujoco_simulator_compute_forward(void *with) {
  const motion *w = with;
  mj_forward(w->model, w->data);
}

static void mujoco_simulator_advance(void *with) {
  const motion *w = with;
  for (int i = 0; i < w->robot->nu; i++) {
    w->data->ctrl[i] = (double)w->action[i];
  }
  for (int k = 0; k < w->robot->frame_skip; k++) {
    mj_step(w->model, w->data);
  }
}

/* Move from the state; back to where it was, if MuJoCo cannot. */
static bool mujoco_simulator_move(void (*how)(void *with), const hd__robot *robot,
                                  hd__robot_state *s, const float *action) {
  const hd__simulator *body = s->body;
  motion with = {robot, body->model, body->data, action};
  mujoco_simulator_load_state(body->model, body->data, s);
  if (!mujoco_simulator_guarded(how, &with, NULL)) {
    mj_resetData(body->model, body->data);
    return false;
  }
  mujoco_simulator_store_state(robot, body->data, s);
  return true;
}

void hd__simulator_start(const hd__robot *robot, hd__robot_state *s) {
  const mjModel *m = s->body->model;
  mjData *d = s->body->data;
  s->time = 0;
  memset(s->warmstart, 0, sizeof s->warmstart);
  memset(d->ctrl, 0, sizeof(double) * (size_t)m->nu);
  for (int i = 0; i < m->nq; i++) {
    s->qpos[i] = m->qpos0[i] + s->qpos[i];
  }
  mujoco_simulator_move(mujoco_simulator_compute_forward, robot, s, NULL);
}

bool hd__simulator_step(const hd__robot *robot, hd__robot_state *s, const float *action) {
  return mujoco_simulator_move(mujoco_simulator_advance, robot, s, action);
}

double hd__simulator_dt(const hd__robot *robot, const hd__simulator *body) {
  return body->model->opt.timestep * robot->frame_skip;
}
