/* Every option of a run, once: name, default, bounds, unit, help. Struct, parser, help, files and
 * manual all come from these rows.
 *
 *   NUM(name, default, low, high, unit, help)      a real number; NAN means "not set"
 *   INT(name, default, low, high, unit, help)      a whole number
 *   FLAG(name, default, help)                      true or false
 *   CHOICE(name, default, choices, help)           one of a fixed list of words
 *   WORD(name, default, kind, help)                the name of a registered model of that kind
 *   LIST(name, default, low, high, help)           up to HD_LIST_MAX whole numbers
 *   GROUP(title)                                   heading of what follows */
#ifndef HD_OPTIONS_H
#define HD_OPTIONS_H

#define HD_BIG 1000000000000.0

#define HD_OPTIONS(NUM, INT, FLAG, CHOICE, WORD, LIST, GROUP)                                     \
  GROUP("Run")                                                                                    \
  INT(steps, 200000, 1, HD_BIG, "step", "budget of environment steps")                            \
  INT(episodes, 0, 0, HD_BIG, "episode", "budget of episodes; 0: none")                           \
  INT(eval_every, 5000, 1, HD_BIG, "step", "environment steps between evaluations")               \
  INT(eval_episodes, 100, 1, 1e6, "episode", "greedy episodes per evaluation")                    \
  NUM(threshold, NAN, -HD_BIG, HD_BIG, "return",                                                  \
      "mean return that counts as solved; nan: the "                                              \
      "environment's own")                                                                        \
  NUM(overtrain, 1, 0, 100, "",                                                                   \
      "once solved, go on to so many times the steps it took; 0: use "                            \
      "the whole budget")                                                                         \
  CHOICE(rng, native, rng,                                                                        \
         "randomness of the environments; gymnasium: its episodes, seed by seed")                 \
  INT(envs, 1, 1, 4096, "", "environments stepped together, sharing the weights")                 \
  CHOICE(reward, env, reward,                                                                     \
         "what teaches: the environment's reward, or -1 at a termination "                        \
         "and 0 otherwise")                                                                       \
  NUM(reward_scale, 1, 1e-6, 1e6, "", "factor on the reward before learning")                     \
  GROUP("Input")                                                                                  \
  WORD(coding, current, coding, "how an observation becomes input")                               \
  INT(code_bins, 10, 2, 252, "", "units or bins per component")                                   \
  INT(code_order, 5, 1, 16, "", "Fourier order")                                                  \
  INT(code_tilings, 8, 1, 64, "", "overlapping grids of a place code")                            \
  LIST(code_tile_bins, 8, 1, 64, "cells per coordinate; the last is repeated")                    \
  INT(code_cells, 8192, 16, 16777216, "", "hash table of a place code, or random features")       \
  NUM(code_range, 1, 0.01, 100, "", "working range in units of the environment's own")            \
  NUM(code_gain, 1, 1e-3, 1e3, "", "factor on graded input, or peak rate")                        \
  FLAG(bias, true, "a constant input to every neuron")                                            \
  GROUP("Network")                                                                                \
  INT(substeps, 4, 1, 256, "", "network steps per decision")                                      \
  NUM(dt, 1, 1e-3, 1e3, "ms", "length of a substep")                                              \
  WORD(neuron, bernoulli, neuron, "neuron model of all spiking layers")                           \
  LIST(hidden, 64, 0, 65536, "neurons per hidden layer (per block); 0: no hidden layer")          \
  INT(nets, 1, 1, 1024, "", "independent networks that vote")                                     \
  CHOICE(blocks, shared, blocks, "one network for all actions, or a private one per action")      \
  INT(taps, 1, 1, 32, "substep", "memory of a synapse: substeps of its FIR kernel")               \
  CHOICE(basis, free, basis, "a weight per tap, or raised cosines over the taps")                 \
  INT(basis_functions, 3, 1, 16, "", "raised cosines per synapse")                                \
  INT(self_taps, 0, 0, 32, "substep", "memory of a neuron of its own spikes")                     \
  FLAG(release, false,                                                                            \
       "synapses draw whether they pass a spike on, and learn how likely; strengths stay")        \
  NUM(facilitation, 0.1, -10, 10, "", "how far a spike raises the logit of the next release")     \
  NUM(facilitation_tau, 5, 0.1, 1e4, "ms", "time constant of that")                               \
  FLAG(recurrent, false,                                                                          \
       "hidden neurons see their layer's last spikes too: under release, or gradients")           \
  CHOICE(drive, sum, drive,                                                                       \
         "inputs are summed; last: only the last one counts (a published "                        \
         "defect, kept for its reference curve)")                                                 \
  CHOICE(readout, softmax, readout, "how spikes become an action")                                \
  INT(action_neurons, 1, 1, 256, "", "output neurons per action and network, if they spike")      \
  INT(action_levels, 5, 2, 101, "", "levels a real-valued action is divided into")                \
  NUM(membrane_tau, 2, 1, 1000, "substep", "time constant of a membrane readout")                 \
  CHOICE(init, normal, init, "distribution of initial weights")                                   \
  NUM(init_scale, 1, 0, 1000, "", "deviation (normal) or upper end (uniform) of initial weights") \
  NUM(init_readout, NAN, 0, 1000, "",                                                             \
      "the same for what chooses the action; nan: 0 for a linear "                                \
      "readout, init_scale for action neurons")                                                   \
  GROUP("Learning")                                                                               \
  WORD(rule, pgcn, rule, "what a neuron adds to its eligibility")                                 \
  INT(rollout, 8, 0, 65536, "step", "steps per update; 0: update at every step, with traces")     \
  NUM(gamma, 0.99, 0, 1, "", "discount")                                                          \
  NUM(lambda, 0.98, 0, 1, "", "critic's trace decay; GAE's lambda in rollouts")                   \
  NUM(lambda_actor, 0, 0, 1, "", "actor's trace decay when updating at every step")               \
  NUM(alpha, 0.01, 0, 1e6, "", "actor's step size")                                               \
  NUM(alpha_readout, NAN, 0, 1e6, "", "a softmax readout's step size; nan: as alpha")             \
  NUM(alpha_critic, 0.4, 0, 1e6, "", "critic's step size")                                        \
  CHOICE(optimiser, adam, optimiser, "of actor and critic")                                       \
  NUM(beta1, 0.9, 0, 0.9999, "", "Adam's decay of the mean")                                      \
  NUM(beta2, 0.999, 0, 0.999999, "", "Adam's and RMSprop's decay of the mean square")             \
  NUM(optimiser_epsilon, 1e-8, 1e-12, 10, "", "added to the root mean square")                    \
  CHOICE(anneal, none, anneal, "schedule of all step sizes")                                      \
  NUM(anneal_to, 0, 0, 1, "", "fraction of the step size at the schedule's end")                  \
  INT(anneal_steps, 0, 0, HD_BIG, "step", "length of the schedule; 0: the budget")                \
  NUM(average, 0, 0, 0.999999, "",                                                                \
      "evaluate a running average of the weights that keeps this share "                          \
      "at every update; 0: the weights themselves")                                               \
  FLAG(normalise, true, "divide the advantages of a rollout by their deviation")                  \
  NUM(normalise_floor, 0.000001, 0, 1e6, "", "least deviation divided by")                        \
  FLAG(learn_hidden, true, "hidden layers learn; false: frozen, a control")                       \
  FLAG(zero_terminal, true,                                                                       \
       "nothing is worth anything after a termination; false: a published "                       \
       "defect, kept for its reference curve")                                                    \
  NUM(temperature, 1, 1e-3, 1e3, "", "of the softmax over actions; of sac's policy, at first")    \
  NUM(epsilon, 0, 0, 1, "", "share of random actions")                                            \
  NUM(epsilon_end, NAN, 0, 1, "", "the same at the end of its schedule; nan: constant")           \
  INT(epsilon_steps, 100000, 1, HD_BIG, "step", "length of that schedule")                        \
  CHOICE(epsilon_decay, linear, epsilon_decay,                                                    \
         "its form; exponential: what is above the end shrinks by e in epsilon_steps")            \
  NUM(perturbation, 0.3, 1e-3, 100, "",                                                           \
      "deviation of the noise on drives, where the rule learns from it")                          \
  NUM(tau, 1, 1e-3, 100, "", "temperature of relaxed spikes")                                     \
  NUM(tau_end, NAN, 1e-3, 100, "", "the same at the end of its schedule; nan: constant")          \
  INT(tau_steps, 100000, 1, HD_BIG, "step", "length of that schedule")                            \
  GROUP("Gradients through the whole network")                                                    \
  CHOICE(algorithm, none, algorithm,                                                              \
         "learns by exact gradients of a loss; none: by a rule and a critic, or by a search")     \
  CHOICE(surrogate, sigmoid, surrogate,                                                           \
         "stands for the slope of a spike; its steepness is the neuron's slope")                  \
  NUM(slope_end, NAN, 0.01, 1e3, "1/mV", "the slope at the end of its schedule; nan: constant")   \
  INT(slope_steps, 100000, 1, HD_BIG, "step", "length of that schedule")                          \
  FLAG(detach_reset, false, "no gradient through the reset of a membrane")                        \
  FLAG(learn_tau, false, "every neuron learns its time constants")                                \
  FLAG(learn_threshold, false, "every neuron learns its threshold")                               \
  INT(max_delay, 0, 0, 64, "substep",                                                             \
      "spikes reach the next hidden layer up to so late, as every neuron learns; 0: at once")     \
  FLAG(normalise_drive, false, "drives are normalised by running statistics")                     \
  INT(delay, 0, 0, 255, "substep", "substeps by which spikes reach the next layer late")         \
  FLAG(carry, false, "membranes carry over from decision to decision, and gradients go back")     \
  LIST(critic_hidden, 64, 0, 65536, "neurons per hidden layer of a critic network")               \
  WORD(critic_neuron, relu, neuron, "neuron model of a critic network")                           \
  FLAG(normalise_obs, false, "observations by their running mean and deviation")                  \
  FLAG(normalise_reward, false, "rewards by the running deviation of discounted returns")         \
  NUM(clip_gradient, 0, 0, 1e6, "", "largest norm of a gradient; 0: any")                         \
  NUM(clip_value, 0, 0, 1e6, "", "largest component of a gradient; 0: any")                       \
  INT(memory_limit, 1024, 1, 1e6, "MiB",                                                          \
      "for gradients; longer sequences are cut: same result, up to twice the time; larger "       \
      "batches are refused")                                                                      \
  INT(epochs, 4, 1, 1000, "", "passes over a rollout (ppo)")                                      \
  INT(minibatch, 64, 1, 1e6, "", "decisions per update (ppo)")                                    \
  NUM(clip, 0.2, 0, 100, "", "of the probability ratio (ppo)")                                    \
  FLAG(anneal_clip, false, "the clip follows the schedule of the step sizes (ppo)")               \
  NUM(entropy, 0, 0, 100, "", "weight of the policy's entropy")                                   \
  GROUP("Critic")                                                                                 \
  CHOICE(critic, random, critic, "features of the value function")                                \
  INT(critic_order, 5, 1, 16, "", "Fourier order")                                                \
  INT(critic_tilings, 8, 1, 64, "", "overlapping grids")                                          \
  LIST(critic_tile_bins, 8, 1, 64, "cells per coordinate; the last is repeated")                  \
  INT(critic_cells, 64, 1, 16777216, "", "random features or spiking neurons, or hash table")     \
  NUM(critic_range, 1, 0.01, 100, "", "working range in units of the environment's own")          \
  NUM(critic_gain, 2, 1e-3, 1e3, "", "deviation of random feature weights")                       \
  GROUP("Values")                                                                                 \
  INT(replay, 50000, 1, 1e9, "transition", "the past that is kept to learn from again")           \
  INT(batch, 64, 1, 65536, "transition", "drawn from it for an update")                           \
  INT(learning_starts, 1000, 1, HD_BIG, "step", "the first update waits for so much of it")       \
  INT(train_every, 4, 1, HD_BIG, "step", "between updates")                                       \
  INT(gradient_steps, 1, 1, 65536, "update", "made then")                                         \
  INT(n_step, 1, 1, 64, "step", "rewards summed before a value takes over")                       \
  FLAG(double_q, true, "the network chooses the action whose value the target network tells")     \
  FLAG(dueling, false, "values are a state's, and an action's advantage over the others")         \
  NUM(huber, 1, 0, 1e6, "", "error from which on the loss is linear; 0: squared")                 \
  INT(target_every, 500, 1, HD_BIG, "", "the target network moves so often")                      \
  CHOICE(target_unit, step, target_unit, "by what that is counted")                               \
  NUM(target_rate, 1, 1e-6, 1, "", "how far it moves; 1: it becomes a copy")                      \
  NUM(priority, 0, 0, 1, "", "exponent by which larger errors are drawn more often (dqn)")         \
  NUM(priority_beta, 0.4, 0, 1, "", "how far losses make up for that, 1 at the budget's end")     \
  GROUP("Real-valued actions by replay")                                                          \
  NUM(noise, 0.1, 0, 10, "", "deviation of exploring noise, in half ranges of an action (td3)")   \
  NUM(noise_memory, 0, 0, 0.9999, "", "share of its last value that exploring noise keeps")       \
  INT(policy_delay, 2, 1, 1000, "update", "of the critics to one of the actor (td3)")             \
  NUM(target_noise, 0.2, 0, 10, "", "deviation of noise around a target's action (td3)")          \
  NUM(target_noise_clip, 0.5, 0, 10, "", "its largest size")                                      \
  FLAG(proxy, false, "a smooth network that imitates the actor takes its place in targets (td3)") \
  INT(proxy_steps, 3, 1, 100, "update", "of that network to one of the actor")                    \
  NUM(alpha_proxy, 0.001, 0, 1e6, "", "its step size")                                            \
  NUM(alpha_temperature, 0.0003, 0, 1e6, "", "step size of the temperature; 0: constant (sac)")   \
  NUM(target_entropy, NAN, -1e6, 1e6, "", "of the policy; nan: minus the actions' number (sac)")  \
  GROUP("Search")                                                                                 \
  WORD(search, none, search,                                                                      \
       "moves all weights by the returns of whole episodes; none: the rule and a critic teach")   \
  INT(population, 16, 1, 65536, "", "members of a generation, where the search leaves it open")   \
  INT(member_episodes, 1, 1, 256, "episode", "episodes whose mean return judges a member")        \
  CHOICE(member_score, return, member_score,                                                      \
         "what judges it: the return, or on sets of samples the mean log probability of the "     \
         "right answers")                                                                         \
  FLAG(member_greedy, true, "members act by their most probable action; false: they draw")        \
  INT(fresh_every, 1, 0, HD_BIG, "generation", "new episodes to judge by so often; 0: never")     \
  NUM(sigma, 0.1, 1e-6, 100, "", "deviation of a perturbation")                                   \
  NUM(alpha_sigma, 0, 0, 100, "", "step size of every weight's own deviation; 0: one for all")    \
  NUM(move, 0.01, 0, 10, "", "length of a move of a weight that goes by steps")                   \
  NUM(bias_moves, 1, 0, 100, "", "moves that a bias makes at once")                               \
  NUM(weight_max, 2, 1e-3, 1e3, "", "bound of weights that go by steps")                          \
  NUM(acceptance, 0.01, 0, 1e6, "return", "temperature of taking a worse perturbation")           \
  INT(cooling, 50, 1, 1e6, "generation", "between new temperatures of alopex")                    \
  NUM(connection_gain, 3, 1e-3, 1e3, "", "size of a boolean connection, times root of fan-in")    \
  NUM(trust, 1, 0, 1e6, "", "bound on a step's divergence over the energy of the signal")         \
  GROUP("Synapses as agents")                                                                     \
  INT(syn_actions, 1, 0, 8, "", "own past moves that a synapse sees")                             \
  INT(syn_rewards, 1, 0, 8, "", "past rewards that it sees")                                      \
  INT(syn_bins, 8, 0, 256, "", "bins in which it sees its weight; 0: it does not")                \
  CHOICE(syn_position, none, syn_position, "what it knows of where it is")                        \
  WORD(syn_dynamics, none, dynamics,                                                              \
       "what it sees of the network's dynamics: none, or names joined by +")                      \
  CHOICE(syn_sharing, one, syn_sharing, "one policy for all, per layer or per target neuron")     \
  CHOICE(syn_reward, sign, syn_reward, "what a synapse is paid")                                  \
  CHOICE(syn_values, table, syn_values, "what it learns values with")                             \
  INT(syn_hidden, 16, 1, 64, "", "hidden neurons of its network")                                 \
  FLAG(syn_frozen, false, "the policy acts and does not learn")

