/* Networks as a program makes them: definition, steps, views, recordings, and what is refused. */
#include "fault.h"
#include "hedon/hedon.h"
#include "test.h"

static hd_ctx *ctx;

enum { N_POPULATIONS = 3, N_PROJECTIONS = 4 };

/* Three populations with recurrence and delays. */
typedef struct trio {
  hd_population_def population[N_POPULATIONS];
  hd_projection_def projection[N_PROJECTIONS];
  hd_network_def def;
} trio;

static trio trio_make(void) {
  trio t = {
      .population = {{.name = "in", .neuron = "input", .n = 5},
                     {.name = "a", .neuron = "lif", .n = 20, .params = "tau_m=10 r_m=10"},
                     {.name = "b", .neuron = "lif-escape", .n = 7, .bias = 0.1f}},
      .projection = {{"in", "a", .initial = HD_INITIAL_NORMAL, .a = 0.2f, .b = 0.2f},
                     {"a", "a", .delay = 1, .initial = HD_INITIAL_UNIFORM, .a = -0.1f, .b = 0.1f},
                     {"a", "b", .connect = HD_CONNECT_RANDOM, .probability = 0.5, .a = 0.2f},
                     {"b", "a", .delay = 3, .a = -0.05f}},
      .def = hd_network_def_default()};
  t.def.seed = 7;
  t.def.rows = 3;
  t.def.n_populations = N_POPULATIONS;
  t.def.n_projections = N_PROJECTIONS;
  return t;
}

static hd_status trio_create(hd_ctx *in, trio *t, hd_network **out) {
  t->def.population = t->population;
  t->def.projection = t->projection;
  return hd_network_create(in, &t->def, out);
}

static hd_network *trio_open(void) {
  trio t = trio_make();
  hd_network *network = NULL;
  CHECK(trio_create(ctx, &t, &network) == HD_OK);
  return network;
}

static hd_view view(hd_network *network, const char *name) {
  hd_view out = {0};
  CHECK(hd_network_view(network, name, &out) == HD_OK);
  return out;
}

static float *entry(const hd_view *v, int64_t i, int64_t j) {
  return (float *)v->data + i * v->stride[0] + j * v->stride[1];
}

/* Inputs that differ from row to row. */
static void give(hd_network *network, float scale) {
  float value[3 * 5];
  for (int i = 0; i < 15; i++) {
    value[i] = scale * (float)(i % 4);
  }
  CHECK(hd_network_write(network, "in.value", value, 15) == HD_OK);
}

/* ---- what a network does ---- */

static float spikes_of(hd_network *network, int64_t substeps) {
  const hd_view a = view(network, "a.spike"), b = view(network, "b.spike");
  float n = 0;
  for (int64_t t = 0; t < substeps; t++) {
    CHECK(hd_network_step(network, 1) == HD_OK);
    for (int row = 0; row < 3; row++) {
      for (int j = 0; j < 20; j++) {
        n = n * 1.01f + *entry(&a, row, j) + (j < 7 ? 2.0f * *entry(&b, row, j) : 0.0f);
      }
    }
  }
  return n;
}

static void a_network_is_a_function_of_its_definition(void) {
  hd_network *one = trio_open(), *two = trio_open();
  give(one, 0.3f);
  give(two, 0.3f);
  const float first = spikes_of(one, 50);
  CHECK(first > 0);
  CHECK(first == spikes_of(two, 50));
  CHECK(hd_network_substeps(one) == 50);
  hd_network_reset(one);
  CHECK(hd_network_substeps(one) == 0);
  CHECK(first == spikes_of(one, 50));
  hd_network_destroy(one);
  hd_network_destroy(two);
}

static void substeps_may_be_taken_together(void) {
  hd_network *one = trio_open(), *two = trio_open();
  give(one, 0.3f);
  give(two, 0.3f);
  float v_one[60], v_two[60];
  CHECK(hd_network_step(one, 40) == HD_OK);
  for (int t = 0; t < 40; t++) {
    CHECK(hd_network_step(two, 1) == HD_OK);
  }
  CHECK(hd_network_read(one, "a.v", v_one, 60) == HD_OK);
  CHECK(hd_network_read(two, "a.v", v_two, 60) == HD_OK);
  CHECK(memcmp(v_one, v_two, sizeof v_one) == 0);
  hd_network_destroy(one);
  hd_network_destroy(two);
}

