#include "evaluators.h"

#include <string.h>

#include "deep_scratch.h"
#include "session_internal.h"

typedef struct evaluator {
  hd_ctx ctx; /* the session's, with an error text of its own */
  hd__evaluation evaluation;
  hd__gradient_rl gradient_rl; /* one that acts by gradients is a copy of the session's, */
  hd__gradient_rl_scratch scratch;
  hd__net net; /* and any other reads the session's weights */
  hd__net_actor net_actor;
  hd__actor actor; /* of the episodes at hand */
} evaluator;

struct hd__evaluators {
  hd_session *session;
  hd__arena arena;
  hd__episodes episodes;
  hd__actor actor; /* of the first worker */
  int rows;        /* that a worker plays side by side */
  atomic_bool has_failed;
  int n;
  evaluator one[]; /* [n] of workers 1, 2, ... */
};

static size_t evaluators_bytes(int n) {
  return sizeof(hd__evaluators) + sizeof(evaluator) * (size_t)n;
}

/* ---- life ---- */

static hd_status evaluator_open(evaluator *one, const hd_session *session) {
  one->ctx = *session->ctx;
  one->evaluation = (hd__evaluation){.ctx = &one->ctx,
                                     .env = session->env,
                                     .kernel = session->kernel,
                                     .rng = session->evaluation.rng,
                                     .n_rows = session->evaluation.n_rows};
  return hd__evaluation_open(&one->evaluation);
}

/* The session was compiled, perhaps for another seed. */
static hd_status evaluator_compile(evaluator *one, const hd_session *session) {
  one->evaluation.seed = session->seed;
  if (session->is_gradient_rl) {
    return HD_OK;
  }
  HD_TRY(hd__net_compile(&one->ctx, &session->net.def, &one->net));
  one->net.def.batch = one->evaluation.n_rows;
  return HD_OK;
}

static void evaluators_lay_out(hd__evaluators *all, hd__arena *arena) {
  hd_session *session = all->session;
  for (int i = 0; i < all->n; i++) {
    evaluator *one = &all->one[i];
    hd__evaluation_lay_out(&one->evaluation, arena);
    if (session->is_gradient_rl) {
      hd__gradient_rl_scratch_lay_out(&one->scratch, arena, &session->gradient_rl);
    } else {
      hd__net_lay_out(&one->net, arena);
      hd__net_actor_lay_out(&one->net_actor, &one->net, one->evaluation.n_rows, arena);
    }
  }
}

static void evaluators_start(hd__evaluators *all) {
  hd_session *session = all->session;
  for (int i = 0; i < all->n; i++) {
    evaluator *one = &all->one[i];
    if (!session->is_gradient_rl) {
      hd__net_start(&one->net, &(hd__net_init){0}, session->seed);
      hd__net_actor_start(&one->net_actor, session->env, &one->net, session->levels);
    }
  }
}

hd_status hd__evaluators_create(hd_session *session, hd__evaluators **out) {
  const int n = hd__workers_count(session->workers) - 1;
  hd__evaluators *all = hd__alloc(session->ctx, evaluators_bytes(n));
  if (all == NULL) {
    return hd__fail(session->ctx, HD_NOMEM, "out of memory for %d evaluations side by side", n);
  }
  memset(all, 0, evaluators_bytes(n));
  all->session = session;
  hd_status status = HD_OK;
  for (; status == HD_OK && all->n < n; all->n++) {
    status = evaluator_open(&all->one[all->n], session);
    status = status == HD_OK ? evaluator_compile(&all->one[all->n], session) : status;
    if (status != HD_OK) {
      hd__fail(session->ctx, status, "%s", all->one[all->n].ctx.error);
    }
  }
  if (status == HD_OK) {
    evaluators_lay_out(all, &all->arena);
    status = hd__arena_commit(session->ctx, &all->arena);
  }
  if (status != HD_OK) {
    hd__evaluators_destroy(all);
    return status;
  }
  evaluators_lay_out(all, &all->arena);
  evaluators_start(all);
  *out = all;
  return HD_OK;
}

hd_status hd__evaluators_restart(hd__evaluators *all) {
  if (all == NULL) {
    return HD_OK;
  }
  for (int i = 0; i < all->n; i++) {
    HD_TRY(evaluator_compile(&all->one[i], all->session));
  }
  hd__arena_clear(&all->arena);
  evaluators_lay_out(all, &all->arena);
  evaluators_start(all);
  return HD_OK;
}

void hd__evaluators_destroy(hd__evaluators *all) {
  if (all == NULL) {
    return;
  }
  hd_ctx *ctx = all->session->ctx;
  const int n = hd__workers_count(all->session->workers) - 1;
  for (int i = 0; i < all->n; i++) {
    hd__evaluation_close(&all->one[i].evaluation);
  }
  hd__arena_free(ctx, &all->arena);
  hd__free(ctx, all, evaluators_bytes(n));
}

/* ---- episodes ---- */

static void evaluators_set_actors(hd__evaluators *all, const hd__actor *actor,
                                  const float *weights) {
  hd_session *session = all->session;
  all->actor = *actor;
  for (int i = 0; i < all->n; i++) {
    evaluator *one = &all->one[i];
    if (session->is_gradient_rl) {
      hd__gradient_rl_copy_actor(&one->gradient_rl, &session->gradient_rl, &one->scratch);
      one->actor = (hd__actor){.self = &one->gradient_rl, .decide = actor->decide};
    } else {
      one->actor = hd__net_actor_with(&one->net_actor, weights, session->actor.policy);
    }
  }
}

static void take_episodes(void *user, int worker, int task) {
  hd__evaluators *all = user;
  evaluator *one = &all->one[worker - 1];
  hd__evaluation *evaluation = worker == 0 ? &all->session->evaluation : &one->evaluation;
  const hd__actor *actor = worker == 0 ? &all->actor : &one->actor;
  (void)task;
  if (hd__evaluation_take(evaluation, evaluation->eval_env, actor, all->rows, &all->episodes) !=
      HD_OK) {
    atomic_store(&all->has_failed, true);
  }
}

bool hd__evaluators_play(hd__evaluators *all, const hd__actor *actor, const float *weights, int n,
                         uint64_t first, double *returns) {
  if (all == NULL) {
    return false;
  }
  const int n_workers = hd__workers_count(all->session->workers);
  const int each = (n + n_workers - 1) / n_workers, most = all->session->evaluation.n_rows;
  all->rows = each < most ? each : most;
  all->episodes = (hd__episodes){.n = n, .first = first, .returns = returns};
  atomic_store(&all->has_failed, false);
  evaluators_set_actors(all, actor, weights);
  hd__workers_run(all->session->workers, n_workers, take_episodes, all);
  return !atomic_load(&all->has_failed);
}
