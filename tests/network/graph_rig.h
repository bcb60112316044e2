/* A general network to test, beside its plain form: parts are added, then it is opened, fed and
 * stepped. */
#ifndef HD_GRAPH_RIG_H
#define HD_GRAPH_RIG_H

#include "context_internal.h"
#include "isa.h"
#include "plain_graph.h"

enum { ROWS = 5, SUBSTEPS = 40 };

/* ---- a network to test ---- */

typedef struct rig {
  hd_ctx *ctx;
  hd__arena arena;
  hd__population population[PLAIN_POPULATIONS];
  hd__projection projection[16];
  int n_populations, n_projections;
  size_t n_weights;
  float *weights;
  hd__graph graph;
  int32_t start[PLAIN_N + 1], post[PLAIN_N * PLAIN_N]; /* of one projection by list */
  plain_graph plain[ROWS];
} rig;

static rig the;

static inline hd_ctx *rig_ctx(int isa) {
  hd_ctx *ctx;
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    exit(2);
  }
  ctx->isa = isa;
  return ctx;
}

static inline int rig_population(const char *name, const char *neuron, int n) {
  hd__population *population = &the.population[the.n_populations];
  *population = (hd__population){.name = name, .n = n, .has_current = neuron != NULL};
  population->neuron = neuron != NULL ? hd__neuron_find(NULL, neuron) : NULL;
  for (int i = 0; neuron != NULL && i < population->neuron->n_params; i++) {
    population->param[i] = population->neuron->param[i].fallback;
  }
  population->noise_at = (uint32_t)the.n_populations * 4096;
  return the.n_populations++;
}

static inline hd__projection *rig_projection(int source, int target, hd__storage storage,
                                             int delay) {
  hd__projection *projection = &the.projection[the.n_projections++];
  *projection = (hd__projection){
      .name = "a", .source = source, .target = target, .storage = storage, .delay = delay};
  return projection;
}

/* Every third synapse or so. */
static inline void rig_list(hd__projection *projection) {
  const int n_pre = the.population[projection->source].n;
  const int n_post = the.population[projection->target].n;
  int n = 0;
  for (int i = 0; i < n_pre; i++) {
    the.start[i] = n;
    for (int j = 0; j < n_post; j++) {
      if ((7 * i + 3 * j) % 5 < 2) {
        the.post[n++] = j;
      }
    }
  }
  the.start[n_pre] = n;
  projection->start = the.start;
  projection->post = the.post;
}

/* Uniform in (-scale, scale) at every synapse; padding stays 0. */
static inline void rig_draw(const hd__projection *projection, uint64_t which, float scale) {
  const hd__key key = hd__key_make(8, HD_STREAM_INIT, which, 0);
  const int n_post = the.population[projection->target].n;
  for (int i = 0; i < projection->n_pre; i++) {
    for (int j = 0; j < n_post; j++) {
      const uint32_t index = (uint32_t)(i * PLAIN_N + j);
      const float value = scale * (2.0f * hd__uniform24(key, index) - 1.0f);
      float *W = the.weights + projection->at;
      if (projection->storage == HD_BY_SOURCE) {
        W[i * projection->stride + j] = value;
      } else if (projection->storage == HD_BY_TARGET) {
        W[j * projection->stride + i] = value;
      } else {
        for (int32_t k = projection->start[i]; k < projection->start[i + 1]; k++) {
          W[k] = the.post[k] == j ? value : W[k];
        }
      }
    }
  }
}

static inline hd_status rig_compile(void) {
  return hd__graph_compile(the.ctx, &the.graph, 1.0f, ROWS, the.n_populations, the.population,
                           the.n_projections, the.projection);
}

static inline void rig_lay_out(void) {
  hd__graph_lay_out(&the.graph, &the.arena);
  the.weights = HD_TAKE(&the.arena, float, the.n_weights);
}

