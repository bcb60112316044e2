/* One learner's turn: train for a while, evaluate when it is due, write down what happened.
 *
 * Evaluations go into metrics.jsonl before the checkpoint that knows of them, so after a crash the
 * file may be ahead of the checkpoint, never behind. The learner then repeats what it did, to the
 * bit, and leaves out the lines that are there. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "metrics.h"
#include "session_internal.h"
#include "study_internal.h"

/* Steps of one turn at most, so that stopping is quick. */
enum { SLICE_STEPS = 8192 };

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double hd__clock(void) { return seconds(CLOCK_MONOTONIC); }

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

hd_status hd__member_save(hd_study *study, hd__member *member) {
  if (!study->has_run || !member->is_unsaved) {
    return HD_OK;
  }
  hd_view view[HD_RECORD_COUNT];
  hd__record_views(&member->record, view);
  HD_TRY(hd__run_save(&member->ctx, &study->run, member->session, member->seed,
                      (hd__luggage){view, HD_RECORD_COUNT}));
  member->is_unsaved = false;
  member->saved_at = hd__clock();
  return HD_OK;
}

static hd_result result_of(const hd__member *member) {
  const hd__record *record = &member->record;
  const hd_stats *stats = &member->stats;
  return (hd_result){
      .seed = member->seed,
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
      .hash = hd_session_hash(member->session),
  };
}

void hd__member_publish(hd_study *study, hd__member *member) {
  const hd_result result = result_of(member);
  pthread_mutex_lock(&study->mutex);
  member->result = result;
  member->shown = member->stats;
  pthread_mutex_unlock(&study->mutex);
}

static int64_t steps_of(const hd_session *session) { return session->counters->steps * session->B; }

/* Train up to the next evaluation, or for one slice. An episode takes at least a step, so a budget
 * of episodes is not overrun by taking as many steps as episodes are left. */
static hd_status train(hd_study *study, hd__member *member) {
  const int64_t target = hd__protocol_target(&study->protocol, &member->record);
  const int64_t budget = study->protocol.episodes;
  const int64_t start = steps_of(member->session);
  int64_t steps = start, episodes = member->session->counters->episodes;
  while (!hd__protocol_is_due(&study->protocol, &member->record, steps, episodes) &&
         steps - start < SLICE_STEPS) {
    int64_t more = target - steps;
    more = more < SLICE_STEPS - (steps - start) ? more : SLICE_STEPS - (steps - start);
    more = budget > 0 && more > budget - episodes ? budget - episodes : more;
    HD_TRY(hd_session_train(member->session, more));
    steps = steps_of(member->session);
    episodes = member->session->counters->episodes;
  }
  hd_session_stats(member->session, &member->stats);
  return HD_OK;
}

static hd_status evaluate(hd_study *study, hd__member *member) {
  const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
  double mean;
  HD_TRY(hd_session_evaluate(member->session, study->eval_episodes,
                             (uint64_t)member->record.evaluations, NULL, &mean));
  member->record.eval_cpu_s += seconds(CLOCK_THREAD_CPUTIME_ID) - start;
  hd__protocol_note(&study->protocol, &member->record, member->stats.env_steps,
                    member->stats.episodes, mean);
  return HD_OK;
}

static hd_status log_line(hd_study *study, hd__member *member, hd__sink *line) {
  HD_ASSERT(line->error == 0);
  return hd__run_append(&member->ctx, &study->run, line->buffer, line->n_buffered);
}

static hd_status log_evaluation(hd_study *study, hd__member *member) {
  hd__sink line;
  if (study->has_run && member->stats.env_steps > member->logged_to) {
    hd__sink_init(&line, HD_SINK_MEMORY);
    hd__metrics_evaluation(&line, &member->stats, &member->record);
    HD_TRY(log_line(study, member, &line));
  }
  if (study->has_run && member->record.done && !member->is_result_logged) {
    const hd_result result = result_of(member);
    hd__sink_init(&line, HD_SINK_MEMORY);
    hd__metrics_result(&line, &result);
    HD_TRY(log_line(study, member, &line));
  }
  return HD_OK;
}

static hd_status advance(hd_study *study, hd__member *member) {
  if (member->started < 0) {
    member->started = hd__clock() - member->record.wall_s;
    member->saved_at = hd__clock();
  }
  HD_TRY(train(study, member));
  member->is_unsaved = true;
  if (hd__protocol_is_due(&study->protocol, &member->record, member->stats.env_steps,
                          member->stats.episodes)) {
    HD_TRY(evaluate(study, member));
    member->record.wall_s = hd__clock() - member->started;
    HD_TRY(log_evaluation(study, member));
  }
  member->record.wall_s = hd__clock() - member->started;
  hd__member_publish(study, member);
  if (member->record.done || hd__clock() - member->saved_at >= study->save_every_s) {
    HD_TRY(hd__member_save(study, member));
  }
  return HD_OK;
}

bool hd__member_advance(void *user, int index) {
  hd_study *study = user;
  hd__member *member = &study->member[index];
  if (member->record.done || member->status != HD_OK) {
    return false;
  }
  member->status = advance(study, member);
  if (member->status != HD_OK) {
    pthread_mutex_lock(&study->mutex);
    study->is_failing = true;
    pthread_mutex_unlock(&study->mutex);
    return false;
  }
  return !member->record.done;
}
