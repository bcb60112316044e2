/* Somebody looks into a session: the network that shows what its own network does fires as often,
 * layer by layer, whatever the learner; and looking changes nothing. */
#include "learners.h"

static hd_ctx *ctx;

typedef struct look {
  const char *task, *method, *settings;
} look;

/* Searches, whose decisions alone can be looked at. */
static const look look_searches[] = {
    {"CartPole-v1", "nes", "hidden=12"},
    {"CartPole-v1", "syn-plus", "hidden=12"},
    {"CartPole-v1", "alopex", "hidden=12"},
};

/* A single environment, so that the session's counts of spikes are those of the decisions shown. */
static const look looks[] = {
    {"CartPole-v1", "neuron-agent", "envs=1 hidden=20"},
    {"CartPole-v1", "neuron-agent", "envs=1 hidden=20 neuron=lif-escape coding=poisson"},
    {"CartPole-v1", "neuron-agent-online", "envs=1 hidden=20"},
    {"CartPole-v1", "neuron-agent-society", "envs=1"},
    {"CartPole-v1", "neuron-agent", "envs=1 hidden=20 coding=tiles"},
    {"CartPole-v1", "node-perturbation", "envs=1"},
    {"CartPole-v1", "reparam-st", "envs=1 hidden=10"},
    {"CartPole-v1", "neuron-agent", "envs=1 hidden=12,9 neuron=lif-escape delay=1 carry=true"},
    {"CartPole-v1", "neuron-agent", "envs=1 hidden=12 neuron=lif-escape recurrent=true"},
    {"CartPole-v1", "neuron-agent-online",
     "envs=1 hidden=12 neuron=alif rule=e-prop recurrent=true carry=true"},
    {"CartPole-v1", "ppo", "envs=1 hidden=12,9 lif.v_th=0.3"},
    {"CartPole-v1", "a2c", "envs=1 hidden=12 recurrent=true carry=true neuron=alif"},
    {"CartPole-v1", "a2c", "envs=1 hidden=12 neuron=cuba learn_tau=true learn_threshold=true"},
    {"CartPole-v1", "dqn", "hidden=12,9"},
    {"CartPole-v1", "dqn", "hidden=12,9 normalise_drive=true"},
    {"Pendulum-v1", "td3", "hidden=12,9 learning_starts=20 average=0"},
};

/* Spikes that a recording holds. */
static double recorded_spikes(hd_network *network, const char *name) {
  hd_view view;
  double n = 0;
  CHECK(hd_network_view(network, name, &view) == HD_OK);
  for (int64_t i = 0; i < view.shape[0] * view.shape[1]; i++) {
    n += (double)((const float *)view.data)[i];
  }
  return n;
}

static void record_layers(hd_network *network, const hd_stats *stats) {
  for (int l = 0; l < stats->n_layers; l++) {
    char spikes[64];
    snprintf(spikes, sizeof spikes, "%s.spike", stats->layer[l].name);
    hd_record_def def = hd_record_def_default();
    def.view = spikes;
    def.name = stats->layer[l].name;
    def.substeps = 1 << 16;
    CHECK(hd_network_record(network, &def) == HD_OK);
  }
}

/* Spikes of a layer as the session counted them since the last call. */
static double counted_spikes(const hd_stats *stats, int l, int64_t substeps) {
  return stats->layer[l].rate * (double)stats->layer[l].n * (double)substeps;
}

static double shown_spikes(const look *of) {
  hd_session *session = open_session(ctx, of->task, of->method, of->settings, 1);
  hd_network *network = NULL;
  hd_stats stats;
  double all = 0;
  CHECK(hd_session_train(session, 30) == HD_OK); /* somewhere in an episode */
  hd_session_stats(session, &stats);
  if (hd_session_network(session, 0, &network) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
  }
  record_layers(network, &stats);
  CHECK(hd_session_train(session, 90) == HD_OK);
  hd_session_stats(session, &stats);
  for (int l = 0; l < stats.n_layers; l++) {
    const double shown = recorded_spikes(network, stats.layer[l].name);
    CHECK_NEAR(shown, counted_spikes(&stats, l, hd_network_substeps(network)), 1e-6);
    all += shown;
  }
  hd_session_destroy(session);
  return all;
}

