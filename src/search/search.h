/* Search over a flat vector of weights, taught by nothing but what evaluating it returns.
 *
 * Time passes in generations. A generation has a fixed number of candidates; each is asked for its
 * weights, whoever owns the task evaluates them, and the returns (higher is better) are told in the
 * order of the candidates. With the last of them the generation is over and the method moves.
 *
 *   for (int m = hd__search_next(&search); ...) {
 *     hd__search_ask(&search, m, w);
 *     hd__search_tell(&search, 1, &(double){evaluate(w)});
 *   }
 *
 * Perturbations are a function of (seed, generation, candidate, weight) and made again wherever
 * they are needed. Asking changes nothing, so candidates may be evaluated side by side. What a
 * method remembers lies in the owner's arena under names, so a checkpoint may fall anywhere, the
 * middle of a generation included.
 *
 * A method is one file and one line in search_table.h. */
#ifndef HD_SEARCH_H
#define HD_SEARCH_H

#include "agent.h"
#include "arena.h"
#include "kernel.h"

enum { HD_SEARCH_LAYERS = 16, HD_SEARCH_MAX = 1 << 26 };

/* The weights of one projection, [n_pre][n_post], source by source. */
typedef struct hd__search_layer {
  int n_pre, n_post;
  bool has_bias; /* the last source is constant */
} hd__search_layer;

/* What the user chose. Methods read what concerns them. */
typedef struct hd__search_def {
  uint64_t seed;
  int n_layers;
  hd__search_layer layer[HD_SEARCH_LAYERS];
  int population;    /* candidates per generation, where a method leaves the number open */
  float sigma;       /* deviation of a perturbation */
  float alpha;       /* step size of an estimated gradient */
  float alpha_sigma; /* the same for every weight's own deviation; 0: one deviation for all */
  float step;        /* length of a weight's move */
  float bias_steps;  /* steps that a bias moves at once */
  float w_max;       /* weights that move by steps stay within +-w_max */
  float movers;      /* share of the weights that move by steps in a generation, in (0, 1] */
  bool undoes;       /* a move by steps that makes the return worse is undone */
  float temperature; /* of acceptance, in units of the return */
  int period;        /* generations between new temperatures */
  float gain;        /* size of a connection, times the root of the number of sources */
  float trust;       /* bound on divergence over signal energy */
  hd__agent_def agent;
} hd__search_def;

/* Changes in the course of a search, saved as they are. */
typedef struct hd__search_counters {
  int64_t generation;
  int64_t reported; /* candidates of this generation whose returns are known */
} hd__search_counters;

typedef struct hd__search_desc hd__search_desc;

typedef struct hd__search {
  hd__search_def def;
  const hd__search_desc *desc;
  const hd__kernel *kernel;
  int n, n_pad;     /* weights, and lanes */
  int n_candidates; /* of a generation */
  hd__search_counters *counters;
  double *returns;              /* [n_candidates] */
  float *w;                     /* [n_pad] where the search stands, and what is evaluated */
  float *dynamics[HD_DYNAMICS]; /* [n_pad] features that agents ask for, in [-1,1]: the owner
                                   measures them while evaluating; others are NULL */
  float epsilon;                /* share of random moves, which the owner may change at any time */
  void *state;
} hd__search;

/* Members of hd__search_def, and of hd__search, that only some searches read. */
enum {
  HD_SEARCH_READS_POPULATION = 1,
  HD_SEARCH_READS_SIGMA = 2,
  HD_SEARCH_READS_ALPHA = 4,
  HD_SEARCH_READS_ALPHA_SIGMA = 8,
  HD_SEARCH_READS_MOVE = 16, /* step, bias_steps, w_max, movers and undoes */
  HD_SEARCH_READS_EPSILON = 32,
  HD_SEARCH_READS_ACCEPTANCE = 64,  /* temperature */
  HD_SEARCH_READS_COOLING = 128,    /* period */
  HD_SEARCH_READS_CONNECTION = 256, /* gain */
  HD_SEARCH_READS_TRUST = 512,
  HD_SEARCH_READS_SYNAPSES = 1024 /* agent */
};

struct hd__search_desc {
  const char *name, *doc, *source;
  unsigned reads;     /* HD_SEARCH_READS_*: options of others are refused */
  bool is_boolean;    /* a connection is there or not, and all into a layer are of one size */
  bool is_sequential; /* compares a return with those of earlier generations */
  /* Check the definition and fill `n_candidates`.  Errors  CONFLICT, RANGE. */
  hd_status (*measure)(hd_ctx *ctx, hd__search *search);
  void (*lay_out)(hd__search *search, hd__arena *arena);
  /* Begin at search->w. */
  void (*start)(hd__search *search);
  void (*ask)(const hd__search *search, int candidate, float *w);
  void (*tell)(hd__search *search);
  /* Does what was loaded keep within its bounds? NULL: whatever it is. */
  bool (*is_consistent)(const hd__search *search);
};

int hd__search_count(void);
const hd__search_desc *hd__search_at(int index);
const hd__search_desc *hd__search_find(const char *name);

/* Check a definition and fill everything but memory.  Errors  CONFLICT, RANGE. */
hd_status hd__search_compile(hd_ctx *ctx, const hd__search_desc *desc, const hd__search_def *def,
                             hd__search *search);
/* Take the search's memory; runs on a counting arena first. */
void hd__search_lay_out(hd__search *search, hd__arena *arena);
/* Begin at w0 [n]. */
void hd__search_start(hd__search *search, const float *w0);

/* The weights w [n_pad], 64-byte aligned, of one candidate; those past n mean nothing. */
void hd__search_ask(const hd__search *search, int candidate, float *w);
/* The returns of the next `count` candidates, none beyond the generation's last. */
void hd__search_tell(hd__search *search, int count, const double *returns);
/* Can a search go on from what was loaded into its arrays? */
bool hd__search_is_consistent(const hd__search *search);

/* The candidate whose return is awaited. */
static inline int hd__search_next(const hd__search *search) {
  return (int)search->counters->reported;
}

#endif
