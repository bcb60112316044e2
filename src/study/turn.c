/* One learner's turn: train for a while, evaluate when it is due, write down what happened.
 *
 * Evaluations go into metrics.jsonl before the checkpoint that knows of them, so after a crash the
 * file may be ahead of the checkpoint, never behind. The learner then repeats what it did, to the
 * bit, and leaves out the lines that are there. */
#include <math.h>
#include <stdio.h>

#include "clock.h"
#include "metrics.h"
#include "session_internal.h"
#include "study_internal.h"

/* Between two looks at the clock a learner trains about so long, whatever a step of it costs. */
static const double chunk_s = 1e-3;

void hd__record_views(hd__record *record, hd_view view[HD_RECORD_COUNT]) {
  int n = 0;
#define RECORD_VIEW(field, type, start, dtype_)  \
  view[n++] = (hd_view){.name = "study." #field, \
                        .dtype = dtype_,         \
                        .n_dims = 1,             \
                        .shape = {1},            \
                        .data = &record->field};
  HD_RECORD_FIELDS(RECORD_VIEW)
#undef RECORD_VIEW
}

/* CPU seconds that went into a learner. */
static double work_s(const hd__seat *seat) {
  return seat->session->counters->cpu_s + seat->member->record.eval_cpu_s;
}

hd_status hd__seat_save(hd_study *study, hd__seat *seat) {
  if (!study->has_run || !seat->is_unsaved) {
    return HD_OK;
  }
  hd_view view[HD_RECORD_COUNT];
  hd__record_views(&seat->member->record, view);
  HD_TRY(hd__run_save(&seat->ctx, &study->run, seat->session, seat->member->seed,
                      (hd__luggage){view, HD_RECORD_COUNT}));
  seat->is_unsaved = false;
  seat->saved_at = work_s(seat);
  return HD_OK;
}

static hd_result result_of(const hd__seat *seat) {
  const hd__record *record = &seat->member->record;
  const hd_stats *stats = &seat->stats;
  return (hd_result){
      .seed = seat->member->seed,
      .done = record->done,
      .solved = record->solved,
      .relapsed = record->relapsed,
      .steps_to_threshold = record->solved ? record->first_steps : -1,
      .episodes_to_threshold = record->solved ? record->first_episodes : -1,
      .env_steps = stats->env_steps,
      .episodes = stats->episodes,
      .final_return = record->final_return,
      .best_return = record->best_return,
      .train_return = stats->recent,
      .cpu_s = stats->cpu_s,
      .eval_cpu_s = record->eval_cpu_s,
      .wall_s = record->wall_s,
      .hash = hd_session_hash(seat->session),
  };
}

void hd__seat_publish(hd_study *study, hd__seat *seat) {
  const hd_result result = result_of(seat);
  hd_stats shown = seat->stats;
  for (int l = 0; l < shown.n_layers; l++) {
    shown.layer[l].name = study->layer_name[l];
  }
  pthread_mutex_lock(&study->mutex);
  seat->member->result = result;
  seat->member->shown = shown;
  pthread_mutex_unlock(&study->mutex);
}

/* Train for about chunk_s, at most `most` steps, and correct the pace. */
static hd_status train_chunk(hd__seat *seat, int64_t most) {
  const double *cpu_s = &seat->session->counters->cpu_s, before = *cpu_s;
  HD_TRY(hd_session_train(seat->session, most < seat->pace ? most : seat->pace));
  const double took = *cpu_s - before;
  if (took > 2 * chunk_s && seat->pace > 1) {
    seat->pace /= 2;
  } else if (took < chunk_s / 2 && most >= seat->pace) {
    seat->pace *= 2;
  }
  return HD_OK;
}

/* Train up to the next evaluation, or until the turn is over. An episode takes at least a step, so
 * a budget of episodes is not overrun by taking as many steps as episodes are left. */
