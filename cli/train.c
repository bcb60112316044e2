#include "drive.h"
#include "open.h"
#include "say.h"
#include "settings.h"

static int study(hd_ctx *ctx, notes *log, const hd_config *config, const arguments *args) {
  hd_study_def def = hd_study_def_default();
  def.config = config;
  def.seed = args->seed;
  def.n_seeds = args->seeds > 0 ? (int)args->seeds : 1;
  def.n_threads = open_threads(args);
  def.dir = args->out;
  hd_study *made = NULL;
  hd_status status =
      args->policy != NULL ? hd_session_load(ctx, args->policy, &def.teacher) : HD_OK;
  status = status == HD_OK ? hd_study_create(ctx, &def, &made) : status;
  const int code =
      status == HD_OK ? drive(ctx, log, made, args->out, args) : say_status(ctx, status);
  hd_study_destroy(made);
  hd_session_destroy(def.teacher);
  return code;
}

static int train(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(&log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  hd_config *config;
  code = open_config(ctx, args, &config);
  if (code == EXIT_OK && args->explain) {
    settings_changed(config);
  } else if (code == EXIT_OK) {
    code = study(ctx, &log, config, args);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--method", "M", FLAG_WORD, offsetof(arguments, method),
     "how to learn (default: neuron-agent); see hedon list methods"},
    {"--seed", "S", FLAG_SEED, offsetof(arguments, seed), "of the first learner (default: 0)"},
    {"--seeds", "N", FLAG_COUNT, offsetof(arguments, seeds),
     "train N independent learners side by side, seeds S to S+N-1 (default: 1)"},
    {"--steps", "N", FLAG_WORD, offsetof(arguments, steps),
     "budget of environment steps; short for --set steps=N"},
    {"--episodes", "N", FLAG_WORD, offsetof(arguments, episodes),
     "budget of episodes; short for --set episodes=N"},
    FLAG_THREADS,
    {"--set", "KEY=VALUE ...", FLAG_PAIRS, 0, "change settings; their names are listed below"},
    {"--config", "FILE", FLAG_WORD, offsetof(arguments, config),
     "lines of key = value, applied before the flags; with no TASK, a run's own config.toml"},
    {"--out", "DIR", FLAG_WORD, offsetof(arguments, out),
     "keep the run there: settings, figures, checkpoints"},
    {"--policy", "FILE", FLAG_WORD, offsetof(arguments, policy),
     "synapses that are agents begin with the policy in this checkpoint of a run"},
    {"--frozen", NULL, FLAG_SWITCH, offsetof(arguments, frozen),
     "they act by it and do not learn; short for --set syn_frozen=true"},
    FLAG_JSON("print the outcome as one JSON object, last line of standard output"),
    FLAG_QUIET,
    {"--explain", NULL, FLAG_SWITCH, offsetof(arguments, explain),
     "show where every setting comes from, and stop"},
};

const command command_train = {
    .name = "train",
    .summary = "train a network of spiking agents on a task",
    .usage =
        "TASK [--method M] [--seed S] [--seeds N] [--steps N | --episodes N]\n"
        "                   [--threads N] [--set KEY=VALUE ...] [--config FILE] [--out DIR]\n"
        "                   [--policy FILE] [--frozen] [--json] [--quiet] [--explain]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = 1,
    .run = train,
    .more_help = settings_help,
};
