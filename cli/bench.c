/* hedon bench: speed and size on this machine, by groups, as tables or one JSON object. */
#include <stdlib.h>
#include <string.h>

#include "bench_learner.h"
#include "bench_system.h"
#include "command.h"
#include "json.h"
#include "open.h"
#include "say.h"

typedef struct group {
  const char *name, *doc;
  int (*run)(const bench *b);
} group;

static const group groups[] = {
    {"machine", "multiply-adds and bandwidth of one core, the limits of all the rest",
     bench_machine},
    {"envs", "environments alone", bench_envs},
    {"forward", "the policy alone, against the limits", bench_forward},
    {"learn", "learning: every method, and many learners side by side", bench_learn},
    {"train", "whole trainings until solved, and what keeping a run costs", bench_train},
    {"scale",
     "how cost grows with neurons, synapses, substeps, environments, learners, threads, "
     "spikes",
     bench_scale},
    {"size", "bytes of files and of learners", bench_size},
};
enum { N_GROUPS = sizeof groups / sizeof groups[0] };

/* What the command line asks for. */
typedef struct request {
  bool group[N_GROUPS];
  bool has_group;
  const char *task, *method;
  const char **set;
  int n_set;
} request;

/* ---- words of the command line ---- */

static int bench_find_group(const char *word) {
  for (int i = 0; i < N_GROUPS; i++) {
    if (strcmp(groups[i].name, word) == 0) {
      return i;
    }
  }
  return -1;
}

static bool bench_is_method(const char *word) {
  for (int i = 0; i < hd_method_count(); i++) {
    if (strcmp(hd_method_at(i)->name, word) == 0) {
      return true;
    }
  }
  return false;
}

/* All a word may be: groups, methods, tasks by name and by alias; list is a context. */
static const char *bench_known_word(const void *list, int i) {
  const int n_methods = hd_method_count(), n_envs = hd_env_count(list);
  if (i < N_GROUPS) {
    return groups[i].name;
  }
  i -= N_GROUPS;
  if (i < n_methods) {
    return hd_method_at(i)->name;
  }
  i -= n_methods;
  return i < n_envs ? hd_env_at(list, i)->name : hd_env_at(list, i - n_envs)->alias;
}

static int bench_unknown_word(const hd_ctx *ctx, const char *word) {
  const int n = N_GROUPS + hd_method_count() + 2 * hd_env_count(ctx);
  const char *near = hd_nearest_name(word, bench_known_word, ctx, n);
  return near != NULL
             ? say_usage("bench knows no group, method or task '%s'; did you mean '%s'?", word,
                         near)
             : say_usage("bench knows no group, method or task '%s'; see hedon bench --help", word);
}

static int bench_take_once(const char **field, const char *word, const char *what) {
  if (*field != NULL) {
    return say_usage("bench measures one %s at a time, not '%s' and '%s'", what, *field, word);
  }
  *field = word;
  return EXIT_OK;
}

static int bench_take_word(request *self, hd_ctx *ctx, const char *word) {
  const int at = bench_find_group(word);
  const hd_env_desc *env;
  if (at >= 0) {
    self->group[at] = self->has_group = true;
    return EXIT_OK;
  }
  if (strchr(word, '=') != NULL) {
    self->set[self->n_set++] = word;
    return EXIT_OK;
  }
  if (bench_is_method(word)) {
    return bench_take_once(&self->method, word, "method");
  }
  if (hd_env_find(ctx, word, &env) == HD_OK) {
    return bench_take_once(&self->task, word, "task");
  }
  return bench_unknown_word(ctx, word);
}

static int bench_take_all(request *self, hd_ctx *ctx, const arguments *args) {
  self->task = args->task;
  self->method = args->method;
  int code = EXIT_OK;
  for (int i = 0; i < args->n_operands && code == EXIT_OK; i++) {
    code = bench_take_word(self, ctx, args->operand[i]);
  }
  for (int i = 0; i < args->n_set && code == EXIT_OK; i++) {
    self->set[self->n_set++] = args->set[i];
  }
  return code;
}

