#include "run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "system.h"

static const char config_name[] = "config.toml", metrics_name[] = "metrics.jsonl",
                  policy_name[] = "policy.hd";

/* Room for the longest name in a folder, "checkpoint-" and twenty digits. */
enum { NAME_ROOM = 48, METRICS_MAX = 1 << 30 };

static void run_folder_path_of(const hd__run *run, const char *name, char path[HD_PATH_SIZE]) {
  const int n = snprintf(path, HD_PATH_SIZE, "%s/%s", run->dir, name);
  HD_ASSERT(n < HD_PATH_SIZE);
  (void)n;
}

static void run_folder_checkpoint_path(const hd__run *run, uint64_t seed, char path[HD_PATH_SIZE]) {
  char name[NAME_ROOM];
  snprintf(name, sizeof name, "checkpoint-%" PRIu64 ".hd", seed);
  run_folder_path_of(run, name, path);
}

static hd_status run_folder_start(hd_ctx *ctx, const char *dir, hd__run *run) {
  if (dir[0] == '\0' || strlen(dir) > HD_PATH_SIZE - NAME_ROOM) {
    return hd__fail(ctx, HD_IO, "the name of a run folder has 1 to %d characters",
                    HD_PATH_SIZE - NAME_ROOM);
  }
  snprintf(run->dir, sizeof run->dir, "%s", dir);
  run->metrics = -1;
  return HD_OK;
}

/* Make a folder and those above it; one that is there is no failure. */
static bool run_folder_make_folders(const char *dir) {
  char path[HD_PATH_SIZE];
  snprintf(path, sizeof path, "%s", dir);
  for (char *p = path + 1; *p != '\0'; p++) {
    if (*p == '/') {
      *p = '\0';
      if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return false;
      }
      *p = '/';
    }
  }
  return mkdir(path, 0777) == 0 || errno == EEXIST;
}

/* What a run leaves that was killed while its folder was made, and the folder itself. Lines are
 * written only once config.toml is there. */
static bool run_folder_is_ours(const hd__run *run, const char *name) {
  static const char *const names[] = {".", "..", policy_name, "policy.hd.tmp", "config.toml.tmp"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(name, names[i]) == 0) {
      return true;
    }
  }
  char path[HD_PATH_SIZE];
  struct stat info;
  run_folder_path_of(run, metrics_name, path);
  return strcmp(name, metrics_name) == 0 && stat(path, &info) == 0 && info.st_size == 0;
}

static hd_status run_folder_holds_run(hd_ctx *ctx, const hd__run *run, const hd_config *config) {
  const hd_env_desc *env;
  HD_TRY(hd_env_find(ctx, hd_config_task(config), &env));
  return hd__fail(
      ctx, HD_IO,
      env->foreign == NULL
          ? "%s holds a run already; resume it with `hedon resume`, or choose another "
            "folder"
          : "%s holds a run already; choose another folder (`hedon resume` goes on with "
            "a run whose task is called gymnasium:NAME)",
      run->dir);
}

/* Called with the lock held. */
static hd_status run_folder_check_empty(hd_ctx *ctx, const hd__run *run, const hd_config *config) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, config_name, path);
  if (access(path, F_OK) == 0) {
    return run_folder_holds_run(ctx, run, config);
  }
  DIR *folder = opendir(run->dir);
  if (folder == NULL) {
    return hd__fail(ctx, HD_IO, "%s cannot be opened as a folder: %s", run->dir, strerror(errno));
  }
  bool is_empty = true;
  const struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    is_empty &= run_folder_is_ours(run, entry->d_name);
  }
  closedir(folder);
  return is_empty ? HD_OK
                  : hd__fail(ctx, HD_IO, "%s holds files that are no run; choose another folder",
                             run->dir);
}

static hd_status run_folder_open_metrics(hd_ctx *ctx, hd__run *run, int flags) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, metrics_name, path);
  const int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | flags, 0666);
  if (fd < 0) {
    return hd__fail(ctx, HD_IO, "%s cannot be written: %s", path, strerror(errno));
  }
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    return hd__fail(ctx, HD_IO, "%s is in use by another process", run->dir);
  }
  run->metrics = fd;
  pthread_mutex_init(&run->mutex, NULL);
  return HD_OK;
}

