#include "foreign.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "env_check.h"
#include "env_random.h"

/* The state of one environment, in a checkpoint, too. */
typedef struct foreign_state {
  uint64_t seed; /* of its episode */
  int64_t steps; /* since it began */
  float value[]; /* [n_obs] what it shows, then [foreign_kept_steps][n_act] actions so far */
} foreign_state;

/* Where an environment of the program is: equal to its state unless that was loaded or copied. */
typedef struct foreign_at {
  uint64_t seed; /* UINT64_MAX: nobody knows */
  int64_t steps;
} foreign_at;

struct hd__foreign {
  const hd_env_desc *desc;
  hd_foreign_batch batch;
  hd__arena arena;
  int32_t *row; /* what batch's const members point to */
  uint64_t *seed;
  float *action;
  foreign_at *at; /* [B] */
  bool *is_lost;  /* [B] it is not where its state is */
};

enum { SEEDS = INT32_MAX };

/* Steps whose actions a state has room for. */
static int64_t foreign_kept_steps(const hd_env_desc *desc) {
  return desc->max_steps > 0 && (int64_t)desc->max_steps * desc->n_act <= HD_FOREIGN_KEPT
             ? desc->max_steps
             : HD_FOREIGN_KEPT_STEPS;
}

size_t hd__foreign_state_size(const hd_env_desc *desc) {
  return sizeof(foreign_state) +
         sizeof(float) * (size_t)(desc->n_obs + foreign_kept_steps(desc) * desc->n_act);
}

/* ---- opening ---- */

static void foreign_lay_out(hd__foreign *f) {
  hd__arena *arena = &f->arena;
  hd_foreign_batch *batch = &f->batch;
  const int B = batch->B;
  f->at = HD_TAKE(arena, foreign_at, B);
  f->is_lost = HD_TAKE(arena, bool, B);
  batch->row = f->row = HD_TAKE(arena, int32_t, B);
  batch->seed = f->seed = HD_TAKE(arena, uint64_t, B);
  batch->action = f->action = HD_TAKE(arena, float, B * f->desc->n_act);
  batch->obs = HD_TAKE(arena, float, B * f->desc->n_obs);
  batch->reward = HD_TAKE(arena, double, B);
  batch->terminated = HD_TAKE(arena, bool, B);
  batch->truncated = HD_TAKE(arena, bool, B);
}

static hd_status foreign_begin(hd_ctx *ctx, hd__foreign *f) {
  foreign_lay_out(f);
  HD_TRY(hd__arena_commit(ctx, &f->arena));
  foreign_lay_out(f);
  for (int b = 0; b < f->batch.B; b++) {
    f->at[b].seed = UINT64_MAX;
  }
  const hd_foreign *program = f->desc->foreign;
  char why[HD_WHY_SIZE] = "it could not be opened";
  const hd_status status = program->open(program->user, &f->batch, why);
  return status == HD_OK ? HD_OK : hd__fail(ctx, status, "%s: %s", f->desc->name, why);
}

static void foreign_free(hd_ctx *ctx, hd__foreign *f) {
  hd__arena_free(ctx, &f->arena);
  hd__free(ctx, f, sizeof *f);
}

hd_status hd__foreign_open(hd_ctx *ctx, const hd_env_desc *desc, int B, hd__foreign **out) {
  hd__foreign *f = hd__alloc(ctx, sizeof *f);
  if (f == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d environments", B);
  }
  *f = (hd__foreign){.desc = desc, .batch = {.B = B}};
  const hd_status status = foreign_begin(ctx, f);
  if (status != HD_OK) {
    foreign_free(ctx, f);
    return status;
  }
  *out = f;
  return HD_OK;
}

void hd__foreign_close(hd_ctx *ctx, hd__foreign *f) {
  if (f != NULL) {
    const hd_foreign *program = f->desc->foreign;
    program->close(program->user, &f->batch);
    foreign_free(ctx, f);
  }
}

/* ---- refusals ---- */

static bool foreign_refuse(const hd__foreign *f, const char *format, ...) HD_PRINTF(2, 3);

/* Tell the program why; false. */
static bool foreign_refuse(const hd__foreign *f, const char *format, ...) {
  const hd_foreign *program = f->desc->foreign;
  char why[2 * HD_WHY_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why, sizeof why, format, arguments);
  va_end(arguments);
  program->refused(program->user, why);
  return false;
}

/* ---- episodes ---- */

static foreign_state *foreign_state_of(hd__foreign_states states, int row) {
  return (foreign_state *)(void *)(states.first + (size_t)row * states.stride);
}

static float *foreign_obs_of(const hd__foreign *f, int row) {
  return f->batch.obs + row * f->desc->n_obs;
}

