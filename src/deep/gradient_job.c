#include "gradient_job.h"

#include <string.h>

/* Sums of blocks are added in ranges of so many weights, shared out if there are several. */
enum { JOB_RANGE = 16384 };

/* Blocks of all jobs go in waves: a wave takes as many blocks of a job as the job has sums. */
typedef struct wave {
  int n;
  const hd__gradient_job *job;
  int number;
} wave;

static int gradient_job_blocks(const hd__gradient_job *job) {
  return hd__batch_blocks(&job->model->batch, job->n);
}

/* Blocks of a job in a wave, from `first` on. */
static int gradient_job_wave_blocks(const wave *w, int k, int *first) {
  const int each = w->job[k].model->batch.n_sums;
  const int left = gradient_job_blocks(&w->job[k]) - w->number * each;
  *first = w->number * each;
  return left < 0 ? 0 : left < each ? left : each;
}

/* Where block `number` is summed: the first one where the sum of all will be. */
static float *gradient_job_block_sum(const hd__gradient_job *job, int number) {
  const hd__model *model = job->model;
  const size_t at = (size_t)(number % model->batch.n_sums);
  return number == 0 ? model->G : model->batch.sum + at * model->stack.n_weights;
}

/* ---- units that go whole ---- */

static int32_t gradient_job_unit_at(const hd__gradient_job *job, int k) {
  return job->list != NULL ? job->list[k] : k;
}

static void gradient_job_gather(const hd__gradient_job *job, hd__batch_scratch *to, int at, int n) {
  const hd__stack *stack = &job->model->stack;
  const hd__batch_source *source = &job->source;
  const size_t d = (size_t)job->model->batch.decisions, state = (size_t)stack->n_state;
  const size_t x = d * (size_t)stack->in_pad;
  for (int k = 0; k < n; k++) {
    const size_t unit = (size_t)gradient_job_unit_at(job, at + k), row = (size_t)k;
    memcpy(to->x + row * x, source->x + unit * x, sizeof(float) * x);
    if (source->fresh != NULL) {
      memcpy(to->fresh + row * d, source->fresh + unit * d, sizeof(bool) * d);
    }
    if (source->state != NULL) {
      memcpy(to->state + row * state, source->state + unit * state, sizeof(float) * state);
    }
  }
}

/* Gradients by the outputs of n units, which are there. */
static void gradient_job_apply_loss(const hd__gradient_job *job, int worker, int at, int n) {
  hd__batch_scratch *scratch = &job->model->batch.scratch[worker];
  const int D = job->model->batch.decisions, pad = job->model->stack.out_pad;
  memset(scratch->g, 0, sizeof(float) * (size_t)(n * D) * (size_t)pad);
  for (int k = 0; k < n; k++) {
    for (int d = 0; d < D; d++) {
      scratch->index[k * D + d] = gradient_job_unit_at(job, at + k) * D + d;
    }
  }
  job->loss(job->user, worker, n * D, scratch->index, pad, scratch->out, scratch->g);
}

static void gradient_job_learn_piece(const hd__gradient_job *job, int worker, int at, int n,
                                     float *G) {
  const hd__model *model = job->model;
  const hd__stack *stack = &model->stack;
  hd__batch_scratch *scratch = &model->batch.scratch[worker];
  const hd__pass pass = {.rows = n,
                         .decisions = model->batch.decisions,
                         .x = scratch->x,
                         .x_stride = stack->in_pad,
                         .fresh = job->source.fresh != NULL ? scratch->fresh : NULL,
                         .state = job->source.state != NULL ? scratch->state : NULL,
                         .is_kept = true,
                         .out = scratch->out};
  gradient_job_gather(job, scratch, at, n);
  hd__stack_forward(stack, &model->ready, &scratch->tape, &pass);
  gradient_job_apply_loss(job, worker, at, n);
  hd__stack_backward(stack, &model->ready, &scratch->tape, &pass, scratch->g, G, NULL);
}

/* What acting left goes backwards only. */
static void gradient_job_learn_rollout(const hd__gradient_job *job, int worker, int at, int n,
                                       float *G) {
  const hd__model *model = job->model;
  const hd__stack *stack = &model->stack;
  hd__rollout_tape *rollout = job->rollout;
  float *g = rollout->g + (size_t)at * (size_t)stack->out_pad;
  hd__tape tape;
  hd__tape_from(stack, &rollout->tape, at, &model->batch.scratch[worker].tape, &tape);
  const hd__pass pass = hd__rollout_tape_pass(rollout, stack, at, n);
  memset(g, 0, sizeof(float) * (size_t)n * (size_t)stack->out_pad);
  job->loss(job->user, worker, n, rollout->index + at, stack->out_pad, pass.out, g);
  hd__stack_backward(stack, &model->ready, &tape, &pass, g, G, NULL);
}

/* ---- units in segments ---- */

static hd__pass gradient_job_segment_pass(const hd__gradient_job *job, hd__batch_scratch *scratch,
                                          int unit, int k, bool is_kept) {
  const hd__batch *batch = &job->model->batch;
  const hd__stack *stack = &job->model->stack;
  const int first = k * batch->segment, left = batch->decisions - first;
  const size_t at = (size_t)unit * (size_t)batch->decisions + (size_t)first;
  return (hd__pass){.rows = 1,
                    .decisions = left < batch->segment ? left : batch->segment,
                    .x = job->source.x + at * (size_t)stack->in_pad,
                    .x_stride = stack->in_pad,
                    .fresh = job->source.fresh + at,
                    .state = scratch->state,
                    .is_kept = is_kept,
                    .out = scratch->out + (size_t)first * (size_t)stack->out_pad};
}

