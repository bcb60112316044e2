/* Who reads an option. A row is READER(name, words, keys, condition): what the reader is, as the
 * rest of "... is read by ..."; the keys whose values show why a run has no such reader, or ""; and
 * whether the run of facts `f` has one. The reader of an option stands in its row of options.h. */
#ifndef HD_READERS_H
#define HD_READERS_H

#include "coding.h"
#include "config.h"
#include "search.h"

/* What a configuration amounts to, as far as readers ask. */
typedef struct hd__facts {
  const hd_config *config;
  const hd__settings *s;
  bool is_rule, is_search, is_gradient, is_gated, is_team; /* how the run learns: one holds */
  bool observes;                        /* agents see the network's dynamics */
  bool is_policy_gradient;              /* reinforce, a2c, ppo */
  bool is_continuous;                   /* td3, sac */
  bool has_replay;                      /* dqn, td3, sac */
  bool has_critic_network;
  bool has_hidden;  /* a hidden layer */
  bool has_neurons; /* that, or action neurons */
  bool is_linear;   /* the readout is a weighted sum */
  bool is_membrane; /* of membranes */
  bool sees_lines;  /* the coding is a list of lines that stay 1 for the whole decision */
  bool spikes;      /* gradients go through spikes */
  bool has_real_obs, has_real_actions;
  unsigned code, critic; /* HD_READS_* of the codings of input and critic */
  unsigned search;       /* HD_SEARCH_READS_* */
  unsigned rule;         /* HD_RULE_* that the rule needs */
  bool keeps;            /* the rule keeps state per neuron or synapse */
  const hd__neuron_desc *neuron, *critic_neuron;
} hd__facts;

hd__facts hd__facts_of(const hd_config *config);

