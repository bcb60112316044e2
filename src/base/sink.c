#include "sink.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "crc32.h"
#include "number.h"
#include "utf8.h"

void hd__sink_init(hd__sink *sink, int fd) {
  sink->fd = fd;
  sink->error = 0;
  sink->is_quoting = false;
  sink->size = 0;
  sink->crc = 0;
  sink->n_buffered = 0;
}

static void sink_write_file(hd__sink *sink, const unsigned char *p, size_t size) {
  while (sink->error == 0 && size > 0) {
    const ssize_t n = write(sink->fd, p, size);
    if (n >= 0) {
      p += n;
      size -= (size_t)n;
    } else if (errno != EINTR) {
      sink->error = errno;
    }
  }
}

void hd__sink_flush(hd__sink *sink) {
  if (sink->fd == HD_SINK_MEMORY && sink->error == 0) {
    sink->error = ENOSPC;
  }
  if (sink->fd >= 0) {
    sink_write_file(sink, sink->buffer, sink->n_buffered);
  }
  sink->n_buffered = 0;
}

void hd__sink_rewind(hd__sink *sink) {
  hd__sink_flush(sink);
  if (sink->error == 0 && lseek(sink->fd, 0, SEEK_SET) != 0) {
    sink->error = errno;
  }
}

static void sink_write_plain(hd__sink *sink, const void *data, size_t size) {
  sink->size += size;
  if (sink->fd == HD_SINK_NOWHERE) {
    sink->crc = hd__crc32(sink->crc, data, size);
    return;
  }
  const unsigned char *p = data;
  if (size >= HD_SINK_BUFFER && sink->fd >= 0) { /* long pieces need no buffer */
    hd__sink_flush(sink);
    sink_write_file(sink, p, size);
    return;
  }
  while (size > 0) {
    const size_t room = HD_SINK_BUFFER - sink->n_buffered, n = size < room ? size : room;
    memcpy(sink->buffer + sink->n_buffered, p, n);
    sink->n_buffered += n;
    p += n;
    size -= n;
    if (sink->n_buffered == HD_SINK_BUFFER) {
      hd__sink_flush(sink);
    }
  }
}

static bool sink_is_special(unsigned char c) { return c == '"' || c == '\\' || c < 0x20; }

/* What needs no escape goes out in one piece. */
static void sink_write_quoted(hd__sink *sink, const unsigned char *p, size_t size) {
  for (size_t i = 0, plain; i < size; i += plain + 1) {
    for (plain = 0; i + plain < size && !sink_is_special(p[i + plain]); plain++) {
    }
    sink_write_plain(sink, p + i, plain);
    if (i + plain == size) {
      break;
    }
    const unsigned char c = p[i + plain];
    char escape[8];
    const int n = c == '\n'  ? snprintf(escape, sizeof escape, "\\n")
                  : c < 0x20 ? snprintf(escape, sizeof escape, "\\u%04x", c)
                             : snprintf(escape, sizeof escape, "\\%c", c);
    sink_write_plain(sink, escape, (size_t)n);
  }
}

void hd__sink_write(hd__sink *sink, const void *data, size_t size) {
  if (sink->is_quoting) {
    sink_write_quoted(sink, data, size);
  } else {
    sink_write_plain(sink, data, size);
  }
}

void hd__sink_text(hd__sink *sink, const char *text) { hd__sink_write(sink, text, strlen(text)); }

void hd__sink_print(hd__sink *sink, const char *format, ...) {
  char text[256];
  va_list args;
  va_start(args, format);
  const int n = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  HD_ASSERT(n >= 0 && n < (int)sizeof text);
  hd__sink_write(sink, text, (size_t)n);
}

/* Bytes at the beginning of a text that are UTF-8. */
static size_t sink_count_characters(const char *text, size_t size) {
  size_t at = 0, n = 1;
  while (at < size && n > 0) {
    n = hd__utf8_length((const unsigned char *)text + at, size - at);
    at += n;
  }
  return at;
}

void hd__sink_json_text(hd__sink *sink, const char *text) {
  hd__sink_text(sink, "\"");
  sink->is_quoting = true;
  for (size_t left = strlen(text); left > 0;) {
    const size_t n = sink_count_characters(text, left);
    hd__sink_write(sink, text, n);
    if (n < left) {
      hd__sink_text(sink, HD_UTF8_REPLACEMENT);
    }
    text += n + (n < left);
    left -= n + (n < left);
  }
  sink->is_quoting = false;
  hd__sink_text(sink, "\"");
}

void hd__sink_json_number(hd__sink *sink, double number) {
  if (!isfinite(number)) {
    hd__sink_text(sink, "null");
    return;
  }
  char text[32];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, number);
    if (strtod(text, NULL) == number) {
      break;
    }
  }
  hd__number_point(text);
  hd__sink_text(sink, text);
}
