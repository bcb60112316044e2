/* src/grad/stack.h in its plain form: one number after another, nothing skipped, everything kept.
 * Included once per number type; the includer says
 *
 *   REAL                 float or double
 *   PLAIN(name)          the name for that type
 *   PLAIN_SPIKE(cell, x)  spike of a potential x above its threshold; between 0 and 1 if smoothed
 *   PLAIN_FIRED(cell, x)  whether that begins a refractory period
 *   PLAIN_SLOPE(cell, x)  its derivative
 *   PLAIN_SIGMOID(x), PLAIN_TANH(x), PLAIN_SQRT(x)
 *
 * which mean nothing any more at its end.
 *
 * Shape, offsets and settings are those of an hd__stack; weights and gradients are REALs at its
 * offsets. In float, sums run in the order that src/grad promises, so that results are the same to
 * the bit: sources ascending, from 0; gradients by weights over rows, decisions and substeps
 * ascending; those by what each cell has of its own over rows ascending, substeps descending. */

typedef struct PLAIN(layer) {
  REAL W[PLAIN_WIDTH][PLAIN_WIDTH], bias[PLAIN_WIDTH], scale[PLAIN_WIDTH];
  REAL alpha[PLAIN_WIDTH], beta[PLAIN_WIDTH], gamma[PLAIN_WIDTH];
  REAL theta[PLAIN_WIDTH], rho[PLAIN_WIDTH];
  int whole[PLAIN_WIDTH];  /* of a delay: k, */
  REAL late[PLAIN_WIDTH];  /* f, */
  REAL share[PLAIN_WIDTH]; /* and (k + f)/max_delay */
} PLAIN(layer);

/* What a cell remembers. */
typedef struct PLAIN(memory) {
  REAL v, c, a, r, y;
} PLAIN(memory);

/* A cell in a substep. */
typedef struct PLAIN(moment) {
  PLAIN(memory) before, after;
  REAL u, gz;
} PLAIN(moment);

typedef struct PLAIN(pass) {
  int rows, decisions;
  const REAL *x; /* as hd__pass, rows of in_pad */
  const bool *fresh;
  REAL *state, *out, *g_state;
} PLAIN(pass);

typedef struct PLAIN(net) {
  const hd__stack *stack;
  const REAL *weights, *statistics;
  PLAIN(layer) layer[PLAIN_LAYERS];
  REAL weight[PLAIN_SUBSTEPS];
  PLAIN(moment) at[PLAIN_SLICES][PLAIN_LAYERS][PLAIN_WIDTH];
  REAL mean[PLAIN_SLICES][PLAIN_LAYERS][PLAIN_WIDTH]; /* of a decision, by head */
  int peak[PLAIN_SLICES][PLAIN_OUT];
  REAL g_read[PLAIN_SLICES][PLAIN_LAYERS][PLAIN_WIDTH]; /* by what a head reads, of a substep */
  REAL g_seen[PLAIN_SLICES][PLAIN_LAYERS][PLAIN_WIDTH]; /* by what a layer shows to the next */
  REAL past[PLAIN_ROWS][PLAIN_LAYERS][PLAIN_DELAY][PLAIN_WIDTH]; /* spikes before the pass */
  REAL g_past[PLAIN_LAYERS][PLAIN_DELAY][PLAIN_WIDTH];           /* of a row: by its last spikes */
} PLAIN(net);

static bool PLAIN(spikes)(const PLAIN(net) * net) {
  return net->stack->def.cell.unit == HD_UNIT_NONE;
}

static bool PLAIN(has_peak)(const PLAIN(net) * net) {
  return net->stack->def.readout == HD_STACK_MEMBRANE_MAX && PLAIN(spikes)(net);
}

static REAL PLAIN(keep)(const PLAIN(net) * net) {
  return (REAL)1 - (REAL)1 / (REAL)net->stack->def.membrane_tau;
}

/* ---- weights made ready ---- */

static void PLAIN(prepare_cell)(PLAIN(net) * net, int l, int j) {
  const hd__stack_def *def = &net->stack->def;
  const hd__stack_layer *at = &net->stack->layer[l];
  PLAIN(layer) *layer = &net->layer[l];
  const REAL *w = net->weights + j;
  const REAL gain = (REAL)def->gain;
  layer->alpha[j] = def->cell.has_current ? PLAIN_SIGMOID(w[at->alpha]) : (REAL)0;
  layer->beta[j] = def->beta < 1.0f ? PLAIN_SIGMOID(w[at->beta]) : (REAL)1;
  layer->gamma[j] = def->cell.is_tied ? gain * ((REAL)1 - layer->beta[j]) : gain;
  layer->theta[j] = w[at->theta];
  layer->rho[j] = def->cell.has_adaptation ? PLAIN_SIGMOID(w[at->rho]) : (REAL)0;
  if (at->max_delay > 0) {
    layer->share[j] = PLAIN_SIGMOID(w[at->delay]);
    const REAL d = (REAL)at->max_delay * layer->share[j];
    layer->whole[j] = (int)d < at->max_delay ? (int)d : at->max_delay - 1;
    layer->late[j] = d - (REAL)layer->whole[j];
  }
}

