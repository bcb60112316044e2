#include "model.h"

#include <stdio.h>
#include <string.h>

void hd__model_compile(hd__model *model, const char *name, const hd__stack_def *def,
                       const hd__kernel *kernel) {
  *model = (hd__model){.name = name};
  hd__stack_compile(&model->stack, def, kernel);
}

static void *field(hd__arena *arena, const hd__model *model, const char *part, size_t n) {
  char name[HD_FIELD_NAME];
  snprintf(name, sizeof name, "%s.%s", model->name, part);
  return hd__arena_field(arena, name, "F32", 1, (int64_t)n);
}

void hd__model_lay_out(hd__model *model, hd__arena *arena, hd__model_use use, int rows,
                       int decisions) {
  hd__stack *stack = &model->stack;
  const size_t n = stack->n_weights;
  const bool learns = use == HD_MODEL_LEARNS;
  model->rows = rows;
  hd__stack_lay_out(stack, arena);
  model->weights = field(arena, model, "weights", n);
  if (stack->n_statistics > 0) {
    model->statistics = field(arena, model, "statistics", stack->n_statistics);
    model->running = field(arena, model, "running", stack->n_statistics);
  }
  if (learns) {
    char name[HD_FIELD_NAME];
    model->m = field(arena, model, "m", n);
    model->v = field(arena, model, "v", n);
    snprintf(name, sizeof name, "%s.beta_power", model->name);
    model->beta_power = hd__arena_field(arena, name, "F64", 1, 2);
    model->G = HD_TAKE(arena, float, n);
  }
  hd__prepared_lay_out(stack, arena, learns, &model->ready);
  hd__tape_lay_out(stack, arena, rows, decisions, learns, &model->tape);
  model->out = HD_TAKE(arena, float, rows *decisions * stack->out_pad);
  for (int l = 0; l < stack->def.n_layers; l++) {
    model->spikes[l] = HD_TAKE(arena, float, stack->layer[l].n_pad);
  }
}

void hd__model_ready(hd__model *model) {
  hd__stack_prepare(&model->stack, model->weights, model->statistics, &model->ready);
}

/* Statistics as known become those in use, or the other way round. */
static void use_statistics(hd__model *model, bool is_known) {
  const size_t size = sizeof(float) * model->stack.n_statistics;
  if (size > 0) {
    memcpy(is_known ? model->statistics : model->running,
           is_known ? model->running : model->statistics, size);
  }
}

void hd__model_note(hd__model *model, int rows) {
  if (model->running != NULL) {
    hd__stack_note(&model->stack, &model->ready, &model->tape, rows, model->running);
  }
}

void hd__model_start(hd__model *model, uint64_t seed, int first) {
  hd__stack_start(&model->stack, seed, first, model->weights, model->statistics);
  use_statistics(model, false);
  if (model->beta_power != NULL) {
    model->beta_power[0] = model->beta_power[1] = 1.0;
  }
  hd__model_ready(model);
}

void hd__model_copy(hd__model *to, const hd__model *from) {
  memcpy(to->weights, from->weights, sizeof(float) * from->stack.n_weights);
  if (from->statistics != NULL) {
    memcpy(to->statistics, from->statistics, sizeof(float) * from->stack.n_statistics);
  }
  hd__model_ready(to);
}

void hd__model_follow(hd__model *to, const hd__model *from, float rate) {
  for (size_t i = 0; i < from->stack.n_weights; i++) {
    to->weights[i] += rate * (from->weights[i] - to->weights[i]);
  }
  for (size_t i = 0; i < from->stack.n_statistics; i++) {
    to->statistics[i] += rate * (from->statistics[i] - to->statistics[i]);
  }
  hd__model_ready(to);
}

static hd__pass pass_of(hd__model *model, int rows, const float *x, bool is_kept) {
  const hd__stack *stack = &model->stack;
  return (hd__pass){.rows = rows,
                    .decisions = 1,
                    .x = x,
                    .x_stride = stack->in_pad,
                    .is_kept = is_kept,
                    .out = model->out};
}

const float *hd__model_answer(hd__model *model, int rows, const float *x, bool is_kept) {
  const hd__pass pass = pass_of(model, rows, x, is_kept);
  hd__stack_forward(&model->stack, &model->ready, &model->tape, &pass);
  return model->out;
}

void hd__model_count_reset(hd__model *model) {
  for (int l = 0; l < model->stack.def.n_layers; l++) {
    memset(model->spikes[l], 0, sizeof(float) * (size_t)model->stack.layer[l].n_pad);
  }
  model->counted = 0.0;
}

const float *hd__model_act(hd__model *model, int rows, const float *x, const bool *fresh,
                           float *state) {
  hd__pass pass = pass_of(model, rows, x, false);
  pass.fresh = state != NULL ? fresh : NULL;
  pass.state = state;
  pass.total = model->spikes;
  hd__stack_forward(&model->stack, &model->ready, &model->tape, &pass);
  if (model->stack.def.cell.activation == HD_ACTIVATION_SPIKE) {
    model->counted += rows * model->stack.def.T;
  }
  return model->out;
}

void hd__model_blame(hd__model *model, int rows, const float *x, const float *g_out, bool wants_G,
                     float *g_x) {
  const hd__pass pass = pass_of(model, rows, x, true);
  hd__stack_backward(&model->stack, &model->ready, &model->tape, &pass, g_out,
                     wants_G ? model->G : NULL, g_x);
}

void hd__model_clear(hd__model *model) {
  memset(model->G, 0, sizeof(float) * model->stack.n_weights);
}

hd_status hd__model_finish(hd_ctx *ctx, hd__model *model) {
  double squares = 0.0;
  hd__stack_finish(&model->stack, &model->ready, model->G);
  for (size_t i = 0; i < model->stack.n_weights; i++) {
    squares += (double)model->G[i] * (double)model->G[i];
  }
  model->norm = (double)hd__sqrtf((float)squares);
  if (!isfinite(model->norm)) {
    return hd__fail(ctx, HD_NUMERIC,
                    "the gradient of the %s is not finite: its weights have run away; try a "
                    "smaller alpha, or clip_gradient",
                    model->name);
  }
  return HD_OK;
}

void hd__model_step(hd__model *model, const hd__settings *s, float alpha) {
  const hd__kernel *kernel = model->stack.kernel;
  const int n = (int)model->stack.n_weights;
  const bool is_long = s->clip_gradient > 0 && model->norm > s->clip_gradient;
  const float factor = is_long ? (float)(s->clip_gradient / model->norm) : 1.0f;
  if (s->clip_value > 0) {
    const float limit = (float)s->clip_value;
    for (int i = 0; i < n; i++) {
      model->G[i] = hd__clampf(model->G[i], -limit, limit);
    }
  }
  model->beta_power[0] *= s->beta1;
  model->beta_power[1] *= s->beta2;
  const float a1 = (float)(-(double)alpha / (1.0 - model->beta_power[0]));
  const float c2 = (float)(1.0 / (1.0 - model->beta_power[1]));
  if (factor != 1.0f) {
    kernel->scale(n, factor, model->G);
  }
  kernel->adam(n, a1, c2, (float)s->beta1, (float)s->beta2, (float)s->optimiser_epsilon, model->G,
               model->m, model->v, model->weights);
  use_statistics(model, true);
  hd__model_ready(model);
}

hd_status hd__model_descend(hd_ctx *ctx, hd__model *model, const hd__settings *s, float alpha) {
  HD_TRY(hd__model_finish(ctx, model));
  hd__model_step(model, s, alpha);
  return HD_OK;
}
