#include "method.h"

#include <string.h>

#include "coding.h"
#include "samples.h"
#include "text.h"

/* Finite tasks: a line per state, a value per state. */
#define FINITE_INPUT "coding=onehot critic=table"

/* Sweeps over labelled samples: no action has a consequence, and a right answer is worth 1. */
#define SAMPLE_ROWS(settings, rates, times)                                                       \
  {"samples", "gamma=0 lambda=0 eval_every=1000 eval_episodes=5 " settings},                      \
      {"Blobs-v0", "reward_scale=150"}, {"XorRate-v0", "reward_scale=4 " rates},                  \
      {"XorTime-v0", "reward_scale=4 " times}, {"Digits-v0", "reward_scale=100 eval_every=5000"}, \
  {                                                                                               \
    "DigitsTest-v0", "reward_scale=360 eval_every=5000"                                           \
  }
#define SPIKE_RATES "coding=poisson code.gain=2 substeps=16"
#define SPIKE_TIMES "coding=latency substeps=4"

/* Tuned here, seeds 0-9: from smaller weights the hidden neurons answer almost linearly, and a
 * policy that is sure of a linear answer no longer explores. */
#define STEEP "init_scale=6 "

/* Tuned here, seeds 0-39. Random features need twice the steps on this task, but no choice of
 * order where observations have more than four components. */
#define AGENT_CARTPOLE \
  "critic=fourier critic.order=3 alpha_critic=0.05 anneal.steps=60000 eval_every=2500"

static const hd_task_row neuron_agent_tasks[] = {
    {"finite", FINITE_INPUT " alpha_critic=0.1"},
    SAMPLE_ROWS(STEEP "alpha=0.01 average=0.999", SPIKE_RATES, SPIKE_TIMES),
    {"Digits-v0", "init_scale=1 alpha=0.003 average=0.9995"},
    {"CartPole-v0", AGENT_CARTPOLE},
    {"CartPole-v1", AGENT_CARTPOLE},
    {0}};

/* Tuned here, seeds 0-59, of which two have a later evaluation just below 475 (469 and 475); with 8
 * action neurons per action and random features, 2 of 40 fell to 442. */
#define SOCIETY_CARTPOLE                                                           \
  "critic=fourier critic.order=3 alpha_critic=0.05 alpha=0.005 action_neurons=16 " \
  "anneal.steps=100000 eval_every=2500"

static const hd_task_row society_tasks[] = {{"finite", FINITE_INPUT " alpha_critic=0.1"},
                                            SAMPLE_ROWS(STEEP, SPIKE_RATES, SPIKE_TIMES),
                                            {"CartPole-v0", SOCIETY_CARTPOLE},
                                            {"CartPole-v1", SOCIETY_CARTPOLE},
                                            {0}};

/* Tuned here, seeds 0-99. Sixteen agents balance the pole as well as 64 do; frozen, few of their
 * draws are enough, while 64 random features always are. */
#define ONLINE_MOUNTAINCAR                                                                      \
  "critic=tiles critic.tile_bins=9 critic.cells=8192 alpha_critic=0.2 alpha=0.001 lambda=0.85 " \
  "gamma=1"

static const hd_task_row online_tasks[] = {
    {"finite", FINITE_INPUT " alpha_critic=0.1"},
    SAMPLE_ROWS(STEEP "temperature=2 hidden=128", SPIKE_RATES, SPIKE_TIMES),
    {"Digits-v0", "init_scale=2"},
    {"CliffWalking-v1", "alpha=0.001"},
    {"Gridworld-v0", "gamma=0.9 alpha=0.003"},
    {"Gridworld687-v0", "alpha=0.001"},
    {"CartPole-v0", "hidden=16 anneal=regret eval_every=500"},
    {"CartPole-v1", "hidden=16 anneal=regret eval_every=1000"},
    {"MountainCar-v0", ONLINE_MOUNTAINCAR},
    {"MountainCarPaper-v0", ONLINE_MOUNTAINCAR},
    {"Acrobot-v1",
     "critic=tiles critic.tilings=32 critic.tile_bins=6,6,7,7 critic.range=0.7 "
     "critic.cells=32768 alpha_critic=0.5 alpha=0.001 lambda=0.9"},
    {"Pendulum-v1",
     "critic=tiles critic.cells=8192 alpha_critic=0.2 alpha=0.001 lambda=0.9 reward_scale=0.1"},
    {0}};

/* Step sizes, trace decays and Acrobot's cells are tuned here, seeds 0-79. */
#define PLACE_CARTPOLE                                                                   \
  "code.tile_bins=3,4,6,4 critic.tile_bins=3,4,6,4 alpha=8 alpha_critic=0.2 lambda=0.8 " \
  "lambda_actor=0.8 reward=failure eval_every=1000"
