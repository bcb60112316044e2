/* Environments: what a new one supplies, and how a program steps them.
 *
 * Every built-in environment is described by the same hd_env_desc that a user fills. */
#ifndef HEDON_ENV_H
#define HEDON_ENV_H

#include "context.h"

/* Randomness handed to an environment. The environment draws; it never owns a generator. It is
 * valid during the call that hands it over, on the thread of that call; no draw can fail. */
typedef struct hd_random hd_random;

HD_API double hd_random_uniform(hd_random *random);             /* in [0, 1), 53 bits */
HD_API uint32_t hd_random_below(hd_random *random, uint32_t n); /* in [0, n), unbiased; n > 0 */
HD_API double hd_random_normal(hd_random *random);              /* mean 0, variance 1 */

/* One row of an exact model: next state, probability, reward, terminated. */
typedef struct hd_transition {
  int next;           /* number of the next state */
  double probability; /* 0 to 1; those of a state and action add up to 1 */
  double reward;      /* of this transition */
  bool terminated;    /* the episode ends there */
} hd_transition;

/* Limits of environments. */
enum {
  HD_MAX_OBS = 4096,      /* components of an observation */
  HD_MAX_ACT = 64,        /* components of an action */
  HD_MAX_TRANSITIONS = 8, /* successors of a state and action in an exact model */
  HD_WHY_SIZE = 256       /* bytes of a sentence that says why something cannot be */
};

typedef struct hd_foreign hd_foreign; /* hedon/foreign.h */

/* What a user may choose of an environment. A name with choices, such as "TMaze-v0:length=20" or
 * "Blackjack-v1:natural=true:sab=false", is an environment of its own wherever an environment is
 * named: hd_env_find makes it when it is first asked for. */
typedef enum hd_env_option_type {
  HD_ENV_FLAG,   /* true or false */
  HD_ENV_WHOLE,  /* a whole number */
  HD_ENV_NUMBER, /* a real number */
  HD_ENV_TEXT    /* a text without blanks, commas and colons */
} hd_env_option_type;

/* One such choice. */
typedef struct hd_env_option {
  const char *name;        /* such as "length" */
  hd_env_option_type type; /* what values it takes */
  const char *fallback;    /* what it is in the environment without choices, as text */
  double low, high;        /* bounds of numbers */
  const char *help;        /* one sentence */
} hd_env_option;

/* What was chosen. */
typedef struct hd_env_value {
  double number;    /* a flag is 0 or 1 */
  const char *text; /* as the user wrote it */
} hd_env_value;

/* Limits of such environments. */
enum {
  HD_ENV_OPTIONS_MAX = 8,      /* options of an environment */
  HD_ENV_NAME_MAX = 256,       /* characters of a name with choices, its end included */
  HD_ENV_CONFIGURED_MAX = 1536 /* bytes that configure may fill */
};

/* An environment: what it observes, takes and pays, and the functions that say so. `self` of each
 * function is this descriptor. Functions write nothing but their outputs and `state`, since several
 * threads may step environments of one kind. */
typedef struct hd_env_desc hd_env_desc;
struct hd_env_desc {
  size_t size;        /* sizeof(hd_env_desc) */
  const char *name;   /* unique, e.g. "CartPole-v1" */
  const char *alias;  /* short form, or NULL */
  const char *doc;    /* one line */
  const char *source; /* where the dynamics are defined */

  const hd_dim *obs; /* n_obs components, at most HD_MAX_OBS */
  int n_obs;         /* at least 1 */
  const hd_dim *act; /* n_act components, at most HD_MAX_ACT: one integer, or real numbers */
  int n_act;         /* at least 1 */
  int max_steps;     /* truncated after so many steps; 0: never */
  double solved;     /* mean return that counts as solved; NAN: none agreed */
  double low_score, high_score; /* returns of a random and of the best known policy */
  const hd_env_desc *eval_env;  /* an environment with the same dimensions that evaluates what was
                                   learned here; NULL: this one */
  double discount; /* per step, of the return that solved and the scores speak of; 0: none */

