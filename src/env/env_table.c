#include "env_table.h"

static const hd_env_desc *const table[] = {
#define ENV_ROW(name) &hd__env_##name,
    HD_ENV_LIST(ENV_ROW)
#undef ENV_ROW
};

int hd__env_builtin_count(void) { return (int)(sizeof table / sizeof table[0]); }

const hd_env_desc *hd__env_builtin(int index) { return table[index]; }
