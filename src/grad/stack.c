/* Shape and memory. */
#include "stack.h"

#include <string.h>

#include "delay.h"
#include "stack_input.h"

static size_t stack_take(hd__stack *stack, int rows, int n) {
  const size_t at = stack->n_weights;
  stack->n_weights += (size_t)rows * (size_t)n;
  return at;
}

static size_t stack_take_statistic(hd__stack *stack, int n) {
  const size_t at = stack->n_statistics;
  stack->n_statistics += (size_t)n;
  return at;
}

/* Where a row of the input has what layer l did in the decision before. */
static int stack_above_at(const hd__stack_def *def, int l) {
  int at = HD_PAD(def->n_in);
  for (int k = 1; def->sees_above && k < l; k++) {
    at += HD_PAD(def->width[k]);
  }
  return at;
}

static void stack_compile_side(hd__stack *stack, hd__stack_layer *layer, int from, int n) {
  layer->side[layer->n_sides++] =
      (hd__stack_side){.from = from, .n = n, .W = stack_take(stack, n, layer->n_pad)};
}

static void stack_compile_sides(hd__stack *stack, int l) {
  const hd__stack_def *def = &stack->def;
  if (def->has_agents && l > 0) {
    stack_compile_side(stack, &stack->layer[l], 0, def->n_in);
  }
  if (def->sees_above && l + 1 < def->n_layers) {
    stack_compile_side(stack, &stack->layer[l], stack_above_at(def, l + 1), def->width[l + 1]);
  }
}

static void stack_compile_layer(hd__stack *stack, int l) {
  const hd__stack_def *def = &stack->def;
  hd__stack_layer *layer = &stack->layer[l];
  const int n_pre = l == 0 ? def->n_in : def->width[l - 1], n = HD_PAD(def->width[l]);
  *layer = (hd__stack_layer){
      .n_pre = n_pre,
      .pre_pad = HD_PAD(n_pre),
      .n = def->width[l],
      .n_pad = n,
      .sees_spikes = l > 0 && hd__stack_spikes(stack) && stack->layer[l - 1].max_delay == 0,
      .max_delay = l + 1 < def->n_layers ? def->max_delay : 0,
      .is_steady = l == 0 && !def->has_timed_input && !def->is_recurrent};
  layer->W = stack_take(stack, n_pre, n);
  layer->bias = stack_take(stack, 1, n);
  if (def->is_recurrent) {
    layer->V = stack_take(stack, layer->n, n);
  }
  stack_compile_sides(stack, l);
  if (def->is_normalised) {
    layer->gain = stack_take(stack, 1, n);
    layer->shift = stack_take(stack, 1, n);
    layer->mean = stack_take_statistic(stack, n);
    layer->variance = stack_take_statistic(stack, n);
  }
  if (hd__stack_spikes(stack)) {
    layer->alpha = stack_take(stack, 1, n);
    layer->beta = stack_take(stack, 1, n);
    layer->theta = stack_take(stack, 1, n);
    layer->rho = stack_take(stack, 1, n);
    layer->delay = layer->max_delay > 0 ? stack_take(stack, 1, n) : 0;
    const hd__cell *cell = &def->cell;
    layer->state = stack->n_state;
    const int fields = 1 + cell->has_current + cell->has_adaptation + hd__cell_refracts(cell);
    layer->past = layer->state + n * (fields + def->is_recurrent);
    stack->n_state = layer->past + n * layer->max_delay;
  }
}

static void stack_compile_head(hd__stack *stack, int l) {
  const int n = l < 0 ? stack->in_pad : stack->layer[l].n_pad;
  stack->head[stack->n_heads++] =
      (hd__stack_head){.layer = l, .n_pad = n, .W = stack_take(stack, stack->def.n_out, n)};
}

static void stack_compile_readout(hd__stack *stack) {
  const hd__stack_def *def = &stack->def;
  const int top = def->n_layers - 1;
  for (int l = def->has_agents ? 0 : top; l <= top; l++) {
    stack_compile_head(stack, l);
  }
  stack->W = stack->head[0].W;
  stack->top_pad = stack->head[stack->n_heads - 1].n_pad;
  stack->head_pad = HD_PAD(def->n_out);
  stack->out_pad = stack->n_heads * stack->head_pad;
  stack->bias = stack_take(stack, 1, stack->out_pad);
}

void hd__stack_compile(hd__stack *stack, const hd__stack_def *def, const hd__kernel *kernel) {
  *stack = (hd__stack){.def = *def, .kernel = kernel, .in_pad = stack_above_at(def, def->n_layers)};
  stack->n_above = stack->in_pad - HD_PAD(def->n_in);
  for (int l = 0; l < def->n_layers; l++) {
    stack_compile_layer(stack, l);
  }
  stack_compile_readout(stack);
}

