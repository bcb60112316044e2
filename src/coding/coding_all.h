/* The descriptors named in coding_table.h. */
#ifndef HD_CODING_ALL_H
#define HD_CODING_ALL_H

#include "coding.h"

#define HD_CODING(name) extern const hd__code_desc hd__code_##name;
#include "coding_table.h"
#undef HD_CODING

#endif
