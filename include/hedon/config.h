/* Settings of a run: one table of options, and rows of data that fill it.
 *
 * A configuration is resolved in layers, later ones winning: the option's default, the method's
 * row, the method's row for this task, then whatever the user sets. Each value remembers which
 * layer it came from. */
#ifndef HEDON_CONFIG_H
#define HEDON_CONFIG_H

#include "context.h"

/* The settings of one run; opaque. One thread at a time. */
typedef struct hd_config hd_config;

/* A method: a named point in the space of learning rules. It is a TOML file with a line `doc`, a
 * table [settings] and tables [task."NAME"]; `extends` names a method whose settings come first. */
typedef struct hd_method {
  const char *name;     /* as --method takes it */
  const char *doc;      /* one line: what learns, and how */
  const char *source;   /* author and year; "" if there is none */
  const char *settings; /* "key=value key=value ...": what it sets everywhere */
  const char *text;     /* its file, with comments, if the method is built in; or NULL */
} hd_method;

/* The number of methods that are built in. */
HD_API int hd_method_count(void);
/* One of them, in the order of their names; index from 0 to hd_method_count - 1. Lives as long as
 * the program. */
HD_API const hd_method *hd_method_at(int index);

/* What a method sets for particular tasks beside its settings. Rows apply in order. */
typedef struct hd_task_row {
  const char *tasks;    /* names and classes of tasks with commas between: "finite", "samples" */
  const char *settings; /* "key=value key=value ..." */
} hd_task_row;

/* The index-th row of the method-th method that is built in, or NULL past the last. */
HD_API const hd_task_row *hd_method_task_at(int method, int index);
/* The index-th row of a method of hd_method_find, or NULL past the last. */
HD_API const hd_task_row *hd_method_row(const hd_method *method, int index);

/* The key of the option that a word names: by its key, by its old name, or as other libraries call
 * it ("learning_rate"); dashes may stand for underscores. NULL: none. Lives as long as the program.
 * Parameters of models are not among these. */
HD_API const char *hd_option_meant(const char *word);

/* A method by name, or from a file by its path, which ends in .toml: the method is then called as
 * the file is, without .toml, and is known to the context as long as the context lives. A file is
 * read at most once, unless it has changed.
 *
 * Errors  UNKNOWN (offers the nearest name; an option or task in the file that does not exist),
 *         IO, FORMAT, RANGE (with file and line), CONFLICT (another method has this name; files
 *         extend each other in a circle), NOMEM. */
HD_API hd_status hd_method_find(hd_ctx *ctx, const char *name, const hd_method **out);

/* Neuron models, codings, searches over weights, and what synapse agents may see of the dynamics,
 * for listings. */
typedef struct hd_listing {
  const char *name;   /* as its setting takes it */
  const char *doc;    /* one line */
  const char *source; /* author and year; "" if there is none */
} hd_listing;

/* The number of neuron models, for the option `neuron`: built in, then registered. */
HD_API int hd_neuron_count(const hd_ctx *ctx);
/* One of them; index from 0 to hd_neuron_count - 1. */
HD_API hd_listing hd_neuron_at(const hd_ctx *ctx, int index);
/* The number of codings, built-in and registered ones, for the option `coding`. */
HD_API int hd_coding_count(const hd_ctx *ctx);
/* One of them, those of the library first; index from 0. Strings live as long as the context. */
HD_API hd_listing hd_coding_at(const hd_ctx *ctx, int index);
/* The number of searches over weights, for the option `search`. */
HD_API int hd_search_count(void);
/* One of them; index from 0. Strings live as long as the program. */
HD_API hd_listing hd_search_at(int index);
/* The number of features of the dynamics that a synapse agent may see, for the option
 * `syn.dynamics`. */
HD_API int hd_dynamic_count(void);
/* One of them; index from 0. Strings live as long as the program. */
HD_API hd_listing hd_dynamic_at(int index);

/* The name of the method that a task is trained with where none is named: the one that was measured
 * to solve a built-in task or, where no return counts as solved, to end highest of the spiking ones
 * measured, and then *has_solved is true; else sac where actions are real numbers,
 * neuron-agent-online where observations are quantities, and neuron-agent where an observation is
 * the number of a state or a sample. has_solved may be NULL.  Errors  UNKNOWN (task). */
