/* A command is a row: what it is called, what it accepts, what it does. Parsing and every help text
 * come from these rows. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes; a run ended by a signal exits with 128 + its number, as shells expect. */
enum { EXIT_OK = 0, EXIT_RUN = 1, EXIT_USAGE = 2 };

enum { MAX_OPERANDS = 64 };

/* A flag that is short for a setting, and how many pairs of --set stood before it: where both say
 * the same, the last one holds. */
typedef struct brief {
  const char *value; /* as text: the library's table knows the range; NULL: not given */
  int at;
} brief;

/* Everything any command accepts. Flags not given keep their start values. */
typedef struct arguments {
  const char *operand[MAX_OPERANDS];
  int n_operands;
  const char *task, *method, *config, *out, *rng, *actions;
  const char *tasks, *methods, *picture, *policy, *save_policy;
  const char *neurons, *what, *decisions; /* of a trace */
  const char *where, *sort, *over;        /* of runs */
  const char *play, *host;                /* of watching */
  brief steps, episodes;
  const char *seconds;
  const char **set; /* "key=value" */
  int n_set;
  const char **plugin; /* files */
  int n_plugins;
  char *const *word; /* the words of the command line after "hedon", to repeat them */
  int n_words;
  int64_t seeds, threads, repeats, count_episodes, count_steps, port;
  uint64_t seed;
  bool has_seed, json, quiet, explain, frozen, options, source, quick, csv, tensorboard, help;
} arguments;

typedef enum flag_kind {
  FLAG_SWITCH,  /* bool */
  FLAG_WORD,    /* const char * */
  FLAG_COUNT,   /* int64_t, 1 to 1000000 */
  FLAG_SEEDS,   /* int64_t, 1 to HD_STUDY_SEEDS */
  FLAG_WORKERS, /* int64_t, 1 to HD_STUDY_THREADS */
  FLAG_PORT,    /* int64_t, 1 to 65535 */
  FLAG_SEED,    /* uint64_t, and has_seed */
  FLAG_BRIEF,   /* brief */
  FLAG_PAIRS,   /* one or more key=value, into set */
  FLAG_PLUGIN   /* a file, into plugin */
} flag_kind;

typedef struct flag {
  const char *name;     /* with its dashes */
  const char *argument; /* shown in help; NULL for a switch */
  flag_kind kind;
  size_t offset; /* in struct arguments */
  const char *help;
} flag;

/* Flags that several commands share. */
#define FLAG_JSON(help_text) \
  { "--json", NULL, FLAG_SWITCH, offsetof(arguments, json), help_text }
#define FLAG_THREADS                                                                      \
  {                                                                                       \
    "--threads", "N", FLAG_WORKERS, offsetof(arguments, threads),                         \
        "worker threads; changes the time, never the result (default: one per processor)" \
  }
#define FLAG_EXPORTS                                                                        \
  {"--csv", NULL, FLAG_SWITCH, offsetof(arguments, csv),                                    \
   "write every evaluation into metrics.csv in the run's folder as well"},                  \
  {                                                                                         \
    "--tensorboard", NULL, FLAG_SWITCH, offsetof(arguments, tensorboard),                   \
        "write event files for TensorBoard into the run's folder, under tensorboard/seed-N" \
  }
#define FLAG_QUIET \
  { "--quiet", NULL, FLAG_SWITCH, offsetof(arguments, quiet), "no progress, only the outcome" }

typedef struct command {
  const char *name;
  const char *summary;
  const char *usage; /* what follows the name */
  const flag *flags;
  int n_flags;
  int min_operands, max_operands;
  const char *operand_help; /* what is missing when too few are given */
  int (*run)(const arguments *args);
  void (*more_help)(const arguments *args); /* printed after the flags, or NULL */
} command;

extern const command command_train, command_eval, command_resume, command_rollout, command_list,
    command_explain, command_bench, command_compare, command_study, command_trace, command_plot,
    command_verify, command_report, command_runs, command_show, command_diff, command_watch;

/* The command of this name, or NULL. */
const command *command_named(const char *name);

/* How many words at the start are flags of every command, which may stand before its name. */
int arguments_before(int argc, char *const *argv);

/* Fill args from the words before and after the command's name. Returns EXIT_OK or, after one
 * sentence on standard error, EXIT_USAGE. The caller frees args with arguments_free. */
int arguments_parse(const command *self, int argc, char *const *argv, int name, arguments *args);
void arguments_free(arguments *args);

/* Flag i that a command accepts, its own first, or NULL after the last. */
const flag *command_flag_at(const command *self, int i);

/* `hedon COMMAND --help` */
void command_help(const command *self, const arguments *args);

#endif
