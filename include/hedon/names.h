/* "Did you mean": a client answers a wrong name of its own as the library answers its own. */
#ifndef HEDON_NAMES_H
#define HEDON_NAMES_H

#include "base.h"

/* The i-th of a list of names; NULL is passed over. */
typedef const char *(*hd_name_fn)(const void *list, int i);

/* The name with the smallest edit distance to `word`, letter case ignored, or NULL when none is
 * near: at most one difference in three letters. The text is the list's own, which may write every
 * name into the same place: the name that is returned is the last one asked for. The list is asked
 * for entries 0 to n - 1. */
HD_API const char *hd_nearest_name(const char *word, hd_name_fn name, const void *list, int n);

#endif
