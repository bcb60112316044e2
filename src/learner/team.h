/* Teams: networks whose units decide for themselves and learn from what they did, each by
 * parameters of its own. The learner (team_learner.c) knows decisions, traces and signals; a model
 * says what the parameters are:
 *
 *   forward  draw what every unit does; pi, P(action); value, what each agent expects
 *   trace    z <- keep z + d (log P(what its agent did) + share value of its agent) / d w
 *   learn    w += rate delta_k z, for the parameters of agent k
 *
 * Models are rows of hd__teams. */
#ifndef HD_TEAM_H
#define HD_TEAM_H

#include "arena.h"
#include "config.h"
#include "random.h"

enum { HD_TEAM_LAYERS = HD_HIDDEN_MAX + 1 };

typedef struct hd__team_def {
  int n_in, n_actions, n_hidden, hidden[HD_HIDDEN_MAX];
  int units;      /* of the private network of a narla neuron */
  float sparsity; /* narla: a layer is punished by this times |share of active neurons - target| */
  float target;
  int group;  /* units of a winner-take-all group of svpg, */
  int steps;  /* in so many substeps of spikes, or 0: by the mean field, */
  int window; /* of which the last so many are seen */
} hd__team_def;

/* One layer of a narla network: agents that see the same inputs. */
typedef struct hd__team_layer {
  int n_pre, n, n_out;  /* inputs with the 1 behind them, agents, logits of each */
  size_t at, size;      /* of the first agent's parameters; of each */
  int y_at, h_at, p_at; /* in hd__team_step.kept: inputs, private units, probabilities */
} hd__team_layer;

/* What a row's units did in the decision at hand. */
typedef struct hd__team_step {
  float *x;     /* [n_in + 1] coded observation, and a 1 */
  float *kept;  /* [n_kept] the model's own */
  float *pi;    /* [n_actions] */
  float *value; /* [n_agents] */
  float *local; /* [n_agents] rewards of their own for what they did */
} hd__team_step;

typedef struct hd__team hd__team;

typedef struct hd__team_desc {
  void (*measure)(hd__team *team); /* n_agents, n_weights, n_kept, first_out */
  void (*start)(const hd__team *team, uint64_t seed, float scale, float out_scale);
  void (*forward)(const hd__team *team, const float *w, hd__key key, const hd__team_step *step);
  void (*trace)(const hd__team *team, const hd__team_step *step, int action, float keep,
                float share, float *z);
  /* Hidden agents learn only if `learns_hidden`. */
  void (*learn)(const hd__team *team, float rate, const float *delta, const float *z,
                bool learns_hidden);
} hd__team_desc;

extern const hd__team_desc hd__team_narla, hd__team_svpg;

struct hd__team {
  const hd__team_desc *desc;
  hd__team_def def;
  int n_agents, n_kept;
  size_t n_weights;
  hd__team_layer layer[HD_TEAM_LAYERS]; /* of narla */
  float *w;                             /* [n_weights] */
};

hd__team_step hd__team_lay_out_step(const hd__team *team, hd__arena *arena);

/* x becomes a probability distribution, softmax(x). */
void hd__team_softmax(int n, float *x);
/* Draw from a distribution by a uniform number. */
int hd__team_draw(int n, const float *p, float uniform);

#endif
