/* From input to output, keeping what backward needs. */
#include <string.h>

#include "delay.h"
#include "stack_input.h"

/* ---- drives ---- */

/* Slices of the lowest layer's drive. */
static void stack_forward_input(const hd__run *run) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[0];
  const float *W = run->prepared->layer[0].W;
  const hd__pass *pass = run->pass;
  const size_t n = (size_t)layer->n_pad, T = (size_t)stack->def.T;
  hd__input_rows in = {pass->x, pass->x_stride, run->many, layer->n_pre, layer->n_pad};
  float *z = run->tape->layer[0].z;
  if (layer->is_steady || stack->def.has_timed_input) {
    in.rows = layer->is_steady ? run->many : run->slices;
    hd__stack_input_drive(run, &in, W, z);
    return;
  }
  in.rows = 1;
  for (int k = 0; k < run->many; k++) { /* it stays, but what the layer adds to it does not */
    hd__stack_input_drive(run, &in, W, z);
    for (size_t t = 1; t < T; t++) {
      memcpy(z + t * n, z, sizeof(float) * n);
    }
    in.x += pass->x_stride;
    z += T * n;
  }
}

/* All slices of a layer's drive from below, but for its own spikes. */
static void stack_forward_drive(const hd__run *run, int l, const float *below, int stride) {
  const hd__kernel *kernel = run->stack->kernel;
  const hd__stack_layer *layer = &run->stack->layer[l];
  const float *W = run->prepared->layer[l].W;
  float *z = run->tape->layer[l].z;
  if (l == 0) {
    stack_forward_input(run);
  } else if (layer->sees_spikes) {
    const hd__tape_layer *spikes = &run->tape->layer[l - 1];
    kernel->rows_events(run->slices, layer->n_pre, layer->n_pad, W, spikes->bits, spikes->words, z);
  } else {
    kernel->rows_drive(run->slices, layer->n_pre, layer->n_pad, W, below, stride, z);
  }
}

/* What comes beside the drive from below stays during a decision. */
static void stack_forward_sides(const hd__run *run, int l) {
  const hd__stack_layer *layer = &run->stack->layer[l];
  const hd__kernel *kernel = run->stack->kernel;
  const size_t n = (size_t)layer->n_pad;
  const int slices = layer->is_steady ? 1 : run->stack->def.T;
  for (int i = 0; i < layer->n_sides; i++) {
    const hd__stack_side *side = &layer->side[i];
    const hd__input_rows in = {run->pass->x + side->from, run->pass->x_stride, run->many, side->n,
                               layer->n_pad};
    hd__stack_input_drive(run, &in, run->prepared->weights + side->W, run->tape->side);
    for (int k = 0; k < run->many * slices; k++) {
      kernel->axpy(layer->n_pad, 1.0f, run->tape->side + (size_t)(k / slices) * n,
                   run->tape->layer[l].z + (size_t)k * n);
    }
  }
}

/* ---- state ---- */

/* Between the state that is carried, [rows][n_state], and the layers' own arrays. */
static void stack_forward_carry(const hd__run *run, bool is_in) {
  const hd__stack *stack = run->stack;
  float *at = run->pass->state;
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__tape_layer *tape = &run->tape->layer[l];
    const size_t n = (size_t)stack->layer[l].n_pad, size = sizeof(float) * n;
    float *part[] = {tape->v, tape->current, tape->adaptation, tape->refractory, tape->last};
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
      if (part[k] == NULL) {
        continue;
      }
      for (int r = 0; r < run->pass->rows; r++) {
        float *outside = at + (size_t)r * (size_t)stack->n_state;
        float *inside = part[k] + (size_t)r * n;
        memcpy(is_in ? inside : outside, is_in ? outside : inside, size);
      }
      at += n;
    }
    const size_t past = n * (size_t)stack->layer[l].max_delay;
    for (int r = 0; past > 0 && r < run->pass->rows; r++) {
      float *outside = at + (size_t)r * (size_t)stack->n_state;
      if (is_in) {
        memcpy(tape->past + (size_t)r * past, outside, sizeof(float) * past);
      } else {
        hd__delay_carry(run, l, r, outside);
      }
    }
    at += past;
  }
}

/* As an episode begins. */
static void stack_forward_forget(const hd__run *run, int l, int row) {
  const hd__tape_layer *tape = &run->tape->layer[l];
  const size_t n = (size_t)run->stack->layer[l].n_pad, at = (size_t)row * n;
  float *part[] = {tape->current, tape->adaptation, tape->refractory, tape->last};
  for (size_t j = 0; j < n; j++) {
    tape->v[at + j] = run->stack->def.cell.v_start;
  }
  for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
    if (part[k] != NULL) {
      memset(part[k] + at, 0, sizeof(float) * n);
    }
  }
}

