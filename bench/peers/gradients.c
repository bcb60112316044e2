/* Gradients through networks of LIF neurons: of a policy's weighted log-likelihood by all weights,
 * as src/deep forms them.
 *
 *   peers_gradients HIDDEN SUBSTEPS BATCH PROBLEM SECONDS
 *     forwards and backwards again and again for so many CPU seconds; prints one JSON line
 *   peers_gradients HIDDEN SUBSTEPS BATCH PROBLEM GRADIENTS check
 *     once, of the first BATCH decisions; write the gradients, and the share of neurons that fired
 *
 * HIDDEN is a list such as 128,128. PROBLEM, written by lif_torch.py, holds as floats the weights
 * [n_pre][n] and bias of each layer, those of the readout, and decisions: observation, action,
 * weight of its log-likelihood. GRADIENTS has the layout of the weights, then a share per layer. */
#include <stdlib.h>
#include <string.h>

#include "gradient_job.h"
#include "categorical.h"
#include "isa.h"
#include "stopwatch.h"

enum { N_OBS = 4, N_ACTIONS = 2, RECORD = N_OBS + 2 };

typedef struct problem {
  hd_ctx *ctx;
  hd__arena arena;
  hd__model model;
  int B, n_decisions;
  float *x;      /* [n_decisions][in_pad] */
  int32_t *list; /* [n_decisions] */
  int32_t *action;
  float *weight;
} problem;

static hd__stack_def describe(char *hidden, int T) {
  const float keep = hd__expf(-1.0f / 5.0f);
  hd__stack_def def = {
      .n_in = N_OBS,
      .n_out = N_ACTIONS,
      .T = T,
      .cell = {.surrogate = HD_SURROGATE_ATAN, .slope = 2.0f, .is_detached = true, .is_tied = true},
      .beta = keep,
      .gain = 5.0f,
      .theta = 1.0f,
      .slope = 2.0f,
      .readout = HD_STACK_MEAN,
      .membrane_tau = 1.0f};
  for (char *part = strtok(hidden, ","); part != NULL && def.n_layers < HD_STACK_LAYERS;
       part = strtok(NULL, ",")) {
    def.width[def.n_layers++] = atoi(part);
  }
  return def;
}

static void lay_out(problem *p) {
  const hd__stack *stack = &p->model.stack;
  const hd__batch_def batch = {
      .use = HD_BATCH_LEARNS, .units = p->B, .decisions = 1, .room = 1 << 30, .n_workers = 1};
  hd__model_lay_out(&p->model, &p->arena, HD_MODEL_LEARNS, 1, &batch);
  p->x = HD_TAKE(&p->arena, float, p->n_decisions * stack->in_pad);
  p->list = HD_TAKE(&p->arena, int32_t, p->n_decisions);
  p->action = HD_TAKE(&p->arena, int32_t, p->n_decisions);
  p->weight = HD_TAKE(&p->arena, float, p->n_decisions);
}

typedef void (*part_fn)(float *part, int n, FILE *file);

static void read_part(float *part, int n, FILE *file) {
  if (fread(part, sizeof *part, (size_t)n, file) != (size_t)n) {
    fprintf(stderr, "the problem ends early\n");
    exit(1);
  }
}

static void write_part(float *part, int n, FILE *file) {
  fwrite(part, sizeof *part, (size_t)n, file);
}

/* All that is learned, in the order of the files. */
static void each_part(const hd__stack *stack, float *weights, part_fn visit, FILE *file) {
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    for (int i = 0; i < layer->n_pre; i++) {
      visit(weights + layer->W + i * layer->n_pad, layer->n, file);
    }
    visit(weights + layer->bias, layer->n, file);
  }
  for (int k = 0; k < N_ACTIONS; k++) {
    visit(weights + stack->W + k * stack->top_pad, stack->layer[stack->def.n_layers - 1].n, file);
  }
  visit(weights + stack->bias, N_ACTIONS, file);
}

static void load(problem *p, FILE *file) {
  const hd__stack *stack = &p->model.stack;
  hd__model_start(&p->model, 1, 0);
  each_part(stack, p->model.weights, read_part, file);
  hd__model_prepare(&p->model);
  for (int k = 0; k < p->n_decisions; k++) {
    float record[RECORD];
    read_part(record, RECORD, file);
    memcpy(p->x + k * stack->in_pad, record, sizeof(float) * N_OBS);
    p->action[k] = (int32_t)record[N_OBS];
    p->weight[k] = record[N_OBS + 1] / (float)p->B;
    p->list[k] = k;
  }
}

