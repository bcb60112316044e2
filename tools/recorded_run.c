/* One recorded run of tests/golden/runs.txt by the library alone, kept in a run folder, whose
 * checkpoint is then read back.
 *
 *   recorded_run FOLDER TASK RUN SEED [KEY=VALUE ...]
 *
 * Prints the line of tests/golden/hashes.txt. For systems where the tool is not built. */
#include <hedon/hedon.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hd_status recorded_run_configure(hd_ctx *ctx, int n, char **word, hd_config **config) {
  char method[64];
  snprintf(method, sizeof method, "%.*s", (int)strcspn(word[1], "+"), word[1]);
  HD_TRY(hd_config_create(ctx, word[0], method, config));
  HD_TRY(hd_config_set(*config, "steps", "1500"));
  HD_TRY(hd_config_set(*config, "eval_every", "500"));
  HD_TRY(hd_config_set(*config, "eval_episodes", "2"));
  for (int i = 3; i < n; i++) {
    char *value = strchr(word[i], '=');
    *value = '\0';
    HD_TRY(hd_config_set(*config, word[i], value + 1));
  }
  return HD_OK;
}

static hd_status recorded_run_train(hd_ctx *ctx, const hd_config *config, const char *folder,
                                    uint64_t seed, uint64_t hash[2]) {
  hd_study_def def = hd_study_def_default();
  def.config = config, def.seed = seed, def.n_seeds = 1, def.n_threads = 2, def.dir = folder;
  hd_study *study;
  HD_TRY(hd_study_create(ctx, &def, &study));
  hd_status status = hd_study_run(study, NULL, NULL);
  hash[0] = hd_study_result(study, 0).hash;
  hd_study_destroy(study);
  char path[1024];
  snprintf(path, sizeof path, "%s/checkpoint-%" PRIu64 ".hd", folder, seed);
  hd_session *session = NULL;
  status = status == HD_OK ? hd_session_load(ctx, path, &session) : status;
  hash[1] = status == HD_OK ? hd_session_hash(session) : 0;
  hd_session_destroy(session);
  return status;
}

int main(int n, char **word) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_config *config = NULL;
  uint64_t hash[2] = {0};
  if (n < 5 || hd_ctx_create(&def, &ctx) != HD_OK) {
    fprintf(stderr, "use: recorded_run FOLDER TASK RUN SEED [KEY=VALUE ...]\n");
    return 2;
  }
  hd_status status = recorded_run_configure(ctx, n - 2, word + 2, &config);
  status = status == HD_OK
               ? recorded_run_train(ctx, config, word[1], strtoull(word[4], NULL, 10), hash)
               : status;
  if (status != HD_OK || hash[0] != hash[1]) {
    fprintf(
        stderr, "%s\n",
        status != HD_OK ? hd_ctx_error(ctx) : "the checkpoint has another hash than the learner");
  } else {
    printf("%s %s %s\t%016" PRIx64 "\n", word[2], word[3], word[4], hash[0]);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return status == HD_OK && hash[0] == hash[1] ? 0 : 1;
}
