/* From settings to the stack of a model. */
#include <string.h>

#include "model.h"
#include "settings_use.h"

/* Neuron models that gradients go through, and what they are as cells. */
typedef struct cell_row {
  const char *name;
  hd__activation activation;
  bool leaks, has_current, has_adaptation;
} cell_row;

static const cell_row cell_rows[] = {
    {"if", HD_ACTIVATION_SPIKE, false, false, false},
    {"lif", HD_ACTIVATION_SPIKE, true, false, false},
    {"cuba", HD_ACTIVATION_SPIKE, true, true, false},
    {"alif", HD_ACTIVATION_SPIKE, true, false, true},
    {"relu", HD_ACTIVATION_RELU, false, false, false},
    {"tanh", HD_ACTIVATION_TANH, false, false, false},
};

static const cell_row *row_of(const char *name) {
  for (size_t i = 0; i < sizeof cell_rows / sizeof *cell_rows; i++) {
    if (strcmp(cell_rows[i].name, name) == 0) {
      return &cell_rows[i];
    }
  }
  return NULL;
}

static const hd__surrogate_kind surrogates[] = {
    [hd__surrogate_sigmoid] = HD_SURROGATE_SIGMOID,
    [hd__surrogate_atan] = HD_SURROGATE_ATAN,
    [hd__surrogate_fast_sigmoid] = HD_SURROGATE_FAST_SIGMOID,
    [hd__surrogate_superspike] = HD_SURROGATE_FAST_SIGMOID,
    [hd__surrogate_triangle] = HD_SURROGATE_TRIANGLE,
    [hd__surrogate_rectangle] = HD_SURROGATE_RECTANGLE,
};

/* What is left after a substep of a quantity that decays with a time constant. */
static float kept(const hd__settings *s, float tau) { return hd__expf(-(float)s->dt / tau); }

static hd_status describe_cell(hd_ctx *ctx, const hd_config *config, const char *name,
                               hd__stack_def *def) {
  const hd__settings *s = hd__config_settings(config);
  const hd__neuron_desc *neuron = hd__neuron_find(name);
  const cell_row *row = row_of(name);
  if (row == NULL) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "neuron = %s has no gradient; algorithm takes if, lif, cuba, alif, relu or tanh", name);
  }
  if (hd__config_param(config, neuron, "v_rest", 0.0f) != 0.0f ||
      hd__config_param(config, neuron, "t_ref", 0.0f) != 0.0f) {
    return hd__fail(ctx, HD_CONFLICT,
                    "gradients go through membranes that rest at 0 and are never refractory; use "
                    "%s.v_rest = 0 and %s.t_ref = 0",
                    name, name);
  }
  const float tau_m = hd__config_param(config, neuron, "tau_m", 5.0f);
  def->cell = (hd__cell){.activation = row->activation,
                         .surrogate = surrogates[s->surrogate],
                         .slope = hd__config_param(config, neuron, "slope", 1.0f),
                         .has_current = row->has_current,
                         .has_adaptation = row->has_adaptation,
                         .is_soft = hd__config_param(config, neuron, "reset", 1.0f) > 0.5f,
                         .is_detached = s->detach_reset,
                         .is_tied = row->leaks,
                         .kappa = hd__config_param(config, neuron, "adapt", 0.0f),
                         .v_reset = hd__config_param(config, neuron, "v_reset", 0.0f)};
  def->slope = def->cell.slope;
  def->alpha = kept(s, hd__config_param(config, neuron, "tau_syn", 5.0f));
  def->beta = row->leaks ? kept(s, tau_m) : 1.0f;
  def->gain = row->leaks ? hd__config_param(config, neuron, "r_m", 1.0f) : (float)s->dt;
  def->theta = hd__config_param(config, neuron, "v_th", 1.0f);
  def->rho = kept(s, hd__config_param(config, neuron, "tau_a", 50.0f));
  def->learns_tau = s->learn_tau;
  def->learns_threshold = s->learn_threshold;
  def->T = row->activation == HD_ACTIVATION_SPIKE ? (int)s->substeps : 1;
  return HD_OK;
}

