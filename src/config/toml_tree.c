/* The tree of a TOML text: nodes, children by key, and which tables may be opened again. */
#include <string.h>

#include "hash.h"
#include "toml_internal.h"

/* ---- nodes ---- */

static void *toml_tree_grow(hd_ctx *ctx, void *old, size_t old_size, size_t size) {
  void *grown = hd__alloc(ctx, size);
  if (grown != NULL && old != NULL) {
    memcpy(grown, old, old_size);
    hd__free(ctx, old, old_size);
  }
  return grown;
}

static size_t toml_tree_slot(const hd__toml_doc *doc, int parent, const char *key, size_t size) {
  return (size_t)(hd__hash((uint64_t)parent, key, size) % (uint64_t)doc->n_slots);
}

static bool toml_tree_is(const hd__toml_doc *doc, int k, int parent, const char *key, size_t size) {
  const hd__toml_node *node = &doc->node[k];
  return node->parent == parent && node->key_size == size && memcmp(node->key, key, size) == 0;
}

int hd__toml_find(const hd__toml_doc *doc, int parent, const char *key, size_t size) {
  size_t at = toml_tree_slot(doc, parent, key, size);
  while (doc->slot[at] >= 0 && !toml_tree_is(doc, doc->slot[at], parent, key, size)) {
    at = (at + 1) % (size_t)doc->n_slots;
  }
  return doc->slot[at];
}

static void toml_tree_enter(hd__toml_doc *doc, int k) {
  const hd__toml_node *node = &doc->node[k];
  if (node->key == NULL) {
    return;
  }
  size_t at = toml_tree_slot(doc, node->parent, node->key, node->key_size);
  while (doc->slot[at] >= 0) {
    at = (at + 1) % (size_t)doc->n_slots;
  }
  doc->slot[at] = k;
}

/* Room for twice as many nodes, and twice as many places for their keys as there are nodes. */
static bool toml_tree_make_room(hd__toml_doc *doc) {
  const int capacity = doc->capacity > 0 ? 2 * doc->capacity : 64;
  hd__toml_node *node = toml_tree_grow(doc->ctx, doc->node, sizeof *node * (size_t)doc->capacity,
                                       sizeof *node * (size_t)capacity);
  if (node == NULL) {
    return false;
  }
  doc->node = node;
  doc->capacity = capacity;
  int *slot = hd__alloc(doc->ctx, sizeof *slot * 2 * (size_t)capacity);
  if (slot == NULL) {
    return false;
  }
  hd__free(doc->ctx, doc->slot, sizeof *slot * (size_t)doc->n_slots);
  doc->slot = slot;
  doc->n_slots = 2 * capacity;
  memset(slot, 0xFF, sizeof *slot * (size_t)doc->n_slots);
  for (int k = 0; k < doc->n; k++) {
    toml_tree_enter(doc, k);
  }
  return true;
}

int hd__toml_add(hd__toml_reader *r, int parent, const char *key, size_t key_size,
                 hd__toml_type type, unsigned made) {
  hd__toml_doc *doc = r->doc;
  if (doc->n == doc->capacity && !toml_tree_make_room(doc)) {
    r->status = HD_NOMEM;
    hd__toml_fail(r, "out of memory");
    return -1;
  }
  const int k = doc->n++;
  doc->node[k] = (hd__toml_node){.type = type,
                                 .made = made,
                                 .parent = parent,
                                 .last = -1,
                                 .line = r->line,
                                 .key = key,
                                 .key_size = key_size,
                                 .text = ""};
  toml_tree_enter(doc, k);
  if (parent >= 0) {
    doc->node[parent].last = k;
  }
  return k;
}

void hd__toml_free(hd__toml_doc *doc) {
  hd__free(doc->ctx, doc->node, sizeof *doc->node * (size_t)doc->capacity);
  hd__free(doc->ctx, doc->slot, sizeof *doc->slot * (size_t)doc->n_slots);
  hd__free(doc->ctx, doc->pool, doc->pool_size);
  *doc = (hd__toml_doc){0};
}

/* ---- tables ---- */

/* One step on the way to a table that a header names. */
static int toml_tree_pass(hd__toml_reader *r, int table, const char *key, size_t size) {
  const int k = hd__toml_find(r->doc, table, key, size);
  if (k < 0) {
    return hd__toml_add(r, table, key, size, HD_TOML_TABLE, HD_TOML_BY_PATH);
  }
  const hd__toml_node *node = &r->doc->node[k];
  if (node->made == HD_TOML_BY_ITEMS) {
    return node->last;
  }
  if (node->type != HD_TOML_TABLE || node->made == HD_TOML_BY_VALUE) {
    hd__toml_fail_key(r, key, " is no table that a header may go through");
    return -1;
  }
  return k;
}

static int toml_tree_open_table(hd__toml_reader *r, int table, const char *key, size_t size) {
  const int k = hd__toml_find(r->doc, table, key, size);
  if (k < 0) {
    return hd__toml_add(r, table, key, size, HD_TOML_TABLE, HD_TOML_BY_HEADER);
  }
  if (r->doc->node[k].made != HD_TOML_BY_PATH) {
    hd__toml_fail_key(r, key, " is there already, and no table is opened twice");
    return -1;
  }
  r->doc->node[k].made = HD_TOML_BY_HEADER;
  return k;
}

static int toml_tree_open_item(hd__toml_reader *r, int table, const char *key, size_t size) {
  int k = hd__toml_find(r->doc, table, key, size);
  if (k >= 0 && r->doc->node[k].made != HD_TOML_BY_ITEMS) {
    hd__toml_fail_key(r, key, " is no list of tables to which [[name]] adds one");
    return -1;
  }
  if (k < 0) {
    k = hd__toml_add(r, table, key, size, HD_TOML_ARRAY, HD_TOML_BY_ITEMS);
  }
  return k < 0 ? -1 : hd__toml_add(r, k, NULL, 0, HD_TOML_TABLE, HD_TOML_BY_HEADER);
}

bool hd__toml_open(hd__toml_reader *r, int n, const char *const *key, const size_t *size,
                   bool is_item) {
  int table = 0;
  for (int i = 0; i < n - 1 && table >= 0; i++) {
    table = toml_tree_pass(r, table, key[i], size[i]);
  }
  if (table >= 0) {
    table =
        (is_item ? toml_tree_open_item : toml_tree_open_table)(r, table, key[n - 1], size[n - 1]);
  }
  r->here = table;
  return table >= 0;
}

bool hd__toml_descend(hd__toml_reader *r, int table, int n, const char *const *key,
                      const size_t *size, int *out) {
  for (int i = 0; i < n - 1; i++) {
    const int k = hd__toml_find(r->doc, table, key[i], size[i]);
    if (k >= 0 && r->doc->node[k].made != HD_TOML_BY_DOTS) {
      return hd__toml_fail_key(r, key[i], " is no table that a key with dots may go through");
    }
    table = k >= 0 ? k : hd__toml_add(r, table, key[i], size[i], HD_TOML_TABLE, HD_TOML_BY_DOTS);
    if (table < 0) {
      return false;
    }
  }
  if (hd__toml_find(r->doc, table, key[n - 1], size[n - 1]) >= 0) {
    return hd__toml_fail_key(r, key[n - 1], " is set a second time");
  }
  *out = table;
  return true;
}
