#include "say.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "command.h"
#include "terminal.h"

static void say_sentence(const char *format, va_list list) {
  fputs("hedon: ", stderr);
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
}

int say_usage(const char *format, ...) {
  va_list list;
  va_start(list, format);
  say_sentence(format, list);
  va_end(list);
  return EXIT_USAGE;
}

int say_failure(const char *format, ...) {
  va_list list;
  va_start(list, format);
  say_sentence(format, list);
  va_end(list);
  return EXIT_RUN;
}

int say_status(const hd_ctx *ctx, hd_status status) {
  const char *error = hd_ctx_error(ctx);
  fprintf(stderr, "hedon: %s\n", *error != '\0' ? error : hd_status_text(status));
  const bool is_usage =
      status == HD_RANGE || status == HD_UNKNOWN || status == HD_CONFLICT || status == HD_USAGE;
  return is_usage ? EXIT_USAGE : EXIT_RUN;
}

void say_wrapped(FILE *file, int column, int indent, const char *text) {
  const int width = terminal_width(file);
  bool is_first = true;
  while (*text != '\0') {
    const int length = (int)strcspn(text, " ");
    if (!is_first && column + 1 + length > width) {
      fprintf(file, "\n%*s", indent, "");
      column = indent;
      is_first = true;
    }
    fprintf(file, "%s%.*s", is_first ? "" : " ", length, text);
    column += length + !is_first;
    is_first = false;
    text += length;
    text += strspn(text, " ");
  }
  fputc('\n', file);
}

void say_item(FILE *file, int margin, int indent, const char *head, const char *text) {
  const int length = fprintf(file, "%*s%s", margin, "", head);
  if (length + 2 > indent) {
    fprintf(file, "\n%*s", indent, "");
  } else {
    fprintf(file, "%*s", indent - length, "");
  }
  say_wrapped(file, indent, indent, text);
}

const char *say_count(char buffer[SAY_SIZE], int64_t count) {
  char digits[SAY_SIZE];
  const int n = snprintf(digits, sizeof digits, "%" PRId64, count < 0 ? -count : count);
  char *out = buffer;
  if (count < 0) {
    *out++ = '-';
  }
  for (int i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0) {
      *out++ = ',';
    }
    *out++ = digits[i];
  }
  *out = '\0';
  return buffer;
}

const char *say_seeds(char buffer[SAY_SIZE], int n) {
  snprintf(buffer, SAY_SIZE, "%d seed%s", n, n == 1 ? "" : "s");
  return buffer;
}

const char *say_short(char buffer[SAY_SIZE], double value) {
  static const char suffix[] = {' ', 'k', 'M', 'G'};
  int i = 0;
  while (i < 3 && value >= 999.5) {
    value /= 1000;
    i++;
  }
  const int digits = i == 0 || value >= 99.95 ? 0 : 1;
  snprintf(buffer, SAY_SIZE, i == 0 ? "%.*f" : "%.*f%c", digits, value, suffix[i]);
  return buffer;
}

const char *say_figure(char buffer[SAY_SIZE], double value) {
  if (!isfinite(value)) {
    return strcpy(buffer, "-");
  }
  if (fabs(value) < 0.0005) { /* and not -0.000 */
    value = 0;
  }
  snprintf(buffer, SAY_SIZE, fabs(value) < 10 ? "%.3f" : "%.1f", value);
  return buffer;
}

const char *say_clock(char buffer[SAY_SIZE], double seconds) {
  const long whole = seconds < 1e9 ? (long)(seconds + 0.5) : 1000000000;
  const long hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) {
    snprintf(buffer, SAY_SIZE, "%ld:%02ld:%02ld", hours, minutes, whole % 60);
  } else {
    snprintf(buffer, SAY_SIZE, "%ld:%02ld", minutes, whole % 60);
  }
  return buffer;
}

const char *say_seconds(char buffer[SAY_SIZE], double seconds) {
  if (!(seconds >= 0)) {
    return strcpy(buffer, "-");
  }
  if (seconds >= 60) {
    say_clock(buffer, seconds);
    return strcat(buffer, seconds < 3600 ? " min" : " h");
  }
  snprintf(buffer, SAY_SIZE, seconds < 0.9995 ? "%.0f ms" : "%.2f s",
           seconds < 0.9995 ? seconds * 1000 : seconds);
  return buffer;
}
