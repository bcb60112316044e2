#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "checkpoint.h"
#include "crc32.h"
#include "fault.h"
#include "files.h"
#include "hedon/hedon.h"
#include "test.h"

static hd_ctx *ctx;

static hd_session *make(const char *hidden, int64_t steps) {
  hd_config *config = NULL;
  hd_session *session = NULL;
  CHECK(hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config) == HD_OK);
  CHECK(hd_config_set(config, "hidden", hidden) == HD_OK);
  CHECK(hd_session_create(ctx, config, 7, &session) == HD_OK);
  CHECK(steps == 0 || hd_session_train(session, steps) == HD_OK);
  hd_config_destroy(config);
  return session;
}

/* Are all arrays of two sessions the same bytes? */
static bool is_same(const hd_session *a, const hd_session *b) {
  const int n = hd_session_view_count(a);
  bool same = n == hd_session_view_count(b);
  for (int i = 0; same && i < n; i++) {
    const hd_view x = hd_session_view_at(a, i), y = hd_session_view_at(b, i);
    same = strcmp(x.name, y.name) == 0 && hd__view_bytes(&x) == hd__view_bytes(&y) &&
           memcmp(x.data, y.data, hd__view_bytes(&x)) == 0;
  }
  return same;
}

static void names_are_unique(void) {
  hd_session *session = make("16", 0);
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view a = hd_session_view_at(session, i);
    CHECK(strncmp(a.name, "study.", 6) != 0 && strcmp(a.name, "__metadata__") != 0);
    for (int k = 0; k < i; k++) {
      CHECK(strcmp(a.name, hd_session_view_at(session, k).name) != 0);
    }
  }
  hd_session_destroy(session);
}

static void what_was_saved_comes_back(void) {
  hd_session *session = make("16", 2000), *back = NULL;
  CHECK(hd_session_save(session, temp_path("a.hd")) == HD_OK);
  CHECK(!has_file(temp_path("a.hd.tmp")));
  CHECK(hd_session_load(ctx, temp_path("a.hd"), &back) == HD_OK);
  CHECK(back != NULL && is_same(session, back));
  CHECK(hd_session_save(back, temp_path("b.hd")) == HD_OK);
  size_t n, m;
  char *a = get_file(temp_path("a.hd"), &n), *b = get_file(temp_path("b.hd"), &m);
  CHECK(n == m && memcmp(a, b, n) == 0);
  free(a);
  free(b);
  hd_session_destroy(session);
  hd_session_destroy(back);
}

static void going_on_equals_never_having_stopped(void) {
  hd_session *through = make("16", 3000), *stopped = make("16", 1000), *back = NULL;
  CHECK(hd_session_save(stopped, temp_path("a.hd")) == HD_OK);
  CHECK(hd_session_load(ctx, temp_path("a.hd"), &back) == HD_OK);
  hd_stats stats, wanted;
  hd_session_stats(back, &stats);
  hd_session_stats(through, &wanted);
  CHECK(hd_session_train(back, 3000 - stats.env_steps) == HD_OK);
  hd_session_stats(back, &stats);
  CHECK(stats.env_steps == wanted.env_steps && stats.episodes == wanted.episodes);
  CHECK(hd_session_hash(back) == hd_session_hash(through));
  hd_session_destroy(through);
  hd_session_destroy(stopped);
  hd_session_destroy(back);
}

static hd_view view_on(const char *name, const char *dtype, int n_dims, int64_t rows, int64_t cols,
                       void *data) {
  return (hd_view){
      .name = name, .dtype = dtype, .n_dims = n_dims, .shape = {rows, cols, 1, 1}, .data = data};
}

