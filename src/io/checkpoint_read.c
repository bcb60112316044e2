/* Nothing in the file is believed before its checksum is: lengths are compared with the file's own
 * size first, so that a lying one cannot ask for memory. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "checkpoint_ranges.h"
#include "config_text.h"
#include "crc32.h"
#include "json_read.h"
#include "session_internal.h"
#include "system.h"

enum { SUM_DIGITS = 8, CHUNK = 1 << 14 };

typedef struct reader {
  hd_ctx *ctx;
  const char *path;
  int fd;
  uint64_t file_size, header_size;
  char *header; /* [header_size] */
  hd__json_text config, seed, format, version, ranges, data_crc;
  hd__json arrays; /* the header behind these, to walk through with checkpoint_read_next_entry */
} reader;

/* An array as the header describes it. */
typedef struct entry {
  hd__json_text name, dtype;
  int n_dims;
  int64_t shape[4];
  int64_t begin, end;
} entry;

static hd_status checkpoint_read_corrupted(const reader *r, const char *what) {
  return hd__fail(r->ctx, HD_FORMAT, "%s is corrupted: %s", r->path, what);
}

/* How many characters of a text from the file go into a sentence. */
static int checkpoint_read_shown(hd__json_text text) {
  return text.size < 24 ? (int)text.size : 24;
}

static uint64_t checkpoint_read_data_start(const reader *r) { return 8 + r->header_size; }

/* Eight lower-case hexadecimal digits. */
static bool checkpoint_read_parse_sum(const char *text, uint32_t *sum) {
  *sum = 0;
  for (int i = 0; i < SUM_DIGITS; i++) {
    const char *digits = "0123456789abcdef";
    const char *digit = text[i] != '\0' ? strchr(digits, text[i]) : NULL;
    if (digit == NULL) {
      return false;
    }
    *sum = *sum << 4 | (uint32_t)(digit - digits);
  }
  return true;
}

static hd_status checkpoint_read_header(reader *r) {
  const size_t start = strlen(HD_CHECKPOINT_START);
  if (r->file_size < 8 || !hd__file_read_at(r->fd, 0, &r->header_size, 8)) {
    return hd__fail(r->ctx, HD_FORMAT, "%s is truncated or no checkpoint: it has %" PRIu64 " bytes",
                    r->path, r->file_size);
  }
  const uint64_t size = r->header_size;
  char begin[sizeof HD_CHECKPOINT_START + SUM_DIGITS];
  const size_t wanted = start + SUM_DIGITS;
  if (size < wanted || size > HD_CHECKPOINT_HEADER_MAX) {
    return hd__fail(r->ctx, HD_FORMAT, "%s is no checkpoint, or its first bytes are corrupted",
                    r->path);
  }
  if (size > r->file_size - 8) {
    return hd__fail(r->ctx, HD_FORMAT, "%s is truncated: it ends within its header", r->path);
  }
  if (!hd__file_read_at(r->fd, 8, begin, wanted)) {
    return hd__fail(r->ctx, HD_IO, "%s could not be read", r->path);
  }
  uint32_t sum;
  if (memcmp(begin, HD_CHECKPOINT_START, start) != 0 ||
      !checkpoint_read_parse_sum(begin + start, &sum)) {
    return hd__fail(r->ctx, HD_FORMAT, "%s is no checkpoint of Hedon's", r->path);
  }
  char *header = hd__alloc(r->ctx, size);
  if (header == NULL) {
    r->header_size = 0;
    return hd__fail(r->ctx, HD_NOMEM, "out of memory for the header of %s", r->path);
  }
  r->header = header;
  if (!hd__file_read_at(r->fd, 8, header, size)) {
    return hd__fail(r->ctx, HD_IO, "%s could not be read", r->path);
  }
  memset(header + start, '0', SUM_DIGITS);
  return hd__crc32(0, header, size) == sum
             ? HD_OK
             : checkpoint_read_corrupted(r, "the checksum of its header is wrong");
}

