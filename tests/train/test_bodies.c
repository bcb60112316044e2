/* Environments that have a body: one each, opened once, never seen between two calls. */
#include <stdlib.h>

#include "fault.h"
#include "learners.h"
#include "session_internal.h"

/* A walk along a line that ends at either end. The state counts the steps that were taken; the
 * place that they led to is known to the body only, which walks the way again where it does not
 * belong to the state. */
enum { LINE = 5, LONGEST = 40 };

typedef struct walk {
  void *body;
  int n;
  signed char step[LONGEST];
} walk;

typedef struct walker {
  int n, at; /* after these steps it is there */
  signed char step[LONGEST];
} walker;

static int n_open, n_opened, opened_until; /* opened_until: fewer than so many, 0: no limit */
static int n_bare;                         /* calls that found no body */

static void take(walker *w, signed char by) {
  w->step[w->n++] = by;
  w->at += by;
}

static walker *walker_of(const walk *s) {
  walker *w = s->body;
  if (w == NULL) {
    n_bare++;
  } else if (w->n != s->n || memcmp(w->step, s->step, (size_t)s->n) != 0) {
    *w = (walker){0};
    while (w->n < s->n) {
      take(w, s->step[w->n]);
    }
  }
  return w;
}

static void reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  walk *s = state;
  s->n = 1;
  s->step[0] = (signed char)((int)hd_random_below(random, 3) - 1);
}

static bool step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                 double *reward) {
  (void)self;
  (void)random;
  walk *s = state;
  walker *w = walker_of(s);
  *reward = 0;
  if (w == NULL || s->n == LONGEST) {
    return true;
  }
  s->step[s->n] = action[0] > 0 ? 1 : -1;
  take(w, s->step[s->n++]);
  *reward = w->at / LINE;
  return abs(w->at) == LINE;
}

static void observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const walker *w = walker_of(state);
  obs[0] = w == NULL ? 0 : (float)w->at / LINE;
}

static hd_status open(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]) {
  (void)self;
  if (opened_until > 0 && n_open >= opened_until) {
    snprintf(why, HD_WHY_SIZE, "no more than %d walkers", opened_until);
    return HD_IO;
  }
  walker *w = calloc(1, sizeof *w);
  if (w == NULL) {
    return HD_NOMEM;
  }
  n_open++;
  n_opened++;
  *body = w;
  return HD_OK;
}

static void close(const hd_env_desc *self, void *body) {
  (void)self;
  free(body);
  n_open--;
}

static const hd_dim place[] = {{"place", "", 0, -1, 1}};
static const hd_dim way[] = {{"left, right", "", 2, 0, 1}};
static const hd_env_desc eval_env = {.size = sizeof(hd_env_desc),
                                  .name = "WalkTest-v0",
                                  .doc = "walk along a line, with an eval_env",
                                  .source = "this test",
                                  .obs = place,
                                  .n_obs = 1,
                                  .act = way,
                                  .n_act = 1,
                                  .max_steps = 30,
                                  .state_size = sizeof(walk),
                                  .reset = reset,
                                  .step = step,
                                  .observe = observe,
                                  .open = open,
                                  .close = close};
static hd_env_desc line;

static hd_ctx *with_line(void) {
  hd_ctx *ctx = open_ctx();
  line = eval_env;
  line.name = "Walk-v0";
  line.max_steps = 20;
  line.eval_env = &eval_env;
  CHECK(hd_env_register(ctx, &line) == HD_OK && hd_env_register(ctx, &eval_env) == HD_OK);
  n_open = n_opened = opened_until = n_bare = 0;
  return ctx;
}

static hd_session *learner(hd_ctx *ctx, const char *method, uint64_t seed) {
  return open_session(ctx, "Walk-v0", method, NULL, seed);
}

