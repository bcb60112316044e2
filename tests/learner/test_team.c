/* Teams of agents: what narla's neurons trace is the derivative of what they did, svpg's groups are
 * at the mean field's fixed point and their scores have mean 0, and every step's reward meets the
 * traces of its own decision. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedon/hedon.h"
#include "team.h"
#include "test.h"

static hd_ctx *ctx;

typedef struct fixture {
  hd__arena arena;
  hd__team team;
  hd__team_step step;
  float *z;
} fixture;

static void lay_out(fixture *f) {
  f->team.w = HD_TAKE(&f->arena, float, f->team.n_weights);
  f->z = HD_TAKE(&f->arena, float, f->team.n_weights);
  f->step = hd__team_lay_out_step(&f->team, &f->arena);
}

static void open_team(fixture *f, const hd__team_desc *desc, hd__team_def def, const float *x) {
  *f = (fixture){.team = {.desc = desc, .def = def}};
  desc->measure(&f->team);
  lay_out(f);
  CHECK(hd__arena_commit(ctx, &f->arena) == HD_OK);
  lay_out(f);
  memcpy(f->step.x, x, sizeof(float) * (size_t)def.n_in);
  f->step.x[def.n_in] = 1.0f;
}

static hd__key key_of(uint64_t step) { return hd__key_make(5, HD_STREAM_SPIKE, 0, step); }

/* ---- narla, in doubles ---- */

/* log P(what agent j of layer l did) + share v, for its parameters w. */
static double narla_plain(const fixture *f, int l, const double *w, int did, double share) {
  const hd__team_layer *layer = &f->team.layer[l];
  const int m = f->team.def.units, n_out = layer->n_out;
  const float *y = f->step.kept + layer->y_at;
  const double *B = w + m * layer->n_pre, *C = B + n_out * (m + 1);
  double head[8] = {0}, sum = 0;
  for (int i = 0; i <= m; i++) {
    double u = 0;
    for (int k = 0; i < m && k < layer->n_pre; k++) {
      u += w[i * layer->n_pre + k] * (double)y[k];
    }
    const double h = i < m ? tanh(u) : 1;
    for (int o = 0; o < n_out; o++) {
      head[o] += B[o * (m + 1) + i] * h;
    }
    sum += share * C[i] * h;
  }
  if (n_out == 1) {
    return sum - log(1 + exp(did ? -head[0] : head[0]));
  }
  double all = 0;
  for (int o = 0; o < n_out; o++) {
    all += exp(head[o]);
  }
  return sum + head[did] - log(all);
}

static void narla_check_agent(fixture *f, int l, int j, int action, float share) {
  const hd__team_layer *layer = &f->team.layer[l];
  const size_t at = layer->at + (size_t)j * layer->size;
  const bool is_last = l == f->team.def.n_hidden;
  const int did = is_last ? action : f->step.kept[f->team.layer[l + 1].y_at + j] > 0.5f;
  double w[64];
  CHECK(layer->size <= 64);
  for (size_t k = 0; k < layer->size; k++) {
    w[k] = (double)f->team.w[at + k];
  }
  for (size_t k = 0; k < layer->size; k++) {
    const double was = w[k], by = 1e-5;
    w[k] = was + by;
    const double up = narla_plain(f, l, w, did, (double)share);
    w[k] = was - by;
    const double down = narla_plain(f, l, w, did, (double)share);
    w[k] = was;
    CHECK_NEAR((double)f->z[at + k], (up - down) / (2 * by), 2e-6);
  }
}

static void narla_traces_are_derivatives(void) {
  static const float x[] = {0.5f, -1.0f, 0.25f};
  fixture f;
  int fired = 0;
  open_team(&f, &hd__team_narla,
            (hd__team_def){.n_in = 3, .n_actions = 3, .n_hidden = 2, .hidden = {4, 2}, .units = 3},
            x);
  CHECK(f.team.n_agents == 7);
  f.team.desc->start(&f.team, 3, 1.5f, 1.0f);
  for (uint64_t t = 0; t < 4; t++) {
    const int action = (int)(t % 3);
    f.team.desc->forward(&f.team, f.team.w, key_of(t), &f.step);
    f.team.desc->trace(&f.team, &f.step, action, 0.0f, 0.7f, f.z);
    for (int l = 0; l < 3; l++) {
      for (int j = 0; j < f.team.layer[l].n; j++) {
        narla_check_agent(&f, l, j, action, 0.7f);
      }
    }
    for (int j = 0; j < 4; j++) {
      fired += f.step.kept[f.team.layer[1].y_at + j] > 0.5f;
    }
  }
  CHECK(fired > 0 && fired < 16);
  hd__arena_free(ctx, &f.arena);
}

