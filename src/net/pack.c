/* Weights as bits. */
#include "net.h"

void hd__net_pack(hd__net *net) {
  for (int l = 0; l < net->n_layers; l++) {
    hd__layer *layer = &net->layer[l];
    layer->is_packed = layer->plus != NULL &&
                       hd__boolean_pack(layer->in.n_x, layer->n_pad, net->weights + layer->in.at,
                                        layer->plus, layer->minus, &layer->packed);
  }
}

void hd__net_unpack(hd__net *net) {
  for (int l = 0; l < net->n_layers; l++) {
    net->layer[l].is_packed = false;
  }
}
