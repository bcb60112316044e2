/* raw, current, split, bins, fourier, random: expected values from independent formulas. */
#include "code_fixture.h"
#include "mathf.h"

static _Alignas(64) float x[65536];

static void raw_copies(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&cart);
  const float obs[] = {1, -20, 0.3f, 4};
  CHECK(fixture_open("raw", &def, &code) == HD_OK && code.n == 4);
  code.desc->encode(&code, obs, x);
  CHECK(memcmp(x, obs, sizeof obs) == 0);
}

static void current_centres_and_scales_without_clipping(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  CHECK(fixture_open("current", &def, &code) == HD_OK && code.n == 2);
  code.desc->encode(&code, (const float[]){-0.3f, 0.07f}, x);
  CHECK_NEAR(x[0], 0, 1e-6); /* centre of -1.2 .. 0.6 */
  CHECK_NEAR(x[1], 1, 1e-6);
  code.desc->encode(&code, (const float[]){1.5f, -0.14f}, x);
  CHECK_NEAR(x[0], 2, 1e-6);
  CHECK_NEAR(x[1], -2, 1e-6);
  def.range = 2.0f;
  def.gain = 3.0f;
  CHECK(fixture_open("current", &def, &code) == HD_OK);
  code.desc->encode(&code, (const float[]){0.6f, 0.035f}, x);
  CHECK_NEAR(x[0], 1.5, 1e-6);
  CHECK_NEAR(x[1], 0.75, 1e-6);
}

static void current_spreads_finite_values_evenly(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&mixed);
  CHECK(fixture_open("current", &def, &code) == HD_OK);
  for (int mode = 0; mode < 3; mode++) {
    code.desc->encode(&code, (const float[]){2.0f, (float)mode}, x);
    CHECK_NEAR(x[0], 0, 1e-6);
    CHECK_NEAR(x[1], mode - 1, 1e-6);
  }
}

static void split_has_a_line_for_each_sign(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&car);
  CHECK(fixture_open("split", &def, &code) == HD_OK && code.n == 4);
  code.desc->encode(&code, (const float[]){0.15f, -0.035f}, x);
  CHECK_NEAR(x[0], 0.5, 1e-6);
  CHECK_NEAR(x[1], 0, 0);
  CHECK_NEAR(x[2], 0, 0);
  CHECK_NEAR(x[3], 0.5, 1e-6);
}

static void bins_are_the_recorded_subsets(void) {
  static const hd_dim obs[] = {{"x", "", 0, 0.0f, 252.0f}};
  static const hd_env_desc line = {.name = "line", .obs = obs, .n_obs = 1};
  hd__code code;
  hd__code_def def = fixture_def(&line);
  def.bins = 252;
  CHECK(fixture_open("bins", &def, &code) == HD_OK && code.n == 10);
  FILE *file = fopen(HD_TEST_DATA "/subsets.txt", "r");
  CHECK(file != NULL);
  char row[64], want[16];
  int cell, cells = 0;
  while (file != NULL && fgets(row, sizeof row, file) != NULL) {
    if (sscanf(row, "bins %d %10s", &cell, want) == 2) {
      code.desc->encode(&code, (const float[]){(float)cell + 0.5f}, x);
      for (int i = 0; i < 10; i++) {
        CHECK(x[i] == (want[i] == '+' ? 1.0f : -1.0f));
      }
      cells++;
    }
  }
  CHECK(cells == 252);
  if (file != NULL) {
    fclose(file);
  }
  float end[10];
  code.desc->encode(&code, (const float[]){251.5f}, end);
  code.desc->encode(&code, (const float[]){1e9f}, x);
  CHECK(memcmp(x, end, sizeof end) == 0); /* beyond the range: the last bin */
  def.bins = 253;
  CHECK(fixture_open("bins", &def, &code) == HD_RANGE);
}