/* ---- cells ---- */

/* Names every member: clearing the others takes longer than this. */
static hd__cell_run stack_forward_describe(const hd__run *run, int l, int d) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[l];
  const hd__prepared_layer *p = &run->prepared->layer[l];
  const hd__tape_layer *tape = &run->tape->layer[l];
  const int n = layer->n_pad, T = stack->def.T, decisions = run->pass->decisions;
  const size_t slice = (size_t)d * (size_t)T * (size_t)n, decision = (size_t)d * (size_t)n;
  const bool is_kept = run->pass->is_kept;
  return (hd__cell_run){
      .cell = &stack->def.cell,
      .lanes = {p->alpha, p->beta, p->gamma, p->theta, p->rho},
      .rows = run->pass->rows,
      .first = 0,
      .steps = T,
      .n = n,
      .z = tape->z + (layer->is_steady ? decision : slice),
      .bias = p->bias,
      .z_row = decisions * n * (layer->is_steady ? 1 : T),
      .z_step = layer->is_steady ? 0 : n,
      .is_fresh = hd__run_is_all_fresh(run),
      .v = tape->v,
      .c = tape->current,
      .a = tape->adaptation,
      .r = tape->refractory,
      .s = tape->y != NULL ? tape->y + slice : NULL,
      .u = is_kept ? tape->u + slice : NULL,
      .c_kept = is_kept && tape->c != NULL ? tape->c + slice : NULL,
      .a_kept = is_kept && tape->a != NULL ? tape->a + slice : NULL,
      .r_kept = is_kept && tape->r != NULL ? tape->r + slice : NULL,
      .gain = NULL,
      .kept_row = decisions * T * n,
      .kept_step = n,
      .bits = tape->bits != NULL ? tape->bits + (size_t)d * (size_t)T * (size_t)tape->words : NULL,
      .bits_row = decisions * T * tape->words,
      .bits_step = tape->words,
      .n_live = layer->n,
      .total = run->pass->total != NULL ? run->pass->total[l] : NULL,
      .weight = stack->weight,
      .mean = tape->mean != NULL ? tape->mean + decision : NULL,
      .mean_row = decisions * n,
  };
}

/* A layer that sees its own last spikes goes substep by substep. */
static void stack_forward_recurrent_decision(const hd__run *run, int l, int d) {
  const hd__stack *stack = run->stack;
  const hd__tape_layer *tape = &run->tape->layer[l];
  const hd__kernel *kernel = stack->kernel;
  const int n = stack->layer[l].n_pad, T = stack->def.T;
  const size_t size = sizeof(float) * (size_t)n;
  hd__cell_run io = stack_forward_describe(run, l, d);
  float own[HD_STACK_WIDTH] __attribute__((aligned(64)));
  io.steps = 1;
  if (io.is_fresh) { /* only its first substep is */
    for (int r = 0; r < run->pass->rows; r++) {
      stack_forward_forget(run, l, r);
    }
    io.is_fresh = false;
  }
  for (int t = 0; t < T; t++) {
    for (int r = 0; r < run->pass->rows; r++) {
      const size_t slice =
          (((size_t)r * (size_t)run->pass->decisions + (size_t)d) * (size_t)T + (size_t)t) *
          (size_t)n;
      float *last = tape->last + (size_t)r * (size_t)n;
      memcpy(tape->y_before + slice, last, size);
      kernel->rows_drive(1, stack->layer[l].n, n, run->prepared->layer[l].V, last, n, own);
      kernel->axpy(n, 1.0f, own, tape->z + slice);
    }
    io.first = t;
    kernel->cell_forward(&io);
    for (int r = 0; r < run->pass->rows; r++) {
      const size_t slice =
          (((size_t)r * (size_t)run->pass->decisions + (size_t)d) * (size_t)T + (size_t)t) *
          (size_t)n;
      memcpy(tape->last + (size_t)r * (size_t)n, tape->y + slice, size);
    }
  }
}

