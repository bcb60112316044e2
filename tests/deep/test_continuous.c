/* TD3 and SAC against plain arithmetic in double: the target, the critics' loss and its gradient,
 * and the actor's gradient through the critics. Weights and batch are those of a learner's first
 * update, where Adam's mean is a tenth of the gradient. */
#include "continuous.h"
#include "deep/plain_relu.h"
#include "insides.h"
#include "train/learners.h"

enum { STARTS = 40, ROWS = 16, N_OBS = 3, SEED = 7, WEIGHTS = 4096 };

#define SMALL                                                                                    \
  "hidden=8,8 critic.hidden=8,8 replay.batch=16 replay.size=64 replay.learning_starts=40 "       \
  "replay.train_every=1 "                                                                        \
  "?td3.policy_delay=1 gamma=0.9 ?td3.target_noise=0 ?sac.alpha_temperature=0 ?temperature=0.3 " \
  "envs=1 "                                                                                      \
  "normalise_reward=false clip_gradient=0 replay.target_rate=0.1"

/* A learner just before its first update, and what its models weighed then. */
typedef struct fixture {
  hd_ctx *ctx;
  hd_session *session;
  hd__gradient_rl *rl;
  hd__continuous *self;
  float before[HD_GRADIENT_RL_MODELS][WEIGHTS];
} fixture;

static void open_before_update(const char *method, const char *settings, fixture *f) {
  f->ctx = open_ctx();
  f->session = open_session(f->ctx, "Pendulum-v1", method, settings, SEED);
  f->rl = gradient_rl_of(f->session);
  f->self = (hd__continuous *)f->rl->state;
  advance(f->session, STARTS - 1, STARTS - 1);
  for (int k = 0; k < f->rl->n_models; k++) {
    const hd__model *model = &f->rl->model[k];
    CHECK(model->stack.n_weights <= WEIGHTS);
    memcpy(f->before[k], model->weights, sizeof(float) * model->stack.n_weights);
  }
  CHECK(f->rl->clock[1] == 0);
}

static void update(fixture *f) {
  advance(f->session, STARTS, 1);
  CHECK(f->rl->clock[1] == 1);
}

static bool has_moved(const fixture *f, int model) {
  const hd__model *m = &f->rl->model[model];
  return memcmp(f->before[model], m->weights, sizeof(float) * m->stack.n_weights) != 0;
}

static void close_fixture(fixture *f) {
  hd_session_destroy(f->session);
  hd_ctx_destroy(f->ctx);
}

static void to_double(const fixture *f, const float *from, int model, double *to) {
  for (size_t i = 0; i < f->rl->model[model].stack.n_weights; i++) {
    to[i] = (double)from[i];
  }
}

/* What critic `model` with weights w thinks of row r's observation and an action. */
static double value_of(const fixture *f, int model, const double *w, const float *obs,
                       double action) {
  const double x[N_OBS + 1] = {(double)obs[0], (double)obs[1], (double)obs[2], action};
  double q;
  plain_relu(&f->rl->model[model].stack, w, x, &q);
  return q;
}

/* The targets once more: the batch's rewards and discounts, the actor's next actions, and the
 * smaller of two slow critics. With target_rate = 1 / 10 the slow ones moved after they were
 * asked, hence the weights of before. */
static void targets_are_bellmans(void) {
  static fixture f;
  static double actor[WEIGHTS], slow[2][WEIGHTS];
  open_before_update("td3-relu", SMALL, &f);
  update(&f);
  to_double(&f, f.before[HD_TARGET_ACTOR], HD_TARGET_ACTOR, actor);
  for (int k = 0; k < 2; k++) {
    to_double(&f, f.before[HD_TARGET + k], HD_TARGET + k, slow[k]);
  }
  bool takes_either[2] = {false, false};
  for (int r = 0; r < ROWS; r++) {
    const float *next = f.self->next_plain + r * N_OBS;
    const double x[N_OBS] = {(double)next[0], (double)next[1], (double)next[2]};
    double u, q[2];
    plain_relu(&f.rl->model[HD_TARGET_ACTOR].stack, actor, x, &u);
    for (int k = 0; k < 2; k++) {
      q[k] = value_of(&f, HD_TARGET + k, slow[k], next, tanh(u));
    }
    takes_either[q[1] < q[0]] = true;
    const double y = (double)f.self->batch.reward[r] + 0.9 * fmin(q[0], q[1]);
    CHECK_NEAR((double)f.self->twin.y[r], y, 1e-6 * (1 + fabs(y))); /* floats through six layers */
    CHECK(f.self->batch.discount[r] == 0.9f);
  }
  CHECK(takes_either[0] && takes_either[1]);
  close_fixture(&f);
}

/* Compare Adam's first mean with a tenth of the slope of `loss` by some of a model's weights. */
typedef double (*loss_fn)(const fixture *f, const double *w);

