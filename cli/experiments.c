#include "experiments.h"

#include <stddef.h>
#include <string.h>

/* The set of samples is shown 4000 times; a deterministic network is evaluated by one sweep. */
static const experiment_task synapse_tasks[] = {
    {"Blobs-v0", "steps=600000 overtrain=0 eval_every=15000 eval_episodes=1"},
    {"Gridworld-v0", "steps=1000000 overtrain=0 eval_every=100000"},
    {"CartPole-v1", "steps=400000 overtrain=0 eval_every=40000"},
    {NULL, NULL}};

/* Told the likelihood no move has to be undone: all weights move at once, by little. */
static const experiment_task likelihood_tasks[] = {
    {"Blobs-v0",
     ("steps=600000 overtrain=0 eval_every=15000 eval_episodes=1 search.score=likelihood "
      "?search.movers=1 ?search.undo=false ?search.move=0.01 ?syn.reward=sign")},
    {NULL, NULL}};

static const experiment_task neuron_tasks[] = {
    {"CartPole-v1", ""}, {"Gridworld687-v0", ""}, {"XorTime-v0", "steps=50000"}, {NULL, NULL}};

static const experiment_task critic_tasks[] = {{"CartPole-v1", "steps=100000"}, {NULL, NULL}};

static const experiment_task memory_tasks[] = {
    {"DelayedCue-v0", "steps=150000"}, {"DelayedMatch-v0", "steps=150000"}, {NULL, NULL}};

static const experiment_task value_tasks[] = {
    {"CartPole-v0", "steps=30000 overtrain=0 eval_every=5000"}, {NULL, NULL}};

/* Budgets that a run of a second or two can spend; --cpu bounds the rest. */
static const experiment_task all_tasks[] = {
    {"CartPole-v1", "steps=100000 eval_every=5000 eval_episodes=20"},
    {"MountainCar-v0", "steps=200000 eval_every=10000 eval_episodes=20"},
    {"Acrobot-v1", "steps=200000 eval_every=10000 eval_episodes=20"},
    {"Pendulum-v1", "steps=100000 eval_every=5000 eval_episodes=20"},
    {"Gridworld687-v0", "steps=100000 eval_every=5000 eval_episodes=50"},
    {"XorTime-v0", "steps=100000 eval_every=5000 eval_episodes=20"},
    {"TMaze-v0", "steps=200000 eval_every=10000 eval_episodes=50"},
    {NULL, NULL}};

static const experiment table[] = {
    {"all", "Every method on the classic suite, as it is built in: nothing is tuned", "ours", "all",
     10, all_tasks},
    {"synapse-features", "What a synapse that learns its own weight has to see of the network",
     "after Zheng et al. 2026, features reconstructed; syn-plus is ours",
     "syn-m1,syn-m2,syn-m3,syn-m4,syn-coarse,syn-m5,syn-plus,alopex,nes,random-walk", 20,
     synapse_tasks},
    {"synapse-dynamics",
     "What one thing seen of the network's dynamics is worth to a shared policy",
     "ours; signal after Aenugu 2020",
     "syn-plus,syn-plus:syn.dynamics=eligibility,syn-plus:syn.dynamics=agreement,"
     "syn-plus:syn.dynamics=membrane,syn-plus:syn.dynamics=surrogate,"
     "syn-plus:syn.dynamics=rate-pre+rate-post,syn-plus:syn.dynamics=signal+agreement,"
     "syn-plus:syn.dynamics=none,random-walk",
     10, synapse_tasks},
    {"synapse-likelihood",
     "The same synapses told the mean log probability of the right answers, not their share",
     "after Zheng et al. 2026, features reconstructed; syn-plus is ours",
     ("syn-m1,syn-m2,syn-m3,syn-m4,syn-coarse,syn-m5:search.move=0.015,syn-plus,alopex,"
      "nes:search.sigma=0.1:search.greedy=true,random-walk"),
     20, likelihood_tasks},
    {"neuron-agents", "Neurons as agents and the gradients through spikes beside them",
     "after Aenugu 2020",
     "neuron-agent,neuron-agent-online,neuron-agent-society,neuron-agent-vote,reparam-st,"
     "reparam-mean,reparam-soft",
     20, neuron_tasks},
    {"critics", "One learner, six ways to know what a state is worth", "ours",
     "neuron-agent,neuron-agent:critic=fourier,neuron-agent:critic=tiles,"
     "neuron-agent:critic=random-spikes,neuron-agent:critic=learned-spikes,"
     "neuron-agent:critic=none",
     20, critic_tasks},
    {"delayed-cue", "Who remembers a cue: the same with and without memory",
     "after Bellec et al. 2020; Rombouts, Bohte & Roelfsema 2015",
     "e-prop,e-prop:carry=false,augment,augment:gated.memory=0,"
     "augment:gated.rates=false:substeps=16,place-actor-critic",
     20, memory_tasks},
    {"spiking-q", "Deep Q spiking networks by how a membrane is reset, and by their width",
     "after Zheng et al. 2026, whose reset is dqsn's; the learner of dqsn-soft is dqn's",
     "dqsn:hidden=16,dqsn:hidden=64,dqsn:hidden=256,dqsn:if.reset=1:hidden=16,"
     "dqsn:if.reset=1:hidden=64,dqsn:if.reset=1:hidden=256,dqsn-soft:hidden=16,"
     "dqsn-soft:hidden=64,dqsn-soft:hidden=256",
     20, value_tasks},
};

enum { N_EXPERIMENTS = sizeof table / sizeof table[0] };

int experiment_count(void) { return N_EXPERIMENTS; }

const experiment *experiment_at(int index) { return &table[index]; }

const experiment *experiment_find(const char *name) {
  for (int i = 0; i < N_EXPERIMENTS; i++) {
    if (strcmp(table[i].name, name) == 0) {
      return &table[i];
    }
  }
  return NULL;
}
