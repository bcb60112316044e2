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

/* As many built-in texts may extend each other. */
enum { CHAIN = 8 };

/* Memory for reading a built-in text and those that it extends. */
static struct {
  _Alignas(16) unsigned char bytes[1 << 18];
  size_t used;
} scratch;

/* Gives out memory from its beginning, and takes none back. */
static void *method_list_alloc(void *user, void *old, size_t old_size, size_t new_size) {
  const size_t room = (new_size + 15) / 16 * 16;
  (void)user;
  (void)old;
  (void)old_size;
  if (room > sizeof scratch.bytes - scratch.used) {
    return NULL;
  }
  scratch.used += room;
  return scratch.bytes + scratch.used - room;
}

static void method_list_read(hd_ctx *ctx, int i, int depth);

/* The method that a text extends is read first; NULL: it extends none. */
static hd_status method_list_find_parent(hd_ctx *ctx, const hd__method_source *source, int depth,
                                         const hd__method **out) {
  const int i = method_list_text_of(source->extends);
  *out = i >= 0 ? &hd__methods[i] : NULL;
  if (source->extends[0] == '\0') {
    return HD_OK;
  }
  if (i < 0 || depth == CHAIN) {
    return hd__fail(ctx, HD_FORMAT, "%s extends '%s', %s", source->path, source->extends,
                    i < 0 ? "and no built-in method is called so"
                          : "by way of more methods than may extend each other");
  }
  method_list_read(ctx, i, depth + 1);
  return (*out)->status == HD_OK ? HD_OK : hd__fail(ctx, (*out)->status, "%s", (*out)->about.doc);
}

static hd_status method_list_parse(hd_ctx *ctx, int i, int depth) {
  const hd__method_text *from = &hd__method_texts[i];
  const hd__method *parent;
  hd__method_source source;
  HD_TRY(hd__method_open(ctx, from->name, from->text, from->size, &source));
  hd_status status = method_list_find_parent(ctx, &source, depth, &parent);
  if (status == HD_OK) {
    status = hd__method_fill(ctx, &source, from->name, parent, &hd__methods[i]);
  }
  hd__method_close(&source);
  return status;
}

static void method_list_read(hd_ctx *ctx, int i, int depth) {
  hd__method *method = &hd__methods[i];
  if (method->used > 0) {
    return;
  }
  const hd_status status = method_list_parse(ctx, i, depth);
  if (status != HD_OK) {
    hd__method_fill_failed(hd__method_texts[i].name, status, ctx->error, method);
  }
  method->hash = 0;
  method->about.text = hd__method_texts[i].text;
}

/* Texts never change, so what one says is worked out once for the process, when it is asked for. */
static const hd__method *method_list_built_in(int i) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  hd_ctx ctx = {.alloc = method_list_alloc};
  pthread_mutex_lock(&mutex);
  scratch.used = 0;
  method_list_read(&ctx, i, 1);
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

hd_status hd__method_named(hd_ctx *ctx, const char *name, const hd__method **out) {
  *out = NULL;
  for (int i = 0; i < hd__method_count(ctx) && *out == NULL; i++) {
    if (strcmp(hd__method_name_at(ctx, i), name) == 0) {
      *out = hd__method_at(ctx, i);
    }
  }
  return *out == NULL || (*out)->status == HD_OK
             ? HD_OK
             : hd__fail(ctx, (*out)->status, "%s", (*out)->about.doc);
}
