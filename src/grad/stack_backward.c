/* From gradients by outputs to gradients by weights and input. */
#include <string.h>

#include "delay.h"
#include "stack_input.h"

/* ---- readout ---- */

/* G += g_out (x) mean; q = W' g_out: of head h. */
static void stack_backward_back_mean(const hd__run *run, int h, const float *g_out, float *G) {
  const hd__stack *stack = run->stack;
  const hd__kernel *kernel = stack->kernel;
  const hd__stack_head *head = &stack->head[h];
  const int n_out = stack->def.n_out, at = h * stack->head_pad;
  g_out += at;
  if (G != NULL) {
    int stride;
    const float *mean = hd__run_read(run, h, &stride);
    kernel->outer_batch(run->many, n_out, head->n_pad, run->tape->ones, g_out, stack->out_pad, mean,
                        stride, G + head->W);
    kernel->sum_scaled(run->many, stack->head_pad, run->tape->share, g_out, stack->out_pad,
                       G + stack->bias + at);
  }
  kernel->rows_drive(run->many, n_out, head->n_pad, run->prepared->weights + head->W, g_out,
                     stack->out_pad, run->tape->q);
}

/* Only what came up to the highest membrane counts. gs is written. */
static void stack_backward_back_max(const hd__run *run, const float *g_out, float *G) {
  const hd__stack *stack = run->stack;
  const hd__stack_def *def = &stack->def;
  const hd__tape *tape = run->tape;
  const float keep = 1.0f - 1.0f / def->membrane_tau;
  const size_t pad = (size_t)stack->out_pad;
  for (int k = 0; k < run->many; k++) {
    float *g = tape->g_membrane + (size_t)k * (size_t)def->T * pad;
    memset(g, 0, sizeof(float) * (size_t)def->T * pad);
    for (int a = 0; a < def->n_out; a++) {
      const size_t at = (size_t)k * pad + (size_t)a;
      float share = (1.0f - keep) * g_out[at];
      for (int t = tape->peak[at]; t >= 0; t--) {
        g[(size_t)t * pad + (size_t)a] = share;
        share *= keep;
      }
    }
  }
  if (G != NULL) {
    stack->kernel->outer_batch(run->slices, def->n_out, stack->top_pad, tape->ones,
                               tape->g_membrane, stack->out_pad, tape->layer[def->n_layers - 1].y,
                               stack->top_pad, G + stack->W);
    stack->kernel->sum_scaled(run->slices, stack->out_pad, tape->ones, tape->g_membrane,
                              stack->out_pad, G + stack->bias);
  }
  stack->kernel->rows_drive(run->slices, def->n_out, stack->top_pad,
                            run->prepared->weights + stack->W, tape->g_membrane, stack->out_pad,
                            tape->gs);
}

/* ---- cells ---- */

static size_t stack_backward_slice_at(const hd__run *run, int r, int d, int t) {
  const size_t decisions = (size_t)run->pass->decisions, T = (size_t)run->stack->def.T;
  return ((size_t)r * decisions + (size_t)d) * T + (size_t)t;
}

/* Whether cells begin with gradients of zero by their state by themselves. */
static bool stack_backward_begins_fresh(const hd__run *run) {
  return hd__run_is_all_fresh(run) && !run->stack->def.is_recurrent;
}

