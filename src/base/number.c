#include "number.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_POINT = 16, NUMBER_SIZE = 512 };

/* What the locale writes for a decimal point: between the digits of 0.5. */
static size_t number_local_point(char point[NUMBER_POINT]) {
  const int n = snprintf(point, NUMBER_POINT, "%.1f", 0.5);
  memmove(point, point + 1, (size_t)(n - 2));
  point[n - 2] = '\0';
  return (size_t)(n - 2);
}

/* Before and after the point, with the locale's between. */
static bool number_localise(const char *text, char out[NUMBER_SIZE]) {
  char local[NUMBER_POINT];
  const size_t n = number_local_point(local), whole = strcspn(text, ".");
  const char *rest = text[whole] == '.' ? text + whole + 1 : text + whole;
  const char *point = text[whole] == '.' ? local : "";
  if (strlen(text) + n >= NUMBER_SIZE) {
    return false;
  }
  snprintf(out, NUMBER_SIZE, "%.*s%s%s", (int)whole, text, point, rest);
  return true;
}

bool hd__number_read(const char *text, double *out) {
  char local[NUMBER_SIZE], *end;
  if (strspn(text, "+-0123456789.eEnaNAifIFtyTY") != strlen(text) ||
      !number_localise(text, local)) {
    return false;
  }
  errno = 0;
  *out = strtod(local, &end);
  return end != local && *end == '\0';
}

void hd__number_point(char *text) {
  char local[NUMBER_POINT];
  const size_t n = number_local_point(local);
  char *at = strstr(text, local);
  if (at != NULL && strcmp(local, ".") != 0) {
    *at = '.';
    memmove(at + 1, at + n, strlen(at + n) + 1);
  }
}
