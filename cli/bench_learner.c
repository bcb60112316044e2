#include "bench_learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "say.h"

static void *bench_learner_counted(void *user, void *ptr, size_t old_size, size_t new_size) {
  memory *self = user;
  if (new_size == 0) {
    free(ptr);
    self->now -= (int64_t)old_size;
    return NULL;
  }
  void *grown = realloc(ptr, new_size);
  if (grown != NULL) {
    self->now += (int64_t)new_size - (ptr != NULL ? (int64_t)old_size : 0);
    self->peak = self->now > self->peak ? self->now : self->peak;
  }
  return grown;
}

/* One "key=value" of `length` characters. */
static hd_status bench_learner_set_pair(hd_config *config, const char *pair, size_t length) {
  char text[BENCH_SETTINGS] = "";
  strncat(text, pair, length < sizeof text ? length : sizeof text - 1);
  char *equals = strchr(text, '=');
  *equals = '\0';
  return hd_config_set(config, text, equals + 1);
}

static hd_status bench_learner_set_all(const bench *b, hd_config *config, const char *settings) {
  for (int i = 0; i < b->n_set; i++) {
    HD_TRY(bench_learner_set_pair(config, b->set[i], strlen(b->set[i])));
  }
  while (*settings != '\0') {
    const size_t length = strcspn(settings, " ");
    HD_TRY(bench_learner_set_pair(config, settings, length));
    settings += length;
    settings += strspn(settings, " ");
  }
  return hd_config_check(config);
}

hd_status learner_config(const bench *b, hd_ctx *ctx, const char *method, const char *settings,
                         hd_config **out) {
  HD_TRY(hd_config_create(ctx, b->task, method != NULL ? method : b->method, out));
  const hd_status status = bench_learner_set_all(b, *out, settings);
  if (status != HD_OK) {
    hd_config_destroy(*out);
    *out = NULL;
  }
  return status;
}

static hd_status bench_learner_load_plugins(const bench *b, hd_ctx *ctx) {
  for (int i = 0; i < b->args->n_plugins; i++) {
    HD_TRY(hd_plugin_load(ctx, b->args->plugin[i]));
  }
  return HD_OK;
}

hd_status learner_open(const bench *b, const char *method, const char *settings, uint64_t seed,
                       learner *out, char *error) {
  *out = (learner){.ctx = NULL};
  hd_ctx_def def = hd_ctx_def_default();
  def.alloc = bench_learner_counted;
  def.alloc_user = &out->memory;
  error[0] = '\0';
  HD_TRY(hd_ctx_create(&def, &out->ctx));
  hd_config *config = NULL;
  hd_status status = bench_learner_load_plugins(b, out->ctx);
  if (status == HD_OK) {
    status = learner_config(b, out->ctx, method, settings, &config);
  }
  if (status == HD_OK) {
    status = hd_session_create(out->ctx, config, seed, &out->session);
  }
  hd_config_destroy(config);
  if (status != HD_OK) {
    snprintf(error, BENCH_ERROR, "%s", hd_ctx_error(out->ctx));
    learner_close(out);
  }
  return status;
}

hd_status learners_open(const bench *b, const char *method, learner *first, int n, char *error) {
  hd_status status = HD_OK;
  int made = 0;
  for (; made < n && status == HD_OK; made += status == HD_OK) {
    double steps;
    status = learner_open(b, method, "", (uint64_t)made, &first[made], error);
    if (status == HD_OK) {
      status = learner_turn(&first[made], &steps);
    }
  }
  if (status != HD_OK) {
    learners_close(first, n);
  }
  return status;
}

void learners_close(learner *first, int n) {
  for (int i = 0; i < n; i++) {
    learner_close(&first[i]);
  }
}

void learner_close(learner *self) {
  hd_session_destroy(self->session);
  hd_ctx_destroy(self->ctx);
  *self = (learner){.ctx = NULL};
}

/* Over all spiking layers, each neuron counting once. */
static double bench_learner_mean_rate(const hd_stats *stats) {
  double spikes = 0, neurons = 0;
  for (int i = 0; i < stats->n_layers; i++) {
    spikes += stats->layer[i].rate * stats->layer[i].n;
    neurons += stats->layer[i].n;
  }
  return neurons > 0 ? spikes / neurons : 0;
}

/* So many steps that what a turn does besides costs nothing to speak of. */
static hd_status bench_learner_find_chunk(learner *self) {
  const double turn_s = 3e-4;
  const int64_t tried = 256, least = 16, most = 8192;
  HD_TRY(hd_session_train(self->session, tried));
  const double began = clock_thread();
  HD_TRY(hd_session_train(self->session, tried));
  const double chunk = (double)tried * turn_s / (clock_thread() - began + 1e-9);
  self->chunk = chunk < (double)least ? least : chunk > (double)most ? most : (int64_t)chunk;
  return HD_OK;
}

hd_status learner_turn(void *work, double *amount) {
  learner *self = work;
  const int64_t before = self->steps;
  hd_stats stats;
  if (self->chunk == 0) {
    HD_TRY(bench_learner_find_chunk(self));
  }
  HD_TRY(hd_session_train(self->session, self->chunk));
  hd_session_stats(self->session, &stats);
  self->steps = stats.env_steps;
  self->rate = bench_learner_mean_rate(&stats);
  *amount = (double)(self->steps - before);
  return HD_OK;
}

static bool bench_learner_is(const learner *self, const char *key, const char *value) {
  const char *text = hd_config_get(hd_session_config(self->session), key);
  return text != NULL && strcmp(text, value) == 0;
}

static bool bench_learner_is_plain(const learner *self) {
  static const char *const wanted[][2] = {{"nets", "1"},     {"blocks", "shared"},
                                          {"taps", "1"},     {"self_taps", "0"},
                                          {"basis", "free"}, {"readout", "softmax"}};
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    if (!bench_learner_is(self, wanted[i][0], wanted[i][1])) {
      return false;
    }
  }
  return bench_learner_is(self, "coding", "current") || bench_learner_is(self, "coding", "raw");
}

double learner_synapses(const learner *self) {
  const hd_config *config = hd_session_config(self->session);
  const hd_env_desc *env;
  if (!bench_learner_is_plain(self) ||
      hd_env_find(self->ctx, hd_config_task(config), &env) != HD_OK || env->act[0].count == 0) {
    return NAN;
  }
  double synapses = 0, before = env->n_obs;
  const char *text = hd_config_get(config, "hidden");
  while (*text != '\0') {
    char *end;
    const double n = strtod(text, &end);
    if (n > 0) {
      synapses += before * n;
      before = n;
    }
    text = *end == ',' ? end + 1 : end + strlen(end);
  }
  return synapses + before * env->act[0].count;
}

int learner_substeps(const learner *self) {
  return (int)strtol(hd_config_get(hd_session_config(self->session), "substeps"), NULL, 10);
}

int learner_say(hd_status status, const char *error) {
  const char *text = error[0] != '\0' ? error : hd_status_text(status);
  const bool is_usage = status == HD_RANGE || status == HD_UNKNOWN || status == HD_CONFLICT;
  return is_usage ? say_usage("%s", text) : say_failure("%s", text);
}
