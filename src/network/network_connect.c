/* Which synapses a projection has, and their initial weights. Draws belong to a pair of neurons, so
 * that a weight does not depend on which other synapses there are. */
#include "network_internal.h"
#include "normal.h"

/* Draws of projection k for one of its sources: `which` 0 says who is joined, 1 how strongly. */
static hd__key network_connect_key(uint64_t seed, int k, int which, int source) {
  return hd__key_make(seed, HD_STREAM_INIT, (uint64_t)(2 * k + which), (uint64_t)source);
}

/* ---- which synapses ---- */

/* Targets of one source under a probability, written if there is room. Returns how many. */
static int64_t network_connect_draw(const hd_network_def *def, int k, int source, int n_post,
                                    int32_t *post) {
  const hd__key key = network_connect_key(def->seed, k, 0, source);
  int64_t n = 0;
  for (int32_t j = 0; j < n_post; j++) {
    if ((double)hd__uniform24(key, (uint32_t)j) < def->projection[k].probability) {
      if (post != NULL) {
        post[n] = j;
      }
      n++;
    }
  }
  return n;
}

int64_t hd__connect_count(const hd_network_def *def, int k, int n_pre, int n_post) {
  const hd_projection_def *projection = &def->projection[k];
  if (projection->connect != HD_CONNECT_RANDOM) {
    return projection->connect == HD_CONNECT_LIST ? projection->n_synapses : n_pre;
  }
  int64_t n = 0;
  for (int i = 0; i < n_pre; i++) {
    n += network_connect_draw(def, k, i, n_post, NULL);
  }
  return n;
}

/* Targets of one source, from `post` on; `at` synapses came before. Returns how many. */
static int64_t network_connect_source(const hd_network_def *def, int k, int source, int n_post,
                                      int64_t at, int32_t *post) {
  const hd_projection_def *projection = &def->projection[k];
  if (projection->connect == HD_CONNECT_RANDOM) {
    return network_connect_draw(def, k, source, n_post, post);
  }
  if (projection->connect == HD_CONNECT_ONE_TO_ONE) {
    *post = source;
    return 1;
  }
  int64_t n = 0;
  for (; at + n < projection->n_synapses && projection->synapse[at + n].pre == source; n++) {
    post[n] = projection->synapse[at + n].post;
  }
  return n;
}

void hd__connect_fill(const hd_network_def *def, int k, int n_pre, int n_post, int32_t *start,
                      int32_t *pre, int32_t *post) {
  int64_t at = 0;
  for (int32_t i = 0; i < n_pre; i++) {
    start[i] = (int32_t)at;
    for (int64_t n = network_connect_source(def, k, i, n_post, at, post + at); n > 0; n--) {
      pre[at++] = i;
    }
  }
  start[n_pre] = (int32_t)at;
}

/* ---- how strong ---- */

static float network_connect_weight(const hd_projection_def *projection, hd__key key, int j) {
  switch (projection->initial) {
    case HD_INITIAL_UNIFORM:
      return projection->a + (projection->b - projection->a) * hd__uniform24(key, (uint32_t)j);
    case HD_INITIAL_NORMAL:
      return projection->a + projection->b * hd__normalf(key, (uint32_t)j);
    default:
      return projection->a;
  }
}

void hd__connect_start(hd_network *network, const hd_network_def *def, int k) {
  const hd_projection_def *from = &def->projection[k];
  const hd__projection *projection = &network->projection[k];
  const bool is_list = projection->storage == HD_BY_LIST;
  const int n_post = network->population[projection->target].n;
  float *W = network->weights + projection->at;
  for (int i = 0; i < projection->n_pre; i++) {
    const hd__key key = network_connect_key(def->seed, k, 1, i);
    const int32_t first = is_list ? projection->start[i] : 0;
    const int32_t end = is_list ? projection->start[i + 1] : n_post;
    for (int32_t s = first; s < end; s++) {
      const size_t at = is_list ? (size_t)s : (size_t)i * (size_t)projection->stride + (size_t)s;
      W[at] = from->initial == HD_INITIAL_LIST
                  ? from->synapse[s].weight
                  : network_connect_weight(from, key, is_list ? projection->post[s] : s);
    }
  }
}
