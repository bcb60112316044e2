/* Every environment says what a random policy returns; it does. */
#include "hedon/hedon.h"
#include "opens.h"

#include "env_fixture.h"

enum { FEW = 40, MANY = 1000, STEPS = 60000, LONGEST = 20000 };

/* Between 0 and 1: Marsaglia's xorshift. */
static double uniform(void) {
  static uint64_t x = 88172645463325252u;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return (double)(x >> 11) * 0x1p-53;
}

static void wander(const hd_env_desc *desc, float *action) {
  for (int i = 0; i < desc->n_act; i++) {
    const hd_dim *dim = &desc->act[i];
    action[i] = dim->count > 0 ? (float)(int)(uniform() * dim->count)
                               : dim->low + (float)uniform() * (dim->high - dim->low);
  }
}

/* The discounted return of one episode; adds to `steps`. */
static double play(const hd_env_desc *desc, hd_envs *envs, int *steps) {
  static float obs[HD_MAX_OBS], action[HD_MAX_ACT];
  double sum = 0, factor = 1, reward;
  bool terminated = false, truncated = false;
  hd_envs_reset(envs, obs);
  for (int t = 0; !terminated && !truncated && t < LONGEST; t++) {
    wander(desc, action);
    hd_envs_step(envs, action, obs, &reward, &terminated, &truncated);
    sum += factor * reward;
    factor *= desc->discount > 0 ? desc->discount : 1;
    ++*steps;
  }
  return sum;
}

/* Within four standard errors, and a hundredth of what there is to be gained. */
static void check(const hd_env_desc *desc) {
  hd_envs *envs = create(desc, 1, 5, HD_RNG_NATIVE);
  double mean = 0, square = 0;
  int n = 0;
  for (int steps = 0; n < FEW || (n < MANY && steps < STEPS); n++) {
    const double sum = play(desc, envs, &steps);
    mean += sum;
    square += sum * sum;
  }
  mean /= n;
  const double error = sqrt(fmax(square / n - mean * mean, 0) / n);
  const double most = fabs(desc->high_score - desc->low_score) / 100 + 4 * error;
  if (fabs(mean - desc->low_score) > most) {
    printf("  %s: %g at random, said %g\n", desc->name, mean, desc->low_score);
  }
  CHECK_NEAR(mean, desc->low_score, most);
  hd_envs_destroy(envs);
}

static void a_random_policy_returns_what_is_said(void) {
  int n = 0;
  for (int e = 0; e < hd_env_count(ctx); e++) {
    const hd_env_desc *desc = hd_env_at(ctx, e);
    if (isfinite(desc->low_score) && opens(ctx, desc)) {
      check(desc);
      n++;
    }
  }
  CHECK(n >= 30);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(a_random_policy_returns_what_is_said);
  hd_ctx_destroy(ctx);
  return test_end();
}
