/* The water maze, after Frémaux, Sprekeler & Gerstner 2013: place cells drive action neurons, whose
 * synapses follow TD-LTP, and the trials it takes to find a hidden platform fall from trial to
 * trial; then the platform lies elsewhere. */
#include <math.h>

#include "maze_ring.h"
#include "open.h"
#include "paper.h"

enum { TASK_SIZE = 64, RUN = 5 /* trials */, QUICK = 20 /* steps; straight on takes 10.6 */ };

/* A method of the library, or, without one, neurons in continuous time. */
typedef struct variant {
  const char *method, *settings;
  maze_ring_kind ring;
} variant;

/* Step sizes are tuned here, on seeds 0 to 3. */
#define MAZE_TILES                                                                    \
  "learn_range=false:code.tilings=8:code.tile_bins=5:code.cells=512:critic.tilings=8" \
  ":critic.tile_bins=5:critic.cells=512:alpha_critic=0.5"

static const variant variants[] = {
    {.ring = {.is_frozen = false}},
    {.ring = {.is_frozen = true}},
    {.ring = {.is_shuffled = true}},
    {.ring = {.has_map = true}},
    {.ring = {.has_map = true, .is_frozen = true}},
    {.method = "place-actor-critic", .settings = MAZE_TILES ":alpha=5"},
    {.method = "place-actor-critic", .settings = MAZE_TILES ":alpha=0"},
    {.method = "place-learned", .settings = "alpha=3"}};

static const paper_condition conditions[] = {
    {"td-ltp", "learns"},  {"td-ltp-frozen", "-"},        {"td-ltp-shuffled", "-"},
    {"td-ltp-map", "-"},   {"td-ltp-map-frozen", "-"},    {"score", "-"},
    {"score-frozen", "-"}, {"score-recruited-cells", "-"}};

/* Who swims. */
typedef struct swimmer {
  hd_session *session; /* or, if NULL, */
  maze_ring ring;
} swimmer;

static hd_status paper_maze_open(hd_ctx *ctx, const variant *what, const char *task, uint64_t seed,
                                 hd_session **out) {
  hd_config *config = NULL;
  hd_status status = hd_config_create(ctx, task, what->method, &config);
  status = status == HD_OK ? open_row(config, what->settings) : status;
  status = status == HD_OK ? hd_session_create(ctx, config, seed, out) : status;
  hd_config_destroy(config);
  return status;
}

static hd_status paper_maze_create(hd_ctx *ctx, const variant *what, uint64_t seed, int64_t trials,
                                   swimmer *out) {
  char task[TASK_SIZE];
  snprintf(task, sizeof task, "WaterMaze-v0:moves_after=%lld", (long long)(trials + 1) / 2);
  return what->method != NULL ? paper_maze_open(ctx, what, task, seed, &out->session)
                              : maze_ring_create(ctx, task, what->ring, seed, &out->ring);
}

/* Steps of the next trial. */
static hd_status paper_maze_session_trial(hd_session *session, double *latency) {
  hd_stats before, now;
  hd_session_stats(session, &before);
  do {
    HD_TRY(hd_session_train(session, 1));
    hd_session_stats(session, &now);
  } while (now.episodes == before.episodes);
  *latency = (double)(now.env_steps - before.env_steps);
  return HD_OK;
}

static hd_status paper_maze_trial(swimmer *who, double *latency) {
  return who->session != NULL ? paper_maze_session_trial(who->session, latency)
                              : maze_ring_trial(&who->ring, latency);
}

/* Latencies of the last RUN trials, and when they fell. */
typedef struct swims {
  double last[RUN];
  int64_t quick; /* trials of the phase until RUN of them took at most QUICK steps on average; 0 */
} swims;

static void paper_maze_note(swims *self, int64_t trial, double latency) {
  double sum = 0;
  self->last[trial % RUN] = latency;
  for (int k = 0; k < RUN; k++) {
    sum += self->last[k];
  }
  if (self->quick == 0 && trial + 1 >= RUN && sum <= QUICK * RUN) {
    self->quick = trial + 1;
  }
}

static hd_status paper_maze_swim(swimmer *who, int64_t trials, paper_outcome *out) {
  swims phase[2] = {{.quick = 0}};
  const int64_t moves = (trials + 1) / 2;
  for (int64_t k = 0; k < trials; k++) {
    double latency;
    HD_TRY(paper_maze_trial(who, &latency));
    paper_maze_note(&phase[k >= moves], k < moves ? k : k - moves, latency);
    HD_TRY(paper_take(out, k, trials, latency));
  }
  const int64_t first = phase[0].quick, second = phase[1].quick;
  out->has_succeeded = first > 0 && first <= 25 && second > 0 && second <= 10;
  out->figure = second > 0 ? (double)second : (double)NAN;
  return HD_OK;
}

static hd_status paper_maze_run(hd_ctx *ctx, int condition, uint64_t seed, int64_t trials,
                                paper_outcome *out) {
  swimmer who = {0};
  hd_status status = paper_maze_create(ctx, &variants[condition], seed, trials, &who);
  status = status == HD_OK ? paper_maze_swim(&who, trials, out) : status;
  maze_ring_destroy(&who.ring);
  hd_session_destroy(who.session);
  return status;
}

const paper paper_maze = {
    .name = "water-maze",
    .doc =
        "A hidden platform in a pool is found sooner from trial to trial, and again once it has "
        "moved",
    .source = "after Frémaux, Sprekeler & Gerstner 2013; Foster, Morris & Dayan 2000; Morris 1984",
    .differs =
        "the pool is ours, and so are a step in one of eight directions every 100 ms, sizes of "
        "populations, bounds, reward and step sizes; the score's critic does not spike, and "
        "neither "
        "does the map",
    .success =
        "five trials took 20 steps on average by trial 25, and again by trial 10 after the "
        "platform had moved",
    .figure = "trials after the move until then",
    .unit = "trials",
    .curve = "steps to the platform",
    .length = 80,
    .seeds = 10,
    .n_conditions = sizeof conditions / sizeof *conditions,
    .condition = conditions,
    .run = paper_maze_run};
