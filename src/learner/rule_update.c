#include "rule_update.h"

#include <string.h>

void hd__rule_update_compile(hd__rule_update *self, const hd__settings *settings, hd__net *net,
                             hd__critic *critic, const hd__kernel *kernel, int B, int rollout) {
  const bool is_plain = settings->optimiser == hd__optimiser_sgd;
  *self = (hd__rule_update){.settings = settings,
                            .net = net,
                            .critic = critic,
                            .kernel = kernel,
                            .B = B,
                            .rollout = rollout};
  self->has_trace = rollout == 0 && settings->lambda_actor > 0;
  self->is_direct = rollout == 0 && is_plain;
  const hd__wiring *sparse = hd__net_sparse(net);
  self->dense_at = self->has_trace && sparse != NULL ? HD_PAD(sparse->n_weights) : 0;
}

static float *rule_update_take(hd__arena *arena, bool is_needed, const char *name, size_t n) {
  return is_needed ? hd__arena_field(arena, name, "F32", 1, (int64_t)n) : NULL;
}

void hd__rule_update_lay_out(hd__rule_update *self, hd__arena *arena) {
  const hd__settings *s = self->settings;
  const bool is_online = self->rollout == 0, has_moments = s->optimiser != hd__optimiser_sgd;
  const size_t n = self->net->n_weights, nc = (size_t)self->critic->n;
  const size_t B = (size_t)self->B;
  self->G = self->is_direct ? NULL : HD_TAKE(arena, float, n);
  self->Gc = self->is_direct ? NULL : HD_TAKE(arena, float, nc);
  self->m = rule_update_take(arena, s->optimiser == hd__optimiser_adam, "actor.m", n);
  self->v = rule_update_take(arena, has_moments, "actor.v", n);
  self->mc = rule_update_take(arena, s->optimiser == hd__optimiser_adam, "critic.m", nc);
  self->vc = rule_update_take(arena, has_moments, "critic.v", nc);
  self->beta_power = hd__arena_field(arena, "beta_power", "F64", 1, 2);
  self->scale = HD_TAKE(arena, float, B *(size_t)(is_online ? 1 : self->rollout));
  self->told_scale = is_online ? HD_TAKE(arena, float, B) : NULL;
  self->E = HD_TAKE(arena, float *, B);
  self->Z = HD_TAKE(arena, float *, B);
  self->actor_trace = HD_TAKE(arena, hd__trace, B);
  self->critic_trace = HD_TAKE(arena, hd__trace, B);
  const hd__wiring *sparse = hd__net_sparse(self->net);
  for (size_t b = 0; is_online && b < B; b++) {
    float *E = rule_update_take(arena, self->has_trace, "actor.trace", n - self->dense_at);
    float *Z = rule_update_take(arena, !self->critic->is_sparse, "critic.trace", nc);
    hd__trace actor = {0}, critic = {0};
    if (self->dense_at > 0) {
      hd__trace_lay_out(&actor, arena, sparse->n_x, (int)(sparse->n_weights / (size_t)sparse->n_x));
    }
    if (self->critic->is_sparse) {
      hd__trace_lay_out(&critic, arena, (int)nc, 1);
    }
    if (arena->base != NULL) {
      self->E[b] = E;
      self->Z[b] = Z;
      self->actor_trace[b] = actor;
      self->critic_trace[b] = critic;
    }
  }
}

void hd__rule_update_start(hd__rule_update *self) {
  self->beta_power[0] = self->beta_power[1] = 1.0;
}

/* ---- the optimiser ---- */

typedef struct stretch {
  int n;
  float alpha;
  const float *G;
  float *m, *v, *W;
} stretch;

