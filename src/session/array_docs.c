/* What the arrays of a session mean: hd_view's sentence for each name. Rows are sorted by name; a
 * name that begins with a dot is the end of longer ones. */
#include <stdlib.h>
#include <string.h>

#include "session_internal.h"

typedef struct array_doc {
  const char *name, *doc;
} array_doc;

static const array_doc rows[] = {
    {".beta_power", "Powers of Adam's two decay rates after the updates so far."},
    {".m", "Adam's running mean of the gradient, for each weight."},
    {".mean", "Running mean."},
    {".trace", "Eligibility trace of each weight."},
    {".v", "Adam's running mean of the squared gradient, for each weight."},
    {".variance", "Running variance."},
    {".weights", "Weights of this network."},
    {"above",
     "What the layers above the first did in the last decision, as the layers below see it in the "
     "next."},
    {"activity.spikes",
     "Spikes of each neuron of a layer since they were last reported, 0 in what pads its row."},
    {"activity.substeps", "Substeps in which those spikes were counted, of all environments."},
    {"actor", "Weights of the acting network, projection after projection, biases behind sources."},
    {"actor.average", "Running average of the actor's weights, which evaluations use."},
    {"actor.carried",
     "State of neurons and rules that goes on to the next decision, by environment."},
    {"actor.continued", "1 where an environment's next decision goes on from the carried state."},
    {"actor.feedback", "Weights by which settling neurons hear of the layer above."},
    {"actor.weights", "Weights of the acting network, layer after layer, the readout last."},
    {"average.weights", "Running average of the acting network's weights, which evaluations use."},
    {"beta_power", "Powers of Adam's two decay rates after the updates so far."},
    {"clock", "Steps of every environment, and updates of the weights."},
    {"code.cells",
     "Learned place cells, a row per coordinate: the lowest and highest value seen, its number in "
     "the observation, a full turn if it is an angle; 1 for each group that sees it; the centres "
     "of "
     "all cells. Last row: observations so far, and, in the columns of groups, how many cells each "
     "has."},
    {"counters",
     "Steps of every environment, episodes, updates, whether a number was not finite; then, as "
     "64-bit floats, the mean return of the last 100 episodes and CPU seconds."},
    {"critic", "Weights of the critic, one for each of its features."},
    {"critic.weights", "Weights of the critic's network, layer after layer."},
    {"env.done", "1 where an environment's episode has ended and has not begun anew."},
    {"env.elapsed", "Steps taken in the present episode, a 32-bit integer for each environment."},
    {"env.random", "The generator of each environment's own draws."},
    {"env.state", "The state of all environments, as they keep it themselves."},
    {"episode_discount_lost",
     "Share that the discount takes from the present episode's next reward."},
    {"episode_return", "Sum of the rewards of the present episode, by environment."},
    {"episodes", "Episodes that have ended."},
    {"follower.weights", "Weights of the network that follows the actor slowly."},
    {"fresh", "1 where the next decision of an environment begins an episode."},
    {"gated.before", "The coded observation of the step before, by environment."},
    {"gated.begun", "1 where an action of the present episode has been chosen."},
    {"gated.changes", "Sums of what came and of what went in each input since the episode began."},
    {"gated.chosen", "The choice that was made last, by environment."},
    {"gated.memory", "Drives of the units that remember, by environment."},
    {"gated.tags", "Tag of each weight: what its synapse did for the actions chosen, fading."},
    {"gated.value", "What the last choice is worth to the network: its value, or its probability."},
    {"noise", "Exploration that goes on from step to step, by environment and action."},
    {"obs", "The present observation of each environment."},
    {"obs_norm.count", "Observations seen so far by the normaliser."},
    {"obs_norm.mean", "Running mean of each number of an observation."},
    {"obs_norm.variance", "Running variance of each number of an observation."},
    {"phi",
     "Features of the last observation as the critic sees them: values, or the lines that are on."},
    {"phi.rest",
     "The last value, less what the features and weights make of it; of critics whose features "
     "learn."},
    {"policy", "Values of the synapses that are agents: what each move is worth in each state."},
    {"proxy.weights", "Weights of the network that learns what the actor does."},
    {"range.count", "Observations from which the working range was learned so far."},
    {"range.mean", "Mean of each number of an observation, the middle of the working range."},
    {"range.running_mean", "Running mean of each number of an observation, where ranges are held."},
    {"range.running_variance",
     "Running variance of each number of an observation, where ranges are held."},
    {"range.variance",
     "Variance of each number of an observation, by which the working range is zoomed."},
    {"replay.action", "Actions of the transitions that are kept."},
    {"replay.discount", "By how much the value of what follows counts in each transition."},
    {"replay.growing", "Last transitions of an environment that its next step prolongs."},
    {"replay.highest", "The highest priority so far, with which a new transition begins."},
    {"replay.next", "Observations at the end of the transitions that are kept."},
    {"replay.obs", "Observations at the beginning of the transitions that are kept."},
    {"replay.priority", "Priorities of transitions, as a tree of their sums."},
    {"replay.reward", "Discounted sums of rewards of the transitions that are kept."},
    {"replay.written", "Transitions written so far; the buffer keeps the last ones."},
    {"return_scale.count", "Rewards seen so far by the scale of returns."},
    {"return_scale.discounted", "Discounted sum of rewards of each environment."},
    {"return_scale.size", "Running size of discounted returns, by which rewards are divided."},
    {"returns", "Returns of the last 1024 training episodes, as a ring."},
    {"rollout.choice", "Actions of the present rollout, as numbers of choices."},
    {"rollout.ended", "1 where an episode ended in the present rollout."},
    {"rollout.fresh", "1 where a decision of the present rollout began an episode."},
    {"rollout.log_p", "Logarithm of the probability with which each action was chosen."},
    {"rollout.next", "Value of what followed each step of the present rollout."},
    {"rollout.reward", "Rewards of the present rollout."},
    {"rollout.slot", "Steps of the present rollout that have been taken."},
    {"rollout.state", "State of the neurons where the present rollout began, by environment."},
    {"rollout.value", "Values that the critic gave in the present rollout."},
    {"rollout.x", "Input of the networks in the present rollout."},
    {"search.C",
     "Correlation of each weight's last move with the change of the return, by temperature."},
    {"search.actions", "Last moves of each synapse, as digits of base 3."},
    {"search.before", "Weights before the last move."},
    {"search.best", "Return of the weights at which the search stands."},
    {"search.beta_power", "Powers of Adam's two decay rates after the updates so far."},
    {"search.counters", "Generations, and candidates of this one whose returns are known."},
    {"search.dynamics", "What synapses see of the network's activity, for each of them."},
    {"search.energy", "Running energy of the signal, by which steps are bounded."},
    {"search.heat", "The temperature of the search, and what its next value is made of."},
    {"search.log_sigma", "Logarithm of each weight's own deviation."},
    {"search.lot", "Lot of each weight; those below search.movers move."},
    {"search.m", "Adam's running mean of the estimated gradient."},
    {"search.move", "Last move of each weight, in steps."},
    {"search.payment", "Statistics of returns from which synapses are paid."},
    {"search.phi", "Features of what each synapse saw before its last move."},
    {"search.plan",
     "The next move of each weight: the last one or its opposite, or one at random."},
    {"search.reference", "Return with which the next one is compared."},
    {"search.returns", "Returns of the candidates of this generation."},
    {"search.reward", "What synapses saw of the reward, for each of them."},
    {"search.rewards", "Signs of the last payments, as digits of base 3."},
    {"search.rho", "Probability of each connection."},
    {"search.state", "What each synapse saw before its last move."},
    {"search.v", "Adam's running mean of the squared estimated gradient."},
    {"search.w", "Weights at which the search stands."},
    {"state", "State of the neurons that goes on to the next decision, by environment."},
    {"target.weights", "Weights of the network that gives targets and follows slowly."},
    {"team.begun", "1 where an action of the present episode has been chosen."},
    {"team.chosen", "The choice that was made last, by environment."},
    {"team.rewards", "Rewards of each agent's own for its last decision, by environment."},
    {"team.traces", "Trace of each weight: what its agent did, fading, by environment."},
    {"team.values", "What each agent expected at its last decision, by environment."},
    {"temperature", "Logarithm of the weight of the entropy, and Adam's means and powers for it."},
    {"trace.awake", "Rows of the trace that are not asleep, in the order of waking."},
    {"trace.n_active", "How many rows of the trace are not asleep."},
    {"trace.strength",
     "1 where a row of the trace was touched, decaying with the trace; 0 asleep."},
    {"trace.values", "Eligibility trace of each weight, row after row."},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static int array_docs_compare(const void *name, const void *row) {
  return strcmp(name, ((const array_doc *)row)->name);
}

static const char *array_docs_find(const char *name) {
  const array_doc *row = bsearch(name, rows, ROWS, sizeof rows[0], array_docs_compare);
  return row != NULL ? row->doc : NULL;
}

/* By the whole name, the name without a number at its end, or the end of the name. */
static const char *array_docs_of(const char *name) {
  const char *doc = array_docs_find(name), *end = strrchr(name, '.');
  if (doc != NULL || end == NULL) {
    return doc != NULL ? doc : "";
  }
  char shorter[HD_FIELD_NAME] = {0};
  memcpy(shorter, name, (size_t)(end - name));
  const bool is_numbered = end[1] >= '0' && end[1] <= '9';
  doc = array_docs_find(is_numbered ? shorter : end);
  return doc != NULL ? doc : "";
}

void hd__session_describe_arrays(hd_session *session) {
  for (int i = 0; i < session->arena.n_views; i++) {
    session->arena.view[i].doc = array_docs_of(session->arena.view[i].name);
  }
}
