/* A resolved configuration as the trainer reads it. */
#ifndef HD_CONFIG_STRUCT_H
#define HD_CONFIG_STRUCT_H

#include <math.h>

#include "context_internal.h"
#include "hedon/config.h"
#include "hedon/env.h"
#include "hedon/rule.h"
#include "neuron.h"
#include "options.h"

#define HD_CHOICE_ENUM(list, word) hd__##list##_##word,
#define HD_CHOICE_TYPE(list) enum { HD_CHOICE_##list(HD_CHOICE_ENUM) };
HD_CHOICE_TYPE(rng)
HD_CHOICE_TYPE(reward)
HD_CHOICE_TYPE(blocks)
HD_CHOICE_TYPE(basis)
HD_CHOICE_TYPE(drive)
HD_CHOICE_TYPE(readout)
HD_CHOICE_TYPE(init)
HD_CHOICE_TYPE(optimiser)
HD_CHOICE_TYPE(anneal)
HD_CHOICE_TYPE(critic)
HD_CHOICE_TYPE(algorithm)
HD_CHOICE_TYPE(surrogate)
HD_CHOICE_TYPE(epsilon_decay)
HD_CHOICE_TYPE(target_unit)
HD_CHOICE_TYPE(member_score)
HD_CHOICE_TYPE(syn_position)
HD_CHOICE_TYPE(syn_sharing)
HD_CHOICE_TYPE(syn_reward)
HD_CHOICE_TYPE(syn_values)
#undef HD_CHOICE_ENUM
#undef HD_CHOICE_TYPE

enum { HD_WORD_SIZE = 48 };

typedef struct hd__list {
  int n;
  int item[HD_LIST_MAX];
} hd__list;

typedef struct hd__settings {
#define HD_MEMBER_NUM(name, fallback, low, high, unit, help) double name;
#define HD_MEMBER_INT(name, fallback, low, high, unit, help) int64_t name;
#define HD_MEMBER_FLAG(name, fallback, help) bool name;
#define HD_MEMBER_CHOICE(name, fallback, choices, help) int name;
#define HD_MEMBER_WORD(name, fallback, kind, help) char name[HD_WORD_SIZE];
#define HD_MEMBER_LIST(name, fallback, low, high, help) hd__list name;
#define HD_MEMBER_GROUP(title)
  HD_OPTIONS(HD_MEMBER_NUM, HD_MEMBER_INT, HD_MEMBER_FLAG, HD_MEMBER_CHOICE, HD_MEMBER_WORD,
             HD_MEMBER_LIST, HD_MEMBER_GROUP)
} hd__settings;

/* The settings behind a configuration, and the parameters of its neuron model. */
const hd__settings *hd__config_settings(const hd_config *config);
const hd_env_desc *hd__config_env(const hd_config *config);
void hd__config_neuron(const hd_config *config, float params[HD_NEURON_PARAMS_MAX]);
/* A parameter of any model by name, or `fallback` if the model has none of that name. */
float hd__config_param(const hd_config *config, const hd__neuron_desc *neuron, const char *name,
                       float fallback);
hd_ctx *hd__config_ctx(const hd_config *config);

/* hd_config_at without an option's default and range, which take most of its time. */
hd_option hd__config_line(const hd_config *config, int index);

/* The index of an option, as hd_config_at takes it, or -1. */
int hd__config_find(const char *key);

/* An independent copy that belongs to `ctx`. */
hd_status hd__config_copy(hd_ctx *ctx, const hd_config *config, hd_config **out);
/* Make `to` equal to `from`, of the same task and method. */
void hd__config_assign(hd_config *to, const hd_config *from);

#endif