/* Decision d of `rows` rows from row r. */
/* Names every member: clearing the others takes longer than this. */
static hd__cell_back stack_backward_describe(const hd__run *run, int l, int r, int rows, int d,
                                             const float *gs, const float *q, float *G) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[l];
  const hd__prepared_layer *p = &run->prepared->layer[l];
  const hd__tape_layer *tape = &run->tape->layer[l];
  const int n = layer->n_pad, T = stack->def.T, decisions = run->pass->decisions;
  const size_t slice = stack_backward_slice_at(run, r, d, 0) * (size_t)n;
  const size_t decision = ((size_t)r * (size_t)decisions + (size_t)d) * (size_t)n;
  const size_t row = (size_t)r * (size_t)n;
  const size_t state = (size_t)d * (size_t)run->pass->rows * (size_t)n + row;
  const bool wants = G != NULL && hd__stack_learns_cells(stack);
  const bool had_state = !hd__run_is_all_fresh(run);
  return (hd__cell_back){
      .cell = &stack->def.cell,
      .lanes = {p->alpha, p->beta, p->gamma, p->theta, p->rho},
      .rows = rows,
      .first = 0,
      .steps = T,
      .n = n,
      .u = tape->u + slice,
      .c_kept = tape->c != NULL ? tape->c + slice : NULL,
      .a_kept = tape->a != NULL ? tape->a + slice : NULL,
      .r_kept = tape->r != NULL ? tape->r + slice : NULL,
      .v0 = wants && had_state ? tape->v0 + state : NULL,
      .c0 = wants && had_state && tape->c0 != NULL ? tape->c0 + state : NULL,
      .kept_row = decisions * T * n,
      .gs = gs != NULL ? gs + slice : NULL,
      .q = q != NULL ? q + decision : NULL,
      .q_row = decisions * n,
      .weight = stack->weight,
      .is_fresh = stack_backward_begins_fresh(run),
      .gv = run->tape->gv + row,
      .gc = tape->c != NULL ? run->tape->gc + row : NULL,
      .ga = tape->a != NULL ? run->tape->ga + row : NULL,
      .gz = run->tape->gz + (layer->is_steady ? decision : slice),
      .gz_row = decisions * n * (layer->is_steady ? 1 : T),
      .gz_step = layer->is_steady ? 0 : n,
      .g_alpha = wants ? G + layer->alpha : NULL,
      .g_beta = wants ? G + layer->beta : NULL,
      .g_theta = wants ? G + layer->theta : NULL,
      .g_rho = wants ? G + layer->rho : NULL,
  };
}

/* gs(t) += V' gz(t + 1), from the last substep to the first; g_last is by the spikes before. */
static void stack_backward_recurrent_decision(const hd__run *run, int l, int r, int d, float *gs,
                                              const float *q, float *G) {
  const hd__stack *stack = run->stack;
  const int n = stack->layer[l].n_pad;
  float *g_last = run->tape->g_last + (size_t)r * (size_t)n;
  hd__cell_back io = stack_backward_describe(run, l, r, 1, d, gs, q, G);
  io.steps = 1;
  for (int t = stack->def.T - 1; t >= 0; t--) {
    const size_t slice = stack_backward_slice_at(run, r, d, t) * (size_t)n;
    stack->kernel->axpy(n, 1.0f, g_last, gs + slice);
    io.first = t;
    stack->kernel->cell_backward(&io);
    stack->kernel->rows_drive(1, stack->layer[l].n, n, run->prepared->layer[l].V_back_own,
                              run->tape->gz + slice, n, g_last);
  }
}

static void stack_backward_clear_rows(const hd__run *run, int n, int r, int rows) {
  const size_t at = (size_t)r * (size_t)n, size = sizeof(float) * (size_t)rows * (size_t)n;
  memset(run->tape->gv + at, 0, size);
  memset(run->tape->gc + at, 0, size);
  memset(run->tape->ga + at, 0, size);
  memset(run->tape->g_last + at, 0, size);
}

/* Between gradients by the state outside, [rows][n_state], and those of a layer's cells. Substeps
 * left of a refractory period have a place there and no gradient. */
static void stack_backward_carry(const hd__run *run, int l, bool is_in) {
  const hd__stack *stack = run->stack;
  const hd__cell *cell = &stack->def.cell;
  const hd__tape *tape = run->tape;
  const size_t n = (size_t)stack->layer[l].n_pad;
  float *const part[] = {tape->gv, tape->gc, tape->ga, NULL, tape->g_last};
  const bool has[] = {true, cell->has_current, cell->has_adaptation, hd__cell_refracts(cell),
                      stack->def.is_recurrent};
  float *at = run->pass->g_state + stack->layer[l].state;
  for (size_t k = 0; k < sizeof part / sizeof *part; at += has[k] ? n : 0, k++) {
    for (int r = 0; has[k] && r < run->pass->rows; r++) {
      float *outside = at + (size_t)r * (size_t)stack->n_state;
      float *inside = part[k] != NULL ? part[k] + (size_t)r * n : NULL;
      if (inside != NULL) {
        memcpy(is_in ? inside : outside, is_in ? outside : inside, sizeof(float) * n);
      } else if (!is_in) {
        memset(outside, 0, sizeof(float) * n);
      }
    }
  }
}

/* gs by the layer's output (q as well at the top) becomes gz by its drives. Gradients by what cells
 * have of their own are summed in the order of rows, so rows go together only where each is a
 * single run. */