static void rows_never_meet(void) {
  hd_network *one = trio_open(), *two = trio_open();
  give(one, 0.3f);
  give(two, 0.3f);
  const hd_view current = view(two, "a.current");
  *entry(&current, 1, 4) = 5.0f;
  CHECK(hd_network_step(one, 40) == HD_OK);
  CHECK(hd_network_step(two, 40) == HD_OK);
  float x[60], y[60];
  CHECK(hd_network_read(one, "a.v", x, 60) == HD_OK);
  CHECK(hd_network_read(two, "a.v", y, 60) == HD_OK);
  CHECK(memcmp(x, y, sizeof(float) * 20) == 0);
  CHECK(memcmp(x + 20, y + 20, sizeof(float) * 20) != 0);
  CHECK(memcmp(x + 40, y + 40, sizeof(float) * 20) == 0);
  hd_network_destroy(one);
  hd_network_destroy(two);
}

static void a_row_is_saved_and_restored(void) {
  hd_network *one = trio_open(), *two = trio_open();
  give(one, 0.3f);
  give(two, 0.3f);
  float state[4096];
  CHECK(hd_network_state_size(one) <= 4096);
  CHECK(hd_network_step(one, 13) == HD_OK && hd_network_step(two, 13) == HD_OK);
  CHECK(hd_network_save_row(one, 2, state) == HD_OK);
  CHECK(hd_network_reset_row(two, 2) == HD_OK);
  CHECK(hd_network_restore_row(two, 2, state) == HD_OK);
  CHECK(spikes_of(one, 20) == spikes_of(two, 20));
  state[0] = NAN;
  CHECK(hd_network_restore_row(two, 2, state) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx), "entry 0 of the state to restore is nan");
  CHECK(hd_network_reset_row(two, 3) == HD_RANGE);
  CHECK_TEXT(hd_ctx_error(ctx), "row = 3, allowed 0 to 2");
  hd_network_destroy(one);
  hd_network_destroy(two);
}

/* Synapses by list are the dense ones that are not 0. */
static void sparse_is_dense_with_zeros(void) {
  trio t = trio_make();
  hd_network *sparse, *dense;
  t.projection[2].initial = HD_INITIAL_NORMAL;
  t.projection[2].b = 0.3f;
  CHECK(trio_create(ctx, &t, &sparse) == HD_OK);
  t.projection[2].connect = HD_CONNECT_ALL;
  t.projection[2].a = t.projection[2].b = 0.0f;
  CHECK(trio_create(ctx, &t, &dense) == HD_OK);
  const hd_view pre = view(sparse, "a->b.pre"), post = view(sparse, "a->b.post");
  const hd_view from = view(sparse, "a->b.weight"), to = view(dense, "a->b.weight");
  CHECK(from.shape[0] == pre.shape[0] && from.shape[0] > 40 && from.shape[0] < 100);
  for (int64_t k = 0; k < from.shape[0]; k++) {
    *entry(&to, ((int32_t *)pre.data)[k], ((int32_t *)post.data)[k]) = *entry(&from, k, 0);
  }
  give(sparse, 0.3f);
  give(dense, 0.3f);
  CHECK(spikes_of(sparse, 50) == spikes_of(dense, 50));
  float x[21], y[21];
  CHECK(hd_network_read(sparse, "b.drive", x, 21) == HD_OK);
  CHECK(hd_network_read(dense, "b.drive", y, 21) == HD_OK);
  CHECK(memcmp(x, y, sizeof x) == 0);
  hd_network_destroy(sparse);
  hd_network_destroy(dense);
}