#define PLACE_MOUNTAINCAR                                                                         \
  "code.tile_bins=9 critic.tile_bins=9 alpha=0.05 alpha_critic=0.2 lambda=0.85 lambda_actor=0.7 " \
  "gamma=1 eval_every=1000"

static const hd_task_row place_tasks[] = {
    {"finite", FINITE_INPUT " alpha=0.1 alpha_critic=0.1 lambda=0.5 lambda_actor=0.3"},
    SAMPLE_ROWS("lambda_actor=0", "", ""),
    /* Place cells of 64 coordinates learn each picture by heart: of those that they have not seen
     * they name one in ten. */
    {"Digits-v0", "coding=raw alpha=0.05 temperature=2"},
    {"FrozenLake8x8-v1", "alpha=2 lambda=0.7 lambda_actor=0.5"},
    {"Gridworld-v0", "alpha=0.2 lambda=0.7 lambda_actor=0.5 gamma=0.9"},
    {"Gridworld687-v0", "alpha=0.2 lambda=0.7 lambda_actor=0.5 gamma=0.9"},
    {"CartPole-v0", PLACE_CARTPOLE},
    {"CartPole-v1", PLACE_CARTPOLE},
    {"MountainCar-v0", PLACE_MOUNTAINCAR},
    {"MountainCarPaper-v0", PLACE_MOUNTAINCAR},
    /* Trains on after the threshold: the last policy is a dozen steps quicker than the first. */
    {"Acrobot-v1",
     "code.tilings=32 critic.tilings=32 code.tile_bins=6,6,7,7 critic.tile_bins=6,6,7,7 "
     "code.range=0.7 critic.range=0.7 code.cells=32768 critic.cells=32768 alpha=0.05 "
     "alpha_critic=0.5 lambda=0.9 lambda_actor=0.7 gamma=1 anneal=linear anneal.steps=60000 "
     "steps=60000 overtrain=0 eval_every=2000"},
    {0}};

/* Tuned here, seeds 0-7 of the cart-pole. With a softmax readout half the noise does as well, but
 * then the readout learns by its own score and hidden neurons that are frozen do no worse. */
static const hd_task_row perturbation_tasks[] = {
    {"finite", FINITE_INPUT " alpha_critic=0.1"}, SAMPLE_ROWS("", SPIKE_RATES, SPIKE_TIMES), {0}};

/* Tuned here, seeds 0-19. Where each answer is judged at once a hidden layer gives the action
 * neurons more synapses to choose from; on the cart-pole, where credit is late, it costs more than
 * it gives. */
#define HEDONISTIC_CARTPOLE                                                               \
  "critic=fourier critic.order=3 alpha_critic=0.05 hidden=0 action_neurons=32 alpha=0.1 " \
  "eval_every=2500"

static const hd_task_row hedonistic_tasks[] = {
    {"finite", FINITE_INPUT " alpha_critic=0.1"},
    SAMPLE_ROWS("hidden=64 action_neurons=4 alpha=0.3 eval_every=2500 eval_episodes=20",
                "coding=poisson code.gain=4 substeps=8", SPIKE_TIMES),
    {"Digits-v0", "coding=poisson"},
    {"DigitsTest-v0", "coding=poisson"},
    {"Bandit-v0", "gamma=0 lambda=0 alpha=0.1 eval_every=1000 steps=20000"},
    {"ContextualBandit-v0", "gamma=0 lambda=0 alpha=0.1 eval_every=1000 steps=20000"},
    {"CartPole-v0", HEDONISTIC_CARTPOLE},
    {"CartPole-v1", HEDONISTIC_CARTPOLE},
    {0}};

/* The first paper's inputs and networks. Where the corrected method departs from its step sizes,
 * lambda and epsilon, and in the hidden neurons of a grid's block, it was tuned here, seeds 0-99:
 * the paper's two reach 1.054 +- 0.156 on the open grid (50 seeds), four
 * 1.081 +- 0.029. */
#define PAPER_GRID "coding=sxk substeps=5 taps=3 hidden=2 init_scale=1 critic=table gamma=0.9 "
#define PAPER_CAR                                                                             \
  "coding=bins hidden=5 blocks=shared nets=20 init_scale=1 critic.order=4 alpha_critic=0.01 " \
  "gamma=1 "

static const hd_task_row vote_tasks[] = {
    {"finite", FINITE_INPUT " hidden=8 init_scale=0.1 alpha_critic=0.1 lambda=0.7 epsilon=0.01"},
    SAMPLE_ROWS("", SPIKE_RATES, SPIKE_TIMES),
    {"Gridworld687-v0", "gamma=0.9"},
    {"FrozenLake-v1", "alpha=0.3"},
    {"FrozenLake8x8-v1", "alpha=0.3"},
    {"Gridworld-v0", PAPER_GRID
     "hidden=4 alpha_critic=0.3 lambda=0.8 epsilon=0.2 epsilon.end=0 epsilon.steps=7000"},
    {"MountainCar-v0", PAPER_CAR "alpha=0.003 lambda=0.97 epsilon=0"},
    {"MountainCarPaper-v0", PAPER_CAR "alpha=0.003 lambda=0.97 epsilon=0"},
    {0}};