static REAL PLAIN(deviation)(const PLAIN(net) * net, int l, int j) {
  return PLAIN_SQRT(net->statistics[net->stack->layer[l].variance + (size_t)j] + (REAL)1e-5f);
}

static void PLAIN(prepare)(PLAIN(net) * net, const hd__stack *stack, const REAL *weights,
                           const REAL *statistics) {
  const hd__stack_def *def = &stack->def;
  net->stack = stack;
  net->weights = weights;
  net->statistics = statistics;
  for (int l = 0; l < def->n_layers; l++) {
    const hd__stack_layer *at = &stack->layer[l];
    PLAIN(layer) *layer = &net->layer[l];
    for (int j = 0; j < at->n; j++) {
      const REAL *w = weights + j;
      layer->scale[j] = def->is_normalised ? w[at->gain] / PLAIN(deviation)(net, l, j) : (REAL)1;
      layer->bias[j] = def->is_normalised
                           ? w[at->shift] - layer->scale[j] * statistics[at->mean + (size_t)j]
                           : w[at->bias];
      for (int i = 0; i < at->n_pre; i++) {
        layer->W[i][j] = layer->scale[j] * w[at->W + (size_t)(i * at->n_pad)];
      }
      if (PLAIN(spikes)(net)) {
        PLAIN(prepare_cell)(net, l, j);
      }
    }
  }
  REAL power = 1, sum = 0;
  const REAL T = (REAL)def->T, keep = PLAIN(keep)(net);
  for (int t = def->T - 1; t >= 0; t--) {
    sum += power;
    net->weight[t] = def->readout == HD_STACK_MEAN            ? (REAL)1 / T
                     : def->readout == HD_STACK_MEMBRANE_MEAN ? ((REAL)1 - keep) * sum / T
                                                              : ((REAL)1 - keep) * power;
    power *= keep;
  }
}

/* ---- forward ---- */

static const REAL *PLAIN(input)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t) {
  const hd__stack_def *def = &net->stack->def;
  return pass->x + (size_t)(def->has_timed_input ? k * def->T + t : k) * (size_t)net->stack->in_pad;
}

static bool PLAIN(is_fresh)(const PLAIN(pass) * pass, int r, int d) {
  const bool has_before = d > 0 || pass->state != NULL;
  return !has_before || (pass->fresh != NULL ? pass->fresh[r * pass->decisions + d] : d > 0);
}

/* Spike of neuron i of layer l, `back` substeps before substep t of decision k; 0 before the state
 * was fresh. */
static REAL PLAIN(spike_before)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t,
                                int l, int i, int back) {
  const int r = k / pass->decisions;
  for (t -= back; t < 0; t += net->stack->def.T, k--) {
    const int d = k % pass->decisions;
    if (PLAIN(is_fresh)(pass, r, d)) {
      return 0;
    }
    if (d == 0) {
      return net->past[r][l][net->stack->layer[l].max_delay + t][i];
    }
  }
  return net->at[k * net->stack->def.T + t][l][i].after.y;
}

/* What neuron i of the layer below shows to layer l. */
static REAL PLAIN(seen)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t, int l,
                        int i) {
  if (l <= 0) {
    return PLAIN(input)(net, pass, k, t)[i];
  }
  if (net->stack->layer[l - 1].max_delay == 0) {
    return net->at[k * net->stack->def.T + t][l - 1][i].after.y;
  }
  const PLAIN(layer) *below = &net->layer[l - 1];
  const REAL f = below->late[i];
  return ((REAL)1 - f) * PLAIN(spike_before)(net, pass, k, t, l - 1, i, below->whole[i]) +
         f * PLAIN(spike_before)(net, pass, k, t, l - 1, i, below->whole[i] + 1);
}

/* Where row r keeps a field of layer l in `all`, or NULL. Fields: potential, current, adaptation,
 * substeps left of a refractory period, own last spikes, and those on their way to the next layer,
 * oldest first. */
static REAL *PLAIN(field_at)(const PLAIN(net) * net, REAL *all, int r, int l, int field) {
  const hd__stack_def *def = &net->stack->def;
  int at = r * net->stack->n_state;
  for (int k = 0; k <= l; k++) {
    const int times[] = {PLAIN(spikes)(net),       def->cell.has_current,
                         def->cell.has_adaptation, def->cell.ref_steps > 0.0f,
                         def->is_recurrent,        net->stack->layer[k].max_delay};
    for (int f = 0; f < 6; f++) {
      if (k == l && f == field) {
        return times[f] > 0 && all != NULL ? all + at : NULL;
      }
      at += times[f] * net->stack->layer[k].n_pad;
    }
  }
  return NULL;
}

