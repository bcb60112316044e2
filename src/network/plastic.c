#include "plastic.h"

#include <string.h>

#include "rule_by_factor.h"

/* ---- sizes ---- */

static const hd__projection *plastic_projection(const hd__plastic *plastic,
                                                const hd__graph *graph) {
  return &graph->projection[plastic->projection];
}

static int plastic_lanes(const hd__graph *graph, const hd__projection *projection) {
  return graph->population[projection->target].n_pad;
}

static hd_status plastic_check(hd_ctx *ctx, const hd__graph *graph,
                               const hd__projection *projection, const hd_rule_desc *rule) {
  const hd__population *target = &graph->population[projection->target];
  if (projection->storage == HD_BY_TARGET) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s keeps state per synapse, and the weights of projection '%s' are not "
                    "stored by source; use a dense projection",
                    rule->name, projection->name);
  }
  if (projection->storage == HD_BY_LIST && rule->factor == NULL &&
      (rule->needs & HD_RULE_SPARSE) == 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s counts on synapses from every source to every target, and projection "
                    "'%s' has some of them only; use connect = HD_CONNECT_ALL, or a rule with "
                    "HD_RULE_SPARSE",
                    rule->name, projection->name);
  }
  if ((rule->needs & HD_RULE_STOCHASTIC) && !target->neuron->stochastic) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s learns from neurons that draw their spikes, and those of population "
                    "'%s' (%s) do not; use bernoulli, ising, glm or lif-escape",
                    rule->name, target->name, target->neuron->name);
  }
  if (rule->factor != NULL && (rule->needs & ~(unsigned)HD_RULE_BY_FACTOR) != 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "rule %s asks for votes, noise on drives or a way back through substeps, which "
                    "a network with recurrence, delays or carried state does not give; use rule = "
                    "pgcn or e-prop",
                    rule->name);
  }
  return HD_OK;
}

hd_status hd__plastic_compile(hd_ctx *ctx, const hd__graph *graph, int projection,
                              const hd_rule_desc *rule, const float *param, uint64_t seed,
                              hd__plastic *plastic) {
  const hd__projection *own = &graph->projection[projection];
  HD_TRY(plastic_check(ctx, graph, own, rule));
  *plastic = (hd__plastic){.rule = rule, .projection = projection, .seed = seed};
  memcpy(plastic->param, param, sizeof(float) * (size_t)rule->n_params);
  HD_TRY(hd__limits_read(ctx, rule, param, &plastic->limits));
  plastic->moves_weights = rule->on_signal != NULL || plastic->limits.is_on;
  if (rule->factor != NULL) {
    plastic->by_factor = hd__rule_by_factor(rule);
    plastic->rule = NULL; /* by_factor, wherever this struct is copied to */
    rule = &plastic->by_factor;
  }
  plastic->e_at = (size_t)rule->n_pre * HD_PAD((size_t)own->n_pre) +
                  (size_t)rule->n_post * (size_t)plastic_lanes(graph, own) +
                  (size_t)rule->n_synapse * own->n_weights;
  plastic->n_state = plastic->e_at + own->n_weights;
  return HD_OK;
}

void hd__plastic_lay_out(const hd__graph *graph, hd__plastic *plastic, hd__arena *arena) {
  const hd__projection *projection = plastic_projection(plastic, graph);
  plastic->x = HD_TAKE(arena, float, HD_PAD(projection->n_pre));
  plastic->lane = HD_TAKE(arena, float, plastic_lanes(graph, projection));
  plastic->scale =
      plastic->limits.is_on ? HD_TAKE(arena, float, plastic_lanes(graph, projection)) : NULL;
}

/* ---- what a hook sees ---- */

typedef struct plastic_view {
  hd_synapses synapses;
  float *state[HD_RULE_STATE_MAX]; /* PRE, POST, SYNAPSE */
} plastic_view;

const hd_rule_desc *hd__plastic_rule(const hd__plastic *plastic) {
  return plastic->rule != NULL ? plastic->rule : &plastic->by_factor;
}

static void plastic_point(const hd_rule_desc *rule, const hd__projection *projection, float *state,
                          plastic_view *view) {
  float **to = view->state;
  view->synapses.pre = to;
  for (int k = 0; k < rule->n_pre; k++, state += HD_PAD(projection->n_pre)) {
    *to++ = state;
  }
  view->synapses.post = to;
  for (int k = 0; k < rule->n_post; k++, state += view->synapses.stride) {
    *to++ = state;
  }
  view->synapses.synapse = to;
  for (int k = 0; k < rule->n_synapse; k++, state += projection->n_weights) {
    *to++ = state;
  }
  view->synapses.e = state;
}