static const hd_task_row published_tasks[] = {
    {"finite", FINITE_INPUT " hidden=2 init_scale=1 alpha_critic=0.1 lambda=0.7 epsilon=0.01"},
    SAMPLE_ROWS("", SPIKE_RATES, SPIKE_TIMES),
    {"Gridworld687-v0", "gamma=0.9"},
    {"Gridworld-v0", PAPER_GRID "drive=last alpha_critic=0.1 lambda=0.7 epsilon=0.01"},
    {"CartPole-v0", "gamma=1 anneal=regret"},
    {"CartPole-v1", "gamma=1 anneal=regret"},
    {"MountainCar-v0", PAPER_CAR "epsilon=0.01"},
    {"MountainCarPaper-v0", PAPER_CAR "epsilon=0.01"},
    {0}};

#define PAPER_POPULATION                                                                \
  "rollout=0 substeps=1 hidden=200 nets=10 blocks=action neuron=ising rule=pgcn-agree " \
  "readout=count coding=raw bias=false init=uniform init_scale=0.01 critic=fourier "    \
  "critic.order=5 gamma=0.99 lambda=0.5 alpha=0.01 alpha_critic=0.001 epsilon=0.1 optimiser=sgd"

/* What searches have in common: neurons that do not draw, so that a return belongs to its weights,
 * and no critic. */
#define SEARCHED                                                                        \
  "rollout=0 substeps=8 hidden=16 neuron=lif readout=softmax critic=none init_scale=1 " \
  "init_readout=1 optimiser=sgd "
#define WALKED SEARCHED "search.fresh_every=0 "
#define SYNAPSES WALKED "search=synapse-agent alpha=0.01 gamma=0.9 epsilon=0.4 "

/* The network of the reconstruction: four inputs, sixteen integrate-and-fire neurons, a membrane.
 */
#define SEARCH_BLOBS                                                                  \
  "coding=raw neuron=if if.reset=0 substeps=16 readout=membrane-last membrane_tau=2 " \
  "init_scale=0.4 init_readout=0.2 steps=600000 eval_every=60000 eval_episodes=1"

static const hd_task_row search_tasks[] = {
    {"finite", "coding=onehot"}, {"Blobs-v0", SEARCH_BLOBS}, {0}};
/* Tuned here, seeds 0-5. Where a return is the same for all that has been tried, only draws or wide
 * perturbations find a difference. The lander, seeds 0-11, sees its legs raw: 0 in the air, where a
 * current over their range would be a second and a third bias that drown the rest. */
static const hd_task_row nes_tasks[] = {
    {"finite", "coding=onehot"},
    {"Blobs-v0", SEARCH_BLOBS " search.sigma=0.1"},
    {"Gridworld-v0",
     "search.population=32 search.sigma=0.5 init_readout=1 search.greedy=false steps=1000000 "
     "eval_every=20000"},
    {"Acrobot-v1", "search.population=32 search.episodes=2 steps=3000000 eval_every=50000"},
    {"LunarLander-v3",
     "coding=raw hidden=0 readout=count substeps=16 search.population=32 search.episodes=2 "
     "search.sigma=0.6 "
     "alpha=0.4 average=0.95 steps=4000000 eval_every=250000"},
    {0}};

/* Tuned here, seeds 0-7. */
#define WALK_CARTPOLE "search.move=0.03 search.episodes=3"
#define PLUS_CARTPOLE "search.move=0.03 reward=failure gamma=0.99 lambda_actor=0.9"

static const hd_task_row walk_tasks[] = {{"finite", "coding=onehot"},
                                         {"Blobs-v0", SEARCH_BLOBS},
                                         {"CartPole-v0", WALK_CARTPOLE},
                                         {"CartPole-v1", WALK_CARTPOLE},
                                         {0}};
/* Tuned here, seeds 0-29 (seeds 30-79: 47 of 50). Readout alone, so that a state's synapses are its
 * own. Returns of 0 teach nothing, and a table that has learned to follow the signal backwards
 * never sees another one: hence small moves, the mean of many episodes, weights that leave the
 * policy some chance, and moves at random to the end. */
#define PLUS_GRIDWORLD                                                                   \
  "hidden=0 init_readout=0 search.weight_max=2 search.move=0.01 alpha=0.001 gamma=0.95 " \
  "lambda_actor=1 "                                                                      \
  "syn.reward=return search.episodes=16 epsilon.end=0.1 epsilon.steps=1000000 "          \
  "steps=3000000 eval_every=100000"