static REAL *PLAIN(state_at)(const PLAIN(net) * net, const PLAIN(pass) * pass, int r, int l,
                             int field) {
  return PLAIN(field_at)(net, pass->state, r, l, field);
}

static PLAIN(memory)
    PLAIN(carried)(const PLAIN(net) * net, const PLAIN(pass) * pass, int r, int l, int j) {
  PLAIN(memory) m = {0};
  REAL *field[] = {&m.v, &m.c, &m.a, &m.r, &m.y};
  for (int f = 0; f < 5; f++) {
    const REAL *from = PLAIN(state_at)(net, pass, r, l, f);
    *field[f] = from != NULL ? from[j] : (REAL)0;
  }
  return m;
}

/* The recursion of src/neuron/cell.h. */
static void PLAIN(cell)(const PLAIN(net) * net, int l, int j, REAL z, PLAIN(moment) * m) {
  const hd__cell *cell = &net->stack->def.cell;
  const PLAIN(layer) *layer = &net->layer[l];
  const REAL theta = layer->theta[j], v_reset = (REAL)cell->v_reset, rest = (REAL)cell->v_rest;
  const bool is_open = m->before.r == 0;
  m->after.c = cell->has_current ? layer->alpha[j] * m->before.c + z : z;
  m->u = rest + layer->beta[j] * (m->before.v - rest) + layer->gamma[j] * m->after.c;
  m->u = is_open ? m->u : m->before.v;
  const REAL threshold = cell->has_adaptation ? theta + (REAL)cell->kappa * m->before.a : theta;
  const REAL s = is_open ? PLAIN_SPIKE(cell, m->u - threshold) : (REAL)0;
  if (cell->is_soft) {
    m->after.v = m->u - s * (theta - v_reset);
  } else if (s == 0 || s == 1) {
    m->after.v = s == 1 ? v_reset : m->u;
  } else {
    m->after.v = ((REAL)1 - s) * m->u + s * v_reset;
  }
  m->after.a = cell->has_adaptation ? layer->rho[j] * m->before.a + s : (REAL)0;
  m->after.r = PLAIN_FIRED(cell, m->u - threshold) && is_open ? (REAL)cell->ref_steps
               : m->before.r > 0                              ? m->before.r - 1
                                                              : (REAL)0;
  m->after.y = s;
}

/* Drive of cell j by what an agent sees beside what is below. */
static REAL PLAIN(beside)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k,
                          const hd__stack_side *side, int n_pad, int j) {
  REAL z = 0;
  for (int i = 0; i < side->n; i++) {
    z += PLAIN(input)(net, pass, k, 0)[side->from + i] *
         net->weights[side->W + (size_t)(i * n_pad + j)];
  }
  return z;
}

static void PLAIN(forward_layer)(PLAIN(net) * net, const PLAIN(pass) * pass, int r, int d, int t,
                                 int l) {
  const hd__stack_def *def = &net->stack->def;
  const hd__stack_layer *at = &net->stack->layer[l];
  const int k = r * pass->decisions + d, s = k * def->T + t;
  for (int j = 0; j < at->n; j++) {
    PLAIN(moment) *m = &net->at[s][l][j];
    if (t == 0 && PLAIN(is_fresh)(pass, r, d)) {
      m->before = (PLAIN(memory)){.v = (REAL)def->cell.v_start};
    } else if (t == 0 && d == 0) {
      m->before = PLAIN(carried)(net, pass, r, l, j);
    } else {
      m->before = net->at[s - 1][l][j].after;
    }
  }
  for (int j = 0; j < at->n; j++) {
    REAL z = 0, own = 0;
    for (int i = 0; i < at->n_pre; i++) {
      z += PLAIN(seen)(net, pass, k, t, l, i) * net->layer[l].W[i][j];
    }
    for (int i = 0; i < at->n_sides; i++) {
      z += PLAIN(beside)(net, pass, k, &at->side[i], at->n_pad, j);
    }
    for (int i = 0; i < at->n && def->is_recurrent; i++) {
      own += net->at[s][l][i].before.y * net->weights[at->V + (size_t)(i * at->n_pad + j)];
    }
    z = (def->is_recurrent ? z + own : z) + net->layer[l].bias[j];
    PLAIN(moment) *m = &net->at[s][l][j];
    if (PLAIN(spikes)(net)) {
      PLAIN(cell)(net, l, j, z, m);
    } else {
      m->after.y = def->cell.unit == HD_UNIT_tanh ? PLAIN_TANH(z) : z > 0 ? z : 0;
    }
  }
}

