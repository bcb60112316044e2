/* Layers as populations and projections. Layer l is population l + 1, population 0 is the input. A
 * layer's rows of weights are those of its sources, then of its own neurons if it is recurrent,
 * then of the bias: a projection from below, and one from itself, delay 1; whichever is last has
 * the bias. The same definition without recurrence, delay and state gives the spikes that the
 * layers' own loops give, to the bit (tests/net/test_general.c). */
#include <stdio.h>
#include <string.h>

#include "is_finite.h"
#include "net.h"
#include "rule_rows.h"

/* ---- definition ---- */

static bool general_has_state(const hd_rule_desc *rule) {
  return rule->factor == NULL &&
         (rule->after != NULL || rule->before != NULL || rule->on_pre != NULL ||
          rule->on_post != NULL || rule->on_decision != NULL || rule->on_signal != NULL);
}

bool hd__net_is_general(const hd__net_def *def) {
  return (def->is_recurrent && !def->releases) || def->delay > 0 || def->is_carried ||
         hd__short_term_is_on(&def->short_term) || general_has_state(def->rule);
}

/* Has a projection of this network sources that send spikes? */
static bool general_has_spikes(const hd__net_def *def, int n_layers) {
  const hd__code_desc *code = def->code.desc;
  return n_layers > 1 || (n_layers > 0 && def->is_recurrent) ||
         (code->kind != HD_CODE_GRADED && code->silence == 0.0f);
}

/* Short-term plasticity needs a spike that arrives. */
static hd_status general_check_short_term(hd_ctx *ctx, const hd__net_def *def, int n_layers) {
  if (!hd__short_term_is_on(&def->short_term)) {
    return HD_OK;
  }
  if (def->neuron->silence != 0.0f) {
    return hd__fail(ctx, HD_CONFLICT,
                    "stp.use = %g makes synapses depend on when spikes arrived, and neuron = %s "
                    "sends %g where it is silent; use a neuron whose spikes are 0 or 1, such as "
                    "bernoulli or lif-escape, or stp.use = 0",
                    (double)def->short_term.use, def->neuron->name, (double)def->neuron->silence);
  }
  if (!general_has_spikes(def, n_layers)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "stp.use = %g makes synapses depend on when spikes arrived, and this network's "
                    "only spiking layer sees graded numbers (coding = %s); use a second layer, "
                    "recurrent = true, readout = count, coding = poisson, or stp.use = 0",
                    (double)def->short_term.use, def->code.desc->name);
  }
  return HD_OK;
}

hd_status hd__general_check(hd_ctx *ctx, const hd__net_def *def) {
  if (def->releases) {
    return hd__fail(ctx, HD_CONFLICT,
                    "synapses that release begin every decision anew and reach the next layer at "
                    "once; use carry = false, delay = 0 and a rule without state, or release = "
                    "false");
  }
  if (def->taps > 1 || def->self_taps > 0 || def->drive_last) {
    return hd__fail(ctx, HD_CONFLICT,
                    "recurrence, delays, carried state and rules with state look at one substep at "
                    "a time; use taps = 1, self_taps = 0 and drive = sum with them");
  }
  if (def->nets > 1 || def->is_modular) {
    return hd__fail(ctx, HD_CONFLICT,
                    "recurrence, delays, carried state and rules with state need one network for "
                    "all actions; use nets = 1 and blocks = shared");
  }
  const int n_layers =
      def->n_hidden + (def->readout == HD_READ_COUNT || def->readout == HD_READ_VOTE ||
                       def->readout == HD_READ_FIRST);
  HD_TRY(general_check_short_term(ctx, def, n_layers));
  if (def->delay > 0 && n_layers < 2 && !def->is_recurrent) {
    return hd__fail(ctx, HD_CONFLICT,
                    "delay = %d holds spikes back between spiking layers, and there is one layer "
                    "only; use two hidden layers, readout = count, recurrent = true, or delay = 0",
                    def->delay);
  }
  if (def->delay * (n_layers - 1) >= def->substeps && !def->is_carried) {
    return hd__fail(ctx, HD_CONFLICT,
                    "with delay = %d between %d layers no spike reaches the last one within the %d "
                    "substeps of a decision; use more substeps, or carry = true",
                    def->delay, n_layers, def->substeps);
  }
  if (general_has_state(def->rule) && (def->rule->needs & HD_RULE_BACK) &&
      def->readout == HD_READ_MEMBRANE_MAX) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s weighs every substep as it comes, and readout = membrane-max knows "
                    "only afterwards which one counts; use softmax, membrane-mean or membrane-last",
                    def->rule->name);
  }
  const bool is_counted = def->readout == HD_READ_COUNT || def->readout == HD_READ_VOTE ||
                          def->readout == HD_READ_FIRST;
  if (def->rule->on_decision == hd__rule_population_feedback.on_decision && is_counted) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "rule %s asks which neurons voted as the whole population decided, and a readout "
        "that counts the spikes of action neurons has a vote for each action; use "
        "readout = softmax or a membrane",
        def->rule->name);
  }
  if (general_has_state(def->rule) && (def->rule->needs & HD_RULE_BACK) && def->n_hidden > 1 &&
      def->rule->n_params > 0 && def->rule_param[0] < 0.5f) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s hands the readout's signal to the layer that it reads, and there are "
                    "%d hidden layers; use one, or %s.%s = 1 (fixed random feedback to all)",
                    def->rule->name, def->n_hidden, def->rule->name, def->rule->param[0].name);
  }
  return HD_OK;
}

