/* Definition -> sizes, offsets and checks. */
#include <stdio.h>
#include <string.h>

#include "net.h"
#include "rule_rows.h"
#include "settle.h"

static bool compile_is_linear(hd__readout readout) {
  return readout == HD_READ_SOFTMAX || readout >= HD_READ_MEMBRANE_LAST;
}

/* Synapses that release are agents on spikes; nothing is handed to or through them. */
static hd_status compile_check_release(hd_ctx *ctx, const hd__net_def *def) {
  const hd__code_desc *code = def->code.desc;
  if (def->rule->factor != NULL &&
      (def->rule->factor != hd__rule_pgcn.factor || (def->rule->needs & HD_RULE_GATE))) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "release = true lets every synapse learn by the score of its own decisions, and "
        "rule %s asks for something else; use rule = pgcn",
        def->rule->name);
  }
  if (code->kind == HD_CODE_GRADED || code->silence != 0.0f || def->neuron->silence != 0.0f) {
    const bool is_code = code->kind == HD_CODE_GRADED || code->silence != 0.0f;
    return hd__fail(ctx, HD_CONFLICT,
                    "release = true needs spikes of 0 or 1, and %s %s gives other values; use "
                    "coding = poisson, gauss, onehot or tiles, and neuron = lif",
                    is_code ? "coding" : "neuron", is_code ? code->name : def->neuron->name);
  }
  if (def->taps > 1 || def->self_taps > 0 || def->drive_last) {
    return hd__fail(ctx, HD_CONFLICT,
                    "synapses that release remember by their facilitation; use taps = 1, "
                    "self_taps = 0 and drive = sum with release = true");
  }
  if (def->nets > 1 || def->is_modular) {
    return hd__fail(ctx, HD_CONFLICT,
                    "release = true needs one network for all actions; use nets = 1 and "
                    "blocks = shared");
  }
  if (def->n_hidden == 0 && compile_is_linear(def->readout)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "release = true needs spiking neurons, and there is neither a hidden layer nor "
                    "an action layer; use readout = count, or hidden neurons");
  }
  return HD_OK;
}

static hd_status compile_check(hd_ctx *ctx, const hd__net_def *def) {
  const hd__neuron_desc *neuron = def->neuron;
  const hd_rule_desc *rule = def->rule;
  if (hd__net_is_general(def)) {
    HD_TRY(hd__general_check(ctx, def));
  }
  if (def->releases) {
    HD_TRY(compile_check_release(ctx, def));
  } else if ((rule->needs & HD_RULE_STOCHASTIC) && !neuron->stochastic) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s learns from neurons that draw their spikes, and %s does not draw; "
                    "use a stochastic neuron, or rule reparam-mean with its surrogate derivative",
                    rule->name, neuron->name);
  }
  if ((rule->needs & HD_RULE_PERTURBED) && neuron->stochastic) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "rule %s moves the drives of neurons that do not draw, and %s draws its spikes; "
        "use neuron = lif or if, or rule = pgcn",
        rule->name, neuron->name);
  }
  if ((rule->needs & HD_RULE_BACK) && !neuron->has_slope) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s differentiates spikes, and those of neuron %s have no derivative by the "
                    "drive; use neuron = lif, cuba or alif, or rule = mstdpet",
                    rule->name, neuron->name);
  }
  if ((rule->needs & HD_RULE_BACK) && !compile_is_linear(def->readout)) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "rule %s differentiates log pi(action), which a readout that counts spikes does "
        "not have; use readout = softmax or a membrane",
        rule->name);
  }
  if ((rule->needs & HD_RULE_GATE) && compile_is_linear(def->readout)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s asks whether an output neuron agreed with the action taken, and this "
                    "readout has no output neurons; use readout = vote or count",
                    rule->name);
  }
  if ((rule->needs & HD_RULE_GATE) && def->n_choices > 1) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s asks whether an output neuron agreed with the action taken, and here "
                    "%d actions are taken at once; use rule = pgcn",
                    rule->name, def->n_choices);
  }
  if (compile_is_linear(def->readout) && (def->nets > 1 || def->is_modular)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "independent networks and private blocks need a readout that votes; use "
                    "readout = vote, count or first, or nets = 1 and blocks = shared");
  }
  if (def->settle != HD_SETTLE_NONE) {
    HD_TRY(hd__settle_check(ctx, def));
  }
  if (def->n_basis > def->taps) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "basis.functions = %d raised cosines do not fit on taps = %d; use at most as many "
        "functions as taps, or basis = free",
        def->n_basis, def->taps);
  }
  const int onset = (def->n_hidden + !compile_is_linear(def->readout)) * (def->taps - 1);
  if (onset >= def->substeps) {
    return hd__fail(ctx, HD_CONFLICT,
                    "substeps = %d is too short for %d taps in every layer: the last one first "
                    "sees a whole window at substep %d",
                    def->substeps, def->taps, onset + 1);
  }
  return HD_OK;
}

