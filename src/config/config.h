/* A resolved configuration as the trainer reads it. */
#ifndef HD_CONFIG_STRUCT_H
#define HD_CONFIG_STRUCT_H

#include <math.h>

#include "choices.h"
#include "context_internal.h"
#include "hedon/config.h"
#include "hedon/env.h"
#include "hedon/rule.h"
#include "models.h"
#include "neuron.h"
#include "options.h"

#define HD_CHOICE_LIST(list) enum {
#define HD_CHOICE_WORD(list, word) hd__##list##_##word,
#define HD_CHOICE_END(list) \
  }                         \
  ;
HD_CHOICES(HD_CHOICE_LIST, HD_CHOICE_WORD, HD_CHOICE_END)
#undef HD_CHOICE_LIST
#undef HD_CHOICE_WORD
#undef HD_CHOICE_END

enum { HD_WORD_SIZE = 48 };

/* What the table [run] at the end of a run folder's file tells. */
typedef struct hd__run_table {
  uint64_t seed;
  int64_t seeds; /* 0: the text has no such table */
} hd__run_table;

typedef struct hd__list {
  int n;
  int item[HD_LIST_MAX];
} hd__list;

typedef struct hd__settings {
#define HD_MEMBER_NUM(name, key, fallback, low, high, unit, reader, help) double name;
#define HD_MEMBER_INT(name, key, fallback, low, high, unit, reader, help) int64_t name;
#define HD_MEMBER_FLAG(name, key, fallback, reader, help) bool name;
#define HD_MEMBER_CHOICE(name, key, fallback, reader, help) int name;
#define HD_MEMBER_WORD(name, key, fallback, kind, reader, help) char name[HD_WORD_SIZE];
#define HD_MEMBER_LIST(name, key, fallback, most, low, high, reader, help) hd__list name;
#define HD_MEMBER_GROUP(title)
  HD_OPTIONS(HD_MEMBER_NUM, HD_MEMBER_INT, HD_MEMBER_FLAG, HD_MEMBER_CHOICE, HD_MEMBER_WORD,
             HD_MEMBER_LIST, HD_MEMBER_GROUP)
} hd__settings;

/* Is learning gated by attention: AGREL or AuGMEnT? */
static inline bool hd__settings_is_gated(const hd__settings *s) {
  return s->algorithm == hd__algorithm_agrel || s->algorithm == hd__algorithm_augment;
}

/* Is the network a team of agents that learn for themselves: NaRLA or SVPG? */
static inline bool hd__settings_is_team(const hd__settings *s) {
  return s->algorithm == hd__algorithm_narla || s->algorithm == hd__algorithm_svpg;
}

/* The settings behind a configuration, and the parameters of its neuron model. */
const hd__settings *hd__config_settings(const hd_config *config);
const hd_env_desc *hd__config_env(const hd_config *config);
/* The parameters of a model, in the order of its list. */
void hd__config_params(const hd_config *config, hd__model_kind kind, const char *model,
                       float *params);
hd_ctx *hd__config_ctx(const hd_config *config);

/* hd_config_at without an option's default and range, which take most of its time. */
hd_option hd__config_line(const hd_config *config, int index);

/* The index of an option by its key or its old name, as hd_config_at takes it, or -1. */
int hd__config_find(const hd_config *config, const char *key);
/* Defaults under the name of a method whose file may be gone: a file of a run sets all that is
 * read. Errors  UNKNOWN (task), NOMEM. */
hd_status hd__config_create_recorded(hd_ctx *ctx, const char *task, const char *method,
                                     uint64_t hash, hd_config **out);
/* The hash of the method's file, or 0 if the method is built in. */
uint64_t hd__config_method_hash(const hd_config *config);

/* The row of an option, or NULL: it is a neuron's parameter. */
const struct hd__option_row *hd__config_row(int index);
/* The parameter of a model behind an option that has no row. */
hd__model_param hd__config_model_param(const hd_config *config, int index);

/* Did the user set it? Did a file that the product wrote? */
bool hd__config_is_users(const hd_config *config, int index);
bool hd__config_is_recorded(const hd_config *config, int index);
/* Set an option as a file says that the product wrote: a value that is there already keeps its
 * origin, and none counts as set by the user.  Errors  as hd_config_set. */
hd_status hd__config_set_recorded(hd_config *config, const char *key, const char *value);

/* An independent copy that belongs to `ctx`. */
hd_status hd__config_copy(hd_ctx *ctx, const hd_config *config, hd_config **out);
/* Make `to` equal to `from`, of the same task and method. */
void hd__config_assign(hd_config *to, const hd_config *from);

/* Keep what a file's table [run] told, for hd_config_run. */
void hd__config_set_run(hd_config *config, const hd__run_table *run);

#endif
