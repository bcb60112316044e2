/* Layers that are agents: no gradient goes from one to another, all of them act, and what the
 * layers above did goes along an episode and into the replay buffer. That the gradient of a layer
 * is that of its own loss is in tests/grad/test_differences.c. */
#include "../train/learners.h"
#include "insides.h"
#include "gradient_job.h"
#include "same_layer.h"
#include "td.h"

enum { LAYERS = 3, ROWS = 6 };

#define SMALL "hidden=20,12,8 replay.batch=6 replay.n_step=1 replay.learning_starts=50 "

/* ---- gradients ---- */

typedef struct loss_case {
  hd__model *model;
  hd__td td;
  float action[ROWS], target[LAYERS][ROWS], weight[ROWS];
} loss_case;

static void case_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                      const float *out, float *g) {
  const loss_case *l = user;
  const int pad = l->model->stack.head_pad;
  float error[ROWS];
  CHECK(worker == 0 && n == ROWS && index[0] == 0 && out_pad == LAYERS * pad);
  for (int h = 0; h < LAYERS; h++) {
    hd__td_errors(&l->td, n, ROWS, out + h * pad, l->action, l->target[h], l->weight, error,
                  g + h * pad);
  }
}

static void case_fill(loss_case *l, float *x) {
  const hd__stack *stack = &l->model->stack;
  for (int i = 0; i < ROWS; i++) {
    const hd__key key = hd__key_make(8, HD_STREAM_ENV, (uint64_t)i, 0);
    for (int d = 0; d < stack->in_pad; d++) {
      const bool is_obs = d < stack->def.n_in, is_above = d >= HD_PAD(stack->def.n_in);
      const float u = hd__uniform24(key, 100 + (uint32_t)d);
      x[i * stack->in_pad + d] = is_obs ? 4.0f * u - 2.0f : is_above ? u : 0.0f;
    }
    l->action[i] = (float)(i % 2);
    l->weight[i] = hd__uniform24(key, 11);
    for (int h = 0; h < LAYERS; h++) {
      l->target[h][i] = 2.0f * hd__uniform24(key, 12 + (uint32_t)h) - 1.0f;
    }
  }
}

static const float *case_gradient(loss_case *l, const float *x) {
  const hd__gradient_job job = {
      .model = l->model, .source.x = x, .n = ROWS, .loss = case_loss, .user = l};
  hd__model_prepare(l->model);
  hd__gradient_jobs_run(NULL, 1, &job);
  hd__stack_finish(&l->model->stack, &l->model->ready, l->model->G);
  return l->model->G;
}

/* Whether what layer `changed` is to learn, or how it is read, says anything to layer l. */
static void each_learns_alone(const char *neuron, bool crosses) {
  hd_ctx *ctx = open_ctx();
  char settings[200];
  snprintf(settings, sizeof settings, SMALL "neuron=%s layer.backprop=%s", neuron,
           crosses ? "true" : "false");
  hd_session *session = open_session(ctx, "CartPole-v1", "layer-agent", settings, 2);
  hd__model *model = &gradient_rl_of(session)->model[0];
  const hd__stack *stack = &model->stack;
  loss_case l = {.model = model, .td = {.n_actions = 2, .stride = stack->out_pad, .huber = 0.5f}};
  static _Alignas(64) float x[ROWS * 64];
  float *before = malloc(sizeof(float) * stack->n_weights);
  CHECK(stack->n_heads == LAYERS && stack->in_pad == HD_LANES * 3);
  case_fill(&l, x);
  for (int changed = 0; changed < LAYERS; changed++) {
    memcpy(before, case_gradient(&l, x), sizeof(float) * stack->n_weights);
    for (int i = 0; i < ROWS; i++) {
      l.target[changed][i] += 0.7f;
    }
    model->weights[stack->head[changed].W] += 0.3f;
    const float *after = case_gradient(&l, x);
    for (int k = 0; k < LAYERS; k++) {
      CHECK(!is_silent_layer(stack, k, before));
      CHECK(is_same_layer(stack, k, before, after) == (k > changed || (k < changed && !crosses)));
    }
  }
  free(before);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void no_gradient_crosses_a_layer(void) {
  each_learns_alone("lif", false);
  each_learns_alone("relu", false);
  each_learns_alone("lif", true); /* so the test can fail */
  each_learns_alone("relu", true);
}

/* Mean gradients after one update; head `changed` of the target network says something else, or
 * none does (-1). */
static float *learned_with(hd_ctx *ctx, int changed) {
  hd_session *session = open_session(
      ctx, "CartPole-v1", "layer-agent",
      SMALL
      "replay.train_every=60 replay.gradient_steps=1 dqn.target_every=1000 dqn.huber=0 epsilon=1",
      4);
  advance(session, 59, 59);
  hd__gradient_rl *rl = gradient_rl_of(session);
  hd__model *online = &rl->model[0], *target = &rl->model[1];
  CHECK(rl->clock[1] == 0);
  for (int i = 0; changed >= 0 && i < online->stack.head_pad; i++) {
    target->weights[target->stack.bias + (size_t)(changed * target->stack.head_pad + i)] += 0.4f;
  }
  hd__model_prepare(target);
  advance(session, 60, 1);
  CHECK(rl->clock[1] == 1);
  float *m = malloc(sizeof(float) * online->stack.n_weights);
  memcpy(m, online->m, sizeof(float) * online->stack.n_weights);
  hd_session_destroy(session);
  return m;
}

static void a_layer_learns_from_its_own_copy(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "layer-agent", SMALL, 4);
  const hd__stack *stack = &gradient_rl_of(session)->model[0].stack;
  float *want = learned_with(ctx, -1);
  for (int changed = 0; changed < LAYERS; changed++) {
    float *got = learned_with(ctx, changed);
    for (int l = 0; l < LAYERS; l++) {
      CHECK(is_same_layer(stack, l, want, got) == (l != changed));
    }
    free(got);
  }
  free(want);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- acting ---- */

/* Layers 0 and 1 prefer action 0 by little, layer 2 action 1. */
static void choose(const char *settings, const float q[LAYERS][2], float want) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "layer-agent", settings, 2);
  const hd__gradient_rl *rl = gradient_rl_of(session);
  float out[LAYERS * HD_LANES] = {0}, action = -1;
  for (int h = 0; h < LAYERS; h++) {
    memcpy(out + h * HD_LANES, q[h], sizeof q[h]);
  }
  rl->desc->choose(rl, out, &action);
  CHECK(action == want);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void the_mean_of_the_values_acts(void) {
  static const float top_is_sure[LAYERS][2] = {{1.0f, 0.9f}, {1.0f, 0.9f}, {0.0f, 0.5f}};
  static const float top_is_not[LAYERS][2] = {{1.0f, 0.6f}, {1.0f, 0.9f}, {0.4f, 0.5f}};
  choose(SMALL, top_is_sure, 1.0f);
  choose(SMALL, top_is_not, 0.0f);
  choose(SMALL "layer.acts=top", top_is_not, 1.0f);
}

