/* The words of the options that are choices: LIST(option) W(option, word) ... END(option). Adding a
 * word is one edit; its number is hd__OPTION_WORD. A user writes a hyphen where a word has an
 * underscore. */
#ifndef HD_CHOICES_H
#define HD_CHOICES_H

/* What an algorithm that learns by gradients asks for: a replay buffer (else rollouts), a network
 * as critic, actions that are real numbers. */
enum { HD_BY_ROLLOUTS = 0, HD_BY_REPLAY = 1, HD_BY_CRITIC = 2, HD_BY_REAL = 4 };

/* All of them, words of option `algorithm`: ROW(W, name, HD_BY_*). */
#define HD_ALGORITHMS(ROW, W)                                \
  ROW(W, reinforce, HD_BY_ROLLOUTS | HD_BY_CRITIC)           \
  ROW(W, a2c, HD_BY_ROLLOUTS | HD_BY_CRITIC)                 \
  ROW(W, ppo, HD_BY_ROLLOUTS | HD_BY_CRITIC)                 \
  ROW(W, dqn, HD_BY_REPLAY)                                  \
  ROW(W, td3, HD_BY_REPLAY | HD_BY_CRITIC | HD_BY_REAL)      \
  ROW(W, sac, HD_BY_REPLAY | HD_BY_CRITIC | HD_BY_REAL)
#define HD_ALGORITHM_WORD(W, name, by) W(algorithm, name)

/* clang-format off */
#define HD_CHOICES(LIST, W, END)                                                                  \
  LIST(rng) W(rng, native) W(rng, gymnasium) END(rng)                                             \
  LIST(reward) W(reward, env) W(reward, failure) END(reward)                                      \
  LIST(blocks) W(blocks, shared) W(blocks, action) END(blocks)                                    \
  LIST(basis) W(basis, free) W(basis, cosine) END(basis)                                          \
  LIST(drive) W(drive, sum) W(drive, last) END(drive)                                             \
  LIST(readout) W(readout, softmax) W(readout, count) W(readout, vote) W(readout, first)          \
    W(readout, membrane_last) W(readout, membrane_mean) W(readout, membrane_max) END(readout)     \
  LIST(init) W(init, normal) W(init, uniform) W(init, orthogonal) END(init)                       \
  LIST(optimiser) W(optimiser, sgd) W(optimiser, adam) W(optimiser, rmsprop) END(optimiser)       \
  LIST(trace) W(trace, accumulate) W(trace, replace) END(trace)                                    \
  LIST(anneal) W(anneal, none) W(anneal, linear) W(anneal, exponential) W(anneal, regret)         \
    END(anneal)                                                                                   \
  LIST(epsilon_decay) W(epsilon_decay, linear) W(epsilon_decay, exponential) END(epsilon_decay)   \
  LIST(algorithm) W(algorithm, none) HD_ALGORITHMS(HD_ALGORITHM_WORD, W)                          \
    W(algorithm, agrel) W(algorithm, augment) W(algorithm, narla) W(algorithm, svpg)              \
    END(algorithm)                                                                                \
  LIST(settle) W(settle, none) W(settle, gibbs) W(settle, mean_field) END(settle)                 \
  LIST(settle_feedback) W(settle_feedback, symmetric) W(settle_feedback, random)                  \
    W(settle_feedback, learned) END(settle_feedback)                                              \
  LIST(surrogate) W(surrogate, sigmoid) W(surrogate, atan) W(surrogate, fast_sigmoid)             \
    W(surrogate, superspike) W(surrogate, triangle) W(surrogate, rectangle) END(surrogate)        \
  LIST(critic) W(critic, none) W(critic, table) W(critic, fourier) W(critic, tiles)               \
    W(critic, random) W(critic, random_spikes) W(critic, learned_spikes) W(critic, place)         \
    END(critic)                                                                                   \
  LIST(target_unit) W(target_unit, step) W(target_unit, update) W(target_unit, episode)           \
    END(target_unit)                                                                              \
  LIST(layer_acts) W(layer_acts, all) W(layer_acts, top) END(layer_acts)                          \
  LIST(member_score) W(member_score, return) W(member_score, likelihood) END(member_score)        \
  LIST(syn_position) W(syn_position, none) W(syn_position, layer) W(syn_position, coarse)         \
    W(syn_position, full) W(syn_position, continuous) END(syn_position)                           \
  LIST(syn_sharing) W(syn_sharing, one) W(syn_sharing, layer) W(syn_sharing, unit)                \
    END(syn_sharing)                                                                              \
  LIST(syn_reward) W(syn_reward, sign) W(syn_reward, sign_zero) W(syn_reward, delta)              \
    W(syn_reward, return) W(syn_reward, counterfactual) END(syn_reward)                           \
  LIST(syn_values) W(syn_values, table) W(syn_values, linear) W(syn_values, network)              \
    W(syn_values, spiking) END(syn_values)
/* clang-format on */

#endif