  size_t state_size; /* bytes of plain data per environment: no pointers, copied into checkpoints */
  const void *data;  /* passed along untouched: a map, a variant, a user's pointer */

  /* Start an episode. state holds the previous episode's last state, zeros at first. */
  void (*reset)(const hd_env_desc *self, void *state, hd_random *random);

  /* Advance one step. action has n_act components; a discrete one is an integer in [0, count).
   * Returns true if the episode terminated: nothing is earned after it. The caller counts
   * max_steps. */
  bool (*step)(const hd_env_desc *self, void *state, const float *action, hd_random *random,
               double *reward);

  /* Write n_obs components. */
  void (*observe)(const hd_env_desc *self, const void *state, float *obs);

  /* Optional: did the step just made truncate the episode, before max_steps and by the
   * environment's own decision? Values count beyond a truncation, as they do beyond max_steps, and
   * none beyond a termination. Asked after every step; `terminated` and `truncated` may both hold,
   * and an episode that terminated has no value beyond. NULL: max_steps alone truncates. */
  bool (*truncated)(const hd_env_desc *self, const void *state);

  /* Optional, for finite environments: write the successors of (state, action), at most
   * HD_MAX_TRANSITIONS, and return their number. States are numbered as in the observation. */
  int (*model)(const hd_env_desc *self, int state, int action, hd_transition *out);
  /* Optional, for finite environments: probability that an episode starts in this state. */
  double (*start)(const hd_env_desc *self, int state);

  /* Optional, both or none, for environments that need more than plain data, such as the world of a
   * physics engine: a body. Every environment has one of its own, opened when environments are
   * created and closed when they are destroyed. state then begins with a pointer, void *body. It
   * holds the body while reset, step or observe runs, and NULL at all other times: in a checkpoint,
   * too. States are copied, loaded and started anew behind a body's back, so the state says all
   * there is to say, and a body that does not belong to it is brought to where it should be.
   *
   * open writes a body; or returns why it cannot, and writes a sentence (without a full stop). It
   * finds the body of an environment that is never stepped at the same time in *body, or NULL. It
   * may leave that body there and count its users: close is called once for each. Environments
   * whose bodies differ may be stepped by several threads at once. */
  hd_status (*open)(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]);
  /* Frees a body. */
  void (*close)(const hd_env_desc *self, void *body);

  /* Functions that step several environments in one call, for environments in another language
   * (hedon/foreign.h). All functions above are then NULL and state_size is 0. NULL: an environment
   * in C, as above. */
  const hd_foreign *foreign;

  /* Optional: what a user may choose, and how a choice makes another environment. */
  const hd_env_option *option; /* [n_options], at most HD_ENV_OPTIONS_MAX */
  int n_options;               /* entries of option */
  /* Change `out`, a copy of self, to what `value` [n_options] says. Its data and dimensions may lie
   * in `memory`, HD_ENV_CONFIGURED_MAX zero bytes aligned to 16, which stay where they are as long
   * as the context lives. Returns false if the values do not fit together, and writes a sentence
   * (without a full stop). */
  bool (*configure)(const hd_env_desc *self, hd_env_desc *out, const hd_env_value *value,
                    void *memory, char why[HD_WHY_SIZE]);
  /* Written by the library: the environment that this one was made of by choices, or NULL. Rows of
   * methods for the one hold for the other. */
  const hd_env_desc *base;
};

/* Make a user's environment known to a context under its name. The descriptor is copied; what it
 * points to must outlive the context. To be called before studies of the context run.
 *
 * Errors  USAGE (missing function, wrong size, name taken), RANGE (dimensions), NOMEM. */
HD_API hd_status hd_env_register(hd_ctx *ctx, const hd_env_desc *desc);

/* The number of environments, built-in and registered ones. */
HD_API int hd_env_count(const hd_ctx *ctx);
/* One of them, built-in ones first; index from 0 to hd_env_count - 1. Lives as long as the context.
 */