static void learners_are_shown_spike_by_spike(void) {
  for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
    const int before = test_failures;
    CHECK(shown_spikes(&looks[i]) > 10);
    if (test_failures != before) {
      printf("  %s, %s, %s\n", looks[i].task, looks[i].method, looks[i].settings);
    }
  }
}

/* Programs free what they were given; this network is the session's. */
static void destroying_it_is_left_to_the_session(void) {
  hd_session *session = open_session(ctx, looks[0].task, looks[0].method, looks[0].settings, 1);
  hd_network *network = NULL;
  double returns[2];
  CHECK(hd_session_network(session, 0, &network) == HD_OK);
  hd_network_destroy(network);
  CHECK(hd_session_train(session, 90) == HD_OK);
  CHECK(hd_network_substeps(network) > 0);
  CHECK(hd_session_train(session, -1) == HD_RANGE);
  CHECK(hd_session_returns(session, returns, -3) == 0);
  hd_session_destroy(session);
}

static void looking_changes_nothing(void) {
  for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
    hd_session *alone = open_session(ctx, looks[i].task, looks[i].method, looks[i].settings, 2);
    hd_session *seen = open_session(ctx, looks[i].task, looks[i].method, looks[i].settings, 2);
    hd_network *network;
    CHECK(hd_session_network(seen, 0, &network) == HD_OK);
    CHECK(hd_session_train(alone, 100) == HD_OK && hd_session_train(seen, 100) == HD_OK);
    CHECK(hd_session_hash(alone) == hd_session_hash(seen));
    hd_session_destroy(alone);
    hd_session_destroy(seen);
  }
}

/* Decisions about observations of one episode; the network fires as often as the session counts. */
static double shown_decisions(const look *of) {
  hd_session *session = open_session(ctx, of->task, of->method, of->settings, 1);
  hd_network *network = NULL;
  hd_stats stats;
  double all = 0;
  CHECK(hd_session_train(session, 60) == HD_OK);
  hd_session_stats(session, &stats);
  if (hd_session_network(session, HD_DECISIONS, &network) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
  }
  record_layers(network, &stats);
  for (int step = 0; step < 60; step++) {
    const float obs[8] = {0.01f * (float)step, -0.2f, 0.003f * (float)step, 0.1f};
    float action[4];
    CHECK(hd_session_decide(session, 1, obs, (uint64_t)step, action) == HD_OK);
  }
  hd_session_stats(session, &stats);
  for (int l = 0; l < stats.n_layers; l++) {
    const double shown = recorded_spikes(network, stats.layer[l].name);
    CHECK_NEAR(shown, counted_spikes(&stats, l, hd_network_substeps(network)), 1e-6);
    all += shown;
  }
  hd_session_destroy(session);
  return all;
}

static void check_decisions(const look *of) {
  const int before = test_failures;
  CHECK(shown_decisions(of) > 10);
  if (test_failures != before) {
    printf("  %s, %s, %s\n", of->task, of->method, of->settings);
  }
}

static void decisions_are_shown_spike_by_spike(void) {
  for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
    check_decisions(&looks[i]);
  }
  for (size_t i = 0; i < sizeof look_searches / sizeof *look_searches; i++) {
    check_decisions(&look_searches[i]);
  }
}

/* Spikes of the first layer in decisions about an observation that stays, of one episode or of an
 * episode each. */
static double spikes_of_decisions(bool is_one_episode) {
  hd_session *session = open_session(ctx, "CartPolePositions-v1", "e-prop", "hidden=12", 1);
  const float obs[2] = {0.3f, -0.1f};
  hd_stats stats;
  float action;
  hd_session_stats(session, &stats);
  for (uint64_t step = 0; step < 30; step++) {
    CHECK(hd_session_decide(session, 1, obs, is_one_episode ? step : 0, &action) == HD_OK);
  }
  hd_session_stats(session, &stats);
  hd_session_destroy(session);
  return stats.layer[0].rate;
}

