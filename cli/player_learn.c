/* A player whose session learns: what its first environment saw and did, unit by unit. */
#include <math.h>
#include <string.h>

#include "player_internal.h"

/* What a session shows of its first environment. */
typedef struct player_training {
  const float *obs;
  const void *state;
  double sum;      /* of rewards in this episode */
  int32_t elapsed; /* steps of it */
} player_training;

static hd_view player_learn_view(const player *self, const char *name) {
  hd_view view = {0};
  for (int i = 0; i < hd_session_view_count(self->session); i++) {
    const hd_view one = hd_session_view_at(self->session, i);
    if (strcmp(one.name, name) == 0) {
      view = one;
    }
  }
  return view;
}

static player_training player_learn_look(const player *self) {
  player_training now = {.obs = player_learn_view(self, "obs").data,
                         .state = player_learn_view(self, "env.state").data,
                         .sum = *(const double *)player_learn_view(self, "episode_return").data};
  memcpy(&now.elapsed, player_learn_view(self, "env.elapsed").data, sizeof now.elapsed);
  return now;
}

bool player_can_learn(const player *self) {
  return strcmp(player_setting(self, "search"), "none") == 0;
}

/* From now on the network repeats the decisions of the first environment that it learns in, or
 * those at play. */
static hd_status player_learn_show(player *self, int env) {
  hd_network *same;
  if (self->network == NULL || self->shown_env == env) {
    return HD_OK;
  }
  self->shown_env = env;
  return hd_session_network(self->session, env, &same);
}

/* Show where the first environment is now. */
static void player_learn_take(player *self, const player_training *now) {
  memcpy(self->obs, now->obs, sizeof(float) * (size_t)self->env->n_obs);
  self->n_state = player_state(self, now->state, self->state);
  self->step = now->elapsed;
  self->sum = now->sum;
  self->value = player_value_of(self, self->obs);
}

hd_status player_set_learning(player *self, bool learns) {
  HD_TRY(player_learn_show(self, learns ? 0 : HD_DECISIONS));
  self->learns = learns;
  self->reward = self->td_error = NAN;
  self->has_ended = self->is_moved = false;
  if (learns) {
    const player_training now = player_learn_look(self);
    player_learn_take(self, &now);
    return HD_OK;
  }
  hd_envs_reset(self->envs, self->obs);
  self->step = 0;
  self->sum = 0.0;
  player_see(self);
  return HD_OK;
}

/* What the step paid that ended an episode, where it is the only one that has ended since. */
static double player_learn_last_reward(const player *self, int64_t episodes, double sum) {
  double last;
  hd_stats stats;
  hd_session_stats(self->session, &stats);
  return stats.episodes == episodes + 1 && hd_session_returns(self->session, &last, 1) == 1
             ? last - sum
             : NAN;
}

/* A unit of learning may be many steps: reward and TD error are told of one only. */
hd_status player_learn(player *self) {
  hd_stats stats;
  const player_training before = player_learn_look(self);
  const double value = self->value;
  hd_session_stats(self->session, &stats);
  HD_TRY(hd_session_train(self->session, 1));
  const player_training now = player_learn_look(self);
  player_learn_take(self, &now);
  const bool is_one = now.elapsed == before.elapsed + 1, has_ended = now.elapsed == 0;
  const bool is_cut = has_ended && before.elapsed + 1 == self->env->max_steps;
  self->reward = is_one      ? now.sum - before.sum
                 : has_ended ? player_learn_last_reward(self, stats.episodes, before.sum)
                             : NAN;
  self->td_error = is_cut ? NAN : player_td_error(self, value, self->reward, has_ended);
  return HD_OK;
}