static void stack_backward_back_rows(const hd__run *run, int l, float *gs, const float *q,
                                     float *G) {
  const hd__stack *stack = run->stack;
  const hd__pass *pass = run->pass;
  const int n = stack->layer[l].n_pad;
  if (pass->decisions == 1 && !stack->def.is_recurrent) {
    const hd__cell_back io = stack_backward_describe(run, l, 0, pass->rows, 0, gs, q, G);
    stack->kernel->cell_backward(&io);
    return;
  }
  for (int r = 0; r < pass->rows; r++) {
    for (int d = pass->decisions - 1; d >= 0; d--) {
      if (stack->def.is_recurrent) {
        stack_backward_recurrent_decision(run, l, r, d, gs, q, G);
      } else {
        const hd__cell_back io = stack_backward_describe(run, l, r, 1, d, gs, q, G);
        stack->kernel->cell_backward(&io);
      }
      if (hd__run_is_fresh(run, r, d)) {
        stack_backward_clear_rows(run, n, r, 1);
      }
    }
  }
}

static void stack_backward_back_cells(const hd__run *run, int l, float *gs, const float *q,
                                      float *G) {
  const hd__pass *pass = run->pass;
  const int n = run->stack->layer[l].n_pad;
  if (!stack_backward_begins_fresh(run)) {
    stack_backward_clear_rows(run, n, 0, pass->rows);
  }
  if (pass->g_state == NULL) {
    stack_backward_back_rows(run, l, gs, q, G);
    return;
  }
  stack_backward_carry(run, l, true);
  stack_backward_back_rows(run, l, gs, q, G);
  for (int r = 0; r < pass->rows; r++) {
    if (hd__run_is_fresh(run, r, 0)) {
      stack_backward_clear_rows(run, n, r, 1);
    }
  }
  stack_backward_carry(run, l, false);
}

/* ---- weights ---- */

/* The lowest layer's, by what it sees of the input. */
static void stack_backward_add_input(const hd__run *run, float *G) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[0];
  const hd__pass *pass = run->pass;
  const float *g = run->tape->gz;
  hd__input_rows in = {pass->x, pass->x_stride, run->many, layer->n_pre, layer->n_pad};
  if (layer->is_steady || stack->def.has_timed_input) {
    in.rows = layer->is_steady ? run->many : run->slices;
    hd__stack_input_outer(run, &in, g, G + layer->W);
    return;
  }
  const int T = stack->def.T, n = layer->n_pad;
  for (int k = 0; k < run->many; k++, g += T * n) { /* one row at every substep */
    stack->kernel->outer_batch(T, layer->n_pre, n, run->tape->ones, pass->x + k * pass->x_stride, 0,
                               g, n, G + layer->W);
  }
}

static void stack_backward_add_weights(const hd__run *run, int l, float *G) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[l];
  const hd__kernel *kernel = stack->kernel;
  const hd__tape *tape = run->tape;
  const int n = layer->n_pad, slices = layer->is_steady ? run->many : run->slices;
  kernel->sum_scaled(slices, n, tape->ones, tape->gz, n, G + layer->bias);
  if (l == 0) {
    stack_backward_add_input(run, G);
  } else if (layer->sees_spikes) {
    const hd__tape_layer *below = &tape->layer[l - 1];
    kernel->outer_events(slices, layer->n_pre, n, tape->ones, below->bits, below->words, tape->gz,
                         n, G + layer->W);
  } else {
    kernel->outer_batch(slices, layer->n_pre, n, tape->ones, hd__run_shown(run, l - 1),
                        layer->pre_pad, tape->gz, n, G + layer->W);
  }
  if (stack->def.is_recurrent) {
    kernel->outer_batch(run->slices, layer->n, n, tape->ones, tape->layer[l].y_before, n, tape->gz,
                        n, G + layer->V);
  }
}

static void stack_backward_add_sides(const hd__run *run, int l, float *G) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[l];
  const hd__kernel *kernel = stack->kernel;
  const hd__tape *tape = run->tape;
  const int n = layer->n_pad, T = stack->def.T;
  const float *g = layer->is_steady ? tape->gz : tape->side;
  for (int k = 0; !layer->is_steady && layer->n_sides > 0 && k < run->many; k++) {
    float *to = tape->side + (size_t)k * (size_t)n;
    memset(to, 0, sizeof(float) * (size_t)n);
    kernel->sum_scaled(T, n, tape->ones, tape->gz + (size_t)k * (size_t)T * (size_t)n, n, to);
  }
  for (int i = 0; i < layer->n_sides; i++) {
    const hd__stack_side *side = &layer->side[i];
    const hd__input_rows in = {run->pass->x + side->from, run->pass->x_stride, run->many, side->n,
                               n};
    hd__stack_input_outer(run, &in, g, G + side->W);
  }
}