static void one_body_for_each(void) {
  hd_ctx *ctx = with_line();
  hd_envs *envs;
  float obs[7], action[7] = {0};
  double reward[7];
  bool terminated[7], truncated[7];
  CHECK(hd_envs_create(ctx, &line, 7, 1, HD_RNG_NATIVE, &envs) == HD_OK && n_open == 7);
  hd_envs_reset(envs, obs);
  for (int t = 0; t < 100; t++) {
    hd_envs_step(envs, action, obs, reward, terminated, truncated);
    hd_envs_reset_done(envs, obs);
    for (int b = 0; b < 7; b++) {
      CHECK(((walk *)hd_envs_state(envs, b))->body == NULL);
      action[b] = (float)((t + b) % 3 > 0);
    }
  }
  hd_envs_destroy(envs);
  CHECK(n_open == 0 && n_opened == 7 && n_bare == 0);
  hd_ctx_destroy(ctx);
}

static hd_status open_or_share(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]) {
  return *body != NULL ? HD_OK : open(self, body, why);
}

static int n_closed;

static void leave(const hd_env_desc *self, void *body) {
  n_closed++;
  if (n_closed == 7) {
    close(self, body);
  }
}

/* A body that is found may be kept: each environment brings it to where it belongs. */
static void one_body_for_all(void) {
  hd_ctx *ctx = with_line();
  hd_env_desc shared = line;
  shared.open = open_or_share;
  shared.close = leave;
  hd_envs *envs[2];
  float obs[2][7], action[7];
  double reward[2][7];
  bool terminated[2][7], truncated[2][7];
  CHECK(hd_envs_create(ctx, &line, 7, 1, HD_RNG_NATIVE, &envs[0]) == HD_OK && n_open == 7);
  CHECK(hd_envs_create(ctx, &shared, 7, 1, HD_RNG_NATIVE, &envs[1]) == HD_OK && n_open == 8);
  for (int k = 0; k < 2; k++) {
    hd_envs_reset(envs[k], obs[k]);
  }
  for (int t = 0; t < 100; t++) {
    for (int b = 0; b < 7; b++) {
      action[b] = (float)((t + b) % 3 > 0);
    }
    for (int k = 0; k < 2; k++) {
      hd_envs_step(envs[k], action, obs[k], reward[k], terminated[k], truncated[k]);
      hd_envs_reset_done(envs[k], obs[k]);
    }
    CHECK(memcmp(obs[0], obs[1], sizeof obs[0]) == 0);
    CHECK(memcmp(reward[0], reward[1], sizeof reward[0]) == 0);
  }
  hd_envs_destroy(envs[1]);
  hd_envs_destroy(envs[0]);
  CHECK(n_closed == 7 && n_open == 0);
  hd_ctx_destroy(ctx);
}

/* Training, evaluations and other seeds in place need no body more. */
static void a_session_opens_its_bodies_once(void) {
  hd_ctx *ctx = with_line();
  hd_session *session = learner(ctx, "neuron-agent", 1);
  CHECK(n_opened == session->training.B + 2 * session->evaluation.n_rows);
  double mean;
  for (uint64_t seed = 2; seed < 5; seed++) {
    CHECK(hd_session_train(session, 500) == HD_OK);
    CHECK(hd_session_evaluate(session, 30, 0, NULL, &mean) == HD_OK);
    CHECK(hd__session_restart(session, seed) == HD_OK);
  }
  CHECK(n_opened == session->training.B + 2 * session->evaluation.n_rows && n_open == n_opened && n_bare == 0);
  hd_session_destroy(session);
  CHECK(n_open == 0);
  hd_ctx_destroy(ctx);
}

