/* Environments behind hedon/foreign.h: calls for several at once, checkpoints, refusals, failures.
 */
#include "learners.h"

/* A walk on seven cells whose start its seed draws. The program keeps where each environment is, as
 * one in another language would. In a lockstep every environment moves with every step. */
enum { CELLS = 7, LIMIT = 30, MOST = 64 };

typedef struct program {
  hd_foreign foreign;
  int n_open, n_steps, n_resets, fails_at, shows;
  bool is_endless; /* no end ends an episode */
  char why[2 * HD_WHY_SIZE];
} program;

typedef struct walk {
  int cell[MOST];
} walk;

static hd_status walk_open(void *user, hd_foreign_batch *batch, char why[HD_WHY_SIZE]) {
  program *p = user;
  (void)why;
  batch->own = calloc(1, sizeof(walk));
  p->n_open++;
  return batch->B <= MOST ? HD_OK : HD_RANGE;
}

static void walk_close(void *user, hd_foreign_batch *batch) {
  program *p = user;
  free(batch->own);
  p->n_open--;
}

static void walk_show(const program *p, hd_foreign_batch *batch, int row) {
  const walk *w = batch->own;
  batch->obs[row] = p->shows != 0 ? (float)p->shows : (float)w->cell[row];
}

static bool walk_reset(void *user, hd_foreign_batch *batch) {
  program *p = user;
  walk *w = batch->own;
  p->n_resets++;
  for (int i = 0; i < batch->n; i++) {
    const int row = batch->row[i];
    w->cell[row] = 2 + (int)(batch->seed[row] % 3);
    walk_show(p, batch, row);
  }
  return true;
}

static void walk_move(hd_foreign_batch *batch, int row) {
  walk *w = batch->own;
  const int to = w->cell[row] + (batch->action[row] > 0 ? 1 : -1);
  w->cell[row] = to < 0 ? 0 : to >= CELLS ? CELLS - 1 : to;
}

static bool walk_step(void *user, hd_foreign_batch *batch) {
  program *p = user;
  const walk *w = batch->own;
  p->n_steps++;
  for (int row = 0; p->foreign.is_lockstep && row < batch->B; row++) {
    walk_move(batch, row);
  }
  for (int i = 0; i < batch->n; i++) {
    const int row = batch->row[i];
    if (!p->foreign.is_lockstep) {
      walk_move(batch, row);
    }
    walk_show(p, batch, row);
    batch->reward[row] = w->cell[row] == CELLS - 1;
    batch->terminated[row] = !p->is_endless && (w->cell[row] == 0 || w->cell[row] == CELLS - 1);
    batch->truncated[row] = false;
  }
  return p->n_steps != p->fails_at;
}

static void walk_refused(void *user, const char *why) {
  program *p = user;
  snprintf(p->why, sizeof p->why, "%s", why);
}

static program make_program(bool is_lockstep) {
  return (program){.foreign = {.size = sizeof(hd_foreign),
                               .is_lockstep = is_lockstep,
                               .open = walk_open,
                               .close = walk_close,
                               .reset = walk_reset,
                               .step = walk_step,
                               .refused = walk_refused}};
}

static const hd_dim cell = {.name = "cell", .unit = "", .count = CELLS};
static const hd_dim direction = {.name = "left, right", .unit = "", .count = 2};

static hd_env_desc describe(program *p, int limit) {
  p->foreign.user = p;
  return (hd_env_desc){.size = sizeof(hd_env_desc),
                       .name = "ForeignWalk-v0",
                       .doc = "the right end pays",
                       .source = "this test",
                       .obs = &cell,
                       .n_obs = 1,
                       .act = &direction,
                       .n_act = 1,
                       .max_steps = limit,
                       .solved = NAN,
                       .low_score = NAN,
                       .high_score = NAN,
                       .foreign = &p->foreign};
}

static hd_ctx *open_with(program *p, int limit) {
  hd_ctx *ctx = open_ctx();
  const hd_env_desc env = describe(p, limit);
  CHECK(hd_env_register(ctx, &env) == HD_OK);
  return ctx;
}

/* Hash after `steps`, saved and loaded once on the way if asked to. */
static uint64_t hash_after(bool is_lockstep, bool is_saved, int64_t steps) {
  program p = make_program(is_lockstep);
  hd_ctx *ctx = open_with(&p, LIMIT);
  hd_session *session = open_session(ctx, "ForeignWalk-v0", "neuron-agent", "envs=5", 3);
  advance(session, steps / 2, steps);
  if (is_saved) {
    CHECK(hd_session_save(session, HD_TEST_TMP "/foreign") == HD_OK);
    hd_session_destroy(session);
    CHECK(hd_session_load(ctx, HD_TEST_TMP "/foreign", &session) == HD_OK);
  }
  advance(session, steps, steps);
  double mean = 0;
  CHECK(hd_session_evaluate(session, 7, 0, NULL, &mean) == HD_OK);
  const uint64_t hash = hd_session_hash(session);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  CHECK(p.n_open == 0 && p.why[0] == '\0');
  return hash;
}