static void decisions_of_an_episode_carry_the_state_on(void) {
  const double one = spikes_of_decisions(true);
  CHECK(one > 0.0 && one != spikes_of_decisions(false));
}

/* Training goes by unseen when decisions are looked at. */
static void training_is_not_repeated_then(void) {
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", "", 1);
  hd_network *network = NULL;
  const float obs[8] = {0};
  float action[4];
  CHECK(hd_session_network(session, HD_DECISIONS, &network) == HD_OK);
  CHECK(hd_session_train(session, 100) == HD_OK && hd_network_substeps(network) == 0);
  CHECK(hd_session_decide(session, 1, obs, 0, action) == HD_OK);
  CHECK(hd_network_substeps(network) == 4);
  hd_session_destroy(session);
}

static void refuse(const char *method, const char *settings, int env, hd_status status,
                   const char *sentence) {
  hd_session *session = open_session(ctx, "CartPole-v1", method, settings, 1);
  hd_network *network = NULL;
  CHECK(hd_session_network(session, env, &network) == status && network == NULL);
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
  hd_session_destroy(session);
}

static void what_cannot_be_shown_is_said(void) {
  refuse("neuron-agent", "envs=4", 4, HD_RANGE, "env = 4, allowed 0 to 3, or HD_DECISIONS (-1)");
  refuse(
      "nes", "", 0, HD_CONFLICT,
      "method nes evaluates one candidate after the other, and there is no network that acts all "
      "the time; look at its decisions instead (HD_DECISIONS)");
  refuse("place-actor-critic", "", 0, HD_CONFLICT,
         "this network cannot be shown as populations joined by projections: it has no layer of "
         "spiking neurons");
  refuse("layer-agent-ppo", "", 0, HD_CONFLICT,
         "this network cannot be shown as populations joined by projections: its layers are "
         "agents, which see the input beside the layer below");
  static const char *const without[] = {"narla", "svpg", "agrel", "augment"};
  for (int k = 0; k < 8; k++) {
    char sentence[200];
    snprintf(sentence, sizeof sentence,
             "method %s has no network of populations joined by projections to look into; what it "
             "keeps is in the session's arrays",
             without[k / 2]);
    refuse(without[k / 2], "", k % 2 == 0 ? 0 : HD_DECISIONS, HD_CONFLICT, sentence);
  }
  refuse("neuron-agent", "taps=2 substeps=4", 0, HD_CONFLICT,
         "this network cannot be shown as populations joined by projections: its synapses see "
         "several substeps at once (taps)");
}

static void it_goes_over_to_another_environment(void) {
  hd_session *session = open_session(ctx, "CartPole-v1", "ppo", "envs=3 hidden=5", 1);
  hd_network *first = NULL, *second = NULL;
  CHECK(hd_session_network(session, 0, &first) == HD_OK);
  CHECK(hd_session_train(session, 30) == HD_OK);
  CHECK(hd_network_substeps(first) > 0);
  CHECK(hd_session_network(session, 2, &second) == HD_OK);
  CHECK(first == second && hd_network_substeps(second) == 0);
  CHECK(hd_network_step(first, 1) == HD_USAGE);
  hd_session_destroy(session);
}

int main(void) {
  ctx = open_ctx();
  RUN(learners_are_shown_spike_by_spike);
  RUN(decisions_are_shown_spike_by_spike);
  RUN(decisions_of_an_episode_carry_the_state_on);
  RUN(training_is_not_repeated_then);
  RUN(destroying_it_is_left_to_the_session);
  RUN(looking_changes_nothing);
  RUN(what_cannot_be_shown_is_said);
  RUN(it_goes_over_to_another_environment);
  hd_ctx_destroy(ctx);
  return test_end();
}
