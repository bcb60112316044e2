/* A learner with a context of its own, whose memory is counted. */
#ifndef CLI_BENCH_LEARNER_H
#define CLI_BENCH_LEARNER_H

#include "bench.h"

typedef struct memory {
  int64_t now, peak; /* bytes */
} memory;

typedef struct learner {
  hd_ctx *ctx;
  hd_session *session;
  memory memory;
  int64_t steps; /* taken so far */
  int64_t chunk; /* steps of a turn, once it is known how long they take */
  double rate;   /* spikes per hidden neuron and substep in the last turn */
} learner;

/* The user's configuration, or with `method` that method's, under further settings
 * ("key=value key=value").
 * On failure the sentence is in `error`, which holds BENCH_ERROR characters. */
hd_status learner_open(const bench *b, const char *method, const char *settings, uint64_t seed,
                       learner *out, char *error);
void learner_close(learner *self);

/* n learners, seeds 0 to n - 1, each with a turn behind it; all or none. `first` is zeroed memory.
 */
hd_status learners_open(const bench *b, const char *method, learner *first, int n, char *error);
void learners_close(learner *first, int n);

/* The settings alone, in a given context. */
hd_status learner_config(const bench *b, hd_ctx *ctx, const char *method, const char *settings,
                         hd_config **out);

/* gauge_fn: learn for about a third of a millisecond; work is a learner, amount is steps. */
hd_status learner_turn(void *work, double *amount);

/* Synapses of a plain network of layers, n_obs-hidden-...-actions, biases left out; NAN for any
 * other, whose count is not told by its settings. */
double learner_synapses(const learner *self);
int learner_substeps(const learner *self);

/* Say a sentence of learner_open; returns the exit code. */
int learner_say(hd_status status, const char *error);

#endif
