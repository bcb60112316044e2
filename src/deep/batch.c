#include "batch.h"

/* Pieces are at most a HD_BATCH_PIECE, but rows enough to share a weight if they fit the limit. A
 * worker has so many blocks under way or waiting to be added. */
enum { BATCH_LEAST_ROWS = 8, BATCH_BLOCKS_EACH = 4, MIB = 1 << 20 };

static int batch_divide_up(int n, int by) { return (n + by - 1) / by; }

static int batch_block(int decisions) { return decisions == 1 ? HD_BATCH_BLOCK : 1; }

/* How units go through: so many at once, each in so many segments; rows 0: they do not fit. */
typedef struct partition {
  int rows, segments, segment;
} partition;

/* What a unit in segments needs. */
static size_t batch_need(const hd__stack *stack, const partition *cut) {
  const size_t states = (size_t)(2 * cut->segments + 1) * (size_t)stack->n_state;
  return hd__tape_size(stack, 1, cut->segment, true) + sizeof(float) * states;
}

static partition batch_cut_at(int decisions, int segments) {
  const int segment = batch_divide_up(decisions, segments);
  return (partition){1, batch_divide_up(decisions, segment), segment};
}

/* Whole if that fits, else in as few segments as do. */
static partition batch_cut_of(const hd__stack *stack, int units, int decisions, size_t room) {
  const size_t one = hd__tape_size(stack, 1, decisions, true);
  const int fit = (int)(HD_BATCH_PIECE / one), block = batch_block(decisions);
  int rows = fit < BATCH_LEAST_ROWS ? BATCH_LEAST_ROWS : fit;
  rows = rows < units ? rows : units;
  rows = rows < block ? rows : block;
  while (rows > 0 && hd__tape_size(stack, rows, decisions, true) > room) {
    rows--;
  }
  if (rows > 0) {
    return (partition){rows, 1, decisions};
  }
  for (int segments = 2; segments <= decisions; segments++) {
    const partition cut = batch_cut_at(decisions, segments);
    if (batch_need(stack, &cut) <= room) {
      return cut;
    }
  }
  return (partition){0};
}

hd_status hd__batch_check(hd_ctx *ctx, const hd__stack *stack, int decisions, size_t room) {
  if (batch_cut_of(stack, 1, decisions, room).rows > 0) {
    return HD_OK;
  }
  size_t least = SIZE_MAX;
  for (int segments = 1; segments <= decisions; segments++) {
    const partition cut = batch_cut_at(decisions, segments);
    const size_t size = batch_need(stack, &cut);
    least = size < least ? size : least;
  }
  return hd__fail(ctx, HD_RANGE,
                  "gradients need %zu MiB, however a batch is cut, and memory_limit is %zu; "
                  "raise it, or use a shorter rollout or a smaller network",
                  (least + MIB - 1) / MIB, room / MIB);
}

static void batch_lay_out_scratch(hd__batch_scratch *scratch, const hd__batch *batch,
                                  hd__arena *arena, const hd__stack *stack, bool has_back) {
  const int many = batch->rows * batch->decisions;
  hd__tape_lay_out(stack, arena, batch->rows, batch->segment, has_back, &scratch->tape);
  scratch->out = HD_TAKE(arena, float, batch->block * batch->decisions * stack->out_pad);
  if (!has_back) {
    return;
  }
  scratch->state =
      stack->def.is_carried ? HD_TAKE(arena, float, batch->rows * stack->n_state) : NULL;
  scratch->g = HD_TAKE(arena, float, many * stack->out_pad);
  scratch->index = HD_TAKE(arena, int32_t, many);
  if (batch->segments == 1) {
    scratch->x = HD_TAKE(arena, float, many * stack->in_pad);
    scratch->fresh = HD_TAKE(arena, bool, many);
  } else {
    scratch->before = HD_TAKE(arena, float, batch->segments * stack->n_state);
    scratch->by = HD_TAKE(arena, float, (batch->segments + 1) * stack->n_state);
  }
}

void hd__batch_lay_out(hd__batch *batch, hd__arena *arena, const hd__stack *stack,
                       const hd__batch_def *def) {
  const partition cut = batch_cut_of(stack, def->units, def->decisions, def->room);
  const bool learns = def->use == HD_BATCH_LEARNS;
  *batch = (hd__batch){.decisions = def->decisions,
                       .block = batch_block(def->decisions),
                       .rows = cut.rows,
                       .segments = cut.segments,
                       .segment = cut.segment};
  batch->scratch = HD_TAKE(arena, hd__batch_scratch, def->n_workers);
  for (int w = 0; w < def->n_workers; w++) {
    hd__batch_scratch counted;
    batch_lay_out_scratch(batch->scratch != NULL ? &batch->scratch[w] : &counted, batch, arena,
                          stack, learns);
  }
  const int n_blocks = hd__batch_blocks(batch, def->units);
  const int most = def->n_workers > 1 ? BATCH_BLOCKS_EACH * def->n_workers : 1;
  batch->n_sums = n_blocks < most ? n_blocks : most;
  batch->sum = learns && n_blocks > 1
                   ? HD_TAKE(arena, float, (size_t)batch->n_sums * stack->n_weights)
                   : NULL;
}
