#include "team_learner.h"

#include <string.h>

#include "action_level.h"

static hd__team_learner *team_act_of(const hd__learner *learner) { return learner->state; }

void hd__team_see(const hd__team_learner *self, const float *w, const float *obs, hd__key key,
                  const hd__team_step *step) {
  const hd__code *code = &self->code;
  const int n = self->team.def.n_in;
  if (code->desc->kind != HD_CODE_SPARSE) {
    code->desc->encode(code, obs, step->x);
  } else {
    memset(step->x, 0, sizeof(float) * (size_t)n);
    code->desc->active(code, obs, self->line);
    for (int k = 0; k < code->n_active; k++) {
      step->x[self->line[k]] = 1.0f;
    }
  }
  step->x[n] = 1.0f;
  self->team.desc->forward(&self->team, w, key, step);
}

/* ---- acting ---- */

const float *hd__team_shown(const hd__team_learner *self) {
  return self->average != NULL ? self->average : self->team.w;
}

/* Every row decides: by the likeliest action, or by one that is drawn. */
static void team_act_all(const hd__learner *learner, const float *w, bool is_greedy, int rows,
                         const float *obs, const hd__random_base *draw, float *action) {
  const hd__team_learner *self = team_act_of(learner);
  const int n = self->team.def.n_actions;
  for (int b = 0; b < rows; b++) {
    const hd__team_step *step = &self->eval[b];
    hd__team_see(self, w, obs + b * learner->env->n_obs, hd__key_at(draw[b].spike, draw[b].step),
                 step);
    int a = 0;
    for (int k = 1; k < n; k++) {
      a = step->pi[k] > step->pi[a] ? k : a;
    }
    if (!is_greedy) {
      a = hd__team_draw(n, step->pi, hd__uniform24(hd__key_at(draw[b].action, draw[b].step), 0));
    }
    action[b] = hd__action_of(&learner->env->act[0], n, a);
  }
}

static void team_act_decide(void *of, int rows, const float *obs, const hd__random_base *draw,
                            float *action) {
  const hd__learner *learner = of;
  team_act_all(learner, hd__team_shown(team_act_of(learner)), true, rows, obs, draw, action);
}

static void team_act_explore(void *of, int rows, const float *obs, const hd__random_base *draw,
                             float *action) {
  const hd__learner *learner = of;
  team_act_all(learner, team_act_of(learner)->team.w, false, rows, obs, draw, action);
}

static hd_status team_act_check_acted(void *of, hd_ctx *ctx) {
  return hd__code_check_written(ctx, &team_act_of(of)->code);
}

hd__actor hd__team_actor(hd__learner *learner) {
  return (hd__actor){.self = learner, .decide = team_act_decide, .check = team_act_check_acted};
}

hd__actor hd__team_explorer(hd__learner *learner) {
  return (hd__actor){.self = learner, .decide = team_act_explore, .check = team_act_check_acted};
}
