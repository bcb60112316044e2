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
} helper;

/* Episodes of an evaluation, shared out in runs of `each`. */
typedef struct hand_out {
  const hd_env_desc *env;
  int n, each;
  uint64_t first;
  double *returns; /* [n] */
  atomic_bool has_failed;
} hand_out;

/* A job is numbered tasks, which whoever is free takes; one at a time. */
typedef void (*task_fn)(helper *self, int task);

struct hd__crew {
  hd_session *session; /* whose search it is */
  int n, n_members;
  helper *helper; /* [n], the first works for the caller and has no thread */
  size_t size;    /* of this block */
  int64_t generation;
  bool has_trials;  /* those of the generation */
  hd__trial *trial; /* [n_members] */
  hand_out episodes;
  double seconds; /* that helpers have spent on episodes; guarded by the mutex */

  task_fn task; /* of the job at hand */
  int n_tasks;
  atomic_int next; /* task that nobody has taken */
  /* guarded by the mutex */
  int n_threads, n_busy;
  int64_t job; /* number of the last one */
  bool is_over;
  pthread_mutex_t mutex;
  pthread_cond_t begun, done;
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
  pthread_mutex_init(&crew->mutex, NULL);
  pthread_cond_init(&crew->begun, NULL);
  pthread_cond_init(&crew->done, NULL);
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
  hd__crew_rest(session);
  for (int i = 0; i < crew->n; i++) {
    hd_session_destroy(crew->helper[i].session);
  }
  pthread_cond_destroy(&crew->done);
  pthread_cond_destroy(&crew->begun);
  pthread_mutex_destroy(&crew->mutex);
  hd__free(session->ctx, crew, crew->size);
  session->crew = NULL;
}

/* ---- threads ---- */

static double thread_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void take_tasks(helper *self) {
  hd__crew *crew = self->crew;
  int task;
  while ((task = atomic_fetch_add(&crew->next, 1)) < crew->n_tasks) {
    crew->task(self, task);
  }
}

/* A thread waits for jobs until it is sent home. */
static void *attend(void *arg) {
  helper *self = arg;
  hd__crew *crew = self->crew;
  pthread_mutex_lock(&crew->mutex);
  for (int64_t seen = 0;;) {
    while (!crew->is_over && crew->job == seen) {
      pthread_cond_wait(&crew->begun, &crew->mutex);
    }
    if (crew->is_over) {
      break;
    }
    seen = crew->job;
    pthread_mutex_unlock(&crew->mutex);
    take_tasks(self);
    pthread_mutex_lock(&crew->mutex);
    if (--crew->n_busy == 0) {
      pthread_cond_signal(&crew->done);
    }
  }
  pthread_mutex_unlock(&crew->mutex);
  return NULL;
}

/* Called with the mutex held and no job under way, so a thread that comes late misses nothing. A
 * thread that cannot be had is done without. */
static void start_threads(hd__crew *crew) {
  crew->is_over = false;
  crew->job = 0;
  while (crew->n_threads < crew->n - 1) {
    helper *one = &crew->helper[1 + crew->n_threads];
    if (pthread_create(&one->thread, NULL, attend, one) != 0) {
      break;
    }
    crew->n_threads++;
  }
}

/* Do tasks first, first + 1, ... of n; the calling thread works too. */
static void do_job(hd__crew *crew, task_fn task, int first, int n) {
  pthread_mutex_lock(&crew->mutex);
  if (crew->n_threads == 0) {
    start_threads(crew);
  }
  crew->task = task;
  crew->n_tasks = n;
  atomic_store(&crew->next, first);
  crew->n_busy = crew->n_threads;
  crew->job++;
  pthread_cond_broadcast(&crew->begun);
  pthread_mutex_unlock(&crew->mutex);
  take_tasks(&crew->helper[0]);
  pthread_mutex_lock(&crew->mutex);
  while (crew->n_busy > 0) {
    pthread_cond_wait(&crew->done, &crew->mutex);
  }
  pthread_mutex_unlock(&crew->mutex);
}

void hd__crew_rest(hd_session *session) {
  hd__crew *crew = session->crew;
  if (crew == NULL) {
    return;
  }
  pthread_mutex_lock(&crew->mutex);
  crew->is_over = true;
  pthread_cond_broadcast(&crew->begun);
  pthread_mutex_unlock(&crew->mutex);
  for (int i = 0; i < crew->n_threads; i++) {
    pthread_join(crew->helper[1 + i].thread, NULL);
  }
  crew->n_threads = 0;
}

/* ---- members ---- */

static void try_member(helper *self, int member) {
  hd_session *session = self->session;
  hd__trial *trial = &self->crew->trial[member];
  hd__net *net = &session->net;
  const double begin = thread_seconds();
  const int64_t before = session->played;
  *session->search.counters = *self->crew->session->search.counters;
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

const hd__trial *hd__crew_ahead(hd_session *session) {
  hd__crew *crew = session->crew;
  const hd__search *search = &session->search;
  if (crew == NULL) {
    return NULL;
  }
  if (!crew->has_trials || crew->generation != search->counters->generation) {
    do_job(crew, try_member, hd__search_next(search), crew->n_members);
    crew->generation = search->counters->generation;
    crew->has_trials = true;
  }
  const hd__trial *trial = &crew->trial[hd__search_next(search)];
  return trial->is_known ? trial : NULL;
}

/* ---- episodes ---- */

/* What an episode gives depends on its number and the weights alone. */
static void play_run(helper *self, int run) {
  hd__crew *crew = self->crew;
  hd_session *session = self->session;
  hand_out *all = &crew->episodes;
  const double begin = thread_seconds();
  const int at = run * all->each, n = all->n - at < all->each ? all->n - at : all->each;
  float *weights = session->net.weights;
  session->net.weights = hd__session_judged(crew->session);
  if (hd__session_play(session, all->env, n, all->first + (uint64_t)at, all->returns + at, NULL) !=
      HD_OK) {
    atomic_store(&all->has_failed, true);
  }
  session->net.weights = weights;
  if (self != crew->helper) {
    const double took = thread_seconds() - begin;
    pthread_mutex_lock(&crew->mutex);
    crew->seconds += took;
    pthread_mutex_unlock(&crew->mutex);
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
  do_job(crew, play_run, 0, (n + each - 1) / each);
  return !atomic_load(&crew->episodes.has_failed);
}

double hd__crew_seconds(const hd_session *session) {
  return session->crew != NULL ? session->crew->seconds : 0.0;
}
