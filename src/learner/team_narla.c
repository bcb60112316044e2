/* Neurons as reinforcement-learning agents: every neuron is an actor-critic of its own, with a
 * private network that nobody else sees.
 *   h   = tanh(A y)          private units; y what the layer below did, and a 1
 *   p   = sigma(B (h, 1))    P(the neuron's action is 1); the last agent, which chooses the
 *                            action, has softmax(B (h, 1)) instead
 *   v   = C (h, 1)           what the neuron expects of its own reward
 *   r_j = r - sparsity |share of its layer that is active - target|
 *   delta_j = r_j + gamma v_j(next) - v_j
 * A learns from both heads, as the private network is one. After Ott 2020, of which an abstract and
 * a summary were at hand: that the critic and the actor share their units, that an agent with a
 * softmax chooses, and the form of the local reward are Hedon's own; a reward for predicting the
 * next layer, and learners by REINFORCE or Q-values, are not there. */
#include <math.h>
#include <string.h>

#include "mathf.h"
#include "normal.h"
#include "team.h"

static void narla_measure_layer(hd__team *team, int l) {
  const hd__team_def *d = &team->def;
  hd__team_layer *layer = &team->layer[l];
  const bool is_last = l == d->n_hidden;
  *layer = (hd__team_layer){.n_pre = 1 + (l > 0 ? d->hidden[l - 1] : d->n_in),
                            .n = is_last ? 1 : d->hidden[l],
                            .n_out = is_last ? d->n_actions : 1,
                            .at = team->n_weights};
  layer->size = (size_t)(d->units * layer->n_pre + (layer->n_out + 1) * (d->units + 1));
  layer->y_at = team->n_kept;
  layer->h_at = layer->y_at + layer->n_pre;
  layer->p_at = layer->h_at + layer->n * d->units;
  team->n_kept = layer->p_at + layer->n * layer->n_out;
  team->n_weights += (size_t)layer->n * layer->size;
  team->n_agents += layer->n;
}

static void narla_measure(hd__team *team) {
  for (int l = 0; l <= team->def.n_hidden; l++) {
    narla_measure_layer(team, l);
  }
}

/* Normal numbers, over the root of how many come together; heads begin at out_scale. */
static void narla_start(const hd__team *team, uint64_t seed, float scale, float out_scale) {
  const int m = team->def.units;
  for (int l = 0; l <= team->def.n_hidden; l++) {
    const hd__team_layer *layer = &team->layer[l];
    const size_t private = (size_t)(m * layer->n_pre);
    for (int j = 0; j < layer->n; j++) {
      const hd__key key = hd__key_make(seed, HD_STREAM_INIT, (uint64_t)l, (uint64_t)j);
      float *w = team->w + layer->at + (size_t)j * layer->size;
      for (size_t k = 0; k < layer->size; k++) {
        const float by =
            k < private ? scale / sqrtf((float)layer->n_pre) : out_scale / sqrtf((float)m);
        w[k] = by * hd__normalf(key, (uint32_t)k);
      }
    }
  }
}

/* ---- a decision ---- */

/* One agent: its parameters, and what it saw and did. */
typedef struct narla_agent {
  const float *A, *B, *C; /* [m][n_pre], [n_out][m + 1], [m + 1] */
  const float *y;
  float *h, *p;
} narla_agent;

static narla_agent narla_agent_of(const hd__team *team, const float *w, const hd__team_step *step,
                                  int l, int j) {
  const hd__team_layer *layer = &team->layer[l];
  const int m = team->def.units;
  narla_agent agent = {.A = w + layer->at + (size_t)j * layer->size,
                       .y = step->kept + layer->y_at,
                       .h = step->kept + layer->h_at + j * m,
                       .p = step->kept + layer->p_at + j * layer->n_out};
  agent.B = agent.A + (size_t)(m * layer->n_pre);
  agent.C = agent.B + (size_t)(layer->n_out * (m + 1));
  return agent;
}

/* A head on the private units and a 1. */
static float narla_head(int m, const float *weights, const float *h) {
  float sum = weights[m];
  for (int i = 0; i < m; i++) {
    sum += weights[i] * h[i];
  }
  return sum;
}

/* Private units, logits in p; returns the value. */
static float narla_think(const hd__team_layer *layer, int m, const narla_agent *agent) {
  for (int i = 0; i < m; i++) {
    float sum = 0.0f;
    for (int k = 0; k < layer->n_pre; k++) {
      sum += agent->A[i * layer->n_pre + k] * agent->y[k];
    }
    agent->h[i] = hd__tanhf(sum);
  }
  for (int o = 0; o < layer->n_out; o++) {
    agent->p[o] = narla_head(m, agent->B + o * (m + 1), agent->h);
  }
  return narla_head(m, agent->C, agent->h);
}

