#include "stand_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 256, LINE = 4096 };

static void stand_in_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)state;
  (void)random;
}

static bool stand_in_step(const hd_env_desc *self, void *state, const float *action,
                          hd_random *random, double *reward) {
  (void)self;
  (void)state;
  (void)action;
  (void)random;
  *reward = 0;
  return true;
}

static void stand_in_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  (void)state;
  obs[0] = 0;
}

/* Every use of the environment begins here, and ends here. */
static hd_status stand_in_open(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]) {
  (void)self;
  (void)body;
  snprintf(why, HD_WHY_SIZE, "the Python program or the plug-in that brought it is not loaded");
  return HD_MISSING;
}

static void stand_in_close(const hd_env_desc *self, void *body) {
  (void)self;
  (void)body;
}

/* What a file says of a run's task. */
typedef struct stand_in_task {
  char name[NAME];
  bool is_finite; /* its observation is one whole number */
} stand_in_task;

/* Methods have rows for finite tasks, and nothing else asks what the dimensions are. */
static const hd_dim stand_in_number = {.name = "unknown", .unit = "", .low = -1, .high = 1};
static const hd_dim stand_in_whole = {.name = "unknown", .unit = "", .count = 2};

static hd_status stand_in_register(hd_ctx *ctx, const char *name, bool is_finite) {
  const hd_env_desc desc = {.size = sizeof desc,
                            .name = name,
                            .doc = "an environment that is not here",
                            .source = "the program that brought it",
                            .obs = is_finite ? &stand_in_whole : &stand_in_number,
                            .n_obs = 1,
                            .act = &stand_in_number,
                            .n_act = 1,
                            .solved = NAN,
                            .low_score = NAN,
                            .high_score = NAN,
                            .state_size = sizeof(void *),
                            .reset = stand_in_reset,
                            .step = stand_in_step,
                            .observe = stand_in_observe,
                            .open = stand_in_open,
                            .close = stand_in_close};
  return hd_env_register(ctx, &desc);
}

/* No name: there is no such line, or no file. */
static stand_in_task stand_in_read(const char *path) {
  stand_in_task task = {.name = ""};
  char line[LINE];
  FILE *file = fopen(path, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    sscanf(line, "task = \"%255[^\"\n]\"", task.name);
    task.is_finite |= strncmp(line, "coding = \"onehot\"", strlen("coding = \"onehot\"")) == 0;
  }
  if (file != NULL) {
    fclose(file);
  }
  return task;
}

/* A descriptor's texts outlive the context. */
typedef struct stand_in_name {
  char text[NAME];
  struct stand_in_name *next;
} stand_in_name;

static stand_in_name *stand_in_names;

bool stand_in_register_of(hd_ctx *ctx, const char *path) {
  const stand_in_task task = stand_in_read(path);
  const hd_env_desc *known;
  if (task.name[0] == '\0' || hd_env_find(ctx, task.name, &known) == HD_OK) {
    return false;
  }
  stand_in_name *name = malloc(sizeof *name);
  if (name == NULL) {
    return false;
  }
  snprintf(name->text, sizeof name->text, "%s", task.name);
  name->next = stand_in_names;
  stand_in_names = name;
  return stand_in_register(ctx, name->text, task.is_finite) == HD_OK;
}

bool stand_in_is(hd_ctx *ctx, const char *task) {
  const hd_env_desc *env;
  return hd_env_find(ctx, task, &env) == HD_OK && env->open == stand_in_open;
}
