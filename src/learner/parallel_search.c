#include "parallel_search.h"

#include <stdatomic.h>
#include <string.h>

#include "search_learner.h"

enum { WORKERS_MAX = 256, ALIGN = 64 }; /* the kernels add up the trials' spikes */

/* What a worker evaluates with. */
typedef struct evaluator {
  hd_ctx ctx; /* the learner's, with an error text of its own */
  hd__arena arena;
  hd__evaluation evaluation;
  hd__net_actor actor;
  hd__candidate candidate;
} evaluator;

/* Episodes of an evaluation, shared out in runs of `each`. */
typedef struct episode_batch {
  const hd_env_desc *env;
  int n, each;
  uint64_t first;
  double *returns; /* [n] */
  atomic_bool has_failed;
} episode_batch;

struct hd__parallel_search {
  hd__learner *learner;
  int n;                /* workers */
  evaluator *evaluator; /* [n], the first is the calling thread's */
  size_t size;          /* of this block */
  int64_t generation;
  bool has_trials;     /* those of the generation */
  hd__trial *trial;    /* [n_candidates] */
  int first_candidate; /* of those evaluated at once */
  episode_batch episodes;
};

static hd__search_learner *parallel_search_of(const hd__parallel_search *parallel) {
  return parallel->learner->state;
}

/* ---- life ---- */

int hd__parallel_search_threads(const hd__learner *learner, int n) {
  const hd__search_learner *self = learner->state;
  const int most = n < WORKERS_MAX ? n : WORKERS_MAX;
  if (self->search.desc->is_sequential || self->features.mask != 0 ||
      !learner->settings->member_greedy) {
    return 1;
  }
  return most < self->search.n_candidates ? most : self->search.n_candidates;
}

static size_t parallel_search_spikes_of(const hd__net *net) {
  size_t n = 0;
  for (int l = 0; l < net->n_layers; l++) {
    n += (size_t)net->layer[l].n_pad;
  }
  return n;
}

/* Lay out the evaluator's arena: once on an empty arena, to count, then for good. */
static void parallel_search_evaluator_lay_out(evaluator *self, hd__learner *learner) {
  const hd__search_learner *search = learner->state;
  hd__learned_net_lay_out_actor(learner, &search->learned, &self->actor, &self->arena);
  hd__evaluation_lay_out(&self->evaluation, &self->arena);
  hd__candidate_lay_out(&self->candidate, learner, &self->arena);
  self->candidate.actor = &self->actor;
  self->candidate.evaluation = &self->evaluation;
}

static void parallel_search_evaluator_start(evaluator *self, hd__learner *learner) {
  self->evaluation.seed = learner->seed;
  hd__learned_net_start_actor(learner, &self->actor);
}

static hd_status parallel_search_evaluator_open(evaluator *self, hd__learner *learner) {
  self->ctx = *learner->ctx;
  self->evaluation = (hd__evaluation){.ctx = &self->ctx,
                                      .env = learner->env,
                                      .kernel = learner->kernel,
                                      .rng = learner->evaluation->rng,
                                      .seed = learner->seed,
                                      .n_rows = learner->eval_rows};
  HD_TRY(hd__evaluation_open(&self->evaluation));
  parallel_search_evaluator_lay_out(self, learner);
  HD_TRY(hd__arena_commit(&self->ctx, &self->arena));
  parallel_search_evaluator_lay_out(self, learner);
  parallel_search_evaluator_start(self, learner);
  return HD_OK;
}

static void parallel_search_evaluator_close(evaluator *self) {
  hd__evaluation_close(&self->evaluation);
  hd__arena_free(&self->ctx, &self->arena);
}

/* One block: the evaluators, the trials, their returns, their spikes. */
static hd__parallel_search *parallel_search_alloc(hd__learner *learner, int n) {
  const hd__search_learner *self = learner->state;
  const size_t n_trials = (size_t)self->search.n_candidates;
  const size_t episodes = (size_t)learner->settings->member_episodes;
  const size_t spikes = parallel_search_spikes_of(&self->learned.net);
  const size_t size =
      sizeof(hd__parallel_search) + (size_t)n * sizeof(evaluator) + ALIGN +
      n_trials * (sizeof(hd__trial) + episodes * sizeof(double) + spikes * sizeof(float));
  hd__parallel_search *parallel = hd__alloc(learner->ctx, size);
  if (parallel == NULL) {
    return NULL;
  }
  memset(parallel, 0, size);
  parallel->learner = learner;
  parallel->size = size;
  parallel->evaluator = (evaluator *)(parallel + 1);
  parallel->trial = (hd__trial *)(parallel->evaluator + n);
  double *returns = (double *)(parallel->trial + n_trials);
  const uintptr_t free_at = (uintptr_t)(returns + n_trials * episodes);
  float *counts = (float *)((free_at + ALIGN - 1) / ALIGN * ALIGN);
  for (size_t m = 0; m < n_trials; m++) {
    parallel->trial[m].returns = returns + m * episodes;
    parallel->trial[m].spikes = counts + m * spikes;
  }
  return parallel;
}

