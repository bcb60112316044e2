/* Bytes: of the files, and of a learner by its configuration. */
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench_learner.h"
#include "command.h"
#include "say.h"

static void bench_size_add_file(section *s, const char *name, const char *path) {
  struct stat facts;
  if (stat(path, &facts) == 0) {
    section_add(s, "%s", name)->value.median = (double)facts.st_size;
  }
}

/* The tool, and the libraries beside it or in the lib folder of the same prefix. */
static void bench_size_files(const bench *b) {
  static section s = {.group = "size",
                      .key = "files",
                      .title = "bytes of what is installed, as it lies on disk",
                      .value = {"bytes", FIGURE_BYTES},
                      .is_exact = true};
  static const char *const library[] = {"libhedon.so", "libhedon.a"};
  static const char *const where[] = {".", "../lib", "../lib64"};
  char self[512] = "";
  const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length > 0) {
    bench_size_add_file(&s, "hedon", self);
    *strrchr(self, '/') = '\0';
    for (int i = 0; i < 2; i++) {
      const int before = s.n;
      for (int k = 0; k < 3 && s.n == before; k++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s/%s", self, where[k], library[i]);
        bench_size_add_file(&s, library[i], path);
      }
    }
    report_section(b->report, &s);
  }
}

static double bench_size_weights_of(const learner *l) {
  double bytes = 0;
  for (int i = 0; i < hd_session_view_count(l->session); i++) {
    const hd_view view = hd_session_view_at(l->session, i);
    if (strcmp(view.name, "actor") == 0 || strcmp(view.name, "critic") == 0) {
      double n = sizeof(float);
      for (int d = 0; d < view.n_dims; d++) {
        n *= (double)view.shape[d];
      }
      bytes += n;
    }
  }
  return bytes;
}

static hd_status bench_size_add_learner(const bench *b, section *s, const char *name,
                                        const char *method, const char *settings, char *error) {
  learner l;
  double steps;
  HD_TRY(learner_open(b, method, settings, 0, &l, error));
  const int64_t made = l.memory.now;
  const hd_status status = learner_turn(&l, &steps);
  if (status == HD_OK) {
    row *r = section_add(s, "%s", name);
    r->value.median = (double)made;
    r->more[0] = (double)l.memory.peak;
    r->more[1] = bench_size_weights_of(&l);
  }
  learner_close(&l);
  return status;
}

static const char *const settings[] = {"hidden=64 envs=4",    "hidden=64 envs=64",
                                       "hidden=64 envs=1024", "hidden=128,128",
                                       "hidden=256,256",      "hidden=1024"};

int bench_size(const bench *b) {
  static section s = {.group = "size",
                      .key = "learners",
                      .title = "bytes of one learner with its context",
                      .note =
                          "peak: while it was made and trained. weights: of actor and critic, "
                          "padding included.",
                      .value = {"bytes", FIGURE_BYTES},
                      .is_exact = true,
                      .more = {{"peak", FIGURE_BYTES}, {"weights", FIGURE_BYTES}},
                      .n_more = 2};
  char error[BENCH_ERROR] = "";
  hd_status status = HD_OK;
  bench_size_files(b);
  if (b->is_own) {
    status = bench_size_add_learner(b, &s, b->method, NULL, "", error);
  }
  for (int i = 0; i < hd_method_count() && status == HD_OK && !b->is_own; i++) {
    status = bench_size_add_learner(b, &s, hd_method_at(i)->name, hd_method_at(i)->name, "", error);
    if (status == HD_CONFLICT) { /* a method for tasks of another kind */
      status = HD_OK;
    }
  }
  for (size_t i = 0; i < sizeof settings / sizeof settings[0] && status == HD_OK && !b->is_own;
       i++) {
    status = bench_size_add_learner(b, &s, settings[i], NULL, settings[i], error);
  }
  if (status != HD_OK) {
    return learner_say(status, error);
  }
  report_section(b->report, &s);
  return EXIT_OK;
}
