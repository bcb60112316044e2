/* The loops, behind one table per instruction set. Arrays are 64-byte aligned and padded to a
 * multiple of HD_LANES floats; every n and stride below is such a multiple unless said otherwise.
 * Sums over lanes run in a fixed order (HD_LANES partial sums, then a fixed tree) and products
 * are never contracted, so every table gives the same bits. */
#ifndef HD_KERNEL_H
#define HD_KERNEL_H

#include <stdbool.h>

#include "cell.h"
#include "env_random.h"
#include "env_vector.h"
#include "synapse_loops.h"

enum { HD_LANES = 16, HD_LIMIT_CHAINS = 12 };

#define HD_PAD(n) (((n) + HD_LANES - 1) / HD_LANES * HD_LANES)

enum { HD_FOURIER_MAX = 4096 };

/* One substep of n neurons of one model.
 *
 *   drive  [n]           read     input of the substep
 *   noise  [n]           read     uniform draws in (0,1); unused by a deterministic model
 *   live   [n]           read     1, or 0 in padding lanes, which then never fire
 *   state  [n_state][n]  read and written
 *   b, p, gain  [n]      written  as hd__fire */
typedef void (*hd__neuron_step_fn)(const void *derived, int n, const float *drive,
                                   const float *noise, const float *live, float *state, float *b,
                                   float *p, float *gain);

/* T substeps of B rows of n agents: neurons without memory whose drive stays, and whose factor is
 * the score of their decisions (src/rule/score.h).
 *
 *   key    [B]     read
 *   first          first draw of a row, even, counted as in hd__kernel.spikes_batch
 *   drive  [B][n]  read
 *   live   [n]     read
 *   p      [B][n]  written: probability of firing
 *   y      [B][n]  written: mean value of the spikes, silence + (1 - silence) b
 *   g      [B][n]  written, or NULL: factor of the T decisions, T (mean b - p) gain
 *   total  [n]     spikes are added to it */
typedef struct hd__agents {
  int B, n, T;
  const hd__key *key;
  uint32_t first;
  float silence;
  const float *drive, *live;
  float *p, *y, *g, *total;
} hd__agents;

typedef void (*hd__agents_fn)(const void *derived, const hd__agents *io);

/* Substeps first to first + steps - 1 of rows of cells (src/neuron/cell.h). Arrays with a `_row`
 * begin each row, and with a `_step` each substep, so many elements after the last, from substep 0.
 *
 *   z        read     drive; z_step 0: it stays
 *   bias [n] read     added to the drive; NULL: 0
 *   v, c, a, r  [rows][n] read and written: state; c, a and r (substeps left of the refractory
 *            period) may be NULL if the cell lacks them; is_fresh: it begins as an episode does,
 *            and is only written
 *   s        written  spikes, or NULL
 *   bits     written  the same of the first n_live cells, 0 beyond, in words of 64; or NULL
 *   total    [n]      spikes are added to it; or NULL
 *   u        written  potential before the spike, or NULL
 *   c_kept, a_kept, r_kept  written  c(t), a(t-1) and r(t-1), or NULL
 *   gain     written  surrogate d s / d drive, 0 while refractory; or NULL
 *   mean     mean_row; weight[t] s(t) is added, from 0 at substep 0; or NULL */
typedef struct hd__cell_run {
  const hd__cell *cell;
  hd__cell_lanes lanes;
  int rows, first, steps, n;
  const float *z, *bias;
  int z_row, z_step;
  bool is_fresh;
  float *v, *c, *a, *r;
  float *s, *u, *c_kept, *a_kept, *r_kept, *gain;
  int kept_row, kept_step; /* of these six */
  uint64_t *bits;
  int bits_row, bits_step, n_live;
  float *total;
  const float *weight;
  float *mean;
  int mean_row;
} hd__cell_run;

