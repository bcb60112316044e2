/* A method's file as text: TOML with a head, a table [settings], and tables [task."NAME, NAME"].
 *
 *   doc = "..."            what the method is, one line
 *   source = "..."         who published it; may be left out
 *   extends = "NAME"       the method, or the file *.toml beside this one, whose settings come
 * first; may be left out [settings]             what it sets on every task [task."CartPole-v1"]
 * what it sets there besides; also on tasks of a class: finite, samples
 *
 * The settings of what a file extends come before its own, and those of tasks after those of all
 * tasks. A name that begins with an underscore is for extending only. */
#ifndef HD_METHOD_TEXT_H
#define HD_METHOD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hedon/config.h"
#include "toml.h"

/* The files that are built in, in the order of their names. */
typedef struct hd__method_text {
  const char *name, *text;
  size_t size;
} hd__method_text;

extern const hd__method_text hd__method_texts[];
extern const int hd__method_text_count;

enum { HD_METHOD_ROWS = 24, HD_METHOD_POOL = 6144, HD_METHOD_NAME = 48, HD_METHOD_MAX = 1 << 16 };

/* A method that was read, with all that it extends. */
typedef struct hd__method {
  hd_method about;                      /* first; points into pool, as the rows do */
  hd_task_row task[HD_METHOD_ROWS + 1]; /* ends with an empty row */
  uint64_t hash;                        /* of its text and of those it extends; 0: built in */
  int n_tasks;
  size_t at_doc, at_source, at_settings, at_name; /* offsets in pool */
  size_t at_tasks[HD_METHOD_ROWS], at_set[HD_METHOD_ROWS];
  size_t used;
  char pool[HD_METHOD_POOL];
} hd__method;

/* What a setting of a method's text sets, and in which table: "settings" or "task.NAME, NAME";
 * NULL: it belongs to the head. */
const char *hd__method_line(const hd__toml *toml, char table[HD_TOML_KEY]);

/* The value of a text's line `extends`, or "".  Errors  FORMAT, NOMEM. */
hd_status hd__method_extends(hd_ctx *ctx, const char *path, const char *text, size_t size,
                             char extends[HD_METHOD_NAME]);

/* Read a text that extends `parent`, or NULL. `path` is the file's, for sentences; `name` the
 * method's.  Errors  FORMAT, NOMEM; on failure *out means nothing. */
hd_status hd__method_parse(hd_ctx *ctx, const char *path, const char *name, const char *text,
                           size_t size, const hd__method *parent, hd__method *out);

/* Room for what the built-in texts say, in their order; method.c fills it. */
extern hd__method hd__methods[];

/* Let the pointers of a copy point into itself. */
void hd__method_link(hd__method *method);

#endif
