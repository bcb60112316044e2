#include "minatar.h"

hd__minatar_move hd__minatar_take(const hd_env_desc *self, hd__minatar_pad *pad,
                                  const float *action, hd_random *random) {
  const hd__minatar *rules = self->data;
  const bool sticks = hd_random_uniform(random) < rules->sticky;
  if (!sticks) {
    pad->last = rules->move[(int)action[0]];
  }
  return (hd__minatar_move)pad->last;
}

enum { STICKY, MINIMAL, MAX_STEPS, RAMPING };

const hd_env_option hd__minatar_option[HD_MINATAR_OPTIONS_RAMPING] = {
    [STICKY] = {"sticky", HD_ENV_NUMBER, "0.1", 0, 1,
                "The move before is made again with this probability, whatever was chosen."},
    [MINIMAL] = {"minimal", HD_ENV_FLAG, "true", 0, 1,
                 "The actions are those that do something in this game; false gives all six."},
    [MAX_STEPS] = {"max_steps", HD_ENV_WHOLE, "5000", 0, 1e9,
                   "Episodes are cut after so many steps; 0 never cuts them, as in the package."},
    [RAMPING] = {"ramping", HD_ENV_FLAG, "true", 0, 1, "The game becomes harder as it goes on."}};

static const hd_dim six = {"stay, left, up, right, down, fire", "", HD_MINATAR_MOVES, 0,
                           HD_MINATAR_MOVES - 1};

static void minatar_take_all_moves(hd__minatar *rules) {
  for (int i = 0; i < HD_MINATAR_MOVES; i++) {
    rules->move[i] = (uint8_t)i;
  }
}

bool hd__minatar_configure(const hd_env_desc *self, hd_env_desc *out, const hd_env_value *value,
                           void *memory, char why[HD_WHY_SIZE]) {
  (void)why;
  hd__minatar *rules = memory;
  *rules = *(const hd__minatar *)self->data;
  rules->sticky = value[STICKY].number;
  if (value[MINIMAL].number == 0) {
    minatar_take_all_moves(rules);
    out->act = &six;
  }
  out->max_steps = (int)value[MAX_STEPS].number;
  if (self->n_options > RAMPING) {
    rules->is_ramping = value[RAMPING].number != 0;
  }
  out->data = rules;
  return true;
}
