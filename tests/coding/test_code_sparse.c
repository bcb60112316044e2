/* onehot and tiles: which lines, how many shared, how far. */
#include "code_fixture.h"

enum { TILINGS_MAX = 64 };

static int shared(const hd__code *code, const float *a, const float *b) {
  int32_t line_a[TILINGS_MAX], line_b[TILINGS_MAX];
  code->desc->active(code, a, line_a);
  code->desc->active(code, b, line_b);
  int n = 0;
  for (int t = 0; t < code->n_active; t++) {
    n += line_a[t] == line_b[t];
  }
  return n;
}

static void onehot_numbers_the_states(void) {
  hd__code code;
  hd__code_def def = fixture_def(&cards);
  int32_t line;
  CHECK(fixture_open("onehot", &def, &code) == HD_OK && code.n == 704 && code.n_active == 1);
  code.desc->active(&code, (const float[]){21, 10, 1}, &line);
  CHECK(line == (21 * 11 + 10) * 2 + 1);
  def.env = &cart;
  CHECK(fixture_open("onehot", &def, &code) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(fixture_ctx()), "tiles") != NULL);
}

static void a_grid_that_fits_is_not_hashed(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  def.cells = 8192;
  def.tile_bins[0] = 9;
  CHECK(fixture_open("tiles", &def, &code) == HD_OK);
  CHECK(code.n == 8 * 12 * 12 && code.n_active == 8); /* nine cells, two outside, one displaced */
  /* The first tiling is not displaced: cell (c_x + 1, c_v + 1), row by row. */
  int32_t line[8];
  for (int c = -1; c <= 9; c++) {
    const float obs[] = {-1.2f + 0.2f * ((float)c + 0.5f), 0.001f};
    code.desc->active(&code, obs, line);
    CHECK(line[0] == (c + 1) * 12 + 4 + 1);
  }
}

/* Cell number of one axis in double, or -1 where a rounding could decide. */
static int cell_in_double(double z, double displacement, int is_periodic, int bins) {
  z = is_periodic ? z : fmin(fmax(z, -1), bins + 1) + 1;
  z += displacement;
  if (fabs(z - nearbyint(z)) < 1e-4) {
    return -1;
  }
  return is_periodic ? (int)floor(z) % bins : (int)floor(z);
}

static void every_tiling_is_displaced_by_its_own_fraction(void) {
  hd__code code;
  hd__code_def def = fixture_def(&arms);
  const int bins[] = {6, 6, 7, 7}, cells[] = {6, 6, 10, 10};
  memcpy(def.tile_bins, bins, sizeof bins);
  def.tilings = 16;
  def.cells = 16 * 3600;
  CHECK(fixture_open("tiles", &def, &code) == HD_OK);
  const double pi = 3.14159265358979323846;
  int compared = 0;
  for (int i = 0; i < 500; i++) {
    double u[4]; /* place across the working range, the rates also beyond it */
    for (int d = 0; d < 4; d++) {
      u[d] = (double)hd__uniform24(fixture_key(i), (uint32_t)d);
      u[d] = d < 2 ? u[d] : 1.6 * u[d] - 0.3;
    }
    const double a = (2 * u[0] - 1) * pi, b = (2 * u[1] - 1) * pi;
    const float obs[] = {(float)cos(a),
                         (float)sin(a),
                         (float)cos(b),
                         (float)sin(b),
                         (float)(4 * pi * (2 * u[2] - 1)),
                         (float)(9 * pi * (2 * u[3] - 1))};
    int32_t line[16];
    code.desc->active(&code, obs, line);
    for (int t = 0; t < 16; t++) {
      int number = 0, is_clear = 1;
      for (int d = 0; d < 4; d++) {
        const int cell =
            cell_in_double(u[d] * bins[d], (t * (2 * d + 1) % 16) / 16.0, d < 2, bins[d]);
        is_clear &= cell >= 0;
        number = number * cells[d] + cell;
      }
      if (is_clear) {
        CHECK(line[t] == t * 3600 + number);
        compared++;
      }
    }
  }
  /* Rates clipped to a border of some tiling cannot be told; most can. */
  CHECK(compared > 4000);
}

static void neighbours_share_as_many_tilings_as_they_are_near(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  def.cells = 8192;
  def.tile_bins[0] = 9;
  CHECK(fixture_open("tiles", &def, &code) == HD_OK);
  /* Along one coordinate k eighths of a cell change k of the eight tilings, wherever they start;
   * one more or less where a rounding crosses a border. */
  for (int i = 0; i < 50; i++) {
    for (int k = 0; k <= 12; k++) {
      const float x = -0.9f + 0.0137f * (float)i;
      const float a[] = {x, 0.01f}, b[] = {x + 0.2f * (float)k / 8.0f, 0.01f};
      CHECK_NEAR(shared(&code, a, b), k < 8 ? 8 - k : 0, k == 0 ? 0 : 1);
    }
  }
  CHECK(shared(&code, (const float[]){-1.0f, -0.05f}, (const float[]){0.4f, 0.05f}) == 0);
}

