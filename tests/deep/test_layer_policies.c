/* Layers that are actor-critics: each descends its own loss and no other, by an advantage of its
 * own; the sum of their policies acts; and what the layers above did goes along an episode and into
 * the rollout. That the gradient of a layer by what it does is right is in
 * tests/grad/test_differences.c. */
#include "../train/learners.h"
#include "insides.h"
#include "categorical.h"
#include "policy_gradient.h"
#include "same_layer.h"

enum { LAYERS = 3, ENVS = 3, STEPS = 24, ALL = ENVS * STEPS, WIDTH = 64, ACTIONS = 2 };

#define SMALL                                                                              \
  "hidden=4,3,3 critic.hidden=3,2,4 envs=3 rollout=24 gamma=0.9 lambda=0.8 anneal=none "  \
  "average=0 clip_gradient=0 ?ppo.minibatch=72 "

static hd_session *open_layers(hd_ctx *ctx, const char *settings, uint64_t seed) {
  char all[400];
  snprintf(all, sizeof all, "%s " SMALL, settings);
  return open_session(ctx, "CartPole-v1", "layer-agent-ppo", all, seed);
}

static hd__policy_gradient *rollout_of(const hd_session *session) {
  return hd__policy_gradient_of(gradient_rl_of(session));
}

/* ---- losses in double, of units of tanh ---- */

/* What the heads of a stack say of a row of input by weights w: out [LAYERS][n_out]. */
static void plain_heads(const hd__stack *stack, const double *w, const float *x, double *out) {
  double below[WIDTH], y[WIDTH];
  for (int i = 0; i < stack->def.n_in; i++) {
    below[i] = (double)x[i];
  }
  for (int l = 0; l < LAYERS; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    const hd__stack_head *head = &stack->head[l];
    for (int j = 0; j < layer->n; j++) {
      double z = w[layer->bias + (size_t)j];
      for (int i = 0; i < layer->n_pre; i++) {
        z += w[layer->W + (size_t)(i * layer->n_pad + j)] * below[i];
      }
      for (int k = 0; k < layer->n_sides; k++) {
        const hd__stack_side *side = &layer->side[k];
        for (int i = 0; i < side->n; i++) {
          z += w[side->W + (size_t)(i * layer->n_pad + j)] * (double)x[side->from + i];
        }
      }
      y[j] = tanh(z);
    }
    for (int a = 0; a < stack->def.n_out; a++) {
      double *to = &out[l * stack->def.n_out + a];
      *to = w[stack->bias + (size_t)(l * stack->head_pad + a)];
      for (int j = 0; j < layer->n; j++) {
        *to += w[head->W + (size_t)(a * head->n_pad + j)] * y[j];
      }
    }
    memcpy(below, y, sizeof y);
  }
}

/* An update, as it was: the session after it, and the weights before. */
typedef struct update_case {
  hd_session *session;
  const hd__gradient_rl *rl;
  const hd__policy_gradient *pg;
  double *w[2];                    /* of actor and critic */
  double logit[ALL][LAYERS][ACTIONS]; /* by them, */
  double told[LAYERS][ALL];        /* normalised advantages, by rows of the input */
} update_case;

/* Row i of the input has its advantages and values here. */
static int place_of(const update_case *c, int h, int i) {
  return h * ALL + (c->pg->is_step_major ? i : i % STEPS * ENVS + i / STEPS);
}

static const float *row_of(const update_case *c, int i) {
  return c->pg->x + i * hd__gradient_rl_n_in(c->rl);
}

