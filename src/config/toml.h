/* TOML 1.0, read whole and written value by value (https://toml.io/en/v1.0.0).
 *
 * A text becomes a tree of nodes in the order of the text: tables, arrays and values. Settings are
 * the values and arrays that lie in tables alone; hd__toml_next walks through them. What is no TOML
 * is refused with the line and the reason. */
#ifndef HD_TOML_H
#define HD_TOML_H

#include "context_internal.h"
#include "sink.h"

enum { HD_TOML_KEY = 128, HD_TOML_VALUE = 1024 };

typedef enum hd__toml_type {
  HD_TOML_TABLE,
  HD_TOML_ARRAY,
  HD_TOML_STRING,
  HD_TOML_INTEGER,
  HD_TOML_FLOAT,
  HD_TOML_BOOL,
  HD_TOML_DATETIME, /* with offset, */
  HD_TOML_DATETIME_LOCAL,
  HD_TOML_DATE_LOCAL,
  HD_TOML_TIME_LOCAL
} hd__toml_type;

typedef struct hd__toml_node {
  hd__toml_type type;
  unsigned made; /* how a table or an array came to be, see toml_tree.c */
  int parent;    /* -1: the root */
  int last;      /* of an array: its last item, or -1 */
  int line;
  const char *key;  /* in its table, ended by a zero; NULL: an item of an array, or the root */
  const char *text; /* [text_size] of a value, and a zero: a string's characters; an integer in
                       decimal digits; a float without underscores; others as written */
  size_t key_size, text_size;
} hd__toml_node;

typedef struct hd__toml_doc {
  hd_ctx *ctx;
  hd__toml_node *node; /* [n], the root first */
  int n, capacity;
  int *slot; /* [n_slots] hash table of nodes by parent and key; -1: free */
  int n_slots;
  char *pool; /* what keys and values point into */
  size_t pool_size, used;
} hd__toml_doc;

/* Read a text; `name` is the file's, for sentences. The caller frees what was read.
 * Errors  FORMAT, NOMEM. */
hd_status hd__toml_read(hd_ctx *ctx, const char *name, const char *text, size_t size,
                        hd__toml_doc *doc);
void hd__toml_free(hd__toml_doc *doc);

/* ---- settings ---- */

typedef enum hd__toml_kind { HD_TOML_BARE, HD_TOML_TEXT, HD_TOML_LIST } hd__toml_kind;

/* A walk through the settings of a text. */
typedef struct hd__toml {
  const hd__toml_doc *doc;
  int at; /* node */
  int line;
  char path[HD_TOML_KEY]; /* the parts of the key, those of its tables first, with dots between */
  int part[3];            /* where the second part begins in it, and the third; 0: there is none */
  char value[HD_TOML_VALUE]; /* as text; items of a list with commas between: "64,32" */
  hd__toml_kind kind;        /* of the value: a number, a flag or a date; in quotes; in brackets */
} hd__toml;

/* As hd__toml_read, and refuse settings that hd__toml_next has no room for, and lists of something
 * else than values. */
hd_status hd__toml_read_settings(hd_ctx *ctx, const char *name, const char *text, size_t size,
                                 hd__toml_doc *doc);
void hd__toml_begin(hd__toml *toml, const hd__toml_doc *doc);
/* Go on to the next setting; false at the end. */
bool hd__toml_next(hd__toml *toml);
/* The key within the table of this name, or NULL if the setting lies elsewhere. */
const char *hd__toml_within(const hd__toml *toml, const char *table);

/* Write a value as TOML: `type` is that of hd_option. */
void hd__toml_write_value(hd__sink *sink, const char *type, const char *value);

#endif
