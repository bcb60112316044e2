/* Learning gated by attention: AGREL's expected change is the gradient of the cross-entropy, and
 * AuGMEnT's tags and signals are those of the paper, worked out by hand. */
#include <math.h>
#include <stdlib.h>

#include "gated_net.h"
#include "hedon/hedon.h"
#include "test.h"

static hd_ctx *ctx;

/* A network with memory of its own. */
typedef struct fixture {
  hd__arena arena;
  hd__gated_net net;
  hd__gated_step step;
  hd__gated_row row;
} fixture;

static void lay_out(fixture *f, hd__arena *arena) {
  const hd__gated_def *d = &f->net.def;
  f->net.w = HD_TAKE(arena, float, f->net.n_weights);
  f->step = hd__gated_lay_out_step(&f->net, arena);
  f->row = (hd__gated_row){.u = HD_TAKE(arena, float, d->n_memory + 1),
                           .before = HD_TAKE(arena, float, d->n_in),
                           .sum = HD_TAKE(arena, float, 2 * d->n_in),
                           .tag = HD_TAKE(arena, float, f->net.n_weights)};
}

static fixture make(hd__gated_def def) {
  fixture f = {.arena = {0}};
  hd__gated_compile(&f.net, &def, hd__kernel_for(0));
  lay_out(&f, &f.arena);
  CHECK(hd__arena_commit(ctx, &f.arena) == HD_OK);
  lay_out(&f, &f.arena);
  hd__gated_start(&f.net, 7, false, 0.8f, 0.8f);
  hd__gated_begin(&f.net, &f.row);
  return f;
}

static void see(fixture *f, const float *x, uint64_t step) {
  memcpy(f->step.x, x, sizeof(float) * (size_t)f->net.def.n_in);
  hd__gated_forward(&f->net, f->net.w, &f->row, hd__key_make(3, HD_STREAM_SPIKE, 0, step),
                    &f->step);
}

/* ---- AGREL ---- */

/* log P(c) of a network without memory units, in double. */
static double log_p(const hd__gated_net *net, const double *w, const float *x, int c) {
  const hd__gated_def *d = &net->def;
  double q[8], top = -INFINITY, sum = 0;
  for (int a = 0; a < d->n_actions; a++) {
    const double *out = w + net->at_out + (size_t)(a * net->h_pad);
    q[a] = out[net->n_hidden];
    for (int j = 0; j < d->n_regular; j++) {
      double u = w[d->n_in * net->h_pad + j];
      for (int i = 0; i < d->n_in; i++) {
        u += (double)x[i] * w[i * net->h_pad + j];
      }
      q[a] += out[j] / (1 + exp(-u));
    }
    top = fmax(top, q[a]);
  }
  for (int a = 0; a < d->n_actions; a++) {
    sum += exp(q[a] - top);
  }
  return q[c] - top - log(sum);
}

static void agrel_follows_the_cross_entropy(void) {
  fixture f = make((hd__gated_def){.n_in = 3, .n_regular = 4, .n_actions = 3});
  const float x[] = {0.5f, -1.0f, 0.25f};
  const size_t n = f.net.n_weights;
  double *w = malloc(sizeof *w * n);
  double largest = 0;
  for (int c = 0; c < 3; c++) {
    double *mean = calloc(n, sizeof *mean);
    for (int s = 0; s < 3; s++) { /* every action, by its probability */
      hd__gated_begin(&f.net, &f.row);
      see(&f, x, 0);
      double p = 0;
      for (int a = 0; a < 3; a++) {
        p += exp((double)(f.step.q[a] - f.step.q[s]));
      }
      p = 1 / p;
      const double delta = (s == c) - p, signal = delta >= 0 ? delta / (1 - delta) : -1;
      hd__gated_tag(&f.net, &f.row, &f.step, s, 0.0f);
      for (size_t k = 0; k < n; k++) {
        mean[k] += p * signal * (double)f.row.tag[k];
      }
    }
    for (size_t k = 0; k < n; k++) {
      w[k] = (double)f.net.w[k];
    }
    for (size_t k = 0; k < n; k++) {
      const double h = 1e-5, at = w[k];
      w[k] = at + h;
      const double up = log_p(&f.net, w, x, c);
      w[k] = at - h;
      const double slope = (up - log_p(&f.net, w, x, c)) / (2 * h);
      w[k] = at;
      const int lane = (int)(k % (size_t)f.net.h_pad);
      if (lane <= f.net.n_hidden) {
        CHECK_NEAR(mean[k], slope, 1e-6);
        largest = fmax(largest, fabs(slope));
      } else {
        CHECK(mean[k] == 0); /* padding */
      }
    }
    free(mean);
  }
  CHECK(largest > 0.1);
  free(w);
  hd__arena_free(ctx, &f.arena);
}

