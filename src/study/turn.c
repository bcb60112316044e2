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
static const double chunk_s = 2e-3;
/* Work before the first checkpoint: a unit of learning that is given up loses no more than this. */
static const double first_save_s = 0.05;

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
static double turn_work_s(const hd__slot *slot) {
  return slot->session->training.counters->cpu_s + slot->learner->record.eval_cpu_s;
}

hd_status hd__slot_save(hd_study *study, hd__slot *slot) {
  if (!study->has_run || !slot->is_unsaved) {
    return HD_OK;
  }
  hd_view view[HD_RECORD_COUNT];
  const double begin = hd__clock_wall();
  hd__record_views(&slot->learner->record, view);
  HD_TRY(hd__run_save(&slot->ctx, &study->run, slot->session, slot->learner->seed,
                      (hd__extra_views){view, HD_RECORD_COUNT}));
  slot->is_unsaved = false;
  slot->learner->has_checkpoint = true;
  slot->saved_at = turn_work_s(slot);
  slot->save_s = hd__clock_wall() - begin;
  return HD_OK;
}

bool hd__save_is_due(const hd__save_rule *rule, double unsaved_s) {
  if (!rule->has_checkpoint) {
    return unsaved_s >= fmin(rule->every_s, rule->first_s);
  }
  return unsaved_s >= (rule->every_s > 0 ? fmax(rule->every_s, 20 * rule->cost_s) : 0);
}

static bool turn_is_save_due(const hd_study *study, const hd__slot *slot) {
  const hd__save_rule rule = {.every_s = study->save_every_s,
                              .first_s = first_save_s,
                              .cost_s = slot->save_s,
                              .has_checkpoint = slot->learner->has_checkpoint};
  return hd__save_is_due(&rule, turn_work_s(slot) - slot->saved_at);
}

static hd_result turn_result_of(const hd__slot *slot, uint64_t hash) {
  const hd__record *record = &slot->learner->record;
  const hd_stats *stats = &slot->stats;
  return (hd_result){
      .seed = slot->learner->seed,
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
      .hash = hash,
  };
}

static void turn_publish(hd_study *study, hd__slot *slot, uint64_t hash, bool evaluating) {
  hd_result result = turn_result_of(slot, hash);
  result.evaluating = evaluating;
  hd_stats shown = slot->stats;
  for (int l = 0; l < shown.n_layers; l++) {
    shown.layer[l].name = study->layer_name[l];
  }
  pthread_mutex_lock(&study->mutex);
  slot->learner->result = result;
  slot->learner->shown = shown;
  pthread_mutex_unlock(&study->mutex);
}

void hd__slot_publish(hd_study *study, hd__slot *slot) {
  turn_publish(study, slot, hd_session_hash(slot->session), false);
}

/* Train for about chunk_s, at most `most` steps, and correct the pace. */
static hd_status turn_train_chunk(hd__slot *slot, int64_t most) {
  const double *cpu_s = &slot->session->training.counters->cpu_s, before = *cpu_s;
  HD_TRY(hd_session_train(slot->session, most < slot->pace ? most : slot->pace));
  const double took = *cpu_s - before;
  if (atomic_load(&slot->yield)) {
    slot->pace = 1; /* steps have become slow */
  } else if (took > 2 * chunk_s && slot->pace > 1) {
    slot->pace /= 2;
  } else if (took < chunk_s / 2 && most >= slot->pace) {
    slot->pace *= 2;
  }
  return HD_OK;
}

/* Train up to the next evaluation, or until the turn is over. An episode takes at least a step, so
 * a budget of episodes is not overrun by taking as many steps as episodes are left. */
static hd_status turn_train(hd_study *study, hd__slot *slot, double until) {
  const hd__protocol *protocol = &study->protocol;
  const hd__record *record = &slot->learner->record;
  const int64_t target = hd__protocol_target(protocol, record);
  const hd__counters *counters = slot->session->training.counters;
  const int64_t B = slot->session->training.B;
  while (!hd__protocol_is_due(protocol, record, counters->steps * B, counters->episodes)) {
    const int64_t steps = target - counters->steps * B;
    const int64_t episodes = protocol->episodes - counters->episodes;
    HD_TRY(turn_train_chunk(slot, protocol->episodes > 0 && episodes < steps ? episodes : steps));
    if (hd__clock_wall() >= until) {
      break;
    }
  }
  hd__session_read_stats(slot->session, &slot->stats);
  return HD_OK;
}

