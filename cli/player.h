/* A learner at play: its greedy decisions in an environment of its own, one after the other, each
 * told as JSON to whoever draws it. The learner is not touched, and may learn meanwhile; or it
 * learns under the eyes of who looks, unit by unit. */
#ifndef CLI_PLAYER_H
#define CLI_PLAYER_H

#include <stdio.h>

#include "hedon/hedon.h"

typedef struct player player;

/* Play the task of a session, which outlives the player. A network that cannot be shown is not:
 * player_facts says why.  Errors  those of hd_envs_create, NOMEM. */
hd_status player_create(hd_ctx *ctx, hd_session *session, uint64_t seed, player **out);
void player_destroy(player *self);

/* Begin the next episode if the last one has ended; else decide and make a step. */
hd_status player_step(player *self);

/* ---- learning, looked at ----
 *
 * A session is a pure function of its configuration and seed: loaded from a checkpoint of a run it
 * takes the very steps that the run took from there. */

/* Can it be looked at while it learns? Not where a search evaluates one candidate after the other.
 */
bool player_can_learn(const player *self);

/* From now on tell of the first environment that the session learns in, or, with learns = false, of
 * play, which begins anew.  Errors  those of hd_session_network. */
hd_status player_set_learning(player *self, bool learns);

/* Let the session learn for one unit: a step, or a rollout of steps, of which the last is told.
 * Errors  those of hd_session_train. */
hd_status player_learn(player *self);

bool player_has_ended(const player *self);

/* Let number `index` of the state be `value` from now on, such as the angle of a pole (numbers are
 * counted as the environment keeps them). False: this environment cannot be moved by hand. */
bool player_move(player *self, int index, double value);

/* What stays: task, observation and action, the network's populations and projections.
 *
 *   {"task":"CartPole-v1","method":"neuron-agent","rule":"pgcn","substeps":4,"dt":1,"solved":475,
 *    "max_steps":500,"movable":4,"learnable":true,"env":"CartPole-v1","obs":[{"name":"angle","unit":"rad","count":0,"low":-0.2,"high":0.2},...],
 *    "act":[...],"hidden":null or why no network is shown,
 *    "populations":[{"name":"input","n":4,"of":4,"threshold":{"base":1,"adapt":0,"rho":1} or
 * null},...], "projections":[{"name":"input->hidden","source":0,"target":1,"pre":4,"post":4},...]}
 */
void player_facts(FILE *file, const player *self);

/* The last decision and what came of it.
 *
 *   {"obs":[..],"state":[..],"action":[..],"reward":1,"return":12,"step":13,"ended":false,
 *    "moved":false,"learns":false,"value":48.2,"td":-0.31,
 *    "populations":[{"value":[..]},{"spike":"0110..","v":[..],"p":[..],"gain":[..]},...]}
 *
 * obs, state and value are those after the step, or after the environment was moved by hand; null
 * is not known. While it learns there is no action (null), and an episode that ended has begun anew
 * (step 0). Arrays of populations are [substeps][n]; those of more than PLAYER_NEURONS neurons, of
 * which there are `of`, show the first ones. */
enum { PLAYER_NEURONS = 128 };
void player_decision(FILE *file, const player *self);

/* Weights by which it decides, [pre][post], of projections that are not too large to draw; and,
 * while it learns by a local rule, eligibilities of the same shape: what the signal multiplies,
 * gathered since the weights last moved; and all that a rule with state keeps of sources [pre],
 * targets [post] and synapses [pre][post] (hd_session_network).
 *
 *   [{"name":"input->hidden.weight","w":[..],"e":[..],
 *     "kept":[{"name":"pre.trace","values":[..]},{"name":"post.trace",...},...]},...] */
void player_weights(FILE *file, const player *self);

/* Of a task that observes the number of a state: what each is worth and what is done there, where
 * that is known; else null.
 *
 *   {"value":[..] or null,"action":[..] or null} or null */
void player_map(FILE *file, const player *self);

#endif