static int bench_take_seconds(const char *text, double *out) {
  const double most = 60;
  char *end;
  const double value = strtod(text, &end);
  if (end == text || *end != '\0' || !(value > 0) || value > most) {
    return say_usage("--seconds is %s, allowed above 0 to %g", text, most);
  }
  *out = value;
  return EXIT_OK;
}

/* ---- the whole ---- */

static void bench_head_text(const bench *b, const system_facts *facts) {
  printf("hedon %s, instruction set %s, %s\n", hd_version(), hd_ctx_isa(b->ctx), bench_compiler);
  printf("%s, %d processor%s", facts->cpu, facts->processors, facts->processors == 1 ? "" : "s");
  for (int i = 0; i < CACHE_LEVELS; i++) {
    if (facts->cache[i] > 0) {
      printf(", L%d %lld KiB", i + 1, (long long)(facts->cache[i] >> 10));
    }
  }
  printf("\n%s, %s", b->task, b->is_own ? b->method : "default methods");
  for (int i = 0; i < b->n_set; i++) {
    printf(" %s", b->set[i]);
  }
  printf("\nmedians of %d interleaved runs of %g s of CPU each\n", b->repeats, b->seconds);
  fflush(stdout);
}

static void bench_text_json(FILE *file, const char *key, const char *value) {
  fprintf(file, "\"%s\":", key);
  json_string(file, value);
  fputc(',', file);
}

static void bench_head_json(const bench *b, const system_facts *facts, FILE *file) {
  fputc('{', file);
  bench_text_json(file, "version", hd_version());
  bench_text_json(file, "isa", hd_ctx_isa(b->ctx));
  bench_text_json(file, "compiler", bench_compiler);
  bench_text_json(file, "cpu", facts->cpu);
  fprintf(file, "\"processors\":%d,\"cache_bytes\":[", facts->processors);
  for (int i = 0; i < CACHE_LEVELS; i++) {
    fprintf(file, "%s%lld", i > 0 ? "," : "", (long long)facts->cache[i]);
  }
  fputs("],", file);
  bench_text_json(file, "task", b->task);
  bench_text_json(file, "method", b->method);
  fputs("\"set\":[", file);
  for (int i = 0; i < b->n_set; i++) {
    fputs(i > 0 ? "," : "", file);
    json_string(file, b->set[i]);
  }
  fputs("],\"seconds\":", file);
  json_number(file, b->seconds);
  fprintf(file, ",\"repeats\":%d,\"seeds\":%d,\"threads\":%d,\"sections\":[", b->repeats, b->seeds,
          b->threads);
}

static int bench_run_groups(const bench *b, const request *wanted) {
  int code = EXIT_OK;
  for (int i = 0; i < N_GROUPS && code == EXIT_OK; i++) {
    if (wanted->group[i] || !wanted->has_group) {
      code = groups[i].run(b);
    }
  }
  return code;
}

/* The object is held back until it is whole. */
static int bench_run_json(bench *b, const request *wanted, const system_facts *facts) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) {
    return say_failure("out of memory");
  }
  report out = {.file = file, .is_json = true};
  b->report = &out;
  bench_head_json(b, facts, file);
  const int code = bench_run_groups(b, wanted);
  fputs("]}\n", file);
  fclose(file);
  if (code == EXIT_OK) {
    fputs(text, stdout);
  }
  free(text);
  return code;
}

static int bench_run_text(bench *b, const request *wanted, const system_facts *facts) {
  report out = {.file = stdout};
  b->report = &out;
  bench_head_text(b, facts);
  return bench_run_groups(b, wanted);
}

