/* hedon trace: what neurons did, decision by decision. */
#include "traces.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "open.h"
#include "plugins.h"
#include "run_data.h"
#include "say.h"
#include "terminal.h"
#include "write_whole.h"

/* ---- writing ---- */

static void trace_write_text(FILE *file, const trace *self) {
  trace_text(file, self, terminal_width(file), terminal_of(file).has_unicode);
}

typedef struct trace_form {
  const char *end;
  void (*write)(FILE *file, const trace *self);
} trace_form;

static const trace_form forms[] = {{".csv", trace_write_csv},
                                   {".npy", trace_write_npy},
                                   {".npz", trace_write_npz},
                                   {".svg", trace_picture},
                                   {".txt", trace_write_text}};

static const trace_form *trace_form_of(const char *path) {
  const char *end = strrchr(path, '.');
  for (size_t i = 0; end != NULL && i < sizeof forms / sizeof *forms; i++) {
    if (strcmp(end, forms[i].end) == 0) {
      return &forms[i];
    }
  }
  return NULL;
}

int trace_check_out(const char *path) {
  return path == NULL || trace_form_of(path) != NULL
             ? EXIT_OK
             : say_usage("--out is %s; its end says in which form: .csv, .npy, .npz, .svg or .txt",
                         path);
}

typedef struct trace_to {
  const trace_form *form;
  const trace *self;
} trace_to;

static void trace_write_form(FILE *file, const void *what) {
  const trace_to *to = what;
  to->form->write(file, to->self);
}

int trace_write(const char *path, const trace *self) {
  if (path == NULL) {
    trace_write_text(stdout, self);
    return EXIT_OK;
  }
  const trace_to to = {trace_form_of(path), self};
  return write_whole(path, trace_write_form, &to);
}

/* ---- where the learner comes from ---- */

static int trace_is_checkpoint(const struct dirent *entry) {
  const char *end = strrchr(entry->d_name, '.');
  return strncmp(entry->d_name, "checkpoint-", 11) == 0 && end != NULL && strcmp(end, ".hd") == 0;
}

int trace_find_checkpoint(const char *dir, bool has_seed, uint64_t wanted, char path[TRACE_PATH]) {
  struct dirent **entry;
  uint64_t least = UINT64_MAX;
  const int n = scandir(dir, &entry, trace_is_checkpoint, NULL);
  for (int i = 0; i < n; i++) {
    const uint64_t seed = strtoull(entry[i]->d_name + 11, NULL, 10);
    least = seed < least ? seed : least;
    free(entry[i]);
  }
  if (n > 0) {
    free(entry);
  }
  if (n <= 0) {
    return run_say_none(dir, "checkpoint");
  }
  const uint64_t seed = has_seed ? wanted : least;
  snprintf(path, TRACE_PATH, "%s/checkpoint-%" PRIu64 ".hd", dir, seed);
  struct stat file;
  return stat(path, &file) == 0 ? EXIT_OK
                                : say_usage("%s holds no checkpoint of seed %" PRIu64, dir, seed);
}

static int trace_from_task(hd_ctx *ctx, const arguments *args, const trace_choice *choice,
                           trace *out) {
  hd_config *config;
  const int code = open_config(ctx, args, &config);
  if (code != EXIT_OK) {
    return code;
  }
  const trace_source source = {.config = config, .seed = args->seed};
  const int done = trace_record(ctx, args, &source, choice, out);
  hd_config_destroy(config);
  return done;
}

static int trace_from(hd_ctx *ctx, const arguments *args, const trace_choice *choice, trace *out) {
  char path[TRACE_PATH];
  struct stat file;
  const char *operand = args->operand[0];
  if (stat(operand, &file) != 0) {
    const hd_env_desc *env;
    if (hd_env_find(ctx, operand, &env) != HD_OK) {
      return say_usage("%s is no file or folder, and %s", operand, hd_ctx_error(ctx));
    }
    return trace_from_task(ctx, args, choice, out);
  }
  if (args->method != NULL || args->n_set > 0) {
    return say_usage("--method and --set go with a task; %s has its own", operand);
  }
  snprintf(path, sizeof path, "%s", operand);
  const int code = S_ISDIR(file.st_mode)
                       ? trace_find_checkpoint(operand, args->has_seed, args->seed, path)
                       : EXIT_OK;
  const trace_source source = {.checkpoint = path};
  return code == EXIT_OK ? trace_record(ctx, args, &source, choice, out) : code;
}

static int trace_run(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  trace_choice choice;
  trace out;
  int code = trace_check_out(args->out);
  code = code == EXIT_OK ? trace_choose(args, &choice) : code;
  code = code == EXIT_OK ? open_context(args, &log, &ctx) : code;
  if (code != EXIT_OK) {
    return code;
  }
  code = trace_from(ctx, args, &choice, &out);
  if (code == EXIT_OK) {
    code = trace_write(args->out, &out);
    trace_free(&out);
  }
  hd_ctx_destroy(ctx);
  return code;
}

static void trace_more_help(const arguments *args) {
  (void)args;
  fputs(
      "\nA checkpoint's learner goes on from where it was saved; decisions are counted from "
      "there,\n"
      "or from the start of a TASK. It learns meanwhile, as it does without being watched; "
      "nothing\n"
      "is written back. Shown are decisions in the first of its environments.\n",
      stdout);
}

static const flag flags[] = {
    {"--decisions", "A-B", FLAG_WORD, offsetof(arguments, decisions),
     "which decisions (default: 0-19)"},
    {"--neurons", "LIST", FLAG_WORD, offsetof(arguments, neurons),
     "which neurons, such as 0-7,12, or hidden:0-7 of one population (default: all)"},
    {"--what", "LIST", FLAG_WORD, offsetof(arguments, what),
     "quantities with commas between: spike, p, gain, drive, v and other state of the model, "
     "threshold, weight, value of the input, e, the eligibility of synapses by a local rule, or "
     "what such a rule keeps: pre.NAME of sources, post.NAME of targets, synapse.NAME; a word that "
     "it does not know is answered with all that there are (default: spike,v,threshold, and p "
     "where "
     "there is no potential)"},
    {"--out", "FILE", FLAG_WORD, offsetof(arguments, out),
     "write FILE.csv, .npy or .npz (NumPy), .svg or .txt (default: a picture in text); -o for "
     "short"},
    {"--seed", "S", FLAG_SEED, offsetof(arguments, seed),
     "which learner of a run (default: its first), or the seed of a TASK (default: 0)"},
    {"--method", "NAME", FLAG_WORD, offsetof(arguments, method), "of a TASK, as for hedon train"},
    {"--set", "KEY=VALUE ...", FLAG_PAIRS, 0, "settings of a TASK"},
};

const command command_trace = {
    .name = "trace",
    .summary = "record spikes, potentials, thresholds, weights and eligibilities of chosen neurons",
    .usage = "RUN|CHECKPOINT|TASK [--decisions A-B] [--neurons LIST] [--what LIST] [--out FILE]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "the folder of a run, a checkpoint or a task",
    .run = trace_run,
    .more_help = trace_more_help,
};
