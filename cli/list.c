#include <string.h>

#include "json.h"
#include "open.h"
#include "say.h"

/* What can be listed, in one form. */
typedef struct entry {
  const char *name, *alias, *doc, *source;
} entry;

typedef struct kind {
  const char *word;
  int (*count)(const hd_ctx *ctx);
  entry (*at)(const hd_ctx *ctx, int i);
  void (*more_json)(const hd_ctx *ctx, int i); /* further keys, or NULL */
} kind;

static entry list_env_at(const hd_ctx *ctx, int i) {
  const hd_env_desc *env = hd_env_at(ctx, i);
  return (entry){env->name, env->alias, env->doc, env->source};
}

static void list_dims_json(const char *key, const hd_dim *dim, int n) {
  printf(",\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    printf("%s{\"name\":", i > 0 ? "," : "");
    json_string(stdout, dim[i].name);
    printf(",\"unit\":");
    json_string(stdout, dim[i].unit != NULL ? dim[i].unit : "");
    if (dim[i].count > 0) {
      printf(",\"count\":%d}", dim[i].count);
    } else {
      printf(",\"low\":");
      json_number(stdout, (double)dim[i].low);
      printf(",\"high\":");
      json_number(stdout, (double)dim[i].high);
      printf("}");
    }
  }
  printf("]");
}

static void list_env_json(const hd_ctx *ctx, int i) {
  const hd_env_desc *env = hd_env_at(ctx, i);
  list_dims_json("obs", env->obs, env->n_obs);
  list_dims_json("act", env->act, env->n_act);
  printf(",\"max_steps\":%d,\"solved\":", env->max_steps);
  json_number(stdout, env->solved);
  printf(",\"low_score\":");
  json_number(stdout, env->low_score);
  printf(",\"high_score\":");
  json_number(stdout, env->high_score);
}

static int list_method_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_method_count();
}

static entry list_method_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_method *method = hd_method_at(i);
  return (entry){method->name, NULL, method->doc, method->source};
}

static int list_neuron_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_neuron_count();
}

static entry list_neuron_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_listing listing = hd_neuron_at(i);
  return (entry){listing.name, NULL, listing.doc, listing.source};
}

static entry list_coding_at(const hd_ctx *ctx, int i) {
  const hd_listing listing = hd_coding_at(ctx, i);
  return (entry){listing.name, NULL, listing.doc, listing.source};
}

static int list_search_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_search_count();
}

static entry list_search_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_listing listing = hd_search_at(i);
  return (entry){listing.name, NULL, listing.doc, listing.source};
}

static int list_dynamic_count(const hd_ctx *ctx) {
  (void)ctx;
  return hd_dynamic_count();
}

static entry list_dynamic_at(const hd_ctx *ctx, int i) {
  (void)ctx;
  const hd_listing listing = hd_dynamic_at(i);
  return (entry){listing.name, NULL, listing.doc, listing.source};
}

static entry list_rule_at(const hd_ctx *ctx, int i) {
  const hd_rule_desc *rule = hd_rule_at(ctx, i);
  return (entry){rule->name, NULL, rule->doc, rule->source};
}

#define WORDS "envs, methods, neurons, codings, rules, searches, dynamics"

static const kind kinds[] = {
    {"envs", hd_env_count, list_env_at, list_env_json},
    {"methods", list_method_count, list_method_at, NULL},
    {"neurons", list_neuron_count, list_neuron_at, NULL},
    {"codings", hd_coding_count, list_coding_at, NULL},
    {"rules", hd_rule_count, list_rule_at, NULL},
    {"searches", list_search_count, list_search_at, NULL},
    {"dynamics", list_dynamic_count, list_dynamic_at, NULL},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

static const char *list_kind_word(const void *list, int i) { return ((const kind *)list)[i].word; }

static void list_json(const hd_ctx *ctx, const kind *k) {
  printf("[");
  for (int i = 0; i < k->count(ctx); i++) {
    const entry e = k->at(ctx, i);
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

static void list_text(const hd_ctx *ctx, const kind *k) {
  int longest = 0;
  for (int i = 0; i < k->count(ctx); i++) {
    const int length = (int)strlen(k->at(ctx, i).name);
    longest = length > longest ? length : longest;
  }
  for (int i = 0; i < k->count(ctx); i++) {
    const entry e = k->at(ctx, i);
    char text[1024];
    snprintf(text, sizeof text, "%s%s%s%s", e.doc != NULL ? e.doc : "",
             e.alias != NULL ? " (short: " : "", e.alias != NULL ? e.alias : "",
             e.alias != NULL ? ")" : "");
    say_item(stdout, 0, longest + 2, e.name, text);
  }
}

static int list(const arguments *args) {
  const char *word = args->operand[0];
  for (int i = 0; i < N_KINDS; i++) {
    if (strcmp(kinds[i].word, word) == 0) {
      notes log = {.n = 0};
      hd_ctx *ctx;
      const int code = open_context(args, &log, &ctx);
      if (code == EXIT_OK) {
        (args->json ? list_json : list_text)(ctx, &kinds[i]);
        hd_ctx_destroy(ctx);
      }
      return code;
    }
  }
  const char *near = hd_nearest_name(word, list_kind_word, kinds, N_KINDS);
  return near != NULL ? say_usage("there is no list of '%s'; did you mean '%s'?", word, near)
                      : say_usage("there is no list of '%s', only of " WORDS, word);
}

static const flag flags[] = {FLAG_JSON("one array of objects")};

const command command_list = {
    .name = "list",
    .summary = "list what there is: envs, methods, neurons, codings, rules, ...",
    .usage = "envs|methods|neurons|codings|rules|searches|dynamics [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "one of " WORDS,
    .run = list,
};