/* The weight of a pair is drawn for the pair, whichever other synapses there are. */
static void weights_belong_to_pairs(void) {
  trio t = trio_make();
  hd_network *some, *all;
  t.projection[2].initial = HD_INITIAL_UNIFORM;
  CHECK(trio_create(ctx, &t, &some) == HD_OK);
  t.projection[2].connect = HD_CONNECT_ALL;
  CHECK(trio_create(ctx, &t, &all) == HD_OK);
  const hd_view pre = view(some, "a->b.pre"), post = view(some, "a->b.post");
  const hd_view one = view(some, "a->b.weight"), other = view(all, "a->b.weight");
  for (int64_t k = 0; k < one.shape[0]; k++) {
    const int32_t i = ((int32_t *)pre.data)[k], j = ((int32_t *)post.data)[k];
    CHECK(*entry(&one, k, 0) == *entry(&other, i, j));
  }
  hd_network_destroy(some);
  hd_network_destroy(all);
}

static void lists_are_taken_as_they_are(void) {
  static const hd_synapse synapse[] = {{0, 1, 0.5f}, {0, 3, -1.0f}, {2, 0, 2.0f}};
  trio t = trio_make();
  hd_network *network;
  t.projection[2] = (hd_projection_def){.source = "a",
                                        .target = "b",
                                        .name = "listed",
                                        .connect = HD_CONNECT_LIST,
                                        .synapse = synapse,
                                        .n_synapses = 3,
                                        .initial = HD_INITIAL_LIST};
  CHECK(trio_create(ctx, &t, &network) == HD_OK);
  const hd_view weight = view(network, "listed.weight"), pre = view(network, "listed.pre");
  const hd_view post = view(network, "listed.post");
  CHECK(weight.shape[0] == 3);
  for (int k = 0; k < 3; k++) {
    CHECK(((int32_t *)pre.data)[k] == synapse[k].pre);
    CHECK(((int32_t *)post.data)[k] == synapse[k].post);
    CHECK(*entry(&weight, k, 0) == synapse[k].weight);
  }
  hd_network_destroy(network);
}

/* ---- recordings ---- */

static void recordings_hold_the_last_substeps(void) {
  hd_network *network = trio_open();
  give(network, 0.3f);
  static const int neuron[] = {19, 3};
  hd_record_def def = hd_record_def_default();
  def.view = "a.v";
  def.row = 1;
  def.neuron = neuron;
  def.n_neurons = 2;
  def.substeps = 6;
  CHECK(hd_network_record(network, &def) == HD_OK);
  CHECK(view(network, "a.v.record").shape[0] == 0);
  float seen[20][2];
  const hd_view v = view(network, "a.v");
  for (int t = 0; t < 20; t++) {
    CHECK(hd_network_step(network, 1) == HD_OK);
    seen[t][0] = *entry(&v, 1, 19);
    seen[t][1] = *entry(&v, 1, 3);
    const hd_view record = view(network, "a.v.record");
    const int n = t + 1 < 6 ? t + 1 : 6;
    CHECK(record.shape[0] == n && record.shape[1] == 2 && !record.writable);
    CHECK_TEXT(record.unit, "mV");
    CHECK(memcmp(record.data, seen[t + 1 - n], sizeof(float) * 2 * (size_t)n) == 0);
  }
  hd_network_reset(network);
  CHECK(view(network, "a.v.record").shape[0] == 0);
  hd_network_destroy(network);
}

static void fail_record(hd_network *network, hd_record_def def, hd_status status,
                        const char *sentence) {
  CHECK(hd_network_record(network, &def) == status);
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
}