/* Gradients by a layer's output become gz by its drives: gs, from the layer above, and q, from its
 * readout. */
static void stack_backward_back_output(const hd__run *run, int l, bool has_gs, bool has_q,
                                       float *G) {
  const hd__stack *stack = run->stack;
  const hd__tape *tape = run->tape;
  const int n = stack->layer[l].n_pad;
  const size_t all = (size_t)run->slices * (size_t)n, size = sizeof(float) * all;
  if (hd__stack_spikes(run->stack)) {
    if (!has_gs && stack->def.is_recurrent) {
      memset(tape->gs, 0, size);
      has_gs = true;
    }
    stack_backward_back_cells(run, l, has_gs ? tape->gs : NULL, has_q ? tape->q : NULL, G);
    return;
  }
  if (has_gs && has_q) {
    stack->kernel->axpy((int)all, 1.0f, tape->q, tape->gs);
  }
  memcpy(tape->gz, has_gs ? tape->gs : tape->q, size);
  stack->kernel->unit[stack->def.cell.unit].backward(run->slices, n, tape->layer[l].y, tape->gz);
}

/* g_x is summed over the substeps of a decision. */
static void stack_backward_back_input(const hd__run *run, float *g_x) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[0];
  const hd__kernel *kernel = stack->kernel;
  const int T = stack->def.T, pad = stack->in_pad;
  HD_ASSERT(run->prepared->layer[0].W_back_own != NULL);
  if (layer->is_steady) {
    kernel->rows_drive(run->many, layer->n, pad, run->prepared->layer[0].W_back_own, run->tape->gz,
                       layer->n_pad, g_x);
    return;
  }
  kernel->rows_drive(run->slices, layer->n, pad, run->prepared->layer[0].W_back_own, run->tape->gz,
                     layer->n_pad, run->tape->gs);
  for (int k = 0; k < run->many; k++) {
    float *to = g_x + (size_t)k * (size_t)pad;
    memset(to, 0, sizeof(float) * (size_t)pad);
    kernel->sum_scaled(T, pad, run->tape->ones, run->tape->gs + (size_t)k * (size_t)T * (size_t)pad,
                       pad, to);
  }
}

void hd__stack_backward(const hd__stack *stack, const hd__prepared *prepared, hd__tape *tape,
                        const hd__pass *pass, const float *g_out, float *G, float *g_x) {
  const hd__run run = hd__run_make(stack, prepared, tape, pass);
  const int top = stack->def.n_layers - 1;
  const bool has_peak =
      stack->def.readout == HD_STACK_MEMBRANE_MAX && hd__stack_spikes(stack) && top >= 0;
  float *G_cells = pass->sums == HD_STACK_WEIGHTS ? NULL : G;
  float *G_weights = pass->sums == HD_STACK_CELLS ? NULL : G;
  HD_ASSERT(pass->g_state == NULL || pass->state != NULL);
  HD_ASSERT(g_x == NULL || !stack->def.has_agents);
  if (has_peak) {
    stack_backward_back_max(&run, g_out, G_weights);
  }
  if (top < 0) {
    stack_backward_back_mean(&run, 0, g_out, G_weights);
    if (g_x != NULL) {
      memcpy(g_x, tape->q, sizeof(float) * (size_t)run.many * (size_t)stack->in_pad);
    }
    return;
  }
  for (int l = top; l >= 0; l--) {
    const hd__stack_layer *layer = &stack->layer[l];
    const int h = hd__stack_head_of(stack, l);
    const bool has_q = h >= 0 && !has_peak, is_local = stack->def.is_local;
    if (has_q) {
      stack_backward_back_mean(&run, h, g_out, G_weights);
    }
    stack_backward_back_output(&run, l, l < top ? !is_local : has_peak, has_q, G_cells);
    if (G_weights != NULL) {
      stack_backward_add_weights(&run, l, G_weights);
      stack_backward_add_sides(&run, l, G_weights);
    }
    if (l > 0 && !is_local) {
      stack->kernel->rows_drive(run.slices, layer->n, layer->pre_pad, prepared->layer[l].W_back_own,
                                tape->gz, layer->n_pad, tape->gs);
    }
    if (l > 0 && stack->layer[l - 1].max_delay > 0) {
      hd__delay_backward(&run, l - 1, tape->gs, G_weights);
    }
  }
  if (g_x != NULL) {
    stack_backward_back_input(&run, g_x);
  }
}