static const hd_task_row plus_tasks[] = {
    {"finite", "coding=onehot"},    {"Gridworld-v0", PLUS_GRIDWORLD}, {"Blobs-v0", SEARCH_BLOBS},
    {"CartPole-v0", PLUS_CARTPOLE}, {"CartPole-v1", PLUS_CARTPOLE},   {0}};

/* Networks of leaky integrate-and-fire neurons whose gradient is exact but for the spike's slope.
 */
#define SURROGATE                                                                               \
  "neuron=lif lif.tau_m=2 lif.r_m=1 surrogate=atan substeps=4 hidden=64 readout=membrane-mean " \
  "init=uniform init_readout=0.1 critic.hidden=64 clip_gradient=0.5 "
/* Tuned here, seeds 0-49. */
#define PPO                                                                                \
  SURROGATE                                                                                \
  "algorithm=ppo envs=8 rollout=32 ppo.minibatch=64 ppo.epochs=10 gamma=0.99 lambda=0.95 " \
  "alpha=0.003 alpha_critic=0.003 anneal=linear ppo.anneal_clip=true eval_every=5000 "
#define PPO_CARTPOLE "reward_scale=0.1 steps=50000 eval_every=2500"
/* Tuned here, seeds 0-7. Where returns are in the hundreds the critic is too slow for them as they
 * are. */
#define PPO_DEEP                                                                              \
  "hidden=64,64 critic.hidden=64,64 coding=raw normalise_obs=true reward_scale=0.05 envs=16 " \
  "rollout=64 alpha=0.002 alpha_critic=0.002 steps=100000 eval_every=10000 overtrain=0 "
#define PPO_LANDER                                                                      \
  PPO_DEEP                                                                              \
  "rollout=256 ppo.epochs=4 entropy=0.01 alpha=0.001 alpha_critic=0.001 steps=1000000 " \
  "eval_every=100000"
#define ADVANTAGE                                                           \
  SURROGATE                                                                 \
  "envs=8 rollout=8 gamma=0.99 lambda=0.95 alpha=0.003 alpha_critic=0.003 " \
  "eval_every=2500 "

static const hd_task_row ppo_tasks[] = {{"finite", "coding=onehot"},
                                        {"CartPole-v0", PPO_CARTPOLE},
                                        {"CartPole-v1", PPO_CARTPOLE},
                                        {"MountainCar-v0", PPO_DEEP},
                                        {"Acrobot-v1", PPO_DEEP},
                                        {"LunarLander-v3", PPO_LANDER},
                                        {0}};

/* Tuned here, seeds 0-49. */
#define ADVANTAGE_CARTPOLE "reward=failure alpha=0.006 alpha_critic=0.006"

static const hd_task_row gradient_tasks[] = {{"finite", "coding=onehot"},
                                             {"CartPole-v0", ADVANTAGE_CARTPOLE},
                                             {"CartPole-v1", ADVANTAGE_CARTPOLE},
                                             {0}};

/* The network and the learner of the published code for the cart-pole; what it does not have is a
 * limit of 200 steps, whose last observation is worth something here. */
#define VALUES                                                                       \
  "algorithm=dqn envs=1 critic=none rollout=1 coding=current readout=membrane-last " \
  "init=uniform init_scale=1 init_readout=1 optimiser=adam average=0 "
#define DQSN                                                                                  \
  VALUES                                                                                      \
  "coding=raw substeps=16 neuron=if if.slope=4 membrane_tau=2 hidden=256 replay.size=10000 "  \
  "replay.batch=128 replay.learning_starts=128 replay.train_every=1 replay.gradient_steps=1 " \
  "gamma=0.999 alpha=0.001 "                                                                  \
  "dqn.huber=1 clip_value=1 dqn.double=false dqn.target_unit=episode dqn.target_every=10 "    \
  "epsilon=0.9 "                                                                              \
  "epsilon.end=0.05 epsilon.decay=exponential epsilon.steps=200 "

/* Of SB3's zoo for the cart-pole but for n_step and twice its updates: tuned here, seeds 0-11. */
#define DQN_LEARNER                                                                            \
  "dqn.double=true replay.n_step=5 gamma=0.99 alpha=0.0023 replay.batch=64 replay.size=50000 " \
  "replay.learning_starts=1000 "                                                               \
  "replay.train_every=256 replay.gradient_steps=256 dqn.target_unit=step dqn.target_every=10 " \
  "epsilon=1 "                                                                                 \
  "epsilon.end=0.04 epsilon.steps=8000 epsilon.decay=linear "
#define DQN                                                                                      \
  VALUES                                                                                         \
  "substeps=4 neuron=if if.slope=2 membrane_tau=2 hidden=128 replay.size=50000 replay.batch=64 " \
  "replay.learning_starts=1000 replay.train_every=4 replay.gradient_steps=2 replay.n_step=3 "    \
  "gamma=0.99 alpha=0.001 "                                                                      \
  "dqn.double=true dqn.target_unit=step dqn.target_every=500 epsilon=1 epsilon.end=0.05 "        \
  "epsilon.steps=10000 "

