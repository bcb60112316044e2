/* Deep Q-networks find the values that dynamic programming finds, descend the loss they claim to,
 * and go on from a checkpoint as if nothing had been. */
#include "../train/learners.h"
#include "insides.h"
#include "gradient_job.h"
#include "td.h"

/* ---- a small task, and its values by its definition ---- */

enum { CELLS = 6, ACTIONS = 3 };

/* Where an action leads and what it pays; the last cell ends the episode. */
static const int leads[CELLS - 1][ACTIONS] = {
    {1, 2, 0}, {3, 0, 1}, {4, 3, 5}, {5, 1, 4}, {0, 5, 2}};
static const double pays[CELLS - 1][ACTIONS] = {
    {0.5, -0.5, 0.1}, {0, 1, -1}, {0.3, 0, 0.2}, {1, -0.5, 0.5}, {-1, 0.6, 0.9}};

static void maze_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(int *)state = (int)hd_random_below(random, CELLS - 1);
}

static bool maze_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  (void)random;
  int *cell = state;
  *reward = pays[*cell][(int)action[0]];
  *cell = leads[*cell][(int)action[0]];
  return *cell == CELLS - 1;
}

static void maze_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)*(const int *)state;
}

static const hd_dim maze_cell = {.name = "cell", .unit = "", .count = CELLS};
static const hd_dim maze_way = {.name = "way", .unit = "", .count = ACTIONS};
static const hd_env_desc maze = {.size = sizeof(hd_env_desc),
                                 .name = "Maze-v0",
                                 .doc = "six cells, each way out pays differently",
                                 .source = "tests/deep/test_dqn.c",
                                 .obs = &maze_cell,
                                 .n_obs = 1,
                                 .act = &maze_way,
                                 .n_act = 1,
                                 .max_steps = 4, /* cut off often: what follows is worth the same */
                                 .solved = 1,
                                 .low_score = 0,
                                 .high_score = 1,
                                 .state_size = sizeof(int),
                                 .reset = maze_reset,
                                 .step = maze_step,
                                 .observe = maze_observe};

static void exact_values(double gamma, double q[CELLS][ACTIONS]) {
  memset(q, 0, sizeof(double) * CELLS * ACTIONS);
  for (int sweep = 0; sweep < 500; sweep++) {
    for (int s = 0; s < CELLS - 1; s++) {
      for (int a = 0; a < ACTIONS; a++) {
        const double *next = q[leads[s][a]];
        const double best = fmax(next[0], fmax(next[1], next[2]));
        q[s][a] = pays[s][a] + (leads[s][a] == CELLS - 1 ? 0 : gamma * best);
      }
    }
  }
}

#define MAZE                                                                                \
  "replay.n_step=1 neuron=relu hidden=0 coding=onehot epsilon=1 epsilon.end=nan gamma=0.9 " \
  "envs=2 "                                                                                 \
  "replay.size=2000 replay.learning_starts=100 replay.batch=32 replay.train_every=2 "       \
  "replay.gradient_steps=1 anneal=linear "                                                  \
  "alpha=0.02 dqn.huber=0 clip_value=0 dqn.target_unit=update dqn.target_every=50 "         \
  "replay.target_rate=1 steps=12000 "

/* With a line for every cell values are a table. Adam's steps are about alpha long, whatever the
 * gradient, and go to nothing: what is left is below a tenth of alpha. The target network moves 119
 * times or more, which leaves 0.9^119 of a value. */
