#include "orthogonal.h"

#include <math.h>
#include <stddef.h>

/* Vectors of a matrix: number v is w[v step + k stride], k < length. */
typedef struct vectors {
  float *w;
  int count, length;
  size_t step, stride;
} vectors;

static double orthogonal_dot(const vectors *m, int u, int v) {
  const float *a = m->w + (size_t)u * m->step, *b = m->w + (size_t)v * m->step;
  double sum = 0.0;
  for (int k = 0; k < m->length; k++) {
    sum += (double)a[(size_t)k * m->stride] * (double)b[(size_t)k * m->stride];
  }
  return sum;
}

/* Vector v loses what it has of vector u, whose length is 1. */
static void orthogonal_subtract(const vectors *m, int v, int u) {
  const double share = orthogonal_dot(m, u, v);
  float *to = m->w + (size_t)v * m->step;
  const float *from = m->w + (size_t)u * m->step;
  for (int k = 0; k < m->length; k++) {
    const size_t at = (size_t)k * m->stride;
    to[at] = (float)((double)to[at] - share * (double)from[at]);
  }
}

static void orthogonal_scale(const vectors *m, int v, double factor) {
  float *to = m->w + (size_t)v * m->step;
  for (int k = 0; k < m->length; k++) {
    to[(size_t)k * m->stride] = (float)((double)to[(size_t)k * m->stride] * factor);
  }
}

static void orthogonal_normalise(const vectors *m, int v) {
  const double square = orthogonal_dot(m, v, v);
  orthogonal_scale(m, v, square > 0.0 ? 1.0 / sqrt(square) : 0.0);
}

void hd__orthogonalise(float *w, int rows, int n, int n_pad, float gain) {
  const size_t pad = (size_t)n_pad;
  const vectors m = rows < n ? (vectors){w, rows, n, pad, 1} : (vectors){w, n, rows, 1, pad};
  for (int v = 0; v < m.count; v++) {
    orthogonal_normalise(&m, v); /* a deviation of 0 leaves zeros */
    for (int u = 0; u < 2 * v; u++) {
      orthogonal_subtract(&m, v, u % v);
    }
    orthogonal_normalise(&m, v);
  }
  for (int v = 0; v < m.count; v++) {
    orthogonal_scale(&m, v, (double)gain);
  }
}
