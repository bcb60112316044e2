#include <inttypes.h>
#include <string.h>

#include "checkpoint.h"
#include "checkpoint_ranges.h"
#include "config_text.h"
#include "crc32.h"
#include "session_internal.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are written as they lie");

typedef struct contents {
  hd_session *session;
  hd__extra_views extra;
  uint64_t seed;
  uint32_t data_crc;
} contents;

static int checkpoint_write_view_count(const contents *c) {
  return hd_session_view_count(c->session) + c->extra.n;
}

static hd_view checkpoint_write_view_at(const contents *c, int i) {
  const int n = hd_session_view_count(c->session);
  return i < n ? hd_session_view_at(c->session, i) : c->extra.view[i - n];
}

uint64_t hd__view_bytes(const hd_view *view) {
  static const struct {
    char dtype[4];
    uint64_t bytes;
  } types[] = {{"F32", 4}, {"F64", 8}, {"I32", 4}, {"I64", 8}, {"U32", 4}, {"U64", 8}, {"U8", 1}};
  uint64_t bytes = 0;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    bytes = strcmp(types[i].dtype, view->dtype) == 0 ? types[i].bytes : bytes;
  }
  for (int i = 0; i < view->n_dims; i++) {
    const uint64_t n = (uint64_t)view->shape[i];
    bytes = view->shape[i] < 0 || (n > 0 && bytes > (UINT64_C(1) << 62) / n) ? 0 : bytes * n;
  }
  return bytes;
}

static void checkpoint_write_member(hd__sink *sink, const char *key, const char *text) {
  hd__sink_print(sink, ",\"%s\":", key);
  hd__sink_json_text(sink, text);
}

static void checkpoint_write_view(hd__sink *sink, const hd_view *view, uint64_t offset) {
  hd__sink_text(sink, ",");
  hd__sink_json_text(sink, view->name);
  hd__sink_print(sink, ":{\"dtype\":\"%s\",\"shape\":[", view->dtype);
  for (int i = 0; i < view->n_dims; i++) {
    hd__sink_print(sink, "%s%" PRId64, i > 0 ? "," : "", view->shape[i]);
  }
  hd__sink_print(sink, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", offset,
                 offset + hd__view_bytes(view));
}

/* The header, filled with blanks so that the data begins on a multiple of eight. */
static void checkpoint_write_header(hd__sink *sink, const contents *c, uint32_t header_crc) {
  const hd_config *config = hd_session_config(c->session);
  const uint64_t start = sink->size;
  hd__sink_print(sink, HD_CHECKPOINT_START "%08" PRIx32 "\",\"data_crc32\":\"%08" PRIx32 "\"",
                 header_crc, c->data_crc);
  hd__sink_print(sink, ",\"format\":\"%d\",\"hedon\":\"" HD_VERSION_STRING "\"",
                 HD_CHECKPOINT_FORMAT);
  checkpoint_write_member(sink, "task", hd_config_task(config));
  checkpoint_write_member(sink, "method", hd_config_method(config));
  hd__sink_text(sink, ",\"ranges\":\"");
  hd__ranges_write(sink, c->session->env);
  hd__sink_print(sink, "\",\"seed\":\"%" PRIu64 "\",\"config\":\"", c->seed);
  sink->is_quoting = true;
  hd__config_write_text(sink, config);
  sink->is_quoting = false;
  hd__sink_text(sink, "\"}");
  uint64_t offset = 0;
  for (int i = 0; i < checkpoint_write_view_count(c); i++) {
    const hd_view view = checkpoint_write_view_at(c, i);
    checkpoint_write_view(sink, &view, offset);
    offset += hd__view_bytes(&view);
  }
  hd__sink_text(sink, "}");
  while ((sink->size - start) % 8 != 0) {
    hd__sink_text(sink, " ");
  }
}

/* The size of the header, then the header. */
static void checkpoint_write_head(hd__sink *sink, const contents *c) {
  hd__sink count;
  hd__sink_init(&count, HD_SINK_NOWHERE);
  checkpoint_write_header(&count, c, 0);
  const uint64_t size = count.size;
  hd__sink_write(sink, &size, sizeof size);
  checkpoint_write_header(sink, c, count.crc);
}

/* Pieces are summed while they are in the cache. */
static void checkpoint_write_data(hd__sink *sink, contents *c, const hd_view *view) {
  enum { PIECE = 1 << 16 };
  const unsigned char *p = view->data;
  for (uint64_t left = hd__view_bytes(view); left > 0;) {
    const size_t n = left < PIECE ? (size_t)left : PIECE;
    c->data_crc = hd__crc32(c->data_crc, p, n);
    hd__sink_write(sink, p, n);
    p += n;
    left -= n;
  }
}

/* The header tells the sum of the data behind it, so it is written a second time when that is
 * known: it takes as many bytes as before. */
static void checkpoint_write_contents(hd__sink *sink, contents *c) {
  checkpoint_write_head(sink, c);
  for (int i = 0; i < checkpoint_write_view_count(c); i++) {
    const hd_view view = checkpoint_write_view_at(c, i);
    checkpoint_write_data(sink, c, &view);
  }
  hd__sink_rewind(sink);
  checkpoint_write_head(sink, c);
}

hd_status hd__checkpoint_save(hd_ctx *ctx, hd_session *session, hd__extra_views extra,
                              const char *path) {
  contents c = {.session = session, .extra = extra, .seed = session->seed};
  hd__replace file;
  HD_TRY(hd__session_check_finite(session));
  HD_TRY(hd__replace_begin(ctx, path, &file));
  checkpoint_write_contents(&file.sink, &c);
  return hd__replace_end(ctx, &file);
}

hd_status hd_session_save(hd_session *session, const char *path) {
  return hd__checkpoint_save(hd__config_ctx(hd_session_config(session)), session,
                             (hd__extra_views){0}, path);
}
