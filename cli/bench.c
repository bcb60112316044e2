#include <stdlib.h>
#include <time.h>

#include "actions.h"
#include "json.h"
#include "open.h"
#include "say.h"

/* Each figure is the median of REPEATS runs of at least so long. */
enum { REPEATS = 5, BATCH = 64, ACTIONS = 64 };
static const double env_s = 0.04, train_s = 0.15;

typedef struct figure {
  const char *name;
  double median, best; /* per CPU second */
} figure;

static double cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void sum_up(figure *out, double rate[REPEATS]) {
  qsort(rate, REPEATS, sizeof *rate, ascending);
  out->median = rate[REPEATS / 2];
  out->best = rate[REPEATS - 1];
}

#ifdef __clang__
static const char compiler[] = __VERSION__;
#else
static const char compiler[] = "gcc " __VERSION__;
#endif

/* Buffers for stepping a batch of any environment. */
typedef struct batch {
  float action[ACTIONS][BATCH * HD_MAX_DIMS], obs[BATCH * HD_MAX_DIMS];
  double reward[BATCH];
  bool terminated[BATCH], truncated[BATCH];
} batch;

static double env_rate(hd_envs *envs, batch *b) {
  int64_t steps = 0;
  const double began = cpu_s();
  double spent;
  do {
    for (int t = 0; t < ACTIONS; t++) {
      hd_envs_step(envs, b->action[t], b->obs, b->reward, b->terminated, b->truncated);
      hd_envs_reset_done(envs, b->obs);
    }
    steps += (int64_t)ACTIONS * BATCH;
    spent = cpu_s() - began;
  } while (spent < env_s);
  return (double)steps / spent;
}

static hd_status bench_env(hd_ctx *ctx, const hd_env_desc *env, batch *b, figure *out) {
  hd_envs *envs;
  HD_TRY(hd_envs_create(ctx, env, BATCH, 0, HD_RNG_NATIVE, &envs));
  actions source;
  actions_random(&source, env, 0);
  for (int t = 0; t < ACTIONS; t++) {
    for (int i = 0; i < BATCH; i++) {
      actions_next(&source, 0, &b->action[t][i * env->n_act]);
    }
  }
  double rate[REPEATS];
  hd_envs_reset(envs, b->obs);
  for (int i = 0; i < REPEATS; i++) {
    rate[i] = env_rate(envs, b);
  }
  hd_envs_destroy(envs);
  out->name = env->name;
  sum_up(out, rate);
  return HD_OK;
}

static hd_status bench_method(hd_ctx *ctx, const char *method, figure *out) {
  hd_config *config;
  HD_TRY(hd_config_create(ctx, "CartPole-v1", method, &config));
  double rate[REPEATS];
  hd_status status = HD_OK;
  for (int i = 0; i < REPEATS && status == HD_OK; i++) {
    hd_session *session = NULL;
    hd_stats stats = {.env_steps = 0};
    status = hd_session_create(ctx, config, (uint64_t)i, &session);
    const double began = cpu_s();
    while (status == HD_OK && cpu_s() - began < train_s) {
      status = hd_session_train(session, 256);
    }
    const double spent = cpu_s() - began;
    if (status == HD_OK) {
      hd_session_stats(session, &stats);
      rate[i] = (double)stats.env_steps / spent;
    }
    hd_session_destroy(session);
  }
  hd_config_destroy(config);
  if (status == HD_OK) {
    out->name = method;
    sum_up(out, rate);
  }
  return status;
}

static void table(const char *title, const figure *row, int n) {
  printf("%-32s %10s %10s\n", title, "median", "best");
  for (int i = 0; i < n; i++) {
    char a[SAY_SIZE], b[SAY_SIZE];
    printf("  %-30s %10s %10s\n", row[i].name, say_short(a, row[i].median),
           say_short(b, row[i].best));
  }
}

static void table_json(const char *key, const figure *row, int n) {
  printf("\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    printf("%s{\"name\":", i > 0 ? "," : "");
    json_string(stdout, row[i].name);
    printf(",\"median\":");
    json_number(stdout, row[i].median);
    printf(",\"best\":");
    json_number(stdout, row[i].best);
    printf("}");
  }
  printf("]");
}

static void show(const hd_ctx *ctx, const figure *env, const figure *method, bool json) {
  const int n_envs = hd_env_count(ctx), n_methods = hd_method_count();
  if (json) {
    printf("{\"version\":\"%s\",\"isa\":\"%s\",\"compiler\":", hd_version(), hd_ctx_isa(ctx));
    json_string(stdout, compiler);
    printf(",");
    table_json("env_steps_per_cpu_s", env, n_envs);
    printf(",");
    table_json("train_steps_per_cpu_s", method, n_methods);
    printf("}\n");
    return;
  }
  printf("hedon %s, instruction set %s, compiler %s; one core, steps per CPU second,\n",
         hd_version(), hd_ctx_isa(ctx), compiler);
  printf("median and best of %d runs\n\n", REPEATS);
  table("environments, 64 at a time", env, n_envs);
  printf("\n");
  table("learning CartPole-v1", method, n_methods);
}

static int measure(hd_ctx *ctx, bool json) {
  const int n_envs = hd_env_count(ctx), n_methods = hd_method_count();
  figure *row = calloc((size_t)(n_envs + n_methods), sizeof *row);
  batch *b = malloc(sizeof *b);
  int code = EXIT_OK;
  if (row == NULL || b == NULL) {
    code = say_failure("out of memory");
  } else {
    hd_status status = HD_OK;
    for (int i = 0; i < n_envs && status == HD_OK; i++) {
      status = bench_env(ctx, hd_env_at(ctx, i), b, &row[i]);
    }
    for (int i = 0; i < n_methods && status == HD_OK; i++) {
      status = bench_method(ctx, hd_method_at(i)->name, &row[n_envs + i]);
    }
    if (status == HD_OK) {
      show(ctx, row, row + n_envs, json);
    } else {
      code = say_status(ctx, status);
    }
  }
  free(b);
  free(row);
  return code;
}

static int bench(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  int code = open_context(&log, &ctx);
  if (code == EXIT_OK) {
    code = measure(ctx, args->json);
    hd_ctx_destroy(ctx);
  }
  return code;
}

static const flag flags[] = {FLAG_JSON("one object")};

const command command_bench = {
    .name = "bench",
    .summary = "measure environments and methods on this machine",
    .usage = "[--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .run = bench,
};