/* A layer loses as much as it misses its target by, its agents alike; who chooses loses nothing. */
static void narla_layers_are_asked_for_a_share(void) {
  static const float x[] = {1.0f};
  fixture f;
  open_team(&f, &hd__team_narla,
            (hd__team_def){.n_in = 1,
                           .n_actions = 2,
                           .n_hidden = 1,
                           .hidden = {5},
                           .units = 2,
                           .sparsity = 2.0f,
                           .target = 0.4f},
            x);
  f.team.desc->start(&f.team, 1, 1.0f, 1.0f);
  f.team.desc->forward(&f.team, f.team.w, key_of(0), &f.step);
  double active = 0;
  for (int j = 0; j < 5; j++) {
    active += (double)f.step.kept[f.team.layer[1].y_at + j] / 5;
  }
  for (int j = 0; j < 5; j++) {
    CHECK_NEAR((double)f.step.local[j], -2 * fabs(active - 0.4), 1e-6);
  }
  CHECK(f.step.local[5] == 0.0f);
  hd__arena_free(ctx, &f.arena);
}

/* ---- svpg ---- */

enum { UNITS = 7, INPUTS = 3 }; /* two groups of two, three actions; two inputs and a 1 */

static int group_of(int j) { return j < 2 ? 0 : j < 4 ? 1 : 2; }

static void open_svpg(fixture *f, int steps) {
  static const float x[] = {0.8f, 0.3f};
  open_team(f, &hd__team_svpg,
            (hd__team_def){.n_in = 2,
                           .n_actions = 3,
                           .n_hidden = 1,
                           .hidden = {4},
                           .group = 2,
                           .steps = steps,
                           .window = 6},
            x);
  CHECK(f->team.n_weights == UNITS * UNITS + UNITS * INPUTS + INPUTS && f->team.n_agents == 1);
  for (size_t k = 0; k < f->team.n_weights; k++) {
    f->team.w[k] = 0.3f * sinf((float)(7 * k + 1));
  }
  for (int i = 0; i < UNITS; i++) {
    for (int j = 0; j <= i; j++) {
      float *W = f->team.w;
      W[i * UNITS + j] = group_of(i) == group_of(j) ? 0.0f : W[i * UNITS + j];
      W[j * UNITS + i] = W[i * UNITS + j];
    }
  }
}

static void svpg_settles_at_a_fixed_point(void) {
  fixture f;
  open_svpg(&f, 0);
  f.team.desc->forward(&f.team, f.team.w, key_of(0), &f.step);
  const float *q = f.step.kept, *W = f.team.w, *Ws = W + UNITS * UNITS;
  double e[UNITS], sum[3] = {0};
  for (int j = 0; j < UNITS; j++) {
    double u = 0;
    for (int i = 0; i < UNITS; i++) {
      u += 2 * (double)(W[j * UNITS + i] * q[i]);
    }
    for (int i = 0; i < INPUTS; i++) {
      u += (double)(Ws[j * INPUTS + i] * f.step.x[i]);
    }
    sum[group_of(j)] += e[j] = exp(u);
  }
  for (int j = 0; j < UNITS; j++) {
    CHECK_NEAR((double)q[j], e[j] / sum[group_of(j)], 0.01);
  }
  for (int a = 0; a < 3; a++) {
    CHECK(f.step.pi[a] == q[4 + a]);
  }
  hd__arena_free(ctx, &f.arena);
}