static hd_status checkpoint_read_metadata(reader *r) {
  const struct {
    const char *key;
    hd__json_text *text;
  } members[] = {{"config", &r->config}, {"seed", &r->seed},     {"format", &r->format},
                 {"hedon", &r->version}, {"ranges", &r->ranges}, {"data_crc32", &r->data_crc}};
  const size_t n = sizeof members / sizeof *members;
  hd__json json = hd__json_over(r->header, r->header_size);
  hd__json_text key, text;
  hd__json_enter(&json, '{');
  hd__json_more(&json, '}');
  hd__json_key(&json, &key);
  hd__json_enter(&json, '{');
  while (hd__json_more(&json, '}')) {
    hd__json_key(&json, &key);
    hd__json_string(&json, &text);
    for (size_t i = 0; i < n && !json.is_bad; i++) {
      if (hd__json_is(key, members[i].key)) {
        *members[i].text = text;
      }
    }
  }
  r->arrays = json;
  while (hd__json_more(&json, '}')) {
    hd__json_key(&json, &key);
    hd__json_skip(&json);
  }
  if (json.is_bad || !hd__json_is_over(&json)) {
    return checkpoint_read_corrupted(r, "its header is no JSON object of arrays");
  }
  for (size_t i = 0; i < n; i++) {
    if (members[i].text->at == NULL) {
      return hd__fail(r->ctx, HD_FORMAT, "%s is corrupted: its header lacks %s", r->path,
                      members[i].key);
    }
  }
  return HD_OK;
}

static hd_status checkpoint_read_check_format(const reader *r) {
  char wanted[16];
  snprintf(wanted, sizeof wanted, "%d", HD_CHECKPOINT_FORMAT);
  return hd__json_is(r->format, wanted)
             ? HD_OK
             : hd__fail(
                   r->ctx, HD_MISMATCH,
                   "%s has format %.*s, written by hedon %.*s; this is hedon " HD_VERSION_STRING
                   ", which reads format %s",
                   r->path, checkpoint_read_shown(r->format), r->format.at,
                   checkpoint_read_shown(r->version), r->version.at, wanted);
}

static void checkpoint_read_shape(hd__json *json, entry *e) {
  hd__json_enter(json, '[');
  while (hd__json_more(json, ']')) {
    int64_t n;
    hd__json_integer(json, &n);
    if (e->n_dims == 4) {
      json->is_bad = true;
    } else {
      e->shape[e->n_dims++] = n;
    }
  }
}

static void checkpoint_read_offsets(hd__json *json, entry *e) {
  hd__json_enter(json, '[');
  hd__json_more(json, ']');
  hd__json_integer(json, &e->begin);
  hd__json_more(json, ']');
  hd__json_integer(json, &e->end);
  json->is_bad = hd__json_more(json, ']') || json->is_bad;
}

/* Go on to the next array of the header. */
static bool checkpoint_read_next_entry(hd__json *json, entry *e) {
  if (!hd__json_more(json, '}')) {
    return false;
  }
  *e = (entry){.begin = -1, .end = -1};
  hd__json_key(json, &e->name);
  hd__json_enter(json, '{');
  while (hd__json_more(json, '}')) {
    hd__json_text key;
    hd__json_key(json, &key);
    if (hd__json_is(key, "dtype")) {
      hd__json_string(json, &e->dtype);
    } else if (hd__json_is(key, "shape")) {
      checkpoint_read_shape(json, e);
    } else if (hd__json_is(key, "data_offsets")) {
      checkpoint_read_offsets(json, e);
    } else {
      hd__json_skip(json);
    }
  }
  return !json->is_bad;
}

