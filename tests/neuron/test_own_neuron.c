/* Neuron models that a program registers: the same network with them as with built-in ones, and one
 * sentence where they cannot be used. */
#include "mathf.h"
#include "train/learners.h"

/* ---- models: a copy of "if" with soft reset, and a copy of "bernoulli" ---- */

static const hd_param drop_param[] = {{"v_th", 1.0f, 0.1f, 10.0f, "mV", "The threshold."}};
static const hd_field drop_state[] = {{"v", "mV", "membrane potential"}};

static void drop_step(const hd_neuron_desc *self, const hd_neuron_io *io) {
  float *v = io->state;
  CHECK(io->noise == NULL && self->data == &drop_param);
  for (int i = 0; i < io->n; i++) {
    const float u = v[i] + io->dt_ms * io->drive[i];
    io->b[i] = io->p[i] = u >= io->param[0] ? 1.0f : 0.0f;
    io->gain[i] = 0.0f;
    v[i] = io->b[i] > 0.0f ? u - io->param[0] : u;
  }
}

static float drop_keep(const hd_neuron_desc *self, const float *param, float dt_ms) {
  (void)self;
  (void)param;
  (void)dt_ms;
  return 1.0f;
}

static const hd_neuron_desc drop = {.size = sizeof(hd_neuron_desc),
                                    .name = "drop",
                                    .doc = "integrates",
                                    .source = "this test",
                                    .data = &drop_param,
                                    .param = drop_param,
                                    .n_params = 1,
                                    .state = drop_state,
                                    .n_state = 1,
                                    .keep = drop_keep,
                                    .step = drop_step};

static float coin_bias; /* added to every probability */

static void coin_step(const hd_neuron_desc *self, const hd_neuron_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->p[i] = hd__sigmoidf(io->drive[i]) + coin_bias;
    io->b[i] = io->noise[i] < io->p[i] ? 1.0f : 0.0f;
    io->gain[i] = 1.0f;
  }
}

static const hd_neuron_desc coin = {.size = sizeof(hd_neuron_desc),
                                    .name = "coin",
                                    .doc = "draws",
                                    .source = "this test",
                                    .stochastic = true,
                                    .has_gain = true,
                                    .step = coin_step};

static hd_ctx *open_with_models(void) {
  hd_ctx *ctx = open_ctx();
  CHECK(hd_neuron_register(ctx, &drop) == HD_OK);
  CHECK(hd_neuron_register(ctx, &coin) == HD_OK);
  return ctx;
}

/* ---- networks ---- */

enum { N = 5, SUBSTEPS = 200 };

/* Spikes of N neurons behind random weights, driven by a changing input. */
static void spikes_of(hd_ctx *ctx, const char *neuron, const char *params, float *spikes) {
  const hd_population_def populations[] = {{"in", "input", 3, NULL, 0.0f},
                                           {"out", neuron, N, params, 0.0f}};
  const hd_projection_def projection = {.source = "in",
                                        .target = "out",
                                        .connect = HD_CONNECT_ALL,
                                        .initial = HD_INITIAL_UNIFORM,
                                        .a = -0.2f,
                                        .b = 0.6f};
  hd_network_def def = hd_network_def_default();
  def.population = populations;
  def.n_populations = 2;
  def.projection = &projection;
  def.n_projections = 1;
  hd_network *network = NULL;
  CHECK(hd_network_create(ctx, &def, &network) == HD_OK);
  for (int t = 0; t < SUBSTEPS; t++) {
    const float in[3] = {(float)(t % 3), 0.5f, (float)(t % 7) * 0.25f};
    CHECK(hd_network_write(network, "in.value", in, 3) == HD_OK);
    CHECK(hd_network_step(network, 1) == HD_OK);
    CHECK(hd_network_read(network, "out.spike", spikes + t * N, N) == HD_OK);
  }
  hd_network_destroy(network);
}

static void a_network_of_it_fires_alike(void) {
  hd_ctx *ctx = open_with_models();
  static float built_in[SUBSTEPS * N], own[SUBSTEPS * N];
  float sum = 0.0f;
  spikes_of(ctx, "if", "v_th=1.25 reset=1", built_in);
  spikes_of(ctx, "drop", "v_th=1.25", own);
  CHECK(memcmp(built_in, own, sizeof own) == 0);
  spikes_of(ctx, "bernoulli", NULL, built_in);
  spikes_of(ctx, "coin", NULL, own);
  CHECK(memcmp(built_in, own, sizeof own) == 0);
  for (int k = 0; k < SUBSTEPS * N; k++) {
    sum += own[k];
  }
  CHECK(sum > 50.0f);
  hd_ctx_destroy(ctx);
}

/* ---- learners ---- */

static void decisions_of(hd_session *session, float *action) {
  for (int k = 0; k < SUBSTEPS; k++) {
    const float obs[4] = {0.1f * (float)(k % 5), -0.3f, 0.02f * (float)(k % 3), 0.4f};
    CHECK(hd_session_decide(session, 1, obs, (uint64_t)k, action + k) == HD_OK);
  }
}

/* Trained by a rule, on substeps that have one drive each and ones that have many. */
static void learners_act_alike(const char *method, const char *settings, const char *built_in,
                               const char *own) {
  hd_ctx *ctx = open_with_models();
  float a[SUBSTEPS], b[SUBSTEPS];
  char text[256];
  snprintf(text, sizeof text, "neuron=%s %s", built_in, settings);
  hd_session *first = open_session(ctx, "CartPole-v1", method, text, 2);
  snprintf(text, sizeof text, "neuron=%s %s", own, settings);
  hd_session *second = open_session(ctx, "CartPole-v1", method, text, 2);
  decisions_of(first, a);
  decisions_of(second, b);
  CHECK(memcmp(a, b, sizeof a) == 0);
  const uint64_t before = hd_session_hash(second);
  advance(second, 500, 500);
  CHECK(hd_session_hash(second) != before);
  hd_session_destroy(first);
  hd_session_destroy(second);
  hd_ctx_destroy(ctx);
}