static void every_type_travels(void) {
  float f32[3] = {1.5f, -0.0f, 3e38f}, f32_back[3];
  double f64[2] = {1e300, -5e-324}, f64_back[2];
  int32_t i32[4] = {INT32_MIN, -1, 0, INT32_MAX}, i32_back[4];
  int64_t i64[1] = {INT64_MIN}, i64_back[1];
  uint32_t u32[2] = {0, UINT32_MAX}, u32_back[2];
  uint64_t u64[2] = {0, UINT64_MAX}, u64_back[2];
  uint8_t u8[5] = {0, 1, 127, 128, 255}, u8_back[5], none_back[1];
  const hd_view view[] = {
      view_on("study.f32", "F32", 2, 1, 3, f32), view_on("study.f64", "F64", 1, 2, 1, f64),
      view_on("study.i32", "I32", 2, 2, 2, i32), view_on("study.i64", "I64", 4, 1, 1, i64),
      view_on("study.u32", "U32", 1, 2, 1, u32), view_on("study.u64", "U64", 1, 2, 1, u64),
      view_on("study.u8", "U8", 1, 5, 1, u8),    view_on("study.none", "U8", 2, 0, 7, u8)};
  hd_view back[] = {view_on("study.f32", "F32", 2, 1, 3, f32_back),
                    view_on("study.f64", "F64", 1, 2, 1, f64_back),
                    view_on("study.i32", "I32", 2, 2, 2, i32_back),
                    view_on("study.i64", "I64", 4, 1, 1, i64_back),
                    view_on("study.u32", "U32", 1, 2, 1, u32_back),
                    view_on("study.u64", "U64", 1, 2, 1, u64_back),
                    view_on("study.u8", "U8", 1, 5, 1, u8_back),
                    view_on("study.none", "U8", 2, 0, 7, none_back)};
  hd_session *session = make("4", 100), *loaded = NULL;
  CHECK(hd__checkpoint_save(ctx, session, (hd__extra_views){view, 8}, temp_path("t.hd")) == HD_OK);
  CHECK(hd__checkpoint_load(ctx, temp_path("t.hd"), (hd__extra_views){back, 8}, &loaded) == HD_OK);
  for (int i = 0; i < 8; i++) {
    CHECK(memcmp(view[i].data, back[i].data, hd__view_bytes(&view[i])) == 0);
  }
  hd_session_destroy(loaded);

  /* A plain load leaves the extra arrays; a load that asks for other extra arrays says which. */
  CHECK(hd_session_load(ctx, temp_path("t.hd"), &loaded) == HD_OK);
  CHECK(is_same(session, loaded));
  hd_session_destroy(loaded);
  loaded = NULL;
  back[3].name = "study.other";
  CHECK(hd__checkpoint_load(ctx, temp_path("t.hd"), (hd__extra_views){back, 8}, &loaded) ==
        HD_MISMATCH);
  CHECK(loaded == NULL && strstr(hd_ctx_error(ctx), "study.other") != NULL);
  hd_session_destroy(session);
}

static void sizes_do_not_overflow(void) {
  const hd_view huge = {
      .name = "x", .dtype = "F64", .n_dims = 4, .shape = {INT64_MAX, INT64_MAX, 2, 2}};
  const hd_view negative = {.name = "x", .dtype = "F64", .n_dims = 1, .shape = {-1}};
  const hd_view unknown = {.name = "x", .dtype = "BF16", .n_dims = 1, .shape = {3}};
  CHECK(hd__view_bytes(&huge) == 0);
  CHECK(hd__view_bytes(&negative) == 0);
  CHECK(hd__view_bytes(&unknown) == 0);
}

/* Load from bytes; the status. Nothing may be left over. */
static hd_status load_bytes(const void *data, size_t size) {
  struct fault fault = {.limit = (size_t)64 << 20};
  hd_ctx *own;
  hd_session *session = NULL;
  put_file(temp_path("damaged.hd"), data, size);
  CHECK(fault_ctx(&fault, &own) == HD_OK);
  const hd_status status = hd_session_load(own, temp_path("damaged.hd"), &session);
  CHECK((status == HD_OK) == (session != NULL));
  CHECK(status == HD_OK ||
        (hd_ctx_error(own)[0] != '\0' && strchr(hd_ctx_error(own), '\n') == NULL));
  hd_session_destroy(session);
  hd_ctx_destroy(own);
  CHECK(fault.n_live == 0 && fault.n_wrong == 0);
  return status;
}

