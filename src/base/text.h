/* Small helpers on names: the nearest one for "did you mean", comparison without case. */
#ifndef HD_TEXT_H
#define HD_TEXT_H

#include <stdbool.h>

/* The i-th of a list of names. */
typedef const char *(*hd__name_fn)(const void *list, int i);

/* The name with the smallest edit distance to `word`, or NULL when none is near. */
const char *hd__nearest(const char *word, hd__name_fn name, const void *list, int n);

/* Equal but for letter case? */
bool hd__same_word(const char *a, const char *b);

#endif