/* What head h reads: output of its layer, or the input if there is none. */
static REAL PLAIN(read_by)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t, int h,
                           int i) {
  return PLAIN(seen)(net, pass, k, t, net->stack->head[h].layer + 1, i);
}

static int PLAIN(n_read)(const PLAIN(net) * net, int h) {
  const hd__stack_def *def = &net->stack->def;
  const int l = net->stack->head[h].layer;
  return l >= 0 ? def->width[l] : def->n_in;
}

/* The sum of the readout's products. */
HD_PLAIN_DOT(PLAIN(dot), REAL)

static REAL PLAIN(share)(const PLAIN(net) * net) {
  REAL sum = 0;
  for (int t = 0; t < net->stack->def.T; t++) {
    sum += net->weight[t];
  }
  return sum;
}

static void PLAIN(read)(PLAIN(net) * net, const PLAIN(pass) * pass, int k, int h) {
  const hd__stack *stack = net->stack;
  const hd__stack_head *head = &stack->head[h];
  const int n = PLAIN(n_read)(net, h), T = stack->def.T;
  const REAL keep = PLAIN(keep)(net), *bias = net->weights + stack->bias + h * stack->head_pad;
  REAL *out = pass->out + k * stack->out_pad + h * stack->head_pad;
  for (int i = 0; i < n; i++) {
    REAL mean = 0;
    for (int t = 0; t < T; t++) {
      mean += net->weight[t] * PLAIN(read_by)(net, pass, k, t, h, i);
    }
    net->mean[k][h][i] = head->layer >= 0 ? mean : PLAIN(read_by)(net, pass, k, 0, h, i);
  }
  for (int a = 0; a < stack->def.n_out; a++) {
    const REAL *W = net->weights + head->W + (size_t)(a * head->n_pad);
    if (!PLAIN(has_peak)(net)) {
      out[a] = PLAIN(dot)(n, W, net->mean[k][h]) + PLAIN(share)(net) * bias[a];
      continue;
    }
    REAL v = 0;
    for (int t = 0; t < T; t++) {
      REAL y[PLAIN_WIDTH];
      for (int i = 0; i < n; i++) {
        y[i] = PLAIN(read_by)(net, pass, k, t, h, i);
      }
      v = keep * v + ((REAL)1 - keep) * (PLAIN(dot)(n, W, y) + bias[a]);
      if (t == 0 || v > out[a]) {
        out[a] = v;
        net->peak[k][a] = t;
      }
    }
  }
}

static void PLAIN(take_past)(PLAIN(net) * net, const PLAIN(pass) * pass, int r) {
  for (int l = 0; l < net->stack->def.n_layers; l++) {
    const hd__stack_layer *at = &net->stack->layer[l];
    const REAL *from = PLAIN(state_at)(net, pass, r, l, 5);
    for (int m = 0; m < at->max_delay && from != NULL; m++) {
      for (int j = 0; j < at->n; j++) {
        net->past[r][l][m][j] = from[m * at->n_pad + j];
      }
    }
  }
}

static void PLAIN(keep_past)(const PLAIN(net) * net, const PLAIN(pass) * pass, int r, int l) {
  const hd__stack_layer *at = &net->stack->layer[l];
  REAL *to = PLAIN(state_at)(net, pass, r, l, 5);
  for (int m = 0; m < at->max_delay; m++) {
    for (int j = 0; j < at->n; j++) {
      to[m * at->n_pad + j] = PLAIN(spike_before)(net, pass, (r + 1) * pass->decisions - 1,
                                                  net->stack->def.T, l, j, at->max_delay - m);
    }
  }
}

static void PLAIN(keep_state)(const PLAIN(net) * net, const PLAIN(pass) * pass, int r) {
  const hd__stack_def *def = &net->stack->def;
  const int last = (r + 1) * pass->decisions * def->T - 1;
  for (int l = 0; l < def->n_layers; l++) {
    for (int j = 0; j < net->stack->layer[l].n; j++) {
      const PLAIN(memory) *m = &net->at[last][l][j].after;
      const REAL value[] = {m->v, m->c, m->a, m->r, m->y};
      for (int f = 0; f < 5; f++) {
        REAL *to = PLAIN(state_at)(net, pass, r, l, f);
        if (to != NULL) {
          to[j] = value[f];
        }
      }
    }
    PLAIN(keep_past)(net, pass, r, l);
  }
}

static void PLAIN(forward)(PLAIN(net) * net, const PLAIN(pass) * pass) {
  const hd__stack_def *def = &net->stack->def;
  for (int r = 0; r < pass->rows; r++) {
    PLAIN(take_past)(net, pass, r);
    for (int d = 0; d < pass->decisions; d++) {
      for (int t = 0; t < def->T; t++) {
        for (int l = 0; l < def->n_layers; l++) {
          PLAIN(forward_layer)(net, pass, r, d, t, l);
        }
      }
      for (int h = 0; h < net->stack->n_heads; h++) {
        PLAIN(read)(net, pass, r * pass->decisions + d, h);
      }
    }
    if (pass->state != NULL) {
      PLAIN(keep_state)(net, pass, r);
    }
  }
}

