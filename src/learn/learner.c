#include "learner.h"

#include <string.h>

void hd__learner_compile(hd__learner *learner, const hd__settings *settings, hd__net *net,
                         hd__critic *critic, const hd__kernel *kernel, int B) {
  const bool is_online = settings->rollout == 0;
  const bool is_plain = settings->optimiser == hd__optimiser_sgd;
  *learner =
      (hd__learner){.settings = settings, .net = net, .critic = critic, .kernel = kernel, .B = B};
  learner->has_trace = is_online && settings->lambda_actor > 0;
  learner->is_direct = is_online && is_plain;
  const hd__wiring *sparse = hd__net_sparse(net);
  learner->dense_at = learner->has_trace && sparse != NULL ? HD_PAD(sparse->n_weights) : 0;
}

static float *take(hd__arena *arena, bool is_needed, const char *name, size_t n) {
  return is_needed ? hd__arena_field(arena, name, "F32", 1, (int64_t)n) : NULL;
}

void hd__learner_lay_out(hd__learner *learner, hd__arena *arena) {
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

void hd__learner_start(hd__learner *learner) {
  learner->beta_power[0] = learner->beta_power[1] = 1.0;
}

/* ---- the optimiser ---- */

typedef struct stretch {
  int n;
  float alpha;
  const float *G;
  float *m, *v, *W;
} stretch;

static void ascend(const hd__learner *learner, stretch span) {
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

static void ascend_all(hd__learner *learner, float factor) {
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
static void remember(hd__learner *learner, int b, float decay, const hd__decision *decision) {
  const hd__net *net = learner->net;
  const float hidden = learner->settings->learn_hidden ? 1.0f : 0.0f;
  const size_t n = net->n_weights - learner->dense_at;
  float *E = learner->E[b];
  learner->kernel->scale((int)n, decay, E);
  if (learner->dense_at == 0) {
    hd__net_add(net, decision, hidden, 1.0f, E);
    return;
  }
  hd__net_add_dense(net, decision, hidden, 1.0f, E - learner->dense_at);
  hd__trace *trace = &learner->actor_trace[b];
  hd__trace_decay(trace, decay);
  const hd__part *part = &decision->part[0];
  for (int k = 0; k < net->def.code.n_active + net->def.has_bias; k++) {
    float *row = hd__trace_touch(trace, part->line[k]);
    for (int slice = 0; slice < hd__net_sparse(net)->n_slices; slice++) {
      learner->kernel->axpy(trace->width, 1.0f, part->g + (size_t)slice * (size_t)trace->width,
                            row);
    }
  }
}

static void remember_critic(hd__learner *learner, int b, float decay, const hd__phi *phi) {
  const hd__critic *critic = learner->critic;
  if (!critic->is_sparse) {
    learner->kernel->scale(critic->n, decay, learner->Z[b]);
    hd__critic_add(critic, phi, 1.0f, learner->Z[b]);
    return;
  }
  hd__trace_decay(&learner->critic_trace[b], decay);
  for (int k = 0; k < critic->code.n_active; k++) {
    *hd__trace_touch(&learner->critic_trace[b], phi->line[k]) += 1.0f;
  }
}

/* W += scale * trace */
static void apply_trace(const hd__kernel *kernel, const hd__trace *trace, float scale, float *W) {
  for (int64_t k = 0; k < *trace->n_awake; k++) {
    const size_t row = (size_t)trace->awake[k] * (size_t)trace->width;
    if (trace->width == 1) {
      W[row] += scale * trace->E[row];
    } else {
      kernel->axpy(trace->width, scale, trace->E + row, W + row);
    }
  }
}

/* Actor's W or G += scales * what environment b's eligibility holds. */
static void add_actor(hd__learner *learner, int b, float hidden, float readout,
                      const hd__decision *decision, float *W) {
  const hd__net *net = learner->net;
  if (!learner->has_trace) {
    hd__net_add(net, decision, hidden, readout, W);
    return;
  }
  const size_t n = net->n_weights, split = hd__net_readout_at(net), from = learner->dense_at;
  const size_t middle = split > from ? split : from;
  if (from > 0) {
    apply_trace(learner->kernel, &learner->actor_trace[b], split == 0 ? readout : hidden, W);
  }
  learner->kernel->axpy((int)(middle - from), hidden, learner->E[b], W + from);
  learner->kernel->axpy((int)(n - middle), readout, learner->E[b] + (middle - from), W + middle);
}

static void add_critic(hd__learner *learner, int b, float scale, float *W) {
  if (learner->critic->is_sparse) {
    apply_trace(learner->kernel, &learner->critic_trace[b], scale, W);
  } else {
    learner->kernel->axpy(learner->critic->n, scale, learner->Z[b], W);
  }
}

void hd__learner_online(hd__learner *learner, const float *delta, const hd__decision *decision,
                        const hd__phi *phi, float factor) {
  const hd__settings *s = learner->settings;
  const hd__net *net = learner->net;
  const bool has_critic = s->critic != hd__critic_none;
  const float share = factor / (float)learner->B;
  const float lines = line_scale(net);
  if (!learner->is_direct) {
    memset(learner->G, 0, sizeof(float) * net->n_weights);
    memset(learner->Gc, 0, sizeof(float) * (size_t)learner->critic->n);
  }
  for (int b = 0; b < learner->B; b++) {
    if (learner->has_trace) {
      remember(learner, b, (float)(s->gamma * s->lambda_actor), &decision[b]);
    }
    if (has_critic) {
      remember_critic(learner, b, (float)(s->gamma * s->lambda), &phi[b]);
    }
  }
  for (int b = 0; b < learner->B; b++) {
    if (learner->is_direct) {
      const float d = delta[b] * share;
      const bool is_first = hd__net_readout_at(net) == 0;
      add_actor(learner, b, d * lines * hidden_alpha(s),
                d * (is_first ? lines : 1.0f) * readout_alpha(s), &decision[b], net->weights);
      if (has_critic) {
        add_critic(learner, b, d * (float)s->alpha_critic * learner->critic->step_scale,
                   learner->critic->w);
      }
    } else {
      const float d = delta[b] / (float)learner->B;
      add_actor(learner, b, d, d, &decision[b], learner->G);
      if (has_critic) {
        add_critic(learner, b, d, learner->Gc);
      }
    }
  }
  if (!learner->is_direct) {
    ascend_all(learner, factor);
  }
}

void hd__learner_forget(hd__learner *learner, int b) {
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

void hd__learner_rollout(hd__learner *learner, int n, const float *advantage, float mean,
                         float actor_scale, const hd__decision *decision, const hd__phi *phi,
                         float factor) {
  const int steps = n * learner->B;
  const float share = 1.0f / (float)steps;
  const float hidden = learner->settings->learn_hidden ? 1.0f : 0.0f;
  memset(learner->G, 0, sizeof(float) * learner->net->n_weights);
  memset(learner->Gc, 0, sizeof(float) * (size_t)learner->critic->n);
  for (int k = 0; k < steps; k++) {
    const float a = (advantage[k] - mean) * actor_scale * share;
    hd__net_add(learner->net, &decision[k], a * hidden, a, learner->G);
    hd__critic_add(learner->critic, &phi[k], advantage[k] * share, learner->Gc);
  }
  ascend_all(learner, factor);
}