static void rule_update_ascend(const hd__rule_update *self, stretch span) {
  const hd__settings *s = self->settings;
  const float b1 = (float)s->beta1, b2 = (float)s->beta2, epsilon = (float)s->optimiser_epsilon;
  const float c1 = (float)(1.0 / (1.0 - self->beta_power[0]));
  const float c2 = (float)(1.0 / (1.0 - self->beta_power[1]));
  if (span.alpha == 0.0f || span.n == 0) {
    return;
  }
  switch (s->optimiser) {
    case hd__optimiser_sgd:
      self->kernel->axpy(span.n, span.alpha, span.G, span.W);
      break;
    case hd__optimiser_adam:
      self->kernel->adam(span.n, span.alpha * c1, c2, b1, b2, epsilon, span.G, span.m, span.v,
                         span.W);
      break;
    default:
      self->kernel->rmsprop(span.n, span.alpha, c2, b2, epsilon, span.G, span.v, span.W);
  }
}

static float rule_update_readout_alpha(const hd__settings *s) {
  return (float)(isnan(s->alpha_readout) ? s->alpha : s->alpha_readout);
}

/* Scales of the parts that learn. */
static hd__weighing rule_update_weighing(const hd__settings *s, float hidden, float readout) {
  return (hd__weighing){.hidden = hidden, .readout = readout, .frozen = (int)s->freeze_layer};
}

static float rule_update_hidden_alpha(const hd__settings *s) {
  return s->learn_hidden ? (float)s->alpha : 0.0f;
}

static float *rule_update_at(float *array, size_t offset) {
  return array == NULL ? NULL : array + offset;
}

/* Step sizes per active line, so that a coding's width does not change the pace. */
static float rule_update_line_scale(const hd__net *net) {
  return hd__net_sparse(net) != NULL ? 1.0f / (float)net->def.code.n_active : 1.0f;
}

static void rule_update_ascend_all(hd__rule_update *self, float factor) {
  const hd__settings *s = self->settings;
  const hd__net *net = self->net;
  const size_t n = net->n_weights, split = hd__net_readout_at(net);
  const float lines = rule_update_line_scale(net);
  const float hidden = rule_update_hidden_alpha(s) * factor * lines;
  const float readout = rule_update_readout_alpha(s) * factor * (split == 0 ? lines : 1.0f);
  self->beta_power[0] *= s->beta1;
  self->beta_power[1] *= s->beta2;
  rule_update_ascend(self, (stretch){(int)split, hidden, self->G, self->m, self->v, net->weights});
  rule_update_ascend(
      self, (stretch){(int)(n - split), readout, self->G + split, rule_update_at(self->m, split),
                      rule_update_at(self->v, split), net->weights + split});
  rule_update_ascend(
      self, (stretch){self->critic->n, (float)s->alpha_critic * factor * self->critic->step_scale,
                      self->Gc, self->mc, self->vc, self->critic->w});
}

/* ---- on-line ---- */

/* E <- decay E + g for environment b. */
static void rule_update_remember(hd__rule_update *self, int b, float decay,
                                 const hd__decision *decision) {
  const hd__net *net = self->net;
  const hd__settings *s = self->settings;
  const hd__weighing by = rule_update_weighing(s, s->learn_hidden ? 1.0f : 0.0f, 1.0f);
  float *E = self->E[b];
  if (self->dense_at == 0) {
    hd__net_trace_row(net, decision, b, decay, by, E);
    return;
  }
  self->kernel->scale((int)(net->n_weights - self->dense_at), decay, E);
  hd__net_add_row(net, decision, b, false, by, E - self->dense_at);
  hd__trace *trace = &self->actor_trace[b];
  hd__trace_decay(trace, decay);
  const hd__part *part = &decision->part[0];
  const int n_lines = net->def.code.n_active, n_slices = hd__net_sparse(net)->n_slices;
  for (int k = 0; k < n_lines + net->def.has_bias; k++) {
    float *row = hd__trace_touch(trace, part->line[b * (n_lines + 1) + k]);
    for (int slice = 0; slice < n_slices; slice++) {
      self->kernel->axpy(trace->width, 1.0f,
                         part->g + (size_t)(slice * self->B + b) * (size_t)trace->width, row);
    }
  }
}

