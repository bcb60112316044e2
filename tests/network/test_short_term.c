/* Short-term plasticity of synapses: against sums by hand, against recordings of Brian2
 * (tools/record_brian_stp.py), and how networks and sessions carry it or refuse it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedon/hedon.h"
#include "test.h"

enum { STEPS_MOST = 2000 };

static hd_ctx *ctx;

static hd_projection_def plain = {"in", "out", .a = 1.0f};

/* One or two inputs onto a neuron that adds up, by this projection. */
static hd_status open_network(hd_projection_def projection, const char *source, hd_network **out) {
  const hd_population_def population[] = {{.name = "in", .neuron = source, .n = 2},
                                          {.name = "out", .neuron = "if", .n = 2}};
  hd_network_def def = hd_network_def_default();
  def.population = population, def.n_populations = 2;
  def.projection = &projection, def.n_projections = 1;
  return hd_network_create(ctx, &def, out);
}

static hd_network *open_synapses(float use, float recovery, float facilitation, int delay) {
  hd_network *network = NULL;
  hd_projection_def projection = plain;
  projection.stp_use = use;
  projection.stp_recovery_ms = recovery;
  projection.stp_facilitation_ms = facilitation;
  projection.delay = delay;
  CHECK(open_network(projection, "input", &network) == HD_OK);
  return network;
}

/* A substep in which the first source sends a spike or does not; returns the drive it brings. */
static float step(hd_network *network, bool has_spike) {
  const float given[2] = {has_spike ? 1.0f : 0.0f, 0.0f};
  float drive[2] = {NAN, NAN};
  CHECK(hd_network_write(network, "in.value", given, 2) == HD_OK);
  CHECK(hd_network_step(network, 1) == HD_OK);
  CHECK(hd_network_read(network, "out.drive", drive, 2) == HD_OK);
  CHECK(drive[0] == drive[1]);
  return drive[0];
}

static bool is_in(const int *list, int n, int t) {
  for (int k = 0; k < n; k++) {
    if (list[k] == t) {
      return true;
    }
  }
  return false;
}

/* A dozen spikes, from spike to spike in doubles. */
static const int dozen[12] = {3, 4, 7, 15, 16, 17, 30, 60, 61, 80, 81, 99};

static void dozen_spikes_by_hand(void) {
  const float use = 0.3f, recovery = 40.0f, facilitation = 25.0f;
  for (int delay = 0; delay < 3; delay++) {
    hd_network *network = open_synapses(use, recovery, facilitation, delay);
    double u = 0, x = 1;
    int last = -1000;
    for (int t = 0; t < 110; t++) {
      const float drive = step(network, is_in(dozen, 12, t));
      if (!is_in(dozen, 12, t - delay)) {
        CHECK(drive == 0.0f);
        continue;
      }
      const double gap = t - last;
      u *= exp(-gap / (double)facilitation);
      u += (double)use * (1 - u);
      x = 1 - (1 - x) * exp(-gap / (double)recovery);
      CHECK_NEAR((double)drive, u * x, 1e-6);
      x -= u * x;
      last = t;
    }
    hd_network_destroy(network);
  }
}

/* Without facilitation a spike uses the same share of what is at hand; with a recovery of 0 it
 * finds everything at hand; with use 1 and no recovery in time it takes all. */
static void limits_of_its_constants(void) {
  hd_network *network = open_synapses(0.5f, 1e6f, 0.0f, 0);
  for (int k = 1; k < 6; k++) {
    CHECK_NEAR((double)step(network, true), pow(0.5, k), 1e-5);
  }
  hd_network_destroy(network);
  network = open_synapses(0.25f, 0.0f, 0.0f, 0);
  for (int k = 0; k < 6; k++) {
    CHECK_NEAR((double)step(network, true), 0.25, 1e-7);
  }
  hd_network_destroy(network);
}

/* ---- Brian2 ---- */

/* Arrivals of one recorded run; those of substeps without a spike are 0. */
typedef struct recording {
  char name[32];
  float use, recovery, facilitation, arrived[STEPS_MOST];
  int steps, n_spikes;
} recording;

static void recording_compare(const recording *r) {
  hd_network *network = open_synapses(r->use, r->recovery, r->facilitation, 0);
  CHECK(r->n_spikes >= 20);
  for (int t = 0; t < r->steps; t++) {
    CHECK_NEAR((double)step(network, r->arrived[t] > 0), (double)r->arrived[t], 1e-6);
  }
  hd_network_destroy(network);
}

static void arrivals_are_those_of_brian(void) {
  static recording r;
  char row[128];
  int n = 0, at;
  float arrived;
  FILE *file = fopen(HD_TEST_DATA "/stp_brian.txt", "r");
  CHECK(file != NULL);
  for (bool more = file != NULL; more;) {
    more = fgets(row, sizeof row, file) != NULL;
    if (!more || strncmp(row, "run ", 4) == 0) {
      if (n++ > 0) {
        recording_compare(&r);
      }
      memset(&r, 0, sizeof r);
    }
    if (more && sscanf(row, "spike %d %f", &at, &arrived) == 2) {
      CHECK(at >= 0 && at < STEPS_MOST);
      r.arrived[at] = arrived;
      r.n_spikes++;
    }
    if (more && strncmp(row, "run ", 4) == 0) {
      CHECK(sscanf(row, "run %31s %f %f %f %d", r.name, &r.use, &r.recovery, &r.facilitation,
                   &r.steps) == 5);
    }
  }
  CHECK(n == 7);
  if (file != NULL) {
    fclose(file);
  }
}