void hd__stack_lay_out(hd__stack *stack, hd__arena *arena) {
  const hd__stack_def *def = &stack->def;
  stack->weight = HD_TAKE(arena, float, def->T);
  if (stack->weight == NULL) {
    return;
  }
  /* V(t) = keep V(t-1) + (1 - keep) x(t), from 0: what x(t) weighs at the end, or in the mean. */
  const float keep = 1.0f - 1.0f / def->membrane_tau, T = (float)def->T;
  float power = 1.0f, sum = 0.0f;
  for (int t = def->T - 1; t >= 0; t--) {
    sum += power;
    stack->weight[t] = def->readout == HD_STACK_MEAN            ? 1.0f / T
                       : def->readout == HD_STACK_MEMBRANE_MEAN ? (1.0f - keep) * sum / T
                                                                : (1.0f - keep) * power;
    power *= keep;
  }
  stack->weight_sum = 0.0f;
  for (int t = 0; t < def->T; t++) {
    stack->weight_sum += stack->weight[t];
  }
}

/* ---- memory ---- */

void hd__prepared_lay_out(const hd__stack *stack, hd__arena *arena, hd__stack_back back,
                          hd__prepared *prepared) {
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    hd__prepared_layer *p = &prepared->layer[l];
    const size_t n = (size_t)layer->n_pad, pre = (size_t)layer->pre_pad;
    if (stack->def.is_normalised) {
      p->W_own = HD_TAKE(arena, float, n *(size_t)layer->n_pre);
      p->scale = HD_TAKE(arena, float, n);
    }
    p->bias_own = HD_TAKE(arena, float, n);
    if (back == HD_STACK_BACK_TO_INPUT ||
        (back == HD_STACK_BACK_TO_WEIGHTS && l > 0 && !stack->def.is_local)) {
      p->W_back_own = HD_TAKE(arena, float, n *pre);
    }
    if (back != HD_STACK_BACK_NONE && stack->def.is_recurrent) {
      p->V_back_own = HD_TAKE(arena, float, n *n);
    }
    if (hd__stack_spikes(stack)) {
      p->alpha = HD_TAKE(arena, float, n);
      p->beta = HD_TAKE(arena, float, n);
      p->gamma = HD_TAKE(arena, float, n);
      p->theta = HD_TAKE(arena, float, n);
      p->rho = HD_TAKE(arena, float, n);
    }
    if (layer->max_delay > 0) {
      hd__delay_lay_out(stack, l, arena, p);
    }
  }
}

static int stack_widest(const hd__stack *stack) {
  int n = stack->in_pad > stack->out_pad ? stack->in_pad : stack->out_pad;
  for (int l = 0; l < stack->def.n_layers; l++) {
    n = stack->layer[l].n_pad > n ? stack->layer[l].n_pad : n;
  }
  return n;
}

static int stack_widest_read(const hd__stack *stack) {
  int n = 0;
  for (int h = 0; h < stack->n_heads; h++) {
    n = stack->head[h].n_pad > n ? stack->head[h].n_pad : n;
  }
  return n;
}

static void stack_lay_out_layer(const hd__stack *stack, int l, hd__arena *arena, size_t rows,
                                size_t decisions, bool has_back, hd__tape_layer *tape) {
  const hd__stack_def *def = &stack->def;
  const hd__stack_layer *layer = &stack->layer[l];
  const hd__cell *cell = &def->cell;
  const size_t n = (size_t)layer->n_pad, many = rows * decisions * n, all = many * (size_t)def->T;
  tape->z = HD_TAKE(arena, float, layer->is_steady ? many : all);
  const bool is_top = l == def->n_layers - 1;
  const bool shows = !hd__stack_spikes(stack) || def->is_recurrent || layer->max_delay > 0 ||
                     (is_top && def->readout == HD_STACK_MEMBRANE_MAX);
  tape->y = shows ? HD_TAKE(arena, float, all) : NULL;
  if (!hd__stack_spikes(stack)) {
    return;
  }
  tape->mean = is_top || def->has_agents ? HD_TAKE(arena, float, many) : NULL;
  if (!is_top && stack->layer[l + 1].sees_spikes) {
    tape->words = (layer->n + 63) / 64;
    tape->bits = HD_TAKE(arena, uint64_t, all / n * (size_t)tape->words);
  }
  tape->v = HD_TAKE(arena, float, rows *n);
  tape->current = cell->has_current ? HD_TAKE(arena, float, rows *n) : NULL;
  tape->adaptation = cell->has_adaptation ? HD_TAKE(arena, float, rows *n) : NULL;
  tape->refractory = hd__cell_refracts(cell) ? HD_TAKE(arena, float, rows *n) : NULL;
  if (def->is_recurrent) {
    tape->last = HD_TAKE(arena, float, rows *n);
    tape->y_before = HD_TAKE(arena, float, all);
  }
  if (layer->max_delay > 0) {
    tape->late = HD_TAKE(arena, float, all);
    tape->past = HD_TAKE(arena, float, rows *n *(size_t)layer->max_delay);
  }
  if (has_back) {
    tape->u = HD_TAKE(arena, float, all);
    tape->c = cell->has_current ? HD_TAKE(arena, float, all) : NULL;
    tape->a = cell->has_adaptation ? HD_TAKE(arena, float, all) : NULL;
    tape->r = hd__cell_refracts(cell) ? HD_TAKE(arena, float, all) : NULL;
    if (def->learns_tau || def->learns_threshold) {
      tape->v0 = HD_TAKE(arena, float, many);
      tape->c0 = cell->has_current ? HD_TAKE(arena, float, many) : NULL;
    }
  }
}