/* Synapses are counted source by source: 6 x 20 + 19 leads from neuron 6 of b to 19 of a. */
static void what_rules_keep_of_synapses_is_recorded(void) {
  static const int synapse[] = {6 * 20 + 19, 3};
  trio t = trio_make();
  hd_network *network = NULL;
  t.projection[2].rule = t.projection[3].rule = "r-max";
  t.population[1].neuron = "lif-escape";
  CHECK(trio_create(ctx, &t, &network) == HD_OK);
  give(network, 0.3f);
  hd_record_def def = hd_record_def_default();
  def.row = 2;
  def.view = "a->b.e"; /* synapses by list, all of them */
  CHECK(hd_network_record(network, &def) == HD_OK);
  def.view = "b->a.synapse.xbar";
  def.neuron = synapse;
  def.n_neurons = 2;
  CHECK(hd_network_record(network, &def) == HD_OK);
  CHECK(hd_network_step(network, 30) == HD_OK);
  const hd_view xbar = view(network, "b->a.synapse.xbar"), e = view(network, "a->b.e");
  const hd_view few = view(network, "b->a.synapse.xbar.record"),
                all = view(network, "a->b.e.record");
  CHECK(few.shape[1] == 2 && all.shape[1] == e.shape[1]);
  CHECK(*entry(&few, 29, 0) == ((float *)xbar.data)[2 * xbar.stride[0] + 6 * xbar.stride[1] + 19]);
  CHECK(*entry(&few, 29, 1) == ((float *)xbar.data)[2 * xbar.stride[0] + 3]);
  CHECK(*entry(&few, 29, 0) != *entry(&few, 29, 1));
  CHECK(memcmp(entry(&all, 29, 0), entry(&e, 2, 0), sizeof(float) * (size_t)e.shape[1]) == 0);
  def.neuron = &(int){7 * 20};
  def.n_neurons = 1;
  fail_record(network, def, HD_RANGE,
              "a recording of 'b->a.synapse.xbar' chooses synapse 140, allowed 0 to 139");
  hd_network_destroy(network);
}

static void recordings_are_checked(void) {
  hd_network *network = trio_open();
  const int far[] = {20};
  const size_t size = sizeof(hd_record_def);
  fail_record(network, (hd_record_def){size, .view = "a.w", .substeps = 5}, HD_UNKNOWN,
              "this network has no view 'a.w'; did you mean 'a.p'?");
  fail_record(
      network, (hd_record_def){size, .view = "a.bias", .substeps = 5}, HD_CONFLICT,
      "view 'a.bias' is neither what neurons do in a substep nor what a rule keeps of it, so "
      "its substeps cannot be recorded");
  fail_record(network, (hd_record_def){size, .view = "a.v", .substeps = 5, .row = 3}, HD_RANGE,
              "a recording of 'a.v' has row = 3, allowed 0 to 2");
  fail_record(network, (hd_record_def){size, .view = "a.v"}, HD_RANGE,
              "a recording of 'a.v' keeps 0 substeps, allowed 1 to 2147483647");
  fail_record(network,
              (hd_record_def){size, .view = "a.v", .substeps = 5, .neuron = far, .n_neurons = 1},
              HD_RANGE, "a recording of 'a.v' chooses neuron 20, allowed 0 to 19");
  fail_record(network, (hd_record_def){size, .view = "a.v", .substeps = 5, .name = "b.p"},
              HD_CONFLICT, "there is a view 'b.p' already; give the recording another name");
  fail_record(network, (hd_record_def){.view = "a.v"}, HD_USAGE,
              "hd_network_record takes a definition from hd_record_def_default");
  hd_network_destroy(network);
}

/* ---- views ---- */

static void bad_numbers_in_views_are_refused(void) {
  hd_network *network = trio_open();
  const hd_view weight = view(network, "in->a.weight");
  const float before = *entry(&weight, 3, 7);
  *entry(&weight, 3, 7) = NAN;
  CHECK(hd_network_step(network, 1) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx),
             "entry [3][7] of view 'in->a.weight' is nan; only finite numbers may be written");
  CHECK(hd_network_substeps(network) == 0);
  *entry(&weight, 3, 7) = before;
  CHECK(hd_network_step(network, 1) == HD_OK);
  const hd_view listed = view(network, "a->b.weight");
  *entry(&listed, 5, 0) = INFINITY;
  CHECK(hd_network_step(network, 1) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx),
             "entry [5] of view 'a->b.weight' is inf; only finite numbers may be written");
  *entry(&listed, 5, 0) = 0;
  float bias[7] = {0, 0, -INFINITY};
  CHECK(hd_network_write(network, "b.bias", bias, 7) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx),
             "entry [2] of view 'b.bias' is -inf; only finite numbers may be written");
  CHECK(hd_network_write(network, "b.spike", bias, 21) == HD_USAGE);
  CHECK_TEXT(hd_ctx_error(ctx), "view 'b.spike' shows what the network did; it is not writable");
  CHECK(hd_network_write(network, "b.bias", bias, 8) == HD_CONFLICT);
  CHECK_TEXT(hd_ctx_error(ctx), "view 'b.bias' has 7 entries, not 8");
  CHECK(hd_network_read(network, "a->b.pre", bias, 7) == HD_CONFLICT);
  CHECK_TEXT(hd_ctx_error(ctx), "view 'a->b.pre' is of I32; only views of F32 are copied");
  CHECK(hd_network_step(network, -1) == HD_RANGE);
  CHECK(hd_network_step(network, 1) == HD_OK);
  hd_network_destroy(network);
}

