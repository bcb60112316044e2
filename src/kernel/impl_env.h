/* Environments HD_ENV_LANES at a time. Included by kernel_impl.c only.
 *
 * What a lane computes is the environment's own step (src/env), to the bit. The loops over lanes
 * are plain, so that the compiler makes each of them vector code; dynamics and outcome are passes
 * of their own, since the processor then overlaps the long chains of several tiles. */
#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "cartpole_dynamics.h"
#include "uniform.h"

/* Half a tile as vectors, at any address. */
typedef double env_doubles __attribute__((vector_size(64), aligned(8), may_alias));
typedef float env_floats __attribute__((vector_size(32), aligned(4), may_alias));

/* Unrolled before it is vectorised, a short loop stays scalar. */
#if defined(__clang__)
#define ENV_ROLLED
#else
#define ENV_ROLLED _Pragma("GCC unroll 1")
#endif

/* Components that any of these environments shows at most. */
enum { ENV_OBS_MAX = 4 };

/* One field of a tile. */
typedef double env_field[HD_ENV_LANES];

/* Advance a tile. */
typedef void env_advance(env_field *restrict s, const float *restrict action);

/* Write what there is to see of a tile. */
typedef void env_outcome(const env_field *restrict s, float *restrict obs, double *restrict reward,
                         bool *restrict terminated);

/* Advance n environments; the idle lanes of the last tile stay at zero. */
HD_INLINE void env_advance_all(env_advance *advance, int n_fields, int n, double *state,
                               const float *action) {
  env_field *s = (env_field *)(void *)state;
  int at = 0;
  for (; at + HD_ENV_LANES <= n; at += HD_ENV_LANES, s += n_fields) {
    advance(s, action + at);
  }
  if (at < n) {
    float own[HD_ENV_LANES] = {0};
    memcpy(own, action + at, (size_t)(n - at) * sizeof *own);
    advance(s, own);
    for (int f = 0; f < n_fields; f++) {
      memset(s[f] + (n - at), 0, (size_t)(HD_ENV_LANES - (n - at)) * sizeof(double));
    }
  }
}

HD_INLINE void env_outcome_all(env_outcome *outcome, int n_fields, int n_obs, int n,
                               const double *state, float *obs, double *reward, bool *terminated) {
  const env_field *s = (const env_field *)(const void *)state;
  int at = 0;
  for (; at + HD_ENV_LANES <= n; at += HD_ENV_LANES, s += n_fields) {
    outcome(s, obs + at * n_obs, reward + at, terminated + at);
  }
  if (at < n) {
    const size_t left = (size_t)(n - at);
    float own_obs[HD_ENV_LANES * ENV_OBS_MAX];
    double own_reward[HD_ENV_LANES];
    bool own_terminated[HD_ENV_LANES];
    outcome(s, own_obs, own_reward, own_terminated);
    memcpy(obs + at * n_obs, own_obs, left * (size_t)n_obs * sizeof *obs);
    memcpy(reward + at, own_reward, left * sizeof *reward);
    memcpy(terminated + at, own_terminated, left);
  }
}

/* Bit i is set where |x[i]| > limit. The compiler makes scalar code of it. */
HD_INLINE unsigned env_beyond(const double *x, double limit) {
  unsigned mask = 0;
#if defined(__AVX512F__)
  for (int i = 0; i < HD_ENV_LANES; i += 8) {
    const __m512d size = _mm512_abs_pd(_mm512_loadu_pd(x + i));
    mask |= (unsigned)_mm512_cmp_pd_mask(size, _mm512_set1_pd(limit), _CMP_GT_OQ) << i;
  }
#elif defined(__AVX__)
  for (int i = 0; i < HD_ENV_LANES; i += 4) {
    const __m256d size = _mm256_andnot_pd(_mm256_set1_pd(-0.0), _mm256_loadu_pd(x + i));
    const __m256d is_beyond = _mm256_cmp_pd(size, _mm256_set1_pd(limit), _CMP_GT_OQ);
    mask |= (unsigned)_mm256_movemask_pd(is_beyond) << i;
  }
#elif defined(__SSE2__) && !defined(HD_KERNEL_SCALAR)
  for (int i = 0; i < HD_ENV_LANES; i += 2) {
    const __m128d size = _mm_andnot_pd(_mm_set1_pd(-0.0), _mm_loadu_pd(x + i));
    mask |= (unsigned)_mm_movemask_pd(_mm_cmpgt_pd(size, _mm_set1_pd(limit))) << i;
  }
#else
  for (int i = 0; i < HD_ENV_LANES; i++) {
    mask |= (unsigned)(__builtin_fabs(x[i]) > limit) << i;
  }
#endif
  return mask;
}

