/* Every built-in environment, in the order they are listed. A new one is one file that defines
 * hd__env_NAME, and one line here. Those that stand on another library are there where it was found
 * (cmake/optional.cmake), and have a row in env_optional.c for where it was not. */
#ifndef HD_ENV_TABLE_H
#define HD_ENV_TABLE_H

#include "hedon/env.h"

#ifdef HD_WITH_BOX2D
#define HD_ENV_LIST_BOX2D(X) X(lunarlander) X(lunarlander_continuous)
#else
#define HD_ENV_LIST_BOX2D(X)
#endif

#ifdef HD_WITH_MUJOCO
#define HD_ENV_LIST_MUJOCO(X) \
  X(inverted_pendulum)        \
  X(inverted_double_pendulum) \
  X(hopper)                   \
  X(half_cheetah)             \
  X(walker2d)                 \
  X(ant)
#else
#define HD_ENV_LIST_MUJOCO(X)
#endif

#define HD_ENV_LIST(X)      \
  X(gridworld)              \
  X(gridworld_687)          \
  X(cartpole_v0)            \
  X(cartpole_v1)            \
  X(mountaincar)            \
  X(mountaincar_paper)      \
  X(mountaincar_continuous) \
  X(acrobot)                \
  X(pendulum)               \
  X(frozenlake)             \
  X(frozenlake_8x8)         \
  X(cliffwalking)           \
  X(taxi)                   \
  X(blackjack)              \
  X(bandit)                 \
  X(bandit_contextual)      \
  X(blobs)                  \
  X(xor_rate)               \
  X(xor_time)               \
  X(digits)                 \
  X(digits_test)            \
  X(watermaze)              \
  X(tmaze)                  \
  X(delayed_cue)            \
  X(delayed_match)          \
  X(blind_catch)            \
  X(drifting_bandit)        \
  X(cartpole_positions)     \
  X(pendulum_positions)     \
  X(minatar_breakout)       \
  X(minatar_space_invaders) \
  X(minatar_asterix)        \
  X(minatar_freeway)        \
  X(minatar_seaquest)       \
  HD_ENV_LIST_BOX2D(X)      \
  HD_ENV_LIST_MUJOCO(X)

#define HD_ENV_EXTERN(name) extern const hd_env_desc hd__env_##name;
HD_ENV_LIST(HD_ENV_EXTERN)
#undef HD_ENV_EXTERN

int hd__env_builtin_count(void);
const hd_env_desc *hd__env_builtin(int index);

#endif