static void what_is_written_is_what_is_read(void) {
  hd_network *network = trio_open();
  for (int i = 0; i < hd_network_view_count(network); i++) {
    const hd_view v = hd_network_view_at(network, i);
    static float x[512], y[512];
    const int64_t n = v.shape[0] * v.shape[1];
    for (int k = 0; k < 512; k++) {
      x[k] = (float)k + 0.5f;
    }
    CHECK(n <= 512);
    if (v.writable) {
      CHECK(hd_network_write(network, v.name, x, n) == HD_OK);
      CHECK(hd_network_read(network, v.name, y, n) == HD_OK);
      CHECK(memcmp(x, y, sizeof(float) * (size_t)n) == 0);
      CHECK(*entry(&v, v.shape[0] - 1, v.shape[1] - 1) == x[n - 1]);
    }
  }
  hd_network_destroy(network);
}

/* ---- refusals ---- */

static void refuse(trio *t, hd_status status, const char *sentence) {
  hd_network *network = (hd_network *)t;
  CHECK(trio_create(ctx, t, &network) == status);
  CHECK(network == (hd_network *)t); /* untouched */
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
}

#define REFUSE(change, status, sentence) \
  do {                                   \
    trio t = trio_make();                \
    t.change;                            \
    refuse(&t, status, sentence);        \
  } while (0)

static void bad_wholes_are_refused(void) {
  REFUSE(def.size = 0, HD_USAGE,
         "hd_network_create takes a definition from hd_network_def_default and a place for the "
         "network");
  REFUSE(def.dt_ms = 0, HD_RANGE, "a network has dt_ms = 0 ms, allowed 0.001 to 1000 ms");
  REFUSE(def.dt_ms = (double)NAN, HD_RANGE,
         "a network has dt_ms = nan ms, allowed 0.001 to 1000 ms");
  REFUSE(def.rows = 0, HD_RANGE, "a network has rows = 0, allowed 1 to 65536");
  REFUSE(def.n_populations = 0, HD_RANGE, "a network has n_populations = 0, allowed 1 to 4096");
  REFUSE(def.n_projections = -1, HD_RANGE, "a network has n_projections = -1, allowed 0 to 4096");
}

