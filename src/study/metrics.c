#include "metrics.h"

#include <inttypes.h>

#include "json_read.h"

static void metrics_number(hd__sink *sink, const char *key, double value) {
  hd__sink_print(sink, ",\"%s\":", key);
  hd__sink_json_number(sink, value);
}

static void metrics_integer(hd__sink *sink, const char *key, int64_t value) {
  hd__sink_print(sink, ",\"%s\":%" PRId64, key, value);
}

void hd__metrics_evaluation(hd__sink *sink, const hd_stats *stats, const hd__record *record) {
  hd__sink_print(sink, "{\"event\":\"evaluation\",\"seed\":%" PRIu64, stats->seed);
  metrics_integer(sink, "env_steps", stats->env_steps);
  metrics_integer(sink, "episodes", stats->episodes);
  metrics_integer(sink, "updates", stats->updates);
  metrics_number(sink, "eval_return", record->final_return);
  metrics_number(sink, "train_return", stats->recent);
  metrics_number(sink, "cpu_s", stats->cpu_s);
  metrics_number(sink, "eval_cpu_s", record->eval_cpu_s);
  hd__sink_text(sink, ",\"layers\":[");
  for (int i = 0; i < stats->n_layers; i++) {
    hd__sink_text(sink, i > 0 ? ",{\"name\":" : "{\"name\":");
    hd__sink_json_text(sink, stats->layer[i].name);
    metrics_integer(sink, "n", stats->layer[i].n);
    metrics_number(sink, "rate", stats->layer[i].rate);
    metrics_number(sink, "silent", stats->layer[i].silent);
    metrics_number(sink, "full", stats->layer[i].full);
    hd__sink_text(sink, "}");
  }
  hd__sink_text(sink, "]}\n");
}

void hd__metrics_result(hd__sink *sink, const hd_result *result) {
  hd__sink_print(sink, "{\"event\":\"result\",\"seed\":%" PRIu64 ",\"solved\":%s,\"relapsed\":%s",
                 result->seed, result->solved ? "true" : "false",
                 result->relapsed ? "true" : "false");
  metrics_integer(sink, "steps_to_threshold", result->steps_to_threshold);
  metrics_integer(sink, "episodes_to_threshold", result->episodes_to_threshold);
  metrics_integer(sink, "episodes", result->episodes);
  metrics_number(sink, "final_return", result->final_return);
  metrics_number(sink, "best_return", result->best_return);
  metrics_number(sink, "train_return", result->train_return);
  metrics_number(sink, "cpu_s", result->cpu_s);
  metrics_number(sink, "eval_cpu_s", result->eval_cpu_s);
  metrics_number(sink, "wall_s", result->wall_s);
  hd__sink_print(sink, ",\"hash\":\"%016" PRIx64 "\"}\n", result->hash);
}

static void metrics_extent(hd__sink *sink, const hd__extent *extent) {
  hd__sink_print(sink, "{\"seeds\":%" PRId64, extent->seeds);
  metrics_integer(sink, "steps", extent->settings->steps);
  metrics_integer(sink, "episodes", extent->settings->episodes);
  metrics_number(sink, "overtrain", extent->settings->overtrain);
  hd__sink_text(sink, "}");
}

void hd__metrics_extended(hd__sink *sink, const hd__extent *from, const hd__extent *to) {
  hd__sink_text(sink, "{\"event\":\"extended\",\"from\":");
  metrics_extent(sink, from);
  hd__sink_text(sink, ",\"to\":");
  metrics_extent(sink, to);
  hd__sink_text(sink, "}\n");
}

bool hd__metrics_read(const char *line, size_t size, hd__metrics_line *out) {
  hd__json json = hd__json_over(line, size);
  hd__json_text key, event = {0};
  uint64_t seed = 0;
  int64_t env_steps = -1;
  bool has_seed = false;
  hd__json_enter(&json, '{');
  while (hd__json_more(&json, '}')) {
    hd__json_key(&json, &key);
    if (hd__json_is(key, "event")) {
      hd__json_string(&json, &event);
    } else if (hd__json_is(key, "seed")) {
      has_seed = hd__json_whole(&json, &seed);
    } else if (hd__json_is(key, "env_steps")) {
      hd__json_integer(&json, &env_steps);
    } else {
      hd__json_skip(&json);
    }
  }
  if (json.is_bad || event.at == NULL || !has_seed) {
    return false;
  }
  const bool is_result = hd__json_is(event, "result");
  *out = (hd__metrics_line){.seed = seed, .env_steps = is_result ? -1 : env_steps};
  return is_result || (hd__json_is(event, "evaluation") && env_steps >= 0);
}
