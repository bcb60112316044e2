#include "text.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { WORD_MAX = 64 };

static int text_lower(char c) { return tolower((unsigned char)c); }

/* Levenshtein distance without case; words are cut at WORD_MAX letters. */
static int text_distance(const char *a, const char *b) {
  const int m = (int)strnlen(a, WORD_MAX), n = (int)strnlen(b, WORD_MAX);
  int row[WORD_MAX + 1];
  for (int j = 0; j <= n; j++) {
    row[j] = j;
  }
  for (int i = 1; i <= m; i++) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= n; j++) {
      const int change = diagonal + (text_lower(a[i - 1]) != text_lower(b[j - 1]));
      const int insert = row[j - 1] + 1, remove = row[j] + 1;
      diagonal = row[j];
      row[j] = change < insert ? change : insert;
      row[j] = row[j] < remove ? row[j] : remove;
    }
  }
  return row[n];
}

const char *hd_nearest_name(const char *word, hd_name_fn name, const void *list, int n) {
  const char *best = NULL;
  int best_distance = (int)strnlen(word, WORD_MAX) / 2 + 2;
  for (int i = 0; i < n; i++) {
    const char *candidate = name(list, i);
    const int d = candidate == NULL ? WORD_MAX : text_distance(word, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

bool hd__same_word(const char *a, const char *b) {
  while (*a != '\0' && text_lower(*a) == text_lower(*b)) {
    a++;
    b++;
  }
  return text_lower(*a) == text_lower(*b);
}