static void check_gradient(const fixture *f, int model, loss_fn loss) {
  static double w[WEIGHTS];
  const hd__model *m = &f->rl->model[model];
  const double h = 1e-6;
  double largest = 0;
  to_double(f, f->before[model], model, w);
  for (size_t i = 0; i < m->stack.n_weights; i++) {
    largest = fmax(largest, 10 * fabs((double)m->m[i]));
  }
  CHECK(largest > 1e-4); /* there is something to compare: worths are of order 1 */
  for (size_t i = 0; i < m->stack.n_weights; i++) {
    const double kept = w[i];
    w[i] = kept + h;
    const double above = loss(f, w);
    w[i] = kept - h;
    const double below = loss(f, w);
    w[i] = kept;
    /* Floats that went through six layers and back are good to 1e-6 of the largest, a tenth of the
     * tolerance; differences of doubles over 2 h to 1e-9. */
    CHECK_NEAR(10 * (double)m->m[i], (above - below) / (2 * h), 1e-5 * largest);
  }
}

static double distance(const fixture *f, int model, const double *w) {
  double sum = 0;
  for (int r = 0; r < ROWS; r++) {
    const double q =
        value_of(f, model, w, f->self->plain + r * N_OBS, (double)f->self->batch.action[r]);
    sum += (q - (double)f->self->twin.y[r]) * (q - (double)f->self->twin.y[r]);
  }
  return sum / ROWS;
}

static double first_distance(const fixture *f, const double *w) {
  return distance(f, HD_CRITIC, w);
}

static double second_distance(const fixture *f, const double *w) {
  return distance(f, HD_CRITIC + 1, w);
}

static void critics_reduce_their_squared_error(void) {
  static fixture f;
  open_before_update("td3-relu", SMALL, &f);
  update(&f);
  check_gradient(&f, HD_CRITIC, first_distance);
  check_gradient(&f, HD_CRITIC + 1, second_distance);
  close_fixture(&f);
}

/* Minus what the first critic, which had just learned, thinks of the actor's actions. */
static double regret(const fixture *f, const double *w) {
  static double critic[WEIGHTS];
  double sum = 0;
  to_double(f, f->rl->model[HD_CRITIC].weights, HD_CRITIC, critic);
  for (int r = 0; r < ROWS; r++) {
    const float *obs = f->self->plain + r * N_OBS;
    const double x[N_OBS] = {(double)obs[0], (double)obs[1], (double)obs[2]};
    double u;
    plain_relu(&f->rl->model[HD_ACTOR].stack, w, x, &u);
    sum -= value_of(f, HD_CRITIC, critic, obs, tanh(u));
  }
  return sum / ROWS;
}

static void actor_of_td3_climbs_its_critic(void) {
  static fixture f;
  open_before_update("td3-relu", SMALL, &f);
  update(&f);
  check_gradient(&f, HD_ACTOR, regret);
  close_fixture(&f);
}

/* Mean square distance between a proxy's actions and the actor's. */
static double unlikeness(const fixture *f, const double *w) {
  double sum = 0;
  for (int r = 0; r < ROWS; r++) {
    double x[PLAIN_WIDTH];
    for (int i = 0; i < f->self->in; i++) {
      x[i] = (double)f->self->x[r * f->self->in + i];
    }
    double u;
    plain_relu(&f->rl->model[HD_TARGET_ACTOR].stack, w, x, &u);
    const double gap = tanh(u) - (double)f->self->chosen[r];
    sum += gap * gap;
  }
  return sum / ROWS;
}

static void proxy_imitates_the_actor(void) {
  static fixture f;
  open_before_update("td3", SMALL " td3.proxy=true td3.proxy_steps=1", &f);
  update(&f);
  check_gradient(&f, HD_TARGET_ACTOR, unlikeness);
  close_fixture(&f);
}

/* Temperature times log probability minus the smaller worth, of draws with the same deviates. */
static double regret_and_cost(const fixture *f, const double *w) {
  static double critic[2][WEIGHTS];
  double sum = 0;
  for (int k = 0; k < 2; k++) {
    to_double(f, f->rl->model[HD_CRITIC + k].weights, HD_CRITIC + k, critic[k]);
  }
  for (int r = 0; r < ROWS; r++) {
    const float *obs = f->self->plain + r * N_OBS;
    const double x[N_OBS] = {(double)obs[0], (double)obs[1], (double)obs[2]};
    const double e = (double)f->self->e[r];
    double out[2];
    plain_relu(&f->rl->model[HD_ACTOR].stack, w, x, out);
    const double u = out[0] + exp(out[1]) * e, a = tanh(u);
    const double log_p = -0.5 * e * e - out[1] - 0.5 * log(2 * 3.14159265358979324) - log1p(-a * a);
    sum += 0.3 * log_p - fmin(value_of(f, HD_CRITIC, critic[0], obs, a),
                              value_of(f, HD_CRITIC + 1, critic[1], obs, a));
  }
  return sum / ROWS;
}

static void actor_of_sac_climbs_the_lower_critic(void) {
  static fixture f;
  open_before_update("sac-relu", SMALL, &f);
  update(&f);
  check_gradient(&f, HD_ACTOR, regret_and_cost);
  close_fixture(&f);
}

