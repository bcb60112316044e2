/* Synapses that draw whether they release. Included by kernel_impl.c only. */
#include "lanes.h"
#include "score.h"

static void release(int n, hd__key key, uint32_t first, float c, const float *q,
                    const float *strength, const float *live, float *drive, float *e) {
  HD_APART
  for (int j = 0; j < n; j++) {
    const float p = hd__sigmoidf(q[j] + c);
    const float r = hd__uniform24(key, first + (uint32_t)j) < p ? 1.0f : 0.0f;
    drive[j] += strength[j] * r;
    e[j] += live[j] * hd__score(1.0f, r, p, 1.0f);
  }
}
