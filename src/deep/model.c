#include "model.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "activity.h"

void hd__model_compile(hd__model *model, const char *name, const hd__stack_def *def,
                       const hd__kernel *kernel) {
  *model = (hd__model){.name = name};
  hd__stack_compile(&model->stack, def, kernel);
}

void hd__model_freeze(hd__model *model, const hd__settings *s) {
  const hd__stack *stack = &model->stack;
  const int n = stack->def.n_layers, k = (int)s->freeze_layer;
  if (n > 0 && !s->learn_hidden) {
    model->frozen_to = stack->W;
  } else if (k > 0) {
    model->frozen_from = stack->layer[k - 1].W;
    model->frozen_to = k < n ? stack->layer[k].W : stack->W;
  }
}

/* Its square is still a number in single precision. */
static const double MODEL_ENTRY_MAX = 1e19;

static void *model_field(hd__arena *arena, const hd__model *model, const char *part, size_t n) {
  char name[HD_FIELD_NAME];
  snprintf(name, sizeof name, "%s.%s", model->name, part);
  return hd__arena_field(arena, name, "F32", 1, (int64_t)n);
}

void hd__model_lay_out(hd__model *model, hd__arena *arena, hd__model_use use, int rows,
                       const hd__batch_def *batch) {
  hd__stack *stack = &model->stack;
  const size_t n = stack->n_weights;
  const bool learns = use != HD_MODEL_INFERS;
  model->rows = rows;
  hd__stack_lay_out(stack, arena);
  model->weights = model_field(arena, model, "weights", n);
  if (stack->n_statistics > 0) {
    model->statistics = model_field(arena, model, "statistics", stack->n_statistics);
    model->running = model_field(arena, model, "running", stack->n_statistics);
  }
  if (learns) {
    char name[HD_FIELD_NAME];
    model->m = model_field(arena, model, "m", n);
    model->v = model_field(arena, model, "v", n);
    snprintf(name, sizeof name, "%s.beta_power", model->name);
    model->beta_power = hd__arena_field(arena, name, "F64", 1, 2);
    model->G = HD_TAKE(arena, float, n);
  }
  hd__prepared_lay_out(stack, arena, (hd__stack_back)use, &model->ready);
  if (rows > 0) {
    hd__tape_lay_out(stack, arena, rows, 1, false, &model->tape);
    model->out = HD_TAKE(arena, float, rows * stack->out_pad);
  }
  if (batch != NULL) {
    hd__batch_lay_out(&model->batch, arena, stack, batch);
  }
  for (int l = 0; l < stack->def.n_layers; l++) {
    model->spikes[l] = HD_TAKE(arena, float, stack->layer[l].n_pad);
  }
}

void hd__model_prepare(hd__model *model) {
  hd__stack_prepare(&model->stack, model->weights, model->statistics, &model->ready);
}

/* Statistics as known become those in use, or the other way round. */
static void model_use_statistics(hd__model *model, bool is_known) {
  const size_t size = sizeof(float) * model->stack.n_statistics;
  if (size > 0) {
    memcpy(is_known ? model->statistics : model->running,
           is_known ? model->running : model->statistics, size);
  }
}

void hd__model_update_statistics(hd__model *model, int rows) {
  if (model->running != NULL) {
    hd__stack_update_statistics(&model->stack, &model->ready, &model->tape, rows, model->running);
  }
}

void hd__model_start(hd__model *model, uint64_t seed, int first) {
  hd__stack_start(&model->stack, seed, first, model->weights, model->statistics);
  model_use_statistics(model, false);
  if (model->beta_power != NULL) {
    model->beta_power[0] = model->beta_power[1] = 1.0;
  }
  hd__model_prepare(model);
}

void hd__model_copy(hd__model *to, const hd__model *from) {
  memcpy(to->weights, from->weights, sizeof(float) * from->stack.n_weights);
  if (from->statistics != NULL) {
    memcpy(to->statistics, from->statistics, sizeof(float) * from->stack.n_statistics);
  }
  hd__model_prepare(to);
}

void hd__model_polyak_update(hd__model *to, const hd__model *from, float rate) {
  to->stack.kernel->approach((int)from->stack.n_weights, rate, from->weights, to->weights);
  for (size_t i = 0; i < from->stack.n_statistics; i++) {
    to->statistics[i] += rate * (from->statistics[i] - to->statistics[i]);
  }
  hd__model_prepare(to);
}

static hd__pass model_pass_of(const hd__model *model, int rows, const float *x, float *out) {
  return (hd__pass){
      .rows = rows, .decisions = 1, .x = x, .x_stride = model->stack.in_pad, .out = out};
}