/* How far a layer is from the share of active neurons that it is asked for. */
static float narla_local(const hd__team *team, const float *y, int n) {
  float active = 0.0f;
  for (int j = 0; j < n; j++) {
    active += y[j] / (float)n;
  }
  return -team->def.sparsity * fabsf(active - team->def.target);
}

/* Neurons of hidden layer l draw; `first` agents came before. */
static void narla_layer(const hd__team *team, const float *w, hd__key key,
                        const hd__team_step *step, int l, int first) {
  const hd__team_layer *layer = &team->layer[l];
  float *y = step->kept + team->layer[l + 1].y_at;
  for (int j = 0; j < layer->n; j++) {
    const narla_agent agent = narla_agent_of(team, w, step, l, j);
    step->value[first + j] = narla_think(layer, team->def.units, &agent);
    *agent.p = hd__sigmoidf(*agent.p);
    y[j] = hd__uniform24(key, (uint32_t)(first + j)) < *agent.p ? 1.0f : 0.0f;
  }
  y[layer->n] = 1.0f;
  const float local = narla_local(team, y, layer->n);
  for (int j = 0; j < layer->n; j++) {
    step->local[first + j] = local;
  }
}

static void narla_forward(const hd__team *team, const float *w, hd__key key,
                          const hd__team_step *step) {
  const int last = team->def.n_hidden, m = team->def.units;
  int first = 0;
  memcpy(step->kept, step->x, sizeof(float) * (size_t)(team->def.n_in + 1));
  for (int l = 0; l < last; l++) {
    narla_layer(team, w, key, step, l, first);
    first += team->layer[l].n;
  }
  const narla_agent agent = narla_agent_of(team, w, step, last, 0);
  step->value[first] = narla_think(&team->layer[last], m, &agent);
  step->local[first] = 0.0f;
  hd__team_softmax(team->def.n_actions, agent.p);
  memcpy(step->pi, agent.p, sizeof(float) * (size_t)team->def.n_actions);
}

/* ---- learning ---- */

/* Add d (score + share value)/d parameters of one agent to its traces z: `error` [n_out] is
 * d log P(what it did) / d logit. */
static void narla_trace_agent(const hd__team_layer *layer, int m, const narla_agent *agent,
                              const float *error, float share, float *z) {
  float *zB = z + m * layer->n_pre, *zC = zB + layer->n_out * (m + 1);
  for (int i = 0; i <= m; i++) {
    const float h = i < m ? agent->h[i] : 1.0f;
    float back = share * agent->C[i];
    zC[i] += share * h;
    for (int o = 0; o < layer->n_out; o++) {
      zB[o * (m + 1) + i] += error[o] * h;
      back += error[o] * agent->B[o * (m + 1) + i];
    }
    for (int k = 0; i < m && k < layer->n_pre; k++) {
      z[i * layer->n_pre + k] += back * (1.0f - h * h) * agent->y[k];
    }
  }
}

static void narla_trace(const hd__team *team, const hd__team_step *step, int action, float keep,
                        float share, float *z) {
  const int m = team->def.units, last = team->def.n_hidden;
  float *error = step->pi; /* of the last agent: what it did, less what was expected */
  for (size_t k = 0; k < team->n_weights; k++) {
    z[k] *= keep;
  }
  for (int l = 0; l <= last; l++) {
    const hd__team_layer *layer = &team->layer[l];
    for (int j = 0; j < layer->n; j++) {
      const narla_agent agent = narla_agent_of(team, team->w, step, l, j);
      for (int o = 0; o < layer->n_out; o++) {
        const float did = l < last ? step->kept[team->layer[l + 1].y_at + j] : (float)(o == action);
        error[o] = did - agent.p[o];
      }
      narla_trace_agent(layer, m, &agent, error, share, z + layer->at + (size_t)j * layer->size);
    }
  }
}

static void narla_learn(const hd__team *team, float rate, const float *delta, const float *z,
                        bool learns_hidden) {
  for (int l = 0; l <= team->def.n_hidden; l++) {
    const hd__team_layer *layer = &team->layer[l];
    const bool learns = learns_hidden || l == team->def.n_hidden;
    for (size_t k = 0; learns && k < (size_t)layer->n * layer->size; k++) {
      team->w[layer->at + k] += rate * delta[k / layer->size] * z[layer->at + k];
    }
    delta += layer->n;
  }
}

const hd__team_desc hd__team_narla = {narla_measure, narla_start, narla_forward, narla_trace,
                                      narla_learn};