/* A small checkpoint as bytes, freed by the caller. */
static char *small_checkpoint(size_t *size) {
  hd_session *session = make("4", 200);
  CHECK(hd_session_save(session, temp_path("small.hd")) == HD_OK);
  hd_session_destroy(session);
  return get_file(temp_path("small.hd"), size);
}

static uint64_t header_size(const char *data) {
  uint64_t size;
  memcpy(&size, data, 8);
  return size;
}

static void every_truncation_is_noticed(void) {
  size_t size;
  char *data = small_checkpoint(&size);
  CHECK(load_bytes(data, size) == HD_OK);
  const size_t start = 8 + header_size(data);
  for (size_t n = 0; n < size; n += n < 256 || (n > start - 16 && n < start + 64) ? 1 : 37) {
    CHECK(load_bytes(data, n) == HD_FORMAT);
  }
  char *longer = malloc(size + 1);
  memcpy(longer, data, size);
  longer[size] = 0;
  CHECK(load_bytes(longer, size + 1) == HD_FORMAT);
  free(longer);
  free(data);
}

static void every_flipped_bit_is_noticed(void) {
  size_t size;
  char *data = small_checkpoint(&size);
  uint32_t draw = 1;
  for (size_t k = 0; k < 1024 + 2000; k++) {
    draw = draw * 1664525u + 1013904223u;
    const size_t at = k < 1024 ? k : draw % size;
    const char flip = (char)(1 << (draw >> 29));
    data[at] ^= flip;
    CHECK(load_bytes(data, size) == HD_FORMAT);
    data[at] ^= flip;
  }
  free(data);
}

static void a_lying_length_asks_for_no_memory(void) {
  size_t size;
  char *data = small_checkpoint(&size);
  static const uint64_t lies[] = {
      0, 1, UINT64_MAX, UINT64_MAX - 8, (uint64_t)1 << 62, (uint64_t)1 << 32, 1 << 24};
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    memcpy(data, &lies[i], 8);
    CHECK(load_bytes(data, size) == HD_FORMAT);
  }
  free(data);
}

static char *find(char *data, size_t size, const char *text) {
  const size_t n = strlen(text);
  for (size_t i = 0; i + n <= size; i++) {
    if (memcmp(data + i, text, n) == 0) {
      return data + i;
    }
  }
  return NULL;
}

/* Exchange text in the header, of the same length, and make the checksum right again. */
static void forge(char *data, size_t size, const char *from, const char *to) {
  char *at = find(data, size, from);
  CHECK(at != NULL && strlen(from) == strlen(to));
  if (at != NULL) {
    memcpy(at, to, strlen(to));
  }
  char sum[9], *place = data + 8 + strlen(HD_CHECKPOINT_START);
  memset(place, '0', 8);
  snprintf(sum, sizeof sum, "%08" PRIx32, hd__crc32(0, data + 8, header_size(data)));
  memcpy(place, sum, 8);
}

static void forged_headers_are_answered(void) {
  static const struct {
    const char *from, *to;
    hd_status status;
    const char *said;
  } cases[] = {
      {"\"format\":\"2\"", "\"format\":\"3\"", HD_MISMATCH, "format 3"},
      {"hidden = [4]", "hidden = [5]", HD_MISMATCH, "actor"},
      {"\"F64\",\"shape\":[1,1024]", "\"U64\",\"shape\":[1,1024]", HD_MISMATCH, "U64"},
      {"\"returns\"", "\"retunrs\"", HD_MISMATCH, "returns"},
      {"\"shape\":[1,1024]", "\"shape\":[1,-024]", HD_MISMATCH, "returns"},
      {"\"data_offsets\":[0", "\"data_offsets\":[1", HD_FORMAT, "one behind the other"},
      {"\"data_offsets\"", "\"data_offsest\"", HD_FORMAT, "one behind the other"},
      {"\"seed\":\"7\"", "\"seed\":\"x\"", HD_FORMAT, "seed"},
      {"\"config\":", "\"confgi\":", HD_FORMAT, "config"},
      {"alpha = ", "alpah = ", HD_UNKNOWN, "alpah"},
      {"CartPole-v1\\\"\\n", "CartPool-v1\\\"\\n", HD_UNKNOWN, "CartPool"},
      {"}}", "}]", HD_FORMAT, "JSON"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t size;
    char *data = small_checkpoint(&size);
    forge(data, size, cases[i].from, cases[i].to);
    put_file(temp_path("forged.hd"), data, size);
    hd_session *session = NULL;
    const hd_status status = hd_session_load(ctx, temp_path("forged.hd"), &session);
    if (status != cases[i].status || strstr(hd_ctx_error(ctx), cases[i].said) == NULL) {
      printf("  %s: %d %s\n", cases[i].to, (int)status, hd_ctx_error(ctx));
      CHECK(false);
    }
    CHECK(session == NULL);
    free(data);
  }
}

/* The array of this name, as whole numbers of 32 or 64 bits. */
static hd_view view_of(const hd_session *session, const char *name) {
  hd_view view = {0};
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view one = hd_session_view_at(session, i);
    view = strcmp(one.name, name) == 0 ? one : view;
  }
  CHECK(view.data != NULL);
  return view;
}

