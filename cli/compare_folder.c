/* The folder of `hedon compare --out`: claimed for one comparison, which may go on there.
 *
 *   plan.txt                                 what is compared, every setting of every cell
 *   cells/N                                  the run folder of cell N, in the order of the plan
 *   compare.json, compare.md, compare.svg    what there is so far
 *
 * Whoever finds another plan there changes nothing. A lock on the folder keeps a second process
 * out. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare.h"
#include "say.h"

/* ---- the plan ---- */

static void compare_folder_cell_plan(FILE *file, const cell *c) {
  fprintf(file, "\n%s by %s\n", hd_config_task(c->config), c->label);
  for (int i = 0; i < hd_config_count(c->config); i++) {
    const hd_option option = hd_config_at(c->config, i);
    if (option.key != NULL) {
      fprintf(file, "%s = %s\n", option.key, option.value);
    }
  }
}

static void compare_folder_plan(FILE *file, const comparison *self) {
  fprintf(file, "seeds %" PRIu64 " and %d more\n", self->args->seed, self->n_seeds - 1);
  for (int i = 0; i < self->n_tasks * self->n_methods; i++) {
    compare_folder_cell_plan(file, &self->cell[i]);
  }
}

/* The plan as text that the caller frees; NULL: out of memory. */
static char *compare_folder_plan_text(const comparison *self) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) {
    return NULL;
  }
  compare_folder_plan(file, self);
  if (fclose(file) != 0) {
    free(text);
    return NULL;
  }
  return text;
}

/* The first line in which two texts differ, as the first of them has it. */
static const char *compare_folder_difference(const char *a, const char *b) {
  const char *line = a;
  for (; *a != '\0' && *a == *b; a++, b++) {
    line = *a == '\n' ? a + 1 : line;
  }
  return line;
}

static int compare_folder_check_plan(const char *dir, const char *path, const char *plan) {
  FILE *file = fopen(path, "r");
  const size_t room = strlen(plan) + 2;
  char *found = calloc(1, room);
  int code = EXIT_OK;
  if (file == NULL || found == NULL) {
    code = say_failure("%s cannot be read", path);
  } else {
    const size_t n = fread(found, 1, room - 1, file);
    found[n] = '\0';
    if (strcmp(found, plan) != 0) {
      const char *line = compare_folder_difference(found, plan);
      code = say_failure("%s holds another comparison (\"%.*s\" there); choose another folder", dir,
                         (int)strcspn(line, "\n"), line);
    }
  }
  free(found);
  if (file != NULL) {
    fclose(file);
  }
  return code;
}

/* ---- the folder ---- */

static bool compare_folder_is_empty(const char *dir) {
  DIR *folder = opendir(dir);
  int n = 0;
  while (folder != NULL && readdir(folder) != NULL) {
    n++;
  }
  if (folder != NULL) {
    closedir(folder);
  }
  return n <= 2; /* "." and ".." */
}

static int compare_folder_lock(comparison *self) {
  const char *dir = self->args->out;
  if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
    return say_failure("%s cannot be made: %s", dir, strerror(errno));
  }
  self->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->folder < 0) {
    return say_failure("%s cannot be opened as a folder: %s", dir, strerror(errno));
  }
  return flock(self->folder, LOCK_EX | LOCK_NB) == 0
             ? EXIT_OK
             : say_failure("%s is in use by another process", dir);
}

static int compare_folder_begin(const comparison *self, const char *plan) {
  char path[COMPARE_PATH], cells[COMPARE_PATH];
  const char *dir = self->args->out;
  if (snprintf(path, sizeof path, "%s/plan.txt", dir) >= (int)sizeof path - 32) {
    return say_failure("the name of %s is too long", dir);
  }
  snprintf(cells, sizeof cells, "%s/cells", dir);
  if (access(path, F_OK) == 0) {
    return compare_folder_check_plan(dir, path, plan);
  }
  if (!compare_folder_is_empty(dir)) {
    return say_failure("%s holds files that are no comparison to go on with; choose another folder",
                       dir);
  }
  const int code = compare_write_form(path, compare_folder_plan, self);
  if (code == EXIT_OK && mkdir(cells, 0777) != 0) {
    return say_failure("%s cannot be made: %s", cells, strerror(errno));
  }
  return code;
}

int compare_claim(comparison *self) {
  self->folder = -1;
  if (self->args->out == NULL) {
    return EXIT_OK;
  }
  const int code = compare_folder_lock(self);
  char *plan = code == EXIT_OK ? compare_folder_plan_text(self) : NULL;
  if (code == EXIT_OK && plan == NULL) {
    return say_failure("out of memory");
  }
  const int begun = code == EXIT_OK ? compare_folder_begin(self, plan) : code;
  free(plan);
  return begun;
}

void compare_release(const comparison *self) {
  if (self->folder >= 0) {
    close(self->folder);
  }
}

/* ---- cells ---- */

const char *compare_cell_folder(const comparison *self, const cell *c, char path[COMPARE_PATH]) {
  if (self->args->out == NULL) {
    return NULL;
  }
  snprintf(path, COMPARE_PATH, "%s/cells/%d", self->args->out, c->number);
  return path;
}

bool compare_cell_has_begun(const char *folder) {
  char path[COMPARE_PATH + 16];
  snprintf(path, sizeof path, "%s/config.toml", folder);
  return access(path, F_OK) == 0;
}
