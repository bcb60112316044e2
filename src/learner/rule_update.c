#include "rule_update.h"

#include <string.h>

void hd__rule_update_compile(hd__rule_update *learner, const hd__settings *settings, hd__net *net,
                         hd__critic *critic, const hd__kernel *kernel, int B) {
  const bool is_online = settings->rollout == 0;
  const bool is_plain = settings->optimiser == hd__optimiser_sgd;
  *learner =
      (hd__rule_update){.settings = settings, .net = net, .critic = critic, .kernel = kernel, .B = B};
  learner->has_trace = is_online && settings->lambda_actor > 0;
  learner->is_direct = is_online && is_plain;
  const hd__wiring *sparse = hd__net_sparse(net);
  learner->dense_at = learner->has_trace && sparse != NULL ? HD_PAD(sparse->n_weights) : 0;
}

static float *take(hd__arena *arena, bool is_needed, const char *name, size_t n) {
  return is_needed ? hd__arena_field(arena, name, "F32", 1, (int64_t)n) : NULL;
}

void hd__rule_update_lay_out(hd__rule_update *learner, hd__arena *arena) {
  const hd__settings *s = learner->settings;
  const bool is_online = s->rollout == 0, has_moments = s->optimiser != hd__optimiser_sgd;
  const size_t n = learner->net->n_weights, nc = (size_t)learner->critic->n;
  const size_t B = (size_t)learner->B;
  learner->G = learner->is_direct ? NULL : HD_TAKE(arena, float, n);
  learner->Gc = learner->is_direct ? NULL : HD_TAKE(arena, float, nc);
  learner->m = take(arena, s->optimiser == hd__optimiser_adam, "actor.m", n);
  learner->v = take(arena, has_moments, "actor.v", n);
  learner->mc = take(arena, s->optimiser == hd__optimiser_adam, "critic.m", nc);
  learner->vc = take(arena, has_moments, "critic.v", nc);
  learner->beta_power = hd__arena_field(arena, "beta_power", "F64", 1, 2);
  learner->scale = HD_TAKE(arena, float, B *(size_t)(is_online ? 1 : s->rollout));
  learner->E = HD_TAKE(arena, float *, B);
  learner->Z = HD_TAKE(arena, float *, B);
  learner->actor_trace = HD_TAKE(arena, hd__trace, B);
  learner->critic_trace = HD_TAKE(arena, hd__trace, B);
  const hd__wiring *sparse = hd__net_sparse(learner->net);
  for (size_t b = 0; is_online && b < B; b++) {
    float *E = take(arena, learner->has_trace, "actor.trace", n - learner->dense_at);
    float *Z = take(arena, !learner->critic->is_sparse, "critic.trace", nc);
    hd__trace actor = {0}, critic = {0};
    if (learner->dense_at > 0) {
      hd__trace_lay_out(&actor, arena, sparse->n_x, (int)(sparse->n_weights / (size_t)sparse->n_x));
    }
    if (learner->critic->is_sparse) {
      hd__trace_lay_out(&critic, arena, (int)nc, 1);
    }
    if (arena->base != NULL) {
      learner->E[b] = E;
      learner->Z[b] = Z;
      learner->actor_trace[b] = actor;
      learner->critic_trace[b] = critic;
    }
  }
}

void hd__rule_update_start(hd__rule_update *learner) {
  learner->beta_power[0] = learner->beta_power[1] = 1.0;
}

/* ---- the optimiser ---- */

typedef struct stretch {
  int n;
  float alpha;
  const float *G;
  float *m, *v, *W;
} stretch;

static void ascend(const hd__rule_update *learner, stretch span) {
  const hd__settings *s = learner->settings;
  const float b1 = (float)s->beta1, b2 = (float)s->beta2, epsilon = (float)s->optimiser_epsilon;
  const float c1 = (float)(1.0 / (1.0 - learner->beta_power[0]));
  const float c2 = (float)(1.0 / (1.0 - learner->beta_power[1]));
  if (span.alpha == 0.0f || span.n == 0) {
    return;
  }
  switch (s->optimiser) {
    case hd__optimiser_sgd:
      learner->kernel->axpy(span.n, span.alpha, span.G, span.W);
      break;
    case hd__optimiser_adam:
      learner->kernel->adam(span.n, span.alpha * c1, c2, b1, b2, epsilon, span.G, span.m, span.v,
                            span.W);
      break;
    default:
      learner->kernel->rmsprop(span.n, span.alpha, c2, b2, epsilon, span.G, span.v, span.W);
  }
}

