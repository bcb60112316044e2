#include "protocol.h"

#include <math.h>

hd__record hd__record_start(void) {
  return (hd__record){
#define RECORD_START(name, type, start, dtype) .name = start,
      HD_RECORD_FIELDS(RECORD_START)
#undef RECORD_START
  };
}

static int64_t protocol_least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Steps at which training ends. */
static int64_t protocol_limit(const hd__protocol *protocol, const hd__record *record) {
  if (!record->solved || protocol->overtrain <= 0) {
    return protocol->steps;
  }
  const double wanted = ceil(protocol->overtrain * (double)record->first_steps);
  return wanted < (double)protocol->steps ? (int64_t)wanted : protocol->steps;
}

int64_t hd__protocol_target(const hd__protocol *protocol, const hd__record *record) {
  const int64_t every = protocol->eval_every;
  return protocol_least((record->evaluated_at / every + 1) * every,
                        protocol_limit(protocol, record));
}

bool hd__protocol_is_over(const hd__protocol *protocol, const hd__record *record, int64_t steps,
                          int64_t episodes) {
  return steps >= protocol_limit(protocol, record) ||
         (protocol->episodes > 0 && episodes >= protocol->episodes);
}

bool hd__protocol_is_due(const hd__protocol *protocol, const hd__record *record, int64_t steps,
                         int64_t episodes) {
  return steps >= hd__protocol_target(protocol, record) ||
         hd__protocol_is_over(protocol, record, steps, episodes);
}

void hd__protocol_add_evaluation(const hd__protocol *protocol, hd__record *record, int64_t steps,
                                 int64_t episodes, double mean) {
  const bool is_pass = mean >= protocol->threshold;
  if (record->solved) {
    record->relapsed |= !is_pass;
  } else if (!is_pass) {
    record->passes = 0;
    record->first_steps = record->first_episodes = -1;
  } else {
    if (record->passes++ == 0) {
      record->first_steps = steps;
      record->first_episodes = episodes;
    }
    record->solved = record->passes == HD_PASSES;
  }
  record->evaluations++;
  record->evaluated_at = steps;
  record->final_return = mean;
  record->best_return = fmax(record->best_return, mean);
  record->done = hd__protocol_is_over(protocol, record, steps, episodes);
}