/* Forwards again and then backwards, with the gradient by the state after the segment known; that
 * by the state before it becomes known. */
static void gradient_job_learn_segment(const hd__gradient_job *job, hd__batch_scratch *scratch,
                                       int unit, int k, hd__stack_sums sums, float *G) {
  const hd__model *model = job->model;
  const hd__stack *stack = &model->stack;
  const size_t state = (size_t)stack->n_state, size = sizeof(float) * state;
  float *by = scratch->by + (size_t)k * state;
  hd__pass pass = gradient_job_segment_pass(job, scratch, unit, k, true);
  memcpy(scratch->state, scratch->before + (size_t)k * state, size);
  hd__stack_forward(stack, &model->ready, &scratch->tape, &pass);
  memcpy(by, by + state, size);
  pass.g_state = by;
  pass.sums = sums;
  const float *g = scratch->g + (size_t)(k * model->batch.segment) * (size_t)stack->out_pad;
  hd__stack_backward(stack, &model->ready, &scratch->tape, &pass, g, G, NULL);
}

static void gradient_job_learn_in_segments(const hd__gradient_job *job, int worker, int at,
                                           float *G) {
  const hd__model *model = job->model;
  const hd__batch *batch = &model->batch;
  const hd__stack *stack = &model->stack;
  hd__batch_scratch *scratch = &batch->scratch[worker];
  const int unit = gradient_job_unit_at(job, at);
  const size_t state = (size_t)stack->n_state, size = sizeof(float) * state;
  HD_ASSERT(job->source.fresh != NULL && job->source.state != NULL);
  memcpy(scratch->state, job->source.state + (size_t)unit * state, size);
  for (int k = 0; k < batch->segments; k++) {
    memcpy(scratch->before + (size_t)k * state, scratch->state, size);
    const hd__pass pass = gradient_job_segment_pass(job, scratch, unit, k, false);
    hd__stack_forward(stack, &model->ready, &scratch->tape, &pass);
  }
  gradient_job_apply_loss(job, worker, at, 1);
  memset(scratch->by + (size_t)batch->segments * state, 0, size);
  const int least = stack->def.learns_tau || stack->def.learns_threshold ? 0 : 1;
  for (int k = batch->segments - 1; k >= least; k--) {
    gradient_job_learn_segment(job, scratch, unit, k, HD_STACK_CELLS, G);
  }
  for (int k = 0; k < batch->segments; k++) {
    gradient_job_learn_segment(job, scratch, unit, k, HD_STACK_WEIGHTS, G);
  }
}

/* ---- blocks ---- */

static void gradient_job_learn_block(const hd__gradient_job *job, int worker, int number) {
  const hd__batch *batch = &job->model->batch;
  const int from = number * batch->block, end = from + batch->block;
  const int to = end < job->n ? end : job->n;
  float *G = gradient_job_block_sum(job, number);
  memset(G, 0, sizeof(float) * job->model->stack.n_weights);
  for (int at = from; at < to; at += batch->rows) {
    const int n = to - at < batch->rows ? to - at : batch->rows;
    if (job->rollout != NULL) {
      gradient_job_learn_rollout(job, worker, at, n, G);
    } else if (batch->segments > 1) {
      gradient_job_learn_in_segments(job, worker, at, G);
    } else {
      gradient_job_learn_piece(job, worker, at, n, G);
    }
  }
}

static void gradient_job_do_block(void *user, int worker, int task) {
  const wave *w = user;
  for (int k = 0; k < w->n; k++) {
    int first;
    const int n = gradient_job_wave_blocks(w, k, &first);
    if (task < n) {
      const hd_ctx *ctx = w->job[k].ctx;
      if (ctx == NULL || !hd__is_stopped(ctx)) {
        gradient_job_learn_block(&w->job[k], worker, first + task);
      }
      return;
    }
    task -= n;
  }
}

static int gradient_job_ranges(const hd__gradient_job *job) {
  return (int)((job->model->stack.n_weights + JOB_RANGE - 1) / JOB_RANGE);
}

/* Add the sums of a wave's blocks in a range of the weights. */
static void gradient_job_add_range(const wave *w, int k, int range) {
  const hd__gradient_job *job = &w->job[k];
  const hd__stack *stack = &job->model->stack;
  const size_t at = (size_t)range * JOB_RANGE, left = stack->n_weights - at;
  const int n = (int)(left < JOB_RANGE ? left : JOB_RANGE);
  int first;
  const int blocks = gradient_job_wave_blocks(w, k, &first);
  for (int b = first > 0 ? first : 1; b < first + blocks; b++) {
    stack->kernel->axpy(n, 1.0f, gradient_job_block_sum(job, b) + at, job->model->G + at);
  }
}

static void gradient_job_do_range(void *user, int worker, int task) {
  const wave *w = user;
  (void)worker;
  for (int k = 0; k < w->n; k++) {
    const int n = gradient_job_ranges(&w->job[k]);
    if (task < n) {
      gradient_job_add_range(w, k, task);
      return;
    }
    task -= n;
  }
}

void hd__gradient_jobs_run(hd__workers *workers, int n, const hd__gradient_job *job) {
  wave w = {.n = n, .job = job};
  int ranges = 0;
  for (int k = 0; k < n; k++) {
    ranges += gradient_job_ranges(&job[k]);
  }
  for (int blocks = -1; blocks != 0; w.number++) {
    blocks = 0;
    for (int k = 0; k < n; k++) {
      int first;
      blocks += gradient_job_wave_blocks(&w, k, &first);
    }
    hd__workers_run(workers, blocks, gradient_job_do_block, &w);
    hd__workers_run(ranges > 2 * n ? workers : NULL, blocks > 0 ? ranges : 0, gradient_job_do_range,
                    &w);
  }
}
