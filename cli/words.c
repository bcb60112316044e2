#include "words.h"

static const word words[] = {
    {"progress",
     "the live line of a training, left to right: how much of the budget is used, as a bar and in "
     "percent; learners that have solved the task, if there are several; how the return went so "
     "far; return; steps/s; the activity of every spiking layer; the time that is left. What finds "
     "no room on the terminal is left out. --quiet shows none"},
    {"return",
     "on the live line, the mean sum of rewards of the last 100 training episodes, exploration "
     "included, and the mean of that over the learners; in results, greedy is the mean of the last "
     "evaluation, and while learning that of the last 100 training episodes"},
    {"steps/s",
     "environment steps of all learners per second of wall time since the command began, "
     "evaluations included"},
    {"left",
     "the wall time until the budget is used up, at the speed so far; a task that is solved "
     "earlier ends earlier"},
    {"input", "on the live line, how active the spiking input is: see hidden"},
    {"action", "on the live line, how active the action neurons are: see hidden"},
    {"hidden",
     "on the live line, hidden 57% says that a hidden neuron fired at 57% of the substeps, in the "
     "mean over the layer since the last evaluation; several layers are hidden 1, hidden 2, ..."},
    {"silent",
     "on the live line, the share of a layer's neurons that have not fired once since the last "
     "evaluation; what never fires cannot be told by the weights behind it"},
    {"solved",
     "three evaluations running reached the threshold, each the mean return of eval_episodes "
     "greedy episodes; steps and episodes are counted up to the first of them"},
    {"relapsed", "a learner that had solved its task and later fell below the threshold"},
    {"greedy", "played without exploration: the most probable action, or the most votes"},
    {"IQM",
     "interquartile mean: that of the middle half of the learners, so that one lost seed does not "
     "decide; its interval is a bootstrap of 95%"},
    {"CPU", "seconds of processor time that learning took, without evaluations"},
    {"hash",
     "64 bits over all weights: the same settings and seed give the same hash, with any number of "
     "threads and on any machine"},
    {"episode",
     "one try at a task, from its start to its end or its time limit: a row of decisions"},
    {"decision",
     "one step of the environment: the observation stays as it is while the neurons run for some "
     "substeps, and the readout makes an action of their spikes"},
    {"substep",
     "the shortest time of a network, dt milliseconds, in which a neuron fires once or not at all; "
     "a decision has several (the setting substeps)"},
    {"spike", "what a neuron sends where it fires: 1 in that substep, else 0"},
    {"policy", "what a learner does where: how probable it makes each action, given what it sees"},
    {"agent",
     "whatever draws what it does and is told by a number how good that was: a synapse, a neuron, "
     "a layer, a population that votes, or the whole network"},
    {"eligibility",
     "how what an agent just did depends on each of its weights; with traces, what it did before "
     "counts as well, the less the longer ago. An update is signal times eligibility"},
    {"signal",
     "the number that all agents are told: a TD error, an advantage, or the return of an episode"},
    {"critic", "what learns to say how much return is still to come from where the task is now"},
    {"TD error",
     "was this step better than expected: the reward, plus what the critic expects after it times "
     "gamma, less what it expected before"},
    {"advantage",
     "was this action better than expected, later rewards included: a sum of this TD error and "
     "those that follow, which count the less the later they come"},
    {"control",
     "the same run in which the part in question does not learn, such as learn_hidden=false, or is "
     "told nothing that it could learn from, shuffle_signal=true"},
};

int word_count(void) { return sizeof words / sizeof words[0]; }

const word *word_at(int i) { return &words[i]; }