/* Wire a part to `n_source` sources per block in `n_source_blocks` blocks. */
static void compile_wire(const hd__net_def *def, hd__wiring *w, int n_source, int n_source_blocks,
                         int n_block, int n_post, int n_lanes, int onset, size_t *at) {
  const int windows = w->is_sparse ? 1 : def->n_basis > 0 ? def->n_basis : def->taps;
  w->is_rows =
      w->is_sparse || w->brings_e || (n_source_blocks == 1 && (n_block > 1 || n_post >= HD_LANES));
  w->n_block = w->is_rows ? 1 : n_block;
  w->n_source = n_source;
  w->n_x = n_source * windows + w->n_own + def->has_bias;
  w->x_stride = HD_PAD(w->n_x);
  w->n_post = w->is_rows ? n_lanes : n_post;
  w->n_slices = w->is_constant ? 1 : def->substeps - onset;
  w->n_kept = w->n_slices;
  w->words = (w->n_x + 63) / 64;
  w->at = *at;
  w->n_weights = w->is_rows ? (size_t)w->n_x * (size_t)n_lanes
                            : (size_t)(w->n_block * n_post) * (size_t)w->x_stride;
  *at += HD_PAD(w->n_weights);
}

/* Numbers that a layer draws in one decision: a neuron's per substep, then a synapse's. */
static uint32_t compile_draws_of(const hd__layer *layer, int T) {
  const size_t n = (size_t)layer->n_pad + (layer->in.is_releasing ? layer->in.n_weights : 0);
  return (uint32_t)((size_t)T * n);
}

static void compile_add_layer(hd__net *net, const char *name, int n_block, int per_block,
                              bool is_output) {
  const hd__net_def *def = &net->def;
  const int l = net->n_layers++;
  hd__layer *layer = &net->layer[l];
  snprintf(layer->name, sizeof layer->name, "%s", name);
  layer->n_block = n_block;
  layer->per_block = per_block;
  layer->block_stride = is_output ? per_block : HD_PAD(per_block);
  layer->n = n_block * per_block;
  layer->n_pad = HD_PAD(n_block * layer->block_stride);
  layer->onset = (l + 1) * (def->taps - 1);
  layer->noise_at =
      l == 0 ? 0 : net->layer[l - 1].noise_at + compile_draws_of(&net->layer[l - 1], def->substeps);
  layer->release_at = layer->noise_at + (uint32_t)(def->substeps * layer->n_pad);
  const bool is_first = l == 0;
  const bool is_general = hd__net_is_general(def);
  layer->in.is_releasing = def->releases;
  layer->in.brings_e = def->releases || is_general;
  layer->in.n_own = def->is_recurrent && !is_output ? per_block : 0;
  layer->in.is_sparse = is_first && def->code.desc->kind == HD_CODE_SPARSE && !layer->in.brings_e;
  layer->in.is_constant =
      is_first && def->taps == 1 && def->self_taps == 0 && !layer->in.brings_e &&
      (def->code.desc->kind == HD_CODE_GRADED || def->code.desc->kind == HD_CODE_SPARSE);
  const unsigned needs = def->rule->needs;
  const bool is_last_read = l + 1 == def->n_hidden && def->readout == HD_READ_SOFTMAX;
  layer->is_free = def->neuron->own == NULL && def->neuron->stochastic &&
                   def->neuron->n_state == 0 && def->self_taps == 0 && !layer->in.brings_e;
  layer->is_cells = def->neuron->back == HD_BACK_MEMBRANE && def->self_taps == 0 &&
                    !layer->in.brings_e && !(needs & HD_RULE_RELAXED);
  layer->is_steady = layer->is_free && layer->in.is_constant;
  layer->is_fused = layer->is_free && (needs & HD_RULE_AFFINE);
  layer->is_once = layer->is_fused && layer->is_steady && (!(needs & HD_RULE_BACK) || is_last_read);
  layer->is_mean = layer->is_once && is_last_read;
  /* A single substep is its own mean; and the signs of output neurons come one by one. */
  layer->is_agents = layer->is_once && (layer->is_mean || def->substeps - layer->onset == 1) &&
                     def->rule->factor == hd__rule_pgcn.factor && def->settle == HD_SETTLE_NONE &&
                     !(is_output && (needs & HD_RULE_GATE));
  compile_wire(def, &layer->in, is_first ? def->code.n : net->layer[l - 1].per_block,
               is_first ? 1 : net->layer[l - 1].n_block, n_block, per_block, layer->n_pad,
               layer->onset, &net->n_weights);
  const bool is_spikes =
      is_first ? def->code.desc->kind == HD_CODE_SPIKES && def->code.desc->silence == 0.0f
               : def->neuron->silence == 0.0f && !(needs & HD_RULE_RELAXED);
  layer->in.is_binary = layer->in.is_rows && !layer->in.is_sparse && !layer->in.brings_e &&
                        is_spikes && def->n_basis == 0;
  layer->self_at = net->n_weights;
  layer->self_n = (size_t)def->self_taps * (size_t)layer->n_pad;
  net->n_weights += layer->self_n;
}