/* The same backwards, from gradients of a loss by spikes and final state to those by drives,
 * initial state and what each cell has of its own. Within a row substeps are n floats apart.
 *
 *   u, c_kept, a_kept, r_kept  read   as they were written; the last three may be NULL
 *   v0, c0   [rows][n] read   v and c before the first substep; NULL: as an episode begins
 *   gs       read     by the spikes, kept_row; or NULL: 0
 *   q        [rows][n] read   weight[t] q is added to gs; or NULL
 *   gv, gc, ga  [rows][n] read and written: by the state after the last substep, and then by that
 *            before the first; gc and ga may be NULL if the cell lacks them; is_fresh: only written
 *   gz       written  by the drive, gz_row; gz_step as z_step, 0: summed over these substeps
 *   g_alpha ... g_rho  [n] added to, or all NULL; beta's with gamma's share if the cell is tied */
typedef struct hd__cell_back {
  const hd__cell *cell;
  hd__cell_lanes lanes;
  int rows, first, steps, n;
  const float *u, *c_kept, *a_kept, *r_kept, *v0, *c0;
  int kept_row;
  const float *gs, *q, *weight;
  int q_row;
  bool is_fresh;
  float *gv, *gc, *ga;
  float *gz;
  int gz_row, gz_step;
  float *g_alpha, *g_beta, *g_theta, *g_rho;
} hd__cell_back;

/* Smooth units, and a gradient by their output turned into one by their drive, arrays [rows][n] and
 * bias [n]:  y = f(z + bias);  g = g f'. */
typedef struct hd__unit_loops {
  void (*forward)(int rows, int n, const float *bias, const float *z, float *y);
  void (*backward)(int rows, int n, const float *y, float *g);
} hd__unit_loops;

/* One step of n environments of one kind; n is any number, the arrays but state are not padded.
 *
 *   state       [n / HD_ENV_LANES, rounded up][fields][HD_ENV_LANES]  read and written
 *   action      [n]         read
 *   obs         [n][n_obs]  written, as are reward [n] and terminated [n] */
typedef void (*hd__env_step_fn)(int n, double *state, const float *action, float *obs,
                                double *reward, bool *terminated);

/* Start episodes of the environments named in list [n], on their native random streams; of obs
 * their rows are written. */
typedef void (*hd__env_start_fn)(int n, const int32_t *list, double *state, hd_random *random,
                                 float *obs);

typedef struct hd__env_loops {
  hd__env_step_fn step;
  hd__env_start_fn start;
} hd__env_loops;

/* Weights that are 0, +size or -size, of sources in fours: bit i of plus[k][j] says that source
 * 4 k + i excites target j, bit i of minus[k][j] that it inhibits it. [16 words][stride], stride a
 * multiple of HD_BOOLEAN_PAD, 64-byte aligned, 0 where there is no source or target. */
typedef struct hd__boolean {
  float size;
  int stride;
  const uint8_t *plus, *minus;
} hd__boolean;

enum { HD_BOOLEAN_PAD = 64 };

