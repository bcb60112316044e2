/* What is no method: environments, models, settings, words. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "explain.h"
#include "json.h"
#include "say.h"
#include "settings.h"
#include "things.h"
#include "words.h"

/* ---- settings that a model brings ---- */

static bool explain_is_prefixed(const char *key, const char *name) {
  const size_t n = strlen(name);
  return strncmp(key, name, n) == 0 && key[n] == '.';
}

/* Is a setting the model's own, or read since the model was chosen? */
static bool explain_belongs(const hd_option *option, const char *name, bool was_read) {
  return explain_is_prefixed(option->key, name) || (option->is_read && !was_read);
}

typedef void (*explain_option_fn)(const hd_option *option, int nth);

static void explain_option_text(const hd_option *option, int nth) {
  if (nth == 0) {
    printf("\n");
  }
  settings_item(option);
}

static void explain_option_json(const hd_option *option, int nth) {
  printf("%s", nth > 0 ? "," : "");
  settings_option_json(option);
}

/* Each setting that matters with this model and not with the usual one. */
static void explain_model_settings(hd_config *config, const thing_kind *kind, const char *name,
                                   explain_option_fn show) {
  bool was_read[HD_CLI_OPTIONS];
  const int n = hd_config_count(config);
  hd_config_set(config, kind->option, kind->common);
  for (int i = 0; i < n && i < HD_CLI_OPTIONS; i++) {
    was_read[i] = hd_config_at(config, i).is_read;
  }
  hd_config_set(config, kind->option, name);
  for (int i = 0, nth = 0; i < n && i < HD_CLI_OPTIONS; i++) {
    const hd_option option = hd_config_at(config, i);
    if (explain_belongs(&option, name, was_read[i])) {
      show(&option, nth++);
    }
  }
  hd_config_set(config, kind->option, kind->common);
}

/* ---- environments ---- */

/* Of many components the first few are shown. */
enum { DIMS_SHOWN = 64, DIMS_OF_MANY = 10 };

static void explain_dims(const char *title, const hd_dim *dim, int n) {
  char head[HD_CLI_LINE], text[HD_CLI_LINE];
  const int shown = n <= DIMS_SHOWN ? n : DIMS_OF_MANY;
  for (int i = 0; i < shown; i++) {
    const char *unit = dim[i].unit != NULL ? dim[i].unit : "";
    snprintf(head, sizeof head, "%s %s", title, dim[i].name);
    if (dim[i].count > 0) {
      snprintf(text, sizeof text, "one of 0 to %d", dim[i].count - 1);
    } else {
      snprintf(text, sizeof text, "a real number, %g to %g%s%s%s", (double)dim[i].low,
               (double)dim[i].high, *unit != '\0' ? " [" : "", unit, *unit != '\0' ? "]" : "");
    }
    say_item(stdout, 2, 32, head, text);
  }
  if (shown < n) {
    snprintf(text, sizeof text, "and %d more; --json lists all", n - shown);
    say_item(stdout, 2, 32, title, text);
  }
}

static void explain_env_options(const hd_env_desc *env) {
  const char *name = env->base != NULL ? env->base->name : env->name;
  for (int i = 0; i < env->n_options; i++) {
    const hd_env_option *option = &env->option[i];
    char head[HD_CLI_LINE];
    snprintf(head, sizeof head, "%s:%s=%s", name, option->name, option->fallback);
    say_item(stdout, 2, 32, head, option->help);
  }
}

static void explain_env(hd_ctx *ctx, const char *name) {
  const hd_env_desc *env;
  const char *method;
  bool has_solved;
  if (hd_env_find(ctx, name, &env) != HD_OK ||
      hd_method_default(ctx, name, &method, &has_solved) != HD_OK) {
    return;
  }
  printf("\n");
  explain_dims("observes", env->obs, env->n_obs);
  explain_dims("acts by", env->act, env->n_act);
  explain_env_options(env);
  printf("\n");
  if (env->max_steps > 0) {
    printf("  an episode is cut after %d steps\n", env->max_steps);
  }
  if (isfinite(env->solved)) {
    printf("  a mean return of %g counts as solved\n", env->solved);
  }
  if (isfinite(env->low_score) && isfinite(env->high_score)) {
    printf("  a random policy returns %g, the best known one %g\n", env->low_score,
           env->high_score);
  }
  printf("  without --method it is trained with %s%s\n", method,
         !has_solved             ? ""
         : isfinite(env->solved) ? ", which has solved it"
                                 : ", which ended highest of the spiking methods measured on it");
}

/* ---- things ---- */

static void explain_thing_text(hd_ctx *ctx, hd_config *config, const thing_kind *kind,
                               const thing *what) {
  printf("%s: %s\n  ", what->name, kind->one);
  say_wrapped(stdout, 2, 2, what->doc != NULL ? what->doc : "");
  if (what->source != NULL && what->source[0] != '\0') {
    fputs("  Source: ", stdout);
    say_wrapped(stdout, 10, 10, what->source);
  }
  if (kind->option != NULL) {
    printf("  chosen by --set %s=%s\n", kind->option, what->name);
    explain_model_settings(config, kind, what->name, explain_option_text);
  } else if (strcmp(kind->key, "experiment") == 0) {
    explain_experiment(what->name);
  } else {
    explain_env(ctx, what->name);
  }
}

