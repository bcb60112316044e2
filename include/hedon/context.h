/* A context owns what would otherwise be global: allocator, log hook, registries, last error. */
#ifndef HEDON_CONTEXT_H
#define HEDON_CONTEXT_H

#include "status.h"

/* A context; opaque. One thread at a time. */
typedef struct hd_ctx hd_ctx;

/* One function does all memory work: ptr NULL allocates, new_size 0 frees. Returns NULL when memory
 * is short, leaving ptr as it was. Called by one thread at a time. */
typedef void *(*hd_alloc_fn)(void *user, void *ptr, size_t old_size, size_t new_size);

/* Receives one line, without a line feed, which lives during the call. Called by the thread that
 * uses the context. */
typedef void (*hd_log_fn)(void *user, const char *message);

/* What a context is made of. */
typedef struct hd_ctx_def {
  size_t size;       /* sizeof(hd_ctx_def), filled by hd_ctx_def_default */
  hd_alloc_fn alloc; /* NULL: the C library's */
  void *alloc_user;  /* first argument of alloc */
  hd_log_fn log;     /* NULL: silence. Receives one-line diagnoses, such as a silent layer */
  void *log_user;    /* first argument of log */
} hd_ctx_def;

/* A definition to start from: the C library's memory, and silence. */
HD_API hd_ctx_def hd_ctx_def_default(void);

/* Create a context. The caller destroys it after everything made with it. One context serves one
 * thread at a time; it may drive many worker threads of its own.
 *
 * Errors  USAGE (def not from hd_ctx_def_default, or HEDON_ISA names an unknown or unsupported
 *         instruction set), NOMEM. */
HD_API hd_status hd_ctx_create(const hd_ctx_def *def, hd_ctx **out);
/* Free a context and what was registered with it; NULL is allowed. */
HD_API void hd_ctx_destroy(hd_ctx *ctx);

/* One sentence about the last failure: the culprit and what is allowed. "" before any failure. The
 * text belongs to the context and stays until its next failure. */
HD_API const char *hd_ctx_error(const hd_ctx *ctx);

/* Instruction set in use: "scalar", "v2", "v3" or "v4" (x86-64 levels), or "native" elsewhere.
 * The environment variable HEDON_ISA forces one; the results do not depend on it. The text lives as
 * long as the program. */
HD_API const char *hd_ctx_isa(const hd_ctx *ctx);

#endif