static void bad_populations_are_refused(void) {
  REFUSE(population[1].name = "", HD_USAGE, "population 1 has no name");
  REFUSE(population[1].name = "in", HD_CONFLICT, "there are two populations 'in'");
  REFUSE(population[1].name = "a.b", HD_USAGE,
         "population 'a.b' has a '.' in its name, which separates names in those of views");
  REFUSE(population[1].n = 0, HD_RANGE, "population 'a' has n = 0 neurons, allowed 1 to 16777216");
  REFUSE(population[1].n = -3, HD_RANGE,
         "population 'a' has n = -3 neurons, allowed 1 to 16777216");
  REFUSE(population[1].neuron = "alfi", HD_UNKNOWN,
         "population 'a': there is no neuron model 'alfi'; did you mean 'alif'?");
  REFUSE(population[1].params = "tau_n=3", HD_UNKNOWN,
         "population 'a': neuron lif has no parameter 'tau_n'; did you mean 'tau_m'?");
  REFUSE(population[1].params = "leak=3", HD_UNKNOWN,
         "population 'a': neuron lif has no parameter 'leak'; there is tau_m, v_th, v_reset, "
         "v_rest, r_m, t_ref, reset, slope");
  REFUSE(population[1].neuron = "hodgkin-huxley", HD_UNKNOWN,
         "population 'a': there is no neuron model 'hodgkin-huxley'; there is bernoulli, ising, "
         "glm, if, "
         "lif, cuba, alif, lif-escape, coba, adex, izhikevich, leaky, relu, tanh, input");
  REFUSE(population[1].params = "tau_m=-3", HD_RANGE,
         "population 'a': lif.tau_m = -3 ms, allowed 0.1 to 10000");
  REFUSE(population[1].params = "v_th=nan", HD_RANGE,
         "population 'a': lif.v_th = nan mV, allowed -200 to 200");
  REFUSE(population[1].params = "v_th=1x", HD_RANGE,
         "population 'a': lif.v_th = 1x mV, allowed -200 to 200");
  REFUSE(
      population[1].params = "tau_m=1e4";
      t.def.dt_ms = 0.1, HD_CONFLICT,
      "population 'a': lif.tau_m = 10000 ms is 1e+05 substeps of 0.1 ms, and in single precision "
      "what is kept fades over at most 32768");
  REFUSE(population[1].params = "reset=0.5", HD_RANGE,
         "population 'a': lif.reset = 0.5, allowed whole, 0 to 1");
  REFUSE(population[1].params = "v_th 1", HD_USAGE,
         "population 'a': parameters 'v_th 1' are not of the form \"name=value name=value ...\"");
  REFUSE(population[0].params = "v_th=1", HD_CONFLICT,
         "population 'in' is an input, which has neither parameters nor a bias");
  REFUSE(population[2].bias = (float)INFINITY, HD_RANGE,
         "population 'b' has bias = inf, which is not finite");
}

static void bad_projections_are_refused(void) {
  static const hd_synapse far = {0, 7, 1}, bad = {0, 6, NAN}, twice[] = {{0, 6, 1}, {0, 6, 1}};
  REFUSE(projection[2].target = "bb", HD_UNKNOWN,
         "projection 'a->bb': its target 'bb' is no population of this network; did you mean 'b'?");
  REFUSE(projection[2].target = "cortex", HD_UNKNOWN,
         "projection 'a->cortex': its target 'cortex' is no population of this network; there is "
         "in, a, b");
  REFUSE(projection[2].source = NULL, HD_USAGE, "projection '->b' names no source");
  REFUSE(
      projection[2].target = "in", HD_CONFLICT,
      "projection 'a->in' leads to population 'in', which is an input: its values are given; use "
      "a population of neurons as the target");
  REFUSE(projection[2].connect = HD_CONNECT_ONE_TO_ONE, HD_CONFLICT,
         "projection 'a->b' joins one to one 20 neurons of 'a' with 7 of 'b'; both must have the "
         "same size");
  REFUSE(projection[3].delay = 0, HD_CONFLICT,
         "the projections from 'a' to 'b' and back have no delay, so that neither could be stepped "
         "first; give one projection of the loop a delay of 1 substep or more");
  REFUSE(projection[1].delay = 0, HD_CONFLICT,
         "the projections from 'a' to 'a' and back have no delay, so that neither could be stepped "
         "first; give one projection of the loop a delay of 1 substep or more");
  REFUSE(projection[1].delay = -1, HD_RANGE,
         "projection 'a->a' has delay = -1 substeps, allowed 0 to 1000000");
  REFUSE(projection[2].probability = 1.5, HD_RANGE,
         "projection 'a->b' has probability = 1.5, allowed 0 to 1");
  REFUSE(projection[2].a = (float)NAN, HD_RANGE,
         "projection 'a->b' starts from a = nan and b = 0, which must be finite");
  REFUSE(projection[2].initial = HD_INITIAL_LIST, HD_CONFLICT,
         "projection 'a->b' takes its weights from a list, and lists no synapses; use connect = "
         "HD_CONNECT_LIST, or another initial");
  REFUSE(projection[2].connect = (hd_connect)9, HD_RANGE,
         "projection 'a->b' has connect = 9, which is no hd_connect");
  REFUSE(projection[3].name = "in->a", HD_CONFLICT,
         "there are two projections 'in->a'; give one of them another name");
  REFUSE(projection[3].name = "in", HD_CONFLICT, "projection 'in' has the name of a population");
#define LIST(which, n)                                            \
  projection[2] = (hd_projection_def){.source = "a",              \
                                      .target = "b",              \
                                      .connect = HD_CONNECT_LIST, \
                                      .synapse = which,           \
                                      .n_synapses = n,            \
                                      .initial = HD_INITIAL_LIST}
  REFUSE(LIST(&far, 1), HD_RANGE,
         "projection 'a->b': synapse 0 leads from neuron 0 to 7, allowed 0 to 19 and 0 to 6");
  REFUSE(LIST(&bad, 1), HD_RANGE,
         "projection 'a->b': synapse 0 from neuron 0 to 6 has weight = nan, which is not finite");
  REFUSE(LIST(twice, 2), HD_CONFLICT,
         "projection 'a->b': synapse 1 from neuron 0 to 6 comes after that from 0 to 6; list "
         "synapses by source, then by target, each pair once");
  REFUSE(LIST(NULL, 2), HD_RANGE,
         "projection 'a->b' lists n_synapses = 2 and synapse = NULL, allowed 0 to 2147483647");
}

