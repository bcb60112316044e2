/* The robots of MuJoCo beside Gymnasium's, as tools/record_mujoco.py recorded them (it describes
 * the files); and what is ours: plain states, shared simulators, errors that come back.
 * Without Gymnasium's models the hopper is put up with a model of this test's, and
 * what was recorded is skipped. Exit code 77: all is, for MuJoCo is not built in. */
#include <pthread.h>
#include <stdlib.h>

#include "mujoco_simulator.h"
#include "recordings.h"

#include "env_fixture.h"

static const char *const names[] = {"InvertedPendulum-v4", "InvertedDoublePendulum-v4",
                                    "Hopper-v4",           "HalfCheetah-v4",
                                    "Walker2d-v4",         "Ant-v4"};
static int first = 0, end = 6; /* those that there are models of */
enum { LONGEST = 2 * HD_ROBOT_NV + HD_ROBOT_NQ + 2 };

/* ---- models of our own ---- */

static const char model_path[] = HD_TEST_TMP "/hopper.xml";

/* Make this text the hopper's model; NULL: let there be none. */
static void put_model(const char *text) {
  remove(model_path);
  FILE *file = text == NULL ? NULL : fopen(model_path, "w");
  if (file != NULL) {
    fputs(text, file);
    fclose(file);
  }
  setenv("HEDON_MUJOCO_MODELS", HD_TEST_TMP, 1);
}

static void drop_model(void) {
  unsetenv("HEDON_MUJOCO_MODELS");
  remove(model_path);
}

/* Six joints and three motors, like the hopper's, which it seems to be as long as the second joint
 * is near 1; it falls upon a floor. */
#define LINK(joint) "<body><joint " joint "/><geom size='.1' contype='0' conaffinity='0'/>"
#define FALLING(size) \
  "<mujoco>" size                                                                         \
  "<worldbody><geom type='plane' size='9 9 9' pos='0 0 -.2'/>"                            \
  "<body><joint name='j' type='slide' axis='0 0 1'/><geom size='.1'/>" LINK("ref='57.3'") \
  LINK("") LINK("") LINK("") LINK("") "</body></body></body></body></body></body>"        \
  "</worldbody><actuator><motor joint='j'/><motor joint='j'/><motor joint='j'/></actuator></mujoco>"

/* ---- recordings ---- */

typedef struct recording {
  FILE *file;
  int32_t version, n_obs, n_act, nq, nv, n_seeds;
} recording;

typedef struct moment {
  float obs[HD_MAX_OBS];
  double state[LONGEST]; /* time, qpos, qvel, warmstart, x of the first body */
} moment;

static recording open_recording(const char *name) {
  recording r = {.file = open_recorded("mujoco", name, "HDMJC001")};
  take(r.file, &r.version, 6 * sizeof(int32_t));
  CHECK(r.nq <= HD_ROBOT_NQ && r.nv <= HD_ROBOT_NV);
  return r;
}

static void take_obs(const recording *r, moment *m) {
  take(r->file, m->obs, (size_t)r->n_obs * sizeof(float));
}

static void take_state(const recording *r, moment *m) {
  take(r->file, m->state, (size_t)(r->nq + 2 * r->nv + 2) * sizeof(double));
}

static void put(const recording *r, const double *from, hd__robot_state *s) {
  s->time = *from++;
  memcpy(s->qpos, from, (size_t)r->nq * sizeof(double));
  memcpy(s->qvel, from + r->nq, (size_t)r->nv * sizeof(double));
  memcpy(s->warmstart, from + r->nq + r->nv, (size_t)r->nv * sizeof(double));
  if (r->nq == HD_ROBOT_NQ) { /* the ant is paid by it */
    s->sensor[0] = from[r->nq + 2 * r->nv];
  }
}

/* The largest differences, each relative to the size of the number, or absolute below 1. */
typedef struct gap {
  double obs, reward, state;
  int flags, steps;
} gap;

static double apart(double got, double want) { return fabs(got - want) / fmax(1, fabs(want)); }

static void compare(const recording *r, const float *obs, const hd__robot_state *s,
                    const moment *want, gap *g) {
  for (int i = 0; i < r->n_obs; i++) {
    g->obs = fmax(g->obs, apart((double)obs[i], (double)want->obs[i]));
  }
  for (int i = 0; i < r->nq; i++) {
    g->state = fmax(g->state, apart(s->qpos[i], want->state[1 + i]));
  }
  for (int i = 0; i < r->nv; i++) {
    g->state = fmax(g->state, apart(s->qvel[i], want->state[1 + r->nq + i]));
  }
}

