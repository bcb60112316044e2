#include <stdlib.h>

#include "env_random.h"
#include "envs.h"
#include "opens.h"

#include "env_fixture.h"

enum { B = 5, STEPS = 700 };

/* Any action for environment b at step t. */
static void choose(const hd_env_desc *desc, int b, int t, float *action) {
  const hd__key key = hd__key_make(17, HD_STREAM_ACTION, (uint64_t)b, (uint64_t)t);
  for (int i = 0; i < desc->n_act; i++) {
    const float u = hd__uniform24(key, (uint32_t)i);
    const hd_dim *dim = &desc->act[i];
    action[i] = dim->count > 0 ? (float)(int)(u * (float)dim->count)
                               : 1.2f * (dim->low + u * (dim->high - dim->low));
  }
}

typedef struct outcome {
  float obs[B * HD_MAX_OBS];
  double reward[B];
  bool terminated[B], truncated[B];
} outcome;

static void step_all(hd_envs *envs, const hd_env_desc *desc, int n, int first, int t, outcome *o) {
  float action[B * HD_MAX_ACT];
  for (int b = 0; b < n; b++) {
    choose(desc, first + b, t, action + b * desc->n_act);
  }
  hd_envs_step(envs, action, o->obs, o->reward, o->terminated, o->truncated);
}

static bool same_row(const hd_env_desc *desc, const outcome *many, int b, const outcome *one) {
  return memcmp(many->obs + b * desc->n_obs, one->obs, sizeof(float) * (size_t)desc->n_obs) == 0 &&
         many->reward[b] == one->reward[0] && many->terminated[b] == one->terminated[0] &&
         many->truncated[b] == one->truncated[0];
}

/* Under Gymnasium's stream environment b has seed + b, so it can be made alone. */
static void together_equals_alone(void) {
  for (int e = 0; e < hd_env_count(ctx); e++) {
    const hd_env_desc *desc = hd_env_at(ctx, e);
    if (!opens(ctx, desc)) {
      continue;
    }
    hd_envs *many = create(desc, B, 40, HD_RNG_GYMNASIUM), *one[B];
    outcome all = {0}, single = {0};
    hd_envs_reset(many, all.obs);
    for (int b = 0; b < B; b++) {
      one[b] = create(desc, 1, 40 + (uint64_t)b, HD_RNG_GYMNASIUM);
      hd_envs_reset(one[b], single.obs);
      CHECK(memcmp(all.obs + b * desc->n_obs, single.obs, sizeof(float) * (size_t)desc->n_obs) ==
            0);
    }
    int different = 0;
    for (int t = 0; t < STEPS; t++) {
      step_all(many, desc, B, 0, t, &all);
      for (int b = 0; b < B; b++) {
        step_all(one[b], desc, 1, b, t, &single);
        different += !same_row(desc, &all, b, &single);
        hd_envs_reset_done(one[b], single.obs);
      }
      hd_envs_reset_done(many, all.obs);
    }
    CHECK(different == 0);
    for (int b = 0; b < B; b++) {
      hd_envs_destroy(one[b]);
    }
    hd_envs_destroy(many);
  }
}

/* Natively, the first environments are the same however many stand beside them. */
static void more_environments_change_no_row(void) {
  const hd_env_desc *desc = find("cartpole");
  hd_envs *many = create(desc, B, 9, HD_RNG_NATIVE), *few = create(desc, 2, 9, HD_RNG_NATIVE);
  outcome a = {0}, b = {0};
  hd_envs_reset(many, a.obs);
  hd_envs_reset(few, b.obs);
  int different = 0;
  for (int t = 0; t < STEPS; t++) {
    step_all(many, desc, B, 0, t, &a);
    step_all(few, desc, 2, 0, t, &b);
    different += memcmp(a.obs, b.obs, 2 * 4 * sizeof(float)) != 0;
    hd_envs_reset_done(many, a.obs);
    hd_envs_reset_done(few, b.obs);
  }
  CHECK(different == 0);
  CHECK(memcmp(a.obs, a.obs + 4, 4 * sizeof(float)) != 0);
  hd_envs_destroy(many);
  hd_envs_destroy(few);
}

static void copy_parts(hd_envs *from, hd_envs *to) {
  hd__envs_part source[HD_ENVS_PARTS], target[HD_ENVS_PARTS];
  hd__envs_parts(from, source);
  hd__envs_parts(to, target);
  for (int i = 0; i < HD_ENVS_PARTS; i++) {
    CHECK(source[i].rows == target[i].rows && source[i].row == target[i].row);
    memcpy(target[i].data, source[i].data, source[i].rows * source[i].row);
  }
}

