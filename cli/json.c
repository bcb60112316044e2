#include "json.h"

#include <inttypes.h>
#include <math.h>

void json_string(FILE *file, const char *text) {
  fputc('"', file);
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\') {
      fprintf(file, "\\%c", *c);
    } else if (*c < 0x20) {
      fprintf(file, "\\u%04x", *c);
    } else {
      fputc(*c, file);
    }
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
