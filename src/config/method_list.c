#include "method_list.h"

#include <pthread.h>
#include <string.h>

static int method_list_text_of(const char *name) {
  for (int i = 0; i < hd__method_text_count; i++) {
    if (strcmp(hd__method_texts[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

/* Memory for reading one built-in text at a time. */
static struct {
  _Alignas(16) unsigned char bytes[1 << 17];
  size_t used;
} scratch;

/* Gives out memory from its beginning, and takes none back. */
static void *method_list_alloc(void *user, void *old, size_t old_size, size_t new_size) {
  const size_t room = (new_size + 15) / 16 * 16;
  (void)user;
  (void)old;
  (void)old_size;
  HD_ASSERT(scratch.used + room <= sizeof scratch.bytes);
  scratch.used += room;
  return scratch.bytes + scratch.used - room;
}

/* What it extends is read first. */
static void method_list_read_text(hd_ctx *ctx, int i) {
  const hd__method_text *from = &hd__method_texts[i];
  hd__method *method = &hd__methods[i];
  char extends[HD_METHOD_NAME];
  if (method->used > 0) {
    return;
  }
  scratch.used = 0;
  hd_status status = hd__method_extends(ctx, from->name, from->text, from->size, extends);
  const int parent = method_list_text_of(extends);
  HD_ASSERT(status == HD_OK && (parent >= 0) == (extends[0] != '\0'));
  if (parent >= 0) {
    method_list_read_text(ctx, parent);
  }
  scratch.used = 0;
  status = hd__method_parse(ctx, from->name, from->name, from->text, from->size,
                            parent >= 0 ? &hd__methods[parent] : NULL, method);
  HD_ASSERT(status == HD_OK);
  method->hash = 0;
  method->about.text = from->text;
}

/* Texts never change, so what one says is worked out once for the process, when it is asked for. */
static const hd__method *method_list_built_in(int i) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  hd_ctx ctx = {.alloc = method_list_alloc}; /* nobody sees its sentences: a test reads the texts */
  pthread_mutex_lock(&mutex);
  method_list_read_text(&ctx, i);
  pthread_mutex_unlock(&mutex);
  return &hd__methods[i];
}

/* Names that begin with an underscore come first and are for extending only. */
static int method_list_first(void) {
  int n = 0;
  while (hd__method_texts[n].name[0] == '_') {
    n++;
  }
  return n;
}

int hd_method_count(void) { return hd__method_text_count - method_list_first(); }

const hd_method *hd_method_at(int index) {
  return &method_list_built_in(method_list_first() + index)->about;
}

const hd_task_row *hd_method_row(const hd_method *method, int index) {
  const hd__method *whole = (const hd__method *)method;
  return index < whole->n_tasks ? &whole->task[index] : NULL;
}

const hd_task_row *hd_method_task_at(int method, int index) {
  return hd_method_row(hd_method_at(method), index);
}

const hd__method *hd__method_at(const hd_ctx *ctx, int i) {
  return i < hd__method_text_count ? method_list_built_in(i)
                                   : ctx->methods.item[i - hd__method_text_count];
}

int hd__method_count(const hd_ctx *ctx) { return hd__method_text_count + ctx->methods.n; }

const char *hd__method_name_at(const hd_ctx *ctx, int i) {
  return i < hd__method_text_count ? hd__method_texts[i].name : hd__method_at(ctx, i)->about.name;
}

const hd__method *hd__method_named(const hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd__method_count(ctx); i++) {
    if (strcmp(hd__method_name_at(ctx, i), name) == 0) {
      return hd__method_at(ctx, i);
    }
  }
  return NULL;
}
