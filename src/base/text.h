/* Small helpers on names: the nearest one for "did you mean", what there is, comparison without
 * case. */
#ifndef HD_TEXT_H
#define HD_TEXT_H

#include "hedon/names.h"

typedef hd_name_fn hd__name_fn;

static inline const char *hd__nearest(const char *word, hd_name_fn name, const void *list, int n) {
  return hd_nearest_name(word, name, list, n);
}

enum { HD_HINT_SIZE = 256 };

/* What belongs behind "there is none of this name": "; did you mean 'NEAR'?", or where none is near
 * "; there is A, B, C", as far as there is room. Returns out. */
const char *hd__hint(const char *word, hd_name_fn name, const void *list, int n,
                     char out[HD_HINT_SIZE]);

/* Equal but for letter case? */
bool hd__same_word(const char *a, const char *b);

#endif