static hd_status turn_evaluate(hd_study *study, hd__slot *slot) {
  hd__record *record = &slot->learner->record;
  const double start = hd__session_cpu_s(slot->session);
  double mean;
  turn_publish(study, slot, slot->learner->result.hash, true);
  HD_TRY(hd_session_evaluate(slot->session, study->eval_episodes, (uint64_t)record->evaluations,
                             NULL, &mean));
  record->eval_cpu_s += hd__session_cpu_s(slot->session) - start;
  hd__session_count_reset(slot->session); /* rates are those of training, since the last time */
  hd__protocol_add_evaluation(&study->protocol, record, slot->stats.env_steps, slot->stats.episodes,
                              mean);
  return HD_OK;
}

static hd_status turn_log_line(hd_study *study, hd__slot *slot, hd__sink *line) {
  HD_ASSERT(line->error == 0);
  return hd__run_append(&slot->ctx, &study->run, line->buffer, line->n_buffered);
}

static hd_status turn_log_evaluation(hd_study *study, hd__slot *slot) {
  hd__study_learner *learner = slot->learner;
  hd__sink line;
  if (study->has_run && slot->stats.env_steps > learner->logged_to) {
    hd__sink_init(&line, HD_SINK_MEMORY);
    hd__metrics_evaluation(&line, &slot->stats, &learner->record);
    HD_TRY(turn_log_line(study, slot, &line));
    learner->is_result_logged = false; /* that of a shorter run */
  }
  if (study->has_run && learner->record.done && !learner->is_result_logged) {
    const hd_result result = turn_result_of(slot, hd_session_hash(slot->session));
    hd__sink_init(&line, HD_SINK_MEMORY);
    hd__metrics_result(&line, &result);
    HD_TRY(turn_log_line(study, slot, &line));
  }
  return HD_OK;
}

static hd_status turn(hd_study *study, hd__slot *slot) {
  hd__record *record = &slot->learner->record;
  const double begin = hd__clock_wall();
  atomic_store(&slot->yield, false);
  atomic_fetch_add(&slot->n_turns, 1);
  if (slot->started < 0) {
    slot->started = begin - record->wall_s;
    slot->saved_at = turn_work_s(slot);
  }
  HD_TRY(turn_train(study, slot, begin + study->turn_s));
  slot->is_unsaved = true;
  const bool is_due = /* an evaluation need not begin when the study is about to stop */
      !atomic_load(&study->pause) &&
      hd__protocol_is_due(&study->protocol, record, slot->stats.env_steps, slot->stats.episodes);
  if (is_due) {
    HD_TRY(turn_evaluate(study, slot));
  }
  record->wall_s = hd__clock_wall() - slot->started;
  if (is_due) {
    HD_TRY(turn_log_evaluation(study, slot));
  }
  if (is_due && study->evaluated != NULL) {
    const hd_result result = turn_result_of(slot, hd_session_hash(slot->session));
    study->evaluated(study->user, &result);
  }
  /* Weights may be a megabyte and a turn takes milliseconds: between evaluations nobody hashes. */
  turn_publish(study, slot, is_due ? hd_session_hash(slot->session) : slot->learner->result.hash,
               false);
  return record->done || turn_is_save_due(study, slot) ? hd__slot_save(study, slot) : HD_OK;
}

hd__study_learner *hd__study_next(hd_study *study) {
  hd__study_learner *found = NULL;
  pthread_mutex_lock(&study->mutex);
  while (found == NULL && study->next < study->n_learners) {
    hd__study_learner *learner = &study->learner[study->next++];
    found = learner->is_taken ? NULL : learner;
  }
  if (found != NULL) {
    found->is_taken = true;
  }
  pthread_mutex_unlock(&study->mutex);
  return found;
}

/* Give a free slot to the next learner; false if there is none. */
static bool turn_fill(hd_study *study, hd__slot *slot) {
  if (slot->learner == NULL) {
    slot->learner = hd__study_next(study);
    if (slot->learner == NULL) {
      return false;
    }
    slot->started = -1;
    slot->status = hd__session_restart(slot->session, slot->learner->seed);
  }
  return true;
}

bool hd__slot_advance(void *user, int index) {
  hd_study *study = user;
  hd__slot *slot = study->slot[index];
  if (slot->status != HD_OK || !turn_fill(study, slot)) {
    return false;
  }
  if (slot->status == HD_OK) {
    slot->status = turn(study, slot);
  }
  if (slot->status == HD_STOPPED) {
    return false;
  }
  if (slot->status != HD_OK) {
    pthread_mutex_lock(&study->mutex);
    study->is_failing = true;
    pthread_mutex_unlock(&study->mutex);
    return false;
  }
  if (slot->learner->record.done) {
    slot->learner = NULL;
  }
  return true;
}
