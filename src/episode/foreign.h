/* Environments in another language (hedon/foreign.h): their states, and calls that step several. */
#ifndef HD_FOREIGN_H
#define HD_FOREIGN_H

#include "context_internal.h"
#include "hedon/foreign.h"

/* A batch that is open. */
typedef struct hd__foreign hd__foreign;

/* Bytes of one environment's state: the seed of its episode, steps taken, what it shows, and its
 * actions so far. */
size_t hd__foreign_state_size(const hd_env_desc *desc);

/* Open a batch of B environments.  Errors  NOMEM, and those of the program's open. */
hd_status hd__foreign_open(hd_ctx *ctx, const hd_env_desc *desc, int B, hd__foreign **out);
/* NULL is allowed. */
void hd__foreign_close(hd_ctx *ctx, hd__foreign *foreign);

/* States of the first B environments of a batch, `stride` bytes apart; the others are not used. */
typedef struct hd__foreign_states {
  unsigned char *first;
  size_t stride;
  int B;
} hd__foreign_states;

/* Begin an episode in the environments row[n], with seeds from random[row], and write their rows of
 * obs [B][n_obs]; not finite if the program failed. */
void hd__foreign_reset(hd__foreign *foreign, int n, const int32_t *row, hd__foreign_states states,
                       hd_random *random, float *obs);

/* Step the environments that are not idle [B]; rows of the others are left alone. Where the program
 * failed, rewards are not finite. Whether they truncated by themselves is asked afterwards. */
void hd__foreign_step(hd__foreign *foreign, const unsigned char *idle, hd__foreign_states states,
                      const float *action, float *obs, double *reward, bool *terminated);
bool hd__foreign_truncated(const hd__foreign *foreign, int row);

#endif
