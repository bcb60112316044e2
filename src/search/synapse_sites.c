#include "synapse_sites.h"

enum { BLOCKS = 4 };

int hd__sites_places(const hd__search *search) {
  switch (search->def.agent.position) {
    case HD_POSITION_NONE:
    case HD_POSITION_CONTINUOUS:
      break;
    case HD_POSITION_LAYER:
      return search->def.n_layers;
    case HD_POSITION_COARSE:
      return search->def.n_layers * BLOCKS * BLOCKS;
    case HD_POSITION_FULL:
      return search->n;
  }
  return 1;
}

int hd__sites_policies(const hd__search *search) {
  switch (search->def.agent.sharing) {
    case HD_SHARING_ONE:
      break;
    case HD_SHARING_LAYER:
      return search->def.n_layers;
    case HD_SHARING_UNIT: {
      int units = 0;
      for (int l = 0; l < search->def.n_layers; l++) {
        units += search->def.layer[l].n_post;
      }
      return units;
    }
  }
  return 1;
}

/* i of n as a number in [-1,1]; 0 if there is only one. */
static float synapse_sites_spread(int i, int n) {
  return n > 1 ? 2.0f * (float)i / (float)(n - 1) - 1.0f : 0.0f;
}

void hd__sites_fill(const hd__search *search, int32_t *place, int32_t *policy, float *coordinate) {
  const hd__search_def *def = &search->def;
  const bool is_coarse = def->agent.position == HD_POSITION_COARSE;
  int k = 0, units = 0;
  for (int l = 0; l < def->n_layers; l++) {
    const int n_pre = def->layer[l].n_pre, n_post = def->layer[l].n_post;
    const int blocks_pre = is_coarse ? BLOCKS : n_pre, blocks_post = is_coarse ? BLOCKS : n_post;
    for (int i = 0; i < n_pre; i++) {
      for (int j = 0; j < n_post; j++, k++) {
        const int block_pre = i * blocks_pre / n_pre, block_post = j * blocks_post / n_post;
        const int32_t places[] = {
            [HD_POSITION_NONE] = 0,
            [HD_POSITION_LAYER] = l,
            [HD_POSITION_COARSE] = (l * BLOCKS + block_pre) * BLOCKS + block_post,
            [HD_POSITION_FULL] = k,
            [HD_POSITION_CONTINUOUS] = 0,
        };
        const int32_t policies[] = {
            [HD_SHARING_ONE] = 0, [HD_SHARING_LAYER] = l, [HD_SHARING_UNIT] = units + j};
        place[k] = places[def->agent.position];
        policy[k] = policies[def->agent.sharing];
        if (coordinate != NULL) {
          coordinate[k * HD_COORDINATES + 0] = synapse_sites_spread(l, def->n_layers);
          coordinate[k * HD_COORDINATES + 1] = synapse_sites_spread(block_pre, blocks_pre);
          coordinate[k * HD_COORDINATES + 2] = synapse_sites_spread(block_post, blocks_post);
        }
      }
    }
    units += n_post;
  }
}