/* Replay a recording; from each recorded state anew, or from one reset to the next on our own. */
static void replay(const char *name, bool is_set_right, gap *start, gap *step) {
  const recording r = open_recording(name);
  const hd_env_desc *desc = find(name);
  CHECK(r.n_obs == desc->n_obs && r.n_act == desc->n_act);
  for (int k = 0; k < r.n_seeds; k++) {
    uint64_t seed;
    int32_t steps;
    moment want;
    float obs[HD_MAX_OBS], action[HD_MAX_ACT];
    take(r.file, &seed, sizeof seed);
    take(r.file, &steps, sizeof steps);
    take_obs(&r, &want);
    take_state(&r, &want);
    hd_envs *envs = create(desc, 1, seed, HD_RNG_GYMNASIUM);
    hd_envs_reset(envs, obs);
    compare(&r, obs, hd_envs_state(envs, 0), &want, start);
    for (int t = 0; t < steps; t++) {
      double reward, want_reward;
      bool terminated, truncated;
      unsigned char flags;
      take(r.file, action, (size_t)r.n_act * sizeof(float));
      take_obs(&r, &want);
      take(r.file, &want_reward, sizeof want_reward);
      take(r.file, &flags, sizeof flags);
      if (is_set_right && t > 0) {
        put(&r, want.state, hd_envs_state(envs, 0));
      }
      take_state(&r, &want);
      hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
      compare(&r, obs, hd_envs_state(envs, 0), &want, step);
      step->reward = fmax(step->reward, apart(reward, want_reward));
      step->flags += terminated != (flags & 1) || truncated != (flags >> 1);
      step->steps++;
      if (flags != 0) {
        take_obs(&r, &want);
        take_state(&r, &want);
        hd_envs_reset_done(envs, obs);
        compare(&r, obs, hd_envs_state(envs, 0), &want, start);
      }
    }
    hd_envs_destroy(envs);
  }
  CHECK(fgetc(r.file) == EOF);
  fclose(r.file);
}

/* From a recorded state one step later: observations to a float's last digit, the rest to 1e-9. The
 * same MuJoCo on the same libm is equal to the bit; one rounding of sin or cos is amplified by
 * stiff contacts. */
static void starts_and_steps_are_gymnasiums(void) {
  for (int i = first; i < end; i++) {
    gap start = {0}, step = {0};
    replay(names[i], true, &start, &step);
    if (start.obs + start.state + step.obs + step.reward + step.state > 0) {
      printf("  %s: not to the bit; starts %.1e %.1e, steps %.1e %.1e, rewards %.1e\n", names[i],
             start.obs, start.state, step.obs, step.state, step.reward);
    }
    CHECK(start.obs <= 2e-7 && start.state <= 1e-9);
    CHECK(step.obs <= 2e-7 && step.state <= 1e-9 && step.reward <= 1e-9);
    CHECK(step.flags == 0 && step.steps >= 200);
  }
}

/* On our own from one reset to the next. Small differences grow: of 1e-12 at a step, some 1e-5 are
 * left after fifty. */
static void episodes_are_gymnasiums(void) {
  for (int i = first; i < end; i++) {
    gap start = {0}, step = {0};
    replay(names[i], false, &start, &step);
    CHECK(start.obs <= 2e-7 && start.state <= 1e-9);
    CHECK(step.obs <= 1e-3 && step.reward <= 1e-3 && step.flags == 0);
  }
}

/* ---- states ---- */

enum { B = 3, STEPS = 120 };

typedef struct stepped {
  float obs[B * HD_MAX_OBS];
  double reward[B];
  bool terminated[B], truncated[B];
} stepped;

static void choose(const hd_env_desc *desc, int t, int n, float *action) {
  for (int i = 0; i < n * desc->n_act; i++) {
    action[i] = desc->act[0].high * (float)sin(1 + 0.37 * t + 1.7 * i);
  }
}

static stepped advance(const hd_env_desc *desc, hd_envs *envs, int t, int n) {
  stepped out;
  float action[B * HD_MAX_ACT];
  memset(&out, 0, sizeof out);
  choose(desc, t, n, action);
  hd_envs_step(envs, action, out.obs, out.reward, out.terminated, out.truncated);
  hd_envs_reset_done(envs, out.obs);
  return out;
}