enum { HD_LIST_MAX = 8 };

/* Fixed lists of words, W(list, word). The user writes a hyphen where a word has an underscore. */
#define HD_CHOICE_rng(W) W(rng, native) W(rng, gymnasium)
#define HD_CHOICE_reward(W) W(reward, env) W(reward, failure)
#define HD_CHOICE_blocks(W) W(blocks, shared) W(blocks, action)
#define HD_CHOICE_basis(W) W(basis, free) W(basis, cosine)
#define HD_CHOICE_drive(W) W(drive, sum) W(drive, last)
#define HD_CHOICE_readout(W) \
  W(readout, softmax)        \
  W(readout, count)          \
  W(readout, vote)           \
  W(readout, first) W(readout, membrane_last) W(readout, membrane_mean) W(readout, membrane_max)
#define HD_CHOICE_init(W) W(init, normal) W(init, uniform)
#define HD_CHOICE_optimiser(W) W(optimiser, sgd) W(optimiser, adam) W(optimiser, rmsprop)
#define HD_CHOICE_anneal(W) \
  W(anneal, none) W(anneal, linear) W(anneal, exponential) W(anneal, regret)
#define HD_CHOICE_critic(W) \
  W(critic, none)           \
  W(critic, table) W(critic, fourier) W(critic, tiles) W(critic, random) W(critic, spiking)