/* Of a layer of the actor: what it ascends on, negative. Other layers' logits stay. */
static double actor_loss(const update_case *c, int l, const double *w) {
  const hd__settings *s = c->rl->settings;
  double loss = 0;
  for (int i = 0; i < ALL; i++) {
    double out[LAYERS][ACTIONS], logit[ACTIONS] = {0}, sum = 0, entropy = 0;
    plain_heads(&c->rl->model[HD_POLICY_ACTOR].stack, w, row_of(c, i), out[0]);
    for (int a = 0; a < ACTIONS; a++) {
      for (int h = 0; h < LAYERS; h++) {
        logit[a] += h == l ? out[h][a] : c->logit[i][h][a];
      }
      sum += exp(logit[a]);
    }
    for (int a = 0; a < ACTIONS; a++) {
      const double log_p = logit[a] - log(sum);
      entropy -= exp(log_p) * log_p;
    }
    const double log_p = logit[c->pg->choice[i]] - log(sum), A = c->told[l][i];
    const double ratio = exp(log_p - (double)c->pg->log_p[i]), clip = (double)(float)s->clip;
    const double clipped = fmin(fmax(ratio, 1 - clip), 1 + clip);
    loss -= s->algorithm == hd__algorithm_ppo ? fmin(ratio * A, clipped * A) : A * log_p;
    loss -= (double)(float)s->entropy * entropy;
  }
  return loss / ALL;
}

static double critic_loss(const update_case *c, int l, const double *w) {
  double loss = 0;
  for (int i = 0; i < ALL; i++) {
    double out[LAYERS];
    const int at = place_of(c, l, i);
    plain_heads(&c->rl->model[HD_POLICY_CRITIC].stack, w, row_of(c, i), out);
    const double off = out[l] - (double)c->pg->advantage[at] - (double)c->pg->value[at];
    loss += 0.5 * off * off;
  }
  return loss / ALL;
}

static void case_normalise(update_case *c, int h) {
  double sum = 0, squares = 0;
  for (int i = 0; i < ALL; i++) {
    c->told[h][i] = (double)c->pg->told[place_of(c, h, i)];
    sum += c->told[h][i];
  }
  for (int i = 0; i < ALL; i++) {
    squares += (c->told[h][i] - sum / ALL) * (c->told[h][i] - sum / ALL);
  }
  for (int i = 0; i < ALL; i++) {
    c->told[h][i] = (c->told[h][i] - sum / ALL) / sqrt(squares / ALL);
  }
}

/* The last of `epochs` updates of a rollout; what came before it happens in a session of its own.
 */
static void case_open(hd_ctx *ctx, update_case *c, const char *settings, int epochs) {
  char all[200];
  hd_session *before = NULL;
  for (int k = 0; k < 2; k++) {
    const int made = epochs - 1 + k; /* 0: it stops a step before it learns */
    snprintf(all, sizeof all, "%s ?ppo.epochs=%d", settings, made > 0 ? made : 1);
    hd_session *session = open_layers(ctx, all, 5);
    advance(session, made > 0 ? ALL : ALL - ENVS, ALL);
    *(k == 0 ? &before : &c->session) = session;
  }
  c->rl = gradient_rl_of(c->session);
  c->pg = rollout_of(c->session);
  for (int m = 0; m < 2; m++) {
    const hd__model *from = &gradient_rl_of(before)->model[m];
    c->w[m] = malloc(sizeof(double) * from->stack.n_weights);
    for (size_t i = 0; i < from->stack.n_weights; i++) {
      c->w[m][i] = (double)from->weights[i];
    }
  }
  for (int i = 0; i < ALL; i++) {
    plain_heads(&c->rl->model[HD_POLICY_ACTOR].stack, c->w[0], row_of(c, i), c->logit[i][0]);
  }
  for (int h = 0; h < LAYERS; h++) {
    case_normalise(c, h);
  }
  hd_session_destroy(before);
}

static void case_close(update_case *c) {
  free(c->w[0]);
  free(c->w[1]);
  hd_session_destroy(c->session);
}

/* How far the gradient by weight i of layer l is from the difference of the layer's loss. */
static double off_by(const update_case *c, int m, int l, size_t i) {
  double (*const loss)(const update_case *, int, const double *) =
      m == HD_POLICY_ACTOR ? actor_loss : critic_loss;
  const double step = 1e-5, was = c->w[m][i];
  c->w[m][i] = was + step;
  const double up = loss(c, l, c->w[m]);
  c->w[m][i] = was - step;
  const double down = loss(c, l, c->w[m]);
  c->w[m][i] = was;
  return fabs((double)c->rl->model[m].G[i] - (up - down) / (2 * step));
}

