/* Environments by a name with choices: found once, refused with a sentence, and followed by methods
 * and files of settings. */
#include <math.h>

#include "fault.h"

#include "env_fixture.h"

static bool refuses(const char *name, hd_status status, const char *sentence) {
  const hd_env_desc *desc = NULL;
  const hd_status got = hd_env_find(ctx, name, &desc);
  if (got != status || strcmp(hd_ctx_error(ctx), sentence) != 0) {
    printf("  %s: %s\n", name, hd_ctx_error(ctx));
  }
  return got == status && strcmp(hd_ctx_error(ctx), sentence) == 0 && desc == NULL;
}

static void a_choice_is_one_environment(void) {
  const hd_env_desc *slow = find("FrozenLake-v1:is_slippery=false");
  CHECK(slow != NULL && slow->base == find("FrozenLake-v1"));
  CHECK(strcmp(slow->name, "FrozenLake-v1:is_slippery=false") == 0 && slow->alias == NULL);
  CHECK(slow == find("frozenlake:is_slippery=false"));
  CHECK(slow == find("FrozenLake-v1:is_slippery=false:map=4x4"));
  CHECK(find("FrozenLake-v1:is_slippery=true") == find("FrozenLake-v1"));
  CHECK(find("TMaze-v0:length=10.0") == find("TMaze-v0"));
  CHECK(find("TMaze-v0:length=2e1") == find("TMaze-v0:length=20"));
  CHECK(find("Blackjack-v1:sab=false:natural=true") == find("blackjack:natural=true:sab=false"));
  CHECK(strcmp(find("DriftingBandit-v0:drift=.1")->name, "DriftingBandit-v0:drift=0.1") == 0);
}

static void what_cannot_be_chosen_is_refused(void) {
  CHECK(refuses("CartPole-v1:length=3", HD_UNKNOWN,
                "environment CartPole-v1 has no options, and 'length' cannot be chosen; `hedon "
                "explain NAME` shows what an environment has"));
  CHECK(refuses("TMaze-v0:lenght=3", HD_UNKNOWN,
                "environment TMaze-v0 has no option 'lenght': did you mean 'length'?"));
  CHECK(refuses("Blackjack-v1:x=3", HD_UNKNOWN,
                "environment Blackjack-v1 has no option 'x'; its options are: natural, sab"));
  CHECK(refuses("TMaze-v0:length=0", HD_RANGE,
                "environment TMaze-v0: length=0, allowed a whole number from 1 to 1000"));
  CHECK(refuses("TMaze-v0:length=2.5", HD_RANGE,
                "environment TMaze-v0: length=2.5, allowed a whole number from 1 to 1000"));
  CHECK(refuses("DriftingBandit-v0:drift=2", HD_RANGE,
                "environment DriftingBandit-v0: drift=2, allowed a number from 0 to 1"));
  CHECK(refuses("Blackjack-v1:sab=1", HD_RANGE,
                "environment Blackjack-v1: sab=1, allowed true or false"));
  CHECK(refuses("FrozenLake-v1:map=", HD_RANGE,
                "environment FrozenLake-v1: map=, allowed a text without blanks, quotes, commas "
                "and colons"));
  CHECK(refuses("TMaze-v0:length", HD_USAGE,
                "environment TMaze-v0: 'length' is no choice; write TMaze-v0:option=value with an "
                "option of it"));
  CHECK(refuses("TMaze-v0:length=3:length=4", HD_USAGE,
                "environment TMaze-v0: length is chosen twice"));
  CHECK(refuses("DelayedCue-v0:cues=4", HD_RANGE,
                "environment DelayedCue-v0:cues=4: cues=4 is even, and a majority needs an odd "
                "number of cues"));
  CHECK(refuses("FrozenLake-v1:map=SF-FG-F", HD_RANGE,
                "environment FrozenLake-v1:map=SF-FG-F: the rows of the map, which stand between "
                "hyphens, have different lengths"));
  CHECK(refuses("FrozenLake-v1:map=SF-FX", HD_RANGE,
                "environment FrozenLake-v1:map=SF-FX: 'X' is no cell of a map (S start, F ice, H "
                "hole, G goal) nor a hyphen between rows"));
  CHECK(refuses("FrozenLake-v1:map=FF-FG", HD_RANGE,
                "environment FrozenLake-v1:map=FF-FG: the map has no start, S"));
  char many[600];
  snprintf(many, sizeof many, "TMaze-v0:length=%0500d", 3);
  CHECK(refuses(many, HD_RANGE,
                "environment TMaze-v0: a name with choices has up to 255 characters"));
}

