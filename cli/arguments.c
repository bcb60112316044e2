#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hedon/hedon.h"
#include "say.h"

/* Flags of every command. */
static const flag common[] = {
    {"--plugin", "FILE", FLAG_PLUGIN, 0,
     "load a plug-in: a shared library that brings environments, rules, codings or neuron "
     "models; repeatable"},
    {"--help", NULL, FLAG_SWITCH, offsetof(arguments, help), "this text"},
};
enum { N_COMMON = sizeof common / sizeof common[0], PLUGIN = 0, HELP = 1 };

/* Without its hyphens, which say nothing about what was meant. */
static const char *arguments_flag_name(const void *list, int i) {
  return ((const flag *)list)[i].name + strlen("--");
}

/* Does `word`, up to an '=', name this flag? */
static bool arguments_is_named(const flag *f, const char *word) {
  const size_t length = strcspn(word, "=");
  return strlen(f->name) == length && strncmp(f->name, word, length) == 0;
}

const flag *command_flag_at(const command *self, int i) {
  const int of_all = i - self->n_flags;
  return of_all < 0 ? &self->flags[i] : of_all < N_COMMON ? &common[of_all] : NULL;
}

/* The flag that `word` names, or NULL. */
static const flag *arguments_find(const command *self, const char *word) {
  const flag *candidate;
  for (int i = 0; (candidate = command_flag_at(self, i)) != NULL; i++) {
    if (arguments_is_named(candidate, word)) {
      return candidate;
    }
  }
  return strcmp(word, "-h") == 0   ? &common[HELP]
         : strcmp(word, "-o") == 0 ? arguments_find(self, "--out")
                                   : NULL;
}

int arguments_before(int argc, char *const *argv) {
  int i = 0;
  while (i < argc && arguments_is_named(&common[PLUGIN], argv[i])) {
    i += strchr(argv[i], '=') != NULL || i + 1 == argc ? 1 : 2;
  }
  return i;
}

static bool arguments_is_digits(const char *text) {
  return text[strspn(text, "0123456789")] == '\0';
}

/* How far the kinds count; 0: those that do not. */
static int64_t arguments_most(const flag *f) {
  static const int64_t most[] = {[FLAG_COUNT] = 1000000,
                                 [FLAG_SEEDS] = HD_STUDY_SEEDS,
                                 [FLAG_WORKERS] = HD_STUDY_THREADS,
                                 [FLAG_PORT] = 65535};
  return (size_t)f->kind < sizeof most / sizeof most[0] ? most[f->kind] : 0;
}

static int arguments_put_count(const flag *f, const char *text, int64_t *out) {
  const int64_t most = arguments_most(f);
  const long long value = strtoll(text, NULL, 10);
  if (*text == '\0' || !arguments_is_digits(text) || strlen(text) > 7 || value < 1 ||
      value > most) {
    return say_usage("%s is %s, allowed: whole, 1 to %lld", f->name, text, (long long)most);
  }
  *out = value;
  return EXIT_OK;
}

static int arguments_put_seed(const flag *f, const char *text, arguments *args) {
  errno = 0;
  const unsigned long long value = strtoull(text, NULL, 10);
  if (*text == '\0' || !arguments_is_digits(text) || errno != 0) {
    return say_usage("%s is %s, allowed: whole, 0 to %llu", f->name, text,
                     (unsigned long long)UINT64_MAX);
  }
  args->seed = value;
  args->has_seed = true;
  return EXIT_OK;
}

static bool arguments_is_pair(const char *word) {
  return word[0] != '-' && strchr(word, '=') != NULL;
}

static int arguments_put(const flag *f, const char *value, arguments *args) {
  void *field = (char *)args + f->offset;
  if (arguments_most(f) > 0) {
    return arguments_put_count(f, value, field);
  }
  if (f->kind == FLAG_SEED) {
    return arguments_put_seed(f, value, args);
  }
  if (f->kind == FLAG_BRIEF) {
    *(brief *)field = (brief){.value = value, .at = args->n_set};
    return EXIT_OK;
  }
  if (f->kind == FLAG_PAIRS) {
    if (!arguments_is_pair(value)) {
      return say_usage("%s is %s, expected key=value", f->name, value);
    }
    args->set[args->n_set++] = value;
    return EXIT_OK;
  }
  if (f->kind == FLAG_PLUGIN) {
    args->plugin[args->n_plugins++] = value;
    return EXIT_OK;
  }
  if (value[0] == '\0') { /* of a variable of a script that is unset, as a rule */
    return say_usage("%s is empty, expected %s", f->name, f->argument);
  }
  *(const char **)field = value;
  return EXIT_OK;
}

static bool arguments_takes_settings(const command *self) {
  for (int i = 0; i < self->n_flags; i++) {
    if (self->flags[i].kind == FLAG_PAIRS) {
      return true;
    }
  }
  return false;
}

