/* A registered coding: an item of the context's registry. */
#ifndef HD_CODE_OWN_H
#define HD_CODE_OWN_H

#include "coding.h"
#include "hedon/coding.h"

typedef struct hd__own_code {
  hd__code_desc desc; /* first, so that a pointer to it is one to the whole */
  hd_coding_desc own;
} hd__own_code;

#endif