/* ---- backward ---- */

/* Gradients by the memory of a layer's cells, on their way from a substep to the one before. */
typedef struct PLAIN(flow) {
  REAL v[PLAIN_WIDTH], c[PLAIN_WIDTH], a[PLAIN_WIDTH], y[PLAIN_WIDTH];
} PLAIN(flow);

/* A head backwards: g_read of all substeps of decision k, and its own gradients. */
static void PLAIN(back_read)(PLAIN(net) * net, const PLAIN(pass) * pass, int k, int h,
                             const REAL *g_out, REAL *G) {
  const hd__stack *stack = net->stack;
  const hd__stack_head *head = &stack->head[h];
  const int n = PLAIN(n_read)(net, h), n_out = stack->def.n_out, T = stack->def.T;
  const REAL keep = PLAIN(keep)(net), *W = net->weights + head->W;
  g_out += h * stack->head_pad;
  REAL by_membrane[PLAIN_SUBSTEPS][PLAIN_OUT] = {{0}};
  for (int a = 0; a < n_out; a++) {
    REAL share = ((REAL)1 - keep) * g_out[a];
    for (int t = net->peak[k][a]; t >= 0 && PLAIN(has_peak)(net); t--) {
      by_membrane[t][a] = share;
      share *= keep;
    }
  }
  for (int a = 0; a < n_out; a++) {
    REAL *to = G + head->W + (size_t)(a * head->n_pad);
    REAL *to_bias = G + stack->bias + h * stack->head_pad + a;
    if (!PLAIN(has_peak)(net)) {
      for (int i = 0; i < n; i++) {
        to[i] += g_out[a] * net->mean[k][h][i];
      }
      *to_bias += PLAIN(share)(net) * g_out[a];
      continue;
    }
    for (int t = 0; t < T; t++) {
      for (int i = 0; i < n; i++) {
        to[i] += by_membrane[t][a] * PLAIN(read_by)(net, pass, k, t, h, i);
      }
      *to_bias += by_membrane[t][a];
    }
  }
  for (int t = 0; t < T; t++) {
    for (int i = 0; i < n; i++) {
      REAL q = 0;
      for (int a = 0; a < n_out; a++) {
        q += (PLAIN(has_peak)(net) ? by_membrane[t][a] : g_out[a]) * W[a * head->n_pad + i];
      }
      net->g_read[k * T + t][h][i] = q;
    }
  }
}

/* A cell backwards: gs by its spike; flow by its memory after the substep, then before it. */
static void PLAIN(back_cell)(PLAIN(net) * net, int l, int j, REAL gs, PLAIN(moment) * m,
                             PLAIN(flow) * flow, REAL *G) {
  const hd__cell *cell = &net->stack->def.cell;
  const hd__stack_layer *at = &net->stack->layer[l];
  const PLAIN(layer) *layer = &net->layer[l];
  const REAL beta = layer->beta[j], theta = layer->theta[j], v_reset = (REAL)cell->v_reset;
  const REAL kappa = cell->has_adaptation ? (REAL)cell->kappa : (REAL)0;
  const REAL gv = flow->v[j], s = m->after.y;
  const bool is_open = m->before.r == 0;
  const REAL h = PLAIN_SLOPE(cell, m->u - (theta + kappa * m->before.a));
  if (cell->has_adaptation) {
    gs += flow->a[j];
  }
  if (!cell->is_detached) {
    gs -= gv * (cell->is_soft ? theta - v_reset : m->u - v_reset);
  }
  const REAL through = is_open ? gs * h : (REAL)0;
  const REAL gu = through + (cell->is_soft ? gv : gv * ((REAL)1 - s));
  const REAL g_in = is_open ? gu : (REAL)0;
  const REAL gc = cell->has_current ? layer->gamma[j] * g_in + flow->c[j] : layer->gamma[j] * g_in;
  G[at->theta + (size_t)j] -= cell->is_soft ? through + gv * s : through;
  G[at->beta + (size_t)j] += g_in * (cell->is_tied ? (m->before.v - m->u) / ((REAL)1 - beta)
                                                   : m->before.v - (REAL)cell->v_rest);
  G[at->alpha + (size_t)j] += cell->has_current ? gc * m->before.c : (REAL)0;
  G[at->rho + (size_t)j] += cell->has_adaptation ? flow->a[j] * m->before.a : (REAL)0;
  flow->v[j] = is_open ? beta * gu : gu;
  flow->c[j] = layer->alpha[j] * gc;
  flow->a[j] = layer->rho[j] * flow->a[j] - kappa * through;
  m->gz = gc;
}

