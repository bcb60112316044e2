/* Train a network of spiking agents to balance a pole, evaluate it, save it. */
#include <hedon/hedon.h>
#include <stdio.h>

static hd_status run(hd_ctx *ctx, hd_config **config, hd_session **session) {
  double mean;
  HD_TRY(hd_config_create(ctx, "CartPole-v1", "neuron-agent", config));
  HD_TRY(hd_config_set(*config, "hidden", "8"));
  HD_TRY(hd_session_create(ctx, *config, 1000, session)); /* 1000 is the seed */
  HD_TRY(hd_session_train(*session, 100000));
  HD_TRY(hd_session_evaluate(*session, 100, 0, NULL, &mean));
  printf("mean return of 100 greedy episodes: %.1f\n", mean);
  return hd_session_save(*session, "hello.hd");
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_config *config = NULL;
  hd_session *session = NULL;
  hd_status status = hd_ctx_create(&def, &ctx);
  if (status != HD_OK) {
    fprintf(stderr, "%s\n", hd_status_text(status));
    return 1;
  }
  status = run(ctx, &config, &session);
  if (status != HD_OK) {
    fprintf(stderr, "%s\n", hd_ctx_error(ctx));
  }
  hd_session_destroy(session);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return status == HD_OK ? 0 : 1;
}
