#include "crc32.h"
#include "json_read.h"
#include "sink.h"
#include "test.h"

static void crc32_gives_the_standard_check_value(void) {
  CHECK(hd__crc32(0, "123456789", 9) == 0xCBF43926u); /* Koopman's and zlib's check input */
  CHECK(hd__crc32(hd__crc32(0, "1234", 4), "56789", 5) == 0xCBF43926u);
  CHECK(hd__crc32(0, "", 0) == 0);
  unsigned char data[256];
  for (int i = 0; i < 256; i++) {
    data[i] = (unsigned char)(37 * i + i / 7);
  }
  for (size_t size = 0; size < 200; size++) { /* however long, and wherever it begins */
    uint32_t plain = ~(uint32_t)size;
    const size_t from = size % 9;
    for (size_t i = 0; i < size; i++) {
      plain ^= data[from + i];
      for (int bit = 0; bit < 8; bit++) {
        plain = plain >> 1 ^ ((plain & 1) != 0 ? 0xEDB88320u : 0u);
      }
    }
    CHECK(hd__crc32((uint32_t)size, data + from, size) == ~plain);
  }
}

static bool is_json(const char *text) {
  hd__json json = hd__json_over(text, strlen(text));
  return hd__json_skip(&json) && hd__json_is_over(&json);
}

static void valid_values_are_distinguished_from_invalid(void) {
  static const char *const good[] = {"{}", "[]", " [ 1 , -2.5e3, null, true ] ", "\"a\\\"b\"",
                                     "{\"a\":{\"b\":[{},[]]},\"c\":\"\"}"};
  static const char *const bad[] = {
      "",       "{",    "[1,]",       "[,1]", "{\"a\"}", "{\"a\":}",          "{a:1}", "[1 2]",
      "\"open", "\"\\", "{\"a\":1,}", "[1]]", "\"\n\"",  "{\"a\":1 \"b\":2}", "]"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    CHECK(is_json(good[i]));
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CHECK(!is_json(bad[i]));
  }
}

static void nesting_is_limited(void) {
  char deep[2001];
  memset(deep, '[', 1000);
  memset(deep + 1000, ']', 1000);
  deep[2000] = '\0';
  CHECK(!is_json(deep));
}

static void an_object_is_walked(void) {
  const char *text = "{\"n\": -42, \"x\":[1,{\"n\":7}], \"name\":\"a\\u00e9\\n\"}";
  hd__json json = hd__json_over(text, strlen(text));
  hd__json_text key, name = {0};
  int64_t n = 0;
  int keys = 0;
  hd__json_enter(&json, '{');
  while (hd__json_more(&json, '}')) {
    hd__json_key(&json, &key);
    keys++;
    if (hd__json_is(key, "n")) {
      hd__json_integer(&json, &n);
    } else if (hd__json_is(key, "name")) {
      hd__json_string(&json, &name);
    } else {
      hd__json_skip(&json);
    }
  }
  CHECK(!json.is_bad && hd__json_is_over(&json) && keys == 3 && n == -42);
  char out[32];
  CHECK(name.size < sizeof out && hd__json_unescape(name, out));
  CHECK_TEXT(out, "a\xC3\xA9\n");
}

static void integers_do_not_overflow(void) {
  static const struct {
    const char *text;
    bool is_good;
    int64_t value;
  } cases[] = {{"9223372036854775807", true, INT64_MAX},
               {"9223372036854775808", false, 0},
               {"99999999999999999999", false, 0},
               {"-9223372036854775807", true, -INT64_MAX},
               {"-", false, 0},
               {"x", false, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd__json json = hd__json_over(cases[i].text, strlen(cases[i].text));
    int64_t value;
    CHECK(hd__json_integer(&json, &value) == cases[i].is_good);
    CHECK(!cases[i].is_good || value == cases[i].value);
  }
}

static void wrong_escapes_are_refused(void) {
  static const char *const bad[] = {"\\x", "\\u12", "\\u00zz", "\\u0000", "\\"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char out[16];
    CHECK(!hd__json_unescape((hd__json_text){bad[i], strlen(bad[i])}, out));
  }
}

/* Quote a text, and read what was quoted. */
static void json_read_there_and_back(const char *text, char *out) {
  hd__sink sink;
  hd__sink_init(&sink, HD_SINK_MEMORY);
  hd__sink_json_text(&sink, text);
  CHECK(sink.error == 0 && sink.size == sink.n_buffered);
  hd__json json = hd__json_over((const char *)sink.buffer, sink.n_buffered);
  hd__json_text quoted;
  CHECK(hd__json_string(&json, &quoted));
  CHECK(hd__json_unescape(quoted, out));
}

static void every_character_survives_quoting(void) {
  char text[128], out[2048];
  for (int i = 0; i < 127; i++) {
    text[i] = (char)(i + 1);
  }
  text[127] = '\0';
  json_read_there_and_back(text, out);
  CHECK_TEXT(out, text);
  static const char of_many_bytes[] =
      "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\xA7\xA0"; /* 2, 3 and 4 bytes */
  json_read_there_and_back(of_many_bytes, out);
  CHECK_TEXT(out, of_many_bytes);
}

static void bytes_of_no_character_are_replaced(void) {
  char out[64];
  json_read_there_and_back("a\xFF\xC3(\xE2\x82", out);
  CHECK_TEXT(out, "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void numbers_are_short_and_exact(void) {
  static const struct {
    double number;
    const char *text;
  } cases[] = {{0.1, "0.1"},
               {13.29, "13.29"},
               {1.0 / 3, "0.3333333333333333"},
               {-5, "-5"},
               {5e-324, "4.94065645841247e-324"},
               {INFINITY, "null"},
               {NAN, "null"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd__sink sink;
    hd__sink_init(&sink, HD_SINK_MEMORY);
    hd__sink_json_number(&sink, cases[i].number);
    hd__sink_write(&sink, "", 1);
    CHECK_TEXT((const char *)sink.buffer, cases[i].text);
  }
}

static void a_full_buffer_is_an_error(void) {
  hd__sink sink;
  hd__sink_init(&sink, HD_SINK_MEMORY);
  for (int i = 0; i < HD_SINK_BUFFER - 1; i++) {
    hd__sink_text(&sink, "x");
  }
  CHECK(sink.error == 0);
  hd__sink_text(&sink, "x");
  CHECK(sink.error != 0);
}

int main(void) {
  RUN(crc32_gives_the_standard_check_value);
  RUN(valid_values_are_distinguished_from_invalid);
  RUN(nesting_is_limited);
  RUN(an_object_is_walked);
  RUN(integers_do_not_overflow);
  RUN(wrong_escapes_are_refused);
  RUN(every_character_survives_quoting);
  RUN(bytes_of_no_character_are_replaced);
  RUN(numbers_are_short_and_exact);
  RUN(a_full_buffer_is_an_error);
  return test_end();
}
