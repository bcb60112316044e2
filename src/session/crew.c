#include "crew.h"

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
typedef struct hand_out {
  const hd_env_desc *env;
  int n, each;
  uint64_t first;
  double *returns; /* [n] */
  atomic_bool has_failed;
} hand_out;

struct hd__crew {
  hd_session *session; /* whose search it is */
  int n, n_members;
  helper *helper; /* [n], the first works for the caller and has no thread */
  size_t size;    /* of this block */
  int64_t generation;
  bool has_trials;  /* those of the generation */
  hd__trial *trial; /* [n_members] */
  hand_out episodes;
  int first_member; /* of those tried ahead */
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

static bool is_worth_it(const hd_session *session, int n) {
  return session->is_searching && n > 1 && session->search.members > 1 &&
         !session->search.desc->is_walker && session->observer.mask == 0 &&
         session->settings->member_greedy;
}

hd_status hd__crew_hire(hd_session *session, int n) {
  if (session->crew != NULL || !is_worth_it(session, n)) {
    return HD_OK;
  }
  n = n < CREW_MAX ? n : CREW_MAX;
  n = n < session->search.members ? n : session->search.members;
  hd_ctx *ctx = session->ctx;
  const size_t members = (size_t)session->search.members;
  const size_t episodes = (size_t)session->settings->member_episodes;
  const size_t spikes = spikes_of(&session->net);
  const size_t size =
      sizeof(hd__crew) + (size_t)n * sizeof(helper) + ALIGN +
      members * (sizeof(hd__trial) + episodes * sizeof(double) + spikes * sizeof(float));
  hd__crew *crew = hd__alloc(ctx, size);
  if (crew == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d helpers of a search", n);
  }
  memset(crew, 0, size);
  crew->session = session;
  crew->n_members = (int)members;
  crew->size = size;
  crew->helper = (helper *)(crew + 1);
  crew->trial = (hd__trial *)(crew->helper + n);
  double *returns = (double *)(crew->trial + members);
  const uintptr_t free_at = (uintptr_t)(returns + members * episodes);
  float *counts = (float *)((free_at + ALIGN - 1) / ALIGN * ALIGN);
  for (size_t m = 0; m < members; m++) {
    crew->trial[m].returns = returns + m * episodes;
    crew->trial[m].spikes = counts + m * spikes;
  }
  session->crew = crew;
  hd_status status = hd__workers_create(ctx, n - 1, &crew->workers);
  for (; status == HD_OK && crew->n < n; crew->n++) {
    helper *one = &crew->helper[crew->n];
    *one = (helper){.ctx = *ctx};
    one->ctx.n_threads = 1;
    status = hd_session_create(&one->ctx, session->config, session->seed, &one->session);
    if (status != HD_OK) {
      hd__fail(ctx, status, "%s", one->ctx.error);
    }
  }
  if (status != HD_OK) {
    hd__crew_dismiss(session);
  }
  return status;
}

hd_status hd__crew_restart(hd__crew *crew, uint64_t seed) {
  hd_status status = HD_OK;
  for (int i = 0; crew != NULL && status == HD_OK && i < crew->n; i++) {
    status = hd__session_restart(crew->helper[i].session, seed);
    crew->has_trials = false;
  }
  return status;
}

void hd__crew_dismiss(hd_session *session) {
  hd__crew *crew = session->crew;
  if (crew == NULL) {
    return;
  }
  for (int i = 0; i < crew->n; i++) {
    hd_session_destroy(crew->helper[i].session);
  }
  hd__workers_destroy(crew->workers);
  hd__free(session->ctx, crew, crew->size);
  session->crew = NULL;
}

void hd__crew_rest(hd_session *session) {
  hd__workers_join(session->workers);
  if (session->crew != NULL) {
    hd__workers_join(session->crew->workers);
  }
}

double hd__crew_cpu_s(const hd__crew *crew) {
  return crew != NULL ? hd__workers_cpu_s(crew->workers) : 0.0;
}

/* ---- members ---- */

static void try_member(void *user, int worker, int task) {
  hd__crew *crew = user;
  hd_session *session = crew->helper[worker].session;
  const int member = crew->first_member + task;
  hd__trial *trial = &crew->trial[member];
  hd__net *net = &session->net;
  const int64_t before = session->evaluation.steps;
  *session->search.counters = *crew->session->search.counters;
  hd__session_count_reset(session);
  trial->is_known = hd__session_try(session, &crew->session->search, member, trial->returns,
                                    &trial->score) == HD_OK;
  trial->steps = session->evaluation.steps - before;
  trial->counted = session->actor.net.counted;
  float *to = trial->spikes;
  for (int l = 0; l < net->n_layers; l++) {
    memcpy(to, net->layer[l].spikes, sizeof(float) * (size_t)net->layer[l].n_pad);
    to += net->layer[l].n_pad;
  }
}

const hd__trial *hd__crew_ahead(hd_session *session) {
  hd__crew *crew = session->crew;
  const hd__search *search = &session->search;
  if (crew == NULL) {
    return NULL;
  }
  if (!crew->has_trials || crew->generation != search->counters->generation) {
    crew->first_member = hd__search_next(search);
    hd__workers_run(crew->workers, crew->n_members - crew->first_member, try_member, crew);
    crew->generation = search->counters->generation;
    crew->has_trials = true;
  }
  const hd__trial *trial = &crew->trial[hd__search_next(search)];
  return trial->is_known ? trial : NULL;
}

/* ---- episodes ---- */

/* What an episode gives depends on its number and the weights alone. */
static void play_run(void *user, int worker, int run) {
  hd__crew *crew = user;
  hd_session *session = crew->helper[worker].session;
  hand_out *all = &crew->episodes;
  const int at = run * all->each, n = all->n - at < all->each ? all->n - at : all->each;
  const hd__actor actor = hd__session_actor(session, hd__session_judged(crew->session));
  if (hd__evaluation_play(&session->evaluation, all->env, &actor, n, all->first + (uint64_t)at,
                          all->returns + at) != HD_OK) {
    atomic_store(&all->has_failed, true);
  }
}

bool hd__crew_play(hd_session *session, const hd_env_desc *env, int n, uint64_t first,
                   double *returns) {
  hd__crew *crew = session->crew;
  if (crew == NULL) {
    return false;
  }
  const int each = (n + crew->n - 1) / crew->n;
  crew->episodes = (hand_out){.env = env, .n = n, .each = each, .first = first, .returns = returns};
  hd__workers_run(crew->workers, (n + each - 1) / each, play_run, crew);
  return !atomic_load(&crew->episodes.has_failed);
}