static void copied_parts_go_on_alike(void) {
  for (int e = 0; e < hd_env_count(ctx); e++) {
    const hd_env_desc *desc = hd_env_at(ctx, e);
    if (!opens(ctx, desc)) {
      continue;
    }
    for (int rng = HD_RNG_NATIVE; rng <= HD_RNG_GYMNASIUM; rng++) {
      hd_envs *a = create(desc, B, 3, (hd_rng_kind)rng);
      void *memory = aligned_alloc(64, hd__envs_size(desc, B));
      hd_envs *b = hd__envs_place(memory, desc, B, 1000, (hd_rng_kind)rng, hd__kernel_for(0));
      hd__bodies bodies = {0};
      CHECK(hd__bodies_open(ctx, desc, B, 1, &bodies) == HD_OK);
      hd__envs_set_bodies(b, &bodies);
      outcome at_a = {0}, at_b = {0};
      hd_envs_reset(a, at_a.obs);
      for (int t = 0; t < STEPS / 2; t++) {
        step_all(a, desc, B, 0, t, &at_a);
        if (t == STEPS / 2 - 1) {
          copy_parts(a, b);
        }
        hd_envs_reset_done(a, at_a.obs);
      }
      hd_envs_reset_done(b, at_b.obs);
      int different = 0;
      for (int t = STEPS / 2; t < STEPS; t++) {
        step_all(a, desc, B, 0, t, &at_a);
        step_all(b, desc, B, 0, t, &at_b);
        for (int i = 0; i < B; i++) {
          different += at_a.reward[i] != at_b.reward[i] ||
                       at_a.terminated[i] != at_b.terminated[i] ||
                       at_a.truncated[i] != at_b.truncated[i];
        }
        hd_envs_reset_done(a, at_a.obs);
        hd_envs_reset_done(b, at_b.obs);
        different += memcmp(at_a.obs, at_b.obs, sizeof(float) * (size_t)(B * desc->n_obs)) != 0;
      }
      CHECK(different == 0);
      hd__bodies_close(ctx, &bodies);
      free(memory);
      hd_envs_destroy(a);
    }
  }
}

/* One step from x = .1, v = .2, angle = .05, spin = -.3 under +10 N, worked out in long double
 * from the equations of Florian 2007. */
static void cartpole_by_the_formulas(void) {
  const long double m = 0.1L, total = 1.1L, l = 0.5L, w = -0.3L, angle = 0.05L;
  const long double s = sinl(angle), c = cosl(angle);
  const long double thrust = (10 + m * l * w * w * s) / total;
  const long double aa = (9.8L * s - c * thrust) / (l * (4.0L / 3 - m * c * c / total));
  const long double a = thrust - m * l * aa * c / total;

  hd_envs *envs = create(find("cartpole"), 1, 0, HD_RNG_NATIVE);
  outcome o;
  hd_envs_reset(envs, o.obs);
  double *state = hd_envs_state(envs, 0);
  const double from[] = {.1, .2, .05, -.3};
  memcpy(state, from, sizeof from);
  const float right = 1;
  hd_envs_step(envs, &right, o.obs, o.reward, o.terminated, o.truncated);
  state = hd_envs_state(envs, 0);
  CHECK_NEAR(state[0], .1 + .02 * .2, 1e-15);
  CHECK_NEAR(state[1], (double)(.2L + .02L * a), 1e-15);
  CHECK_NEAR(state[2], .05 - .02 * .3, 1e-15);
  CHECK_NEAR(state[3], (double)(-.3L + .02L * aa), 1e-15);
  CHECK(o.obs[1] == (float)state[1] && o.reward[0] == 1 && !o.terminated[0]);
  hd_envs_destroy(envs);
}

/* Step, keeping the state where it was, until the limit. */
static void limits_truncate(void) {
  for (int e = 0; e < hd_env_count(ctx); e++) {
    const hd_env_desc *desc = hd_env_at(ctx, e);
    if (desc->max_steps == 0 || !opens(ctx, desc)) {
      continue;
    }
    hd_envs *envs = create(desc, 1, 1, HD_RNG_NATIVE);
    outcome o;
    static unsigned char start[65536];
    CHECK(desc->state_size <= sizeof start);
    hd_envs_reset(envs, o.obs);
    memcpy(start, hd_envs_state(envs, 0), desc->state_size);
    int early = 0;
    for (int t = 1; t <= desc->max_steps; t++) {
      memcpy(hd_envs_state(envs, 0), start, desc->state_size);
      step_all(envs, desc, 1, 0, t, &o);
      CHECK(!o.terminated[0]);
      early += o.truncated[0] && t < desc->max_steps;
    }
    CHECK(early == 0 && o.truncated[0]);
    hd_envs_reset_done(envs, o.obs);
    step_all(envs, desc, 1, 0, 0, &o);
    CHECK(!o.truncated[0]);
    hd_envs_destroy(envs);
  }
}

