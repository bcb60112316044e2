/* Comparisons that have a name: rows of data. */
#ifndef CLI_EXPERIMENTS_H
#define CLI_EXPERIMENTS_H

typedef struct experiment_task {
  const char *name;     /* NULL ends the list */
  const char *settings; /* "key=value ?key=value ...": with ?, where a method reads the key */
} experiment_task;

typedef struct experiment {
  const char *name;
  const char *doc;
  const char *source;
  const char *methods; /* as --methods takes them */
  int seeds;
  const experiment_task *tasks;
} experiment;

int experiment_count(void);
const experiment *experiment_at(int index);

/* By name; NULL if there is none of that name. */
const experiment *experiment_find(const char *name);

#endif
