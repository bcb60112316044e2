/* Outputs and gradients against PyTorch's autograd through the cells of snnTorch and SpikingJelly,
 * number by number: tests/data/torch_grads.txt, which tools/record_torch_grads.py made and
 * explains.
 *
 * Numbers a and b of an array agree if |a - b| <= 1e-5 (|b| + the largest |b| of the array): both
 * sides are in float and sum in different orders. */
#include <stddef.h>

#include "grads.h"

enum { NETWORK_LAYERS = 2, LONGEST = 300, ARRAYS = 40, WORD = 32 };

static const double tolerance = 1e-5;
static const int wide[NETWORK_LAYERS + 1] = {3, 17, 5};
enum { N_OUT = 2, ROWS = 4 };

/* Settings of a network, named as in the file. */
#define NUMBERS(X)                                                                         \
  X(T)                                                                                     \
  X(alpha)                                                                                 \
  X(beta)                                                                                  \
  X(gain)                                                                                  \
  X(theta) X(rho) X(kappa) X(v_reset) X(current) X(adaptation) X(soft) X(detached) X(tied) \
      X(recurrent) X(normalised) X(learned) X(timed) X(decisions) X(membrane_tau) X(slope) \
          X(scale)
#define NAMES(X) X(library) X(cell) X(surrogate) X(readout)
#define NUMBER(name) double name;
#define NAME(name) char name[WORD];
typedef struct settings {
  NUMBERS(NUMBER) NAMES(NAME)
} settings;
#define ROW(name) {#name, offsetof(settings, name)},
static const struct {
  const char *name;
  size_t at;
} numbers[] = {NUMBERS(ROW)}, names[] = {NAMES(ROW)};

typedef struct array {
  char name[WORD];
  int n;
  float x[LONGEST];
} array;

static array base[ARRAYS];
static int n_base;

static const float *base_of(const char *name, int l) {
  char whole[WORD];
  snprintf(whole, sizeof whole, l < 0 ? "%s" : "%s%d", name, l);
  for (int k = 0; k < n_base; k++) {
    if (strcmp(base[k].name, whole) == 0) {
      return base[k].x;
    }
  }
  printf("  no array %s\n", whole);
  exit(1);
}

/* ---- reading ---- */

static void read_settings(char *words, settings *s) {
  for (char *word = strtok(words, " \n"); word != NULL; word = strtok(NULL, " \n")) {
    char *value = strchr(word, '=');
    *value++ = '\0';
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
      if (strcmp(word, numbers[k].name) == 0) {
        *(double *)((char *)s + numbers[k].at) = strtod(value, NULL);
      }
    }
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
      if (strcmp(word, names[k].name) == 0) {
        snprintf((char *)s + names[k].at, WORD, "%s", value);
      }
    }
  }
}

static void read_array(char *words, array *a) {
  char *end = strchr(words, ' ');
  snprintf(a->name, sizeof a->name, "%.*s", (int)(end - words), words);
  a->n = 0;
  for (char *at = end;; at = end) {
    const float x = strtof(at, &end);
    if (end == at || a->n == LONGEST) {
      return;
    }
    a->x[a->n++] = x;
  }
}

static int index_of(const char *name, int n, const char *const *list) {
  for (int k = 0; k < n; k++) {
    if (strcmp(name, list[k]) == 0) {
      return k;
    }
  }
  return -1;
}

/* ---- the same network here ---- */

static const char *const surrogate_name[] = {"sigmoid", "atan", "fast_sigmoid", "triangle",
                                             "rectangle"};
static const char *const readout_name[] = {"mean", "last", "average", "max"};
static const char *const control_name[] = {"", "relu", "tanh"};