/* ---- rules ---- */

/* Two inputs onto one neuron that a current makes fire; MSTDPET between them. */
static hd_network *learner_open(float rate) {
  static const hd_population_def population[] = {
      {.name = "in", .neuron = "input", .n = 2},
      {.name = "out", .neuron = "if", .n = 1, .params = "reset=0"}};
  hd_projection_def projection = {.source = "in",
                                  .target = "out",
                                  .rule = "mstdpet",
                                  .rule_params = "tau_plus=10 tau_minus=10 tau_z=50"};
  projection.rate = rate;
  hd_network_def def = hd_network_def_default();
  def.population = population;
  def.n_populations = 2;
  def.projection = &projection;
  def.n_projections = 1;
  hd_network *network = NULL;
  CHECK(hd_network_create(ctx, &def, &network) == HD_OK);
  return network;
}

/* Input 0 fires two substeps before the neuron, input 1 two after it: by the pairs of spikes,
 * e = (+exp(-2/10) exp(-2/50), -exp(-2/10)) / 50 at the last of them, and weights follow a signal
 * of 3 by 0.1 x 3 x e (Florian 2007). */
static void rules_follow_substeps_and_signals(void) {
  hd_network *network = learner_open(0.1f);
  const hd_view value = view(network, "in.value"), current = view(network, "out.current");
  for (int t = 0; t < 5; t++) {
    *entry(&value, 0, 0) = t == 0;
    *entry(&value, 0, 1) = t == 4;
    *entry(&current, 0, 0) = t == 2 ? 5.0f : 0.0f;
    CHECK(hd_network_step(network, 1) == HD_OK);
  }
  float e[2], w[2], trace[2];
  const double want[2] = {exp(-0.2) * exp(-0.04) / 50, -exp(-0.2) / 50};
  CHECK(hd_network_read(network, "in->out.e", e, 2) == HD_OK);
  CHECK(hd_network_read(network, "in->out.pre.trace", trace, 2) == HD_OK);
  CHECK_NEAR(trace[0], exp(-0.4), 1e-6);
  CHECK(hd_network_signal(network, (float[]){3.0f}) == HD_OK);
  CHECK(hd_network_read(network, "in->out.weight", w, 2) == HD_OK);
  for (int i = 0; i < 2; i++) {
    CHECK_NEAR(e[i], want[i], 1e-6);
    CHECK_NEAR(w[i], 0.1 * 3 * want[i], 1e-6);
  }
  hd_network_reset(network);
  CHECK(hd_network_read(network, "in->out.e", e, 2) == HD_OK && e[0] == 0 && e[1] == 0);
  hd_network_destroy(network);
}

