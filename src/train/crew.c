#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "session_internal.h"

enum { CREW_MAX = 256, ALIGN = 64 }; /* the kernels add up the trials' spikes */

typedef struct helper {
  hd__crew *crew;
  hd_ctx ctx; /* the session's, with an error text of its own */
  hd_session *session;
  pthread_t thread;
  bool has_thread;
} helper;

struct hd__crew {
  hd_session *session; /* whose search it is */
  int n, n_members;
  helper *helper; /* [n] */
  size_t size;    /* of this block */
  int64_t generation;
  bool has_trials;  /* those of the generation */
  atomic_int next;  /* member */
  hd__trial *trial; /* [n_members] */
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
  for (; crew->n < n; crew->n++) {
    helper *one = &crew->helper[crew->n];
    *one = (helper){.crew = crew, .ctx = *ctx};
    const hd_status status =
        hd_session_create(&one->ctx, session->config, session->seed, &one->session);
    if (status != HD_OK) {
      const hd_status failed = hd__fail(ctx, status, "%s", one->ctx.error);
      hd__crew_dismiss(session);
      return failed;
    }
  }
  return HD_OK;
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
  hd__free(session->ctx, crew, crew->size);
  session->crew = NULL;
}

/* ---- work ---- */

static double thread_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void try_member(helper *self, int member, hd__trial *trial) {
  hd_session *session = self->session;
  hd__net *net = &session->net;
  const double begin = thread_seconds();
  const int64_t before = session->played;
  hd__net_count_reset(net);
  trial->is_known = hd__session_try(session, &self->crew->session->search, member, trial->returns,
                                    &trial->score) == HD_OK;
  trial->steps = session->played - before;
  trial->counted = net->counted;
  float *to = trial->spikes;
  for (int l = 0; l < net->n_layers; l++) {
    memcpy(to, net->layer[l].spikes, sizeof(float) * (size_t)net->layer[l].n_pad);
    to += net->layer[l].n_pad;
  }
  /* the first works for the caller, whose clock is read already */
  trial->cpu_s = self == self->crew->helper ? 0.0 : thread_seconds() - begin;
}

static void *work(void *arg) {
  helper *self = arg;
  hd__crew *crew = self->crew;
  int member;
  *self->session->search.counters = *crew->session->search.counters;
  while ((member = atomic_fetch_add(&crew->next, 1)) < crew->n_members) {
    try_member(self, member, &crew->trial[member]);
  }
  return NULL;
}

/* The calling thread works too; a thread that cannot be had is done without. */
static void evaluate_rest(hd__crew *crew, int first) {
  atomic_store(&crew->next, first);
  for (int i = 1; i < crew->n; i++) {
    helper *one = &crew->helper[i];
    one->has_thread = pthread_create(&one->thread, NULL, work, one) == 0;
  }
  work(&crew->helper[0]);
  for (int i = 1; i < crew->n; i++) {
    if (crew->helper[i].has_thread) {
      pthread_join(crew->helper[i].thread, NULL);
    }
  }
}

const hd__trial *hd__crew_ahead(hd_session *session) {
  hd__crew *crew = session->crew;
  const hd__search *search = &session->search;
  if (crew == NULL) {
    return NULL;
  }
  if (!crew->has_trials || crew->generation != search->counters->generation) {
    evaluate_rest(crew, hd__search_next(search));
    crew->generation = search->counters->generation;
    crew->has_trials = true;
  }
  const hd__trial *trial = &crew->trial[hd__search_next(search)];
  return trial->is_known ? trial : NULL;
}