/* Save a session with a number in place of one of an array's, and load that; the status. */
static hd_status load_with(hd_session *session, const char *name, int at, int64_t value) {
  const hd_view view = view_of(session, name);
  hd_session *back = NULL;
  const size_t size = view.dtype[1] == '6' ? 8 : 4;
  char *place = (char *)view.data + (size_t)at * size, old[8];
  memcpy(old, place, size);
  memcpy(place, &value, size);
  CHECK(hd_session_save(session, temp_path("odd.hd")) == HD_OK);
  memcpy(place, old, size);
  const hd_status status = hd_session_load(ctx, temp_path("odd.hd"), &back);
  CHECK((status == HD_OK) == (back != NULL));
  hd_session_destroy(back);
  return status;
}

/* Lines of a critic and rows of traces that are out of range, or listed twice or not at all. */
static void inconsistent_traces_are_refused(void) {
  hd_config *config = NULL;
  hd_session *session = NULL;
  CHECK(hd_config_create(ctx, "MountainCar-v0", "place-actor-critic", &config) == HD_OK);
  CHECK(hd_config_set(config, "lambda_actor", "0.5") == HD_OK);
  CHECK(hd_session_create(ctx, config, 7, &session) == HD_OK);
  CHECK(hd_session_train(session, 50) == HD_OK);
  static const char *const lists[] = {"trace.awake", "trace.awake.2"};
  static const char *const counts[] = {"trace.n_active", "trace.n_active.2"};
  static const char *const strengths[] = {"trace.strength", "trace.strength.2"};
  int32_t one = 0;
  float awake = 0.5f;
  memcpy(&one, &awake, 4);
  for (int k = 0; k < 2; k++) {
    const int32_t *list = view_of(session, lists[k]).data;
    const int64_t n = *(int64_t *)view_of(session, counts[k]).data;
    const hd_view strength = view_of(session, strengths[k]);
    int asleep = 0;
    while (((float *)strength.data)[asleep] != 0.0f) {
      asleep++;
    }
    CHECK(n > 1);
    CHECK(load_with(session, lists[k], 0, list[0]) == HD_OK);
    CHECK(load_with(session, lists[k], 0, -1) == HD_FORMAT);
    CHECK(load_with(session, lists[k], 0, strength.shape[1]) == HD_FORMAT);
    CHECK(load_with(session, lists[k], 0, list[1]) == HD_FORMAT);
    CHECK(load_with(session, counts[k], 0, -1) == HD_FORMAT);
    CHECK(load_with(session, counts[k], 0, n - 1) == HD_FORMAT);
    CHECK(load_with(session, counts[k], 0, strength.shape[1] + 1) == HD_FORMAT);
    CHECK(load_with(session, strengths[k], asleep, one) == HD_FORMAT);
  }
  CHECK(load_with(session, "phi", 1, -1) == HD_FORMAT);
  CHECK(load_with(session, "phi", 1, 1 << 30) == HD_FORMAT);
  CHECK(strstr(hd_ctx_error(ctx), "the critic or a trace of this checkpoint") != NULL);
  hd_session_destroy(session);
  hd_config_destroy(config);
}