const float *hd__model_forward(hd__model *model, int rows, const float *x) {
  const hd__pass pass = model_pass_of(model, rows, x, model->out);
  hd__stack_forward(&model->stack, &model->ready, &model->tape, &pass);
  return model->out;
}

void hd__model_count_reset(hd__model *model) {
  for (int l = 0; l < model->stack.def.n_layers; l++) {
    memset(model->spikes[l], 0, sizeof(float) * (size_t)model->stack.layer[l].n_pad);
  }
  model->counted = 0.0;
}

/* Halve counts that a float would soon not hold. */
static void model_limit_counts(hd__model *model) {
  if (model->counted < HD_COUNT_MOST) {
    return;
  }
  for (int l = 0; l < model->stack.def.n_layers; l++) {
    hd__counts_halve(model->spikes[l], model->stack.layer[l].n_pad);
  }
  model->counted = hd__substeps_halve(model->counted);
}

const float *hd__model_act(hd__model *model, int rows, const float *x, const bool *fresh,
                           float *state) {
  hd__pass pass = model_pass_of(model, rows, x, model->out);
  pass.fresh = state != NULL ? fresh : NULL;
  pass.state = state;
  pass.total = model->spikes;
  hd__stack_forward(&model->stack, &model->ready, &model->tape, &pass);
  if (model->stack.def.cell.unit == HD_UNIT_NONE) {
    model->counted += rows * model->stack.def.T;
    model_limit_counts(model);
  }
  return model->out;
}

/* ---- blocks ---- */

const float *hd__model_answer_block(hd__model *model, int worker, int rows, const float *x) {
  hd__batch_scratch *scratch = &model->batch.scratch[worker];
  const int most = model->batch.rows;
  HD_ASSERT(rows <= HD_BATCH_BLOCK);
  for (int at = 0; at < rows; at += most) {
    const hd__pass pass = model_pass_of(model, rows - at < most ? rows - at : most,
                                        x + (size_t)at * (size_t)model->stack.in_pad,
                                        scratch->out + (size_t)at * (size_t)model->stack.out_pad);
    hd__stack_forward(&model->stack, &model->ready, &scratch->tape, &pass);
  }
  return scratch->out;
}

const float *hd__model_slope_block(hd__model *model, int worker, int rows, const float *x,
                                   float *g_x) {
  hd__batch_scratch *scratch = &model->batch.scratch[worker];
  const hd__stack *stack = &model->stack;
  const size_t in = (size_t)stack->in_pad, pad = (size_t)stack->out_pad;
  const int most = model->batch.rows;
  HD_ASSERT(rows <= HD_BATCH_BLOCK);
  memset(scratch->g, 0, sizeof(float) * (size_t)most * pad);
  for (int r = 0; r < most; r++) {
    scratch->g[(size_t)r * pad] = 1.0f;
  }
  for (int at = 0; at < rows; at += most) {
    hd__pass pass = model_pass_of(model, rows - at < most ? rows - at : most, x + (size_t)at * in,
                                  scratch->out + (size_t)at * pad);
    pass.is_kept = true;
    hd__stack_forward(stack, &model->ready, &scratch->tape, &pass);
    hd__stack_backward(stack, &model->ready, &scratch->tape, &pass, scratch->g, NULL,
                       g_x + (size_t)at * in);
  }
  return scratch->out;
}

/* ---- steps ---- */

/* Work is shared out in ranges of so many weights, unless all weights are fewer than the least. */
enum { MODEL_RANGE = 16384, MODEL_LEAST = 4096, MODEL_MOST = 2 };

typedef struct model_job {
  int n;
  hd__model *const *model;
  _Atomic int left[MODEL_MOST]; /* ranges of a model that have not been stepped */
  const hd__settings *settings;
  const hd__model_pair *pair;
  float rate;
} model_job;

/* Sum of squares, in partial sums of their own and a fixed order. */
static double model_sum_of_squares(size_t n, const float *x) {
  enum { PARTS = HD_LANES };
  double part[PARTS] = {0.0}, sum = 0.0;
  for (size_t i = 0; i < n; i += PARTS) {
    for (int k = 0; k < PARTS; k++) {
      part[k] += (double)x[i + (size_t)k] * (double)x[i + (size_t)k];
    }
  }
  for (int k = 0; k < PARTS; k++) {
    sum += part[k];
  }
  return sum;
}

/* Gradients become those by the weights themselves, and are measured. */
static void model_finish(void *user, int worker, int task) {
  hd__model *model = ((const model_job *)user)->model[task];
  (void)worker;
  hd__stack_finish(&model->stack, &model->ready, model->G);
  memset(model->G + model->frozen_from, 0, sizeof(float) * (model->frozen_to - model->frozen_from));
  model->norm = hd__sqrt_of_sum(model_sum_of_squares(model->stack.n_weights, model->G));
}

