/* What plays on the page of `hedon watch`: the learner of a checkpoint, loaded again when a newer
 * one was written. Or it learns on from there, on this page alone, as the run itself did. */
#ifndef CLI_WATCH_PLAY_H
#define CLI_WATCH_PLAY_H

#include "player.h"
#include "run_data.h"

typedef struct watch_play {
  hd_ctx *ctx;
  char path[RUN_PATH + 64]; /* of the checkpoint; "": there is none yet */
  int64_t changed_ns;       /* when it was written */
  hd_session *session;
  player *player;
  bool learns;
  bool is_changed;    /* by learning or by loading, since weights were told last */
  double rate, owed;  /* decisions a second, and those that are due */
  double ended_for_s; /* the last episode ended so long ago */
  FILE *news;         /* decisions that nobody was told yet, or NULL */
  char *text;
  size_t size;
} watch_play;

/* Play what a checkpoint holds.  False: it cannot be loaded, and hd_ctx_error says why; what played
 * goes on. */
bool watch_play_load(watch_play *self, const char *path, int64_t changed_ns);
void watch_play_free(watch_play *self);

/* Learn from now on (what was loaded learns on), or play: then the checkpoint is to be loaded
 * again. False: it cannot be looked at while it learns. */
bool watch_play_learn(watch_play *self, bool learns);

/* One decision, or one unit of learning. */
void watch_play_step(watch_play *self);

/* Go on for so many seconds. */
void watch_play_advance(watch_play *self, double seconds);

/* Let numbers of the state be others: "INDEX VALUE INDEX VALUE ...". */
void watch_play_move(watch_play *self, const char *moves);

/* The decisions since the last call, [player_decision, ...], which the caller frees; NULL: none. */
char *watch_play_news(watch_play *self);

/* player_facts with the checkpoint's path, the steps it was trained for and whether it learns, and
 * {"weights":player_weights,"map":player_map}; the caller frees them. */
char *watch_play_facts(const watch_play *self);
char *watch_play_weights(watch_play *self);

#endif