static void episodes_go_on_after_loading_alone_and_in_lockstep(void) {
  const uint64_t hash = hash_after(false, false, 1003);
  CHECK(hash_after(false, true, 1003) == hash);
  CHECK(hash_after(true, false, 1003) == hash);
  CHECK(hash_after(true, true, 1003) == hash);
}

static void one_call_steps_all(void) {
  program p = make_program(false);
  hd_ctx *ctx = open_with(&p, LIMIT);
  hd_session *session = open_session(ctx, "ForeignWalk-v0", "neuron-agent", "envs=8", 3);
  CHECK(p.n_resets == 1);
  advance(session, 400, 400);
  CHECK(p.n_steps == steps_of(session) / 8);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* Without a limit, or with one so long that not all actions are kept: of episodes that never end,
 * after so many steps each. */
static hd_status take_up(int limit, int64_t steps) {
  enum { ENVS = 5 };
  program p = make_program(false);
  p.is_endless = true;
  hd_ctx *ctx = open_with(&p, limit);
  hd_session *session = open_session(ctx, "ForeignWalk-v0", "neuron-agent", "envs=5 rollout=1", 3);
  advance(session, ENVS * steps, ENVS * steps);
  CHECK(hd_session_save(session, HD_TEST_TMP "/foreign") == HD_OK);
  hd_session *loaded = NULL;
  CHECK(hd_session_load(ctx, HD_TEST_TMP "/foreign", &loaded) == HD_OK);
  const uint64_t before = hd_session_hash(loaded);
  const hd_status status = hd_session_train(loaded, 100);
  CHECK((status == HD_OK) == (p.why[0] == '\0'));
  CHECK(status == HD_OK || strstr(p.why, "give it a max_steps") != NULL);
  CHECK((status == HD_OK) == (hd_session_hash(loaded) != before));
  hd_session_destroy(loaded);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  return status;
}

static void what_cannot_be_taken_up_is_refused(void) {
  CHECK(take_up(0, HD_FOREIGN_KEPT_STEPS) == HD_OK);
  CHECK(take_up(0, HD_FOREIGN_KEPT_STEPS + 1) == HD_NUMERIC);
  CHECK(take_up(HD_FOREIGN_KEPT + 1, HD_FOREIGN_KEPT_STEPS) == HD_OK);
  CHECK(take_up(HD_FOREIGN_KEPT + 1, HD_FOREIGN_KEPT_STEPS + 1) == HD_NUMERIC);
}

static void failures_and_nonsense_stop_a_learner(void) {
  static const int fails_at[] = {7, 0, 0}, shows[] = {0, CELLS, -1};
  for (int i = 0; i < 3; i++) {
    program p = make_program(false);
    hd_ctx *ctx = open_with(&p, LIMIT);
    hd_session *session = open_session(ctx, "ForeignWalk-v0", "neuron-agent", "envs=5", 3);
    const uint64_t before = hd_session_hash(session);
    p.fails_at = fails_at[i];
    p.shows = shows[i];
    CHECK(hd_session_train(session, 1000) == HD_NUMERIC);
    CHECK((strstr(p.why, "cell of ForeignWalk-v0 is") != NULL) == (shows[i] != 0));
    CHECK(hd_session_hash(session) == before || fails_at[i] != 0);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
    CHECK(p.n_open == 0);
  }
}

static hd_status try_register(const hd_env_desc *env, const char *sentence) {
  hd_ctx *ctx = open_ctx();
  const hd_status status = hd_env_register(ctx, env);
  CHECK(status == HD_OK || strstr(hd_ctx_error(ctx), sentence) != NULL);
  hd_ctx_destroy(ctx);
  return status;
}

static void half_a_description_is_refused(void) {
  program p = make_program(false);
  hd_env_desc env = describe(&p, LIMIT);
  CHECK(try_register(&env, "") == HD_OK);
  p.foreign.step = NULL;
  CHECK(try_register(&env, "foreign.step is missing") == HD_USAGE);
  p = make_program(false);
  p.foreign.size = 1;
  CHECK(try_register(&env, "foreign.size") == HD_USAGE);
  p = make_program(false);
  env.state_size = 8;
  CHECK(try_register(&env, "one or the other") == HD_USAGE);
}

int main(void) {
  RUN(episodes_go_on_after_loading_alone_and_in_lockstep);
  RUN(one_call_steps_all);
  RUN(what_cannot_be_taken_up_is_refused);
  RUN(failures_and_nonsense_stop_a_learner);
  RUN(half_a_description_is_refused);
  return test_end();
}