/* Every score by hand; weights stay symmetric, and 0 within a group. */
static void svpg_scores_by_hand(void) {
  fixture f;
  open_svpg(&f, 0);
  f.team.desc->forward(&f.team, f.team.w, key_of(1), &f.step);
  f.team.desc->trace(&f.team, &f.step, 2, 0.0f, 0.5f, f.z);
  const float *q = f.step.kept, *v = q + UNITS;
  CHECK(v[0] + v[1] == 1.0f && v[2] + v[3] == 1.0f && v[6] == 1.0f && v[4] + v[5] == 0.0f);
  for (int j = 0; j < UNITS; j++) {
    for (int i = 0; i < UNITS; i++) {
      const double want =
          (double)q[i] * (double)(v[j] - q[j]) + (double)q[j] * (double)(v[i] - q[i]);
      CHECK_NEAR((double)f.z[j * UNITS + i], group_of(i) == group_of(j) ? 0 : want, 1e-6);
      CHECK(f.z[j * UNITS + i] == f.z[i * UNITS + j]);
    }
    for (int i = 0; i < INPUTS; i++) {
      CHECK_NEAR((double)f.z[UNITS * UNITS + j * INPUTS + i],
                 (double)f.step.x[i] * (double)(v[j] - q[j]), 1e-6);
    }
  }
  for (int i = 0; i < INPUTS; i++) {
    CHECK_NEAR((double)f.z[UNITS * (UNITS + INPUTS) + i], 0.5 * (double)f.step.x[i], 1e-7);
  }
  hd__arena_free(ctx, &f.arena);
}

/* Groups win as often as q says, and the mean score is 0. */
static void svpg_scores_have_mean_zero(void) {
  fixture f;
  const int n = 4000;
  double won = 0, score = 0;
  open_svpg(&f, 0);
  for (int t = 0; t < n; t++) {
    f.team.desc->forward(&f.team, f.team.w, key_of((uint64_t)t), &f.step);
    const int action = hd__team_draw(3, f.step.pi, hd__uniform24(key_of((uint64_t)t), 99));
    f.team.desc->trace(&f.team, &f.step, action, 0.0f, 0.0f, f.z);
    won += (double)f.step.kept[UNITS] / n;
    score += (double)f.z[4] / n; /* of unit 0 with the first action */
  }
  CHECK_NEAR(won, (double)f.step.kept[0], 4 * 0.5 / sqrt(n));
  CHECK_NEAR(score, 0, 4 * 0.5 / sqrt(n));
  hd__arena_free(ctx, &f.arena);
}

/* By spikes a group fires once a substep, and its rates come near the mean field. */
static void svpg_by_spikes_is_near_the_mean_field(void) {
  fixture f, field;
  double q[UNITS] = {0};
  const int n = 300;
  open_svpg(&field, 0);
  open_svpg(&f, 12);
  field.team.desc->forward(&field.team, field.team.w, key_of(0), &field.step);
  for (int t = 0; t < n; t++) {
    f.team.desc->forward(&f.team, f.team.w, key_of((uint64_t)t), &f.step);
    const float *v = f.step.kept + UNITS, *r = v + UNITS;
    CHECK(v[0] + v[1] == 1.0f && v[2] + v[3] == 1.0f && v[4] + v[5] + v[6] == 1.0f);
    CHECK_NEAR((double)(r[0] + r[1]), 1, 1e-5);
    for (int j = 0; j < UNITS; j++) {
      q[j] += (double)f.step.kept[j] / n;
    }
  }
  for (int j = 0; j < UNITS; j++) {
    CHECK_NEAR(q[j], (double)field.step.kept[j], 0.05);
  }
  hd__arena_free(ctx, &f.arena);
  hd__arena_free(ctx, &field.arena);
}

/* ---- sessions ---- */

static hd_session *open_session(const char *method, const char *const *set) {
  hd_config *config = NULL;
  hd_session *session = NULL;
  CHECK(hd_config_create(ctx, "CartPole-v1", method, &config) == HD_OK);
  for (; *set != NULL; set += 2) {
    CHECK(hd_config_set(config, set[0], set[1]) == HD_OK);
  }
  CHECK(hd_session_create(ctx, config, 4, &session) == HD_OK);
  hd_config_destroy(config);
  return session;
}

static const float *array_of(hd_session *session, const char *name) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    if (strcmp(view.name, name) == 0) {
      return view.data;
    }
  }
  CHECK(name == NULL);
  return NULL;
}

static int64_t episodes_of(hd_session *session) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  return stats.episodes;
}