static void compile_add_linear(hd__net *net) {
  const hd__net_def *def = &net->def;
  const hd__layer *last = net->n_layers > 0 ? &net->layer[net->n_layers - 1] : NULL;
  const bool is_sparse = last == NULL && def->code.desc->kind == HD_CODE_SPARSE;
  net->has_linear = true;
  net->linear = (hd__wiring){.is_sparse = is_sparse, .is_constant = true};
  hd__net_def plain = *def; /* a linear readout sees means or membranes, not taps */
  plain.taps = 1;
  plain.n_basis = 0;
  const int n_source = last == NULL ? def->code.n : last->per_block;
  /* As one block per action, so that it is always stored by columns: logits are dot products. */
  compile_wire(&plain, &net->linear, n_source, def->n_actions, 1, def->n_actions,
               HD_PAD(def->n_actions), 0, &net->n_weights);
}

hd_status hd__net_compile(hd_ctx *ctx, const hd__net_def *def, hd__net *net) {
  HD_TRY(compile_check(ctx, def));
  memset(net, 0, sizeof *net);
  net->def = *def;
  net->def.n_choices = def->n_choices > 0 ? def->n_choices : 1;
  net->n_alternatives = def->n_actions / net->def.n_choices;
  net->kernel = hd__kernel_for(ctx->isa);
  hd__neuron_derive(def->neuron, net->derived, def->neuron_param, def->dt_ms);
  net->memory = def->neuron->memory(net->derived);
  net->keep_c = def->releases ? 1.0f + hd__expm1f(-def->dt_ms / def->facilitation_tau) : 0.0f;
  const int n_block = def->nets * (def->is_modular ? def->n_actions : 1);
  for (int l = 0; l < def->n_hidden; l++) {
    char name[24];
    snprintf(name, sizeof name, "hidden %d", l + 1);
    compile_add_layer(net, def->n_hidden == 1 ? "hidden" : name, n_block, def->hidden[l], false);
  }
  if (compile_is_linear(def->readout)) {
    compile_add_linear(net);
  } else {
    compile_add_layer(net, "action", n_block,
                      def->action_neurons * (def->is_modular ? 1 : def->n_actions), true);
  }
  net->n_parts = net->n_layers + net->has_linear;
  hd__settle_compile(net);
  net->is_own_rule = hd__rule_is_own(def->rule);
  net->is_general = hd__net_is_general(def);
  return net->is_general ? hd__general_compile(ctx, net, def->code.def.seed) : HD_OK;
}

size_t hd__net_carried(const hd__net *net) {
  return net->def.is_carried ? net->general.n_state : 0;
}

size_t hd__net_readout_at(const hd__net *net) {
  return net->has_linear ? net->linear.at : net->layer[net->n_layers - 1].in.at;
}

static void compile_lay_out_cells(const hd__net *net, hd__arena *arena, hd__layer *layer) {
  layer->words = (layer->n_pad + 63) / 64;
  layer->bits = HD_TAKE(arena, uint64_t, net->def.substeps * net->def.batch * layer->words);
  layer->alpha = HD_TAKE(arena, float, layer->n_pad);
  layer->beta = HD_TAKE(arena, float, layer->n_pad);
  layer->gamma = HD_TAKE(arena, float, layer->n_pad);
  layer->theta = HD_TAKE(arena, float, layer->n_pad);
  layer->rho = HD_TAKE(arena, float, layer->n_pad);
}

