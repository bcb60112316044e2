/* What acting leaves for learning. Where weights stay as they are until a whole rollout has been
 * made, and nothing is carried from decision to decision, learning need not go forwards again: the
 * tape of acting is the tape that learning would make, and gives the same bits. */
#ifndef HD_ROLLOUT_TAPE_H
#define HD_ROLLOUT_TAPE_H

#include "model.h"

typedef struct hd__rollout_tape {
  int rows;       /* decisions of a rollout */
  int made;       /* that have gone forwards */
  hd__tape tape;  /* of them */
  const float *x; /* [rows][in_pad] inputs, the owner's */
  float *out, *g; /* [rows][out_pad] */
  int32_t *index; /* [rows] 0, 1, ... */
} hd__rollout_tape;

/* Whether so many rows fit the limit, and stay in the cache from acting to learning: to fetch them
 * again from memory takes longer than to make them again. */
bool hd__rollout_tape_pays_off(const hd__stack *stack, int rows, size_t room);
void hd__rollout_tape_lay_out(hd__rollout_tape *rollout, hd__arena *arena, const hd__stack *stack,
                              int rows, const float *x);
/* Outputs of decisions at to at + rows - 1, whose inputs are in place; so are those of the
 * decisions before, which go forwards as well if they have not yet, as after loading. is_acting:
 * spikes and drives of these `rows` are noted, as hd__model_act and hd__model_update_statistics do.
 */
const float *hd__rollout_tape_forward(hd__rollout_tape *rollout, hd__model *model, int at, int rows,
                                      bool is_acting);
/* Decisions at to at + rows - 1, as a pass that is kept. */
hd__pass hd__rollout_tape_pass(const hd__rollout_tape *rollout, const hd__stack *stack, int at,
                               int rows);

#endif