static void values_are_those_of_dynamic_programming(void) {
  static const char *const kinds[] = {
      MAZE "dqn.double=false dqn.dueling=false",
      MAZE "dqn.double=true dqn.dueling=false",
      MAZE "dqn.double=true dqn.dueling=true",
      MAZE "dqn.double=true dqn.dueling=true dqn.priority=0.6",
      MAZE "dqn.double=false dqn.dueling=false dqn.target_every=1 replay.target_rate=0.02",
  };
  double q[CELLS][ACTIONS];
  exact_values(0.9, q);
  for (int k = 0; k < (int)(sizeof kinds / sizeof *kinds); k++) {
    hd_ctx *ctx = open_ctx();
    CHECK(hd_env_register(ctx, &maze) == HD_OK);
    hd_session *session = open_session(ctx, "Maze-v0", "dqn", kinds[k], 1);
    advance(session, 12000, 12000);
    hd__gradient_rl *rl = gradient_rl_of(session);
    const hd__td td = {.n_actions = ACTIONS,
                       .is_dueling = rl->settings->dueling,
                       .stride = rl->model[0].stack.out_pad};
    for (int s = 0; s < CELLS - 1; s++) {
      const float obs = (float)s;
      float x[HD_LANES] __attribute__((aligned(64)));
      hd__gradient_rl_encode(rl, 0, 1, &obs, x);
      const float *out = hd__model_forward(&rl->model[0], 1, x);
      for (int a = 0; a < ACTIONS; a++) {
        CHECK_NEAR((double)hd__td_value(&td, out, a), q[s][a], 0.002);
      }
    }
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* Through hidden units, which are no table: each of two layers comes near. */
static void every_layer_finds_the_values(void) {
  double q[CELLS][ACTIONS];
  exact_values(0.9, q);
  hd_ctx *ctx = open_ctx();
  CHECK(hd_env_register(ctx, &maze) == HD_OK);
  hd_session *session = open_session(ctx, "Maze-v0", "layer-agent",
                                     MAZE "dqn.double=true hidden=24,16 layer.above=false", 1);
  advance(session, 12000, 12000);
  hd__gradient_rl *rl = gradient_rl_of(session);
  const hd__stack *stack = &rl->model[0].stack;
  CHECK(stack->n_heads == 2 && stack->in_pad == HD_LANES);
  for (int s = 0; s < CELLS - 1; s++) {
    const float obs = (float)s;
    float x[HD_LANES] __attribute__((aligned(64)));
    hd__gradient_rl_encode(rl, 0, 1, &obs, x);
    const float *out = hd__model_forward(&rl->model[0], 1, x);
    for (int a = 0; a < ACTIONS; a++) {
      CHECK_NEAR((double)out[a], q[s][a], 0.02);
      CHECK_NEAR((double)out[stack->head_pad + a], q[s][a], 0.02);
    }
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- the loss ---- */

enum { ROWS = 6, OBS = 4 };

typedef struct made_up {
  float x[ROWS * HD_LANES] __attribute__((aligned(64)));
  float action[ROWS], target[ROWS], weight[ROWS];
} made_up;

static double loss_of(hd__model *model, const hd__td *td, made_up *m) {
  float error[ROWS];
  static _Alignas(64) float g_out[ROWS * HD_LANES];
  const float *out = hd__model_answer_block(model, 0, ROWS, m->x);
  hd__td_errors(td, ROWS, ROWS, out, m->action, m->target, m->weight, error, g_out);
  double sum = 0.0;
  for (int i = 0; i < ROWS; i++) {
    const double e = fabs((double)error[i]), h = (double)td->huber;
    sum += (double)m->weight[i] * (e > h ? h * (e - h / 2) : e * e / 2);
  }
  return sum / ROWS;
}

typedef struct same_loss {
  const hd__td *td;
  const made_up *m;
} same_loss;

static void gradient_of(void *user, int worker, int n, const int32_t *index, int out_pad,
                        const float *out, float *g) {
  const same_loss *l = user;
  float error[ROWS];
  CHECK(worker == 0 && n == ROWS && index[n - 1] == ROWS - 1 && out_pad == l->td->stride);
  hd__td_errors(l->td, n, ROWS, out, l->m->action, l->m->target, l->m->weight, error, g);
}

/* Through a network of rectifiers, which is piecewise linear: a central difference over 2e-3 of
 * losses near 1 in floats is good to 1e-7 / 2e-3, and no rectifier bends within it. */
static void the_gradient_of_the_loss_is_its_slope(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "dqn",
                                     "neuron=relu hidden=8 dqn.dueling=true replay.batch=6", 2);
  hd__model *model = &gradient_rl_of(session)->model[0];
  const hd__td td = {
      .n_actions = 2, .is_dueling = true, .stride = model->stack.out_pad, .huber = 0.5f};
  static _Alignas(64) made_up m;
  CHECK(model->stack.out_pad == HD_LANES && model->stack.in_pad == HD_LANES);
  for (int i = 0; i < ROWS; i++) {
    const hd__key key = hd__key_make(8, HD_STREAM_ENV, (uint64_t)i, 0);
    for (uint32_t d = 0; d < OBS; d++) {
      m.x[i * HD_LANES + (int)d] = 4.0f * hd__uniform24(key, d) - 2.0f;
    }
    m.action[i] = (float)(i % 2);
    m.target[i] = 2.0f * hd__uniform24(key, 10) - 1.0f;
    m.weight[i] = hd__uniform24(key, 11);
  }
  same_loss same = {&td, &m};
  const hd__gradient_job job = {
      .model = model, .source.x = m.x, .n = ROWS, .loss = gradient_of, .user = &same};
  hd__gradient_jobs_run(NULL, 1, &job);
  hd__stack_finish(&model->stack, &model->ready, model->G);
  int n_moved = 0;
  for (size_t i = 0; i < model->stack.n_weights; i++) {
    const float w = model->weights[i], step = 1e-3f;
    double slope = 0.0;
    for (int side = -1; side <= 1; side += 2) {
      model->weights[i] = w + (float)side * step;
      hd__model_prepare(model);
      slope += side * loss_of(model, &td, &m) / (2 * (double)step);
    }
    model->weights[i] = w;
    hd__model_prepare(model);
    if (model->G[i] != 0.0f) {
      n_moved++;
      CHECK_NEAR((double)model->G[i], slope, 5e-5);
    }
  }
  CHECK(n_moved > 8 * OBS / 2); /* most hidden units are not silent in all rows */
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- the life of a learner ---- */

static const char everything[] =
    "hidden=16,12 substeps=2 replay.batch=8 replay.learning_starts=50 replay.train_every=3 "
    "replay.gradient_steps=2 envs=3 "
    "replay.n_step=3 dqn.priority=0.6 dqn.dueling=true dqn.double=true replay.size=200 "
    "normalise_obs=true "
    "normalise_reward=true dqn.target_unit=episode dqn.target_every=2 epsilon.decay=exponential";

static void resumed_in_the_middle(const char *method) {
  static const char path[] = HD_TEST_TMP "/dqn.ckpt";
  hd_ctx *ctx = open_ctx();
  hd_session *whole = open_session(ctx, "CartPole-v1", method, everything, 5);
  hd_session *first = open_session(ctx, "CartPole-v1", method, everything, 5), *second = NULL;
  advance(whole, 900, 900);
  advance(first, 447, 3);
  CHECK(hd_session_save(first, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &second) == HD_OK);
  if (second != NULL) {
    advance(second, 900, 30);
    CHECK(hd_session_hash(second) == hd_session_hash(whole));
    const int n = hd_session_view_count(whole);
    CHECK(hd_session_view_count(second) == n);
    for (int i = 0; i < n; i++) { /* replay, priorities, target and moments as well */
      const hd_view a = hd_session_view_at(whole, i), b = hd_session_view_at(second, i);
      const size_t width = strcmp(a.dtype, "U8") == 0 ? 1 : a.dtype[1] == '3' ? 4 : 8;
      const size_t size = width * (size_t)(a.shape[0] * a.shape[1]);
      const bool is_clock = strcmp(a.name, "counters") == 0; /* holds CPU seconds */
      CHECK(is_clock || memcmp(a.data, b.data, size) == 0);
    }
  }
  hd_session_destroy(whole);
  hd_session_destroy(first);
  hd_session_destroy(second);
  hd_ctx_destroy(ctx);
}

static void resumed_in_the_middle_it_is_the_same_learner(void) {
  resumed_in_the_middle("dqn");
  resumed_in_the_middle("layer-agent");
}

/* A checkpoint is believed only if its replay could have come to be. */
static void an_inconsistent_replay_buffer_is_refused(void) {
  static const char path[] = HD_TEST_TMP "/dqn-forged.ckpt";
  static const char *const arrays[] = {"replay.action", "replay.written", "replay.growing",
                                       "replay.priority"};
  for (int k = 0; k < (int)(sizeof arrays / sizeof *arrays); k++) {
    hd_ctx *ctx = open_ctx();
    hd_session *session = open_session(ctx, "CartPole-v1", "dqn", everything, 5), *loaded = NULL;
    advance(session, 60, 60);
    const hd_view view = view_of(session, arrays[k]);
    const bool is_sums = k == 3; /* the first of which counts for nothing */
    memset((char *)view.data + 8 * is_sums, 0x7F, 8);
    CHECK(hd_session_save(session, path) == HD_OK);
    CHECK(hd_session_load(ctx, path, &loaded) == HD_FORMAT && loaded == NULL);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

static void target_network(const char *settings, bool is_copy) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "dqn", settings, 5);
  advance(session, 400, 400);
  const hd__gradient_rl *rl = gradient_rl_of(session);
  CHECK(rl->clock[1] == 75);
  const size_t size = sizeof(float) * rl->model[0].stack.n_weights;
  CHECK((memcmp(rl->model[0].weights, rl->model[1].weights, size) == 0) == is_copy);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* From step 100 on an update at every fourth step: 75 and one at step 100 itself, less one. */
static void the_target_network_moves_when_it_should(void) {
#define SHORT                                                                \
  "hidden=8 replay.batch=4 replay.learning_starts=101 replay.train_every=4 " \
  "replay.gradient_steps=1 "
  target_network(SHORT "dqn.target_unit=update dqn.target_every=75 replay.target_rate=1", true);
  target_network(SHORT "dqn.target_unit=update dqn.target_every=74 replay.target_rate=1", false);
  target_network(SHORT "dqn.target_unit=step dqn.target_every=400 replay.target_rate=1", true);
  target_network(SHORT "dqn.target_unit=step dqn.target_every=399 replay.target_rate=1", false);
  target_network(SHORT "dqn.target_unit=update dqn.target_every=1 replay.target_rate=0.5", false);
#undef SHORT
}

static void what_cannot_be_is_refused(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = NULL;
  CHECK(try_session(ctx, "CartPole-v1", "dqn", "replay.size=9 envs=5 replay.n_step=2", 1,
                    &session) == HD_CONFLICT);
  CHECK(try_session(ctx, "CartPole-v1", "dqn", "carry=true", 1, &session) == HD_CONFLICT);
  CHECK(session == NULL);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(values_are_those_of_dynamic_programming);
  RUN(every_layer_finds_the_values);
  RUN(the_gradient_of_the_loss_is_its_slope);
  RUN(resumed_in_the_middle_it_is_the_same_learner);
  RUN(an_inconsistent_replay_buffer_is_refused);
  RUN(the_target_network_moves_when_it_should);
  RUN(what_cannot_be_is_refused);
  return test_end();
}