static inline void rig_open(int rows) {
  if (rig_compile() != HD_OK) {
    printf("  %s\n", hd_ctx_error(the.ctx));
    exit(2);
  }
  for (int k = 0; k < the.n_projections; k++) {
    the.projection[k].at = the.n_weights;
    the.n_weights += HD_PAD(the.projection[k].n_weights);
  }
  for (int k = 0; k < the.n_populations; k++) {
    the.population[k].bias_at = the.n_weights;
    the.n_weights += (size_t)the.population[k].n_pad;
  }
  rig_lay_out();
  if (hd__arena_commit(the.ctx, &the.arena) != HD_OK) {
    exit(2);
  }
  rig_lay_out();
  hd__graph_start(&the.graph, rows);
  for (int row = 0; row < rows; row++) {
    plain_start(&the.plain[row], &the.graph, the.weights);
  }
}

static inline void rig_begin(int isa) {
  the.ctx = rig_ctx(isa);
  the.arena = (hd__arena){0};
  the.n_populations = the.n_projections = 0;
  the.n_weights = 0;
}

static inline void rig_end(void) {
  hd__arena_free(the.ctx, &the.arena);
  hd_ctx_destroy(the.ctx);
}

/* Values of inputs and currents of a row at a substep, the same in the graph and its plain form;
 * inputs are spikes. */
static inline void rig_feed(int row, int t, float current) {
  const hd__key key = hd__key_make(4, HD_STREAM_CODE, (uint64_t)row, (uint64_t)t);
  for (int k = 0; k < the.n_populations; k++) {
    const hd__population *population = &the.population[k];
    for (int j = 0; j < population->n; j++) {
      const float u = hd__uniform24(key, (uint32_t)(k * PLAIN_N + j));
      const int at = row * population->n_pad + j;
      if (population->neuron == NULL) {
        population->given[at] = the.plain[row].given[k][j] = u < 0.3f ? 1.0f : 0.0f;
      } else {
        population->current[at] = the.plain[row].current[k][j] = current * u;
      }
    }
  }
}

static inline hd__key rig_key(int row) {
  return hd__key_make(5, HD_STREAM_SPIKE, (uint64_t)row, 0);
}

static inline void rig_step(int rows, int t) {
  hd__key key[ROWS];
  for (int row = 0; row < rows; row++) {
    key[row] = rig_key(row);
  }
  hd__graph_step(&the.graph,
                 &(hd__graph_run){.weights = the.weights, .key = key, .t = (uint32_t)t});
}

/* Spikes of a row in this substep that are not those of the plain form. */
static inline int rig_differences(int row) {
  int n = 0;
  for (int k = 0; k < the.n_populations; k++) {
    const hd__population *population = &the.population[k];
    const float *y = hd__graph_sent(&the.graph, population, 0) + row * population->n_pad;
    n += memcmp(y, the.plain[row].sent[the.plain[row].t - 1][k],
                sizeof(float) * (size_t)population->n) != 0;
    for (int s = 0; population->neuron != NULL && s < population->neuron->n_state; s++) {
      for (int j = 0; j < population->n; j++) {
        const float *state = population->state + (s * the.graph.rows + row) * population->n_pad + j;
        n += memcmp(state, &the.plain[row].state[k][j][s], sizeof *state) != 0;
      }
    }
  }
  return n;
}

static inline float rig_spikes(void) {
  float n = 0;
  for (int k = 0; k < the.n_populations; k++) {
    for (int i = 0;
         the.population[k].neuron != NULL && i < the.graph.rows * the.population[k].n_pad; i++) {
      n += the.population[k].b[i];
    }
  }
  return n;
}

static inline void each_isa_here(void (*test)(int isa)) {
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    const int before = test_failures;
    if (hd__isa_choose(hd__isa_name(isa)) != isa) {
      printf("  %s skipped: this processor lacks it\n", hd__isa_name(isa));
      continue;
    }
    test(isa);
    if (test_failures != before) {
      printf("  with %s\n", hd__isa_name(isa));
    }
  }
}

#endif
