/* hedon study: what a file says is compared, resumed at any time, by any number of processes. */
#include <string.h>
#include <sys/stat.h>

#include "open.h"
#include "run_data.h"
#include "say.h"
#include "study_file.h"

enum { PATH_SIZE = 4096 };

/* The file, and the folder of its outcome: of a folder the file within; else the file's name
 * without .toml. */
typedef struct study_place {
  char file[PATH_SIZE], out[PATH_SIZE];
} study_place;

static int study_find(const arguments *args, study_place *place) {
  const char *word = args->operand[0];
  struct stat file;
  const bool is_folder = stat(word, &file) == 0 && S_ISDIR(file.st_mode);
  const size_t n = strlen(word), end = strlen(".toml");
  if (n + 32 > PATH_SIZE) {
    return say_failure("the name of %s is too long", word);
  }
  snprintf(place->file, PATH_SIZE, "%s%s", word, is_folder ? "/study.toml" : "");
  if (is_folder && stat(place->file, &file) != 0) {
    return run_is_there(word)
               ? say_failure("%s holds a run, not a study; go on with: hedon resume %s", word, word)
               : say_failure("%s holds no study: %s is missing", word, place->file);
  }
  snprintf(place->out, PATH_SIZE, "%s", args->out != NULL ? args->out : word);
  if (is_folder || args->out != NULL) {
    return is_folder && args->out != NULL ? say_usage(
                                                "%s is the folder of a study; --out would "
                                                "name another",
                                                word)
                                          : EXIT_OK;
  }
  if (n <= end || strcmp(word + n - end, ".toml") != 0) {
    return say_usage("%s does not end in .toml, so --out has to name the folder of the outcome",
                     word);
  }
  place->out[n - end] = '\0';
  return EXIT_OK;
}

static int study_of(hd_ctx *ctx, notes *log, const arguments *args, const study_place *place) {
  comparison plan;
  int code = study_plan(ctx, args, place->file, &plan);
  plan.out = place->out;
  plan.file = place->file;
  code = code == EXIT_OK ? compare_carry_out(ctx, log, &plan) : code;
  compare_free(&plan);
  return code;
}

static int study(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  study_place place;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  code = study_find(args, &place);
  code = code == EXIT_OK ? study_of(ctx, &log, args, &place) : code;
  hd_ctx_destroy(ctx);
  return code;
}

static void study_more_help(const arguments *args) {
  (void)args;
  fputs(
      "\na study's file:\n\n"
      "  tasks = [\"CartPole-v1\", \"Acrobot-v1\"]\n"
      "  methods = [\"ppo\", \"neuron-agent:hidden=8\"]  # \"all\": every method\n"
      "  seed = 1000          # of the first run of each pair (default: 0)\n"
      "  seeds = 30           # runs of each pair (default: 10)\n"
      "  cpu = 600            # CPU seconds of all runs together, in equal shares (default: no "
      "limit)\n"
      "  title = \"\"           # and doc, source: texts of the page\n"
      "  draws = 20           # of settings between bounds (default: 10), from draw_seed\n"
      "  rounds = 3           # successive halving: short rounds first, of which\n"
      "  keep = 0.5           # this share goes on, with the steps divided by it\n"
      "  [set]                # settings of all; \"?key\" = VALUE where a method reads the key\n"
      "  steps = 100000\n"
      "  [task.\"Acrobot-v1\"]  # settings of one task\n"
      "  steps = 200000\n"
      "  [sweep]              # every combination of lists; between bounds log-uniform draws\n"
      "  hidden = [[8], [32, 32]]\n"
      "  alpha = {low = 1e-4, high = 1e-1}\n"
      "\nAny number of processes given the same file and folder share its runs, on one machine or "
      "on\n"
      "several with a common file system: mpirun -n 4 hedon study FILE, or srun.\n",
      stdout);
}

static const flag flags[] = {
    FLAG_THREADS,
    {"--out", "DIR", FLAG_WORD, offsetof(arguments, out),
     "the folder of its outcome (default: FILE without .toml); begun there before, it goes on; -o "
     "for short"},
    FLAG_EXPORTS,
    {"--picture", "FILE", FLAG_WORD, offsetof(arguments, picture), "draw the outcome (SVG)"},
    FLAG_JSON("print the outcome as one JSON object, last line of standard output"),
    FLAG_QUIET,
};

const command command_study = {
    .name = "study",
    .summary = "train what a file says: methods, tasks, seeds, swept settings",
    .usage =
        "FILE.toml|DIR [--threads N] [--out DIR] [--csv] [--tensorboard]\n"
        "                   [--picture FILE] [--json] [--quiet]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "a study's file, or the folder of one that was begun",
    .run = study,
    .more_help = study_more_help,
};
