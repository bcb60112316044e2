#include "evaluation.h"

#include <string.h>

#include "context_internal.h"
#include "episode.h"

/* Where a task sets no limit, a greedy policy may go round in circles for ever. */
enum { LONGEST_EPISODE = 10000 };

/* ---- life ---- */

hd_status hd__evaluation_open(hd__evaluation *evaluation) {
  const hd_env_desc *env = evaluation->env;
  evaluation->eval_env = hd__eval_env_of(env);
  HD_TRY(hd__bodies_open(evaluation->ctx, env, evaluation->n_rows, 1, &evaluation->bodies));
  if (evaluation->eval_env == env) {
    return HD_OK;
  }
  return hd__bodies_open(evaluation->ctx, evaluation->eval_env, evaluation->n_rows, 1,
                         &evaluation->eval_bodies);
}

void hd__evaluation_close(hd__evaluation *evaluation) {
  hd__bodies_close(evaluation->ctx, &evaluation->eval_bodies);
  hd__bodies_close(evaluation->ctx, &evaluation->bodies);
}

void hd__evaluation_lay_out(hd__evaluation *evaluation, hd__arena *arena) {
  const hd_env_desc *env = evaluation->env;
  const int rows = evaluation->n_rows;
  const size_t one = hd__envs_size(env, rows), other = hd__envs_size(hd__eval_env_of(env), rows);
  evaluation->memory = hd__arena_take(arena, one > other ? one : other);
  evaluation->row = HD_TAKE(arena, hd__eval_row, rows);
  evaluation->draw = HD_TAKE(arena, hd__random_base, rows);
  evaluation->n_decided = 0;
  evaluation->obs = HD_TAKE(arena, float, rows * env->n_obs);
  evaluation->action = HD_TAKE(arena, float, rows * env->n_act);
  evaluation->reward = HD_TAKE(arena, double, rows);
  evaluation->terminated = HD_TAKE(arena, bool, rows);
  evaluation->truncated = HD_TAKE(arena, bool, rows);
}

/* ---- episodes ---- */

/* Episodes are started as rows fall free, and their returns are reported by their index: how many
 * rows there are does not matter. */
static void evaluation_start(hd__evaluation *evaluation, const hd__actor *actor, int row, int index,
                             uint64_t number) {
  const uint64_t seed = hd__mix64(evaluation->seed ^ hd__mix64(0xE7A1u + number));
  evaluation->row[row] = (hd__eval_row){.index = index};
  evaluation->n_decided = 0;
  if (actor->begin != NULL) {
    actor->begin(actor->self, row);
  }
  evaluation->draw[row] = hd__random_base_make(seed, actor->stream, 0);
  hd__envs_start(evaluation->envs, row, seed, evaluation->obs + row * evaluation->env->n_obs);
}

static hd_status evaluation_not_finite(const hd__evaluation *evaluation) {
  return hd__fail(evaluation->ctx, HD_NUMERIC,
                  "%s gave a reward or an observation that is not finite while being "
                  "evaluated",
                  evaluation->env->name);
}

static hd_status evaluation_step(hd__evaluation *evaluation, const hd__actor *actor, int rows) {
  HD_TRY(hd__check_stopped(evaluation->ctx));
  if (!hd__is_finite(evaluation->obs, (size_t)rows * (size_t)evaluation->env->n_obs)) {
    return evaluation_not_finite(evaluation);
  }
  actor->decide(actor->self, rows, evaluation->obs, evaluation->draw, evaluation->action);
  HD_TRY(actor->check(actor->self, evaluation->ctx));
  if (actor->decided != NULL) {
    actor->decided(actor->self, rows, evaluation);
  }
  hd_envs_step(evaluation->envs, evaluation->action, evaluation->obs, evaluation->reward,
               evaluation->terminated, evaluation->truncated);
  for (int row = 0; row < rows; row++) {
    hd__eval_row *r = &evaluation->row[row];
    hd__return_add(evaluation->playing, evaluation->reward[row], &r->sum, &r->lost);
    evaluation->steps += r->index >= 0;
    evaluation->draw[row].step++;
    evaluation->draw[row].is_continued = true;
    if (!isfinite(r->sum)) {
      return evaluation_not_finite(evaluation);
    }
  }
  if (actor->stepped != NULL) {
    actor->stepped(actor->self, rows, evaluation);
  }
  return HD_OK;
}