static void signals_are_checked(void) {
  hd_network *network = learner_open(3e38f);
  CHECK(hd_network_signal(network, (float[]){NAN}) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx), "the signal of row 0 is nan, which is not finite");
  const hd_view e = view(network, "in->out.e");
  *entry(&e, 0, 0) = 1.0f;
  CHECK(hd_network_signal(network, (float[]){3e38f}) == HD_OK);
  CHECK(hd_network_step(network, 1) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx),
             "entry [0][0] of view 'in->out.weight' is inf; only finite numbers may be written");
  hd_network_destroy(network);
}

static void bad_rules_are_refused(void) {
  REFUSE(projection[0].rule = "mstdpte", HD_UNKNOWN,
         "no rule is called 'mstdpte'; did you mean 'mstdpet'?");
  REFUSE(projection[0].rule = "pgcn", HD_CONFLICT,
         "rule pgcn learns from neurons that draw their spikes, and those of population 'a' (lif) "
         "do not; use bernoulli, ising, glm or lif-escape");
  REFUSE(projection[0].rule = "reparam-mean", HD_CONFLICT,
         "projection 'in->a': rule reparam-mean learns from d log pi / d spike, which only a "
         "session's readout gives");
  REFUSE(
      projection[0] = ((hd_projection_def){"in", "a", .rule = "mstdpet", .rule_params = "tau_z=0"}),
      HD_RANGE, "projection 'in->a': mstdpet.tau_z = 0 ms, allowed 0.1 to 1e+06");
  REFUSE(
      projection[0] = ((hd_projection_def){"in", "a", .rule = "mstdpet", .rule_params = "tau_x=1"}),
      HD_UNKNOWN,
      "projection 'in->a': rule mstdpet has no parameter 'tau_x'; did you mean 'tau_z'?");
  REFUSE(projection[0] = ((hd_projection_def){"in", "a", .rule = "mstdpet", .rate = (float)NAN}),
         HD_RANGE, "projection 'in->a' has rate = nan, which is not finite");
}

/* ---- memory ---- */

static hd_status try_all(hd_ctx *in) {
  trio t = trio_make();
  hd_network *network;
  hd_record_def def = hd_record_def_default();
  def.view = "a.v";
  HD_TRY(trio_create(in, &t, &network));
  hd_status status = hd_network_record(network, &def);
  status = status == HD_OK ? hd_network_step(network, 3) : status;
  hd_network_destroy(network);
  return status;
}

static void every_allocation_may_fail(void) { CHECK(fault_sweep(try_all) >= 5); }

static void steps_allocate_nothing(void) {
  struct fault fault = {0};
  hd_ctx *counted;
  CHECK(fault_ctx(&fault, &counted) == HD_OK);
  trio t = trio_make();
  hd_network *network;
  CHECK(trio_create(counted, &t, &network) == HD_OK);
  const int before = fault.n;
  CHECK(hd_network_step(network, 10) == HD_OK);
  hd_network_reset(network);
  CHECK(fault.n == before);
  hd_network_destroy(network);
  hd_ctx_destroy(counted);
  CHECK(fault.n_live == 0);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  RUN(a_network_is_a_function_of_its_definition);
  RUN(substeps_may_be_taken_together);
  RUN(rows_never_meet);
  RUN(a_row_is_saved_and_restored);
  RUN(sparse_is_dense_with_zeros);
  RUN(weights_belong_to_pairs);
  RUN(lists_are_taken_as_they_are);
  RUN(recordings_hold_the_last_substeps);
  RUN(what_rules_keep_of_synapses_is_recorded);
  RUN(recordings_are_checked);
  RUN(bad_numbers_in_views_are_refused);
  RUN(what_is_written_is_what_is_read);
  RUN(bad_wholes_are_refused);
  RUN(bad_populations_are_refused);
  RUN(bad_projections_are_refused);
  RUN(rules_follow_substeps_and_signals);
  RUN(signals_are_checked);
  RUN(bad_rules_are_refused);
  RUN(every_allocation_may_fail);
  RUN(steps_allocate_nothing);
  hd_ctx_destroy(ctx);
  return test_end();
}
