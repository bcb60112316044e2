/* A study's file: tasks, methods, seeds, settings of all and of one task, settings that are swept.
 *
 *   tasks = ["CartPole-v1", "Acrobot-v1"]
 *   methods = ["ppo", "neuron-agent:hidden=8"]   # "all": every method
 *   seed = 0            # of the first run of each
 *   seeds = 10
 *   title, doc, source  # texts of the page
 *   cpu = 600           # CPU seconds that all runs together may take, in equal shares
 *   [set]               # settings of all; "?key": only where a method reads the key
 *   steps = 100000
 *   [task."Acrobot-v1"] # of one task
 *   steps = 200000
 *   [sweep]             # every combination of lists; what has bounds is drawn, log-uniformly
 *   hidden = [[8], [32, 32]]
 *   alpha = {low = 1e-4, high = 1e-1}
 *   draws and draw_seed say how many draws, from where; rounds and keep: successive halving */
#ifndef CLI_STUDY_FILE_H
#define CLI_STUDY_FILE_H

#include "compare.h"

enum { SWEEP_AXES = 16, SWEEP_VALUES = 1000, STUDY_KEY = 256 };

/* One swept setting. */
typedef struct sweep_axis {
  char *key;
  char **value; /* [n] of a list */
  int n;
  double low, high; /* bounds of draws; NAN: none */
} sweep_axis;

typedef struct study_file {
  hd_ctx *ctx;
  const char *path;
  comparison *out;
  char **method;
  int n_methods;
  sweep_axis axis[SWEEP_AXES];
  int n_axes;
  int64_t draws, rounds, seeds;
  uint64_t draw_seed, seed;
  double cpu, keep;
  hd_config *options;   /* what settings there are */
  char key[STUDY_KEY];  /* the setting that was looked up last, */
  char type[STUDY_KEY]; /* and hd_option.type of it */
  int code;             /* of the sentence that was said, or EXIT_OK */
  int line;
} study_file;

/* Read a file into a plan. Returns an exit code, and has spoken if it is not EXIT_OK. */
int study_plan(hd_ctx *ctx, const arguments *args, const char *path, comparison *out);

/* Say "FILE, line N: ..."; HD_USAGE. */
hd_status study_file_refuse(study_file *self, const char *format, ...) HD_PRINTF(2, 3);

/* ---- study_type.c ---- */

/* Is a value, or an item of a list, what its setting takes, by range and by type? `depth` lists
 * round it are the file's own: 0 of [set], 1 of [sweep]. */
hd_status study_check_setting(study_file *self, const char *key, int depth,
                              const hd_toml_value *value);
/* Is it a bound of a setting that is a number? */
hd_status study_check_bound(study_file *self, const char *key, const hd_toml_value *value);
/* hd_option.type of a setting, until the next call; "" if there is none of this name. */
const char *study_setting_type(study_file *self, const char *key);
/* Is a value of the file's own of this hd_toml_value.type, a whole number a number as well? */
hd_status study_check_type(study_file *self, const char *key, const char *type,
                           const hd_toml_value *value);

/* Take a value of [sweep]. */
hd_status study_sweep_take(study_file *self, const char *key, const char *bound,
                           const hd_toml_value *value);

/* The labels: methods x settings x rounds. Returns an exit code. */
int study_sweep_labels(study_file *self);
void study_sweep_free(study_file *self);

#endif