/* Are integers of what the listed environments show below their counts? */
static bool foreign_shows_integers(const hd__foreign *f) {
  const hd_env_desc *desc = f->desc;
  for (int k = 0; k < f->batch.n; k++) {
    const float *obs = foreign_obs_of(f, f->row[k]);
    const float *stray = hd__env_stray_integer(desc, 1, obs);
    if (stray != NULL) {
      const hd_dim *dim = &desc->obs[stray - obs];
      return foreign_refuse(f, "%s of %s is %g; allowed: whole numbers 0 to %d", dim->name,
                            desc->name, (double)*stray, dim->count - 1);
    }
  }
  return true;
}

/* Begin episodes of f->seed in the n environments of f->row. Where an environment is, is known
 * again once the call has succeeded. */
static bool foreign_begin_episodes(hd__foreign *f, int n) {
  const hd_foreign *program = f->desc->foreign;
  f->batch.n = n;
  for (int i = 0; i < n; i++) {
    f->at[f->row[i]].seed = UINT64_MAX;
  }
  const bool is_ok = program->reset(program->user, &f->batch);
  for (int i = 0; is_ok && i < n; i++) {
    f->at[f->row[i]] = (foreign_at){f->seed[f->row[i]], 0};
  }
  return is_ok;
}

/* Step the n environments of f->row by f->action. */
static bool foreign_advance(hd__foreign *f, int n) {
  const hd_foreign *program = f->desc->foreign;
  f->batch.n = n;
  const bool is_ok = program->step(program->user, &f->batch);
  for (int i = 0; i < n; i++) {
    foreign_at *at = &f->at[f->row[i]];
    at->steps++;
    at->seed = is_ok ? at->seed : UINT64_MAX;
  }
  return is_ok;
}

static void foreign_show(const hd__foreign *f, int row, bool is_ok, foreign_state *state,
                         float *obs) {
  const int n_obs = f->desc->n_obs;
  const float *shown = foreign_obs_of(f, row);
  for (int i = 0; i < n_obs; i++) {
    state->value[i] = obs[row * n_obs + i] = is_ok ? shown[i] : NAN;
  }
}

void hd__foreign_reset(hd__foreign *f, int n, const int32_t *row, hd__foreign_states states,
                       hd_random *random, float *obs) {
  for (int i = 0; i < n; i++) {
    f->row[i] = row[i];
    f->seed[row[i]] = hd_random_below(&random[row[i]], SEEDS);
  }
  const bool is_ok = foreign_begin_episodes(f, n) && foreign_shows_integers(f);
  for (int i = 0; i < n; i++) {
    foreign_state *state = foreign_state_of(states, row[i]);
    state->seed = f->seed[row[i]];
    state->steps = 0;
    foreign_show(f, row[i], is_ok, state, obs);
  }
}

/* ---- taking up episodes ---- */

/* Environments whose states have to be repeated; the longest of their episodes. */
typedef struct foreign_lost {
  int n;
  int64_t longest;
} foreign_lost;

static bool foreign_is_lost(const hd__foreign *f, int row, const foreign_state *state) {
  return f->at[row].seed != state->seed || f->at[row].steps != state->steps;
}

/* Mark the environments that are not where their states are. Where one of a lockstep is lost, all
 * are, since it cannot be moved alone. */
static foreign_lost foreign_find_lost(hd__foreign *f, const unsigned char *idle,
                                      hd__foreign_states states) {
  const int B = states.B;
  bool has_lost = false;
  for (int row = 0; row < B; row++) {
    f->is_lost[row] = !idle[row] && foreign_is_lost(f, row, foreign_state_of(states, row));
    has_lost = has_lost || f->is_lost[row];
  }
  foreign_lost lost = {0};
  for (int row = 0; has_lost && row < B; row++) {
    f->is_lost[row] = f->is_lost[row] || (f->desc->foreign->is_lockstep && !idle[row]);
    const int64_t steps = f->is_lost[row] ? foreign_state_of(states, row)->steps : 0;
    lost.n += f->is_lost[row];
    lost.longest = steps > lost.longest ? steps : lost.longest;
  }
  return lost;
}

/* List the lost environments whose episodes have `left` steps or more; or `left` exactly, which
 * begin now. */
static int foreign_list_lost(hd__foreign *f, hd__foreign_states states, int64_t left, bool begin) {
  int n = 0;
  for (int row = 0; row < states.B; row++) {
    const int64_t steps = f->is_lost[row] ? foreign_state_of(states, row)->steps : -1;
    if (begin ? steps == left : steps >= left) {
      f->row[n++] = row;
    }
  }
  return n;
}

