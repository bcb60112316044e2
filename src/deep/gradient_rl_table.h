/* Every algorithm. A new one is a file that defines hd__gradient_rl_NAME, a word of option
 * `algorithm`, and one line here. */
#ifndef HD_GRADIENT_RL_TABLE_H
#define HD_GRADIENT_RL_TABLE_H

#include "gradient_rl.h"

#define HD_GRADIENT_RL_LIST(X) X(reinforce) X(a2c) X(ppo) X(dqn) X(td3) X(sac)

#define HD_GRADIENT_RL_EXTERN(name) extern const hd__gradient_rl_desc hd__gradient_rl_##name;
HD_GRADIENT_RL_LIST(HD_GRADIENT_RL_EXTERN)
#undef HD_GRADIENT_RL_EXTERN

#endif