/* A refused name leaves nothing behind that a later one could find. */
static void a_refused_choice_is_not_kept(void) {
  CHECK(refuses("DelayedCue-v0:cues=6", HD_RANGE,
                "environment DelayedCue-v0:cues=6: cues=6 is even, and a majority needs an odd "
                "number of cues"));
  CHECK(find("DelayedCue-v0:cues=6") == NULL);
  CHECK(find("DelayedCue-v0:cues=5") != NULL);
}

static hd_status find_a_choice(hd_ctx *small) {
  const hd_env_desc *desc = NULL;
  const hd_status status = hd_env_find(small, "TMaze-v0:length=4", &desc);
  CHECK((status == HD_OK) == (desc != NULL));
  return status;
}

static void short_memory_makes_nothing(void) { CHECK(fault_sweep(find_a_choice) >= 2); }

/* ---- the lake ---- */

static void ice_that_does_not_slip_goes_where_it_is_told(void) {
  const hd_env_desc *lake = find("FrozenLake-v1:is_slippery=false:map=SFH-FFG");
  hd_transition row[HD_MAX_TRANSITIONS];
  CHECK(lake->obs[0].count == 6 && lake->obs[0].high == 5);
  CHECK(isnan(lake->solved) && lake->low_score == 0 && lake->high_score == 1);
  static const int to[6][4] = {{0, 3, 1, 0}, {0, 4, 2, 1}, {2, 2, 2, 2},
                               {3, 3, 4, 0}, {3, 4, 5, 1}, {5, 5, 5, 5}};
  for (int s = 0; s < 6; s++) {
    for (int a = 0; a < 4; a++) {
      CHECK(lake->model(lake, s, a, row) == 1 && row[0].probability == 1);
      CHECK(row[0].next == to[s][a] && row[0].reward == (s == 4 && a == 2));
      CHECK(row[0].terminated == (to[s][a] == 2 || to[s][a] == 5));
    }
    CHECK(lake->start(lake, s) == (s == 0));
  }
}

static void a_map_by_name_is_the_other_lake(void) {
  const hd_env_desc *a = find("FrozenLake-v1:map=8x8"), *b = find("FrozenLake8x8-v1");
  CHECK(a->obs[0].count == 64);
  for (int s = 0; s < 64; s++) {
    for (int m = 0; m < 4; m++) {
      hd_transition x[HD_MAX_TRANSITIONS], y[HD_MAX_TRANSITIONS];
      memset(x, 0, sizeof x);
      memset(y, 0, sizeof y);
      CHECK(a->model(a, s, m, x) == b->model(b, s, m, y) && memcmp(x, y, sizeof x) == 0);
    }
  }
}

/* ---- blackjack ---- */

/* Mean return of standing at once, by the dealer's rules. */
static double stand(const char *name, double *most) {
  enum { N = 20000 };
  const hd_env_desc *desc = find(name);
  hd_envs *envs = create(desc, 1, 4, HD_RNG_NATIVE);
  float obs[3];
  double sum = 0, reward;
  bool terminated, truncated;
  *most = 0;
  hd_envs_reset(envs, obs);
  for (int k = 0; k < N; k++) {
    const float action = 0;
    hd_envs_step(envs, &action, obs, &reward, &terminated, &truncated);
    sum += reward;
    *most = reward > *most ? reward : *most;
    hd_envs_reset_done(envs, obs);
  }
  hd_envs_destroy(envs);
  return sum / N;
}

/* The same hands under three rules: a natural that a dealer's 21 of three cards does not spoil, one
 * that counts as any 21, and one that pays half more. */
