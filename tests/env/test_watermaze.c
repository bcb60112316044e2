/* The water maze: where trials begin, how a rat swims, where the platform lies, and what a swim is
 * worth. */
#include "env_fixture.h"

enum { EAST = 0, NORTH_EAST = 1, TURNS = 8, LIMIT = 200 };

static const double pi = 3.14159265358979324;
static const double first_place[2] = {.4, .3}, second_place[2] = {-.3, -.4};

/* The first fields of its state. */
typedef struct place {
  double x, y;
} place;

typedef struct swim {
  const hd_env_desc *desc;
  hd_envs *envs;
  float obs[2];
  double reward;
  bool terminated, truncated;
} swim;

static swim begin_at(const hd_env_desc *desc, uint64_t seed) {
  swim s = {.desc = desc};
  CHECK(desc != NULL);
  s.envs = create(desc, 1, seed, HD_RNG_NATIVE);
  hd_envs_reset(s.envs, s.obs);
  return s;
}

static swim begin(const char *name, uint64_t seed) { return begin_at(find(name), seed); }

static place where(const swim *s) {
  place p;
  memcpy(&p, hd_envs_state(s->envs, 0), sizeof p);
  return p;
}

static void put(swim *s, double x, double y) {
  const place p = {x, y};
  memcpy(hd_envs_state(s->envs, 0), &p, sizeof p);
}

static void act(swim *s, int direction) {
  const float action = (float)direction;
  hd_envs_step(s->envs, &action, s->obs, &s->reward, &s->terminated, &s->truncated);
}

static double distance(const double *from, double x, double y) {
  return sqrt((x - from[0]) * (x - from[0]) + (y - from[1]) * (y - from[1]));
}

/* ---- swimming ---- */

static void trials_begin_at_four_places_on_the_wall(void) {
  enum { N = 4000 };
  swim s = begin("watermaze", 1);
  int count[4] = {0};
  for (int k = 0; k < N; k++) {
    const place p = where(&s);
    CHECK_NEAR(p.x * p.x + p.y * p.y, 1, 1e-12);
    CHECK((fabs(p.x) == 1) != (fabs(p.y) == 1));
    CHECK(s.obs[0] == (float)p.x && s.obs[1] == (float)p.y);
    count[p.x > .5 ? 0 : p.y > .5 ? 1 : p.x < -.5 ? 2 : 3]++;
    hd_envs_reset(s.envs, s.obs);
  }
  for (int i = 0; i < 4; i++) {
    CHECK_NEAR(count[i], N / 4., 5 * sqrt(N * .25 * .75)); /* five standard errors */
  }
  hd_envs_destroy(s.envs);
}

/* From the middle, where neither the wall nor the platform is near. */
static void a_step_is_a_tenth_of_a_radius_roughly_where_it_points(void) {
  enum { N = 4000 };
  swim s = begin("watermaze", 2);
  for (int direction = 0; direction < TURNS; direction++) {
    double mean = 0, square = 0;
    for (int k = 0; k < N; k++) {
      put(&s, 0, 0);
      act(&s, direction);
      const place p = where(&s);
      const double off = remainder(atan2(p.y, p.x) - direction * pi / 4, 2 * pi);
      CHECK_NEAR(sqrt(p.x * p.x + p.y * p.y), .1, 1e-12);
      CHECK(s.obs[0] == (float)p.x && s.obs[1] == (float)p.y && s.reward == 0 && !s.terminated);
      mean += off / N;
      square += off * off / N;
      if (s.truncated) {
        hd_envs_reset(s.envs, s.obs);
      }
    }
    CHECK_NEAR(mean, 0, 5 * .2 / sqrt(N));
    CHECK_NEAR(square, .04, 5 * .04 * sqrt(2. / N));
  }
  hd_envs_destroy(s.envs);
}

/* What would leave the pool ends on the wall, in the direction of where it would have been. */
static void the_wall_lets_the_rat_slide_along(void) {
  swim s = begin("watermaze", 3);
  double along = 0;
  for (int k = 0; k < 100; k++) {
    put(&s, 0, -1);
    act(&s, NORTH_EAST + 6); /* south-east */
    const place p = where(&s);
    CHECK_NEAR(p.x * p.x + p.y * p.y, 1, 1e-12);
    along += atan2(p.y, p.x) + pi / 2;
    hd_envs_reset(s.envs, s.obs);
  }
  CHECK_NEAR(along / 100, atan2(.1 * sqrt(.5), 1 + .1 * sqrt(.5)), .01);
  hd_envs_destroy(s.envs);
}