static const hd_task_row value_tasks[] = {{"finite", "coding=onehot"}, {0}};

#define DQN_CARTPOLE DQN_LEARNER "eval_every=1000"
/* Tuned here, seeds 0-5. What followed in the past counts as if the policy of today had done it, so
 * a short memory is the truer one. */
#define DQN_DEEP                                                                        \
  "hidden=64,64 readout=membrane-mean init_readout=0.1 coding=raw normalise_obs=true "  \
  "reward_scale=0.2 dqn.dueling=true replay.n_step=10 replay.size=10000 anneal=linear " \
  "average=0.999 "                                                                      \
  "dqn.target_unit=update dqn.target_every=1 replay.target_rate=0.01 steps=100000 "     \
  "eval_every=10000 "                                                                   \
  "overtrain=0 "
#define DQN_ACROBOT DQN_DEEP "replay.n_step=5 reward_scale=0.05"
#define DQN_SPIKES " neuron=lif lif.tau_m=2 lif.r_m=1 surrogate=atan"

static const hd_task_row dqn_tasks[] = {{"finite", "coding=onehot"},
                                        {"CartPole-v0", DQN_CARTPOLE},
                                        {"CartPole-v1", DQN_CARTPOLE},
                                        {"MountainCar-v0", DQN_DEEP DQN_SPIKES},
                                        {"Acrobot-v1", DQN_ACROBOT DQN_SPIKES},
                                        {0}};
static const hd_task_row dqn_relu_tasks[] = {
    {"finite", "coding=onehot"},  {"CartPole-v0", DQN_CARTPOLE}, {"CartPole-v1", DQN_CARTPOLE},
    {"MountainCar-v0", DQN_DEEP}, {"Acrobot-v1", DQN_ACROBOT},   {0}};

/* A spiking actor of current-based neurons that forget half of their current and a quarter of their
 * potential per substep; populations code observations and decode actions (Tang et al. 2020). */
#define SPIKING_ACTOR                                                                            \
  "neuron=cuba cuba.tau_syn=1.442695 cuba.tau_m=3.476059 cuba.r_m=4 cuba.v_th=0.5 cuba.reset=0 " \
  "cuba.slope=1 surrogate=rectangle substeps=5 coding=population code.bins=10 "                  \
  "action_neurons=10 "
#define RELU_ACTOR "neuron=relu coding=raw "
#define REPLAYED                                                                       \
  "hidden=256,256 critic.hidden=256,256 critic.neuron=relu init=uniform init_scale=1 " \
  "normalise_obs=true replay.gradient_steps=1 replay.n_step=1 "                        \
  "alpha=0.0003 alpha_critic=0.0003 gamma=0.99 replay.size=1000000 replay.batch=256 "  \
  "replay.learning_starts=10000 "                                                      \
  "replay.train_every=1 replay.target_rate=0.005 steps=1000000 eval_every=10000 eval_episodes=10"
/* Tuned here, seeds 0-3: smaller networks learn as much from as many steps. On the hill, noise that
 * forgets a thirtieth of itself per step gets up there; with gamma = 0.9999 some learners never saw
 * that it paid. */
#define REPLAYED_SMALL                                                                \
  "hidden=64,64 critic.hidden=64,64 alpha=0.001 alpha_critic=0.001 replay.batch=128 " \
  "replay.size=50000 "                                                                \
  "anneal=linear eval_episodes=100 "
#define REPLAYED_PENDULUM \
  REPLAYED_SMALL "gamma=0.98 replay.learning_starts=1000 average=0.99 steps=20000 eval_every=2000"
#define REPLAYED_CAR                                                                        \
  REPLAYED_SMALL                                                                            \
  "replay.train_every=2 replay.learning_starts=2000 replay.target_rate=0.01 td3.noise=0.5 " \
  "noise_memory=0.97 average=0.995 "                                                        \
  "steps=50000 eval_every=5000"

/* Tuned here, td3-relu on seeds 0-51 and td3 on 0-11. Returns in the hundreds made one learner in
 * fifty forget late what it knew; on the hill half the noise in targets keeps them from that. What
 * is left of the budget saves fuel. */
#define TD3_PENDULUM REPLAYED_PENDULUM " noise_memory=0.8 reward_scale=0.1"
#define TD3_CAR REPLAYED_CAR " td3.target_noise=0.1 overtrain=0"

/* Tuned here, seeds 0-2: layers so small that a million steps take minutes; both actors see the
 * observation as it is. */