/* Begin the lost episodes that have so many steps left; then take one step in all that have begun.
 */
static bool foreign_repeat(hd__foreign *f, hd__foreign_states states, int64_t left) {
  const int n_act = f->desc->n_act;
  const int n_begin = foreign_list_lost(f, states, left, true);
  for (int i = 0; i < n_begin; i++) {
    f->seed[f->row[i]] = foreign_state_of(states, f->row[i])->seed;
  }
  if (n_begin > 0 && !foreign_begin_episodes(f, n_begin)) {
    return false;
  }
  const int n = left > 0 ? foreign_list_lost(f, states, left, false) : 0;
  for (int i = 0; i < n; i++) {
    const foreign_state *state = foreign_state_of(states, f->row[i]);
    memcpy(f->action + f->row[i] * n_act,
           state->value + f->desc->n_obs + (state->steps - left) * n_act,
           sizeof(float) * (size_t)n_act);
  }
  return n == 0 || foreign_advance(f, n);
}

static bool foreign_is_as_before(const hd__foreign *f, int row, const foreign_state *state) {
  return memcmp(foreign_obs_of(f, row), state->value, sizeof(float) * (size_t)f->desc->n_obs) ==
             0 ||
         foreign_refuse(f,
                        "an episode of %s cannot be taken up after %lld steps: the same seed and "
                        "actions led to another observation",
                        f->desc->name, (long long)state->steps);
}

/* Bring environments to where their states are: the same seeds, the same actions, all of them
 * arriving with the same last step. */
static bool foreign_take_up(hd__foreign *f, const unsigned char *idle, hd__foreign_states states) {
  const foreign_lost lost = foreign_find_lost(f, idle, states);
  const int64_t kept = foreign_kept_steps(f->desc);
  if (lost.longest > kept) {
    return foreign_refuse(
        f,
        "an episode of %s cannot be taken up after %lld steps: it has no limit, or "
        "too long a one, and actions are kept for %lld; give it a max_steps",
        f->desc->name, (long long)lost.longest, (long long)kept);
  }
  bool is_ok = true;
  for (int64_t left = lost.longest; is_ok && lost.n > 0 && left >= 0; left--) {
    is_ok = foreign_repeat(f, states, left);
  }
  for (int row = 0; is_ok && lost.n > 0 && row < states.B; row++) {
    is_ok = !f->is_lost[row] || foreign_is_as_before(f, row, foreign_state_of(states, row));
  }
  return is_ok;
}

/* ---- steps ---- */

/* List the environments that are not idle; their number. */
static int foreign_list_busy(hd__foreign *f, const unsigned char *idle, int B) {
  int n = 0;
  for (int row = 0; row < B; row++) {
    f->row[n] = row;
    n += !idle[row];
  }
  return n;
}

/* Real actions are clipped to their bounds, which environments of other languages insist on. */
static void foreign_take_actions(hd__foreign *f, int B, const float *action) {
  const int n_act = f->desc->n_act;
  for (int k = 0; k < B * n_act; k++) {
    const hd_dim *dim = &f->desc->act[k % n_act];
    const float x = action[k];
    f->action[k] = dim->count > 0 ? x : x < dim->low ? dim->low : x > dim->high ? dim->high : x;
  }
}

/* The step just made counts as made, in the state as well. */
static void foreign_keep(const hd__foreign *f, const float *action, foreign_state *state) {
  const int n_act = f->desc->n_act;
  if (state->steps < foreign_kept_steps(f->desc)) {
    memcpy(state->value + f->desc->n_obs + state->steps * n_act, action,
           sizeof(float) * (size_t)n_act);
  }
  state->steps++;
}

void hd__foreign_step(hd__foreign *f, const unsigned char *idle, hd__foreign_states states,
                      const float *action, float *obs, double *reward, bool *terminated) {
  const int n_act = f->desc->n_act;
  bool is_ok = foreign_take_up(f, idle, states);
  foreign_take_actions(f, states.B, action);
  is_ok = is_ok && foreign_advance(f, foreign_list_busy(f, idle, states.B)) &&
          foreign_shows_integers(f);
  for (int row = 0; row < states.B; row++) {
    if (!idle[row]) {
      foreign_state *state = foreign_state_of(states, row);
      foreign_keep(f, f->action + row * n_act, state);
      foreign_show(f, row, is_ok, state, obs);
      reward[row] = is_ok ? f->batch.reward[row] : NAN;
      terminated[row] = is_ok ? f->batch.terminated[row] : true;
    }
  }
}

bool hd__foreign_truncated(const hd__foreign *f, int row) { return f->batch.truncated[row]; }
