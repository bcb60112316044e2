/* The general network against its plain form, to the bit on every instruction set; and what it
 * promises of delays, recurrence, rows and state. */
#include "graph_rig.h"

/* ---- agreement ---- */

/* Three populations of one model in a ring, all kinds of storage, delays 0 to 5, onto itself too.
 */
static void rig_ring(const char *neuron) {
  const int in = rig_population("in", NULL, 37);
  const int first = rig_population("first", neuron, 40);
  const int second = rig_population("second", neuron, 11);
  const int third = rig_population("third", neuron, 70);
  rig_projection(in, first, HD_BY_SOURCE, 0)->has_one = true;
  rig_projection(first, second, HD_BY_TARGET, 0)->has_one = true;
  rig_list(rig_projection(second, third, HD_BY_LIST, 1));
  rig_projection(third, first, HD_BY_SOURCE, 5);
  rig_projection(first, first, HD_BY_SOURCE, 1);
  rig_projection(in, second, HD_BY_TARGET, 3);
  the.population[third].has_bias = true;
}

static void agrees_for(const char *neuron, int isa) {
  rig_begin(isa);
  rig_ring(neuron);
  rig_open(ROWS);
  for (int k = 0; k < the.n_projections; k++) {
    rig_draw(&the.projection[k], (uint64_t)k, 0.4f);
  }
  for (int j = 0; j < the.population[3].n; j++) {
    the.weights[the.population[3].bias_at + (size_t)j] = 0.01f * (float)j;
  }
  float spikes = 0;
  int differences = 0;
  for (int t = 0; t < SUBSTEPS; t++) {
    for (int row = 0; row < ROWS; row++) {
      rig_feed(row, t, 0.5f);
      plain_advance(&the.plain[row], rig_key(row), (uint32_t)t);
    }
    rig_step(ROWS, t);
    for (int row = 0; row < ROWS; row++) {
      differences += rig_differences(row);
    }
    spikes += rig_spikes();
  }
  if (differences != 0) {
    printf("  %s: %d differences\n", neuron, differences);
  }
  CHECK(differences == 0);
  CHECK(!the.population[1].neuron->spiking || spikes > 50);
  rig_end();
}

static void agrees(int isa) {
  for (int i = 0; i < hd__neuron_count(NULL); i++) {
    agrees_for(hd__neuron_at(NULL, i)->name, isa);
  }
}

static void every_neuron_agrees_with_the_plain_form(void) { each_isa_here(agrees); }

/* ---- delays and recurrence ---- */

static float value_of(int population, int row) {
  const hd__population *of = &the.population[population];
  return hd__graph_sent(&the.graph, of, 0)[row * of->n_pad];
}

/* An impulse at substep 3 comes out at substep 3 + d, and at no other. Units that pass their drive
 * on: relu. */
static void impulse_arrives(int delay) {
  rig_begin(HD_ISA_SCALAR);
  const int in = rig_population("in", NULL, 1), out = rig_population("out", "relu", 1);
  rig_projection(in, out, HD_BY_SOURCE, delay);
  rig_open(1);
  the.weights[the.projection[0].at] = 0.5f;
  for (int t = 0; t < 20; t++) {
    the.population[in].given[0] = t == 3 ? 1.0f : 0.0f;
    rig_step(1, t);
    CHECK_NEAR(value_of(out, 0), t == 3 + delay ? 0.5 : 0.0, 0);
  }
  rig_end();
}

static void delays_land_at_the_exact_substep(void) {
  for (int delay = 0; delay <= 9; delay++) {
    impulse_arrives(delay);
  }
}

/* A unit that sees half of what it sent two substeps before: 1, 0, 1/2, 0, 1/4, ... */
static void a_loop_with_a_delay_rings(void) {
  rig_begin(HD_ISA_SCALAR);
  const int in = rig_population("in", NULL, 1), out = rig_population("out", "relu", 1);
  rig_projection(in, out, HD_BY_SOURCE, 0);
  rig_projection(out, out, HD_BY_SOURCE, 2);
  rig_open(1);
  the.weights[the.projection[0].at] = 1.0f;
  the.weights[the.projection[1].at] = 0.5f;
  double want = 1;
  for (int t = 0; t < 20; t++) {
    the.population[in].given[0] = t == 0 ? 1.0f : 0.0f;
    rig_step(1, t);
    CHECK_NEAR(value_of(out, 0), t % 2 == 0 ? want : 0.0, 0);
    want = t % 2 == 0 ? want / 2 : want;
  }
  rig_end();
}

