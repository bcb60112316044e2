/* A learner: what chooses actions and changes because of what follows.
 *
 * Every kind of learner is a row of learner_table.h. A session gives it environments, a place in an
 * arena and time; how it learns is the learner's own affair. Its state is a struct of its own type,
 * sized by its descriptor; arrays it takes from the session's arena, and those it names there are
 * saved. */
#ifndef HD_LEARNER_H
#define HD_LEARNER_H

#include "arena.h"
#include "config.h"
#include "evaluation.h"
#include "hedon/network.h"
#include "hedon/session.h"
#include "training.h"
#include "workers.h"

/* Most episodes that are evaluated side by side. */
enum { HD_EVAL_ROWS = 20 };

typedef struct hd__learner hd__learner;

typedef struct hd__learner_desc {
  const char *name, *doc;
  size_t state_size;
  /* Do these settings ask for this kind? The first row of the table that says so learns. */
  bool (*is_chosen)(const hd__settings *s);
  /* Fill the state from settings and environment, but for memory, and say in eval_rows how many
   * rows evaluations have. The state is all zero the first time; a restart compiles again.
   * Errors  CONFLICT (and why), RANGE. */
  hd_status (*compile)(hd__learner *learner);
  void (*lay_out)(hd__learner *learner, hd__arena *arena);
  /* Initial weights; all memory is zero. */
  void (*start)(hd__learner *learner);
  /* Before the first unit of a call, and after the last: NULL, or what a checkpoint does not hold
   * is made again, and what it must hold is put in place. */
  hd_status (*begin)(hd__learner *learner);
  hd_status (*end)(hd__learner *learner);
  /* One unit of learning: a step, a rollout, a candidate. Steps, episodes and updates are counted
   * in learner->training.  Errors  NUMERIC. */
  hd_status (*advance)(hd__learner *learner);
  /* Who acts greedily by what has been learned, until the learner is advanced. */
  hd__actor (*actor)(hd__learner *learner);
  /* NULL: the same, or who acts as the learner does while it learns, by the weights that learn. */
  hd__actor (*explorer)(hd__learner *learner);
  /* What a further thread acts with beside `actor`: its size (0: one thread acts alone), its
   * memory, its constants, and who acts with it just as `actor` does now. */
  size_t actor_size;
  void (*lay_out_actor)(hd__learner *learner, void *memory, hd__arena *arena);
  void (*start_actor)(hd__learner *learner, void *memory);
  hd__actor (*actor_beside)(hd__learner *learner, void *memory);
  /* Add the spiking layers and what they did since the last reset to `out`; begin anew. */
  void (*activity)(const hd__learner *learner, hd_stats *out);
  void (*reset_activity)(hd__learner *learner);
  uint64_t (*hash)(const hd__learner *learner);
  /* Can learning go on from what was loaded?  Errors  FORMAT. */
  hd_status (*check_loaded)(hd__learner *learner);

  /* NULL: all threads of the context, from the beginning. Or how many of n threads that are lent
   * later it has use for; then memory for those of learner->workers.  Errors  NOMEM. */
  int (*n_threads)(const hd__learner *learner, int n);
  hd_status (*share)(hd__learner *learner);
  /* NULL, or play episodes of an evaluation as hd__evaluation_play does, on several threads; false
   * if that failed, and nothing was reported. */
  bool (*play)(hd__learner *learner, const hd_env_desc *env, int n, uint64_t first,
               double *returns);
  /* NULL, or keep a copy of what the teacher knows, to begin with it whenever the learner is
   * started; then begin with it now.  Errors  CONFLICT, MISMATCH, NOMEM. */
  hd_status (*set_policy)(hd__learner *learner, const hd__learner *teacher);
  void (*use_policy)(hd__learner *learner);
  /* NULL, or make a network that shows what the learner's own network does (shown_net.h): from then
   * on `advance` repeats there whatever environment learner->shown_env decides, or the session, by
   * repeat_decided, what `actor` has just decided in its first row.
   * begin_shown: it begins where that environment is in its episode; NULL: no network acts while
   * the learner advances.
   * Errors  CONFLICT (what cannot be shown, and why), NOMEM. */
  hd_status (*show)(const hd__learner *learner, hd_network **out);
  void (*begin_shown)(hd__learner *learner);
  void (*repeat_decided)(hd__learner *learner);
  /* NULL, or the value of one observation, between two units of learning; false: it has none. */
  bool (*value)(hd__learner *learner, const float *obs, float *value);
  /* NULL, or free what does not lie in the arena. */
  void (*destroy)(hd__learner *learner);
} hd__learner_desc;

struct hd__learner {
  const hd__learner_desc *desc;
  void *state; /* [desc->state_size], of the descriptor's type */
  hd_ctx *ctx;
  const hd_config *config;
  const hd__settings *settings;
  const hd_env_desc *env;
  const hd__kernel *kernel;
  uint64_t seed;
  int eval_rows;
  hd__training *training;     /* the environments that it learns in */
  hd__evaluation *evaluation; /* whole episodes, for evaluation and for searches */
  hd__workers *workers;       /* or NULL: one thread */
  hd_network *shown;          /* what somebody looks into, or NULL, */
  int shown_env;              /* and the environment whose decisions it repeats; or HD_DECISIONS */
};

/* Does somebody look at what is decided while the learner advances? */
static inline bool hd__learner_shows_training(const hd__learner *learner) {
  return learner->shown != NULL && learner->shown_env != HD_DECISIONS;
}

/* The kind that the settings ask for: the first of the table that says so. */
const hd__learner_desc *hd__learner_desc_of(const hd__settings *s);
int hd__learner_desc_count(void);
const hd__learner_desc *hd__learner_desc_at(int index);

/* ---- for learners ---- */

/* Share of the step sizes that the schedule leaves now. */
float hd__learner_annealed(const hd__learner *learner);

/* Fail since this kind of learner has no policy to hand on. */
hd_status hd__learner_has_no_policy(hd_ctx *ctx);

/* Save counts of spikes, so that a run that was stopped goes on counting: of a layer's neurons, and
 * the substeps of all layers. */
void hd__list_spikes(hd__arena *arena, float *spikes, int n_pad);
void hd__list_substeps(hd__arena *arena, double *substeps);

/* One spiking layer of hd_stats: spikes [n_pad] of its neurons in so many substeps; live [n_pad] is
 * 1 in lanes that are neurons, NULL: the first n are. */
void hd__describe_layer(hd_stats *out, const char *name, int n, int n_pad, const float *live,
                        const float *spikes, double substeps);

#endif
