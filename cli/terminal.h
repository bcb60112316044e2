/* What the terminal behind a stream can show. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

typedef struct terminal {
  FILE *file;
  bool is_live;     /* a line can be drawn again */
  bool has_color;   /* and NO_COLOR is not set */
  bool has_unicode; /* the locale's characters are UTF-8 */
} terminal;

terminal terminal_of(FILE *file);

/* Columns of the terminal now, or those that COLUMNS says; 80 if the output is no terminal. */
int terminal_width(FILE *file);

typedef enum ink { INK_PLAIN, INK_STRONG, INK_FAINT, INK_GOOD, INK_BAD } ink;

/* The escape sequence that switches to an ink; "" without colour. */
const char *terminal_ink(const terminal *term, ink which);

#endif
