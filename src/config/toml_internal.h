/* Between the files that read TOML. */
#ifndef HD_TOML_INTERNAL_H
#define HD_TOML_INTERNAL_H

#include "toml.h"

/* A text while it is read. */
typedef struct hd__toml_reader {
  const char *at, *end;
  int line;            /* counted from 1 */
  int depth;           /* of arrays and inline tables */
  const char *problem; /* what is wrong, or NULL, */
  const char *culprit; /* with which key, or "" */
  hd_status status;    /* NOMEM, if that is what is wrong */
  hd__toml_doc *doc;
  int here; /* the table that keys go into */
} hd__toml_reader;

/* How a table or an array came to be. */
enum {
  HD_TOML_BY_PATH = 1,   /* on the way to a table named in a header; may get a header of its own */
  HD_TOML_BY_HEADER = 2, /* [table] */
  HD_TOML_BY_DOTS = 4,   /* a.b = value makes a */
  HD_TOML_BY_VALUE = 8,  /* {inline} or [array]: complete */
  HD_TOML_BY_ITEMS = 16  /* [[array]] */
};

/* ---- toml_reader.c ---- */

/* Note what is wrong; always false. */
bool hd__toml_fail(hd__toml_reader *r, const char *problem);

/* The same of a key. */
bool hd__toml_fail_key(hd__toml_reader *r, const char *key, const char *problem);

/* A line feed, also for CRLF and the end of the text; else the character at hand. */
bool hd__toml_is_end_of_line(const hd__toml_reader *r);
/* One more character of the key or value at hand; always true. */
bool hd__toml_put(hd__toml_reader *r, char c);

/* ---- toml_tree.c ---- */

/* A new node; -1: out of memory. */
int hd__toml_add(hd__toml_reader *r, int parent, const char *key, size_t key_size,
                 hd__toml_type type, unsigned made);
/* The child of this key, or -1. */
int hd__toml_find(const hd__toml_doc *doc, int parent, const char *key, size_t key_size);
/* [a.b.c] or [[a.b.c]]: later keys go there. */
bool hd__toml_open(hd__toml_reader *r, int n, const char *const *key, const size_t *size,
                   bool is_item);
/* The place of a.b.c in a table: all but the last part are tables; writes the last one's table. */
bool hd__toml_descend(hd__toml_reader *r, int table, int n, const char *const *key,
                      const size_t *size, int *out);

/* ---- toml_string.c ---- */

/* Is the whole text UTF-8 without control characters? Says the line if not. */
bool hd__toml_check_text(hd__toml_reader *r);
/* A string in one or three quotes of either kind; may_span: three are allowed. The text begins at
 * *out in the pool, *size bytes and a zero. */
bool hd__toml_read_string(hd__toml_reader *r, bool may_span, const char **out, size_t *size);

/* ---- toml_scalar.c ---- */

/* true, false, a number, a date or a time of `n` bytes. */
bool hd__toml_read_scalar(hd__toml_reader *r, const char *text, size_t n, hd__toml_type *type,
                          const char **out);

#endif
