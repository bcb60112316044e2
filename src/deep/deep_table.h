/* Every algorithm. A new one is a file that defines hd__deep_NAME, a word of option `algorithm`,
 * and one line here. */
#ifndef HD_DEEP_TABLE_H
#define HD_DEEP_TABLE_H

#include "deep.h"

#define HD_DEEP_LIST(X) X(reinforce) X(a2c) X(ppo) X(dqn) X(td3) X(sac)

#define HD_DEEP_EXTERN(name) extern const hd__deep_desc hd__deep_##name;
HD_DEEP_LIST(HD_DEEP_EXTERN)
#undef HD_DEEP_EXTERN

#endif