/* The largest distance over a layer and its head, as a share of the layer's largest gradient. */
static double worst_of_layer(const update_case *c, int m, int l) {
  const hd__stack *stack = &c->rl->model[m].stack;
  const float *G = c->rl->model[m].G;
  const hd__stack_head *head = &stack->head[l];
  const size_t bias = stack->bias + (size_t)(l * stack->head_pad);
  const size_t from[] = {stack->layer[l].W, head->W, bias};
  const size_t to[] = {end_of_layer(stack, l), head->W + (size_t)(stack->def.n_out * head->n_pad),
                       bias + (size_t)stack->def.n_out};
  double worst = 0, largest = 0;
  for (int k = 0; k < 3; k++) {
    for (size_t i = from[k]; i < to[k]; i++) {
      worst = fmax(worst, off_by(c, m, l, i));
      largest = fmax(largest, fabs((double)G[i]));
    }
  }
  CHECK(largest > 1e-4);
  return worst / largest;
}

/* Ratios outside of the clipped range, so that both sides of the minimum count. */
static int count_clipped(const update_case *c) {
  int n = 0;
  for (int i = 0; i < ALL; i++) {
    double sum = 0, logit[ACTIONS] = {0};
    for (int a = 0; a < ACTIONS; a++) {
      for (int h = 0; h < LAYERS; h++) {
        logit[a] += c->logit[i][h][a];
      }
      sum += exp(logit[a]);
    }
    const double ratio = exp(logit[c->pg->choice[i]] - log(sum) - (double)c->pg->log_p[i]);
    n += fabs(ratio - 1) > c->rl->settings->clip;
  }
  return n;
}

#define TANH "neuron=tanh critic.neuron=tanh entropy=0.02 alpha=0.03 layer.above=true "

/* Gradients are sums of 72 products of floats, of which ten roundings or so meet in one. */
static const double tolerance = 2e-5;

static void a_layer_descends_its_own_loss(void) {
  static const struct {
    const char *settings;
    int epochs;
    bool crosses;
  } cases[] = {{TANH, 1, false},
               {TANH, 4, false},
               {TANH "algorithm=a2c", 1, false},
               {TANH "algorithm=a2c layer.above=false", 1, false},
               {TANH "layer.backprop=true", 1, true}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    hd_ctx *ctx = open_ctx();
    static update_case c;
    case_open(ctx, &c, cases[k].settings, cases[k].epochs);
    CHECK(c.pg->heads == LAYERS && c.rl->model[1].stack.n_heads == LAYERS);
    CHECK((count_clipped(&c) > 5) == (cases[k].epochs > 1));
    for (int m = 0; m < 2; m++) {
      for (int l = 0; l < LAYERS; l++) {
        const double worst = worst_of_layer(&c, m, l);
        /* Where gradients cross, only the top layer goes by its own loss alone. */
        const bool is_own = !cases[k].crosses || l == LAYERS - 1;
        if ((worst <= tolerance) != is_own) {
          printf("  case %d, model %d, layer %d: off by %g of the largest\n", (int)k, m, l, worst);
          test_failures++;
        }
      }
    }
    case_close(&c);
    hd_ctx_destroy(ctx);
  }
}

/* ---- advantages ---- */

