#include "training.h"

#include "episode.h"

hd_status hd__training_open(hd__training *training) {
  return hd__bodies_open(training->ctx, training->env, training->B,
                         hd__workers_count(training->workers), &training->bodies);
}

void hd__training_close(hd__training *training) {
  hd__bodies_close(training->ctx, &training->bodies);
}

static void training_lay_out_envs(hd__training *training, hd__arena *arena) {
  void *memory = hd__arena_take(arena, hd__envs_size(training->env, training->B));
  hd__envs_part part[HD_ENVS_PARTS] = {
      {.name = "env"}, {.name = "env"}, {.name = "env"}, {.name = "env"}};
  if (memory != NULL) {
    training->envs = hd__envs_place(memory, training->env, training->B, training->seed,
                                    training->rng, training->kernel);
    hd__envs_set_bodies(training->envs, &training->bodies);
    hd__envs_share(training->envs, training->workers);
    hd__envs_parts(training->envs, part);
  }
  for (int k = 0; k < HD_ENVS_PARTS; k++) {
    hd__arena_list(arena, part[k].name, "U8", (int64_t)part[k].rows, (int64_t)part[k].row,
                   part[k].data);
  }
}

void hd__training_lay_out(hd__training *training, hd__arena *arena) {
  const int B = training->B;
  training->counters = hd__arena_field(arena, "counters", "I64", 1, HD_COUNTERS);
  training_lay_out_envs(training, arena);
  training->obs = hd__arena_field(arena, "obs", "F32", B, training->env->n_obs);
  training->episode_return = hd__arena_field(arena, "episode_return", "F64", 1, B);
  training->episode_discount_lost = hd__arena_field(arena, "episode_discount_lost", "F64", 1, B);
  training->returns = hd__arena_field(arena, "returns", "F64", 1, HD_RETURNS);
  training->action = HD_TAKE(arena, float, B * training->env->n_act);
  training->reward = HD_TAKE(arena, double, B);
  training->terminated = HD_TAKE(arena, bool, B);
  training->truncated = HD_TAKE(arena, bool, B);
}

void hd__training_start(hd__training *training) { hd_envs_reset(training->envs, training->obs); }

/* ---- steps ---- */

static hd_status training_not_finite(const hd__training *training, const char *what, int b) {
  return hd__fail(training->ctx, HD_NUMERIC,
                  "%s of %s, environment %d, is not finite after step %lld; training stopped there",
                  what, training->env->name, b, (long long)(hd__training_steps(training) + b));
}

static hd_status training_check_reward(const hd__training *training, int b) {
  const double reward = training->reward[b];
  if (!isfinite(reward)) {
    return training_not_finite(training, "the reward", b);
  }
  if (fabs(reward * training->reward_scale) > HD_REWARD_MAX) {
    return hd__fail(training->ctx, HD_NUMERIC,
                    "the reward of %s, environment %d, is %g after step %lld, and learning is in "
                    "single precision: reward times reward_scale may be at most %g",
                    training->env->name, b, reward, (long long)(hd__training_steps(training) + b),
                    HD_REWARD_MAX);
  }
  return HD_OK;
}

static hd_status training_check_row(const hd__training *training, int b) {
  const int n = training->env->n_obs;
  return hd__is_finite(training->obs + b * n, (size_t)n)
             ? HD_OK
             : training_not_finite(training, "the observation", b);
}

hd_status hd__training_check_obs(const hd__training *training) {
  for (int b = 0; b < training->B; b++) {
    HD_TRY(training_check_row(training, b));
  }
  return HD_OK;
}

hd_status hd__training_step(hd__training *training) {
  HD_TRY(hd__check_stopped(training->ctx));
  hd_envs_step(training->envs, training->action, training->obs, training->reward,
               training->terminated, training->truncated);
  return hd__training_take_step(training);
}

hd_status hd__training_take_step(hd__training *training) {
  training->counters->steps++;
  for (int b = 0; b < training->B; b++) {
    HD_TRY(training_check_reward(training, b));
    HD_TRY(training_check_row(training, b));
  }
  return HD_OK;
}

bool hd__training_count_episodes(hd__training *training) {
  bool has_ended = false;
  for (int b = 0; b < training->B; b++) {
    hd__return_add(training->env, training->reward[b], &training->episode_return[b],
                   &training->episode_discount_lost[b]);
    if (hd__training_has_ended(training, b)) {
      hd__training_add_return(training, training->episode_return[b]);
      training->episode_return[b] = 0.0;
      training->episode_discount_lost[b] = 0.0;
      has_ended = true;
    }
  }
  return has_ended;
}

hd_status hd__training_reset_ended(hd__training *training) {
  hd_envs_reset_done(training->envs, training->obs);
  for (int b = 0; b < training->B; b++) {
    if (hd__training_has_ended(training, b)) {
      HD_TRY(training_check_row(training, b));
    }
  }
  return HD_OK;
}

/* ---- returns ---- */

void hd__training_add_return(hd__training *training, double value) {
  hd__counters *counters = training->counters;
  training->returns[counters->episodes % HD_RETURNS] = value;
  counters->episodes++;
  double last[HD_RECENT], sum = 0.0;
  const int n = hd__training_returns(training, last, HD_RECENT);
  for (int i = 0; i < n; i++) {
    sum += last[i];
  }
  counters->recent = sum / n;
}

int hd__training_returns(const hd__training *training, double *returns, int capacity) {
  const int64_t ended = training->counters->episodes;
  int64_t n = ended < HD_RETURNS ? ended : HD_RETURNS;
  n = n < capacity ? n : capacity;
  for (int64_t i = 0; i < n; i++) {
    returns[i] = training->returns[(ended - n + i) % HD_RETURNS];
  }
  return (int)n;
}