/* The arrays lie one behind the other and fill the rest of the file, and the rest is sound. */
static hd_status checkpoint_read_check_data(const reader *r) {
  const uint64_t size = r->file_size - checkpoint_read_data_start(r);
  hd__json json = r->arrays;
  entry e;
  int64_t end = 0;
  while (checkpoint_read_next_entry(&json, &e)) {
    if (e.begin != end || e.end < e.begin) {
      return checkpoint_read_corrupted(r, "its arrays do not lie one behind the other");
    }
    end = e.end;
  }
  if (json.is_bad) {
    return checkpoint_read_corrupted(r, "its header does not describe arrays");
  }
  if ((uint64_t)end != size) {
    return hd__fail(r->ctx, HD_FORMAT,
                    "%s is %s: %" PRIu64 " bytes of arrays where %" PRId64 " belong", r->path,
                    (uint64_t)end > size ? "truncated" : "corrupted", size, end);
  }
  unsigned char chunk[CHUNK];
  uint32_t sum = 0, wanted;
  for (uint64_t done = 0; done < size; done += CHUNK) {
    const size_t n = size - done < CHUNK ? (size_t)(size - done) : CHUNK;
    if (!hd__file_read_at(r->fd, checkpoint_read_data_start(r) + done, chunk, n)) {
      return hd__fail(r->ctx, HD_IO, "%s could not be read", r->path);
    }
    sum = hd__crc32(sum, chunk, n);
  }
  return r->data_crc.size == SUM_DIGITS && checkpoint_read_parse_sum(r->data_crc.at, &wanted) &&
                 sum == wanted
             ? HD_OK
             : checkpoint_read_corrupted(r, "the checksum of its arrays is wrong");
}

static hd_status checkpoint_read_create_from_text(const reader *r, char *text, hd_session **out) {
  if (!hd__json_unescape(r->seed, text) || r->seed.size == 0) {
    return checkpoint_read_corrupted(r, "its seed is no number");
  }
  char *end;
  const uint64_t seed = strtoull(text, &end, 10);
  if (*end != '\0') {
    return checkpoint_read_corrupted(r, "its seed is no number");
  }
  if (!hd__json_unescape(r->config, text)) {
    return checkpoint_read_corrupted(r, "its settings hold a wrong escape");
  }
  hd_config *config;
  HD_TRY(hd__config_parse(r->ctx, r->path, text, strlen(text), NULL, &config));
  const hd_status status = hd_session_create(r->ctx, config, seed, out);
  hd_config_destroy(config);
  return status;
}

/* Make the session that the settings in the file describe, as it was at the start. */
static hd_status checkpoint_read_create_session(const reader *r, hd_session **out) {
  const size_t size = (r->config.size > r->seed.size ? r->config.size : r->seed.size) + 1;
  char *text = hd__alloc(r->ctx, size);
  if (text == NULL) {
    return hd__fail(r->ctx, HD_NOMEM, "out of memory for the settings in %s", r->path);
  }
  const hd_status status = checkpoint_read_create_from_text(r, text, out);
  hd__free(r->ctx, text, size);
  return status;
}

static bool checkpoint_read_find_entry(const reader *r, const char *name, entry *e) {
  hd__json json = r->arrays;
  while (checkpoint_read_next_entry(&json, e)) {
    if (hd__json_is(e->name, name)) {
      return true;
    }
  }
  return false;
}

static void checkpoint_read_print_shape(int n_dims, const int64_t *shape, char text[96]) {
  int used = 0;
  text[0] = '\0';
  for (int i = 0; i < n_dims; i++) {
    used += snprintf(text + used, 96 - (size_t)used, "%s%" PRId64, i > 0 ? " x " : "", shape[i]);
  }
}

static hd_status checkpoint_read_check_view(const reader *r, const hd_session *session,
                                            const hd_view *view, entry *e) {
  if (!checkpoint_read_find_entry(r, view->name, e)) {
    return hd__fail(r->ctx, HD_MISMATCH, "%s lacks the array %s", r->path, view->name);
  }
  bool is_same = e->n_dims == view->n_dims;
  for (int i = 0; is_same && i < view->n_dims; i++) {
    is_same = e->shape[i] == view->shape[i];
  }
  if (!is_same && strcmp(view->name, "env.state") == 0) { /* it keeps the actions of an episode */
    return hd__fail(r->ctx, HD_MISMATCH,
                    "%s was saved in another environment called %s: max_steps, or how many numbers "
                    "are observed or make an action, was not what it is now",
                    r->path, hd_config_task(hd_session_config(session)));
  }
  if (!is_same) {
    char found[96], wanted[96];
    checkpoint_read_print_shape(e->n_dims, e->shape, found);
    checkpoint_read_print_shape(view->n_dims, view->shape, wanted);
    return hd__fail(r->ctx, HD_MISMATCH,
                    "%s belongs to another network: its array %s is %s, this one's is %s", r->path,
                    view->name, found, wanted);
  }
  if (!hd__json_is(e->dtype, view->dtype)) {
    return hd__fail(r->ctx, HD_MISMATCH,
                    "%s belongs to another version: its array %s is of type %.*s, not %s", r->path,
                    view->name, checkpoint_read_shown(e->dtype), e->dtype.at, view->dtype);
  }
  return (uint64_t)(e->end - e->begin) == hd__view_bytes(view)
             ? HD_OK
             : checkpoint_read_corrupted(r, "the shape of an array and its bytes disagree");
}

