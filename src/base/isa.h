/* Instruction sets the kernels are compiled for, and which one this processor and the user want. */
#ifndef HD_ISA_H
#define HD_ISA_H

enum { HD_ISA_SCALAR, HD_ISA_V2, HD_ISA_V3, HD_ISA_V4, HD_ISA_COUNT };

/* The best supported set, or the one named; -1 if it is unknown or this processor lacks it. */
int hd__isa_choose(const char *name);
const char *hd__isa_name(int isa);

#endif
