/* Which neurons, quantities and decisions a command line asks for. */
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "traces.h"

enum { DECISIONS_MAX = 1000000 };

/* "A-B" or "A", whole numbers, up to `end`. */
static bool trace_choice_range(const char *text, const char *end, int64_t *first, int64_t *last) {
  char *at;
  if (*text < '0' || *text > '9') {
    return false;
  }
  *first = *last = strtoll(text, &at, 10);
  if (*at == '-' && at[1] >= '0' && at[1] <= '9') {
    *last = strtoll(at + 1, &at, 10);
  }
  return at == end;
}

/* ---- neurons ---- */

typedef struct trace_item {
  const char *population; /* NULL: all */
  int length;
  int64_t first, last;
} trace_item;

/* Take one item, [POPULATION:]A[-B], and move *text behind it. */
static bool trace_choice_item(const char **text, trace_item *item) {
  const char *end = *text + strcspn(*text, ","), *numbers = *text;
  *item = (trace_item){.population = NULL};
  for (const char *c = *text; c < end; c++) {
    if (*c == ':') {
      item->population = *text;
      item->length = (int)(c - *text);
      numbers = c + 1;
    }
  }
  *text = *end == ',' ? end + 1 : end;
  return trace_choice_range(numbers, end, &item->first, &item->last) && item->first <= item->last;
}

static int trace_choice_check_neurons(const char *text) {
  trace_item item;
  const char *at = text;
  do {
    if (!trace_choice_item(&at, &item)) {
      return say_usage("--neurons is %s, expected numbers and ranges such as 0-7,12 or hidden:0-7",
                       text);
    }
  } while (*at != '\0');
  return EXIT_OK;
}

static bool trace_choice_is_of(const trace_item *item, const char *population) {
  return item->population == NULL ||
         ((int)strlen(population) == item->length &&
          strncmp(item->population, population, (size_t)item->length) == 0);
}

/* Mark the neurons of one item. */
static bool trace_choice_mark(const trace_item *item, const char *population, int n, int *marked) {
  if (item->last >= n) {
    say_usage("there is no neuron %lld in %s, which has neurons 0 to %d", (long long)item->last,
              population, n - 1);
    return false;
  }
  for (int64_t i = item->first; i <= item->last; i++) {
    marked[i] = 1;
  }
  return true;
}

bool trace_neurons(const trace_choice *choice, const char *population, int n, int *chosen,
                   int *n_chosen) {
  const char *at = choice->neurons != NULL ? choice->neurons : "";
  trace_item item;
  for (int i = 0; i < n; i++) {
    chosen[i] = *at == '\0';
  }
  while (*at != '\0') {
    trace_choice_item(&at, &item);
    if (trace_choice_is_of(&item, population) && !trace_choice_mark(&item, population, n, chosen)) {
      return false;
    }
  }
  *n_chosen = 0;
  for (int i = 0; i < n; i++) {
    if (chosen[i]) {
      chosen[(*n_chosen)++] = i;
    }
  }
  return true;
}

/* ---- quantities ---- */

static bool trace_choice_holds(const char *list, const char *word) {
  const size_t length = strlen(word);
  for (const char *at = list; *at != '\0'; at += *at == ',') {
    const size_t n = strcspn(at, ",");
    if (n == length && strncmp(at, word, n) == 0) {
      return true;
    }
    at += n;
  }
  return false;
}

bool trace_wants(const trace_choice *choice, const char *quantity) {
  return trace_choice_holds(choice->what != NULL ? choice->what : "spike,v,threshold,p", quantity);
}

/* The quantities that there are, each once, with commas between. */
static void trace_choice_quantities(hd_network *network, char *list, size_t size) {
  snprintf(list, size, "threshold,weight");
  for (int i = 0; i < hd_network_view_count(network); i++) {
    const hd_view view = hd_network_view_at(network, i);
    const char *quantity = trace_quantity(view.name);
    const bool is_of_neurons = view.n_dims == 2 && strstr(view.name, "->") == NULL;
    if ((is_of_neurons || trace_is_of_projection(view.name)) &&
        !trace_choice_holds(list, quantity) && strlen(list) + strlen(quantity) + 1 < size) {
      strcat(strcat(list, ","), quantity);
    }
  }
}

/* The local rule that learns; NULL: none does. */
static const char *trace_choice_rule(const hd_config *config) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(option.key, "rule") == 0) {
      return option.is_read ? option.value : NULL;
    }
  }
  return NULL;
}

/* Would a rule with state keep a quantity of this name? */
static bool trace_choice_is_kept(const char *word) {
  return strncmp(word, "pre.", 4) == 0 || strncmp(word, "post.", 5) == 0 ||
         strncmp(word, "synapse.", 8) == 0;
}

/* Why there is no such quantity, where that is not plain. */
static void trace_choice_why(const hd_config *config, const char *word, char *why, size_t size) {
  const char *rule = trace_choice_rule(config);
  why[0] = '\0';
  if (trace_choice_is_kept(word) && rule != NULL) {
    snprintf(why, size, ", and rule %.40s keeps no such thing", rule);
  } else if (trace_choice_is_kept(word)) {
    snprintf(why, size, ", since no local rule learns");
  }
}

int trace_check_words(const trace_choice *choice, const hd_config *config, hd_network *network) {
  char there[1024], word[64], why[80];
  trace_choice_quantities(network, there, sizeof there);
  for (const char *at = choice->what != NULL ? choice->what : ""; *at != '\0'; at += *at == ',') {
    const size_t n = strcspn(at, ",");
    snprintf(word, sizeof word, "%.*s", (int)n, at);
    if (!trace_choice_holds(there, word)) {
      trace_choice_why(config, word, why, sizeof why);
      return say_usage("no neuron here has '%s'%s; --what knows %s", word, why, there);
    }
    at += n;
  }
  return EXIT_OK;
}

/* ---- decisions ---- */

int trace_choose(const arguments *args, trace_choice *choice) {
  *choice = (trace_choice){.neurons = args->neurons, .what = args->what};
  choice->last = TRACE_DECISIONS - 1;
  if (args->decisions != NULL &&
      (!trace_choice_range(args->decisions, args->decisions + strlen(args->decisions),
                           &choice->first, &choice->last) ||
       choice->first > choice->last || choice->last >= DECISIONS_MAX)) {
    return say_usage("--decisions is %s, expected FIRST-LAST between 0 and %d", args->decisions,
                     DECISIONS_MAX - 1);
  }
  return args->neurons != NULL ? trace_choice_check_neurons(args->neurons) : EXIT_OK;
}
