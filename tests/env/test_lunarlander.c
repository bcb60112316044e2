/* LunarLander against recordings of Gymnasium's by tools/record_lunarlander.py. Gymnasium's worlds
 * are Box2D 2.3.0 and ours 2.4.1, which solves joints and contacts otherwise: numbers are close,
 * not equal. Where Box2D was not found there is nothing to test, which is said aloud.
 *
 * `test_lunarlander SEED N` sums up N landings of Gymnasium's pilot from SEED on. */
#include <stdlib.h>

#include "envs.h"
#include "train/learners.h"
#include "turns.h"

#include "env_fixture.h"

enum { OBS = 8, LANDINGS = 300 };

static const char *const names[] = {"LunarLander-v3", "LunarLanderContinuous-v3"};

/* ---- Gymnasium's pilot ---- */

static double within(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

/* Gymnasium 1.4.0, envs/box2d/lunar_lander.py, heuristic(). */
static void pilot(const hd_env_desc *desc, const float *s, float *action) {
  const double x = (double)s[0], y = (double)s[1], vx = (double)s[2], vy = (double)s[3];
  const double target = within(0.5 * x + vx, -0.4, 0.4);
  double turn = 0.5 * (target - (double)s[4]) - (double)s[5];
  double climb = 0.5 * (0.55 * fabs(x) - y) - 0.5 * vy;
  if (s[6] != 0 || s[7] != 0) {
    turn = 0;
    climb = -0.5 * vy;
  }
  if (desc->n_act == 2) {
    action[0] = (float)within(20 * climb - 1, -1, 1);
    action[1] = (float)within(-20 * turn, -1, 1);
  } else if (climb > fabs(turn) && climb > 0.05) {
    action[0] = 2;
  } else {
    action[0] = turn < -0.05 ? 3 : turn > 0.05 ? 1 : 0;
  }
}

static double landing(hd_ctx *own, const hd_env_desc *desc, uint64_t seed, hd_rng_kind rng) {
  hd_envs *envs = NULL;
  CHECK(hd_envs_create(own, desc, 1, seed, rng, &envs) == HD_OK);
  float obs[OBS], action[2];
  double reward, sum = 0;
  bool terminated = false, truncated = false;
  hd_envs_reset(envs, obs);
  while (!terminated && !truncated) {
    pilot(desc, obs, action);
    hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
    sum += reward;
  }
  hd_envs_destroy(envs);
  return sum;
}

/* ---- recordings ---- */

static void take(FILE *file, const char *format, void *to) {
  if (fscanf(file, format, to) != 1) {
    printf("  the recording is too short\n");
    exit(1);
  }
}

static void take_floats(FILE *file, float *to, int n) {
  for (int i = 0; i < n; i++) {
    take(file, "%f", &to[i]);
  }
}

static void check_near(const float *got, const float *want, const double *tolerance) {
  for (int i = 0; i < OBS; i++) {
    CHECK_NEAR((double)got[i], (double)want[i], tolerance[i]);
  }
}

/* Returns of Gymnasium's pilot in its world and in ours, same seeds. */
typedef struct landings {
  int n;
  double theirs[LANDINGS], ours[LANDINGS];
} landings;

/* The ground, the push and the engines' scatter are the same to the last digit; what the solver of
 * joints makes of them differs by 1e-4 of spin in the first step. It grows by a tenth in every step
 * at most, and much more as legs bounce off their limits: the worst of 40 flights stays below half
 * of each tolerance for a second. Beyond, one touches the ground a step earlier. */
static void check_flight(FILE *file, const hd_env_desc *desc) {
  enum { STEPS = 50 };
  static const double at_first[OBS] = {1e-6, 5e-6, 5e-5, 1e-4, 5e-5, 1e-3, 0, 0};
  static const double in_flight[OBS] = {4e-4, 5e-4, 3e-3, 3e-3, 4e-3, 2e-2, 0, 0};
  unsigned long long seed;
  int steps;
  float want[OBS], obs[OBS], action[2];
  take(file, "%llu", &seed);
  take(file, "%d", &steps);
  hd_envs *envs = create(desc, 1, seed, HD_RNG_GYMNASIUM);
  hd_envs_reset(envs, obs);
  take_floats(file, want, OBS);
  check_near(obs, want, at_first);
  for (int t = 0; t < steps; t++) {
    double reward, want_reward;
    bool terminated, truncated;
    take_floats(file, action, desc->n_act);
    take_floats(file, want, OBS);
    take(file, "%lf", &want_reward);
    if (t < STEPS) {
      hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
      CHECK(!terminated && !truncated);
      check_near(obs, want, in_flight);
      CHECK_NEAR(reward, want_reward, 0.4); /* 100 times two differences of speed */
    }
  }
  hd_envs_destroy(envs);
}

static void check_landing(FILE *file, const hd_env_desc *desc, landings *l) {
  unsigned long long seed;
  int steps;
  take(file, "%llu", &seed);
  take(file, "%d", &steps);
  CHECK(l->n < LANDINGS);
  take(file, "%lf", &l->theirs[l->n]);
  l->ours[l->n++] = landing(ctx, desc, seed, HD_RNG_GYMNASIUM);
}

/* The pilot gets as much from both worlds: means of pairs on the same ground differ by less than
 * three standard errors. */
static void compare(const hd_env_desc *desc, const landings *l) {
  double theirs = 0, ours = 0, square = 0, native = 0;
  int their_good = 0, our_good = 0;
  for (int i = 0; i < l->n; i++) {
    const double difference = l->ours[i] - l->theirs[i];
    theirs += l->theirs[i] / l->n;
    ours += l->ours[i] / l->n;
    square += difference * difference / l->n;
    their_good += l->theirs[i] >= 200;
    our_good += l->ours[i] >= 200;
    native += landing(ctx, desc, (uint64_t)i, HD_RNG_NATIVE) / l->n;
  }
  const double difference = ours - theirs;
  const double error = sqrt((square - difference * difference) / (l->n - 1));
  printf(
      "  %s: the pilot gets %.1f here and %.1f in Gymnasium (%d landings, difference %.1f +- "
      "%.1f; at least 200: %d, %d), and %.1f on native streams\n",
      desc->name, ours, theirs, l->n, difference, error, our_good, their_good, native);
  CHECK(l->n == LANDINGS);
  CHECK_NEAR(difference, 0, 3 * error);
  CHECK_NEAR(our_good, their_good, 0.05 * l->n);
  CHECK_NEAR(native, theirs, 4 * sqrt(2) * 100 / sqrt(l->n)); /* a landing's deviation is 100 */
}

static void flies_and_lands_as_gymnasiums(void) {
  FILE *file = fopen(HD_TEST_DATA "/gymnasium/lunarlander.txt", "r");
  char line[128], word[32];
  const hd_env_desc *desc = NULL;
  landings l = {0};
  CHECK(file != NULL && fgets(line, sizeof line, file) != NULL && line[0] == '#');
  while (file != NULL && fscanf(file, "%31s", word) == 1) {
    if (strcmp(word, "env") == 0) {
      take(file, "%31s", word);
      desc = find(word);
      l = (landings){0};
    } else if (strcmp(word, "flight") == 0) {
      check_flight(file, desc);
    } else {
      check_landing(file, desc, &l);
      if (l.n == LANDINGS) {
        compare(desc, &l);
      }
    }
  }
  CHECK(desc != NULL && strcmp(desc->name, names[1]) == 0);
  if (file != NULL) {
    fclose(file);
  }
}

/* ---- a world is only a memory of the state ---- */

/* A row of an environment, stepped by the pilot. */
typedef struct flight {
  hd_envs *envs;
  float obs[OBS];
  double reward;
  bool terminated, truncated;
} flight;

static void fly(flight *f, const hd_env_desc *desc) {
  float action[2];
  pilot(desc, f->obs, action);
  hd_envs_step(f->envs, action, f->obs, &f->reward, &f->terminated, &f->truncated);
}

static void copy_flight(const flight *from, flight *to) {
  hd__envs_part source[HD_ENVS_PARTS], target[HD_ENVS_PARTS];
  hd__envs_parts(from->envs, source);
  hd__envs_parts(to->envs, target);
  for (int i = 0; i < HD_ENVS_PARTS; i++) {
    memcpy(target[i].data, source[i].data, source[i].rows * source[i].row);
  }
  memcpy(to->obs, from->obs, sizeof to->obs);
}

static bool is_same(const flight *a, const flight *b) {
  return memcmp(a->obs, b->obs, sizeof a->obs) == 0 && a->reward == b->reward &&
         a->terminated == b->terminated && a->truncated == b->truncated;
}

/* From every tenth step of an episode, on its legs too, a copy in another world goes on alike. */
static void goes_on_from_any_step(void) {
  for (int v = 0; v < 2; v++) {
    const hd_env_desc *desc = find(names[v]);
    flight a = {.envs = create(desc, 1, 4, HD_RNG_NATIVE)};
    flight b = {.envs = create(desc, 1, 5, HD_RNG_NATIVE)};
    hd_envs_reset(a.envs, a.obs);
    hd_envs_reset(b.envs, b.obs);
    int different = 0, on_legs = 0;
    for (int t = 0; !a.terminated; t++) {
      if (t % 10 == 0) {
        copy_flight(&a, &b);
        on_legs += a.obs[6] != 0;
      }
      fly(&a, desc);
      fly(&b, desc);
      different += !is_same(&a, &b);
    }
    CHECK(different == 0 && on_legs > 0);
    hd_envs_destroy(a.envs);
    hd_envs_destroy(b.envs);
  }
}

static void a_checkpoint_may_fall_into_an_episode(void) {
  static const char path[] = HD_TEST_TMP "/lunarlander.ckpt";
  hd_session *saved = open_session(ctx, names[0], "neuron-agent", "envs=3", 1), *loaded = NULL;
  CHECK(hd_session_train(saved, 700) == HD_OK && hd_session_save(saved, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &loaded) == HD_OK);
  CHECK(hd_session_train(saved, 700) == HD_OK && hd_session_train(loaded, 700) == HD_OK);
  CHECK(hd_session_hash(saved) == hd_session_hash(loaded));
  const hd_view one = view_of(saved, "obs"), other = view_of(loaded, "obs");
  CHECK(memcmp(one.data, other.data, sizeof(float) * 3 * OBS) == 0);
  hd_session_destroy(saved);
  hd_session_destroy(loaded);
  remove(path);
}

/* Any bytes may come from a file: the episode is over, and the next one is sound. */
static void a_state_that_makes_no_sense_ends(void) {
  const hd_env_desc *desc = find(names[0]);
  flight f = {.envs = create(desc, 1, 1, HD_RNG_NATIVE)};
  for (int fill = 0; fill < 256; fill += 51) {
    hd_envs_reset(f.envs, f.obs);
    fly(&f, desc);
    unsigned char *state = hd_envs_state(f.envs, 0);
    memset(state, fill, desc->state_size);
    fly(&f, desc);
    CHECK(f.terminated && f.reward == 0 && f.obs[1] == 0);
    hd_envs_reset(f.envs, f.obs);
    memset(hd_envs_state(f.envs, 0), fill, 16); /* the length remains */
    fly(&f, desc);
    CHECK(!f.terminated && isfinite(f.reward));
  }
  hd_envs_destroy(f.envs);
}

/* Who does not heed the time limit is stopped where the state can hold no more. */
static void an_episode_does_not_outgrow_its_state(void) {
  hd_env_desc desc = *find(names[1]);
  desc.max_steps = 0;
  flight f = {.envs = create(&desc, 1, 1, HD_RNG_NATIVE)};
  float action[2] = {NAN, NAN};
  hd_envs_reset(f.envs, f.obs);
  for (int t = 0; t < 1000; t++) {
    hd_envs_step(f.envs, action, f.obs, &f.reward, &f.terminated, &f.truncated);
    CHECK(isfinite(f.reward) && isfinite(f.obs[0]) && isfinite(f.obs[5]));
  }
  for (int t = 0; t < 3; t++) {
    hd_envs_step(f.envs, action, f.obs, &f.reward, &f.terminated, &f.truncated);
    CHECK(f.terminated && f.reward == 0 && isfinite(f.obs[1]));
  }
  hd_envs_destroy(f.envs);
}

/* ---- threads ---- */

enum { JOBS = 24 };

static double flown[JOBS];

/* In a context of its own, as a thread has. */
static bool land_one(void *user, int job) {
  (void)user;
  hd_ctx *own = open_ctx();
  const hd_env_desc *desc = NULL;
  CHECK(hd_env_find(own, names[job % 2], &desc) == HD_OK);
  flown[job] = landing(own, desc, (uint64_t)job, HD_RNG_NATIVE);
  hd_ctx_destroy(own);
  return false;
}

/* Worlds know nothing of each other, whichever threads they live in. */
static void threads_share_nothing(void) {
  hd__turns *turns = NULL;
  CHECK(hd__turns_start(ctx, 4, JOBS, land_one, NULL, &turns) == HD_OK);
  while (!hd__turns_wait(turns, 1000)) {
  }
  hd__turns_finish(turns);
  double together[JOBS];
  memcpy(together, flown, sizeof flown);
  for (int job = 0; job < JOBS; job++) {
    land_one(NULL, job);
    CHECK(flown[job] == together[job]);
  }
}

static void sum_up(const hd_env_desc *desc, uint64_t first, int n) {
  double sum = 0, square = 0;
  int good = 0;
  for (int i = 0; i < n; i++) {
    const double got = landing(ctx, desc, first + (uint64_t)i, HD_RNG_GYMNASIUM);
    sum += got / n;
    square += got * got / n;
    good += got >= 200;
  }
  printf("%s: mean %.1f +- %.1f, %d of %d reach 200\n", desc->name, sum,
         sqrt((square - sum * sum) / n), good, n);
}

int main(int argc, char **argv) {
  ctx = open_ctx();
  if (find(names[0]) == NULL) {
    printf("SKIPPED: %s\n", hd_ctx_error(ctx));
    hd_ctx_destroy(ctx);
    return 77;
  }
  if (argc == 3) {
    for (int v = 0; v < 2; v++) {
      sum_up(find(names[v]), strtoull(argv[1], NULL, 10), atoi(argv[2]));
    }
    hd_ctx_destroy(ctx);
    return 0;
  }
  RUN(threads_share_nothing);
  RUN(flies_and_lands_as_gymnasiums);
  RUN(goes_on_from_any_step);
  RUN(a_checkpoint_may_fall_into_an_episode);
  RUN(a_state_that_makes_no_sense_ends);
  RUN(an_episode_does_not_outgrow_its_state);
  hd_ctx_destroy(ctx);
  return test_end();
}