/* Gradient by what neuron j of layer l shows `ahead` substeps after substep t of decision k. */
static REAL PLAIN(g_seen_after)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t,
                                int l, int j, int ahead) {
  const int r = k / pass->decisions, T = net->stack->def.T;
  for (t += ahead; t >= T; t -= T) {
    k++;
    if (k / pass->decisions != r || PLAIN(is_fresh)(pass, r, k % pass->decisions)) {
      return 0;
    }
  }
  return t >= 0 ? net->g_seen[k * T + t][l][j] : (REAL)0;
}

/* Gradient by the spike of neuron j of layer l in substep t of decision k (t < 0: before that), as
 * the next layer sees it late, and what follows the pass. */
static REAL PLAIN(by_late)(const PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t, int l,
                           int j) {
  const PLAIN(layer) *layer = &net->layer[l];
  const REAL f = layer->late[j];
  const REAL sum = ((REAL)1 - f) * PLAIN(g_seen_after)(net, pass, k, t, l, j, layer->whole[j]) +
                   f * PLAIN(g_seen_after)(net, pass, k, t, l, j, layer->whole[j] + 1);
  const int D = pass->decisions, M = net->stack->layer[l].max_delay;
  for (int d = k % D + 1; d < D; d++) {
    if (PLAIN(is_fresh)(pass, k / D, d)) {
      return sum;
    }
  }
  const int m = (k % D - D) * net->stack->def.T + t + M;
  return m >= 0 && pass->g_state != NULL ? sum + net->g_past[l][m][j] : sum;
}

static void PLAIN(back_layer)(PLAIN(net) * net, const PLAIN(pass) * pass, int k, int t, int l,
                              PLAIN(flow) * flow, REAL *G) {
  const hd__stack_def *def = &net->stack->def;
  const hd__stack_layer *at = &net->stack->layer[l];
  const int s = k * def->T + t;
  const bool is_top = l == def->n_layers - 1, is_read = is_top || def->has_agents;
  const int h = def->has_agents ? l : 0;
  REAL own[PLAIN_WIDTH];
  for (int j = 0; j < at->n; j++) {
    PLAIN(moment) *m = &net->at[s][l][j];
    REAL gs = 0;
    if (is_top && PLAIN(has_peak)(net)) {
      gs = net->g_read[s][h][j];
    }
    for (int i = 0; !is_top && !def->is_local && i < net->stack->layer[l + 1].n; i++) {
      gs += net->at[s][l + 1][i].gz * net->layer[l + 1].W[j][i];
    }
    net->g_seen[s][l][j] = gs;
    if (at->max_delay > 0) {
      gs = PLAIN(by_late)(net, pass, k, t, l, j);
    }
    if (def->is_recurrent) {
      gs += flow->y[j];
    }
    if (is_read && !PLAIN(has_peak)(net)) {
      gs += net->weight[t] * net->g_read[s][h][j];
    }
    if (PLAIN(spikes)(net)) {
      PLAIN(back_cell)(net, l, j, gs, m, flow, G);
    } else if (def->cell.unit == HD_UNIT_tanh) {
      m->gz = gs * ((REAL)1 - m->after.y * m->after.y);
    } else {
      m->gz = m->after.y > 0 ? gs : 0;
    }
  }
  for (int j = 0; j < at->n && def->is_recurrent; j++) {
    own[j] = 0;
    for (int i = 0; i < at->n; i++) {
      own[j] += net->at[s][l][i].gz * net->weights[at->V + (size_t)(j * at->n_pad + i)];
    }
  }
  for (int j = 0; j < at->n && def->is_recurrent; j++) {
    flow->y[j] = own[j];
  }
}

/* gz of layer l in decision k: of substep t, or, where the drive stays, the sum from the last
 * substep to the first. */
static REAL PLAIN(by_drive)(const PLAIN(net) * net, int k, int t, int l, int j) {
  const int T = net->stack->def.T;
  if (!net->stack->layer[l].is_steady) {
    return net->at[k * T + t][l][j].gz;
  }
  REAL sum = 0;
  for (int i = T - 1; i >= 0; i--) {
    sum += net->at[k * T + i][l][j].gz;
  }
  return sum;
}

static void PLAIN(add_weights)(const PLAIN(net) * net, const PLAIN(pass) * pass, int l, REAL *G) {
  const hd__stack_def *def = &net->stack->def;
  const hd__stack_layer *at = &net->stack->layer[l];
  for (int k = 0; k < pass->rows * pass->decisions; k++) {
    for (int t = 0; t < (at->is_steady ? 1 : def->T); t++) {
      for (int j = 0; j < at->n; j++) {
        const REAL g = PLAIN(by_drive)(net, k, t, l, j);
        G[at->bias + (size_t)j] += g;
        for (int i = 0; i < at->n_pre; i++) {
          G[at->W + (size_t)(i * at->n_pad + j)] += PLAIN(seen)(net, pass, k, t, l, i) * g;
        }
        for (int i = 0; i < at->n && def->is_recurrent; i++) {
          G[at->V + (size_t)(i * at->n_pad + j)] += net->at[k * def->T + t][l][i].before.y * g;
        }
      }
    }
  }
}