/* The critic's layers value by themselves, and each gives its own advantage. */
static void a_layer_has_advantages_of_its_own(void) {
  hd_ctx *ctx = open_ctx();
  static update_case c;
  case_open(ctx, &c, TANH, 1);
  const hd__settings *s = c.rl->settings;
  int differ = 0;
  for (int i = 0; i < ALL; i++) {
    double out[LAYERS];
    plain_heads(&c.rl->model[HD_POLICY_CRITIC].stack, c.w[1], row_of(&c, i), out);
    for (int h = 0; h < LAYERS; h++) {
      CHECK_NEAR((double)c.pg->value[place_of(&c, h, i)], out[h], 1e-5);
    }
  }
  for (int b = 0; b < ENVS; b++) {
    double next[LAYERS];
    plain_heads(&c.rl->model[HD_POLICY_CRITIC].stack, c.w[1],
                c.pg->next_x + b * hd__gradient_rl_n_in(c.rl), next);
    for (int h = 0; h < LAYERS; h++) {
      double advantage = 0;
      for (int t = STEPS - 1; t >= 0; t--) {
        const int at = (h * STEPS + t) * ENVS + b, step = t * ENVS + b;
        const double follows = c.pg->ended[step] ? 0
                               : t + 1 < STEPS   ? (double)c.pg->value[at + ENVS]
                                                 : next[h];
        const double delta =
            (double)c.pg->reward[step] + s->gamma * follows - (double)c.pg->value[at];
        advantage = delta + (c.pg->ended[step] ? 0 : s->gamma * s->lambda * advantage);
        CHECK_NEAR((double)c.pg->advantage[at], advantage, 1e-4);
        differ += h > 0 && c.pg->advantage[at] != c.pg->advantage[at - ALL];
      }
    }
  }
  CHECK(differ > ALL);
  case_close(&c);
  hd_ctx_destroy(ctx);
}

/* ---- who hears of what ---- */

/* Mean gradients after one update, [2][n_weights]; the critic of layer `changed` valued everything
 * higher and higher while acting, or none did (-1). */
static void learned_with(hd_ctx *ctx, const char *settings, int changed, float *m[2]) {
  hd_session *session = open_layers(ctx, settings, 4);
  advance(session, ALL - ENVS, ALL);
  const hd__policy_gradient *pg = rollout_of(session);
  CHECK(gradient_rl_of(session)->clock[1] == 0);
  for (int k = 0; changed >= 0 && k < ALL - ENVS; k++) {
    pg->value[changed * ALL + k] += 0.1f * (float)(k % 7);
  }
  advance(session, ALL, ALL);
  CHECK(gradient_rl_of(session)->clock[1] == 1);
  for (int k = 0; k < 2; k++) {
    const hd__model *model = &gradient_rl_of(session)->model[k];
    m[k] = malloc(sizeof(float) * model->stack.n_weights);
    memcpy(m[k], model->m, sizeof(float) * model->stack.n_weights);
  }
  hd_session_destroy(session);
}

static void each_learns_alone(const char *settings, bool crosses) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_layers(ctx, settings, 4);
  float *want[2], *got[2];
  learned_with(ctx, settings, -1, want);
  for (int changed = 0; changed < LAYERS; changed++) {
    learned_with(ctx, settings, changed, got);
    for (int k = 0; k < 2; k++) {
      const hd__stack *stack = &gradient_rl_of(session)->model[k].stack;
      for (int l = 0; l < LAYERS; l++) {
        CHECK(!is_silent_layer(stack, l, want[k]));
        CHECK(is_same_layer(stack, l, want[k], got[k]) ==
              (l > changed || (l < changed && !crosses)));
      }
      free(got[k]);
    }
  }
  free(want[0]);
  free(want[1]);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void no_error_reaches_another_layer(void) {
  each_learns_alone("ppo.epochs=1 layer.above=true", false);
  each_learns_alone("ppo.epochs=1 neuron=relu", false);
  each_learns_alone("algorithm=a2c", false);
  each_learns_alone("ppo.epochs=1 layer.above=true layer.backprop=true", true); /* so the test can fail */
}

/* ---- acting ---- */

