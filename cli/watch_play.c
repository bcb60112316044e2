#include "watch_play.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static const double watch_play_pause_s = 0.7; /* at the end of an episode */

/* ---- what plays ---- */

static void watch_play_drop_news(watch_play *self) {
  if (self->news != NULL) {
    fclose(self->news);
    free(self->text);
  }
  self->news = NULL;
  self->text = NULL;
}

static void watch_play_close(watch_play *self) {
  player_destroy(self->player);
  hd_session_destroy(self->session);
  self->player = NULL;
  self->session = NULL;
}

void watch_play_free(watch_play *self) {
  watch_play_drop_news(self);
  watch_play_close(self);
}

static void watch_play_note(watch_play *self) {
  if (self->news == NULL) {
    self->news = open_memstream(&self->text, &self->size);
  }
  if (self->news != NULL) {
    fputs(ftell(self->news) > 0 ? "," : "[", self->news);
    player_decision(self->news, self->player);
  }
}

void watch_play_step(watch_play *self) {
  if (self->player == NULL) {
    return;
  }
  const hd_status status = self->learns ? player_learn(self->player) : player_step(self->player);
  if (status != HD_OK) {
    fprintf(stderr, "hedon: %s stands still: %s\n", self->path, hd_ctx_error(self->ctx));
    self->rate = 0.0;
    return;
  }
  self->is_changed |= self->learns;
  self->ended_for_s = player_has_ended(self->player) ? 0.0 : -1.0;
  watch_play_note(self);
}

bool watch_play_learn(watch_play *self, bool learns) {
  if (self->player == NULL || (learns && !player_can_learn(self->player)) ||
      player_set_learning(self->player, learns) != HD_OK) {
    return false;
  }
  self->learns = learns;
  self->ended_for_s = -1.0;
  return true;
}

bool watch_play_load(watch_play *self, const char *path, int64_t changed_ns) {
  hd_session *session = NULL;
  player *next = NULL;
  self->changed_ns = changed_ns; /* one that is broken is not tried again */
  if (hd_session_load(self->ctx, path, &session) != HD_OK) {
    return false;
  }
  if (player_create(self->ctx, session, 0, &next) != HD_OK) {
    hd_session_destroy(session);
    return false;
  }
  watch_play_close(self);
  watch_play_drop_news(self);
  self->session = session;
  self->player = next;
  self->ended_for_s = -1.0;
  self->learns = false;
  self->is_changed = true;
  snprintf(self->path, sizeof self->path, "%s", path);
  watch_play_step(self); /* from now on its network shows the weights that it decides by */
  return true;
}

/* ---- playing ---- */

void watch_play_advance(watch_play *self, double seconds) {
  if (self->player == NULL) {
    return;
  }
  if (self->ended_for_s >= 0.0 && self->ended_for_s < watch_play_pause_s) {
    self->ended_for_s += seconds;
    return;
  }
  const double most = self->rate > 1.0 ? self->rate / 4.0 + 1.0 : 1.0; /* a late loop skips some */
  self->owed += seconds * self->rate;
  self->owed = self->owed < most ? self->owed : most;
  for (; self->owed >= 1.0; self->owed -= 1.0) {
    watch_play_step(self);
    if (self->ended_for_s == 0.0) {
      self->owed = 0.0;
    }
  }
}

void watch_play_move(watch_play *self, const char *moves) {
  bool is_moved = false;
  char *end = NULL;
  for (long index = strtol(moves, &end, 10); self->player != NULL && end != moves;
       index = strtol(moves, &end, 10)) {
    moves = end;
    const double value = strtod(moves, &end);
    if (end == moves) {
      break;
    }
    moves = end;
    is_moved |= player_move(self->player, (int)index, value);
  }
  if (is_moved) {
    watch_play_note(self);
  }
}

/* ---- telling ---- */

char *watch_play_news(watch_play *self) {
  if (self->news == NULL) {
    return NULL;
  }
  fputs("]", self->news);
  fclose(self->news);
  char *text = self->text;
  self->news = NULL;
  self->text = NULL;
  return text;
}

char *watch_play_facts(const watch_play *self) {
  char *text = NULL;
  size_t size;
  hd_stats stats;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) {
    return NULL;
  }
  hd_session_stats(self->session, &stats);
  fputs("{\"checkpoint\":", file);
  json_string(file, self->path);
  fprintf(file,
          ",\"seed\":\"%" PRIu64 "\",\"steps\":%" PRId64 ",\"learns\":%s,\"player\":", stats.seed,
          stats.env_steps, self->learns ? "true" : "false");
  player_facts(file, self->player);
  fputs("}", file);
  fclose(file);
  return text;
}

char *watch_play_weights(watch_play *self) {
  char *text = NULL;
  size_t size;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) {
    return NULL;
  }
  self->is_changed = false;
  fputs("{\"weights\":", file);
  player_weights(file, self->player);
  fputs(",\"map\":", file);
  player_map(file, self->player);
  fputs("}", file);
  fclose(file);
  return text;
}