/* Populations are stepped in the order of their projections, not of their definition. */
static void spikes_pass_through_layers_at_once(void) {
  rig_begin(HD_ISA_SCALAR);
  const int last = rig_population("last", "relu", 1), middle = rig_population("middle", "relu", 1);
  const int in = rig_population("in", NULL, 1);
  rig_projection(middle, last, HD_BY_SOURCE, 0);
  rig_projection(in, middle, HD_BY_SOURCE, 0);
  rig_open(1);
  the.weights[the.projection[0].at] = the.weights[the.projection[1].at] = 1.0f;
  the.population[in].given[0] = 1.0f;
  rig_step(1, 0);
  CHECK_NEAR(value_of(last, 0), 1.0, 0);
  rig_end();
}

static void a_loop_without_delay_is_refused(void) {
  rig_begin(HD_ISA_SCALAR);
  const int in = rig_population("in", NULL, 1), a = rig_population("a", "lif", 1);
  const int b = rig_population("b", "lif", 1), c = rig_population("c", "lif", 1);
  rig_projection(in, a, HD_BY_SOURCE, 0);
  rig_projection(a, b, HD_BY_SOURCE, 0);
  rig_projection(b, c, HD_BY_SOURCE, 0);
  rig_projection(c, b, HD_BY_SOURCE, 0);
  CHECK(rig_compile() == HD_CONFLICT);
  CHECK_TEXT(hd_ctx_error(the.ctx),
             "the projections from 'c' to 'b' and back have no delay, so that neither could be "
             "stepped first; give one projection of the loop a delay of 1 substep or more");
  the.projection[3].delay = 1;
  CHECK(rig_compile() == HD_OK);
  rig_end();
}

/* ---- state ---- */

static void run_ring(int from, int to, int rows) {
  for (int t = from; t < to; t++) {
    for (int row = 0; row < rows; row++) {
      rig_feed(row, t, 0.5f);
    }
    rig_step(rows, t);
  }
}

enum { STATE_MAX = 8192 };

static void open_ring(const char *neuron, int rows) {
  rig_begin(HD_ISA_SCALAR);
  rig_ring(neuron);
  rig_open(rows);
  for (int k = 0; k < the.n_projections; k++) {
    rig_draw(&the.projection[k], (uint64_t)k, 0.4f);
  }
}

/* A row that is taken out half way and put into another network, at another time of its ring of
 * delays, goes on as if nothing had happened. */
static void carried_for(const char *neuron) {
  static float half[STATE_MAX], whole[STATE_MAX], both[STATE_MAX];
  open_ring(neuron, 2);
  const size_t size = hd__graph_state_size(&the.graph);
  CHECK(size <= STATE_MAX);
  run_ring(0, 17, 2);
  hd__graph_save(&the.graph, 0, half);
  run_ring(17, 40, 2);
  hd__graph_save(&the.graph, 0, whole);
  rig_end();
  open_ring(neuron, 1);
  run_ring(0, 4, 1);
  hd__graph_restore(&the.graph, 0, half);
  run_ring(17, 40, 1);
  hd__graph_save(&the.graph, 0, both);
  CHECK(memcmp(whole, both, sizeof(float) * size) == 0);
  rig_end();
}

static void carried_state_is_one_long_run(void) {
  for (int i = 0; i < hd__neuron_count(NULL); i++) {
    carried_for(hd__neuron_at(NULL, i)->name);
  }
}

/* One row starts anew in the middle, and is as at the start; the others go on. */
static void rows_start_anew_one_by_one(void) {
  static float reset[STATE_MAX], fresh[STATE_MAX], other[STATE_MAX], alone[STATE_MAX];
  open_ring("cuba", 2);
  const size_t bytes = sizeof(float) * hd__graph_state_size(&the.graph);
  hd__graph_save(&the.graph, 0, fresh);
  run_ring(0, 20, 2);
  hd__graph_save(&the.graph, 1, alone);
  hd__graph_save(&the.graph, 0, reset);
  CHECK(memcmp(fresh, reset, bytes) != 0);
  hd__graph_reset(&the.graph, 0);
  hd__graph_save(&the.graph, 0, reset);
  hd__graph_save(&the.graph, 1, other);
  CHECK(memcmp(fresh, reset, bytes) == 0);
  CHECK(memcmp(alone, other, bytes) == 0);
  rig_end();
}

int main(void) {
  RUN(every_neuron_agrees_with_the_plain_form);
  RUN(delays_land_at_the_exact_substep);
  RUN(a_loop_with_a_delay_rings);
  RUN(spikes_pass_through_layers_at_once);
  RUN(a_loop_without_delay_is_refused);
  RUN(carried_state_is_one_long_run);
  RUN(rows_start_anew_one_by_one);
  return test_end();
}