#define HD_CHOICE_algorithm(W) \
  W(algorithm, none)           \
  W(algorithm, reinforce)      \
  W(algorithm, a2c) W(algorithm, ppo) W(algorithm, dqn) W(algorithm, td3) W(algorithm, sac)
#define HD_CHOICE_surrogate(W) \
  W(surrogate, sigmoid)        \
  W(surrogate, atan)           \
  W(surrogate, fast_sigmoid)   \
  W(surrogate, superspike)     \
  W(surrogate, triangle) W(surrogate, rectangle)
#define HD_CHOICE_epsilon_decay(W) W(epsilon_decay, linear) W(epsilon_decay, exponential)
#define HD_CHOICE_target_unit(W) W(target_unit, step) W(target_unit, update) W(target_unit, episode)
#define HD_CHOICE_member_score(W) W(member_score, return ) W(member_score, likelihood)
#define HD_CHOICE_syn_position(W) \
  W(syn_position, none)           \
  W(syn_position, layer)          \
  W(syn_position, coarse) W(syn_position, full) W(syn_position, continuous)
#define HD_CHOICE_syn_sharing(W) W(syn_sharing, one) W(syn_sharing, layer) W(syn_sharing, unit)
#define HD_CHOICE_syn_reward(W) \
  W(syn_reward, sign)           \
  W(syn_reward, sign_zero)      \
  W(syn_reward, delta) W(syn_reward, return ) W(syn_reward, counterfactual)
#define HD_CHOICE_syn_values(W) \
  W(syn_values, table) W(syn_values, linear) W(syn_values, network) W(syn_values, spiking)

#define HD_ALL_CHOICES(W)                                                                        \
  HD_CHOICE_rng(W) HD_CHOICE_reward(W) HD_CHOICE_blocks(W) HD_CHOICE_basis(W) HD_CHOICE_drive(W) \
      HD_CHOICE_readout(W) HD_CHOICE_init(W) HD_CHOICE_optimiser(W) HD_CHOICE_anneal(W)          \
          HD_CHOICE_critic(W) HD_CHOICE_algorithm(W) HD_CHOICE_surrogate(W)                      \
              HD_CHOICE_epsilon_decay(W) HD_CHOICE_target_unit(W) HD_CHOICE_member_score(W)      \
                  HD_CHOICE_syn_position(W) HD_CHOICE_syn_sharing(W) HD_CHOICE_syn_reward(W)     \
                      HD_CHOICE_syn_values(W)

#endif