void hd__run_close(hd__run *run) {
  if (run->metrics >= 0) {
    close(run->metrics);
    pthread_mutex_destroy(&run->mutex);
    run->metrics = -1;
  }
}

static hd_status run_folder_write_config(hd_ctx *ctx, const hd__run *run, const hd_config *config,
                                         const hd__run_table *table) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, config_name, path);
  hd__replace file;
  HD_TRY(hd__replace_begin(ctx, path, &file));
  hd__config_write_text(&file.sink, config);
  const char *quote = table->seed > INT64_MAX ? "\"" : ""; /* TOML's whole numbers have 63 bits */
  hd__sink_print(&file.sink,
                 "\n[run]\nseed = %s%" PRIu64 "%s  # of the first learner\nseeds = %" PRId64
                 "  # learners, their seeds follow by one\n",
                 quote, table->seed, quote, table->seeds);
  return hd__replace_end(ctx, &file);
}

static hd_status run_folder_save_teacher(hd_ctx *ctx, const hd__run *run, hd_session *teacher) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, policy_name, path);
  return hd__checkpoint_save(ctx, teacher, (hd__extra_views){0}, path);
}

hd_status hd__run_create(hd_ctx *ctx, const char *dir, const hd_config *config,
                         const hd__run_table *table, hd_session *teacher, hd__run *run) {
  HD_TRY(run_folder_start(ctx, dir, run));
  if (!run_folder_make_folders(dir)) {
    return hd__fail(ctx, HD_IO, "the folder %s cannot be made: %s", dir, strerror(errno));
  }
  HD_TRY(run_folder_check_empty(ctx, run, config)); /* before anything is put there, */
  HD_TRY(run_folder_open_metrics(ctx, run, O_CREAT));
  hd_status status = run_folder_check_empty(ctx, run, config); /* and once nobody else is there */
  const bool is_ours = status == HD_OK;
  if (is_ours) {
    status = teacher != NULL ? run_folder_save_teacher(ctx, run, teacher) : HD_OK;
    status = status == HD_OK ? run_folder_write_config(ctx, run, config, table) : status;
  }
  if (status != HD_OK) {
    char path[HD_PATH_SIZE];
    run_folder_path_of(run, metrics_name, path);
    if (is_ours) {
      unlink(path);
    }
    hd__run_close(run);
  }
  return status;
}

/* A process that was killed may have left the beginning of a line. */
static hd_status run_folder_cut_torn_line(hd_ctx *ctx, const hd__run *run) {
  struct stat info;
  if (fstat(run->metrics, &info) != 0) {
    return hd__fail(ctx, HD_IO, "%s/%s cannot be read", run->dir, metrics_name);
  }
  off_t end = info.st_size;
  char last;
  while (end > 0 && hd__file_read_at(run->metrics, (uint64_t)end - 1, &last, 1) && last != '\n') {
    end--;
  }
  return end == info.st_size || ftruncate(run->metrics, end) == 0
             ? HD_OK
             : hd__fail(ctx, HD_IO, "%s/%s cannot be written: %s", run->dir, metrics_name,
                        strerror(errno));
}

static hd_status run_folder_read_config(hd_ctx *ctx, const hd__run *run, hd_config **config,
                                        hd__run_table *table) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, config_name, path);
  if (access(path, F_OK) != 0) {
    return hd__fail(ctx, HD_IO,
                    "%s holds no run: %s is missing; begin one there with `hedon train TASK --out`",
                    run->dir, path);
  }
  char *text;
  size_t size;
  HD_TRY(hd__file_read(ctx, path, HD_CONFIG_TEXT_MAX, &text, &size));
  *table = (hd__run_table){0};
  hd_config *read;
  hd_status status = hd__config_parse(ctx, path, text, size, table, &read);
  hd__free(ctx, text, size + 1);
  HD_TRY(status);
  if (table->seeds == 0) {
    hd_config_destroy(read);
    return hd__fail(ctx, HD_FORMAT, "%s does not say how many learners there are", path);
  }
  *config = read;
  return HD_OK;
}

