/* The lines of metrics.jsonl. */
#ifndef HD_METRICS_H
#define HD_METRICS_H

#include "protocol.h"
#include "sink.h"

/* {"event":"evaluation","seed":..,"env_steps":..,...}: one for each seed and env_steps. */
void hd__metrics_evaluation(hd__sink *sink, const hd_stats *stats, const hd__record *record);

/* {"event":"result","seed":..,...}: one for each seed, at its end. */
void hd__metrics_result(hd__sink *sink, const hd_result *result);

/* What a line says, as far as going on with a run needs it. */
typedef struct hd__metrics_line {
  uint64_t seed;
  int64_t env_steps; /* -1 in a result */
} hd__metrics_line;

/* False if the line is none of ours. */
bool hd__metrics_read(const char *line, size_t size, hd__metrics_line *out);

#endif