/* ---- AuGMEnT ---- */

static double sigma(double u) { return 1 / (1 + exp(-u)); }

/* Two inputs, a regular and a memory unit, two actions; three steps and the actions 1, 0, 1. */
static void augment_tags_by_hand(void) {
  fixture f = make((hd__gated_def){.n_in = 2, .n_regular = 1, .n_memory = 1, .n_actions = 2});
  const float x[3][2] = {{1, 0}, {1, 0.5f}, {0, 0.25f}};
  const int action[] = {1, 0, 1};
  const double keep = 0.9 * 0.4;
  const int P = f.net.h_pad;
  const float *V = f.net.w, *M = f.net.w + f.net.at_memory, *W = f.net.w + f.net.at_out;
  double tag_V[3] = {0}, tag_M[4] = {0}, tag_W[2][3] = {{0}}, u = 0, sum[4] = {0};
  for (int t = 0; t < 3; t++) {
    see(&f, x[t], (uint64_t)t);
    hd__gated_tag(&f.net, &f.row, &f.step, action[t], (float)keep);
    for (int i = 0; i < 2; i++) { /* what came, then what went */
      const double change = (double)x[t][i] - (t > 0 ? (double)x[t - 1][i] : 0);
      sum[i] += fmax(change, 0);
      sum[2 + i] += fmax(-change, 0);
      u += fmax(change, 0) * (double)M[i * P + 1] + fmax(-change, 0) * (double)M[(2 + i) * P + 1];
    }
    const double ones[] = {(double)x[t][0], (double)x[t][1], 1};
    double drive = 0;
    for (int i = 0; i < 3; i++) {
      drive += ones[i] * (double)V[i * P];
    }
    const double y[] = {sigma(drive), sigma(u), 1};
    const int s = action[t];
    for (int j = 0; j < 3; j++) {
      for (int a = 0; a < 2; a++) {
        tag_W[a][j] = keep * tag_W[a][j] + (a == s ? y[j] : 0);
        CHECK_NEAR((double)f.row.tag[f.net.at_out + (size_t)(a * P + j)], tag_W[a][j], 1e-6);
      }
    }
    for (int i = 0; i < 3; i++) {
      tag_V[i] = keep * tag_V[i] + ones[i] * y[0] * (1 - y[0]) * (double)W[s * P];
      CHECK_NEAR((double)f.row.tag[i * P], tag_V[i], 1e-6);
    }
    for (int i = 0; i < 4; i++) {
      tag_M[i] = keep * tag_M[i] + sum[i] * y[1] * (1 - y[1]) * (double)W[s * P + 1];
      CHECK_NEAR((double)f.row.tag[f.net.at_memory + (size_t)(i * P + 1)], tag_M[i], 1e-6);
    }
    CHECK_NEAR((double)f.step.q[0], y[0] * (double)W[0] + y[1] * (double)W[1] + (double)W[2], 1e-6);
  }
  hd__gated_begin(&f.net, &f.row);
  CHECK(f.row.u[0] == 0 && f.row.sum[0] == 0 && f.row.tag[0] == 0 && f.row.before[0] == 0);
  hd__arena_free(ctx, &f.arena);
}

/* Shares of spikes have the mean and the variance of their probability. */
static void spikes_have_their_probability(void) {
  enum { T = 4, N = 4000 };
  fixture f = make(
      (hd__gated_def){.n_in = 2, .n_regular = 2, .n_memory = 1, .n_actions = 2, .substeps = T});
  const float x[] = {1, -0.5f};
  double sum = 0, squares = 0, p = 0;
  for (int k = 0; k < N; k++) {
    hd__gated_begin(&f.net, &f.row);
    see(&f, x, (uint64_t)k);
    p = (double)f.step.p[1];
    sum += (double)f.step.y[1];
    squares += ((double)f.step.y[1] - p) * ((double)f.step.y[1] - p);
  }
  CHECK_NEAR(sum / N, p, 5 * sqrt(p * (1 - p) / T / N));
  CHECK_NEAR(squares / N, p * (1 - p) / T, 0.1 * p * (1 - p) / T);
  hd__arena_free(ctx, &f.arena);
}

/* ---- the learner ---- */

/* The array of a session that has this name. */
static const float *array(hd_session *session, const char *name, int64_t *n) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    if (strcmp(view.name, name) == 0) {
      *n = 1;
      for (int d = 0; d < view.n_dims; d++) {
        *n *= view.shape[d];
      }
      return view.data;
    }
  }
  CHECK(false);
  return NULL;
}