/* What is wrong with the configuration is said before anything is measured. */
static int bench_check(bench *b) {
  hd_config *config = NULL;
  const hd_env_desc *env;
  hd_status status = hd_env_find(b->ctx, b->task, &env);
  if (status == HD_OK) {
    b->task = env->name;
    status = learner_config(b, b->ctx, NULL, "", &config);
    hd_config_destroy(config);
  }
  return status == HD_OK ? EXIT_OK : say_status(b->ctx, status);
}

static int bench_measure(hd_ctx *ctx, notes *log, const request *wanted, const arguments *args) {
  bench b = {.ctx = ctx,
             .log = log,
             .task = wanted->task != NULL ? wanted->task : "CartPole-v1",
             .method = wanted->method != NULL ? wanted->method : default_method,
             .set = wanted->set,
             .n_set = wanted->n_set,
             .args = args,
             .has_task = wanted->task != NULL,
             .is_own = wanted->method != NULL || wanted->n_set > 0,
             .seconds = args->quick ? 0.003 : 0.03,
             .repeats = args->repeats > 0 ? (int)args->repeats : 5,
             .seeds = args->seeds > 0 ? (int)args->seeds
                      : args->quick   ? 4
                                      : 20,
             .threads = open_threads(args)};
  int code = EXIT_OK;
  if (args->seconds != NULL) {
    code = bench_take_seconds(args->seconds, &b.seconds);
  }
  if (code == EXIT_OK) {
    code = bench_check(&b);
  }
  if (code == EXIT_OK) {
    const system_facts facts = system_read();
    code = args->json ? bench_run_json(&b, wanted, &facts) : bench_run_text(&b, wanted, &facts);
  }
  return code;
}

static int bench_run_bench(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  request wanted = {.set = calloc((size_t)(args->n_operands + args->n_set + 1), sizeof(char *))};
  code = wanted.set != NULL ? bench_take_all(&wanted, ctx, args) : say_failure("out of memory");
  if (code == EXIT_OK) {
    code = bench_measure(ctx, &log, &wanted, args);
  }
  free(wanted.set);
  hd_ctx_destroy(ctx);
  return code;
}

static void bench_groups_help(const arguments *args) {
  (void)args;
  printf("\ngroups (all of them if none is named):\n\n");
  for (int i = 0; i < N_GROUPS; i++) {
    say_item(stdout, 2, 24, groups[i].name, groups[i].doc);
  }
  printf(
      "\nA method or a setting makes bench measure that configuration alone:\n\n"
      "  hedon bench learn neuron-agent hidden=128\n");
}

static const flag flags[] = {
    {"--task", "T", FLAG_WORD, offsetof(arguments, task),
     "what is learned (default: CartPole-v1); a bare name does as well"},
    {"--method", "M", FLAG_WORD, offsetof(arguments, method),
     "how it is learned (default: all, or neuron-agent), by name or FILE.toml; a bare name does as "
     "well"},
    {"--set", "KEY=VALUE ...", FLAG_PAIRS, 0, "change settings; bare pairs do as well"},
    {"--seconds", "S", FLAG_WORD, offsetof(arguments, seconds),
     "of CPU for each run of each figure (default: 0.03)"},
    {"--repeats", "N", FLAG_COUNT, offsetof(arguments, repeats), "runs per figure (default: 5)"},
    {"--seeds", "N", FLAG_COUNT, offsetof(arguments, seeds),
     "learners of whole trainings (default: 20)"},
    FLAG_THREADS,
    {"--quick", NULL, FLAG_SWITCH, offsetof(arguments, quick),
     "a tenth of the time, four seeds: to see that all works"},
    FLAG_JSON("one object"),
};

const command command_bench = {
    .name = "bench",
    .summary = "measure speed and size on this machine, against its limits",
    .usage =
        "[GROUP ...] [TASK] [METHOD] [KEY=VALUE ...] [--seconds S] [--repeats N]\n"
        "                   [--seeds N] [--threads N] [--quick] [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .max_operands = MAX_OPERANDS,
    .run = bench_run_bench,
    .more_help = bench_groups_help,
};
