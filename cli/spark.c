#include "spark.h"

#include <math.h>
#include <string.h>

void spark_add(spark *self, double value) {
  if (!isfinite(value)) {
    return;
  }
  if (self->stride == 0) {
    self->stride = 1;
  }
  self->sum += value;
  if (++self->pending < self->stride) {
    return;
  }
  self->value[self->n++] = self->sum / self->stride;
  self->sum = 0;
  self->pending = 0;
  if (self->n == SPARK_COLUMNS) {
    self->n /= 2;
    self->stride *= 2;
    for (int i = 0; i < self->n; i++) {
      self->value[i] = (self->value[2 * i] + self->value[2 * i + 1]) / 2;
    }
  }
}

const char *spark_text(const spark *self, bool has_unicode, char text[SPARK_SIZE]) {
  static const char *const block[8] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static const char *const ascii[8] = {"_", ".", ",", "-", "=", "+", "*", "#"};
  double low = INFINITY, high = -INFINITY;
  for (int i = 0; i < self->n; i++) {
    low = fmin(low, self->value[i]);
    high = fmax(high, self->value[i]);
  }
  text[0] = '\0';
  for (int i = 0; i < self->n; i++) {
    const int level = high > low ? (int)(7.999 * (self->value[i] - low) / (high - low)) : 0;
    strcat(text, (has_unicode ? block : ascii)[level]);
  }
  return text;
}

const char *bar_text(double fraction, int columns, bool has_unicode, char *text) {
  static const char *const eighth[8] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int filled = (int)(fraction * columns * 8), whole = filled / 8;
  int column = 0;
  text[0] = '\0';
  for (; column < whole; column++) {
    strcat(text, has_unicode ? "█" : "#");
  }
  if (has_unicode && column < columns && filled % 8 > 0) {
    strcat(text, eighth[filled % 8]);
    column++;
  }
  for (; column < columns; column++) {
    strcat(text, has_unicode ? "░" : ".");
  }
  return text;
}
