/* The lines of metrics.jsonl. */
#ifndef HD_METRICS_H
#define HD_METRICS_H

#include "config.h"
#include "protocol.h"
#include "sink.h"

/* {"event":"evaluation","seed":..,"env_steps":..,...}: one for each seed and env_steps. */
void hd__metrics_evaluation(hd__sink *sink, const hd_stats *stats, const hd__record *record);

/* {"event":"result","seed":..,...}: one for each seed, at its end, and another at the end of a run
 * that became longer. */
void hd__metrics_result(hd__sink *sink, const hd_result *result);

/* How far a run goes. */
typedef struct hd__extent {
  const hd__settings *settings; /* whose steps, episodes and overtrain are its budget */
  int64_t seeds;                /* learners */
} hd__extent;

/* {"event":"extended","from":{..},"to":{..}}: the run became longer, or got more learners. */
void hd__metrics_extended(hd__sink *sink, const hd__extent *from, const hd__extent *to);

/* What a line says, as far as going on with a run needs it. */
typedef struct hd__metrics_line {
  uint64_t seed;
  int64_t env_steps; /* -1 in a result */
} hd__metrics_line;

/* False if the line is none of ours. */
bool hd__metrics_read(const char *line, size_t size, hd__metrics_line *out);

#endif