static hd_status train(hd_study *study, hd__seat *seat, double until) {
  const hd__protocol *protocol = &study->protocol;
  const hd__record *record = &seat->member->record;
  const int64_t target = hd__protocol_target(protocol, record);
  const hd__counters *counters = seat->session->counters;
  const int64_t B = seat->session->B;
  while (!hd__protocol_is_due(protocol, record, counters->steps * B, counters->episodes)) {
    const int64_t steps = target - counters->steps * B;
    const int64_t episodes = protocol->episodes - counters->episodes;
    HD_TRY(train_chunk(seat, protocol->episodes > 0 && episodes < steps ? episodes : steps));
    if (hd__clock_wall() >= until) {
      break;
    }
  }
  hd__session_peek(seat->session, &seat->stats);
  return HD_OK;
}

static hd_status evaluate(hd_study *study, hd__seat *seat) {
  hd__record *record = &seat->member->record;
  const double start = hd__session_cpu_s(seat->session);
  double mean;
  HD_TRY(hd_session_evaluate(seat->session, study->eval_episodes, (uint64_t)record->evaluations,
                             NULL, &mean));
  record->eval_cpu_s += hd__session_cpu_s(seat->session) - start;
  hd__session_count_reset(seat->session); /* rates are those of training, since the last time */
  hd__protocol_note(&study->protocol, record, seat->stats.env_steps, seat->stats.episodes, mean);
  return HD_OK;
}

static hd_status log_line(hd_study *study, hd__seat *seat, hd__sink *line) {
  HD_ASSERT(line->error == 0);
  return hd__run_append(&seat->ctx, &study->run, line->buffer, line->n_buffered);
}

static hd_status log_evaluation(hd_study *study, hd__seat *seat) {
  const hd__member *member = seat->member;
  hd__sink line;
  if (study->has_run && seat->stats.env_steps > member->logged_to) {
    hd__sink_init(&line, HD_SINK_MEMORY);
    hd__metrics_evaluation(&line, &seat->stats, &member->record);
    HD_TRY(log_line(study, seat, &line));
  }
  if (study->has_run && member->record.done && !member->is_result_logged) {
    const hd_result result = result_of(seat);
    hd__sink_init(&line, HD_SINK_MEMORY);
    hd__metrics_result(&line, &result);
    HD_TRY(log_line(study, seat, &line));
  }
  return HD_OK;
}

static hd_status turn(hd_study *study, hd__seat *seat) {
  hd__record *record = &seat->member->record;
  const double begin = hd__clock_wall();
  if (seat->started < 0) {
    seat->started = begin - record->wall_s;
    seat->saved_at = work_s(seat);
  }
  HD_TRY(train(study, seat, begin + study->turn_s));
  seat->is_unsaved = true;
  const bool is_due =
      hd__protocol_is_due(&study->protocol, record, seat->stats.env_steps, seat->stats.episodes);
  if (is_due) {
    HD_TRY(evaluate(study, seat));
  }
  record->wall_s = hd__clock_wall() - seat->started;
  if (is_due) {
    HD_TRY(log_evaluation(study, seat));
  }
  hd__seat_publish(study, seat);
  const bool is_old = work_s(seat) - seat->saved_at >= study->save_every_s;
  return record->done || is_old ? hd__seat_save(study, seat) : HD_OK;
}

/* Give a free seat to the next learner; false if there is none. */
static bool fill(hd_study *study, hd__seat *seat) {
  if (seat->member == NULL) {
    seat->member = hd__study_next(study);
    if (seat->member == NULL) {
      return false;
    }
    seat->started = -1;
    seat->status = hd__session_restart(seat->session, seat->member->seed);
  }
  return true;
}

bool hd__seat_advance(void *user, int index) {
  hd_study *study = user;
  hd__seat *seat = study->seat[index];
  if (seat->status != HD_OK || !fill(study, seat)) {
    return false;
  }
  if (seat->status == HD_OK) {
    seat->status = turn(study, seat);
  }
  if (seat->status != HD_OK) {
    pthread_mutex_lock(&study->mutex);
    study->is_failing = true;
    pthread_mutex_unlock(&study->mutex);
    return false;
  }
  if (seat->member->record.done) {
    seat->member = NULL;
  }
  return true;
}