/* The largest entry that a gradient may have when it reaches Adam, after clipping. */
static double model_largest_entry(const hd__model *model, const hd__settings *s) {
  const double entry =
      s->clip_value > 0 && s->clip_value < model->norm ? s->clip_value : model->norm;
  const bool is_long = s->clip_gradient > 0 && model->norm > s->clip_gradient;
  return is_long ? entry * (s->clip_gradient / model->norm) : entry;
}

static hd_status model_check(hd_ctx *ctx, const hd__model *model, const hd__settings *s) {
  if (!isfinite(model->norm)) {
    return hd__fail(ctx, HD_NUMERIC,
                    "the gradient of the %s is not finite: its weights have run away; try a "
                    "smaller alpha, or clip_gradient",
                    model->name);
  }
  if (model_largest_entry(model, s) > MODEL_ENTRY_MAX) {
    return hd__fail(ctx, HD_NUMERIC,
                    "the gradient of the %s has length %g, and Adam squares it in single "
                    "precision; try a smaller reward_scale, or clip_gradient",
                    model->name, model->norm);
  }
  return HD_OK;
}

static void model_begin_step(hd__model *model, const hd__settings *s, float alpha) {
  model->beta_power[0] *= s->beta1;
  model->beta_power[1] *= s->beta2;
  model->c1 = (float)(-(double)alpha / (1.0 - model->beta_power[0]));
  model->c2 = (float)(1.0 / (1.0 - model->beta_power[1]));
}

/* Weights at, at + 1, ... of a model: n of them. */
static void model_step_lanes(hd__model *model, const hd__settings *s, size_t at, int n) {
  const hd__kernel *kernel = model->stack.kernel;
  const bool is_long = s->clip_gradient > 0 && model->norm > s->clip_gradient;
  float *G = model->G + at;
  if (s->clip_value > 0) {
    const float limit = (float)s->clip_value;
    for (int i = 0; i < n; i++) {
      G[i] = hd__clampf(G[i], -limit, limit);
    }
  }
  if (is_long) {
    kernel->scale(n, (float)(s->clip_gradient / model->norm), G);
  }
  kernel->adam(n, model->c1, model->c2, (float)s->beta1, (float)s->beta2,
               (float)s->optimiser_epsilon, G, model->m + at, model->v + at, model->weights + at);
}

static int model_ranges(const hd__model *model) {
  return (int)((model->stack.n_weights + MODEL_RANGE - 1) / MODEL_RANGE);
}

/* Whoever steps the last range of a model makes its weights ready. */
static void model_step_range(void *user, int worker, int task) {
  model_job *job = user;
  int k = 0;
  (void)worker;
  for (; task >= model_ranges(job->model[k]); k++) {
    task -= model_ranges(job->model[k]);
  }
  hd__model *model = job->model[k];
  const int at = task * MODEL_RANGE, left = (int)model->stack.n_weights - at;
  model_step_lanes(model, job->settings, (size_t)at, left < MODEL_RANGE ? left : MODEL_RANGE);
  if (atomic_fetch_sub(&job->left[k], 1) == 1) {
    model_use_statistics(model, true);
    hd__model_prepare(model);
  }
}

hd_status hd__models_step(hd_ctx *ctx, hd__workers *workers, int n, hd__model *const *model,
                          const hd__settings *s, const float *alpha) {
  model_job job = {.n = n, .model = model, .settings = s};
  int ranges = 0;
  size_t n_weights = 0;
  HD_ASSERT(n <= MODEL_MOST);
  HD_TRY(hd__check_stopped(ctx));
  for (int k = 0; k < n; k++) {
    job.left[k] = model_ranges(model[k]);
    ranges += job.left[k];
    n_weights += model[k]->stack.n_weights;
  }
  hd__workers_run(ranges > n ? workers : NULL, n, model_finish, &job);
  for (int k = 0; k < n; k++) {
    HD_TRY(model_check(ctx, model[k], s));
  }
  for (int k = 0; k < n; k++) {
    model_begin_step(model[k], s, alpha[k]);
  }
  hd__workers_run(n_weights >= MODEL_LEAST ? workers : NULL, ranges, model_step_range, &job);
  return HD_OK;
}

static void model_follow(void *user, int worker, int task) {
  const model_job *job = user;
  (void)worker;
  hd__model_polyak_update(job->pair[task].to, job->pair[task].from, job->rate);
}

void hd__models_follow(hd__workers *workers, int n, const hd__model_pair *pair, float rate) {
  model_job job = {.n = n, .pair = pair, .rate = rate};
  hd__workers_run(pair[0].to->stack.n_weights >= MODEL_LEAST ? workers : NULL, n, model_follow,
                  &job);
}
