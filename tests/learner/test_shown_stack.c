/* A network that shows a stack which gradients go through has its spikes, to the bit; of units that
 * do not spike, its values. */
#include "../grad/grads.h"
#include "network_internal.h"
#include "shown_net.h"

/* The model whose state a cell has; NULL: no model has both current and adaptation. */
static const char *model_of(const hd__cell *cell) {
  if (cell->unit != HD_UNIT_NONE) {
    return cell->unit == HD_UNIT_relu ? "relu" : "tanh";
  }
  return cell->has_current && cell->has_adaptation ? NULL
         : cell->has_current                       ? "cuba"
         : cell->has_adaptation                    ? "alif"
                                                   : "lif";
}

/* Spikes of the last layer, which is read by its mean alone, are written here. */
static void keep_last_spikes(rig *g) {
  static uint64_t bits[4096];
  const int last = g->stack.def.n_layers - 1, n = last < 0 ? 0 : g->stack.layer[last].n;
  if (last < 0 || g->stack.def.cell.unit != HD_UNIT_NONE || g->tape.layer[last].bits != NULL) {
    return;
  }
  hd__tape_layer *tape = &g->tape.layer[last];
  tape->words = (n + 63) / 64;
  tape->bits = bits;
  CHECK(g->tape.rows * g->tape.decisions * g->stack.def.T * tape->words <= 4096);
}

/* Output of layer l at substep t of a decision of a row. */
static float output_of(const rig *g, int l, size_t slice, int j) {
  const hd__tape_layer *tape = &g->tape.layer[l];
  if (g->stack.def.cell.unit != HD_UNIT_NONE) {
    return tape->y[slice * (size_t)g->stack.layer[l].n_pad + (size_t)j];
  }
  return (float)(tape->bits[slice * (size_t)tape->words + (size_t)(j / 64)] >> (j % 64) & 1);
}

static void record_layers(const rig *g, hd_network *shown) {
  for (int l = 0; l < g->stack.def.n_layers; l++) {
    const bool is_spiking = g->stack.def.cell.unit == HD_UNIT_NONE;
    char view[32], name[32];
    snprintf(view, sizeof view, "hidden %d.%s", l + 1, is_spiking ? "spike" : "p");
    snprintf(name, sizeof name, "layer %d", l + 1);
    hd_record_def def = hd_record_def_default();
    def.view = view;
    def.name = name;
    def.substeps = g->stack.def.T;
    CHECK(hd_network_record(shown, &def) == HD_OK);
  }
}

static int differences_of(const rig *g, hd_network *shown, int decision, float *total) {
  const int T = g->stack.def.T;
  int n = 0;
  for (int l = 0; l < g->stack.def.n_layers; l++) {
    char name[32];
    hd_view record = {0};
    snprintf(name, sizeof name, "layer %d", l + 1);
    CHECK(hd_network_view(shown, name, &record) == HD_OK);
    for (int t = 0; t < T; t++) {
      for (int j = 0; j < g->stack.layer[l].n; j++) {
        const float value = ((const float *)record.data)[t * record.stride[0] + j];
        n += value != output_of(g, l, (size_t)(decision * T + t), j);
        *total += value;
      }
    }
  }
  return n;
}

/* Decisions of row 0, one after the other, each shown; state that is carried begins somewhere in an
 * episode. */
static void show(const hd__stack_def *def, uint32_t seed, float *total) {
  enum { DECISIONS = 3 };
  rig g;
  rig_open(&g, def, hd__kernel_for(HD_ISA_V2), 1, DECISIONS);
  rig_fill(&g, seed);
  keep_last_spikes(&g);
  hd__stack_prepare(&g.stack, g.weights, g.statistics, &g.prepared);
  const hd__pass pass = {.rows = 1,
                         .decisions = DECISIONS,
                         .x = g.x,
                         .x_stride = g.stack.in_pad,
                         .fresh = def->is_carried ? g.fresh : NULL,
                         .state = def->is_carried ? g.state : NULL,
                         .out = g.out};
  hd_network *shown = NULL;
  CHECK(hd__shown_stack_create(g.ctx, &g.stack, hd__neuron_find(NULL, model_of(&def->cell)), 1.0f,
                               &shown) == HD_OK);
  hd__shown_stack_continue(shown, &g.stack, pass.state);
  hd__stack_forward(&g.stack, &g.prepared, &g.tape, &pass);
  record_layers(&g, shown);
  const int step = def->has_timed_input ? def->T * g.stack.in_pad : g.stack.in_pad;
  for (int d = 0; d < DECISIONS; d++) {
    const bool is_fresh = !def->is_carried || g.fresh[d];
    hd__shown_stack_repeat(shown, &g.stack, &g.prepared, g.x + d * step, is_fresh);
    CHECK(differences_of(&g, shown, d, total) == 0);
  }
  hd__network_free(shown);
  rig_close(&g);
}

static void stacks_are_shown_to_the_bit(void) {
  float total = 0;
  int n = 0;
  for (int kind = 0; kind < CELL_KINDS; kind++) {
    hd__stack_def def = any_stack(kind, (uint32_t)kind);
    def.max_delay = 0;
    if (def.cell.has_current || def.cell.has_adaptation) {
      def.cell.ref_steps = 0.0f; /* no model has these as well */
    }
    if (model_of(&def.cell) != NULL) {
      show(&def, (uint32_t)kind, &total);
      n++;
    }
  }
  CHECK(n > 50 && total > 1000);
}

static void controls_are_shown_to_the_bit(void) {
  float total = 0;
  for (uint32_t seed = 1; seed < 7; seed++) {
    const hd__stack_def def = any_control(seed % 2 == 0 ? HD_UNIT_relu : HD_UNIT_tanh, seed);
    show(&def, seed, &total);
  }
  CHECK(total != 0);
}

static void learned_delays_are_refused(void) {
  hd__stack_def def = any_stack(0, 0);
  def.n_layers = 2;
  def.max_delay = 3;
  rig g;
  hd_network *shown = NULL;
  rig_open(&g, &def, hd__kernel_for(HD_ISA_V2), 1, 1);
  CHECK(hd__shown_stack_create(g.ctx, &g.stack, hd__neuron_find(NULL, "lif"), 1.0f, &shown) ==
        HD_CONFLICT);
  CHECK_TEXT(hd_ctx_error(g.ctx),
             "this network cannot be shown as populations joined by projections: its spikes are "
             "spread over several substeps by learned delays (max_delay)");
  rig_close(&g);
}

int main(void) {
  RUN(stacks_are_shown_to_the_bit);
  RUN(controls_are_shown_to_the_bit);
  RUN(learned_delays_are_refused);
  return test_end();
}
