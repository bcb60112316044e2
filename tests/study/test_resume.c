/* Runs that are killed at any moment, and taken up again. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "files.h"
#include "metrics.h"
#include "studies.h"
#include "study_internal.h"

enum { SEEDS = 3, FIRST = 5, LINES_MAX = 256 };

static hd_ctx *ctx;

static hd_config *make_config(void) {
  static const char *const options[] = {"steps", "12000", "threshold", "1000", NULL};
  return small_config(ctx, "CartPole-v1", options);
}

static hd_study *create(const char *dir) {
  hd_config *config = make_config();
  hd_study_def def = study_def(config, FIRST, SEEDS, 2);
  def.dir = dir;
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  hd_config_destroy(config);
  return study;
}

static void finish(hd_study *study, hd_result result[SEEDS]) {
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  for (int i = 0; i < SEEDS; i++) {
    result[i] = hd_study_result(study, i);
    CHECK(result[i].done);
  }
  hd_study_destroy(study);
}

static void undisturbed(hd_result result[SEEDS]) { finish(create(NULL), result); }

/* ---- metrics.jsonl ---- */

struct lines {
  hd__metrics_line line[LINES_MAX];
  int n, n_wrong;
};

static struct lines read_metrics(const char *dir) {
  struct lines lines = {.n = 0};
  char path[600];
  snprintf(path, sizeof path, "%s/metrics.jsonl", dir);
  size_t size = 0;
  char *text = get_file(path, &size);
  CHECK(text != NULL && (size == 0 || text[size - 1] == '\n'));
  for (char *at = text, *end; at != NULL && (end = strchr(at, '\n')) != NULL; at = end + 1) {
    if (lines.n < LINES_MAX && hd__metrics_read(at, (size_t)(end - at), &lines.line[lines.n])) {
      lines.n++;
    } else {
      lines.n_wrong++;
    }
  }
  free(text);
  return lines;
}

/* Every evaluation once, in order, and one result for each seed. */
static void check_metrics(const char *dir) {
  const struct lines lines = read_metrics(dir);
  int64_t last[SEEDS] = {0};
  int n_evaluations[SEEDS] = {0}, n_results[SEEDS] = {0};
  CHECK(lines.n_wrong == 0);
  for (int i = 0; i < lines.n; i++) {
    const int k = (int)(lines.line[i].seed - FIRST);
    CHECK(k >= 0 && k < SEEDS);
    if (lines.line[i].env_steps < 0) {
      n_results[k]++;
    } else {
      CHECK(n_results[k] == 0);
      CHECK(lines.line[i].env_steps > last[k] && lines.line[i].env_steps <= last[k] + 1100);
      last[k] = lines.line[i].env_steps;
      n_evaluations[k]++;
    }
  }
  for (int k = 0; k < SEEDS; k++) {
    CHECK(n_evaluations[k] == 12 && n_results[k] == 1);
  }
}

/* ---- the tests ---- */

/* In a child: go on in the folder, saving at every turn, until killed or done. */
static int go_on(const char *dir) {
  hd_study *study;
  if (hd_study_resume(ctx, dir, 2, &study) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    return 1;
  }
  study->save_every_s = 0;
  const hd_status status = hd_study_run(study, NULL, NULL);
  hd_study_destroy(study);
  return status != HD_OK;
}

/* Start a child, kill it after so long; true if it came to its end before. */
static bool live_for(const char *dir, long microseconds) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    _exit(go_on(dir));
  }
  const struct timespec pause = {.tv_nsec = microseconds * 1000};
  nanosleep(&pause, NULL);
  kill(child, SIGKILL);
  int state = 0;
  CHECK(waitpid(child, &state, 0) == child);
  CHECK(WIFSIGNALED(state) || WEXITSTATUS(state) == 0);
  return WIFEXITED(state);
}

static void killing_changes_nothing(void) {
  hd_result wanted[SEEDS], got[SEEDS];
  undisturbed(wanted);
  const char *dir = temp_path("killed");
  remove_folder(dir);
  hd_study_destroy(create(dir));
  int n_kills = 0;
  long pause = 3000;
  while (!live_for(dir, pause) && n_kills < 200) {
    n_kills++;
    pause += pause / 8;
  }
  CHECK(n_kills > 3);
  hd_study *study = NULL;
  CHECK(hd_study_resume(ctx, dir, 3, &study) == HD_OK);
  finish(study, got);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(same_result(&wanted[i], &got[i]));
  }
  check_metrics(dir);
}

/* Give every learner so many turns, a thousand steps each, and save it. */
static void begin(hd_study *study, int n_turns) {
  study->turn_s = INFINITY;
  for (int i = 0; i < SEEDS; i++) {
    for (int k = 0; k < n_turns; k++) {
      CHECK(hd__slot_advance(study, i));
    }
    CHECK(hd__slot_save(study, study->slot[i]) == HD_OK);
    CHECK(study->slot[i]->stats.env_steps >= 1000 * n_turns);
  }
}