/* delta of a step is its reward, what an agent's own decision paid it, and the values on both sides,
 * and multiplies the traces that the decision left, agent by agent. */
static void reward_meets_traces(const char *method, const char *const *set, int n, int n_agents,
                                int size) {
  hd_session *session = open_session(method, set);
  const float *w = array_of(session, "actor.weights"), *z = array_of(session, "team.traces");
  const float *v = array_of(session, "team.values"), *own = array_of(session, "team.rewards");
  float before[512], trace[512], value[8], paid[8];
  int n_checked = 0;
  bool has_ended = false;
  for (int t = 0; t < 200; t++) {
    const int64_t episode = episodes_of(session);
    memcpy(before, w, sizeof(float) * (size_t)n);
    memcpy(trace, z, sizeof(float) * (size_t)n);
    memcpy(value, v, sizeof(float) * (size_t)n_agents);
    memcpy(paid, own, sizeof(float) * (size_t)n_agents);
    CHECK(hd_session_train(session, 1) == HD_OK);
    if (t == 0 || has_ended || episodes_of(session) > episode) {
      has_ended = episodes_of(session) > episode; /* the first step of an episode decides as well */
      continue;
    }
    for (int k = 0; k < n; k++) {
      const int agent = n_agents == 1 ? 0 : k / size < n_agents - 1 ? k / size : n_agents - 1;
      const double delta =
          1 + (double)paid[agent] + 0.9 * (double)v[agent] - (double)value[agent];
      CHECK_NEAR((double)(w[k] - before[k]), 0.05 * delta * (double)trace[k], 2e-6);
    }
    n_checked++;
  }
  CHECK(n_checked > 100);
  hd_session_destroy(session);
}

static void reward_t_meets_traces_t(void) {
  static const char *const narla[] = {"alpha",       "0.05", "gamma",  "0.9",  "hidden", "2",
                                      "narla.units", "2",    "anneal", "none", NULL};
  static const char *const svpg[] = {"alpha",  "0.05",   "gamma", "0.9",        "hidden",
                                     "4",      "reward", "env",   "svpg.group", "2",
                                     "anneal", "none",   NULL};
  static const char *const sparse[] = {
      "alpha",  "0.05", "gamma",          "0.9", "hidden",       "2",   "narla.units", "2",
      "anneal", "none", "narla.sparsity", "2",   "narla.target", "0.3", NULL};
  reward_meets_traces("narla", narla, 2 * 16 + 6 + 9, 3, 16);
  reward_meets_traces("narla", sparse, 2 * 16 + 6 + 9, 3, 16);
  reward_meets_traces("svpg", svpg, 36 + 6 * 9 + 9, 1, 99);
}

/* The trace of a critic's bias counts the decisions of its episode, fading: 1 + k + k^2 + ... It
 * begins anew with every episode. */
static void two_episodes_equal_two_single_ones(void) {
  static const char *const set[] = {"alpha",  "1e-6", "alpha_critic", "1e-6", "gamma",       "0.9",
                                    "lambda", "0.5",  "hidden",       "2",    "narla.units", "2",
                                    NULL};
  hd_session *session = open_session("narla", set);
  const float *bias = array_of(session, "team.traces") + 15;
  double want = 0;
  for (int t = 0; t < 200; t++) {
    const int64_t episode = episodes_of(session);
    CHECK(hd_session_train(session, 1) == HD_OK);
    want = want == 0 ? 1.0 : want; /* the first decision, */
    want = 0.45 * want + 1;        /* and the one after the step */
    if (episodes_of(session) > episode) {
      want = 0;
      continue;
    }
    CHECK_NEAR((double)*bias, want, 1e-4);
  }
  CHECK(episodes_of(session) > 3);
  hd_session_destroy(session);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  RUN(narla_traces_are_derivatives);
  RUN(narla_layers_are_asked_for_a_share);
  RUN(svpg_settles_at_a_fixed_point);
  RUN(svpg_scores_by_hand);
  RUN(svpg_scores_have_mean_zero);
  RUN(svpg_by_spikes_is_near_the_mean_field);
  RUN(reward_t_meets_traces_t);
  RUN(two_episodes_equal_two_single_ones);
  hd_ctx_destroy(ctx);
  return test_end();
}
