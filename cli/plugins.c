#include "plugins.h"

#include <string.h>

#include "say.h"
#include "shell.h"

int plugins_load(hd_ctx *ctx, const arguments *args) {
  for (int i = 0; i < args->n_plugins; i++) {
    if (hd_plugin_load(ctx, args->plugin[i]) != HD_OK) {
      return say_usage("%s", hd_ctx_error(ctx));
    }
  }
  return EXIT_OK;
}

int plugins_say(const hd_ctx *ctx, hd_status status, const arguments *args) {
  static const char name[] = "--plugin "; /* what the sentence ends with, and the path */
  if (status != HD_MISSING) {
    return say_status(ctx, status);
  }
  const char *sentence = hd_ctx_error(ctx);
  const char *path = strstr(sentence, name) + strlen(name);
  fprintf(stderr, "hedon: %.*s", (int)(path - sentence), sentence);
  shell_quote(stderr, path);
  for (int i = 0; i < args->n_words; i++) {
    fputc(' ', stderr);
    shell_quote(stderr, args->word[i]);
  }
  fputc('\n', stderr);
  return EXIT_USAGE;
}
