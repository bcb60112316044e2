/* clang-format off */
/* Every option of a run, once: member, key, default, bounds, unit, who reads it, help. Struct,
 * parser, help, files and manual all come from these rows.
 *
 *   NUM(member, key, default, low, high, unit, reader, help)   a real number; NAN: not set
 *   INT(member, key, default, low, high, unit, reader, help)   a whole number
 *   FLAG(member, key, default, reader, help)                   true or false
 *   CHOICE(member, key, default, reader, help)                 a word of that list in choices.h
 *   WORD(member, key, default, kind, reader, help)             the name of a model of that kind
 *   LIST(member, key, default, most, low, high, reader, help)  up to `most` whole numbers, which is at
 *                                                              most HD_LIST_MAX
 *   GROUP(title)                                               heading of what follows
 *
 * A user writes the key. The member's name is the option's old name, which is understood, with a
 * note, up to version 0.1. Who reads an option is a row of readers.h. */
/* clang-format on */
#ifndef HD_OPTIONS_H
#define HD_OPTIONS_H

#define HD_BIG 1000000000000.0

#define HD_OPTIONS(NUM, INT, FLAG, CHOICE, WORD, LIST, GROUP)                                      \
  GROUP("Run")                                                                                     \
  INT(steps, "steps", 200000, 1, HD_BIG, "step", every_run,                                        \
      "Training ends after this many steps of the environments.")                                  \
  INT(episodes, "episodes", 0, 0, HD_BIG, "episode", every_run,                                    \
      "Training ends after this many episodes; 0 sets no such limit.")                             \
  INT(eval_every, "eval_every", 5000, 1, HD_BIG, "step", every_run,                                \
      "The policy is evaluated each time this many environment steps have been taken.")            \
  INT(eval_episodes, "eval_episodes", 100, 1, 1e6, "episode", every_run,                           \
      "An evaluation is the mean return of this many greedy episodes.")                            \
  NUM(threshold, "threshold", NAN, -HD_BIG, HD_BIG, "return", every_run,                           \
      "A task counts as solved from this mean return on; nan takes the environment's own "         \
      "threshold.")                                                                                \
  NUM(overtrain, "overtrain", 1, 0, 100, "", every_run,                                            \
      "A learner that has solved the task goes on up to this many times the steps taken so far; "  \
      "0 uses the whole budget.")                                                                  \
  CHOICE(rng, "rng", native, every_run,                                                            \
         "The environments draw by the library's own generator, or as Gymnasium does, which "      \
         "gives Gymnasium's episodes seed by seed.")                                               \
  INT(envs, "envs", 1, 1, 4096, "", every_run,                                                     \
      "So many environments are stepped together and share the weights.")                          \
  CHOICE(reward, "reward", env, rewarded,                                                          \
         "The learner receives the environment's reward, or -1 at a termination and 0 at all "     \
         "other steps.")                                                                           \
  NUM(reward_scale, "reward_scale", 1, 1e-6, 1e6, "", rewarded,                                    \
      "The reward is multiplied by this factor before learning.")                                  \
  FLAG(normalise_reward, "normalise_reward", false, rule_or_gradient,                              \
       "Rewards are divided by the running size of discounted returns, before reward_scale "       \
       "multiplies them, so that step sizes do not depend on the unit of rewards.")                \
  GROUP("Input")                                                                                   \
  WORD(coding, "coding", current, coding, every_run,                                               \
       "The coding turns an observation into the input of the network.")                           \
  INT(code_bins, "code.bins", 10, 2, 252, "", code_bins,                                           \
      "A coding by populations or bins has this many units for each component of the "             \
      "observation.")                                                                              \
  INT(code_order, "code.order", 5, 1, 16, "", code_order,                                          \
      "The Fourier coding uses frequencies up to this order.")                                     \
  INT(code_tilings, "code.tilings", 8, 1, 64, "", code_tilings,                                    \
      "A place code lays this many overlapping grids over the observation.")                       \
  LIST(code_tile_bins, "code.tile_bins", 8, HD_LIST_MAX, 1, 64, code_tile_bins,                    \
       "A grid of a place code has this many cells along each coordinate; the last number serves " \
       "all further coordinates.")                                                                 \
  INT(code_cells, "code.cells", 8192, 16, 16777216, "", code_cells,                                \
      "A place code's hash table has this many cells, and the random coding this many features.")  \
  NUM(code_range, "code.range", 1, 0.01, 100, "", code_range,                                      \
      "The coding covers this multiple of the environment's own working range.")                   \
  NUM(code_gain, "code.gain", 1, 1e-3, 1e3, "", code_gain,                                         \
      "Graded input is multiplied by this factor, which for spiking codings is the peak rate.")    \
  FLAG(learn_range, "learn_range", false, ranges,                                                  \
       "The working range of real-valued observations is learned from their running mean and "     \
       "deviation; false takes the range that the environment declares.")                          \
  FLAG(bias, "bias", true, network,                                                                \
       "Every neuron and readout receives a constant input besides the others.")                   \
  GROUP("Network")                                                                                 \
  INT(substeps, "substeps", 4, 1, 256, "", substeps,                                               \
      "The network runs this many substeps for each decision.")                                    \
  NUM(dt, "dt", 1, 1e-3, 1e3, "ms", timed, "A substep of the network lasts this long.")            \
  WORD(neuron, "neuron", bernoulli, neuron, has_neurons,                                           \
       "All spiking layers consist of this neuron model.")                                         \
  LIST(hidden, "hidden", 64, HD_HIDDEN_MAX, 0, 65536, every_run,                                   \
       "The hidden layers have these numbers of neurons, in each block; 0 means no hidden layer.") \
  INT(nets, "nets", 1, 1, 1024, "", network, "This many independent networks vote on the action.") \
  CHOICE(blocks, "blocks", shared, network,                                                        \
         "All actions share one network, or every action has a private network.")                  \
  INT(taps, "taps", 1, 1, 32, "substep", neurons,                                                  \
      "A synapse filters the spikes of this many past substeps.")                                  \
  CHOICE(basis, "basis", free, neurons,                                                            \
         "A synapse has a free weight per tap, or weights of raised cosines over the taps.")       \
  INT(basis_functions, "basis.functions", 3, 1, 16, "", basis,                                     \
      "A synapse has the weights of this many raised cosines.")                                    \
  INT(self_taps, "self_taps", 0, 0, 32, "substep", neurons,                                        \
      "A neuron remembers its own spikes of this many past substeps.")                             \
  FLAG(release, "release", false, neurons,                                                         \
       "Synapses draw whether a spike passes and learn the probability, while their strengths "    \
       "stay.")                                                                                    \
  NUM(facilitation, "release.facilitation", 0.1, -10, 10, "", release,                             \
      "A spike raises the logit of the synapse's next release by this much.")                      \
  NUM(facilitation_tau, "release.facilitation_tau", 5, 0.1, 1e4, "ms", release,                    \
      "The facilitation of a releasing synapse decays with this time constant.")                   \
  FLAG(recurrent, "recurrent", false, recurrent,                                                   \
       "Hidden neurons also receive the last spikes of their own layer; this needs releasing "     \
       "synapses or exact gradients.")                                                             \
  CHOICE(drive, "drive", sum, neurons,                                                             \
         "A neuron sums its inputs, or counts only the last one, which is a published defect "     \
         "kept for its reference curve.")                                                          \
  CHOICE(readout, "readout", softmax, readout,                                                     \
         "The readout turns spikes or membrane potentials into an action.")                        \
  INT(action_neurons, "action_neurons", 1, 1, 256, "", action_neurons,                             \
      "Each action, or each component of a real-valued action, has this many output neurons in "   \
      "each network.")                                                                             \
  INT(action_levels, "action_levels", 5, 2, 101, "", action_levels,                                \
      "Each component of a real-valued action is divided into this many levels.")                  \
  NUM(membrane_tau, "membrane_tau", 2, 1, 1000, "substep", membrane,                               \
      "The membrane of a readout forgets with this time constant.")                                \
  CHOICE(init, "init", normal, init,                                                               \
         "Initial weights are drawn from this distribution; orthogonal makes the rows or columns " \
         "of every matrix of a gradient learner orthonormal, times init_scale.")                   \
  NUM(init_scale, "init_scale", 1, 0, 1000, "", has_neurons,                                       \
      "Initial weights have this standard deviation (normal), upper end (uniform) or gain "        \
      "(orthogonal).")                                                                             \
  NUM(init_readout, "init_readout", NAN, 0, 1000, "", every_run,                                   \
      "The initial weights of the readout have this scale; nan means 0 for a linear readout and "  \
      "init_scale for action neurons.")                                                            \
  INT(delay, "delay", 0, 0, 255, "substep", network,                                               \
      "Spikes reach the next layer this many substeps late.")                                      \
  NUM(stp_use, "stp.use", 0, 0, 1, "", neurons,                                                    \
      "Synapses have short-term plasticity: a first spike uses this share of what its synapse "    \
      "has at hand; 0 gives every spike the whole weight.")                                        \
  NUM(stp_recovery, "stp.recovery", 200, 0, 1e6, "ms", short_term,                                 \
      "What spikes used of a synapse is made good with this time constant.")                       \
  NUM(stp_facilitation, "stp.facilitation", 0, 0, 1e6, "ms", short_term,                           \
      "The share that a spike uses rises from spike to spike and falls back with this time "       \
      "constant; 0 keeps the share at stp.use.")                                                   \
  GROUP("Learning")                                                                                \
  WORD(rule, "rule", pgcn, rule, rule,                                                             \
       "The learning rule says what a neuron adds to its eligibility.")                            \
  INT(rollout, "rollout", 8, 0, 65536, "step", rollout,                                            \
      "An update follows this many steps of every environment; 0 updates at every step, with "     \
      "eligibility traces; algorithm = reinforce updates when an episode ends, which may have up " \
      "to this many.")                                                                             \
  NUM(gamma, "gamma", 0.99, 0, 1, "", gamma, "Rewards are discounted by this factor per step.")    \
  NUM(lambda, "lambda", 0.98, 0, 1, "", lambda,                                                    \
      "The critic's traces decay by gamma times this factor; in rollouts the factor is the "       \
      "lambda of GAE.")                                                                            \
  NUM(lambda_actor, "lambda_actor", 0, 0, 1, "", lambda_actor,                                     \
      "The actor's traces decay by gamma times this factor where weights are updated at every "    \
      "step.")                                                                                     \
  CHOICE(                                                                                          \
      trace, "trace", accumulate, cells_traced,                                                    \
      "A cell of the critic that is seen again before its trace has faded gains 1 on its trace "   \
      "(accumulate), or has a trace of 1 (replace).")                                              \
  NUM(alpha, "alpha", 0.01, 0, 1e6, "", alpha,                                                     \
      "The actor, or the search, learns with this step size.")                                     \
  NUM(alpha_readout, "alpha_readout", NAN, 0, 1e6, "", rule_learner,                               \
      "The readout learns with this step size; nan takes alpha.")                                  \
  NUM(alpha_critic, "alpha_critic", 0.4, 0, 1e6, "", alpha_critic,                                 \
      "The critic learns with this step size.")                                                    \
  CHOICE(optimiser, "optimiser", adam, rule_learner, "Actor and critic learn by this optimiser.")  \
  NUM(beta1, "optimiser.beta1", 0.9, 0, 0.9999, "", momentum,                                      \
      "Adam's mean of gradients keeps this share per update.")                                     \
  NUM(beta2, "optimiser.beta2", 0.999, 0, 0.999999, "", square,                                    \
      "The mean square of gradients of Adam and RMSprop keeps this share per update.")             \
  NUM(optimiser_epsilon, "optimiser.epsilon", 1e-8, 1e-12, 10, "", square,                         \
      "Adam and RMSprop add this number to the root mean square they divide by.")                  \
  CHOICE(anneal, "anneal", none, not_search, "All step sizes follow this schedule.")               \
  NUM(anneal_to, "anneal.to", 0, 0, 1, "", anneal_to,                                              \
      "The schedule ends at this fraction of the step sizes.")                                     \
  INT(anneal_steps, "anneal.steps", 0, 0, HD_BIG, "step", anneal_steps,                            \
      "The schedule of the step sizes takes this many steps; 0 takes the whole budget.")           \
  NUM(average, "average", 0, 0, 0.999999, "", every_run,                                           \
      "Evaluations use a running average of the weights that keeps this share per update; 0 uses " \
      "the weights themselves.")                                                                   \
  FLAG(normalise, "advantage.normalise", true, rollouts,                                           \
       "The advantages of a rollout are divided by their standard deviation.")                     \
  NUM(normalise_floor, "advantage.floor", 0.000001, 0, 1e6, "", advantage_floor,                   \
      "Advantages are divided by no less than this number.")                                       \
  INT(passes, "rollout.epochs", 1, 1, 1000, "", rule_rollouts,                                     \
      "A rule learns from each rollout this many times; in later passes the network decides "      \
      "anew on the same observations, and decisions count by how probable they have become.")      \
  NUM(passes_clip, "rollout.clip", 0.2, 0, 100, "", replayed,                                      \
      "A decision counts no more in a rollout's later passes once its probability has changed by " \
      "more than this share in the direction that is taught.")                                     \
  FLAG(learn_hidden, "learn_hidden", true, hidden_layer,                                           \
       "Hidden layers learn; false freezes those of the acting network, as a control.")            \
  INT(freeze_layer, "freeze_layer", 0, 0, 6, "", not_search,                                       \
      "The hidden layer of this number, counted from 1, keeps its initial weights, as a control; " \
      "0 freezes none.")                                                                           \
  FLAG(                                                                                            \
      shuffle_signal, "shuffle_signal", false, signalled,                                          \
      "Agents are told a signal of the recent past, drawn at random, in place of the one that "    \
      "follows from what they did, and every transition of a batch from the replay buffer is "     \
      "given the target of another: a control, under which nothing can be learned. The critic of " \
      "an actor that learns by a rule or from rollouts is told the truth.")                        \
  FLAG(zero_terminal, "zero_terminal", true, valued,                                               \
       "The value after a termination is 0; false keeps the critic's value there, a published "    \
       "defect kept for its reference curve.")                                                     \
  NUM(temperature, "temperature", 1, 1e-3, 1e3, "", temperature,                                   \
      "The softmax over actions has this temperature, and sac's policy starts with this "          \
      "temperature.")                                                                              \
  NUM(entropy, "entropy", 0, 0, 100, "", entropy,                                                  \
      "The policy's entropy is added to the objective with this weight.")                          \
  NUM(epsilon, "epsilon", 0, 0, 1, "", exploring,                                                  \
      "This share of actions, or of a synapse's moves, is drawn at random.")                       \
  NUM(epsilon_end, "epsilon.end", NAN, 0, 1, "", exploring,                                        \
      "The share of random actions ends at this value; nan keeps epsilon constant.")               \
  INT(epsilon_steps, "epsilon.steps", 100000, 1, HD_BIG, "step", epsilon_steps,                    \
      "The schedule of epsilon takes this many steps.")                                            \
  CHOICE(epsilon_decay, "epsilon.decay", linear, epsilon_steps,                                    \
         "Epsilon falls linearly, or exponentially, by a factor of e towards its end in each "     \
         "epsilon.steps steps.")                                                                   \
  NUM(perturbation, "perturbation", 0.3, 1e-3, 100, "", perturbed,                                 \
      "The noise on the drives of neurons has this standard deviation.")                           \
  NUM(tau, "relax.tau", 1, 1e-3, 100, "", relaxed, "Relaxed spikes have this temperature.")        \
  NUM(tau_end, "relax.tau_end", NAN, 1e-3, 100, "", relaxed,                                       \
      "The temperature of relaxed spikes ends at this value; nan keeps the temperature constant.") \
  INT(tau_steps, "relax.tau_steps", 100000, 1, HD_BIG, "step", relax_steps,                        \
      "The schedule of the temperature of relaxed spikes takes this many steps.")                  \
  CHOICE(settle, "settle", none, rule_learner,                                                     \
         "A hidden neuron learns from the spike that was drawn, or from the probability of a "     \
         "spike given the action as well: gibbs redraws the spikes in turn, and mean-field "       \
         "computes probabilities that agree with each other.")                                     \
  INT(settle_rounds, "settle.rounds", 4, 1, 1000, "", settle,                                      \
      "All hidden spikes are redrawn, or their mean field is computed, this many times for each "  \
      "decision.")                                                                                 \
  FLAG(settle_votes, "settle.action_neurons", false, settle_votes,                                 \
       "Action neurons, too, learn from the probability of a spike given the action that was "     \
       "taken, and a greedy action is the most probable one; false takes the spikes that they "    \
       "drew.")                                                                                    \
  CHOICE(settle_feedback, "settle.feedback", symmetric, settle_field,                              \
         "The mean field hears of the layer above through the weights that lead there, through "   \
         "fixed random ones, or through ones that learn from the neurons' own noise.")             \
  GROUP("Gradients through the whole network")                                                     \
  CHOICE(algorithm, "algorithm", none, every_run,                                                  \
         "The network learns by exact gradients of this algorithm's loss, or, by agrel and "       \
         "augment, as the chosen action's feedback allows, or, by narla and svpg, as a team of "   \
         "agents; none leaves learning to a rule and a critic, or to a search.")                   \
  CHOICE(surrogate, "surrogate", sigmoid, surrogate,                                               \
         "This function stands for the slope of a spike; its steepness is the neuron's slope.")    \
  NUM(slope_end, "surrogate.slope_end", NAN, 0.01, 1e3, "1/mV", surrogate,                         \
      "The slope of the surrogate ends at this value; nan keeps the neuron's slope.")              \
  INT(slope_steps, "surrogate.slope_steps", 100000, 1, HD_BIG, "step", slope_steps,                \
      "The schedule of the surrogate's slope takes this many steps.")                              \
  FLAG(detach_reset, "detach_reset", false, surrogate,                                             \
       "No gradient flows through the reset of a membrane.")                                       \
  FLAG(learn_tau, "learn_tau", false, learn_tau, "Every neuron learns its time constants.")        \
  FLAG(learn_threshold, "learn_threshold", false, surrogate, "Every neuron learns its threshold.") \
  INT(max_delay, "max_delay", 0, 0, 64, "substep", gradients,                                      \
      "Spikes reach the next hidden layer up to this many substeps late, as every neuron learns; " \
      "0 means at once.")                                                                          \
  FLAG(normalise_drive, "normalise_drive", false, gradients,                                       \
       "The drives of hidden neurons are normalised by running statistics.")                       \
  FLAG(carry, "carry", false, has_neurons,                                                         \
       "Membranes carry over from decision to decision, and gradients flow back through all of "   \
       "them.")                                                                                    \
  LIST(critic_hidden, "critic.hidden", 64, HD_HIDDEN_MAX, 0, 65536, critic_network,                \
       "The hidden layers of a critic network have these numbers of neurons; 0 means no hidden "   \
       "layer.")                                                                                   \
  WORD(critic_neuron, "critic.neuron", relu, neuron, critic_network,                               \
       "A critic network consists of this neuron model.")                                          \
  FLAG(normalise_obs, "normalise_obs", false, gradients,                                           \
       "Observations are normalised by their running mean and standard deviation.")                \
  NUM(clip_gradient, "clip_gradient", 0, 0, 1e6, "", gradients,                                    \
      "A gradient whose norm is larger is scaled down to this norm; 0 sets no limit.")             \
  NUM(clip_value, "clip_value", 0, 0, 1e6, "", gradients,                                          \
      "Each component of a gradient is limited to this size; 0 sets no limit.")                    \
  INT(memory_limit, "memory_limit", 1024, 1, 1e6, "MiB", gradients,                                \
      "Gradients use at most this much memory: longer sequences are cut, which takes up to twice " \
      "the time and gives the same result, and larger batches are refused.")                       \
  INT(epochs, "ppo.epochs", 4, 1, 1000, "", ppo, "PPO passes over a rollout this many times.")     \
  INT(minibatch, "ppo.minibatch", 64, 1, 1e6, "", ppo,                                             \
      "An update of PPO uses this many decisions.")                                                \
  NUM(clip, "ppo.clip", 0.2, 0, 100, "", ppo,                                                      \
      "PPO clips the probability ratio at 1 plus and minus this number.")                          \
  FLAG(anneal_clip, "ppo.anneal_clip", false, ppo_annealed,                                        \
       "The clip of PPO follows the schedule of the step sizes.")                                  \
  GROUP("Attention-gated learning")                                                                \
  INT(gated_memory, "gated.memory", 8, 0, 4096, "", augment,                                       \
      "So many hidden units, beside those of hidden, sum the changes of their input over an "      \
      "episode.")                                                                                  \
  FLAG(gated_rates, "gated.rates", false, gated,                                                   \
       "Hidden units hand on their probability of a spike in place of spikes.")                    \
  GROUP("Teams of agents")                                                                         \
  INT(narla_units, "narla.units", 8, 1, 1024, "", narla,                                           \
      "The private network of every neuron has this many units.")                                  \
  NUM(narla_sparsity, "narla.sparsity", 0, 0, 1e3, "", narla,                                      \
      "Neurons lose this much reward for every unit by which the active share of their layer "     \
      "misses narla.target.")                                                                      \
  NUM(narla_target, "narla.target", 0.2, 0, 1, "", narla_target,                                   \
      "Hidden layers are rewarded for having this share of their neurons active.")                 \
  INT(svpg_group, "svpg.group", 4, 2, 256, "", svpg,                                               \
      "Hidden units form winner-take-all groups of this many.")                                    \
  FLAG(svpg_spiking, "svpg.spiking", false, svpg,                                                  \
       "Groups settle by spikes over the substeps of a decision, or else by their mean field.")    \
  INT(svpg_window, "svpg.window", 40, 1, 4096, "substep", svpg_spiking,                            \
      "Units see the rates of spikes over this many of the last substeps.")                        \
  GROUP("Critic")                                                                                  \
  CHOICE(critic, "critic", random, rule_learner,                                                   \
         "The critic is linear in these features of the observation; random-spikes draws spikes "  \
         "with the random features as probabilities, and learned-spikes also learns the input "    \
         "weights of these neurons.")                                                              \
  INT(critic_order, "critic.order", 5, 1, 16, "", critic_order,                                    \
      "The critic's Fourier features use frequencies up to this order.")                           \
  INT(critic_tilings, "critic.tilings", 8, 1, 64, "", critic_tilings,                              \
      "The critic lays this many overlapping grids over the observation.")                         \
  LIST(critic_tile_bins, "critic.tile_bins", 8, HD_LIST_MAX, 1, 64, critic_tile_bins,              \
       "A grid of the critic has this many cells along each coordinate; the last number serves "   \
       "all further coordinates.")                                                                 \
  INT(critic_cells, "critic.cells", 64, 1, 16777216, "", critic_cells,                             \
      "The critic has this many random features, or cells in the hash table of its grids.")        \
  NUM(critic_range, "critic.range", 1, 0.01, 100, "", critic_range,                                \
      "The critic's features cover this multiple of the environment's own working range.")         \
  NUM(critic_gain, "critic.gain", 2, 1e-3, 1e3, "", critic_gain,                                   \
      "The random weights of the critic's features have this standard deviation.")                 \
  FLAG(                                                                                            \
      critic_normalise, "critic.normalise", false, critic_normalise,                               \
      "The critic's step size is divided by the mean squared length of the critic's features, so " \
      "that one alpha_critic serves any number of features.")                                      \
  GROUP("Replay")                                                                                  \
  INT(replay, "replay.size", 50000, 1, 1e9, "transition", replay,                                  \
      "The replay buffer keeps this many transitions.")                                            \
  INT(batch, "replay.batch", 64, 1, 65536, "transition", replay,                                   \
      "An update draws this many transitions from the replay buffer.")                             \
  INT(learning_starts, "replay.learning_starts", 1000, 1, HD_BIG, "step", replay,                  \
      "The first update waits until this many steps have been stored.")                            \
  INT(train_every, "replay.train_every", 4, 1, HD_BIG, "step", replay,                             \
      "Updates are due each time this many steps have been taken.")                                \
  INT(gradient_steps, "replay.gradient_steps", 1, 1, 65536, "update", replay,                      \
      "So many gradient steps are made each time updates are due.")                                \
  INT(n_step, "replay.n_step", 1, 1, 64, "step", replay,                                           \
      "The rewards of this many steps are summed before a value takes over.")                      \
  NUM(target_rate, "replay.target_rate", 1, 1e-6, 1, "", replay,                                   \
      "A target network moves this share of the way to the network that learns; at 1 the target "  \
      "becomes a copy.")                                                                           \
  GROUP("Deep Q-networks")                                                                         \
  FLAG(double_q, "dqn.double", true, dqn,                                                          \
       "The learning network chooses the next action, and the target network gives the action's "  \
       "value.")                                                                                   \
  FLAG(dueling, "dqn.dueling", false, dqn,                                                         \
       "The network gives the value of a state and the advantage of each action over the others.") \
  NUM(huber, "dqn.huber", 1, 0, 1e6, "", dqn,                                                      \
      "The loss is linear in errors above this size; 0 makes the loss squared everywhere.")        \
  INT(target_every, "dqn.target_every", 500, 1, HD_BIG, "", dqn,                                   \
      "The target network moves each time this many of dqn.target_unit have passed.")              \
  CHOICE(target_unit, "dqn.target_unit", step, dqn,                                                \
         "Moves of the target network are counted in steps, updates or episodes.")                 \
  NUM(priority, "dqn.priority", 0, 0, 1, "", dqn,                                                  \
      "Transitions are drawn with a probability that grows with their error to this power; 0 "     \
      "draws evenly.")                                                                             \
  NUM(priority_beta, "dqn.priority_beta", 0.4, 0, 1, "", priority,                                 \
      "Losses make up for uneven draws by this exponent at first, and by 1 at the end of the "     \
      "budget.")                                                                                   \
  GROUP("Layers that are agents")                                                                  \
  FLAG(layer_agents, "layer.agents", false, layered,                                               \
       "Every hidden layer is an agent, which has values (dqn) or a policy and a critic of its "   \
       "own, learns by their errors alone, also sees the input, and hands no gradient to the "     \
       "layer below.")                                                                             \
  FLAG(layer_above, "layer.above", true, layer_agents,                                             \
       "Layers that are agents see what the layer above did in the decision before.")              \
  FLAG(layer_backprop, "layer.backprop", false, layer_agents,                                      \
       "Gradients go from layer to layer all the same, as a control.")                             \
  CHOICE(layer_acts, "layer.acts", all, layer_values,                                              \
         "An action is chosen by the mean of the values of all layers, or by those of the top "    \
         "layer.")                                                                                 \
  GROUP("Real-valued actions by replay")                                                           \
  NUM(noise_memory, "noise_memory", 0, 0, 0.9999, "", continuous,                                  \
      "Exploring noise keeps this share of its last value.")                                       \
  NUM(noise, "td3.noise", 0.1, 0, 10, "", td3,                                                     \
      "Exploring noise has this standard deviation, in half ranges of an action.")                 \
  INT(policy_delay, "td3.policy_delay", 2, 1, 1000, "update", td3,                                 \
      "The actor is updated once in this many updates of the critics.")                            \
  NUM(target_noise, "td3.target_noise", 0.2, 0, 10, "", td3,                                       \
      "Noise of this standard deviation is added to the action of a target.")                      \
  NUM(target_noise_clip, "td3.target_noise_clip", 0.5, 0, 10, "", td3,                             \
      "The noise on the action of a target is limited to this size.")                              \
  FLAG(proxy, "td3.proxy", false, td3,                                                             \
       "A smooth network that imitates the actor takes the actor's place in targets.")             \
  INT(proxy_steps, "td3.proxy_steps", 3, 1, 100, "update", proxy,                                  \
      "The proxy network is updated this many times for each update of the actor.")                \
  NUM(alpha_proxy, "td3.alpha_proxy", 0.001, 0, 1e6, "", proxy,                                    \
      "The proxy network learns with this step size.")                                             \
  NUM(alpha_temperature, "sac.alpha_temperature", 0.0003, 0, 1e6, "", sac,                         \
      "The temperature of sac learns with this step size; 0 keeps the temperature constant.")      \
  NUM(target_entropy, "sac.target_entropy", NAN, -1e6, 1e6, "", target_entropy,                    \
      "The temperature keeps the policy's entropy near this value; nan takes minus the number of " \
      "action components.")                                                                        \
  GROUP("Search")                                                                                  \
  WORD(search, "search", none, search, every_run,                                                  \
       "The search moves all weights by the returns of whole episodes; none leaves learning to a " \
       "rule or to gradients.")                                                                    \
  INT(population, "search.population", 16, 1, 65536, "", search_population,                        \
      "A generation of the search has this many candidates.")                                      \
  INT(member_episodes, "search.episodes", 1, 1, 256, "episode", searching,                         \
      "A candidate is scored by the mean over this many episodes.")                                \
  CHOICE(member_score, "search.score", return, searching,                                          \
         "A candidate's score is the return, or, on sets of samples, the mean log probability of " \
         "the right answers.")                                                                     \
  FLAG(member_greedy, "search.greedy", true, search_greedy,                                        \
       "Candidates take their most probable action; false lets them draw.")                        \
  INT(fresh_every, "search.fresh_every", 1, 0, HD_BIG, "generation", searching,                    \
      "Candidates are scored on new episodes each time this many generations have passed; 0 "      \
      "keeps the same episodes.")                                                                  \
  NUM(sigma, "search.sigma", 0.1, 1e-6, 100, "", search_sigma,                                     \
      "The perturbations of the weights have this standard deviation.")                            \
  NUM(alpha_sigma, "search.alpha_sigma", 0, 0, 100, "", search_alpha_sigma,                        \
      "The deviation of every weight's perturbation learns with this step size; 0 keeps one "      \
      "deviation for all weights.")                                                                \
  NUM(move, "search.move", 0.01, 0, 10, "", search_move,                                           \
      "A weight that moves by steps moves by this much.")                                          \
  NUM(bias_moves, "search.bias_moves", 1, 0, 100, "", search_move,                                 \
      "A bias moves by this many steps at once.")                                                  \
  NUM(weight_max, "search.weight_max", 2, 1e-3, 1e3, "", search_move,                              \
      "Weights that move by steps stay between minus and plus this number.")                       \
  NUM(movers, "search.movers", 1, 1e-6, 1, "", search_move,                                        \
      "This share of the weights is drawn to move by a step in each generation; the others stay.") \
  FLAG(undo, "search.undo", false, search_move,                                                    \
       "Moves by steps are undone when they make the return worse.")                               \
  NUM(acceptance, "search.acceptance", 0.01, 0, 1e6, "return", search_acceptance,                  \
      "A worse candidate is accepted as at this temperature.")                                     \
  INT(cooling, "search.cooling", 50, 1, 1e6, "generation", search_cooling,                         \
      "Alopex computes a new temperature each time this many generations have passed.")            \
  NUM(connection_gain, "search.connection_gain", 3, 1e-3, 1e3, "", search_boolean,                 \
      "A connection that exists has this weight divided by the root of the number of inputs.")     \
  NUM(trust, "search.trust", 1, 0, 1e6, "", search_trust,                                          \
      "The divergence of a step is at most this multiple of the energy of the signal.")            \
  GROUP("Synapses as agents")                                                                      \
  INT(syn_actions, "syn.actions", 1, 0, 8, "", synapses,                                           \
      "A synapse sees this many of its own past moves.")                                           \
  INT(syn_rewards, "syn.rewards", 1, 0, 8, "", synapses, "A synapse sees this many past rewards.") \
  INT(syn_bins, "syn.bins", 8, 0, 256, "", synapses,                                               \
      "A synapse sees its weight in this many bins; 0 hides the weight.")                          \
  CHOICE(syn_position, "syn.position", none, synapses,                                             \
         "A synapse knows this much of its place in the network.")                                 \
  WORD(syn_dynamics, "syn.dynamics", none, dynamics, searching,                                    \
       "A synapse sees these features of the network's dynamics: none, or names joined by +.")     \
  CHOICE(syn_sharing, "syn.sharing", one, synapses,                                                \
         "One policy serves all synapses, those of a layer, or those of a target neuron.")         \
  CHOICE(syn_reward, "syn.reward", sign, synapses,                                                 \
         "A synapse is rewarded by this function of the return.")                                  \
  CHOICE(syn_values, "syn.values", table, synapses,                                                \
         "A synapse learns the values of its moves with this approximator.")                       \
  INT(syn_hidden, "syn.hidden", 16, 1, 64, "", syn_hidden,                                         \
      "The network with which synapses learn values has this many hidden neurons.")                \
  FLAG(syn_frozen, "syn.frozen", false, synapses,                                                  \
       "The policy of the synapses acts and does not learn.")

enum { HD_LIST_MAX = 8, HD_HIDDEN_MAX = 6 /* hidden layers, of every kind of network */ };

#endif
