#include "kernel.h"

#include "isa.h"

extern const hd__kernel hd__kernel_v2;
#if !defined(__wasm__)
extern const hd__kernel hd__kernel_scalar;
#endif
#if defined(__x86_64__)
extern const hd__kernel hd__kernel_v3, hd__kernel_v4;
#endif

const hd__kernel *hd__kernel_for(int isa) {
  static const hd__kernel *const table[HD_ISA_COUNT] = {
#if !defined(__wasm__)
    [HD_ISA_SCALAR] = &hd__kernel_scalar,
#endif
    [HD_ISA_V2] = &hd__kernel_v2,
#if defined(__x86_64__)
    [HD_ISA_V3] = &hd__kernel_v3,
    [HD_ISA_V4] = &hd__kernel_v4,
#endif
  };
  return table[isa];
}