static void stopping_saves_and_resuming_goes_on(void) {
  hd_result wanted[SEEDS], got[SEEDS];
  undisturbed(wanted);
  const char *dir = temp_path("stopped");
  remove_folder(dir);
  hd_study *study = create(dir);
  for (int i = 0; i < 4; i++) {
    begin(study, 2);
    hd_result before[SEEDS];
    for (int k = 0; k < SEEDS; k++) {
      before[k] = hd_study_result(study, k);
    }
    hd_study_destroy(study);
    study = NULL;
    CHECK(hd_study_resume(ctx, dir, 1 + i, &study) == HD_OK);
    for (int k = 0; k < SEEDS; k++) {
      const hd_result after = hd_study_result(study, k);
      CHECK(same_result(&before[k], &after));
    }
  }
  finish(study, got);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(same_result(&wanted[i], &got[i]));
  }
  check_metrics(dir);

  /* A finished run has nothing to do, and says the same again. */
  CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_OK);
  finish(study, got);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(same_result(&wanted[i], &got[i]));
  }
  check_metrics(dir);
}

/* Layers as the evaluations of one seed tell of them; the caller frees it. */
static char *layers_of(const char *dir, uint64_t seed) {
  char path[600], wanted[32], *told = calloc(1, 1 << 16), *line;
  snprintf(path, sizeof path, "%s/metrics.jsonl", dir);
  snprintf(wanted, sizeof wanted, "\"seed\":%d,", (int)seed);
  size_t size = 0;
  char *text = get_file(path, &size), *rest = text;
  while ((line = strsep(&rest, "\n")) != NULL) {
    const char *layers = strstr(line, "\"layers\":");
    if (layers != NULL && strstr(line, wanted) != NULL) {
      strcat(strcat(told, layers), "\n");
    }
  }
  free(text);
  return told;
}

/* A learner that is stopped between two evaluations still tells its rates since the first of them.
 */
static void spikes_are_counted_on_after_a_stop(void) {
  hd_result ignored[SEEDS];
  const char *whole = temp_path("counted"), *dir = temp_path("counted_on");
  remove_folder(whole);
  remove_folder(dir);
  finish(create(whole), ignored);
  hd_study *study = create(dir);
  begin(study, 2);
  hd__slot *slot = study->slot[0];
  CHECK(hd_session_train(slot->session, 500) == HD_OK);
  slot->is_unsaved = true;
  CHECK(hd__slot_save(study, slot) == HD_OK);
  hd_study_destroy(study);
  CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_OK);
  finish(study, ignored);
  char *wanted = layers_of(whole, FIRST), *got = layers_of(dir, FIRST);
  CHECK(strstr(wanted, "\"rate\":0.") != NULL && strcmp(wanted, got) == 0);
  free(wanted);
  free(got);
}

/* As after a crash between the last lines and the checkpoint: the lines are ahead. */
static void lines_ahead_of_the_checkpoint_are_not_repeated(void) {
  hd_result wanted[SEEDS], got[SEEDS];
  const char *dir = temp_path("ahead");
  remove_folder(dir);
  finish(create(dir), wanted);
  char path[600];
  snprintf(path, sizeof path, "%s/checkpoint-5.hd", dir);
  CHECK(remove(path) == 0);
  hd_study *study = NULL;
  CHECK(hd_study_resume(ctx, dir, 2, &study) == HD_OK);
  CHECK(!hd_study_result(study, 0).done && hd_study_result(study, 1).done);
  finish(study, got);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(same_result(&wanted[i], &got[i]));
  }
  check_metrics(dir);
}

static void a_torn_line_is_cut_off(void) {
  const char *dir = temp_path("torn");
  remove_folder(dir);
  hd_study *study = create(dir);
  begin(study, 3);
  hd_study_destroy(study);
  char path[600];
  snprintf(path, sizeof path, "%s/metrics.jsonl", dir);
  FILE *file = fopen(path, "ab");
  CHECK(file != NULL);
  fputs("{\"event\":\"evaluation\",\"seed\":5,\"env_st", file);
  fclose(file);
  hd_result got[SEEDS];
  CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_OK);
  finish(study, got);
  check_metrics(dir);
}

/* Its results are still there to look at. */
static void a_study_that_is_done_lets_go_of_its_folder(void) {
  hd_config *config = make_config();
  hd_study_def def = study_def(config, FIRST, SEEDS, 1);
  hd_study *study = NULL, *again = NULL;
  const char *dir = temp_path("let_go");
  remove_folder(dir);
  def.dir = dir;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  CHECK(hd_study_extend(ctx, dir, NULL, SEEDS + 1) == HD_OK);
  CHECK(hd_study_resume(ctx, dir, 1, &again) == HD_OK);
  CHECK(hd_study_run(again, NULL, NULL) == HD_OK && hd_study_run(study, NULL, NULL) == HD_OK);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(hd_study_result(study, i).hash == hd_study_result(again, i).hash);
  }
  hd_study_destroy(again);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

