/* Moves by steps: what searches share whose weights each move a step down, not at all, or a step
 * up.
 *
 * In a generation a share of the weights is drawn to move (`movers` of the definition); the others
 * stay where they are, and a method leaves alone what it remembers of them. Where worse moves are
 * undone (`undoes`), `w` of the search stays at the weights of the reference return, and the move
 * is part of what is evaluated only; it joins `w` when it has turned out to be no worse. Otherwise
 * a move changes `w` at once, and the reference is the return of the generation before.
 *
 * hd__steps is the first member of such a method's state. */
#ifndef HD_STEPS_H
#define HD_STEPS_H

#include "search_internal.h"

typedef struct hd__steps {
  float *step;       /* [n_pad] step of each weight */
  float *noise;      /* [n_pad] random numbers of a generation */
  float *move;       /* [n_pad] the last move, in steps */
  float *lot;        /* [n_pad] who moves: lots below `movers` do; NULL: all do */
  double *reference; /* [1] return that the next one is compared with */
} hd__steps;

hd__steps hd__steps_lay_out(const hd__search *search, hd__arena *arena);
void hd__steps_start(hd__search *search, const hd__steps *steps);
/* What is evaluated, for any search whose state begins with its steps. */
void hd__steps_ask(const hd__search *search, int candidate, float *w);

/* The change in the return since the reference, 0 in the first generation. Afterwards the move that
 * was evaluated has been kept or undone, and the reference belongs to where the search stands. */
double hd__steps_change(hd__search *search, const hd__steps *steps);
/* Draw who moves next. */
void hd__steps_draw(const hd__search *search, const hd__steps *steps);
/* Move by `move`, whose entries mean nothing where a weight was not drawn, and are set to 0. */
void hd__steps_move(hd__search *search, const hd__steps *steps);

/* Was weight k drawn to move? */
static inline bool hd__steps_has(const hd__search *search, const hd__steps *steps, int k) {
  return steps->lot == NULL || steps->lot[k] < search->def.movers;
}

#endif
