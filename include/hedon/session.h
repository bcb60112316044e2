/* A session is one learner: environments, network, rule, critic, and all they remember.
 *
 * A session is a pure function of its configuration and seed: how often it is advanced, saved and
 * loaded, by how many threads and on which instruction set, does not change a bit of it. */
#ifndef HEDON_SESSION_H
#define HEDON_SESSION_H

#include "config.h"
#include "network.h"
#include "view.h"

/* A session; opaque. One call at a time per session, and per context; different sessions of
 * different contexts run side by side. */
typedef struct hd_session hd_session;

/* Build a learner. The configuration is copied. The caller destroys the session before ctx.
 * Errors  CONFLICT (settings that make no sense together, and why), RANGE, NOMEM. */
HD_API hd_status hd_session_create(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                                   hd_session **out);
/* Free a session; NULL is allowed. Its views and its network end with it. */
HD_API void hd_session_destroy(hd_session *session);

/* Learn for at least `steps` more environment steps (whole rollouts), all environments counted.
 * Errors  RANGE (steps < 0), NUMERIC (names the culprit: reward, observation, a registered rule or
 *         coding, weights or gradient): the weights stay as they were before the offending update,
 *         or minibatch of an update, and the session refuses to go on. An update that is finite and so large that
 *         weights overflow cannot be undone: it is reported by this call or a later one, and by
 *         hd_session_evaluate and hd_session_save at once. */
HD_API hd_status hd_session_train(hd_session *session, int64_t steps);

/* Greedy evaluation on a random stream of its own, in the environment's eval_env if it has one;
 * the learner is not touched.
 *
 *   returns  [episodes]  written, or NULL
 *   mean     written, or NULL
 *
 * Greedy: the most probable or most voted action, no exploration; spikes are still drawn. An
 * episode of a task without a limit of its own ends after 10,000 steps. The same session and
 * `round` give the same returns.
 *
 * Errors  RANGE (episodes < 1), NUMERIC (a reward, an observation or an array of the session is not
 *         finite). */
HD_API hd_status hd_session_evaluate(hd_session *session, int episodes, uint64_t round,
                                     double *returns, double *mean);

/* Episodes `first`, `first` + 1, ... of those that hd_session_evaluate plays, so that a long
 * evaluation may be played in parts, in any order, and given up between them.
 *
 *   returns  [episodes]  written
 *
 * Errors  as hd_session_evaluate. */
HD_API hd_status hd_session_evaluate_from(hd_session *session, int first, int episodes,
                                          uint64_t round, double *returns);

/* Decide as an evaluation would, for n observations at once; the learner is not touched.
 *
 *   obs     [n][n_obs]  read
 *   step    the number of the decision in its episode: the same session, row and step draw the same
 *           spikes. State that is carried (carry = true) begins anew at 0, and else goes on from
 *           the call before: ask for an episode's decisions in turn, about one observation each
 *   action  [n][n_act]  written, as the environment takes it
 *
 * Errors  RANGE (n < 1, an integer that the task's observations do not have), NUMERIC (an
 *         observation that is not finite). */
HD_API hd_status hd_session_decide(hd_session *session, int n, const float *obs, uint64_t step,
                                   float *action);

/* What the session expects to be paid from n observations on, as it counts payments itself:
 * discounted by `gamma`, and on the scale of rewards that it learns on. Of methods that value
 * actions it is the value of the best one. The learner is not touched.
 *
 *   obs    [n][n_obs]  read
 *   value  [n]         written
 *
 * Errors  as hd_session_decide, and CONFLICT (the method gives no values to observations: a search,
 *         a rule without a critic, units that remember). */
HD_API hd_status hd_session_value(hd_session *session, int n, const float *obs, float *value);

/* Decide as the learner does while it trains, for n observations at once: by the weights that are
 * learned, not by their running average, and with what makes it explore: actions drawn by their
 * probabilities, epsilon, noise. A search, whose candidates differ in their weights and not in how
 * they choose, decides as hd_session_decide does. The learner is not touched, and neither are the
 * draws of its training.
 *
 *   seed    of the draws: the same session, seed, row and step draw the same
 *   obs, step, action   as for hd_session_decide
 *
 * Real-valued actions by replay are drawn around the policy from the first step on, although
 * training begins with actions at random, and their noise has no memory.
 *
 * Errors  as hd_session_decide. */
HD_API hd_status hd_session_sample(hd_session *session, int n, const float *obs, uint64_t seed,
                                   uint64_t step, float *action);

/* Numbers of the state that a decision of this session hands to the next one of its episode: 0
 * where decisions depend on their observation alone. Networks carry state by `carry = true`; layers
 * that are agents and units that remember do so always. */
HD_API size_t hd_session_state_size(hd_session *session);

/* Decide in n episodes at once, each with a state of its own that the caller keeps: in any order,
 * and whatever else the session does in between.
 *
 *   explore  false: as hd_session_decide; true: as hd_session_sample, with draws of `seed`
 *   step     [n]  number of each decision in its episode; at 0 the episode begins
 *   state    [n][hd_session_state_size]  read where step > 0, and written, for that episode's next
 *            decision; NULL where the size is 0
 *   obs, action   as for hd_session_decide
 *
 * Errors  as hd_session_decide, and NUMERIC (a state that is not finite). */
