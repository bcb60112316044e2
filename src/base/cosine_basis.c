#include "cosine_basis.h"

#include "check.h"
#include "mathf.h"

void hd__cosine_basis(int n, int K, float *basis) {
  HD_ASSERT(n >= 1 && n <= K);
  const float spacing =
      n > 1 ? hd__logf((float)K) / (float)(n - 1) : 0.5f * hd__logf((float)(K + 1));
  for (int j = 0; j < n; j++) {
    float *row = basis + j * K, sum = 0.0f;
    for (int t = 0; t < K; t++) {
      /* Distance from the peak in turns: a function is four spacings, one turn, wide. */
      const float turns = (hd__logf((float)(t + 1)) - (float)j * spacing) / (4.0f * spacing);
      float sine, cosine;
      hd__sincos_turnf(hd__clampf(turns, -0.5f, 0.5f), &sine, &cosine);
      row[t] = 0.5f * (1.0f + cosine);
      sum += row[t];
    }
    for (int t = 0; t < K; t++) {
      row[t] /= sum;
    }
  }
}
