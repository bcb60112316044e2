/* The library as the page of the playground calls it: one learner, its player, and JSON.
 *
 * Functions that can fail return "" or one sentence; text is valid until the next call. Numbers
 * that a double may not hold, such as seeds and hashes, travel as text. */
#include <emscripten.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "player.h"

typedef struct engine {
  hd_ctx *ctx;
  hd_config *config;
  hd_session *session;
  player *player;
  char *text; /* what was returned last */
} engine;

static engine self;

/* ---- text ---- */

static FILE *engine_open_text(void) {
  static size_t size;
  free(self.text);
  self.text = NULL;
  return open_memstream(&self.text, &size);
}

static const char *engine_close_text(FILE *file) {
  fclose(file);
  return self.text;
}

static const char *engine_outcome(hd_status status) {
  if (status == HD_OK) {
    return "";
  }
  const char *sentence = hd_ctx_error(self.ctx);
  return sentence[0] != '\0' ? sentence : hd_status_text(status);
}

static void engine_text_member(FILE *file, const char *key, const char *text) {
  fprintf(file, "\"%s\":", key);
  json_string(file, text);
}

/* ---- what there is to choose ---- */

EMSCRIPTEN_KEEPALIVE const char *engine_start(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  const hd_status status = hd_ctx_create(&def, &self.ctx);
  return status == HD_OK ? "" : hd_status_text(status);
}

EMSCRIPTEN_KEEPALIVE const char *engine_tasks(void) {
  FILE *file = engine_open_text();
  fputs("[", file);
  for (int i = 0; i < hd_env_count(self.ctx); i++) {
    const hd_env_desc *env = hd_env_at(self.ctx, i);
    fputs(i > 0 ? ",{" : "{", file);
    engine_text_member(file, "name", env->name);
    fputs(",", file);
    engine_text_member(file, "doc", env->doc);
    fputs("}", file);
  }
  fputs("]", file);
  return engine_close_text(file);
}

EMSCRIPTEN_KEEPALIVE const char *engine_methods(void) {
  FILE *file = engine_open_text();
  fputs("[", file);
  for (int i = 0; i < hd_method_count(); i++) {
    const hd_method *method = hd_method_at(i);
    fputs(i > 0 ? ",{" : "{", file);
    engine_text_member(file, "name", method->name);
    fputs(",", file);
    engine_text_member(file, "doc", method->doc);
    fputs(",", file);
    engine_text_member(file, "source", method->source);
    fputs("}", file);
  }
  fputs("]", file);
  return engine_close_text(file);
}

/* ---- a configuration ---- */

EMSCRIPTEN_KEEPALIVE const char *engine_configure(const char *task, const char *method) {
  hd_config *config;
  const hd_status status = hd_config_create(self.ctx, task, method, &config);
  if (status == HD_OK) {
    hd_config_destroy(self.config);
    self.config = config;
  }
  return engine_outcome(status);
}

EMSCRIPTEN_KEEPALIVE const char *engine_set(const char *key, const char *value) {
  return engine_outcome(hd_config_set(self.config, key, value));
}

EMSCRIPTEN_KEEPALIVE const char *engine_check(void) {
  return engine_outcome(hd_config_check(self.config));
}

static void engine_option(FILE *file, const hd_option *option) {
  const struct {
    const char *key, *text;
  } member[] = {{"key", option->key},         {"type", option->type}, {"value", option->value},
                {"allowed", option->allowed}, {"unit", option->unit}, {"group", option->group},
                {"origin", option->origin},   {"help", option->help}};
  fputs("{", file);
  for (size_t i = 0; i < sizeof member / sizeof *member; i++) {
    fputs(i > 0 ? "," : "", file);
    engine_text_member(file, member[i].key, member[i].text);
  }
  fputs("}", file);
}

