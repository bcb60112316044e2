#include "key_hints.h"

#include <stddef.h>
#include <string.h>

typedef struct hint {
  const char *word, *says;
} hint;

/* Of Gymnasium, Stable-Baselines3, CleanRL, RLlib, snnTorch and Brian. */
static const hint others[] = {{"lr", "alpha"},
                              {"learning_rate", "alpha"},
                              {"step_size", "alpha"},
                              {"n_envs", "envs"},
                              {"num_envs", "envs"},
                              {"total_timesteps", "steps"},
                              {"timesteps", "steps"},
                              {"n_steps", "rollout"},
                              {"num_steps", "rollout"},
                              {"gae_lambda", "lambda"},
                              {"ent_coef", "entropy"},
                              {"max_grad_norm", "clip_gradient"},
                              {"buffer_size", "replay.size"},
                              {"batch_size", "replay.batch"},
                              {"train_freq", "replay.train_every"},
                              {"clip_range", "ppo.clip"},
                              {"clip_coef", "ppo.clip"},
                              {"n_epochs", "ppo.epochs"},
                              {"update_epochs", "ppo.epochs"},
                              {"hidden_size", "hidden"},
                              {"net_arch", "hidden"},
                              {"n_hidden", "hidden"},
                              {"neurons", "hidden"},
                              {"n_neurons", "hidden"},
                              {"tau_mem", "lif.tau_m"},
                              {"tau_m", "lif.tau_m"},
                              {"num_steps_per_decision", "substeps"},
                              {"discount", "gamma"},
                              {"hidden_sizes", "hidden"},
                              {"polyak", "replay.target_rate"},
                              {"exploration_final_eps", "epsilon.end"},
                              {"target_update_interval", "dqn.target_every"},
                              {"env_steps", "steps"},
                              {"num_timesteps", "steps"},
                              {"minibatch_size", "ppo.minibatch"},
                              {"nsteps", "rollout"}};

#define AN_ENVIRONMENTS                                                                            \
  "options of an environment are part of its name, as in FrozenLake-v1:is_slippery=false; `hedon " \
  "explain NAME` shows what an environment has"

static const hint elsewhere[] = {
    {"length", AN_ENVIRONMENTS},
    {"is_slippery", AN_ENVIRONMENTS},
    {"natural", AN_ENVIRONMENTS},
    {"sab", AN_ENVIRONMENTS},
    {"map_name", AN_ENVIRONMENTS},
    {"seed", "a seed is no setting, since it says which of many runs this is; use --seed"},
    {"seeds", "the number of learners is no setting; use --seeds"},
    {"threads", "the number of threads changes no result and is no setting; use --threads"},
    {"device", "networks run on processors; use --threads for how many"},
    {"method", "a configuration is made for one method; use --method"}};

static const char *key_hints_find(const hint *list, size_t n, const char *word) {
  for (size_t i = 0; i < n; i++) {
    if (strcmp(list[i].word, word) == 0) {
      return list[i].says;
    }
  }
  return NULL;
}

const char *hd__key_of_others(const char *word) {
  return key_hints_find(others, sizeof others / sizeof *others, word);
}

const char *hd__key_elsewhere(const char *word) {
  return key_hints_find(elsewhere, sizeof elsewhere / sizeof *elsewhere, word);
}