#define REPLAYED_ROBOT                                                                     \
  "hidden=64,64 critic.hidden=64,64 coding=raw substeps=4 alpha=0.001 alpha_critic=0.001 " \
  "replay.batch=64 replay.train_every=2 anneal=linear overtrain=0 eval_every=100000"

static const hd_task_row td3_tasks[] = {{"Pendulum-v1", TD3_PENDULUM},
                                        {"MountainCarContinuous-v0", TD3_CAR},
                                        {"HalfCheetah-v4", REPLAYED_ROBOT},
                                        {"Hopper-v4", REPLAYED_ROBOT},
                                        {0}};
static const hd_task_row sac_tasks[] = {
    {"Pendulum-v1", REPLAYED_PENDULUM}, {"MountainCarContinuous-v0", REPLAYED_CAR}, {0}};

static const hd__method_row table[] = {
    {{"neuron-agent",
      "every hidden neuron an agent, softmax readout, rollouts with GAE and a graded critic",
      "after Aenugu 2020; Kostas et al. 2020",
      "envs=4 rollout=8 substeps=4 hidden=64 neuron=bernoulli rule=pgcn readout=softmax "
      "critic=random critic.cells=256 critic.gain=3 gamma=0.99 lambda=0.98 alpha=0.003 "
      "alpha_critic=0.2 optimiser=adam average=0.9995 anneal=linear anneal.to=0.02"},
     neuron_agent_tasks},
    {{"neuron-agent-online",
      "as neuron-agent, updated at every step by TD(lambda) with a Fourier critic",
      "after Aenugu 2020",
      "rollout=0 substeps=1 hidden=64 neuron=ising rule=pgcn readout=softmax critic=fourier "
      "critic.order=5 gamma=0.99 lambda=0.5 lambda_actor=0 alpha=0.01 alpha_critic=0.001 "
      "optimiser=sgd average=0.999"},
     online_tasks},
    {{"neuron-agent-society",
      "as neuron-agent, and the action neurons are agents too: majority vote, no softmax anywhere",
      "after Aenugu 2020; Kostas et al. 2020",
      "envs=4 rollout=8 substeps=4 hidden=64 neuron=bernoulli rule=pgcn readout=count "
      "action_neurons=8 init_readout=0 critic=random critic.cells=256 critic.gain=3 gamma=0.99 "
      "lambda=0.98 alpha=0.01 alpha_critic=0.1 optimiser=adam average=0.9995 anneal=linear "
      "anneal.to=0.02"},
     society_tasks},
    {{"neuron-agent-vote",
      "the first paper's populations of networks that vote, defects of its code corrected",
      "after Aenugu 2020, arXiv 2005.05941", PAPER_POPULATION},
     vote_tasks},
    {{"neuron-agent-published",
      "as neuron-agent-vote with the published code's defects: what follows a termination has a "
      "value, and on the open grid only the last input drives a neuron",
      "after Aenugu 2020, arXiv 2005.05941, and its published code",
      PAPER_POPULATION " zero_terminal=false"},
     published_tasks},
    {{"reparam-st", "straight-through gradients through relaxed spikes, updated at every step",
      "after Aenugu 2020; Jang et al. 2017",
      "rollout=0 substeps=1 hidden=64 neuron=ising rule=reparam-st readout=softmax critic=fourier "
      "critic.order=5 gamma=0.99 lambda=0.5 alpha=0.01 alpha_critic=0.001 optimiser=sgd "
      "average=0.999"},
     online_tasks},
    {{"reparam-mean", "gradients through the mean of each spike, updated at every step",
      "after Aenugu 2020; Bengio et al. 2013",
      "rollout=0 substeps=1 hidden=64 neuron=ising rule=reparam-mean readout=softmax "
      "critic=fourier critic.order=5 gamma=0.99 lambda=0.5 alpha=0.01 alpha_critic=0.001 "
      "optimiser=sgd average=0.999"},
     online_tasks},
    {{"reparam-soft", "relaxed spikes while learning, hard ones when evaluated",
      "after Aenugu 2020; Maddison et al. 2017",
      "rollout=0 substeps=1 hidden=64 neuron=ising rule=reparam-soft readout=softmax "
      "critic=fourier critic.order=5 gamma=0.99 lambda=0.5 alpha=0.01 alpha_critic=0.001 "
      "optimiser=sgd average=0.999"},
     online_tasks},
    {{"place-actor-critic",
      "place cells drive a winner-take-all group of action neurons: a local three-factor rule",
      "after Fremaux, Sprekeler, Gerstner 2013; Barto, Sutton, Anderson 1983",
      "rollout=0 substeps=1 hidden=0 coding=tiles code.tilings=8 code.tile_bins=8 "
      "code.cells=8192 bias=false readout=softmax rule=pgcn critic=tiles critic.tilings=8 "
      "critic.tile_bins=8 critic.cells=8192 gamma=0.99 lambda=0.9 lambda_actor=0.9 alpha=0.1 "
      "alpha_critic=0.1 optimiser=sgd"},
     place_tasks},
    {{"node-perturbation",
      "noise on the drives of integrate-and-fire neurons, credited by the return",
      "Fiete & Seung 2006",
      "envs=4 rollout=8 substeps=8 hidden=64 neuron=lif rule=node-perturbation perturbation=0.7 "
      "readout=count action_neurons=8 "
      "critic=random critic.cells=256 critic.gain=3 gamma=0.99 lambda=0.98 alpha=0.01 "
      "alpha_critic=0.2 optimiser=adam anneal=linear anneal.to=0.02"},
     perturbation_tasks},
    {{"hedonistic",
      "every synapse an agent that releases or does not; spikes are counted, strengths never "
      "change",
      "after Seung 2003",
      "envs=4 rollout=8 substeps=4 hidden=32 neuron=lif release=true rule=pgcn readout=count "
      "action_neurons=16 coding=gauss critic=random critic.cells=256 critic.gain=3 gamma=0.99 "
      "lambda=0.98 alpha=0.03 alpha_critic=0.2 optimiser=adam anneal=linear anneal.to=0.02"},
     hedonistic_tasks},
    {{"dqsn",
      "deep Q spiking network: constant current, integrate-and-fire with hard reset, values from "
      "membranes that never fire",
      "after Zheng et al. 2026; Chen et al. 2022 and SpikingJelly's cart-pole network",
      DQSN "if.reset=0"},
     value_tasks},
    {{"dqsn-soft",
      "the same network, but that a spike lowers the membrane by the threshold, and the learner of "
      "dqn",
      "after Zheng et al. 2026; Rueckauer et al. 2017 (soft reset)",
      DQSN "if.reset=1 clip_value=0 " DQN_LEARNER},
     value_tasks},
    {{"dqn", "double deep Q-network of spiking neurons, over a few steps",
      "Mnih et al. 2015; van Hasselt, Guez & Silver 2016; Hessel et al. 2018", DQN},
     dqn_tasks},
    {{"dqn-relu", "its control that does not spike", "Mnih et al. 2015", DQN "neuron=relu"},
     dqn_relu_tasks},
    {{"td3",
      "deterministic spiking actor, twin critics, delayed policy, a proxy in smoothed targets",
      "Fujimoto et al. 2018; Tang et al. 2020",
      SPIKING_ACTOR REPLAYED " algorithm=td3 td3.proxy=true"},
     td3_tasks},
    {{"td3-relu", "as td3, with an ordinary actor: a control", "Fujimoto et al. 2018",
      RELU_ACTOR REPLAYED " algorithm=td3"},
     td3_tasks},
    {{"sac", "spiking actor that is paid for being undecided, twin critics",
      "Haarnoja et al. 2018; Tang et al. 2020", SPIKING_ACTOR REPLAYED " algorithm=sac"},
     sac_tasks},
    {{"sac-relu", "as sac, with an ordinary actor: a control", "Haarnoja et al. 2018",
      RELU_ACTOR REPLAYED " algorithm=sac"},
     sac_tasks},
    {{"nes", "evolution: antithetic perturbations of all weights, ranks of their returns, Adam",
      "Salimans et al. 2017; Wierstra et al. 2014",
      SEARCHED "search=nes search.population=16 search.sigma=0.3 alpha=0.05 init_readout=0.25"},
     nes_tasks},
    {{"spsa", "the slope along random directions of all weights at once", "Spall 1992",
      SEARCHED "search=spsa search.population=2 search.sigma=0.05 alpha=0.05"},
     search_tasks},
    {{"one-plus-one", "a perturbation of all weights stays if it is not worse", "Rechenberg 1973",
      WALKED "search=one-plus-one search.sigma=0.03"},
     search_tasks},
    {{"metropolis", "as one-plus-one, and a worse one stays now and then", "Metropolis et al. 1953",
      WALKED "search=metropolis search.sigma=0.03"},
     search_tasks},
    {{"evolving-connectivity",
      "evolution of the probability of every connection; weights are there or not",
      "Wang et al. 2023, arXiv 2305.17650",
      SEARCHED "search=evolving-connectivity search.population=32 alpha=0.1"},
     search_tasks},
    {{"ec-trust",
      "as evolving-connectivity, the step bounded by how much of the gradient is signal",
      "after Li et al. 2026, arXiv 2601.21572",
      SEARCHED "search=ec-trust search.population=32 search.trust=10"},
     search_tasks},
    {{"random-walk", "every weight moves at random: a floor to compare with", "",
      WALKED "search=random-walk"},
     walk_tasks},
    {{"win-stay", "every weight repeats a move that helped and turns one round that did not",
      "Robbins 1952", WALKED "search=win-stay epsilon=0.4"},
     walk_tasks},
    {{"alopex", "every weight follows the correlation of its last move with the return",
      "Unnikrishnan & Venugopal 1994", WALKED "search=alopex"},
     walk_tasks},
    {{"syn-m1", "synapses as agents that see two past moves and rewards",
      "after Zheng et al. 2026, features reconstructed",
      SYNAPSES "syn.actions=2 syn.rewards=2 syn.bins=0"},
     walk_tasks},
    {{"syn-m2", "as syn-m1, three of each", "after Zheng et al. 2026, features reconstructed",
      SYNAPSES "syn.actions=3 syn.rewards=3 syn.bins=0"},
     walk_tasks},
    {{"syn-m3", "synapses as agents that see their weight",
      "after Zheng et al. 2026, features reconstructed",
      SYNAPSES "syn.actions=0 syn.rewards=0 syn.bins=8"},
     walk_tasks},
    {{"syn-m4", "syn-m1 and syn-m3 together", "after Zheng et al. 2026, features reconstructed",
      SYNAPSES "syn.actions=2 syn.rewards=2 syn.bins=8"},
     walk_tasks},
    {{"syn-coarse", "as syn-m4, and where in the network it is, in 4 x 4 blocks per layer",
      "after Zheng et al. 2026, features reconstructed",
      SYNAPSES "syn.actions=2 syn.rewards=2 syn.bins=8 syn.position=coarse"},
     walk_tasks},
    {{"syn-m5", "synapses as agents that see move, reward, weight and which synapse they are",
      "after Zheng et al. 2026, features reconstructed",
      SYNAPSES "syn.actions=1 syn.rewards=1 syn.bins=8 syn.position=full search.move=0.015"},
     walk_tasks},
    {{"syn-plus", "synapses as agents that see one thing: the sign of the local three-factor term",
      "ours; the term after Aenugu 2020; Bartlett & Baxter 2000",
      SYNAPSES "rule=reparam-mean syn.dynamics=signal syn.actions=0 syn.rewards=0 syn.bins=0"},
     plus_tasks},
    {{"reinforce", "surrogate gradients: returns of rollouts against a learned baseline",
      "Williams 1992; Neftci, Mostafa & Zenke 2019", ADVANTAGE "algorithm=reinforce"},
     gradient_tasks},
    {{"a2c", "surrogate gradients: advantage actor-critic, spiking actor and graded critic",
      "Mnih et al. 2016; Neftci, Mostafa & Zenke 2019", ADVANTAGE "algorithm=a2c"},
     gradient_tasks},
    {{"a2c-relu", "its control that does not spike", "Mnih et al. 2016",
      ADVANTAGE "algorithm=a2c neuron=relu"},
     gradient_tasks},
    {{"ppo", "surrogate gradients: clipped probability ratios, spiking actor and graded critic",
      "Schulman et al. 2017; Neftci, Mostafa & Zenke 2019", PPO},
     ppo_tasks},
    {{"ppo-relu", "its control that does not spike", "Schulman et al. 2017", PPO "neuron=relu"},
     ppo_tasks},
};