static void what_is_no_checkpoint_is_said(void) {
  static const struct {
    const char *path;
    hd_status status;
  } cases[] = {{"/nonexistent/a.hd", HD_IO}, {HD_TEST_TMP, HD_IO}, {"/dev/zero", HD_IO}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd_session *session = NULL;
    CHECK(hd_session_load(ctx, cases[i].path, &session) == cases[i].status);
    CHECK(strstr(hd_ctx_error(ctx), cases[i].path) != NULL);
  }
  CHECK(load_bytes("", 0) == HD_FORMAT);
  CHECK(load_bytes("a text file of some length, and nothing else in it", 50) == HD_FORMAT);
}

/* A disk that is full in the middle of a save: the old file stays, no other is left. */
static void a_full_disk_leaves_the_old_checkpoint(void) {
  hd_session *session = make("16", 500);
  CHECK(hd_session_save(session, temp_path("old.hd")) == HD_OK);
  size_t n, m;
  char *before = get_file(temp_path("old.hd"), &n);
  CHECK(hd_session_train(session, 500) == HD_OK);

  struct rlimit limit, small;
  getrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, SIG_IGN);
  for (size_t bytes = 0; bytes < n; bytes += 4096) {
    small = (struct rlimit){.rlim_cur = bytes, .rlim_max = limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const hd_status status = hd_session_save(session, temp_path("old.hd"));
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(status == HD_IO);
    CHECK(strstr(hd_ctx_error(ctx), "old.hd") != NULL);
    CHECK(!has_file(temp_path("old.hd.tmp")));
  }
  signal(SIGXFSZ, SIG_DFL);
  char *after = get_file(temp_path("old.hd"), &m);
  CHECK(after != NULL && n == m && memcmp(before, after, n) == 0);
  free(before);
  free(after);
  hd_session_destroy(session);
}

static void unwritable_places_are_said(void) {
  hd_session *session = make("4", 0);
  static const char *const paths[] = {"/nonexistent/a.hd", "/dev/full", HD_TEST_TMP};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    CHECK(hd_session_save(session, paths[i]) == HD_IO);
    CHECK(strstr(hd_ctx_error(ctx), paths[i]) != NULL);
    CHECK(has_file(paths[i]) == (i > 0));
  }
  char longest[4096];
  memset(longest, 'x', sizeof longest);
  longest[sizeof longest - 1] = '\0';
  CHECK(hd_session_save(session, longest) == HD_IO);
  hd_session *none = NULL;
  CHECK(hd_session_save(session, "") == HD_IO && hd_session_load(ctx, "", &none) == HD_IO);
  CHECK(strcmp(hd_ctx_error(ctx), "the name of a file is empty") == 0 && none == NULL);
  hd_session_destroy(session);
}

static hd_status load_small(hd_ctx *own) {
  hd_session *session;
  HD_TRY(hd_session_load(own, temp_path("small.hd"), &session));
  hd_session_destroy(session);
  return HD_OK;
}

static void every_allocation_may_fail(void) {
  size_t size;
  free(small_checkpoint(&size));
  CHECK(fault_sweep(load_small) > 4);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(names_are_unique);
  RUN(what_was_saved_comes_back);
  RUN(going_on_equals_never_having_stopped);
  RUN(every_type_travels);
  RUN(sizes_do_not_overflow);
  RUN(every_truncation_is_noticed);
  RUN(every_flipped_bit_is_noticed);
  RUN(a_lying_length_asks_for_no_memory);
  RUN(forged_headers_are_answered);
  RUN(inconsistent_traces_are_refused);
  RUN(what_is_no_checkpoint_is_said);
  RUN(a_full_disk_leaves_the_old_checkpoint);
  RUN(unwritable_places_are_said);
  RUN(every_allocation_may_fail);
  hd_ctx_destroy(ctx);
  return test_end();
}
