#include "evaluators.h"

#include <string.h>

enum { ALIGN = 64 };

typedef struct evaluator {
  hd_ctx ctx; /* the learner's, with an error text of its own */
  hd__evaluation evaluation;
  void *memory;    /* that the learner acts with beside its own, of its own type */
  hd__actor actor; /* of the episodes at hand */
} evaluator;

struct hd__evaluators {
  hd__learner *learner;
  size_t size; /* of this block */
  hd__arena arena;
  hd__episodes episodes;
  hd__actor actor; /* of the first worker */
  int rows;        /* that a worker plays side by side */
  atomic_bool has_failed;
  int n;
  evaluator *one; /* [n] of workers 1, 2, ... */
};

static size_t evaluators_rounded_up(size_t n) { return (n + ALIGN - 1) / ALIGN * ALIGN; }

/* ---- life ---- */

/* One block: the evaluators, then the memory of each. */
static hd__evaluators *evaluators_alloc(hd__learner *learner, int n) {
  const size_t head = evaluators_rounded_up(sizeof(hd__evaluators));
  const size_t list = evaluators_rounded_up(sizeof(evaluator) * (size_t)n);
  const size_t each = evaluators_rounded_up(learner->desc->actor_size);
  const size_t size = head + list + each * (size_t)n;
  unsigned char *block = hd__alloc(learner->ctx, size);
  if (block == NULL) {
    return NULL;
  }
  memset(block, 0, size);
  hd__evaluators *all = (hd__evaluators *)(void *)block;
  all->learner = learner;
  all->size = size;
  all->one = (evaluator *)(void *)(block + head);
  for (int i = 0; i < n; i++) {
    all->one[i].memory = block + head + list + each * (size_t)i;
  }
  return all;
}

static hd_status evaluators_evaluator_open(evaluator *one, const hd__learner *learner) {
  one->ctx = *learner->ctx;
  one->evaluation = (hd__evaluation){.ctx = &one->ctx,
                                     .env = learner->env,
                                     .kernel = learner->kernel,
                                     .rng = learner->evaluation->rng,
                                     .n_rows = learner->eval_rows};
  return hd__evaluation_open(&one->evaluation);
}

static void evaluators_lay_out(hd__evaluators *all) {
  hd__learner *learner = all->learner;
  for (int i = 0; i < all->n; i++) {
    hd__evaluation_lay_out(&all->one[i].evaluation, &all->arena);
    learner->desc->lay_out_actor(learner, all->one[i].memory, &all->arena);
  }
}

static void evaluators_begin(hd__evaluators *all) {
  hd__learner *learner = all->learner;
  evaluators_lay_out(all);
  for (int i = 0; i < all->n; i++) {
    all->one[i].evaluation.seed = learner->seed;
    learner->desc->start_actor(learner, all->one[i].memory);
  }
}

static hd_status evaluators_open(hd__evaluators *all, int n) {
  hd_ctx *ctx = all->learner->ctx;
  while (all->n < n) {
    evaluator *one = &all->one[all->n++];
    const hd_status status = evaluators_evaluator_open(one, all->learner);
    if (status != HD_OK) {
      return hd__fail(ctx, status, "%s", one->ctx.error);
    }
  }
  evaluators_lay_out(all);
  return hd__arena_commit(ctx, &all->arena);
}

hd_status hd__evaluators_create(hd__learner *learner, hd__evaluators **out) {
  const int n = hd__workers_count(learner->workers) - 1;
  hd__evaluators *all = evaluators_alloc(learner, n);
  if (all == NULL) {
    return hd__fail(learner->ctx, HD_NOMEM, "out of memory for %d evaluations side by side", n);
  }
  const hd_status status = evaluators_open(all, n);
  if (status != HD_OK) {
    hd__evaluators_destroy(all);
    return status;
  }
  evaluators_begin(all);
  *out = all;
  return HD_OK;
}

void hd__evaluators_start(hd__evaluators *all) {
  hd__arena_clear(&all->arena);
  evaluators_begin(all);
}

void hd__evaluators_destroy(hd__evaluators *all) {
  if (all == NULL) {
    return;
  }
  hd_ctx *ctx = all->learner->ctx;
  for (int i = 0; i < all->n; i++) {
    hd__evaluation_close(&all->one[i].evaluation);
  }
  hd__arena_free(ctx, &all->arena);
  hd__free(ctx, all, all->size);
}

/* ---- episodes ---- */

static void evaluators_take_episodes(void *user, int worker, int task) {
  hd__evaluators *all = user;
  evaluator *one = &all->one[worker - 1];
  hd__evaluation *evaluation = worker == 0 ? all->learner->evaluation : &one->evaluation;
  const hd__actor *actor = worker == 0 ? &all->actor : &one->actor;
  (void)task;
  if (hd__evaluation_take(evaluation, evaluation->eval_env, actor, all->rows, &all->episodes) !=
      HD_OK) {
    atomic_store(&all->has_failed, true);
  }
}

bool hd__evaluators_play(hd__evaluators *all, const hd__actor *actor, int n, uint64_t first,
                         double *returns) {
  hd__learner *learner = all->learner;
  const int n_workers = all->n + 1, each = (n + n_workers - 1) / n_workers;
  all->rows = each < learner->eval_rows ? each : learner->eval_rows;
  all->episodes = (hd__episodes){.n = n, .first = first, .returns = returns};
  atomic_store(&all->has_failed, false);
  all->actor = *actor;
  for (int i = 0; i < all->n; i++) {
    all->one[i].actor = learner->desc->actor_beside(learner, all->one[i].memory);
  }
  hd__workers_run(learner->workers, n_workers, evaluators_take_episodes, all);
  return !atomic_load(&all->has_failed);
}
