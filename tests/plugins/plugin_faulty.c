/* A task whose reward is no number once in a long while: some runs fail, others do not. */
#include <math.h>

#include <hedon/hedon.h>

enum { RARE = 3000 };

typedef struct faulty {
  int draw;
} faulty;

static void faulty_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  ((faulty *)state)->draw = (int)hd_random_below(random, RARE);
}

static bool faulty_step(const hd_env_desc *self, void *state, const float *action,
                        hd_random *random, double *reward) {
  (void)self;
  (void)random;
  *reward = ((faulty *)state)->draw == 0 ? (double)NAN : action[0] > 0;
  return true;
}

static void faulty_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  (void)state;
  obs[0] = 0;
}

static const hd_dim obs = {.name = "nothing", .unit = "", .count = 2};
static const hd_dim act = {.name = "wrong, right", .unit = "", .count = 2};
static const hd_env_desc env = {.size = sizeof(hd_env_desc),
                                .name = "Faulty-v0",
                                .doc = "a reward that is no number once in a long while",
                                .source = "tests/plugins/plugin_faulty.c",
                                .obs = &obs,
                                .n_obs = 1,
                                .act = &act,
                                .n_act = 1,
                                .solved = (double)NAN,
                                .low_score = (double)NAN,
                                .high_score = (double)NAN,
                                .state_size = sizeof(faulty),
                                .reset = faulty_reset,
                                .step = faulty_step,
                                .observe = faulty_observe};

HD_PLUGIN(ctx) { return hd_env_register(ctx, &env); }
