#include "json_read.h"

#include <string.h>

enum { DEPTH_MAX = 32 };

hd__json hd__json_over(const char *text, size_t size) {
  return (hd__json){.at = text, .end = text + size, .is_first = true};
}

static bool json_read_fail(hd__json *json) {
  json->is_bad = true;
  json->at = json->end;
  return false;
}

static char json_read_peek(hd__json *json) {
  while (json->at < json->end &&
         (*json->at == ' ' || *json->at == '\n' || *json->at == '\r' || *json->at == '\t')) {
    json->at++;
  }
  return (char)(json->at < json->end ? *json->at : '\0');
}

static bool json_read_take(hd__json *json, char c) {
  if (json_read_peek(json) != c || json->at == json->end) {
    return json_read_fail(json);
  }
  json->at++;
  return true;
}

bool hd__json_enter(hd__json *json, char open) {
  json->is_first = true;
  return json_read_take(json, open);
}

bool hd__json_more(hd__json *json, char close) {
  if (json->is_bad) {
    return false;
  }
  const bool is_first = json->is_first;
  json->is_first = false;
  if (json_read_peek(json) == close && json->at < json->end) {
    json->at++;
    return false;
  }
  return is_first ? json->at < json->end || json_read_fail(json) : json_read_take(json, ',');
}

bool hd__json_string(hd__json *json, hd__json_text *text) {
  *text = (hd__json_text){.at = json->end};
  if (!json_read_take(json, '"')) {
    return false;
  }
  const char *start = json->at;
  while (json->at < json->end && *json->at != '"') {
    if ((unsigned char)*json->at < 0x20) {
      return json_read_fail(json);
    }
    json->at += *json->at == '\\' && json->at + 1 < json->end ? 2 : 1;
  }
  if (json->at >= json->end) {
    return json_read_fail(json);
  }
  *text = (hd__json_text){.at = start, .size = (size_t)(json->at - start)};
  json->at++;
  return true;
}

bool hd__json_key(hd__json *json, hd__json_text *key) {
  return hd__json_string(json, key) && json_read_take(json, ':');
}

bool hd__json_whole(hd__json *json, uint64_t *value) {
  const char *start = json->at;
  *value = 0;
  for (; json->at < json->end && *json->at >= '0' && *json->at <= '9'; json->at++) {
    const uint64_t digit = (uint64_t)(*json->at - '0');
    if (*value > (UINT64_MAX - digit) / 10) {
      return json_read_fail(json);
    }
    *value = 10 * *value + digit;
  }
  return json->at > start || json_read_fail(json);
}

bool hd__json_integer(hd__json *json, int64_t *value) {
  *value = 0;
  const bool is_negative = json_read_peek(json) == '-';
  json->at += is_negative;
  const char *start = json->at;
  int64_t sum = 0;
  while (json->at < json->end && *json->at >= '0' && *json->at <= '9') {
    const int digit = *json->at - '0';
    if (sum > (INT64_MAX - digit) / 10) {
      return json_read_fail(json);
    }
    sum = 10 * sum + digit;
    json->at++;
  }
  if (json->at == start) {
    return json_read_fail(json);
  }
  *value = is_negative ? -sum : sum;
  return true;
}

static bool json_read_is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '+' || c == '.';
}

static bool json_read_skip(hd__json *json, int depth) {
  hd__json_text text;
  const char c = json_read_peek(json);
  if (c == '"') {
    return hd__json_string(json, &text);
  }
  if (c == '{' || c == '[') {
    const char close = (char)(c == '{' ? '}' : ']');
    if (depth == DEPTH_MAX) {
      return json_read_fail(json);
    }
    hd__json_enter(json, c);
    while (hd__json_more(json, close)) {
      if (c == '{') {
        hd__json_key(json, &text);
      }
      json_read_skip(json, depth + 1);
    }
    return !json->is_bad;
  }
  const char *start = json->at;
  while (json->at < json->end && json_read_is_word(*json->at)) {
    json->at++;
  }
  return json->at > start || json_read_fail(json);
}

bool hd__json_skip(hd__json *json) { return json_read_skip(json, 0); }

bool hd__json_is_over(hd__json *json) {
  return json_read_peek(json) == '\0' && json->at == json->end;
}

bool hd__json_is(hd__json_text text, const char *plain) {
  return text.size == strlen(plain) && memcmp(text.at, plain, text.size) == 0;
}

static int json_read_hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* A code point below 2^16 as UTF-8; returns its length. Surrogates are not paired: they are no
 * characters of ours. */
static size_t json_read_put_utf8(unsigned code, char *out) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xC0 | code >> 6);
    out[1] = (char)(0x80 | (code & 0x3F));
    return 2;
  }
  out[0] = (char)(0xE0 | code >> 12);
  out[1] = (char)(0x80 | (code >> 6 & 0x3F));
  out[2] = (char)(0x80 | (code & 0x3F));
  return 3;
}

bool hd__json_unescape(hd__json_text text, char *out) {
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  size_t n = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (text.at[i] != '\\') {
      out[n++] = text.at[i];
      continue;
    }
    i++;
    const char *letter = i < text.size && text.at[i] != '\0' ? strchr(letters, text.at[i]) : NULL;
    if (letter != NULL) {
      out[n++] = meanings[letter - letters];
      continue;
    }
    if (i + 4 >= text.size || text.at[i] != 'u') {
      return false;
    }
    unsigned code = 0;
    for (int k = 1; k <= 4; k++) {
      const int digit = json_read_hex_digit(text.at[i + (size_t)k]);
      if (digit < 0) {
        return false;
      }
      code = 16 * code + (unsigned)digit;
    }
    if (code == 0) {
      return false;
    }
    n += json_read_put_utf8(code, out + n);
    i += 4;
  }
  out[n] = '\0';
  return memchr(out, '\0', n) == NULL;
}