hd_status hd__run_open(hd_ctx *ctx, const char *dir, hd__run *run, hd_config **config,
                       hd__run_table *table) {
  HD_TRY(run_folder_start(ctx, dir, run));
  HD_TRY(run_folder_read_config(ctx, run, config, table));
  hd_status status = run_folder_open_metrics(ctx, run, O_CREAT);
  if (status == HD_OK) {
    status = run_folder_cut_torn_line(ctx, run);
  }
  if (status != HD_OK) {
    hd__run_close(run);
    hd_config_destroy(*config);
    *config = NULL;
  }
  return status;
}

static hd_status run_folder_sync(hd_ctx *ctx, const hd__run *run) {
  return fdatasync(run->metrics) == 0 ? HD_OK
                                      : hd__fail(ctx, HD_IO, "%s/%s could not be written: %s",
                                                 run->dir, metrics_name, strerror(errno));
}

hd_status hd__run_change(hd_ctx *ctx, const hd__run *run, const hd_config *config,
                         const hd__run_table *table) {
  HD_TRY(run_folder_sync(ctx, run));
  return run_folder_write_config(ctx, run, config, table);
}

/* Called with the mutex held. */
static bool run_folder_append(int fd, const char *line, size_t size) {
  struct stat before;
  if (fstat(fd, &before) != 0) {
    return false;
  }
  for (size_t done = 0; done < size;) {
    const ssize_t n = write(fd, line + done, size - done);
    if (n >= 0) {
      done += (size_t)n;
    } else if (errno != EINTR) {
      const int error = errno;
      if (ftruncate(fd, before.st_size) != 0) {
        return false;
      }
      errno = error;
      return false;
    }
  }
  return true;
}

hd_status hd__run_append(hd_ctx *ctx, hd__run *run, const void *line, size_t size) {
  pthread_mutex_lock(&run->mutex);
  const bool is_written = run_folder_append(run->metrics, line, size);
  const int error = errno;
  pthread_mutex_unlock(&run->mutex);
  return is_written ? HD_OK
                    : hd__fail(ctx, HD_IO, "%s/%s could not be written: %s", run->dir, metrics_name,
                               strerror(error));
}

hd_status hd__run_save(hd_ctx *ctx, hd__run *run, hd_session *session, uint64_t seed,
                       hd__extra_views extra) {
  char path[HD_PATH_SIZE];
  run_folder_checkpoint_path(run, seed, path);
  HD_TRY(run_folder_sync(ctx, run));
  return hd__checkpoint_save(ctx, session, extra, path);
}

hd_status hd__run_load(hd_ctx *ctx, const hd__run *run, uint64_t seed, hd__extra_views extra,
                       hd_session **out) {
  char path[HD_PATH_SIZE];
  run_folder_checkpoint_path(run, seed, path);
  *out = NULL;
  return access(path, F_OK) != 0 ? HD_OK : hd__checkpoint_load(ctx, path, extra, out);
}

hd_status hd__run_load_teacher(hd_ctx *ctx, const hd__run *run, hd_session **out) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, policy_name, path);
  *out = NULL;
  return access(path, F_OK) != 0 ? HD_OK : hd_session_load(ctx, path, out);
}

hd_status hd__run_read_lines(hd_ctx *ctx, const hd__run *run, hd__line_fn fn, void *user) {
  char path[HD_PATH_SIZE];
  run_folder_path_of(run, metrics_name, path);
  char *text;
  size_t size;
  HD_TRY(hd__file_read(ctx, path, METRICS_MAX, &text, &size));
  const char *at = text, *end;
  while ((end = memchr(at, '\n', size - (size_t)(at - text))) != NULL) {
    fn(user, at, (size_t)(end - at));
    at = end + 1;
  }
  hd__free(ctx, text, size + 1);
  return HD_OK;
}
