#include "checkpoint_ranges.h"

#include <inttypes.h>
#include <string.h>

#include "context_internal.h"

enum { DIGITS = 8 }; /* of a number */

static const hd_dim *ranges_dim(const hd_env_desc *env, int i) {
  return i < env->n_obs ? &env->obs[i] : &env->act[i - env->n_obs];
}

static void ranges_write_number(hd__sink *sink, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  hd__sink_print(sink, "%08" PRIx32, bits);
}

void hd__ranges_write(hd__sink *sink, const hd_env_desc *env) {
  for (int i = 0; i < env->n_obs + env->n_act; i++) {
    ranges_write_number(sink, ranges_dim(env, i)->low);
    ranges_write_number(sink, ranges_dim(env, i)->high);
  }
}

static bool ranges_is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

static float ranges_read_number(const char *at) {
  uint32_t bits = 0;
  for (int i = 0; i < DIGITS; i++) {
    bits = bits << 4 | (uint32_t)(at[i] <= '9' ? at[i] - '0' : at[i] - 'a' + 10);
  }
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static bool ranges_is_whole(hd__json_text saved, const hd_env_desc *env) {
  const size_t n = (size_t)(env->n_obs + env->n_act) * 2 * DIGITS;
  for (size_t i = 0; i < n && i < saved.size; i++) {
    if (!ranges_is_digit(saved.at[i])) {
      return false;
    }
  }
  return saved.size == n;
}

static hd_status ranges_differ(hd_ctx *ctx, const char *path, const hd_env_desc *env, int i,
                               float low, float high) {
  const hd_dim *now = ranges_dim(env, i);
  static const char said[] =
      "%s was saved where %s of %s ranged from %g to %g; now it ranges "
      "from %g to %g%s";
  if (i >= env->n_obs) {
    return hd__fail(ctx, HD_MISMATCH, said, path, now->name, env->name, (double)low, (double)high,
                    (double)now->low, (double)now->high, "");
  }
  hd__log(ctx, said, path, now->name, env->name, (double)low, (double)high, (double)now->low,
          (double)now->high, ", and what was learned takes it for another number");
  return HD_OK;
}

hd_status hd__ranges_check(hd_ctx *ctx, const char *path, hd__json_text saved,
                           const hd_env_desc *env) {
  if (!ranges_is_whole(saved, env)) {
    return hd__fail(ctx, HD_MISMATCH,
                    "%s was saved in another environment called %s: how many numbers are observed "
                    "or make an action was not what it is now",
                    path, env->name);
  }
  bool is_said = false; /* of observations, the first that differs */
  for (int i = 0; i < env->n_obs + env->n_act; i++) {
    const float low = ranges_read_number(saved.at + (size_t)i * 2 * DIGITS);
    const float high = ranges_read_number(saved.at + ((size_t)i * 2 + 1) * DIGITS);
    const hd_dim *now = ranges_dim(env, i);
    const bool is_action = i >= env->n_obs;
    if ((low != now->low || high != now->high) && now->count == 0 && (is_action || !is_said)) {
      HD_TRY(ranges_differ(ctx, path, env, i, low, high));
      is_said = true;
    }
  }
  return HD_OK;
}
