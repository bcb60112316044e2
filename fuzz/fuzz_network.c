/* Any bytes as the definition of a network, line by line, however little sense it makes. What is
 * refused says why; what can be made is stepped, written to, recorded, and shows the same twice.
 *
 *   network ROWS DT SEED
 *   population NAME NEURON N BIAS PARAMS        PARAMS with commas for blanks, - for none
 *   projection SOURCE TARGET CONNECT PROBABILITY DELAY INITIAL A B RATE RULE
 *   synapse PRE POST WEIGHT                     of every projection that lists */
#include <math.h>

#include "fuzz.h"

enum { PARTS = 12, SYNAPSES = 64, WORD = 80, LARGEST = 300, ALLOWED = 1 << 24 };

typedef struct definition {
  hd_network_def def;
  hd_population_def population[PARTS];
  hd_projection_def projection[PARTS];
  hd_synapse synapse[SYNAPSES];
  char word[6 * PARTS][WORD];
  int n_words, n_synapses;
} definition;

static const char *keep(definition *d, const char *word) {
  char *to = d->word[d->n_words++];
  snprintf(to, WORD, "%s", word);
  for (char *c = to; *c != '\0'; c++) {
    *c = *c == ',' ? ' ' : *c;
  }
  return strcmp(word, "-") == 0 ? NULL : to;
}

static void add_population(definition *d, const char *line) {
  char name[WORD], neuron[WORD], params[WORD] = "-";
  hd_population_def population = {0};
  if (d->def.n_populations == PARTS || sscanf(line, "population %79s %79s %d %f %79s", name, neuron,
                                              &population.n, &population.bias, params) < 3) {
    return;
  }
  if (population.n > LARGEST && population.n <= ALLOWED) {
    population.n = LARGEST; /* allowed, and too slow here */
  }
  population.name = keep(d, name);
  population.neuron = keep(d, neuron);
  population.params = keep(d, params);
  d->population[d->def.n_populations++] = population;
}

static void add_projection(definition *d, const char *line) {
  char source[WORD], target[WORD], rule[WORD] = "-";
  int connect = 0, initial = 0;
  hd_projection_def projection = {0};
  if (d->def.n_projections == PARTS || d->n_words + 3 > 6 * PARTS ||
      sscanf(line, "projection %79s %79s %d %lf %d %d %f %f %f %79s", source, target, &connect,
             &projection.probability, &projection.delay, &initial, &projection.a, &projection.b,
             &projection.rate, rule) < 2) {
    return;
  }
  if (projection.delay > LARGEST && projection.delay <= 1000000) {
    projection.delay = LARGEST;
  }
  projection.source = keep(d, source);
  projection.target = keep(d, target);
  projection.rule = keep(d, rule);
  projection.connect = (hd_connect)connect;
  projection.initial = (hd_initial)initial;
  projection.synapse = d->synapse;
  d->projection[d->def.n_projections++] = projection;
}

static void add_synapse(definition *d, const char *line) {
  hd_synapse synapse = {0};
  if (d->n_synapses < SYNAPSES &&
      sscanf(line, "synapse %d %d %f", &synapse.pre, &synapse.post, &synapse.weight) == 3) {
    d->synapse[d->n_synapses++] = synapse;
  }
}

static void add_line(definition *d, const char *line) {
  unsigned long long seed;
  if (sscanf(line, "network %d %lf %llu", &d->def.rows, &d->def.dt_ms, &seed) == 3) {
    d->def.seed = seed;
  }
  add_population(d, line);
  add_projection(d, line);
  add_synapse(d, line);
}

static void read_lines(definition *d, const uint8_t *data, size_t size) {
  char line[256];
  size_t n = 0;
  memset(d, 0, sizeof *d);
  d->def = hd_network_def_default();
  for (size_t i = 0; i <= size; i++) {
    if (i == size || data[i] == '\n') {
      line[n] = '\0';
      add_line(d, line);
      n = 0;
    } else if (n + 1 < sizeof line) {
      line[n++] = (char)data[i];
    }
  }
  d->def.population = d->population;
  d->def.projection = d->projection;
  for (int k = 0; k < d->def.n_projections; k++) {
    d->projection[k].n_synapses = d->n_synapses;
  }
}

/* All that can be seen, bit by bit. */
static uint32_t views_crc(hd_network *network) {
  uint32_t crc = 0;
  for (int i = 0; i < hd_network_view_count(network); i++) {
    const hd_view view = hd_network_view_at(network, i);
    const int64_t rows = view.n_dims > 1 ? view.shape[0] : 1;
    const int64_t planes = view.n_dims > 2 ? view.shape[1] : 1;
    const int64_t n = view.shape[view.n_dims - 1];
    crc = hd__crc32(crc, view.name, strlen(view.name));
    for (int64_t r = 0; r < rows * planes; r++) {
      const float *run = (const float *)view.data + r / planes * view.stride[0] +
                         (planes > 1 ? r % planes * view.stride[1] : 0);
      crc = hd__crc32(crc, run, (size_t)n * 4);
    }
  }
  return crc;
}

static void use(hd_network *network) {
  static float signal[1 << 16];
  hd_record_def record = hd_record_def_default();
  const hd_view first = hd_network_view_at(network, 0);
  record.view = first.name;
  record.substeps = 3;
  (void)hd_network_record(network, &record);
  (void)hd_network_step(network, 5);
  signal[0] = 0.5f;
  (void)hd_network_signal(network, signal);
  (void)hd_network_reset_row(network, 0);
  (void)hd_network_step(network, 2);
  *(float *)first.data = (float)INFINITY;
  FUZZ_CHECK(!first.writable || hd_network_step(network, 1) == HD_NUMERIC);
}

static struct seen make(hd_ctx *ctx, const char *path, const uint8_t *data, size_t size) {
  (void)path;
  static definition d;
  read_lines(&d, data, size);
  hd_network *network;
  struct seen seen = {.status = hd_network_create(ctx, &d.def, &network)};
  if (seen.status == HD_OK) {
    use(network);
    seen.result = views_crc(network);
    hd_network_destroy(network);
  }
  return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_twice(make, data, size);
  return 0;
}