/* Go on from a copy of all states, in environments that have been elsewhere. */
static void a_state_is_all_there_is(void) {
  for (int i = first; i < end; i++) {
    const hd_env_desc *desc = find(names[i]);
    hd_envs *a = create(desc, B, 7, HD_RNG_NATIVE), *b = create(desc, B, 8, HD_RNG_NATIVE);
    float obs[B * HD_MAX_OBS];
    hd_envs_reset(a, obs);
    hd_envs_reset(b, obs);
    int ended = 0;
    for (int t = 0; t < STEPS; t++) {
      for (int k = 0; k < B; k++) {
        memcpy(hd_envs_state(b, k), hd_envs_state(a, k), desc->state_size);
      }
      const stepped x = advance(desc, a, t, B), y = advance(desc, b, t, B);
      CHECK(memcmp(x.reward, y.reward, sizeof x.reward) == 0);
      CHECK(memcmp(x.terminated, y.terminated, sizeof x.terminated) == 0);
      for (int k = 0; k < B; k++) {
        const size_t row = (size_t)desc->n_obs;
        ended += x.terminated[k];
        CHECK(x.terminated[k] ||
              memcmp(x.obs + (size_t)k * row, y.obs + (size_t)k * row, row * sizeof(float)) == 0);
        CHECK(((hd__robot_state *)hd_envs_state(a, k))->body == NULL);
      }
    }
    CHECK(ended > 0 || i == 3 || end == 3); /* the cheetah never does, nor what stands in */
    hd_envs_destroy(a);
    hd_envs_destroy(b);
  }
}

/* Environments that share a simulator do not notice: b of many is like one alone with seed + b. */
static void results_do_not_depend_on_other_learners(void) {
  for (int i = first; i < end; i++) {
    const hd_env_desc *desc = find(names[i]);
    hd_envs *many = create(desc, B, 20, HD_RNG_GYMNASIUM);
    float obs[B * HD_MAX_OBS];
    stepped all[STEPS];
    hd_envs_reset(many, obs);
    for (int t = 0; t < STEPS; t++) {
      all[t] = advance(desc, many, 0, B);
    }
    hd_envs_destroy(many);
    hd_envs *alone = create(desc, 1, 20, HD_RNG_GYMNASIUM);
    hd_envs_reset(alone, obs);
    for (int t = 0; t < STEPS; t++) {
      const stepped x = advance(desc, alone, 0, 1);
      CHECK(x.reward[0] == all[t].reward[0]);
      CHECK(memcmp(x.obs, all[t].obs, (size_t)desc->n_obs * sizeof(float)) == 0);
    }
    hd_envs_destroy(alone);
  }
}

/* A learner that was saved and loaded goes on as if it had not been. */
static void a_checkpoint_goes_on_alike(void) {
  static const char path[] = HD_TEST_TMP "/mujoco.hd";
  hd_config *config;
  hd_session *saved, *loaded;
  CHECK(hd_config_create(ctx, "InvertedPendulum-v4", "nes", &config) == HD_OK);
  CHECK(hd_session_create(ctx, config, 1, &saved) == HD_OK);
  hd_config_destroy(config);
  CHECK(hd_session_train(saved, 500) == HD_OK && hd_session_save(saved, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &loaded) == HD_OK);
  CHECK(hd_session_train(saved, 500) == HD_OK && hd_session_train(loaded, 500) == HD_OK);
  double a, b;
  CHECK(hd_session_evaluate(saved, 3, 0, NULL, &a) == HD_OK);
  CHECK(hd_session_evaluate(loaded, 3, 0, NULL, &b) == HD_OK);
  CHECK(a == b);
  hd_session_destroy(saved);
  hd_session_destroy(loaded);
}

static void *live_alone(void *sum) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *own;
  hd_envs *envs;
  const hd_env_desc *desc;
  float obs[HD_MAX_OBS];
  if (hd_ctx_create(&def, &own) != HD_OK || hd_env_find(own, "Hopper-v4", &desc) != HD_OK ||
      hd_envs_create(own, desc, 1, 3, HD_RNG_NATIVE, &envs) != HD_OK) {
    return NULL;
  }
  hd_envs_reset(envs, obs);
  for (int t = 0; t < STEPS; t++) {
    *(double *)sum += advance(desc, envs, t, 1).reward[0] * (1 + t);
  }
  hd_envs_destroy(envs);
  hd_ctx_destroy(own);
  return NULL;
}

/* Contexts of several threads load models and step side by side. */
static void threads_do_not_meet(void) {
  enum { THREADS = 4 };
  pthread_t thread[THREADS];
  double sum[THREADS] = {0};
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&thread[i], NULL, live_alone, &sum[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(thread[i], NULL) == 0);
    CHECK(sum[i] == sum[0] && sum[i] != 0);
  }
}

/* ---- errors ---- */

