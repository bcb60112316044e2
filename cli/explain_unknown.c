/* Names that nothing has: the nearest one, or what mentions the word. */
#define _GNU_SOURCE /* strcasestr */
#include <ctype.h>
#include <string.h>

#include "explain.h"
#include "say.h"
#include "settings.h"
#include "things.h"
#include "words.h"

enum { MENTIONS_SHOWN = 6 };

typedef struct name_list {
  hd_ctx *ctx;
  hd_config *config;
} name_list;

/* Does a text hold a word, other letters or digits on neither side of it? */
static bool explain_mentions(const char *text, const char *name) {
  const size_t n = strlen(name);
  for (const char *at = text; (at = strcasestr(at, name)) != NULL; at++) {
    if ((at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[n])) {
      return n > 1;
    }
  }
  return false;
}

/* All names in one list: things of every kind, then words, then settings. */
static const char *explain_name_at(const void *list, int i) {
  const name_list *self = list;
  for (int k = 0; k < thing_kind_count(); k++) {
    const int n = thing_kind_at(k)->count(self->ctx);
    if (i < n) {
      return thing_kind_at(k)->at(self->ctx, i).name;
    }
    i -= n;
  }
  if (i < word_count()) {
    return word_at(i)->name;
  }
  return hd_config_at(self->config, i - word_count()).key;
}

static int explain_name_count(const name_list *self) {
  int n = word_count() + hd_config_count(self->config);
  for (int k = 0; k < thing_kind_count(); k++) {
    n += thing_kind_at(k)->count(self->ctx);
  }
  return n;
}

/* What is said of the name at this place of the list. */
static const char *explain_doc_at(const name_list *self, int i) {
  for (int k = 0; k < thing_kind_count(); k++) {
    const int n = thing_kind_at(k)->count(self->ctx);
    if (i < n) {
      const char *doc = thing_kind_at(k)->at(self->ctx, i).doc;
      return doc != NULL ? doc : "";
    }
    i -= n;
  }
  return i < word_count() ? word_at(i)->doc : hd_config_at(self->config, i - word_count()).help;
}

/* The names of what is explained with this word, the first of them written with commas between; how
 * many there are. */
static int explain_list_mentions(const name_list *all, const char *name, char text[HD_CLI_LINE]) {
  int n = 0;
  size_t used = 0;
  text[0] = '\0';
  for (int i = 0; i < explain_name_count(all); i++) {
    if (explain_mentions(explain_doc_at(all, i), name) && n++ < MENTIONS_SHOWN) {
      used += (size_t)snprintf(text + used, HD_CLI_LINE - used, "%s%s", n > 1 ? ", " : "",
                               explain_name_at(all, i));
    }
  }
  if (n > MENTIONS_SHOWN) {
    snprintf(text + used, HD_CLI_LINE - used, " and %d more", n - MENTIONS_SHOWN);
  }
  return n;
}

/* An old name, or what others call a setting of ours. */
static int explain_called_otherwise(hd_ctx *ctx, hd_config *config, const char *name) {
  if (hd_config_set(config, name, "") == HD_RANGE) { /* "KEY is empty, ..." */
    const char *now = hd_ctx_error(ctx);
    return say_usage("nothing is called '%s' now; did you mean '%.*s'?", name,
                     (int)strcspn(now, " "), now);
  }
  return strstr(hd_ctx_error(ctx), "lists them") == NULL
             ? say_usage("%s", hd_ctx_error(ctx))
             : say_usage(
                   "nothing is called '%s'; hedon list envs, methods, neurons, codings, "
                   "rules, searches, dynamics or experiments shows what there is, hedon explain "
                   "--options the settings",
                   name);
}

/* The names, and then the aliases of the things among them. */
static const char *explain_called_at(const void *list, int i) {
  const name_list *self = list;
  if (i < explain_name_count(self)) {
    return explain_name_at(self, i);
  }
  i -= explain_name_count(self);
  for (int k = 0; k < thing_kind_count(); k++) {
    const int n = thing_kind_at(k)->count(self->ctx);
    if (i < n) {
      return thing_kind_at(k)->at(self->ctx, i).alias;
    }
    i -= n;
  }
  return NULL;
}

int explain_unknown(hd_ctx *ctx, hd_config *config, const char *name) {
  const name_list all = {ctx, config};
  char mentions[HD_CLI_LINE];
  const char *near = hd_nearest_name(name, explain_called_at, &all, 2 * explain_name_count(&all));
  if (command_named(name) != NULL) {
    return say_usage("'%s' is a command; hedon help %s says what it does", name, name);
  }
  if (near != NULL) {
    return say_usage("nothing is called '%s'; did you mean '%s'?", name, near);
  }
  hd_config_set(config, name, "");
  if (strstr(hd_ctx_error(ctx), "': ") != NULL) { /* why it is no setting, such as a seed */
    return say_usage("%s", hd_ctx_error(ctx));
  }
  if (explain_list_mentions(&all, name, mentions) > 0) {
    return say_usage("nothing is called '%s'; the word stands in what hedon explain says of %s",
                     name, mentions);
  }
  return explain_called_otherwise(ctx, config, name);
}
