/* What the user sets and nothing reads is refused; what a file of a run says is not. */
#include "files.h"
#include "hedon/hedon.h"
#include "config_text.h"
#include "option.h"
#include "readers.h"
#include "test.h"

static char noted[1024];

static void note(void *user, const char *line) {
  (void)user;
  snprintf(noted, sizeof noted, "%s", line);
}

static hd_ctx *open_ctx(void) {
  hd_ctx_def def = hd_ctx_def_default();
  def.log = note;
  noted[0] = '\0';
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  return ctx;
}

/* Set "key=value key=value ..." on top of a method. */
static hd_config *make(hd_ctx *ctx, const char *task, const char *method, const char *settings) {
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, task, method, &config) == HD_OK);
  char key[64], value[64];
  for (int used; sscanf(settings, " %63[^= ]=%63[^ ]%n", key, value, &used) == 2;
       settings += used) {
    CHECK(hd_config_set(config, key, value) == HD_OK);
  }
  return config;
}

static void what_nothing_reads_is_refused(void) {
  static const struct {
    const char *task, *method, *settings, *sentence;
  } cases[] = {
      {"CartPole-v1", "neuron-agent", "max_delay=3",
       "max_delay is read by methods that learn by gradients (algorithm = a2c, ppo, dqn, td3, "
       "...); this run uses rule = pgcn"},
      {"CartPole-v1", "neuron-agent", "surrogate=sigmoid",
       "surrogate is read by methods that learn by gradients (algorithm = a2c, ppo, dqn, td3, "
       "...) through neurons that spike; this run uses rule = pgcn, neuron = bernoulli"},
      {"CartPole-v1", "ppo", "optimiser=sgd",
       "optimiser is read by methods that learn by a rule and a critic; this run uses algorithm "
       "= ppo"},
      {"CartPole-v1", "ppo", "bias=false",
       "bias is read by methods that learn by a rule or a search; this run uses algorithm = ppo"},
      {"CartPole-v1", "nes", "ppo.clip=0.1",
       "ppo.clip is read by algorithm = ppo; this run uses search = nes"},
      {"CartPole-v1", "nes", "critic=none",
       "critic is read by methods that learn by a rule and a critic; this run uses search = nes"},
      {"CartPole-v1", "nes", "search.move=1",
       "search.move is read by search = random-walk, win-stay, alopex or synapse-agent; this run "
       "uses search = nes"},
      {"CartPole-v1", "ppo-relu", "readout=membrane-max",
       "readout is read by networks with neurons that spike, but of algorithm = agrel, augment, "
       "narla or svpg; "
       "this run uses algorithm = ppo, "
       "neuron = relu"},
      {"CartPole-v1", "dqn", "td3.noise=1",
       "td3.noise is read by algorithm = td3; this run uses algorithm = dqn"},
      {"Pendulum-v1", "td3", "td3.proxy=false td3.proxy_steps=2",
       "td3.proxy_steps is read by algorithm = td3 with td3.proxy = true; this run uses algorithm "
       "= td3, td3.proxy = false"},
      {"CartPole-v1", "neuron-agent", "code.bins=4",
       "code.bins is read by coding = bins, gauss, gauss-stochastic, population or "
       "population-spikes; this run uses rule = pgcn, coding = current"},
      {"FrozenLake-v1", "neuron-agent", "critic.cells=8",
       "critic.cells is read by critic = tiles, random, random-spikes or learned-spikes of a rule; "
       "this run uses rule = pgcn, critic = table"},
      {"CartPole-v1", "neuron-agent", "action_levels=3",
       "action_levels is read by methods that choose one of several actions, on tasks whose "
       "action is a real number; this run uses rule = pgcn"},
      {"CartPole-v1", "neuron-agent", "lif.tau_m=3",
       "lif.tau_m is read by neuron = lif, and critic.neuron = lif of critic networks; this run "
       "uses rule = pgcn, neuron = bernoulli"},
      {"CartPole-v1", "nes", "lif.slope=3",
       "lif.slope is read by neuron = lif, and critic.neuron = lif of critic networks, where a "
       "gradient goes back through spikes; this run uses search = nes, neuron = lif"},
      {"MountainCar-v0", "place-actor-critic", "substeps=2",
       "substeps is read by networks with neurons that spike, readouts of codings but tiles, place "
       "and onehot, and critic = random-spikes or learned-spikes; this run uses rule = pgcn, "
       "hidden "
       "= 0, readout = softmax, coding = tiles, critic = tiles"},
      {"MountainCar-v0", "place-actor-critic", "init=uniform",
       "init is read by networks with a hidden layer or action neurons, methods that do not learn "
       "by a rule, and readouts with init_readout above 0; this run uses rule = pgcn, hidden = 0, "
       "readout = softmax, init_readout = nan"},
      {"CartPole-v1", "nes", "hidden=0 carry=true",
       "carry is read by networks with a hidden layer or action neurons; this run uses search = "
       "nes, hidden = 0, readout = softmax"},
      {"CartPole-v1", "neuron-agent", "hidden=0 readout=count recurrent=true",
       "recurrent is read by networks with a hidden layer; this run uses rule = pgcn, hidden = 0"},
      {"CartPole-v1", "syn-plus", "search.greedy=false",
       "search.greedy is read by searches whose agents see no dynamics of the network; this run "
       "uses search = synapse-agent, syn.dynamics = signal"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd_ctx *ctx = open_ctx();
    hd_session *session = NULL;
    hd_config *config = make(ctx, cases[i].task, cases[i].method, cases[i].settings);
    CHECK(hd_config_check(config) == HD_CONFLICT);
    CHECK_TEXT(hd_ctx_error(ctx), cases[i].sentence);
    CHECK(hd_session_create(ctx, config, 1, &session) == HD_CONFLICT && session == NULL);
    hd_config_destroy(config);
    hd_ctx_destroy(ctx);
  }
}

static void what_something_reads_is_taken(void) {
  static const struct {
    const char *task, *method, *settings;
  } cases[] = {
      {"CartPole-v1", "ppo", "max_delay=2 hidden=8,8 surrogate=atan ppo.clip=0.1"},
      {"CartPole-v1", "ppo-relu", "critic.neuron=lif lif.tau_m=3 lif.slope=2 substeps=3"},
      {"CartPole-v1", "nes", "search.population=4 neuron=bernoulli bernoulli.beta=2 bias=false"},
      {"CartPole-v1", "neuron-agent", "critic=none advantage.floor=0.1 taps=2"},
      {"Pendulum-v1", "neuron-agent", "action_levels=3"},
      {"MountainCar-v0", "place-actor-critic", "init=uniform init_readout=0.1"},
      {"MountainCar-v0", "place-actor-critic", "substeps=2 coding=current"},
      {"MountainCar-v0", "place-actor-critic", "substeps=2 critic=random-spikes"},
      {"MountainCar-v0", "place-actor-critic", "substeps=2 carry=true readout=count"},
      {"CartPole-v1", "nes", "hidden=0 init=uniform"},
      {"Pendulum-v1", "sac", "temperature=0.5 sac.target_entropy=-1 action_neurons=3"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd_ctx *ctx = open_ctx();
    hd_config *config = make(ctx, cases[i].task, cases[i].method, cases[i].settings);
    if (hd_config_check(config) != HD_OK) {
      printf("  %s\n", hd_ctx_error(ctx));
      CHECK(false);
    }
    hd_config_destroy(config);
    hd_ctx_destroy(ctx);
  }
}

static void an_old_name_is_understood_and_noted(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = make(ctx, "CartPole-v1", "ppo", "clip=0.125");
  CHECK_TEXT(hd_config_get(config, "ppo.clip"), "0.125");
  CHECK_TEXT(hd_config_get(config, "clip"), "0.125");
  CHECK_TEXT(noted,
             "option clip is called ppo.clip now; version 0.1 is the last that understands the old "
             "name");
  CHECK(hd_config_check(config) == HD_OK);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

static void no_old_name_is_a_key_of_another(void) {
  for (int i = 0; i < HD_OPTION_ROWS; i++) {
    for (int k = 0; k < HD_OPTION_ROWS; k++) {
      const hd__option_row *a = hd__option_row_at(i), *b = hd__option_row_at(k);
      CHECK(a->key == NULL || b->key == NULL || i == k ||
            (strcmp(a->key, b->key) != 0 && strcmp(a->was, b->key) != 0));
    }
  }
}

/* Files of runs list what nothing reads, since another version wrote them. */
static void a_file_of_a_run_is_always_read(void) {
  const char *const lines =
      "task = \"CartPole-v1\"\nmethod = \"neuron-agent\"\nmax_delay = 3\n"
      "clip = 0.5\nalpha = 0.125\nhidden = [4]\n";
  char whole[512];
  snprintf(whole, sizeof whole, "hedon = \"0.1.0\"\n%s", lines);
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  put_file(temp_path("run_readers.toml"), whole, strlen(whole));
  CHECK(hd_config_read(ctx, temp_path("run_readers.toml"), &config) == HD_OK);
  CHECK(hd_config_check(config) == HD_OK);
  CHECK(strstr(noted, "nothing in this run reads max_delay, nor others") != NULL);
  CHECK_TEXT(hd_config_at(config, hd__config_find(config, "alpha")).origin, "recorded");
  CHECK_TEXT(hd_config_at(config, hd__config_find(config, "hidden")).origin, "task");
  hd_config_destroy(config);
  put_file(temp_path("mine_readers.toml"), lines, strlen(lines));
  CHECK(hd_config_read(ctx, temp_path("mine_readers.toml"), &config) == HD_OK);
  CHECK(hd_config_check(config) == HD_CONFLICT);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

/* What is not read is no difference. */
static void only_what_is_read_tells_runs_apart(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *a = make(ctx, "CartPole-v1", "neuron-agent", ""),
            *b = make(ctx, "CartPole-v1", "neuron-agent", "max_delay=3");
  CHECK(hd__config_is_same(a, b));
  CHECK(hd_config_set(b, "alpha", "0.5") == HD_OK);
  CHECK(!hd__config_is_same(a, b));
  hd_config_destroy(a);
  hd_config_destroy(b);
  hd_ctx_destroy(ctx);
}

/* Whatever shows a run in the sentence is an option. */
static void readers_name_options(void) {
#define READER_KEYS(name, words, keys, condition) keys,
  static const char *const rows[] = {HD_READERS(READER_KEYS)};
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_config *config;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config) == HD_OK);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (const char *at = rows[i]; *at != '\0';) {
      char key[64];
      const size_t n = strcspn(at, ",");
      snprintf(key, sizeof key, "%.*s", (int)n, at);
      CHECK(hd__config_find(config, key) >= 0);
      at += n;
      at += strspn(at, ", ");
    }
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(what_nothing_reads_is_refused);
  RUN(what_something_reads_is_taken);
  RUN(an_old_name_is_understood_and_noted);
  RUN(no_old_name_is_a_key_of_another);
  RUN(a_file_of_a_run_is_always_read);
  RUN(only_what_is_read_tells_runs_apart);
  RUN(readers_name_options);
  return test_end();
}