static void plastic_see(const hd__plastic *plastic, const hd__graph *graph, int row,
                        const hd__read_view *read, float *state, plastic_view *view) {
  const hd__projection *projection = plastic_projection(plastic, graph);
  const hd__population *target = &graph->population[projection->target];
  const size_t at = (size_t)row * (size_t)target->n_pad;
  view->synapses = (hd_synapses){.n_pre = projection->n_pre,
                                 .n_post = target->n,
                                 .stride = target->n_pad,
                                 .stochastic = target->neuron->stochastic,
                                 .span = 1.0f - target->neuron->silence,
                                 .dt_ms = graph->dt_ms,
                                 .param = plastic->param,
                                 .x = plastic->x,
                                 .b = target->b + at,
                                 .p = target->p + at,
                                 .gain = target->gain + at,
                                 .back = read->back,
                                 .score = read->score,
                                 .n_actions = read->n_actions,
                                 .share = read->share,
                                 .keep = target->memory.keep,
                                 .current = target->memory.current,
                                 .tire = target->memory.tire,
                                 .fade = target->memory.fade,
                                 .is_reset = target->memory.is_reset,
                                 .ref_steps = target->memory.ref_steps,
                                 .seed = plastic->seed,
                                 .start = projection->start,
                                 .target = projection->post,
                                 .lane = plastic->lane,
                                 .loops = graph->kernel->synapses};
  plastic_point(hd__plastic_rule(plastic), projection, state, view);
}

/* The limits of a row's weights. */
static hd__limits plastic_limits(const hd__plastic *plastic, const hd_synapses *synapses) {
  hd__limits limits = plastic->limits;
  limits.excess = synapses->post[limits.excess_at];
  limits.scale = plastic->scale;
  return limits;
}

static void plastic_arrive(const hd__plastic *plastic, const hd__graph *graph, int row) {
  const hd__projection *projection = plastic_projection(plastic, graph);
  const hd__population *source = &graph->population[projection->source];
  const float *arrived = hd__graph_arrived(graph, projection) + (size_t)row * (size_t)source->n_pad;
  memcpy(plastic->x, arrived, sizeof(float) * (size_t)source->n);
  if (projection->has_one) {
    plastic->x[source->n] = 1.0f;
  }
}

/* ---- hooks ---- */

void hd__plastic_step(const hd__plastic *plastic, const hd__graph *graph, int row,
                      const hd__read_view *read, float *state) {
  const hd_rule_desc *rule = hd__plastic_rule(plastic);
  plastic_view view;
  plastic_arrive(plastic, graph, row);
  plastic_see(plastic, graph, row, read, state, &view);
  const hd_synapses *synapses = &view.synapses;
  if (rule->before != NULL) {
    rule->before(rule, synapses);
  }
  for (int i = 0; rule->on_pre != NULL && i < synapses->n_pre; i++) {
    if (synapses->x[i] != 0.0f) {
      rule->on_pre(rule, synapses, i);
    }
  }
  for (int j = 0; rule->on_post != NULL && j < synapses->n_post; j++) {
    if (synapses->b[j] > 0.0f) {
      rule->on_post(rule, synapses, j);
    }
  }
  if (rule->after != NULL) {
    rule->after(rule, synapses);
  }
  if (plastic->limits.homeostasis != 0.0f) {
    const hd__limits limits = plastic_limits(plastic, synapses);
    hd__limits_step(synapses, &limits);
  }
}

void hd__plastic_decide(const hd__plastic *plastic, const hd__graph *graph, int row,
                        const hd__read_view *read, float *state) {
  const hd_rule_desc *rule = hd__plastic_rule(plastic);
  plastic_view view;
  if (rule->on_decision != NULL) {
    plastic_see(plastic, graph, row, read, state, &view);
    rule->on_decision(rule, &view.synapses);
  }
}

bool hd__plastic_check_e(const hd__plastic *plastic, const hd__graph *graph, float *state) {
  const hd__projection *projection = plastic_projection(plastic, graph);
  float *e = state + plastic->e_at;
  return projection->storage == HD_BY_SOURCE
             ? graph->kernel->clean(projection->n_pre, graph->population[projection->target].n,
                                    projection->stride, e)
             : graph->kernel->finite(projection->n_weights, e);
}

void hd__plastic_signal(const hd__plastic *plastic, const hd__graph *graph, int row, float alpha,
                        float signal, float *state, float *e, float *W) {
  static const hd__read_view unread = {0};
  const hd_rule_desc *rule = hd__plastic_rule(plastic);
  if (!plastic->moves_weights) {
    graph->kernel->axpy((int)plastic_projection(plastic, graph)->n_weights, alpha * signal,
                        e != NULL ? e : state + plastic->e_at, W);
    return;
  }
  plastic_view view;
  plastic_see(plastic, graph, row, &unread, state, &view);
  view.synapses.w = W;
  view.synapses.e = e != NULL ? e : view.synapses.e;
  hd__limits limits;
  if (plastic->limits.is_on) {
    limits = plastic_limits(plastic, &view.synapses);
    view.synapses.limits = &limits;
  }
  if (rule->on_signal != NULL) {
    rule->on_signal(rule, &view.synapses, alpha, signal);
  } else {
    hd__limits_add_all(&view.synapses, alpha * signal);
  }
}