static void stack_forward_fire(const hd__run *run, int l) {
  const hd__stack *stack = run->stack;
  const hd__stack_layer *layer = &stack->layer[l];
  const hd__tape_layer *tape = &run->tape->layer[l];
  const hd__pass *pass = run->pass;
  const size_t all = (size_t)pass->rows * (size_t)layer->n_pad;
  for (int d = 0; d < pass->decisions; d++) {
    for (int r = 0; r < pass->rows; r++) {
      if (!hd__run_is_all_fresh(run) && hd__run_is_fresh(run, r, d)) {
        stack_forward_forget(run, l, r);
      }
    }
    if (pass->is_kept && tape->v0 != NULL && !hd__run_is_all_fresh(run)) {
      memcpy(tape->v0 + (size_t)d * all, tape->v, sizeof(float) * all);
      if (tape->c0 != NULL) {
        memcpy(tape->c0 + (size_t)d * all, tape->current, sizeof(float) * all);
      }
    }
    if (stack->def.is_recurrent) {
      stack_forward_recurrent_decision(run, l, d);
    } else {
      const hd__cell_run io = stack_forward_describe(run, l, d);
      stack->kernel->cell_forward(&io);
    }
  }
}

/* ---- readout ---- */

static void stack_forward_read_mean(const hd__run *run, int h) {
  const hd__stack *stack = run->stack;
  const hd__stack_head *head = &stack->head[h];
  const float *bias = run->prepared->weights + stack->bias + h * stack->head_pad;
  float *out = run->pass->out + h * stack->head_pad;
  int stride;
  const float *read = hd__run_read(run, h, &stride);
  stack->kernel->heads(run->many, stack->def.n_out, head->n_pad, run->prepared->weights + head->W,
                       read, stride, out, stack->out_pad);
  const float share = stack->weight_sum;
  for (int k = 0; k < run->many; k++, out += stack->out_pad) {
    for (int a = 0; a < stack->def.n_out; a++) {
      out[a] += share * bias[a];
    }
  }
}

/* V(t) = keep V(t-1) + (1 - keep) (W s(t) + b), and its highest value. */
static void stack_forward_read_max(const hd__run *run) {
  const hd__stack *stack = run->stack;
  const hd__stack_def *def = &stack->def;
  const hd__tape *tape = run->tape;
  const float keep = 1.0f - 1.0f / def->membrane_tau;
  const float *bias = run->prepared->weights + stack->bias;
  stack->kernel->heads(run->slices, def->n_out, stack->top_pad, run->prepared->weights + stack->W,
                       tape->layer[def->n_layers - 1].y, stack->top_pad, tape->membrane,
                       stack->out_pad);
  for (int k = 0; k < run->many; k++) {
    const float *in = tape->membrane + (size_t)k * (size_t)def->T * (size_t)stack->out_pad;
    for (int a = 0; a < def->n_out; a++) {
      const size_t at = (size_t)k * (size_t)stack->out_pad + (size_t)a;
      float v = 0.0f, top = 0.0f;
      for (int t = 0; t < def->T; t++) {
        v = keep * v +
            (1.0f - keep) * (in[(size_t)t * (size_t)stack->out_pad + (size_t)a] + bias[a]);
        if (t == 0 || v > top) {
          top = v;
          tape->peak[at] = t;
        }
      }
      run->pass->out[at] = top;
    }
  }
}

void hd__stack_forward(const hd__stack *stack, const hd__prepared *prepared, hd__tape *tape,
                       const hd__pass *pass) {
  const hd__run run = hd__run_make(stack, prepared, tape, pass);
  const bool is_spiking = stack->def.cell.unit == HD_UNIT_NONE;
  const float *below = NULL;
  int stride = 0;
  if (pass->state != NULL) {
    stack_forward_carry(&run, true);
  }
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    stack_forward_drive(&run, l, below, stride);
    stack_forward_sides(&run, l);
    if (is_spiking) {
      stack_forward_fire(&run, l);
    } else {
      stack->kernel->unit[stack->def.cell.unit].forward(
          run.slices, layer->n_pad, prepared->layer[l].bias, tape->layer[l].z, tape->layer[l].y);
    }
    if (layer->max_delay > 0) {
      hd__delay_forward(&run, l);
    }
    below = hd__run_shown(&run, l);
    stride = layer->n_pad;
  }
  if (pass->state != NULL) {
    stack_forward_carry(&run, false);
  }
  if (stack->def.readout == HD_STACK_MEMBRANE_MAX && is_spiking && stack->def.n_layers > 0) {
    stack_forward_read_max(&run);
    return;
  }
  for (int h = 0; h < stack->n_heads; h++) {
    stack_forward_read_mean(&run, h);
  }
}

void hd__stack_above(const hd__stack *stack, const hd__tape *tape, int rows, float *above) {
  for (int l = 1; l < stack->def.n_layers; l++) {
    const int n = stack->layer[l].n_pad;
    const float *did = hd__stack_did(stack, tape, l);
    for (int r = 0; r < rows; r++) {
      memcpy(above + r * stack->n_above, did + r * n, sizeof(float) * (size_t)n);
    }
    above += n;
  }
}