/* The keys that all things have. */
static void explain_head_json(const char *kind, const thing *what) {
  printf("{\"kind\":\"%s\",\"name\":", kind);
  json_string(stdout, what->name);
  printf(",\"doc\":");
  json_string(stdout, what->doc != NULL ? what->doc : "");
  printf(",\"source\":");
  json_string(stdout, what->source != NULL ? what->source : "");
}

static void explain_thing_json(const hd_ctx *ctx, hd_config *config, const thing_kind *kind,
                               int i) {
  const thing what = kind->at(ctx, i);
  explain_head_json(kind->key, &what);
  if (kind->option != NULL) {
    printf(",\"settings\":[");
    explain_model_settings(config, kind, what.name, explain_option_json);
    printf("]");
  }
  if (kind->more_json != NULL) {
    kind->more_json(ctx, i);
  }
  printf("}\n");
}

static bool explain_is_named(const thing *what, const char *name) {
  return strcasecmp(what->name, name) == 0 ||
         (what->alias != NULL && strcasecmp(what->alias, name) == 0);
}

static void explain_one(hd_ctx *ctx, hd_config *config, const thing_kind *kind, int i,
                        bool is_json) {
  const thing what = kind->at(ctx, i);
  if (is_json) {
    explain_thing_json(ctx, config, kind, i);
  } else {
    explain_thing_text(ctx, config, kind, &what);
  }
}

static bool explain_is_methods(const thing_kind *kind) { return strcmp(kind->key, "method") == 0; }

static int explain_models(hd_ctx *ctx, hd_config *config, const char *name, bool is_json) {
  int n = 0;
  for (int k = 0; k < thing_kind_count(); k++) {
    const thing_kind *kind = thing_kind_at(k);
    for (int i = 0; !explain_is_methods(kind) && i < kind->count(ctx); i++) {
      const thing what = kind->at(ctx, i);
      if (explain_is_named(&what, name)) {
        explain_one(ctx, config, kind, i, is_json);
        n++;
      }
    }
  }
  return n;
}

/* An environment by a name with choices, which stands in no list. */
static int explain_configured(hd_ctx *ctx, hd_config *config, const char *name, bool is_json) {
  const hd_env_desc *env;
  if (strchr(name, ':') == NULL || hd_env_find(ctx, name, &env) != HD_OK || env->base == NULL) {
    return 0;
  }
  const thing what = {env->name, NULL, env->doc, env->source};
  if (is_json) {
    explain_head_json("env", &what);
    things_env_json(env);
    printf("}\n");
  } else {
    explain_thing_text(ctx, config, thing_kind_at(0), &what);
  }
  return 1;
}

/* ---- settings and words ---- */

static void explain_setting_text(hd_ctx *ctx, const hd_config *config, int i, bool on_task) {
  hd_option option = hd_config_at(config, i);
  printf("%s: a setting (%s)\n", option.key, option.group);
  settings_item(&option);
  explain_option_more(ctx, config, &option);
  if (on_task) {
    option = hd_config_at(config, i);
    printf("\n  on %s with %s it is %s (from: %s)%s\n", hd_config_task(config),
           hd_config_method(config), option.value, option.origin,
           option.is_read ? "" : ", and nothing reads it");
  }
}

static int explain_setting(hd_ctx *ctx, const hd_config *config, const arguments *args) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(option.key, args->operand[0]) == 0) {
      if (args->json) {
        settings_option_json(&option);
        printf("\n");
      } else {
        explain_setting_text(ctx, config, i, args->n_operands > 1);
      }
      return 1;
    }
  }
  return 0;
}

static void explain_word_json(const word *w) {
  printf("{\"kind\":\"word\",\"name\":");
  json_string(stdout, w->name);
  printf(",\"doc\":");
  json_string(stdout, w->doc);
  printf("}\n");
}

static int explain_word(const char *name, bool is_json) {
  for (int i = 0; i < word_count(); i++) {
    const word *w = word_at(i);
    if (strcasecmp(w->name, name) == 0) {
      if (is_json) {
        explain_word_json(w);
      } else {
        printf("%s: a word of the live line, of results and of help texts\n  ", w->name);
        say_wrapped(stdout, 2, 2, w->doc);
      }
      return 1;
    }
  }
  return 0;
}

int explain_things(hd_ctx *ctx, hd_config *config, const arguments *args) {
  const char *name = args->operand[0];
  const int n = explain_setting(ctx, config, args);
  return n + explain_models(ctx, config, name, args->json) +
         explain_configured(ctx, config, name, args->json) + explain_word(name, args->json);
}
