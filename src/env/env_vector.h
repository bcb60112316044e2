/* Environments that the kernels step many at a time (src/kernel/impl_env.h). Their state is doubles
 * only and lies field by field, HD_ENV_LANES environments abreast: [tile][field][HD_ENV_LANES].
 * A new one is a header with its dynamics, a line here, a row in env_vector.c and a loop. */
#ifndef HD_ENV_VECTOR_H
#define HD_ENV_VECTOR_H

#include "hedon/env.h"

#define HD_ENV_VECTOR_LIST(X) X(cartpole)

enum { HD_ENV_LANES = 16, HD_ENV_FIELDS = 4 };

typedef enum hd__env_vector {
#define HD_ENV_VECTOR_ID(name) HD_ENV_VECTOR_##name,
  HD_ENV_VECTOR_LIST(HD_ENV_VECTOR_ID)
#undef HD_ENV_VECTOR_ID
      HD_ENV_VECTORS /* how many; also: none of them */
} hd__env_vector;

/* Which loop steps this environment natively: the one of a built-in environment that has the same
 * functions, whatever its name and time limit, and does not truncate by itself. */
hd__env_vector hd__env_vector_of(const hd_env_desc *desc);

#endif