typedef struct hd__kernel {
  hd__neuron_step_fn const *neuron; /* by hd__neuron_desc.id */
  hd__agents_fn const *agents;      /* the same, of neurons without memory */

  /* out[i] = hd__uniform16(key, first + i), first even. */
  void (*noise)(int n, hd__key key, uint32_t first, float *out);

  /* out[i] = hd__normalf(key, first + i) */
  void (*normals)(int n, hd__key key, uint32_t first, float *out);

  /* b = 1 where noise < p: further substeps of a memoryless model whose drive stays. */
  void (*draw)(int n, const float *noise, const float *p, float *b);
  void (*cell_forward)(const hd__cell_run *io);
  void (*cell_backward)(const hd__cell_back *io);
  const hd__unit_loops *unit; /* by hd__cell.unit */
  const hd__synapse_loops *synapses;
  /* Are n numbers finite, any n, which need not be aligned? And those of rows e [n_pre][stride],
   * lanes from n on made 0? */
  bool (*finite)(size_t n, const float *x);
  bool (*clean)(int n_pre, int n, int stride, float *e);
  /* T substeps of a memoryless model whose drive stays, as noise and draw would make them, of B
   * rows, row r under key[r]; draw i of substep t is first + t n + i.
   *   p     [B][n]     read
   *   b     [T][B][n]  written, or NULL
   *   mean  [B][n]     written, or NULL: share of substeps with a spike */
  void (*spikes_batch)(int B, int n, int T, const hd__key *key, uint32_t first, const float *p,
                       float *b, float *mean);
  /* Synapses of one source that fired, onto n targets: each passes the spike on if its draw, of the
   * single ones hd__uniform24(key, first + j), is below p = sigma(q + c).
   *   q, strength, live  [n]  read: logit at rest, worth of a release, 1 or 0 in padding lanes
   *   drive              [n]  strength of those that released is added
   *   e                  [n]  live (r - p) is added, r = 1 if it released, else 0 */
  void (*release)(int n, hd__key key, uint32_t first, float c, const float *q,
                  const float *strength, const float *live, float *drive, float *e);
  /* y = live (silence + (1 - silence) b) */
  void (*spike_values)(int n, float silence, const float *live, const float *b, float *y);
  /* y = live (silence + (1 - silence) y~), y~ the relaxed spike of p and its draw; and
   * g = hd__relaxed_factor (src/rule/relaxed.h) */
  void (*relaxed_values)(int n, float silence, float tau, const float *live, const float *p,
                         const float *noise, float *y);
  void (*relaxed_factor)(int n, float span, float tau, const float *back, const float *p,
                         const float *noise, const float *gain, float *g);
  /* y = (a live) x */
  void (*masked)(int n, float a, const float *live, const float *x, float *y);
  /* g = (a live) score: the factor of rule pgcn (src/rule/score.h), masked */
  void (*score)(int n, float a, const float *live, const float *gate, const float *b,
                const float *p, const float *gain, float *g);
  /* x = sigma(x) */
  void (*sigmoid)(int n, float *x);
  /* pi[r] = exp(logit[r] / temperature), normalised over the first A of `stride` lanes, 0 in the
   * others. */
  void (*softmax)(int B, int A, int stride, float temperature, const float *logit, float *pi);

  /* log_p[r A + a] = log softmax(logit[r])[a] and p its exponential, A of `stride` lanes; log_p and
   * p have room for HD_PAD(B A) floats. */
  void (*log_softmax)(int B, int A, int stride, const float *logit, float *log_p, float *p);

  /* Weights as rows by source, W [n_pre][n]; n_pre and n_slices are any numbers.
   * drive[s][j] = sum_i x[s][i] W[i][j], in the order of i; x [n_slices][x_stride] */
  void (*rows_drive)(int n_slices, int n_pre, int n, const float *W, const float *x, int x_stride,
                     float *drive);
  /* drive[j] = sum_k W[line[k]][j], in the order of k, for n_lines lines. */
  void (*rows_lines)(int n_lines, int n, const int32_t *line, const float *W, float *drive);
  /* back[i] = sum_j W[i][j] g[j] */
  void (*rows_back)(int n_pre, int n, const float *W, const float *g, float *back);

  /* Zeros and ones as bits [n_slices][words], words = ceil(n / 64), bit i % 64 of word i / 64.
   * pack: bits of x, any n; returns how many are set, or -1 if x holds something else than 0 and 1.
   * rows_events and outer_events: rows_drive and outer_batch by set bits alone, with the same bits
   * as results where weights are finite. */
  int (*pack)(int n_slices, int n, const float *x, int x_stride, uint64_t *bits, int words);
  void (*rows_events)(int n_slices, int n_pre, int n, const float *W, const uint64_t *bits,
                      int words, float *drive);
  void (*outer_events)(int n_slices, int n_pre, int n, const float *scale, const uint64_t *bits,
                       int words, const float *g, int g_stride, float *E);

  /* drive[s][j] = size (excitatory spikes - inhibitory spikes), as rows_drive to the bit where sums
   * of weights are exact; n_slices and words are any. */
  void (*bits_drive)(int n_slices, int n, const hd__boolean *W, const uint64_t *bits, int words,
                     float *drive);

  /* Weights as rows by target, W [n_post][n]; n_post is any number.
   * out[k] = sum_i W[k][i] x[i] */
  void (*cols_drive)(int n_post, int n, const float *W, const float *x, float *out);
  /* back[i] += sum_k W[k][i] g[k] */
  void (*cols_back)(int n_post, int n, const float *W, const float *g, float *back);

  /* The same for B rows x [B][x_stride]: out[r][a] = dot(W[a], x[r]), W [A][n], out
   * [B][out_stride]; and for a single row of weights, out [B]. A, B and out_stride are any. */
  void (*heads)(int B, int A, int n, const float *W, const float *x, int x_stride, float *out,
                int out_stride);
  void (*rows_dot)(int B, int n, const float *w, const float *x, int x_stride, float *out);

  /* Gradients of a rollout; n_slices and n_pre are any numbers, sums run in the order of s.
   * E[i][j] += sum_s x[s][i] (scale[s] g[s][j]);  y[j] += sum_s scale[s] x[s][j] */
  void (*outer_batch)(int n_slices, int n_pre, int n, const float *scale, const float *x,
                      int x_stride, const float *g, int g_stride, float *E);
  void (*sum_scaled)(int n_slices, int n, const float *scale, const float *x, int x_stride,
                     float *y);

  /* z = decay z + x */
  void (*trace)(int n, float decay, const float *x, float *z);
  /* TD(lambda) with linear features: z = decay z + phi;  w += a z;  then w.next is returned. */
  float (*td)(int n, float decay, float a, const float *phi, const float *next, float *z, float *w);

  /* y += a x;  y += a (x - y);  the latter for each of `steps` rates a[] in turn;  x *= a */
  void (*axpy)(int n, float a, const float *x, float *y);
  void (*approach)(int n, float a, const float *x, float *y);
  void (*approach_often)(int n, int steps, const float *a, const float *x, float *y);
  void (*scale)(int n, float a, float *x);
  float (*dot)(int n, const float *x, const float *y);

  /* x[r][k] = root[k] cos(pi c.unit[r]) for all c in {0 .. order}^dims, k read as the digits of c
   * in base order + 1, the first component most significant; at most HD_FOURIER_MAX features, zeros
   * behind them up to the next multiple of HD_LANES. unit [B][dims] in [0,1], root may be NULL.
   * Errors stay below 1e-6 of root. */
  void (*fourier)(int B, int order, int dims, const float *unit, const float *root, float *x,
                  int x_stride);

  /* Ascent on gradient G with step a (Adam: Kingma & Ba 2015, a with both bias corrections folded
   * in as a1 = a / (1 - beta1^t), c2 = 1 / (1 - beta2^t); RMSprop: Tieleman & Hinton 2012). */
  void (*adam)(int n, float a1, float c2, float beta1, float beta2, float epsilon, const float *G,
               float *m, float *v, float *W);
  void (*rmsprop)(int n, float a, float c2, float beta2, float epsilon, const float *G, float *v,
                  float *W);

  const hd__env_loops *env; /* by hd__env_vector */
  /* Count a step of n episodes, any n: truncated where one reached the limit (0: there is none),
   * done where one ended either way. */
  void (*env_count)(int n, int32_t limit, int32_t *elapsed, const bool *terminated, bool *truncated,
                    unsigned char *done);

  /* Limits of the processor (hedon/limit.h): rounds of HD_LIMIT_CHAINS multiply-adds of a whole
   * vector, fused or not; a sum of n floats, n a multiple of 4 HD_LANES. */
  float (*limit_fused)(int64_t rounds);
  float (*limit_separate)(int64_t rounds);
  float (*limit_read)(int64_t n, const float *x);
} hd__kernel;

const hd__kernel *hd__kernel_for(int isa);

/* Whether touching the rows of `set` bits among `total`, n targets each, is faster than the dense
 * loops, packing included. Measured on 64 to 512 inputs (docs/kernels.md): even at 55 to 65 percent
 * where rows are long, at 35 where they are two vectors or one. */
static inline bool hd__is_sparse(int set, int total, int n) {
  return (n > 2 * HD_LANES ? 2 : 3) * (int64_t)set <= total;
}

/* Whether bits_drive is faster than rows_events: of few targets, too few spikes
 * share a look-up. Measured likewise, on 64 to 1024 inputs. */
static inline bool hd__is_counted(int set, int total, int n) {
  return n > 8 * HD_LANES || 4 * (int64_t)set > total;
}

#endif