static hd__stack_def def_of(const settings *s) {
  const int control = index_of(s->cell, 3, control_name);
  return (hd__stack_def){
      .n_in = wide[0],
      .has_timed_input = s->timed > 0,
      .n_layers = NETWORK_LAYERS,
      .width = {wide[1], wide[2]},
      .n_out = N_OUT,
      .T = (int)s->T,
      .cell = {.unit = control > 0 ? hd__unit_of(hd__neuron_find(NULL, s->cell)->id) : HD_UNIT_NONE,
               .surrogate =
                   (hd__surrogate_kind)index_of(s->surrogate, HD_SURROGATES, surrogate_name),
               .slope = (float)s->slope,
               .has_current = s->current > 0,
               .has_adaptation = s->adaptation > 0,
               .is_soft = s->soft > 0,
               .is_detached = s->detached > 0,
               .is_tied = s->tied > 0,
               .kappa = (float)s->kappa,
               .v_reset = (float)s->v_reset},
      .alpha = (float)s->alpha,
      .beta = (float)s->beta,
      .gain = (float)s->gain,
      .theta = (float)s->theta,
      .rho = (float)s->rho,
      .is_recurrent = s->recurrent > 0,
      .is_normalised = s->normalised > 0,
      .learns_tau = s->learned > 0,
      .learns_threshold = s->learned > 0,
      .is_carried = s->decisions > 1,
      .readout = (hd__stack_readout)index_of(s->readout, 4, readout_name),
      .membrane_tau = (float)s->membrane_tau,
  };
}

/* Where layer l keeps an array of the file, rows x n of it; rows = 0 if it keeps none. */
typedef struct place {
  float *at;
  int rows, n, stride;
} place;

static place place_of(rig *g, float *w, const char *name, int l) {
  if (l < 0) {
    return strcmp(name, "bias") == 0 ? (place){w + g->stack.bias, 1, N_OUT, N_OUT} : (place){0};
  }
  const hd__stack_layer *at = &g->stack.layer[l];
  const struct {
    const char *name;
    size_t at;
    int rows;
  } all[] = {{"W", at->W, at->n_pre}, {"bias", at->bias, 1},   {"V", at->V, at->n},
             {"gain", at->gain, 1},   {"shift", at->shift, 1}, {"alpha", at->alpha, 1},
             {"beta", at->beta, 1},   {"theta", at->theta, 1}, {"rho", at->rho, 1}};
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
    if (strcmp(name, all[k].name) == 0) {
      return (place){w + all[k].at, all[k].rows, at->n, at->n_pad};
    }
  }
  return (place){0};
}

/* factor x + offset, as the script made it. */
static void put(rig *g, const char *name, int l, float factor, float offset) {
  const place p = place_of(g, g->weights, name, l);
  const float *x = base_of(name, l);
  for (int i = 0; i < p.rows * p.n; i++) {
    p.at[i / p.n * p.stride + i % p.n] = x[i] * factor + offset;
  }
}

static float logit(double p) { return (float)log(p / (1.0 - p)); }

static void put_layer(rig *g, const settings *s, int l) {
  const hd__stack_layer *at = &g->stack.layer[l];
  const float scale = (float)s->scale;
  put(g, "W", l, scale, 0.0f);
  put(g, "bias", l, scale, 0.0f);
  if (s->recurrent > 0) {
    put(g, "V", l, scale, 0.0f);
  }
  if (s->normalised > 0) {
    put(g, "gain", l, 1.0f, 0.0f);
    put(g, "shift", l, 1.0f, 0.0f);
    memcpy(g->statistics + at->mean, base_of("mean", l), sizeof(float) * (size_t)at->n);
    memcpy(g->statistics + at->variance, base_of("variance", l), sizeof(float) * (size_t)at->n);
  }
  if (s->learned > 0) {
    if (s->alpha > 0) {
      put(g, "alpha", l, 1.0f, logit(s->alpha));
    }
    if (s->beta < 1) {
      put(g, "beta", l, 1.0f, logit(s->beta));
    }
    if (s->rho > 0) {
      put(g, "rho", l, 1.0f, logit(s->rho));
    }
    if (strcmp(s->cell, "plif") != 0) {
      put(g, "theta", l, 1.0f, (float)s->theta);
    }
  }
}