static bool evaluation_has_ended(const hd__evaluation *evaluation, int row) {
  const bool is_endless = evaluation->playing->max_steps <= 0;
  return evaluation->terminated[row] || evaluation->truncated[row] ||
         (is_endless && evaluation->draw[row].step >= LONGEST_EPISODE);
}

static void evaluation_place(hd__evaluation *evaluation, const hd_env_desc *env, int rows) {
  evaluation->playing = env;
  evaluation->envs =
      hd__envs_place(evaluation->memory, env, rows, 0, evaluation->rng, evaluation->kernel);
  hd__envs_set_bodies(evaluation->envs,
                      env == evaluation->env ? &evaluation->bodies : &evaluation->eval_bodies);
}

/* Begin the next episode in a row, or leave the row idle if there is none. */
static void evaluation_next(hd__evaluation *evaluation, const hd__actor *actor, int row,
                            hd__episodes *episodes) {
  const int index = atomic_fetch_add(&episodes->next, 1);
  const bool has_more = index < episodes->n;
  if (!has_more && hd__envs_set_idle(evaluation->envs, row)) {
    evaluation->row[row] = (hd__eval_row){.index = -1, .is_idle = true};
    evaluation->reward[row] = 0.0;
    return;
  }
  evaluation_start(evaluation, actor, row, has_more ? index : -1,
                   episodes->first + (uint64_t)(has_more ? index : 0));
}

/* An environment of a program that never ends an episode makes evaluations long: say so once. */
static void evaluation_note_cut(hd__evaluation *evaluation, int row) {
  const bool is_cut = !evaluation->terminated[row] && !evaluation->truncated[row];
  if (is_cut && evaluation->playing->foreign != NULL && !evaluation->has_noted_cut) {
    evaluation->has_noted_cut = true;
    hd__log(evaluation->ctx,
            "%s sets no limit to its episodes, and an evaluation ended one after %d steps; give it "
            "a max_steps",
            evaluation->playing->name, LONGEST_EPISODE);
  }
}

/* The episode of a row has ended. */
static void evaluation_end(hd__evaluation *evaluation, const hd__actor *actor, int row,
                           hd__episodes *episodes) {
  const hd__eval_row *r = &evaluation->row[row];
  evaluation_note_cut(evaluation, row);
  if (r->index >= 0) {
    episodes->returns[r->index] = r->sum;
    if (actor->end != NULL) {
      actor->end(actor->self, row, r->index);
    }
  }
}

static int evaluation_busy_rows(const hd__evaluation *evaluation, int rows) {
  int busy = 0;
  for (int row = 0; row < rows; row++) {
    busy += evaluation->row[row].index >= 0;
  }
  return busy;
}

hd_status hd__evaluation_take(hd__evaluation *evaluation, const hd_env_desc *env,
                              const hd__actor *actor, int rows, hd__episodes *episodes) {
  evaluation_place(evaluation, env, rows);
  for (int row = 0; row < rows; row++) {
    evaluation_next(evaluation, actor, row, episodes);
  }
  while (evaluation_busy_rows(evaluation, rows) > 0) {
    HD_TRY(evaluation_step(evaluation, actor, rows));
    for (int row = 0; row < rows; row++) {
      if (!evaluation->row[row].is_idle && evaluation_has_ended(evaluation, row)) {
        evaluation_end(evaluation, actor, row, episodes);
        evaluation_next(evaluation, actor, row, episodes);
      }
    }
  }
  return HD_OK;
}

