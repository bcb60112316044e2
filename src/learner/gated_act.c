#include "gated_learner.h"

#include <string.h>

#include "action_level.h"
#include "mathf.h"
#include "schedule.h"

static hd__gated_learner *gated_act_state_of(const hd__learner *learner) { return learner->state; }

/* ---- memory ---- */

static void gated_act_lay_out_steps(hd__gated_learner *self, hd__gated_side *side, int rows,
                                    hd__arena *arena) {
  side->rows = rows;
  side->step = HD_TAKE(arena, hd__gated_step, rows);
  side->line = HD_TAKE(arena, int32_t, self->code.n_active + 1);
  for (int b = 0; b < rows; b++) {
    const hd__gated_step step = hd__gated_lay_out_step(&self->net, arena);
    if (side->step != NULL) {
      side->step[b] = step;
    }
  }
}

/* What environments remember is saved; what evaluations do is not. */
static void gated_act_lay_out_rows(hd__gated_learner *self, int B, hd__arena *arena) {
  const hd__gated_def *d = &self->net.def;
  hd__gated_side *side = &self->side;
  side->u = hd__arena_field(arena, "gated.memory", "F32", B, d->n_memory);
  side->before = hd__arena_field(arena, "gated.before", "F32", B, d->n_in);
  side->sum = hd__arena_field(arena, "gated.changes", "F32", B, 2 * (int64_t)d->n_in);
  side->tag = hd__arena_field(arena, "gated.tags", "F32", B, (int64_t)self->net.n_weights);
  self->begun = hd__arena_field(arena, "gated.begun", "U8", 1, B);
  self->chosen = hd__arena_field(arena, "gated.chosen", "F32", 1, B);
  self->worth = hd__arena_field(arena, "gated.value", "F32", 1, B);
  gated_act_lay_out_steps(self, side, B, arena);
}

static void gated_act_lay_out_eval(hd__gated_learner *self, int rows, hd__arena *arena) {
  const hd__gated_def *d = &self->net.def;
  self->eval.u = HD_TAKE(arena, float, rows *(d->n_memory + 1));
  self->eval.before = HD_TAKE(arena, float, rows * d->n_in);
  self->eval.sum = HD_TAKE(arena, float, 2 * rows * d->n_in);
  gated_act_lay_out_steps(self, &self->eval, rows, arena);
}

void hd__gated_lay_out_sides(hd__learner *learner, hd__arena *arena) {
  hd__gated_learner *self = gated_act_state_of(learner);
  gated_act_lay_out_rows(self, learner->training->B, arena);
  gated_act_lay_out_eval(self, learner->eval_rows, arena);
}

/* ---- a decision ---- */

hd__gated_row hd__gated_row_of(const hd__gated_learner *self, const hd__gated_side *side, int b) {
  const hd__gated_def *d = &self->net.def;
  return (hd__gated_row){
      .u = side->u + b * d->n_memory,
      .before = side->before + b * d->n_in,
      .sum = side->sum + 2 * b * d->n_in,
      .tag = side->tag != NULL ? side->tag + (size_t)b * self->net.n_weights : NULL};
}

static void gated_act_encode(const hd__gated_learner *self, const hd__gated_side *side,
                             const float *obs, float *x) {
  const hd__code *code = &self->code;
  if (code->desc->kind != HD_CODE_SPARSE) {
    code->desc->encode(code, obs, x);
    return;
  }
  memset(x, 0, sizeof(float) * (size_t)self->net.x_pad);
  code->desc->active(code, obs, side->line);
  for (int k = 0; k < code->n_active; k++) {
    x[side->line[k]] = 1.0f;
  }
}

/* The units of row b see an observation, under this number of the decision. */
static void gated_act_see(hd__gated_learner *self, hd__gated_side *side, const float *w, int b,
                          const float *obs, uint64_t spike_base, uint64_t number) {
  const hd__gated_row row = hd__gated_row_of(self, side, b);
  gated_act_encode(self, side, obs, side->step[b].x);
  hd__gated_forward(&self->net, w, &row, hd__key_at(spike_base, number), &side->step[b]);
}

static int gated_act_best(const float *q, int n) {
  int best = 0;
  for (int a = 1; a < n; a++) {
    best = q[a] > q[best] ? a : best;
  }
  return best;
}

/* P(a) of softmax(q / temperature), in p. */
static void gated_act_softmax(const float *q, int n, float temperature, float *p) {
  const float top = q[gated_act_best(q, n)];
  float sum = 0.0f;
  for (int a = 0; a < n; a++) {
    p[a] = hd__expf((q[a] - top) / temperature);
    sum += p[a];
  }
  for (int a = 0; a < n; a++) {
    p[a] /= sum;
  }
}