static void run_here(rig *g, const settings *s, const hd__kernel *kernel) {
  const hd__stack_def def = def_of(s);
  const int decisions = (int)s->decisions;
  rig_open(g, &def, kernel, ROWS, decisions);
  hd__stack_start(&g->stack, 1, 0, g->weights, g->statistics);
  for (int l = 0; l < NETWORK_LAYERS; l++) {
    put_layer(g, s, l);
  }
  for (int i = 0; i < wide[NETWORK_LAYERS] * N_OUT; i++) {
    g->weights[g->stack.W + (size_t)(i % N_OUT * g->stack.top_pad + i / N_OUT)] =
        base_of("W", -1)[i] * (float)s->scale;
  }
  put(g, "bias", -1, 1.0f, 0.0f);
  const int inputs = decisions * (s->timed > 0 ? (int)s->T : 1), all = 2 * 6; /* in the file */
  for (int i = 0; i < ROWS * inputs * wide[0]; i++) {
    const int r = i / (inputs * wide[0]), rest = i % (inputs * wide[0]);
    g->x[(r * inputs + rest / wide[0]) * g->stack.in_pad + rest % wide[0]] =
        base_of("x", -1)[r * all * wide[0] + rest];
  }
  for (int i = 0; i < ROWS * decisions * N_OUT; i++) {
    const int r = i / (decisions * N_OUT), rest = i % (decisions * N_OUT);
    g->g_out[(r * decisions + rest / N_OUT) * g->stack.out_pad + rest % N_OUT] =
        base_of("g_out", -1)[r * 2 * N_OUT + rest];
  }
  for (int k = 0; k < ROWS * decisions; k++) {
    g->fresh[k] = k % decisions == 0;
  }
  const hd__pass pass = {.rows = ROWS,
                         .decisions = decisions,
                         .x = g->x,
                         .x_stride = g->stack.in_pad,
                         .fresh = g->fresh,
                         .is_kept = true,
                         .out = g->out};
  hd__stack_prepare(&g->stack, g->weights, g->statistics, &g->prepared);
  hd__stack_forward(&g->stack, &g->prepared, &g->tape, &pass);
  hd__stack_backward(&g->stack, &g->prepared, &g->tape, &pass, g->g_out, g->G, g->g_x);
  hd__stack_finish(&g->stack, &g->prepared, g->G);
}

/* ---- comparing ---- */

static const char *const library_name[] = {"spikingjelly", "snntorch", "own", "torch"};
enum { LIBRARIES = sizeof library_name / sizeof *library_name };
static int networks[LIBRARIES], compared[LIBRARIES];
static double worst[LIBRARIES];

/* Ours, in the order of the file. */
static int collect(rig *g, const settings *s, const array *a, float *got) {
  const int last = a->name[strlen(a->name) - 1], l = last >= '0' && last <= '9' ? last - '0' : -1;
  char name[WORD];
  snprintf(name, sizeof name, "%.*s", (int)strlen(a->name) - (l >= 0), a->name);
  const int many = ROWS * (int)s->decisions;
  place p = place_of(g, g->G, name, l);
  if (l < 0 && strcmp(name, "out") == 0) {
    p = (place){g->out, many, N_OUT, g->stack.out_pad};
  } else if (l < 0 && strcmp(name, "x") == 0) {
    p = (place){g->g_x, many, wide[0], g->stack.in_pad};
  } else if (l < 0 && strcmp(name, "W") == 0) {
    for (int i = 0; i < wide[NETWORK_LAYERS] * N_OUT; i++) {
      got[i] = g->G[g->stack.W + (size_t)(i % N_OUT * g->stack.top_pad + i / N_OUT)];
    }
    return wide[NETWORK_LAYERS] * N_OUT;
  }
  for (int i = 0; i < p.rows * p.n; i++) {
    got[i] = p.at[i / p.n * p.stride + i % p.n];
  }
  return p.rows * p.n;
}

/* Where the input moves, ours is the sum over the substeps of a decision. */
static void sum_substeps(const settings *s, array *a) {
  const int T = (int)s->T, n = wide[0];
  for (int i = 0; i < a->n / T; i++) {
    float sum = 0.0f;
    for (int t = 0; t < T; t++) {
      sum += a->x[(i / n * T + t) * n + i % n];
    }
    a->x[i] = sum;
  }
  a->n /= T;
}

