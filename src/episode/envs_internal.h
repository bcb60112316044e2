/* The members of hd_envs, for the files that step them. */
#ifndef HD_ENVS_INTERNAL_H
#define HD_ENVS_INTERNAL_H

#include "context_internal.h"
#include "envs.h"

/* States lie one after the other, each stepped by the descriptor's own function; or, where the
 * kernels have a loop for the environment, field by field in tiles (env_vector.h). Of a state in
 * a tile hd_envs_state hands out a copy, which is taken back before anything else happens. */
struct hd_envs {
  const hd_env_desc *desc;
  const hd__kernel *kernel;
  hd_rng_kind rng;
  const hd__env_loops *loops; /* NULL: environments are stepped one by one */
  hd_ctx *ctx;                /* NULL if the memory is a session's */
  void *block;                /* as allocated, to give it back */
  size_t block_size;
  hd__bodies own;       /* bodies of environments that hd_envs_create made */
  void **body;          /* [B], or NULL */
  hd__foreign *foreign; /* environments in another language, or NULL */
  hd__workers *workers; /* that share steps, or NULL */
  int32_t *group;       /* [B + 1] first environments of groups that are stepped by one worker, */
  int n_groups;         /* and B */
  int B;
  int n_fields;           /* of a state in a tile */
  double *tile;           /* [B / HD_ENV_LANES, rounded up][n_fields][HD_ENV_LANES] */
  size_t stride;          /* bytes from one row to the next */
  unsigned char *row;     /* [B][stride] states; copies of them where there are tiles */
  unsigned char *is_lent; /* [B] the row was handed out since the last call */
  bool has_lent;          /* one of them was */
  hd_random *random;      /* [B] */
  int32_t *elapsed;       /* [B] steps of the running episode */
  unsigned char *done;    /* [B] the last step ended an episode */
  unsigned char *idle;    /* [B] is not stepped until an episode starts */
  unsigned char *over;    /* [B] the step before the last ended an episode */
};

/* Start episodes of the environments whose flag [B, rounded up to 64] is set. */
void hd__envs_start_flagged(hd_envs *envs, const unsigned char *flag, float *obs);

#endif
