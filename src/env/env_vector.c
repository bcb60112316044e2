#include "env_vector.h"

#include "env_table.h"

static const hd_env_desc *const model[HD_ENV_VECTORS] = {
    [HD_ENV_VECTOR_cartpole] = &hd__env_cartpole_v1,
};

hd__env_vector hd__env_vector_of(const hd_env_desc *desc) {
  int i = 0;
  while (i < HD_ENV_VECTORS &&
         !(desc->step == model[i]->step && desc->reset == model[i]->reset &&
           desc->observe == model[i]->observe && desc->state_size == model[i]->state_size &&
           desc->n_obs == model[i]->n_obs && desc->n_act == model[i]->n_act &&
           desc->truncated == NULL)) {
    i++;
  }
  return (hd__env_vector)i;
}
