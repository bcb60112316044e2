#include "text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 64 };

/* Of names, which are ASCII; in a Turkish locale tolower leaves I as it is. */
static int text_lower(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

static bool text_is_same(char a, char b) { return text_lower(a) == text_lower(b); }

static int text_least(int a, int b) { return a < b ? a : b; }

/* Letters to change, add, leave out or swap with the next (Damerau 1964), without case; words are
 * cut at WORD_MAX letters. */
static int text_distance(const char *a, const char *b) {
  const int m = (int)strnlen(a, WORD_MAX), n = (int)strnlen(b, WORD_MAX);
  int rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];
  for (int j = 0; j <= n; j++) {
    last[j] = j;
  }
  for (int i = 1; i <= m; i++) {
    row[0] = i;
    for (int j = 1; j <= n; j++) {
      const int change = last[j - 1] + !text_is_same(a[i - 1], b[j - 1]);
      const bool is_swap =
          i > 1 && j > 1 && text_is_same(a[i - 1], b[j - 2]) && text_is_same(a[i - 2], b[j - 1]);
      row[j] = text_least(change, text_least(last[j], row[j - 1]) + 1);
      row[j] = is_swap ? text_least(row[j], before[j - 2] + 1) : row[j];
    }
    int *free_row = before;
    before = last;
    last = row;
    row = free_row;
  }
  return last[n];
}

/* Differences from which on a name is another word, for which no hint is better: more than one in
 * three letters, where one letter is allowed to every word. */
static int text_far(const char *word) {
  const int letters = (int)strnlen(word, WORD_MAX);
  return (letters < 3 ? 1 : letters / 3) + 1;
}

/* A list may write every name into the same place, so the name that is found is asked for again. */
const char *hd_nearest_name(const char *word, hd_name_fn name, const void *list, int n) {
  int best = -1, best_distance = text_far(word);
  for (int i = 0; i < n; i++) {
    const char *candidate = name(list, i);
    const int d = candidate == NULL ? WORD_MAX : text_distance(word, candidate);
    if (d < best_distance) {
      best = i;
      best_distance = d;
    }
  }
  return best >= 0 ? name(list, best) : NULL;
}

const char *hd__hint(const char *word, hd_name_fn name, const void *list, int n,
                     char out[HD_HINT_SIZE]) {
  const char *near = hd_nearest_name(word, name, list, n);
  size_t used = 0;
  out[0] = '\0';
  if (near != NULL) {
    snprintf(out, HD_HINT_SIZE, "; did you mean '%s'?", near);
    return out;
  }
  for (int i = 0; i < n; i++) {
    const char *before = i == 0 ? "; there is " : ", ", *next = name(list, i);
    if (used + strlen(before) + strlen(next) + sizeof ", ..." > HD_HINT_SIZE) {
      snprintf(out + used, HD_HINT_SIZE - used, ", ...");
      break;
    }
    used += (size_t)snprintf(out + used, HD_HINT_SIZE - used, "%s%s", before, next);
  }
  return out;
}

bool hd__same_word(const char *a, const char *b) {
  while (*a != '\0' && text_lower(*a) == text_lower(*b)) {
    a++;
    b++;
  }
  return text_lower(*a) == text_lower(*b);
}
