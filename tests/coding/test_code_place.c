/* place: cells recruited where the agent has been, by hand on a few observations. */
#include "code_fixture.h"

enum { TABLE = 1 << 16, LEAST = 50 };

static _Alignas(64) float table[2][TABLE];

static hd_status open_place(const hd_env_desc *env, const float *param, int which, hd__code *code) {
  const hd__code_def def = fixture_def(env);
  *code = hd__code_make(hd__code_find(fixture_ctx(), "place"), &def, param);
  HD_TRY(code->desc->measure(fixture_ctx(), code));
  CHECK(code->n_table <= TABLE);
  code->table = table[which];
  fixture_start(code);
  return HD_OK;
}

static void learn(hd__code *code, float x, float y) {
  code->desc->learn(code, (const float[]){x, y});
}

/* Of the only group. */
static int winner(const hd__code *code, float x, float y) {
  int32_t line[1];
  code->desc->active(code, (const float[]){x, y}, line);
  return line[0];
}

/* groups, cells, spacing, recruit, few, scatter */
static const float one_group[] = {1, 3, .25f, 1, 0, 0};

/* The last observation but one before cells are recruited; both coordinates from 0 to 1. */
static void open_warm(hd__code *code) {
  CHECK(open_place(&car, one_group, 0, code) == HD_OK);
  for (int i = 0; i < LEAST - 1; i++) {
    learn(code, (float)(i % 2), (float)(i % 2));
  }
}

static void cells_are_recruited_where_none_is_near(void) {
  hd__code code;
  open_warm(&code);
  CHECK(winner(&code, 1, 1) == 0); /* no cell yet */
  learn(&code, 0, 0);
  learn(&code, .1f, .1f); /* distance^2 .02, of spacing^2 x 2 = .125: near */
  learn(&code, 1, 1);     /* 2: cell 1 */
  CHECK(winner(&code, .5f, .6f) == 1);
  learn(&code, .5f, .5f); /* .5: cell 2 */
  learn(&code, 1, 0);     /* .5, and the group has all its cells */
  CHECK(winner(&code, .1f, .2f) == 0 && winner(&code, .4f, .4f) == 2 && winner(&code, .9f, 1) == 1);
  CHECK(winner(&code, 1, .1f) == 2);
}

static void distances_are_shares_of_the_range_seen(void) {
  hd__code code;
  open_warm(&code);
  learn(&code, 0, 0);
  learn(&code, 1, 1);
  learn(&code, .5f, .5f);
  CHECK(winner(&code, .8f, 0) == 2); /* .34 from (.5, .5), .64 from (0, 0) */
  learn(&code, 3, 0);
  CHECK(winner(&code, .8f, 0) == 0); /* .26 and .07 */
}

/* Units are powers of two apart, and the environment declares another range: the same lines. */
static void no_range_is_given(void) {
  static const hd_dim wide[] = {{"x", "m", 0, -120, 60}, {"v", "m/s", 0, -7, 7}};
  static const hd_env_desc other = {.name = "other", .obs = wide, .n_obs = 2};
  hd__code a, b;
  int differ = 0, lines = 0;
  CHECK(open_place(&car, NULL, 0, &a) == HD_OK && open_place(&other, NULL, 1, &b) == HD_OK);
  for (int i = 0; i < 400; i++) {
    const float x = hd__uniform24(fixture_key(i), 0), y = hd__uniform24(fixture_key(i), 1) - 3;
    int32_t of_a[32], of_b[32];
    learn(&a, x, y);
    learn(&b, 1024 * x, y / 64);
    a.desc->active(&a, (const float[]){x, y}, of_a);
    b.desc->active(&b, (const float[]){1024 * x, y / 64}, of_b);
    differ += memcmp(of_a, of_b, sizeof of_a) != 0;
    lines += of_a[0] % 64 > 0;
  }
  CHECK(differ == 0 && lines > 100);
}

static void angles_are_measured_the_shorter_way_round(void) {
  static const hd_dim turn[] = {{"cos", "cos", 0, -1, 1}, {"sin", "sin", 0, -1, 1}};
  static const hd_env_desc wheel = {.name = "wheel", .obs = turn, .n_obs = 2};
  hd__code code;
  CHECK(open_place(&wheel, one_group, 0, &code) == HD_OK);
  for (int i = 0; i < LEAST - 1; i++) {
    const float angle = i % 2 ? 3.1f : -3.1f;
    learn(&code, cosf(angle), sinf(angle));
  }
  learn(&code, cosf(3.1f), sinf(3.1f));
  learn(&code, 1, 0);
  CHECK(winner(&code, cosf(.3f), sinf(.3f)) == 1);
  CHECK(winner(&code, cosf(-3.0f), sinf(-3.0f)) == 0);
}