static hd_status checkpoint_read_view(const reader *r, const hd_session *session,
                                      const hd_view *view) {
  entry e;
  HD_TRY(checkpoint_read_check_view(r, session, view, &e));
  return hd__file_read_at(r->fd, checkpoint_read_data_start(r) + (uint64_t)e.begin, view->data,
                          (size_t)(e.end - e.begin))
             ? HD_OK
             : hd__fail(r->ctx, HD_IO, "%s could not be read", r->path);
}

static bool checkpoint_read_is_extra_view(hd__json_text name) {
  return name.size > 6 && memcmp(name.at, "study.", 6) == 0;
}

static hd_status checkpoint_read_views(const reader *r, hd_session *session,
                                       hd__extra_views extra) {
  const int n = hd_session_view_count(session);
  for (int i = 0; i < n; i++) {
    const hd_view view = hd_session_view_at(session, i);
    HD_TRY(checkpoint_read_view(r, session, &view));
  }
  for (int i = 0; i < extra.n; i++) {
    HD_TRY(checkpoint_read_view(r, session, &extra.view[i]));
  }
  hd__json json = r->arrays;
  entry e;
  int n_found = 0;
  while (checkpoint_read_next_entry(&json, &e)) {
    n_found += !checkpoint_read_is_extra_view(e.name);
  }
  return n_found == n ? HD_OK
                      : hd__fail(r->ctx, HD_MISMATCH,
                                 "%s belongs to another version: it has %d arrays, not %d", r->path,
                                 n_found, n);
}

static hd_status checkpoint_read_load(reader *r, hd__extra_views extra, hd_session **out) {
  HD_TRY(checkpoint_read_header(r));
  HD_TRY(checkpoint_read_metadata(r));
  HD_TRY(checkpoint_read_check_format(r));
  HD_TRY(checkpoint_read_check_data(r));
  hd_session *session;
  HD_TRY(checkpoint_read_create_session(r, &session));
  hd_status status = checkpoint_read_views(r, session, extra);
  if (status == HD_OK) {
    status = hd__ranges_check(r->ctx, r->path, r->ranges, session->env);
  }
  if (status == HD_OK) {
    status = hd__session_check_loaded(session);
  }
  if (status != HD_OK) {
    hd_session_destroy(session);
    return status;
  }
  *out = session;
  return HD_OK;
}

hd_status hd__checkpoint_load(hd_ctx *ctx, const char *path, hd__extra_views extra,
                              hd_session **out) {
  HD_TRY(hd__path_check(ctx, path));
  reader r = {.ctx = ctx, .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
  if (r.fd < 0) {
    return hd__fail(ctx, HD_IO, "%s cannot be opened: %s", path, strerror(errno));
  }
  struct stat info;
  hd_status status;
  if (fstat(r.fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    status = hd__fail(ctx, HD_IO, "%s is not a regular file", path);
  } else {
    r.file_size = (uint64_t)info.st_size;
    status = checkpoint_read_load(&r, extra, out);
  }
  hd__free(ctx, r.header, r.header_size);
  close(r.fd);
  return status;
}

hd_status hd_session_load(hd_ctx *ctx, const char *path, hd_session **out) {
  return hd__checkpoint_load(ctx, path, (hd__extra_views){0}, out);
}