/* What a side brings stays during a decision, so its gradients are summed over that first. */
static void PLAIN(add_sides)(const PLAIN(net) * net, const PLAIN(pass) * pass, int l, REAL *G) {
  const hd__stack_layer *at = &net->stack->layer[l];
  for (int k = 0; k < pass->rows * pass->decisions; k++) {
    for (int j = 0; j < at->n; j++) {
      REAL g = 0;
      for (int t = 0; t < (at->is_steady ? 1 : net->stack->def.T); t++) {
        g += PLAIN(by_drive)(net, k, t, l, j);
      }
      for (int i = 0; i < at->n_sides; i++) {
        for (int m = 0; m < at->side[i].n; m++) {
          G[at->side[i].W + (size_t)(m * at->n_pad + j)] +=
              PLAIN(input)(net, pass, k, 0)[at->side[i].from + m] * g;
        }
      }
    }
  }
}

static void PLAIN(add_delays)(const PLAIN(net) * net, const PLAIN(pass) * pass, int l, REAL *G) {
  const int T = net->stack->def.T;
  const hd__stack_layer *at = &net->stack->layer[l];
  for (int s = 0; s < pass->rows * pass->decisions * T; s++) {
    for (int j = 0; j < at->n && at->max_delay > 0; j++) {
      const int whole = net->layer[l].whole[j];
      G[at->delay + (size_t)j] +=
          net->g_seen[s][l][j] * (PLAIN(spike_before)(net, pass, s / T, s % T, l, j, whole + 1) -
                                  PLAIN(spike_before)(net, pass, s / T, s % T, l, j, whole));
    }
  }
}

static void PLAIN(back_input)(const PLAIN(net) * net, const PLAIN(pass) * pass, REAL *g_x) {
  const hd__stack *stack = net->stack;
  for (int k = 0; k < pass->rows * pass->decisions; k++) {
    for (int i = 0; i < stack->def.n_in; i++) {
      REAL sum = 0;
      if (stack->def.n_layers == 0) {
        sum = net->g_read[k * stack->def.T][0][i];
      }
      for (int t = 0; stack->def.n_layers > 0 && t < (stack->layer[0].is_steady ? 1 : stack->def.T);
           t++) {
        REAL g = 0;
        for (int j = 0; j < stack->layer[0].n; j++) {
          g += PLAIN(by_drive)(net, k, t, 0, j) * net->layer[0].W[i][j];
        }
        sum += g;
      }
      g_x[k * stack->in_pad + i] = sum;
    }
  }
}

/* Between pass->g_state and what backward has of row r. */
static void PLAIN(take_flow)(PLAIN(net) * net, const PLAIN(pass) * pass, int r,
                             PLAIN(flow) * flow) {
  for (int l = 0; l < net->stack->def.n_layers; l++) {
    const hd__stack_layer *at = &net->stack->layer[l];
    REAL *const to[] = {flow[l].v, flow[l].c, flow[l].a, NULL, flow[l].y};
    for (int f = 0; f < 5; f++) {
      const REAL *from = PLAIN(field_at)(net, pass->g_state, r, l, f);
      for (int j = 0; j < at->n && from != NULL && to[f] != NULL; j++) {
        to[f][j] = from[j];
      }
    }
    const REAL *past = PLAIN(field_at)(net, pass->g_state, r, l, 5);
    for (int i = 0; i < at->max_delay * at->n; i++) {
      net->g_past[l][i / at->n][i % at->n] = past[i / at->n * at->n_pad + i % at->n];
    }
  }
}

static void PLAIN(keep_flow)(const PLAIN(net) * net, const PLAIN(pass) * pass, int r,
                             const PLAIN(flow) * flow) {
  const int k = r * pass->decisions;
  for (int l = 0; l < net->stack->def.n_layers; l++) {
    const hd__stack_layer *at = &net->stack->layer[l];
    const REAL *const from[] = {flow[l].v, flow[l].c, flow[l].a, NULL, flow[l].y};
    for (int f = 0; f < 5; f++) {
      REAL *to = PLAIN(field_at)(net, pass->g_state, r, l, f);
      for (int j = 0; j < at->n && to != NULL; j++) {
        to[j] = from[f] != NULL ? from[f][j] : (REAL)0;
      }
    }
    REAL *past = PLAIN(field_at)(net, pass->g_state, r, l, 5);
    for (int i = 0; i < at->max_delay * at->n; i++) {
      const int m = i / at->n, j = i % at->n;
      past[m * at->n_pad + j] = PLAIN(is_fresh)(pass, r, 0)
                                    ? (REAL)0
                                    : PLAIN(by_late)(net, pass, k, m - at->max_delay, l, j);
    }
  }
}

