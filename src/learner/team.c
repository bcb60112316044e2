#include "team.h"

#include "mathf.h"

hd__team_step hd__team_lay_out_step(const hd__team *team, hd__arena *arena) {
  return (hd__team_step){.x = HD_TAKE(arena, float, team->def.n_in + 1),
                         .kept = HD_TAKE(arena, float, team->n_kept),
                         .pi = HD_TAKE(arena, float, team->def.n_actions),
                         .value = HD_TAKE(arena, float, team->n_agents),
                         .local = HD_TAKE(arena, float, team->n_agents)};
}

void hd__team_softmax(int n, float *x) {
  float top = x[0], sum = 0.0f;
  for (int k = 1; k < n; k++) {
    top = x[k] > top ? x[k] : top;
  }
  for (int k = 0; k < n; k++) {
    x[k] = hd__expf(x[k] - top);
    sum += x[k];
  }
  for (int k = 0; k < n; k++) {
    x[k] /= sum;
  }
}

int hd__team_draw(int n, const float *p, float uniform) {
  int k = 0;
  for (float sum = p[0]; k < n - 1 && uniform >= sum; sum += p[k]) {
    k++;
  }
  return k;
}
