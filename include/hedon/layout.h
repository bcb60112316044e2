/* Sizes of the public structs, for bindings that repeat their layout in another language. */
#ifndef HEDON_LAYOUT_H
#define HEDON_LAYOUT_H

#include "base.h"

/* sizeof of a public struct by its name, such as "hd_view"; 0 if there is no such struct. */
HD_API size_t hd_struct_size(const char *name);

#endif
