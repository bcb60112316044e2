/* What forward and backward share. */
#ifndef HD_STACK_INTERNAL_H
#define HD_STACK_INTERNAL_H

#include "stack.h"

enum { HD_STACK_WIDTH = 4096 }; /* widest recurrent layer */

typedef struct hd__run {
  const hd__stack *stack;
  const hd__prepared *prepared;
  hd__tape *tape;
  const hd__pass *pass;
  int many, slices; /* decisions of all rows, and their substeps */
} hd__run;

static inline hd__run hd__run_make(const hd__stack *stack, const hd__prepared *prepared,
                                   hd__tape *tape, const hd__pass *pass) {
  HD_ASSERT(pass->rows <= tape->rows && pass->decisions <= tape->decisions);
  const int many = pass->rows * pass->decisions;
  return (hd__run){stack, prepared, tape, pass, many, many * stack->def.T};
}

/* Whether row r begins decision d with a state of zeros. */
static inline bool hd__run_is_fresh(const hd__run *run, int r, int d) {
  const hd__pass *pass = run->pass;
  const bool has_before = d > 0 || pass->state != NULL;
  return !has_before || (pass->fresh != NULL ? pass->fresh[r * pass->decisions + d] : d > 0);
}

/* What layer l shows to the next one. */
static inline const float *hd__run_shown(const hd__run *run, int l) {
  const hd__tape_layer *tape = &run->tape->layer[l];
  return tape->late != NULL ? tape->late : tape->y;
}

/* Whether no row begins with any state, nor hands one on. */
static inline bool hd__run_is_all_fresh(const hd__run *run) {
  return run->pass->fresh == NULL && run->pass->state == NULL;
}

static inline bool hd__stack_spikes(const hd__stack *stack) {
  return stack->def.cell.unit == HD_UNIT_NONE;
}

/* Whether gradients by what cells have of their own are wanted. */
static inline bool hd__stack_learns_cells(const hd__stack *stack) {
  return stack->def.learns_tau || stack->def.learns_threshold;
}

/* The head that reads layer l, or -1. */
static inline int hd__stack_head_of(const hd__stack *stack, int l) {
  return stack->def.has_agents ? l : l == stack->def.n_layers - 1 ? 0 : -1;
}

/* What layer l did in decisions, as readouts and layers below see it: [rows][decisions][n_pad]. */
static inline const float *hd__stack_did(const hd__stack *stack, const hd__tape *tape, int l) {
  return hd__stack_spikes(stack) ? tape->layer[l].mean : tape->layer[l].y;
}

/* What head h reads, [rows][decisions][stride]. */
static inline const float *hd__run_read(const hd__run *run, int h, int *stride) {
  const int l = run->stack->head[h].layer;
  *stride = l < 0 ? run->pass->x_stride : run->stack->layer[l].n_pad;
  return l < 0 ? run->pass->x : hd__stack_did(run->stack, run->tape, l);
}

#endif
