/* What every coding owes on every environment that it accepts. */
#include "code_fixture.h"
#include "hedon/config.h"
#include "opens.h"

enum { OBSERVATIONS = 200, LINES = 1 << 16 };

/* Fewer of long ones, which take as long. */
static int observations(const hd_env_desc *env) { return env->n_obs > 64 ? 10 : OBSERVATIONS; }

static _Alignas(64) float x[LINES], again[LINES], s[LINES], state[LINES];
static int32_t line[1024];
static bool is_active[LINES];

/* A random observation: some inside the working range, some far outside. */
static void draw(const hd_env_desc *env, int i, float *obs) {
  const float spread = i % 4 == 0 ? 10.0f : 1.0f;
  for (int d = 0; d < env->n_obs; d++) {
    const hd_dim *dim = &env->obs[d];
    const float u = hd__uniform24(fixture_key(i), (uint32_t)d);
    const float centre = 0.5f * (dim->low + dim->high), half = 0.5f * (dim->high - dim->low);
    obs[d] = dim->count > 0 ? (float)(int)(u * (float)dim->count)
                            : centre + spread * half * (2.0f * u - 1.0f);
  }
}

static void check_sparse(const hd__code *code, const float *obs) {
  memset(is_active, 0, sizeof is_active);
  code->desc->active(code, obs, line);
  for (int k = 0; k < code->n_active; k++) {
    CHECK(line[k] >= 0 && line[k] < code->n);
    CHECK(!is_active[line[k]]);
    is_active[line[k]] = true;
  }
}

static void check_values(const hd__code *code, const float *obs) {
  code->desc->encode(code, obs, x);
  code->desc->encode(code, obs, again);
  CHECK(memcmp(x, again, sizeof(float) * (size_t)code->n) == 0);
  for (int i = 0; i < code->n; i++) {
    CHECK(isfinite(x[i]));
  }
  if (code->desc->kind != HD_CODE_SPIKES) {
    return;
  }
  memset(state, 0, sizeof(float) * (size_t)code->n_state);
  for (int t = 0; t < code->def.substeps; t++) {
    code->desc->spikes(code, x, t, fixture_key(t), state, s);
    for (int i = 0; i < code->n; i++) {
      CHECK(s[i] == 1.0f || s[i] == code->desc->silence);
    }
  }
}

static void check_observation(const hd__code *code, const float *obs) {
  if (code->desc->kind == HD_CODE_SPARSE) {
    check_sparse(code, obs);
  } else {
    check_values(code, obs);
  }
}

/* Observations met by a random policy. */
static void check_walk(const hd__code *code) {
  const hd_env_desc *env = code->def.env;
  hd_envs *envs;
  float obs[HD_MAX_OBS], action[HD_MAX_ACT];
  CHECK(hd_envs_create(fixture_ctx(), env, 1, 5, HD_RNG_NATIVE, &envs) == HD_OK);
  hd_envs_reset(envs, obs);
  for (int t = 0; t < observations(env); t++) {
    check_observation(code, obs);
    for (int d = 0; d < env->n_act; d++) {
      const hd_dim *dim = &env->act[d];
      const float u = hd__uniform24(fixture_key(t), (uint32_t)d);
      action[d] = dim->count > 0 ? (float)(int)(u * (float)dim->count)
                                 : dim->low + u * (dim->high - dim->low);
    }
    double reward;
    bool terminated, truncated;
    hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
    hd_envs_reset_done(envs, obs);
  }
  hd_envs_destroy(envs);
}

/* True if the coding accepts the environment. */
static bool check_pair(const hd__code_desc *desc, const hd_env_desc *env) {
  hd__code code;
  hd__code_def def = fixture_def(env);
  def.cells = env->n_obs > HD_CELL_COORDS_MAX ? 64 : def.cells;
  const hd_status status = fixture_open(desc->name, &def, &code);
  if (status != HD_OK) {
    CHECK(status == HD_CONFLICT && hd_ctx_error(fixture_ctx())[0] != '\0');
    return false;
  }
  CHECK(code.n > 0 && code.n <= LINES);
  CHECK((code.n_active > 0) == (desc->kind == HD_CODE_SPARSE) && code.n_active <= 1024);
  CHECK(code.n_state >= 0 && code.n_state <= LINES);
  const int before = test_failures;
  for (int i = 0; i < observations(env); i++) {
    float obs[HD_MAX_OBS];
    draw(env, i, obs);
    check_observation(&code, obs);
  }
  if (env->step != NULL && opens(fixture_ctx(), env)) {
    check_walk(&code);
  }
  if (test_failures > before) {
    printf("  by coding %s on %s\n", desc->name, env->name);
  }
  return true;
}

static void every_coding_meets_its_contract(void) {
  static const hd_env_desc *const small[] = {&cart, &car, &arms, &grid, &cards, &mixed};
  const int n_envs = hd_env_count(fixture_ctx());
  for (int c = 0; c < hd__code_count(fixture_ctx()); c++) {
    const hd__code_desc *desc = hd__code_at(fixture_ctx(), c);
    int accepted = 0;
    for (int e = 0; e < (int)(sizeof small / sizeof small[0]); e++) {
      check_pair(desc, small[e]);
    }
    for (int e = 0; e < n_envs; e++) {
      accepted += check_pair(desc, hd_env_at(fixture_ctx(), e));
    }
    printf("  %-16s accepts %d of %d environments\n", desc->name, accepted, n_envs);
    CHECK(accepted > 0);
  }
}

static void names_are_unique_and_described(void) {
  for (int i = 0; i < hd_coding_count(fixture_ctx()); i++) {
    const hd_listing row = hd_coding_at(fixture_ctx(), i);
    CHECK(row.doc[0] != '\0' && row.source[0] != '\0');
    CHECK(hd__code_find(fixture_ctx(), row.name) == hd__code_at(fixture_ctx(), i));
  }
  CHECK(hd__code_find(fixture_ctx(), "no such coding") == NULL);
}

int main(void) {
  RUN(every_coding_meets_its_contract);
  RUN(names_are_unique_and_described);
  return test_end();
}