/* ---- compilation ---- */

/* Short-term plasticity from below: graded inputs, which are no spikes, have none. */
static hd__short_term general_short_term(const hd__net *net, int l) {
  const hd__code_desc *code = net->def.code.desc;
  const bool spikes = l > 0 || (code->kind != HD_CODE_GRADED && code->silence == 0.0f);
  return spikes ? net->def.short_term : (hd__short_term){.use = 0.0f};
}

static void general_add_layer(hd__net *net, int l, int *n) {
  hd__general *general = &net->general;
  hd__layer *layer = &net->layer[l];
  const hd__wiring *w = &layer->in;
  const bool is_own = w->n_own > 0;
  hd__population *population = &general->population[l + 1];
  *population = (hd__population){
      .name = layer->name, .neuron = net->def.neuron, .n = layer->n, .noise_at = layer->noise_at};
  memcpy(population->param, net->def.neuron_param, sizeof population->param);
  general->projection[(*n)++] = (hd__projection){.name = layer->name,
                                                 .source = l,
                                                 .target = l + 1,
                                                 .delay = l > 0 ? net->def.delay : 0,
                                                 .short_term = general_short_term(net, l),
                                                 .storage = HD_BY_SOURCE,
                                                 .has_one = !is_own && net->def.has_bias,
                                                 .at = w->at};
  if (is_own) {
    general->projection[(*n)++] =
        (hd__projection){.name = layer->name,
                         .source = l + 1,
                         .target = l + 1,
                         .delay = net->def.delay > 1 ? net->def.delay : 1,
                         .short_term = net->def.short_term,
                         .storage = HD_BY_SOURCE,
                         .has_one = net->def.has_bias,
                         .at = w->at + (size_t)w->n_source * (size_t)layer->n_pad};
  }
}

static hd_status general_add_rules(hd_ctx *ctx, hd__net *net, uint64_t seed) {
  hd__general *general = &net->general;
  const hd_rule_desc *rule = net->def.rule;
  general->n_state = HD_PAD(hd__graph_state_size(&general->graph));
  general->learns = rule->factor != NULL || general_has_state(rule);
  for (int k = 0; general->learns && k < general->graph.n_projections; k++) {
    const uint64_t own = seed + (uint64_t)general->projection[k].target;
    HD_TRY(hd__plastic_compile(ctx, &general->graph, k, rule, net->def.rule_param, own,
                               &general->plastic[k]));
    general->moves_weights |= general->plastic[k].moves_weights;
    general->has_limits |= general->plastic[k].limits.is_on;
    general->plastic_at[k] = general->n_state;
    general->n_state += HD_PAD(general->plastic[k].n_state);
  }
  return HD_OK;
}

hd_status hd__general_compile(hd_ctx *ctx, hd__net *net, uint64_t seed) {
  hd__general *general = &net->general;
  int n = 0;
  general->population[0] = (hd__population){.name = "input", .n = net->def.code.n};
  for (int l = 0; l < net->n_layers; l++) {
    general_add_layer(net, l, &n);
  }
  HD_TRY(hd__graph_compile(ctx, &general->graph, net->def.dt_ms, net->def.batch, net->n_layers + 1,
                           general->population, n, general->projection));
  return general_add_rules(ctx, net, seed);
}

void hd__general_lay_out(hd__net *net, hd__arena *arena) {
  hd__general *general = &net->general;
  general->graph.capacity = net->def.batch;
  general->graph.population = general->population;
  general->graph.projection = general->projection;
  hd__graph_lay_out(&general->graph, arena);
  for (int k = 0; general->learns && k < general->graph.n_projections; k++) {
    hd__plastic_lay_out(&general->graph, &general->plastic[k], arena);
  }
  general->state = HD_TAKE(arena, float, (size_t)net->def.batch * general->n_state);
  general->of_row = HD_TAKE(arena, float *, net->def.batch);
}

/* ---- a decision ---- */

/* Rows begin anew, or where their last decision left them. */
static void general_begin(hd__net *net, const hd__random_base *draw) {
  hd__general *general = &net->general;
  hd__graph_start(&general->graph, net->rows);
  for (int row = 0; row < net->rows; row++) {
    float *state = draw[row].carried != NULL ? draw[row].carried
                                             : general->state + (size_t)row * general->n_state;
    general->of_row[row] = state;
    if (draw[row].carried == NULL || !draw[row].is_continued) {
      memset(state, 0, sizeof(float) * general->n_state);
    } else {
      hd__graph_restore(&general->graph, row, state);
    }
  }
}