static void describe_start(const hd__settings *s, hd__stack_def *def) {
  def->is_uniform = s->init == hd__init_uniform;
  def->init = (float)s->init_scale;
  def->init_readout = (float)(isnan(s->init_readout) ? s->init_scale : s->init_readout);
}

static hd_status describe_delays(hd_ctx *ctx, const hd__settings *s, hd__stack_def *def) {
  def->max_delay = (int)s->max_delay;
  if (def->max_delay > HD_STACK_DELAY) {
    return hd__fail(ctx, HD_RANGE, "max_delay = %d, allowed up to %d", def->max_delay,
                    HD_STACK_DELAY);
  }
  if (def->max_delay > 0 && def->n_layers < 2) {
    return hd__fail(ctx, HD_CONFLICT,
                    "max_delay = %d is for spikes between hidden layers, and there is %s; use "
                    "hidden = 64,64, or max_delay = 0",
                    def->max_delay, def->n_layers == 1 ? "only one" : "none");
  }
  if (def->max_delay > 0 && def->max_delay >= def->T && !def->is_carried) {
    return hd__fail(ctx, HD_CONFLICT,
                    "max_delay = %d outlasts a decision of %d substeps, at whose end spikes that "
                    "are on their way are lost; use a smaller one, or carry = true",
                    def->max_delay, def->T);
  }
  return HD_OK;
}

hd_status hd__model_actor_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def) {
  const hd__settings *s = hd__config_settings(config);
  *def = (hd__stack_def){.membrane_tau = (float)s->membrane_tau};
  HD_TRY(describe_cell(ctx, config, s->neuron, def));
  HD_TRY(
      hd__settings_widths(ctx, "hidden", &s->hidden, HD_STACK_LAYERS, def->width, &def->n_layers));
  describe_start(s, def);
  const bool spikes = def->cell.activation == HD_ACTIVATION_SPIKE;
  switch (s->readout) {
    case hd__readout_softmax:
      def->readout = HD_STACK_MEAN;
      break;
    case hd__readout_membrane_last:
      def->readout = HD_STACK_MEMBRANE_LAST;
      break;
    case hd__readout_membrane_mean:
      def->readout = HD_STACK_MEMBRANE_MEAN;
      break;
    case hd__readout_membrane_max:
      def->readout = HD_STACK_MEMBRANE_MAX;
      break;
    default:
      if (spikes) {
        return hd__fail(ctx, HD_CONFLICT,
                        "gradients need a readout that is a number: softmax (of mean spikes), "
                        "membrane-last, membrane-mean or membrane-max");
      }
  }
  if (!spikes) {
    def->readout = HD_STACK_MEAN; /* whatever the option says, which is for spikes */
    if (s->recurrent || s->carry || s->max_delay > 0) {
      return hd__fail(ctx, HD_CONFLICT,
                      "neuron = %s remembers nothing; recurrent, carry and max_delay are for "
                      "neurons that spike",
                      s->neuron);
    }
  }
  if (s->recurrent && s->normalise_drive) {
    return hd__fail(ctx, HD_CONFLICT,
                    "normalise_drive is for drives from below, and recurrent adds others; use one "
                    "of them");
  }
  def->is_recurrent = s->recurrent;
  def->is_normalised = s->normalise_drive;
  def->is_carried = s->carry;
  return describe_delays(ctx, s, def);
}

hd_status hd__model_critic_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def) {
  const hd__settings *s = hd__config_settings(config);
  *def = (hd__stack_def){.membrane_tau = (float)s->membrane_tau, .readout = HD_STACK_MEAN};
  HD_TRY(describe_cell(ctx, config, s->critic_neuron, def));
  HD_TRY(hd__settings_widths(ctx, "critic.hidden", &s->critic_hidden, HD_STACK_LAYERS, def->width,
                             &def->n_layers));
  describe_start(s, def);
  return HD_OK;
}