static void bins_distinguish_every_finite_value(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&grid);
  CHECK(fixture_open("bins", &def, &code) == HD_OK);
  for (int state = 0; state < 100; state++) {
    int on[5];
    hd__code_subset(10, 5, state, on);
    code.desc->encode(&code, (const float[]){(float)state}, x);
    for (int i = 0; i < 5; i++) {
      CHECK(x[on[i]] == 1.0f);
    }
  }
}

static void fourier_is_a_cosine_of_every_frequency(void) {
  hd__code code;
  hd__code_def def = fixture_def(&cart);
  def.order = 5;
  CHECK(fixture_open("fourier", &def, &code) == HD_OK);
  CHECK(code.n == 1296 && code.n_table == 1296);
  const float obs[][4] = {{0, 0, 0, 0}, {1.2f, -0.7f, 0.1f, 2.1f}, {-9, 9, 0.05f, -1.3f}};
  for (int k = 0; k < 3; k++) {
    double s[4];
    for (int d = 0; d < 4; d++) {
      const double low = (double)cart_obs[d].low, high = (double)cart_obs[d].high;
      s[d] = fmin(fmax(((double)obs[k][d] - low) / (high - low), 0), 1);
    }
    code.desc->encode(&code, obs[k], x);
    for (int i = 0; i < 1296; i++) {
      const int c[4] = {i / 216, i / 36 % 6, i / 6 % 6, i % 6};
      double dot = 0, norm2 = 0;
      for (int d = 0; d < 4; d++) {
        dot += c[d] * s[d];
        norm2 += c[d] * c[d];
      }
      /* Each of four rotations by up to 5 pi s errs by a few roundings of s and of the product. */
      CHECK_NEAR(x[i], cos(3.14159265358979323846 * dot), 5e-6);
      CHECK_NEAR(code.table[i], norm2 > 0 ? 1 / sqrt(norm2) : 1, 1e-7);
    }
  }
}

static void fourier_lowers_its_order_to_fit(void) {
  hd__code code;
  hd__code_def def = fixture_def(&arms);
  def.order = 5;
  CHECK(fixture_open("fourier", &def, &code) == HD_OK);
  CHECK(code.n == 4096); /* six components: order 3 */
  def.order = 0;
  CHECK(fixture_open("fourier", &def, &code) == HD_RANGE);
}

static void random_features_are_sigmoids_of_fixed_projections(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  def.cells = 20000;
  def.gain = 2.0f;
  CHECK(fixture_open("random", &def, &code) == HD_OK);
  CHECK(code.n == 20000 && code.n_table == 60000);
  double sum = 0, squares = 0;
  for (int i = 0; i < code.n_table; i++) {
    sum += (double)code.table[i];
    squares += (double)(code.table[i] * code.table[i]);
  }
  /* Mean 0 and variance 4 within four standard errors. */
  CHECK_NEAR(sum / 60000, 0, 4 * 2 / sqrt(60000));
  CHECK_NEAR(squares / 60000, 4, 4 * 4 * sqrt(2.0 / 60000));
  code.desc->encode(&code, (const float[]){0.15f, -0.035f}, x);
  for (int i = 0; i < code.n; i++) {
    const double u = (double)code.table[i] + 0.5 * (double)code.table[20000 + i] -
                     0.5 * (double)code.table[40000 + i];
    CHECK_NEAR(x[i], 1 / (1 + exp(-u)), 1e-6);
  }
}

static void random_features_distinguish_finite_states(void) {
  hd__code code;
  hd__code_def def = fixture_def(&grid);
  def.cells = 50;
  CHECK(fixture_open("random", &def, &code) == HD_OK);
  static _Alignas(64) float row[100][64];
  for (int s = 0; s < 100; s++) {
    code.desc->encode(&code, (const float[]){(float)s}, row[s]);
    for (int r = 0; r < s; r++) {
      double far = 0;
      for (int i = 0; i < 50; i++) {
        far += fabs((double)row[s][i] - (double)row[r][i]);
      }
      CHECK(far > 2);
    }
  }
  const float first = code.table[0];
  def.seed = 2;
  CHECK(fixture_open("random", &def, &code) == HD_OK);
  CHECK(code.table[0] != first);
}

