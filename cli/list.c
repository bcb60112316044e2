#include <string.h>

#include "json.h"
#include "open.h"
#include "say.h"
#include "things.h"

#define WORDS "envs, methods, neurons, codings, rules, searches, dynamics, experiments"

static const char *list_kind_word(const void *list, int i) {
  (void)list;
  return thing_kind_at(i)->list;
}

static void list_json(const hd_ctx *ctx, const thing_kind *k) {
  printf("[");
  for (int i = 0; i < k->count(ctx); i++) {
    const thing e = k->at(ctx, i);
    printf("%s{\"name\":", i > 0 ? ",\n " : "");
    json_string(stdout, e.name);
    if (e.alias != NULL) {
      printf(",\"alias\":");
      json_string(stdout, e.alias);
    }
    printf(",\"doc\":");
    json_string(stdout, e.doc != NULL ? e.doc : "");
    printf(",\"source\":");
    json_string(stdout, e.source != NULL ? e.source : "");
    if (k->more_json != NULL) {
      k->more_json(ctx, i);
    }
    printf("}");
  }
  printf("]\n");
}

static void list_text(const hd_ctx *ctx, const thing_kind *k) {
  int longest = 0;
  for (int i = 0; i < k->count(ctx); i++) {
    const int length = (int)strlen(k->at(ctx, i).name);
    longest = length > longest ? length : longest;
  }
  for (int i = 0; i < k->count(ctx); i++) {
    const thing e = k->at(ctx, i);
    char text[1024];
    snprintf(text, sizeof text, "%s%s%s%s", e.doc != NULL ? e.doc : "",
             e.alias != NULL ? " (short: " : "", e.alias != NULL ? e.alias : "",
             e.alias != NULL ? ")" : "");
    say_item(stdout, 0, longest + 2, e.name, text);
  }
}

/* What others call a list of ours. */
static const struct {
  const char *theirs, *ours;
} list_words[] = {{"tasks", "envs"},      {"environments", "envs"}, {"algorithms", "methods"},
                  {"agents", "methods"},  {"models", "neurons"},    {"encodings", "codings"},
                  {"encoders", "codings"}};

static int list_refuse(const char *word) {
  const char *meant = hd_nearest_name(word, list_kind_word, NULL, thing_kind_count());
  for (size_t i = 0; i < sizeof list_words / sizeof list_words[0]; i++) {
    meant = strcmp(list_words[i].theirs, word) == 0 ? list_words[i].ours : meant;
  }
  return meant != NULL ? say_usage("there is no list of '%s'; did you mean '%s'?", word, meant)
                       : say_usage("there is no list of '%s', only of " WORDS, word);
}

static int list(const arguments *args) {
  const char *word = args->operand[0];
  for (int i = 0; i < thing_kind_count(); i++) {
    if (strcmp(thing_kind_at(i)->list, word) == 0) {
      notes log = {.n = 0};
      hd_ctx *ctx;
      const int code = open_context(args, &log, &ctx);
      if (code == EXIT_OK) {
        (args->json ? list_json : list_text)(ctx, thing_kind_at(i));
        hd_ctx_destroy(ctx);
      }
      return code;
    }
  }
  return list_refuse(word);
}

static const flag flags[] = {FLAG_JSON("one array of objects")};

const command command_list = {
    .name = "list",
    .summary = "list what there is: envs, methods, neurons, codings, rules, ...",
    .usage = "envs|methods|neurons|codings|rules|searches|dynamics|experiments [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "one of " WORDS,
    .run = list,
};
