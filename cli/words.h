/* Words of the live line and of results, which stand for a figure each, and those in which the help of
 * settings and methods is written. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

typedef struct word {
  const char *name, *doc;
} word;

int word_count(void);
const word *word_at(int i);

#endif
