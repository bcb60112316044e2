/* Codings: how an observation becomes the input of a network or the features of a critic.
 *
 * Three kinds. GRADED writes n values once per decision (a constant current). SPARSE names the
 * n_active of n lines that are 1 during the whole decision (one-hot, tilings). SPIKES turns the
 * observation into n rates or times once per decision, and into spikes at every substep.
 *
 * A coding is one file and one line in coding_table.h. What a coding alone can be told is a list
 * in its file, name_PARAMS(P) with P(name, default, low, high, unit, help); every row is an option
 * "name.parameter". */
#ifndef HD_CODING_H
#define HD_CODING_H

#include "arena.h"
#include "context_internal.h"
#include "hedon/env.h"
#include "kernel.h"
#include "mathf.h"
#include "random.h"

/* Coordinates that codings with cells take: two observations hardly ever share the cell of a grid
 * over more of them, and are about equally far apart. */
enum { HD_CELL_COORDS_MAX = 64 };

enum { HD_TILE_BINS_MAX = 8 };

typedef enum hd__code_kind { HD_CODE_GRADED, HD_CODE_SPARSE, HD_CODE_SPIKES } hd__code_kind;

/* What the user chose. Codings read what concerns them. */
typedef struct hd__code_def {
  const hd_env_desc *env;
  int substeps;                    /* T, substeps per decision */
  float dt_ms;                     /* length of a substep */
  int bins;                        /* units per component (populations), or cells (bins) */
  int order;                       /* Fourier order */
  int tilings;                     /* overlapping grids */
  int tile_bins[HD_TILE_BINS_MAX]; /* cells per coordinate; the last positive one is repeated */
  int cells;                       /* size of the hash table, or number of random features */
  float range;   /* working range in units of the environment's own, 1 = as listed */
  float gain;    /* factor on graded values, peak rate, or spread of random weights */
  uint64_t seed; /* of fixed random features */
} hd__code_def;

enum { HD_CODE_PARAMS_MAX = 8 };

/* Members of hd__code_def that only some codings read. */
enum {
  HD_READS_BINS = 1,
  HD_READS_ORDER = 2,
  HD_READS_TILINGS = 4,
  HD_READS_TILE_BINS = 8,
  HD_READS_CELLS = 16,
  HD_READS_RANGE = 32,
  HD_READS_GAIN = 64,
  HD_READS_DT = 128
};

typedef struct hd__code_desc hd__code_desc;

typedef struct hd__code {
  const hd__code_desc *desc;
  hd__code_def def;
  float param[HD_CODE_PARAMS_MAX]; /* of the coding itself, in the order of its list */
  const hd__kernel *kernel;
  int n;          /* lines */
  int n_active;   /* SPARSE: how many of them are 1, always the same number, all different */
  int n_table;    /* floats of constants the coding wants, or of what it has learned */
  int table_rows; /* of a coding that learns: rows of the table, as it is shown */
  int n_state;    /* SPIKES: floats of state per environment, zero at the start of a decision */
  float *centre, *scale; /* [n_obs] of an observation's components; hd__code_lay_out */
  float *table;          /* [n_table], given by the owner before the coding starts */
  const float *factor;   /* fourier: factors of the features, padded; given by the owner, or NULL */
} hd__code;

struct hd__code_desc {
  const char *name, *doc, *source;
  hd__code_kind kind;
  unsigned reads;        /* HD_READS_*: options of others are refused */
  const hd_param *param; /* the coding's own options, "name.parameter"; HD_CODE_LIST fills both */
  int n_params;
  float silence; /* SPIKES: value of a silent line, 0 or -1 */
  /* From code->def fill n, n_active, n_table, n_state.  Errors  CONFLICT, RANGE. */
  hd_status (*measure)(hd_ctx *ctx, hd__code *code);
  /* Fill the table; NULL if there is none. */
  void (*init)(hd__code *code);
  /* NULL, or take in an observation that the agent has met: the table changes. */
  void (*learn)(hd__code *code, const float *obs);
  /* GRADED and SPIKES: write n values into x, 64-byte aligned and padded as the kernels ask. */
  void (*encode)(const hd__code *code, const float *obs, float *x);
  /* The same for B observations [B][n_obs], x [B][x_stride]; NULL where one after the other is as
   * fast. */
  void (*encode_batch)(const hd__code *code, int B, const float *obs, float *x, int x_stride);
  /* SPARSE: write n_active line numbers. */
  void (*active)(const hd__code *code, const float *obs, int32_t *line);
  /* SPIKES: values of the n lines at substep t; draws use the line's number and key, which is
   * another one at every substep. */
  void (*spikes)(const hd__code *code, const float *x, int t, hd__key key, float *state, float *s);
};

