/* A learner at play: its greedy decisions in an environment of its own, one after the other, each
 * told as JSON to whoever draws it. The learner is not touched, and may learn meanwhile. */
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

bool player_has_ended(const player *self);

/* Let number `index` of the state be `value` from now on, such as the angle of a pole (numbers are
 * counted as the environment keeps them). False: this environment cannot be moved by hand. */
bool player_move(player *self, int index, double value);

/* What stays: task, observation and action, the network's populations and projections.
 *
 *   {"task":"CartPole-v1","method":"neuron-agent","rule":"pgcn","substeps":4,"dt":1,"solved":475,
 *    "max_steps":500,"movable":4,"obs":[{"name":"angle","unit":"rad","count":0,"low":-0.2,"high":0.2},...],
 *    "act":[...],"hidden":null or why no network is shown,
 *    "populations":[{"name":"input","n":4},...],
 *    "projections":[{"name":"input->hidden","source":0,"target":1,"pre":4,"post":4},...]} */
void player_facts(FILE *file, const player *self);

/* The last decision and what came of it.
 *
 *   {"obs":[..],"state":[..],"action":[..],"reward":1,"return":12,"step":13,"ended":false,
 *    "moved":false,"populations":[{"value":[..]},{"spike":"0110..","v":[..],"p":[..],"gain":[..]},...]}
 *
 * obs and state are those after the step, or after the environment was moved by hand. Arrays of
 * populations are [substeps][n]; those of more than PLAYER_NEURONS neurons show the first ones. */
enum { PLAYER_NEURONS = 128 };
void player_decision(FILE *file, const player *self);

/* Weights by which it decides, [pre][post], of projections that are not too large to draw.
 *
 *   [{"name":"input->hidden","w":[..]},...] */
void player_weights(FILE *file, const player *self);

#endif