/* Layers 0 and 1 lean to action 0 by little, layer 2 to action 1 by more or by less. */
static void the_sum_of_the_policies_acts(void) {
  static const float logit[2][LAYERS][ACTIONS] = {{{1.0f, 0.9f}, {1.0f, 0.9f}, {0.0f, 0.5f}},
                                                  {{1.0f, 0.6f}, {1.0f, 0.9f}, {0.4f, 0.5f}}};
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_layers(ctx, "", 2);
  const hd__gradient_rl *rl = gradient_rl_of(session);
  for (int k = 0; k < 2; k++) {
    float out[LAYERS * HD_LANES] = {0}, action = -1;
    _Alignas(64) float log_p[HD_CATEGORICAL_ROOM], p[HD_CATEGORICAL_ROOM];
    double sum[ACTIONS] = {0};
    for (int h = 0; h < LAYERS; h++) {
      memcpy(out + h * HD_LANES, logit[k][h], sizeof logit[k][h]);
      sum[0] += (double)logit[k][h][0];
      sum[1] += (double)logit[k][h][1];
    }
    rl->desc->choose(rl, out, &action);
    CHECK(action == (sum[1] > sum[0] ? 1.0f : 0.0f) && action == (k == 0 ? 1.0f : 0.0f));
    hd__policy_log_softmax(rl, 1, out, log_p, p);
    CHECK_NEAR((double)p[1], 1 / (1 + exp(sum[0] - sum[1])), 1e-6);
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- what layers above did ---- */

/* A row of the rollout ends with what the layers above do by the row before; as an episode begins,
 * with zeros. The value after the last step is that of the next decision, of which that is a part:
 * the critic, which stays as it is here, says the same to the bit. */
static void what_was_above_goes_along_an_episode(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_layers(ctx, "alpha_critic=0 alpha=0 init_scale=10 layer.above=true", 3);
  advance(session, ALL, ALL);
  hd__gradient_rl *rl = gradient_rl_of(session);
  const hd__policy_gradient *pg = rollout_of(session);
  hd__model *actor = &rl->model[HD_POLICY_ACTOR];
  const int in = hd__gradient_rl_n_in(rl), n = actor->stack.n_above, at = in - n;
  float above[WIDTH];
  int n_begun = 0, n_active = 0;
  CHECK(n == 2 * HD_LANES && n == rl->model[0].stack.in_pad - HD_PAD(rl->code.n));
  for (int b = 0; b < ENVS; b++) {
    memset(above, 0, sizeof above);
    for (int t = 0; t < STEPS; t++) {
      const float *x = pg->x + (b * STEPS + t) * in;
      CHECK(memcmp(x + at, above, sizeof(float) * (size_t)n) == 0);
      n_begun += pg->fresh[b * STEPS + t];
      for (int i = 0; i < n; i++) {
        n_active += above[i] != 0.0f;
      }
      hd__model_forward(actor, 1, x);
      hd__stack_above(&actor->stack, &actor->tape, 1, above);
      if (pg->ended[t * ENVS + b]) {
        memset(above, 0, sizeof above);
      }
    }
  }
  CHECK(n_begun > ENVS && n_active > 5);
  float next[LAYERS][ENVS];
  for (int h = 0; h < LAYERS; h++) {
    memcpy(next[h], pg->next_value + (h * STEPS + STEPS - 1) * ENVS, sizeof next[h]);
  }
  advance(session, ALL + ENVS, ENVS);
  for (int h = 0; h < LAYERS; h++) {
    for (int b = 0; b < ENVS; b++) {
      CHECK(pg->fresh[b * STEPS] || next[h][b] == pg->value[h * ALL + b]);
    }
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- what cannot be ---- */

static void what_cannot_be_is_refused(void) {
  static const char *const settings[] = {
      "hidden=0", "hidden=16,16 readout=membrane-max", "hidden=16,16 max_delay=2",
      "normalise_drive=true", "carry=true", "critic.hidden=64", "hidden=5,4,3"};
  hd_ctx *ctx = open_ctx();
  hd_session *session = NULL;
  for (int k = 0; k < (int)(sizeof settings / sizeof *settings); k++) {
    CHECK(try_session(ctx, "CartPole-v1", "layer-agent-ppo", settings[k], 1, &session) ==
          HD_CONFLICT);
    CHECK(session == NULL);
  }
  CHECK_TEXT(hd_ctx_error(ctx),
             "layer.agents = true gives each of 3 hidden layers a layer of the critic, and "
             "critic.hidden has 2; use as many");
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(a_layer_descends_its_own_loss);
  RUN(a_layer_has_advantages_of_its_own);
  RUN(no_error_reaches_another_layer);
  RUN(the_sum_of_the_policies_acts);
  RUN(what_was_above_goes_along_an_episode);
  RUN(what_cannot_be_is_refused);
  return test_end();
}
