#include "terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

terminal terminal_of(FILE *file) {
  const char *kind = getenv("TERM");
  const char *no_color = getenv("NO_COLOR");
  const bool is_live = isatty(fileno(file)) && kind != NULL && strcmp(kind, "dumb") != 0;
  return (terminal){.file = file,
                    .is_live = is_live,
                    .has_color = is_live && (no_color == NULL || *no_color == '\0'),
                    .has_unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0};
}

enum { USUAL = 80, MOST = 10000 /* columns */ };

int terminal_width(FILE *file) {
  struct winsize size;
  if (ioctl(fileno(file), TIOCGWINSZ, &size) != 0) {
    return USUAL;
  }
  const char *told = getenv("COLUMNS");
  const long columns = told != NULL ? strtol(told, NULL, 10) : 0;
  return columns > 0 && columns <= MOST ? (int)columns : size.ws_col > 0 ? size.ws_col : USUAL;
}

const char *terminal_ink(const terminal *term, ink which) {
  static const char *const sequence[] = {[INK_PLAIN] = "\x1b[0m",
                                         [INK_STRONG] = "\x1b[1m",
                                         [INK_FAINT] = "\x1b[2m",
                                         [INK_GOOD] = "\x1b[32m",
                                         [INK_BAD] = "\x1b[31m"};
  return term->has_color ? sequence[which] : "";
}
