/* The distal reward as the program beside Izhikevich 2007 computes it, written anew: what stands
 * out in its own network?
 *
 *   peers_distal_published SEED paired|unpaired [SECONDS]
 *     one JSON line: over the last third of the time, the weight of the pair's synapse and how many
 * others are as strong
 *
 * 800 excitatory and 200 inhibitory neurons of Izhikevich 2003, 100 synapses each, a delay of 1 ms,
 * noise of +-6.5 per ms. Excitatory weights lie in [0, 4]; STDP of 0.1 and -0.15 (tau 20 ms) adds
 * to a synapse's eligibility, which moves the weight by 0.002 + dopamine every 10 ms. One synapse
 * begins at 0, all others at 1. When its neurons fire within 20 ms of each other in its order, 0.5
 * of dopamine follow 1 to 3 s later; unpaired, at any moment of the minute after. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  N = 1000,
  EXCITATORY = 800,
  FAN_OUT = 100,
  SYNAPSES = EXCITATORY * FAN_OUT,
  AHEAD = 60 * 1000 + 1
};

typedef struct network {
  int post[N][FAN_OUT];
  float weight[N * FAN_OUT], eligibility[SYNAPSES]; /* FAN_OUT of each neuron */
  int *incoming[N], n_incoming[N]; /* excitatory synapses, as indices of eligibility */
  float v[N], u[N], input[N];
  float trace[N], trace_before[N]; /* of spikes, now and a millisecond ago */
  int fired[N], n_fired;
  float dopamine;
  bool reward[AHEAD]; /* a ring over the milliseconds to come */
  long pre_fired, n_rewards;
  double sum[SYNAPSES];
  int n_summed, n_looks, n_alone;
} network;

