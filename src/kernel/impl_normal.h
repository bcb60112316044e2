/* Normal deviates by the row. Included by kernel_impl.c only. */
#include "normal.h"

static void normal_normals(int n, hd__key key, uint32_t first, float *restrict out) {
  for (int i = 0; i < n; i++) {
    out[i] = hd__normalf(key, first + (uint32_t)i);
  }
}
