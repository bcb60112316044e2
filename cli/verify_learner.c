/* One learner is run again and compared with its record: every evaluation, and the hash of its
 * weights in the end. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "verify.h"

typedef struct verify_learner {
  hd_ctx *ctx;
  const run_data *run;
  const char *policy;
  const run_learner *recorded;
  hd_session *session;
  verify_verdict *out;
} verify_learner;

static bool verify_is_same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static void verify_part(verify_learner *self, const char *what, double recorded, double now) {
  self->out->kind = VERIFY_PARTS;
  snprintf(self->out->what, sizeof self->out->what, "%s was %.17g and is %.17g", what, recorded,
           now);
}

static void verify_layers(verify_learner *self, const run_evaluation *e, const hd_stats *stats) {
  char what[RUN_NAME + 32];
  for (int i = 0; i < e->n_layers && i < stats->n_layers; i++) {
    snprintf(what, sizeof what, "the rate of %s", e->layer[i].name);
    if (!verify_is_same(e->layer[i].rate, stats->layer[i].rate)) {
      verify_part(self, what, e->layer[i].rate, stats->layer[i].rate);
    }
  }
}

/* Compare what an evaluation's line says; the first figure that differs is told. */
static void verify_line(verify_learner *self, const run_evaluation *e, double mean) {
  hd_stats stats;
  hd_session_stats(self->session, &stats);
  const struct {
    const char *what;
    double recorded, now;
  } figure[] = {{"the number of steps", (double)e->env_steps, (double)stats.env_steps},
                {"the number of episodes", (double)e->episodes, (double)stats.episodes},
                {"the number of updates", (double)e->updates, (double)stats.updates},
                {"the return while learning", e->train_return, stats.recent},
                {"the greedy return", e->eval_return, mean}};
  for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) {
    if (!verify_is_same(figure[i].recorded, figure[i].now)) {
      verify_part(self, figure[i].what, figure[i].recorded, figure[i].now);
      return;
    }
  }
}

static int64_t verify_steps(const verify_learner *self) {
  hd_stats stats;
  hd_session_stats(self->session, &stats);
  return stats.env_steps;
}

/* Train up to an evaluation and repeat it. Rates count from the evaluation before. */
static hd_status verify_evaluation(verify_learner *self, int k, int episodes) {
  const run_evaluation *e = &self->recorded->evaluation[k];
  hd_stats stats;
  double mean;
  self->out->from = k > 0 ? e[-1].env_steps : 0;
  self->out->to = e->env_steps;
  HD_TRY(hd_session_train(self->session, e->env_steps - self->out->from));
  hd_session_stats(self->session, &stats);
  verify_layers(self, e, &stats);
  HD_TRY(hd_session_evaluate(self->session, episodes, (uint64_t)k, NULL, &mean));
  verify_line(self, e, mean);
  self->out->n_checked++;
  return HD_OK;
}

static void verify_hash(verify_learner *self, uint64_t recorded, const char *where) {
  const uint64_t now = hd_session_hash(self->session);
  self->out->n_checked++;
  if (now != recorded) {
    self->out->kind = VERIFY_PARTS;
    snprintf(self->out->what, sizeof self->out->what,
             "the hash of the weights %s was %016" PRIx64 " and is %016" PRIx64, where, recorded,
             now);
  }
}

/* The last checkpoint. Of a learner that is not done it may lie behind the last evaluation, and
 * then cannot be reached any more, or ahead of it. */
static hd_status verify_checkpoint(verify_learner *self) {
  char path[RUN_PATH + 48];
  hd_session *kept;
  snprintf(path, sizeof path, "%s/checkpoint-%" PRIu64 ".hd", self->run->path,
           self->recorded->result.seed);
  if (access(path, F_OK) != 0) {
    return HD_OK;
  }
  HD_TRY(hd_session_load(self->ctx, path, &kept));
  hd_stats stats;
  hd_session_stats(kept, &stats);
  const int64_t ahead = stats.env_steps - verify_steps(self);
  hd_status status = HD_OK;
  if (ahead >= 0) {
    self->out->from = self->out->to;
    self->out->to = stats.env_steps;
    status = ahead > 0 ? hd_session_train(self->session, ahead) : HD_OK;
    if (status == HD_OK) {
      verify_hash(self, hd_session_hash(kept), "in the checkpoint");
    }
  }
  hd_session_destroy(kept);
  return status;
}

static hd_status verify_begin(verify_learner *self) {
  HD_TRY(
      hd_session_create(self->ctx, self->run->config, self->recorded->result.seed, &self->session));
  if (self->policy == NULL) {
    return HD_OK;
  }
  hd_session *teacher;
  HD_TRY(hd_session_load(self->ctx, self->policy, &teacher));
  const hd_status status = hd_session_adopt(self->session, teacher);
  hd_session_destroy(teacher);
  return status;
}

static hd_status verify_run_again(verify_learner *self) {
  const char *episodes = hd_config_get(self->run->config, "eval_episodes");
  const int n = episodes != NULL ? atoi(episodes) : 1;
  HD_TRY(verify_begin(self));
  self->out->kind = VERIFY_SAME;
  for (int k = 0; k < self->recorded->n && self->out->kind == VERIFY_SAME; k++) {
    HD_TRY(verify_evaluation(self, k, n));
  }
  if (self->out->kind != VERIFY_SAME) {
    return HD_OK;
  }
  if (self->recorded->result.done) {
    verify_hash(self, self->recorded->result.hash, "in the end");
  }
  return self->out->kind == VERIFY_SAME ? verify_checkpoint(self) : HD_OK;
}

void verify_learner_again(hd_ctx *ctx, const run_data *run, int index, const char *policy,
                          verify_verdict *out) {
  verify_learner self = {
      .ctx = ctx, .run = run, .policy = policy, .recorded = &run->learner[index], .out = out};
  *out = (verify_verdict){.n_checked = 0};
  if (verify_run_again(&self) != HD_OK) {
    out->kind = VERIFY_FAILS;
    snprintf(out->what, sizeof out->what, "%s", hd_ctx_error(ctx));
  } else if (out->kind == VERIFY_SAME && out->n_checked == 0) {
    out->kind = VERIFY_NOTHING;
  }
  hd_session_destroy(self.session);
}