/* What the neurons of a layer did, to where the readout and the statistics look for it. */
static void general_record(hd__net *net, int l, int t) {
  hd__layer *layer = &net->layer[l];
  const hd__population *population = &net->general.population[l + 1];
  const size_t n = hd__at(net, layer, 1), at = hd__at(net, layer, t);
  memcpy(layer->b + at, population->b, sizeof(float) * n);
  memcpy(layer->p + at, population->p, sizeof(float) * n);
  memcpy(layer->gain + at, population->gain, sizeof(float) * n);
  if (layer->y != layer->b) {
    memcpy(layer->y + at, hd__graph_sent(&net->general.graph, population, 0), sizeof(float) * n);
  }
  for (int row = 0; row < net->rows; row++) {
    net->kernel->axpy(layer->n_pad, 1.0f, layer->b + at + (size_t)(row * layer->n_pad),
                      layer->spikes);
  }
}

hd__read_view hd__general_read(const hd__net *net, int k, int t) {
  const bool is_read = net->has_linear && net->general.projection[k].target == net->n_layers;
  return (hd__read_view){.share = is_read ? net->share[t] : 0.0f};
}

static void general_learn(hd__net *net, int t) {
  const hd__general *general = &net->general;
  for (int k = 0; k < general->graph.n_projections; k++) {
    const hd__read_view view = hd__general_read(net, k, t);
    for (int row = 0; row < net->rows; row++) {
      hd__plastic_step(&general->plastic[k], &general->graph, row, &view,
                       general->of_row[row] + general->plastic_at[k]);
    }
  }
}

void hd__general_run(hd__net *net, const hd__random_base *draw, const hd__policy *policy) {
  hd__general *general = &net->general;
  hd__population *input = &general->population[0];
  const size_t n = (size_t)net->rows * (size_t)input->n_pad;
  general_begin(net, draw);
  for (int t = 0; t < net->def.substeps; t++) {
    memcpy(input->given, net->input + (size_t)t * n, sizeof(float) * n);
    hd__graph_step(&general->graph,
                   &(hd__graph_run){.weights = net->weights, .key = net->key, .t = (uint32_t)t});
    for (int l = 0; l < net->n_layers; l++) {
      general_record(net, l, t);
    }
    if (general->learns && !policy->is_bare) {
      general_learn(net, t);
    }
  }
  for (int row = 0; row < net->rows; row++) {
    hd__graph_save(&general->graph, row, general->of_row[row]);
  }
}

/* ---- eligibilities ---- */

/* d log pi / d y of the layer that a softmax reads, y as the readout weighs it: [rows][stride]. */
static void general_back(hd__net *net, const float *g) {
  const hd__wiring *w = &net->linear;
  net->kernel->rows_drive(net->rows, net->def.n_actions, w->x_stride, net->weights + w->at, g,
                          HD_PAD(net->def.n_actions), net->back);
}

hd__read_view hd__general_read_decided(const hd__net *net, int k, int row,
                                       const hd__decision *decision) {
  const bool is_read = net->has_linear && net->general.projection[k].target == net->n_layers;
  const int A = net->def.n_actions;
  return (hd__read_view){
      .back = is_read ? net->back + (size_t)row * (size_t)net->linear.x_stride : NULL,
      .score = net->has_linear ? decision->part[net->n_layers].g + row * HD_PAD(A) : NULL,
      .n_actions = A};
}

static void general_decide(hd__net *net, int k, int row, hd__decision *decision) {
  const hd__general *general = &net->general;
  const hd__projection *projection = &general->projection[k];
  const int l = projection->target - 1;
  const hd__part *part = &decision->part[l];
  const hd__wiring *w = &net->layer[l].in;
  const hd__plastic *plastic = &general->plastic[k];
  float *state = general->of_row[row] + general->plastic_at[k];
  const hd__read_view view = hd__general_read_decided(net, k, row, decision);
  hd__plastic_decide(plastic, &general->graph, row, &view, state);
  net->is_broken =
      net->is_broken || (net->is_own_rule && !hd__plastic_check_e(plastic, &general->graph, state));
  memcpy(part->e + (size_t)row * w->n_weights + (projection->at - w->at), state + plastic->e_at,
         sizeof(float) * projection->n_weights);
}

void hd__general_factors(hd__net *net, hd__decision *decision) {
  if (!net->general.learns) {
    return;
  }
  if (net->has_linear) {
    general_back(net, decision->part[net->n_layers].g);
  }
  for (int k = 0; k < net->general.graph.n_projections; k++) {
    for (int row = 0; row < net->rows; row++) {
      general_decide(net, k, row, decision);
    }
  }
}

/* ---- signals ---- */

void hd__general_move(hd__net *net, int l, float alpha, int row, float signal, float *E) {
  hd__general *general = &net->general;
  for (int k = 0; k < general->graph.n_projections; k++) {
    const hd__projection *projection = &general->projection[k];
    float *W = net->weights + projection->at;
    if (projection->target == l + 1) {
      hd__plastic_signal(&general->plastic[k], &general->graph, row, alpha, signal,
                         general->of_row[row] + general->plastic_at[k],
                         E != NULL ? E + projection->at : NULL, W);
      net->is_broken =
          net->is_broken || (net->is_own_rule && !hd__is_finite(W, projection->n_weights));
    }
  }
}
