#include "json.h"

#include <inttypes.h>
#include <math.h>

#include "unicode.h"

/* One character, escaped where it has to be; returns the bytes it took of the text. */
static int json_character(FILE *file, const char *text) {
  const int n = unicode_length(text);
  if (n == 0) {
    fputs(UNICODE_REPLACEMENT, file);
  } else if (*text == '"' || *text == '\\') {
    fprintf(file, "\\%c", *text);
  } else if ((unsigned char)*text < 0x20) {
    fprintf(file, "\\u%04x", (unsigned)(unsigned char)*text);
  } else {
    fwrite(text, 1, (size_t)n, file);
  }
  return n > 0 ? n : 1;
}

void json_string(FILE *file, const char *text) {
  fputc('"', file);
  while (*text != '\0') {
    text += json_character(file, text);
  }
  fputc('"', file);
}

void json_number(FILE *file, double value) {
  if (isfinite(value)) {
    fprintf(file, "%.17g", value);
  } else {
    fputs("null", file);
  }
}

void json_count(FILE *file, int64_t value) {
  if (value >= 0) {
    fprintf(file, "%" PRId64, value);
  } else {
    fputs("null", file);
  }
}

void json_hash(FILE *file, uint64_t hash) { fprintf(file, "\"%016" PRIx64 "\"", hash); }
