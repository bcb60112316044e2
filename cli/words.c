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
};

int word_count(void) { return sizeof words / sizeof words[0]; }

const word *word_at(int i) { return &words[i]; }
