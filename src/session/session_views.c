/* What a session shows of itself: arrays, a hash of the weights, returns, activity of layers. */
#include "hash.h"
#include "session_internal.h"

float *hd__session_eval_weights(const hd_session *session) {
  return session->average != NULL ? session->average : session->net.weights;
}

uint64_t hd_session_hash(const hd_session *session) {
  if (session->is_gradient_rl) {
    return hd__gradient_rl_hash(&session->gradient_rl);
  }
  const size_t n = session->net.n_weights, size = sizeof(float) * n;
  const uint64_t learning = hd__hash(n, session->net.weights, size);
  const uint64_t actor = hd__hash(learning, hd__session_eval_weights(session), size);
  if (session->is_searching) {
    return hd__hash(actor, session->search.w, sizeof(float) * (size_t)session->search.n);
  }
  return hd__hash(actor, session->critic.w, sizeof(float) * (size_t)session->critic.n);
}

int hd_session_view_count(const hd_session *session) { return session->arena.n_views; }

hd_view hd_session_view_at(const hd_session *session, int index) {
  return session->arena.view[index];
}

const hd_config *hd_session_config(const hd_session *session) { return session->config; }

int hd_session_returns(const hd_session *session, double *returns, int capacity) {
  const int64_t ended = session->counters->episodes;
  int64_t n = ended < HD_RETURNS ? ended : HD_RETURNS;
  n = n < capacity ? n : capacity;
  for (int64_t i = 0; i < n; i++) {
    returns[i] = session->returns[(ended - n + i) % HD_RETURNS];
  }
  return (int)n;
}

_Static_assert((int)HD_MAX_PARTS <= (int)HD_MAX_LAYERS &&
                   (int)HD_STACK_LAYERS <= (int)HD_MAX_LAYERS,
               "raise HD_MAX_LAYERS: hd_stats has room for every layer of a network");

/* live [n_pad]: 1 in lanes that are neurons; NULL: the first n are. */
static void describe_layer(hd_stats *out, int l, const char *name, int n, int n_pad,
                           const float *live, const float *spikes, double substeps) {
  double total = 0.0;
  int silent = 0, full = 0;
  for (int j = 0; j < n_pad; j++) {
    const bool is_live = live != NULL ? live[j] > 0 : j < n;
    total += (double)spikes[j];
    silent += is_live && spikes[j] == 0.0f;
    full += is_live && (double)spikes[j] == substeps;
  }
  out->layer[l].name = name;
  out->layer[l].n = n;
  if (substeps > 0) {
    out->layer[l].rate = total / (substeps * n);
    out->layer[l].silent = (double)silent / n;
    out->layer[l].full = (double)full / n;
  }
}

static void describe_stack(const hd__model *actor, hd_stats *out) {
  static const char *const names[] = {"hidden 1", "hidden 2", "hidden 3",
                                      "hidden 4", "hidden 5", "hidden 6"};
  _Static_assert(sizeof names / sizeof names[0] == HD_STACK_LAYERS, "every layer has a name");
  const hd__stack *stack = &actor->stack;
  const bool is_spiking = stack->def.cell.activation == HD_ACTIVATION_SPIKE;
  out->n_layers = is_spiking ? stack->def.n_layers : 0;
  for (int l = 0; l < out->n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    describe_layer(out, l, names[l], layer->n, layer->n_pad, NULL, actor->spikes[l],
                   actor->counted);
  }
}

void hd__session_read_stats(const hd_session *session, hd_stats *out) {
  *out = (hd_stats){.seed = session->seed,
                    .env_steps = session->counters->steps * session->B,
                    .episodes = session->counters->episodes,
                    .updates = session->counters->updates,
                    .cpu_s = session->counters->cpu_s,
                    .recent = session->counters->episodes > 0 ? session->counters->recent : NAN,
                    .n_layers = session->net.n_layers};
  if (session->is_gradient_rl) {
    describe_stack(&session->gradient_rl.model[0], out);
    return;
  }
  for (int l = 0; l < session->net.n_layers; l++) {
    const hd__layer *layer = &session->net.layer[l];
    describe_layer(out, l, layer->name, layer->n, layer->n_pad, layer->live, layer->spikes,
                   session->net.counted + session->actor.net.counted);
  }
}

void hd__session_count_reset(hd_session *session) {
  if (session->is_gradient_rl) {
    hd__model_count_reset(&session->gradient_rl.model[0]);
  } else {
    hd__net_count_reset(&session->net);
    session->actor.net.counted = 0;
  }
}

void hd_session_stats(hd_session *session, hd_stats *out) {
  hd__session_read_stats(session, out);
  hd__session_count_reset(session);
}
