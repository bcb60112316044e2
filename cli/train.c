#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drive.h"
#include "open.h"
#include "plugins.h"
#include "run_export.h"
#include "say.h"
#include "settings.h"
#include "shell.h"

/* Before hours of training: is there a policy to keep, and somewhere to keep it? */
static int train_check_keeping(const hd_config *config, const arguments *args) {
  const char *path = args->save_policy, *slash = path != NULL ? strrchr(path, '/') : NULL;
  if (path == NULL) {
    return EXIT_OK;
  }
  if (strcmp(hd_config_get(config, "search"), "synapse-agent") != 0) {
    return say_usage(
        "--save-policy keeps what synapses have learned that are agents, and those of "
        "%s are none; use a method such as syn-plus",
        hd_config_method(config));
  }
  if (args->seeds > 1) {
    return say_usage(
        "--save-policy keeps the policy of one learner, not of %lld; leave out "
        "--seeds, or keep all of them with --out",
        (long long)args->seeds);
  }
  if (access(path, F_OK) == 0) {
    return say_failure("%s is there already; choose another name for --save-policy", path);
  }
  char folder[4096] = ".";
  if (slash != NULL) {
    snprintf(folder, sizeof folder, "%.*s/", (int)(slash - path), path);
  }
  return access(folder, W_OK | X_OK) == 0
             ? EXIT_OK
             : say_failure("%s cannot be written: %s", path, strerror(errno));
}

/* What a run that was interrupted has learned so far is kept as well. */
static int train_keep_policy(hd_ctx *ctx, hd_study *study, const arguments *args, int code) {
  if (args->save_policy == NULL || code == EXIT_RUN || code == EXIT_USAGE) {
    return code;
  }
  const hd_status status = hd_study_save(study, args->save_policy);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  if (!args->json) {
    printf("policy kept in %s; begin with it: ", args->save_policy);
    shell_command(
        stdout, args,
        (const char *const[]){"train", "TASK", "--method", hd_config_method(hd_study_config(study)),
                              "--policy", args->save_policy, NULL});
    putchar('\n');
  }
  return code;
}

static int train_study(hd_ctx *ctx, notes *log, const hd_config *config, const arguments *args) {
  hd_study_def def = hd_study_def_default();
  def.config = config;
  open_seeds(args, config, &def.seed, &def.n_seeds);
  def.n_threads = open_threads(args);
  def.dir = args->out;
  hd_study *made = NULL;
  open_note_size(args, config);
  hd_status status =
      args->policy != NULL ? hd_session_load(ctx, args->policy, &def.teacher) : HD_OK;
  status = status == HD_OK ? hd_study_create(ctx, &def, &made) : status;
  const int code = status == HD_OK
                       ? train_keep_policy(ctx, made, args, drive(ctx, log, made, args->out, args))
                       : plugins_say(ctx, status, args);
  hd_study_destroy(made);
  hd_session_destroy(def.teacher);
  return code;
}

static int train_explain_run(hd_ctx *ctx, const hd_config *config, const arguments *args) {
  size_t bytes;
  const hd_status status = hd_config_memory(config, &bytes);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  if (args->json) {
    settings_run_json(config);
    return EXIT_OK;
  }
  settings_changed(config);
  printf("\nmemory %.1f MiB for each learner\n", (double)bytes / 1048576.0);
  return EXIT_OK;
}

static int train(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  hd_config *config = NULL;
  code = run_export_check(args, args->out);
  code = code == EXIT_OK ? open_config(ctx, args, &config) : code;
  if (code == EXIT_OK && args->explain) {
    code = train_explain_run(ctx, config, args);
  } else if (code == EXIT_OK && (code = train_check_keeping(config, args)) == EXIT_OK) {
    code = train_study(ctx, &log, config, args);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--method", "M", FLAG_WORD, offsetof(arguments, method),
     "how to learn; see hedon list methods; or a file of your own, FILE.toml (default: what has "
     "solved a built-in task, else sac for real-valued actions and neuron-agent for choices)"},
    {"--seed", "S", FLAG_SEED, offsetof(arguments, seed),
     "of the first learner (default: 0, or that of the run whose file --config names)"},
    {"--seeds", "N", FLAG_SEEDS, offsetof(arguments, seeds),
     "train N independent learners side by side, seeds S to S+N-1 (default: 1, or the run's)"},
    {"--steps", "N", FLAG_BRIEF, offsetof(arguments, steps),
     "budget of environment steps; short for --set steps=N"},
    {"--episodes", "N", FLAG_BRIEF, offsetof(arguments, episodes),
     "budget of episodes; short for --set episodes=N"},
    FLAG_THREADS,
    {"--set", "KEY=VALUE ...", FLAG_PAIRS, 0, "change settings; their names are listed below"},
    {"--config", "FILE", FLAG_WORD, offsetof(arguments, config),
     "lines of key = value, applied before the flags; with no TASK, a run's own config.toml"},
    {"--out", "DIR", FLAG_WORD, offsetof(arguments, out),
     "keep the run there: settings, figures, checkpoints; -o for short"},
    FLAG_EXPORTS,
    {"--policy", "FILE", FLAG_WORD, offsetof(arguments, policy),
     "synapses that are agents begin with the policy in this checkpoint of a run"},
    {"--save-policy", "FILE", FLAG_WORD, offsetof(arguments, save_policy),
     "keep there what synapses that are agents have learned, for --policy FILE"},
    {"--frozen", NULL, FLAG_SWITCH, offsetof(arguments, frozen),
     "they act by it and do not learn; short for --set syn.frozen=true"},
    FLAG_JSON("print the outcome as one JSON object, last line of standard output"),
    FLAG_QUIET,
    {"--explain", NULL, FLAG_SWITCH, offsetof(arguments, explain),
     "show where every setting comes from, and stop"},
};

const command command_train = {
    .name = "train",
    .summary = "train a network of spiking neurons on a task",
    .usage =
        "TASK [--method M] [--seed S] [--seeds N] [--steps N | --episodes N]\n"
        "                   [--threads N] [--set KEY=VALUE ...] [--config FILE] [--out DIR]\n"
        "                   [--csv] [--tensorboard] [--policy FILE] [--frozen] [--save-policy "
        "FILE]\n"
        "                   [--json] [--quiet] [--explain]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = 1,
    .run = train,
    .more_help = settings_help,
};
