#include "parallel_search.h"

#include <stdatomic.h>
#include <string.h>

#include "session_internal.h"
#include "workers.h"

enum { CREW_MAX = 256, ALIGN = 64 }; /* the kernels add up the trials' spikes */

typedef struct helper {
  hd_ctx ctx; /* the session's, with an error text of its own */
  hd_session *session;
} helper;

/* Episodes of an evaluation, shared out in runs of `each`. */
typedef struct episode_batch {
  const hd_env_desc *env;
  int n, each;
  uint64_t first;
  double *returns; /* [n] */
  atomic_bool has_failed;
} episode_batch;

struct hd__parallel_search {
  hd_session *session; /* whose search it is */
  int n, n_candidates;
  helper *helper; /* [n], the first works for the caller and has no thread */
  size_t size;    /* of this block */
  int64_t generation;
  bool has_trials;  /* those of the generation */
  hd__trial *trial; /* [n_members] */
  episode_batch episodes;
  int first_candidate; /* of those tried ahead */
  hd__workers *workers;
};

/* ---- life ---- */

static size_t spikes_of(const hd__net *net) {
  size_t n = 0;
  for (int l = 0; l < net->n_layers; l++) {
    n += (size_t)net->layer[l].n_pad;
  }
  return n;
}

static bool pays_off(const hd_session *session, int n) {
  return session->is_searching && n > 1 && session->search.n_candidates > 1 &&
         !session->search.desc->is_sequential && session->synapse_features.mask == 0 &&
         session->settings->member_greedy;
}

hd_status hd__parallel_search_create(hd_session *session, int n) {
  if (session->parallel != NULL || !pays_off(session, n)) {
    return HD_OK;
  }
  n = n < CREW_MAX ? n : CREW_MAX;
  n = n < session->search.n_candidates ? n : session->search.n_candidates;
  hd_ctx *ctx = session->ctx;
  const size_t candidates = (size_t)session->search.n_candidates;
  const size_t episodes = (size_t)session->settings->member_episodes;
  const size_t spikes = spikes_of(&session->net);
  const size_t size =
      sizeof(hd__parallel_search) + (size_t)n * sizeof(helper) + ALIGN +
      candidates * (sizeof(hd__trial) + episodes * sizeof(double) + spikes * sizeof(float));
  hd__parallel_search *parallel = hd__alloc(ctx, size);
  if (parallel == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d helpers of a search", n);
  }
  memset(parallel, 0, size);
  parallel->session = session;
  parallel->n_candidates = (int)candidates;
  parallel->size = size;
  parallel->helper = (helper *)(parallel + 1);
  parallel->trial = (hd__trial *)(parallel->helper + n);
  double *returns = (double *)(parallel->trial + candidates);
  const uintptr_t free_at = (uintptr_t)(returns + candidates * episodes);
  float *counts = (float *)((free_at + ALIGN - 1) / ALIGN * ALIGN);
  for (size_t m = 0; m < candidates; m++) {
    parallel->trial[m].returns = returns + m * episodes;
    parallel->trial[m].spikes = counts + m * spikes;
  }
  session->parallel = parallel;
  hd_status status = hd__workers_create(ctx, n - 1, &parallel->workers);
  for (; status == HD_OK && parallel->n < n; parallel->n++) {
    helper *one = &parallel->helper[parallel->n];
    *one = (helper){.ctx = *ctx};
    one->ctx.n_threads = 1;
    status = hd_session_create(&one->ctx, session->config, session->seed, &one->session);
    if (status != HD_OK) {
      hd__fail(ctx, status, "%s", one->ctx.error);
    }
  }
  if (status != HD_OK) {
    hd__parallel_search_destroy(session);
  }
  return status;
}

