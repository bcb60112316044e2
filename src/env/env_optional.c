#include "env_optional.h"

#include <stddef.h>

#include "text.h"

static const hd__optional_env table[] = {
    {"LunarLander-v3", "lunarlander", "Box2D", "libbox2d-dev and g++"},
    {"LunarLanderContinuous-v3", "lunarlander-continuous", "Box2D", "libbox2d-dev and g++"},
    {"InvertedPendulum-v4", "inverted-pendulum", "MuJoCo", "libmujoco-dev"},
    {"InvertedDoublePendulum-v4", "inverted-double-pendulum", "MuJoCo", "libmujoco-dev"},
    {"Hopper-v4", "hopper", "MuJoCo", "libmujoco-dev"},
    {"HalfCheetah-v4", "half-cheetah", "MuJoCo", "libmujoco-dev"},
    {"Walker2d-v4", "walker2d", "MuJoCo", "libmujoco-dev"},
    {"Ant-v4", "ant", "MuJoCo", "libmujoco-dev"},
};

const hd__optional_env *hd__env_optional(const char *name) {
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    if (hd__same_word(table[i].name, name) || hd__same_word(table[i].alias, name)) {
      return &table[i];
    }
  }
  return NULL;
}