hd_status hd__evaluation_play(hd__evaluation *evaluation, const hd_env_desc *env,
                              const hd__actor *actor, int n, uint64_t first, double *returns) {
  hd__episodes episodes = {.n = n, .first = first, .returns = returns};
  return hd__evaluation_take(evaluation, env, actor,
                             n < evaluation->n_rows ? n : evaluation->n_rows, &episodes);
}

/* Draws of the rows from `at` on. Those of the first rows stay as they are asked for again and
 * again. */
static void evaluation_draw(hd__evaluation *evaluation, uint64_t seed, uint64_t step, int at,
                            int rows) {
  const bool is_kept = at == 0 && evaluation->decided_seed == seed;
  const int kept = is_kept ? evaluation->n_decided : 0;
  hd__random_base *draw = evaluation->draw;
  for (int row = kept; row < rows; row++) {
    hd__random_base_set(&draw[row], seed, (uint64_t)(at + row));
  }
  for (int row = 0; row < rows; row++) {
    draw[row].step = step;
    draw[row].carried = NULL;
    draw[row].is_continued = step > 0;
  }
  evaluation->decided_seed = seed;
  evaluation->n_decided = at > 0 ? 0 : kept > rows ? kept : rows;
}

hd_status hd__evaluation_decide(hd__evaluation *evaluation, const hd__actor *actor, int n,
                                const float *obs, uint64_t seed, uint64_t step, float *action) {
  const int n_obs = evaluation->env->n_obs, n_act = evaluation->env->n_act;
  for (int at = 0; at < n; at += evaluation->n_rows) {
    const int rows = n - at < evaluation->n_rows ? n - at : evaluation->n_rows;
    evaluation_draw(evaluation, seed, step, at, rows);
    actor->decide(actor->self, rows, obs + at * n_obs, evaluation->draw, action + at * n_act);
  }
  return actor->check(actor->self, evaluation->ctx);
}

/* ---- decisions of rows that are in different episodes ---- */

size_t hd__actor_state_size(const hd__actor *actor) {
  size_t n = 0;
  if (actor->carried != NULL) {
    const hd__carried first = actor->carried(actor->self, 0);
    for (int i = 0; i < HD_CARRIED_PIECES; i++) {
      n += (size_t)first.n[i];
    }
  }
  return n;
}

/* Copy a row's state between where it lies and `state`. */
static void evaluation_move_state(const hd__actor *actor, int row, float *state, bool is_put) {
  if (actor->carried == NULL) {
    return;
  }
  const hd__carried of_row = actor->carried(actor->self, row);
  for (int i = 0; i < HD_CARRIED_PIECES; i++) {
    const size_t n = (size_t)of_row.n[i];
    if (n > 0) {
      memcpy(is_put ? of_row.at[i] : state, is_put ? state : of_row.at[i], sizeof(float) * n);
    }
    state += n;
  }
}

hd_status hd__evaluation_act(hd__evaluation *evaluation, const hd__actor *actor, int n,
                             const float *obs, uint64_t seed, const uint64_t *step, float *state,
                             float *action) {
  const int n_obs = evaluation->env->n_obs, n_act = evaluation->env->n_act;
  const size_t size = hd__actor_state_size(actor);
  evaluation->n_decided = 0;
  for (int at = 0; at < n; at += evaluation->n_rows) {
    const int rows = n - at < evaluation->n_rows ? n - at : evaluation->n_rows;
    for (int row = 0; row < rows; row++) {
      const uint64_t number = step[at + row];
      evaluation->draw[row] = hd__random_base_make(seed, (uint64_t)(at + row), number);
      evaluation->draw[row].is_continued = number > 0;
      if (number > 0) {
        evaluation_move_state(actor, row, state + (size_t)(at + row) * size, true);
      }
    }
    actor->decide(actor->self, rows, obs + at * n_obs, evaluation->draw, action + at * n_act);
    for (int row = 0; row < rows; row++) {
      evaluation_move_state(actor, row, state + (size_t)(at + row) * size, false);
    }
  }
  return actor->check(actor->self, evaluation->ctx);
}
