/* Codings on observations of hundreds of components: which take them, which refuse them, and what
 * features of many components are. */
#include "code_fixture.h"

enum { WIDE = 400, LINES = 1 << 16 };

static hd_dim reals[HD_MAX_OBS], bits[HD_MAX_OBS];
static _Alignas(64) float x[LINES];

static hd_env_desc wide_env(const hd_dim *dim, int n) {
  return (hd_env_desc){.name = "wide", .obs = dim, .n_obs = n};
}

static void make_dims(void) {
  for (int d = 0; d < HD_MAX_OBS; d++) {
    reals[d] = (hd_dim){"x", "", 0, -1, 3};
    bits[d] = (hd_dim){"bit", "", 2, 0, 1};
  }
}

static void cells_over_many_coordinates_are_refused(void) {
  static const char *const refused[] = {"tiles", "place"};
  const hd_env_desc env = wide_env(reals, WIDE), just = wide_env(reals, HD_CELL_COORDS_MAX);
  hd__code code;
  for (int i = 0; i < 2; i++) {
    hd__code_def def = fixture_def(&env);
    char want[256];
    CHECK(fixture_open(refused[i], &def, &code) == HD_CONFLICT);
    snprintf(want, sizeof want,
             "coding '%s' has cells over all coordinates together, and of the 400 of wide hardly "
             "two observations would share one; allowed up to 64: use 'raw' or 'current', or as a "
             "critic 'fourier' or 'random'",
             refused[i]);
    CHECK_TEXT(hd_ctx_error(fixture_ctx()), want);
    def.env = &just;
    CHECK(fixture_open(refused[i], &def, &code) == HD_OK);
  }
  const hd_env_desc finite = wide_env(bits, WIDE);
  const hd__code_def def = fixture_def(&finite);
  CHECK(fixture_open("onehot", &def, &code) == HD_CONFLICT);
  CHECK_TEXT(hd_ctx_error(fixture_ctx()),
             "wide has too many states for coding 'onehot': use 'raw'");
}

/* Values reach lines one to one. */
static void raw_and_current_take_as_many_as_there_may_be(void) {
  const hd_env_desc env = wide_env(bits, HD_MAX_OBS);
  const hd__code_def def = fixture_def(&env);
  static float obs[HD_MAX_OBS];
  hd__code code;
  for (int d = 0; d < HD_MAX_OBS; d++) {
    obs[d] = (float)(d % 3 == 0);
  }
  CHECK(fixture_open("raw", &def, &code) == HD_OK && code.n == HD_MAX_OBS);
  code.desc->encode(&code, obs, x);
  CHECK(memcmp(x, obs, sizeof obs) == 0);
  CHECK(fixture_open("current", &def, &code) == HD_OK && code.n == HD_MAX_OBS);
  code.desc->encode(&code, obs, x);
  for (int d = 0; d < HD_MAX_OBS; d++) {
    CHECK(x[d] == 2 * obs[d] - 1);
  }
}

/* 1, then cos(pi k s_d), component by component. */
static void fourier_takes_components_alone(void) {
  enum { DIMS = 13 };
  const hd_env_desc env = wide_env(reals, DIMS);
  hd__code_def def = fixture_def(&env);
  float obs[DIMS];
  hd__code code;
  for (int d = 0; d < DIMS; d++) {
    obs[d] = -1 + 0.3f * (float)d;
  }
  CHECK(fixture_open("fourier", &def, &code) == HD_OK && code.n == 1 + 3 * DIMS);
  code.desc->encode(&code, obs, x);
  CHECK(x[0] == 1 && code.table[0] == 1);
  for (int d = 0; d < DIMS; d++) {
    for (int k = 1; k <= 3; k++) {
      const double s = ((double)obs[d] + 1) / 4;
      CHECK_NEAR(x[3 * d + k], cos(3.14159265358979 * k * s), 1e-6);
      CHECK_NEAR(code.table[3 * d + k], 1.0 / k, 1e-7);
    }
  }
  for (int i = code.n; i < HD_PAD(code.n); i++) {
    CHECK(x[i] == 0);
  }
}

static void fourier_has_no_more_features_than_tell_something(void) {
  const hd_env_desc real = wide_env(reals, WIDE), finite = wide_env(bits, WIDE);
  const hd_env_desc widest = wide_env(reals, HD_MAX_OBS);
  hd__code code;
  hd__code_def def = fixture_def(&real);
  def.order = 50;
  CHECK(fixture_open("fourier", &def, &code) == HD_OK && code.n == 1 + 10 * WIDE);
  def.env = &finite; /* of a bit, cosines of higher orders are those of order 0 or 1 */
  CHECK(fixture_open("fourier", &def, &code) == HD_OK && code.n == 1 + WIDE);
  def.env = &widest;
  CHECK(fixture_open("fourier", &def, &code) == HD_OK && code.n == 1 + HD_MAX_OBS);
}

/* Rows of any length come out as one alone does. */
static void random_features_of_many_components(void) {
  enum { B = 20, CELLS = 32 };
  const hd_env_desc env = wide_env(reals, WIDE);
  hd__code_def def = fixture_def(&env);
  static float obs[B * WIDE];
  static _Alignas(64) float one[CELLS];
  hd__code code;
  def.cells = CELLS;
  CHECK(fixture_open("random", &def, &code) == HD_OK && code.n == CELLS);
  for (int i = 0; i < B * WIDE; i++) {
    obs[i] = (float)(i * 37 % 101) / 50 - 1;
  }
  hd__code_encode_batch(&code, B, obs, x, CELLS);
  for (int b = 0; b < B; b++) {
    double sum = (double)code.table[0];
    for (int d = 0; d < WIDE; d++) {
      sum += ((double)obs[b * WIDE + d] - 1) / 2 * (double)code.table[(1 + d) * CELLS];
    }
    CHECK_NEAR(x[b * CELLS], 1 / (1 + exp(-sum)), 1e-4);
    code.desc->encode(&code, obs + b * WIDE, one);
    CHECK(memcmp(one, x + b * CELLS, sizeof one) == 0);
  }
}

int main(void) {
  make_dims();
  RUN(cells_over_many_coordinates_are_refused);
  RUN(raw_and_current_take_as_many_as_there_may_be);
  RUN(fourier_takes_components_alone);
  RUN(fourier_has_no_more_features_than_tell_something);
  RUN(random_features_of_many_components);
  return test_end();
}