static double uniform(uint64_t *state) { /* SplitMix64 */
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static bool is_excitatory(int neuron) { return neuron < EXCITATORY; }

static void connect(network *net, uint64_t *draw) {
  for (int i = 0; i < N; i++) {
    for (int k = 0; k < FAN_OUT; k++) {
      net->post[i][k] = (int)((is_excitatory(i) ? N : EXCITATORY) * uniform(draw));
      net->weight[i * FAN_OUT + k] = is_excitatory(i) ? 1 : -1;
      net->n_incoming[net->post[i][k]] += is_excitatory(i);
    }
    net->v[i] = -65;
    net->u[i] = 0.2f * net->v[i];
  }
  net->weight[0] = 0;
  net->pre_fired = -1000;
}

static bool index_incoming(network *net) {
  for (int i = 0; i < N; i++) {
    net->incoming[i] = malloc(sizeof(int) * (size_t)(net->n_incoming[i] + 1));
    net->n_incoming[i] = 0;
    if (net->incoming[i] == NULL) {
      return false;
    }
  }
  for (int s = 0; s < SYNAPSES; s++) {
    const int to = net->post[s / FAN_OUT][s % FAN_OUT];
    net->incoming[to][net->n_incoming[to]++] = s;
  }
  return true;
}

static void fire(network *net) {
  net->n_fired = 0;
  memcpy(net->trace_before, net->trace, sizeof net->trace);
  for (int i = 0; i < N; i++) {
    net->trace[i] *= 0.95f;
    if (net->v[i] >= 30) {
      net->fired[net->n_fired++] = i;
      net->v[i] = -65;
      net->u[i] += is_excitatory(i) ? 8 : 2;
      net->trace[i] = 0.1f;
    }
  }
}

/* Spikes before the post-synaptic one count without those of this millisecond, spikes after it with
 * them. */
static void transmit(network *net) {
  for (int k = 0; k < net->n_fired; k++) {
    const int i = net->fired[k];
    for (int q = 0; q < net->n_incoming[i]; q++) {
      const int s = net->incoming[i][q];
      net->eligibility[s] += net->trace_before[s / FAN_OUT];
    }
  }
  for (int k = 0; k < net->n_fired; k++) {
    const int i = net->fired[k];
    for (int q = 0; q < FAN_OUT; q++) {
      const int to = net->post[i][q];
      net->input[to] += net->weight[i * FAN_OUT + q];
      if (is_excitatory(i)) {
        net->eligibility[i * FAN_OUT + q] -= 1.5f * net->trace[to];
      }
    }
  }
}

static void move_potentials(network *net) {
  for (int i = 0; i < N; i++) {
    for (int half = 0; half < 2; half++) {
      net->v[i] += 0.5f * ((0.04f * net->v[i] + 5) * net->v[i] + 140 - net->u[i] + net->input[i]);
    }
    net->u[i] += (is_excitatory(i) ? 0.02f : 0.1f) * (0.2f * net->v[i] - net->u[i]);
  }
}

static void move_weights(network *net) {
  float *weight = net->weight, *eligibility = net->eligibility;
  const float rate = 0.002f + net->dopamine;
  for (int s = 0; s < SYNAPSES; s++) {
    const float moved = weight[s] + rate * eligibility[s], positive = moved < 0 ? 0 : moved;
    weight[s] = positive > 4 ? 4 : positive;
    eligibility[s] *= 0.99f;
  }
}

static void promise_reward(network *net, uint64_t *draw, long t, bool is_paired) {
  const int pre = 0, post = net->post[0][0];
  bool pre_now = false, post_now = false;
  for (int k = 0; k < net->n_fired; k++) {
    pre_now |= net->fired[k] == pre;
    post_now |= net->fired[k] == post;
  }
  net->pre_fired = pre_now ? t : net->pre_fired;
  if (post_now && t > net->pre_fired && t - net->pre_fired < 20) {
    const double wait = is_paired ? 1000 + 2000 * uniform(draw) : (AHEAD - 1) * uniform(draw);
    net->reward[(t + 1 + (long)wait) % AHEAD] = true;
    net->n_rewards++;
  }
}

static void pay(network *net, long t) {
  net->dopamine += net->reward[t % AHEAD] ? 0.5f : 0;
  net->reward[t % AHEAD] = false;
}

static int as_strong(const network *net) {
  const float *weight = net->weight;
  int n = 0;
  for (int s = 1; s < SYNAPSES; s++) {
    n += weight[s] >= weight[0];
  }
  return n;
}

/* Once a second, and whether the pair's synapse is the strongest of all once a minute. */
static void look(network *net, long t, long n_steps) {
  const float *weight = net->weight;
  for (int s = 0; 3 * t > 2 * n_steps && s < SYNAPSES; s++) {
    net->sum[s] += weight[s];
  }
  net->n_summed += 3 * t > 2 * n_steps;
  if (t % (60 * 1000) == 0) {
    net->n_looks++;
    net->n_alone += as_strong(net) == 0;
  }
}

static void step(network *net, uint64_t *draw, long t, bool is_paired) {
  for (int i = 0; i < N; i++) {
    net->input[i] = (float)(13 * (uniform(draw) - 0.5));
  }
  fire(net);
  transmit(net);
  move_potentials(net);
  net->dopamine *= 0.995f;
  if (t % 10 == 0) {
    move_weights(net);
  }
  promise_reward(net, draw, t, is_paired);
  pay(net, t);
}

static void report(const network *net, const char *seed, const char *condition) {
  int others = 0;
  for (int s = 1; s < SYNAPSES; s++) {
    others += net->sum[s] >= net->sum[0];
  }
  printf(
      "{\"seed\":%s,\"condition\":\"%s\",\"weight\":%.3f,\"as_strong\":%d,\"of\":%d,\"minutes_"
      "alone\":%d,\"minutes\":%d,"
      "\"rewards\":%ld}\n",
      seed, condition, net->sum[0] / net->n_summed, others, SYNAPSES - 1, net->n_alone,
      net->n_looks, net->n_rewards);
}

int main(int argc, char **argv) {
  network *net = calloc(1, sizeof *net);
  if (net == NULL || argc < 3) {
    fprintf(stderr, "usage: peers_distal_published SEED paired|unpaired [SECONDS]\n");
    return 2;
  }
  uint64_t draw = strtoull(argv[1], NULL, 10);
  const bool is_paired = strcmp(argv[2], "paired") == 0;
  const long n_steps = 1000 * (argc > 3 ? atol(argv[3]) : 3600);
  connect(net, &draw);
  if (!index_incoming(net)) {
    return 1;
  }
  for (long t = 1; t <= n_steps; t++) {
    step(net, &draw, t, is_paired);
    if (t % 1000 == 0) {
      look(net, t, n_steps);
    }
  }
  report(net, argv[1], argv[2]);
  for (int i = 0; i < N; i++) {
    free(net->incoming[i]);
  }
  free(net);
  return 0;
}
