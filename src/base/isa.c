#include "isa.h"

#include <stddef.h>
#include <string.h>

static const char *const names[HD_ISA_COUNT] = {"scalar", "v2", "v3", "v4"};

static int isa_is_supported(int isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (isa) {
    case HD_ISA_V2:
      return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
    case HD_ISA_V3:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi2");
    case HD_ISA_V4:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512cd");
    default:
      return isa == HD_ISA_SCALAR;
  }
#elif defined(__wasm__)
  return isa == HD_ISA_V2; /* a page loads one copy of the kernels */
#else
  return isa == HD_ISA_SCALAR || isa == HD_ISA_V2;
#endif
}

int hd__isa_choose(const char *name) {
  for (int isa = HD_ISA_COUNT - 1; isa >= 0; isa--) {
    if (isa_is_supported(isa) && (name == NULL || *name == '\0' || strcmp(name, names[isa]) == 0)) {
      return isa;
    }
  }
  return -1;
}

const char *hd__isa_name(int isa) { return names[isa]; }