/* clang-format off */
#define HD_READERS(READER)                                                                        \
  READER(every_run, "every run", "", true)                                                        \
  READER(rewarded, "all methods but searches whose agents see no dynamics of the network",        \
         "syn.dynamics", !f->is_search || f->observes)                                            \
  READER(rule_or_gradient, "methods that learn by a rule or by gradients", "",                    \
         f->is_rule || f->is_gradient)                                                            \
  READER(not_search, "all methods but searches", "", !f->is_search)                               \
  READER(gated, "algorithm = agrel or augment", "", f->is_gated)                                  \
  READER(narla, "algorithm = narla", "", f->s->algorithm == hd__algorithm_narla)                  \
  READER(narla_target, "algorithm = narla with narla.sparsity above 0", "narla.sparsity",         \
         f->s->algorithm == hd__algorithm_narla && f->s->narla_sparsity > 0)                      \
  READER(svpg, "algorithm = svpg", "", f->s->algorithm == hd__algorithm_svpg)                     \
  READER(svpg_spiking, "algorithm = svpg with svpg.spiking = true", "svpg.spiking",               \
         f->s->algorithm == hd__algorithm_svpg && f->s->svpg_spiking)                             \
  READER(augment, "algorithm = augment", "", f->s->algorithm == hd__algorithm_augment)            \
  READER(signalled, "all methods but searches whose agents see dynamics of the network",          \
         "syn.dynamics", !f->is_search || !f->observes)                                           \
  READER(ranges, "methods that learn by a rule or by gradients, by codings that read a range, on " \
         "tasks that observe real numbers, without normalise_obs", "coding, critic, normalise_obs", \
         (f->is_rule || f->is_gradient) && (f->code | f->critic) & HD_READS_RANGE &&              \
             f->has_real_obs &&                                                                   \
         !(f->is_gradient && f->s->normalise_obs))                                                \
  READER(network, "methods that learn by a rule or a search", "", f->is_rule || f->is_search)     \
  READER(neurons, "methods that learn by a rule or a search, in networks with a hidden layer or "  \
         "action neurons", "hidden, readout", (f->is_rule || f->is_search) && f->has_neurons)     \
  READER(has_neurons, "networks with a hidden layer or action neurons", "hidden, readout",        \
         !(f->is_rule || f->is_search) || f->has_neurons)                                         \
  READER(recurrent, "networks with a hidden layer", "hidden",                                     \
         !(f->is_rule || f->is_search) || f->has_hidden)                                          \
  READER(init, "networks with a hidden layer or action neurons, methods that do not learn by a "  \
         "rule, and readouts with init_readout above 0", "hidden, readout, init_readout",         \
         !f->is_rule || f->has_neurons || f->s->init_readout > 0)                                 \
  READER(short_term, "methods that learn by a rule or a search, with stp.use above 0", "stp.use", \
         (f->is_rule || f->is_search) && f->s->stp_use > 0)                                       \
  READER(code_bins, "coding = bins, gauss, gauss-stochastic, population or population-spikes",    \
         "coding", f->code & HD_READS_BINS)                                                       \
  READER(code_order, "coding = fourier", "coding", f->code & HD_READS_ORDER)                      \
  READER(code_tilings, "coding = tiles", "coding", f->code & HD_READS_TILINGS)                    \
  READER(code_tile_bins, "coding = tiles, on tasks that observe real numbers", "coding",          \
         f->code & HD_READS_TILE_BINS && f->has_real_obs)                                         \
  READER(code_cells, "coding = tiles or random", "coding", f->code & HD_READS_CELLS)              \
  READER(code_range, "all codings but raw, onehot and sxk, on tasks that observe real numbers",   \
         "coding", f->code & HD_READS_RANGE && f->has_real_obs)                                   \
  READER(code_gain, "coding = current, split, random, rate, poisson, gauss, gauss-stochastic, "   \
         "population or population-spikes", "coding", f->code & HD_READS_GAIN)                    \
  READER(substeps, "networks with neurons that spike, readouts of codings but tiles, place and "   \
         "onehot, and critic = random-spikes or learned-spikes",                                  \
         "hidden, readout, coding, critic, neuron, gated.rates, svpg.spiking",                    \
         f->is_team ? f->s->svpg_spiking && f->s->algorithm == hd__algorithm_svpg                 \
         : f->is_gated    ? !f->s->gated_rates                                                    \
         : f->is_gradient ? f->spikes                                                             \
                          : f->has_neurons || !f->sees_lines ||                                   \
                             (f->is_rule && (f->s->critic == hd__critic_random_spikes ||          \
                                             f->s->critic == hd__critic_learned_spikes)))         \
  READER(timed, "neurons and rules with a state, synapses that release and coding = poisson",     \
         "neuron, rule, release, coding",                                                         \
         f->is_gradient || f->is_gated || f->is_team                                              \
             ? f->spikes                                                                          \
                        : f->neuron->n_state > 0 || f->keeps || f->s->release ||                  \
                              f->code & HD_READS_DT)                                              \
  READER(basis, "synapses whose basis = cosine, in methods that learn by a rule or a search",     \
         "basis", (f->is_rule || f->is_search) && f->s->basis == hd__basis_cosine)                             \
  READER(release, "synapses that release, in methods that learn by a rule or a search",           \
         "release", (f->is_rule || f->is_search) && f->s->release)                                             \
  READER(readout, "networks with neurons that spike, but of algorithm = agrel, augment, narla " \
         "or svpg",                                                                               \
         "neuron", !f->is_gated && !f->is_team && (!f->is_gradient || f->neuron->spiking))                       \
  READER(action_neurons, "readout = count, vote or first, and spiking actors of td3 and sac",     \
         "readout, neuron",                                                                       \
         !f->is_gated && !f->is_team &&                                                           \
             (f->is_gradient ? f->is_continuous && f->neuron->spiking : !f->is_linear))           \
  READER(action_levels, "methods that choose one of several actions, on tasks whose action is a " \
         "real number", "", f->has_real_actions && !f->is_continuous)                             \
  READER(membrane, "readout = membrane-last, membrane-mean or membrane-max of neurons that spike",\
         "readout, neuron",                                                                       \
         !f->is_gated && !f->is_team && f->is_membrane && (!f->is_gradient || f->neuron->spiking))               \
  READER(rule, "methods that learn by a rule, whose networks have a hidden layer or action neurons, " \
         "and synapses that see the network's dynamics", "hidden, readout, syn.dynamics",         \
         (f->is_rule && f->has_neurons) || f->observes)                         \
  READER(hidden_layer, "all methods but searches, in networks with a hidden layer", "hidden",     \
         !f->is_search && f->has_hidden)                                                          \
  READER(rule_learner, "methods that learn by a rule and a critic", "", f->is_rule)               \
  READER(rollout, "methods that learn by a rule, and algorithm = reinforce, a2c or ppo", "",      \
         f->is_rule || f->is_policy_gradient)                                                     \
  READER(gamma, "all methods but algorithm = agrel and searches other than synapse-agent", "",    \
         f->s->algorithm == hd__algorithm_agrel ? false : !f->is_search || f->search & HD_SEARCH_READS_SYNAPSES)                                   \
  READER(lambda, "critics of a rule, rollouts, and algorithm = a2c, ppo, augment, narla or svpg", \
         "critic, rollout", f->is_team ||                                                                       \
         (f->is_rule && (f->s->rollout > 0 || f->s->critic != hd__critic_none)) ||                \
         f->s->algorithm == hd__algorithm_a2c || f->s->algorithm == hd__algorithm_ppo ||          \
         f->s->algorithm == hd__algorithm_augment)                                                \
  READER(lambda_actor, "methods that learn by a rule, and synapses that see the network's "       \
         "dynamics", "syn.dynamics", f->is_rule || f->observes)                                   \
  READER(cells_traced, "critics of cells (critic = table, tiles or place) under a rule that "     \
         "updates at every step (rollout = 0)", "critic, rollout",                                \
         f->is_rule && f->s->rollout == 0 &&                                                      \
             (f->s->critic == hd__critic_table || f->s->critic == hd__critic_tiles ||             \
              f->s->critic == hd__critic_place))                                                  \
  READER(alpha, "all methods but searches that estimate no gradient and learn no values", "",     \
         !f->is_search || f->search & HD_SEARCH_READS_ALPHA)                                      \
  READER(alpha_critic, "methods with a critic", "critic",                                         \
         (f->is_rule && f->s->critic != hd__critic_none) || f->has_critic_network || f->is_team)                \
  READER(momentum, "optimiser = adam of a rule, and methods that learn by gradients",             \
         "optimiser",                                                                             \
         f->is_gradient || (f->is_rule && f->s->optimiser == hd__optimiser_adam))                 \
  READER(square, "optimiser = adam or rmsprop of a rule, and methods that learn by gradients",    \
         "optimiser",                                                                             \
         f->is_gradient || (f->is_rule && f->s->optimiser != hd__optimiser_sgd))                  \
  READER(anneal_to, "schedules of the step sizes (anneal = linear, exponential or regret)",       \
         "anneal", !f->is_search && f->s->anneal != hd__anneal_none)                              \
  READER(anneal_steps, "schedules of the step sizes by time (anneal = linear or exponential)",    \
         "anneal", !f->is_search && (f->s->anneal == hd__anneal_linear ||                         \
                                     f->s->anneal == hd__anneal_exponential))                     \
  READER(rollouts, "methods that learn from rollouts: by a rule with rollout > 0, or by "         \
         "algorithm = reinforce, a2c or ppo", "rollout",                                          \
         (f->is_rule && f->s->rollout > 0) || f->is_policy_gradient)                              \
  READER(rule_rollouts, "methods that learn by a rule from rollouts (rollout > 0)", "rollout",     \
         f->is_rule && f->s->rollout > 0)                                                         \
  READER(replayed, "rules that learn from a rollout several times (rollout.epochs > 1)",          \
         "rollout, rollout.epochs",                                                               \
         f->is_rule && f->s->rollout > 0 && f->s->passes > 1)                                     \
  READER(advantage_floor, "rollouts whose advantages are normalised",                             \
         "rollout, advantage.normalise",                                                          \
         ((f->is_rule && f->s->rollout > 0) || f->is_policy_gradient) && f->s->normalise)         \
  READER(valued, "methods that learn by a rule with a critic", "critic",                          \
         f->is_rule && f->s->critic != hd__critic_none)                                           \
  READER(temperature, "readouts by softmax or membranes where actions are drawn or their "        \
         "probability is the score, and algorithm = sac, agrel or augment", "readout",            \
         (f->is_rule && f->is_linear) || f->s->algorithm == hd__algorithm_sac || f->is_gated ||   \
         (f->is_search && f->is_linear &&                                                         \
          (f->observes || !f->s->member_greedy ||                                                 \
           f->s->member_score == hd__member_score_likelihood)))                                   \
  READER(exploring, "methods that learn by a rule, algorithm = dqn or augment, and search = "     \
         "win-stay or synapse-agent", "",                                                         \
         f->is_rule || f->s->algorithm == hd__algorithm_dqn ||                                    \
         f->s->algorithm == hd__algorithm_augment ||                                              \
         f->search & HD_SEARCH_READS_EPSILON)                                                     \
  READER(epsilon_steps, "schedules of epsilon, which have an epsilon.end", "epsilon.end",         \
         (f->is_rule || f->s->algorithm == hd__algorithm_dqn ||                                   \
          f->s->algorithm == hd__algorithm_augment ||                                             \
          f->search & HD_SEARCH_READS_EPSILON) && !isnan(f->s->epsilon_end))                      \
  READER(perturbed, "rules that perturb drives, such as node-perturbation", "rule",               \
         (f->is_rule || f->observes) && f->rule & HD_RULE_PERTURBED)                              \
  READER(relaxed, "rules that relax the spikes of stochastic neurons, such as reparam-soft",      \
         "rule, neuron",                                                                          \
         (f->is_rule || f->observes) && f->rule & HD_RULE_TAU && f->neuron->stochastic)           \
  READER(relax_steps, "schedules of relax.tau, which have a relax.tau_end", "rule, relax.tau_end",\
         (f->is_rule || f->observes) && f->rule & HD_RULE_TAU && f->neuron->stochastic &&         \
         !isnan(f->s->tau_end))                                                                   \
  READER(settle, "rules whose neurons settle (settle = gibbs or mean-field)", "settle",           \
         f->is_rule && f->s->settle != hd__settle_none)                                           \
  READER(settle_votes, "rules with settle = gibbs and action neurons (readout = count, vote or "   \
         "first)", "settle, readout",                                                             \
         f->is_rule && f->s->settle == hd__settle_gibbs && !f->is_linear)                         \
  READER(settle_field, "rules with settle = mean-field", "settle",                                \
         f->is_rule && f->s->settle == hd__settle_mean_field)                                     \
  READER(surrogate, "methods that learn by gradients (algorithm = a2c, ppo, dqn, td3, ...) "      \
         "through neurons that spike", "neuron", f->is_gradient && f->spikes)                     \
  READER(slope_steps, "schedules of the surrogate's slope, which have a surrogate.slope_end",     \
         "surrogate.slope_end", f->is_gradient && f->spikes && !isnan(f->s->slope_end))           \
  READER(learn_tau, "methods that learn by gradients through neurons with a time constant",       \
         "neuron",                                                                                \
         f->is_gradient && (readers_param(f->neuron, "tau_m") ||                                 \
                            (f->has_critic_network && readers_param(f->critic_neuron, "tau_m"))))\
  READER(gradients, "methods that learn by gradients (algorithm = a2c, ppo, dqn, td3, ...)", "",  \
         f->is_gradient)                                                                          \
  READER(critic_network, "algorithms with a critic network (reinforce, a2c, ppo, td3, sac)", "",  \
         f->has_critic_network)                                                                   \
  READER(entropy, "algorithm = reinforce, a2c or ppo, and methods that learn by a rule with a readout "  \
         "by softmax or membranes", "readout",                                                    \
         f->is_policy_gradient || (f->is_rule && f->is_linear))                                   \
  READER(ppo, "algorithm = ppo", "", f->s->algorithm == hd__algorithm_ppo)                        \
  READER(ppo_annealed, "algorithm = ppo with a schedule of the step sizes", "anneal",             \
         f->s->algorithm == hd__algorithm_ppo && f->s->anneal != hd__anneal_none)                 \
  READER(critic_order, "critic = fourier of a rule", "critic", f->critic & HD_READS_ORDER)        \
  READER(critic_tilings, "critic = tiles of a rule", "critic", f->critic & HD_READS_TILINGS)      \
  READER(critic_tile_bins, "critic = tiles of a rule, on tasks that observe real numbers",        \
         "critic", f->critic & HD_READS_TILE_BINS && f->has_real_obs)                             \
  READER(critic_cells, "critic = tiles, random, random-spikes or learned-spikes of a rule",       \
         "critic",                                                                                \
         f->critic & HD_READS_CELLS)                                                              \
  READER(critic_range, "critic = fourier, tiles, random, random-spikes or learned-spikes of a "   \
         "rule, on tasks that observe real numbers", "critic", f->critic & HD_READS_RANGE && f->has_real_obs)         \
  READER(critic_gain, "critic = random, random-spikes or learned-spikes of a rule", "critic",     \
         f->critic & HD_READS_GAIN)                                                               \
  READER(critic_normalise, "critic = fourier, random or random-spikes of a rule with optimiser = sgd",  \
         "critic, optimiser", f->is_rule && f->s->optimiser == hd__optimiser_sgd &&               \
         (f->s->critic == hd__critic_fourier || f->s->critic == hd__critic_random ||              \
          f->s->critic == hd__critic_random_spikes))                                              \
  READER(replay, "algorithm = dqn, td3 or sac", "", f->has_replay)                                \
  READER(dqn, "algorithm = dqn", "", f->s->algorithm == hd__algorithm_dqn)                        \
  READER(layered, "algorithm = dqn, reinforce, a2c or ppo", "",                                   \
         f->s->algorithm == hd__algorithm_dqn || f->is_policy_gradient)                           \
  READER(layer_agents, "algorithm = dqn, reinforce, a2c or ppo with layer.agents = true",         \
         "layer.agents",                                                                          \
         (f->s->algorithm == hd__algorithm_dqn || f->is_policy_gradient) && f->s->layer_agents)   \
  READER(layer_values, "algorithm = dqn with layer.agents = true", "layer.agents",                \
         f->s->algorithm == hd__algorithm_dqn && f->s->layer_agents)                              \
  READER(priority, "algorithm = dqn with dqn.priority > 0", "dqn.priority",                       \
         f->s->algorithm == hd__algorithm_dqn && f->s->priority > 0)                              \
  READER(continuous, "algorithm = td3 or sac", "", f->is_continuous)                              \
  READER(td3, "algorithm = td3", "", f->s->algorithm == hd__algorithm_td3)                        \
  READER(proxy, "algorithm = td3 with td3.proxy = true", "td3.proxy",                             \
         f->s->algorithm == hd__algorithm_td3 && f->s->proxy)                                     \
  READER(sac, "algorithm = sac", "", f->s->algorithm == hd__algorithm_sac)                        \
  READER(target_entropy, "algorithm = sac with sac.alpha_temperature > 0",                        \
         "sac.alpha_temperature",                                                                 \
         f->s->algorithm == hd__algorithm_sac && f->s->alpha_temperature > 0)                     \
  READER(searching, "methods that search (search = nes, alopex, synapse-agent, ...)", "",         \
         f->is_search)                                                                            \
  READER(search_greedy, "searches whose agents see no dynamics of the network", "syn.dynamics",   \
         f->is_search && !f->observes)                                                            \
  READER(search_population, "search = nes, spsa, evolving-connectivity or ec-trust", "",          \
         f->search & HD_SEARCH_READS_POPULATION)                                                  \
  READER(search_sigma, "search = nes, spsa, one-plus-one or metropolis", "",                      \
         f->search & HD_SEARCH_READS_SIGMA)                                                       \
  READER(search_alpha_sigma, "search = nes", "", f->search & HD_SEARCH_READS_ALPHA_SIGMA)         \
  READER(search_move, "search = random-walk, win-stay, alopex or synapse-agent", "",              \
         f->search & HD_SEARCH_READS_MOVE)                                                        \
  READER(search_acceptance, "search = metropolis", "", f->search & HD_SEARCH_READS_ACCEPTANCE)    \
  READER(search_cooling, "search = alopex", "", f->search & HD_SEARCH_READS_COOLING)              \
  READER(search_boolean, "search = evolving-connectivity or ec-trust", "",                        \
         f->search & HD_SEARCH_READS_CONNECTION)                                                  \
  READER(search_trust, "search = ec-trust", "", f->search & HD_SEARCH_READS_TRUST)                \
  READER(synapses, "search = synapse-agent", "", f->search & HD_SEARCH_READS_SYNAPSES)            \
  READER(syn_hidden, "search = synapse-agent with syn.values = network or spiking", "syn.values", \
         f->search & HD_SEARCH_READS_SYNAPSES && (f->s->syn_values == hd__syn_values_network ||   \
                                                  f->s->syn_values == hd__syn_values_spiking))
/* clang-format on */

#define HD_READER_ENUM(name, words, keys, condition) HD_READER_##name,
typedef enum hd__reader { HD_READERS(HD_READER_ENUM) HD_READER_COUNT } hd__reader;
#undef HD_READER_ENUM

/* Has the run such a reader? */
bool hd__facts_have(const hd__facts *facts, hd__reader reader);
/* Does anything in the run read the option, by the index of hd_config_at? */
bool hd__facts_read(const hd__facts *facts, int index);
/* The rest of "... is read by ...". */
void hd__reader_words(const hd_config *config, int index, char *words, size_t size);

/* Refuse what the user set and nothing in the run reads.  Errors  CONFLICT. */
hd_status hd__config_check_readers(const hd_config *config);

#endif