HD_API hd_status hd_session_act(hd_session *session, int n, const float *obs, bool explore,
                                uint64_t seed, const uint64_t *step, float *state, float *action);

/* Change a setting of a learner while it learns, from now on: a step size, a share of random
 * actions, a weight of the loss. What is set is part of what hd_session_save saves. Settings that
 * shape memory or networks stay as they were.
 *
 * Errors  UNKNOWN (no such option), CONFLICT (it cannot change while learning, or nothing in this
 *         session reads it), RANGE; nothing has changed then. */
HD_API hd_status hd_session_set(hd_session *session, const char *key, const char *value);

/* Most layers that hd_stats tells of. */
enum { HD_MAX_LAYERS = 8 };

/* What a session can tell about itself. */
typedef struct hd_stats {
  uint64_t seed;     /* as given */
  int64_t env_steps; /* environment steps taken */
  int64_t episodes;  /* episodes ended */
  int64_t updates;   /* weight updates */
  double recent;     /* mean return of the last 100 training episodes; NAN before the first */
  double cpu_s;      /* CPU seconds spent in hd_session_train */
  int n_layers;      /* spiking layers, input first if it spikes */
  struct {
    const char *name;     /* such as "hidden" */
    int n;                /* neurons */
    double rate;          /* spikes per neuron and substep, since the last call */
    double silent;        /* share of neurons that never fired since the last call */
    double full;          /* share that fired at every substep */
  } layer[HD_MAX_LAYERS]; /* the first n_layers are filled */
} hd_stats;

/* Figures of a session: out is written. Rates are counted since the last call, and begin anew with
 * it. */
HD_API void hd_session_stats(hd_session *session, hd_stats *out);

/* Returns of the training episodes so far, oldest first: at most the last `capacity` are copied;
 * the number copied is returned. A session remembers its last 1024. */
HD_API int hd_session_returns(const hd_session *session, double *returns, int capacity);

/* 64-bit hash of all weights, actor and critic: equal weights, to the bit, have equal hashes. What
 * runs are compared by. */
HD_API uint64_t hd_session_hash(const hd_session *session);

/* The number of arrays of a session. */
HD_API int hd_session_view_count(const hd_session *session);
/* One of them, by name: "actor.0", "critic", ...; index from 0. Valid until the session changes. */
HD_API hd_view hd_session_view_at(const hd_session *session, int index);

/* In place of an environment's number: the decisions of hd_session_decide. */
enum { HD_DECISIONS = -1 };

/* A network (hedon/network.h) that shows what the session's own network does in environment `env`,
 * from 0: from now on it repeats every decision there while the session is trained, substep by
 * substep, with the same weights and draws and so with the same spikes. With env = HD_DECISIONS it
 * repeats every call of hd_session_decide about one observation instead, by the weights that
 * evaluations act by, and training takes no longer; a search, of which no network acts all the time
 * while it is trained, is shown in this way alone.
 *
 * Its views show the last substep and its recordings the last ones, so populations are "input",
 * then "hidden" or "hidden 1", "hidden 2", ..., and "action" where output neurons spike; readouts
 * that are not neurons are not part of it. Nothing that the session does depends on it, but it
 * takes time: each decision is made once more, a neuron at a time, which makes training on a small
 * network by a fifth to a half slower, and by up to two thirds under a rule with state. It belongs
 * to the session: its views are not writable, and only the session advances and destroys it;
 * hd_network_destroy leaves it alone. Asked for again, the same network goes over to that
 * environment.
 *
 * Of learners by a local rule, view J.e [1][n_pre][n_post] of a projection shows the eligibility in
 * that environment, gathered since the weights last moved; under lambda_actor its trace. It lasts
 * until the session advances, and is 0 of HD_DECISIONS. What a rule with state keeps is shown as of
 * a network of a program's own, by views J.pre.NAME, J.post.NAME and J.synapse.NAME: as the last
 * decision left it, before the signal came, which the next decision knows of. Decisions at play
 * (HD_DECISIONS) keep nothing, and these are 0. What is kept of a bias is not shown.
 *
 * Errors  RANGE (there is no such environment), CONFLICT (the network cannot be expressed as
 *         populations and projections, or there is none that acts all the time; and why), NOMEM. */
HD_API hd_status hd_session_network(hd_session *session, int env, hd_network **out);

/* The settings of a session. They live as long as it does. */
HD_API const hd_config *hd_session_config(const hd_session *session);

/* Let the synapses of `session` begin with the policy that those of `teacher` have, now and
 * whenever it is started anew; `teacher` is copied from. With syn.frozen they keep it.
 *
 * Errors  CONFLICT (its weights are not agents), MISMATCH (policies of another size), USAGE (it has
 *         begun to learn), NOMEM. */
HD_API hd_status hd_session_adopt(hd_session *session, const hd_session *teacher);

/* Save everything: weights, traces, critic, optimiser, environments, randomness, configuration.
 * Written to a temporary name, flushed, then renamed.  Errors  IO, NUMERIC (an array is not
 * finite, and nothing is written). What was at `path` stays after a failure. */
HD_API hd_status hd_session_save(hd_session *session, const char *path);

/* Load what hd_session_save wrote; the caller destroys the session before ctx.
 * Errors  IO, FORMAT (truncated or corrupted), MISMATCH (other version or network), NOMEM. */
HD_API hd_status hd_session_load(hd_ctx *ctx, const char *path, hd_session **out);

#endif