static void both_flags_at_once(void) {
  const hd_env_desc *desc = find("cartpole");
  hd_envs *envs = create(desc, 1, 1, HD_RNG_NATIVE);
  outcome o;
  hd_envs_reset(envs, o.obs);
  for (int t = 1; t <= 500; t++) {
    double *state = hd_envs_state(envs, 0);
    memset(state, 0, 4 * sizeof(double));
    state[2] = t == 500 ? 1 : 0; /* fallen */
    step_all(envs, desc, 1, 0, t, &o);
  }
  CHECK(o.terminated[0] && o.truncated[0]);
  hd_envs_destroy(envs);
}

static void reset_done_leaves_the_others(void) {
  const hd_env_desc *desc = find("cartpole");
  hd_envs *envs = create(desc, 2, 1, HD_RNG_NATIVE);
  outcome o, before;
  hd_envs_reset(envs, o.obs);
  ((double *)hd_envs_state(envs, 1))[0] = 3; /* off the track */
  step_all(envs, desc, 2, 0, 0, &o);
  CHECK(!o.terminated[0] && o.terminated[1] && o.obs[4] > 2.4f);
  before = o;
  hd_envs_reset_done(envs, o.obs);
  CHECK(memcmp(o.obs, before.obs, 4 * sizeof(float)) == 0);
  CHECK(fabsf(o.obs[4]) <= 0.05f);
  hd_envs_destroy(envs);
}

/* The paper's mountain car starts at rest at -.5 and reaches the goal by swinging. */
static void paper_mountain_car(void) {
  const hd_env_desc *desc = find("mountaincar-paper");
  hd_envs *envs = create(desc, 1, 1, HD_RNG_NATIVE);
  outcome o;
  hd_envs_reset(envs, o.obs);
  CHECK(o.obs[0] == -0.5f && o.obs[1] == 0.0f);
  int t = 0;
  do {
    const float action = o.obs[1] >= 0 ? 2 : 0;
    hd_envs_step(envs, &action, o.obs, o.reward, o.terminated, o.truncated);
    CHECK(o.reward[0] == -1);
  } while (++t < 1000 && !o.terminated[0]);
  CHECK(o.terminated[0] && o.obs[0] == 0.5f && t < 200);
  hd_envs_destroy(envs);
}

/* Who rests keeps what it showed, the other one does not notice, and an episode wakes it. */
static void idle_environments_are_not_stepped(void) {
  enum { ROW = 4 };
  const hd_env_desc *desc = find("cartpole");
  hd_envs *awake = create(desc, 2, 3, HD_RNG_GYMNASIUM);
  hd_envs *half = create(desc, 2, 3, HD_RNG_GYMNASIUM);
  outcome a = {0}, b = {0}, before;
  hd_envs_reset(awake, a.obs);
  hd_envs_reset(half, b.obs);
  before = b;
  CHECK(hd__envs_set_idle(half, 0));
  for (int t = 0; t < 5; t++) {
    step_all(awake, desc, 2, 0, t, &a);
    step_all(half, desc, 2, 0, t, &b);
  }
  CHECK(memcmp(b.obs, before.obs, sizeof(float[ROW])) == 0 && b.reward[0] == 0);
  CHECK(memcmp(b.obs + ROW, a.obs + ROW, sizeof(float[ROW])) == 0 && b.reward[1] == 1);
  hd__envs_start(half, 0, 3, b.obs);
  hd__envs_start(awake, 0, 3, a.obs);
  CHECK(memcmp(b.obs, a.obs, sizeof(float[ROW])) == 0);
  step_all(half, desc, 2, 0, 0, &b);
  step_all(awake, desc, 2, 0, 0, &a);
  CHECK(memcmp(b.obs, a.obs, sizeof(float[ROW])) == 0 && b.reward[0] == 1);
  hd_envs_destroy(awake);
  hd_envs_destroy(half);

  hd_envs *tiles = create(desc, 2, 3, HD_RNG_NATIVE);
  CHECK(!hd__envs_set_idle(tiles, 0));
  hd_envs_destroy(tiles);
}

static void creation_checks_its_arguments(void) {
  const hd_env_desc *desc = find("cartpole");
  hd_envs *envs = NULL;
  CHECK(hd_envs_create(ctx, desc, 0, 1, HD_RNG_NATIVE, &envs) == HD_RANGE);
  CHECK_TEXT(hd_ctx_error(ctx), "B = 0 environments, allowed 1 or more");
  CHECK(hd_envs_create(ctx, desc, 1, 1, (hd_rng_kind)7, &envs) == HD_RANGE);
  CHECK(envs == NULL);
  hd_envs_destroy(NULL);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(together_equals_alone);
  RUN(more_environments_change_no_row);
  RUN(copied_parts_go_on_alike);
  RUN(cartpole_by_the_formulas);
  RUN(limits_truncate);
  RUN(both_flags_at_once);
  RUN(reset_done_leaves_the_others);
  RUN(paper_mountain_car);
  RUN(idle_environments_are_not_stepped);
  RUN(creation_checks_its_arguments);
  hd_ctx_destroy(ctx);
  return test_end();
}