static void the_outside_is_one_cell_wide(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  CHECK(fixture_open("tiles", &def, &code) == HD_OK);
  CHECK(shared(&code, (const float[]){-9, 0}, (const float[]){-99, 0}) == 8);
  CHECK(shared(&code, (const float[]){9, 0}, (const float[]){99, 0}) == 8);
  CHECK(shared(&code, (const float[]){-9, 0}, (const float[]){-1.15f, 0}) == 0);
}

static void angles_wrap(void) {
  hd__code code;
  hd__code_def def = fixture_def(&arms);
  const int bins[] = {6, 6, 7, 7};
  memcpy(def.tile_bins, bins, sizeof bins);
  def.tilings = 16;
  def.cells = 16 * 3600;
  CHECK(fixture_open("tiles", &def, &code) == HD_OK);
  CHECK(code.n == 16 * 6 * 6 * 10 * 10 && code.n_active == 16);
  for (int i = 0; i < 40; i++) {
    /* A turn by a quarter of a cell loses a quarter of the tilings, across the seam as elsewhere.
     */
    const double a = -3.3 + 0.17 * i, b = a + 3.14159265358979 / 12;
    const float from[] = {(float)cos(a), (float)sin(a), 1, 0, 0, 0};
    const float to[] = {(float)cos(b), (float)sin(b), 1, 0, 0, 0};
    CHECK_NEAR(shared(&code, from, to), 12, 1);
    CHECK(shared(&code, from, (const float[]){-from[0], -from[1], 1, 0, 0, 0}) == 0);
  }
}

static void finite_components_have_a_cell_per_value(void) {
  hd__code code;
  hd__code_def def = fixture_def(&mixed);
  CHECK(fixture_open("tiles", &def, &code) == HD_OK && code.n == 8 * 11 * 3);
  CHECK(shared(&code, (const float[]){1, 0}, (const float[]){1, 1}) == 0);
  CHECK(shared(&code, (const float[]){1, 2}, (const float[]){1, 2}) == 8);
}

/* How often two different cells of a tiling fall on the same line of an 8192-line table. The
 * expected number for c cells thrown on m lines is c - m (1 - (1 - 1/m)^c), per tiling. */
static void hashed_cells_clash_no_more_than_chance(void) {
  hd__code code, exact;
  hd__code_def def = fixture_def(&cart);
  const int bins[] = {3, 4, 6, 4};
  memcpy(def.tile_bins, bins, sizeof bins);
  def.cells = 8 * 6 * 7 * 9 * 7;
  CHECK(fixture_open("tiles", &def, &exact) == HD_OK && exact.n == 8 * 2646);
  static bool seen[8 * 2646];
  static int32_t number[4000][8];
  static float obs[4000][4];
  for (int i = 0; i < 4000; i++) {
    for (int d = 0; d < 4; d++) {
      const float u = hd__uniform24(fixture_key(0), (uint32_t)(4 * i + d));
      obs[i][d] = 0.8f * cart_obs[d].high * (2 * u - 1);
    }
    exact.desc->active(&exact, obs[i], number[i]);
  }
  def.cells = 8192;
  CHECK(fixture_open("tiles", &def, &code) == HD_OK && code.n == 8192 && code.n_active == 8);
  static bool taken[8192];
  int cells = 0, lines = 0;
  for (int i = 0; i < 4000; i++) {
    int32_t line[8];
    code.desc->active(&code, obs[i], line);
    for (int t = 0; t < 8; t++) {
      CHECK(line[t] / 1024 == t); /* tilings never clash with one another */
      cells += !seen[number[i][t]];
      seen[number[i][t]] = true;
      lines += !taken[line[t]];
      taken[line[t]] = true;
    }
  }
  const double per_tiling = cells / 8.0;
  const double chance = 8 * (per_tiling - 1024 * (1 - pow(1 - 1.0 / 1024, per_tiling)));
  printf("  cart-pole, 8192 lines: %d cells visited, %d clashes, %.0f expected\n", cells,
         cells - lines, chance);
  CHECK(cells > 500);
  CHECK_NEAR(cells - lines, chance, 4 * sqrt(chance));
}

static void table_sizes_are_checked(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  def.tilings = 0;
  CHECK(fixture_open("tiles", &def, &code) == HD_RANGE);
  def.tilings = 8;
  def.cells = 7;
  CHECK(fixture_open("tiles", &def, &code) == HD_RANGE);
}

int main(void) {
  RUN(onehot_numbers_the_states);
  RUN(a_grid_that_fits_is_not_hashed);
  RUN(every_tiling_is_displaced_by_its_own_fraction);
  RUN(neighbours_share_as_many_tilings_as_they_are_near);
  RUN(the_outside_is_one_cell_wide);
  RUN(angles_wrap);
  RUN(finite_components_have_a_cell_per_value);
  RUN(hashed_cells_clash_no_more_than_chance);
  RUN(table_sizes_are_checked);
  return test_end();
}