/* The settings that something in the run reads. */
EMSCRIPTEN_KEEPALIVE const char *engine_options(void) {
  FILE *file = engine_open_text();
  const char *before = "";
  fputs("[", file);
  for (int i = 0; i < hd_config_count(self.config); i++) {
    const hd_option option = hd_config_at(self.config, i);
    if (option.is_read) {
      fputs(before, file);
      engine_option(file, &option);
      before = ",";
    }
  }
  fputs("]", file);
  return engine_close_text(file);
}

/* ---- a learner ---- */

static void engine_close(void) {
  player_destroy(self.player);
  hd_session_destroy(self.session);
  self.player = NULL;
  self.session = NULL;
}

/* A learner of the configuration as it stands, from its first step on. */
EMSCRIPTEN_KEEPALIVE const char *engine_begin(const char *seed) {
  engine_close();
  const uint64_t number = strtoull(seed, NULL, 10);
  hd_status status = hd_session_create(self.ctx, self.config, number, &self.session);
  if (status == HD_OK) {
    status = player_create(self.ctx, self.session, number, &self.player);
  }
  if (status != HD_OK) {
    engine_close();
  }
  return engine_outcome(status);
}

EMSCRIPTEN_KEEPALIVE const char *engine_train(double steps) {
  return engine_outcome(hd_session_train(self.session, (int64_t)steps));
}

/* NAN: it failed, and engine_sentence says why. */
EMSCRIPTEN_KEEPALIVE double engine_evaluate(int episodes, double round) {
  double mean;
  const hd_status status =
      hd_session_evaluate(self.session, episodes, (uint64_t)round, NULL, &mean);
  return status == HD_OK ? mean : NAN;
}

EMSCRIPTEN_KEEPALIVE const char *engine_sentence(void) { return hd_ctx_error(self.ctx); }

static void engine_layers(FILE *file, const hd_stats *stats) {
  fputs(",\"layers\":[", file);
  for (int l = 0; l < stats->n_layers; l++) {
    fputs(l > 0 ? ",{" : "{", file);
    engine_text_member(file, "name", stats->layer[l].name);
    fputs(",\"rate\":", file);
    json_number(file, stats->layer[l].rate);
    fputs("}", file);
  }
  fputs("]", file);
}

EMSCRIPTEN_KEEPALIVE const char *engine_stats(void) {
  hd_stats stats;
  hd_session_stats(self.session, &stats);
  FILE *file = engine_open_text();
  fprintf(file, "{\"steps\":%" PRId64 ",\"episodes\":%" PRId64 ",\"updates\":%" PRId64,
          stats.env_steps, stats.episodes, stats.updates);
  fputs(",\"recent\":", file);
  json_number(file, stats.recent);
  engine_layers(file, &stats);
  fputs(",\"hash\":", file);
  json_hash(file, hd_session_hash(self.session));
  fputs("}", file);
  return engine_close_text(file);
}

/* ---- its player ---- */

EMSCRIPTEN_KEEPALIVE const char *engine_play(void) {
  return engine_outcome(player_step(self.player));
}

/* From now on the player tells of what the learner does while it learns, or plays. */
EMSCRIPTEN_KEEPALIVE const char *engine_look(int learns) {
  return engine_outcome(player_set_learning(self.player, learns != 0));
}

/* One unit of learning, told by the player. */
EMSCRIPTEN_KEEPALIVE const char *engine_learn(void) {
  return engine_outcome(player_learn(self.player));
}

EMSCRIPTEN_KEEPALIVE int engine_move(int index, double value) {
  return player_move(self.player, index, value);
}

static const char *engine_tell(void (*tell)(FILE *file, const player *player)) {
  FILE *file = engine_open_text();
  tell(file, self.player);
  return engine_close_text(file);
}

EMSCRIPTEN_KEEPALIVE const char *engine_facts(void) { return engine_tell(player_facts); }

EMSCRIPTEN_KEEPALIVE const char *engine_decision(void) { return engine_tell(player_decision); }

EMSCRIPTEN_KEEPALIVE const char *engine_weights(void) { return engine_tell(player_weights); }

EMSCRIPTEN_KEEPALIVE const char *engine_map(void) { return engine_tell(player_map); }