static hd_session *learner(const char *task, const char *method, const char *reward_scale,
                           hd_config **config) {
  hd_session *session = NULL;
  CHECK(hd_config_create(ctx, task, method, config) == HD_OK);
  CHECK(hd_config_set(*config, "envs", "1") == HD_OK);
  CHECK(hd_config_set(*config, "alpha", "0.125") == HD_OK);
  CHECK(hd_config_set(*config, "anneal", "none") == HD_OK);
  CHECK(hd_config_set(*config, "reward_scale", reward_scale) == HD_OK);
  CHECK(hd_session_create(ctx, *config, 5, &session) == HD_OK);
  return session;
}

/* The signal of a step: AuGMEnT's SARSA error, or AGREL's f of what came beyond what was expected. */
static double sarsa(double reward, double was, double is, double gamma) {
  return reward + gamma * is - was;
}

static double agrel_f(double reward, double was, double is, double gamma) {
  (void)is;
  (void)gamma;
  return reward >= was ? (reward - was) / (1 - reward + was) : -1;
}

/* What a step changes is alpha times the signal times the tags from before it: the reward of step t
 * meets the tags of step t. */
static void check_steps(const char *task, const char *method, double scale,
                        double (*signal_of)(double, double, double, double)) {
  hd_config *config;
  char text[32];
  snprintf(text, sizeof text, "%g", scale);
  hd_session *session = learner(task, method, text, &config);
  CHECK(hd_session_train(session, 1) == HD_OK);
  int64_t n, one;
  const float *w = array(session, "actor.weights", &n);
  const float *tag = array(session, "gated.tags", &n);
  const float *value = array(session, "gated.value", &one);
  const double *total = (const void *)array(session, "episode_return", &one);
  const unsigned char *begun = (const void *)array(session, "gated.begun", &one);
  float *w_before = malloc(sizeof(float) * (size_t)n), *tags = malloc(sizeof(float) * (size_t)n);
  const double gamma = atof(hd_config_get(config, "gamma"));
  int compared = 0, better = 0;
  for (int t = 0; t < 400; t++) {
    memcpy(w_before, w, sizeof(float) * (size_t)n);
    memcpy(tags, tag, sizeof(float) * (size_t)n);
    const double was = (double)value[0], sum = total[0];
    const bool was_begun = begun[0];
    CHECK(hd_session_train(session, 1) == HD_OK);
    if (!was_begun || !begun[0]) {
      continue; /* the first step of an episode, whose action was not yet known, or the last */
    }
    const double signal = signal_of(scale * (total[0] - sum), was, (double)value[0], gamma);
    double worst = 0;
    for (int64_t k = 0; k < n; k++) {
      const double moved = (double)(w[k] - w_before[k]);
      worst = fmax(worst, fabs(moved - 0.125 * signal * (double)tags[k]));
    }
    CHECK_NEAR(worst, 0, 2e-6);
    compared++;
    better += signal > 0;
  }
  CHECK(compared > 50 && better > 10 && better < compared - 10);
  free(w_before);
  free(tags);
  hd_session_destroy(session);
  hd_config_destroy(config);
}

static void augment_steps_change_weights_by_signal_and_tag(void) {
  check_steps("TMaze-v0:length=2", "augment", 1, sarsa);
}

static void agrel_steps_change_weights_by_signal_and_tag(void) {
  check_steps("XorRate-v0", "agrel", 4, agrel_f);
}

/* Tags of agrel do not outlast a step: those of the weights onto the action that was not chosen, the
 * last of all weights or the last but one of as many, are 0. */
static void agrel_tags_are_of_one_step(void) {
  hd_config *config;
  hd_session *session = learner("XorRate-v0", "agrel", "4", &config);
  int64_t n, one;
  const float *tag = array(session, "gated.tags", &n), *chosen = array(session, "gated.chosen", &one);
  const unsigned char *begun = (const void *)array(session, "gated.begun", &one);
  int n_chosen[2] = {0};
  for (int t = 0; t < 100; t++) {
    CHECK(hd_session_train(session, 1) == HD_OK);
    const int64_t pad = n / 5; /* two inputs, a 1, and two actions */
    const int a = (int)chosen[0];
    bool is_clear = true, has_any = false;
    for (int64_t j = 0; begun[0] && j < pad; j++) {
      is_clear &= tag[(3 + 1 - a) * pad + j] == 0;
      has_any |= tag[(3 + a) * pad + j] != 0;
    }
    CHECK(is_clear && (has_any || !begun[0]));
    n_chosen[a] += begun[0];
  }
  CHECK(n_chosen[0] > 10 && n_chosen[1] > 10);
  hd_session_destroy(session);
  hd_config_destroy(config);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(agrel_follows_the_cross_entropy);
  RUN(augment_tags_by_hand);
  RUN(spikes_have_their_probability);
  RUN(augment_steps_change_weights_by_signal_and_tag);
  RUN(agrel_steps_change_weights_by_signal_and_tag);
  RUN(agrel_tags_are_of_one_step);
  hd_ctx_destroy(ctx);
  return test_end();
}
