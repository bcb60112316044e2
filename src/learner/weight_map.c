#include "weight_map.h"

_Static_assert(2 * (int)HD_MAX_PARTS + 1 <= (int)HD_SEARCH_LAYERS,
               "raise HD_SEARCH_LAYERS: a layer has its inputs and its own spikes, and a readout");

static void weight_map_add(hd__weight_map *map, hd__search_def *def, hd__span span, int n_pre,
                           int n_post, bool has_bias) {
  HD_ASSERT(map->n_spans < HD_SEARCH_LAYERS);
  map->span[map->n_spans++] = span;
  def->layer[def->n_layers++] =
      (hd__search_layer){.n_pre = n_pre, .n_post = n_post, .has_bias = has_bias};
}

static void weight_map_add_projection(const hd__net *net, int part, const hd__wiring *w, int n_post,
                                      int per_block, int block_stride, hd__weight_map *map,
                                      hd__search_def *def) {
  const size_t stride = (size_t)(w->is_rows ? w->n_post : w->x_stride);
  const size_t post = w->is_rows ? 1 : stride;
  const size_t block = w->is_rows ? (size_t)block_stride : (size_t)w->n_post * stride;
  weight_map_add(map, def,
                 (hd__span){.at = w->at,
                            .pre = w->is_rows ? stride : 1,
                            .post = post,
                            .block = block,
                            .per_block = per_block,
                            .part = part},
                 w->n_x, n_post, net->def.has_bias);
}

void hd__weight_map_find(const hd__net *net, hd__weight_map *map, hd__search_def *def) {
  map->n_spans = def->n_layers = 0;
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    weight_map_add_projection(net, l, &layer->in, layer->n, layer->per_block, layer->block_stride,
                              map, def);
    if (layer->self_n > 0) {
      weight_map_add(map, def,
                     (hd__span){.at = layer->self_at,
                                .pre = (size_t)layer->n_pad,
                                .post = 1,
                                .block = (size_t)layer->block_stride,
                                .per_block = layer->per_block,
                                .part = l,
                                .is_self = true},
                     net->def.self_taps, layer->n, false);
    }
  }
  if (net->has_linear) {
    const int A = net->def.n_actions;
    weight_map_add_projection(net, net->n_layers, &net->linear, A, A, 0, map, def);
  }
}

/* Where weight (i, j) of a span lies. */
static size_t weight_map_place(const hd__span *span, int i, int j) {
  return span->at + (size_t)i * span->pre + (size_t)(j / span->per_block) * span->block +
         (size_t)(j % span->per_block) * span->post;
}

void hd__weight_map_read(const hd__weight_map *map, const hd__search_def *def, const float *weights,
                         float *w) {
  for (int s = 0; s < map->n_spans; s++) {
    for (int i = 0; i < def->layer[s].n_pre; i++) {
      for (int j = 0; j < def->layer[s].n_post; j++) {
        *w++ = weights[weight_map_place(&map->span[s], i, j)];
      }
    }
  }
}

void hd__weight_map_write(const hd__weight_map *map, const hd__search_def *def, const float *w,
                          float *weights) {
  for (int s = 0; s < map->n_spans; s++) {
    for (int i = 0; i < def->layer[s].n_pre; i++) {
      for (int j = 0; j < def->layer[s].n_post; j++) {
        weights[weight_map_place(&map->span[s], i, j)] = *w++;
      }
    }
  }
}