void hd__tape_lay_out(const hd__stack *stack, hd__arena *arena, int rows, int decisions,
                      bool has_back, hd__tape *tape) {
  const size_t many = (size_t)rows * (size_t)decisions, slices = many * (size_t)stack->def.T;
  const size_t wide = (size_t)stack_widest(stack);
  *tape = (hd__tape){.rows = rows, .decisions = decisions};
  for (int l = 0; l < stack->def.n_layers; l++) {
    stack_lay_out_layer(stack, l, arena, (size_t)rows, (size_t)decisions, has_back,
                        &tape->layer[l]);
  }
  tape->side = stack->def.has_agents ? HD_TAKE(arena, float, many *wide) : NULL;
  tape->none = HD_TAKE(arena, float, wide);
  tape->input_words = hd__stack_input_words(stack);
  tape->input =
      tape->input_words > 0
          ? HD_TAKE(arena, uint64_t,
                    (stack->def.has_timed_input ? slices : many) * (size_t)tape->input_words)
          : NULL;
  const bool has_peak = stack->def.readout == HD_STACK_MEMBRANE_MAX;
  if (has_peak) {
    tape->membrane = HD_TAKE(arena, float, slices *(size_t)stack->out_pad);
    tape->peak = HD_TAKE(arena, int32_t, many * (size_t)stack->out_pad);
  }
  if (!has_back) {
    return;
  }
  tape->gs = HD_TAKE(arena, float, slices *wide);
  tape->gz = HD_TAKE(arena, float, slices *wide);
  tape->q = HD_TAKE(arena, float, many *(size_t)stack_widest_read(stack));
  tape->g_membrane = has_peak ? HD_TAKE(arena, float, slices *(size_t)stack->out_pad) : NULL;
  tape->gv = HD_TAKE(arena, float, (size_t)rows *wide);
  tape->gc = HD_TAKE(arena, float, (size_t)rows *wide);
  tape->ga = HD_TAKE(arena, float, (size_t)rows *wide);
  tape->g_last = HD_TAKE(arena, float, (size_t)rows *wide);
  tape->g_past = HD_TAKE(arena, float, (size_t)stack->def.max_delay *wide);
  tape->ones = HD_TAKE(arena, float, slices);
  tape->share = HD_TAKE(arena, float, many);
  for (size_t k = 0; tape->ones != NULL && k < slices; k++) {
    tape->ones[k] = 1.0f;
  }
  for (size_t k = 0; tape->share != NULL && k < many; k++) {
    tape->share[k] = stack->weight_sum;
  }
}

static float *stack_ahead(float *p, size_t n) { return p != NULL ? p + n : NULL; }

void hd__tape_from(const hd__stack *stack, const hd__tape *tape, int row, const hd__tape *scratch,
                   hd__tape *from) {
  const size_t slices = (size_t)row * (size_t)stack->def.T, n_layers = (size_t)stack->def.n_layers;
  memcpy(from, scratch, offsetof(hd__tape, layer) + sizeof from->layer[0] * n_layers);
  HD_ASSERT(tape->decisions == 1 && row <= tape->rows);
  from->rows = tape->rows - row < scratch->rows ? tape->rows - row : scratch->rows;
  for (size_t l = 0; l < n_layers; l++) {
    hd__tape_layer *to = &from->layer[l];
    const hd__tape_layer *layer = &tape->layer[l];
    const size_t n = slices * (size_t)stack->layer[l].n_pad;
    to->y = stack_ahead(layer->y, n);
    to->u = stack_ahead(layer->u, n);
    to->c = stack_ahead(layer->c, n);
    to->a = stack_ahead(layer->a, n);
    to->r = stack_ahead(layer->r, n);
    to->mean = stack_ahead(layer->mean, (size_t)row * (size_t)stack->layer[l].n_pad);
    to->y_before = stack_ahead(layer->y_before, n);
    to->late = stack_ahead(layer->late, n);
    to->bits = layer->bits != NULL ? layer->bits + slices * (size_t)layer->words : NULL;
  }
  from->peak = tape->peak != NULL ? tape->peak + (size_t)row * (size_t)stack->out_pad : NULL;
}

size_t hd__tape_size(const hd__stack *stack, int rows, int decisions, bool has_back) {
  hd__arena arena = {0};
  hd__tape tape;
  hd__tape_lay_out(stack, &arena, rows, decisions, has_back, &tape);
  return arena.used;
}