static void folders_that_are_no_runs_are_refused(void) {
  hd_config *config = make_config();
  hd_study_def def = study_def(config, FIRST, SEEDS, 1);
  hd_study *study = NULL;

  /* someone's files */
  const char *dir = temp_path("taken");
  remove_folder(dir);
  def.dir = dir;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_IO);
  CHECK(strstr(hd_ctx_error(ctx), "in use") != NULL);
  hd_study_destroy(study);
  CHECK(hd_study_create(ctx, &def, &study) == HD_IO);
  CHECK(strstr(hd_ctx_error(ctx), "resume") != NULL);

  char path[600];
  snprintf(path, sizeof path, "%s/config.toml", dir);
  remove(path);
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK); /* as if killed while the folder was made */
  hd_study_destroy(study);
  remove(path);
  char lines[600];
  snprintf(lines, sizeof lines, "%s/metrics.jsonl", dir);
  put_text(lines, "{}\n");
  CHECK(hd_study_create(ctx, &def, &study) == HD_IO);
  CHECK(strstr(hd_ctx_error(ctx), "no run") != NULL);
  CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_IO);
  CHECK(strstr(hd_ctx_error(ctx), "no run") != NULL);

  /* places that cannot be */
  static const char *const dirs[] = {"/dev/null/run", "/proc/none/run", "/dev/null", ""};
  for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
    def.dir = dirs[i];
    CHECK(hd_study_create(ctx, &def, &study) == HD_IO);
    CHECK(hd_study_resume(ctx, dirs[i], 1, &study) == HD_IO);
  }

  /* folders above are made */
  remove_folder(temp_path("deep"));
  def.dir = temp_path("deep/er/run");
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

static void a_damaged_checkpoint_stops_resuming(void) {
  const char *dir = temp_path("damaged");
  remove_folder(dir);
  hd_study *study = create(dir);
  begin(study, 3);
  hd_study_destroy(study);
  char path[600], other[600];
  snprintf(path, sizeof path, "%s/checkpoint-6.hd", dir);
  snprintf(other, sizeof other, "%s/checkpoint-5.hd", dir);
  size_t size = 0, other_size = 0;
  char *data = get_file(path, &size), *wrong = get_file(other, &other_size);
  CHECK(data != NULL && wrong != NULL);
  if (data != NULL && wrong != NULL) {
    put_file(path, data, size / 2);
    CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_FORMAT);
    CHECK(strstr(hd_ctx_error(ctx), "checkpoint-6.hd") != NULL);
    put_file(path, wrong, other_size);
    CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_MISMATCH);
    CHECK(strstr(hd_ctx_error(ctx), "seed 6") != NULL);
    put_file(path, data, size);
    CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_OK);
    hd_study_destroy(study);
  }
  free(data);
  free(wrong);
}

/* No file may grow beyond a few kilobytes: a checkpoint cannot be written, and later no line. */
static void a_full_disk_stops_the_run_and_harms_nothing(void) {
  hd_result wanted[SEEDS], got[SEEDS];
  undisturbed(wanted);
  const char *dir = temp_path("full");
  remove_folder(dir);
  hd_study *study = create(dir);
  begin(study, 3);
  hd_study_destroy(study);
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, SIG_IGN);
  for (rlim_t bytes = 500; bytes < 6000; bytes += 1100) {
    CHECK(hd_study_resume(ctx, dir, 2, &study) == HD_OK);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = bytes, .rlim_max = limit.rlim_max});
    const hd_status status = hd_study_run(study, NULL, NULL);
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(status == HD_IO);
    CHECK(strstr(hd_ctx_error(ctx), dir) != NULL);
    hd_study_destroy(study);
    CHECK(read_metrics(dir).n_wrong == 0);
  }
  signal(SIGXFSZ, SIG_DFL);
  CHECK(hd_study_resume(ctx, dir, 2, &study) == HD_OK);
  finish(study, got);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(same_result(&wanted[i], &got[i]));
  }
  check_metrics(dir);
}

static const char *swept;

static hd_status resume_swept(hd_ctx *own) {
  hd_study *study;
  HD_TRY(hd_study_resume(own, swept, 1, &study));
  hd_study_destroy(study);
  return HD_OK;
}

static void every_allocation_may_fail(void) {
  swept = temp_path("swept");
  remove_folder(swept);
  hd_study *study = create(swept);
  begin(study, 3);
  hd_study_destroy(study);
  CHECK(fault_sweep(resume_swept) > 10);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(stopping_saves_and_resuming_goes_on);
  RUN(killing_changes_nothing);
  RUN(spikes_are_counted_on_after_a_stop);
  RUN(lines_ahead_of_the_checkpoint_are_not_repeated);
  RUN(a_torn_line_is_cut_off);
  RUN(a_study_that_is_done_lets_go_of_its_folder);
  RUN(folders_that_are_no_runs_are_refused);
  RUN(a_damaged_checkpoint_stops_resuming);
  RUN(a_full_disk_stops_the_run_and_harms_nothing);
  RUN(every_allocation_may_fail);
  hd_ctx_destroy(ctx);
  return test_end();
}