hd_status hd__parallel_search_restart(hd__parallel_search *parallel, uint64_t seed) {
  hd_status status = HD_OK;
  for (int i = 0; parallel != NULL && status == HD_OK && i < parallel->n; i++) {
    status = hd__session_restart(parallel->helper[i].session, seed);
    parallel->has_trials = false;
  }
  return status;
}

void hd__parallel_search_destroy(hd_session *session) {
  hd__parallel_search *parallel = session->parallel;
  if (parallel == NULL) {
    return;
  }
  for (int i = 0; i < parallel->n; i++) {
    hd_session_destroy(parallel->helper[i].session);
  }
  hd__workers_destroy(parallel->workers);
  hd__free(session->ctx, parallel, parallel->size);
  session->parallel = NULL;
}

void hd__parallel_search_join(hd_session *session) {
  hd__workers_join(session->workers);
  if (session->parallel != NULL) {
    hd__workers_join(session->parallel->workers);
  }
}

double hd__parallel_search_cpu_s(const hd__parallel_search *parallel) {
  return parallel != NULL ? hd__workers_cpu_s(parallel->workers) : 0.0;
}

/* ---- members ---- */

static void evaluate_candidate(void *user, int worker, int task) {
  hd__parallel_search *parallel = user;
  hd_session *session = parallel->helper[worker].session;
  const int candidate = parallel->first_candidate + task;
  hd__trial *trial = &parallel->trial[candidate];
  hd__net *net = &session->net;
  const int64_t before = session->evaluation.steps;
  *session->search.counters = *parallel->session->search.counters;
  hd__session_count_reset(session);
  trial->is_known = hd__session_evaluate_candidate(session, &parallel->session->search, candidate,
                                                   trial->returns, &trial->score) == HD_OK;
  trial->steps = session->evaluation.steps - before;
  trial->counted = session->actor.net.counted;
  float *to = trial->spikes;
  for (int l = 0; l < net->n_layers; l++) {
    memcpy(to, net->layer[l].spikes, sizeof(float) * (size_t)net->layer[l].n_pad);
    to += net->layer[l].n_pad;
  }
}

const hd__trial *hd__parallel_search_trial(hd_session *session) {
  hd__parallel_search *parallel = session->parallel;
  const hd__search *search = &session->search;
  if (parallel == NULL) {
    return NULL;
  }
  if (!parallel->has_trials || parallel->generation != search->counters->generation) {
    parallel->first_candidate = hd__search_next(search);
    hd__workers_run(parallel->workers, parallel->n_candidates - parallel->first_candidate,
                    evaluate_candidate, parallel);
    parallel->generation = search->counters->generation;
    parallel->has_trials = true;
  }
  const hd__trial *trial = &parallel->trial[hd__search_next(search)];
  return trial->is_known ? trial : NULL;
}

/* ---- episodes ---- */

/* What an episode gives depends on its number and the weights alone. */
static void play_run(void *user, int worker, int run) {
  hd__parallel_search *parallel = user;
  hd_session *session = parallel->helper[worker].session;
  episode_batch *all = &parallel->episodes;
  const int at = run * all->each, n = all->n - at < all->each ? all->n - at : all->each;
  const hd__actor actor = hd__session_actor(session, hd__session_eval_weights(parallel->session));
  if (hd__evaluation_play(&session->evaluation, all->env, &actor, n, all->first + (uint64_t)at,
                          all->returns + at) != HD_OK) {
    atomic_store(&all->has_failed, true);
  }
}

bool hd__parallel_search_play(hd_session *session, const hd_env_desc *env, int n, uint64_t first,
                              double *returns) {
  hd__parallel_search *parallel = session->parallel;
  if (parallel == NULL) {
    return false;
  }
  const int each = (n + parallel->n - 1) / parallel->n;
  parallel->episodes =
      (episode_batch){.env = env, .n = n, .each = each, .first = first, .returns = returns};
  hd__workers_run(parallel->workers, (n + each - 1) / each, play_run, parallel);
  return !atomic_load(&parallel->episodes.has_failed);
}