/* Every graded coding on environments of both kinds, rows as long as they must be and longer. */
static void a_batch_is_one_after_the_other(void) {
  enum { B = 21 };
  const hd_env_desc *const envs[] = {&cart, &car, &grid, &mixed};
  for (int i = 0; i < hd__code_count(fixture_ctx()); i++) {
    for (int e = 0; e < 4 && hd__code_at(fixture_ctx(), i)->kind == HD_CODE_GRADED; e++) {
      hd__code code;
      hd__code_def def = fixture_def(envs[e]);
      def.cells = 52;
      def.bins = 2;
      CHECK(fixture_open(hd__code_at(fixture_ctx(), i)->name, &def, &code) == HD_OK);
      const int n = HD_PAD(code.n), dims = envs[e]->n_obs;
      float obs[B * HD_MAX_OBS];
      for (int k = 0; k < B * dims; k++) {
        const hd_dim *dim = &envs[e]->obs[k % dims];
        const float u = (float)(k * 37 % 101) / 100;
        obs[k] = dim->count > 0 ? (float)(k % dim->count) : dim->low + u * (dim->high - dim->low);
      }
      for (int x_stride = n; x_stride <= n + 16; x_stride += 16) {
        memset(x, 0, sizeof x);
        hd__code_encode_batch(&code, B, obs, x, x_stride);
        for (int r = 0; r < B; r++) {
          for (int k = n; k < x_stride; k++) { /* what follows a row stays clear */
            CHECK(x[r * x_stride + k] == 0);
          }
          static _Alignas(64) float one[4096];
          code.desc->encode(&code, obs + r * dims, one);
          CHECK(memcmp(x + r * x_stride, one, sizeof(float) * (size_t)code.n) == 0);
        }
      }
    }
  }
}

static void fourier_features_can_have_factors(void) {
  static _Alignas(64) float factor[256], plain[256];
  hd__code code;
  const hd__code_def def = fixture_def(&cart);
  const float obs[] = {1.2f, -0.7f, 0.1f, 2.1f};
  CHECK(fixture_open("fourier", &def, &code) == HD_OK && code.n == 256);
  code.desc->encode(&code, obs, plain);
  for (int i = 0; i < 256; i++) {
    factor[i] = hd__sqrtf(code.table[i]);
  }
  code.factor = factor;
  code.desc->encode(&code, obs, x);
  for (int i = 0; i < 256; i++) {
    CHECK(x[i] == plain[i] * factor[i]);
  }
}

static void a_missing_working_range_is_refused(void) {
  static const hd_dim obs[] = {{"x", "", 0, 0.0f, INFINITY}};
  static const hd_env_desc line = {.name = "line", .obs = obs, .n_obs = 1};
  hd__code code;
  hd__code_def def = fixture_def(&line);
  for (int i = 0; i < hd__code_count(fixture_ctx()); i++) {
    CHECK(fixture_open(hd__code_at(fixture_ctx(), i)->name, &def, &code) == HD_RANGE);
  }
  CHECK(strstr(hd_ctx_error(fixture_ctx()), "'x'") != NULL);
}

int main(void) {
  RUN(raw_copies);
  RUN(current_centres_and_scales_without_clipping);
  RUN(current_spreads_finite_values_evenly);
  RUN(split_has_a_line_for_each_sign);
  RUN(bins_are_the_recorded_subsets);
  RUN(bins_distinguish_every_finite_value);
  RUN(fourier_is_a_cosine_of_every_frequency);
  RUN(fourier_lowers_its_order_to_fit);
  RUN(random_features_are_sigmoids_of_fixed_projections);
  RUN(random_features_distinguish_finite_states);
  RUN(a_batch_is_one_after_the_other);
  RUN(fourier_features_can_have_factors);
  RUN(a_missing_working_range_is_refused);
  return test_end();
}