/* flag[i] = bit i of the mask */
HD_INLINE void env_flags(unsigned mask, bool *flag) {
  for (int i = 0; i < HD_ENV_LANES; i += 8) {
    const uint64_t own = ((mask >> i & 0xFF) * 0x0101010101010101u) & 0x8040201008040201u;
    const uint64_t bytes = (own + 0x7F7F7F7F7F7F7F7Fu) >> 7 & 0x0101010101010101u;
    memcpy(flag + i, &bytes, sizeof bytes);
  }
}

/* obs[i][k] = (float)s[k][i] for four fields */
HD_INLINE void env_rows4(const env_field *s, float *obs) {
#if defined(__AVX__)
  for (int at = 0; at < HD_ENV_LANES; at += 8, obs += 32) {
    env_floats f[4];
    for (int k = 0; k < 4; k++) {
      f[k] = __builtin_convertvector(*(const env_doubles *)(s[k] + at), env_floats);
    }
    env_floats *row = (env_floats *)obs;
    const env_floats ab = __builtin_shufflevector(f[0], f[1], 0, 8, 1, 9, 2, 10, 3, 11);
    const env_floats cd = __builtin_shufflevector(f[2], f[3], 0, 8, 1, 9, 2, 10, 3, 11);
    row[0] = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 2, 3, 10, 11);
    row[1] = __builtin_shufflevector(ab, cd, 4, 5, 12, 13, 6, 7, 14, 15);
    const env_floats ab4 = __builtin_shufflevector(f[0], f[1], 4, 12, 5, 13, 6, 14, 7, 15);
    const env_floats cd4 = __builtin_shufflevector(f[2], f[3], 4, 12, 5, 13, 6, 14, 7, 15);
    row[2] = __builtin_shufflevector(ab4, cd4, 0, 1, 8, 9, 2, 3, 10, 11);
    row[3] = __builtin_shufflevector(ab4, cd4, 4, 5, 12, 13, 6, 7, 14, 15);
  }
#else
  for (int i = 0; i < HD_ENV_LANES; i++) {
    for (int k = 0; k < 4; k++) {
      obs[4 * i + k] = (float)s[k][i];
    }
  }
#endif
}

/* Four draws, as of hd_random_uniform. */
HD_INLINE void env_uniforms(hd_random *random, double u[4]) {
  if (random->drawn % 4 != 0) {
    for (int i = 0; i < 4; i++) {
      u[i] = hd_random_uniform(random);
    }
    return;
  }
  uint32_t first, word[8];
  const hd__key key = hd__random_take(random, 4, &first);
  ENV_ROLLED
  for (uint32_t i = 0; i < 8; i++) {
    word[i] = hd__word(key, 2 * first + i);
  }
  for (int i = 0; i < 4; i++) {
    u[i] = hd__joined53(word[2 * i], word[2 * i + 1]);
  }
}

/* ---- cart-pole ---- */

#if defined(__FMA__)

/* x / 1.1, correctly rounded like the division itself, for products of an ordinary size: with
 * 1 / 1.1 = head + tail to 2^-108, the error before the last rounding is below .7 * 2^-53 / 1.1 of
 * half a unit in the last place, while no quotient by 1.1 = 0x1199999999999a * 2^-52 lies nearer
 * than 2^-52 / 1.1 to the middle between two doubles. An infinite x becomes a NaN.
 * Source: Brisebarre & Muller 2008, IEEE Trans. Comput. 57:165. */
HD_INLINE double over_total_mass(double x) {
  return __builtin_fma(x, 0x1.d1745d1745d17p-1, x * -0x1.8dc08767ab5f2p-55);
}

/* hd__cartpole_step in fewer operations: powers of two are moved into constants, which changes no
 * rounding, and three divisions are products. Where this is not exact, the velocity is a NaN. */
HD_INLINE void cartpole_quick(hd__cartpole *s, double force) {
  const double dt = 0.02, angle = s->angle, z = angle * angle, cube = z * angle;
  double p = 1.58969099521155010221e-10;
  p = p * z - 2.50507602534068634195e-08;
  p = p * z + 2.75573137070700676789e-06;
  p = p * z - 1.98412698298579493134e-04;
  p = p * z + 8.33333333332248946124e-03;
  const double sine = angle - (cube * 1.66666666666666324348e-01 - z * (cube * p));
  double q = 2 * -1.13596475577881948265e-11;
  q = q * z + 2 * 2.08757232129817482790e-09;
  q = q * z - 2 * 2.75573143513906633035e-07;
  q = q * z + 2 * 2.48015872894767294178e-05;
  q = q * z - 2 * 1.38888888888741095749e-03;
  q = q * z + 2 * 4.16666666666666019037e-02;
  const double w = 2.0 - z, twice_cosine = w + (((2.0 - w) - z) + z * (z * q));

  const double pole_moment = 0.1 * 0.5;
  const double thrust =
      over_total_mass(force + pole_moment * (s->angular_velocity * s->angular_velocity) * sine);
  const double angular_acceleration =
      (2 * 9.8 * sine - twice_cosine * thrust) /
      (4.0 / 3.0 - over_total_mass(0.1 / 4 * (twice_cosine * twice_cosine)));
  const double acceleration =
      thrust - over_total_mass(pole_moment / 2 * angular_acceleration * twice_cosine);
  s->x = s->x + dt * s->velocity;
  s->velocity = s->velocity + dt * acceleration;
  s->angle = angle + dt * s->angular_velocity;
  s->angular_velocity = s->angular_velocity + dt * angular_acceleration;
}