static int arguments_unknown_flag(const command *self, const char *word) {
  char name[64];
  const char *start = word + strspn(word, "-");
  snprintf(name, sizeof name, "%.*s", (int)strcspn(start, "="), start);
  const char *near = hd_nearest_name(name, arguments_flag_name, self->flags, self->n_flags);
  const char *key = arguments_takes_settings(self) ? hd_option_meant(name) : NULL;
  if (strncmp(name, "render", strlen("render")) == 0) {
    return say_usage("%s has no flag %s; hedon watch RUN shows a learner at play", self->name,
                     word);
  }
  if (near != NULL) {
    return say_usage("%s has no flag %s; did you mean --%s?", self->name, word, near);
  }
  if (key != NULL) {
    return say_usage("%s has no flag %s; did you mean --set %s=VALUE?", self->name, word, key);
  }
  return say_usage(arguments_takes_settings(self)
                       ? "%s has no flag %s; settings are changed by --set KEY=VALUE, see hedon %s "
                         "--help"
                       : "%s has no flag %s; see hedon %s --help",
                   self->name, word, self->name);
}

/* Take one flag and what belongs to it; *i is moved past them. */
static int arguments_take_flag(const command *self, int argc, char *const *argv, int *i,
                               arguments *args) {
  const char *word = argv[(*i)++];
  const flag *f = arguments_find(self, word);
  if (f == NULL) {
    return arguments_unknown_flag(self, word);
  }
  const char *equals = strchr(word, '=');
  if (f->kind == FLAG_SWITCH) {
    *(bool *)((char *)args + f->offset) = true;
    return equals == NULL ? EXIT_OK : say_usage("%s takes no value", f->name);
  }
  if (equals == NULL && *i == argc) {
    return say_usage("%s needs a value: %s %s", f->name, f->name, f->argument);
  }
  int code = arguments_put(f, equals != NULL ? equals + 1 : argv[(*i)++], args);
  while (code == EXIT_OK && f->kind == FLAG_PAIRS && *i < argc && arguments_is_pair(argv[*i])) {
    code = arguments_put(f, argv[(*i)++], args);
  }
  return code;
}

/* The flag that a method's name follows, where a command has one; NULL: the word is no method. */
static const char *arguments_method_flag(const command *self, const char *word) {
  for (int i = 0; i < hd_method_count(); i++) {
    if (strcmp(hd_method_at(i)->name, word) == 0) {
      return arguments_find(self, "--method") != NULL    ? "--method "
             : arguments_find(self, "--methods") != NULL ? "--methods ...,"
                                                         : NULL;
    }
  }
  return NULL;
}

static int arguments_refuse_word(const command *self, const char *word) {
  const char *before = arguments_method_flag(self, word);
  return before != NULL ? say_usage("%s has no place for '%s'; did you mean %s%s?", self->name,
                                    word, before, word)
                        : say_usage("%s has no place for '%s'; see hedon %s --help", self->name,
                                    word, self->name);
}

static int arguments_take_word(const command *self, const char *word, arguments *args) {
  if (args->n_operands == self->max_operands && arguments_is_pair(word) &&
      arguments_find(self, "--set") != NULL) {
    return say_usage("%s is a setting, which follows --set: hedon %s ... --set %s", word,
                     self->name, word);
  }
  if (args->n_operands == self->max_operands) {
    return arguments_refuse_word(self, word);
  }
  if (word[0] == '\0') {
    return say_usage("%s was given an empty word; see hedon %s --help", self->name, self->name);
  }
  args->operand[args->n_operands++] = word;
  return EXIT_OK;
}

static int arguments_take_words(const command *self, int argc, char *const *argv, arguments *args) {
  int i = 0, code = EXIT_OK;
  while (i < argc && code == EXIT_OK) {
    code = argv[i][0] == '-' && argv[i][1] != '\0' ? arguments_take_flag(self, argc, argv, &i, args)
                                                   : arguments_take_word(self, argv[i++], args);
  }
  return code;
}

int arguments_parse(const command *self, int argc, char *const *argv, int name, arguments *args) {
  args->word = argv;
  args->n_words = argc;
  args->set = calloc((size_t)argc + 1, sizeof *args->set);
  args->plugin = calloc((size_t)argc + 1, sizeof *args->plugin);
  if (args->set == NULL || args->plugin == NULL) {
    return say_failure("out of memory");
  }
  int code = arguments_take_words(self, name, argv, args);
  if (code == EXIT_OK) {
    code = arguments_take_words(self, argc - name - 1, argv + name + 1, args);
  }
  if (code == EXIT_OK && !args->help && args->n_operands < self->min_operands) {
    code =
        say_usage("%s needs %s; see hedon %s --help", self->name, self->operand_help, self->name);
  }
  return code;
}

void arguments_free(arguments *args) {
  free(args->set);
  free(args->plugin);
}

static void arguments_flag_help(const flag *f) {
  char head[64];
  snprintf(head, sizeof head, "%s%s%s", f->name, f->argument != NULL ? " " : "",
           f->argument != NULL ? f->argument : "");
  say_item(stdout, 2, 24, head, f->help);
}

void command_help(const command *self, const arguments *args) {
  printf("hedon %s: %s\n\nusage: hedon %s %s\n\n", self->name, self->summary, self->name,
         self->usage);
  const flag *f;
  for (int i = 0; (f = command_flag_at(self, i)) != NULL; i++) {
    arguments_flag_help(f);
  }
  if (self->more_help != NULL) {
    self->more_help(args);
  }
}