/* Layer l of a spiking actor over T substeps, from what goes in at each of them. */
static void fire(const hd__model *actor, int l, float in[][PLAIN_WIDTH], float s[][PLAIN_WIDTH]) {
  const hd__stack_layer *layer = &actor->stack.layer[l];
  const hd__prepared_layer *p = &actor->ready.layer[l];
  const float *W = actor->weights + layer->W, *bias = actor->weights + layer->bias;
  float c[PLAIN_WIDTH] = {0}, v[PLAIN_WIDTH] = {0};
  for (int t = 0; t < actor->stack.def.T; t++) {
    for (int j = 0; j < layer->n; j++) {
      float z = 0;
      for (int i = 0; i < layer->n_pre; i++) {
        z += in[t][i] * W[i * layer->n_pad + j];
      }
      c[j] = p->alpha[j] * c[j] + (z + bias[j]);
      const float u = p->beta[j] * v[j] + p->gamma[j] * c[j];
      s[t][j] = u >= p->theta[j] ? 1.0f : 0.0f;
      v[j] = u >= p->theta[j] ? 0.0f : u;
    }
  }
}

/* Populations in, integration, hard reset, populations out, decoders of their own, tanh. Floats in
 * the library's order, so that every spike is the same. */
static void a_spiking_actor_is_its_formulas(void) {
  enum { T = 5, BINS = 10, NEURONS = 10, ROUNDS = 50 };
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "Pendulum-v1", "td3",
                                     "hidden=24,24 normalise_obs=false code.range=2", SEED);
  const hd__model *actor = &gradient_rl_of(session)->model[HD_ACTOR];
  const double back = 3e-7; /* a logit and its sigmoid, in floats */
  CHECK_NEAR((double)actor->ready.layer[0].alpha[0], 0.5, back);
  CHECK_NEAR((double)actor->ready.layer[0].beta[0], 0.75, back);
  CHECK_NEAR((double)actor->ready.layer[0].gamma[0], 1, 4 * back); /* (1 - beta) times 4 */
  CHECK(actor->ready.layer[0].theta[0] == 0.5f && !actor->stack.def.cell.is_soft);
  CHECK(actor->stack.def.n_layers == 3 && actor->stack.layer[2].n == NEURONS);
  int spikes = 0;
  for (int i = 0; i < ROUNDS; i++) {
    const float angle = 0.13f * (float)i, obs[] = {cosf(angle), sinf(angle), 0.2f * (float)i - 5};
    float in[T][PLAIN_WIDTH], s[3][T][PLAIN_WIDTH], action;
    for (int k = 0; k < N_OBS * BINS; k++) {
      const float centre = -6.0f + 12.0f / (BINS - 1) * (float)(k % BINS);
      const float z = (obs[k / BINS] - centre) / (2 * 0.387298335f);
      for (int t = 0; t < T; t++) {
        in[t][k] = expf(-0.5f * z * z);
      }
    }
    fire(actor, 0, in, s[0]);
    fire(actor, 1, s[0], s[1]);
    fire(actor, 2, s[1], s[2]);
    double out = (double)actor->weights[actor->stack.bias];
    for (int t = 0; t < T; t++) {
      for (int k = 0; k < NEURONS; k++) {
        out += (double)(s[2][t][k] * actor->weights[actor->stack.W + (size_t)k]) / T;
        spikes += s[2][t][k] > 0;
      }
    }
    CHECK(hd_session_decide(session, 1, obs, 0, &action) == HD_OK);
    CHECK_NEAR((double)action, 2 * tanh(out), 2e-6); /* fifty floats below 1 were added */
  }
  CHECK(spikes > ROUNDS * T * NEURONS / 25); /* enough of them to tell */
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* A critic that has run away stops the other, which would have stepped with it, and all that
 * follows. */
static void no_critic_steps_alone(void) {
  static const char *const methods[] = {"td3-relu", "sac-relu"};
  for (int m = 0; m < 2; m++) {
    static fixture f;
    open_before_update(methods[m], SMALL, &f);
    hd__model *critic = &f.rl->model[HD_CRITIC + 1];
    const size_t bias = critic->stack.bias;
    f.before[HD_CRITIC + 1][bias] = critic->weights[bias] = NAN;
    hd__model_prepare(critic);
    CHECK(hd_session_train(f.session, 1) == HD_NUMERIC);
    CHECK(strstr(hd_ctx_error(f.ctx), "critic.2") != NULL);
    for (int k = 0; k < f.rl->n_models; k++) {
      CHECK(!has_moved(&f, k));
    }
    close_fixture(&f);
  }
}

int main(void) {
  RUN(targets_are_bellmans);
  RUN(critics_reduce_their_squared_error);
  RUN(actor_of_td3_climbs_its_critic);
  RUN(proxy_imitates_the_actor);
  RUN(actor_of_sac_climbs_the_lower_critic);
  RUN(a_spiking_actor_is_its_formulas);
  RUN(no_critic_steps_alone);
  return test_end();
}
