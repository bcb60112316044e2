#include <string.h>

#include "network_internal.h"
#include "shown_net.h"

/* ---- what cannot be shown ---- */

static hd_status shown_stack_check(hd_ctx *ctx, const hd__stack *stack) {
  const char *why =
      stack->def.n_layers == 0 ? "it has no hidden layer"
      : stack->def.max_delay > 0
          ? "its spikes are spread over several substeps by learned delays (max_delay)"
      : stack->def.has_agents
          ? "its layers are agents, which see the input beside the layer below"
          : NULL;
  if (why != NULL) {
    return hd__fail(ctx, HD_CONFLICT,
                    "this network cannot be shown as populations joined by projections: %s", why);
  }
  return HD_OK;
}

/* ---- parts ---- */

static const char *const shown_stack_names[] = {"hidden 1", "hidden 2", "hidden 3",
                                                "hidden 4", "hidden 5", "hidden 6"};
_Static_assert(sizeof shown_stack_names / sizeof shown_stack_names[0] == HD_STACK_LAYERS,
               "every layer has a name");

static void shown_stack_add_layer(const hd__stack *stack, const hd__neuron_desc *neuron, int l,
                                  hd_network *shown) {
  const int own = stack->def.n_layers + l;
  shown->population[l + 1] = (hd__population){
      .name = shown_stack_names[l], .neuron = neuron, .n = stack->layer[l].n, .has_bias = true};
  for (int i = 0; i < neuron->n_params; i++) {
    shown->population[l + 1].param[i] = neuron->param[i].fallback;
  }
  if (stack->def.cell.unit == HD_UNIT_NONE) {
    shown->population[l + 1].cell = &stack->def.cell;
  }
  shown->projection[l] = (hd__projection){.source = l, .target = l + 1};
  if (stack->def.is_recurrent) {
    shown->projection[own] = (hd__projection){.source = l + 1, .target = l + 1, .delay = 1};
  }
}

static hd_status shown_stack_fill(const hd__stack *stack, const hd__neuron_desc *neuron,
                                  float dt_ms, hd_network *shown) {
  shown->is_shown = true;
  shown->population[0] = (hd__population){.name = "input", .n = stack->def.n_in};
  for (int l = 0; l < stack->def.n_layers; l++) {
    shown_stack_add_layer(stack, neuron, l, shown);
  }
  HD_TRY(hd__network_name_projections(shown));
  HD_TRY(hd__network_compile(shown, dt_ms));
  hd__network_place(shown);
  return hd__network_take(shown);
}

hd_status hd__shown_stack_create(hd_ctx *ctx, const hd__stack *stack, const hd__neuron_desc *neuron,
                                 float dt_ms, hd_network **out) {
  HD_TRY(shown_stack_check(ctx, stack));
  const int n_layers = stack->def.n_layers, times = stack->def.is_recurrent ? 2 : 1;
  hd_network *shown = NULL;
  HD_TRY(hd__network_begin(ctx, 1, n_layers + 1, times * n_layers, &shown));
  const hd_status status = shown_stack_fill(stack, neuron, dt_ms, shown);
  if (status != HD_OK) {
    hd__network_free(shown);
    return status;
  }
  *out = shown;
  return HD_OK;
}

/* ---- a decision ---- */

/* The weights as the cells see them, normalisation folded in, and the parameters of each cell. */
static void shown_stack_copy_weights(hd_network *shown, const hd__stack *stack,
                                     const hd__prepared *prepared) {
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    const hd__prepared_layer *from = &prepared->layer[l];
    const size_t n = (size_t)layer->n_pad, size = sizeof(float) * n;
    memcpy(shown->weights + shown->projection[l].at, from->W, size * (size_t)layer->n_pre);
    memcpy(shown->weights + shown->population[l + 1].bias_at, from->bias, size);
    shown->population[l + 1].lanes =
        (hd__cell_lanes){from->alpha, from->beta, from->gamma, from->theta, from->rho};
    if (stack->def.is_recurrent) {
      const hd__projection *own = &shown->projection[stack->def.n_layers + l];
      memcpy(shown->weights + own->at, from->V, size * (size_t)layer->n);
    }
  }
}

/* A state variable of cells: its place in the population, by name. */
static float *shown_stack_state(const hd__population *population, const char *name) {
  int s = 0;
  while (strcmp(population->neuron->state[s].name, name) != 0) {
    s++;
  }
  return population->state + (size_t)s * (size_t)population->n_pad;
}

void hd__shown_stack_continue(hd_network *shown, const hd__stack *stack, const float *state) {
  const hd__cell *cell = &stack->def.cell;
  for (int l = 0; state != NULL && l < stack->def.n_layers; l++) {
    const hd__population *population = &shown->population[l + 1];
    float *to[4];
    int n = 0;
    to[n++] = shown_stack_state(population, "v");
    if (cell->has_current) {
      to[n++] = shown_stack_state(population, "c");
    }
    if (cell->has_adaptation) {
      to[n++] = shown_stack_state(population, "a");
    }
    if (stack->def.is_recurrent) {
      to[n++] = hd__graph_sent(&shown->graph, population, 0);
    }
    for (int k = 0; k < n; k++, state += population->n_pad) {
      memcpy(to[k], state, sizeof(float) * (size_t)population->n_pad);
    }
  }
}

void hd__shown_stack_repeat(hd_network *shown, const hd__stack *stack, const hd__prepared *prepared,
                            const float *x, bool is_fresh) {
  static const hd__key none = {0};
  shown_stack_copy_weights(shown, stack, prepared);
  if (is_fresh) {
    hd__graph_reset(&shown->graph, 0);
  }
  for (int t = 0; t < stack->def.T; t++) {
    memcpy(shown->population[0].given, x + (stack->def.has_timed_input ? t * stack->in_pad : 0),
           sizeof(float) * (size_t)stack->def.n_in);
    hd__network_advance(shown, &none, (uint32_t)t, false);
  }
}