/* Groups that the coordinates d are seen by, in the table's columns of groups. */
static bool is_seen(const hd__code *code, int d, int group) {
  const int stride = code->n_table / code->table_rows;
  return code->table[d * stride + 2 + group] > 0;
}

static void every_second_group_sees_a_few_coordinates(void) {
  hd__code code;
  CHECK(open_place(&cart, NULL, 0, &code) == HD_OK && code.n_active == 32 && code.n == 2048);
  int sees[4] = {0};
  for (int g = 0; g < 32; g++) {
    int n = 0;
    for (int d = 0; d < 4; d++) {
      n += is_seen(&code, d, g);
      sees[d] += is_seen(&code, d, g);
    }
    CHECK(n == (g % 2 == 1 ? 2 : 4));
  }
  for (int d = 0; d < 4; d++) {
    CHECK(sees[d] > 18 && sees[d] < 30); /* 24 expected */
  }
}

/* With probability .2 a group takes up a place: those that took the first stay few. */
static void groups_recruit_in_different_places(void) {
  hd__code code;
  CHECK(open_place(&car, NULL, 0, &code) == HD_OK);
  for (int i = 0; i < LEAST; i++) {
    learn(&code, (float)(i % 2), (float)(i % 2));
  }
  int recruited = 0;
  const float *counts = code.table + 2 * (code.n_table / 3);
  for (int g = 0; g < 32; g++) {
    recruited += counts[2 + g] > 0;
  }
  CHECK(recruited >= 1 && recruited <= 14);
}

/* Of 32 groups that recruit at (1, 1) with a spacing of .25 and a range of 1: those whose cell lies
 * elsewhere, none farther than .25 along a coordinate. */
static int scattered(float scatter) {
  const float param[] = {32, 2, .25f, 1, 0, scatter};
  hd__code code;
  CHECK(open_place(&car, param, 0, &code) == HD_OK);
  for (int i = 0; i < LEAST; i++) {
    learn(&code, (float)(i % 2), (float)(i % 2));
  }
  int elsewhere = 0;
  const int stride = code.n_table / 3;
  for (int g = 0; g < 32; g++) {
    const float x = code.table[2 + 32 + 2 * g], y = code.table[stride + 2 + 32 + 2 * g];
    CHECK(fabsf(x - 1) <= .25f * scatter && fabsf(y - 1) <= .25f * scatter);
    elsewhere += x != 1 && y != 1 && x != y;
  }
  return elsewhere;
}

static void groups_scatter_their_cells_about_the_observation(void) {
  CHECK(scattered(0) == 0);
  CHECK(scattered(.5f) == 32 && scattered(1) == 32);
}

static void a_scattered_angle_stays_an_angle(void) {
  static const hd_dim turn[] = {{"cos", "cos", 0, -1, 1}, {"sin", "sin", 0, -1, 1}};
  static const hd_env_desc wheel = {.name = "wheel", .obs = turn, .n_obs = 2};
  const float param[] = {32, 1, .25f, 1, 0, 1};
  hd__code code;
  CHECK(open_place(&wheel, param, 0, &code) == HD_OK);
  for (int i = 0; i < LEAST; i++) {
    const float angle = i % 2 ? 3.1f : -3.1f;
    learn(&code, cosf(angle), sinf(angle));
  }
  int beyond = 0;
  for (int g = 0; g < 32; g++) {
    const float centre = code.table[2 + 32 + g];
    CHECK(fabsf(centre) <= 3.1416f);
    beyond += centre < 0;
  }
  CHECK(beyond > 5 && beyond < 27); /* recruited at 3.1, within 1.55 of it */
}

int main(void) {
  RUN(cells_are_recruited_where_none_is_near);
  RUN(distances_are_shares_of_the_range_seen);
  RUN(no_range_is_given);
  RUN(angles_are_measured_the_shorter_way_round);
  RUN(every_second_group_sees_a_few_coordinates);
  RUN(groups_recruit_in_different_places);
  RUN(groups_scatter_their_cells_about_the_observation);
  RUN(a_scattered_angle_stays_an_angle);
  return test_end();
}
