#define _GNU_SOURCE /* sched_getaffinity */
#include "open.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gymnasium.h"
#include "plugins.h"
#include "say.h"
#include "things.h"

enum { LARGE = 256 << 20 }; /* bytes that take a while to set up */

const char default_method[] = "neuron-agent";

int open_context(const arguments *args, notes *log, hd_ctx **out) {
  return open_context_with(args, notes_add, log, out);
}

int open_context_with(const arguments *args, hd_log_fn log, void *user, hd_ctx **out) {
  hd_ctx_def def = hd_ctx_def_default();
  def.log = log;
  def.log_user = user;
  const hd_status status = hd_ctx_create(&def, out);
  if (status == HD_USAGE) {
    const char *isa = getenv("HEDON_ISA");
    return say_usage("HEDON_ISA is %s, which is no instruction set of this processor",
                     isa != NULL ? isa : "unset");
  }
  if (status != HD_OK) {
    return say_failure("%s", hd_status_text(status));
  }
  int code = plugins_load(*out, args);
  code = code == EXIT_OK ? gymnasium_register_named(*out, args) : code;
  if (code != EXIT_OK) {
    hd_ctx_destroy(*out);
  }
  return code;
}

hd_status open_set_pair(hd_config *config, const char *pair, size_t length) {
  char *key = strndup(pair, length);
  if (key == NULL) {
    return HD_NOMEM;
  }
  char *equals = strchr(key, '=');
  if (equals != NULL) {
    *equals = '\0';
  }
  const hd_status status = hd_config_set(config, key, equals != NULL ? equals + 1 : "");
  free(key);
  return status;
}

hd_status open_row(hd_config *config, const char *row) {
  for (row += strspn(row, ":"); *row != '\0'; row += strspn(row, ":")) {
    const size_t length = strcspn(row, ":");
    HD_TRY(open_set_pair(config, row, length));
    row += length;
  }
  return HD_OK;
}

/* A file alone may hold a whole configuration; with a task it is laid over the method's row. */
static hd_status open_begin(hd_ctx *ctx, const arguments *args, hd_config **out) {
  if (args->n_operands == 0) {
    return hd_config_read(ctx, args->config, out);
  }
  HD_TRY(hd_config_create(ctx, args->operand[0], args->method, out));
  return args->config != NULL ? hd_config_load(*out, args->config) : HD_OK;
}

int open_check_flags(const arguments *args) {
  return args->steps.value != NULL && args->episodes.value != NULL
             ? say_usage(
                   "--steps and --episodes both say how long; give one, or limit both by --set "
                   "steps=N episodes=N")
             : EXIT_OK;
}

/* A flag that is short for a setting, if it stands before the next pair of --set. */
static hd_status open_brief(hd_config *config, const char *key, const brief *given, int next) {
  return given->value != NULL && given->at == next ? hd_config_set(config, key, given->value)
                                                   : HD_OK;
}

hd_status open_flags(hd_config *config, const arguments *args) {
  if (args->frozen) {
    HD_TRY(hd_config_set(config, "syn.frozen", "true"));
  }
  for (int i = 0; i <= args->n_set; i++) {
    HD_TRY(open_brief(config, "steps", &args->steps, i));
    HD_TRY(open_brief(config, "episodes", &args->episodes, i));
    if (i < args->n_set) {
      HD_TRY(open_set_pair(config, args->set[i], strlen(args->set[i])));
    }
  }
  return HD_OK;
}

/* Some tasks have the name of an experiment. */
static int open_check_task(hd_ctx *ctx, const arguments *args) {
  const hd_env_desc *env;
  const char *name = args->n_operands > 0 ? args->operand[0] : NULL;
  return name != NULL && things_is_experiment(name) && hd_env_find(ctx, name, &env) != HD_OK
             ? say_usage("%s is an experiment of several runs, no task; run it by hedon compare %s",
                         name, name)
             : EXIT_OK;
}

int open_config(hd_ctx *ctx, const arguments *args, hd_config **out) {
  *out = NULL;
  if (args->n_operands == 0 && args->config == NULL) {
    return say_usage("a task is missing, such as CartPole-v1; see hedon list envs");
  }
  if (args->n_operands == 0 && args->method != NULL) {
    return say_usage("--method goes with a task; %s names its own method", args->config);
  }
  int code = open_check_flags(args);
  code = code == EXIT_OK ? open_check_task(ctx, args) : code;
  if (code != EXIT_OK) {
    return code;
  }
  hd_status status = open_begin(ctx, args, out);
  if (status == HD_OK) {
    status = open_flags(*out, args);
  }
  if (status == HD_OK) {
    status = hd_config_check(*out);
  }
  if (status == HD_OK) {
    return EXIT_OK;
  }
  hd_config_destroy(*out);
  *out = NULL;
  code = plugins_say(ctx, status, args);
  return status == HD_FORMAT ? EXIT_USAGE : code; /* a wrong file is as wrong a setting as a flag */
}

void open_seeds(const arguments *args, const hd_config *config, uint64_t *seed, int *n) {
  uint64_t first = 0;
  int64_t seeds = 1;
  hd_config_run(config, &first, &seeds); /* a run's own file says which it had */
  *seed = args->has_seed ? args->seed : first;
  *n = (int)(args->seeds > 0 ? args->seeds : seeds);
}

void open_note_size(const arguments *args, const hd_config *config) {
  size_t bytes;
  if (!args->quiet && hd_config_memory(config, &bytes) == HD_OK && bytes >= LARGE) {
    fprintf(stderr, "hedon: setting up %.1f GB for each learner at work\n", (double)bytes / 1e9);
  }
}

int open_threads(const arguments *args) {
  if (args->threads > 0) {
    return (int)args->threads;
  }
#ifdef CPU_COUNT /* of Linux: those that this process may use, of which a launcher may give it \
                    some */
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 0) {
    return CPU_COUNT(&allowed);
  }
#endif
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors > 0 ? (int)processors : 1;
}