/* ---- what layers above did ---- */

static bool is_zero(int n, const float *x) {
  for (int i = 0; i < n; i++) {
    if (x[i] != 0.0f) {
      return false;
    }
  }
  return true;
}

/* What is seen at the end of a transition is what the next one begins with, but for a new episode,
 * which begins with nothing from above. */
static void what_was_above_goes_along_an_episode(void) {
  enum { STEPS = 300 };
  hd_ctx *ctx = open_ctx();
  hd_session *session =
      open_session(ctx, "CartPole-v1", "layer-agent", SMALL "coding=raw replay.size=500", 3);
  advance(session, STEPS, 1);
  const hd__gradient_rl *rl = gradient_rl_of(session);
  const int n_seen = hd__gradient_rl_n_seen(rl), n_obs = rl->env->n_obs, n_above = n_seen - n_obs;
  const hd_view obs = view_of(session, "replay.obs"), next = view_of(session, "replay.next");
  const hd_view discount = view_of(session, "replay.discount");
  int n_begun = 0, n_active = 0, n_active_at_end = 0;
  CHECK(n_above == rl->model[0].stack.n_above && n_above == 32);
  CHECK(is_zero(n_above, (const float *)obs.data + n_obs));
  for (int k = 0; k + 1 < STEPS; k++) {
    const float *end = (const float *)next.data + k * n_seen;
    const float *begin = (const float *)obs.data + (k + 1) * n_seen;
    const bool has_ended = ((const float *)discount.data)[k] == 0.0f;
    CHECK(has_ended ? is_zero(n_above, begin + n_obs)
                    : memcmp(begin, end, sizeof(float) * (size_t)n_seen) == 0);
    n_begun += has_ended;
    n_active += !is_zero(n_above, end + n_obs);
    n_active_at_end += has_ended && !is_zero(n_above, end + n_obs);
  }
  CHECK(n_begun > 3 && n_active > STEPS / 4 && n_active_at_end > 0);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- what cannot be ---- */

static void what_cannot_be_is_refused(void) {
  static const char *const settings[] = {"hidden=0", "hidden=16,16 readout=membrane-max",
                                         "hidden=16,16 max_delay=2", "normalise_drive=true",
                                         "carry=true"};
  hd_ctx *ctx = open_ctx();
  hd_session *session = NULL;
  for (int k = 0; k < (int)(sizeof settings / sizeof *settings); k++) {
    CHECK(try_session(ctx, "CartPole-v1", "layer-agent", settings[k], 1, &session) == HD_CONFLICT);
    CHECK(session == NULL);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(no_gradient_crosses_a_layer);
  RUN(a_layer_learns_from_its_own_copy);
  RUN(the_mean_of_the_values_acts);
  RUN(what_was_above_goes_along_an_episode);
  RUN(what_cannot_be_is_refused);
  return test_end();
}
