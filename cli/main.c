/* hedon: a client of include/hedon/, like any other program that uses the library. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "hedon/hedon.h"
#include "manual.h"
#include "say.h"
#include "things.h"

static const command *const commands[] = {
    &command_train,   &command_eval,   &command_resume,  &command_rollout, &command_list,
    &command_explain, &command_bench,  &command_compare, &command_study,   &command_trace,
    &command_plot,    &command_verify, &command_report,  &command_runs,    &command_show,
    &command_diff,    &command_watch};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static const char *main_command_name(const void *list, int i) {
  return ((const command *const *)list)[i]->name;
}

const command *command_named(const char *name) {
  for (int i = 0; i < N_COMMANDS; i++) {
    if (strcmp(name, commands[i]->name) == 0) {
      return commands[i];
    }
  }
  return NULL;
}

static void main_overview(FILE *file) {
  fprintf(file,
          "hedon %s: networks of spiking neurons in which the reinforcement-learning agent\n"
          "is every synapse, every neuron, a population that votes, or the whole network\n\n"
          "usage: hedon [--plugin FILE ...] COMMAND ...\n\n",
          hd_version());
  for (int i = 0; i < N_COMMANDS; i++) {
    say_item(file, 2, 12, commands[i]->name, commands[i]->summary);
  }
  fputs(
      "\n"
      "hedon help COMMAND says more; hedon help --man prints the manual page.\n"
      "Try: hedon train CartPole-v1\n"
      "where four neurons learn to balance a pole; --set learn_hidden=false freezes\n"
      "them, and the pole falls.\n\n"
      "Exit codes: 0 done, 1 the run failed, 2 the command line or a setting is wrong,\n"
      "130 or 143 stopped by a signal (what was asked to be kept is saved).\n",
      file);
}

/* Nothing counts as done before it has left the process. */
static int main_flushed(int code) {
  if (fflush(stdout) != 0 || ferror(stdout)) {
    return code != EXIT_OK ? code : say_failure("standard output could not be written");
  }
  return code;
}

static int main_run(const command *self, int argc, char *const *argv, int name) {
  arguments args = {.method = NULL};
  int code = arguments_parse(self, argc, argv, name, &args);
  if (code == EXIT_OK && args.help) {
    command_help(self, &args);
  } else if (code == EXIT_OK) {
    code = self->run(&args);
  }
  arguments_free(&args);
  return main_flushed(code);
}

static bool main_is_task(const char *word) {
  const hd_ctx_def def = hd_ctx_def_default();
  const hd_env_desc *env;
  hd_ctx *ctx;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return false;
  }
  const bool is_task = hd_env_find(ctx, word, &env) == HD_OK;
  hd_ctx_destroy(ctx);
  return is_task;
}

static bool main_is_list(const char *word) {
  for (int i = 0; i < thing_kind_count(); i++) {
    if (strcmp(thing_kind_at(i)->list, word) == 0) {
      return true;
    }
  }
  return false;
}

/* What others call a command of ours. */
static const struct {
  const char *theirs, *ours;
} main_words[] = {{"run", "train"},  {"learn", "train"},  {"fit", "train"},   {"evaluate", "eval"},
                  {"play", "watch"}, {"render", "watch"}, {"enjoy", "watch"}, {"raster", "trace"}};

/* The command that a word most probably means; NULL: none is near. */
static const char *main_meant(const char *word) {
  for (size_t i = 0; i < sizeof main_words / sizeof main_words[0]; i++) {
    if (strcmp(main_words[i].theirs, word) == 0) {
      return main_words[i].ours;
    }
  }
  return hd_nearest_name(word, main_command_name, commands, N_COMMANDS);
}

/* Run the command that word `name` of a command line names. */
static int main_command(int argc, char *const *argv, int name) {
  const char *word = argv[name];
  const command *self = command_named(word);
  if (self != NULL) {
    return main_run(self, argc, argv, name);
  }
  const char *meant = main_meant(word);
  if (meant != NULL) {
    return say_usage("no command is called '%s'; did you mean '%s'?", word, meant);
  }
  return main_is_list(word)
             ? say_usage("no command is called '%s'; did you mean hedon list %s?", word, word)
         : things_is_experiment(word)
             ? say_usage("no command is called '%s'; did you mean hedon compare %s?", word, word)
         : main_is_task(word)
             ? say_usage("no command is called '%s'; did you mean hedon train %s?", word, word)
             : say_usage("no command is called '%s'; see hedon --help", word);
}

int main(int argc, char **argv) {
  setlocale(LC_CTYPE, "");
  const int name = 1 + arguments_before(argc - 1, argv + 1);
  if (argc <= name) {
    main_overview(stderr);
    return EXIT_USAGE;
  }
  const char *word = argv[name];
  if (strcmp(word, "help") == 0 && argc == name + 2 && strcmp(argv[name + 1], "--man") == 0) {
    return main_flushed(manual_print(commands, N_COMMANDS));
  }
  if (strcmp(word, "help") == 0 && argc == name + 2 && strcmp(argv[name + 1], "help") != 0) {
    static char help[] = "--help"; /* hedon help COMMAND */
    char *const turned[] = {argv[name + 1], help};
    return main_command(2, turned, 0);
  }
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
    main_overview(stdout);
    return main_flushed(EXIT_OK);
  }
  if (strcmp(word, "--version") == 0 || strcmp(word, "version") == 0) {
    printf("hedon %s\n", hd_version());
    return main_flushed(EXIT_OK);
  }
  return main_command(argc - 1, argv + 1, name - 1);
}