static void loss(void *user, int worker, int n, const int32_t *index, int out_pad, const float *out,
                 float *g) {
  const problem *p = user;
  (void)worker;
  enum { MOST = HD_CATEGORICAL_ROOM / N_ACTIONS };
  _Alignas(64) float log_pi[HD_CATEGORICAL_ROOM], pi[HD_CATEGORICAL_ROOM];
  for (int k = 0; k < n; k++, g += out_pad) {
    const int r = k % MOST * N_ACTIONS;
    if (r == 0) {
      p->model.stack.kernel->log_softmax(n - k < MOST ? n - k : MOST, N_ACTIONS, out_pad,
                                         out + k * out_pad, log_pi, pi);
    }
    hd__categorical_gradient(N_ACTIONS, log_pi + r, pi + r, p->action[index[k]],
                             p->weight[index[k]], 0.0f, g);
  }
}

/* Weights are made ready as well, since an update would have changed them. */
static void differentiate(problem *p, int set) {
  const hd__gradient_job job = {.model = &p->model,
                                .source.x = p->x,
                                .n = p->B,
                                .list = p->list + set * p->B,
                                .loss = loss,
                                .user = p};
  hd__model_prepare(&p->model);
  hd__gradient_jobs_run(NULL, 1, &job);
  hd__stack_finish(&p->model.stack, &p->model.ready, p->model.G);
}

static void differentiate_for(problem *p, double seconds) {
  const int sets = p->n_decisions / p->B, together = 1 + 256 / p->B;
  double work = 0.0;
  differentiate(p, 0);
  const stopwatch start = stopwatch_read();
  for (int set = 0; stopwatch_since(start).cpu_s < seconds;) {
    for (int k = 0; k < together; k++, set = (set + 1) % sets, work += p->B) {
      differentiate(p, set);
    }
  }
  stopwatch_print(stopwatch_since(start), work);
  printf("}\n");
}

static void differentiate_once(problem *p, FILE *file) {
  hd__model *model = &p->model;
  const hd__stack *stack = &model->stack;
  differentiate(p, 0);
  each_part(stack, model->G, write_part, file);
  for (int k = 0; k < p->B; k++) {
    hd__model_act(model, 1, p->x + k * stack->in_pad, NULL, NULL);
  }
  for (int l = 0; l < stack->def.n_layers; l++) {
    double sum = 0.0;
    for (int j = 0; j < stack->layer[l].n; j++) {
      sum += (double)model->spikes[l][j];
    }
    float share = (float)(sum / (model->counted * stack->layer[l].n));
    write_part(&share, 1, file);
  }
}

/* What a file holds beside the weights. */
static int count_decisions(const hd__stack_def *def, FILE *file) {
  long n = 0, n_pre = N_OBS;
  for (int l = 0; l < def->n_layers; n_pre = def->width[l], l++) {
    n += (n_pre + 1) * def->width[l];
  }
  n += (n_pre + 1) * N_ACTIONS;
  fseek(file, 0, SEEK_END);
  const long all = ftell(file) / (long)sizeof(float);
  rewind(file);
  return (int)((all - n) / RECORD);
}

int main(int argc, char **argv) {
  if (argc != 6 && argc != 7) {
    fprintf(stderr, "usage: %s HIDDEN SUBSTEPS BATCH PROBLEM SECONDS | GRADIENTS check\n", argv[0]);
    return 2;
  }
  problem p = {.B = atoi(argv[3])};
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  const hd__stack_def def = describe(argv[1], atoi(argv[2]));
  FILE *in = fopen(argv[4], "rb"), *out = argc == 7 ? fopen(argv[5], "wb") : NULL;
  if (in == NULL || (argc == 7 && out == NULL) || hd_ctx_create(&ctx_def, &p.ctx) != HD_OK) {
    fprintf(stderr, "%s: cannot open its files\n", argv[0]);
    return 1;
  }
  hd__model_compile(&p.model, "actor", &def, hd__kernel_for(hd__isa_choose(NULL)));
  p.n_decisions = count_decisions(&def, in);
  lay_out(&p);
  if (hd__arena_commit(p.ctx, &p.arena) != HD_OK) {
    return 1;
  }
  lay_out(&p);
  load(&p, in);
  if (out == NULL) {
    differentiate_for(&p, atof(argv[5]));
  } else {
    differentiate_once(&p, out);
    fclose(out);
  }
  fclose(in);
  hd__arena_free(p.ctx, &p.arena);
  hd_ctx_destroy(p.ctx);
  return 0;
}
