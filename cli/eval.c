#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json.h"
#include "open.h"
#include "plugins.h"
#include "run_data.h"
#include "say.h"

enum { PATH_SIZE = 4096, EPISODES = 100 };

typedef struct verdict {
  hd_ctx *ctx;
  const arguments *args;
  int episodes;
  bool json;
  int n; /* checkpoints evaluated so far */
} verdict;

static void eval_verdict_text(hd_session *session, const double *returns, int n, double mean,
                              const char *path) {
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  double low = returns[0], high = returns[0];
  for (int i = 1; i < n; i++) {
    low = fmin(low, returns[i]);
    high = fmax(high, returns[i]);
  }
  const hd_config *config = hd_session_config(session);
  printf("%s with %s: return %s, mean of %d greedy episode%s (%s to %s)  %s\n",
         hd_config_task(config), hd_config_method(config), say_figure(a, mean), n,
         n == 1 ? "" : "s", say_figure(b, low), say_figure(c, high), path);
}

static void eval_verdict_json(hd_session *session, const double *returns, int n, double mean,
                              const char *path) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  const hd_config *config = hd_session_config(session);
  printf("{\"file\":");
  json_string(stdout, path);
  printf(",\"env\":");
  json_string(stdout, hd_config_task(config));
  printf(",\"method\":");
  json_string(stdout, hd_config_method(config));
  printf(",\"seed\":%" PRIu64 ",\"env_steps\":%" PRId64 ",\"hash\":", stats.seed, stats.env_steps);
  json_hash(stdout, hd_session_hash(session));
  printf(",\"return_mean\":");
  json_number(stdout, mean);
  printf(",\"returns\":[");
  for (int i = 0; i < n; i++) {
    printf("%s", i > 0 ? "," : "");
    json_number(stdout, returns[i]);
  }
  printf("]}\n");
}

static int eval_evaluate_checkpoint(verdict *self, const char *path) {
  hd_session *session = NULL;
  double mean, *returns = malloc((size_t)self->episodes * sizeof *returns);
  if (returns == NULL) {
    return say_failure("out of memory");
  }
  hd_status status = hd_session_load(self->ctx, path, &session);
  if (status == HD_OK) {
    status = hd_session_evaluate(session, self->episodes, 0, returns, &mean);
  }
  if (status == HD_OK) {
    (self->json ? eval_verdict_json : eval_verdict_text)(session, returns, self->episodes, mean,
                                                         path);
    self->n++;
  }
  hd_session_destroy(session);
  free(returns);
  return status == HD_OK ? EXIT_OK : plugins_say(self->ctx, status, self->args);
}

static int eval_is_checkpoint(const struct dirent *entry) {
  const char *end = strrchr(entry->d_name, '.');
  return strncmp(entry->d_name, "checkpoint-", 11) == 0 && end != NULL && strcmp(end, ".hd") == 0;
}

/* checkpoint-9.hd before checkpoint-10.hd */
static int eval_by_number(const struct dirent **a, const struct dirent **b) {
  const size_t m = strlen((*a)->d_name), n = strlen((*b)->d_name);
  return m != n ? (m > n) - (m < n) : strcmp((*a)->d_name, (*b)->d_name);
}

static int eval_evaluate_folder(verdict *self, const char *dir) {
  struct dirent **entry;
  const int n = scandir(dir, &entry, eval_is_checkpoint, eval_by_number);
  if (n <= 0) {
    return run_say_none(dir, "checkpoint");
  }
  int code = EXIT_OK;
  for (int i = 0; i < n; i++) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", dir, entry[i]->d_name);
    if (code == EXIT_OK) {
      code = eval_evaluate_checkpoint(self, path);
    }
    free(entry[i]);
  }
  free(entry);
  return code;
}

static int eval_evaluate(verdict *self, const char *path) {
  struct stat file;
  const bool is_folder = stat(path, &file) == 0 && S_ISDIR(file.st_mode);
  return is_folder ? eval_evaluate_folder(self, path) : eval_evaluate_checkpoint(self, path);
}

static int eval(const arguments *args) {
  notes log = {.n = 0};
  verdict self = {.args = args,
                  .json = args->json,
                  .episodes = args->count_episodes > 0 ? (int)args->count_episodes : EPISODES};
  int code = open_context(args, &log, &self.ctx);
  if (code != EXIT_OK) {
    return code;
  }
  for (int i = 0; i < args->n_operands; i++) { /* one that fails does not hide the others */
    const int one = eval_evaluate(&self, args->operand[i]);
    code = code == EXIT_OK ? one : code;
  }
  hd_ctx_destroy(self.ctx);
  return code;
}

static const flag flags[] = {
    {"--episodes", "N", FLAG_COUNT, offsetof(arguments, count_episodes),
     "greedy episodes to play (default: 100)"},
    FLAG_JSON("print one object a line for each checkpoint"),
};

const command command_eval = {
    .name = "eval",
    .summary = "play greedily from checkpoints, or from every one in the folders of runs",
    .usage = "FILE_OR_DIR ... [--episodes N] [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = MAX_OPERANDS,
    .operand_help = "a checkpoint or the folder of a run",
    .run = eval,
};
