#include "noise.h"

#include "mathf.h"

void hd__noise_compile(hd__noise *noise, const hd__kernel *kernel, int n, float memory) {
  *noise = (hd__noise){
      .kernel = kernel, .n = n, .memory = memory, .fresh = hd__sqrtf(1.0f - memory * memory)};
}

void hd__noise_lay_out(hd__noise *noise, hd__arena *arena, int B) {
  noise->x = hd__arena_field(arena, "noise", "F32", B, noise->n);
  noise->drawn = HD_TAKE(arena, float, HD_PAD(noise->n));
}

void hd__noise_start(hd__noise *noise, int b, hd__key key) {
  noise->kernel->normals(HD_PAD(noise->n), key, 0, noise->drawn);
  for (int k = 0; k < noise->n; k++) {
    noise->x[b * noise->n + k] = noise->drawn[k];
  }
}

const float *hd__noise_next(hd__noise *noise, int b, hd__key key) {
  float *x = noise->x + b * noise->n;
  noise->kernel->normals(HD_PAD(noise->n), key, 0, noise->drawn);
  for (int k = 0; k < noise->n; k++) {
    x[k] = noise->memory * x[k] + noise->fresh * noise->drawn[k];
  }
  return x;
}
