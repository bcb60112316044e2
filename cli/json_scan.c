#include "json_scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 64 };

static const char *json_scan_blank(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
    at++;
  }
  return at;
}

/* Behind a string that begins at `at`, or NULL. */
static const char *json_scan_string(const char *at, const char *end) {
  for (at++; at < end && *at != '"'; at++) {
    at += *at == '\\';
  }
  return at < end ? at + 1 : NULL;
}

/* Behind a value that begins at `at`, or NULL. */
static const char *json_scan_value(const char *at, const char *end) {
  int depth = 0;
  do {
    at = json_scan_blank(at, end);
    if (at == NULL || at >= end) {
      return NULL;
    }
    if (*at == '"') {
      at = json_scan_string(at, end);
    } else if (*at == '{' || *at == '[') {
      depth++;
      at++;
    } else if (*at == '}' || *at == ']') {
      depth--;
      at++;
    } else if (*at == ',' || *at == ':') {
      at++;
    } else {
      at += strcspn(at, " \t\r\n,:{}[]\"");
    }
  } while (at != NULL && depth > 0 && depth < DEPTH);
  return depth == 0 && at != NULL && at <= end ? at : NULL;
}

/* The value at `at`, and behind it. */
static const char *json_scan_take(const char *at, const char *end, json_span *out) {
  at = json_scan_blank(at, end);
  const char *behind = at < end ? json_scan_value(at, end) : NULL;
  *out = (json_span){at, behind};
  return behind;
}

static const char *json_scan_enter(json_span value, char open) {
  const char *at = json_scan_blank(value.at, value.end);
  return at < value.end && *at == open ? at + 1 : NULL;
}

static bool json_scan_is(json_span text, const char *key) {
  const size_t length = strlen(key);
  return (size_t)(text.end - text.at) == length + 2 && strncmp(text.at + 1, key, length) == 0;
}

bool json_member(json_span object, const char *key, json_span *out) {
  const char *at = json_scan_enter(object, '{'), *end = object.end;
  json_span name;
  while (at != NULL && (at = json_scan_take(at, end, &name)) != NULL && *name.at == '"') {
    at = json_scan_blank(at, end);
    if (at >= end || *at != ':' || (at = json_scan_take(at + 1, end, out)) == NULL) {
      return false;
    }
    if (json_scan_is(name, key)) {
      return true;
    }
    at = json_scan_blank(at, end);
    at = at < end && *at == ',' ? at + 1 : NULL;
  }
  return false;
}

bool json_element(json_span array, int index, json_span *out) {
  const char *at = json_scan_enter(array, '['), *end = array.end;
  for (int i = 0; at != NULL; i++) {
    at = json_scan_blank(at, end);
    if (at >= end || *at == ']' || (at = json_scan_take(at, end, out)) == NULL) {
      return false;
    }
    if (i == index) {
      return true;
    }
    at = json_scan_blank(at, end);
    at = at < end && *at == ',' ? at + 1 : NULL;
  }
  return false;
}

double json_to_number(json_span value) {
  char *end;
  const double number = strtod(value.at, &end);
  return end == value.end ? number : (double)NAN;
}

const char *json_to_text(json_span value, char *text, size_t size) {
  const bool is_text = value.end - value.at >= 2 && *value.at == '"';
  snprintf(text, size, "%.*s", is_text ? (int)(value.end - value.at - 2) : 0, value.at + 1);
  return text;
}

bool json_is_true(json_span value) {
  return value.end - value.at == 4 && strncmp(value.at, "true", 4) == 0;
}
