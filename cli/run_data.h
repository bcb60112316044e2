/* What a run folder holds, read without touching it: settings, evaluations, results. */
#ifndef CLI_RUN_DATA_H
#define CLI_RUN_DATA_H

#include "hedon/hedon.h"
#include "json_scan.h"

enum { RUN_PATH = 4096, RUN_NAME = 24, RUN_WHY = 1024, RUN_CHANGES = 512 };

typedef struct run_layer {
  char name[RUN_NAME];
  int n;                     /* neurons; 0: not told */
  double rate, silent, full; /* as hd_stats */
} run_layer;

typedef struct run_evaluation {
  int64_t env_steps, episodes, updates;
  double eval_return, train_return, cpu_s;
  double spikes, syn_ops; /* of a decision, since the last evaluation; NAN: not known */
  double syn_ops_so_far;  /* of all decisions in training */
  int n_layers;
  run_layer layer[HD_MAX_LAYERS];
} run_evaluation;

typedef struct run_learner {
  hd_result result;           /* of one that is not done: what its last evaluation said; hash 0 */
  run_evaluation *evaluation; /* [n] in the order of time */
  int n, capacity;
} run_learner;

typedef struct run_data {
  char path[RUN_PATH];
  hd_config *config;
  char changes[RUN_CHANGES]; /* "key=value key=value": what differs from the method's settings */
  double threshold;          /* the return that counts as solved; NAN: none */
  int n;                     /* learners, of consecutive seeds */
  int64_t torn, n_torn;      /* lines of metrics.jsonl that hold no event: the first, how many */
  run_learner *learner;
} run_data;

/* Read a folder. False: it is no run that can be read, and `why` says why. The caller frees *out.
 */
bool run_read(hd_ctx *ctx, const char *path, run_data *out, char why[RUN_WHY]);
void run_free(run_data *self);
/* Name on standard error the lines that were left out, if there are any. */
void run_say_torn(const run_data *self);

/* Read a line of metrics.jsonl; false: it tells of no evaluation. */
bool run_read_evaluation(json_span line, uint64_t *seed, run_evaluation *out);

/* Take the members of a result's JSON object; what it lacks is kept. */
void run_read_result(json_span line, hd_result *out);

/* Where learners of a run stand: as hd_summary, of its learners that have been evaluated. */
typedef struct run_summary {
  int n_done, n_solved, n_relapsed;
  hd_estimate solved;     /* share of all learners, Wilson's interval */
  hd_estimate iqm;        /* of the last returns, with a bootstrap interval; NAN before the first */
  double mean;            /* of the last returns */
  double steps_median;    /* to the threshold, of the solved; NAN: none */
  double cpu_median;      /* CPU seconds of learning */
  double spikes, syn_ops; /* of a decision at the last evaluation, means; NAN: not known */
  int64_t env_steps;      /* of all learners */
} run_summary;

hd_status run_summarise(hd_ctx *ctx, const run_data *self, run_summary *out);

/* A learning curve: the interquartile mean over learners and its interval, an entry for each
 * evaluation. A learner that is done keeps its last return. */
typedef enum run_over {
  RUN_OVER_STEPS,
  RUN_OVER_EPISODES,
  RUN_OVER_CPU,
  RUN_OVER_SYN_OPS, /* synaptic operations */
  RUN_OVERS
} run_over;

enum { RUN_POINTS = 200 };

typedef struct run_curve {
  int n;
  int at[RUN_POINTS];   /* which evaluation */
  double x[RUN_POINTS]; /* mean over the learners that were evaluated then; NAN: not known */
  hd_estimate y[RUN_POINTS];
} run_curve;

hd_status run_curve_of(hd_ctx *ctx, const run_data *self, run_over over, run_curve *out);
/* The same curve over something else: x [n]. */
void run_curve_over(const run_data *self, const run_curve *curve, run_over over,
                    double x[RUN_POINTS]);

/* Final returns of a run's learners; the caller frees the values. n = 0: none yet. */
hd_scores run_scores(const run_data *self);

/* Performance profiles: places that all returns of n runs lie between, false if there are none;
 * the share of a run's learners above each, not is_there before the first is evaluated. */
enum { RUN_TAUS = 41 };
bool run_profile_places(const run_data *const *run, int n, double tau[RUN_TAUS]);
hd_status run_profile_of(hd_ctx *ctx, const run_data *self, const double tau[RUN_TAUS],
                         hd_estimate share[RUN_TAUS], bool *is_there);

/* Fill the spikes and synaptic operations of all evaluations. A spike costs an operation for each
 * neuron that it reaches: those of the next layer, or the outputs behind the last one, and those of
 * its own layer where that is recurrent. Not known of networks that do not spike, and of runs whose
 * metrics.jsonl does not tell how many neurons a layer has. */
void run_costs(hd_ctx *ctx, run_data *self);

/* ---- finding runs ---- */

typedef struct run_list {
  run_data *run;
  int n, capacity;
  int n_skipped; /* folders that look like runs and are not, each named on standard error */
} run_list;

/* Call `fn` with every folder at any depth, in the order of their names, that looks like a run's;
 * metrics: of its metrics.jsonl, or NULL where it has only a config.toml. `folder`, unless NULL, is
 * called with every other folder before it is looked into. An exit code other than EXIT_OK ends the
 * walk and is returned. */
struct stat;
typedef int (*run_walk_fn)(void *user, const char *path, const struct stat *metrics);
int run_walk_folder(const char *path, run_walk_fn fn, run_walk_fn folder, void *user);
/* Has a folder the config.toml of a run? */
bool run_is_there(const char *dir);
/* The first run in the folders below a folder; false: there is none. */
bool run_first_below(const char *dir, char path[RUN_PATH]);
/* Say that a path is no folder, or one without a run (a checkpoint, ...), and which run lies below.
 * Returns an exit code. */
int run_say_none(const char *dir, const char *what);

/* All runs in folders, at any depth, in the order of their names. A folder given by name that holds
 * none is named as well. Returns an exit code and has spoken if it is not EXIT_OK. */
int run_find(hd_ctx *ctx, const char *const *path, int n, run_list *out);
void run_list_free(run_list *self);

/* "hidden=16 gamma=0.9": what differs from the settings that its method has for its task, but for
 * how long the run is; "" also where the method is not known any more. */
void run_changes(hd_ctx *ctx, const hd_config *config, char changes[RUN_CHANGES]);

/* "CartPole-v1 with ppo hidden=[16]": task, method, and what differs from the method's settings. */
const char *run_title(const run_data *self, char *text, size_t size);

#endif