static int gated_act_draw(const float *p, int n, float u) {
  int a = 0;
  for (float sum = p[0]; a < n - 1 && u >= sum; sum += p[a]) {
    a++;
  }
  return a;
}

/* Choose in a row by draws of this key, and what that is worth: q becomes P(a) for agrel. */
static int gated_act_choose(const hd__learner *learner, const hd__gated_step *step, hd__key key,
                            float *worth) {
  const hd__settings *s = learner->settings;
  const int n = gated_act_state_of(learner)->net.def.n_actions;
  float *q = step->q, *p = step->pi;
  const bool is_agrel = hd__gated_is_agrel(learner);
  const bool is_drawn =
      is_agrel || hd__uniform24(key, 0) < hd__epsilon(s, hd__training_steps(learner->training));
  gated_act_softmax(q, n, (float)s->temperature, p);
  const int a = is_drawn ? gated_act_draw(p, n, hd__uniform24(key, 1)) : gated_act_best(q, n);
  *worth = is_agrel ? p[a] : q[a];
  return a;
}

static void gated_act_count(hd__gated_learner *self, int b) {
  const int T = self->net.def.substeps;
  self->net.kernel->axpy(self->net.h_pad, (float)T, self->side.step[b].y, self->spikes);
  self->counted += T;
}

/* Decide in environment b on what it shows. */
int hd__gated_decide(hd__learner *learner, int b, uint64_t number, float *worth) {
  hd__gated_learner *self = gated_act_state_of(learner);
  gated_act_see(self, &self->side, self->net.w, b, learner->training->obs + b * learner->env->n_obs,
                self->draw[b].spike, number);
  gated_act_count(self, b);
  return gated_act_choose(learner, &self->side.step[b], hd__key_at(self->draw[b].action, number),
                          worth);
}

/* ---- acting ---- */

/* What the units of every row make of an observation, by weights w. */
static void gated_act_see_all(const hd__learner *learner, const float *w, int rows,
                              const float *obs, const hd__random_base *draw) {
  hd__gated_learner *self = gated_act_state_of(learner);
  for (int b = 0; b < rows; b++) {
    const hd__gated_row row = hd__gated_row_of(self, &self->eval, b);
    if (draw[b].step == 0) {
      hd__gated_begin(&self->net, &row);
    }
    gated_act_see(self, &self->eval, w, b, obs + b * learner->env->n_obs, draw[b].spike,
                  draw[b].step);
  }
}

static void gated_act_decide(void *of, int rows, const float *obs, const hd__random_base *draw,
                             float *action) {
  const hd__learner *learner = of;
  const hd__gated_learner *self = gated_act_state_of(learner);
  const int n = self->net.def.n_actions;
  gated_act_see_all(learner, self->average != NULL ? self->average : self->net.w, rows, obs, draw);
  for (int b = 0; b < rows; b++) {
    action[b] = hd__action_of(&learner->env->act[0], n, gated_act_best(self->eval.step[b].q, n));
  }
}

static void gated_act_explore(void *of, int rows, const float *obs, const hd__random_base *draw,
                              float *action) {
  const hd__learner *learner = of;
  const hd__gated_learner *self = gated_act_state_of(learner);
  float worth;
  gated_act_see_all(learner, self->net.w, rows, obs, draw);
  for (int b = 0; b < rows; b++) {
    const int a = gated_act_choose(learner, &self->eval.step[b],
                                   hd__key_at(draw[b].action, draw[b].step), &worth);
    action[b] = hd__action_of(&learner->env->act[0], self->net.def.n_actions, a);
  }
}

static hd_status gated_act_check_acted(void *of, hd_ctx *ctx) {
  return hd__code_check_written(ctx, &gated_act_state_of(of)->code);
}

/* Without units that remember, what an input did before changes nothing. */
static hd__carried gated_act_carried(void *of, int row) {
  const hd__gated_learner *self = gated_act_state_of(of);
  const hd__gated_row at = hd__gated_row_of(self, &self->eval, row);
  const int n_in = self->net.def.n_in, n_memory = self->net.def.n_memory;
  return n_memory == 0
             ? (hd__carried){.n = {0}}
             : (hd__carried){.at = {at.u, at.before, at.sum}, .n = {n_memory, n_in, 2 * n_in}};
}

hd__actor hd__gated_explorer(hd__learner *learner) {
  return (hd__actor){.self = learner,
                     .decide = gated_act_explore,
                     .check = gated_act_check_acted,
                     .carried = gated_act_carried};
}

hd__actor hd__gated_actor(hd__learner *learner) {
  return (hd__actor){.self = learner,
                     .decide = gated_act_decide,
                     .check = gated_act_check_acted,
                     .carried = gated_act_carried};
}