HD_API const hd_env_desc *hd_env_at(const hd_ctx *ctx, int index);

/* Find by name or alias, letter case ignored, or make one by a name with choices, which come behind
 * colons: "NAME:option=value:option=value". What is chosen as it is anyway is left out of the name
 * of what was found, and the others stand in the environment's order. *out belongs to the context.
 *
 * Errors  UNKNOWN (offers the nearest name; an option that the environment does not have), RANGE (a
 *         value that it does not take), NOMEM. */
HD_API hd_status hd_env_find(hd_ctx *ctx, const char *name, const hd_env_desc **out);

/* How environments draw. */
typedef enum hd_rng_kind {
  HD_RNG_NATIVE,   /* counter-based: a draw depends on seed, environment and position only */
  HD_RNG_GYMNASIUM /* numpy's SeedSequence and PCG64: a seed gives Gymnasium's own episodes */
} hd_rng_kind;

/* B copies of one environment, stepped together; opaque. One call at a time. Row b of every array
 * below is environment b's. */
typedef struct hd_envs hd_envs;

/* Create B environments, not yet reset. Environment b uses stream b of the seed natively, and
 * seed + b under HD_RNG_GYMNASIUM, as gymnasium.vector does. The caller destroys them before ctx.
 *
 * Errors  RANGE (B < 1), NOMEM, and those of the environment's open. */
HD_API hd_status hd_envs_create(hd_ctx *ctx, const hd_env_desc *desc, int B, uint64_t seed,
                                hd_rng_kind rng, hd_envs **out);
/* Free environments and close their bodies; NULL is allowed. */
HD_API void hd_envs_destroy(hd_envs *envs);

/* Start a new episode everywhere.  obs [B][n_obs] written. */
HD_API void hd_envs_reset(hd_envs *envs, float *obs);

/* Advance every environment.
 *
 *   action      [B][n_act]  read
 *   obs         [B][n_obs]  written; of an ended episode, its last observation
 *   reward      [B]         written
 *   terminated  [B]         written; the task itself ended
 *   truncated   [B]         written; the episode was cut, by max_steps or by the environment itself
 *                           (terminated and truncated may both be true)
 *
 * Environments whose episode ended must be restarted with hd_envs_reset_done. Nothing is checked:
 * actions from outside go through hd_envs_check_actions first. */
HD_API void hd_envs_step(hd_envs *envs, const float *action, float *obs, double *reward,
                         bool *terminated, bool *truncated);

/* Restart the environments whose last step ended an episode, on their running random streams.
 * Their rows of obs are overwritten, the others left alone. */
HD_API void hd_envs_reset_done(hd_envs *envs, float *obs);

/* Start a new episode in the environments that `which` [B] tells: on their running random streams,
 * or, where seed [B] is given, as the first environment of a new seed. Rows of obs of the others
 * are left alone. */
HD_API void hd_envs_reset_some(hd_envs *envs, const bool *which, const uint64_t *seed, float *obs);

/* Is every action one that its environment takes: an integer in [0, count), or a finite number?
 * Real numbers beyond their bounds are allowed; environments clip them.  Errors  RANGE, naming the
 * first that is not. */
HD_API hd_status hd_envs_check_actions(hd_envs *envs, const float *action);

/* hd_envs_check_actions and hd_envs_step with Gymnasium's autoreset mode NEXT_STEP: an environment
 * whose last step ended an episode ignores its action and starts the next one. Of such a row obs
 * shows the new start, reward is 0, and terminated and truncated are false.
 *
 * Errors  RANGE (an action; nothing was stepped then). */
HD_API hd_status hd_envs_advance(hd_envs *envs, const float *action, float *obs, double *reward,
                                 bool *terminated, bool *truncated);

/* The plain state of environment b: desc->state_size bytes to read and write, valid until the
 * environments are stepped or reset, when what was written takes effect. */
HD_API void *hd_envs_state(hd_envs *envs, int b);

#endif