static bool compare(rig *g, const settings *s, array *a, int library) {
  float got[LONGEST];
  if (s->timed > 0 && strcmp(a->name, "x") == 0) {
    sum_substeps(s, a);
  }
  const int n = collect(g, s, a, got);
  if (n != a->n || n == 0) {
    printf("  %s: %d numbers, %d recorded\n", a->name, n, a->n);
    return false;
  }
  double scale = 0;
  for (int i = 0; i < n; i++) {
    scale = fmax(scale, fabs((double)a->x[i]));
  }
  for (int i = 0; i < n; i++) {
    const double off = fabs((double)got[i] - (double)a->x[i]);
    const double size = fabs((double)a->x[i]) + scale;
    compared[library]++;
    worst[library] = fmax(worst[library], size > 0 ? off / size : off);
    if (!(off <= tolerance * size)) {
      printf("  %s[%d] = %.9g, recorded %.9g\n", a->name, i, (double)got[i], (double)a->x[i]);
      return false;
    }
  }
  return true;
}

/* Which neurons, surrogates and resets there were. */
static const char *const cell_name[] = {"if", "lif", "lif_tied", "cuba", "alif", "cuba_alif"};
enum { CELLS = sizeof cell_name / sizeof *cell_name };
static int seen[CELLS][HD_SURROGATES][4];

static void note(const settings *s) {
  const int cell = index_of(s->cell, CELLS, cell_name);
  if (cell >= 0) {
    const int surrogate = index_of(s->surrogate, HD_SURROGATES, surrogate_name);
    seen[cell][surrogate][2 * (s->soft > 0) + (s->detached > 0)]++;
  }
}

static void go_through(const hd__kernel *kernel) {
  static char line[16384];
  settings defaults = {0}, s = {0};
  rig g;
  bool is_open = false, is_good = true, has_end = false;
  int library = 0;
  FILE *file = fopen(HD_TEST_DATA "/torch_grads.txt", "r");
  CHECK(file != NULL);
  n_base = 0;
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char *rest = strchr(line, ' ') + 1;
    const bool is_case = strncmp(line, "case ", 5) == 0, is_end = strncmp(line, "end ", 4) == 0;
    if ((is_case || is_end) && is_open) {
      rig_close(&g);
      CHECK(is_good);
      if (!is_good) {
        printf("  %s %s %s, soft %g, detached %g, learned %g\n", s.library, s.cell, s.surrogate,
               s.soft, s.detached, s.learned);
      }
    }
    if (strncmp(line, "defaults ", 9) == 0) {
      read_settings(rest, &defaults);
    } else if (strncmp(line, "base ", 5) == 0) {
      read_array(rest, &base[n_base++]);
    } else if (is_case) {
      s = defaults;
      read_settings(rest, &s);
      library = index_of(s.library, LIBRARIES, library_name);
      networks[library]++;
      note(&s);
      run_here(&g, &s, kernel);
      is_open = is_good = true;
    } else if (is_end) {
      has_end = true;
    } else if (is_open) {
      static array a;
      read_array(line, &a);
      is_good = compare(&g, &s, &a, library) && is_good;
    }
  }
  CHECK(has_end);
  if (file != NULL) {
    fclose(file);
  }
}

static void gradients_are_those_of_torch(void) {
  go_through(hd__kernel_for(HD_ISA_SCALAR));
  for (int k = 0; k < LIBRARIES; k++) {
    printf("  %-12s %3d networks, %5d numbers, worst %.1e\n", library_name[k], networks[k],
           compared[k], worst[k]);
    CHECK(networks[k] > 0);
  }
}

static void every_neuron_surrogate_and_reset_was_there(void) {
  for (int k = 0; k < CELLS * HD_SURROGATES * 4; k++) {
    CHECK(seen[k / 4 / HD_SURROGATES][k / 4 % HD_SURROGATES][k % 4] > 0);
  }
}

int main(void) {
  RUN(gradients_are_those_of_torch);
  RUN(every_neuron_surrogate_and_reset_was_there);
  return test_end();
}