static void learners_of_it_act_alike(void) {
  const char *drawn = "hidden=16 init_readout=1 substeps=";
  char settings[64];
  for (int substeps = 1; substeps <= 4; substeps += 3) {
    snprintf(settings, sizeof settings, "%s%d", drawn, substeps);
    learners_act_alike("neuron-agent", settings, "bernoulli", "coin");
    learners_act_alike("neuron-agent-online", settings, "bernoulli", "coin");
  }
  learners_act_alike("nes", "hidden=16 init_readout=1 search.population=4", "if", "drop");
}

static void it_is_listed_and_its_parameters_are_options(void) {
  hd_ctx *ctx = open_with_models();
  hd_config *config;
  CHECK_TEXT(hd_neuron_at(ctx, hd_neuron_count(ctx) - 2).name, "drop");
  CHECK_TEXT(hd_neuron_at(ctx, hd_neuron_count(ctx) - 1).name, "coin");
  CHECK(hd_config_create(ctx, "CartPole-v1", "nes", &config) == HD_OK);
  CHECK(hd_config_set(config, "neuron", "drop") == HD_OK);
  CHECK(hd_config_set(config, "drop.v_th", "20") == HD_RANGE);
  CHECK(hd_config_set(config, "drop.v_th", "2") == HD_OK);
  CHECK(hd_config_check(config) == HD_OK);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

/* ---- what is refused ---- */

static void says(hd_ctx *ctx, hd_status got, hd_status status, const char *sentence) {
  CHECK(got == status);
  if (strstr(hd_ctx_error(ctx), sentence) == NULL) {
    printf("  got \"%s\", expected \"%s\"\n", hd_ctx_error(ctx), sentence);
    CHECK(false);
  }
}

static void a_descriptor_that_makes_no_sense_is_refused(void) {
  hd_ctx *ctx = open_with_models();
  hd_neuron_desc bad = drop;
  says(ctx, hd_neuron_register(ctx, NULL), HD_USAGE, "sizeof(hd_neuron_desc)");
  says(ctx, hd_neuron_register(ctx, &drop), HD_USAGE, "'drop' exists already");
  bad.name = "lif";
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE, "'lif' exists already");
  bad.name = "input";
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE, "'input' exists already");
  bad.name = "";
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE, "needs a name");
  bad.name = "bad";
  bad.step = NULL;
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE, "no function step");
  bad.step = drop_step;
  bad.n_params = HD_NEURON_PARAMS_MAX + 1;
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE, "13 parameters, allowed up to 12");
  const hd_param beyond = {
      .name = "tau", .fallback = 20, .low = 30, .high = 40, .unit = "", .help = ""};
  bad.n_params = 1;
  bad.param = &beyond;
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE,
       "parameter 1 of neuron model 'bad' needs a name");
  bad.n_params = 0;
  bad.n_state = HD_NEURON_STATE_MAX + 1;
  says(ctx, hd_neuron_register(ctx, &bad), HD_USAGE, "5 state variables, allowed up to 4");
  hd_ctx_destroy(ctx);
}

static void refuses(const char *method, const char *settings, const char *sentence) {
  hd_ctx *ctx = open_with_models();
  hd_session *session = NULL;
  says(ctx, try_session(ctx, "CartPole-v1", method, settings, 1, &session), HD_CONFLICT, sentence);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void what_needs_more_of_a_model_is_refused(void) {
  refuses("ppo", "neuron=coin", "neuron = coin has no backward step");
  refuses("neuron-agent-settle", "neuron=coin", "use neuron = bernoulli or ising");
  refuses("neuron-agent", "neuron=drop", "pgcn");
}

static void a_probability_that_is_no_number_stops_learning(void) {
  hd_ctx *ctx = open_with_models();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", "neuron=coin hidden=4", 1);
  advance(session, 100, 100);
  coin_bias = NAN;
  says(ctx, hd_session_train(session, 100), HD_NUMERIC, "neuron coin wrote a probability");
  coin_bias = 0.0f;
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void a_checkpoint_needs_the_model(void) {
  const char *path = HD_TEST_TMP "/own_neuron.hd";
  hd_ctx *ctx = open_with_models(), *other = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "nes", "neuron=drop hidden=4", 1);
  hd_session *loaded = NULL;
  CHECK(hd_session_save(session, path) == HD_OK);
  CHECK(hd_session_load(other, path, &loaded) != HD_OK);
  CHECK(strstr(hd_ctx_error(other), "drop") != NULL);
  CHECK(hd_session_load(ctx, path, &loaded) == HD_OK);
  CHECK(hd_session_hash(loaded) == hd_session_hash(session));
  hd_session_destroy(loaded);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  hd_ctx_destroy(other);
  remove(path);
}

int main(void) {
  RUN(a_network_of_it_fires_alike);
  RUN(learners_of_it_act_alike);
  RUN(it_is_listed_and_its_parameters_are_options);
  RUN(a_descriptor_that_makes_no_sense_is_refused);
  RUN(what_needs_more_of_a_model_is_refused);
  RUN(a_probability_that_is_no_number_stops_learning);
  RUN(a_checkpoint_needs_the_model);
  return test_end();
}
