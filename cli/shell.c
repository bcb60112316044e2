#include "shell.h"

#include <string.h>

void shell_quote(FILE *file, const char *word) {
  static const char plain[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=:,+@%";
  if (*word != '\0' && word[strspn(word, plain)] == '\0') {
    fputs(word, file);
    return;
  }
  fputc('\'', file);
  for (; *word != '\0'; word++) {
    fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, file);
  }
  fputc('\'', file);
}

void shell_command(FILE *file, const arguments *args, const char *const *word) {
  fputs("hedon", file);
  for (int i = 0; i < args->n_plugins; i++) {
    fputs(" --plugin ", file);
    shell_quote(file, args->plugin[i]);
  }
  for (; *word != NULL; word++) {
    fputc(' ', file);
    shell_quote(file, *word);
  }
}
