/* One step of every optimiser. Included by kernel_impl.c only. */
static void optimiser_adam(int n, float a1, float c2, float beta1, float beta2, float epsilon,
                           const float *restrict G, float *restrict m, float *restrict v,
                           float *restrict W) {
  for (int i = 0; i < n; i++) {
    m[i] = beta1 * m[i] + (1.0f - beta1) * G[i];
    v[i] = beta2 * v[i] + (1.0f - beta2) * (G[i] * G[i]);
    W[i] += a1 * m[i] / (hd__sqrtf(v[i] * c2) + epsilon);
  }
}

static void optimiser_rmsprop(int n, float a, float c2, float beta2, float epsilon,
                              const float *restrict G, float *restrict v, float *restrict W) {
  for (int i = 0; i < n; i++) {
    v[i] = beta2 * v[i] + (1.0f - beta2) * (G[i] * G[i]);
    W[i] += a * G[i] / (hd__sqrtf(v[i] * c2) + epsilon);
  }
}