hd_status hd__parallel_search_create(hd__learner *learner, hd__parallel_search **out) {
  const int n = hd__workers_count(learner->workers);
  hd__parallel_search *parallel = parallel_search_alloc(learner, n);
  if (parallel == NULL) {
    return hd__fail(learner->ctx, HD_NOMEM, "out of memory for %d threads of a search", n);
  }
  while (parallel->n < n) {
    evaluator *one = &parallel->evaluator[parallel->n++];
    const hd_status status = parallel_search_evaluator_open(one, learner);
    if (status != HD_OK) {
      hd__fail(learner->ctx, status, "%s", one->ctx.error);
      hd__parallel_search_destroy(parallel);
      return status;
    }
  }
  *out = parallel;
  return HD_OK;
}

void hd__parallel_search_start(hd__parallel_search *parallel) {
  for (int i = 0; i < parallel->n; i++) {
    evaluator *one = &parallel->evaluator[i];
    hd__arena_clear(&one->arena);
    parallel_search_evaluator_lay_out(one, parallel->learner);
    parallel_search_evaluator_start(one, parallel->learner);
  }
  parallel->has_trials = false;
}

void hd__parallel_search_destroy(hd__parallel_search *parallel) {
  if (parallel == NULL) {
    return;
  }
  for (int i = 0; i < parallel->n; i++) {
    parallel_search_evaluator_close(&parallel->evaluator[i]);
  }
  hd__free(parallel->learner->ctx, parallel, parallel->size);
}

/* ---- candidates ---- */

static void parallel_search_evaluate(void *user, int worker, int task) {
  hd__parallel_search *parallel = user;
  evaluator *self = &parallel->evaluator[worker];
  hd__net *net = &self->actor.net;
  const int candidate = parallel->first_candidate + task;
  hd__trial *trial = &parallel->trial[candidate];
  const int64_t before = self->evaluation.steps;
  hd__net_count_reset(net);
  trial->is_known =
      hd__candidate_evaluate(&self->candidate, candidate, trial->returns, &trial->score) == HD_OK;
  trial->steps = self->evaluation.steps - before;
  trial->counted = *net->counted;
  float *to = trial->spikes;
  for (int l = 0; l < net->n_layers; l++) {
    memcpy(to, net->layer[l].spikes, sizeof(float) * (size_t)net->layer[l].n_pad);
    to += net->layer[l].n_pad;
  }
}

const hd__trial *hd__parallel_search_trial(hd__parallel_search *parallel) {
  const hd__search *search = &parallel_search_of(parallel)->search;
  if (!parallel->has_trials || parallel->generation != search->counters->generation) {
    parallel->first_candidate = hd__search_next(search);
    hd__workers_run(parallel->learner->workers, search->n_candidates - parallel->first_candidate,
                    parallel_search_evaluate, parallel);
    parallel->generation = search->counters->generation;
    parallel->has_trials = true;
  }
  const hd__trial *trial = &parallel->trial[hd__search_next(search)];
  return trial->is_known ? trial : NULL;
}

/* ---- episodes ---- */

/* What an episode gives depends on its number and the weights alone. */
static void parallel_search_play(void *user, int worker, int run) {
  hd__parallel_search *parallel = user;
  evaluator *self = &parallel->evaluator[worker];
  const hd__learned_net *learned = &parallel_search_of(parallel)->learned;
  episode_batch *all = &parallel->episodes;
  const int at = run * all->each, n = all->n - at < all->each ? all->n - at : all->each;
  const hd__actor actor = hd__learned_net_actor_beside(learned, &self->actor);
  if (hd__evaluation_play(&self->evaluation, all->env, &actor, n, all->first + (uint64_t)at,
                          all->returns + at) != HD_OK) {
    atomic_store(&all->has_failed, true);
  }
}

bool hd__parallel_search_play(hd__parallel_search *parallel, const hd_env_desc *env, int n,
                              uint64_t first, double *returns) {
  const int each = (n + parallel->n - 1) / parallel->n;
  parallel->episodes =
      (episode_batch){.env = env, .n = n, .each = each, .first = first, .returns = returns};
  hd__workers_run(parallel->learner->workers, (n + each - 1) / each, parallel_search_play,
                  parallel);
  return !atomic_load(&parallel->episodes.has_failed);
}
