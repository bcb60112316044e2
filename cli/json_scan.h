/* Values found in JSON text, such as a line of metrics.jsonl, without copying it. */
#ifndef CLI_JSON_SCAN_H
#define CLI_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* A value as it stands in the text. */
typedef struct json_span {
  const char *at, *end;
} json_span;

/* The value of a key of an object; the element of an array. False: there is none, or the text is
 * not JSON up to there. */
bool json_member(json_span object, const char *key, json_span *out);
bool json_element(json_span array, int index, json_span *out);

/* A number; NAN of null and of anything else. */
double json_to_number(json_span value);

/* A string without escapes, cut to the room there is; "" of anything else. */
const char *json_to_text(json_span value, char *text, size_t size);

bool json_is_true(json_span value);

#endif