static void naturals_are_paid_as_chosen(void) {
  double most[3];
  const double sutton = stand("Blackjack-v1", &most[0]);
  const double plain = stand("Blackjack-v1:sab=false", &most[1]);
  const double natural = stand("Blackjack-v1:natural=true:sab=false", &most[2]);
  CHECK(most[0] == 1 && most[1] == 1 && most[2] == 1.5);
  CHECK(plain < sutton && plain < natural);
  /* A natural comes in 4.73 % of hands (2 x 1/13 x 4/13), and wins unless the dealer has 21. */
  CHECK_NEAR(natural - plain, 0.5 * 0.0473 * 0.93, 0.003);
  double again;
  CHECK(stand("Blackjack-v1:natural=true", &again) == sutton && again == 1);
}

/* ---- what knows the name ---- */

static void settings_and_methods_follow(void) {
  hd_config *plain = NULL, *chosen = NULL;
  CHECK(hd_config_create(ctx, "FrozenLake-v1", NULL, &plain) == HD_OK);
  CHECK(hd_config_create(ctx, "FrozenLake-v1:is_slippery=false", NULL, &chosen) == HD_OK);
  CHECK(strcmp(hd_config_task(chosen), "FrozenLake-v1:is_slippery=false") == 0);
  CHECK(strcmp(hd_config_method(plain), hd_config_method(chosen)) == 0);
  for (int i = 0; i < hd_config_count(plain); i++) {
    char value[1024];
    snprintf(value, sizeof value, "%s", hd_config_at(plain, i).value);
    CHECK(strcmp(value, hd_config_at(chosen, i).value) == 0);
  }
  const char *method;
  bool has_solved = true;
  CHECK(hd_method_default(ctx, hd_config_task(chosen), &method, &has_solved) == HD_OK);
  CHECK(!has_solved); /* nobody measured it there */
  const char *path = HD_TEST_TMP "/env_options.toml";
  CHECK(hd_config_write(chosen, path) == HD_OK);
  hd_ctx *other;
  hd_config *read = NULL;
  const hd_ctx_def def = hd_ctx_def_default();
  CHECK(hd_ctx_create(&def, &other) == HD_OK);
  CHECK(hd_config_read(other, path, &read) == HD_OK);
  CHECK(read != NULL && strcmp(hd_config_task(read), hd_config_task(chosen)) == 0);
  hd_config_destroy(read);
  hd_ctx_destroy(other);
  hd_config_destroy(plain);
  hd_config_destroy(chosen);
}

/* ---- descriptors of others ---- */

static bool line_configure(const hd_env_desc *self, hd_env_desc *out, const hd_env_value *value,
                           void *memory, char why[HD_WHY_SIZE]) {
  (void)self, (void)why;
  *(double *)memory = value[0].number;
  out->data = memory;
  return true;
}

static void registered_ones_have_options_too(void) {
  hd_env_option option = {"slope", HD_ENV_NUMBER, "1", 0, 10, "How steep it is."};
  hd_env_desc line = *find("CartPole-v1");
  line.name = "Line-v0";
  line.alias = NULL;
  line.option = &option;
  line.n_options = 1;
  CHECK(hd_env_register(ctx, &line) == HD_USAGE);
  CHECK(strcmp(hd_ctx_error(ctx),
               "environment Line-v0: it has options, and function configure is missing") == 0);
  line.configure = line_configure;
  option.fallback = "11";
  CHECK(hd_env_register(ctx, &line) == HD_RANGE);
  option.fallback = "1";
  CHECK(hd_env_register(ctx, &line) == HD_OK);
  CHECK(*(const double *)find("Line-v0:slope=2.5")->data == 2.5);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(a_choice_is_one_environment);
  RUN(what_cannot_be_chosen_is_refused);
  RUN(a_refused_choice_is_not_kept);
  RUN(short_memory_makes_nothing);
  RUN(ice_that_does_not_slip_goes_where_it_is_told);
  RUN(a_map_by_name_is_the_other_lake);
  RUN(naturals_are_paid_as_chosen);
  RUN(settings_and_methods_follow);
  RUN(registered_ones_have_options_too);
  hd_ctx_destroy(ctx);
  return test_end();
}
