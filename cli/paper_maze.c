/* The water maze, after Frémaux, Sprekeler & Gerstner 2013: place cells drive action neurons, whose
 * synapses follow TD-LTP, and the trials it takes to find a hidden platform fall from trial to
 * trial; then the platform lies elsewhere. */
#include <math.h>

#include "open.h"
#include "paper.h"

enum { TASK_SIZE = 64, RUN = 5 /* trials */, QUICK = 20 /* steps; straight on takes 9.4 */ };

typedef struct variant {
  const char *method, *settings;
} variant;

/* Step sizes are tuned here, on seeds 0 to 3; those of TD-LTP, too, of which none learned. */
#define MAZE_CELLS                                                                    \
  "learn_range=false:code.tilings=8:code.tile_bins=5:code.cells=512:critic.tilings=8" \
  ":critic.tile_bins=5:critic.cells=512:alpha_critic=0.5"
#define MAZE_TD_LTP MAZE_CELLS ":rule=td-ltp:neuron=lif-escape:readout=count:action_neurons=4"

static const variant variants[] = {{"place-actor-critic", MAZE_TD_LTP ":alpha=20"},
                                   {"place-actor-critic", MAZE_TD_LTP ":alpha=0"},
                                   {"place-actor-critic", MAZE_CELLS ":alpha=5"},
                                   {"place-actor-critic", MAZE_CELLS ":alpha=0"},
                                   {"place-learned", "alpha=3"}};

static const paper_condition conditions[] = {{"td-ltp", "learns"},
                                             {"td-ltp-frozen", "-"},
                                             {"score", "-"},
                                             {"score-frozen", "-"},
                                             {"score-recruited-cells", "-"}};

static hd_status paper_maze_create(hd_ctx *ctx, const variant *what, uint64_t seed, int64_t trials,
                                   hd_session **out) {
  hd_config *config = NULL;
  char task[TASK_SIZE];
  snprintf(task, sizeof task, "WaterMaze-v0:moves_after=%lld", (long long)(trials + 1) / 2);
  hd_status status = hd_config_create(ctx, task, what->method, &config);
  status = status == HD_OK ? open_row(config, what->settings) : status;
  status = status == HD_OK ? hd_session_create(ctx, config, seed, out) : status;
  hd_config_destroy(config);
  return status;
}

/* Steps of the next trial. */
static hd_status paper_maze_trial(hd_session *session, double *latency) {
  hd_stats before, now;
  hd_session_stats(session, &before);
  do {
    HD_TRY(hd_session_train(session, 1));
    hd_session_stats(session, &now);
  } while (now.episodes == before.episodes);
  *latency = (double)(now.env_steps - before.env_steps);
  return HD_OK;
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

static hd_status paper_maze_swim(hd_session *session, int64_t trials, paper_outcome *out) {
  swims phase[2] = {{.quick = 0}};
  const int64_t moves = (trials + 1) / 2;
  for (int64_t k = 0; k < trials; k++) {
    double latency;
    HD_TRY(paper_maze_trial(session, &latency));
    paper_maze_note(&phase[k >= moves], k < moves ? k : k - moves, latency);
    paper_take(out, k, trials, latency);
  }
  const int64_t first = phase[0].quick, second = phase[1].quick;
  out->has_succeeded = first > 0 && first <= 25 && second > 0 && second <= 10;
  out->figure = second > 0 ? (double)second : (double)NAN;
  return HD_OK;
}

static hd_status paper_maze_run(hd_ctx *ctx, int condition, uint64_t seed, int64_t trials,
                                paper_outcome *out) {
  hd_session *session = NULL;
  hd_status status = paper_maze_create(ctx, &variants[condition], seed, trials, &session);
  status = status == HD_OK ? paper_maze_swim(session, trials, out) : status;
  hd_session_destroy(session);
  return status;
}

const paper paper_maze = {
    .name = "water-maze",
    .doc =
        "A hidden platform in a pool is found sooner from trial to trial, and again once it has "
        "moved",
    .source = "after Frémaux, Sprekeler & Gerstner 2013; Morris 1984",
    .differs =
        "the pool and all constants are ours; the critic is a linear one over place cells, not "
        "spiking",
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