HD_API hd_status hd_method_default(hd_ctx *ctx, const char *task, const char **name,
                                   bool *has_solved);

/* The settings of a method on a task; the caller destroys them. `method` is as hd_method_find takes
 * it, or NULL for that of hd_method_default. A file's name and hash are kept, so that a run can go
 * on when the file has moved. Errors  UNKNOWN (task or method; offers the nearest name), NOMEM, as
 * hd_method_find. */
HD_API hd_status hd_config_create(hd_ctx *ctx, const char *task, const char *method,
                                  hd_config **out);
/* Free a configuration; NULL is allowed. Sessions made of it have a copy. */
HD_API void hd_config_destroy(hd_config *config);

/* Set one option from text. What nothing in the run reads in the end is refused by hd_config_check
 * and when a session is created. An old name of an option is understood, and noted to the context's
 * log.  Errors  UNKNOWN (offers the nearest key), RANGE (states the range). On failure nothing
 * changes. */
HD_API hd_status hd_config_set(hd_config *config, const char *key, const char *value);

/* One option as it stands. Strings live until the next call on this configuration. */
typedef struct hd_option {
  const char *key;      /* its name, such as "alpha" */
  const char *type;     /* "number", "integer", "flag", "name", "list" or "text" */
  const char *value;    /* as text that hd_config_set accepts */
  const char *fallback; /* the option's default */
  const char *allowed;  /* range or names, in words */
  const char *unit;     /* "" if none */
  const char *help;     /* one sentence */
  const char *group;    /* heading under which it is listed */
  const char *origin;   /* "default", "method", "task", "user", or "recorded" in a file of a run */
  const char *readers;  /* what reads it, in words */
  bool is_read;         /* does anything in this run read it? */
} hd_option;

/* The number of options, parameters of neurons, codings and rules among them. */
HD_API int hd_config_count(const hd_config *config);
/* One of them, grouped as they are listed; index from 0 to hd_config_count - 1. Strings live until
 * the next call on this configuration. */
HD_API hd_option hd_config_at(const hd_config *config, int index);
/* The value of one key, or NULL if there is no such key; lives until the next call. */
HD_API const char *hd_config_get(const hd_config *config, const char *key);
/* The name of its task, choices included. Lives as long as the configuration. */
HD_API const char *hd_config_task(const hd_config *config);
/* The name of its method. Lives as long as the configuration. */
HD_API const char *hd_config_method(const hd_config *config);
/* The mean return from which on the task counts as solved: the option `threshold`, else the task's
 * own. NAN: no return counts as solved. */
HD_API double hd_config_threshold(const hd_config *config);

/* Apply a TOML file (or pipe) of "key = value" lines on top; "a.b = value" and b in table [a] are
 * the same. Lines `task` and `method` must agree with the configuration; a table [run], which a run
 * folder adds, changes nothing but what hd_config_run says. Lines
 * of a file that hd_config_write wrote, which has a line `hedon`, do not count as set by the user:
 * those that nothing in the run reads are noted to the context's log.
 * Errors  IO, FORMAT (names the line), CONFLICT (another task or method), UNKNOWN, RANGE. On
 * failure nothing changes. */
HD_API hd_status hd_config_load(hd_config *config, const char *path);

/* Read a complete configuration, as written into a run folder; the caller destroys it. Errors  as
 * hd_config_load, and NOMEM. */
HD_API hd_status hd_config_read(hd_ctx *ctx, const char *path, hd_config **out);

/* The first seed and the number of learners that the table [run] of the file that was read last
 * told; false: it had none. */
HD_API bool hd_config_run(const hd_config *config, uint64_t *seed, int64_t *seeds);

/* Write the resolved configuration as such a file, with a comment on every line of its
 * unit and meaning. A file that is there is replaced as a whole or stays as it was.  Errors  IO. */
HD_API hd_status hd_config_write(const hd_config *config, const char *path);

/* Check that the settings fit together, and that something reads each one that the user set; one
 * sentence says why if not.  Errors  CONFLICT. */
HD_API hd_status hd_config_check(const hd_config *config);

/* The memory that a learner of this configuration will take, before it is made: weights, moments,
 * replay, what gradients keep of a pass, environments; not their bodies. bytes is written; nothing
 * is kept.  Errors  those of hd_session_create. */
HD_API hd_status hd_config_memory(const hd_config *config, size_t *bytes);

#endif
