/* What a learner expects: values of observations, and by how much a step was better. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "player_internal.h"

enum { STATES = 4096 }; /* of a map that is told */

double player_value_of(const player *self, const float *obs) {
  float value;
  const bool is_known = hd_session_value(self->session, 1, obs, &value) == HD_OK;
  return is_known ? (double)value : NAN;
}

static bool player_value_is(const player *self, const char *key, const char *value) {
  return strcmp(player_setting(self, key), value) == 0;
}

/* Rewards that are divided by a running size have left no trace of it to go by. */
double player_td_error(const player *self, double before, double reward, bool is_terminal) {
  if (player_value_is(self, "normalise_reward", "true")) {
    return NAN;
  }
  const bool ends = is_terminal && !player_value_is(self, "zero_terminal", "false");
  const double gamma = strtod(player_setting(self, "gamma"), NULL);
  const double scale = strtod(player_setting(self, "reward_scale"), NULL);
  return scale * reward + (ends ? 0.0 : gamma * self->value) - before;
}

/* ---- tasks of numbered states ---- */

int player_states(const player *self) {
  const hd_env_desc *env = self->env;
  const int n = env->n_obs == 1 && env->act[0].count > 0 ? env->obs[0].count : 0;
  return n <= STATES ? n : 0;
}

/* Learners that carry state from decision to decision would forget it by deciding elsewhere. */
static bool player_value_may_decide(const player *self) {
  return !player_value_is(self, "carry", "true") && !player_value_is(self, "algorithm", "agrel") &&
         !player_value_is(self, "algorithm", "augment");
}

static void player_value_list(FILE *file, const char *key, const float *number, int n,
                              bool is_known) {
  fprintf(file, "\"%s\":", key);
  if (!is_known) {
    fputs("null", file);
    return;
  }
  for (int s = 0; s < n; s++) {
    fprintf(file, s > 0 ? ",%.4g" : "[%.4g", (double)number[s]);
  }
  fputs("]", file);
}

void player_map(FILE *file, const player *self) {
  const int n = player_states(self);
  float *obs = calloc(3 * (size_t)n + 1, sizeof *obs), *value = obs + n, *action = value + n;
  if (n == 0 || obs == NULL) {
    fputs("null", file);
    free(obs);
    return;
  }
  for (int s = 0; s < n; s++) {
    obs[s] = (float)s;
  }
  fputs("{", file);
  player_value_list(file, "value", value, n,
                    hd_session_value(self->session, n, obs, value) == HD_OK);
  fputs(",", file);
  player_value_list(
      file, "action", action, n,
      player_value_may_decide(self) &&
          hd_session_decide(self->session, n, obs, (uint64_t)self->step, action) == HD_OK);
  fputs("}", file);
  free(obs);
}
