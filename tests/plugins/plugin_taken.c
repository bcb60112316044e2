/* Registers an environment, then the name of a rule that is built in. */
#include <hedon/hedon.h>

static void nothing_factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  (void)io;
}

HD_PLUGIN(ctx) {
  const hd_env_desc *cartpole;
  HD_TRY(hd_env_find(ctx, "CartPole-v1", &cartpole));
  hd_env_desc env = *cartpole;
  env.name = "Half-v0";
  env.alias = NULL;
  HD_TRY(hd_env_register(ctx, &env));
  const hd_rule_desc rule = {.size = sizeof rule, .name = "pgcn", .factor = nothing_factor};
  return hd_rule_register(ctx, &rule);
}
