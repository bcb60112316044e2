#include "learner.h"

#include <math.h>

#include "schedule.h"

#define HD_LEARNER(name) extern const hd__learner_desc hd__learner_##name;
#include "learner_table.h"
#undef HD_LEARNER

static const hd__learner_desc *const learner_rows[] = {
#define HD_LEARNER(name) &hd__learner_##name,
#include "learner_table.h"
#undef HD_LEARNER
};

enum { LEARNER_ROWS = sizeof learner_rows / sizeof *learner_rows };

int hd__learner_desc_count(void) { return LEARNER_ROWS; }

const hd__learner_desc *hd__learner_desc_at(int index) { return learner_rows[index]; }

const hd__learner_desc *hd__learner_desc_of(const hd__settings *s) {
  int i = 0;
  while (i < LEARNER_ROWS && !learner_rows[i]->is_chosen(s)) {
    i++;
  }
  HD_ASSERT(i < LEARNER_ROWS);
  return learner_rows[i];
}

/* How far the last 100 episodes fell short of the best known policy, as a share of its lead over a
 * random one; 1 where no such scores are known. */
static float learner_regret(const hd__learner *learner) {
  const hd_env_desc *env = learner->env;
  const hd__counters *counters = learner->training->counters;
  const double share = (env->high_score - counters->recent) / (env->high_score - env->low_score);
  return counters->episodes == 0 || !isfinite(share) ? 1.0f : hd__clampf((float)share, 0, 1);
}

float hd__learner_annealed(const hd__learner *learner) {
  const hd__settings *s = learner->settings;
  const int64_t step = hd__training_steps(learner->training);
  const int64_t length = s->anneal_steps > 0 ? s->anneal_steps : s->steps;
  switch (s->anneal) {
    case hd__anneal_linear:
      return hd__linear(1.0, s->anneal_to, length, step);
    case hd__anneal_regret:
      return hd__maxf((float)s->anneal_to, learner_regret(learner));
    case hd__anneal_exponential:
      return hd__geometric(s->anneal_to, length, step);
    default:
      return 1.0f;
  }
}

hd_status hd__learner_has_no_policy(hd_ctx *ctx) {
  return hd__fail(ctx, HD_CONFLICT,
                  "only synapses that are agents have a policy to hand on; use search = "
                  "synapse-agent on both sides");
}

void hd__list_spikes(hd__arena *arena, float *spikes, int n_pad) {
  hd__arena_list(arena, "activity.spikes", "F32", 1, n_pad, spikes);
}

void hd__list_substeps(hd__arena *arena, double *substeps) {
  hd__arena_list(arena, "activity.substeps", "F64", 1, 1, substeps);
}

void hd__describe_layer(hd_stats *out, const char *name, int n, int n_pad, const float *live,
                        const float *spikes, double substeps) {
  double total = 0.0;
  int silent = 0, full = 0;
  for (int j = 0; j < n_pad; j++) {
    const bool is_live = live != NULL ? live[j] > 0 : j < n;
    total += (double)spikes[j];
    silent += is_live && spikes[j] == 0.0f;
    full += is_live && (double)spikes[j] == substeps;
  }
  const int l = out->n_layers++;
  out->layer[l].name = name;
  out->layer[l].n = n;
  if (substeps > 0) {
    out->layer[l].rate = total / (substeps * n);
    out->layer[l].silent = (double)silent / n;
    out->layer[l].full = (double)full / n;
  }
}