/* Built-in codings first, then those that are registered with the context. */
/* HD_CODE_PARAMS(model) makes a struct of the list model_PARAMS and its table; HD_CODE_LIST(model)
 * gives the table to a descriptor; HD_CODE_OWN(model, code) reads the values as the struct. */
#define HD_CODE_PARAM_MEMBER(name, fallback, low, high, unit, help) float name;
#define HD_CODE_PARAM_ROW(name, fallback, low, high, unit, help) \
  {#name, fallback, low, high, unit, help},
#define HD_CODE_PARAMS(model)                                                         \
  struct model##_params {                                                             \
    model##_PARAMS(HD_CODE_PARAM_MEMBER)                                              \
  };                                                                                  \
  static const hd_param model##_param_rows[] = {model##_PARAMS(HD_CODE_PARAM_ROW)};   \
  _Static_assert(sizeof(struct model##_params) <= HD_CODE_PARAMS_MAX * sizeof(float), \
                 #model " has more parameters than HD_CODE_PARAMS_MAX");
#define HD_CODE_LIST(model) \
  .param = model##_param_rows, .n_params = (int)(sizeof(struct model##_params) / sizeof(float))
#define HD_CODE_OWN(model, code) ((const struct model##_params *)(const void *)(code)->param)

/* A coding to be measured. param holds its own parameters; NULL: their defaults. */
hd__code hd__code_make(const hd__code_desc *desc, const hd__code_def *def, const float *param);

int hd__code_count(const hd_ctx *ctx);
const hd__code_desc *hd__code_at(const hd_ctx *ctx, int index);
const hd__code_desc *hd__code_find(const hd_ctx *ctx, const char *name);

/* GRADED: encode B observations [B][n_obs] into rows of x [B][x_stride]. */
void hd__code_encode_batch(const hd__code *code, int B, const float *obs, float *x, int x_stride);

/* Fail if a registered coding has written a value that is not finite since its table was cleared.
 * Errors  NUMERIC. */
bool hd__code_wrote_finite(const hd__code *code);
hd_status hd__code_check_written(hd_ctx *ctx, const hd__code *code);

/* Memory for what the coding computes when it starts, but for the table. */
void hd__code_lay_out(hd__code *code, hd__arena *arena);
/* Compute it, and fill the table: before anything is encoded. */
void hd__code_start(hd__code *code);

/* What every coding needs, and the loops it may use. */
hd_status hd__code_check(hd_ctx *ctx, hd__code *code);

/* The measure of a coding that gives every component a line. */
hd_status hd__code_line_each(hd_ctx *ctx, hd__code *code);

/* Component d of an observation, centred and divided by half its working range: -1 to 1 inside it,
 * not clipped. */
static inline float hd__code_signed(const hd__code *code, const float *obs, int d) {
  return (obs[d] - code->centre[d]) * code->scale[d];
}
/* Component d of an observation scaled to [0,1] over its working range and clipped. */
static inline float hd__code_unit(const hd__code *code, const float *obs, int d) {
  return hd__clampf(0.5f * hd__code_signed(code, obs, d) + 0.5f, 0.0f, 1.0f);
}

/* Is an observation the number of a state?  Several components are quantities, whole numbers too.
 */
static inline bool hd__code_is_state(const hd_env_desc *env) {
  return env->n_obs == 1 && env->obs[0].count > 0;
}

/* Number of states of a finite observation (product of the counts), at most HD_STATES_MAX; 0 if a
 * component is real. */
enum { HD_STATES_MAX = 1 << 24 };
int hd__code_states(const hd_env_desc *env);
/* Mixed-radix number of a finite observation, first component most significant. */
int hd__code_state(const hd_env_desc *env, const float *obs);

/* Coordinates for place codes: a component whose unit is "cos" followed by one whose unit is "sin"
 * fold into one angle. */
typedef struct hd__coord {
  int dim;         /* first component it comes from */
  int count;       /* as in hd_dim */
  float low, high; /* working range */
  bool is_periodic;
} hd__coord;

/* Fail if an environment has more coordinates than codings with cells take.  Errors  CONFLICT. */
hd_status hd__code_check_coords(hd_ctx *ctx, const hd__code *code);
/* Write the coordinates of an environment that passed this check, and return their number. */
int hd__code_coords(const hd__code_def *def, hd__coord coord[HD_CELL_COORDS_MAX]);
/* The angle of a folded pair in [-pi, pi]. */
float hd__code_angle(const float *obs, int dim);

/* The k-subset of {0 .. n-1} with this rank in lexicographic order, the order of Python's
 * itertools.combinations. */
void hd__code_subset(int n, int k, int rank, int *subset);
/* Number of k-subsets of n things, at most HD_STATES_MAX. */
int hd__code_subsets(int n, int k);

#endif
