/* A reader of JSON that walks the text once and keeps nothing.
 *
 *   hd__json_enter(&json, '{');
 *   while (hd__json_more(&json, '}')) {
 *     hd__json_key(&json, &key);
 *     ... read or hd__json_skip the value ...
 *   }
 *
 * The first problem sets is_bad and moves to the end; from then on every call returns false, so
 * loops end and one look at is_bad is enough. */
#ifndef HD_JSON_READ_H
#define HD_JSON_READ_H

#include "hedon/base.h"

typedef struct hd__json {
  const char *at, *end;
  bool is_first; /* nothing of the innermost object or array was read yet */
  bool is_bad;
} hd__json;

/* A string as it stands in the text: without quotes, escapes not yet resolved. */
typedef struct hd__json_text {
  const char *at;
  size_t size;
} hd__json_text;

hd__json hd__json_over(const char *text, size_t size);

bool hd__json_enter(hd__json *json, char open);
bool hd__json_more(hd__json *json, char close);
bool hd__json_key(hd__json *json, hd__json_text *key);
bool hd__json_string(hd__json *json, hd__json_text *text);
bool hd__json_whole(hd__json *json, uint64_t *value);
bool hd__json_integer(hd__json *json, int64_t *value);
/* Any value, whatever it holds; nesting is limited. */
bool hd__json_skip(hd__json *json);
/* Nothing but blanks left? */
bool hd__json_is_over(hd__json *json);

/* Equal to plain text without escapes? */
bool hd__json_is(hd__json_text text, const char *plain);

/* Resolve escapes into out, which has room for text.size + 1 bytes: the result is never longer.
 * False if an escape is wrong or stands for a zero byte. */
bool hd__json_unescape(hd__json_text text, char *out);

#endif