/* With this model Hopper-v4 is refused so. */
static void expect_refusal(const char *model, hd_status status, const char *sentence) {
  hd_envs *envs = NULL;
  put_model(model);
  CHECK(hd_envs_create(ctx, find("Hopper-v4"), 2, 0, HD_RNG_NATIVE, &envs) == status);
  if (strstr(hd_ctx_error(ctx), sentence) == NULL) {
    printf("  %s\n", hd_ctx_error(ctx));
  }
  CHECK(strstr(hd_ctx_error(ctx), sentence) != NULL && envs == NULL);
  drop_model();
}

static void a_model_is_refused_in_a_sentence(void) {
  expect_refusal(NULL, HD_IO, "/hopper.xml: Gymnasium brings it");
  expect_refusal("<mujoco><worldbody>", HD_FORMAT, "Hopper-v4: hopper.xml: XML");
  expect_refusal("<mujoco/>", HD_FORMAT,
                 "Hopper-v4: hopper.xml has 0 positions, 0 velocities and 0 motors, expected 6, 6");
  expect_refusal(FALLING("<size nstack='9'/>"), HD_FORMAT, "Hopper-v4: hopper.xml: Error: ");
}

/* With too little memory for the constraints of a contact MuJoCo would end the process, since it
 * is not asked before it falls. Here an episode ends. */
static void an_error_ends_the_episode(void) {
  hd_envs *envs = NULL;
  put_model(FALLING("<size nstack='145'/>"));
  CHECK(hd_envs_create(ctx, find("Hopper-v4"), 1, 0, HD_RNG_NATIVE, &envs) == HD_OK);
  drop_model();
  float obs[HD_MAX_OBS], action[3] = {0};
  double reward;
  bool terminated = false, truncated;
  hd_envs_reset(envs, obs);
  int t = 0;
  for (; t < 100; t++) {
    hd__robot_state *s = hd_envs_state(envs, 0);
    const hd__robot_state before = *s;
    hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
    if (memcmp(&before, s, sizeof before) == 0) {
      break;
    }
  }
  CHECK(t > 1);
  if (t < 100) {
    CHECK(terminated && reward == 0);
  } else {
    printf("  this MuJoCo takes the memory it needs\n");
  }
  hd_envs_destroy(envs);
}

/* What is no number is thrown away with the episode's motion, as MuJoCo does, and nothing is said:
 * no line, and no MUJOCO_LOG.TXT. */
static void infinities_do_not_speak(void) {
  remove("MUJOCO_LOG.TXT");
  for (int i = first; i < end; i++) {
    const hd_env_desc *desc = find(names[i]);
    hd_envs *envs = create(desc, 1, 1, HD_RNG_NATIVE);
    float obs[HD_MAX_OBS], action[HD_MAX_ACT];
    double reward;
    bool terminated, truncated;
    hd_envs_reset(envs, obs);
    for (int t = 0; t < 6; t++) {
      for (int d = 0; d < desc->n_act; d++) {
        action[d] = t % 2 == 0 ? NAN : 0;
      }
      hd__robot_state *s = hd_envs_state(envs, 0);
      s->qvel[1] = t >= 2 ? 1e200 : s->qvel[1];
      s->qpos[0] = t >= 4 ? (double)INFINITY : s->qpos[0];
      hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
      for (int d = 0; d < desc->n_obs; d++) {
        CHECK(isfinite(obs[d]));
      }
    }
    hd_envs_destroy(envs);
  }
  CHECK(fopen("MUJOCO_LOG.TXT", "r") == NULL);
}

static bool can_open(const char *name) {
  hd_envs *envs = NULL;
  const hd_env_desc *desc = find(name);
  const bool is_open =
      desc != NULL && hd_envs_create(ctx, desc, 1, 0, HD_RNG_NATIVE, &envs) == HD_OK;
  hd_envs_destroy(envs);
  return is_open;
}

int main(void) {
  enum { SKIPPED = 77 };
  const hd_ctx_def def = hd_ctx_def_default();
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  const bool is_built = find("Ant-v4") != NULL, has_models = can_open("Ant-v4");
  if (!has_models) {
    printf("SKIP: what was recorded; %s\n", hd_ctx_error(ctx));
  }
  if (!is_built) {
    hd_ctx_destroy(ctx);
    return SKIPPED;
  }
  if (has_models) {
    RUN(starts_and_steps_are_gymnasiums);
    RUN(episodes_are_gymnasiums);
    RUN(a_checkpoint_goes_on_alike);
  } else {
    put_model(FALLING(""));
    first = 2;
    end = 3;
  }
  RUN(a_state_is_all_there_is);
  RUN(results_do_not_depend_on_other_learners);
  RUN(threads_do_not_meet);
  RUN(infinities_do_not_speak);
  RUN(a_model_is_refused_in_a_sentence);
  RUN(an_error_ends_the_episode);
  hd_ctx_destroy(ctx);
  return test_end();
}