#else
#define cartpole_quick cartpole_reference
#endif

typedef void cartpole_lane(hd__cartpole *s, double force);

HD_INLINE void cartpole_reference(hd__cartpole *s, double force) { hd__cartpole_step(s, force); }

HD_INLINE void cartpole_lanes(cartpole_lane *step, env_field *restrict s,
                              const float *restrict action) {
  for (int i = 0; i < HD_ENV_LANES; i++) {
    hd__cartpole c = {s[0][i], s[1][i], s[2][i], s[3][i]};
    step(&c, action[i] != 0.0f ? 10.0 : -10.0);
    s[0][i] = c.x;
    s[1][i] = c.velocity;
    s[2][i] = c.angle;
    s[3][i] = c.angular_velocity;
  }
}

HD_INLINE void cartpole_by_the_book(env_field *restrict s, const float *restrict action) {
  cartpole_lanes(cartpole_reference, s, action);
}

HD_INLINE void cartpole_quickly(env_field *restrict s, const float *restrict action) {
  cartpole_lanes(cartpole_quick, s, action);
}

/* Is no |angle| above 2 and no |angular velocity| above 1024? */
HD_INLINE bool cartpole_is_ordinary(int n, const double *state) {
  const env_field *s = (const env_field *)(const void *)state;
  unsigned odd = 0;
  for (int at = 0; at < n; at += HD_ENV_LANES, s += 4) {
    odd |= env_beyond(s[2], 2.0) | env_beyond(s[3], 1024.0);
  }
  return odd == 0;
}

HD_INLINE void cartpole_outcome(const env_field *restrict s, float *restrict obs,
                                double *restrict reward, bool *restrict terminated) {
  env_flags(env_beyond(s[0], HD_CARTPOLE_X_LIMIT) | env_beyond(s[2], HD_CARTPOLE_ANGLE_LIMIT),
            terminated);
  env_rows4(s, obs);
  ENV_ROLLED
  for (int i = 0; i < HD_ENV_LANES; i++) {
    reward[i] = 1.0;
  }
}

static void cartpole_step(int n, double *state, const float *action, float *obs, double *reward,
                          bool *terminated) {
  if (cartpole_is_ordinary(n, state)) {
    env_advance_all(cartpole_quickly, 4, n, state, action);
  } else {
    env_advance_all(cartpole_by_the_book, 4, n, state, action);
  }
  env_outcome_all(cartpole_outcome, 4, 4, n, state, obs, reward, terminated);
}

/* As the environment's own reset and observe. */
static void cartpole_start(int n, const int32_t *list, double *state, hd_random *random,
                           float *obs) {
  for (int k = 0; k < n; k++) {
    const int b = list[k];
    env_field *s = (env_field *)(void *)state + 4 * (b / HD_ENV_LANES);
    double u[4];
    env_uniforms(&random[b], u);
    for (int f = 0; f < 4; f++) {
      const double x = hd__between(u[f], -HD_CARTPOLE_START, HD_CARTPOLE_START);
      s[f][b % HD_ENV_LANES] = x;
      obs[4 * b + f] = (float)x;
    }
  }
}

/* ---- all ---- */

static const hd__env_loops env_loops[] = {
#define ENV_LOOPS(name) {name##_step, name##_start},
    HD_ENV_VECTOR_LIST(ENV_LOOPS)
#undef ENV_LOOPS
};

/* The count stays at the limit once it is there. */
static void env_count(int n, int32_t limit, int32_t *restrict elapsed,
                      const bool *restrict terminated, bool *restrict truncated,
                      unsigned char *restrict done) {
  const int32_t last = limit > 0 ? limit : INT32_MAX;
  const bool has_limit = limit > 0;
  for (int b = 0; b < n; b++) {
    elapsed[b] += elapsed[b] < last;
  }
  for (int b = 0; b < n; b++) {
    truncated[b] = (elapsed[b] >= last) & has_limit;
  }
  for (int b = 0; b < n; b++) {
    done[b] = terminated[b] | truncated[b];
  }
}
