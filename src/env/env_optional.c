#include "env_optional.h"

#include <stddef.h>

#include "text.h"

static const hd__optional_env table[] = {
    {"LunarLander-v3", "lunarlander", "Box2D", "libbox2d-dev and g++"},
    {"LunarLanderContinuous-v3", "lunarlander-continuous", "Box2D", "libbox2d-dev and g++"},
};

const hd__optional_env *hd__env_optional(const char *name) {
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    if (hd__same_word(table[i].name, name) || hd__same_word(table[i].alias, name)) {
      return &table[i];
    }
  }
  return NULL;
}