static void a_checkpoint_holds_no_pointer(void) {
  static const char path[] = HD_TEST_TMP "/bodies.ckpt";
  hd_ctx *ctx = with_line();
  static const char *const methods[] = {"neuron-agent", "neuron-agent-online", "nes"};
  for (int k = 0; k < 3; k++) {
    hd_session *saved = learner(ctx, methods[k], 1), *loaded = NULL;
    CHECK(hd_session_train(saved, 777) == HD_OK && hd_session_save(saved, path) == HD_OK);
    const hd_view view = view_of(saved, "env.state");
    for (int64_t b = 0; b < view.shape[0]; b++) {
      walk state;
      memcpy(&state, (const unsigned char *)view.data + b * view.shape[1], sizeof state);
      CHECK(state.body == NULL);
    }
    CHECK(hd_session_load(ctx, path, &loaded) == HD_OK);
    CHECK(hd_session_train(saved, 777) == HD_OK && hd_session_train(loaded, 777) == HD_OK);
    double one[40], other[40];
    CHECK(hd_session_evaluate(saved, 40, 0, one, NULL) == HD_OK);
    CHECK(hd_session_evaluate(loaded, 40, 0, other, NULL) == HD_OK);
    CHECK(hd_session_hash(saved) == hd_session_hash(loaded));
    CHECK(memcmp(one, other, sizeof one) == 0);
    hd_session_destroy(saved);
    hd_session_destroy(loaded);
  }
  CHECK(n_open == 0 && n_bare == 0);
  hd_ctx_destroy(ctx);
  remove(path);
}

/* Whichever body cannot be opened, the others are closed and the reason is told. */
static void a_body_may_fail_to_open(void) {
  hd_ctx *ctx = with_line();
  hd_session *session = NULL;
  hd_envs *envs = NULL;
  char sentence[64];
  int failed = 0;
  for (opened_until = 1; session == NULL && opened_until < 1000; opened_until++) {
    const hd_status status = try_session(ctx, "Walk-v0", "neuron-agent", "envs=3", 1, &session);
    CHECK(status == HD_OK || (status == HD_IO && n_open == 0));
    snprintf(sentence, sizeof sentence, "Walk-v0: no more than %d walkers", opened_until);
    failed += status != HD_OK && strstr(hd_ctx_error(ctx), sentence + 9) != NULL;
  }
  CHECK(session != NULL && failed == 3 + 2 * session->evaluation.n_rows - 1);
  hd_session_destroy(session);
  opened_until = 2;
  CHECK(hd_envs_create(ctx, &line, 3, 1, HD_RNG_NATIVE, &envs) == HD_IO && envs == NULL);
  CHECK_TEXT(hd_ctx_error(ctx), "Walk-v0: no more than 2 walkers");
  CHECK(n_open == 0);
  hd_ctx_destroy(ctx);
}

static hd_status starve(hd_ctx *ctx) {
  hd_envs *envs = NULL;
  hd_session *session = NULL;
  HD_TRY(hd_env_register(ctx, &line));
  hd_status status = hd_envs_create(ctx, &line, 2, 1, HD_RNG_NATIVE, &envs);
  if (status == HD_OK) {
    status = try_session(ctx, "Walk-v0", "neuron-agent", NULL, 1, &session);
  }
  hd_session_destroy(session);
  hd_envs_destroy(envs);
  return n_open == 0 ? status : HD_USAGE;
}

static void every_allocation_may_fail(void) {
  hd_ctx_destroy(with_line());
  CHECK(fault_sweep(starve) > 4);
}

static void half_a_body_is_refused(void) {
  hd_ctx *ctx = open_ctx();
  hd_env_desc faulty = eval_env;
  faulty.close = NULL;
  CHECK(hd_env_register(ctx, &faulty) == HD_USAGE);
  CHECK_TEXT(hd_ctx_error(ctx), "environment WalkTest-v0: function close is missing");
  faulty = eval_env;
  faulty.open = NULL;
  CHECK(hd_env_register(ctx, &faulty) == HD_USAGE);
  CHECK_TEXT(hd_ctx_error(ctx), "environment WalkTest-v0: function open is missing");
  faulty = eval_env;
  faulty.state_size = 4;
  CHECK(hd_env_register(ctx, &faulty) == HD_RANGE);
  CHECK_TEXT(hd_ctx_error(ctx),
             "environment WalkTest-v0: a state of 4 bytes has no room for the pointer to its body");
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(one_body_for_each);
  RUN(one_body_for_all);
  RUN(a_session_opens_its_bodies_once);
  RUN(a_checkpoint_holds_no_pointer);
  RUN(a_body_may_fail_to_open);
  RUN(every_allocation_may_fail);
  RUN(half_a_body_is_refused);
  return test_end();
}
