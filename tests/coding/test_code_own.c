/* Codings that a program registers. */
#include <string.h>

#include "code_fixture.h"
#include "hedon/coding.h"
#include "hedon/config.h"
#include "test.h"

static int own_lines(const hd_coding_desc *self, const hd_env_desc *env, const float *param) {
  (void)param;
  const int *wanted = self->data;
  return wanted != NULL ? *wanted : env->n_obs;
}

/* A rate for every component: 0.25 below zero, 0.75 above. */
static void own_encode(const hd_coding_desc *self, const hd_env_desc *env, const float *param,
                       const float *obs, float *x) {
  for (int d = 0; d < env->n_obs; d++) {
    x[d] = (obs[d] < 0 ? 0.25f : 0.75f) + (self->n_params > 0 ? param[0] : 0);
  }
}

/* Draws in the first two substeps, then counts what it drew. */
static void own_spikes(const hd_coding_desc *self, const float *param, int n, const float *x, int t,
                       const float *uniform, float *state, float *s) {
  (void)self;
  (void)param;
  for (int i = 0; i < n; i++) {
    s[i] = t < 2 ? (uniform[i] < x[i] ? 1.0f : 0.0f) : (state[i] > 0 ? 1.0f : 0.0f);
    state[i] += s[i];
  }
}

static hd_coding_desc own_desc(const char *name) {
  return (hd_coding_desc){.size = sizeof(hd_coding_desc),
                          .name = name,
                          .doc = "a coding of this test",
                          .source = "tests/coding/test_code_own.c",
                          .lines = own_lines,
                          .encode = own_encode};
}

static hd_status own_register(hd_coding_desc desc) {
  return hd_coding_register(fixture_ctx(), &desc);
}

static void constant_input_is_what_was_encoded(void) {
  const hd__code_def def = fixture_def(&cart);
  const float obs[] = {-1.0f, 1.0f, -1.0f, 1.0f};
  float x[HD_PAD(4)];
  hd__code code;
  CHECK(own_register(own_desc("own-graded")) == HD_OK);
  CHECK(fixture_open("own-graded", &def, &code) == HD_OK);
  CHECK(code.desc->kind == HD_CODE_GRADED && code.n == 4 && code.n_state == 0);
  hd__code_encode_batch(&code, 1, obs, x, HD_PAD(4));
  CHECK(x[0] == 0.25f && x[1] == 0.75f && x[2] == 0.25f && x[3] == 0.75f);
}

/* The draws are those of the built-in codings: one for each line and key. */
static void spikes_draw_and_remember(void) {
  const hd__code_def def = fixture_def(&cart);
  const float x[HD_PAD(4)] = {0.25f, 0.75f, 0.0f, 1.0f};
  float state[8] = {0}, s[HD_PAD(4)];
  hd__code code;
  hd_coding_desc desc = own_desc("own-spikes");
  desc.spikes = own_spikes;
  CHECK(own_register(desc) == HD_OK);
  CHECK(fixture_open("own-spikes", &def, &code) == HD_OK);
  CHECK(code.desc->kind == HD_CODE_SPIKES && code.n_state == 8);
  int spikes[4] = {0};
  for (int step = 0; step < 4000; step++) {
    memset(state, 0, sizeof state);
    float drawn[4] = {0};
    for (int t = 0; t < 3; t++) {
      const hd__key key = hd__key_at(hd__key_base(7, HD_STREAM_CODE, 0), (uint64_t)(3 * step + t));
      code.desc->spikes(&code, x, t, key, state, s);
      for (int i = 0; i < 4; i++) {
        CHECK(t == 2 ? s[i] == (drawn[i] > 0) : s[i] == (hd__uniform24(key, (uint32_t)i) < x[i]));
        drawn[i] += s[i];
        spikes[i] += t < 2 && s[i] > 0;
      }
    }
  }
  CHECK(spikes[2] == 0 && spikes[3] == 8000);
  CHECK(spikes[0] > 1800 && spikes[0] < 2200 && spikes[1] > 5800 && spikes[1] < 6200);
}

static void numbers_of_lines_are_checked(void) {
  static int wanted;
  const hd__code_def def = fixture_def(&cart);
  hd__code code;
  hd_coding_desc desc = own_desc("own-lines");
  desc.data = &wanted;
  CHECK(own_register(desc) == HD_OK);
  CHECK(fixture_open("own-lines", &def, &code) == HD_CONFLICT);
  wanted = -3;
  CHECK(fixture_open("own-lines", &def, &code) == HD_RANGE);
  wanted = HD_CODING_LINES + 1;
  CHECK(fixture_open("own-lines", &def, &code) == HD_RANGE);
  wanted = HD_CODING_LINES;
  CHECK(fixture_open("own-lines", &def, &code) == HD_OK);
}

static void parameters_are_handed_on(void) {
  static const hd_param param = {"more", 0.125f, 0, 1, "", "Every rate is this much higher."};
  const hd__code_def def = fixture_def(&cart);
  const float obs[] = {-1.0f, 1.0f, -1.0f, 1.0f}, set = 0.5f;
  float x[HD_PAD(4)];
  hd__code code;
  hd_coding_desc desc = own_desc("own-param");
  desc.param = &param;
  desc.n_params = 1;
  CHECK(own_register(desc) == HD_OK);
  CHECK(fixture_open("own-param", &def, &code) == HD_OK);
  hd__code_encode_batch(&code, 1, obs, x, HD_PAD(4));
  CHECK(x[0] == 0.375f && x[1] == 0.875f);
  code = hd__code_make(code.desc, &def, &set);
  CHECK(code.desc->measure(fixture_ctx(), &code) == HD_OK);
  hd__code_encode_batch(&code, 1, obs, x, HD_PAD(4));
  CHECK(x[0] == 0.75f && x[1] == 1.25f);
}

static void bad_parameters_are_refused(void) {
  static const hd_param low = {"more", -1, 0, 1, "", "Below its bounds."};
  static const hd_param bare = {"more", 0, 0, 1, "", NULL};
  hd_coding_desc desc = own_desc("own-bad");
  desc.n_params = 1;
  desc.param = &low;
  CHECK(own_register(desc) == HD_USAGE);
  desc.param = &bare;
  CHECK(own_register(desc) == HD_USAGE);
  desc.n_params = HD_CODING_PARAMS + 1;
  CHECK(own_register(desc) == HD_USAGE);
}

static void bad_descriptors_are_refused(void) {
  hd_ctx *ctx = fixture_ctx();
  const int before = hd_coding_count(ctx);
  hd_coding_desc desc = own_desc("own-bad");
  desc.size = 8;
  CHECK(hd_coding_register(ctx, &desc) == HD_USAGE);
  CHECK(hd_coding_register(ctx, NULL) == HD_USAGE);
  desc = own_desc("");
  CHECK(hd_coding_register(ctx, &desc) == HD_USAGE);
  desc = own_desc("own-bad");
  desc.encode = NULL;
  CHECK(hd_coding_register(ctx, &desc) == HD_USAGE);
  desc = own_desc("gauss");
  CHECK(hd_coding_register(ctx, &desc) == HD_USAGE);
  CHECK(strstr(hd_ctx_error(ctx), "'gauss'") != NULL);
  CHECK(hd_coding_count(ctx) == before);
}

int main(void) {
  RUN(constant_input_is_what_was_encoded);
  RUN(spikes_draw_and_remember);
  RUN(numbers_of_lines_are_checked);
  RUN(parameters_are_handed_on);
  RUN(bad_parameters_are_refused);
  RUN(bad_descriptors_are_refused);
  return test_end();
}
