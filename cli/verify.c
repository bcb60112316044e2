/* hedon verify: runs a run again and says whether everything that was recorded comes out. */
#include "verify.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "open.h"
#include "say.h"

/* The learners of one run that are checked, by as many threads as there are. */
typedef struct verify_job {
  const arguments *args;
  const run_data *run;
  const char *policy;
  int n;                   /* learners to check */
  int *at;                 /* [n] which of the run's */
  verify_verdict *verdict; /* [n] */
  int next;
  pthread_mutex_t mutex;
} verify_job;

/* ---- work ---- */

static int verify_take(verify_job *self) {
  pthread_mutex_lock(&self->mutex);
  const int next = self->next < self->n ? self->next++ : -1;
  pthread_mutex_unlock(&self->mutex);
  return next;
}

/* A context serves one thread. */
static void *verify_work(void *user) {
  verify_job *self = user;
  notes log = {.n = NOTES_MAX}; /* full: what the run said then is not said again */
  hd_ctx *ctx;
  if (open_context(self->args, &log, &ctx) != EXIT_OK) {
    return NULL;
  }
  for (int i; (i = verify_take(self)) >= 0;) {
    verify_learner_again(ctx, self->run, self->at[i], self->policy, &self->verdict[i]);
  }
  hd_ctx_destroy(ctx);
  return NULL;
}

static void verify_run_threads(verify_job *self) {
  enum { MOST = 256 };
  pthread_t thread[MOST];
  int n = open_threads(self->args), started = 0;
  n = n < self->n ? n : self->n;
  n = n < MOST ? n : MOST;
  pthread_mutex_init(&self->mutex, NULL);
  while (started < n - 1 && pthread_create(&thread[started], NULL, verify_work, self) == 0) {
    started++;
  }
  verify_work(self);
  for (int i = 0; i < started; i++) {
    pthread_join(thread[i], NULL);
  }
  pthread_mutex_destroy(&self->mutex);
}

/* ---- what is said ---- */

static const char *verify_word(verify_kind kind) {
  static const char *const word[] = {[VERIFY_NOTHING] = "nothing recorded",
                                     [VERIFY_SAME] = "same",
                                     [VERIFY_PARTS] = "parts",
                                     [VERIFY_FAILS] = "fails"};
  return word[kind];
}

static void verify_say_learner(const verify_job *self, int i) {
  const verify_verdict *v = &self->verdict[i];
  char a[SAY_SIZE], b[SAY_SIZE];
  printf("  seed %" PRIu64 ": %s", self->run->learner[self->at[i]].result.seed,
         verify_word(v->kind));
  if (v->kind == VERIFY_SAME) {
    printf(", %d evaluation%s and hashes compared\n", v->n_checked, v->n_checked == 1 ? "" : "s");
  } else if (v->kind == VERIFY_PARTS) {
    printf(" between %s and %s steps: %s\n", say_count(a, v->from), say_count(b, v->to), v->what);
  } else {
    printf("%s%s\n", v->what[0] != '\0' ? ": " : "", v->what);
  }
}

static void verify_say_json(const verify_job *self, int i) {
  const verify_verdict *v = &self->verdict[i];
  printf("%s{\"seed\":%" PRIu64 ",\"verdict\":\"%s\",\"compared\":%d,\"from\":%" PRId64
         ",\"to\":%" PRId64 ",\"what\":",
         i > 0 ? "," : "", self->run->learner[self->at[i]].result.seed, verify_word(v->kind),
         v->n_checked, v->from, v->to);
  json_string(stdout, v->what);
  printf("}");
}

static int verify_say(const verify_job *self) {
  char title[RUN_PATH];
  int n_same = 0;
  for (int i = 0; i < self->n; i++) {
    n_same += self->verdict[i].kind == VERIFY_SAME;
  }
  if (self->args->json) {
    printf("{\"run\":");
    json_string(stdout, self->run->path);
    printf(",\"same\":%d,\"of\":%d,\"learners\":[", n_same, self->n);
  } else {
    printf("%s: %s\n", self->run->path, run_title(self->run, title, sizeof title));
  }
  for (int i = 0; i < self->n; i++) {
    (self->args->json ? verify_say_json : verify_say_learner)(self, i);
  }
  if (self->args->json) {
    printf("]}\n");
  } else {
    printf("%d of %d learners come out as they were recorded\n", n_same, self->n);
  }
  return n_same == self->n ? EXIT_OK : EXIT_RUN;
}

/* ---- a run ---- */

static void verify_note_work(const verify_job *self) {
  char number[SAY_SIZE], seeds[SAY_SIZE];
  int64_t steps = 0;
  for (int i = 0; i < self->n; i++) {
    steps += self->run->learner[self->at[i]].result.env_steps;
  }
  if (!self->args->quiet) {
    fprintf(stderr, "hedon: running %s again, %s steps in all\n", say_seeds(seeds, self->n),
            say_short(number, (double)steps));
  }
}

/* All learners, or --seeds of them, the first, the last and those between at equal distances. */
static int verify_run(const arguments *args, const run_data *run) {
  char policy[RUN_PATH + 16];
  snprintf(policy, sizeof policy, "%s/policy.hd", run->path);
  verify_job self = {.args = args,
                     .run = run,
                     .policy = access(policy, F_OK) == 0 ? policy : NULL,
                     .n = args->seeds > 0 && args->seeds < run->n ? (int)args->seeds : run->n};
  self.at = calloc((size_t)self.n, sizeof *self.at);
  self.verdict = calloc((size_t)self.n, sizeof *self.verdict);
  int code = EXIT_RUN;
  if (self.at == NULL || self.verdict == NULL) {
    say_failure("out of memory");
  } else {
    for (int i = 0; i < self.n; i++) {
      self.at[i] = self.n > 1 ? (int)((int64_t)i * (run->n - 1) / (self.n - 1)) : 0;
    }
    verify_note_work(&self);
    verify_run_threads(&self);
    code = verify_say(&self);
  }
  free(self.at);
  free(self.verdict);
  return code;
}

static int verify(const arguments *args) {
  notes log = {.n = 0};
  hd_ctx *ctx;
  run_list list;
  int code = open_context(args, &log, &ctx);
  if (code != EXIT_OK) {
    return code;
  }
  code = run_find(ctx, args->operand, args->n_operands, &list);
  for (int i = 0; i < list.n; i++) {
    const int one = verify_run(args, &list.run[i]);
    code = code == EXIT_OK ? one : code;
  }
  code = code == EXIT_OK && list.n_skipped > 0 ? EXIT_RUN : code;
  run_list_free(&list);
  hd_ctx_destroy(ctx);
  return code;
}

static const flag flags[] = {
    {"--seeds", "N", FLAG_SEEDS, offsetof(arguments, seeds),
     "run only N of a run's learners again, spread over all of them (default: all)"},
    FLAG_THREADS,
    FLAG_JSON("print one object a line for each run"),
    FLAG_QUIET,
};

const command command_verify = {
    .name = "verify",
    .summary = "run a run again, and say whether all that was recorded comes out",
    .usage = "RUN_OR_DIR ... [--seeds N] [--threads N] [--json] [--quiet]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = MAX_OPERANDS,
    .operand_help = "the folder of a run",
    .run = verify,
};
