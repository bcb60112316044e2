/* A checkpoint meets an environment of the same name whose numbers lie elsewhere: a plug-in that was
 * compiled anew, or an environment of Python. */
#include "files.h"
#include "hedon/hedon.h"
#include "test.h"

static char logged[512];

static void log_line(void *user, const char *line) {
  (void)user;
  snprintf(logged, sizeof logged, "%s", line);
}

/* A context that knows MountainCarContinuous by another name, with ranges that differ by a factor. */
static hd_ctx *make(float of_velocity, float of_force) {
  hd_ctx_def def = hd_ctx_def_default();
  def.log = log_line;
  hd_ctx *ctx;
  const hd_env_desc *built_in;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_env_find(ctx, "MountainCarContinuous-v0", &built_in) == HD_OK);
  static hd_dim obs[2], act[1];
  static hd_env_desc env;
  env = *built_in;
  memcpy(obs, env.obs, sizeof obs);
  act[0] = env.act[0];
  obs[1].high *= of_velocity;
  act[0].low *= of_force;
  env.name = "Hill-v0";
  env.alias = NULL;
  env.obs = obs;
  env.act = act;
  CHECK(hd_env_register(ctx, &env) == HD_OK);
  return ctx;
}

static void save(hd_ctx *ctx) {
  hd_config *config;
  hd_session *session;
  CHECK(hd_config_create(ctx, "Hill-v0", "ppo", &config) == HD_OK);
  CHECK(hd_session_create(ctx, config, 1, &session) == HD_OK);
  CHECK(hd_session_save(session, temp_path("hill.hd")) == HD_OK);
  hd_session_destroy(session);
  hd_config_destroy(config);
}

/* What loading in a context answers, `says` in its error or its log; "": neither. */
static void load(hd_ctx *ctx, hd_status wanted, const char *says) {
  hd_session *session = NULL;
  logged[0] = '\0';
  CHECK(hd_session_load(ctx, temp_path("hill.hd"), &session) == wanted);
  const char *said = wanted == HD_OK ? logged : hd_ctx_error(ctx);
  CHECK(says[0] == '\0' ? said[0] == '\0' : strstr(said, says) != NULL);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void other_ranges_are_said(void) {
  hd_ctx *ctx = make(1, 1);
  save(ctx);
  load(ctx, HD_OK, "");
  load(make(1, 1), HD_OK, "");
  load(make(10, 1), HD_OK,
       "velocity of Hill-v0 ranged from -0.07 to 0.07; now it ranges from -0.07 to 0.7, and");
  load(make(1, 3), HD_MISMATCH, "of Hill-v0 ranged from -1 to 1; now it ranges from -3 to 1");
}

int main(void) {
  RUN(other_ranges_are_said);
  return test_end();
}