enum { N_METHODS = sizeof table / sizeof table[0] };

int hd_method_count(void) { return N_METHODS; }

const hd_method *hd_method_at(int index) { return &table[index].about; }

const hd_task_row *hd_method_task_at(int method, int index) {
  const hd_task_row *row = table[method].tasks;
  for (; row != NULL && row->tasks != NULL && index > 0; row++, index--) {
  }
  return row != NULL && row->tasks != NULL ? row : NULL;
}

static const char *name_at(const void *list, int i) {
  (void)list;
  return table[i].about.name;
}

hd_status hd__method_find(hd_ctx *ctx, const char *name, const hd__method_row **out) {
  for (int i = 0; i < N_METHODS; i++) {
    if (strcmp(table[i].about.name, name) == 0) {
      *out = &table[i];
      return HD_OK;
    }
  }
  const char *near = hd__nearest(name, name_at, NULL, N_METHODS);
  return near != NULL
             ? hd__fail(ctx, HD_UNKNOWN, "no method is called '%s'; did you mean '%s'?", name, near)
             : hd__fail(ctx, HD_UNKNOWN,
                        "no method is called '%s'; `hedon list methods` shows them", name);
}

static bool applies(const hd_task_row *row, const hd_env_desc *env) {
  return strcmp(row->tasks, env->name) == 0 ||
         (strcmp(row->tasks, "finite") == 0 && hd__code_states(env) > 0) ||
         (strcmp(row->tasks, "samples") == 0 && hd__is_samples(env));
}

const char *hd__method_task(const hd__method_row *method, const hd_env_desc *env, int i) {
  for (const hd_task_row *row = method->tasks; row != NULL && row->tasks != NULL; row++) {
    if (applies(row, env) && i-- == 0) {
      return row->settings;
    }
  }
  return NULL;
}