static float readout_alpha(const hd__settings *s) {
  return (float)(isnan(s->alpha_readout) ? s->alpha : s->alpha_readout);
}

static float hidden_alpha(const hd__settings *s) {
  return s->learn_hidden ? (float)s->alpha : 0.0f;
}

static float *at(float *array, size_t offset) { return array == NULL ? NULL : array + offset; }

/* Step sizes per active line, so that a coding's width does not change the pace. */
static float line_scale(const hd__net *net) {
  return hd__net_sparse(net) != NULL ? 1.0f / (float)net->def.code.n_active : 1.0f;
}

static void ascend_all(hd__rule_update *learner, float factor) {
  const hd__settings *s = learner->settings;
  const hd__net *net = learner->net;
  const size_t n = net->n_weights, split = hd__net_readout_at(net);
  const float lines = line_scale(net);
  const float hidden = hidden_alpha(s) * factor * lines;
  const float readout = readout_alpha(s) * factor * (split == 0 ? lines : 1.0f);
  learner->beta_power[0] *= s->beta1;
  learner->beta_power[1] *= s->beta2;
  ascend(learner, (stretch){(int)split, hidden, learner->G, learner->m, learner->v, net->weights});
  ascend(learner, (stretch){(int)(n - split), readout, learner->G + split, at(learner->m, split),
                            at(learner->v, split), net->weights + split});
  ascend(learner, (stretch){learner->critic->n,
                            (float)s->alpha_critic * factor * learner->critic->step_scale,
                            learner->Gc, learner->mc, learner->vc, learner->critic->w});
}

/* ---- on-line ---- */

/* E <- decay E + g for environment b. */
static void remember(hd__rule_update *learner, int b, float decay, const hd__decision *decision) {
  const hd__net *net = learner->net;
  const hd__weighing by = {.hidden = learner->settings->learn_hidden ? 1.0f : 0.0f, .readout = 1};
  float *E = learner->E[b];
  learner->kernel->scale((int)(net->n_weights - learner->dense_at), decay, E);
  hd__net_add_row(net, decision, b, learner->dense_at == 0, by, E - learner->dense_at);
  if (learner->dense_at == 0) {
    return;
  }
  hd__trace *trace = &learner->actor_trace[b];
  hd__trace_decay(trace, decay);
  const hd__part *part = &decision->part[0];
  const int n_lines = net->def.code.n_active;
  for (int k = 0; k < n_lines + net->def.has_bias; k++) {
    float *row = hd__trace_touch(trace, part->line[b * (n_lines + 1) + k]);
    for (int slice = 0; slice < hd__net_sparse(net)->n_slices; slice++) {
      learner->kernel->axpy(trace->width, 1.0f,
                            part->g + (size_t)(slice * learner->B + b) * (size_t)trace->width, row);
    }
  }
}

/* W += scale * trace */
static void apply_trace(const hd__kernel *kernel, const hd__trace *trace, float scale, float *W) {
  for (int64_t k = 0; k < *trace->n_active; k++) {
    const size_t row = (size_t)trace->active[k] * (size_t)trace->width;
    if (trace->width == 1) {
      W[row] += scale * trace->E[row];
    } else {
      kernel->axpy(trace->width, scale, trace->E + row, W + row);
    }
  }
}

/* Actor's W or G += by * what every environment's eligibility holds, times scale [B]. */
static void add_actor(hd__rule_update *learner, const float *scale, hd__weighing by,
                      const hd__decision *decision, float *W) {
  const hd__net *net = learner->net;
  if (!learner->has_trace) {
    hd__net_add(net, decision, 1, scale, by, W);
    return;
  }
  const size_t n = net->n_weights, split = hd__net_readout_at(net), from = learner->dense_at;
  const size_t middle = split > from ? split : from;
  for (int b = 0; b < learner->B; b++) {
    const float hidden = scale[b] * by.hidden, readout = scale[b] * by.readout;
    if (from > 0) {
      apply_trace(learner->kernel, &learner->actor_trace[b], split == 0 ? readout : hidden, W);
    }
    learner->kernel->axpy((int)(middle - from), hidden, learner->E[b], W + from);
    learner->kernel->axpy((int)(n - middle), readout, learner->E[b] + (middle - from), W + middle);
  }
}