/* W += scale * trace */
static void rule_update_apply_trace(const hd__kernel *kernel, const hd__trace *trace, float scale,
                                    float *W) {
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
static void rule_update_add_actor(hd__rule_update *self, const float *scale, hd__weighing by,
                                  const hd__decision *decision, float *W) {
  const hd__net *net = self->net;
  if (!self->has_trace) {
    hd__net_add(net, decision, 1, scale, by, W);
    return;
  }
  const size_t n = net->n_weights, split = hd__net_readout_at(net), from = self->dense_at;
  const size_t middle = split > from ? split : from;
  for (int b = 0; b < self->B; b++) {
    const float hidden = scale[b] * by.hidden, readout = scale[b] * by.readout;
    const float first = split == 0 ? readout : by.frozen == 1 ? 0.0f : hidden;
    if (from > 0) {
      rule_update_apply_trace(self->kernel, &self->actor_trace[b], first, W);
    }
    self->kernel->axpy((int)(middle - from), hidden, self->E[b], W + from);
    self->kernel->axpy((int)(n - middle), readout, self->E[b] + (middle - from), W + middle);
  }
}

/* Z <- decay Z + phi of cells that are seen, or Z <- 1 there (Singh & Sutton 1996). */
static void rule_update_remember_cells(const hd__rule_update *self, hd__trace *Z, float decay,
                                       const int32_t *line) {
  const float kept = self->settings->trace == hd__trace_replace ? 0.0f : 1.0f;
  hd__trace_decay(Z, decay);
  for (int k = 0; k < self->critic->code.n_active; k++) {
    float *z = hd__trace_touch(Z, line[k]);
    *z = kept * *z + 1.0f;
  }
}

/* Z <- decay Z + phi, and the critic's W or G += a scale [B] Z. */
static void rule_update_add_critic(hd__rule_update *self, const float *scale, float a, float decay,
                                   const hd__phi *phi, float *W) {
  const hd__critic *critic = self->critic;
  for (int b = 0; b < self->B; b++) {
    const hd__phi one = hd__phi_from(critic, phi, b);
    if (!critic->is_sparse) {
      self->kernel->trace(critic->n, decay, one.x, self->Z[b]);
      continue;
    }
    rule_update_remember_cells(self, &self->critic_trace[b], decay, one.line);
  }
  for (int b = 0; b < self->B; b++) {
    if (critic->is_sparse) {
      rule_update_apply_trace(self->kernel, &self->critic_trace[b], scale[b] * a, W);
    } else {
      self->kernel->axpy(critic->n, scale[b] * a, self->Z[b], W);
    }
  }
}

/* The actor's weights move, by traces or by the eligibilities of the decision. */
static void rule_update_move_actor(hd__rule_update *self, const hd__decision *decision,
                                   hd__weighing by) {
  if (!self->has_trace) {
    hd__net_move(self->net, decision, self->told_scale, by);
    return;
  }
  if (!self->net->general.has_limits) {
    rule_update_add_actor(self, self->told_scale, by, decision, self->net->weights);
    return;
  }
  for (int b = 0; b < self->B; b++) {
    hd__net_move_by(self->net, b, self->told_scale[b], by, self->E[b]);
  }
}

/* Weights move at once. One environment's dense critic takes a single pass. */
static void rule_update_move(hd__rule_update *self, const hd__decision *decision,
                             const hd__phi *phi, const hd__phi *next, float *value) {
  const hd__settings *s = self->settings;
  hd__critic *critic = self->critic;
  const float lines = rule_update_line_scale(self->net);
  const float of_readout = hd__net_readout_at(self->net) == 0 ? lines : 1.0f;
  const hd__weighing by = rule_update_weighing(s, lines * rule_update_hidden_alpha(s),
                                               of_readout * rule_update_readout_alpha(s));
  const float a = (float)s->alpha_critic * critic->step_scale;
  const float decay = (float)(s->gamma * s->lambda);
  rule_update_move_actor(self, decision, by);
  if (self->B == 1 && s->critic != hd__critic_none && !critic->is_sparse && phi->rest == NULL) {
    value[0] = self->kernel->td(critic->n, decay, self->scale[0] * a, phi->x, next->x, self->Z[0],
                                critic->w);
    return;
  }
  if (s->critic != hd__critic_none) {
    rule_update_add_critic(self, self->scale, a, decay, phi, critic->w);
  }
  hd__critic_values(critic, self->B, next, value);
}

void hd__rule_update_online(hd__rule_update *self, const float *delta, const float *told,
                            const hd__decision *decision, const hd__phi *phi, const hd__phi *next,
                            float factor, float *value) {
  const hd__settings *s = self->settings;
  const float share = (self->is_direct ? factor : 1.0f) / (float)self->B;
  for (int b = 0; b < self->B; b++) {
    if (self->has_trace) {
      rule_update_remember(self, b, (float)(s->gamma * s->lambda_actor), decision);
    }
    self->scale[b] = delta[b] * share;
    self->told_scale[b] = told[b] * share;
  }
  if (self->is_direct) {
    rule_update_move(self, decision, phi, next, value);
    return;
  }
  memset(self->G, 0, sizeof(float) * self->net->n_weights);
  memset(self->Gc, 0, sizeof(float) * (size_t)self->critic->n);
  rule_update_add_actor(self, self->told_scale, rule_update_weighing(s, 1.0f, 1.0f), decision,
                        self->G);
  if (s->critic != hd__critic_none) {
    rule_update_add_critic(self, self->scale, 1, (float)(s->gamma * s->lambda), phi, self->Gc);
  }
  rule_update_ascend_all(self, factor);
  hd__critic_values(self->critic, self->B, next, value);
}

void hd__rule_update_show(const hd__rule_update *self, int b, float *e) {
  if (!self->has_trace) {
    return;
  }
  const size_t sparse =
      hd__net_sparse(self->net) != NULL ? hd__net_sparse(self->net)->n_weights : 0;
  if (self->dense_at > 0) {
    memcpy(e, self->actor_trace[b].E, sizeof *e * sparse);
  }
  memcpy(e + self->dense_at, self->E[b], sizeof *e * (self->net->n_weights - self->dense_at));
}

void hd__rule_update_forget(hd__rule_update *self, int b) {
  if (self->has_trace) {
    memset(self->E[b], 0, sizeof(float) * (self->net->n_weights - self->dense_at));
    if (self->dense_at > 0) {
      hd__trace_clear(&self->actor_trace[b]);
    }
  }
  if (self->critic->is_sparse) {
    hd__trace_clear(&self->critic_trace[b]);
  } else {
    memset(self->Z[b], 0, sizeof(float) * (size_t)self->critic->n);
  }
}

bool hd__rule_update_is_consistent(const hd__rule_update *self) {
  bool is_consistent = true;
  for (int b = 0; self->rollout == 0 && is_consistent && b < self->B; b++) {
    is_consistent = (self->dense_at == 0 || hd__trace_is_consistent(&self->actor_trace[b])) &&
                    (!self->critic->is_sparse || hd__trace_is_consistent(&self->critic_trace[b]));
  }
  return is_consistent;
}

/* ---- rollouts ---- */

void hd__rule_update_rollout(hd__rule_update *self, int n, const float *advantage,
                             const float *told, float mean, float actor_scale,
                             const hd__decision *decision, const hd__phi *phi, float factor) {
  const int steps = n * self->B;
  const float share = 1.0f / (float)steps;
  const hd__settings *s = self->settings;
  const hd__weighing by = rule_update_weighing(s, s->learn_hidden ? 1.0f : 0.0f, 1.0f);
  memset(self->G, 0, sizeof(float) * self->net->n_weights);
  memset(self->Gc, 0, sizeof(float) * (size_t)self->critic->n);
  for (int k = 0; k < steps; k++) {
    self->scale[k] = (told[k] - mean) * actor_scale * share;
  }
  hd__net_add(self->net, decision, n, self->scale, by, self->G);
  for (int k = 0; k < steps; k++) {
    self->scale[k] = advantage[k] * share;
  }
  hd__critic_add(self->critic, steps, phi, self->scale, self->Gc);
  rule_update_ascend_all(self, factor);
}