static void compile_lay_out_layer(const hd__net *net, hd__arena *arena, hd__layer *layer) {
  const size_t n = (size_t)net->def.batch * (size_t)layer->n_pad, T = (size_t)net->def.substeps;
  const bool is_plain =
      net->def.neuron->silence == 0.0f && !(net->def.rule->needs & HD_RULE_RELAXED);
  layer->live = HD_TAKE(arena, float, T *n);
  layer->b = HD_TAKE(arena, float, T *n);
  layer->y = is_plain ? layer->b : HD_TAKE(arena, float, T *n);
  /* A membrane fires or does not, and nobody steps it one substep at a time. */
  layer->p = layer->is_cells && !hd__is_perturbed(net) ? layer->b : HD_TAKE(arena, float, T *n);
  layer->noise = HD_TAKE(arena, float, T *n);
  layer->gain = HD_TAKE(arena, float, T *n);
  layer->back = HD_TAKE(arena, float, T *n);
  layer->state = HD_TAKE(arena, float, (size_t)net->def.neuron->n_state *n);
  layer->drive = HD_TAKE(arena, float, T *n);
  layer->gate = HD_TAKE(arena, float, n);
  layer->mean = HD_TAKE(arena, float, n);
  layer->later = HD_TAKE(arena, float, n);
  layer->later_current = net->memory.current > 0.0f ? HD_TAKE(arena, float, n) : NULL;
  layer->later_tired = net->memory.tire > 0.0f ? HD_TAKE(arena, float, n) : NULL;
  layer->spikes = HD_TAKE(arena, float, layer->n_pad);
  if (layer->is_cells) {
    compile_lay_out_cells(net, arena, layer);
  }
  if (net->def.is_boolean && layer->in.is_binary) {
    const size_t n_bytes = hd__boolean_bytes(layer->in.n_x, layer->n_pad);
    layer->plus = HD_TAKE(arena, uint8_t, n_bytes);
    layer->minus = HD_TAKE(arena, uint8_t, n_bytes);
  }
  if (layer->in.is_releasing) {
    layer->strength = HD_TAKE(arena, float, layer->in.n_weights);
    layer->c = HD_TAKE(arena, float, net->def.batch * layer->in.x_stride);
  }
}

/* What a coding has learned is saved. */
static float *compile_lay_out_table(const hd__code *code, hd__arena *arena) {
  return code->desc->learn == NULL
             ? HD_TAKE(arena, float, code->n_table)
             : hd__arena_field(arena, "code.cells", "F32", code->table_rows,
                               code->n_table / code->table_rows);
}

void hd__net_lay_out(hd__net *net, hd__arena *arena) {
  const size_t T = (size_t)net->def.substeps, A = (size_t)net->def.n_actions;
  const size_t batch = (size_t)net->def.batch, logits = batch * (size_t)HD_PAD(A);
  const size_t n_in = batch * (size_t)HD_PAD(net->def.code.n);
  net->weights = hd__arena_field(arena, "actor", "F32", 1, (int64_t)net->n_weights);
  net->counted = HD_TAKE(arena, double, 1);
  size_t features = HD_LANES;
  for (int l = 0; l < net->n_layers; l++) {
    compile_lay_out_layer(net, arena, &net->layer[l]);
    const size_t n = (size_t)(net->layer[l].in.n_block * net->layer[l].in.x_stride);
    features = n > features ? n : features;
  }
  const bool has_lines = net->def.code.desc->kind == HD_CODE_SPARSE;
  const bool is_sparse = has_lines && !net->def.releases && !net->is_general;
  const bool is_max = net->def.readout == HD_READ_MEMBRANE_MAX;
  net->key = HD_TAKE(arena, hd__key, batch);
  hd__code_lay_out(&net->def.code, arena);
  net->def.code.table = compile_lay_out_table(&net->def.code, arena);
  net->rates = is_sparse ? NULL : HD_TAKE(arena, float, n_in);
  net->input = is_sparse ? NULL : HD_TAKE(arena, float, T *n_in);
  net->line = has_lines && !is_sparse ? HD_TAKE(arena, int32_t, net->def.code.n_active + 1) : NULL;
  net->code_state = HD_TAKE(arena, float, net->def.code.n_state);
  net->features = HD_TAKE(arena, float, features);
  net->logit = HD_TAKE(arena, float, logits);
  net->pi = HD_TAKE(arena, float, logits);
  if (net->def.n_choices > 1) {
    const size_t alone = batch * (size_t)net->def.n_choices * (size_t)HD_PAD(net->n_alternatives);
    net->logit_alone = HD_TAKE(arena, float, alone);
    net->pi_alone = HD_TAKE(arena, float, alone);
  }
  net->votes = HD_TAKE(arena, float, A);
  net->one = HD_TAKE(arena, float, A);
  if (!net->has_linear) {
    const size_t n = (size_t)net->layer[net->n_layers - 1].n_pad;
    net->action_of = HD_TAKE(arena, int32_t, n);
    net->speaks = HD_TAKE(arena, float, A *n);
  }
  net->share = HD_TAKE(arena, float, T);
  net->share_max = is_max ? HD_TAKE(arena, float, (batch * A + 1) * T) : NULL;
  net->membrane = net->has_linear ? HD_TAKE(arena, float, net->linear.x_stride) : NULL;
  net->back = net->has_linear ? HD_TAKE(arena, float, batch *(size_t)net->linear.x_stride) : NULL;
  net->basis = HD_TAKE(arena, float, net->def.n_basis * net->def.taps);
  if (net->is_general) {
    hd__general_lay_out(net, arena);
  }
  if (net->def.settle != HD_SETTLE_NONE) {
    hd__settle_lay_out(net, arena);
  }
}
