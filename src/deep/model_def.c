/* From settings to the stack of a model. */
#include <stdio.h>

#include "membrane.h"
#include "model.h"
#include "settings_use.h"

static const hd__surrogate_kind surrogates[] = {
    [hd__surrogate_sigmoid] = HD_SURROGATE_SIGMOID,
    [hd__surrogate_atan] = HD_SURROGATE_ATAN,
    [hd__surrogate_fast_sigmoid] = HD_SURROGATE_FAST_SIGMOID,
    [hd__surrogate_superspike] = HD_SURROGATE_FAST_SIGMOID,
    [hd__surrogate_triangle] = HD_SURROGATE_TRIANGLE,
    [hd__surrogate_rectangle] = HD_SURROGATE_RECTANGLE,
};

_Static_assert((int)HD_STACK_LAYERS == (int)HD_HIDDEN_MAX,
               "option hidden says how many there may be");

/* Names of the models that have a backward step. */
static void model_def_differentiable(char *text, size_t size) {
  size_t used = 0;
  for (int i = 0; i < HD_NEURON_COUNT && used < size; i++) {
    const hd__neuron_desc *neuron = hd__neuron_at(NULL, i);
    if (neuron->back != HD_BACK_NONE) {
      used +=
          (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", neuron->name);
    }
  }
}

static void model_def_describe_membrane(const hd__settings *s, const hd__membrane_derived *d,
                                        hd__stack_def *def) {
  def->cell = d->cell;
  def->cell.surrogate = surrogates[s->surrogate];
  def->cell.is_detached = s->detach_reset;
  def->slope = d->cell.slope;
  def->alpha = d->alpha;
  def->beta = d->beta;
  def->gain = d->gain;
  def->theta = d->theta;
  def->rho = d->rho;
  def->learns_tau = s->learn_tau;
  def->learns_threshold = s->learn_threshold;
  def->T = (int)s->substeps;
}

static hd_status model_def_describe_cell(hd_ctx *ctx, const hd_config *config, const char *name,
                                         hd__stack_def *def) {
  const hd__settings *s = hd__config_settings(config);
  const hd__neuron_desc *neuron = hd__neuron_find(ctx, name);
  _Alignas(hd__membrane_derived) unsigned char derived[HD_NEURON_DERIVED_MAX * sizeof(float)];
  float params[HD_NEURON_PARAMS_MAX];
  hd__config_params(config, HD_MODEL_NEURON, name, params);
  hd__neuron_derive(neuron, derived, params, (float)s->dt);
  switch (neuron->back) {
    case HD_BACK_MEMBRANE:
      model_def_describe_membrane(s, (const void *)derived, def);
      return HD_OK;
    case HD_BACK_UNIT:
      def->cell.unit = hd__unit_of(neuron->id);
      def->T = 1;
      return HD_OK;
    default: {
      char names[96];
      model_def_differentiable(names, sizeof names);
      return hd__fail(ctx, HD_CONFLICT,
                      "neuron = %s has no backward step, so no gradient of a loss goes through it; "
                      "an algorithm takes one of %s",
                      name, names);
    }
  }
}

static void model_def_describe_start(const hd__settings *s, hd__stack_def *def) {
  def->is_uniform = s->init == hd__init_uniform;
  def->is_orthogonal = s->init == hd__init_orthogonal;
  def->init = (float)s->init_scale;
  def->init_readout = (float)(isnan(s->init_readout) ? s->init_scale : s->init_readout);
}

static hd_status model_def_describe_delays(hd_ctx *ctx, const hd__settings *s, hd__stack_def *def) {
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
  HD_TRY(model_def_describe_cell(ctx, config, s->neuron, def));
  HD_TRY(hd__settings_widths(ctx, "hidden", &s->hidden, def->width, &def->n_layers));
  model_def_describe_start(s, def);
  const bool spikes = def->cell.unit == HD_UNIT_NONE;
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
  return model_def_describe_delays(ctx, s, def);
}

/* What a stack whose layers are agents cannot be. */
static const char *model_def_is_no_agent(const hd__settings *s, const hd__stack_def *def) {
  return def->n_layers == 0                      ? "a hidden layer, and there is none"
         : def->readout == HD_STACK_MEMBRANE_MAX ? "a readout other than membrane-max"
         : def->max_delay > 0                    ? "max_delay = 0"
         : s->normalise_drive                    ? "normalise_drive = false"
                                                 : NULL;
}

hd_status hd__model_agents_def(hd_ctx *ctx, const hd__settings *s, hd__stack_def *def) {
  const char *needs = s->layer_agents ? model_def_is_no_agent(s, def) : NULL;
  if (needs != NULL) {
    return hd__fail(ctx, HD_CONFLICT, "layer.agents = true needs %s", needs);
  }
  def->has_agents = s->layer_agents;
  def->sees_above = s->layer_agents && s->layer_above;
  def->is_local = s->layer_agents && !s->layer_backprop;
  return HD_OK;
}

hd_status hd__model_critic_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def) {
  const hd__settings *s = hd__config_settings(config);
  *def = (hd__stack_def){.membrane_tau = (float)s->membrane_tau, .readout = HD_STACK_MEAN};
  HD_TRY(model_def_describe_cell(ctx, config, s->critic_neuron, def));
  HD_TRY(hd__settings_widths(ctx, "critic.hidden", &s->critic_hidden, def->width, &def->n_layers));
  model_def_describe_start(s, def);
  return HD_OK;
}