/* G is added to, g_x and g_state are written, as hd__stack_backward. */
static void PLAIN(backward)(PLAIN(net) * net, const PLAIN(pass) * pass, const REAL *g_out, REAL *G,
                            REAL *g_x) {
  const hd__stack *stack = net->stack;
  for (int r = 0; r < pass->rows; r++) {
    PLAIN(flow) flow[PLAIN_LAYERS] = {{{0}, {0}, {0}, {0}}};
    if (pass->g_state != NULL) {
      PLAIN(take_flow)(net, pass, r, flow);
    }
    for (int d = 0; d < pass->decisions; d++) {
      const int k = r * pass->decisions + d;
      for (int h = 0; h < stack->n_heads; h++) {
        PLAIN(back_read)(net, pass, k, h, g_out + k * stack->out_pad, G);
      }
    }
    for (int d = pass->decisions - 1; d >= 0; d--) {
      for (int t = stack->def.T - 1; t >= 0; t--) {
        for (int l = stack->def.n_layers - 1; l >= 0; l--) {
          PLAIN(back_layer)(net, pass, r * pass->decisions + d, t, l, &flow[l], G);
        }
      }
      if (PLAIN(is_fresh)(pass, r, d)) {
        memset(flow, 0, sizeof flow);
      }
    }
    if (pass->g_state != NULL) {
      PLAIN(keep_flow)(net, pass, r, flow);
    }
  }
  for (int l = 0; l < stack->def.n_layers; l++) {
    PLAIN(add_weights)(net, pass, l, G);
    PLAIN(add_sides)(net, pass, l, G);
    PLAIN(add_delays)(net, pass, l, G);
  }
  if (!stack->def.has_agents) {
    PLAIN(back_input)(net, pass, g_x);
  }
}

/* From gradients by prepared weights to those by the weights, as hd__stack_finish. */
static void PLAIN(finish_cell)(const PLAIN(net) * net, int l, int j, REAL *G) {
  const hd__stack_def *def = &net->stack->def;
  const hd__stack_layer *at = &net->stack->layer[l];
  const PLAIN(layer) *layer = &net->layer[l];
  const size_t field[] = {at->alpha, at->beta, at->rho};
  const REAL p[] = {layer->alpha[j], layer->beta[j], layer->rho[j]};
  const bool is_learned[] = {def->cell.has_current, def->beta < 1.0f, def->cell.has_adaptation};
  for (int f = 0; f < 3; f++) {
    REAL *g = G + field[f] + j;
    *g = def->learns_tau && is_learned[f] ? *g * (p[f] * ((REAL)1 - p[f])) : (REAL)0;
  }
  if (at->max_delay > 0) {
    const REAL share = layer->share[j];
    G[at->delay + (size_t)j] *= (REAL)at->max_delay * (share * ((REAL)1 - share));
  }
  if (!def->learns_threshold) {
    G[at->theta + (size_t)j] = 0;
  }
}

static void PLAIN(finish)(const PLAIN(net) * net, REAL *G) {
  const hd__stack *stack = net->stack;
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *at = &stack->layer[l];
    for (int j = 0; j < at->n; j++) {
      REAL *g = G + j;
      if (stack->def.is_normalised) {
        REAL sum = -net->statistics[at->mean + (size_t)j] * g[at->bias];
        for (int i = 0; i < at->n_pre; i++) {
          const size_t w = at->W + (size_t)(i * at->n_pad);
          sum += net->weights[w + (size_t)j] * g[w];
          g[w] *= net->layer[l].scale[j];
        }
        g[at->gain] = sum / PLAIN(deviation)(net, l, j);
        g[at->shift] = g[at->bias];
        g[at->bias] = 0;
      }
      if (PLAIN(spikes)(net)) {
        PLAIN(finish_cell)(net, l, j, G);
      }
    }
  }
  for (int a = 0; stack->def.is_grouped && a < stack->def.n_out; a++) {
    int from, to;
    hd__stack_group(stack, a, &from, &to);
    for (int i = 0; i < stack->top_pad; i++) {
      if (i < from || i >= to) {
        G[stack->W + (size_t)(a * stack->top_pad + i)] = 0;
      }
    }
  }
}

#undef REAL
#undef PLAIN
#undef PLAIN_SPIKE
#undef PLAIN_FIRED
#undef PLAIN_SLOPE
#undef PLAIN_SIGMOID
#undef PLAIN_TANH
#undef PLAIN_SQRT
