/* Greedy decisions of a network of LIF neurons, through the public interface.
 *
 *   peers_forward HIDDEN SUBSTEPS BATCH SECONDS
 *     decide on BATCH observations again and again for so many CPU seconds; prints one JSON line
 *   peers_forward HIDDEN SUBSTEPS BATCH OBSERVATIONS ACTIONS CHECKPOINT
 *     decide once on the floats of a file; write the actions as floats, and the session
 *
 * HIDDEN is a list such as 128,128. The membrane is reset to 0 by a spike, input is the observation
 * as it is, and logits are a linear map of the mean spikes: what each peer can be told to do. */
#include <hedon/hedon.h>
#include <math.h>
#include <stdlib.h>

#include "stopwatch.h"

enum { N_OBS = 4, SETS = 128 };

static const char *const settings[][2] = {
    {"neuron", "lif"},      {"lif.tau_m", "5"},    {"lif.r_m", "5"},         {"lif.v_th", "1"},
    {"lif.v_reset", "0"},   {"lif.reset", "0"},    {"rule", "reparam-mean"}, {"coding", "raw"},
    {"readout", "softmax"}, {"init_scale", "0.5"}, {"init_readout", "0.5"},  {"critic", "none"},
    {"average", "0"},       {"rollout", "1"},
};

static hd_status configure(hd_config *config, char **arg) {
  for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
    HD_TRY(hd_config_set(config, settings[i][0], settings[i][1]));
  }
  HD_TRY(hd_config_set(config, "hidden", arg[0]));
  HD_TRY(hd_config_set(config, "substeps", arg[1]));
  return hd_config_set(config, "envs", arg[2]);
}

/* Evenly drawn in (-1, 1) and scaled to a normal's deviation. */
static void draw(float *obs, int n) {
  uint32_t x = 1;
  for (int i = 0; i < n; i++) {
    x = x * 1664525u + 1013904223u;
    obs[i] = sqrtf(3.0f) * ((float)(x >> 8) * 0x1p-23f - 1.0f);
  }
}

static hd_status decide_for(hd_session *session, int batch, double seconds) {
  float *obs = malloc(sizeof(float) * (size_t)(SETS * batch * N_OBS));
  float *action = malloc(sizeof(float) * (size_t)batch);
  hd_status status = obs != NULL && action != NULL ? HD_OK : HD_NOMEM;
  double work = 0.0;
  stopwatch start = {0}, took = {0};
  if (status == HD_OK) {
    draw(obs, SETS * batch * N_OBS);
    status = hd_session_decide(session, batch, obs, 0, action);
    start = stopwatch_read();
  }
  for (uint64_t step = 0; status == HD_OK && took.cpu_s < seconds; step++) {
    status = hd_session_decide(session, batch, obs + step % SETS * (size_t)(batch * N_OBS), step,
                               action);
    work += batch;
    if (step % 8 == 7) {
      took = stopwatch_since(start);
    }
  }
  stopwatch_print(stopwatch_since(start), work);
  hd_stats stats;
  hd_session_stats(session, &stats);
  for (int l = 0; l < stats.n_layers; l++) {
    printf("%s%.4f", l == 0 ? ",\"rate\":[" : ",", stats.layer[l].rate);
  }
  printf("]}\n");
  free(obs);
  free(action);
  return status;
}

static hd_status decide_once(hd_session *session, int batch, char **path) {
  const size_t n = (size_t)batch;
  float *obs = malloc(sizeof(float) * n * N_OBS), *action = malloc(sizeof(float) * n);
  hd_status status = obs != NULL && action != NULL ? HD_OK : HD_NOMEM;
  FILE *in = fopen(path[0], "rb"), *out = fopen(path[1], "wb");
  if (status == HD_OK &&
      (in == NULL || out == NULL || fread(obs, sizeof *obs, n * N_OBS, in) != n * N_OBS)) {
    status = HD_IO;
  }
  if (status == HD_OK) {
    status = hd_session_decide(session, batch, obs, 0, action);
  }
  if (status == HD_OK && fwrite(action, sizeof *action, n, out) != n) {
    status = HD_IO;
  }
  if (in != NULL) {
    fclose(in);
  }
  if (out != NULL && fclose(out) != 0) {
    status = HD_IO;
  }
  free(obs);
  free(action);
  return status == HD_OK ? hd_session_save(session, path[2]) : status;
}

static hd_status run(hd_ctx *ctx, int n_args, char **arg, hd_config **config,
                     hd_session **session) {
  const int batch = atoi(arg[2]);
  HD_TRY(hd_config_create(ctx, "CartPole-v1", "neuron-agent", config));
  HD_TRY(configure(*config, arg));
  HD_TRY(hd_session_create(ctx, *config, 12, session));
  return n_args == 4 ? decide_for(*session, batch, atof(arg[3]))
                     : decide_once(*session, batch, arg + 3);
}

int main(int argc, char **argv) {
  if (argc != 5 && argc != 7) {
    fprintf(stderr,
            "usage: %s HIDDEN SUBSTEPS BATCH SECONDS | "
            "HIDDEN SUBSTEPS BATCH OBSERVATIONS ACTIONS CHECKPOINT\n",
            argv[0]);
    return 2;
  }
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_config *config = NULL;
  hd_session *session = NULL;
  hd_status status = hd_ctx_create(&def, &ctx);
  if (status != HD_OK) {
    fprintf(stderr, "%s\n", hd_status_text(status));
    return 1;
  }
  status = run(ctx, argc - 1, argv + 1, &config, &session);
  if (status != HD_OK) {
    fprintf(stderr, "%s: %s\n", hd_status_text(status), hd_ctx_error(ctx));
  }
  hd_session_destroy(session);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return status == HD_OK ? 0 : 1;
}