/* ---- networks ---- */

/* The state of a row goes out and in, and a row that starts anew has all at hand. */
static void state_is_saved_restored_and_reset(void) {
  hd_network *network = open_synapses(0.4f, 100.0f, 50.0f, 1);
  float *state = calloc(hd_network_state_size(network), sizeof *state);
  float first[8], x[2];
  for (int t = 0; t < 5; t++) {
    step(network, t % 2 == 0);
  }
  CHECK(hd_network_save_row(network, 0, state) == HD_OK);
  for (int t = 0; t < 8; t++) {
    first[t] = step(network, t % 3 == 0);
  }
  CHECK(hd_network_restore_row(network, 0, state) == HD_OK);
  for (int t = 0; t < 8; t++) {
    CHECK(step(network, t % 3 == 0) == first[t]);
  }
  CHECK(hd_network_reset_row(network, 0) == HD_OK);
  CHECK(hd_network_read(network, "in->out.x", x, 2) == HD_OK);
  CHECK(x[0] == 1.0f && x[1] == 1.0f);
  CHECK(hd_network_read(network, "in->out.u", x, 2) == HD_OK);
  CHECK(x[0] == 0.0f && x[1] == 0.0f);
  free(state);
  hd_network_destroy(network);
}

/* Synapses by list bring what dense ones bring. */
static void lists_and_dense_projections_agree(void) {
  static const hd_synapse synapse[] = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}};
  hd_network *dense = open_synapses(0.6f, 30.0f, 20.0f, 1), *listed = NULL;
  hd_projection_def projection = plain;
  projection.connect = HD_CONNECT_LIST;
  projection.synapse = synapse, projection.n_synapses = 4;
  projection.stp_use = 0.6f, projection.stp_recovery_ms = 30.0f;
  projection.stp_facilitation_ms = 20.0f, projection.delay = 1;
  CHECK(open_network(projection, "input", &listed) == HD_OK);
  for (int t = 0; t < 40; t++) {
    CHECK(step(dense, t % 7 < 2) == step(listed, t % 7 < 2));
  }
  hd_network_destroy(dense);
  hd_network_destroy(listed);
}

/* What a learning rule sees of a spike is what arrived. */
static void rules_see_what_arrives(void) {
  hd_network *network = NULL;
  hd_projection_def projection = plain;
  float trace[2] = {0};
  projection.stp_use = 0.5f, projection.stp_recovery_ms = 1000.0f;
  projection.rule = "mstdpet", projection.rule_params = "a_plus=2 tau_plus=1e4";
  CHECK(open_network(projection, "input", &network) == HD_OK);
  CHECK_NEAR((double)step(network, true), 0.5, 1e-7);
  CHECK(hd_network_read(network, "in->out.pre.trace", trace, 2) == HD_OK);
  CHECK_NEAR((double)trace[0], 1.0, 1e-6);
  CHECK(trace[1] == 0.0f);
  hd_network_destroy(network);
}

/* ---- what is refused ---- */

static bool says(const char *text) { return strstr(hd_ctx_error(ctx), text) != NULL; }

static void what_cannot_carry_it_is_refused(void) {
  hd_network *network = NULL;
  hd_projection_def projection = plain;
  projection.stp_use = 1.5f;
  CHECK(open_network(projection, "input", &network) == HD_RANGE && says("stp_use = 1.5"));
  projection.stp_use = 0.5f, projection.stp_recovery_ms = -1.0f;
  CHECK(open_network(projection, "input", &network) == HD_RANGE && says("stp_recovery_ms = -1"));
  projection.stp_recovery_ms = 10.0f, projection.stp_facilitation_ms = INFINITY;
  CHECK(open_network(projection, "input", &network) == HD_RANGE && says("stp_facilitation_ms"));
  projection.stp_facilitation_ms = 0.0f;
  CHECK(open_network(projection, "ising", &network) == HD_CONFLICT && says("in->out"));
  CHECK(open_network(projection, "lif", &network) == HD_OK);
  hd_network_destroy(network);
}

static hd_status open_session(const char *method, const char *key, const char *value,
                              hd_session **out) {
  hd_config *config = NULL;
  hd_status status = hd_config_create(ctx, "CartPole-v1", method, &config);
  status = status == HD_OK ? hd_config_set(config, "stp.use", "0.5") : status;
  status = status == HD_OK && key != NULL ? hd_config_set(config, key, value) : status;
  status = status == HD_OK ? hd_session_create(ctx, config, 1, out) : status;
  hd_config_destroy(config);
  return status;
}

static void sessions_carry_it_or_say_why_not(void) {
  hd_session *session = NULL;
  CHECK(open_session("e-prop", "hidden", "8", &session) == HD_OK);
  hd_session_destroy(session);
  CHECK(open_session("e-prop", "recurrent", "false", &session) == HD_CONFLICT &&
        says("graded numbers"));
  CHECK(open_session("neuron-agent-online", "neuron", "ising", &session) == HD_CONFLICT &&
        says("neuron = ising"));
  CHECK(open_session("ppo", NULL, NULL, &session) == HD_CONFLICT && says("stp.use"));
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  RUN(dozen_spikes_by_hand);
  RUN(limits_of_its_constants);
  RUN(arrivals_are_those_of_brian);
  RUN(state_is_saved_restored_and_reset);
  RUN(lists_and_dense_projections_agree);
  RUN(rules_see_what_arrives);
  RUN(what_cannot_carry_it_is_refused);
  RUN(sessions_carry_it_or_say_why_not);
  hd_ctx_destroy(ctx);
  return test_end();
}