/* Z <- decay Z + phi, and the critic's W or G += a scale [B] Z. */
static void add_critic(hd__rule_update *learner, const float *scale, float a, float decay,
                       const hd__phi *phi, float *W) {
  const hd__critic *critic = learner->critic;
  for (int b = 0; b < learner->B; b++) {
    const hd__phi one = hd__phi_from(critic, phi, b);
    if (!critic->is_sparse) {
      learner->kernel->trace(critic->n, decay, one.x, learner->Z[b]);
      continue;
    }
    hd__trace_decay(&learner->critic_trace[b], decay);
    for (int k = 0; k < critic->code.n_active; k++) {
      *hd__trace_touch(&learner->critic_trace[b], one.line[k]) += 1.0f;
    }
  }
  for (int b = 0; b < learner->B; b++) {
    if (critic->is_sparse) {
      apply_trace(learner->kernel, &learner->critic_trace[b], scale[b] * a, W);
    } else {
      learner->kernel->axpy(critic->n, scale[b] * a, learner->Z[b], W);
    }
  }
}

/* Weights move at once. One environment's dense critic takes a single pass. */
static void move(hd__rule_update *learner, const hd__decision *decision, const hd__phi *phi,
                 const hd__phi *next, float *value) {
  const hd__settings *s = learner->settings;
  hd__critic *critic = learner->critic;
  const float lines = line_scale(learner->net);
  const hd__weighing by = {
      .hidden = lines * hidden_alpha(s),
      .readout = (hd__net_readout_at(learner->net) == 0 ? lines : 1.0f) * readout_alpha(s)};
  const float a = (float)s->alpha_critic * critic->step_scale;
  const float decay = (float)(s->gamma * s->lambda);
  add_actor(learner, learner->scale, by, decision, learner->net->weights);
  if (learner->B == 1 && s->critic != hd__critic_none && !critic->is_sparse) {
    value[0] = learner->kernel->td(critic->n, decay, learner->scale[0] * a, phi->x, next->x,
                                   learner->Z[0], critic->w);
    return;
  }
  if (s->critic != hd__critic_none) {
    add_critic(learner, learner->scale, a, decay, phi, critic->w);
  }
  hd__critic_values(critic, learner->B, next, value);
}

void hd__rule_update_online(hd__rule_update *learner, const float *delta, const hd__decision *decision,
                        const hd__phi *phi, const hd__phi *next, float factor, float *value) {
  const hd__settings *s = learner->settings;
  const float share = (learner->is_direct ? factor : 1.0f) / (float)learner->B;
  for (int b = 0; b < learner->B; b++) {
    if (learner->has_trace) {
      remember(learner, b, (float)(s->gamma * s->lambda_actor), decision);
    }
    learner->scale[b] = delta[b] * share;
  }
  if (learner->is_direct) {
    move(learner, decision, phi, next, value);
    return;
  }
  memset(learner->G, 0, sizeof(float) * learner->net->n_weights);
  memset(learner->Gc, 0, sizeof(float) * (size_t)learner->critic->n);
  add_actor(learner, learner->scale, (hd__weighing){1, 1}, decision, learner->G);
  if (s->critic != hd__critic_none) {
    add_critic(learner, learner->scale, 1, (float)(s->gamma * s->lambda), phi, learner->Gc);
  }
  ascend_all(learner, factor);
  hd__critic_values(learner->critic, learner->B, next, value);
}

void hd__rule_update_forget(hd__rule_update *learner, int b) {
  if (learner->has_trace) {
    memset(learner->E[b], 0, sizeof(float) * (learner->net->n_weights - learner->dense_at));
    if (learner->dense_at > 0) {
      hd__trace_clear(&learner->actor_trace[b]);
    }
  }
  if (learner->critic->is_sparse) {
    hd__trace_clear(&learner->critic_trace[b]);
  } else {
    memset(learner->Z[b], 0, sizeof(float) * (size_t)learner->critic->n);
  }
}

/* ---- rollouts ---- */

void hd__rule_update_rollout(hd__rule_update *learner, int n, const float *advantage, float mean,
                         float actor_scale, const hd__decision *decision, const hd__phi *phi,
                         float factor) {
  const int steps = n * learner->B;
  const float share = 1.0f / (float)steps;
  const hd__weighing by = {.hidden = learner->settings->learn_hidden ? 1.0f : 0.0f, .readout = 1};
  memset(learner->G, 0, sizeof(float) * learner->net->n_weights);
  memset(learner->Gc, 0, sizeof(float) * (size_t)learner->critic->n);
  for (int k = 0; k < steps; k++) {
    learner->scale[k] = (advantage[k] - mean) * actor_scale * share;
  }
  hd__net_add(learner->net, decision, n, learner->scale, by, learner->G);
  for (int k = 0; k < steps; k++) {
    learner->scale[k] = advantage[k] * share;
  }
  hd__critic_add(learner->critic, steps, phi, learner->scale, learner->Gc);
  ascend_all(learner, factor);
}
