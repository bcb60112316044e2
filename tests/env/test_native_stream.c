/* Native episodes are the same on every compiler, build and machine: a hash of 4000 steps of each
 * environment equals the committed one. `test_native_stream record` writes them anew. Environments
 * with a body stand on another library, and the numbers are that library's. */
#include "hash.h"
#include "hedon/hedon.h"
#include "random.h"
#include "test.h"

enum { B = 4, STEPS = 1000 };

static const char path[] = HD_TEST_DATA "/native_stream.txt";

/* Some of the real actions lie outside their bounds. */
static float some_action(const hd_dim *dim, int b, int t) {
  const float u = hd__uniform24(hd__key_make(5, HD_STREAM_ACTION, (uint64_t)b, (uint64_t)t), 0);
  return dim->count > 0 ? (float)(int)(u * (float)dim->count) : 1.5f * (2 * u - 1) * dim->high;
}

static uint64_t hash_of(hd_ctx *ctx, const hd_env_desc *desc) {
  hd_envs *envs;
  float action[B], obs[B * HD_MAX_OBS];
  double reward[B];
  bool terminated[B], truncated[B];
  if (hd_envs_create(ctx, desc, B, 2024, HD_RNG_NATIVE, &envs) != HD_OK) {
    return 0;
  }
  const size_t obs_size = sizeof(float) * (size_t)(B * desc->n_obs);
  hd_envs_reset(envs, obs);
  uint64_t hash = hd__hash(0, obs, obs_size);
  for (int t = 0; t < STEPS; t++) {
    for (int b = 0; b < B; b++) {
      action[b] = some_action(desc->act, b, t);
    }
    hd_envs_step(envs, action, obs, reward, terminated, truncated);
    hash = hd__hash(hash, reward, sizeof reward);
    hash = hd__hash(hash, terminated, sizeof terminated);
    hd_envs_reset_done(envs, obs);
    hash = hd__hash(hash, obs, obs_size);
  }
  hd_envs_destroy(envs);
  return hash;
}

static void record(hd_ctx *ctx) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  for (int i = 0; file != NULL && i < hd_env_count(ctx); i++) {
    const hd_env_desc *desc = hd_env_at(ctx, i);
    if (desc->open == NULL) {
      fprintf(file, "%s %016llx\n", desc->name, (unsigned long long)hash_of(ctx, desc));
    }
  }
  if (file != NULL) {
    fclose(file);
  }
}

static void compare(hd_ctx *ctx) {
  FILE *file = fopen(path, "r");
  CHECK(file != NULL);
  char name[64];
  unsigned long long want;
  int found = 0;
  while (file != NULL && fscanf(file, "%63s %llx", name, &want) == 2) {
    const hd_env_desc *desc = NULL;
    CHECK(hd_env_find(ctx, name, &desc) == HD_OK);
    const unsigned long long got = desc == NULL ? 0 : hash_of(ctx, desc);
    if (got != want) {
      printf("  %s: %016llx, recorded %016llx\n", name, got, want);
    }
    CHECK(got == want);
    found++;
  }
  for (int i = 0; i < hd_env_count(ctx); i++) {
    found += hd_env_at(ctx, i)->open != NULL;
  }
  CHECK(found == hd_env_count(ctx));
  if (file != NULL) {
    fclose(file);
  }
}

static bool is_recording;

static void native_episodes(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  (is_recording ? record : compare)(ctx);
  hd_ctx_destroy(ctx);
}

int main(int argc, char **argv) {
  is_recording = argc > 1 && strcmp(argv[1], "record") == 0;
  RUN(native_episodes);
  return test_end();
}