static void a_trial_is_cut_after_two_hundred_steps(void) {
  swim s = begin("watermaze", 4);
  int n = 0;
  while (!s.truncated) {
    put(&s, -.5, .5);
    act(&s, EAST);
    n++;
  }
  CHECK(n == LIMIT && !s.terminated);
  hd_envs_destroy(s.envs);
}

/* ---- the platform ---- */

/* Step onto the platform and beside it: a step ends the trial where it comes within .15. */
static void check_platform(swim *s, const double *centre) {
  int found = 0;
  for (int k = 0; k < 400; k++) {
    const double angle = k * .1;
    put(s, centre[0] + .2 * cos(angle), centre[1] + .2 * sin(angle));
    act(s, k % TURNS);
    const place p = where(s);
    const bool is_on = distance(centre, p.x, p.y) <= .15;
    CHECK(s->terminated == is_on && s->reward == (is_on ? 1 : 0));
    found += is_on;
    if (k % 100 == 99) {
      put(s, 0, .9);
    }
  }
  CHECK(found > 50 && found < 350);
}

static bool is_platform(swim *s, const double *centre) {
  put(s, centre[0] - .05, centre[1]);
  act(s, EAST);
  return s->terminated;
}

static void the_platform_lies_half_way_to_the_wall(void) {
  swim s = begin("watermaze", 5);
  CHECK_NEAR(distance((const double[2]){0, 0}, first_place[0], first_place[1]), .5, 1e-12);
  CHECK_NEAR(distance((const double[2]){0, 0}, second_place[0], second_place[1]), .5, 1e-12);
  check_platform(&s, first_place);
  CHECK(!is_platform(&s, second_place));
  hd_envs_destroy(s.envs);
}

/* Trials 1 to 3 have it at the first place, and from the fourth on it lies at the second. */
static void it_moves_after_so_many_trials(void) {
  swim s = begin("WaterMaze-v0:moves_after=3", 6);
  for (int trial = 1; trial <= 6; trial++) {
    CHECK(is_platform(&s, second_place) == (trial > 3));
    CHECK(is_platform(&s, first_place) == (trial <= 3));
    hd_envs_reset(s.envs, s.obs);
  }
  hd_envs_destroy(s.envs);
}

/* Evaluations are of the second place, where there is one. */
static void evaluations_ask_for_where_it_moves_to(void) {
  CHECK(find("watermaze")->eval_env == NULL);
  swim s = begin_at(find("WaterMaze-v0:moves_after=3")->eval_env, 7);
  CHECK(is_platform(&s, second_place) && !is_platform(&s, first_place));
  hd_envs_destroy(s.envs);
}

/* ---- what a swim is worth ---- */

/* Any direction: Marsaglia's xorshift. */
static int wander(void) {
  static uint32_t x = 2463534242u;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return (int)(x % TURNS);
}

static int towards(place p) {
  const double turns = atan2(first_place[1] - p.y, first_place[0] - p.x) / (pi / 4);
  return ((int)lround(turns) + TURNS) % TURNS;
}

/* Discounted returns and steps, of the swim straight to the platform or of a random walk. */
static void measure(bool is_straight, int n, double *worth, double *steps) {
  swim s = begin("watermaze", 8);
  *worth = *steps = 0;
  for (int k = 0; k < n; k++) {
    int t = 0;
    do {
      act(&s, is_straight ? towards(where(&s)) : wander());
      t++;
    } while (!s.terminated && !s.truncated);
    *worth += s.reward * pow(s.desc->discount, t - 1) / n;
    *steps += (double)t / n;
    hd_envs_reset(s.envs, s.obs);
  }
  hd_envs_destroy(s.envs);
}

static void scores_are_those_of_a_straight_swim_and_of_a_random_one(void) {
  double worth, steps;
  measure(true, 20000, &worth, &steps);
  CHECK_NEAR(steps, 10.55, .05);
  CHECK_NEAR(worth, find("watermaze")->high_score, 2e-3);
  measure(false, 4000, &worth, &steps);
  CHECK_NEAR(worth, find("watermaze")->low_score, .013); /* four standard errors */
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(trials_begin_at_four_places_on_the_wall);
  RUN(a_step_is_a_tenth_of_a_radius_roughly_where_it_points);
  RUN(the_wall_lets_the_rat_slide_along);
  RUN(a_trial_is_cut_after_two_hundred_steps);
  RUN(the_platform_lies_half_way_to_the_wall);
  RUN(it_moves_after_so_many_trials);
  RUN(evaluations_ask_for_where_it_moves_to);
  RUN(scores_are_those_of_a_straight_swim_and_of_a_random_one);
  hd_ctx_destroy(ctx);
  return test_end();
}
