/* A method's file as text: TOML with a head, a table [settings], and tables [task."NAME, NAME"].
 *
 *   doc = "..."            what the method is, one line
 *   source = "..."         who published it; may be left out
 *   extends = "NAME"       the method, or the file *.toml beside this one, whose settings come
 *                          first; may be left out
 *   [settings]             what it sets on every task
 *   [task."CartPole-v1"]   what it sets there besides; also on tasks of a class: finite, samples
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

enum { HD_METHOD_ROWS = 48, HD_METHOD_POOL = 6144, HD_METHOD_NAME = 48, HD_METHOD_MAX = 1 << 16 };

/* A method that was read, with all that it extends. */
typedef struct hd__method {
  hd_method about;                      /* first; points into pool, as the rows do */
  hd_status status;                     /* of reading it: if it failed, about.doc says why */
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

/* A method's text that was read. */
typedef struct hd__method_source {
  const char *path, *text;
  size_t size;
  hd__toml_doc doc;
  char extends[HD_METHOD_NAME]; /* the value of its line `extends`, or "" */
} hd__method_source;

/* Read a text; `path` is its file's, for sentences.  Errors  FORMAT, NOMEM; on success the caller
 * closes it, and until then the text stays. */
hd_status hd__method_open(hd_ctx *ctx, const char *path, const char *text, size_t size,
                          hd__method_source *out);
void hd__method_close(hd__method_source *source);

/* Make the method called `name` of a text that extends `parent`, or NULL.  Errors  FORMAT; on
 * failure *out means nothing. */
hd_status hd__method_fill(hd_ctx *ctx, const hd__method_source *source, const char *name,
                          const hd__method *parent, hd__method *out);

/* A method that could not be read: `why` is its doc. */
void hd__method_fill_failed(const char *name, hd_status status, const char *why, hd__method *out);

/* Room for what the built-in texts say, in their order; method_list.c fills it. */
extern hd__method hd__methods[];

/* Let the pointers of a copy point into itself. */
void hd__method_link(hd__method *method);

#endif
