#include "plugins.h"

#include <string.h>

#include "say.h"

int plugins_load(hd_ctx *ctx, const arguments *args) {
  for (int i = 0; i < args->n_plugins; i++) {
    if (hd_plugin_load(ctx, args->plugin[i]) != HD_OK) {
      return say_usage("%s", hd_ctx_error(ctx));
    }
  }
  return EXIT_OK;
}

/* A word as a shell reads it back. */
static void plugins_quote(FILE *file, const char *word) {
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

int plugins_say(const hd_ctx *ctx, hd_status status, const arguments *args) {
  static const char name[] = "--plugin "; /* what the sentence ends with, and the path */
  if (status != HD_MISSING) {
    return say_status(ctx, status);
  }
  const char *sentence = hd_ctx_error(ctx);
  const char *path = strstr(sentence, name) + strlen(name);
  fprintf(stderr, "hedon: %.*s", (int)(path - sentence), sentence);
  plugins_quote(stderr, path);
  for (int i = 0; i < args->n_words; i++) {
    fputc(' ', stderr);
    plugins_quote(stderr, args->word[i]);
  }
  fputc('\n', stderr);
  return EXIT_USAGE;
}
