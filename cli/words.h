/* Words of the live line and of results, which stand for a figure each. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

typedef struct word {
  const char *name, *doc;
} word;

int word_count(void);
const word *word_at(int i);

#endif
