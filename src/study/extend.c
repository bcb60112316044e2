/* A run that became longer, or got more learners, where it lies: config.toml is replaced, and a
 * line of metrics.jsonl tells what was there before. */
#include <inttypes.h>

#include "budget.h"
#include "metrics.h"
#include "study_internal.h"

static hd_status extend_check_seeds(hd_ctx *ctx, const hd__run_table *table, int64_t n_seeds) {
  if (n_seeds < table->seeds || n_seeds > HD_STUDY_SEEDS) {
    return hd__fail(ctx, HD_RANGE,
                    "seeds = %" PRId64 ", allowed: %" PRId64 ", as many as this run has, to %d",
                    n_seeds, table->seeds, HD_STUDY_SEEDS);
  }
  return table->seed <= UINT64_MAX - (uint64_t)(n_seeds - 1)
             ? HD_OK
             : hd__fail(ctx, HD_RANGE, "%" PRId64 " seeds from %" PRIu64 " go beyond 2^64 - 1",
                        n_seeds, table->seed);
}

static bool extend_is_same(const hd_config *before, const hd_config *now) {
  return hd__config_difference(before, now, 0) == hd_config_count(before);
}

/* Write down a change; one that was made already is none. */
static hd_status extend_write(hd_ctx *ctx, hd__run *run, const hd_config *before,
                              const hd_config *now, const hd__run_table *table, int64_t n_seeds) {
  if (n_seeds == table->seeds && extend_is_same(before, now)) {
    return HD_OK;
  }
  const hd__extent from = {hd__config_settings(before), table->seeds},
                   to = {hd__config_settings(now), n_seeds};
  const hd__run_table longer = {.seed = table->seed, .seeds = n_seeds};
  hd__sink line;
  hd__sink_init(&line, HD_SINK_MEMORY);
  hd__metrics_extended(&line, &from, &to);
  HD_ASSERT(line.error == 0);
  HD_TRY(hd__run_append(ctx, run, line.buffer, line.n_buffered));
  return hd__run_change(ctx, run, now, &longer);
}

static hd_status extend_run(hd_ctx *ctx, hd__run *run, const hd_config *before,
                            const hd_config *budget, const hd__run_table *table, int64_t n_seeds) {
  hd_config *now;
  HD_TRY(extend_check_seeds(ctx, table, n_seeds));
  HD_TRY(hd__budget_check(before, budget));
  HD_TRY(hd__config_copy(ctx, before, &now));
  hd_status status = hd__budget_take(now, budget);
  status = status == HD_OK ? hd_config_check(now) : status;
  status = status == HD_OK ? extend_write(ctx, run, before, now, table, n_seeds) : status;
  hd_config_destroy(now);
  return status;
}

hd_status hd_study_extend(hd_ctx *ctx, const char *dir, const hd_config *budget, int64_t n_seeds) {
  hd__run run;
  hd_config *before;
  hd__run_table table;
  HD_TRY(hd__run_open(ctx, dir, &run, &before, &table));
  const hd_status status = extend_run(ctx, &run, before, budget != NULL ? budget : before, &table,
                                      n_seeds > 0 ? n_seeds : table.seeds);
  hd_config_destroy(before);
  hd__run_close(&run);
  return status;
}
